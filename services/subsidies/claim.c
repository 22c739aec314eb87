/*
 * claim.c -- claims as their claimant and the officers see them, and the
 * claimant's part: confirm with an account, decline, withdraw, take up again
 * what lapsed unanswered. Claimants are persons and employers alike.
 *
 * Invariant: confirming reserves the amount; a claim that is confirmed has
 * money set aside for it. What ends before its approval gives it back.
 */
#include "subsidies.h"

#include "claim_account.h"
#include "claim_shape.h"
#include "codes/codes.h"
#include "http/reply_out.h"
#include "subsidies_sql.h"

#define BULK_MAX	500
#define CLAIMANTS	ROLE_PAYEES

struct claim_query {
	const char	*policy_code;
	const char	*county_code;
	const char	*state;
	const char	*mode;
	struct uuid	 org_id;
};

struct account_bulk_in {
	const char	*account_no;
	const char	*account_name;
	const char	*policy_code;
};

struct decline_in {
	const char	*reason;
};

static int	claim_confirm(struct call *);
static int	claim_confirm_all(struct call *);
static int	claim_decline(struct call *);
static int	claim_withdraw(struct call *);
static int	claim_reopen(struct call *);
static int	claim_end(struct call *, struct claim_move *);

static const char *const states[] = { "found", "drafted", "notified", "applied", "confirmed",
    "declined", "waived", "first_reviewed", "rechecked", "approved", "public", "payable",
    "batched", "paid", "returned", "rejected", "suspended", NULL };
static const char *const modes[] = { "auto", "direct", "apply", "round", NULL };

static const struct field claim_query_fields[] = {
	FIELD_TEXT(claim_query, policy_code, OPTIONAL, 2, 16, "政策代码"),
	FIELD_CHECK(claim_query, county_code, OPTIONAL, check_county, "县区代码"),
	FIELD_ENUM(claim_query, state, OPTIONAL, states, "状态"),
	FIELD_ENUM(claim_query, mode, OPTIONAL, modes, "办理方式"),
	FIELD_UUID(claim_query, org_id, OPTIONAL, "用人单位"),
	FIELD_END
};

static const struct field account_bulk_in_fields[] = {
	FIELD_CHECK(account_bulk_in, account_no, REQUIRED, check_account, "收款账号"),
	FIELD_TEXT(account_bulk_in, account_name, REQUIRED, 2, 80, "账户名称"),
	FIELD_TEXT(account_bulk_in, policy_code, OPTIONAL, 2, 16, "只确认此项政策"),
	FIELD_END
};

static const struct field decline_in_fields[] = {
	FIELD_TEXT(decline_in, reason, REQUIRED, 1, 200, "原因"),
	FIELD_END
};

const struct shape claim_shape[] = {
	CLAIM_SHAPE_ROWS,
	SHAPE_END
};

static const struct shape claim_step_shape[] = {
	{ .name = "step", .type = SHAPE_T_TEXT, .help = "步骤" },
	{ .name = "from_state", .type = SHAPE_T_TEXT, .nullable = true, .help = "原状态" },
	{ .name = "to_state", .type = SHAPE_T_TEXT, .help = "新状态" },
	{ .name = "actor", .type = SHAPE_T_UUID, .nullable = true, .help = "办理人；空为系统" },
	{ .name = "hand", .type = SHAPE_T_TEXT, .nullable = true, .help = "岗位" },
	{ .name = "on_behalf_of", .type = SHAPE_T_UUID, .nullable = true, .help = "受何人委托" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "意见" },
	{ .name = "at", .type = SHAPE_T_INSTANT, .help = "时间" },
	SHAPE_END
};

const struct shape claim_full_shape[] = {
	CLAIM_SHAPE_ROWS,
	{ .name = "steps", .type = SHAPE_T_LIST, .of = claim_step_shape, .help = "办理过程" },
	{ .name = "assisted_by", .type = SHAPE_T_UUID, .nullable = true, .help = "窗口帮办的工作人员" },
	{ .name = "open_objections", .type = SHAPE_T_INT, .help = "未处理的异议" },
	SHAPE_END
};

