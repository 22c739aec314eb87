/*
 * funds.c -- money: the books by line, county and month beside the plan of the
 * fiscal officer, the rows behind each sum, and what is late.
 *
 * Invariant: a sum is counted from the entries that the ledger told, and stands
 * beside the ledger's own columns, to the cent; where the two differ the reply
 * says so. A line without a plan has no ratio to one.
 */
#include "monitoring.h"
#include "base/buf.h"
#include "base/log.h"
#include "codes/codes.h"
#include "monitoring_sql.h"

#define CENTS_MAX	INT64_C(10000000000000)		/* 1,000 亿元 */
#define DAYS_MAX	(256 * 1024)

/* The books: figures for all, entries not for statisticians. */
#define ROLE_BOOKS	(ROLE_FINANCE | ROLE_FISCAL | ROLE_AUDIT | ROLE_APPROVE)

struct fund_query {
	int32_t		 from_on, to_on;
	const char	*kind, *line_code, *county_code;
};

struct plan_in {
	const char	*line_code, *county_code, *document_no;
	int32_t		 month;
	int64_t		 planned_cents;
};

static int	calendar_put(struct arena *, const char *);

static const char *const kinds[] = { "appropriated", "reserved", "committed", "paid", "returned", NULL };

#define OF_PLACE							\
	FIELD_TEXT(fund_query, line_code, OPTIONAL, 1, 40, "预算项目"),	\
	FIELD_CHECK(fund_query, county_code, OPTIONAL, check_county, "县区代码")
#define OF_PERIOD							\
	FIELD_DAY(fund_query, from_on, OPTIONAL, "起始日期，默认本年 1 月 1 日"),	\
	FIELD_DAY(fund_query, to_on, OPTIONAL, "截止日期，默认今天")

static const struct field fund_fields[] = { OF_PERIOD, OF_PLACE, FIELD_END };
static const struct field plan_query_fields[] = { OF_PLACE, FIELD_END };
static const struct field entry_fields[] = {
	FIELD_ENUM(fund_query, kind, REQUIRED, kinds, "科目"),
	OF_PERIOD, OF_PLACE, FIELD_END
};
static const struct field late_fields[] = {
	FIELD_CHECK(fund_query, county_code, OPTIONAL, check_county, "县区代码"),
	FIELD_END
};
static const struct field plan_in_fields[] = {
	FIELD_TEXT(plan_in, line_code, REQUIRED, 1, 40, "预算项目"),
	FIELD_CHECK(plan_in, county_code, REQUIRED, check_county, "县区代码"),
	FIELD_DAY(plan_in, month, REQUIRED, "月份，该月一日"),
	FIELD_INT(plan_in, planned_cents, REQUIRED, 0, CENTS_MAX, "计划支出（分）"),
	FIELD_TEXT(plan_in, document_no, REQUIRED, 2, 100, "依据文号"),
	FIELD_END
};

#define COLUMNS								\
	{ .name = "appropriated_cents", .type = SHAPE_T_INT, .help = "已下达（分）" },	\
	{ .name = "reserved_cents", .type = SHAPE_T_INT, .help = "已预留（分）" },	\
	{ .name = "committed_cents", .type = SHAPE_T_INT, .help = "已审批（分）" },	\
	{ .name = "paid_cents", .type = SHAPE_T_INT, .help = "已支付，扣除退回（分）" },	\
	{ .name = "returned_cents", .type = SHAPE_T_INT, .help = "已追回（分）" }
#define CURRENCY	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "CNY" }
#define COUNTY		{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" }
#define LINE		{ .name = "line_code", .type = SHAPE_T_TEXT, .help = "预算项目" }

