/*
 * rating.c -- 充分就业社区(村): measured from our own tables, applied for by the
 * community's clerk, checked by the county, approved by the city, measured
 * anew each year.
 *
 * Invariant: what falls short of the national bar, or of the city's where it
 * has set one, passes nobody; three steps are three people. The SQL is in
 * sql/jobs/queries/rating.sql.
 */
#include "labour.h"
#include "codes/codes.h"
#include "jobs_sql.h"

struct rating_in {
	const char	*village_code;
	int32_t		 from_on, to_on;
};

struct decide_in {
	const char	*decision;
	const char	*note;
};

struct rating_query {
	const char	*state;
	bool		 due;
	const char	*area_code;
};

struct bar_in {
	const char	*criterion;
	int64_t		 bar;
	int32_t		 from_on;
	const char	*basis;
};

static int	rating_measure(struct call *);
static int	rating_apply(struct call *);
static int	rating_rule_set(struct call *);

static const char *const states[] = { "applied", "checked", "approved", "refused", "withdrawn", NULL };
static const char *const decisions[] = { "pass", "refuse", NULL };
static const char *const criteria[] = { "willing", "registered", "difficult", "long_term",
	"registration", "families", NULL };

static const struct field rating_in_fields[] = {
	FIELD_CHECK(rating_in, village_code, REQUIRED, check_village, "社区（村）代码，12 位"),
	FIELD_DAY(rating_in, from_on, REQUIRED, "评定期起"),
	FIELD_DAY(rating_in, to_on, REQUIRED, "评定期止，不晚于今天"),
	FIELD_END
};

static const struct field decide_fields[] = {
	FIELD_ENUM(decide_in, decision, REQUIRED, decisions, "意见"),
	FIELD_TEXT(decide_in, note, REQUIRED, 2, 200, "说明"),
	FIELD_END
};

static const struct field note_fields[] = {
	FIELD_TEXT(decide_in, note, REQUIRED, 2, 200, "说明"),
	FIELD_END
};

static const struct field public_query_fields[] = {
	FIELD_CHECK(rating_query, area_code, OPTIONAL, check_area, "县区或乡镇"),
	FIELD_END
};

static const struct field rating_query_fields[] = {
	FIELD_ENUM(rating_query, state, OPTIONAL, states, "评定状态"),
	FIELD_BOOL(rating_query, due, OPTIONAL, "应当复核"),
	FIELD_END
};

static const struct field bar_fields[] = {
	FIELD_ENUM(bar_in, criterion, REQUIRED, criteria, "评定项目"),
	FIELD_INT(bar_in, bar, REQUIRED, 0, 10000, "标准（比率为万分之）"),
	FIELD_DAY(bar_in, from_on, OPTIONAL, "起始日期，默认今天"),
	FIELD_TEXT(bar_in, basis, REQUIRED, 2, 200, "依据"),
	FIELD_END
};

static const struct shape measure_shape[] = {
	{ .name = "criterion", .type = SHAPE_T_TEXT, .help = "评定项目" },
	{ .name = "value", .type = SHAPE_T_INT, .nullable = true, .help = "数值（比率为万分之）；无数据：空" },
	{ .name = "good", .type = SHAPE_T_INT, .nullable = true, .help = "符合数" },
	{ .name = "of", .type = SHAPE_T_INT, .nullable = true, .help = "总数" },
	{ .name = "national_bar", .type = SHAPE_T_INT, .nullable = true, .help = "国家标准" },
	{ .name = "city_bar", .type = SHAPE_T_INT, .nullable = true, .help = "市级标准" },
	{ .name = "city_text", .type = SHAPE_T_TEXT, .help = "市级标准，或未设定" },
	{ .name = "meets", .type = SHAPE_T_BOOL, .help = "达到" },
	SHAPE_END
};

static const struct shape measured_shape[] = {
	{ .name = "village_code", .type = SHAPE_T_TEXT, .help = "社区（村）" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "评定期起" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .help = "评定期止" },
	{ .name = "measures", .type = SHAPE_T_LIST, .of = measure_shape, .help = "各项结果" },
	{ .name = "meets", .type = SHAPE_T_BOOL, .help = "全部达到" },
	SHAPE_END
};

