/*
 * market.c -- 人力资源市场 of a quarter as it stands now, of the city or a county,
 * and the rows behind its new demand and new seekers. The SQL is in
 * sql/monitoring/queries/market.sql.
 */
#include "market.h"
#include "ask.h"
#include "monitoring_sql.h"

struct market_query {
	const char	*quarter, *area_code;
};

struct market_rows_query {
	struct page_in	 page;
	const char	*side, *quarter, *area_code, *occupation_code;
};

static int	market_get(struct call *);
static int	market_rows(struct call *);

static const char *const sides[] = { "demand", "seekers", NULL };

static const struct field market_query_fields[] = {
	FIELD_CHECK(market_query, quarter, OPTIONAL, check_quarter, "季度，如 2025Q3，默认本季度"),
	FIELD_CHECK(market_query, area_code, OPTIONAL, check_any_area, "全市或县级单位代码"),
	FIELD_END
};

static const struct field market_rows_fields[] = {
	{ .name = "limit", .type = FIELD_T_INT, .offset = offsetof(struct market_rows_query, page.limit),
	  .min = 1, .max = 200, .help = "每页条数" },
	{ .name = "cursor", .type = FIELD_T_TEXT, .offset = offsetof(struct market_rows_query, page.cursor),
	  .max = 500, .help = "分页游标" },
	FIELD_ENUM(market_rows_query, side, REQUIRED, sides, "需求或求职"),
	FIELD_CHECK(market_rows_query, quarter, OPTIONAL, check_quarter, "季度，默认本季度"),
	FIELD_CHECK(market_rows_query, area_code, OPTIONAL, check_any_area, "全市或县级单位代码"),
	FIELD_TEXT(market_rows_query, occupation_code, OPTIONAL, 1, 10, "职业代码或其前几级"),
	FIELD_END
};

static const struct shape line_shape[] = {
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "分类代码，- 为未填或不限" },
	{ .name = "demand_carried", .type = SHAPE_T_INT, .nullable = true, .help = "季初结转需求人数（未招满的），空为需求方无此分类" },
	{ .name = "demand_new", .type = SHAPE_T_INT, .nullable = true, .help = "本季新增需求人数" },
	{ .name = "demand", .type = SHAPE_T_INT, .nullable = true, .help = "需求人数合计" },
	{ .name = "seekers_carried", .type = SHAPE_T_INT, .nullable = true, .help = "季初结转求职人数，空为求职方无此分类或人数过少" },
	{ .name = "seekers_new", .type = SHAPE_T_INT, .nullable = true, .help = "本季新增求职人次" },
	{ .name = "seekers", .type = SHAPE_T_INT, .nullable = true, .help = "求职人数合计" },
	{ .name = "is_hidden", .type = SHAPE_T_BOOL, .help = "求职人数过少，不予显示" },
	{ .name = "ratio_milli", .type = SHAPE_T_INT, .nullable = true, .help = "求人倍率（千分数）" },
	SHAPE_END
};

static const struct shape gap_shape[] = {
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "职业小类" },
	{ .name = "demand", .type = SHAPE_T_INT, .help = "需求人数" },
	{ .name = "seekers", .type = SHAPE_T_INT, .nullable = true, .help = "求职人数" },
	{ .name = "gap", .type = SHAPE_T_INT, .nullable = true, .help = "缺口，负数为富余" },
	SHAPE_END
};

static const struct shape compare_shape[] = {
	{ .name = "quarter", .type = SHAPE_T_TEXT, .help = "对比的季度" },
	{ .name = "demand", .type = SHAPE_T_INT, .help = "需求人数" },
	{ .name = "seekers", .type = SHAPE_T_INT, .help = "求职人数" },
	{ .name = "ratio_milli", .type = SHAPE_T_INT, .nullable = true, .help = "求人倍率（千分数）" },
	{ .name = "demand_change_milli", .type = SHAPE_T_INT, .nullable = true, .help = "需求人数增减（千分数），对比季度无数据时为空" },
	{ .name = "seekers_change_milli", .type = SHAPE_T_INT, .nullable = true, .help = "求职人数增减（千分数）" },
	SHAPE_END
};

static const struct shape by_shape[] = {
	{ .name = "industry", .type = SHAPE_T_LIST, .of = line_shape, .help = "行业门类" },
	{ .name = "org_kind", .type = SHAPE_T_LIST, .of = line_shape, .help = "单位类型" },
	{ .name = "occupation_major", .type = SHAPE_T_LIST, .of = line_shape, .help = "职业大类" },
	{ .name = "occupation_middle", .type = SHAPE_T_LIST, .of = line_shape, .help = "职业中类" },
	{ .name = "occupation", .type = SHAPE_T_LIST, .of = line_shape, .help = "职业小类" },
	{ .name = "education_level", .type = SHAPE_T_LIST, .of = line_shape, .help = "文化程度" },
	{ .name = "skill_level", .type = SHAPE_T_LIST, .of = line_shape, .help = "技能等级" },
	{ .name = "sex", .type = SHAPE_T_LIST, .of = line_shape, .help = "性别（求职方）" },
	{ .name = "age", .type = SHAPE_T_LIST, .of = line_shape, .help = "年龄（求职方）" },
	{ .name = "kind", .type = SHAPE_T_LIST, .of = line_shape, .help = "求职人员类别" },
	{ .name = "group", .type = SHAPE_T_LIST, .of = line_shape, .help = "重点群体（求职方，可重复）" },
	SHAPE_END
};

