/*
 * carrier.c -- 创业孵化载体: registered and described by the organisation that
 * runs them, each version kept; found by everybody, the nearest first.
 *
 * Invariant: everybody reads the counts and an office's line, nobody but its
 * organisation and the officers of the area a phone in full. The SQL is in
 * sql/entrepreneurship/queries/carrier.sql.
 */
#include "entrepreneurship.h"
#include "codes/codes.h"
#include "crypt/crypt.h"
#include "entrepreneurship_sql.h"

#define LAT_LEAST_E6	INT64_C(3000000)	/* the country's corners */
#define LAT_MOST_E6	INT64_C(54000000)
#define LNG_LEAST_E6	INT64_C(73000000)
#define LNG_MOST_E6	INT64_C(136000000)

struct carrier_in {
	const char	*name, *kind, *area_code, *services, *address, *premises, *licence_no,
			*office_line, *contact_phone;
	int64_t		 capacity, floor_m2, lat_e6, lng_e6;	/* 0: not said */
	int32_t		 premises_until, licence_on;
};

struct carrier_query {
	const char	*area_code, *kind, *tier, *lon, *lat;
	bool		 is_recognised, has_places;
};

static int	carrier_open(struct call *);
static int	carrier_change(struct call *);
static int	carrier_nearest(struct call *);
static int	carrier_contact(struct call *);
static bool	point_is_whole(struct call *, const struct carrier_in *, int *said);

static const char *const kinds[] = { "incubator", "return_home_park", NULL };
static const char *const premises[] = { "owned", "rented", "public", NULL };
static const char *const tiers[] = { "city", "county", NULL };

/* What a carrier says of itself, first and later. */
#define SAID								\
	FIELD_TEXT(carrier_in, name, REQUIRED, 2, 60, "载体名称"),	\
	FIELD_INT(carrier_in, capacity, REQUIRED, 1, 10000, "可容纳企业数"), \
	FIELD_INT(carrier_in, floor_m2, OPTIONAL, 1, 10000000, "建筑面积（平方米）"), \
	FIELD_TEXT(carrier_in, services, OPTIONAL, 0, 1000, "提供的服务"), \
	FIELD_TEXT(carrier_in, address, OPTIONAL, 0, 100, "地址"),	\
	FIELD_INT(carrier_in, lat_e6, OPTIONAL, LAT_LEAST_E6, LAT_MOST_E6, "纬度，百万分之一度（WGS-84）"), \
	FIELD_INT(carrier_in, lng_e6, OPTIONAL, LNG_LEAST_E6, LNG_MOST_E6, "经度，百万分之一度（WGS-84）"), \
	FIELD_ENUM(carrier_in, premises, OPTIONAL, premises, "场地来源"),	\
	FIELD_DAY(carrier_in, premises_until, OPTIONAL, "场地可用至"),	\
	FIELD_TEXT(carrier_in, licence_no, OPTIONAL, 2, 40, "运营证照编号"), \
	FIELD_DAY(carrier_in, licence_on, OPTIONAL, "证照日期"),		\
	FIELD_TEXT(carrier_in, office_line, OPTIONAL, 5, 30, "公开的办公电话"), \
	FIELD_CHECK(carrier_in, contact_phone, OPTIONAL, check_mobile, "联系人手机，只公开脱敏后的")

static const struct field carrier_in_fields[] = {
	SAID,
	FIELD_ENUM(carrier_in, kind, REQUIRED, kinds, "载体类型：创业孵化基地、返乡创业园"),
	FIELD_CHECK(carrier_in, area_code, REQUIRED, check_area, "所在地行政区划代码，到县级或更细"),
	FIELD_END
};

static const struct field carrier_change_fields[] = { SAID, FIELD_END };

static const struct field carrier_query_fields[] = {
	FIELD_CHECK(carrier_query, area_code, OPTIONAL, check_area, "所在地，含其下级"),
	FIELD_ENUM(carrier_query, kind, OPTIONAL, kinds, "载体类型"),
	FIELD_ENUM(carrier_query, tier, OPTIONAL, tiers, "认定级别"),
	FIELD_BOOL(carrier_query, is_recognised, OPTIONAL, "已认定"),
	FIELD_BOOL(carrier_query, has_places, OPTIONAL, "有空位"),
	FIELD_END
};

