/*
 * budget.c -- the counties' allotments of budget lines.
 *
 * Invariant: money is given, taken back or moved only by whose it is (the
 * city's 财政; a county's for its own lines), each time by an entry; no county
 * is left with less than it has promised, no line with more than its document
 * says. Columns follow the entries in the database, never a statement of ours.
 */
#include "subsidies.h"

#include "budget.h"
#include "codes/codes.h"
#include "subsidies_sql.h"

struct allotment_in {
	const char	*line_code;
	const char	*county_code;
	int64_t		 amount_cents;
	const char	*direction;
	int64_t		 year;
	const char	*document_no;
	const char	*why;
};

struct transfer_in {
	const char	*line_code;
	const char	*from_county;
	const char	*to_county;
	int64_t		 amount_cents;
	int64_t		 year;
	const char	*document_no;
	const char	*why;
};

struct close_in {
	const char	*line_code;
	const char	*county_code;
	int64_t		 year;
};

struct budget_query {
	const char	*line_code;
	const char	*county_code;
	int64_t		 year;
};

static int	allotment_change(struct call *);
static int	budget_transfer(struct call *);
static int	budget_close(struct call *);
static int	money_refused(struct call *, const char *);

static const char *const directions[] = { "give", "take_back", NULL };

static const struct field allotment_in_fields[] = {
	FIELD_TEXT(allotment_in, line_code, REQUIRED, 2, 16, "预算项目"),
	FIELD_CHECK(allotment_in, county_code, REQUIRED, check_county, "县区代码"),
	FIELD_INT(allotment_in, amount_cents, REQUIRED, 1, AMOUNT_MAX, "金额（分）"),
	FIELD_ENUM(allotment_in, direction, OPTIONAL, directions, "下达（默认）或收回"),
	FIELD_INT(allotment_in, year, OPTIONAL, 2024, 2100, "预算年度，默认当年"),
	FIELD_TEXT(allotment_in, document_no, OPTIONAL, 2, 60, "文号"),
	FIELD_TEXT(allotment_in, why, OPTIONAL, 2, 200, "说明"),
	FIELD_END
};

static const struct field transfer_in_fields[] = {
	FIELD_TEXT(transfer_in, line_code, REQUIRED, 2, 16, "预算项目"),
	FIELD_CHECK(transfer_in, from_county, REQUIRED, check_county, "调出县区"),
	FIELD_CHECK(transfer_in, to_county, REQUIRED, check_county, "调入县区"),
	FIELD_INT(transfer_in, amount_cents, REQUIRED, 1, AMOUNT_MAX, "金额（分）"),
	FIELD_INT(transfer_in, year, OPTIONAL, 2024, 2100, "预算年度，默认当年"),
	FIELD_TEXT(transfer_in, document_no, REQUIRED, 2, 60, "文号"),
	FIELD_TEXT(transfer_in, why, REQUIRED, 2, 200, "说明"),
	FIELD_END
};

static const struct field close_in_fields[] = {
	FIELD_TEXT(close_in, line_code, REQUIRED, 2, 16, "预算项目"),
	FIELD_CHECK(close_in, county_code, OPTIONAL, check_county, "县区，默认全部"),
	FIELD_INT(close_in, year, REQUIRED, 2024, 2100, "预算年度"),
	FIELD_END
};

static const struct field budget_query_fields[] = {
	FIELD_TEXT(budget_query, line_code, OPTIONAL, 2, 16, "预算项目"),
	FIELD_CHECK(budget_query, county_code, OPTIONAL, check_county, "县区代码"),
	FIELD_INT(budget_query, year, OPTIONAL, 2024, 2100, "预算年度"),
	FIELD_END
};

#define ALLOTMENT_ROWS \
	{ .name = "id", .type = SHAPE_T_UUID, .help = "下达" }, \
	{ .name = "line_code", .type = SHAPE_T_TEXT, .help = "预算项目" }, \
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" }, \
	{ .name = "year", .type = SHAPE_T_INT, .help = "预算年度" }, \
	{ .name = "appropriated_cents", .type = SHAPE_T_INT, .help = "已下达（分）" }, \
	{ .name = "reserved_cents", .type = SHAPE_T_INT, .help = "已预留（分）" }, \
	{ .name = "committed_cents", .type = SHAPE_T_INT, .help = "已审批（分）" }, \
	{ .name = "paid_cents", .type = SHAPE_T_INT, .help = "已支付，减去退回（分）" }, \
	{ .name = "available_cents", .type = SHAPE_T_INT, .help = "可用（分）" }, \
	{ .name = "returned_cents", .type = SHAPE_T_INT, .help = "支付后退回、追回（分）" }, \
	{ .name = "closed_on", .type = SHAPE_T_DAY, .nullable = true, .help = "结账日期" }, \
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
	{ .name = "fund_source", .type = SHAPE_T_TEXT, .codes = "fund_sources", .help = "资金来源" },
	{ .name = "fund_title", .type = SHAPE_T_TEXT, .help = "资金名称" },
	{ .name = "entries", .type = SHAPE_T_OBJECT, .of = entries_shape, .help = "分录合计" },
	{ .name = "balanced", .type = SHAPE_T_BOOL, .help = "账表相符" },
	SHAPE_END
};

static const struct shape transfer_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "调剂" },
	{ .name = "line_code", .type = SHAPE_T_TEXT, .help = "预算项目" },
	{ .name = "from_county", .type = SHAPE_T_TEXT, .help = "调出县区" },
	{ .name = "to_county", .type = SHAPE_T_TEXT, .help = "调入县区" },
	{ .name = "amount_cents", .type = SHAPE_T_INT, .help = "金额（分）" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" },
	SHAPE_END
};

