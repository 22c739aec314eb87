/*
 * topup.c -- 补发: what a reconsideration says is still due, proposed by one
 * officer and decided by another; then a claim beside the paid one goes
 * through the hands and the bank like any other.
 */
#include "recovery.h"

#include "codes/codes.h"
#include "subsidies_sql.h"

struct topup_in {
	struct uuid	 reconsideration_id;
};

struct topup_decide_in {
	const char	*decision, *note;
};

struct finding_query {
	const char	*county_code, *policy_code, *kind, *state;
	int32_t		 from_on;
};

struct topup_query {
	const char	*county_code, *state, *source;
};

static int	topup_decide(struct call *);

static const char *const decisions[] = { "pass", "refuse", NULL };
static const char *const states[] = { "proposed", "approved", "refused", NULL };
static const char *const sources[] = { "reconsideration", "reversal", "appeal", NULL };

static const char *const kinds[] = { "top_up", "recovery", NULL };
static const char *const finding_states[] = { "proposed", "accepted", "dropped", "outdated", NULL };

static const struct field finding_query_fields[] = {
	FIELD_CHECK(finding_query, county_code, OPTIONAL, check_county, "县区代码"),
	FIELD_TEXT(finding_query, policy_code, OPTIONAL, 2, 16, "政策代码"),
	FIELD_ENUM(finding_query, kind, OPTIONAL, kinds, "补发或追回"),
	FIELD_ENUM(finding_query, state, OPTIONAL, finding_states, "状态"),
	FIELD_DAY(finding_query, from_on, OPTIONAL, "不早于，如本月一日"),
	FIELD_END
};

static const struct field topup_in_fields[] = {
	FIELD_UUID(topup_in, reconsideration_id, REQUIRED, "复核差额"),
	FIELD_END
};

static const struct field topup_decide_in_fields[] = {
	FIELD_ENUM(topup_decide_in, decision, REQUIRED, decisions, "同意、不予补发"),
	FIELD_TEXT(topup_decide_in, note, OPTIONAL, 1, 500, "意见；不予补发必填"),
	FIELD_END
};

static const struct field topup_query_fields[] = {
	FIELD_CHECK(topup_query, county_code, OPTIONAL, check_county, "县区代码"),
	FIELD_ENUM(topup_query, state, OPTIONAL, states, "状态"),
	FIELD_ENUM(topup_query, source, OPTIONAL, sources, "来源"),
	FIELD_END
};

static const struct shape topup_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "补发" },
	{ .name = "claim_id", .type = SHAPE_T_UUID, .help = "已发放的申领" },
	{ .name = "source", .type = SHAPE_T_TEXT, .codes = "topup_sources", .help = "来源" },
	{ .name = "source_id", .type = SHAPE_T_UUID, .help = "来源标识" },
	{ .name = "amount_cents", .type = SHAPE_T_INT, .help = "金额（分）" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .help = "原因" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "topup_states", .help = "状态" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "意见" },
	{ .name = "supplement_claim_id", .type = SHAPE_T_UUID, .nullable = true, .help = "补发的申领" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .nullable = true, .help = "人员" },
	{ .name = "payee_id", .type = SHAPE_T_UUID, .help = "收款人" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "proposed_at", .type = SHAPE_T_INSTANT, .help = "提出时间" },
	SHAPE_END
};

static const struct shape finding_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "复核差额" },
	{ .name = "claim_id", .type = SHAPE_T_UUID, .help = "已发放的申领" },
	{ .name = "decision_before", .type = SHAPE_T_UUID, .help = "发放所依据的判定" },
	{ .name = "decision_after", .type = SHAPE_T_UUID, .help = "现在的判定" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .codes = "reconsideration_kinds", .help = "补发或追回" },
	{ .name = "difference_cents", .type = SHAPE_T_INT, .help = "差额（分）" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .help = "原因" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "reconsideration_states", .help = "状态" },
	{ .name = "policy_code", .type = SHAPE_T_TEXT, .help = "政策代码" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .nullable = true, .help = "人员" },
	{ .name = "payee_kind", .type = SHAPE_T_TEXT, .codes = "payee_kinds", .help = "收款人类别" },
	{ .name = "payee_id", .type = SHAPE_T_UUID, .help = "收款人" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "found_at", .type = SHAPE_T_INSTANT, .help = "发现时间" },
	SHAPE_END
};

const struct route topup_routes[] = {
	{ .name = "finding_list", .method = METHOD_GET, .path = "/v1/subsidies/reconsiderations",
	  .callers = ROLE_RECOVERY, .scope = SCOPE_AREA, .action = "subsidies.finding.list",
	  .query = INPUT(finding_query, finding_query_fields), .list = true, .reply = finding_shape,
	  .stmt = &stmt_finding_list, .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "发放后复核发现的差额", .en = "List what came to light about paid claims" },
	{ .name = "topup_propose", .method = METHOD_POST, .path = "/v1/subsidies/topups",
	  .callers = ROLE_FIRST_REVIEW, .scope = SCOPE_AREA, .action = "subsidies.topup.propose",
	  .body = INPUT(topup_in, topup_in_fields), .reply = topup_shape,
	  .stmt = &stmt_topup_propose, .limit = LIMIT_WRITE, .key = KEY_REQUIRED,
	  .zh = "提出补发", .en = "Propose to pay what is still due" },
	{ .name = "topup_decide", .method = METHOD_POST, .path = "/v1/subsidies/topups/{id}/decide",
	  .callers = ROLE_RECHECK | ROLE_APPROVE, .scope = SCOPE_AREA,
	  .action = "subsidies.topup.decide",
	  .body = INPUT(topup_decide_in, topup_decide_in_fields), .reply = topup_shape,
	  .success = 200, .handler = topup_decide, .emits = "subsidies.claim.found.v1",
	  .limit = LIMIT_WRITE, .key = KEY_REQUIRED,
	  .zh = "决定补发", .en = "Decide a proposed top-up" },
	{ .name = "topup_list", .method = METHOD_GET, .path = "/v1/subsidies/topups",
	  .callers = ROLE_RECOVERY | ROLE_PAYEES, .scope = SCOPE_CALLER,
	  .action = "subsidies.topup.list", .query = INPUT(topup_query, topup_query_fields),
	  .list = true, .reply = topup_shape, .stmt = &stmt_topup_list, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON,
	  .zh = "补发列表（本人、本单位或辖区）", .en = "List top-ups of the caller or its area" },
	ROUTE_END
};

/* A refusal says why. */
static int
topup_decide(struct call *c)
{
	const struct topup_decide_in	*in = c->body;
	struct db_rows			 rows;

	if (strcmp(in->decision, "refuse") == 0 && in->note == NULL)
		return (call_reject(c, ERR_F_MISSING, "/note"));
	if (sql_topup_decide(c->db, &rows, &c->id, in->decision, in->note) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}
