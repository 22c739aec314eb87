/*
 * fact_read.c -- what is known of a person or an employer, as it is or as it was
 * known at an instant, and a person's request to have it put right.
 *
 * Invariant: nothing known is changed by one officer alone, and what was known
 * stays to be seen (sql/subsidies/054).
 */
#include "subsidies.h"

#include "fact_kind.h"
#include "subsidies_sql.h"

#define NUMBERS_MOST	10
#define NUMBERS_TEXT	512

struct fact_query {
	struct uuid	 person_id, org_id;
	const char	*kind;
	int64_t		 as_of;
};

struct amendment_in {
	const char	*content;
};

struct amendment_query {
	const char	*state;
};

struct propose_in {
	bool		 is_void;
	int32_t		 from_on, to_on;
	const char	*code;
	const char	*numbers;
	const char	*basis;
};

struct answer_in {
	const char	*answer;
};

static int	fact_list(struct call *);
static int	check_known_kind(const char *);
static int	amendment_propose(struct call *);
static bool	numbers_read(struct call *, const char *, const char **);

static const char *const states[] = { "open", "proposed", "done", "refused", NULL };
static const char *const own_tables[] = { "employment", "unemployment", "graduate", "insured" };

static const struct field fact_query_fields[] = {
	FIELD_UUID(fact_query, person_id, OPTIONAL, "人员；本人查询时不填"),
	FIELD_UUID(fact_query, org_id, OPTIONAL, "单位"),
	FIELD_CHECK(fact_query, kind, OPTIONAL, check_known_kind, "种类"),
	FIELD_INSTANT(fact_query, as_of, OPTIONAL, "当时所知；不填为现在"),
	FIELD_END
};
static const struct field amendment_in_fields[] = {
	FIELD_TEXT(amendment_in, content, REQUIRED, 5, 1000, "哪里不对、应当是什么"),
	FIELD_END
};
static const struct field amendment_query_fields[] = {
	FIELD_ENUM(amendment_query, state, OPTIONAL, states, "状态"),
	FIELD_END
};
static const struct field propose_fields[] = {
	FIELD_BOOL(propose_in, is_void, OPTIONAL, "并无此事；否则按以下内容更正"),
	FIELD_DAY(propose_in, from_on, OPTIONAL, "起；不填为原值"),
	FIELD_DAY(propose_in, to_on, OPTIONAL, "止；不填为至今"),
	FIELD_TEXT(propose_in, code, OPTIONAL, 1, 40, "代码；不填为原值"),
	FIELD_JSON(propose_in, numbers, OPTIONAL, NUMBERS_TEXT, "数值列表；不填为原值"),
	FIELD_TEXT(propose_in, basis, REQUIRED, 2, 500, "依据"),
	FIELD_END
};
static const struct field answer_fields[] = {
	FIELD_TEXT(answer_in, answer, REQUIRED, 2, 1000, "答复"),
	FIELD_END
};

static const struct shape fact_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "事实" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .codes = "fact_kinds", .help = "种类" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .nullable = true, .help = "人员" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .nullable = true, .help = "单位" },
	{ .name = "uscc", .type = SHAPE_T_TEXT, .nullable = true, .help = "统一社会信用代码" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "起" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .nullable = true, .help = "止；空：至今" },
	{ .name = "code", .type = SHAPE_T_TEXT, .nullable = true, .help = "代码" },
	{ .name = "numbers", .type = SHAPE_T_JSON, .nullable = true, .help = "数值" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "说明" },
	{ .name = "source", .type = SHAPE_T_TEXT, .help = "来源：导入、业务事件、工作人员更正" },
	{ .name = "batch_id", .type = SHAPE_T_UUID, .nullable = true, .help = "导入批次" },
	{ .name = "known_from", .type = SHAPE_T_INSTANT, .help = "何时得知" },
	{ .name = "known_to", .type = SHAPE_T_INSTANT, .nullable = true, .help = "何时被更新" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	SHAPE_END
};
static const struct shape amendment_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "更正请求" },
	{ .name = "fact_id", .type = SHAPE_T_UUID, .help = "事实" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .codes = "fact_kinds", .help = "种类" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "人员" },
	{ .name = "content", .type = SHAPE_T_TEXT, .help = "请求" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "amendment_states", .help = "状态" },
	{ .name = "is_void", .type = SHAPE_T_BOOL, .nullable = true, .help = "拟认定并无此事" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .nullable = true, .help = "拟更正：起" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .nullable = true, .help = "拟更正：止" },
	{ .name = "code", .type = SHAPE_T_TEXT, .nullable = true, .help = "拟更正：代码" },
	{ .name = "numbers", .type = SHAPE_T_JSON, .nullable = true, .help = "拟更正：数值" },
	{ .name = "basis", .type = SHAPE_T_TEXT, .nullable = true, .help = "依据" },
	{ .name = "answer", .type = SHAPE_T_TEXT, .nullable = true, .help = "答复" },
	{ .name = "asked_at", .type = SHAPE_T_INSTANT, .help = "提出时间" },
	{ .name = "decided_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "办结时间" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "乡镇" },
	SHAPE_END
};