static const struct shape confirmed_shape[] = {
	{ .name = "confirmed", .type = SHAPE_T_INT, .help = "本次确认" },
	{ .name = "more", .type = SHAPE_T_BOOL, .help = "还有待确认的" },
	SHAPE_END
};

const struct route claim_routes[] = {
	{ .name = "claim_list", .method = METHOD_GET, .path = "/v1/subsidies/claims",
	  .callers = ROLE_CASE_OFFICERS | ROLE_PAYEES, .scope = SCOPE_CALLER,
	  .action = "subsidies.claim.list",
	  .query = INPUT(claim_query, claim_query_fields), .list = true, .reply = claim_shape,
	  .stmt = &stmt_claim_list, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON,
	  .zh = "补贴申领列表（本人、本单位或辖区）", .en = "List claims of the caller or its area" },
	{ .name = "claim_get", .method = METHOD_GET, .path = "/v1/subsidies/claims/{id}",
	  .callers = ROLE_CASE_OFFICERS | ROLE_PAYEES, .scope = SCOPE_CALLER,
	  .action = "subsidies.claim.get", .reply = claim_full_shape,
	  .stmt = &stmt_claim_get, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON, .zh = "查看申领及办理过程", .en = "Read a claim with its steps" },
	{ .name = "claim_confirm", .method = METHOD_POST, .path = "/v1/subsidies/claims/{id}/confirm",
	  .callers = CLAIMANTS, .scope = SCOPE_CALLER, .right = RIGHT_CLAIM,
	  .action = "subsidies.claim.confirm",
	  .body = INPUT(account_in, account_in_fields), .reply = claim_full_shape, .success = 200,
	  .handler = claim_confirm, .emits = "subsidies.claim.moved.v1", .limit = LIMIT_WRITE,
	  .key = KEY_REQUIRED,
	  .matter = "SU-01", .zh = "确认收款账户，接受补贴", .en = "Confirm the account and accept" },
	{ .name = "claim_confirm_all", .method = METHOD_POST, .path = "/v1/subsidies/claims/confirm",
	  .callers = CLAIMANTS, .scope = SCOPE_CALLER, .right = RIGHT_CLAIM,
	  .action = "subsidies.claim.confirm",
	  .body = INPUT(account_bulk_in, account_bulk_in_fields), .reply = confirmed_shape,
	  .success = 200, .handler = claim_confirm_all, .emits = "subsidies.claim.moved.v1",
	  .limit = LIMIT_WRITE, .key = KEY_REQUIRED,
	  .zh = "确认本人、本单位全部待确认补贴", .en = "Confirm all of the caller's open claims" },
	{ .name = "claim_decline", .method = METHOD_POST, .path = "/v1/subsidies/claims/{id}/decline",
	  .callers = CLAIMANTS, .scope = SCOPE_CALLER, .right = RIGHT_CLAIM,
	  .action = "subsidies.claim.decline",
	  .body = INPUT(decline_in, decline_in_fields), .reply = claim_full_shape, .success = 200,
	  .handler = claim_decline, .emits = "subsidies.claim.moved.v1", .limit = LIMIT_WRITE,
	  .zh = "放弃补贴", .en = "Decline" },
	{ .name = "claim_withdraw", .method = METHOD_POST, .path = "/v1/subsidies/claims/{id}/withdraw",
	  .callers = CLAIMANTS, .scope = SCOPE_CALLER, .right = RIGHT_CLAIM,
	  .action = "subsidies.claim.confirm",
	  .body = INPUT(decline_in, decline_in_fields), .reply = claim_full_shape, .success = 200,
	  .handler = claim_withdraw, .emits = "subsidies.claim.moved.v1", .limit = LIMIT_WRITE,
	  .key = KEY_REQUIRED,
	  .matter = "SU-12", .zh = "撤回申领（审批前）", .en = "Withdraw before the approval" },
	{ .name = "claim_reopen", .method = METHOD_POST, .path = "/v1/subsidies/claims/{id}/reopen",
	  .callers = CLAIMANTS | ROLE_CLERK, .scope = SCOPE_CALLER, .right = RIGHT_CLAIM,
	  .action = "subsidies.claim.reopen", .reply = claim_full_shape, .success = 200,
	  .handler = claim_reopen, .emits = "subsidies.claim.moved.v1", .limit = LIMIT_WRITE,
	  .zh = "恢复逾期未答复的补贴", .en = "Take up again what lapsed unanswered" },
	ROUTE_END
};

