/*
 * survey_report.c -- 失业动态监测: the monthly report of a sampled enterprise,
 * by its own account or by a clerk of its county; county and city review it;
 * the job-loss rate that comes of them.
 *
 * Invariant: a report that contradicts itself is never handed in, and one that
 * was accepted is never changed. The SQL is in
 * sql/monitoring/queries/survey_report.sql.
 */
#include <string.h>

#include "codes/codes.h"
#include "monitoring.h"
#include "monitoring_sql.h"
#include "survey.h"
#include "svc/svc.h"

#define ROLE_REVIEW	(ROLE_FIRST_REVIEW | ROLE_RECHECK | ROLE_APPROVE)
#define ROLE_READ	(ROLE_CLERK | ROLE_REVIEW | ROLE_AUDIT)
#define TURN_MS		60000

struct judge_in {
	bool		 pass;
	const char	*note;
};

struct correct_in {
	const char	*why;
};

struct report_query {
	const char	*state, *county_code;
	struct uuid	 firm_id;
	int32_t		 month;
	bool		 is_overdue;
};

struct rate_query {
	const char	*by, *county_code, *industry_code;
	int32_t		 from_month, until_month;
};

static int	survey_report_draft(struct call *);
static int	survey_report_submit(struct call *);
static int	survey_report_review(struct call *);
static int	survey_report_accept(struct call *);
static int	survey_rate_list(struct call *);
static int	survey_loss_list(struct call *);
static int	report_save(struct call *, const char *next);
static int	report_judge(struct call *, const char *step);
static const struct json *parsed(struct call *, const struct db_rows *, const char *);
static const char *reasons_text(struct call *);

static const char *const report_states[] = { "open", "draft", "submitted", "reviewed", "accepted",
	"returned", "replaced", NULL };
static const char *const rate_by[] = { "county", "industry", "month", NULL };
static const char *const loss_by[] = { "type", "reason", NULL };