static const struct field carrier_near_fields[] = {
	FIELD_CHECK(carrier_query, lon, REQUIRED, check_degrees, "经度（WGS-84）"),
	FIELD_CHECK(carrier_query, lat, REQUIRED, check_degrees, "纬度（WGS-84），如 26.420394"),
	FIELD_ENUM(carrier_query, kind, OPTIONAL, kinds, "载体类型"),
	FIELD_BOOL(carrier_query, is_recognised, OPTIONAL, "只看已认定的"),
	FIELD_BOOL(carrier_query, has_places, OPTIONAL, "只看有空位的"),
	FIELD_END
};

#define CARRIER_SHAPE							\
	{ .name = "id", .type = SHAPE_T_UUID, .help = "载体" },		\
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "运营单位" },	\
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "载体名称" },	\
	{ .name = "kind", .type = SHAPE_T_TEXT, .codes = "carrier_kinds", .help = "载体类型" },	\
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" }, \
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "所在地" },	\
	{ .name = "capacity", .type = SHAPE_T_INT, .help = "可容纳企业数" }, \
	{ .name = "tenant_count", .type = SHAPE_T_INT, .help = "在驻和待确认入驻的企业数" }, \
	{ .name = "places_left", .type = SHAPE_T_INT, .help = "空位" },	\
	{ .name = "job_count", .type = SHAPE_T_INT, .help = "带动就业人数" }, \
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "startup_carrier_states", .help = "状态" }, \
	{ .name = "tier", .type = SHAPE_T_TEXT, .nullable = true, .help = "认定级别，空为未认定" }, \
	{ .name = "recognised_on", .type = SHAPE_T_DAY, .nullable = true, .help = "认定日期" }, \
	{ .name = "version", .type = SHAPE_T_INT, .help = "第几版资料" },	\
	{ .name = "floor_m2", .type = SHAPE_T_INT, .nullable = true, .help = "建筑面积（平方米）" }, \
	{ .name = "services", .type = SHAPE_T_TEXT, .help = "提供的服务" }, \
	{ .name = "address", .type = SHAPE_T_TEXT, .help = "地址" },	\
	{ .name = "lat_e6", .type = SHAPE_T_INT, .nullable = true, .help = "纬度（百万分之一度）" }, \
	{ .name = "lng_e6", .type = SHAPE_T_INT, .nullable = true, .help = "经度（百万分之一度）" }, \
	{ .name = "premises", .type = SHAPE_T_TEXT, .nullable = true, .help = "场地来源" }, \
	{ .name = "premises_until", .type = SHAPE_T_DAY, .nullable = true, .help = "场地可用至" }, \
	{ .name = "licence_no", .type = SHAPE_T_TEXT, .nullable = true, .help = "运营证照编号" }, \
	{ .name = "licence_on", .type = SHAPE_T_DAY, .nullable = true, .help = "证照日期" }, \
	{ .name = "office_line", .type = SHAPE_T_TEXT, .nullable = true, .help = "公开的办公电话" }, \
	{ .name = "phone_shown", .type = SHAPE_T_TEXT, .nullable = true, .help = "联系人手机（脱敏）" }, \
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "登记时间" }