static const struct shape closed_shape[] = {
	{ .name = "line_code", .type = SHAPE_T_TEXT, .help = "预算项目" },
	{ .name = "year", .type = SHAPE_T_INT, .help = "预算年度" },
	{ .name = "closed", .type = SHAPE_T_INT, .help = "本次结账的县区数" },
	SHAPE_END
};

const struct route budget_routes[] = {
	{ .name = "allotment_change", .method = METHOD_POST, .path = "/v1/subsidies/allotments",
	  .callers = ROLE_FISCAL, .scope = SCOPE_AREA, .action = "subsidies.allotment.change",
	  .body = INPUT(allotment_in, allotment_in_fields), .reply = allotment_shape,
	  .handler = allotment_change, .limit = LIMIT_WRITE, .key = KEY_REQUIRED,
	  .zh = "下达或收回县区预算（财政）", .en = "Give or take back a county's allotment" },
	{ .name = "budget_transfer", .method = METHOD_POST, .path = "/v1/subsidies/budget-transfers",
	  .callers = ROLE_FISCAL, .scope = SCOPE_AREA, .action = "subsidies.budget.transfer",
	  .body = INPUT(transfer_in, transfer_in_fields), .reply = transfer_shape,
	  .handler = budget_transfer, .limit = LIMIT_WRITE, .key = KEY_REQUIRED,
	  .zh = "县区间预算调剂（市财政）", .en = "Move money of a line between counties" },
	{ .name = "budget_close", .method = METHOD_POST, .path = "/v1/subsidies/budget-closings",
	  .callers = ROLE_FISCAL, .scope = SCOPE_AREA, .action = "subsidies.budget.close",
	  .body = INPUT(close_in, close_in_fields), .reply = closed_shape,
	  .handler = budget_close, .limit = LIMIT_WRITE, .key = KEY_REQUIRED,
	  .zh = "年终结账，结余退回财政", .en = "Close a line's year; what is left goes back" },
	{ .name = "budget_list", .method = METHOD_GET, .path = "/v1/subsidies/budgets",
	  .callers = ROLE_FISCAL | ROLE_FINANCE | ROLE_APPROVE | ROLE_AUDIT, .scope = SCOPE_AREA,
	  .action = "subsidies.budget.list", .query = INPUT(budget_query, budget_query_fields),
	  .list = true, .reply = budget_shape, .stmt = &stmt_budget_list, .limit = LIMIT_READ,
	  .zh = "预算执行（账面与分录）", .en = "Budgets: columns beside their entries" },
	ROUTE_END
};

static int
allotment_change(struct call *c)
{
	const struct allotment_in	*in = c->body;
	bool				 give;
	struct db_rows			 rows;
	int				 said;

	if (!treasury_of_line(c, in->line_code, in->county_code, &said))
		return (said);
	give = in->direction == NULL || strcmp(in->direction, "give") == 0;
	if (sql_allotment_change(c->db, &rows, in->line_code, in->county_code,
	    in->year != 0 ? &in->year : NULL, give ? in->amount_cents : -in->amount_cents,
	    in->document_no, in->why) == -1)
		return (money_refused(c, "/amount_cents"));
	return (call_reply_row(c, 201, &rows));
}

static int
budget_transfer(struct call *c)
{
	const struct transfer_in	*in = c->body;
	struct db_rows			 rows;

	if (!principal_has(c->principal, ROLE_FISCAL, AREA_CITY))
		return (call_reject(c, ERR_AREA, NULL));
	if (strcmp(in->from_county, in->to_county) == 0)
		return (call_reject(c, ERR_F_DUPLICATE, "/to_county"));
	if (sql_transfer_add(c->db, &rows, in->line_code, in->from_county, in->to_county,
	    in->year != 0 ? &in->year : NULL, in->amount_cents, in->document_no, in->why) == -1)
		return (money_refused(c, "/amount_cents"));
	return (call_reply_row(c, 201, &rows));
}

/* Of a county or of all; each is closed, or none while one still owes money to claims. */
static int
budget_close(struct call *c)
{
	const struct close_in	*in = c->body;
	struct db_rows		 rows;
	int			 said;

	if (!treasury_of_line(c, in->line_code, in->county_code, &said))
		return (said);
	if (sql_year_close(c->db, &rows, in->line_code, in->year, in->county_code) == -1)
		return (c->db->error == DB_CHECK ? call_reject(c, ERR_SUBSIDIES_OPEN, NULL) :
		    call_failed(c));
	if (db_int(&rows, 0, "closed") == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	return (call_reply_row(c, 201, &rows));
}

static int
money_refused(struct call *c, const char *pointer)
{
	const char	*constraint = c->db->constraint != NULL ? c->db->constraint : "";

	if (c->db->error != DB_CHECK)
		return (call_failed(c));
	return (strcmp(constraint, "allotment_closed_check") == 0 ?
	    call_reject(c, ERR_SUBSIDIES_CLOSED, NULL) :
	    call_reject(c, ERR_SUBSIDIES_BUDGET, pointer));
}

bool
treasury_of_line(struct call *c, const char *line_code, const char *county_code, int *said)
{
	struct db_rows	rows;

	if (sql_line_treasury(c->db, &rows, line_code) == -1)
		*said = call_failed(c);
	else if (rows.count == 0)
		*said = call_reject(c, ERR_NOT_FOUND, NULL);
	else if (!principal_has(c->principal, ROLE_FISCAL, db_text(&rows, 0, "county_code")))
		*said = call_reject(c, ERR_AREA, NULL);
	else if (county_code != NULL && strcmp(db_text(&rows, 0, "county_code"), AREA_CITY) != 0 &&
	    strcmp(db_text(&rows, 0, "county_code"), county_code) != 0)
		*said = call_reject(c, ERR_AREA, "/county_code");
	else
		return (true);
	return (false);
}
