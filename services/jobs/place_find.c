/*
 * place_find.c -- places found: nearest first by anybody, all of them by the
 * officers of the area, and counted against the policy's numbers.
 *
 * A 15-minute circle is a radius: straight-line metres that a walker or a
 * driver makes in a minute are the city's settings; no road is followed. The
 * SQL is in sql/jobs/queries/place.sql.
 */
#include <stdlib.h>

#include "place.h"
#include "codes/codes.h"
#include "conf/conf.h"
#include "jobs_sql.h"
#include "workflow/matter.h"

#define RADIUS_MOST_M	200000

struct place_query {
	const char	*lat, *lng;
	int64_t		 radius_m, walk_minutes, drive_minutes;
	const char	*kind;
	const char	*matter_code;
	bool		 open_now;
	const char	*area_code;
	const char	*q;
};

struct place_register_query {
	const char	*kind;
	const char	*state;
	const char	*county_code;
};

struct place_target_in {
	const char	*kind;
	const char	*county_code;
	int32_t		 from_on;
	int64_t		 target;
	const char	*basis;
};

static int	place_near(struct call *);
static int	place_target_set(struct call *);

static const struct field place_query_fields[] = {
	FIELD_CHECK(place_query, lat, OPTIONAL, check_degrees, "纬度（WGS84），如 26.420394"),
	FIELD_CHECK(place_query, lng, OPTIONAL, check_degrees, "经度（WGS84）"),
	FIELD_INT(place_query, radius_m, OPTIONAL, 1, RADIUS_MOST_M, "直线距离不超过（米）"),
	FIELD_INT(place_query, walk_minutes, OPTIONAL, 1, 120, "步行分钟数之内（按直线估算）"),
	FIELD_INT(place_query, drive_minutes, OPTIONAL, 1, 120, "车行分钟数之内（按直线估算）"),
	FIELD_ENUM(place_query, kind, OPTIONAL, place_kinds, "场所类型"),
	FIELD_TEXT(place_query, matter_code, OPTIONAL, 5, 5, "可办理的事项"),
	FIELD_BOOL(place_query, open_now, OPTIONAL, "此刻营业"),
	FIELD_CHECK(place_query, area_code, OPTIONAL, check_area, "所在地，含其下级"),
	FIELD_TEXT(place_query, q, OPTIONAL, 1, 60, "名称或地址中的文字"),
	FIELD_END
};

static const struct field place_register_fields[] = {
	FIELD_ENUM(place_register_query, kind, OPTIONAL, place_kinds, "场所类型"),
	FIELD_ENUM(place_register_query, state, OPTIONAL, place_states, "场所状态"),
	FIELD_CHECK(place_register_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_END
};

static const struct field place_figures_fields[] = {
	FIELD_ENUM(place_register_query, kind, OPTIONAL, place_kinds, "场所类型"),
	FIELD_END
};

static const struct field place_target_fields[] = {
	FIELD_ENUM(place_target_in, kind, REQUIRED, place_kinds, "场所类型"),
	FIELD_CHECK(place_target_in, county_code, REQUIRED, check_county, "县区"),
	FIELD_DAY(place_target_in, from_on, OPTIONAL, "起始日期，默认今天"),
	FIELD_INT(place_target_in, target, REQUIRED, 0, 100000, "目标数"),
	FIELD_TEXT(place_target_in, basis, REQUIRED, 2, 200, "依据"),
	FIELD_END
};

static const struct shape place_near_shape[] = {
	SHAPE_PLACE,
	{ .name = "distance_m", .type = SHAPE_T_INT, .nullable = true, .help = "直线距离（米）；未给位置：空" },
	SHAPE_END
};

static const struct shape place_step_shape[] = {
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "place_states", .help = "状态" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "说明" },
	{ .name = "actor", .type = SHAPE_T_UUID, .nullable = true, .help = "经手人" },
	{ .name = "at", .type = SHAPE_T_INSTANT, .help = "时间" },
	SHAPE_END
};

static const struct shape place_register_shape[] = {
	SHAPE_PLACE,
	{ .name = "steps", .type = SHAPE_T_LIST, .of = place_step_shape, .help = "经过" },
	SHAPE_END
};

