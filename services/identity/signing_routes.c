/*
 * signing_routes.c -- the security administrator's hand on the signing keys:
 * see them, publish another, let the next one sign, withdraw one.
 */
#include "identity.h"
#include "codes/codes.h"
#include "conf/conf.h"
#include "identity_sql.h"
#include "signing_keys.h"

#define KEYS_MOST	6	/* published at once; verifiers take 16 */

struct key_in {
	const char	*alg;
};

static int	signing_key_list(struct call *);
static int	signing_key_add(struct call *);
static int	signing_key_rotate(struct call *);
static int	signing_key_retire(struct call *);
static int	city_only(struct call *);

static const char *const algs[] = { "RS256", "ES256", NULL };

static const struct field key_in_fields[] = {
	FIELD_ENUM(key_in, alg, OPTIONAL, algs, "算法；不给则按设置"),
	FIELD_END
};

static const struct field key_page_fields[] = {
	FIELD_INT(page_in, limit, OPTIONAL, 1, 200, "每页条数"),
	FIELD_TEXT(page_in, cursor, OPTIONAL, 1, 500, "分页游标"),
	FIELD_END
};

static const struct shape key_shape[] = {
	{ .name = "kid", .type = SHAPE_T_TEXT, .help = "密钥标识（RFC 7638）" },
	{ .name = "alg", .type = SHAPE_T_TEXT, .codes = "signing_algs", .help = "算法" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "signing_key_states", .help = "状态" },
	{ .name = "published_at", .type = SHAPE_T_INSTANT, .help = "公布时间" },
	{ .name = "active_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "启用时间" },
	{ .name = "retired_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "停用时间" },
	SHAPE_END
};

static const struct shape kid_shape[] = {
	{ .name = "kid", .type = SHAPE_T_TEXT, .nullable = true, .help = "密钥标识" },
	SHAPE_END
};

#define ADMIN(n, m, p)	\
	.name = n, .method = m, .path = p, .callers = ROLE_SECURITY_ADMIN, .scope = SCOPE_AREA, \
	.lane = DB_SYSTEM

const struct route signing_routes[] = {
	{ ADMIN("signing_key_list", METHOD_GET, "/v1/identity/signing-keys"),
	  .action = "identity.signing_key.list", .query = INPUT(page_in, key_page_fields),
	  .list = true, .reply = key_shape, .handler = signing_key_list, .limit = LIMIT_READ,
	  .zh = "签名密钥", .en = "Signing keys" },
	{ ADMIN("signing_key_add", METHOD_POST, "/v1/identity/signing-keys"),
	  .action = "identity.signing_key.add", .body = INPUT(key_in, key_in_fields),
	  .reply = kid_shape, .handler = signing_key_add, .limit = LIMIT_WRITE, .key = KEY_NONE,
	  .zh = "公布新签名密钥", .en = "Publish another signing key" },
	{ ADMIN("signing_key_rotate", METHOD_POST, "/v1/identity/signing-keys/rotate"),
	  .action = "identity.signing_key.rotate", .reply = kid_shape, .success = 200,
	  .handler = signing_key_rotate, .limit = LIMIT_WRITE, .key = KEY_NONE,
	  .zh = "启用下一把签名密钥", .en = "Let the next key sign" },
	{ ADMIN("signing_key_retire", METHOD_POST,
	  "/v1/identity/signing-keys/{kid_name}/retire"),
	  .action = "identity.signing_key.retire", .reply = kid_shape, .success = 200,
	  .handler = signing_key_retire, .limit = LIMIT_WRITE, .key = KEY_NONE,
	  .zh = "撤下签名密钥", .en = "Withdraw a signing key" },
	ROUTE_END
};

static int
signing_key_list(struct call *c)
{
	const struct page_in	*q = c->query;
	struct db_rows		 rows;
	int			 said;

	if ((said = city_only(c)) != 0)
		return (said);
	if (sql_signing_key_list(c->db, &rows, q->cursor, q->limit + 1) == -1)
		return (call_failed(c));
	return (call_reply_list(c, &rows, q->limit));
}

static int
signing_key_add(struct call *c)
{
	const struct key_in	*in = c->body;
	struct db_rows		 rows;
	int			 said;

	if ((said = city_only(c)) != 0)
		return (said);
	if (sql_signing_keys(c->db, &rows, 0) == -1 || db_commit(c->db) == -1)
		return (call_failed(c));
	if (rows.count >= KEYS_MOST)
		return (call_reject(c, ERR_STATE, NULL));
	if (signing_key_draw(c->db, in->alg != NULL ? in->alg : conf_text(CONF_KEY_ALG),
	    "next") == -1)
		return (c->db->error != DB_OK ? call_failed(c) : call_reject(c, ERR_BUSY, NULL));
	(void)signing_keys_load();
	return (call_reply(c, 201, "{}"));
}

/* This process signs with it at once, the others within seconds. */
static int
signing_key_rotate(struct call *c)
{
	struct db_rows	 rows;
	const char	*kid;
	int		 said;

	if ((said = city_only(c)) != 0)
		return (said);
	if (sql_signing_rotate(c->db, &rows, conf_int(CONF_KEY_PUBLISH_S)) == -1)
		return (call_failed(c));
	if ((kid = db_text(&rows, 0, "kid")) == NULL)
		return (call_reject(c, ERR_KEY_UNPUBLISHED, NULL));
	if (db_commit(c->db) == -1)
		return (call_failed(c));
	(void)signing_keys_load();
	return (call_reply(c, 200, arena_printf(c->arena, "{\"kid\":\"%s\"}", kid)));
}

static int
signing_key_retire(struct call *c)
{
	struct db_rows	rows;
	int		said;

	if ((said = city_only(c)) != 0)
		return (said);
	if (sql_signing_withdraw(c->db, &rows, call_param(c, "kid_name")) == -1 ||
	    db_commit(c->db) == -1)
		return (call_failed(c));
	if (rows.count > 0)
		(void)signing_keys_load();
	return (call_reply_row(c, 200, &rows));
}

static int
city_only(struct call *c)
{
	return (call_in_area(c, AREA_CITY) ? 0 : call_reject(c, ERR_AREA, NULL));
}
