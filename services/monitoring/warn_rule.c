/*
 * warn_rule.c -- what is watched.
 *
 * Invariant: a rule is never changed and raises nothing by itself: its numbers
 * are proposed and approved apart (warn_setting.c). The SQL is in
 * sql/monitoring/queries/warning.sql.
 */
#include "codes/codes.h"
#include "monitoring_sql.h"
#include "warning.h"

#define NEAR_MOST	3
#define MEASURES_MOST	5

struct rule_in {
	const char	*code, *title, *measures, *per, *tag, *step, *area_level, *model, *direction;
	bool		 is_stock, per_is_stock;
};

struct reading_query {
	const char	*county_code;
};

static int	warning_rule_define(struct call *);
static bool	measures_known(struct call *, const char *, const char *pointer, int *);

static const char *const steps[] = { "day", "week", "month", NULL };
static const char *const levels[] = { "city", "county", NULL };
static const char *const directions[] = { "above", "below", NULL };

static const struct field rule_fields[] = {
	FIELD_TEXT(rule_in, code, REQUIRED, 3, 40, "规则代码：小写字母、数字、下划线"),
	FIELD_TEXT(rule_in, title, REQUIRED, 2, 60, "名称"),
	FIELD_JSON(rule_in, measures, REQUIRED, 400, "指标代码列表，相加；代码前加 - 为相减"),
	FIELD_BOOL(rule_in, is_stock, OPTIONAL, "取期末存量，不填：取期内发生数"),
	FIELD_JSON(rule_in, per, OPTIONAL, 400, "分母指标代码列表；填了则数值为万分比"),
	FIELD_BOOL(rule_in, per_is_stock, OPTIONAL, "分母取期末存量"),
	FIELD_TEXT(rule_in, tag, OPTIONAL, 3, 60, "只看其中一类，如 industry=C、group=youth"),
	FIELD_ENUM(rule_in, step, REQUIRED, steps, "按日、周或月"),
	FIELD_ENUM(rule_in, area_level, REQUIRED, levels, "看全市，还是逐县"),
	FIELD_ENUM(rule_in, model, REQUIRED, warn_kinds, "模型"),
	FIELD_ENUM(rule_in, direction, OPTIONAL, directions, "越高越差，或越低越差"),
	FIELD_END
};
static const struct field reading_query_fields[] = {
	FIELD_CHECK(reading_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_END
};

static const struct shape rule_shape[] = {
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "规则" },
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "名称" },
	{ .name = "measures", .type = SHAPE_T_LIST, .help = "指标" },
	{ .name = "is_stock", .type = SHAPE_T_BOOL, .help = "期末存量" },
	{ .name = "per", .type = SHAPE_T_LIST, .nullable = true, .help = "分母；空：数值本身" },
	{ .name = "per_is_stock", .type = SHAPE_T_BOOL, .help = "分母取期末存量" },
	{ .name = "tag", .type = SHAPE_T_TEXT, .nullable = true, .help = "其中一类" },
	{ .name = "step", .type = SHAPE_T_TEXT, .codes = "warning_steps", .help = "周期" },
	{ .name = "area_level", .type = SHAPE_T_TEXT, .codes = "warning_levels", .help = "地区层级" },
	{ .name = "model", .type = SHAPE_T_TEXT, .codes = "warning_models", .help = "模型" },
	{ .name = "direction", .type = SHAPE_T_TEXT, .codes = "warning_directions", .help = "方向" },
	{ .name = "setting", .type = SHAPE_T_OBJECT, .of = warning_setting_shape, .nullable = true,
	  .help = "现行数值；空：未设定，不预警" },
	SHAPE_END
};
static const struct shape reading_shape[] = {
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "地区" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县级单位，或全市" },
	{ .name = "period_on", .type = SHAPE_T_DAY, .help = "周期首日" },
	{ .name = "value", .type = SHAPE_T_INT, .nullable = true, .help = "数值" },
	{ .name = "score", .type = SHAPE_T_INT, .nullable = true, .help = "与阈值比较的数；空：数据不足，颜色不变" },
	{ .name = "colour", .type = SHAPE_T_TEXT, .codes = "warning_colours", .help = "颜色" },
	{ .name = "setting_id", .type = SHAPE_T_UUID, .help = "依据的数值" },
	{ .name = "judged_at", .type = SHAPE_T_INSTANT, .help = "判定时间" },
	SHAPE_END
};

