/*
 * costs.c -- performance of money: how long it takes from asking to the bank,
 * what a placement costs, and the claims that wait longer than was promised.
 *
 * Invariant: without a promise nothing is overdue, and asking for it is refused.
 */
#include "monitoring.h"
#include "codes/codes.h"
#include "monitoring_sql.h"

struct cost_query {
	const char	*by, *policy_code, *county_code;
	int32_t		 from_on, to_on;
};

static int	payment_times(struct call *);
static int	unit_costs(struct call *);

static const char *const cuts[] = { "policy", "county", "policy_county", NULL };

static const struct field cost_fields[] = {
	FIELD_ENUM(cost_query, by, REQUIRED, cuts, "按政策、按县区、按政策和县区"),
	FIELD_DAY(cost_query, from_on, OPTIONAL, "到账日期起，默认本年 1 月 1 日"),
	FIELD_DAY(cost_query, to_on, OPTIONAL, "到账日期止，默认今天"),
	FIELD_END
};
static const struct field overdue_fields[] = {
	FIELD_TEXT(cost_query, policy_code, OPTIONAL, 2, 16, "政策代码"),
	FIELD_CHECK(cost_query, county_code, OPTIONAL, check_county, "县区代码"),
	FIELD_END
};

#define DAYS(n, h)	{ .name = n, .type = SHAPE_T_INT, .nullable = true, .help = h }

static const struct shape time_shape[] = {
	{ .name = "key", .type = SHAPE_T_TEXT, .codes = "areas", .help = "政策、县区" },
	DAYS("n", "笔数"),
	DAYS("days_p50", "发现或申请到到账的天数，中位数"), DAYS("days_p90", "同上，九成以内"),
	DAYS("working_days_p50", "工作日，中位数"), DAYS("working_days_p90", "工作日，九成以内"),
	DAYS("confirmed_working_days_p50", "确认到到账的工作日，中位数"),
	DAYS("confirmed_working_days_p90", "确认到到账的工作日，九成以内"),
	DAYS("longest_days", "最长天数"), DAYS("promised_working_days", "承诺工作日；空为未设定"),
	{ .name = "hidden", .type = SHAPE_T_BOOL, .help = "笔数过少，对统计人员隐去" },
	SHAPE_END
};
static const struct shape cost_shape[] = {
	{ .name = "key", .type = SHAPE_T_TEXT, .codes = "areas", .help = "政策、县区" },
	{ .name = "paid_cents", .type = SHAPE_T_INT, .help = "已付（分）" },
	DAYS("payments", "笔数"), DAYS("placements", "所付人员中已办理就业登记的人数"),
	DAYS("unit_cost_cents", "每实现一人就业的资金（分）；空为没有"),
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "CNY" },
	{ .name = "hidden", .type = SHAPE_T_BOOL, .help = "人数过少，对统计人员隐去" },
	SHAPE_END
};
static const struct shape overdue_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "申领" },
	{ .name = "policy_code", .type = SHAPE_T_TEXT, .help = "政策" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .nullable = true, .help = "单位" },
	{ .name = "org_name", .type = SHAPE_T_TEXT, .nullable = true, .help = "单位名称" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "claim_states", .nullable = true,
	  .help = "办理状态；空为待受理" },
	{ .name = "since", .type = SHAPE_T_DAY, .help = "确认或申请日期" },
	{ .name = "due_on", .type = SHAPE_T_DAY, .help = "承诺到账日期" },
	{ .name = "waited_working_days", .type = SHAPE_T_INT, .help = "已等候工作日" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	SHAPE_END
};

const struct route cost_routes[] = {
	{ .name = "payment_times", .method = METHOD_GET, .path = "/v1/monitoring/funds/payment-times",
	  .callers = ROLE_FIGURES, .scope = SCOPE_AREA, .action = "monitoring.fund.times",
	  .query = INPUT(cost_query, cost_fields), .list = true, .reply = time_shape,
	  .handler = payment_times, .limit = LIMIT_READ,
	  .zh = "补贴从申请到到账的时间", .en = "How long money takes" },
	{ .name = "unit_costs", .method = METHOD_GET, .path = "/v1/monitoring/funds/unit-costs",
	  .callers = ROLE_FIGURES, .scope = SCOPE_AREA, .action = "monitoring.fund.costs",
	  .query = INPUT(cost_query, cost_fields), .list = true, .reply = cost_shape,
	  .handler = unit_costs, .limit = LIMIT_READ,
	  .zh = "每实现一人就业的资金", .en = "What a placement costs" },
	{ .name = "claims_overdue", .method = METHOD_GET, .path = "/v1/monitoring/funds/overdue-claims",
	  .callers = ROLE_FIGURES & ~ROLE_STATS, .scope = SCOPE_AREA, .action = "monitoring.fund.overdue",
	  .query = INPUT(cost_query, overdue_fields), .list = true, .reply = overdue_shape,
	  .stmt = &stmt_claims_overdue, .limit = LIMIT_READ,
	  .zh = "超过承诺时限的申领", .en = "Claims past the promised day" },
	ROUTE_END
};

bool
few_hidden(const struct call *c)
{
	return ((c->principal->roles & ((ROLE_FIGURES & ~ROLE_STATS) | ROLE_CASE_OFFICERS)) == 0);
}

static int
payment_times(struct call *c)
{
	const struct cost_query	*q = c->query;
	struct db_rows		 rows;

	if (sql_payment_times(c->db, &rows, q->by, q->from_on, q->to_on, few_hidden(c), call_after(c),
	    call_limit(c) + 1) == -1)
		return (call_failed(c));
	return (call_reply_list(c, &rows, call_limit(c)));
}

static int
unit_costs(struct call *c)
{
	const struct cost_query	*q = c->query;
	struct db_rows		 rows;

	if (sql_unit_costs(c->db, &rows, q->by, q->from_on, q->to_on, few_hidden(c), call_after(c),
	    call_limit(c) + 1) == -1)
		return (call_failed(c));
	return (call_reply_list(c, &rows, call_limit(c)));
}
