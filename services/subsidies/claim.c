/*
 * claim.c -- claims as their employer, their person and the officers see
 * them, and the employer's part: confirm with an account, decline, correct
 * the account after the bank returned the money.
 *
 * Invariant: confirming reserves the amount; a claim that is confirmed has
 * money set aside for it. Accounts are sealed before they reach the database.
 */
#include "subsidies.h"

#include "claim_shape.h"
#include "codes/codes.h"
#include "crypt/crypt.h"
#include "subsidies_sql.h"

#define BULK_MAX	500

struct claim_query {
	const char	*policy_code;
	const char	*county_code;
	const char	*state;
	struct uuid	 org_id;
};

struct account_in {
	const char	*account_no;
	const char	*account_name;
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
static int	claim_account(struct call *);
static int	claim_decline(struct call *);
static bool	account_put(struct call *, const struct claim_move *, const char *, const char *,
		    const char *, int *);
static const char *one_id(struct call *);
static int	reply_claim(struct call *);

static const char *const states[] = { "found", "notified", "confirmed", "declined",
    "first_reviewed", "rechecked", "approved", "public", "payable", "batched", "paid",
    "returned", "rejected", "suspended", NULL };

static const struct field claim_query_fields[] = {
	FIELD_TEXT(claim_query, policy_code, OPTIONAL, 2, 16, "政策代码"),
	FIELD_CHECK(claim_query, county_code, OPTIONAL, check_county, "县区代码"),
	FIELD_ENUM(claim_query, state, OPTIONAL, states, "状态"),
	FIELD_UUID(claim_query, org_id, OPTIONAL, "用人单位"),
	FIELD_END
};

static const struct field account_in_fields[] = {
	FIELD_CHECK(account_in, account_no, REQUIRED, check_account, "收款账号"),
	FIELD_TEXT(account_in, account_name, REQUIRED, 2, 80, "账户名称"),
	FIELD_END
};

static const struct field account_bulk_in_fields[] = {
	FIELD_CHECK(account_bulk_in, account_no, REQUIRED, check_account, "收款账号"),
	FIELD_TEXT(account_bulk_in, account_name, REQUIRED, 2, 80, "账户名称"),
	FIELD_TEXT(account_bulk_in, policy_code, OPTIONAL, 2, 16, "只确认此项政策"),
	FIELD_END
};

static const struct field decline_in_fields[] = {
	FIELD_TEXT(decline_in, reason, REQUIRED, 1, 200, "放弃原因"),
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

static const struct shape claim_full_shape[] = {
	CLAIM_SHAPE_ROWS,
	{ .name = "steps", .type = SHAPE_T_LIST, .of = claim_step_shape, .help = "办理过程" },
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
	  .callers = ROLE_CASE_OFFICERS | ROLE_EMPLOYER | ROLE_PERSON, .scope = SCOPE_CALLER,
	  .action = "subsidies.claim.list",
	  .query = INPUT(claim_query, claim_query_fields), .list = true, .reply = claim_shape,
	  .stmt = &stmt_claim_list, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON,
	  .zh = "补贴申领列表（本人、本单位或辖区）", .en = "List claims of the caller or its area" },
	{ .name = "claim_get", .method = METHOD_GET, .path = "/v1/subsidies/claims/{id}",
	  .callers = ROLE_CASE_OFFICERS | ROLE_EMPLOYER | ROLE_PERSON, .scope = SCOPE_CALLER,
	  .action = "subsidies.claim.get", .reply = claim_full_shape,
	  .stmt = &stmt_claim_get, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON, .zh = "查看申领及办理过程", .en = "Read a claim with its steps" },
	{ .name = "claim_confirm", .method = METHOD_POST, .path = "/v1/subsidies/claims/{id}/confirm",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .right = RIGHT_CLAIM,
	  .action = "subsidies.claim.confirm",
	  .body = INPUT(account_in, account_in_fields), .reply = claim_full_shape, .success = 200,
	  .handler = claim_confirm, .emits = "subsidies.claim.moved.v1", .limit = LIMIT_WRITE,
	  .key = KEY_REQUIRED,
	  .matter = "SU-01", .zh = "确认收款账户，接受补贴", .en = "Confirm the account and accept" },
	{ .name = "claim_confirm_all", .method = METHOD_POST, .path = "/v1/subsidies/claims/confirm",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .right = RIGHT_CLAIM,
	  .action = "subsidies.claim.confirm",
	  .body = INPUT(account_bulk_in, account_bulk_in_fields), .reply = confirmed_shape,
	  .success = 200, .handler = claim_confirm_all, .emits = "subsidies.claim.moved.v1",
	  .limit = LIMIT_WRITE, .key = KEY_REQUIRED,
	  .zh = "确认本单位全部待确认补贴", .en = "Confirm all of the employer's open claims" },
	{ .name = "claim_account", .method = METHOD_POST, .path = "/v1/subsidies/claims/{id}/account",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .right = RIGHT_ACCOUNT,
	  .action = "subsidies.claim.confirm",
	  .body = INPUT(account_in, account_in_fields), .reply = claim_full_shape, .success = 200,
	  .handler = claim_account, .emits = "subsidies.claim.moved.v1", .limit = LIMIT_WRITE,
	  .key = KEY_REQUIRED,
	  .zh = "退票后更正收款账户", .en = "Correct the account after a returned payment" },
	{ .name = "claim_decline", .method = METHOD_POST, .path = "/v1/subsidies/claims/{id}/decline",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .right = RIGHT_CLAIM,
	  .action = "subsidies.claim.decline",
	  .body = INPUT(decline_in, decline_in_fields), .reply = claim_full_shape, .success = 200,
	  .handler = claim_decline, .emits = "subsidies.claim.moved.v1", .limit = LIMIT_WRITE,
	  .zh = "放弃补贴", .en = "Decline" },
	ROUTE_END
};

/* The employer's own, notified claim; a claim without a set amount is refused. */
static int
claim_confirm(struct call *c)
{
	const struct account_in	*in = c->body;
	struct claim_move	 m = { .ids = one_id(c), .count = 1, .from = "{notified}",
	    .to = "confirmed", .step = "confirm", .hand = "confirm", .funds = "reserved" };
	int			 said;

	if (!account_put(c, &m, "{found,notified}", in->account_no, in->account_name, &said) ||
	    !claims_move(c, &m, &said))
		return (said);
	return (reply_claim(c));
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

/* The money is still committed: the claim waits for the next batch. */
static int
claim_account(struct call *c)
{
	const struct account_in	*in = c->body;
	struct claim_move	 m = { .ids = one_id(c), .count = 1, .from = "{returned}",
	    .to = "payable", .step = "correct_account", .hand = "confirm" };
	int			 said;

	if (!account_put(c, &m, m.from, in->account_no, in->account_name, &said) ||
	    !claims_move(c, &m, &said))
		return (said);
	return (reply_claim(c));
}

static int
claim_decline(struct call *c)
{
	const struct decline_in	*in = c->body;
	struct claim_move	 m = { .ids = one_id(c), .count = 1, .from = "{found,notified}",
	    .to = "declined", .step = "decline", .note = in->reason };
	int			 said;

	if (!claims_move(c, &m, &said))
		return (said);
	return (reply_claim(c));
}

/* Claims in other states are left to claims_move to refuse. */
static bool
account_put(struct call *c, const struct claim_move *m, const char *from, const char *account_no,
    const char *account_name, int *said)
{
	struct db_rows	rows;

	if (sql_claims_account(c->db, &rows, m->ids, from,
	    field_seal(c->arena, "claim.account", account_no), mask_account(c->arena, account_no),
	    account_name, blind_index(c->arena, "account", account_no)) == -1)
		*said = call_failed(c);
	else if (db_int(&rows, 0, "set") > 0 && !db_bool(&rows, 0, "priced"))
		*said = call_reject(c, ERR_SUBSIDIES_UNSET, NULL);
	else if (db_int(&rows, 0, "set") > 0 && !db_bool(&rows, 0, "funded"))
		*said = call_reject(c, ERR_SUBSIDIES_BUDGET, NULL);
	else
		return (true);
	return (false);
}

static const char *
one_id(struct call *c)
{
	char	text[UUID_TEXT];

	return (arena_printf(c->arena, "{%s}", uuid_format(&c->id, text)));
}

static int
reply_claim(struct call *c)
{
	struct db_rows	rows;

	if (sql_claim_get(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}
