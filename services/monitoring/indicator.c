/*
 * indicator.c -- definitions of indicators by version, targets, and figures that
 * others publish.
 *
 * Invariant: what an indicator means, and what the city aims at, one officer of
 * the city proposes and another confirms; a version never changes, and neither
 * does an imported value: a later one of the same period stands before it.
 */
#include <string.h>

#include "ask.h"
#include "base/clock.h"
#include "monitoring_sql.h"

#define CITY_HANDS	(ROLE_RECHECK | ROLE_APPROVE)

struct version_in {
	const char	*name, *name_en, *unit, *kind, *numerator, *denominator, *cases, *missing, *aim;
	const char	*period, *area_level, *definition, *source, *basis;
	int32_t		 from_on;
};

struct judge_in {
	bool		 pass;
	const char	*note;
};

struct target_in {
	const char	*indicator, *area_code, *basis;
	int32_t		 from_on, to_on;
	int64_t		 amount;
};

struct target_query {
	const char	*indicator, *area_code, *state;
};

struct value_in {
	const char	*area_code, *source;
	int32_t		 from_on, to_on, published_on;
	int64_t		 value;
};

static int	version_list(struct call *);
static int	version_propose(struct call *);
static int	target_propose(struct call *);
static int	value_list(struct call *);
static int	listed(struct call *, int (*)(struct db *, struct db_rows *, const char *, const char *, int64_t));
static int	value_import(struct call *);
static int	check_formula(const char *);
static const char *formula(struct call *, const char *);

static const char *const units[] = { "person", "person_time", "household", "job", "place", "cents", "basis_points", NULL };
static const char *const kinds[] = { "flow", "stock", "rate", "share", "imported", NULL };
static const char *const aims[] = { "more", "less", NULL };
static const char *const periods[] = { "day", "month", "quarter", "year", NULL };
static const char *const levels[] = { "city", "county", "town", "village", NULL };
static const char *const states[] = { "proposed", "confirmed", "refused", NULL };

static const struct field version_fields[] = {
	FIELD_TEXT(version_in, name, OPTIONAL, 2, 60, "名称；不填的项沿用现行口径"),
	FIELD_TEXT(version_in, name_en, OPTIONAL, 2, 120, "英文名称"),
	FIELD_ENUM(version_in, unit, OPTIONAL, units, "单位"),
	FIELD_ENUM(version_in, kind, OPTIONAL, kinds, "类别"),
	FIELD_CHECK(version_in, numerator, OPTIONAL, check_formula, "相加的计数项，逗号分隔，减去的前加 -；- 为无"),
	FIELD_CHECK(version_in, denominator, OPTIONAL, check_formula, "比率的分母，同上"),
	FIELD_CHECK(version_in, cases, OPTIONAL, check_formula, "金额或比率背后的笔数、户数，同上"),
	FIELD_TEXT(version_in, missing, OPTIONAL, 2, 100, "暂无数据的原因"),
	FIELD_ENUM(version_in, aim, OPTIONAL, aims, "目标方向：不低于或不高于"),
	FIELD_ENUM(version_in, period, OPTIONAL, periods, "最短统计期"),
	FIELD_ENUM(version_in, area_level, OPTIONAL, levels, "最细地区"),
	FIELD_TEXT(version_in, definition, REQUIRED, 5, 500, "口径"),
	FIELD_TEXT(version_in, source, OPTIONAL, 2, 100, "数据来源"),
	FIELD_TEXT(version_in, basis, REQUIRED, 2, 200, "依据"),
	FIELD_DAY(version_in, from_on, REQUIRED, "自哪一天起"),
	FIELD_END
};
static const struct field judge_fields[] = {
	FIELD_BOOL(judge_in, pass, REQUIRED, "同意"),
	FIELD_TEXT(judge_in, note, OPTIONAL, 2, 300, "意见"),
	FIELD_END
};
static const struct field target_fields[] = {
	FIELD_TEXT(target_in, indicator, REQUIRED, 2, 60, "指标代码"),
	FIELD_CHECK(target_in, area_code, REQUIRED, check_city_or_county, "全市 431100 或县级单位"),
	FIELD_DAY(target_in, from_on, REQUIRED, "目标期起"),
	FIELD_DAY(target_in, to_on, REQUIRED, "目标期止"),
	FIELD_INT(target_in, amount, REQUIRED, 0, 1000000000000000, "目标值，按指标单位"),
	FIELD_TEXT(target_in, basis, REQUIRED, 2, 200, "依据"),
	FIELD_END
};
static const struct field target_query_fields[] = {
	FIELD_TEXT(target_query, indicator, OPTIONAL, 2, 60, "指标代码"),
	FIELD_CHECK(target_query, area_code, OPTIONAL, check_city_or_county, "全市 431100 或县级单位"),
	FIELD_ENUM(target_query, state, OPTIONAL, states, "状态"),
	FIELD_END
};
static const struct field value_fields[] = {
	FIELD_CHECK(value_in, area_code, OPTIONAL, check_city_or_county, "全市 431100（默认）或县级单位"),
	FIELD_DAY(value_in, from_on, REQUIRED, "所属期起"),
	FIELD_DAY(value_in, to_on, REQUIRED, "所属期止"),
	FIELD_INT(value_in, value, REQUIRED, 0, 1000000000000, "发布值，按指标单位（比率为万分之一）"),
	FIELD_TEXT(value_in, source, REQUIRED, 2, 200, "来源：发布机关和文件"),
	FIELD_DAY(value_in, published_on, REQUIRED, "发布日期"),
	FIELD_END
};

