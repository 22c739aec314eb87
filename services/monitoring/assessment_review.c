/*
 * assessment_review.c -- assessments, the officers' part: the forms as data, an
 * opinion, a result by another, its publication, and the end of it.
 *
 * Invariant: who handed in, whose opinion it is and who decides are different
 * people. The SQL is in sql/monitoring/queries/assessment.sql.
 */
#include "assessment.h"

#include "codes/codes.h"
#include "monitoring_sql.h"
#include "workflow/file.h"

#define QUESTIONS_MOST	32768

struct form_in {
	const char	*kind, *questions, *basis;
	int32_t		 from_on;
};

struct decide_in {
	bool		 approve;
	const char	*note;
};

struct judge_in {
	const char	*opinion, *result, *text;
};

struct assessment_query {
	const char	*kind, *state, *county_code;
	bool		 is_overdue;
};

const char *const assessment_kinds[] = { "policy", "impact", NULL };

static const char *const states[] = { "submitted", "returned", "opined", "concluded", "published", "closed",
	"withdrawn", NULL };
static const char *const opinions[] = { "favourable", "neutral", "adverse", NULL };
static const char *const results[] = { "agreed", "adjust", "stopped", NULL };

static const struct field form_fields[] = {
	FIELD_ENUM(form_in, kind, REQUIRED, assessment_kinds, "评估类别"),
	FIELD_JSON(form_in, questions, REQUIRED, QUESTIONS_MOST,
	    "问题列表：code、text、type（text、int、bool、choice）、required、choices"),
	FIELD_TEXT(form_in, basis, REQUIRED, 2, 200, "依据"),
	FIELD_DAY(form_in, from_on, REQUIRED, "自何日起用"),
	FIELD_END
};
static const struct field decide_fields[] = {
	FIELD_BOOL(decide_in, approve, REQUIRED, "批准，或不批准"),
	FIELD_TEXT(decide_in, note, REQUIRED, 2, 300, "理由"),
	FIELD_END
};
static const struct field opinion_fields[] = {
	FIELD_ENUM(judge_in, opinion, REQUIRED, opinions, "对就业的影响"),
	FIELD_TEXT(judge_in, text, REQUIRED, 2, 2000, "意见"),
	FIELD_END
};
static const struct field result_fields[] = {
	FIELD_ENUM(judge_in, result, REQUIRED, results, "结论"),
	FIELD_TEXT(judge_in, text, REQUIRED, 2, 2000, "理由，会公布"),
	FIELD_END
};
static const struct field assessment_query_fields[] = {
	FIELD_ENUM(assessment_query, kind, OPTIONAL, assessment_kinds, "评估类别"),
	FIELD_ENUM(assessment_query, state, OPTIONAL, states, "状态"),
	FIELD_CHECK(assessment_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_BOOL(assessment_query, is_overdue, OPTIONAL, "只看逾期的"),
	FIELD_END
};
static const struct field kind_query_fields[] = {
	FIELD_ENUM(assessment_query, kind, OPTIONAL, assessment_kinds, "评估类别"),
	FIELD_END
};

static const struct shape form_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "表单" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .help = "评估类别" },
	{ .name = "version", .type = SHAPE_T_INT, .help = "版本" },
	{ .name = "questions", .type = SHAPE_T_JSON, .help = "问题" },
	{ .name = "basis", .type = SHAPE_T_TEXT, .help = "依据" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "起" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .nullable = true, .help = "止" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "warning_setting_states", .help = "状态" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "理由" },
	SHAPE_END
};

