/*
 * place.c -- places where people are served: entered and moved along by the
 * county, confirmed by the city where the policy counts them, changed, and how
 * many wait there.
 *
 * Invariant: nothing is open that was not accepted by somebody other than who
 * entered it; every state is kept. The SQL is in sql/jobs/queries/place.sql.
 */
#include "place.h"
#include "codes/codes.h"
#include "jobs_sql.h"

struct place_in {
	const char	*kind;
	const char	*name;
	const char	*address;
	const char	*area_code;
	int64_t		 lat_e6, lng_e6;
	const char	*phone;
	struct uuid	 outlet_id;
	struct list_of	 hours, exceptions;
};

struct place_move_in {
	const char	*state;
	const char	*note;
};

struct place_queue_in {
	int64_t		 waiting;
};

static int	place_create(struct call *);
static int	place_change(struct call *);
static int	place_move(struct call *);
static int	check_time(const char *);

const char *const place_kinds[] = { "station", "fuel", "gig_market", "hall", "workshop", "incubator",
	"town_point", "village_point", NULL };
const char *const place_states[] = { "planned", "building", "accepted", "open", "closed", NULL };
static const char *const moves[] = { "building", "open", "closed", NULL };

const struct field hours_fields[] = {
	FIELD_INT(hours_in, weekday, REQUIRED, 1, 7, "星期，1 为星期一"),
	FIELD_CHECK(hours_in, opens, REQUIRED, check_time, "开门时间 08:30"),
	FIELD_CHECK(hours_in, closes, REQUIRED, check_time, "关门时间"),
	FIELD_END
};

const struct field exception_fields[] = {
	FIELD_DAY(exception_in, on, REQUIRED, "日期"),
	FIELD_CHECK(exception_in, opens, OPTIONAL, check_time, "开门时间；不填：全天不营业"),
	FIELD_CHECK(exception_in, closes, OPTIONAL, check_time, "关门时间"),
	FIELD_TEXT(exception_in, note, OPTIONAL, 1, 60, "说明"),
	FIELD_END
};

#define PLACE_FIELDS(need)								\
	FIELD_TEXT(place_in, name, need, 2, 60, "名称"),				\
	FIELD_TEXT(place_in, address, need, 2, 120, "地址"),				\
	FIELD_INT(place_in, lat_e6, need, LAT_LEAST_E6, LAT_MOST_E6, "纬度（WGS84，百万分之一度）"), \
	FIELD_INT(place_in, lng_e6, need, LNG_LEAST_E6, LNG_MOST_E6, "经度（WGS84，百万分之一度）"), \
	FIELD_TEXT(place_in, phone, OPTIONAL, 7, 20, "公开的联系电话"),			\
	FIELD_UUID(place_in, outlet_id, OPTIONAL, "受理网点，指定后不变"),		\
	FIELD_LIST(place_in, hours, OPTIONAL, 0, 42, hours_in, hours_fields, "每周营业时间"), \
	FIELD_LIST(place_in, exceptions, OPTIONAL, 0, 200, exception_in, exception_fields, \
	    "特定日期的营业时间，代替当天的")

static const struct field place_in_fields[] = {
	FIELD_ENUM(place_in, kind, REQUIRED, place_kinds, "场所类型"),
	FIELD_CHECK(place_in, area_code, REQUIRED, check_area, "所在地行政区划代码，到县级或更细"),
	PLACE_FIELDS(REQUIRED),
	FIELD_END
};

static const struct field place_change_fields[] = {
	PLACE_FIELDS(OPTIONAL),
	FIELD_END
};

static const struct field place_move_fields[] = {
	FIELD_ENUM(place_move_in, state, REQUIRED, moves, "进入的状态"),
	FIELD_TEXT(place_move_in, note, OPTIONAL, 2, 200, "说明；关闭时必填"),
	FIELD_END
};

static const struct field place_accept_fields[] = {
	FIELD_TEXT(place_move_in, note, REQUIRED, 2, 200, "确认意见"),
	FIELD_END
};

static const struct field place_queue_fields[] = {
	FIELD_INT(place_queue_in, waiting, REQUIRED, 0, 999, "等候人数"),
	FIELD_END
};

const struct shape place_shape[] = { SHAPE_PLACE, SHAPE_END };

