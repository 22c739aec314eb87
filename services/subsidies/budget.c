/*
 * budget.c -- budget lines and the counties' allotments of them.
 *
 * Invariant: an allotment is given or taken back only by the city's 财政, each
 * time with its ledger entry; no county is left with less than it has
 * promised, no line with more than the policy names.
 */
#include "subsidies.h"

#include "codes/codes.h"
#include "subsidies_sql.h"

#define AMOUNT_MAX	INT64_C(10000000000000)	/* 1,000 亿元 */

struct allotment_in {
	const char	*line_code;
	const char	*county_code;
	int64_t		 amount_cents;
	const char	*direction;
};

struct budget_query {
	const char	*line_code;
	const char	*county_code;
};

static int	allotment_change(struct call *);

static const char *const directions[] = { "give", "take_back", NULL };

static const struct field allotment_in_fields[] = {
	FIELD_TEXT(allotment_in, line_code, REQUIRED, 2, 16, "预算项目"),
	FIELD_CHECK(allotment_in, county_code, REQUIRED, check_county, "县区代码"),
	FIELD_INT(allotment_in, amount_cents, REQUIRED, 1, AMOUNT_MAX, "金额（分）"),
	FIELD_ENUM(allotment_in, direction, OPTIONAL, directions, "下达（默认）或收回"),
	FIELD_END
};

static const struct field budget_query_fields[] = {
	FIELD_TEXT(budget_query, line_code, OPTIONAL, 2, 16, "预算项目"),
	FIELD_CHECK(budget_query, county_code, OPTIONAL, check_county, "县区代码"),
	FIELD_END
};

#define ALLOTMENT_ROWS \
	{ .name = "id", .type = SHAPE_T_UUID, .help = "下达" }, \
	{ .name = "line_code", .type = SHAPE_T_TEXT, .help = "预算项目" }, \
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" }, \
	{ .name = "appropriated_cents", .type = SHAPE_T_INT, .help = "已下达（分）" }, \
	{ .name = "reserved_cents", .type = SHAPE_T_INT, .help = "已预留（分）" }, \
	{ .name = "committed_cents", .type = SHAPE_T_INT, .help = "已审批（分）" }, \
	{ .name = "paid_cents", .type = SHAPE_T_INT, .help = "已支付（分）" }, \
	{ .name = "available_cents", .type = SHAPE_T_INT, .help = "可用（分）" }, \
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" }

static const struct shape allotment_shape[] = { ALLOTMENT_ROWS, SHAPE_END };

static const struct shape entries_shape[] = {
	{ .name = "appropriated_cents", .type = SHAPE_T_INT, .help = "分录合计：下达" },
	{ .name = "reserved_cents", .type = SHAPE_T_INT, .help = "分录合计：预留" },
	{ .name = "committed_cents", .type = SHAPE_T_INT, .help = "分录合计：审批" },
	{ .name = "paid_cents", .type = SHAPE_T_INT, .help = "分录合计：支付" },
	SHAPE_END
};

static const struct shape budget_shape[] = {
	ALLOTMENT_ROWS,
	{ .name = "line_title", .type = SHAPE_T_TEXT, .help = "项目名称" },
	{ .name = "fund_source", .type = SHAPE_T_TEXT, .help = "资金来源" },
	{ .name = "fund_title", .type = SHAPE_T_TEXT, .help = "资金名称" },
	{ .name = "entries", .type = SHAPE_T_OBJECT, .of = entries_shape, .help = "分录合计" },
	{ .name = "balanced", .type = SHAPE_T_BOOL, .help = "账表相符" },
	SHAPE_END
};

static const struct shape line_shape[] = {
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "预算项目" },
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "名称" },
	{ .name = "fund_source", .type = SHAPE_T_TEXT, .help = "资金来源" },
	{ .name = "fund_title", .type = SHAPE_T_TEXT, .help = "资金名称" },
	{ .name = "legal_basis", .type = SHAPE_T_TEXT, .help = "依据" },
	{ .name = "appropriated_cents", .type = SHAPE_T_INT, .nullable = true, .help = "总额（分），空为文件未列" },
	{ .name = "allotted_cents", .type = SHAPE_T_INT, .help = "已下达（分）" },
	{ .name = "policies", .type = SHAPE_T_LIST, .help = "可支付的政策" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" },
	SHAPE_END
};

const struct route budget_routes[] = {
	{ .name = "allotment_change", .method = METHOD_POST, .path = "/v1/subsidies/allotments",
	  .callers = ROLE_FISCAL, .scope = SCOPE_AREA, .action = "subsidies.allotment.change",
	  .body = INPUT(allotment_in, allotment_in_fields), .reply = allotment_shape,
	  .handler = allotment_change, .limit = LIMIT_WRITE, .key = KEY_REQUIRED,
	  .zh = "下达或收回县区预算（市财政）", .en = "Give or take back a county's allotment" },
	{ .name = "budget_list", .method = METHOD_GET, .path = "/v1/subsidies/budgets",
	  .callers = ROLE_FISCAL | ROLE_FINANCE | ROLE_APPROVE | ROLE_AUDIT, .scope = SCOPE_AREA,
	  .action = "subsidies.budget.list", .query = INPUT(budget_query, budget_query_fields),
	  .list = true, .reply = budget_shape, .stmt = &stmt_budget_list, .limit = LIMIT_READ,
	  .zh = "预算执行（账面与分录）", .en = "Budgets: columns beside their entries" },
	{ .name = "budget_line_list", .method = METHOD_GET, .path = "/v1/subsidies/budget-lines",
	  .callers = ROLE_OFFICERS, .scope = SCOPE_AREA, .action = "subsidies.budget.lines",
	  .list = true, .reply = line_shape, .stmt = &stmt_line_list, .limit = LIMIT_READ,
	  .zh = "预算项目", .en = "List budget lines" },
	ROUTE_END
};

static int
allotment_change(struct call *c)
{
	const struct allotment_in	*in = c->body;
	bool				 give;
	struct db_rows			 rows;
	int				 rc;

	if (!principal_has(c->principal, ROLE_FISCAL, AREA_CITY))
		return (call_reject(c, ERR_AREA, NULL));
	give = in->direction == NULL || strcmp(in->direction, "give") == 0;
	rc = give ? sql_allotment_add(c->db, &rows, in->line_code, in->county_code, in->amount_cents) :
	    sql_allotment_take(c->db, &rows, in->line_code, in->county_code, in->amount_cents);
	if (rc == -1)
		return (c->db->error == DB_CHECK ?
		    call_reject(c, ERR_SUBSIDIES_BUDGET, "/amount_cents") : call_failed(c));
	return (call_reply_row(c, 201, &rows));
}
