/*
 * decision.c -- decisions listed, read, explained and replayed.
 *
 * Invariant: a replay uses nothing but what the decision kept: its facts, its
 * version by hash, and compares the results byte for byte.
 */
#include "subsidies.h"

#include "codes/codes.h"
#include "explain.h"
#include "http/reply_out.h"
#include "subsidies_sql.h"

struct decision_query {
	const char	*policy_code;
	const char	*county_code;
	const char	*verdict;
	const char	*reason;
};

/* A decision judged once more from what it kept. */
struct rejudged {
	const struct policy	*policy;
	struct judgement	 judgement;
	const char		*rule_hash;	/* as stored */
	const char		*results;	/* as stored */
	enum explain_for	 who;
};

static int	decision_why(struct call *);
static int	decision_replay(struct call *);
static bool	rejudge(struct call *, struct rejudged *, int *);

static const char *const verdicts[] = { "eligible", "refused", "waiting", NULL };

static const struct field decision_query_fields[] = {
	FIELD_TEXT(decision_query, policy_code, OPTIONAL, 2, 16, "政策代码"),
	FIELD_CHECK(decision_query, county_code, OPTIONAL, check_county, "县区代码"),
	FIELD_ENUM(decision_query, verdict, OPTIONAL, verdicts, "结论"),
	FIELD_TEXT(decision_query, reason, OPTIONAL, 1, 40, "决定性条件"),
	FIELD_END
};

#define DECISION_ROWS \
	{ .name = "id", .type = SHAPE_T_UUID, .help = "判定记录" }, \
	{ .name = "policy_code", .type = SHAPE_T_TEXT, .help = "政策代码" }, \
	{ .name = "verdict", .type = SHAPE_T_TEXT, .help = "结论" }, \
	{ .name = "reason", .type = SHAPE_T_TEXT, .nullable = true, .help = "决定性条件" }, \
	{ .name = "amount_cents", .type = SHAPE_T_INT, .nullable = true, .help = "金额（分）" }, \
	{ .name = "subject_kind", .type = SHAPE_T_TEXT, .codes = "policy_subjects", \
	  .help = "判断对象的种类" }, \
	{ .name = "subject_id", .type = SHAPE_T_UUID, .help = "判断对象，如一次招用、一本证书" }, \
	{ .name = "person_id", .type = SHAPE_T_UUID, .nullable = true, .help = "人员" }, \
	{ .name = "org_id", .type = SHAPE_T_UUID, .nullable = true, .help = "单位" }, \
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" }, \
	{ .name = "decided_at", .type = SHAPE_T_INSTANT, .help = "判定时间" }

static const struct shape decision_shape[] = { DECISION_ROWS, SHAPE_END };

