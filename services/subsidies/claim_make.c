/*
 * claim_make.c -- 直补快办: who is eligible by the data claims with one tap.
 *
 * Invariant: only a current, eligible decision makes a claim, for the amount
 * it worked out; the claim, its share (hold) and the money set aside come into
 * being together. A second tap finds the share taken.
 */
#include "claim_account.h"

#include "codes/codes.h"
#include "subsidies_sql.h"

struct make_in {
	const char	*policy_code;
	struct uuid	 subject_id;
	const char	*account_no;
	const char	*account_name;
};

static int	claim_make(struct call *);
static int	not_eligible(struct call *, const struct make_in *, const struct db_rows *);

static const struct field make_in_fields[] = {
	FIELD_TEXT(make_in, policy_code, REQUIRED, 2, 16, "政策代码"),
	FIELD_UUID(make_in, subject_id, OPTIONAL, "判断对象，如一本证书；不给则任一符合条件的"),
	FIELD_CHECK(make_in, account_no, REQUIRED, check_account, "收款账号"),
	FIELD_TEXT(make_in, account_name, REQUIRED, 2, 80, "账户名称"),
	FIELD_END
};

static const struct shape claimable_shape[] = {
	{ .name = "decision_id", .type = SHAPE_T_UUID, .help = "判定记录" },
	{ .name = "policy_code", .type = SHAPE_T_TEXT, .help = "政策代码" },
	{ .name = "policy_title", .type = SHAPE_T_TEXT, .help = "政策名称" },
	{ .name = "mode", .type = SHAPE_T_TEXT, .codes = "policy_modes", .help = "办理方式" },
	{ .name = "subject_kind", .type = SHAPE_T_TEXT, .codes = "policy_subjects",
	  .help = "判断对象的种类" },
	{ .name = "subject_id", .type = SHAPE_T_UUID, .help = "判断对象" },
	{ .name = "amount_cents", .type = SHAPE_T_INT, .nullable = true, .help = "金额（分），空为未设定" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "decided_at", .type = SHAPE_T_INSTANT, .help = "判定时间" },
	SHAPE_END
};

const struct route claim_make_routes[] = {
	{ .name = "claim_make", .method = METHOD_POST, .path = "/v1/subsidies/claims",
	  .callers = ROLE_PERSON | ROLE_EMPLOYER, .scope = SCOPE_CALLER, .right = RIGHT_CLAIM,
	  .action = "subsidies.claim.confirm",
	  .body = INPUT(make_in, make_in_fields), .reply = claim_full_shape, .handler = claim_make,
	  .emits = "subsidies.claim.found.v1 subsidies.claim.moved.v1", .limit = LIMIT_WRITE,
	  .key = KEY_REQUIRED,
	  .matter = "SU-10", .zh = "直补快办：按判定结果申领", .en = "Claim by the current decision" },
	{ .name = "claimable_list", .method = METHOD_GET, .path = "/v1/subsidies/claimable",
	  .callers = ROLE_PERSON | ROLE_EMPLOYER, .scope = SCOPE_CALLER,
	  .action = "subsidies.claimable.list", .list = true, .reply = claimable_shape,
	  .stmt = &stmt_claimable_list, .limit = LIMIT_READ,
	  .zh = "现在可以申领的补贴", .en = "List what the caller may claim now" },
	ROUTE_END
};

static int
claim_make(struct call *c)
{
	const struct make_in	*in = c->body;
	struct claim_move	 m = { .count = 1, .from = "{notified}", .to = "confirmed",
	    .step = "confirm", .hand = "confirm", .funds = "reserved" };
	struct db_rows		 rows, made;
	struct uuid		 decision;
	int			 said;

	if (sql_decision_mine(c->db, &rows, in->policy_code,
	    uuid_is_nil(&in->subject_id) ? NULL : &in->subject_id) == -1)
		return (call_failed(c));
	if (rows.count == 0 || strcmp(db_text(&rows, 0, "verdict"), "eligible") != 0 ||
	    strcmp(db_text(&rows, 0, "mode"), "direct") != 0)
		return (not_eligible(c, in, &rows));
	decision = db_uuid(&rows, 0, "id");
	if (sql_claim_make(c->db, &made, &decision,
	    day_add_working(clock_today(), (int)db_int(&rows, 0, "days"))) == -1)
		return (call_failed(c));
	if (made.count == 0)
		return (call_reject(c, ERR_SUBSIDIES_TWICE, NULL));
	c->id = db_uuid(&made, 0, "id");
	m.ids = claim_one(c);
	if (!account_put(c, &m, m.from, in->account_no, in->account_name, &said) ||
	    !claims_move(c, &m, &said))
		return (said);
	call_object(c, &c->id);
	return (claim_reply(c, 201));
}

/* Why not, and where the whole reasoning can be read. */
static int
not_eligible(struct call *c, const struct make_in *in, const struct db_rows *rows)
{
	const char	*mode;
	struct db_rows	 policy;

	if (sql_policy_mode(c->db, &policy, in->policy_code) == -1)
		return (call_failed(c));
	if ((mode = policy.count == 0 ? NULL : db_text(&policy, 0, "mode")) == NULL)
		return (call_reject(c, ERR_F_CHOICE, "/policy_code"));
	if (strcmp(mode, "direct") != 0)
		return (call_reject(c, ERR_SUBSIDIES_MODE, NULL));
	if (rows->count == 0)
		return (call_reject(c, ERR_SUBSIDIES_UNDECIDED, NULL));
	return (call_reject_detail(c, ERR_SUBSIDIES_NOT_ELIGIBLE, NULL, arena_printf(c->arena,
	    "%s（/v1/subsidies/decisions/%s/why）", db_text(rows, 0, "why"),
	    db_text(rows, 0, "id"))));
}