static const struct field reason_fields[] = {
	FIELD_TEXT(survey_reason, code, REQUIRED, 1, 40, "减员原因"),
	FIELD_TEXT(survey_reason, text, OPTIONAL, 2, SURVEY_TEXT_MAX, "原因为其他时的说明"),
	FIELD_END
};
static const struct field report_fields[] = {
	FIELD_INT(survey_in, base_heads, REQUIRED, 1, SURVEY_HEADS_MAX, "建档期就业人数"),
	FIELD_INT(survey_in, current_heads, REQUIRED, 0, SURVEY_HEADS_MAX, "调查期就业人数"),
	FIELD_TEXT(survey_in, decrease_type, OPTIONAL, 1, 40, "减员类型，人数减少时必填"),
	FIELD_TEXT(survey_in, decrease_text, OPTIONAL, 2, SURVEY_TEXT_MAX, "类型为其他时的说明"),
	FIELD_LIST(survey_in, reasons, OPTIONAL, 0, SURVEY_REASONS_MAX, survey_reason, reason_fields,
	    "减员原因，人数减少时必填，互不相同"),
	FIELD_JSON(survey_in, more, OPTIONAL, SURVEY_MORE_BYTES, "其他调查项目：{代码: 数或文字}"),
	FIELD_END
};
static const struct field judge_fields[] = {
	FIELD_BOOL(judge_in, pass, REQUIRED, "是否通过"),
	FIELD_TEXT(judge_in, note, OPTIONAL, 2, 300, "意见，退回时必填"),
	FIELD_END
};
static const struct field correct_fields[] = {
	FIELD_TEXT(correct_in, why, REQUIRED, 2, 300, "更正原因"),
	FIELD_END
};
static const struct field report_query_fields[] = {
	FIELD_DAY(report_query, month, OPTIONAL, "月份，一日"),
	FIELD_ENUM(report_query, state, OPTIONAL, report_states, "状态"),
	FIELD_CHECK(report_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_UUID(report_query, firm_id, OPTIONAL, "样本单位"),
	FIELD_BOOL(report_query, is_overdue, OPTIONAL, "是否逾期未报"),
	FIELD_END
};
static const struct field rate_query_fields[] = {
	FIELD_ENUM(rate_query, by, OPTIONAL, rate_by, "分组，默认按县区"),
	FIELD_DAY(rate_query, from_month, OPTIONAL, "首月，默认本月"),
	FIELD_DAY(rate_query, until_month, OPTIONAL, "末月，默认同首月"),
	FIELD_CHECK(rate_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_CHECK(rate_query, industry_code, OPTIONAL, check_industry, "行业门类"),
	FIELD_END
};

static const struct field loss_query_fields[] = {
	FIELD_ENUM(rate_query, by, OPTIONAL, loss_by, "按减员类型或减员原因，默认按类型"),
	FIELD_DAY(rate_query, from_month, OPTIONAL, "月份，一日；默认本月"),
	FIELD_CHECK(rate_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_END
};

static const struct shape reason_shape[] = {
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "减员原因" },
	{ .name = "text", .type = SHAPE_T_TEXT, .nullable = true, .help = "说明" },
	SHAPE_END
};
static const struct shape step_shape[] = {
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "survey_report_states", .help = "状态" },
	{ .name = "via", .type = SHAPE_T_TEXT, .nullable = true, .help = "由单位或窗口填报" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "意见" },
	{ .name = "at", .type = SHAPE_T_TEXT, .help = "时间" },
	SHAPE_END
};
#define REPORT_SHAPE								\
	{ .name = "id", .type = SHAPE_T_UUID, .help = "月报" },			\
	{ .name = "firm_id", .type = SHAPE_T_UUID, .help = "样本单位" },		\
	{ .name = "panel_id", .type = SHAPE_T_UUID, .help = "样本" },		\
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "单位" },		\
	{ .name = "org_name", .type = SHAPE_T_TEXT, .help = "单位名称" },		\
	{ .name = "industry_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "行业门类" }, \
	{ .name = "month", .type = SHAPE_T_DAY, .help = "月份" },		\
	{ .name = "version", .type = SHAPE_T_INT, .help = "第几版" },		\
	{ .name = "form_version", .type = SHAPE_T_INT, .help = "表式版本" },	\
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "survey_report_states", .help = "状态" }, \
	{ .name = "base_heads", .type = SHAPE_T_INT, .nullable = true, .help = "建档期就业人数" }, \
	{ .name = "current_heads", .type = SHAPE_T_INT, .nullable = true, .help = "调查期就业人数" }, \
	{ .name = "decrease_type", .type = SHAPE_T_TEXT, .nullable = true, .help = "减员类型" }, \
	{ .name = "decrease_text", .type = SHAPE_T_TEXT, .nullable = true, .help = "类型说明" }, \
	{ .name = "reasons", .type = SHAPE_T_LIST, .of = reason_shape, .help = "减员原因" }, \
	{ .name = "more", .type = SHAPE_T_JSON, .help = "其他调查项目" },		\
	{ .name = "due_on", .type = SHAPE_T_DAY, .nullable = true, .help = "填报截止日；未设定时限则为空" }, \
	{ .name = "is_overdue", .type = SHAPE_T_BOOL, .help = "逾期未报" },	\
	{ .name = "via", .type = SHAPE_T_TEXT, .nullable = true, .help = "由单位或窗口填报" }, \
	{ .name = "submitted_by", .type = SHAPE_T_UUID, .nullable = true, .help = "填报人" }, \
	{ .name = "submitted_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "填报时间" }, \
	{ .name = "reviewed_by", .type = SHAPE_T_UUID, .nullable = true, .help = "县级审核人" }, \
	{ .name = "accepted_by", .type = SHAPE_T_UUID, .nullable = true, .help = "市级审核人" }, \
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "意见" }, \
	{ .name = "why", .type = SHAPE_T_TEXT, .nullable = true, .help = "更正原因" }, \
	{ .name = "reminded_on", .type = SHAPE_T_DAY, .nullable = true, .help = "最近催报日期" }, \
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },		\
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "下发时间" }
static const struct shape report_shape[] = { REPORT_SHAPE, SHAPE_END };
static const struct shape report_whole_shape[] = {
	REPORT_SHAPE,
	{ .name = "steps", .type = SHAPE_T_LIST, .of = step_shape, .help = "办理经过" },
	SHAPE_END
};
static const struct shape rate_shape[] = {
	{ .name = "county_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "县区" },
	{ .name = "industry_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "行业门类" },
	{ .name = "month", .type = SHAPE_T_DAY, .nullable = true, .help = "月份" },
	{ .name = "due", .type = SHAPE_T_INT, .help = "应报单位" },
	{ .name = "reported", .type = SHAPE_T_INT, .help = "已报单位" },
	{ .name = "overdue", .type = SHAPE_T_INT, .help = "逾期未报单位" },
	{ .name = "reporting_milli", .type = SHAPE_T_INT, .nullable = true, .help = "报送率（千分之）" },
	{ .name = "accepted", .type = SHAPE_T_INT, .nullable = true, .help = "已通过审核的月报" },
	{ .name = "base_heads", .type = SHAPE_T_INT, .nullable = true, .help = "建档期就业人数" },
	{ .name = "current_heads", .type = SHAPE_T_INT, .nullable = true, .help = "调查期就业人数" },
	{ .name = "loss_bp", .type = SHAPE_T_INT, .nullable = true,
	  .help = "岗位流失率（万分之）；没有通过审核的月报时为空" },
	{ .name = "is_hidden", .type = SHAPE_T_BOOL, .help = "单位过少，已隐去" },
	SHAPE_END
};
static const struct shape rates_shape[] = {
	{ .name = "by", .type = SHAPE_T_TEXT, .help = "分组" },
	{ .name = "from_month", .type = SHAPE_T_DAY, .help = "首月" },
	{ .name = "until_month", .type = SHAPE_T_DAY, .help = "末月" },
	{ .name = "items", .type = SHAPE_T_LIST, .of = rate_shape, .help = "各组" },
	SHAPE_END
};
static const struct shape loss_shape[] = {
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "减员类型或原因" },
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "名称" },
	{ .name = "firms", .type = SHAPE_T_INT, .nullable = true, .help = "填报该项的减员单位" },
	{ .name = "lost_heads", .type = SHAPE_T_INT, .nullable = true,
	  .help = "这些单位比建档期减少的人数；一家填多个原因的，各原因都计入" },
	{ .name = "is_hidden", .type = SHAPE_T_BOOL, .help = "单位过少，已隐去" },
	SHAPE_END
};
static const struct shape losses_shape[] = {
	{ .name = "by", .type = SHAPE_T_TEXT, .help = "分组" },
	{ .name = "from_month", .type = SHAPE_T_DAY, .help = "月份" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "县区" },
	{ .name = "firms", .type = SHAPE_T_INT, .nullable = true, .help = "减员单位" },
	{ .name = "lost_heads", .type = SHAPE_T_INT, .nullable = true, .help = "减少的人数" },
	{ .name = "is_hidden", .type = SHAPE_T_BOOL, .help = "单位过少，已隐去" },
	{ .name = "items", .type = SHAPE_T_LIST, .of = loss_shape, .help = "各组，人数多的在前" },
	SHAPE_END
};