#define ASSESSMENT_ROWS \
	{ .name = "id", .type = SHAPE_T_UUID, .help = "评估" }, \
	{ .name = "kind", .type = SHAPE_T_TEXT, .help = "评估类别" }, \
	{ .name = "version", .type = SHAPE_T_INT, .help = "表单版本" }, \
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "政策或项目名称" }, \
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "提交部门" }, \
	{ .name = "org_name", .type = SHAPE_T_TEXT, .help = "部门名称" }, \
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县级单位，或全市" }, \
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "assessment_states", .help = "状态" }, \
	{ .name = "due_on", .type = SHAPE_T_DAY, .nullable = true, .help = "下一步期限；空：未设定，或无下一步" }, \
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "退回、撤回或办结的说明" }, \
	{ .name = "submitted_at", .type = SHAPE_T_INSTANT, .help = "提交时间" }, \
	{ .name = "opinion", .type = SHAPE_T_TEXT, .nullable = true, .help = "对就业的影响" }, \
	{ .name = "opinion_text", .type = SHAPE_T_TEXT, .nullable = true, .help = "意见" }, \
	{ .name = "opinion_by", .type = SHAPE_T_UUID, .nullable = true, .help = "提出意见的人" }, \
	{ .name = "result", .type = SHAPE_T_TEXT, .nullable = true, .help = "结论" }, \
	{ .name = "result_text", .type = SHAPE_T_TEXT, .nullable = true, .help = "理由" }, \
	{ .name = "result_by", .type = SHAPE_T_UUID, .nullable = true, .help = "作出结论的人" }, \
	{ .name = "published_on", .type = SHAPE_T_DAY, .nullable = true, .help = "公布日期" }, \
	{ .name = "closed_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "办结时间" }

const struct shape assessment_shape[] = { ASSESSMENT_ROWS, SHAPE_END };

const struct shape assessment_follow_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "跟踪" },
	{ .name = "on_day", .type = SHAPE_T_DAY, .help = "截至" },
	{ .name = "text", .type = SHAPE_T_TEXT, .help = "落实情况" },
	{ .name = "jobs_made", .type = SHAPE_T_INT, .nullable = true, .help = "实际新增岗位" },
	{ .name = "jobs_lost", .type = SHAPE_T_INT, .nullable = true, .help = "实际减少岗位" },
	{ .name = "at", .type = SHAPE_T_INSTANT, .help = "登记时间" },
	SHAPE_END
};
static const struct shape assessment_full_shape[] = {
	ASSESSMENT_ROWS,
	{ .name = "questions", .type = SHAPE_T_JSON, .help = "问题" },
	{ .name = "answers", .type = SHAPE_T_JSON, .help = "答复" },
	{ .name = "follow_ups", .type = SHAPE_T_LIST, .of = assessment_follow_shape, .help = "落实情况" },
	{ .name = "files", .type = SHAPE_T_LIST, .of = file_shape, .help = "材料" },
	SHAPE_END
};
static const struct shape published_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "评估" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .help = "评估类别" },
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "政策或项目名称" },
	{ .name = "org_name", .type = SHAPE_T_TEXT, .help = "部门名称" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县级单位，或全市" },
	{ .name = "result", .type = SHAPE_T_TEXT, .help = "结论" },
	{ .name = "result_text", .type = SHAPE_T_TEXT, .help = "理由" },
	{ .name = "published_on", .type = SHAPE_T_DAY, .help = "公布日期" },
	SHAPE_END
};

#define READERS	(ROLE_DEPARTMENT | ROLE_CLERK | ROLE_ASSESSORS | ROLE_AUDIT)
#define MOVES	.emits = "monitoring.assessment.moved.v1", .limit = LIMIT_WRITE, .success = 200, .reply = assessment_shape

