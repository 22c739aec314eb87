/*
 * recovery_settle.c -- money that comes in and goes back, what two officers
 * decide (核销, 撤销), handing on, other claims stopped; and the clock.
 *
 * Invariant: a bank reference is registered once; who registered too much does
 * not send it back; who proposes does not decide. All of it by the database.
 */
#include "recovery.h"

#include "codes/codes.h"
#include "subsidies_sql.h"

struct receipt_in {
	const char	*bank_ref;
	int64_t		 amount_cents;
	int32_t		 received_on;
};

struct refund_in {
	const char	*bank_ref;
	int32_t		 paid_on;
};

struct suggest_in {
	const char	*kind, *reason, *legal_basis;
};

struct judge_in {
	const char	*decision, *note;
};

struct refer_in {
	const char	*target, *document_no;
	int32_t		 referred_on;
};

struct freeze_in {
	struct uuid	 claim_id;
	const char	*basis;
};

struct unfreeze_in {
	struct uuid	 claim_id;
};

struct frozen_query {
	const char	*county_code;
};

static int	recovery_receive(struct call *);
static int	recovery_refund_pay(struct call *);
static int	recovery_refer(struct call *);

static const char *const kinds[] = { "write_off", "reversal", NULL };
static const char *const judgements[] = { "approved", "refused", NULL };
static const char *const targets[] = { "credit", "police", NULL };

static const struct field receipt_in_fields[] = {
	FIELD_TEXT(receipt_in, bank_ref, REQUIRED, 4, 40, "银行流水号"),
	FIELD_INT(receipt_in, amount_cents, REQUIRED, 1, RECOVERY_MOST_CENTS, "到账金额（分）"),
	FIELD_DAY(receipt_in, received_on, REQUIRED, "到账日期"),
	FIELD_END
};

static const struct field refund_in_fields[] = {
	FIELD_TEXT(refund_in, bank_ref, REQUIRED, 4, 40, "银行流水号"),
	FIELD_DAY(refund_in, paid_on, REQUIRED, "退还日期"),
	FIELD_END
};

static const struct field suggest_in_fields[] = {
	FIELD_ENUM(suggest_in, kind, REQUIRED, kinds, "核销余款、撤销追缴"),
	FIELD_TEXT(suggest_in, reason, REQUIRED, 2, 500, "理由"),
	FIELD_TEXT(suggest_in, legal_basis, REQUIRED, 2, 500, "依据"),
	FIELD_END
};

static const struct field judge_in_fields[] = {
	FIELD_ENUM(judge_in, decision, REQUIRED, judgements, "同意、不同意"),
	FIELD_TEXT(judge_in, note, OPTIONAL, 1, 500, "意见"),
	FIELD_END
};

static const struct field refer_in_fields[] = {
	FIELD_ENUM(refer_in, target, REQUIRED, targets, "信用主管部门、公安机关"),
	FIELD_TEXT(refer_in, document_no, REQUIRED, 2, 60, "移送文号"),
	FIELD_DAY(refer_in, referred_on, REQUIRED, "移送日期"),
	FIELD_END
};

static const struct field freeze_in_fields[] = {
	FIELD_UUID(freeze_in, claim_id, REQUIRED, "同一收款人的另一笔申领"),
	FIELD_TEXT(freeze_in, basis, REQUIRED, 2, 200, "依据"),
	FIELD_END
};

static const struct field unfreeze_in_fields[] = {
	FIELD_UUID(unfreeze_in, claim_id, REQUIRED, "暂停的申领"),
	FIELD_END
};

static const struct field frozen_query_fields[] = {
	FIELD_CHECK(frozen_query, county_code, OPTIONAL, check_county, "县区代码"),
	FIELD_END
};

