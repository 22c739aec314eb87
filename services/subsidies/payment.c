/*
 * payment.c -- batches for the bank: built from what may be paid, sent, read.
 *
 * Invariant: a claim enters a batch only after its notice is over without an
 * open objection, and has at most one line under way or paid. The payer is
 * none of the four who confirmed, reviewed, rechecked and approved.
 */
#include "subsidies.h"

#include "codes/codes.h"
#include "payment.h"
#include "policy.h"
#include "subsidies_sql.h"

#define BATCH_CLAIMS	1000

struct batch_in {
	const char	*policy_code;
	const char	*county_code;
};

struct batch_query {
	const char	*county_code;
	const char	*state;
};

static int	payment_batch_build(struct call *);
static int	payment_batch_send(struct call *);
static bool	batch_claims(struct call *, const struct batch_in *, struct claim_move *, int *);

static const char *const states[] = { "built", "sent", "answered", NULL };

static const struct field batch_in_fields[] = {
	FIELD_TEXT(batch_in, policy_code, REQUIRED, 2, 16, "政策代码"),
	FIELD_CHECK(batch_in, county_code, REQUIRED, check_county, "县区代码"),
	FIELD_END
};

static const struct field batch_query_fields[] = {
	FIELD_CHECK(batch_query, county_code, OPTIONAL, check_county, "县区代码"),
	FIELD_ENUM(batch_query, state, OPTIONAL, states, "状态"),
	FIELD_END
};

#define BATCH_ROWS \
	{ .name = "id", .type = SHAPE_T_UUID, .help = "批次" }, \
	{ .name = "batch_no", .type = SHAPE_T_TEXT, .help = "批次编号" }, \
	{ .name = "policy_code", .type = SHAPE_T_TEXT, .help = "政策代码" }, \
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" }, \
	{ .name = "line_count", .type = SHAPE_T_INT, .help = "笔数" }, \
	{ .name = "total_cents", .type = SHAPE_T_INT, .help = "合计（分）" }, \
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" }, \
	{ .name = "state", .type = SHAPE_T_TEXT, .help = "状态" }

#define BATCH_TIMES \
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "生成时间" }, \
	{ .name = "sent_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "送出时间" }, \
	{ .name = "answered_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "回盘时间" }

static const struct shape batch_shape[] = { BATCH_ROWS, SHAPE_END };
static const struct shape batch_listed_shape[] = { BATCH_ROWS, BATCH_TIMES, SHAPE_END };

static const struct shape payment_line_shape[] = {
	{ .name = "seq", .type = SHAPE_T_INT, .help = "序号" },
	{ .name = "pay_no", .type = SHAPE_T_TEXT, .help = "支付编号" },
	{ .name = "claim_id", .type = SHAPE_T_UUID, .help = "申领" },
	{ .name = "account_masked", .type = SHAPE_T_TEXT, .help = "账号（脱敏）" },
	{ .name = "account_name", .type = SHAPE_T_TEXT, .help = "账户名称" },
	{ .name = "amount_cents", .type = SHAPE_T_INT, .help = "金额（分）" },
	{ .name = "state", .type = SHAPE_T_TEXT, .help = "状态" },
	{ .name = "bank_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "银行代码" },
	{ .name = "bank_text", .type = SHAPE_T_TEXT, .nullable = true, .help = "银行说明" },
	SHAPE_END
};

static const struct shape batch_full_shape[] = {
	BATCH_ROWS, BATCH_TIMES,
	{ .name = "purpose", .type = SHAPE_T_TEXT, .help = "用途" },
	{ .name = "lines", .type = SHAPE_T_LIST, .of = payment_line_shape, .help = "明细" },
	SHAPE_END
};

static const struct shape batch_sent_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "批次" },
	{ .name = "batch_no", .type = SHAPE_T_TEXT, .help = "批次编号" },
	{ .name = "state", .type = SHAPE_T_TEXT, .help = "状态" },
	{ .name = "sent_at", .type = SHAPE_T_INSTANT, .help = "送出时间" },
	SHAPE_END
};

