/*
 * headcount.c -- how many work in tenants' firms and how many are insured,
 * month by month: counted from events, nobody named.
 *
 * Invariant: a month says what is known of it now, whatever was heard of
 * first. The counting is in sql/entrepreneurship/015.
 */
#include "entrepreneurship.h"
#include "entrepreneurship_sql.h"

struct month_query {
	int32_t	from_on, to_on;
};

static const struct field month_fields[] = {
	FIELD_DAY(month_query, from_on, OPTIONAL, "起始日期"),
	FIELD_DAY(month_query, to_on, OPTIONAL, "截止日期"),
	FIELD_END
};

#define COUNTS								\
	{ .name = "month", .type = SHAPE_T_DAY, .help = "月份" },	\
	{ .name = "hires", .type = SHAPE_T_INT, .help = "新招人数" },	\
	{ .name = "leavers", .type = SHAPE_T_INT, .help = "离职人数" },	\
	{ .name = "net", .type = SHAPE_T_INT, .help = "净增人数" },	\
	{ .name = "heads", .type = SHAPE_T_INT, .help = "月末（或离开日、今天）用工人数" }, \
	{ .name = "unemployed", .type = SHAPE_T_INT, .nullable = true, .help = "新招中的登记失业人员，空为未知" }, \
	{ .name = "difficult", .type = SHAPE_T_INT, .nullable = true, .help = "新招中的就业困难人员，空为未知" }, \
	{ .name = "insured", .type = SHAPE_T_INT, .nullable = true, .help = "参保人数，空为数据未到" }, \
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" }

static const struct shape tenant_month_shape[] = {
	{ .name = "tenant_id", .type = SHAPE_T_UUID, .help = "入驻" },
	{ .name = "carrier_id", .type = SHAPE_T_UUID, .help = "载体" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "企业" },
	COUNTS,
	SHAPE_END
};
static const struct shape carrier_month_shape[] = {
	{ .name = "carrier_id", .type = SHAPE_T_UUID, .help = "载体" },
	{ .name = "tenants", .type = SHAPE_T_INT, .help = "当月在驻企业" },
	COUNTS,
	SHAPE_END
};

const struct route headcount_routes[] = {
	{ .name = "tenant_months", .method = METHOD_GET, .path = "/v1/entrepreneurship/tenants/{id}/months",
	  .callers = ROLE_CARRIER | ROLE_EMPLOYER | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "entrepreneurship.headcount.tenant", .query = INPUT(month_query, month_fields),
	  .list = true, .reply = tenant_month_shape, .stmt = &stmt_tenant_months, .limit = LIMIT_READ,
	  .zh = "入驻企业逐月用工和参保", .en = "A tenant's heads, month by month" },
	{ .name = "carrier_months", .method = METHOD_GET, .path = "/v1/entrepreneurship/carriers/{id}/months",
	  .callers = ROLE_CARRIER | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "entrepreneurship.headcount.carrier", .query = INPUT(month_query, month_fields),
	  .list = true, .reply = carrier_month_shape, .stmt = &stmt_carrier_months, .limit = LIMIT_READ,
	  .zh = "载体逐月带动用工和参保", .en = "A carrier's heads, month by month" },
	ROUTE_END
};
