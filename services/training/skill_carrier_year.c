/*
 * skill_carrier_year.c -- a skill carrier's year: its masters' apprentices,
 * reported row by row, checked by the county; which are late.
 *
 * Invariant: a year is kept whole or not at all, and who hands it in does not
 * check it. The inspection of the year is that of every accepted unit
 * (workflow/award.c). The SQL is in sql/training/queries/skill_carrier.sql.
 */
#include "brand.h"
#include "training_sql.h"

#define ROWS_MOST	100

struct master_row {
	struct uuid	 master_id;
	int64_t		 apprentices, finished;
};

struct year_in {
	int64_t		 year, projects;
	const char	*summary;
	struct list_of	 rows;	/* struct master_row */
};

struct year_query {
	struct uuid	 carrier_id;
	int64_t		 year;
	const char	*state;
};

static const char *const states[] = { "submitted", "passed", "returned", NULL };

static const struct field row_fields[] = {
	FIELD_UUID(master_row, master_id, REQUIRED, "载体的技能人才"),
	FIELD_INT(master_row, apprentices, REQUIRED, 0, 1000, "带徒人数"),
	FIELD_INT(master_row, finished, REQUIRED, 0, 1000, "其中出师人数"),
	FIELD_END
};
static const struct field year_fields[] = {
	FIELD_INT(year_in, year, REQUIRED, 2020, 2100, "年度"),
	FIELD_INT(year_in, projects, REQUIRED, 0, 10000, "技术攻关、技艺传承项目数"),
	FIELD_TEXT(year_in, summary, REQUIRED, 2, 4000, "工作小结"),
	FIELD_LIST(year_in, rows, REQUIRED, 1, ROWS_MOST, master_row, row_fields, "逐人带徒情况"),
	FIELD_END
};
static const struct field year_query_fields[] = {
	FIELD_UUID(year_query, carrier_id, OPTIONAL, "载体"),
	FIELD_INT(year_query, year, OPTIONAL, 2020, 2100, "年度"),
	FIELD_ENUM(year_query, state, OPTIONAL, states, "状态"),
	FIELD_END
};

static const struct shape row_shape[] = {
	{ .name = "row", .type = SHAPE_T_INT, .help = "第几行" },
	{ .name = "master_id", .type = SHAPE_T_UUID, .help = "技能人才" },
	{ .name = "code", .type = SHAPE_T_TEXT, .nullable = true, .help = "有误的原因" },
	SHAPE_END
};
static const struct shape report_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .nullable = true, .help = "年度报告；有误行时未保存" },
	{ .name = "carrier_id", .type = SHAPE_T_UUID, .help = "载体" },
	{ .name = "year", .type = SHAPE_T_INT, .help = "年度" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "skill_year_states", .nullable = true,
	  .help = "状态；空为未保存" },
	{ .name = "taken", .type = SHAPE_T_INT, .help = "采用行数" },
	{ .name = "failed", .type = SHAPE_T_INT, .help = "有误行数；有一行有误则都不采用" },
	{ .name = "rows", .type = SHAPE_T_LIST, .of = row_shape, .help = "逐行结果" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	SHAPE_END
};
static const struct shape year_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "年度报告" },
	{ .name = "carrier_id", .type = SHAPE_T_UUID, .help = "载体" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "所属单位" },
	{ .name = "year", .type = SHAPE_T_INT, .help = "年度" },
	{ .name = "projects", .type = SHAPE_T_INT, .help = "项目数" },
	{ .name = "summary", .type = SHAPE_T_TEXT, .help = "工作小结" },
	{ .name = "masters", .type = SHAPE_T_INT, .help = "报告的技能人才数" },
	{ .name = "apprentices", .type = SHAPE_T_INT, .help = "带徒人数" },
	{ .name = "finished", .type = SHAPE_T_INT, .help = "出师人数" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "skill_year_states", .help = "状态" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "意见" },
	{ .name = "checked_on", .type = SHAPE_T_DAY, .nullable = true, .help = "审核日期" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "报送时间" },
	SHAPE_END
};
static const struct shape overdue_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "载体" },
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "名称" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .codes = "skill_carrier_kinds", .help = "类别" },
	{ .name = "year", .type = SHAPE_T_INT, .help = "年度" },
	{ .name = "due_on", .type = SHAPE_T_DAY, .help = "期限" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "skill_year_states", .nullable = true,
	  .help = "年度报告状态，空为未报" },
	{ .name = "is_inspected", .type = SHAPE_T_BOOL, .help = "已年度检查" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	SHAPE_END
};

const struct route skill_carrier_year_routes[] = {
	{ .name = "skill_year_report", .method = METHOD_POST, .path = "/v1/training/skill-carriers/{id}/years",
	  .callers = ROLE_BEARERS, .scope = SCOPE_ORG, .right = RIGHT_POST, .action = "training.skill_year.report",
	  .body = INPUT(year_in, year_fields), .reply = report_shape, .success = 200,
	  .stmt = &stmt_skill_year_report, .limit = LIMIT_WRITE,
	  .zh = "报送载体年度带徒情况", .en = "Report a year, master by master" },
	{ .name = "skill_year_check", .method = METHOD_POST, .path = "/v1/training/skill-carrier-years/{id}/check",
	  .callers = ROLE_FIRST_REVIEW | ROLE_RECHECK, .scope = SCOPE_AREA, .action = "training.skill_year.check",
	  .body = INPUT(brand_judge_in, brand_judge_fields), .reply = year_shape, .success = 200,
	  .stmt = &stmt_skill_year_check, .limit = LIMIT_WRITE,
	  .zh = "审核载体年度报告", .en = "Pass a year or return it" },
	{ .name = "skill_year_list", .method = METHOD_GET, .path = "/v1/training/skill-carrier-years",
	  .callers = ROLE_BEARERS | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER, .action = "training.skill_year.list",
	  .query = INPUT(year_query, year_query_fields), .list = true, .reply = year_shape,
	  .stmt = &stmt_skill_year_list, .limit = LIMIT_READ,
	  .zh = "载体年度报告", .en = "List years" },
	{ .name = "skill_carrier_overdue", .method = METHOD_GET, .path = "/v1/training/skill-carrier-overdue",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "training.skill_carrier.overdue",
	  .list = true, .reply = overdue_shape, .stmt = &stmt_skill_carrier_overdue, .limit = LIMIT_READ,
	  .zh = "逾期未完成年度检查的载体", .en = "List carriers whose yearly check is late" },
	ROUTE_END
};