const struct route place_routes[] = {
	{ .name = "place_create", .method = METHOD_POST, .path = "/v1/jobs/places",
	  .callers = ROLE_CLERK | ROLE_FIRST_REVIEW, .scope = SCOPE_AREA, .action = "jobs.place.create",
	  .body = INPUT(place_in, place_in_fields), .reply = place_shape, .handler = place_create,
	  .emits = "jobs.place.delegated.v1", .limit = LIMIT_WRITE,
	  .zh = "登记服务场所", .en = "Enter a place of service" },
	{ .name = "place_change", .method = METHOD_PATCH, .path = "/v1/jobs/places/{id}",
	  .callers = ROLE_CLERK | ROLE_FIRST_REVIEW, .scope = SCOPE_AREA, .action = "jobs.place.change",
	  .body = INPUT(place_in, place_change_fields), .reply = place_shape, .handler = place_change,
	  .emits = "jobs.place.delegated.v1", .limit = LIMIT_WRITE,
	  .zh = "修改服务场所", .en = "Change a place of service" },
	{ .name = "place_move", .method = METHOD_POST, .path = "/v1/jobs/places/{id}/move",
	  .callers = ROLE_CLERK | ROLE_FIRST_REVIEW, .scope = SCOPE_AREA, .action = "jobs.place.move",
	  .body = INPUT(place_move_in, place_move_fields), .reply = place_shape, .success = 200,
	  .handler = place_move, .emits = "jobs.place.delegated.v1 jobs.unit.moved.v1", .limit = LIMIT_WRITE,
	  .zh = "服务场所开工、开放或关闭", .en = "Build, open or close a place of service" },
	{ .name = "place_accept", .method = METHOD_POST, .path = "/v1/jobs/places/{id}/accept",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "jobs.place.accept",
	  .body = INPUT(place_move_in, place_accept_fields), .reply = place_shape, .success = 200,
	  .stmt = &stmt_place_accept, .emits = "jobs.place.delegated.v1 jobs.unit.moved.v1", .limit = LIMIT_WRITE,
	  .zh = "确认服务场所（乐业小站、加油站、零工市场由市级确认）", .en = "Accept a place of service" },
	{ .name = "place_queue", .method = METHOD_POST, .path = "/v1/jobs/places/{id}/queue",
	  .callers = ROLE_CLERK, .scope = SCOPE_OUTLET, .action = "jobs.place.queue",
	  .body = INPUT(place_queue_in, place_queue_fields), .reply = place_shape, .success = 200,
	  .stmt = &stmt_place_queue, .emits = "jobs.place.delegated.v1", .limit = LIMIT_WRITE,
	  .zh = "报告本网点排队人数", .en = "Say how many wait at one's outlet" },
	ROUTE_END
};

/* "08:30"; "24:00" is the end of a day. */
static int
check_time(const char *s)
{
	if (strlen(s) != 5 || s[2] != ':' || strspn(s, "0123456789:") != 5 || s[3] > '5' ||
	    s[0] == ':' || s[1] == ':' || s[3] == ':' || s[4] == ':')
		return (ERR_F_FORMAT);
	return (strcmp(s, "24:00") <= 0 ? 0 : ERR_F_FORMAT);
}

const char *
place_list_text(struct call *c, const char *name)
{
	const struct json	*root = json_parse(c->arena, c->raw.p, c->raw.len);
	const struct json	*list = root == NULL ? NULL : json_get(root, name);

	return (list == NULL || json_is_null(list) ? NULL : json_text(c->arena, list));
}

int
place_hours_judge(struct call *c, const struct list_of *hours, const struct list_of *exceptions)
{
	const struct hours_in		*h = hours->items;
	const struct exception_in	*x = exceptions->items;
	size_t				 i, j;

	for (i = 0; i < hours->count; i++) {
		if (strcmp(h[i].opens, h[i].closes) >= 0)
			return (call_reject(c, ERR_PLACE_HOURS, arena_printf(c->arena, "/hours/%zu", i)));
		for (j = 0; j < i; j++)
			if (h[i].weekday == h[j].weekday && strcmp(h[i].opens, h[j].closes) < 0 &&
			    strcmp(h[j].opens, h[i].closes) < 0)
				return (call_reject(c, ERR_PLACE_HOURS,
				    arena_printf(c->arena, "/hours/%zu", i)));
	}
	for (i = 0; i < exceptions->count; i++)
		if ((x[i].opens == NULL) != (x[i].closes == NULL) ||
		    (x[i].opens != NULL && strcmp(x[i].opens, x[i].closes) >= 0))
			return (call_reject(c, ERR_PLACE_HOURS,
			    arena_printf(c->arena, "/exceptions/%zu", i)));
	return (0);
}

static int
place_create(struct call *c)
{
	const struct place_in	*in = c->body;
	const char		*county = area_county(in->area_code);
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;
	int			 rc;

	if (county == NULL)
		return (call_reject(c, ERR_F_AREA, "/area_code"));
	if (!call_in_area(c, in->area_code))
		return (call_reject(c, ERR_AREA, "/area_code"));
	if ((rc = place_hours_judge(c, &in->hours, &in->exceptions)) != 0)
		return (rc);
	call_object(c, &id);
	if (sql_place_create(c->db, &rows, &id, in->kind, in->name, in->address, county,
	    in->area_code, in->lat_e6, in->lng_e6, in->phone,
	    uuid_is_nil(&in->outlet_id) ? NULL : &in->outlet_id, place_list_text(c, "hours"),
	    place_list_text(c, "exceptions")) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

/* A point moves whole. */
static int
place_change(struct call *c)
{
	const struct place_in	*in = c->body;
	const int64_t		*lat = in->lat_e6 == 0 ? NULL : &in->lat_e6;
	const int64_t		*lng = in->lng_e6 == 0 ? NULL : &in->lng_e6;
	struct db_rows		 rows;
	int			 rc;

	if ((lat == NULL) != (lng == NULL))
		return (call_reject(c, ERR_PLACE_POINT, lat == NULL ? "/lat_e6" : "/lng_e6"));
	if ((rc = place_hours_judge(c, &in->hours, &in->exceptions)) != 0)
		return (rc);
	if (sql_place_change(c->db, &rows, &c->id, in->name, in->address, lat, lng, in->phone,
	    uuid_is_nil(&in->outlet_id) ? NULL : &in->outlet_id, place_list_text(c, "hours"),
	    place_list_text(c, "exceptions")) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
place_move(struct call *c)
{
	const struct place_move_in	*in = c->body;
	struct db_rows			 rows;

	if (in->note == NULL && strcmp(in->state, "closed") == 0)
		return (call_reject(c, ERR_F_MISSING, "/note"));
	if (sql_place_move(c->db, &rows, &c->id, in->state, in->note) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}