static const struct shape measure_shape[] = {
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "计数项" },
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "名称" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .help = "数哪类记录" },
	{ .name = "filters", .type = SHAPE_T_JSON, .help = "符合其一" },
	{ .name = "moment", .type = SHAPE_T_TEXT, .help = "on 起始日，until 结束日，span 存续" },
	{ .name = "counts", .type = SHAPE_T_TEXT, .help = "facts, persons, amount" },
	{ .name = "once", .type = SHAPE_T_TEXT, .nullable = true, .help = "每人每年或终身计一次" },
	SHAPE_END
};
static const struct shape version_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "口径版本标识" },
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "指标代码" },
	{ .name = "version", .type = SHAPE_T_INT, .help = "版本" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "indicator_states", .help = "状态" },
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "名称" },
	{ .name = "name_en", .type = SHAPE_T_TEXT, .help = "英文名称" },
	{ .name = "unit", .type = SHAPE_T_TEXT, .codes = "indicator_units", .help = "单位" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .codes = "indicator_kinds", .help = "类别" },
	{ .name = "numerator", .type = SHAPE_T_LIST, .help = "相加的计数项" },
	{ .name = "denominator", .type = SHAPE_T_LIST, .help = "比率的分母" },
	{ .name = "cases", .type = SHAPE_T_LIST, .help = "金额或比率背后的笔数、户数" },
	{ .name = "missing", .type = SHAPE_T_TEXT, .nullable = true, .help = "暂无数据的原因" },
	{ .name = "aim", .type = SHAPE_T_TEXT, .codes = "indicator_aims", .help = "目标方向" },
	{ .name = "period", .type = SHAPE_T_TEXT, .codes = "indicator_periods", .help = "最短统计期" },
	{ .name = "area_level", .type = SHAPE_T_TEXT, .codes = "indicator_levels", .help = "最细地区" },
	{ .name = "definition", .type = SHAPE_T_TEXT, .help = "口径" },
	{ .name = "source", .type = SHAPE_T_TEXT, .help = "数据来源" },
	{ .name = "basis", .type = SHAPE_T_TEXT, .help = "依据" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "自" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .nullable = true, .help = "至" },
	{ .name = "measures", .type = SHAPE_T_LIST, .of = measure_shape, .help = "计数项的定义" },
	{ .name = "definition_hash", .type = SHAPE_T_TEXT, .help = "canonical 的 SHA-256" },
	{ .name = "canonical", .type = SHAPE_T_TEXT, .help = "口径全文" },
	{ .name = "proposed_by", .type = SHAPE_T_UUID, .nullable = true, .help = "提出人；随系统发布的为空" },
	{ .name = "judged_by", .type = SHAPE_T_UUID, .nullable = true, .help = "确认人" },
	{ .name = "judged_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "确认时间" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "意见" },
	SHAPE_END
};
static const struct shape target_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "目标" },
	{ .name = "indicator", .type = SHAPE_T_TEXT, .help = "指标代码" },
	{ .name = "indicator_name", .type = SHAPE_T_TEXT, .nullable = true, .help = "指标" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "全市或县级单位" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "目标期起" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .help = "目标期止" },
	{ .name = "amount", .type = SHAPE_T_INT, .help = "目标值" },
	{ .name = "basis", .type = SHAPE_T_TEXT, .help = "依据" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "indicator_states", .help = "状态" },
	{ .name = "proposed_by", .type = SHAPE_T_UUID, .nullable = true, .help = "提出人" },
	{ .name = "judged_by", .type = SHAPE_T_UUID, .nullable = true, .help = "确认人" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "意见" },
	SHAPE_END
};
static const struct shape value_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "录入记录" },
	{ .name = "indicator", .type = SHAPE_T_TEXT, .help = "指标代码" },
	{ .name = "indicator_name", .type = SHAPE_T_TEXT, .nullable = true, .help = "指标" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "全市或县级单位" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "所属期起" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .help = "所属期止" },
	{ .name = "value", .type = SHAPE_T_INT, .help = "发布值" },
	{ .name = "source", .type = SHAPE_T_TEXT, .help = "来源" },
	{ .name = "published_on", .type = SHAPE_T_DAY, .help = "发布日期" },
	{ .name = "entered_by", .type = SHAPE_T_UUID, .help = "录入人" },
	{ .name = "entered_at", .type = SHAPE_T_INSTANT, .help = "录入时间" },
	SHAPE_END
};

