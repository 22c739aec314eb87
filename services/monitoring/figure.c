/*
 * figure.c -- one indicator: its figure with what it is compared to, by the
 * areas below, by a dimension, by employer, and period by period.
 *
 * Each reply cites the definition by version and hash, and the revision of the
 * data: asked for again with that revision it is the same figure.
 */
#include <string.h>

#include "ask.h"
#include "base/clock.h"
#include "figure.h"
#include "monitoring_sql.h"

#define POINTS_MOST	60

static int	figure_get(struct call *);
static int	figure_areas(struct call *);
static int	figure_tags(struct call *);
static int	figure_employers(struct call *);
static int	figure_series(struct call *);
static void	working_days(int32_t, int64_t *, int64_t *);

static const char *const steps[] = { "month", "quarter", "year", NULL };
static const char *const dims[] = { "industry", "group", "sex", "age", "occupation", "level", "kind", "module", "form",
	"reason", "tier", "policy_code", "place_kind", "org_kind", "decrease_type", "orders", NULL };

static const struct field get_fields[] = {
	ASK_FIELD_AREA, ASK_FIELD_TAG, ASK_FIELD_FROM, ASK_FIELD_TO, ASK_FIELD_REVISION,
	FIELD_END
};
static const struct field tags_fields[] = {
	ASK_FIELD_AREA, ASK_FIELD_FROM, ASK_FIELD_TO,
	FIELD_ENUM(ask_query, dim, REQUIRED, dims, "维度"),
	FIELD_END
};
static const struct field employers_fields[] = {
	ASK_FIELD_AREA,
	FIELD_INT(ask_query, year, OPTIONAL, 2000, 2100, "年份，默认本年"),
	FIELD_INT(ask_query, top, OPTIONAL, 1, 200, "前几名，默认 20"),
	FIELD_END
};
static const struct field series_fields[] = {
	ASK_FIELD_AREA, ASK_FIELD_TAG, ASK_FIELD_FROM, ASK_FIELD_TO,
	FIELD_ENUM(ask_query, by, OPTIONAL, steps, "按月、季或年，默认按月"),
	FIELD_END
};