const struct route fact_routes[] = {
	{ .name = "fact_list", .method = METHOD_GET, .path = "/v1/subsidies/facts",
	  .callers = ROLE_PERSON | ROLE_EMPLOYER | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "subsidies.fact.list", .query = INPUT(fact_query, fact_query_fields), .list = true,
	  .reply = fact_shape, .handler = fact_list, .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "关于人员或单位已知的情况及来源", .en = "What is known of a person or an employer, and from where" },
	{ .name = "amendment_ask", .method = METHOD_POST, .path = "/v1/subsidies/facts/{id}/amendments",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "subsidies.amendment.ask",
	  .body = INPUT(amendment_in, amendment_in_fields), .reply = amendment_shape,
	  .stmt = &stmt_amendment_ask, .limit = LIMIT_WRITE, .matter = "SU-05",
	  .zh = "请求更正关于本人的信息", .en = "Ask for what is known of oneself to be put right" },
	{ .name = "amendment_list", .method = METHOD_GET, .path = "/v1/subsidies/amendments",
	  .callers = ROLE_PERSON | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "subsidies.amendment.list", .query = INPUT(amendment_query, amendment_query_fields),
	  .list = true, .reply = amendment_shape, .stmt = &stmt_amendment_list, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON, .zh = "更正请求：本人的、辖区的", .en = "List requests to put facts right" },
	{ .name = "amendment_propose", .method = METHOD_POST, .path = "/v1/subsidies/amendments/{id}/propose",
	  .callers = ROLE_FIRST_REVIEW, .scope = SCOPE_AREA, .action = "subsidies.amendment.propose",
	  .body = INPUT(propose_in, propose_fields), .reply = amendment_shape, .success = 200,
	  .handler = amendment_propose, .limit = LIMIT_WRITE,
	  .zh = "提出更正意见", .en = "Propose how to put it right" },
	{ .name = "amendment_agree", .method = METHOD_POST, .path = "/v1/subsidies/amendments/{id}/agree",
	  .callers = ROLE_RECHECK, .scope = SCOPE_AREA, .action = "subsidies.amendment.agree",
	  .body = INPUT(answer_in, answer_fields), .reply = amendment_shape, .success = 200,
	  .stmt = &stmt_amendment_agree, .limit = LIMIT_WRITE,
	  .zh = "同意更正", .en = "Agree: it is put right" },
	{ .name = "amendment_refuse", .method = METHOD_POST, .path = "/v1/subsidies/amendments/{id}/refuse",
	  .callers = ROLE_FIRST_REVIEW | ROLE_RECHECK, .scope = SCOPE_AREA,
	  .action = "subsidies.amendment.refuse", .body = INPUT(answer_in, answer_fields),
	  .reply = amendment_shape, .success = 200, .stmt = &stmt_amendment_refuse, .limit = LIMIT_WRITE,
	  .zh = "不予更正并说明理由", .en = "Refuse, with the reason" },
	ROUTE_END
};

/* A person asks about themselves, who acts for an employer about the employer. */
static int
fact_list(struct call *c)
{
	const struct fact_query	*q = c->query;
	const struct uuid	*person = uuid_is_nil(&q->person_id) ? NULL : &q->person_id;
	const struct uuid	*org = uuid_is_nil(&q->org_id) ? NULL : &q->org_id;
	struct db_rows		 rows;

	if (person == NULL && org == NULL && c->principal->has_org)
		org = &c->principal->org;
	else if (person == NULL && org == NULL && c->principal->has_person)
		person = &c->principal->person;
	if (person == NULL && org == NULL)
		return (call_reject(c, ERR_F_MISSING, "person_id"));
	if (sql_fact_list(c->db, &rows, person, org, q->kind, q->as_of == 0 ? INT64_MIN : q->as_of,
	    call_after(c), call_limit(c) + 1) == -1)
		return (call_failed(c));
	return (call_reply_list(c, &rows, call_limit(c)));
}

static int
check_known_kind(const char *name)
{
	size_t	i;

	for (i = 0; i < NITEMS(own_tables); i++) {
		if (strcmp(own_tables[i], name) == 0)
			return (0);
	}
	return (check_fact_kind(name));
}

static int
amendment_propose(struct call *c)
{
	const struct propose_in	*in = c->body;
	const char		*numbers = NULL;
	struct db_rows		 rows;

	if (in->from_on != DAY_NONE && in->to_on != DAY_NONE && in->to_on < in->from_on)
		return (call_reject(c, ERR_F_DATE_ORDER, "/to_on"));
	if (in->numbers != NULL && !numbers_read(c, in->numbers, &numbers))
		return (call_reject(c, ERR_F_TYPE, "/numbers"));
	if (sql_amendment_propose(c->db, &rows, &c->id, in->is_void, in->from_on, in->to_on, in->code,
	    numbers, in->basis) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

/* A JSON list of integers as a bigint[] literal. */
static bool
numbers_read(struct call *c, const char *json, const char **out)
{
	const struct json	*list = json_parse(c->arena, json, strlen(json));
	const char		*text = "";
	int64_t			 n;
	size_t			 i;

	if (list == NULL || !json_is_array(list) || json_count(list) > NUMBERS_MOST)
		return (false);
	for (i = 0; i < json_count(list); i++) {
		if (!json_integer(json_at(list, i), &n))
			return (false);
		text = arena_printf(c->arena, "%s%s%lld", text, i > 0 ? "," : "", (long long)n);
	}
	*out = arena_printf(c->arena, "{%s}", text);
	return (true);
}
