/*
 * institution_agreement.c -- what classes of their own kind are taught under:
 * 校企合作订单班 and 企业新型学徒制 between a school and a firm, 项目制 between a
 * county and an institution.
 *
 * Invariant: an agreement binds when the other side has agreed, a project when
 * a second officer has approved it before. The SQL is in
 * sql/training/queries/agreement.sql.
 */
#include "institution.h"
#include "training_sql.h"

struct agreement_in {
	const char	*kind, *title, *terms, *people, *county_code;
	struct uuid	 other_id, school_id;
	int64_t		 promised_hires;
	struct list_of	 occupations;
	int32_t		 from_on, to_on;
};

struct agreement_query {
	const char	*kind, *state;
};

static int	agreement_propose(struct call *);
static int	project_commission(struct call *);

static const char *const kinds[] = { "order", "apprentice", "project", NULL };
static const char *const two_sided[] = { "order", "apprentice", NULL };
static const char *const states[] = { "proposed", "approved", "agreed", "declined", "ended", NULL };

static const struct field wanted_fields[] = {
	FIELD_CHECK(occupation_row, occupation_code, REQUIRED, check_occupation_class, "职业代码，或其上级分类代码"),
	FIELD_INT(occupation_row, level, OPTIONAL, 1, 5, "等级，不填：不限"),
	FIELD_INT(occupation_row, headcount, REQUIRED, 1, 5000, "人数"),
	FIELD_END
};

#define AGREEMENT_FIELDS									\
	FIELD_TEXT(agreement_in, title, REQUIRED, 2, 60, "名称"),				\
	FIELD_LIST(agreement_in, occupations, REQUIRED, 1, 20, occupation_row, wanted_fields,	\
	    "职业、等级和人数"),								\
	FIELD_DAY(agreement_in, from_on, REQUIRED, "自"),					\
	FIELD_DAY(agreement_in, to_on, REQUIRED, "至"),						\
	FIELD_TEXT(agreement_in, terms, REQUIRED, 2, 3000, "约定内容")

static const struct field agreement_fields[] = {
	FIELD_ENUM(agreement_in, kind, REQUIRED, two_sided, "订单班或学徒制"),
	FIELD_UUID(agreement_in, other_id, REQUIRED, "另一方：企业或院校"),
	FIELD_INT(agreement_in, promised_hires, OPTIONAL, 1, 100000, "承诺录用人数，订单班必填"),
	AGREEMENT_FIELDS,
	FIELD_END
};
static const struct field project_fields[] = {
	FIELD_UUID(agreement_in, school_id, REQUIRED, "承办机构"),
	FIELD_CHECK(agreement_in, county_code, REQUIRED, check_county, "委托县区"),
	FIELD_TEXT(agreement_in, people, REQUIRED, 2, 200, "培训对象"),
	AGREEMENT_FIELDS,
	FIELD_END
};
static const struct field agreement_query_fields[] = {
	FIELD_ENUM(agreement_query, kind, OPTIONAL, kinds, "协议类型"),
	FIELD_ENUM(agreement_query, state, OPTIONAL, states, "状态"),
	FIELD_END
};

static const struct shape agreement_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "协议" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .codes = "agreement_kinds", .help = "协议类型" },
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "名称" },
	{ .name = "school_id", .type = SHAPE_T_UUID, .help = "院校或机构" },
	{ .name = "school_name", .type = SHAPE_T_TEXT, .help = "院校名称" },
	{ .name = "firm_id", .type = SHAPE_T_UUID, .nullable = true, .help = "企业" },
	{ .name = "firm_name", .type = SHAPE_T_TEXT, .nullable = true, .help = "企业名称" },
	{ .name = "people", .type = SHAPE_T_TEXT, .nullable = true, .help = "培训对象" },
	{ .name = "headcount", .type = SHAPE_T_INT, .help = "人数" },
	{ .name = "promised_hires", .type = SHAPE_T_INT, .nullable = true, .help = "承诺录用人数" },
	{ .name = "occupations", .type = SHAPE_T_LIST, .of = licensed_shape, .help = "职业、等级和人数" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "自" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .help = "至" },
	{ .name = "terms", .type = SHAPE_T_TEXT, .help = "约定内容" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "agreement_states", .help = "状态" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "说明" },
	{ .name = "agreed_on", .type = SHAPE_T_DAY, .nullable = true, .help = "生效日期" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "主管县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "登记时间" },
	SHAPE_END
};