static const struct shape compared_shape[] = {
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "起始" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .help = "截止" },
	{ .name = "value", .type = SHAPE_T_INT, .nullable = true, .help = "当时的数值" },
	{ .name = "change", .type = SHAPE_T_INT, .nullable = true, .help = "增减" },
	{ .name = "change_bp", .type = SHAPE_T_INT, .nullable = true, .help = "增减幅度（万分之一）" },
	SHAPE_END
};
static const struct shape progress_shape[] = {
	{ .name = "amount", .type = SHAPE_T_INT, .help = "目标" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "目标期起" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .help = "目标期止" },
	{ .name = "basis", .type = SHAPE_T_TEXT, .help = "依据" },
	{ .name = "value", .type = SHAPE_T_INT, .nullable = true, .help = "目标期内至截止日的数值" },
	{ .name = "reached", .type = SHAPE_T_BOOL, .nullable = true, .help = "已达到" },
	{ .name = "progress_bp", .type = SHAPE_T_INT, .nullable = true, .help = "完成（万分之一）" },
	SHAPE_END
};
static const struct shape forecast_shape[] = {
	{ .name = "to_on", .type = SHAPE_T_DAY, .help = "年末" },
	{ .name = "value", .type = SHAPE_T_INT, .nullable = true, .help = "预计年末数值" },
	{ .name = "method", .type = SHAPE_T_TEXT, .nullable = true,
	  .help = "方法：share_of_last_year 上年同期占比，exponential_smoothing 本年各月趋势指数平滑（霍尔特法），"
	      "linear_by_working_days 按工作日线性推算" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .nullable = true,
	  .help = "不预计的原因：history_short, no_forecast, no_calendar, no_data, area_level" },
	{ .name = "working_days_done", .type = SHAPE_T_INT, .nullable = true, .help = "已过工作日" },
	{ .name = "working_days", .type = SHAPE_T_INT, .nullable = true, .help = "全年工作日" },
	SHAPE_END
};
static const struct shape imported_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "录入记录" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "所属期起" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .help = "所属期止" },
	{ .name = "value", .type = SHAPE_T_INT, .help = "发布值" },
	{ .name = "source", .type = SHAPE_T_TEXT, .help = "来源" },
	{ .name = "published_on", .type = SHAPE_T_DAY, .help = "发布日期" },
	{ .name = "entered_at", .type = SHAPE_T_INSTANT, .help = "录入时间" },
	{ .name = "indicator", .type = SHAPE_T_TEXT, .help = "指标代码" },
	{ .name = "indicator_name", .type = SHAPE_T_TEXT, .help = "指标名称" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "地区" },
	SHAPE_END
};
static const struct shape figure_shape[] = {
	FIGURE_SHAPE,
	DEFINITION_SHAPE,
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "指标名称" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .codes = "indicator_kinds", .help = "类别" },
	{ .name = "definition", .type = SHAPE_T_TEXT, .help = "口径" },
	{ .name = "source", .type = SHAPE_T_TEXT, .help = "数据来源" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "地区代码" },
	{ .name = "tag", .type = SHAPE_T_TEXT, .nullable = true, .help = "维度和取值" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "起始" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .help = "截止" },
	{ .name = "revision", .type = SHAPE_T_INT, .help = "数据版次" },
	{ .name = "as_of", .type = SHAPE_T_INSTANT, .help = "统计时点" },
	{ .name = "period_before", .type = SHAPE_T_OBJECT, .nullable = true, .of = compared_shape, .help = "环比" },
	{ .name = "year_before", .type = SHAPE_T_OBJECT, .nullable = true, .of = compared_shape, .help = "同比" },
	{ .name = "target", .type = SHAPE_T_OBJECT, .nullable = true, .of = progress_shape, .help = "目标和进度" },
	{ .name = "forecast", .type = SHAPE_T_OBJECT, .nullable = true, .of = forecast_shape, .help = "年末预计" },
	{ .name = "imported", .type = SHAPE_T_OBJECT, .nullable = true, .of = imported_shape, .help = "发布来源" },
	SHAPE_END
};
static const struct shape area_shape[] = {
	FIGURE_SHAPE,
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "地区代码" },
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "地区" },
	SHAPE_END
};
static const struct shape areas_shape[] = {
	FIGURE_SHAPE,
	DEFINITION_SHAPE,
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "地区代码" },
	{ .name = "tag", .type = SHAPE_T_TEXT, .nullable = true, .help = "维度和取值" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "起始" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .help = "截止" },
	{ .name = "revision", .type = SHAPE_T_INT, .help = "数据版次" },
	{ .name = "areas", .type = SHAPE_T_LIST, .of = area_shape, .help = "下一级地区" },
	SHAPE_END
};
static const struct shape tag_shape[] = {
	FIGURE_SHAPE,
	{ .name = "tag", .type = SHAPE_T_TEXT, .help = "维度和取值" },
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "取值，- 为不详" },
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "名称" },
	SHAPE_END
};
static const struct shape tags_shape[] = {
	FIGURE_SHAPE,
	DEFINITION_SHAPE,
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "地区代码" },
	{ .name = "dim", .type = SHAPE_T_TEXT, .help = "维度" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "起始" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .help = "截止" },
	{ .name = "revision", .type = SHAPE_T_INT, .help = "数据版次" },
	{ .name = "tags", .type = SHAPE_T_LIST, .of = tag_shape, .help = "分项" },
	SHAPE_END
};
static const struct shape employer_shape[] = {
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "单位" },
	{ .name = "name", .type = SHAPE_T_TEXT, .nullable = true, .help = "单位名称" },
	{ .name = "uscc", .type = SHAPE_T_TEXT, .nullable = true, .help = "统一社会信用代码" },
	{ .name = "industry_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "行业代码" },
	{ .name = "value", .type = SHAPE_T_INT, .help = "数值" },
	SHAPE_END
};
static const struct shape employers_shape[] = {
	DEFINITION_SHAPE,
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "地区代码" },
	{ .name = "year", .type = SHAPE_T_INT, .help = "年份" },
	{ .name = "revision", .type = SHAPE_T_INT, .help = "数据版次" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .nullable = true, .help = "不能按单位分的原因" },
	{ .name = "employers", .type = SHAPE_T_LIST, .of = employer_shape, .help = "单位，由多到少" },
	SHAPE_END
};
static const struct shape point_shape[] = {
	FIGURE_SHAPE,
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "起始" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .help = "截止" },
	{ .name = "is_whole", .type = SHAPE_T_BOOL, .help = "整期" },
	{ .name = "version", .type = SHAPE_T_INT, .help = "口径版本" },
	{ .name = "period_before", .type = SHAPE_T_INT, .nullable = true, .help = "上期同长度的数值" },
	{ .name = "period_change", .type = SHAPE_T_INT, .nullable = true, .help = "环比增减" },
	{ .name = "period_change_bp", .type = SHAPE_T_INT, .nullable = true, .help = "环比（万分之一）" },
	{ .name = "year_before", .type = SHAPE_T_INT, .nullable = true, .help = "上年同期的数值" },
	{ .name = "year_change", .type = SHAPE_T_INT, .nullable = true, .help = "同比增减" },
	{ .name = "year_change_bp", .type = SHAPE_T_INT, .nullable = true, .help = "同比（万分之一）" },
	SHAPE_END
};
static const struct shape series_shape[] = {
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "指标代码" },
	{ .name = "unit", .type = SHAPE_T_TEXT, .codes = "indicator_units", .help = "单位" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "地区代码" },
	{ .name = "tag", .type = SHAPE_T_TEXT, .nullable = true, .help = "维度和取值" },
	{ .name = "by", .type = SHAPE_T_TEXT, .help = "步长" },
	{ .name = "revision", .type = SHAPE_T_INT, .help = "数据版次" },
	{ .name = "points", .type = SHAPE_T_LIST, .of = point_shape, .help = "各期" },
	SHAPE_END
};

