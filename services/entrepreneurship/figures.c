/*
 * figures.c -- figures of entrepreneurship as of a day, for statisticians and
 * officers: carriers against what is aimed at, firms alive, jobs created,
 * people trained, awards paid.
 *
 * Invariant: fewer than five people are not shown. The SQL is in
 * sql/entrepreneurship/queries/figures.sql.
 */
#include "entrepreneurship.h"
#include "codes/codes.h"
#include "entrepreneurship_sql.h"

#define READERS	(ROLE_CASE_OFFICERS | ROLE_STATS | ROLE_FINANCE | ROLE_FISCAL)

struct figure_query {
	const char	*county_code, *by;
	int32_t		 on_day, from_on, to_on;
};

static const char *const job_cuts[] = { "month", "county", "carrier", NULL };
static const char *const cuts[] = { "month", "county", NULL };

static const struct field county_fields[] = {
	FIELD_CHECK(figure_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_END
};
static const struct field day_fields[] = {
	FIELD_CHECK(figure_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_DAY(figure_query, on_day, OPTIONAL, "截至日期，默认今天"),
	FIELD_END
};
static const struct field job_fields[] = {
	FIELD_ENUM(figure_query, by, REQUIRED, job_cuts, "按月、按县区、按载体"),
	FIELD_CHECK(figure_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_DAY(figure_query, from_on, OPTIONAL, "日期自"),
	FIELD_DAY(figure_query, to_on, OPTIONAL, "日期至，默认今天"),
	FIELD_END
};
static const struct field trained_fields[] = {
	FIELD_ENUM(figure_query, by, REQUIRED, cuts, "按月、按县区"),
	FIELD_CHECK(figure_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_DAY(figure_query, from_on, OPTIONAL, "日期自"),
	FIELD_DAY(figure_query, to_on, OPTIONAL, "日期至，默认今天"),
	FIELD_END
};

static const struct shape target_shape[] = {
	{ .name = "kind", .type = SHAPE_T_TEXT, .codes = "carrier_kinds", .help = "载体类型" },
	{ .name = "target", .type = SHAPE_T_INT, .help = "全市目标" },
	{ .name = "recognised", .type = SHAPE_T_INT, .help = "已认定" },
	{ .name = "basis", .type = SHAPE_T_TEXT, .help = "依据" },
	{ .name = "as_of", .type = SHAPE_T_DAY, .help = "截至" },
	SHAPE_END
};
static const struct shape carrier_figure_shape[] = {
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .codes = "carrier_kinds", .help = "载体类型" },
	{ .name = "carriers", .type = SHAPE_T_INT, .help = "登记的载体" },
	{ .name = "recognised", .type = SHAPE_T_INT, .help = "已认定" },
	{ .name = "places", .type = SHAPE_T_INT, .help = "可容纳企业" },
	{ .name = "tenants", .type = SHAPE_T_INT, .help = "在驻企业" },
	{ .name = "as_of", .type = SHAPE_T_DAY, .help = "截至" },
	SHAPE_END
};
static const struct shape survival_shape[] = {
	{ .name = "year", .type = SHAPE_T_INT, .help = "入驻年度" },
	{ .name = "firms", .type = SHAPE_T_INT, .help = "入驻企业" },
	{ .name = "due_1", .type = SHAPE_T_INT, .help = "已满一年" },
	{ .name = "due_2", .type = SHAPE_T_INT, .help = "已满两年" },
	{ .name = "due_3", .type = SHAPE_T_INT, .help = "已满三年" },
	{ .name = "alive_1", .type = SHAPE_T_INT, .nullable = true, .help = "满一年时存活，空为尚无满一年的" },
	{ .name = "alive_2", .type = SHAPE_T_INT, .nullable = true, .help = "满两年时存活" },
	{ .name = "alive_3", .type = SHAPE_T_INT, .nullable = true, .help = "满三年时存活" },
	{ .name = "as_of", .type = SHAPE_T_DAY, .help = "截至" },
	SHAPE_END
};
static const struct shape people_shape[] = {
	{ .name = "key", .type = SHAPE_T_TEXT, .codes = "areas", .help = "月份、县区或载体" },
	{ .name = "by", .type = SHAPE_T_TEXT, .codes = "startup_figure_cuts", .help = "按什么分" },
	{ .name = "people", .type = SHAPE_T_INT, .nullable = true, .help = "人数，一人一次，少于 5 人不显示" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "县区" },
	{ .name = "as_of", .type = SHAPE_T_DAY, .help = "截至" },
	SHAPE_END
};
static const struct shape trained_shape[] = {
	{ .name = "key", .type = SHAPE_T_TEXT, .codes = "areas", .help = "月份或县区" },
	{ .name = "by", .type = SHAPE_T_TEXT, .codes = "startup_figure_cuts", .help = "按什么分" },
	{ .name = "times", .type = SHAPE_T_INT, .nullable = true, .help = "人次，少于 5 不显示" },
	{ .name = "people", .type = SHAPE_T_INT, .nullable = true, .help = "人数，少于 5 不显示" },
	{ .name = "passed", .type = SHAPE_T_INT, .nullable = true, .help = "合格人数，少于 5 不显示" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "县区" },
	{ .name = "as_of", .type = SHAPE_T_DAY, .help = "截至" },
	SHAPE_END
};
static const struct shape award_figure_shape[] = {
	{ .name = "policy_code", .type = SHAPE_T_TEXT, .help = "政策" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "payments", .type = SHAPE_T_INT, .help = "笔数" },
	{ .name = "paid_cents", .type = SHAPE_T_INT, .help = "已发放（分）" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" },
	{ .name = "as_of", .type = SHAPE_T_DAY, .help = "截至" },
	SHAPE_END
};

#define FIGURE_ROW(n, p, q, s, z, e)					\
	{ .name = "figure_" #n, .method = METHOD_GET, .path = "/v1/entrepreneurship/figures/" p, \
	  .callers = READERS, .scope = SCOPE_AREA, .action = "entrepreneurship.figure." #n, \
	  .query = q, .list = true, .reply = s, .stmt = &stmt_figure_##n, .limit = LIMIT_READ, \
	  .zh = z, .en = e }
#define ASKS(f)	INPUT(figure_query, f)

const struct route figure_routes[] = {
	{ .name = "figure_targets", .method = METHOD_GET, .path = "/v1/entrepreneurship/figures/targets",
	  .callers = READERS, .scope = SCOPE_AREA, .action = "entrepreneurship.figure.targets",
	  .list = true, .reply = target_shape, .stmt = &stmt_figure_targets, .limit = LIMIT_READ,
	  .zh = "创业载体数量与目标", .en = "Carriers against what is aimed at" },
	FIGURE_ROW(carriers, "carriers", ASKS(county_fields), carrier_figure_shape,
	    "各县区创业载体", "Carriers by county and kind"),
	FIGURE_ROW(survival, "survival", ASKS(day_fields), survival_shape,
	    "入驻企业一、二、三年存活", "Firms alive after one, two and three years"),
	FIGURE_ROW(jobs, "jobs", ASKS(job_fields), people_shape,
	    "创业带动就业人数", "Jobs created, by month, county or carrier"),
	FIGURE_ROW(trained, "trained", ASKS(trained_fields), trained_shape,
	    "创业培训人数", "People trained to start a business"),
	FIGURE_ROW(awards, "awards", ASKS(day_fields), award_figure_shape,
	    "已发放的创业奖补", "Awards paid"),
	ROUTE_END
};
