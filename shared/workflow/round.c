/*
 * round.c -- selection rounds (评选): the call from draft to publication, what the
 * public sees of it, and what the clock does to it.
 *
 * Invariant: a round is carried out by the version of its definition that
 * another officer than its author published. The rules are in
 * sql/platform/070-073.
 */
#include "workflow/round.h"

#include "platform_sql.h"

struct publish_in {
	int64_t		 version;
};

struct round_query {
	const char	*policy_code, *state;
	bool		 open, overdue;
};

static int	round_draft(struct call *);
static int	round_amend(struct call *);

static const char *const states[] = { "draft", "published", "closed", "reviewing", "ranked", "decided",
    "public", "final", NULL };

static const struct field publish_fields[] = {
	FIELD_INT(publish_in, version, REQUIRED, 1, 1000, "要发布的版本"),
	FIELD_END
};

static const struct field round_query_fields[] = {
	FIELD_TEXT(round_query, policy_code, OPTIONAL, 2, 16, "政策代码"),
	FIELD_ENUM(round_query, state, OPTIONAL, states, "状态"),
	FIELD_BOOL(round_query, open, OPTIONAL, "只看申报中的"),
	FIELD_END
};

static const struct field round_work_fields[] = {
	FIELD_TEXT(round_query, policy_code, OPTIONAL, 2, 16, "政策代码"),
	FIELD_ENUM(round_query, state, OPTIONAL, states, "状态"),
	FIELD_BOOL(round_query, overdue, OPTIONAL, "只看有评审逾期的"),
	FIELD_END
};

#define ROUND_ROWS \
	{ .name = "id", .type = SHAPE_T_UUID, .help = "评选" }, \
	{ .name = "policy_code", .type = SHAPE_T_TEXT, .help = "政策代码" }, \
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "公告标题" }, \
	{ .name = "year", .type = SHAPE_T_INT, .help = "年度" }, \
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "组织评选的县区；431100 为市级" }, \
	{ .name = "counties", .type = SHAPE_T_LIST, .codes = "areas", .help = "可申报的县区" }, \
	{ .name = "entrants", .type = SHAPE_T_TEXT, .codes = "payee_kinds", .help = "申报对象" }, \
	{ .name = "quota", .type = SHAPE_T_INT, .help = "名额" }, \
	{ .name = "opens_on", .type = SHAPE_T_DAY, .help = "申报起" }, \
	{ .name = "closes_on", .type = SHAPE_T_DAY, .help = "申报止" }, \
	{ .name = "version", .type = SHAPE_T_INT, .help = "评选办法版本" }, \
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "round_states", .help = "状态" }, \
	{ .name = "open", .type = SHAPE_T_BOOL, .help = "申报中" }, \
	{ .name = "definition", .type = SHAPE_T_JSON, .help = "评选办法" }, \
	{ .name = "definition_hash", .type = SHAPE_T_TEXT, .help = "评选办法的 SHA-256" }, \
	{ .name = "seed", .type = SHAPE_T_TEXT, .nullable = true, .help = "抽签种子，公示起公开" }, \
	{ .name = "notice_from", .type = SHAPE_T_DAY, .nullable = true, .help = "公示起" }, \
	{ .name = "notice_to", .type = SHAPE_T_DAY, .nullable = true, .help = "公示止" }

const struct shape round_shape[] = { ROUND_ROWS, SHAPE_END };

static const struct shape round_work_shape[] = {
	ROUND_ROWS,
	{ .name = "entries", .type = SHAPE_T_INT, .help = "有效申报" },
	{ .name = "reviews_open", .type = SHAPE_T_INT, .help = "待完成的评审" },
	{ .name = "reviews_overdue", .type = SHAPE_T_INT, .help = "逾期的评审" },
	{ .name = "objections_open", .type = SHAPE_T_INT, .help = "未处理的异议" },
	SHAPE_END
};

static const struct shape result_shape[] = {
	{ .name = "entry_id", .type = SHAPE_T_UUID, .help = "申报" },
	{ .name = "rank", .type = SHAPE_T_INT, .help = "名次" },
	{ .name = "score_milli", .type = SHAPE_T_INT, .help = "得分（千分之一分）" },
	{ .name = "selected", .type = SHAPE_T_BOOL, .help = "入选" },
	{ .name = "place_no", .type = SHAPE_T_INT, .nullable = true, .help = "入选序号" },
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "单位名称，个人脱敏" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .nullable = true, .help = "未按名次或被取消的原因" },
	SHAPE_END
};