#define FIGURE_ROW(n, part, who, f, s) \
	.name = #n, .method = METHOD_GET, .path = "/v1/monitoring/indicators/{indicator_name}/" part, \
	.callers = who, .scope = SCOPE_AREA, .action = "monitoring." #n, \
	.query = INPUT(ask_query, f), .reply = s, .handler = n, .limit = LIMIT_READ

const struct route figure_routes[] = {
	{ FIGURE_ROW(figure_get, "figure", ROLE_FIGURES, get_fields, figure_shape),
	  .zh = "一项指标：数值、同比环比、目标进度、年末预计", .en = "One figure, compared, against its target, forecast" },
	{ FIGURE_ROW(figure_areas, "areas", ROLE_FIGURES, get_fields, areas_shape),
	  .zh = "指标下钻到下一级地区", .en = "A figure by the areas below" },
	{ FIGURE_ROW(figure_tags, "tags", ROLE_FIGURES, tags_fields, tags_shape),
	  .zh = "指标按行业、群体等分", .en = "A figure by a dimension" },
	{ FIGURE_ROW(figure_employers, "employers", ROLE_FIGURES & ~ROLE_STATS, employers_fields, employers_shape),
	  .zh = "指标按单位排名", .en = "A figure by employer, largest first" },
	{ FIGURE_ROW(figure_series, "series", ROLE_FIGURES, series_fields, series_shape),
	  .zh = "指标时间序列", .en = "A figure month by month" },
	ROUTE_END
};

