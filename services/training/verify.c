/*
 * verify.c -- certificates checked by anybody who has the number, and the QR
 * code that leads to the answer.
 *
 * Invariant: a wrong check character never reaches the database, the image is
 * made of the number alone and says nothing about whether it exists, and few
 * numbers a minute are answered to one address (LIMIT_LOOKUP).
 */
#include "conf/conf.h"
#include "training.h"
#include "training_sql.h"
#include "verify_number.h"
#include "verify_qr.h"

#define SVG_BYTES	65536
#define VERIFY_PATH	"/v1/training/certificate-checks/"

static int	certificate_verify(struct call *);
static int	certificate_qr(struct call *);

static const struct shape verified_shape[] = {
	{ .name = "number", .type = SHAPE_T_TEXT, .help = "证书编号" },
	{ .name = "state", .type = SHAPE_T_TEXT, .help = "有效或已撤销" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "持证人姓名（隐去）" },
	{ .name = "occupation_code", .type = SHAPE_T_TEXT, .help = "职业代码" },
	{ .name = "level", .type = SHAPE_T_INT, .help = "技能等级" },
	{ .name = "issued_on", .type = SHAPE_T_DAY, .help = "发证日期" },
	{ .name = "revoked_on", .type = SHAPE_T_DAY, .nullable = true, .help = "撤销日期" },
	{ .name = "issuer", .type = SHAPE_T_TEXT, .help = "发证机构" },
	SHAPE_END
};

const struct route verify_routes[] = {
	{ .name = "certificate_verify", .method = METHOD_GET,
	  .path = "/v1/training/certificate-checks/{certificate_no}",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "training.certificate.verify",
	  .reply = verified_shape, .handler = certificate_verify, .limit = LIMIT_LOOKUP,
	  .opens = OPENS_UNNAMED, .zh = "核验证书", .en = "Check a certificate by its number" },
	{ .name = "certificate_qr", .method = METHOD_GET,
	  .path = "/v1/training/certificate-checks/{certificate_no}/qr",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "training.certificate.qr",
	  .media = "image/svg+xml", .handler = certificate_qr, .limit = LIMIT_READ,
	  .zh = "证书核验二维码", .en = "The QR code of a certificate's check" },
	ROUTE_END
};

static int
certificate_verify(struct call *c)
{
	const char	*no = call_param(c, "certificate_no");
	struct db_rows	 rows;

	if (!certificate_no_ok(no))
		return (call_reject(c, ERR_TRAINING_NO_FORM, NULL));
	if (sql_certificate_verify(c->db, &rows, no) == -1)
		return (call_failed(c));
	if (rows.count == 0 || db_null(&rows, 0, "reply"))
		return (call_reject(c, ERR_TRAINING_NO_CERTIFICATE, NULL));
	return (call_reply_row(c, 200, &rows));
}

static int
certificate_qr(struct call *c)
{
	const char	*no = call_param(c, "certificate_no");
	struct buf	 svg;
	int		 rc;

	if (!certificate_no_ok(no))
		return (call_reject(c, ERR_TRAINING_NO_FORM, NULL));
	buf_init(&svg, SVG_BYTES);
	if (qr_svg(&svg, arena_printf(c->arena, "%s" VERIFY_PATH "%s", conf_text(CONF_PUBLIC_URL), no)) == -1)
		rc = call_reject(c, ERR_INTERNAL, NULL);
	else
		rc = call_reply_bytes(c, 200, c->route->media, arena_strndup(c->arena, svg.data, svg.len), svg.len);
	buf_release(&svg);
	return (rc);
}
