/*
 * brand_year.c -- a brand's year: workers by town and place of work, reported
 * row by row, checked by the county; who is late.
 *
 * Invariant: who hands a year in does not check it; a year that passed stays.
 * People trained are counted from training's own classes, never reported. The
 * SQL is in sql/training/queries/brand_year.sql.
 */
#include "brand.h"
#include "codes/codes.h"
#include "training_sql.h"

#define WAGE_MOST_CENTS	INT64_C(100000000)	/* 100 万元 a month */
#define ROWS_MOST	300

struct year_row {
	const char	*town_code, *place;
	int64_t		 workers;
};

struct year_in {
	int64_t		year, avg_wage_cents;
	struct list_of	rows;	/* struct year_row */
};

struct year_query {
	struct uuid	 brand_id;
	int64_t		 year;
	const char	*state;
};

static const char *const places[] = { "county", "city", "province", "outside", "abroad", NULL };
static const char *const states[] = { "draft", "submitted", "passed", "returned", NULL };

static const struct field row_fields[] = {
	FIELD_CHECK(year_row, town_code, REQUIRED, check_area, "劳务输出乡镇街道"),
	FIELD_ENUM(year_row, place, REQUIRED, places, "务工地"),
	FIELD_INT(year_row, workers, REQUIRED, 0, 1000000, "从业人数"),
	FIELD_END
};
static const struct field year_fields[] = {
	FIELD_INT(year_in, year, REQUIRED, 2020, 2100, "年度"),
	FIELD_INT(year_in, avg_wage_cents, OPTIONAL, 0, WAGE_MOST_CENTS, "月平均工资（分）"),
	FIELD_LIST(year_in, rows, REQUIRED, 1, ROWS_MOST, year_row, row_fields, "按乡镇和务工地"),
	FIELD_END
};
static const struct field year_query_fields[] = {
	FIELD_UUID(year_query, brand_id, OPTIONAL, "劳务品牌"),
	FIELD_INT(year_query, year, OPTIONAL, 2020, 2100, "年度"),
	FIELD_ENUM(year_query, state, OPTIONAL, states, "状态"),
	FIELD_END
};

static const struct shape row_shape[] = {
	{ .name = "row", .type = SHAPE_T_INT, .help = "第几行" },
	{ .name = "town_code", .type = SHAPE_T_TEXT, .help = "乡镇街道" },
	{ .name = "place", .type = SHAPE_T_TEXT, .help = "务工地" },
	{ .name = "code", .type = SHAPE_T_TEXT, .nullable = true, .help = "未采用的原因，空为已采用" },
	SHAPE_END
};
static const struct shape report_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "年度报告" },
	{ .name = "brand_id", .type = SHAPE_T_UUID, .help = "劳务品牌" },
	{ .name = "year", .type = SHAPE_T_INT, .help = "年度" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "brand_year_states", .help = "状态" },
	{ .name = "avg_wage_cents", .type = SHAPE_T_INT, .nullable = true, .help = "月平均工资（分）" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" },
	{ .name = "taken", .type = SHAPE_T_INT, .help = "采用行数" },
	{ .name = "failed", .type = SHAPE_T_INT, .help = "未采用行数" },
	{ .name = "rows", .type = SHAPE_T_LIST, .of = row_shape, .help = "逐行结果" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	SHAPE_END
};
static const struct shape year_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "年度报告" },
	{ .name = "brand_id", .type = SHAPE_T_UUID, .help = "劳务品牌" },
	{ .name = "year", .type = SHAPE_T_INT, .help = "年度" },
	{ .name = "avg_wage_cents", .type = SHAPE_T_INT, .nullable = true, .help = "月平均工资（分）" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" },
	{ .name = "trained", .type = SHAPE_T_INT, .help = "当年本品牌职业的结业人数，取自培训登记" },
	{ .name = "workers", .type = SHAPE_T_INT, .help = "从业人数" },
	{ .name = "towns", .type = SHAPE_T_INT, .help = "有从业人员的乡镇街道数" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "brand_year_states", .help = "状态" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "意见" },
	{ .name = "checked_on", .type = SHAPE_T_DAY, .nullable = true, .help = "检查日期" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "首次报送时间" },
	SHAPE_END
};
static const struct shape kept_shape[] = {
	{ .name = "year_id", .type = SHAPE_T_UUID, .help = "年度报告" },
	{ .name = "town_code", .type = SHAPE_T_TEXT, .help = "乡镇街道" },
	{ .name = "place", .type = SHAPE_T_TEXT, .help = "务工地" },
	{ .name = "workers", .type = SHAPE_T_INT, .help = "从业人数" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	SHAPE_END
};
static const struct shape overdue_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "劳务品牌" },
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "品牌名称" },
	{ .name = "year", .type = SHAPE_T_INT, .help = "年度" },
	{ .name = "due_on", .type = SHAPE_T_DAY, .help = "应通过检查之日" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "brand_year_states", .nullable = true,
	  .help = "年度报告状态，空为未报" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	SHAPE_END
};

