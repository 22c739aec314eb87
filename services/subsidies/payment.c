/*
 * payment.c -- batches for the bank: asked for from what may be paid, listed,
 * read, and taken further by others (payment_hands.c, payment_reply.c).
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

struct batch_in {
	const char	*policy_code;
	const char	*county_code;
};

struct batch_query {
	const char	*county_code;
	const char	*policy_code;
	const char	*state;
	bool		 overdue;
};

static int	payment_batch_build(struct call *);
static bool	batch_claims(struct call *, const struct batch_in *, struct claim_move *, int *);

static const char *const states[] = { "requested", "released", "signed", "sent", "answered",
    "taken_back", NULL };

static const struct field batch_in_fields[] = {
	FIELD_TEXT(batch_in, policy_code, REQUIRED, 2, 16, "政策代码"),
	FIELD_CHECK(batch_in, county_code, REQUIRED, check_county, "县区代码"),
	FIELD_END
};

static const struct field batch_query_fields[] = {
	FIELD_CHECK(batch_query, county_code, OPTIONAL, check_county, "县区代码"),
	FIELD_TEXT(batch_query, policy_code, OPTIONAL, 2, 16, "政策代码"),
	FIELD_ENUM(batch_query, state, OPTIONAL, states, "状态"),
	FIELD_BOOL(batch_query, overdue, OPTIONAL, "只看银行逾期未回盘的"),
	FIELD_END
};

static const struct field release_in_fields[] = {
	FIELD_TEXT(release_in, release_no, REQUIRED, 4, 40, "财政拨款单号"),
	FIELD_END
};

static const struct field take_back_in_fields[] = {
	FIELD_TEXT(take_back_in, reason, REQUIRED, 2, 200, "撤回原因"),
	FIELD_END
};

const struct shape batch_shape[] = { BATCH_ROWS, SHAPE_END };

static const struct shape batch_listed_shape[] = {
	BATCH_ROWS,
	{ .name = "waiting", .type = SHAPE_T_INT, .help = "未决笔数" },
	{ .name = "is_overdue", .type = SHAPE_T_BOOL, .help = "银行逾期未回盘" },
	SHAPE_END
};

static const struct shape payment_line_shape[] = {
	{ .name = "seq", .type = SHAPE_T_INT, .help = "序号" },
	{ .name = "pay_no", .type = SHAPE_T_TEXT, .help = "支付编号" },
	{ .name = "claim_id", .type = SHAPE_T_UUID, .help = "申领" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .nullable = true, .help = "人员" },
	{ .name = "account_masked", .type = SHAPE_T_TEXT, .help = "账号（脱敏）" },
	{ .name = "account_name", .type = SHAPE_T_TEXT, .help = "账户名称；个人的脱敏" },
	{ .name = "amount_cents", .type = SHAPE_T_INT, .help = "金额（分）" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "payment_line_states", .help = "状态" },
	{ .name = "resend_of", .type = SHAPE_T_TEXT, .nullable = true, .help = "此前的支付编号" },
	{ .name = "bank_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "银行代码" },
	{ .name = "bank_text", .type = SHAPE_T_TEXT, .nullable = true, .help = "银行说明" },
	{ .name = "paid_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "银行付款时间" },
	{ .name = "refunded_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "银行退汇时间" },
	SHAPE_END
};

static const struct shape download_shape[] = {
	{ .name = "kind", .type = SHAPE_T_TEXT, .help = "文件种类" },
	{ .name = "actor", .type = SHAPE_T_UUID, .nullable = true, .help = "下载人；空为系统送出" },
	{ .name = "at", .type = SHAPE_T_INSTANT, .help = "时间" },
	SHAPE_END
};

static const struct shape batch_full_shape[] = {
	BATCH_ROWS,
	{ .name = "purpose", .type = SHAPE_T_TEXT, .help = "用途" },
	{ .name = "signed_at", .type = SHAPE_T_LIST, .nullable = true, .help = "两人签批的时间" },
	{ .name = "downloads", .type = SHAPE_T_LIST, .nullable = true, .of = download_shape, .help = "谁取走过文件" },
	{ .name = "lines", .type = SHAPE_T_LIST, .of = payment_line_shape, .help = "明细" },
	SHAPE_END
};

#define BATCH_STEP(fn, path_, role, title, english)					\
	.name = "payment_batch_" #fn, .method = METHOD_POST,				\
	.path = "/v1/subsidies/payment-batches/{id}/" path_, .callers = role,		\
	.scope = SCOPE_AREA, .action = "subsidies.payment." #fn,			\
	.reply = batch_shape, .success = 200, .handler = payment_batch_##fn,		\
	.limit = LIMIT_WRITE, .key = KEY_REQUIRED, .zh = title, .en = english

const struct route payment_routes[] = {
	{ .name = "payment_batch_build", .method = METHOD_POST,
	  .path = "/v1/subsidies/payment-batches",
	  .callers = ROLE_FINANCE, .scope = SCOPE_AREA, .action = "subsidies.payment.build",
	  .body = INPUT(batch_in, batch_in_fields), .reply = batch_shape,
	  .handler = payment_batch_build, .emits = "subsidies.claim.moved.v1",
	  .limit = LIMIT_WRITE, .key = KEY_REQUIRED,
	  .zh = "编制支付批次，向财政申请拨款", .en = "Request the money for a payment batch" },
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
	  .limit = LIMIT_READ, .opens = OPENS_PERSON, .zh = "查看支付批次", .en = "Read a payment batch" },
	{ BATCH_STEP(release, "release", ROLE_FISCAL, "财政拨款", "Release the money of a batch"),
	  .body = INPUT(release_in, release_in_fields) },
	{ BATCH_STEP(sign, "sign", ROLE_FINANCE, "签批（须两人）", "Sign a batch, one of two") },
	{ BATCH_STEP(send, "send", ROLE_FINANCE, "送银行", "Send a batch to the bank") },
	{ BATCH_STEP(take_back, "take-back", ROLE_FINANCE, "撤回未送银行的批次",
	  "Take back a batch that was not sent"),
	  .body = INPUT(take_back_in, take_back_in_fields), .emits = "subsidies.claim.moved.v1" },
	{ .name = "payment_batch_file", .method = METHOD_GET,
	  .path = "/v1/subsidies/payment-batches/{id}/file",
	  .callers = ROLE_FINANCE, .scope = SCOPE_AREA, .action = "subsidies.payment.file",
	  .media = "text/csv", .handler = payment_batch_file, .limit = LIMIT_READ, .lane = DB_WRITE,
	  .opens = OPENS_UNNAMED, .zh = "下载银行代发文件", .en = "Download the file for the bank" },
	{ .name = "payment_batch_inquiry", .method = METHOD_GET,
	  .path = "/v1/subsidies/payment-batches/{id}/inquiry",
	  .callers = ROLE_FINANCE, .scope = SCOPE_AREA, .action = "subsidies.payment.inquiry",
	  .media = "text/csv", .handler = payment_batch_inquiry, .limit = LIMIT_READ, .lane = DB_WRITE,
	  .opens = OPENS_UNNAMED, .zh = "下载查询文件：未回盘的支付编号",
	  .en = "Download the question about payments without an answer" },
	{ .name = "payment_batch_reply", .method = METHOD_POST,
	  .path = "/v1/subsidies/payment-batches/{id}/reply",
	  .callers = ROLE_FINANCE, .scope = SCOPE_AREA, .action = "subsidies.payment.reply",
	  .raw_body = true, .reply = payment_reply_shape, .success = 200,
	  .handler = payment_batch_reply,
	  .emits = "subsidies.claim.paid.v1 subsidies.claim.moved.v1 subsidies.payment.returned.v1",
	  .limit = LIMIT_IMPORT, .zh = "导入银行回盘文件", .en = "Take in the bank's reply" },
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
	    BANK_LINES_MAX) == -1) {
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
