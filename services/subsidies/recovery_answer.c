/*
 * recovery_answer.c -- what the payee says to a notice, and what is answered:
 * acknowledged, appealed, paid in parts, kept back from another payment.
 *
 * Invariant: an appeal is decided by somebody who had no hand in the recovery;
 * a plan's parts sum to what is left (recovery_plan.h).
 */
#include "recovery.h"

#include "recovery_plan.h"
#include "subsidies_sql.h"

#define PLAN_TEXT	8192

struct appeal_in {
	const char	*content;
};

struct decide_in {
	const char	*decision;
	int64_t		 owed_cents;
	const char	*answer;
};

struct appeal_query {
	const char	*county_code, *state;
	bool		 is_late;
};

struct plan_row {
	int32_t		 due_on;
	int64_t		 amount_cents;
};

struct plan_in {
	struct list_of	 instalments;
};

struct plan_decide_in {
	const char	*decision, *note;
};

struct plan_end_in {
	const char	*note;
};

struct offset_in {
	struct uuid	 claim_id;
	int64_t		 amount_cents;
	const char	*basis_text;
};

static int	recovery_appeal(struct call *);
static int	recovery_decide(struct call *);
static int	recovery_plan_propose(struct call *);
static int	plan_refused(struct call *, enum plan_fault, size_t);
static const char *plan_text(struct call *, const struct plan_line *, size_t);
static int	recovery_offset(struct call *);
static int	recovery_offset_apply(struct call *);

static const char *const answers[] = { "upheld", "reduced", "dismissed", NULL };
static const char *const appeal_states[] = { "open", "upheld", "reduced", "dismissed", NULL };
static const char *const plan_answers[] = { "agreed", "refused", NULL };

static const struct field appeal_in_fields[] = {
	FIELD_TEXT(appeal_in, content, REQUIRED, 5, 2000, "申诉理由"),
	FIELD_END
};

static const struct field decide_in_fields[] = {
	FIELD_ENUM(decide_in, decision, REQUIRED, answers, "成立、部分成立、不成立"),
	FIELD_INT(decide_in, owed_cents, OPTIONAL, 1, RECOVERY_MOST_CENTS, "部分成立时依规应享受（分）"),
	FIELD_TEXT(decide_in, answer, REQUIRED, 2, 1000, "答复"),
	FIELD_END
};

static const struct field appeal_query_fields[] = {
	FIELD_TEXT(appeal_query, county_code, OPTIONAL, 6, 6, "县区代码"),
	FIELD_ENUM(appeal_query, state, OPTIONAL, appeal_states, "状态"),
	FIELD_BOOL(appeal_query, is_late, OPTIONAL, "逾期未答复"),
	FIELD_END
};

static const struct field plan_row_fields[] = {
	FIELD_DAY(plan_row, due_on, REQUIRED, "缴款日"),
	FIELD_INT(plan_row, amount_cents, REQUIRED, 1, RECOVERY_MOST_CENTS, "金额（分）"),
	FIELD_END
};

static const struct field plan_in_fields[] = {
	FIELD_LIST(plan_in, instalments, REQUIRED, 1, PLAN_LINES, plan_row, plan_row_fields,
	    "各期，按日期先后，合计等于尚欠金额"),
	FIELD_END
};

static const struct field plan_decide_in_fields[] = {
	FIELD_ENUM(plan_decide_in, decision, REQUIRED, plan_answers, "同意、不同意"),
	FIELD_TEXT(plan_decide_in, note, OPTIONAL, 1, 500, "意见"),
	FIELD_END
};

static const struct field plan_end_in_fields[] = {
	FIELD_TEXT(plan_end_in, note, REQUIRED, 1, 500, "原因"),
	FIELD_END
};

static const struct field offset_in_fields[] = {
	FIELD_UUID(offset_in, claim_id, REQUIRED, "同一收款人的另一笔申领"),
	FIELD_INT(offset_in, amount_cents, OPTIONAL, 1, RECOVERY_MOST_CENTS, "金额（分）；不填则尽可能多"),
	FIELD_TEXT(offset_in, basis_text, REQUIRED, 2, 500, "依据：同意书或法律条款"),
	FIELD_END
};

#define MOVE(route, verb, role, area, act)						\
	.name = route, .method = METHOD_POST, .path = "/v1/subsidies/recoveries/{id}/" verb,	\
	.callers = role, .scope = area, .action = "subsidies.recovery." act,			\
	.emits = RECOVERY_MOVED, .limit = LIMIT_WRITE