const struct route indicator_routes[] = {
	{ .name = "indicator_list", .method = METHOD_GET, .path = "/v1/monitoring/indicators",
	  .callers = ROLE_FIGURES, .scope = SCOPE_AREA, .action = "monitoring.indicator.list",
	  .list = true, .reply = version_shape, .stmt = &stmt_indicator_list, .limit = LIMIT_READ,
	  .zh = "指标目录（现行口径）", .en = "List indicators as defined now" },
	{ .name = "version_list", .method = METHOD_GET, .path = "/v1/monitoring/indicators/{indicator_name}/versions",
	  .callers = ROLE_FIGURES, .scope = SCOPE_AREA, .action = "monitoring.version.list",
	  .list = true, .reply = version_shape, .handler = version_list, .limit = LIMIT_READ,
	  .zh = "指标口径的各版本", .en = "List the versions of a definition" },
	{ .name = "version_propose", .method = METHOD_POST, .path = "/v1/monitoring/indicators/{indicator_name}/versions",
	  .callers = CITY_HANDS, .scope = SCOPE_AREA, .action = "monitoring.version.propose",
	  .body = INPUT(version_in, version_fields), .reply = version_shape, .handler = version_propose,
	  .limit = LIMIT_WRITE, .zh = "提出新口径（市级）", .en = "Propose a new version of a definition" },
	{ .name = "version_judge", .method = METHOD_POST, .path = "/v1/monitoring/indicator-versions/{id}/judge",
	  .callers = CITY_HANDS, .scope = SCOPE_AREA, .action = "monitoring.version.judge",
	  .body = INPUT(judge_in, judge_fields), .reply = version_shape, .success = 200, .stmt = &stmt_version_judge,
	  .limit = LIMIT_WRITE, .zh = "确认或退回新口径（另一人）", .en = "Confirm or refuse a version, by another" },
	{ .name = "target_list", .method = METHOD_GET, .path = "/v1/monitoring/targets",
	  .callers = ROLE_FIGURES, .scope = SCOPE_AREA, .action = "monitoring.target.list",
	  .query = INPUT(target_query, target_query_fields), .list = true, .reply = target_shape,
	  .stmt = &stmt_target_list, .limit = LIMIT_READ, .zh = "目标", .en = "List targets" },
	{ .name = "target_propose", .method = METHOD_POST, .path = "/v1/monitoring/targets",
	  .callers = CITY_HANDS, .scope = SCOPE_AREA, .action = "monitoring.target.propose",
	  .body = INPUT(target_in, target_fields), .reply = target_shape, .handler = target_propose,
	  .limit = LIMIT_WRITE, .zh = "提出目标（市级）", .en = "Propose a target" },
	{ .name = "target_judge", .method = METHOD_POST, .path = "/v1/monitoring/targets/{id}/judge",
	  .callers = CITY_HANDS, .scope = SCOPE_AREA, .action = "monitoring.target.judge",
	  .body = INPUT(judge_in, judge_fields), .reply = target_shape, .success = 200, .stmt = &stmt_target_judge,
	  .limit = LIMIT_WRITE, .zh = "确认或退回目标（另一人）", .en = "Confirm or refuse a target, by another" },
	{ .name = "value_list", .method = METHOD_GET, .path = "/v1/monitoring/indicators/{indicator_name}/values",
	  .callers = ROLE_FIGURES, .scope = SCOPE_AREA, .action = "monitoring.value.list",
	  .list = true, .reply = value_shape, .handler = value_list, .limit = LIMIT_READ,
	  .zh = "已录入的发布值", .en = "List imported values" },
	{ .name = "value_import", .method = METHOD_POST, .path = "/v1/monitoring/indicators/{indicator_name}/values",
	  .callers = CITY_HANDS, .scope = SCOPE_AREA, .action = "monitoring.value.import",
	  .body = INPUT(value_in, value_fields), .reply = value_shape, .handler = value_import,
	  .limit = LIMIT_WRITE, .zh = "录入发布值（市级）", .en = "Import a published figure" },
	ROUTE_END
};