const struct shape carrier_shape[] = { CARRIER_SHAPE, SHAPE_END };
static const struct shape near_shape[] = {
	CARRIER_SHAPE,
	{ .name = "metres", .type = SHAPE_T_INT, .help = "直线距离（米）" },
	SHAPE_END
};
static const struct shape version_shape[] = {
	{ .name = "carrier_id", .type = SHAPE_T_UUID, .help = "载体" },
	{ .name = "no", .type = SHAPE_T_INT, .help = "第几版" },
	{ .name = "said", .type = SHAPE_T_JSON, .help = "该版资料" },
	{ .name = "said_at", .type = SHAPE_T_INSTANT, .help = "时间" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	SHAPE_END
};
static const struct shape contact_shape[] = {
	{ .name = "carrier_id", .type = SHAPE_T_UUID, .help = "载体" },
	{ .name = "phone", .type = SHAPE_T_TEXT, .help = "联系人手机" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	SHAPE_END
};

const struct route carrier_routes[] = {
	{ .name = "carrier_open", .method = METHOD_POST, .path = "/v1/entrepreneurship/carriers",
	  .callers = ROLE_CARRIER, .scope = SCOPE_ORG, .action = "entrepreneurship.carrier.open",
	  .body = INPUT(carrier_in, carrier_in_fields), .reply = carrier_shape,
	  .handler = carrier_open, .limit = LIMIT_WRITE,
	  .matter = "EN-01", .zh = "登记创业孵化载体", .en = "Register a carrier" },
	{ .name = "carrier_change", .method = METHOD_POST, .path = "/v1/entrepreneurship/carriers/{id}/changes",
	  .callers = ROLE_CARRIER, .scope = SCOPE_ORG, .action = "entrepreneurship.carrier.change",
	  .body = INPUT(carrier_in, carrier_change_fields), .reply = carrier_shape, .success = 200,
	  .handler = carrier_change, .limit = LIMIT_WRITE,
	  .zh = "变更载体资料", .en = "Describe a carrier anew" },
	{ .name = "carrier_list", .method = METHOD_GET, .path = "/v1/entrepreneurship/carriers",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "entrepreneurship.carrier.list",
	  .query = INPUT(carrier_query, carrier_query_fields), .list = true,
	  .reply = carrier_shape, .stmt = &stmt_carrier_list, .limit = LIMIT_READ,
	  .zh = "查找创业孵化载体", .en = "Search carriers" },
	{ .name = "carrier_nearest", .method = METHOD_GET, .path = "/v1/entrepreneurship/carriers/nearest",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "entrepreneurship.carrier.nearest",
	  .query = INPUT(carrier_query, carrier_near_fields), .list = true,
	  .reply = near_shape, .handler = carrier_nearest, .limit = LIMIT_READ,
	  .zh = "就近查找创业孵化载体", .en = "Carriers, nearest first" },
	{ .name = "carrier_get", .method = METHOD_GET, .path = "/v1/entrepreneurship/carriers/{id}",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "entrepreneurship.carrier.get",
	  .reply = carrier_shape, .stmt = &stmt_carrier_get, .limit = LIMIT_READ,
	  .zh = "查看载体及其成效", .en = "Read a carrier with its counts" },
	{ .name = "carrier_list_org", .method = METHOD_GET,
	  .path = "/v1/entrepreneurship/org/carriers",
	  .callers = ROLE_CARRIER, .scope = SCOPE_ORG, .action = "entrepreneurship.carrier.list_org",
	  .list = true, .reply = carrier_shape, .stmt = &stmt_carrier_list_org, .limit = LIMIT_READ,
	  .zh = "本单位的载体", .en = "List the caller's carriers" },
	{ .name = "carrier_version_list", .method = METHOD_GET,
	  .path = "/v1/entrepreneurship/carriers/{id}/versions",
	  .callers = ROLE_CARRIER | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "entrepreneurship.carrier.versions", .list = true, .reply = version_shape,
	  .stmt = &stmt_carrier_version_list, .limit = LIMIT_READ,
	  .zh = "载体资料的历次版本", .en = "What a carrier said of itself, each version" },
	{ .name = "carrier_contact", .method = METHOD_GET, .path = "/v1/entrepreneurship/carriers/{id}/contact",
	  .callers = ROLE_CARRIER | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "entrepreneurship.carrier.contact", .reply = contact_shape, .handler = carrier_contact,
	  .opens = OPENS_UNNAMED, .limit = LIMIT_READ,
	  .zh = "查看载体联系人手机", .en = "Read whom to call at a carrier" },
	ROUTE_END
};

#define PHONE	"carrier_contact.phone"

/* A carrier belongs to a county or a place within one. */
static int
carrier_open(struct call *c)
{
	const struct carrier_in	*in = c->body;
	const char		*county = area_county(in->area_code), *phone = in->contact_phone;
	const char		*sealed = phone == NULL ? NULL : field_seal(c->arena, PHONE, phone);
	struct db_rows		 rows;
	int			 said;

	if (county == NULL)
		return (call_reject(c, ERR_F_AREA, "/area_code"));
	if (!point_is_whole(c, in, &said))
		return (said);
	if (sql_carrier_open(c->db, &rows, &c->principal->org, in->name, in->kind, county,
	    in->area_code, in->capacity, in->floor_m2 == 0 ? NULL : &in->floor_m2, in->services, in->address,
	    in->lat_e6 == 0 ? NULL : &in->lat_e6, in->lng_e6 == 0 ? NULL : &in->lng_e6, in->premises,
	    in->premises_until, in->licence_no, in->licence_on, in->office_line,
	    mask_phone(c->arena, phone), sealed) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
carrier_change(struct call *c)
{
	const struct carrier_in	*in = c->body;
	const char		*phone = in->contact_phone;
	const char		*sealed = phone == NULL ? NULL : field_seal(c->arena, PHONE, phone);
	struct db_rows		 rows;
	int			 said;

	if (!point_is_whole(c, in, &said))
		return (said);
	if (sql_carrier_change(c->db, &rows, &c->id, &c->principal->org, in->name, in->capacity,
	    in->floor_m2 == 0 ? NULL : &in->floor_m2, in->services, in->address,
	    in->lat_e6 == 0 ? NULL : &in->lat_e6, in->lng_e6 == 0 ? NULL : &in->lng_e6, in->premises,
	    in->premises_until, in->licence_no, in->licence_on, in->office_line,
	    mask_phone(c->arena, phone), sealed) == -1)
		return (c->db->error == DB_UNIQUE ? call_reject(c, ERR_EXISTS, "/name") : call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static bool
point_is_whole(struct call *c, const struct carrier_in *in, int *said)
{
	if ((in->lat_e6 == 0) == (in->lng_e6 == 0))
		return (true);
	*said = call_reject(c, ERR_F_MISSING, in->lat_e6 == 0 ? "/lat_e6" : "/lng_e6");
	return (false);
}

static int
carrier_nearest(struct call *c)
{
	const struct carrier_query	*q = c->query;
	struct db_rows			 rows;
	int64_t				 lat, lng;

	if (!degrees_e6(q->lat, LAT_LEAST_E6, LAT_MOST_E6, &lat))
		return (call_reject(c, ERR_F_LARGE, "lat"));
	if (!degrees_e6(q->lon, LNG_LEAST_E6, LNG_MOST_E6, &lng))
		return (call_reject(c, ERR_F_LARGE, "lon"));
	if (sql_carrier_nearest(c->db, &rows, call_after(c), call_limit(c) + 1, lat, lng, q->kind,
	    q->is_recognised ? &q->is_recognised : NULL, q->has_places ? &q->has_places : NULL) == -1)
		return (call_failed(c));
	return (call_reply_list(c, &rows, call_limit(c)));
}

static int
carrier_contact(struct call *c)
{
	const char	*phone;
	struct json_out	 out;
	struct db_rows	 rows;
	struct buf	 b;
	int		 rc;

	if (sql_carrier_contact(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if ((phone = field_open(c->arena, PHONE, db_text(&rows, 0, "phone_sealed"))) == NULL)
		return (call_reject(c, ERR_INTERNAL, NULL));
	buf_init(&b, 1024);
	json_out_init(&out, &b);
	json_open(&out, NULL);
	json_put_uuid(&out, "carrier_id", &c->id);
	json_put_text(&out, "phone", phone);
	json_put_text(&out, "county_code", db_text(&rows, 0, "county_code"));
	json_close(&out);
	rc = call_reply(c, 200, arena_strdup(c->arena, buf_cstr(&b)));
	buf_release(&b);
	return (rc);
}