const struct route recovery_answer_routes[] = {
	{ MOVE("recovery_acknowledge", "acknowledge", ROLE_PAYEES, SCOPE_CALLER, "acknowledge"),
	  .right = RIGHT_CLAIM, .reply = recovery_shape, .success = 200,
	  .stmt = &stmt_recovery_acknowledge, .zh = "确认收到追缴通知", .en = "Acknowledge the notice" },
	{ MOVE("recovery_appeal", "appeal", ROLE_PAYEES, SCOPE_CALLER, "appeal"),
	  .right = RIGHT_CLAIM, .body = INPUT(appeal_in, appeal_in_fields),
	  .reply = recovery_appeal_shape, .handler = recovery_appeal, .key = KEY_REQUIRED,
	  .matter = "SU-20", .zh = "对追缴提出申诉", .en = "Appeal against a recovery" },
	{ MOVE("recovery_decide", "appeal/decide", ROLE_RECHECK | ROLE_APPROVE, SCOPE_AREA, "decide"),
	  .body = INPUT(decide_in, decide_in_fields), .reply = recovery_shape, .success = 200,
	  .handler = recovery_decide, .key = KEY_REQUIRED,
	  .zh = "答复追缴申诉", .en = "Decide an appeal" },
	{ .name = "recovery_appeal_list", .method = METHOD_GET,
	  .path = "/v1/subsidies/recovery-appeals", .callers = ROLE_RECOVERY, .scope = SCOPE_AREA,
	  .action = "subsidies.recovery.appeals", .query = INPUT(appeal_query, appeal_query_fields),
	  .list = true, .reply = recovery_appeal_shape, .stmt = &stmt_recovery_appeal_list,
	  .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "辖区内的追缴申诉", .en = "List appeals of the area" },
	{ MOVE("recovery_plan_propose", "plan", ROLE_PAYEES, SCOPE_CALLER, "plan"),
	  .right = RIGHT_CLAIM, .body = INPUT(plan_in, plan_in_fields),
	  .reply = recovery_plan_shape, .handler = recovery_plan_propose, .key = KEY_REQUIRED,
	  .matter = "SU-21", .zh = "申请分期缴还", .en = "Ask to pay back in parts" },
	{ MOVE("recovery_plan_decide", "plan/decide", ROLE_RECHECK | ROLE_APPROVE, SCOPE_AREA, "plan_decide"),
	  .body = INPUT(plan_decide_in, plan_decide_in_fields), .reply = recovery_shape,
	  .success = 200, .stmt = &stmt_recovery_plan_decide, .key = KEY_REQUIRED,
	  .zh = "答复分期缴还申请", .en = "Agree to a plan or refuse it" },
	{ MOVE("recovery_plan_end", "plan/end", ROLE_RECHECK | ROLE_APPROVE, SCOPE_AREA, "plan_end"),
	  .body = INPUT(plan_end_in, plan_end_in_fields), .reply = recovery_shape, .success = 200,
	  .stmt = &stmt_recovery_plan_end, .key = KEY_REQUIRED,
	  .zh = "终止未履行的分期计划", .en = "End a plan that was not kept" },
	{ MOVE("recovery_offset_consent", "offsets", ROLE_PAYEES, SCOPE_CALLER, "offset_consent"),
	  .right = RIGHT_ACCOUNT, .body = INPUT(offset_in, offset_in_fields),
	  .reply = recovery_offset_shape, .handler = recovery_offset, .key = KEY_REQUIRED,
	  .matter = "SU-22", .zh = "同意从后续补贴中抵扣", .en = "Consent to an offset" },
	{ MOVE("recovery_offset_order", "offset-orders", ROLE_APPROVE, SCOPE_AREA, "offset_order"),
	  .body = INPUT(offset_in, offset_in_fields), .reply = recovery_offset_shape,
	  .handler = recovery_offset, .key = KEY_REQUIRED,
	  .zh = "依法从后续补贴中抵扣", .en = "Order an offset on its legal basis" },
	{ .name = "recovery_offset_apply", .method = METHOD_POST,
	  .path = "/v1/subsidies/recovery-offsets/{id}/apply",
	  .callers = ROLE_FINANCE, .scope = SCOPE_AREA, .action = "subsidies.recovery.offset_apply",
	  .reply = recovery_offset_shape, .success = 200, .handler = recovery_offset_apply,
	  .emits = RECOVERY_MOVED " subsidies.claim.moved.v1 subsidies.claim.paid.v1",
	  .limit = LIMIT_WRITE, .key = KEY_REQUIRED,
	  .zh = "全额抵扣，不经银行", .en = "Pay a claim wholly by its offset" },
	{ .name = "recovery_offset_release", .method = METHOD_POST,
	  .path = "/v1/subsidies/recovery-offsets/{id}/release",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "subsidies.recovery.offset_release",
	  .body = INPUT(plan_end_in, plan_end_in_fields), .reply = recovery_offset_shape,
	  .success = 200, .stmt = &stmt_recovery_offset_release, .emits = RECOVERY_MOVED,
	  .limit = LIMIT_WRITE, .zh = "取消抵扣", .en = "Give up an offset" },
	ROUTE_END
};

