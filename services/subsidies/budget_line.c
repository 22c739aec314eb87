/*
 * budget_line.c -- budget lines, their sums and the policies they may pay.
 *
 * Invariant: a line's sum is what its newest document says, never less than
 * the counties have of it; a line pays only what its source may pay.
 */
#include "subsidies.h"

#include "budget.h"
#include "codes/codes.h"
#include "subsidies_sql.h"

struct line_in {
	const char	*code;
	const char	*fund_source;
	const char	*title;
	const char	*legal_basis;
	const char	*county_code;
};

struct pays_in {
	const char	*policy_code;
	int64_t		 ord;
};

struct appropriate_in {
	int64_t		 amount_cents;
	const char	*document_no;
	int32_t		 dated_on;
	const char	*why;
};

static int	line_open(struct call *);
static int	line_pays(struct call *);
static int	line_appropriate(struct call *);
static int	check_line_code(const char *);
static const char *treasury(struct call *, const char *line_code, int *said);

static const struct field line_in_fields[] = {
	FIELD_CHECK(line_in, code, REQUIRED, check_line_code, "项目代码：2—16 位大写字母、数字"),
	FIELD_TEXT(line_in, fund_source, REQUIRED, 2, 40, "资金来源"),
	FIELD_TEXT(line_in, title, REQUIRED, 2, 100, "名称"),
	FIELD_TEXT(line_in, legal_basis, REQUIRED, 2, 200, "依据"),
	FIELD_CHECK(line_in, county_code, OPTIONAL, check_county, "县区自有资金的县区，默认市级资金"),
	FIELD_END
};

static const struct field pays_in_fields[] = {
	FIELD_TEXT(pays_in, policy_code, REQUIRED, 2, 16, "政策代码"),
	FIELD_INT(pays_in, ord, OPTIONAL, 1, 99, "顺序，小者先付，默认 1"),
	FIELD_END
};

static const struct field appropriate_in_fields[] = {
	FIELD_INT(appropriate_in, amount_cents, REQUIRED, 1, AMOUNT_MAX, "调整后的总额（分）"),
	FIELD_TEXT(appropriate_in, document_no, REQUIRED, 2, 60, "文号"),
	FIELD_DAY(appropriate_in, dated_on, REQUIRED, "文件日期"),
	FIELD_TEXT(appropriate_in, why, REQUIRED, 2, 200, "说明"),
	FIELD_END
};

#define LINE_ROWS \
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "预算项目" }, \
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "名称" }, \
	{ .name = "fund_source", .type = SHAPE_T_TEXT, .codes = "fund_sources", .help = "资金来源" }, \
	{ .name = "legal_basis", .type = SHAPE_T_TEXT, .help = "依据" }, \
	{ .name = "treasury", .type = SHAPE_T_TEXT, .codes = "areas", .help = "谁的资金：431100 为市级" }, \
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" }

static const struct shape line_opened_shape[] = { LINE_ROWS, SHAPE_END };

static const struct shape line_shape[] = {
	LINE_ROWS,
	{ .name = "fund_title", .type = SHAPE_T_TEXT, .help = "资金名称" },
	{ .name = "appropriated_cents", .type = SHAPE_T_INT, .nullable = true, .help = "总额（分），空为文件未列" },
	{ .name = "allotted_cents", .type = SHAPE_T_INT, .help = "已下达（分）" },
	{ .name = "policies", .type = SHAPE_T_LIST, .help = "可支付的政策" },
	SHAPE_END
};

static const struct shape pays_shape[] = {
	{ .name = "line_code", .type = SHAPE_T_TEXT, .help = "预算项目" },
	{ .name = "policy_code", .type = SHAPE_T_TEXT, .help = "政策代码" },
	{ .name = "ord", .type = SHAPE_T_INT, .help = "顺序" },
	SHAPE_END
};

static const struct shape appropriation_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "调整" },
	{ .name = "line_code", .type = SHAPE_T_TEXT, .help = "预算项目" },
	{ .name = "was_cents", .type = SHAPE_T_INT, .nullable = true, .help = "调整前（分）" },
	{ .name = "amount_cents", .type = SHAPE_T_INT, .help = "调整后（分）" },
	{ .name = "document_no", .type = SHAPE_T_TEXT, .help = "文号" },
	{ .name = "dated_on", .type = SHAPE_T_DAY, .help = "文件日期" },
	{ .name = "why", .type = SHAPE_T_TEXT, .help = "说明" },
	{ .name = "at", .type = SHAPE_T_INSTANT, .help = "登记时间" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" },
	SHAPE_END
};

