/*
 * outlet.c -- the outlets of a county and the clerks who work there. A clerk's
 * tokens name the outlet; placing or taking away a clerk ends those tokens,
 * so that no old one goes on naming the old place.
 */
#include "codes/codes.h"
#include "identity.h"
#include "identity_sql.h"

struct outlet_in {
	const char	*name;
	const char	*kind;
	const char	*area_code;
};

struct place_in {
	const char	*login;
};

static int	outlet_open(struct call *);
static int	outlet_place(struct call *);
static int	outlet_take(struct call *);
static int	outlet_close(struct call *);

static const char *const outlet_kinds[] = { "hall", "town", "village", "station", "fuel", NULL };

static const struct field outlet_in_fields[] = {
	FIELD_TEXT(outlet_in, name, REQUIRED, 2, 60, "网点名称"),
	FIELD_ENUM(outlet_in, kind, REQUIRED, outlet_kinds, "网点类型"),
	FIELD_CHECK(outlet_in, area_code, REQUIRED, check_area, "所在地行政区划代码"),
	FIELD_END
};

static const struct field place_in_fields[] = {
	FIELD_TEXT(place_in, login, REQUIRED, 3, 40, "受理人员账号"),
	FIELD_END
};

static const struct shape outlet_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "网点标识" },
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "网点名称" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .codes = "outlet_kinds", .help = "网点类型" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县级单位" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "所在地" },
	{ .name = "closed_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "撤销时间" },
	SHAPE_END
};

static const struct shape placed_shape[] = {
	{ .name = "outlet_id", .type = SHAPE_T_UUID, .help = "网点" },
	{ .name = "officer_id", .type = SHAPE_T_UUID, .help = "受理人员" },
	{ .name = "from_at", .type = SHAPE_T_INSTANT, .help = "起" },
	{ .name = "to_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "止" },
	SHAPE_END
};

const struct route outlet_routes[] = {
	{ .name = "outlet_open", .method = METHOD_POST, .path = "/v1/identity/outlets",
	  .callers = ROLE_SYSTEM_ADMIN, .scope = SCOPE_AREA, .action = "identity.outlet.open",
	  .body = INPUT(outlet_in, outlet_in_fields), .reply = outlet_shape,
	  .handler = outlet_open, .emits = "identity.outlet.changed.v1", .limit = LIMIT_WRITE,
	  .zh = "设立网点", .en = "Open an outlet" },
	{ .name = "outlet_list", .method = METHOD_GET, .path = "/v1/identity/outlets",
	  .callers = ROLE_SYSTEM_ADMIN | ROLE_CLERK | ROLE_FIRST_REVIEW | ROLE_AUDIT,
	  .scope = SCOPE_AREA, .action = "identity.outlet.list",
	  .query = INPUT(area_query, area_query_fields), .list = true, .reply = outlet_shape,
	  .stmt = &stmt_outlet_list, .limit = LIMIT_READ,
	  .zh = "辖区网点", .en = "Outlets of one's area" },
	{ .name = "outlet_place", .method = METHOD_POST, .path = "/v1/identity/outlets/{id}/clerks",
	  .callers = ROLE_SYSTEM_ADMIN, .scope = SCOPE_AREA, .action = "identity.outlet.place",
	  .body = INPUT(place_in, place_in_fields), .reply = placed_shape,
	  .handler = outlet_place, .emits = "identity.access.revoked.v1", .lane = DB_SYSTEM,
	  .limit = LIMIT_WRITE,
	  .zh = "派驻网点受理人员", .en = "Place a clerk at an outlet" },
	{ .name = "outlet_take", .method = METHOD_POST,
	  .path = "/v1/identity/outlets/{id}/clerks/{officer_id}/remove",
	  .callers = ROLE_SYSTEM_ADMIN, .scope = SCOPE_AREA, .action = "identity.outlet.take",
	  .reply = placed_shape, .success = 200, .handler = outlet_take,
	  .emits = "identity.access.revoked.v1", .lane = DB_SYSTEM, .limit = LIMIT_WRITE,
	  .zh = "撤回网点受理人员", .en = "Take a clerk away from an outlet" },
	{ .name = "outlet_close", .method = METHOD_POST, .path = "/v1/identity/outlets/{id}/close",
	  .callers = ROLE_SYSTEM_ADMIN, .scope = SCOPE_AREA, .action = "identity.outlet.close",
	  .reply = outlet_shape, .success = 200, .handler = outlet_close,
	  .emits = "identity.access.revoked.v1 identity.outlet.changed.v1", .lane = DB_SYSTEM, .limit = LIMIT_WRITE,
	  .zh = "撤销网点", .en = "Close an outlet" },
	ROUTE_END
};

static int
outlet_open(struct call *c)
{
	const struct outlet_in	*in = c->body;
	const char		*county = area_county(in->area_code);
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;

	if (county == NULL)
		return (call_reject(c, ERR_F_AREA, "/area_code"));
	if (!call_in_area(c, in->area_code))
		return (call_reject(c, ERR_AREA, "/area_code"));
	if (sql_outlet_open(c->db, &rows, &id, in->name, in->kind, county, in->area_code) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

/* Only an officer who may take applications in the caller's area. */
static int
outlet_place(struct call *c)
{
	const struct place_in	*in = c->body;
	struct db_rows		 rows;
	struct uuid		 officer;

	if (sql_outlet_in_area(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (sql_clerk_by_login(c->db, &rows, in->login) == -1)
		return (call_failed(c));
	if (rows.count == 0 || !call_in_area(c, db_text(&rows, 0, "area_code")))
		return (call_reject(c, ERR_REFERENCE, "/login"));
	officer = db_uuid(&rows, 0, "id");
	if (sql_outlet_leave(c->db, &rows, &officer, NULL) == -1 ||
	    sql_outlet_place(c->db, &rows, &officer, &c->id) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
outlet_take(struct call *c)
{
	struct uuid	officer = call_param_uuid(c, "officer_id");
	struct db_rows	rows;

	if (sql_outlet_in_area(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (sql_outlet_leave(c->db, &rows, &officer, &c->id) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
outlet_close(struct call *c)
{
	struct db_rows	rows;

	if (sql_outlet_close(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}
