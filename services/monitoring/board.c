/*
 * board.c -- the board: every indicator of an area with what lies directly below
 * it; and the city's totals for everybody.
 */
#include "ask.h"
#include "figure.h"
#include "monitoring_sql.h"

static int	board_get(struct call *);
static int	live_get(struct call *);

static const struct field board_query_fields[] = {
	ASK_FIELD_FROM, ASK_FIELD_TO, ASK_FIELD_AREA,
	FIELD_END
};
static const struct field live_query_fields[] = {
	ASK_FIELD_FROM, ASK_FIELD_TO,
	FIELD_END
};

static const struct shape area_shape[] = {
	FIGURE_SHAPE,
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "地区代码" },
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "地区" },
	{ .name = "target", .type = SHAPE_T_INT, .nullable = true, .help = "目标" },
	SHAPE_END
};
static const struct shape indicator_shape[] = {
	FIGURE_SHAPE,
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "指标代码" },
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "指标名称" },
	{ .name = "unit", .type = SHAPE_T_TEXT, .help = "单位；basis_points 为万分之一" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .help = "类别：flow, stock, rate, share, imported" },
	{ .name = "definition", .type = SHAPE_T_TEXT, .help = "口径" },
	{ .name = "version", .type = SHAPE_T_INT, .help = "口径版本" },
	{ .name = "definition_hash", .type = SHAPE_T_TEXT, .help = "口径指纹" },
	{ .name = "target", .type = SHAPE_T_INT, .nullable = true, .help = "目标" },
	{ .name = "progress_bp", .type = SHAPE_T_INT, .nullable = true, .help = "目标完成（万分之一），自目标起始日计" },
	{ .name = "areas", .type = SHAPE_T_LIST, .of = area_shape, .help = "下一级地区" },
	SHAPE_END
};
static const struct shape board_shape[] = {
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "起始" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .help = "截止" },
	{ .name = "as_of", .type = SHAPE_T_INSTANT, .help = "统计时点" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "地区代码" },
	{ .name = "revision", .type = SHAPE_T_INT, .help = "数据版次" },
	{ .name = "indicators", .type = SHAPE_T_LIST, .of = indicator_shape, .help = "指标" },
	SHAPE_END
};
static const struct shape live_shape[] = {
	{ .name = "as_of", .type = SHAPE_T_INSTANT, .help = "统计时点" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "起始" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .help = "截止" },
	{ .name = "hired", .type = SHAPE_T_INT, .help = "就业登记" },
	{ .name = "certified", .type = SHAPE_T_INT, .help = "取证" },
	{ .name = "startup_jobs", .type = SHAPE_T_INT, .help = "创业带动就业" },
	{ .name = "paid_count", .type = SHAPE_T_INT, .help = "补贴笔数" },
	{ .name = "paid_cents", .type = SHAPE_T_INT, .help = "补贴金额（分）" },
	{ .name = "events_seen", .type = SHAPE_T_INT, .help = "全市各服务已送达的事件数" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "CNY" },
	SHAPE_END
};

const struct route board_routes[] = {
	{ .name = "board_get", .method = METHOD_GET, .path = "/v1/monitoring/board",
	  .callers = ROLE_FIGURES, .scope = SCOPE_AREA, .action = "monitoring.board.read",
	  .query = INPUT(ask_query, board_query_fields), .reply = board_shape,
	  .handler = board_get, .limit = LIMIT_READ,
	  .zh = "就业指标看板（分地区）", .en = "The board, by area" },
	{ .name = "live_get", .method = METHOD_GET, .path = "/v1/monitoring/live",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "monitoring.live.read",
	  .query = INPUT(ask_query, live_query_fields), .reply = live_shape,
	  .handler = live_get, .lane = DB_SYSTEM, .limit = LIMIT_READ,
	  .zh = "全市实时总量", .en = "City-wide totals" },
	ROUTE_END
};

static int
board_get(struct call *c)
{
	struct asked		 a = { .tag = "" };
	struct db_rows		 rows;
	const char		*codes = "{}", *names = "{}";
	int			 said;

	if (!ask_where(c, ASK_VILLAGE | ASK_CITY, &a, &said))
		return (said);
	if (!a.hides || strcmp(a.area, AREA_CITY) == 0)
		ask_below(c, a.area, &codes, &names);
	if (sql_board_get(c->db, &rows, a.from_on, a.to_on, a.county, a.area, codes, names,
	    a.hides) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
live_get(struct call *c)
{
	struct ask_query	 q = *(const struct ask_query *)c->query;
	struct db_rows		 rows;
	int			 said;

	if (!ask_period(c, &q, &said))
		return (said);
	if (sql_live_get(c->db, &rows, q.from_on, q.to_on) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}