const struct route round_routes[] = {
	{ .name = "round_draft", .method = METHOD_POST, .path = "/v1/$/rounds",
	  .callers = ROLE_FIRST_REVIEW | ROLE_RECHECK, .scope = SCOPE_AREA, .action = "$.round.draft",
	  .body = INPUT(round_in, round_in_fields), .reply = round_shape, .handler = round_draft,
	  .limit = LIMIT_WRITE, .zh = "起草评选公告", .en = "Draft a selection round" },
	{ .name = "round_amend", .method = METHOD_POST, .path = "/v1/$/rounds/{id}/definition",
	  .callers = ROLE_FIRST_REVIEW | ROLE_RECHECK, .scope = SCOPE_AREA, .action = "$.round.draft",
	  .body = INPUT(round_in, round_in_fields), .reply = round_shape, .handler = round_amend,
	  .limit = LIMIT_WRITE, .zh = "修改评选公告草稿，生成新版本", .en = "Replace a draft's definition by another version" },
	{ .name = "round_publish", .method = METHOD_POST, .path = "/v1/$/rounds/{id}/publish",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "$.round.publish",
	  .body = INPUT(publish_in, publish_fields), .reply = round_shape, .success = 200,
	  .stmt = &stmt_round_publish, .limit = LIMIT_WRITE,
	  .zh = "发布评选公告（非起草人）", .en = "Publish a round drafted by somebody else" },
	{ .name = "round_list", .method = METHOD_GET, .path = "/v1/$/rounds",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "$.round.list",
	  .query = INPUT(round_query, round_query_fields), .list = true, .reply = round_shape,
	  .stmt = &stmt_round_list, .limit = LIMIT_READ, .zh = "评选公告列表", .en = "List selection rounds" },
	{ .name = "round_get", .method = METHOD_GET, .path = "/v1/$/rounds/{id}",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "$.round.get",
	  .reply = round_shape, .stmt = &stmt_round_get, .limit = LIMIT_READ,
	  .zh = "查看评选公告和办法", .en = "Read a round and its definition" },
	{ .name = "round_results", .method = METHOD_GET, .path = "/v1/$/rounds/{id}/results",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "$.round.results",
	  .list = true, .reply = result_shape, .stmt = &stmt_round_results, .limit = LIMIT_READ,
	  .zh = "评选结果公示", .en = "Read the results made public" },
	{ .name = "round_work", .method = METHOD_GET, .path = "/v1/$/rounds/work",
	  .callers = ROLE_SELECTION_OFFICERS, .scope = SCOPE_AREA, .action = "$.round.work",
	  .query = INPUT(round_query, round_work_fields), .list = true, .reply = round_work_shape,
	  .stmt = &stmt_round_work, .limit = LIMIT_READ,
	  .zh = "本级组织的评选及待办", .en = "Rounds of one's own area, with what is waiting" },
	ROUTE_END
};

static int
round_draft(struct call *c)
{
	const struct round_in	*in = c->body;
	const char		*counties, *document;
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;
	int			 said;

	if (!round_check(c, in, &counties, &document, &said))
		return (said);
	if (sql_round_draft(c->db, &rows, &id, in->policy_code, in->title, in->year,
	    in->county_code != NULL ? in->county_code : "431100", counties, in->entrants, in->quota,
	    in->opens_on, in->closes_on, document) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
round_amend(struct call *c)
{
	const struct round_in	*in = c->body;
	const char		*counties, *document;
	struct db_rows		 rows;
	int			 said;

	if (!round_check(c, in, &counties, &document, &said))
		return (said);
	if (sql_round_amend(c->db, &rows, &c->id, in->policy_code, in->title, in->year,
	    in->county_code != NULL ? in->county_code : "431100", counties, in->entrants, in->quota,
	    in->opens_on, in->closes_on, document) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

/* ---- the clock ---- */

void
rounds_turn(void)
{
	db_alone(&stmt_rounds_turn);
}