#define REPORTERS	(ROLE_BEARERS | ROLE_KEEPERS)

const struct route brand_year_routes[] = {
	{ .name = "brand_year_report", .method = METHOD_POST, .path = "/v1/training/brands/{id}/years",
	  .callers = REPORTERS, .scope = SCOPE_CALLER, .right = RIGHT_POST, .action = "training.brand.year_report",
	  .body = INPUT(year_in, year_fields), .reply = report_shape, .success = 200,
	  .stmt = &stmt_brand_year_report, .limit = LIMIT_WRITE,
	  .zh = "报送劳务品牌年度数据", .en = "Report a year's workers, row by row" },
	{ .name = "brand_year_submit", .method = METHOD_POST, .path = "/v1/training/brand-years/{id}/submit",
	  .callers = REPORTERS, .scope = SCOPE_CALLER, .right = RIGHT_POST, .action = "training.brand.year_submit",
	  .reply = year_shape, .success = 200, .stmt = &stmt_brand_year_submit, .limit = LIMIT_WRITE,
	  .zh = "提交年度报告", .en = "Hand a year in" },
	{ .name = "brand_year_check", .method = METHOD_POST, .path = "/v1/training/brand-years/{id}/check",
	  .callers = ROLE_FIRST_REVIEW | ROLE_RECHECK, .scope = SCOPE_AREA, .action = "training.brand.year_check",
	  .body = INPUT(brand_judge_in, brand_judge_fields), .reply = year_shape, .success = 200,
	  .stmt = &stmt_brand_year_check, .emits = "training.brand.year_passed.v1", .limit = LIMIT_WRITE,
	  .zh = "劳务品牌年度检查", .en = "Pass a year or return it" },
	{ .name = "brand_year_list", .method = METHOD_GET, .path = "/v1/training/brand-years",
	  .callers = ROLE_BEARERS | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "training.brand.year_list", .query = INPUT(year_query, year_query_fields), .list = true,
	  .reply = year_shape, .stmt = &stmt_brand_year_list, .limit = LIMIT_READ,
	  .zh = "劳务品牌年度报告", .en = "List years" },
	{ .name = "brand_year_rows", .method = METHOD_GET, .path = "/v1/training/brand-years/{id}/rows",
	  .callers = ROLE_BEARERS | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "training.brand.year_list", .list = true, .reply = kept_shape,
	  .stmt = &stmt_brand_year_rows, .limit = LIMIT_READ,
	  .zh = "年度报告逐行数据", .en = "List the rows of a year" },
	{ .name = "brand_overdue", .method = METHOD_GET, .path = "/v1/training/brand-overdue",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "training.brand.overdue",
	  .list = true, .reply = overdue_shape, .stmt = &stmt_brand_overdue, .limit = LIMIT_READ,
	  .zh = "逾期未通过年度检查的劳务品牌", .en = "List brands whose yearly check is late" },
	ROUTE_END
};

void
brand_remind(void)
{
	db_alone(&stmt_brand_remind);
}