#define MOVED	"monitoring.survey_report.moved.v1"

const struct route survey_report_routes[] = {
	{ .name = "survey_report_list", .method = METHOD_GET, .path = "/v1/monitoring/survey-reports",
	  .callers = ROLE_EMPLOYER | ROLE_READ, .scope = SCOPE_CALLER,
	  .action = "monitoring.survey_report.list", .query = INPUT(report_query, report_query_fields),
	  .list = true, .reply = report_shape, .stmt = &stmt_survey_report_list, .limit = LIMIT_READ,
	  .zh = "失业动态监测月报（含逾期清单）", .en = "List monthly reports; the overdue ones too" },
	{ .name = "survey_report_get", .method = METHOD_GET, .path = "/v1/monitoring/survey-reports/{id}",
	  .callers = ROLE_EMPLOYER | ROLE_READ, .scope = SCOPE_CALLER,
	  .action = "monitoring.survey_report.get", .reply = report_whole_shape,
	  .stmt = &stmt_survey_report_get, .limit = LIMIT_READ,
	  .zh = "查看月报及办理经过", .en = "Read a report with its steps" },
	{ .name = "survey_report_draft", .method = METHOD_PUT, .path = "/v1/monitoring/survey-reports/{id}",
	  .callers = ROLE_EMPLOYER | ROLE_CLERK, .scope = SCOPE_CALLER,
	  .action = "monitoring.survey_report.draft", .body = INPUT(survey_in, report_fields),
	  .reply = report_shape, .handler = survey_report_draft, .emits = MOVED, .limit = LIMIT_WRITE,
	  .zh = "暂存月报", .en = "Keep a report as a draft" },
	{ .name = "survey_report_submit", .method = METHOD_POST,
	  .path = "/v1/monitoring/survey-reports/{id}/submit",
	  .callers = ROLE_EMPLOYER | ROLE_CLERK, .scope = SCOPE_CALLER,
	  .action = "monitoring.survey_report.submit", .body = INPUT(survey_in, report_fields),
	  .reply = report_shape, .success = 200, .handler = survey_report_submit, .emits = MOVED,
	  .limit = LIMIT_WRITE, .matter = "MO-01",
	  .zh = "报送失业动态监测月报", .en = "Hand in the monthly report, by the firm or by a clerk" },
	{ .name = "survey_report_review", .method = METHOD_POST,
	  .path = "/v1/monitoring/survey-reports/{id}/review",
	  .callers = ROLE_FIRST_REVIEW, .scope = SCOPE_AREA, .action = "monitoring.survey_report.review",
	  .body = INPUT(judge_in, judge_fields), .reply = report_shape, .success = 200,
	  .handler = survey_report_review, .emits = MOVED, .limit = LIMIT_WRITE,
	  .zh = "县级审核月报", .en = "Review a report, or return it; the county" },
	{ .name = "survey_report_accept", .method = METHOD_POST,
	  .path = "/v1/monitoring/survey-reports/{id}/accept",
	  .callers = ROLE_RECHECK | ROLE_APPROVE, .scope = SCOPE_AREA,
	  .action = "monitoring.survey_report.accept", .body = INPUT(judge_in, judge_fields),
	  .reply = report_shape, .success = 200, .handler = survey_report_accept, .emits = MOVED,
	  .limit = LIMIT_WRITE, .zh = "市级审核月报", .en = "Accept a report, or return it; the city" },
	{ .name = "survey_report_correct", .method = METHOD_POST,
	  .path = "/v1/monitoring/survey-reports/{id}/corrections",
	  .callers = ROLE_EMPLOYER | ROLE_CLERK, .scope = SCOPE_CALLER,
	  .action = "monitoring.survey_report.correct", .body = INPUT(correct_in, correct_fields),
	  .reply = report_shape, .stmt = &stmt_survey_report_correct, .emits = MOVED, .limit = LIMIT_WRITE,
	  .zh = "更正已通过的月报（新版本）", .en = "Correct an accepted report: a new version, the old is kept" },
	{ .name = "survey_report_remind", .method = METHOD_POST,
	  .path = "/v1/monitoring/survey-reports/{id}/remind",
	  .callers = ROLE_CLERK | ROLE_REVIEW, .scope = SCOPE_AREA,
	  .action = "monitoring.survey_report.remind", .reply = report_shape, .success = 200,
	  .stmt = &stmt_survey_report_remind, .limit = LIMIT_WRITE,
	  .zh = "催报", .en = "Remind the firm, once a day" },
	{ .name = "survey_rate_list", .method = METHOD_GET, .path = "/v1/monitoring/survey-rates",
	  .callers = ROLE_FIGURES, .scope = SCOPE_AREA, .action = "monitoring.survey_rate.list",
	  .query = INPUT(rate_query, rate_query_fields), .reply = rates_shape,
	  .handler = survey_rate_list, .limit = LIMIT_READ,
	  .zh = "岗位流失率和报送率", .en = "Job-loss rate and reporting rate by county, industry or month" },
	{ .name = "survey_loss_list", .method = METHOD_GET, .path = "/v1/monitoring/survey-losses",
	  .callers = ROLE_FIGURES, .scope = SCOPE_AREA, .action = "monitoring.survey_loss.list",
	  .query = INPUT(rate_query, loss_query_fields), .reply = losses_shape,
	  .handler = survey_loss_list, .limit = LIMIT_READ,
	  .zh = "减员的类型和原因", .en = "Why surveyed firms lost people in a month, by type or reason" },
	ROUTE_END
};