static int
version_list(struct call *c)
{
	return (listed(c, sql_version_list));
}

static int
value_list(struct call *c)
{
	return (listed(c, sql_value_list));
}

static int
listed(struct call *c, int (*list)(struct db *, struct db_rows *, const char *, const char *, int64_t))
{
	const char	*code = call_param(c, "indicator_name");
	struct db_rows	 rows;
	int		 said;

	if (!ask_indicator(c, code, "indicator_name", &said))
		return (said);
	if (list(c->db, &rows, code, call_after(c), call_limit(c) + 1) == -1)
		return (call_failed(c));
	return (call_reply_list(c, &rows, call_limit(c)));
}

/* Of days that are over the figures keep the definition they had. */
static int
version_propose(struct call *c)
{
	const struct version_in	*in = c->body;
	const char		*code = call_param(c, "indicator_name");
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;
	int			 said;

	if (!ask_indicator(c, code, "indicator_name", &said))
		return (said);
	if (in->from_on < clock_today())
		return (call_reject(c, ERR_F_DATE_PAST, "/from_on"));
	call_object(c, &id);
	if (sql_version_propose(c->db, &rows, &id, code, in->name, in->name_en, in->unit, in->kind,
	    formula(c, in->numerator), formula(c, in->denominator), formula(c, in->cases), in->missing, in->aim,
	    in->period, in->area_level, in->definition, in->source, in->basis, in->from_on) == -1) {
		if (c->db->error == DB_CHECK)
			return (call_reject(c, ERR_FIGURES_FORMULA, "/numerator"));
		return (call_failed(c));
	}
	return (call_reply_row(c, 201, &rows));
}

static int
target_propose(struct call *c)
{
	const struct target_in	*in = c->body;
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;
	int			 said;

	if (!ask_indicator(c, in->indicator, "/indicator", &said))
		return (said);
	if (in->to_on < in->from_on)
		return (call_reject(c, ERR_F_DATE_ORDER, "/to_on"));
	call_object(c, &id);
	if (sql_target_propose(c->db, &rows, &id, in->indicator, in->area_code, in->from_on, in->to_on,
	    in->amount, in->basis) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
value_import(struct call *c)
{
	const struct value_in	*in = c->body;
	const char		*code = call_param(c, "indicator_name");
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;
	int			 said;

	if (!ask_indicator(c, code, "indicator_name", &said))
		return (said);
	if (in->to_on < in->from_on)
		return (call_reject(c, ERR_F_DATE_ORDER, "/to_on"));
	if (in->published_on < in->to_on || in->published_on > clock_today())
		return (call_reject(c, ERR_F_DATE_ORDER, "/published_on"));
	call_object(c, &id);
	if (sql_value_import(c->db, &rows, &id, code, in->area_code != NULL ? in->area_code : AREA_CITY,
	    in->from_on, in->to_on, in->value, in->source, in->published_on) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
check_formula(const char *text)
{
	size_t	len = strlen(text);

	return (len <= 400 && strspn(text, "abcdefghijklmnopqrstuvwxyz_,-") == len ? 0 : ERR_F_FORMAT);
}

/* As a list for the statement; "-": none. */
static const char *
formula(struct call *c, const char *text)
{
	if (text == NULL)
		return (NULL);
	return (strcmp(text, "-") == 0 ? "{}" : arena_printf(c->arena, "{%s}", text));
}