static const struct shape place_figure_shape[] = {
	{ .name = "kind", .type = SHAPE_T_TEXT, .codes = "place_kinds", .help = "场所类型" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区；431100 为全市" },
	{ .name = "planned", .type = SHAPE_T_INT, .help = "规划" },
	{ .name = "building", .type = SHAPE_T_INT, .help = "建设中" },
	{ .name = "accepted", .type = SHAPE_T_INT, .help = "已确认" },
	{ .name = "open", .type = SHAPE_T_INT, .help = "开放" },
	{ .name = "closed", .type = SHAPE_T_INT, .help = "关闭" },
	{ .name = "counted", .type = SHAPE_T_INT, .help = "计入数（已确认和开放）" },
	{ .name = "target", .type = SHAPE_T_INT, .nullable = true, .help = "目标数" },
	{ .name = "target_text", .type = SHAPE_T_TEXT, .help = "目标数，或未设定" },
	SHAPE_END
};

static const struct shape place_target_shape[] = {
	{ .name = "kind", .type = SHAPE_T_TEXT, .codes = "place_kinds", .help = "场所类型" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "起始日期" },
	{ .name = "target", .type = SHAPE_T_INT, .help = "目标数" },
	{ .name = "basis", .type = SHAPE_T_TEXT, .help = "依据" },
	SHAPE_END
};

const struct route place_register_routes[] = {
	{ .name = "place_near", .method = METHOD_GET, .path = "/v1/jobs/places",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "jobs.place.near",
	  .query = INPUT(place_query, place_query_fields), .list = true, .reply = place_near_shape,
	  .handler = place_near, .limit = LIMIT_READ,
	  .zh = "就近查找服务场所", .en = "Find places of service, nearest first" },
	{ .name = "place_get", .method = METHOD_GET, .path = "/v1/jobs/places/{id}",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "jobs.place.get",
	  .reply = place_shape, .stmt = &stmt_place_get, .limit = LIMIT_READ,
	  .zh = "查看服务场所", .en = "Read a place of service" },
	{ .name = "place_register_list", .method = METHOD_GET, .path = "/v1/jobs/place-register",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "jobs.place.register",
	  .query = INPUT(place_register_query, place_register_fields), .list = true,
	  .reply = place_shape, .stmt = &stmt_place_register_list, .limit = LIMIT_READ,
	  .zh = "辖区服务场所台账", .en = "The register of places in one's area" },
	{ .name = "place_register_get", .method = METHOD_GET, .path = "/v1/jobs/place-register/{id}",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "jobs.place.register_get",
	  .reply = place_register_shape, .stmt = &stmt_place_register_get, .limit = LIMIT_READ,
	  .zh = "服务场所及其经过", .en = "A place of the register with its history" },
	{ .name = "place_figures", .method = METHOD_GET, .path = "/v1/jobs/figures/places",
	  .callers = ROLE_CASE_OFFICERS | ROLE_STATS, .scope = SCOPE_AREA, .action = "jobs.place.figures",
	  .query = INPUT(place_register_query, place_figures_fields), .list = true,
	  .reply = place_figure_shape, .stmt = &stmt_place_figures, .limit = LIMIT_READ,
	  .zh = "服务场所数量与目标", .en = "Places against their targets, by county" },
	{ .name = "place_target_set", .method = METHOD_POST, .path = "/v1/jobs/place-targets",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "jobs.place.target",
	  .body = INPUT(place_target_in, place_target_fields), .reply = place_target_shape,
	  .handler = place_target_set, .limit = LIMIT_WRITE,
	  .zh = "市级设定县区场所目标", .en = "Set a county's number of places (city)" },
	ROUTE_END
};

/* A flag of the query that was given: its absence does not show in the struct. */
bool
query_said(const struct call *c, const char *name)
{
	struct span	q = c->head->query;
	size_t		len = strlen(name), i;

	for (i = 0; i + len < q.len; i++)
		if ((i == 0 || q.p[i - 1] == '&') && memcmp(q.p + i, name, len) == 0 &&
		    q.p[i + len] == '=')
			return (true);
	return (false);
}

static int
place_near(struct call *c)
{
	const struct place_query	*q = c->query;
	int64_t				 lat = 0, lng = 0, radius = q->radius_m;
	bool				 here = q->lat != NULL;
	struct db_rows			 rows;

	if (here != (q->lng != NULL))
		return (call_reject(c, ERR_PLACE_POINT, here ? "lng" : "lat"));
	if (here && !degrees_e6(q->lat, LAT_LEAST_E6, LAT_MOST_E6, &lat))
		return (call_reject(c, ERR_F_LARGE, "lat"));
	if (here && !degrees_e6(q->lng, LNG_LEAST_E6, LNG_MOST_E6, &lng))
		return (call_reject(c, ERR_F_LARGE, "lng"));
	if (q->walk_minutes > 0)
		radius = q->walk_minutes * conf_int(CONF_WALK_M);
	if (q->drive_minutes > 0)
		radius = q->drive_minutes * conf_int(CONF_DRIVE_M);
	if (radius > 0 && !here)
		return (call_reject(c, ERR_PLACE_POINT, "lat"));
	if (q->matter_code != NULL && matter_find(q->matter_code) == NULL)
		return (call_reject(c, ERR_F_CHOICE, "matter_code"));
	if (sql_place_near(c->db, &rows, call_after(c), call_limit(c) + 1, here ? &lat : NULL,
	    here ? &lng : NULL, radius > 0 ? &radius : NULL, q->kind, q->matter_code,
	    query_said(c, "open_now") ? &q->open_now : NULL, q->area_code, q->q) == -1)
		return (call_failed(c));
	return (call_reply_list(c, &rows, call_limit(c)));
}

static int
place_target_set(struct call *c)
{
	const struct place_target_in	*in = c->body;
	struct db_rows			 rows;

	if (!principal_has(c->principal, ROLE_APPROVE, AREA_CITY))
		return (call_reject(c, ERR_AREA, NULL));
	if (sql_place_target_set(c->db, &rows, in->kind, in->county_code, in->from_on, in->target,
	    in->basis) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}