const struct route warning_rule_routes[] = {
	{ .name = "warning_rule_list", .method = METHOD_GET, .path = "/v1/monitoring/warning-rules",
	  .callers = ROLE_FIGURES | ROLE_CLERK, .scope = SCOPE_AREA, .action = "monitoring.warning_rule.list", .list = true,
	  .reply = rule_shape, .stmt = &stmt_warning_rule_list, .limit = LIMIT_READ,
	  .zh = "预警规则", .en = "List the rules of early warning" },
	{ .name = "warning_rule_define", .method = METHOD_POST, .path = "/v1/monitoring/warning-rules",
	  .callers = ROLE_WARNING, .scope = SCOPE_AREA, .action = "monitoring.warning_rule.define",
	  .body = INPUT(rule_in, rule_fields), .reply = rule_shape, .handler = warning_rule_define, .limit = LIMIT_WRITE,
	  .zh = "定义预警规则（数值另行设定）", .en = "Define a rule; its numbers are set apart" },
	{ .name = "warning_reading_list", .method = METHOD_GET,
	  .path = "/v1/monitoring/warning-rules/{rule_code}/readings",
	  .callers = ROLE_WARNING_READ, .scope = SCOPE_AREA, .action = "monitoring.warning_reading.list",
	  .query = INPUT(reading_query, reading_query_fields), .list = true, .reply = reading_shape,
	  .stmt = &stmt_warning_reading_list, .limit = LIMIT_READ,
	  .zh = "各期判定结果", .en = "List what was judged, period by period" },
	ROUTE_END
};

static int
warning_rule_define(struct call *c)
{
	const struct rule_in	*in = c->body;
	struct db_rows		 rows;
	int			 said;

	if (in->code[strspn(in->code, "abcdefghijklmnopqrstuvwxyz0123456789_")] != '\0' ||
	    in->code[0] < 'a' || in->code[0] > 'z')
		return (call_reject(c, ERR_F_FORMAT, "/code"));
	if (!measures_known(c, in->measures, "/measures", &said) ||
	    (in->per != NULL && !measures_known(c, in->per, "/per", &said)))
		return (said);
	if (sql_warning_rule_define(c->db, &rows, in->code, in->title, in->measures, in->is_stock, in->per,
	    in->per_is_stock, in->tag, in->step, in->area_level, in->model, in->direction) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

/* A list of codes, each of which there is; of one that there is not, what may have been meant. */
static bool
measures_known(struct call *c, const char *text, const char *pointer, int *said)
{
	const struct json	*list = json_parse(c->arena, text, strlen(text));
	struct call_near	 near[NEAR_MOST];
	struct db_rows		 rows;
	size_t			 i, n = 0;

	if (!json_is_array(list) || json_count(list) < 1 || json_count(list) > MEASURES_MOST) {
		*said = call_reject(c, ERR_F_COUNT, pointer);
		return (false);
	}
	for (i = 0; i < json_count(list); i++)
		if (json_string(json_at(list, i)) == NULL) {
			*said = call_reject(c, ERR_F_TYPE, arena_printf(c->arena, "%s/%zu", pointer, i));
			return (false);
		}
	if (sql_warning_measure_unknown(c->db, &rows, text) == -1) {
		*said = call_failed(c);
		return (false);
	}
	if (rows.count == 0)
		return (true);
	for (i = 0; i < rows.count && n < NEAR_MOST; i++)
		if (!db_null(&rows, i, "code"))
			near[n++] = (struct call_near){ db_text(&rows, i, "code"), db_text(&rows, i, "name") };
	pointer = arena_printf(c->arena, "%s/%s", pointer, db_text(&rows, 0, "at"));
	call_meant(c, pointer, near, n);
	*said = call_reject(c, ERR_F_CHOICE, pointer);
	return (false);
}