static int
recovery_appeal(struct call *c)
{
	const struct appeal_in	*in = c->body;
	struct recovery_days	 days;
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;
	int			 said;

	if (!recovery_days(c, &days, &said))
		return (said);
	if (sql_recovery_appeal(c->db, &rows, &c->id, &id, in->content, days.answer_by) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

/* Partly right: then what is due to the payee is said, and nothing else tells it. */
static int
recovery_decide(struct call *c)
{
	const struct decide_in	*in = c->body;
	const int64_t		*owed = in->owed_cents != 0 ? &in->owed_cents : NULL;
	struct recovery_days	 days;
	struct db_rows		 rows;
	int			 said;

	if ((strcmp(in->decision, "reduced") == 0) != (owed != NULL))
		return (call_reject(c, owed == NULL ? ERR_F_MISSING : ERR_F_UNKNOWN, "/owed_cents"));
	if (!recovery_days(c, &days, &said))
		return (said);
	if (sql_recovery_decide(c->db, &rows, &c->id, in->decision, owed, in->answer,
	    days.pay_by) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

/* The sum is held against what is left in the statement, under the row's lock. */
static int
recovery_plan_propose(struct call *c)
{
	const struct plan_in	*in = c->body;
	const struct plan_row	*row = in->instalments.items;
	struct plan_line	 lines[PLAN_LINES];
	struct uuid		 id = uuid_new();
	enum plan_fault		 fault;
	struct db_rows		 rows;
	int64_t			 sum = 0;
	size_t			 i, n = in->instalments.count, at;

	for (i = 0; i < n; i++) {
		lines[i] = (struct plan_line){ row[i].due_on, row[i].amount_cents };
		sum += row[i].amount_cents;
	}
	if ((fault = plan_check(lines, n, sum, clock_today(), &at)) != PLAN_SOUND)
		return (plan_refused(c, fault, at));
	if (sql_recovery_plan_propose(c->db, &rows, &c->id, &id, plan_text(c, lines, n)) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
plan_refused(struct call *c, enum plan_fault fault, size_t at)
{
	if (fault == PLAN_PAST || fault == PLAN_ORDER)
		return (call_reject(c, ERR_F_DATE_ORDER,
		    arena_printf(c->arena, "/instalments/%zu/due_on", at)));
	return (call_reject(c, ERR_SUBSIDIES_PLAN_SUM, "/instalments"));
}

static const char *
plan_text(struct call *c, const struct plan_line *lines, size_t n)
{
	char		 day[DAY_TEXT];
	struct json_out	 out;
	struct buf	 b;
	char		*text;
	size_t		 i;

	buf_init(&b, PLAN_TEXT);
	json_out_init(&out, &b);
	json_open_list(&out, NULL);
	for (i = 0; i < n; i++) {
		json_open(&out, NULL);
		json_put_text(&out, "due_on", day_format(lines[i].due_on, day));
		json_put_int(&out, "amount_cents", lines[i].amount_cents);
		json_close(&out);
	}
	json_close_list(&out);
	text = arena_strdup(c->arena, buf_cstr(&b));
	buf_release(&b);
	return (text);
}

/* The payee agrees, or an officer names the law. */
static int
recovery_offset(struct call *c)
{
	const struct offset_in	*in = c->body;
	bool			 consent = strcmp(c->route->name, "recovery_offset_consent") == 0;
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;

	if (sql_recovery_offset_add(c->db, &rows, &c->id, &id, &in->claim_id,
	    in->amount_cents != 0 ? &in->amount_cents : NULL, consent ? "consent" : "legal",
	    in->basis_text) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

/* Nothing is left for the bank to pay; the receipt comes by the claim's trigger. */
static int
recovery_offset_apply(struct call *c)
{
	struct claim_move	m = { .count = 1, .from = "{public,payable}", .to = "paid",
	    .step = "offset_paid", .hand = "pay", .funds = "paid" };
	struct db_rows		rows;
	int			said;

	if (sql_recovery_offset_whole(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (!db_bool(&rows, 0, "whole") || !db_bool(&rows, 0, "ready"))
		return (call_reject(c, ERR_STATE, NULL));
	m.ids = db_text(&rows, 0, "ids");
	if (!claims_move(c, &m, &said))
		return (said);
	if (sql_recovery_offset_paid(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}