const struct route assessment_review_routes[] = {
	{ .name = "assessment_form_list", .method = METHOD_GET, .path = "/v1/monitoring/assessment-forms",
	  .callers = READERS, .scope = SCOPE_CALLER, .action = "monitoring.assessment_form.list",
	  .query = INPUT(assessment_query, kind_query_fields), .list = true, .reply = form_shape,
	  .stmt = &stmt_assessment_form_list, .limit = LIMIT_READ,
	  .zh = "评估表单各版", .en = "List the forms of assessments" },
	{ .name = "assessment_form_propose", .method = METHOD_POST, .path = "/v1/monitoring/assessment-forms",
	  .callers = ROLE_ASSESSORS, .scope = SCOPE_AREA, .action = "monitoring.assessment_form.propose",
	  .body = INPUT(form_in, form_fields), .reply = form_shape, .stmt = &stmt_assessment_form_propose,
	  .limit = LIMIT_WRITE, .zh = "提出新版评估表单", .en = "Propose a version of a form" },
	{ .name = "assessment_form_decide", .method = METHOD_POST, .path = "/v1/monitoring/assessment-forms/{id}/decide",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "monitoring.assessment_form.decide",
	  .body = INPUT(decide_in, decide_fields), .reply = form_shape, .success = 200,
	  .stmt = &stmt_assessment_form_decide, .limit = LIMIT_WRITE,
	  .zh = "批准评估表单", .en = "Approve or refuse a form" },
	{ .name = "assessment_list", .method = METHOD_GET, .path = "/v1/monitoring/assessments",
	  .callers = READERS, .scope = SCOPE_CALLER, .action = "monitoring.assessment.list",
	  .query = INPUT(assessment_query, assessment_query_fields), .list = true, .reply = assessment_shape,
	  .stmt = &stmt_assessment_list, .limit = LIMIT_READ,
	  .zh = "评估（本部门或辖区）", .en = "List assessments" },
	{ .name = "assessment_get", .method = METHOD_GET, .path = "/v1/monitoring/assessments/{id}",
	  .callers = READERS, .scope = SCOPE_CALLER, .action = "monitoring.assessment.read",
	  .reply = assessment_full_shape, .stmt = &stmt_assessment_get, .limit = LIMIT_READ,
	  .zh = "评估及其答复、材料、落实情况", .en = "Read an assessment" },
	{ .name = "assessment_return", .method = METHOD_POST, .path = "/v1/monitoring/assessments/{id}/return",
	  .callers = ROLE_FIRST_REVIEW | ROLE_RECHECK, .scope = SCOPE_AREA, .action = "monitoring.assessment.return",
	  .body = INPUT(note_in, note_fields), .stmt = &stmt_assessment_return, MOVES,
	  .zh = "退回评估，请补充", .en = "Return it to be put right" },
	{ .name = "assessment_opine", .method = METHOD_POST, .path = "/v1/monitoring/assessments/{id}/opinion",
	  .callers = ROLE_FIRST_REVIEW | ROLE_RECHECK, .scope = SCOPE_AREA, .action = "monitoring.assessment.opine",
	  .body = INPUT(judge_in, opinion_fields), .stmt = &stmt_assessment_opine, MOVES,
	  .zh = "就业部门提出评估意见", .en = "Give the employment department's opinion" },
	{ .name = "assessment_conclude", .method = METHOD_POST, .path = "/v1/monitoring/assessments/{id}/result",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "monitoring.assessment.conclude",
	  .body = INPUT(judge_in, result_fields), .stmt = &stmt_assessment_conclude, MOVES,
	  .zh = "作出评估结论", .en = "Decide the result" },
	{ .name = "assessment_publish", .method = METHOD_POST, .path = "/v1/monitoring/assessments/{id}/publish",
	  .callers = ROLE_ASSESSORS, .scope = SCOPE_AREA, .action = "monitoring.assessment.publish",
	  .stmt = &stmt_assessment_publish, MOVES, .zh = "公布评估结论", .en = "Publish the result" },
	{ .name = "assessment_close", .method = METHOD_POST, .path = "/v1/monitoring/assessments/{id}/close",
	  .callers = ROLE_RECHECK | ROLE_APPROVE, .scope = SCOPE_AREA, .action = "monitoring.assessment.close",
	  .body = INPUT(note_in, note_fields), .stmt = &stmt_assessment_close, MOVES,
	  .zh = "跟踪问效后办结评估", .en = "Close it, once it was followed up" },
	{ .name = "assessment_published_list", .method = METHOD_GET, .path = "/v1/monitoring/published-assessments",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "monitoring.assessment.published",
	  .query = INPUT(assessment_query, kind_query_fields), .list = true, .reply = published_shape,
	  .stmt = &stmt_assessment_published_list, .lane = DB_SYSTEM, .limit = LIMIT_READ,
	  .zh = "已公布的评估结论", .en = "List what was published" },
	ROUTE_END
};