#define FIGURES									\
	{ .name = "quarter", .type = SHAPE_T_TEXT, .help = "季度" },			\
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "起始" },			\
	{ .name = "to_on", .type = SHAPE_T_DAY, .help = "截止" },			\
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "地区" },			\
	{ .name = "is_empty", .type = SHAPE_T_BOOL, .help = "该季度没有数据" },		\
	{ .name = "ratio_reason", .type = SHAPE_T_TEXT, .nullable = true,		\
	  .help = "没有求人倍率的原因：no_data, no_seekers" },				\
	{ .name = "total", .type = SHAPE_T_OBJECT, .of = line_shape, .help = "合计" },	\
	{ .name = "by", .type = SHAPE_T_OBJECT, .of = by_shape, .help = "分类" },	\
	{ .name = "short", .type = SHAPE_T_LIST, .of = gap_shape, .help = "最短缺的十个职业" },	\
	{ .name = "excess", .type = SHAPE_T_LIST, .of = gap_shape, .help = "最富余的十个职业" },	\
	{ .name = "previous", .type = SHAPE_T_OBJECT, .of = compare_shape, .help = "环比" },	\
	{ .name = "year_ago", .type = SHAPE_T_OBJECT, .of = compare_shape, .help = "同比" }

const struct shape market_figures_shape[] = { FIGURES, SHAPE_END };

const struct shape market_shape[] = {
	FIGURES,
	{ .name = "as_of", .type = SHAPE_T_INSTANT, .help = "统计时点" },
	{ .name = "revision", .type = SHAPE_T_INT, .help = "数据版本" },
	SHAPE_END
};

static const struct shape market_row_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "需求或求职记录" },
	{ .name = "on", .type = SHAPE_T_DAY, .help = "日期" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县级单位" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .nullable = true, .help = "招聘单位" },
	{ .name = "org_name", .type = SHAPE_T_TEXT, .nullable = true, .help = "招聘单位名称" },
	{ .name = "heads", .type = SHAPE_T_INT, .help = "人数" },
	{ .name = "vacancy_id", .type = SHAPE_T_UUID, .nullable = true, .help = "岗位" },
	{ .name = "occupation_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "职业" },
	SHAPE_END
};

const struct route market_routes[] = {
	{ .name = "market_get", .method = METHOD_GET, .path = "/v1/monitoring/market",
	  .callers = ROLE_FIGURES, .scope = SCOPE_AREA, .action = "monitoring.market.read",
	  .query = INPUT(market_query, market_query_fields), .reply = market_shape,
	  .handler = market_get, .limit = LIMIT_READ,
	  .zh = "人力资源市场供求（季度）", .en = "The labour market of a quarter" },
	{ .name = "market_rows", .method = METHOD_GET, .path = "/v1/monitoring/market/rows",
	  .callers = ROLE_FIGURES & ~ROLE_STATS, .scope = SCOPE_AREA, .action = "monitoring.market.open",
	  .query = INPUT(market_rows_query, market_rows_fields), .list = true, .exports = true, .reply = market_row_shape,
	  .handler = market_rows, .limit = LIMIT_READ,
	  .zh = "本季新增需求、求职的明细", .en = "The rows behind a quarter's new demand or seekers" },
	ROUTE_END
};

static int
market_get(struct call *c)
{
	const struct market_query	*q = c->query;
	struct db_rows			 rows;
	struct asked			 a;
	int				 said;

	if (!ask_area(c, q->area_code, ASK_COUNTY | ASK_CITY, &a, &said))
		return (said);
	if (sql_market_get(c->db, &rows, a.area, quarter_first(q->quarter), a.hides) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
market_rows(struct call *c)
{
	const struct market_rows_query	*q = c->query;
	struct asked			 a;
	struct db_rows			 rows;
	int				 said;

	if (!ask_area(c, q->area_code, ASK_COUNTY | ASK_CITY, &a, &said))
		return (said);
	if (sql_market_rows(c->db, &rows, a.area, quarter_first(q->quarter), q->side, q->occupation_code,
	    q->page.cursor, q->page.limit + 1) == -1)
		return (call_failed(c));
	return (call_reply_list(c, &rows, q->page.limit));
}
