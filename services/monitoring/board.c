/*
 * board.c -- the board of a period, the rows behind one figure, and the
 * city's totals for everybody. A period is the business year unless given.
 */
#include "monitoring.h"
#include "base/clock.h"
#include "codes/codes.h"
#include "monitoring_sql.h"

struct board_query {
	int32_t		 from_on;
	int32_t		 to_on;
};

struct rows_query {
	struct page_in	 page;
	int32_t		 from_on;
	int32_t		 to_on;
	const char	*county_code;
};

static int	board_get(struct call *);
static int	board_rows(struct call *);
static int	live_get(struct call *);
static bool	period(int32_t *, int32_t *);

static const struct field board_query_fields[] = {
	FIELD_DAY(board_query, from_on, OPTIONAL, "起始日期，默认本年 1 月 1 日"),
	FIELD_DAY(board_query, to_on, OPTIONAL, "截止日期，默认今天"),
	FIELD_END
};

static const struct field rows_query_fields[] = {
	{ .name = "limit", .type = FIELD_T_INT, .offset = offsetof(struct rows_query, page.limit),
	  .min = 1, .max = 200, .help = "每页条数" },
	{ .name = "cursor", .type = FIELD_T_TEXT, .offset = offsetof(struct rows_query, page.cursor),
	  .max = 500, .help = "分页游标" },
	FIELD_DAY(rows_query, from_on, OPTIONAL, "起始日期"),
	FIELD_DAY(rows_query, to_on, OPTIONAL, "截止日期"),
	FIELD_CHECK(rows_query, county_code, OPTIONAL, check_county, "县级单位代码"),
	FIELD_END
};

static const struct shape county_value_shape[] = {
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县级单位" },
	{ .name = "value", .type = SHAPE_T_INT, .help = "数值" },
	{ .name = "target", .type = SHAPE_T_INT, .nullable = true, .help = "目标" },
	SHAPE_END
};

static const struct shape indicator_shape[] = {
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "指标代码" },
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "指标名称" },
	{ .name = "unit", .type = SHAPE_T_TEXT, .help = "单位：person, job, cents" },
	{ .name = "definition", .type = SHAPE_T_TEXT, .help = "口径" },
	{ .name = "definition_hash", .type = SHAPE_T_TEXT, .help = "口径指纹" },
	{ .name = "value", .type = SHAPE_T_INT, .help = "数值" },
	{ .name = "target", .type = SHAPE_T_INT, .nullable = true, .help = "全市目标" },
	{ .name = "counties", .type = SHAPE_T_LIST, .of = county_value_shape, .help = "分县" },
	SHAPE_END
};

static const struct shape board_shape[] = {
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "起始" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .help = "截止" },
	{ .name = "as_of", .type = SHAPE_T_INSTANT, .help = "统计时点" },
	{ .name = "indicators", .type = SHAPE_T_LIST, .of = indicator_shape, .help = "指标" },
	SHAPE_END
};

static const struct shape row_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "业务记录" },
	{ .name = "on", .type = SHAPE_T_DAY, .help = "日期" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县级单位" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .nullable = true, .help = "单位" },
	{ .name = "amount_cents", .type = SHAPE_T_INT, .nullable = true, .help = "金额（分）" },
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
	  .query = INPUT(board_query, board_query_fields), .reply = board_shape,
	  .handler = board_get, .limit = LIMIT_READ,
	  .zh = "就业指标看板（分县）", .en = "The board, by county" },
	{ .name = "board_rows", .method = METHOD_GET,
	  .path = "/v1/monitoring/indicators/{indicator_name}/rows",
	  .callers = ROLE_FIGURES & ~ROLE_STATS, .scope = SCOPE_AREA,
	  .action = "monitoring.board.open", .query = INPUT(rows_query, rows_query_fields),
	  .list = true, .reply = row_shape, .handler = board_rows, .limit = LIMIT_READ,
	  .zh = "指标明细", .en = "The rows behind a figure" },
	{ .name = "live_get", .method = METHOD_GET, .path = "/v1/monitoring/live",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "monitoring.live.read",
	  .query = INPUT(board_query, board_query_fields), .reply = live_shape,
	  .handler = live_get, .lane = DB_SYSTEM, .limit = LIMIT_READ,
	  .zh = "全市实时总量", .en = "City-wide totals" },
	ROUTE_END
};

static int
board_get(struct call *c)
{
	struct board_query	 q = *(const struct board_query *)c->query;
	struct db_rows		 rows;

	if (!period(&q.from_on, &q.to_on))
		return (call_reject(c, ERR_F_DATE_ORDER, "to_on"));
	if (sql_board_get(c->db, &rows, q.from_on, q.to_on) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
board_rows(struct call *c)
{
	struct rows_query	 q = *(const struct rows_query *)c->query;
	const char		*code = call_param(c, "indicator_name");
	struct db_rows		 rows;

	if (!period(&q.from_on, &q.to_on))
		return (call_reject(c, ERR_F_DATE_ORDER, "to_on"));
	if (sql_indicator_find(c->db, &rows, code) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (sql_board_rows(c->db, &rows, code, q.from_on, q.to_on,
	    q.county_code, q.page.cursor, q.page.limit + 1) == -1)
		return (call_failed(c));
	return (call_reply_list(c, &rows, q.page.limit));
}

static int
live_get(struct call *c)
{
	struct board_query	 q = *(const struct board_query *)c->query;
	struct db_rows		 rows;

	if (!period(&q.from_on, &q.to_on))
		return (call_reject(c, ERR_F_DATE_ORDER, "to_on"));
	if (sql_live_get(c->db, &rows, q.from_on, q.to_on) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

/* Fills in the business year; false when it would run backwards. */
static bool
period(int32_t *from, int32_t *to)
{
	int	year, month, mday;

	if (*to == DAY_NONE)
		*to = clock_today();
	if (*from == DAY_NONE) {
		day_split(*to, &year, &month, &mday);
		*from = day_make(year, 1, 1);
	}
	return (*from <= *to);
}