static const struct shape rating_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "评定" },
	{ .name = "village_code", .type = SHAPE_T_TEXT, .help = "社区（村）" },
	{ .name = "village_name", .type = SHAPE_T_TEXT, .help = "社区（村）名称" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "评定期起" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .help = "评定期止" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "rating_states", .help = "评定状态" },
	{ .name = "measures", .type = SHAPE_T_LIST, .of = measure_shape, .help = "各项结果" },
	{ .name = "meets", .type = SHAPE_T_BOOL, .help = "全部达到" },
	{ .name = "approved_on", .type = SHAPE_T_DAY, .nullable = true, .help = "认定日期" },
	{ .name = "valid_to", .type = SHAPE_T_DAY, .nullable = true, .help = "有效期至" },
	{ .name = "recheck_due", .type = SHAPE_T_BOOL, .help = "应当复核" },
	{ .name = "rechecked_on", .type = SHAPE_T_DAY, .nullable = true, .help = "复核日期" },
	{ .name = "recheck_meets", .type = SHAPE_T_BOOL, .nullable = true, .help = "复核达到" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "说明" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "申报时间" },
	SHAPE_END
};

static const struct shape public_shape[] = {
	{ .name = "village_code", .type = SHAPE_T_TEXT, .help = "社区（村）" },
	{ .name = "village_name", .type = SHAPE_T_TEXT, .help = "社区（村）名称" },
	{ .name = "approved_on", .type = SHAPE_T_DAY, .help = "认定日期" },
	{ .name = "valid_to", .type = SHAPE_T_DAY, .help = "有效期至" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	SHAPE_END
};

static const struct shape figure_shape[] = {
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区；431100 为全市" },
	{ .name = "applied", .type = SHAPE_T_INT, .help = "已申报" },
	{ .name = "checked", .type = SHAPE_T_INT, .help = "县级已审核" },
	{ .name = "approved", .type = SHAPE_T_INT, .help = "已认定" },
	{ .name = "recheck_due", .type = SHAPE_T_INT, .help = "应当复核" },
	{ .name = "withdrawn", .type = SHAPE_T_INT, .help = "已撤销" },
	{ .name = "target", .type = SHAPE_T_INT, .nullable = true, .help = "目标数" },
	{ .name = "target_text", .type = SHAPE_T_TEXT, .help = "目标数，或未设定" },
	SHAPE_END
};

static const struct shape bar_shape[] = {
	{ .name = "criterion", .type = SHAPE_T_TEXT, .help = "评定项目" },
	{ .name = "bar", .type = SHAPE_T_INT, .help = "标准" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "起始日期" },
	{ .name = "basis", .type = SHAPE_T_TEXT, .help = "依据" },
	SHAPE_END
};

const struct route rating_routes[] = {
	{ .name = "rating_measure", .method = METHOD_GET, .path = "/v1/jobs/rating-measures",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "jobs.rating.measure",
	  .query = INPUT(rating_in, rating_in_fields), .reply = measured_shape, .handler = rating_measure,
	  .limit = LIMIT_READ, .zh = "测算社区（村）充分就业情况", .en = "Measure a community before applying" },
	{ .name = "rating_apply", .method = METHOD_POST, .path = "/v1/jobs/ratings",
	  .callers = ROLE_CLERK, .scope = SCOPE_AREA, .action = "jobs.rating.apply",
	  .body = INPUT(rating_in, rating_in_fields), .reply = rating_shape, .handler = rating_apply,
	  .limit = LIMIT_WRITE, .matter = "JB-30",
	  .zh = "申报充分就业社区（村）", .en = "Apply as a community of full employment" },
	{ .name = "rating_check", .method = METHOD_POST, .path = "/v1/jobs/ratings/{id}/check",
	  .callers = ROLE_FIRST_REVIEW | ROLE_RECHECK, .scope = SCOPE_AREA, .action = "jobs.rating.check",
	  .body = INPUT(decide_in, decide_fields), .reply = rating_shape, .success = 200,
	  .stmt = &stmt_rating_check, .limit = LIMIT_WRITE,
	  .zh = "县级审核充分就业社区（村）", .en = "Check an application (county)" },
	{ .name = "rating_approve", .method = METHOD_POST, .path = "/v1/jobs/ratings/{id}/approve",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "jobs.rating.approve",
	  .body = INPUT(decide_in, decide_fields), .reply = rating_shape, .success = 200,
	  .stmt = &stmt_rating_approve, .emits = "jobs.unit.moved.v1", .limit = LIMIT_WRITE,
	  .zh = "市级认定充分就业社区（村）", .en = "Approve a community of full employment (city)" },
	{ .name = "rating_recheck", .method = METHOD_POST, .path = "/v1/jobs/ratings/{id}/recheck",
	  .callers = ROLE_FIRST_REVIEW | ROLE_RECHECK, .scope = SCOPE_AREA, .action = "jobs.rating.recheck",
	  .body = INPUT(decide_in, note_fields), .reply = rating_shape, .success = 200,
	  .stmt = &stmt_rating_recheck, .limit = LIMIT_WRITE,
	  .zh = "年度复核充分就业社区（村）", .en = "Measure an approved community anew" },
	{ .name = "rating_withdraw", .method = METHOD_POST, .path = "/v1/jobs/ratings/{id}/withdraw",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "jobs.rating.withdraw",
	  .body = INPUT(decide_in, note_fields), .reply = rating_shape, .success = 200,
	  .stmt = &stmt_rating_withdraw, .emits = "jobs.unit.moved.v1", .limit = LIMIT_WRITE,
	  .zh = "撤销充分就业社区（村）", .en = "Withdraw an approval (city)" },
	{ .name = "rating_public_list", .method = METHOD_GET, .path = "/v1/jobs/ratings",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "jobs.rating.public",
	  .query = INPUT(rating_query, public_query_fields), .list = true, .reply = public_shape,
	  .stmt = &stmt_rating_public_list, .limit = LIMIT_READ,
	  .zh = "充分就业社区（村）名单", .en = "Communities of full employment" },
	{ .name = "rating_list", .method = METHOD_GET, .path = "/v1/jobs/rating-register",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "jobs.rating.list",
	  .query = INPUT(rating_query, rating_query_fields), .list = true, .reply = rating_shape,
	  .stmt = &stmt_rating_list, .limit = LIMIT_READ,
	  .zh = "辖区评定台账", .en = "Ratings of one's area" },
	{ .name = "rating_figures", .method = METHOD_GET, .path = "/v1/jobs/figures/ratings",
	  .callers = ROLE_CASE_OFFICERS | ROLE_STATS, .scope = SCOPE_AREA, .action = "jobs.rating.figures",
	  .list = true, .reply = figure_shape, .stmt = &stmt_rating_figures, .limit = LIMIT_READ,
	  .zh = "充分就业社区（村）数量与目标", .en = "Ratings against the target" },
	{ .name = "rating_rule_set", .method = METHOD_POST, .path = "/v1/jobs/rating-rules",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "jobs.rating.rule",
	  .body = INPUT(bar_in, bar_fields), .reply = bar_shape, .handler = rating_rule_set,
	  .limit = LIMIT_WRITE, .zh = "市级设定评定标准", .en = "Set the city's own bar" },
	ROUTE_END
};

static int
rating_measure(struct call *c)
{
	const struct rating_in	*q = c->query;
	struct db_rows		 rows;

	if (q->to_on < q->from_on)
		return (call_reject(c, ERR_F_DATE_ORDER, "to_on"));
	if (sql_rating_measure(c->db, &rows, q->village_code, area_county(q->village_code), q->from_on,
	    q->to_on) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
rating_apply(struct call *c)
{
	const struct rating_in	*in = c->body;
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;

	if (!call_in_area(c, in->village_code))
		return (call_reject(c, ERR_AREA, "/village_code"));
	if (in->to_on < in->from_on)
		return (call_reject(c, ERR_F_DATE_ORDER, "/to_on"));
	if (in->to_on > clock_today())
		return (call_reject(c, ERR_F_DATE_FUTURE, "/to_on"));
	call_object(c, &id);
	if (sql_rating_apply(c->db, &rows, &id, in->village_code, area_name(in->village_code),
	    area_county(in->village_code), in->from_on, in->to_on) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
rating_rule_set(struct call *c)
{
	const struct bar_in	*in = c->body;
	struct db_rows		 rows;

	if (!principal_has(c->principal, ROLE_APPROVE, AREA_CITY))
		return (call_reject(c, ERR_AREA, NULL));
	if (sql_rating_rule_set(c->db, &rows, in->criterion, in->bar, in->from_on, in->basis) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}