static const struct shape decision_full_shape[] = {
	DECISION_ROWS,
	{ .name = "policy_title", .type = SHAPE_T_TEXT, .help = "政策名称" },
	{ .name = "policy_version", .type = SHAPE_T_INT, .help = "政策版本" },
	{ .name = "rule_hash", .type = SHAPE_T_TEXT, .help = "政策文本的 SHA-256" },
	{ .name = "facts", .type = SHAPE_T_JSON, .nullable = true, .help = "当时的事实" },
	{ .name = "results", .type = SHAPE_T_JSON, .help = "逐条结果和计算" },
	{ .name = "superseded_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "被新判定取代的时间" },
	{ .name = "claim_id", .type = SHAPE_T_UUID, .nullable = true, .help = "由此产生的申领" },
	SHAPE_END
};

static const struct shape why_shape[] = {
	{ .name = "decision_id", .type = SHAPE_T_UUID, .help = "判定记录" },
	{ .name = "verdict", .type = SHAPE_T_TEXT, .help = "结论" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .nullable = true, .help = "决定性条件" },
	{ .name = "lines", .type = SHAPE_T_LIST, .help = "说明，一条一句" },
	SHAPE_END
};

static const struct shape replay_shape[] = {
	{ .name = "decision_id", .type = SHAPE_T_UUID, .help = "判定记录" },
	{ .name = "identical", .type = SHAPE_T_BOOL, .help = "逐字节一致" },
	{ .name = "same_rule", .type = SHAPE_T_BOOL, .help = "政策文本未变" },
	{ .name = "stored", .type = SHAPE_T_JSON, .help = "原结果" },
	{ .name = "replayed", .type = SHAPE_T_JSON, .help = "重算结果" },
	SHAPE_END
};

const struct route decision_routes[] = {
	{ .name = "decision_list", .method = METHOD_GET, .path = "/v1/subsidies/decisions",
	  .callers = ROLE_CASE_OFFICERS | ROLE_PAYEES, .scope = SCOPE_CALLER,
	  .action = "subsidies.decision.list",
	  .query = INPUT(decision_query, decision_query_fields), .list = true,
	  .reply = decision_shape, .stmt = &stmt_decision_list, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON, .zh = "判定记录列表", .en = "List current decisions" },
	{ .name = "decision_get", .method = METHOD_GET, .path = "/v1/subsidies/decisions/{id}",
	  .callers = ROLE_CASE_OFFICERS | ROLE_PAYEES, .scope = SCOPE_CALLER,
	  .action = "subsidies.decision.get", .reply = decision_full_shape,
	  .stmt = &stmt_decision_get, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON, .zh = "查看判定记录", .en = "Read a decision" },
	{ .name = "decision_why", .method = METHOD_GET, .path = "/v1/subsidies/decisions/{id}/why",
	  .callers = ROLE_CASE_OFFICERS | ROLE_PAYEES, .scope = SCOPE_CALLER,
	  .action = "subsidies.decision.why", .reply = why_shape, .handler = decision_why,
	  .limit = LIMIT_READ, .opens = OPENS_UNNAMED, .zh = "为什么", .en = "Explain a decision" },
	{ .name = "decision_replay", .method = METHOD_POST,
	  .path = "/v1/subsidies/decisions/{id}/replay",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "subsidies.decision.replay",
	  .reply = replay_shape, .success = 200, .handler = decision_replay,
	  .limit = LIMIT_WRITE, .key = KEY_NONE,
	  .zh = "重算并与原结果比对", .en = "Replay a decision and compare" },
	ROUTE_END
};

static int
decision_why(struct call *c)
{
	struct rejudged		*r = arena_zalloc(c->arena, sizeof(*r));
	struct reply_out	 out;
	int			 said;

	if (!rejudge(c, r, &said))
		return (said);
	reply_open(&out);
	json_put_uuid(&out.json, "decision_id", &c->id);
	json_put_text(&out.json, "verdict", r->judgement.verdict);
	json_put_text(&out.json, "reason", r->judgement.reason);
	explain(&out.json, c->arena, r->policy, &r->judgement, r->who);
	return (reply_close(c, 200, &out));
}

static int
decision_replay(struct call *c)
{
	struct rejudged		*r = arena_zalloc(c->arena, sizeof(*r));
	struct reply_out	 out;
	int			 said;

	if (!rejudge(c, r, &said))
		return (said);
	reply_open(&out);
	json_put_uuid(&out.json, "decision_id", &c->id);
	json_put_bool(&out.json, "identical", strcmp(r->results, r->judgement.results) == 0);
	json_put_bool(&out.json, "same_rule", strcmp(r->rule_hash, r->policy->hash) == 0);
	json_put_raw(&out.json, "stored", r->results);
	json_put_raw(&out.json, "replayed", r->judgement.results);
	return (reply_close(c, 200, &out));
}

static bool
rejudge(struct call *c, struct rejudged *r, int *said)
{
	struct uuid	version, person;
	struct db_rows	rows;

	if (sql_decision_full(c->db, &rows, &c->id) == -1) {
		*said = call_failed(c);
		return (false);
	}
	if (rows.count == 0) {
		*said = call_reject(c, ERR_NOT_FOUND, NULL);
		return (false);
	}
	if (!db_null(&rows, 0, "person_id")) {
		person = db_uuid(&rows, 0, "person_id");
		call_shown(c, &person);
	}
	version = db_uuid(&rows, 0, "policy_version_id");
	if (policy_load(c->db, &version, &r->policy) == -1) {
		*said = call_failed(c);
		return (false);
	}
	r->rule_hash = db_text(&rows, 0, "rule_hash");
	r->results = db_text(&rows, 0, "results");
	r->who = db_bool(&rows, 0, "in_area") ? EXPLAIN_OFFICER :
	    db_bool(&rows, 0, "sees_person") ? EXPLAIN_PERSON : EXPLAIN_EMPLOYER;
	if (r->policy != NULL &&
	    policy_judge(c->arena, r->policy, db_text(&rows, 0, "facts"), &r->judgement))
		return (true);
	*said = call_reject(c, ERR_INTERNAL, NULL);
	return (false);
}