const struct route agreement_routes[] = {
	{ .name = "agreement_propose", .method = METHOD_POST, .path = "/v1/training/agreements",
	  .callers = ROLE_INSTITUTION | ROLE_EMPLOYER, .scope = SCOPE_ORG, .action = "training.agreement.propose",
	  .body = INPUT(agreement_in, agreement_fields), .reply = agreement_shape,
	  .handler = agreement_propose, .emits = "training.agreement.changed.v1", .limit = LIMIT_WRITE,
	  .matter = "TR-14", .zh = "提出订单班或学徒制协议", .en = "Propose an agreement of school and firm" },
	{ .name = "project_commission", .method = METHOD_POST, .path = "/v1/training/projects",
	  .callers = ROLE_FIRST_REVIEW | ROLE_CLERK, .scope = SCOPE_AREA, .action = "training.project.commission",
	  .body = INPUT(agreement_in, project_fields), .reply = agreement_shape,
	  .handler = project_commission, .emits = "training.agreement.changed.v1", .limit = LIMIT_WRITE,
	  .zh = "拟定项目制培训", .en = "Draw up a commissioned project" },
	{ .name = "project_approve", .method = METHOD_POST, .path = "/v1/training/projects/{id}/approve",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "training.project.approve",
	  .reply = agreement_shape, .success = 200, .stmt = &stmt_project_approve,
	  .emits = "training.agreement.changed.v1", .limit = LIMIT_WRITE,
	  .zh = "批准项目制培训", .en = "Approve a commissioned project" },
	{ .name = "agreement_answer", .method = METHOD_POST, .path = "/v1/training/agreements/{id}/answer",
	  .callers = ROLE_INSTITUTION | ROLE_EMPLOYER, .scope = SCOPE_ORG, .action = "training.agreement.answer",
	  .body = INPUT(answer_in, answer_fields), .reply = agreement_shape, .success = 200,
	  .stmt = &stmt_agreement_answer, .emits = "training.agreement.changed.v1 training.demand.changed.v1",
	  .limit = LIMIT_WRITE, .zh = "同意或不同意协议", .en = "Agree to it, or decline" },
	{ .name = "agreement_end", .method = METHOD_POST, .path = "/v1/training/agreements/{id}/end",
	  .callers = ROLE_INSTITUTION | ROLE_EMPLOYER, .scope = SCOPE_ORG, .action = "training.agreement.end",
	  .body = INPUT(note_in, note_fields), .reply = agreement_shape, .success = 200,
	  .stmt = &stmt_agreement_end, .emits = "training.agreement.changed.v1 training.demand.changed.v1",
	  .limit = LIMIT_WRITE, .zh = "终止协议", .en = "End an agreement" },
	{ .name = "agreement_list_org", .method = METHOD_GET, .path = "/v1/training/org/agreements",
	  .callers = ROLE_INSTITUTION | ROLE_EMPLOYER, .scope = SCOPE_ORG, .action = "training.agreement.list_org",
	  .query = INPUT(agreement_query, agreement_query_fields), .list = true, .reply = agreement_shape,
	  .stmt = &stmt_agreement_list, .limit = LIMIT_READ,
	  .zh = "本单位的协议", .en = "List one's own agreements" },
	{ .name = "agreement_list", .method = METHOD_GET, .path = "/v1/training/agreements",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "training.agreement.list",
	  .query = INPUT(agreement_query, agreement_query_fields), .list = true, .reply = agreement_shape,
	  .stmt = &stmt_agreement_list, .limit = LIMIT_READ,
	  .zh = "辖区内的协议", .en = "List the agreements of the area" },
	ROUTE_END
};

static int64_t
heads(const struct list_of *occupations)
{
	const struct occupation_row	*o = occupations->items;
	int64_t				 n = 0;
	size_t				 i;

	for (i = 0; i < occupations->count; i++)
		n += o[i].headcount;
	return (n);
}

/* What all kinds refuse; 0 when there is nothing. */
static int
judge(struct call *c, const struct agreement_in *in)
{
	if (in->to_on < in->from_on || in->to_on < clock_today())
		return (call_reject(c, ERR_F_DATE_ORDER, "/to_on"));
	return (0);
}

/* A 订单班 promises hires, no more than the people it trains. */
static int
agreement_propose(struct call *c)
{
	const struct agreement_in	*in = c->body;
	struct uuid			 id = uuid_new();
	struct db_rows			 rows;
	int64_t				 n = heads(&in->occupations);
	int				 rc;

	if ((rc = judge(c, in)) != 0)
		return (rc);
	if (strcmp(in->kind, "order") == 0 && in->promised_hires == 0)
		return (call_reject(c, ERR_F_MISSING, "/promised_hires"));
	if (in->promised_hires > n)
		return (call_reject(c, ERR_F_LARGE, "/promised_hires"));
	call_object(c, &id);
	if (sql_agreement_propose(c->db, &rows, &id, &c->principal->org, in->kind, in->title, &in->other_id, n,
	    in->promised_hires == 0 ? NULL : &in->promised_hires, body_list_text(c, "occupations"),
	    in->from_on, in->to_on, in->terms) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
project_commission(struct call *c)
{
	const struct agreement_in	*in = c->body;
	struct uuid			 id = uuid_new();
	struct db_rows			 rows;
	int				 rc;

	if ((rc = judge(c, in)) != 0)
		return (rc);
	if (!call_in_area(c, in->county_code))
		return (call_reject(c, ERR_AREA, "/county_code"));
	call_object(c, &id);
	if (sql_project_commission(c->db, &rows, &id, &in->school_id, in->title, in->people,
	    heads(&in->occupations), body_list_text(c, "occupations"), in->from_on, in->to_on, in->terms,
	    in->county_code) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}