static int
figure_get(struct call *c)
{
	struct asked	 a;
	struct db_rows	 rows;
	const char	*codes = "{}", *names;
	int64_t		 done, whole;
	int		 said;

	if (!ask(c, &a, &said))
		return (said);
	if (a.hides && strcmp(a.area, AREA_CITY) != 0)
		ask_below(c, AREA_CITY, &codes, &names);
	working_days(a.to_on, &done, &whole);
	if (sql_figure_get(c->db, &rows, a.indicator, a.county, a.area, a.tag, a.from_on, a.to_on,
	    a.revision != 0 ? &a.revision : NULL, a.hides, codes, done != -1 ? &done : NULL,
	    whole != -1 ? &whole : NULL) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

/* Of the day's year: over, and in all; -1 where the calendar does not reach. */
static void
working_days(int32_t day, int64_t *done, int64_t *whole)
{
	int	year, month, mday;

	day_split(day, &year, &month, &mday);
	*done = days_working_between(day_make(year, 1, 1), day);
	*whole = days_working_between(day_make(year, 1, 1), day_make(year, 12, 31));
}

static int
figure_areas(struct call *c)
{
	struct asked	 a;
	struct db_rows	 rows;
	const char	*codes, *names;
	int		 said;

	if (!ask(c, &a, &said))
		return (said);
	if (a.hides && (strcmp(a.area, AREA_CITY) != 0 || a.tag[0] != '\0'))
		return (call_reject(c, ERR_FIGURES_AGGREGATES, NULL));
	ask_below(c, a.area, &codes, &names);
	if (sql_figure_areas(c->db, &rows, a.indicator, a.county, a.area, a.tag, a.from_on, a.to_on,
	    a.revision != 0 ? &a.revision : NULL, a.hides, codes, names) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
figure_tags(struct call *c)
{
	const struct ask_query	*q = c->query;
	struct asked		 a;
	struct db_rows		 rows;
	int			 said;

	if (!ask(c, &a, &said))
		return (said);
	if (a.hides && strcmp(a.area, AREA_CITY) != 0)
		return (call_reject(c, ERR_FIGURES_AGGREGATES, NULL));
	if (sql_figure_tags(c->db, &rows, a.indicator, a.county, a.area, q->dim, a.from_on, a.to_on, a.hides) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
figure_employers(struct call *c)
{
	const struct ask_query	*q = c->query;
	struct asked		 a;
	struct db_rows		 rows;
	int			 year, month, mday, said;

	if (!ask_indicator(c, call_param(c, "indicator_name"), "indicator_name", &said) ||
	    !ask_area(c, q->area_code, ASK_VILLAGE | ASK_CITY, &a, &said))
		return (said);
	day_split(clock_today(), &year, &month, &mday);
	if (q->year != 0)
		year = (int)q->year;
	if (sql_figure_employers(c->db, &rows, call_param(c, "indicator_name"), a.county, a.area,
	    day_make(year, 1, 1), q->top != 0 ? q->top : 20) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
figure_series(struct call *c)
{
	const struct ask_query	*q = c->query;
	const char		*by = q->by != NULL ? q->by : "month";
	int32_t			 days = by[0] == 'm' ? 28 : by[0] == 'q' ? 90 : 365;
	struct asked		 a;
	struct db_rows		 rows;
	int			 said;

	if (!ask(c, &a, &said))
		return (said);
	if (a.hides && (strcmp(a.area, AREA_CITY) != 0 || a.tag[0] != '\0'))
		return (call_reject(c, ERR_FIGURES_AGGREGATES, NULL));
	if ((a.to_on - a.from_on) / days >= POINTS_MOST)
		return (call_reject(c, ERR_F_LARGE, "from_on"));
	if (sql_figure_series(c->db, &rows, a.indicator, a.county, a.area, a.tag, by, a.from_on, a.to_on,
	    a.hides) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}