static const struct shape columns_shape[] = { COLUMNS, SHAPE_END };
static const struct shape line_shape[] = {
	LINE, COUNTY, COLUMNS,
	{ .name = "line_title", .type = SHAPE_T_TEXT, .help = "项目名称" },
	{ .name = "fund_source", .type = SHAPE_T_TEXT, .codes = "fund_sources", .help = "资金来源" },
	{ .name = "available_cents", .type = SHAPE_T_INT, .help = "可用（分）" },
	{ .name = "paid_milli", .type = SHAPE_T_INT, .nullable = true, .help = "支出占下达（千分之）" },
	{ .name = "spent_cents", .type = SHAPE_T_INT, .help = "期内支出，扣除退回（分）" },
	{ .name = "planned_cents", .type = SHAPE_T_INT, .nullable = true, .help = "期内各月计划（分）；空为没有计划" },
	{ .name = "spent_milli", .type = SHAPE_T_INT, .nullable = true, .help = "支出占计划（千分之）" },
	{ .name = "agrees", .type = SHAPE_T_BOOL, .help = "与账本各科目一致" },
	{ .name = "ledger", .type = SHAPE_T_OBJECT, .of = columns_shape, .help = "账本现在的科目余额" },
	SHAPE_END
};
static const struct shape fund_shape[] = {
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "起始" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .help = "截止，余额为该日的" },
	{ .name = "as_of", .type = SHAPE_T_INSTANT, .help = "统计时点" },
	{ .name = "appropriated_cents", .type = SHAPE_T_INT, .help = "合计已下达（分）" },
	{ .name = "paid_cents", .type = SHAPE_T_INT, .help = "合计已支付（分）" },
	{ .name = "spent_cents", .type = SHAPE_T_INT, .help = "合计期内支出（分）" },
	{ .name = "planned_cents", .type = SHAPE_T_INT, .nullable = true, .help = "合计期内计划（分）" },
	{ .name = "agrees", .type = SHAPE_T_BOOL, .help = "每一项都与账本一致" },
	{ .name = "items", .type = SHAPE_T_LIST, .of = line_shape, .help = "按项目和县区" },
	CURRENCY, SHAPE_END
};
static const struct shape month_shape[] = {
	LINE, COUNTY,
	{ .name = "month", .type = SHAPE_T_DAY, .help = "月份" },
	{ .name = "spent_cents", .type = SHAPE_T_INT, .help = "支出，扣除退回（分）" },
	{ .name = "planned_cents", .type = SHAPE_T_INT, .nullable = true, .help = "计划（分）" },
	{ .name = "document_no", .type = SHAPE_T_TEXT, .nullable = true, .help = "计划依据" },
	{ .name = "spent_milli", .type = SHAPE_T_INT, .nullable = true, .help = "支出占计划（千分之）" },
	CURRENCY, SHAPE_END
};
static const struct shape entry_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "分录" },
	{ .name = "on", .type = SHAPE_T_DAY, .help = "日期" },
	LINE, COUNTY,
	{ .name = "reason", .type = SHAPE_T_TEXT, .codes = "ledger_reasons", .help = "分录事由" },
	{ .name = "amount_cents", .type = SHAPE_T_INT, .help = "金额（分），减少为负" },
	{ .name = "claim_id", .type = SHAPE_T_UUID, .nullable = true, .help = "申领" },
	{ .name = "allotment_id", .type = SHAPE_T_UUID, .help = "下达" },
	CURRENCY, SHAPE_END
};
static const struct shape plan_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "计划" },
	LINE, COUNTY,
	{ .name = "month", .type = SHAPE_T_DAY, .help = "月份" },
	{ .name = "planned_cents", .type = SHAPE_T_INT, .help = "计划支出（分）" },
	{ .name = "document_no", .type = SHAPE_T_TEXT, .help = "依据文号" },
	{ .name = "at", .type = SHAPE_T_INSTANT, .help = "录入时间" },
	CURRENCY, SHAPE_END
};
static const struct shape late_shape[] = {
	{ .name = "kind", .type = SHAPE_T_TEXT, .codes = "late_kinds", .help = "项目节点、大厅改造工程、支出进度" },
	{ .name = "id", .type = SHAPE_T_UUID, .nullable = true, .help = "节点或工程" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .nullable = true, .help = "单位" },
	{ .name = "org_name", .type = SHAPE_T_TEXT, .nullable = true, .help = "单位名称" },
	{ .name = "project_id", .type = SHAPE_T_UUID, .nullable = true, .help = "项目" },
	{ .name = "place_id", .type = SHAPE_T_UUID, .nullable = true, .help = "大厅或零工市场" },
	{ .name = "line_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "预算项目" },
	COUNTY,
	{ .name = "due_on", .type = SHAPE_T_DAY, .help = "应完成日期" },
	{ .name = "days_late", .type = SHAPE_T_INT, .help = "逾期天数" },
	{ .name = "planned_cents", .type = SHAPE_T_INT, .nullable = true, .help = "至上月底计划（分）" },
	{ .name = "spent_cents", .type = SHAPE_T_INT, .nullable = true, .help = "至上月底支出（分）" },
	SHAPE_END
};

const struct route fund_routes[] = {
	{ .name = "fund_list", .method = METHOD_GET, .path = "/v1/monitoring/funds",
	  .callers = ROLE_FIGURES, .scope = SCOPE_AREA, .action = "monitoring.fund.list",
	  .query = INPUT(fund_query, fund_fields), .reply = fund_shape, .stmt = &stmt_fund_list,
	  .limit = LIMIT_READ, .zh = "资金执行：与账本逐分一致", .en = "Budgets as the ledger has them" },
	{ .name = "fund_months", .method = METHOD_GET, .path = "/v1/monitoring/funds/months",
	  .callers = ROLE_FIGURES, .scope = SCOPE_AREA, .action = "monitoring.fund.months",
	  .query = INPUT(fund_query, fund_fields), .list = true, .reply = month_shape,
	  .stmt = &stmt_fund_months, .limit = LIMIT_READ,
	  .zh = "按月支出与计划", .en = "Spending against plan by month" },
	{ .name = "fund_entries", .method = METHOD_GET, .path = "/v1/monitoring/funds/entries",
	  .callers = ROLE_BOOKS, .scope = SCOPE_AREA, .action = "monitoring.fund.entries",
	  .query = INPUT(fund_query, entry_fields), .list = true, .reply = entry_shape,
	  .stmt = &stmt_fund_entries, .limit = LIMIT_READ,
	  .zh = "资金数字的分录", .en = "The entries behind a sum" },
	{ .name = "fund_late", .method = METHOD_GET, .path = "/v1/monitoring/funds/late",
	  .callers = ROLE_FIGURES & ~ROLE_STATS, .scope = SCOPE_AREA, .action = "monitoring.fund.late",
	  .query = INPUT(fund_query, late_fields), .list = true, .reply = late_shape,
	  .stmt = &stmt_fund_late, .limit = LIMIT_READ,
	  .zh = "滞后的项目节点、改造工程和支出进度", .en = "Projects and spending that are late" },
	{ .name = "plan_set", .method = METHOD_POST, .path = "/v1/monitoring/funds/plans",
	  .callers = ROLE_FISCAL, .scope = SCOPE_AREA, .action = "monitoring.plan.set",
	  .body = INPUT(plan_in, plan_in_fields), .reply = plan_shape, .stmt = &stmt_plan_set,
	  .limit = LIMIT_WRITE, .zh = "录入月度支出计划（财政）", .en = "Plan the spending of a month" },
	{ .name = "plan_list", .method = METHOD_GET, .path = "/v1/monitoring/funds/plans",
	  .callers = ROLE_FIGURES, .scope = SCOPE_AREA, .action = "monitoring.plan.list",
	  .query = INPUT(fund_query, plan_query_fields), .list = true, .reply = plan_shape,
	  .stmt = &stmt_plan_list, .limit = LIMIT_READ,
	  .zh = "月度支出计划及其修订", .en = "Plans of spending, with what they were before" },
	ROUTE_END
};

/* The calendar as this program has it, once after its start. */
void
working_days_load(void)
{
	static bool	loaded;
	struct arena	a;
	struct buf	days;

	if (loaded)
		return;
	arena_init(&a);
	buf_init(&days, DAYS_MAX);
	days_working_list(&days);
	loaded = buf_ok(&days) && calendar_put(&a, buf_cstr(&days)) == 0;
	if (!loaded)
		log_warn("the calendar was not loaded; it will be next time");
	buf_release(&days);
	arena_release(&a);
}

static int
calendar_put(struct arena *a, const char *days)
{
	struct db	db;
	int		rc = -1;

	db_init(&db, a, DB_SYSTEM);
	if (sql_working_drop(&db, NULL, days) == 0 && sql_working_put(&db, NULL, days) == 0)
		rc = db_commit(&db);
	db_rollback(&db);
	return (rc);
}