static int
survey_report_draft(struct call *c)
{
	return (report_save(c, "draft"));
}

static int
survey_report_submit(struct call *c)
{
	return (report_save(c, "submitted"));
}

static int
report_save(struct call *c, const char *next)
{
	const struct survey_in	*in = c->body;
	struct json_errors	 errors = { .count = 0 };
	struct survey_terms	 terms;
	struct db_rows		 rows;
	const char		*state;

	if (sql_survey_report_terms(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	state = db_text(&rows, 0, "state");
	if (strcmp(state, "open") != 0 && strcmp(state, "draft") != 0 && strcmp(state, "returned") != 0)
		return (call_reject(c, ERR_STATE, NULL));
	terms = (struct survey_terms){
		.types = parsed(c, &rows, "types"), .reasons = parsed(c, &rows, "reasons"),
		.more = parsed(c, &rows, "more"), .reasons_most = db_int(&rows, 0, "reasons_most"),
		.base_heads = db_int(&rows, 0, "base_heads")
	};
	survey_judge(c->arena, in, &terms, strcmp(next, "submitted") == 0, &errors);
	if (errors.count > 0)
		return (call_reject_fields(c, &errors));
	if (sql_survey_report_save(c->db, &rows, &c->id, next, &in->base_heads, &in->current_heads,
	    in->decrease_type, in->decrease_text, reasons_text(c), in->more) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static const struct json *
parsed(struct call *c, const struct db_rows *rows, const char *col)
{
	const char	*text = db_text(rows, 0, col);

	return (json_parse(c->arena, text, strlen(text)));
}

/* As it was sent: decoding has judged every item. */
static const char *
reasons_text(struct call *c)
{
	const struct json	*list = json_get(json_parse(c->arena, c->raw.p, c->raw.len), "reasons");

	return (list == NULL || json_is_null(list) ? NULL : json_text(c->arena, list));
}

static int
survey_report_review(struct call *c)
{
	return (report_judge(c, "review"));
}

static int
survey_report_accept(struct call *c)
{
	return (report_judge(c, "accept"));
}

static int
report_judge(struct call *c, const char *step)
{
	const struct judge_in	*in = c->body;
	struct db_rows		 rows;

	if (sql_survey_report_judge(c->db, &rows, &c->id, step, in->pass, in->note) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
survey_rate_list(struct call *c)
{
	struct rate_query	 q = *(const struct rate_query *)c->query;
	bool			 hide = (c->principal->roles & ROLE_READ) == 0;
	struct db_rows		 rows;

	if (q.from_month == DAY_NONE)
		q.from_month = day_month_first(clock_today());
	if (q.until_month == DAY_NONE)
		q.until_month = q.from_month;
	if (q.until_month < q.from_month)
		return (call_reject(c, ERR_F_DATE_ORDER, "until_month"));
	if (sql_survey_rate_list(c->db, &rows, q.by != NULL ? q.by : "county", q.from_month,
	    q.until_month, q.county_code, q.industry_code, hide) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
survey_loss_list(struct call *c)
{
	const struct rate_query	*q = c->query;
	bool			 hide = (c->principal->roles & ROLE_READ) == 0;
	struct db_rows		 rows;

	if (sql_survey_loss_list(c->db, &rows, q->by != NULL ? q->by : "type",
	    q->from_month != DAY_NONE ? q->from_month : day_month_first(clock_today()), q->county_code, hide) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static void
survey_turn(void)
{
	db_alone(&stmt_survey_turn);
}

void
survey_start(void)
{
	svc_every("monitoring.survey", TURN_MS, survey_turn);
}