/* The caller's own, notified claim; a claim without a set amount is refused. */
static int
claim_confirm(struct call *c)
{
	const struct account_in	*in = c->body;
	struct claim_move	 m = { .ids = claim_one(c), .count = 1, .from = "{notified}",
	    .to = "confirmed", .step = "confirm", .hand = "confirm", .funds = "reserved" };
	struct db_rows		 mine;
	int			 said;

	if (!claim_own(c, &mine, &said) ||
	    !account_put(c, &m, "{found,notified}", in->account_no, in->account_name, &said) ||
	    !claims_move(c, &m, &said))
		return (said);
	return (claim_reply(c, 200));
}

/* Up to BULK_MAX at a time, all or none. */
static int
claim_confirm_all(struct call *c)
{
	const struct account_bulk_in	*in = c->body;
	struct claim_move		 m = { .count = 0, .from = "{notified}", .to = "confirmed",
	    .step = "confirm", .hand = "confirm", .funds = "reserved" };
	struct reply_out		 out;
	struct db_rows			 rows;
	int				 said;

	if (sql_claims_notified(c->db, &rows, in->policy_code, BULK_MAX) == -1)
		return (call_failed(c));
	m.ids = db_text(&rows, 0, "ids");
	m.count = db_int(&rows, 0, "picked");
	if (m.count > 0 && (!account_put(c, &m, m.from, in->account_no, in->account_name, &said) ||
	    !claims_move(c, &m, &said)))
		return (said);
	reply_open(&out);
	json_put_int(&out.json, "confirmed", m.count);
	json_put_bool(&out.json, "more", m.count == BULK_MAX);
	return (reply_close(c, 200, &out));
}

static int
claim_decline(struct call *c)
{
	struct claim_move	 m = { .from = "{found,notified}", .to = "declined",
	    .step = "decline" };

	return (claim_end(c, &m));
}

/* Until it is approved: afterwards the money is promised, and is paid or recovered. */
static int
claim_withdraw(struct call *c)
{
	struct claim_move	 m = { .from = "{applied,confirmed,first_reviewed,rechecked}",
	    .to = "declined", .step = "withdraw", .funds = "available" };

	return (claim_end(c, &m));
}

/* The claimant's own word ends it. */
static int
claim_end(struct call *c, struct claim_move *m)
{
	const struct decline_in	*in = c->body;
	struct db_rows		 mine;
	int			 said;

	m->ids = claim_one(c);
	m->count = 1;
	m->note = in->reason;
	if (!claim_own(c, &mine, &said) || !claims_move(c, m, &said))
		return (said);
	return (claim_reply(c, 200));
}

/* While the policy runs, and nobody else has taken the share meanwhile. */
static int
claim_reopen(struct call *c)
{
	struct claim_move	 m = { .ids = claim_one(c), .count = 1, .from = "{waived}",
	    .to = "notified", .step = "reopen" };
	struct db_rows		 rows;
	int			 said;

	if (sql_claim_lapsed(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (!db_bool(&rows, 0, "runs"))
		return (call_reject(c, ERR_SUBSIDIES_OVER, NULL));
	if (db_bool(&rows, 0, "taken"))
		return (call_reject(c, ERR_SUBSIDIES_TWICE, NULL));
	if (!claims_move(c, &m, &said))
		return (said);
	return (claim_reply(c, 200));
}

const char *
claim_one(struct call *c)
{
	char	text[UUID_TEXT];

	return (arena_printf(c->arena, "{%s}", uuid_format(&c->id, text)));
}

int
claim_reply(struct call *c, int status)
{
	struct db_rows	rows;

	if (sql_claim_get(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	return (call_reply_row(c, status, &rows));
}
