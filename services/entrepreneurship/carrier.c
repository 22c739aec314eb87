/*
 * carrier.c -- 创业孵化载体: registered by the organisation that runs them, read
 * by everybody with their counts of tenants and of jobs created. The SQL is in
 * sql/entrepreneurship/queries/carrier.sql.
 */
#include "entrepreneurship.h"
#include "codes/codes.h"
#include "entrepreneurship_sql.h"

struct carrier_in {
	const char	*name;
	const char	*kind;
	const char	*area_code;
	int64_t		 capacity;
};

struct carrier_query {
	const char	*area_code;
	const char	*kind;
};

static int	carrier_open(struct call *);

static const char *const kinds[] = { "incubator", "return_home_park", NULL };

static const struct field carrier_in_fields[] = {
	FIELD_TEXT(carrier_in, name, REQUIRED, 2, 60, "载体名称"),
	FIELD_ENUM(carrier_in, kind, REQUIRED, kinds, "载体类型：创业孵化基地、返乡创业园"),
	FIELD_CHECK(carrier_in, area_code, REQUIRED, check_area, "所在地行政区划代码，到县级或更细"),
	FIELD_INT(carrier_in, capacity, REQUIRED, 1, 10000, "可容纳企业数"),
	FIELD_END
};

static const struct field carrier_query_fields[] = {
	FIELD_CHECK(carrier_query, area_code, OPTIONAL, check_area, "所在地，含其下级"),
	FIELD_ENUM(carrier_query, kind, OPTIONAL, kinds, "载体类型"),
	FIELD_END
};

static const struct shape carrier_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "载体" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "运营单位" },
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "载体名称" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .help = "载体类型" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "所在地" },
	{ .name = "capacity", .type = SHAPE_T_INT, .help = "可容纳企业数" },
	{ .name = "tenant_count", .type = SHAPE_T_INT, .help = "在驻企业数" },
	{ .name = "job_count", .type = SHAPE_T_INT, .help = "带动就业人数" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "登记时间" },
	SHAPE_END
};

const struct route carrier_routes[] = {
	{ .name = "carrier_open", .method = METHOD_POST, .path = "/v1/entrepreneurship/carriers",
	  .callers = ROLE_CARRIER, .scope = SCOPE_ORG, .action = "entrepreneurship.carrier.open",
	  .body = INPUT(carrier_in, carrier_in_fields), .reply = carrier_shape,
	  .handler = carrier_open, .limit = LIMIT_WRITE,
	  .matter = "EN-01", .zh = "登记创业孵化载体", .en = "Register a carrier" },
	{ .name = "carrier_list", .method = METHOD_GET, .path = "/v1/entrepreneurship/carriers",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "entrepreneurship.carrier.list",
	  .query = INPUT(carrier_query, carrier_query_fields), .list = true,
	  .reply = carrier_shape, .stmt = &stmt_carrier_list, .limit = LIMIT_READ,
	  .zh = "查找创业孵化载体", .en = "Search carriers" },
	{ .name = "carrier_get", .method = METHOD_GET, .path = "/v1/entrepreneurship/carriers/{id}",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "entrepreneurship.carrier.get",
	  .reply = carrier_shape, .stmt = &stmt_carrier_get, .limit = LIMIT_READ,
	  .zh = "查看载体及其成效", .en = "Read a carrier with its counts" },
	{ .name = "carrier_list_org", .method = METHOD_GET,
	  .path = "/v1/entrepreneurship/org/carriers",
	  .callers = ROLE_CARRIER, .scope = SCOPE_ORG, .action = "entrepreneurship.carrier.list_org",
	  .list = true, .reply = carrier_shape, .stmt = &stmt_carrier_list_org, .limit = LIMIT_READ,
	  .zh = "本单位的载体", .en = "List the caller's carriers" },
	ROUTE_END
};

/* A carrier belongs to a county or a place within one. */
static int
carrier_open(struct call *c)
{
	const struct carrier_in	*in = c->body;
	const char		*county = area_county(in->area_code);
	struct db_rows		 rows;

	if (county == NULL)
		return (call_reject(c, ERR_F_AREA, "/area_code"));
	if (sql_carrier_open(c->db, &rows, &c->principal->org, in->name, in->kind, county,
	    in->area_code, in->capacity) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}