static const struct shape frozen_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "申领" },
	{ .name = "claim_id", .type = SHAPE_T_UUID, .help = "申领" },
	{ .name = "recovery_id", .type = SHAPE_T_UUID, .help = "追缴" },
	{ .name = "policy_code", .type = SHAPE_T_TEXT, .help = "政策代码" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .nullable = true, .help = "人员" },
	{ .name = "person_name", .type = SHAPE_T_TEXT, .nullable = true, .help = "姓名（脱敏）" },
	{ .name = "payee_id", .type = SHAPE_T_UUID, .help = "收款人" },
	{ .name = "amount_cents", .type = SHAPE_T_INT, .nullable = true, .help = "金额（分）" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" },
	{ .name = "resume_state", .type = SHAPE_T_TEXT, .codes = "claim_states", .nullable = true,
	  .help = "暂停前的状态" },
	{ .name = "basis", .type = SHAPE_T_TEXT, .help = "依据" },
	{ .name = "frozen_at", .type = SHAPE_T_INSTANT, .help = "暂停时间" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	SHAPE_END
};

#define MOVE(route, verb, role, act)							\
	.name = route, .method = METHOD_POST, .path = "/v1/subsidies/recoveries/{id}/" verb,	\
	.callers = role, .scope = SCOPE_AREA, .action = "subsidies.recovery." act,		\
	.success = 200, .limit = LIMIT_WRITE, .key = KEY_REQUIRED

const struct route recovery_settle_routes[] = {
	{ MOVE("recovery_receive", "receipts", ROLE_FINANCE, "receive"),
	  .body = INPUT(receipt_in, receipt_in_fields), .reply = recovery_shape,
	  .handler = recovery_receive, .emits = RECOVERY_MOVED,
	  .zh = "登记缴款", .en = "Register money that came back" },
	{ .name = "recovery_refund_pay", .method = METHOD_POST,
	  .path = "/v1/subsidies/recovery-receipts/{id}/refund",
	  .callers = ROLE_FINANCE, .scope = SCOPE_AREA, .action = "subsidies.recovery.refund",
	  .body = INPUT(refund_in, refund_in_fields), .reply = recovery_shape, .success = 200,
	  .handler = recovery_refund_pay, .emits = RECOVERY_MOVED, .limit = LIMIT_WRITE,
	  .key = KEY_REQUIRED, .zh = "退还多缴的款项", .en = "Send back what was too much" },
	{ MOVE("recovery_suggest", "proposals", ROLE_RECHECK | ROLE_APPROVE | ROLE_AUDIT, "suggest"),
	  .body = INPUT(suggest_in, suggest_in_fields), .reply = recovery_proposal_shape,
	  .stmt = &stmt_recovery_suggest, .emits = RECOVERY_MOVED,
	  .zh = "提议核销或撤销追缴", .en = "Propose to write off or to reverse" },
	{ .name = "recovery_proposal_decide", .method = METHOD_POST,
	  .path = "/v1/subsidies/recovery-proposals/{id}/decide",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "subsidies.recovery.judge",
	  .body = INPUT(judge_in, judge_in_fields), .reply = recovery_proposal_shape,
	  .success = 200, .stmt = &stmt_recovery_proposal_decide,
	  .emits = RECOVERY_MOVED " subsidies.claim.found.v1 subsidies.claim.moved.v1",
	  .limit = LIMIT_WRITE, .key = KEY_REQUIRED,
	  .zh = "决定核销或撤销", .en = "Decide what another officer proposed" },
	{ MOVE("recovery_refer", "referrals", ROLE_APPROVE, "refer"),
	  .body = INPUT(refer_in, refer_in_fields), .reply = recovery_shape,
	  .handler = recovery_refer, .emits = RECOVERY_MOVED,
	  .zh = "登记移送信用或公安", .en = "Write down that it was handed on" },
	{ MOVE("recovery_freeze", "freezes", ROLE_APPROVE, "freeze"),
	  .body = INPUT(freeze_in, freeze_in_fields), .reply = recovery_shape,
	  .stmt = &stmt_recovery_freeze, .emits = RECOVERY_MOVED " subsidies.claim.moved.v1",
	  .zh = "暂停收款人的另一笔补贴", .en = "Stop another claim of the payee" },
	{ MOVE("recovery_unfreeze", "unfreeze", ROLE_APPROVE, "unfreeze"),
	  .body = INPUT(unfreeze_in, unfreeze_in_fields), .reply = recovery_shape,
	  .stmt = &stmt_recovery_unfreeze, .emits = RECOVERY_MOVED " subsidies.claim.moved.v1",
	  .zh = "恢复暂停的补贴", .en = "Let a stopped claim go on" },
	{ .name = "recovery_frozen_list", .method = METHOD_GET, .path = "/v1/subsidies/frozen-claims",
	  .callers = ROLE_RECOVERY, .scope = SCOPE_AREA, .action = "subsidies.recovery.frozen",
	  .query = INPUT(frozen_query, frozen_query_fields), .list = true, .reply = frozen_shape,
	  .stmt = &stmt_recovery_frozen_list, .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "因追缴暂停的补贴", .en = "Claims stopped by recoveries" },
	ROUTE_END
};

static int
recovery_receive(struct call *c)
{
	const struct receipt_in	*in = c->body;
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;

	if (in->received_on > clock_today())
		return (call_reject(c, ERR_F_DATE_FUTURE, "/received_on"));
	if (sql_recovery_receive(c->db, &rows, &c->id, &id, in->bank_ref, in->amount_cents,
	    in->received_on) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
recovery_refund_pay(struct call *c)
{
	const struct refund_in	*in = c->body;
	struct db_rows		 rows;

	if (in->paid_on > clock_today())
		return (call_reject(c, ERR_F_DATE_FUTURE, "/paid_on"));
	if (sql_recovery_refund_pay(c->db, &rows, &c->id, in->bank_ref, in->paid_on) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
recovery_refer(struct call *c)
{
	const struct refer_in	*in = c->body;
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;

	if (in->referred_on > clock_today())
		return (call_reject(c, ERR_F_DATE_FUTURE, "/referred_on"));
	if (sql_recovery_refer(c->db, &rows, &c->id, &id, in->target, in->document_no,
	    in->referred_on) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

/* Reminds of each day that passed, once. */
void
recovery_clock(void)
{
	db_alone(&stmt_recovery_clock);
}