const struct route budget_line_routes[] = {
	{ .name = "budget_line_list", .method = METHOD_GET, .path = "/v1/subsidies/budget-lines",
	  .callers = ROLE_OFFICERS, .scope = SCOPE_AREA, .action = "subsidies.budget.lines",
	  .list = true, .reply = line_shape, .stmt = &stmt_line_list, .limit = LIMIT_READ,
	  .zh = "预算项目", .en = "List budget lines" },
	{ .name = "budget_line_open", .method = METHOD_POST, .path = "/v1/subsidies/budget-lines",
	  .callers = ROLE_FISCAL, .scope = SCOPE_AREA, .action = "subsidies.budget.line_open",
	  .body = INPUT(line_in, line_in_fields), .reply = line_opened_shape, .handler = line_open,
	  .limit = LIMIT_WRITE, .key = KEY_REQUIRED,
	  .zh = "设立预算项目", .en = "Open a budget line" },
	{ .name = "budget_line_pays", .method = METHOD_POST,
	  .path = "/v1/subsidies/budget-lines/{line_code}/policies",
	  .callers = ROLE_FISCAL, .scope = SCOPE_AREA, .action = "subsidies.budget.line_pays",
	  .body = INPUT(pays_in, pays_in_fields), .reply = pays_shape, .handler = line_pays,
	  .limit = LIMIT_WRITE, .key = KEY_REQUIRED,
	  .zh = "指定项目可支付的政策及顺序", .en = "Let a line pay a policy, in an order" },
	{ .name = "budget_line_appropriate", .method = METHOD_POST,
	  .path = "/v1/subsidies/budget-lines/{line_code}/appropriations",
	  .callers = ROLE_FISCAL, .scope = SCOPE_AREA, .action = "subsidies.budget.appropriate",
	  .body = INPUT(appropriate_in, appropriate_in_fields), .reply = appropriation_shape,
	  .handler = line_appropriate, .limit = LIMIT_WRITE, .key = KEY_REQUIRED,
	  .zh = "按文件调整项目总额", .en = "Set a line's sum by its document" },
	{ .name = "budget_line_appropriations", .method = METHOD_GET,
	  .path = "/v1/subsidies/budget-lines/{line_code}/appropriations",
	  .callers = ROLE_OFFICERS, .scope = SCOPE_AREA, .action = "subsidies.budget.appropriations",
	  .list = true, .reply = appropriation_shape, .stmt = &stmt_appropriation_list,
	  .limit = LIMIT_READ, .zh = "项目总额的历次调整", .en = "A line's sums and their documents" },
	ROUTE_END
};

static int
line_open(struct call *c)
{
	const struct line_in	*in = c->body;
	const char		*whose = in->county_code != NULL ? in->county_code : AREA_CITY;
	struct db_rows		 rows;

	if (!principal_has(c->principal, ROLE_FISCAL, whose))
		return (call_reject(c, ERR_AREA, NULL));
	if (sql_line_open(c->db, &rows, in->code, whose, in->fund_source, in->title,
	    in->legal_basis) == -1)
		return (c->db->error == DB_FOREIGN ?
		    call_reject(c, ERR_F_CHOICE, "/fund_source") : call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
line_pays(struct call *c)
{
	const struct pays_in	*in = c->body;
	const char		*line = call_param(c, "line_code"), *whose;
	struct db_rows		 rows;
	int			 said;

	if ((whose = treasury(c, line, &said)) == NULL)
		return (said);
	if (sql_line_pays(c->db, &rows, line, whose, in->policy_code, in->ord != 0 ? in->ord : 1) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

/* Below what the counties have of it already there is no going. */
static int
line_appropriate(struct call *c)
{
	const struct appropriate_in	*in = c->body;
	const char			*line = call_param(c, "line_code"), *whose;
	struct db_rows			 rows;
	int				 said;

	if ((whose = treasury(c, line, &said)) == NULL)
		return (said);
	if (in->dated_on > clock_today())
		return (call_reject(c, ERR_F_DATE_FUTURE, "/dated_on"));
	if (sql_line_appropriate(c->db, &rows, line, whose, in->amount_cents, in->document_no,
	    in->dated_on, in->why) == -1)
		return (c->db->error == DB_CHECK ?
		    call_reject(c, ERR_SUBSIDIES_BUDGET, "/amount_cents") : call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static const char *
treasury(struct call *c, const char *line_code, int *said)
{
	struct db_rows	rows;

	if (!treasury_of_line(c, line_code, NULL, said))
		return (NULL);
	if (sql_line_treasury(c->db, &rows, line_code) == -1) {
		*said = call_failed(c);
		return (NULL);
	}
	return (db_text(&rows, 0, "county_code"));
}

static int
check_line_code(const char *text)
{
	size_t	len = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

	return (len >= 2 && len <= 16 && text[len] == '\0' ? 0 : ERR_F_FORMAT);
}