const struct route payment_routes[] = {
	{ .name = "payment_batch_build", .method = METHOD_POST,
	  .path = "/v1/subsidies/payment-batches",
	  .callers = ROLE_FINANCE, .scope = SCOPE_AREA, .action = "subsidies.payment.build",
	  .body = INPUT(batch_in, batch_in_fields), .reply = batch_shape,
	  .handler = payment_batch_build, .emits = "subsidies.claim.moved.v1",
	  .limit = LIMIT_WRITE, .key = KEY_REQUIRED,
	  .zh = "生成支付批次", .en = "Build a payment batch" },
	{ .name = "payment_batch_list", .method = METHOD_GET,
	  .path = "/v1/subsidies/payment-batches",
	  .callers = ROLE_FINANCE | ROLE_AUDIT | ROLE_FISCAL, .scope = SCOPE_AREA,
	  .action = "subsidies.payment.list", .query = INPUT(batch_query, batch_query_fields),
	  .list = true, .reply = batch_listed_shape, .stmt = &stmt_batch_list,
	  .limit = LIMIT_READ, .zh = "支付批次", .en = "List payment batches" },
	{ .name = "payment_batch_get", .method = METHOD_GET,
	  .path = "/v1/subsidies/payment-batches/{id}",
	  .callers = ROLE_FINANCE | ROLE_AUDIT, .scope = SCOPE_AREA,
	  .action = "subsidies.payment.get", .reply = batch_full_shape, .stmt = &stmt_batch_get,
	  .limit = LIMIT_READ, .opens = OPENS_UNNAMED, .zh = "查看支付批次", .en = "Read a payment batch" },
	{ .name = "payment_batch_file", .method = METHOD_GET,
	  .path = "/v1/subsidies/payment-batches/{id}/file",
	  .callers = ROLE_FINANCE, .scope = SCOPE_AREA, .action = "subsidies.payment.file",
	  .media = "text/csv", .handler = payment_batch_file, .limit = LIMIT_READ,
	  .opens = OPENS_UNNAMED, .zh = "下载银行代发文件", .en = "Download the file for the bank" },
	{ .name = "payment_batch_send", .method = METHOD_POST,
	  .path = "/v1/subsidies/payment-batches/{id}/send",
	  .callers = ROLE_FINANCE, .scope = SCOPE_AREA, .action = "subsidies.payment.send",
	  .reply = batch_sent_shape, .success = 200, .handler = payment_batch_send,
	  .limit = LIMIT_WRITE, .key = KEY_REQUIRED,
	  .zh = "登记已送银行", .en = "Mark a batch as sent" },
	{ .name = "payment_batch_reply", .method = METHOD_POST,
	  .path = "/v1/subsidies/payment-batches/{id}/reply",
	  .callers = ROLE_FINANCE, .scope = SCOPE_AREA, .action = "subsidies.payment.reply",
	  .raw_body = true, .reply = payment_reply_shape, .success = 200,
	  .handler = payment_batch_reply,
	  .emits = "subsidies.claim.paid.v1 subsidies.claim.moved.v1", .limit = LIMIT_IMPORT,
	  .zh = "导入银行回盘文件", .en = "Take in the bank's reply" },
	ROUTE_END
};

static int
payment_batch_build(struct call *c)
{
	const struct batch_in	*in = c->body;
	struct claim_move	 m = { .from = "{public,payable}", .to = "batched",
	    .step = "batch", .hand = "pay" };
	struct uuid		 id = uuid_new(), version;
	const struct policy	*p = NULL;
	struct db_rows		 rows;
	int			 said;

	if (!call_in_area(c, in->county_code))
		return (call_reject(c, ERR_AREA, "/county_code"));
	if (sql_policy_newest(c->db, &rows, in->policy_code) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	version = db_uuid(&rows, 0, "id");
	if (policy_load(c->db, &version, &p) == -1)
		return (call_failed(c));
	if (p == NULL)
		return (call_reject(c, ERR_INTERNAL, NULL));
	if (!batch_claims(c, in, &m, &said) || !claims_move(c, &m, &said))
		return (said);
	if (sql_batch_add(c->db, &rows, &id, m.ids, in->policy_code, in->county_code,
	    p->title) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

/* Nothing ready: because notices still run, or because there is nothing. */
static bool
batch_claims(struct call *c, const struct batch_in *in, struct claim_move *m, int *said)
{
	struct db_rows	rows;

	if (sql_claims_payable(c->db, &rows, in->policy_code, in->county_code,
	    BATCH_CLAIMS) == -1) {
		*said = call_failed(c);
		return (false);
	}
	m->ids = db_text(&rows, 0, "ids");
	m->count = db_int(&rows, 0, "ready");
	if (m->count > 0)
		return (true);
	*said = call_reject(c, db_int(&rows, 0, "running") > 0 ? ERR_SUBSIDIES_NOTICE : ERR_STATE,
	    NULL);
	return (false);
}

static int
payment_batch_send(struct call *c)
{
	struct db_rows	hold, rows;

	if (sql_batch_hold(c->db, &hold, &c->id) == -1)
		return (call_failed(c));
	if (hold.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (sql_batch_send(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	return (rows.count == 0 ? call_reject(c, ERR_STATE, NULL) : call_reply_row(c, 200, &rows));
}
