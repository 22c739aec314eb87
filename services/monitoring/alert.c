/*
 * alert.c -- alerts as people deal with them: acknowledged, handled, closed by
 * another person with a reason, or found to be false.
 *
 * Invariant: who dealt with an alert does not close it; what was passed on to
 * the city is the city's. The SQL is in sql/monitoring/queries/alert.sql.
 */
#include "codes/codes.h"
#include "monitoring_sql.h"
#include "warning.h"

struct alert_query {
	const char	*county_code, *rule_code, *colour, *state, *level;
	bool		 is_overdue;
};

struct handle_in {
	const char	*handling;
};

struct close_in {
	const char	*reason;
	bool		 is_false;
};

static const char *const colours[] = { "clear", "ungraded", "blue", "yellow", "orange", "red", NULL };
static const char *const states[] = { "open", "acknowledged", "handled", "closed", NULL };
static const char *const levels[] = { "city", "county", NULL };

static const struct field alert_query_fields[] = {
	FIELD_CHECK(alert_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_TEXT(alert_query, rule_code, OPTIONAL, 3, 40, "规则"),
	FIELD_ENUM(alert_query, colour, OPTIONAL, colours, "颜色"),
	FIELD_ENUM(alert_query, state, OPTIONAL, states, "状态"),
	FIELD_ENUM(alert_query, level, OPTIONAL, levels, "由哪一级处置"),
	FIELD_BOOL(alert_query, is_overdue, OPTIONAL, "只看逾期的"),
	FIELD_END
};
static const struct field summary_query_fields[] = {
	FIELD_TEXT(alert_query, rule_code, OPTIONAL, 3, 40, "规则"),
	FIELD_END
};
static const struct field handle_fields[] = {
	FIELD_TEXT(handle_in, handling, REQUIRED, 2, 1000, "采取了什么措施"),
	FIELD_END
};
static const struct field close_fields[] = {
	FIELD_TEXT(close_in, reason, REQUIRED, 2, 500, "办结理由"),
	FIELD_BOOL(close_in, is_false, OPTIONAL, "属于误报"),
	FIELD_END
};

#define ALERT_ROWS \
	{ .name = "id", .type = SHAPE_T_UUID, .help = "预警" }, \
	{ .name = "rule_code", .type = SHAPE_T_TEXT, .help = "规则" }, \
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "规则名称" }, \
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "地区" }, \
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县级单位，或全市" }, \
	{ .name = "subject_id", .type = SHAPE_T_UUID, .nullable = true, .help = "所依据的报告" }, \
	{ .name = "org_id", .type = SHAPE_T_UUID, .nullable = true, .help = "报告单位" }, \
	{ .name = "org_name", .type = SHAPE_T_TEXT, .nullable = true, .help = "报告单位名称" }, \
	{ .name = "colour", .type = SHAPE_T_TEXT, .codes = "warning_colours", .help = "现在的颜色" }, \
	{ .name = "peak", .type = SHAPE_T_TEXT, .codes = "warning_colours", .help = "最重的颜色" }, \
	{ .name = "value", .type = SHAPE_T_INT, .nullable = true, .help = "数值" }, \
	{ .name = "score", .type = SHAPE_T_INT, .nullable = true, .help = "与阈值比较的数" }, \
	{ .name = "period_on", .type = SHAPE_T_DAY, .nullable = true, .help = "周期首日" }, \
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "alert_states", .help = "状态" }, \
	{ .name = "level", .type = SHAPE_T_TEXT, .codes = "warning_levels", .help = "由哪一级处置" }, \
	{ .name = "due_on", .type = SHAPE_T_DAY, .nullable = true, .help = "期限；空：未设定，或已处置" }, \
	{ .name = "is_overdue", .type = SHAPE_T_BOOL, .help = "市级逾期" }, \
	{ .name = "raised_on", .type = SHAPE_T_DAY, .help = "发出日期" }, \
	{ .name = "acknowledged_by", .type = SHAPE_T_UUID, .nullable = true, .help = "接收人" }, \
	{ .name = "acknowledged_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "接收时间" }, \
	{ .name = "handled_by", .type = SHAPE_T_UUID, .nullable = true, .help = "处置人" }, \
	{ .name = "handled_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "处置时间" }, \
	{ .name = "handling", .type = SHAPE_T_TEXT, .nullable = true, .help = "处置措施" }, \
	{ .name = "closed_by", .type = SHAPE_T_UUID, .nullable = true, .help = "办结人" }, \
	{ .name = "closed_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "办结时间" }, \
	{ .name = "reason", .type = SHAPE_T_TEXT, .nullable = true, .help = "办结理由" }, \
	{ .name = "is_false", .type = SHAPE_T_BOOL, .nullable = true, .help = "误报" }, \
	{ .name = "follows_id", .type = SHAPE_T_UUID, .nullable = true, .help = "信号未消除即办结的前一预警" }, \
	{ .name = "again_on", .type = SHAPE_T_DAY, .nullable = true, \
	  .help = "信号持续时最早再次发出的日期；空：未设定天数，或未办结、已消除" }, \
	{ .name = "again_is_set", .type = SHAPE_T_BOOL, .help = "已设定办结后多少天再次发出" }

static const struct shape alert_shape[] = { ALERT_ROWS, SHAPE_END };
static const struct shape step_shape[] = {
	{ .name = "step", .type = SHAPE_T_TEXT, .help = "经过" },
	{ .name = "colour", .type = SHAPE_T_TEXT, .codes = "warning_colours", .help = "颜色" },
	{ .name = "value", .type = SHAPE_T_INT, .nullable = true, .help = "数值" },
	{ .name = "period_on", .type = SHAPE_T_DAY, .nullable = true, .help = "周期首日" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "说明" },
	{ .name = "actor", .type = SHAPE_T_UUID, .nullable = true, .help = "何人；空：系统" },
	{ .name = "at", .type = SHAPE_T_INSTANT, .help = "时间" },
	SHAPE_END
};
static const struct shape alert_full_shape[] = {
	ALERT_ROWS,
	{ .name = "steps", .type = SHAPE_T_LIST, .of = step_shape, .help = "经过" },
	SHAPE_END
};
static const struct shape summary_shape[] = {
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县级单位，或全市" },
	{ .name = "open", .type = SHAPE_T_INT, .help = "待接收" },
	{ .name = "acknowledged", .type = SHAPE_T_INT, .help = "已接收" },
	{ .name = "handled", .type = SHAPE_T_INT, .help = "已处置" },
	{ .name = "closed", .type = SHAPE_T_INT, .help = "已办结" },
	{ .name = "closed_false", .type = SHAPE_T_INT, .help = "其中误报" },
	{ .name = "at_city", .type = SHAPE_T_INT, .help = "未办结中由市级办理的" },
	{ .name = "overdue", .type = SHAPE_T_INT, .help = "逾期" },
	{ .name = "gravest", .type = SHAPE_T_TEXT, .codes = "warning_colours", .nullable = true,
	  .help = "未办结中最重的颜色" },
	SHAPE_END
};

const struct route alert_routes[] = {
	{ .name = "warning_alert_list", .method = METHOD_GET, .path = "/v1/monitoring/alerts",
	  .callers = ROLE_WARNING_READ, .scope = SCOPE_AREA, .action = "monitoring.alert.list",
	  .query = INPUT(alert_query, alert_query_fields), .list = true, .reply = alert_shape,
	  .stmt = &stmt_warning_alert_list, .limit = LIMIT_READ, .zh = "预警", .en = "List alerts" },
	{ .name = "warning_alert_summary", .method = METHOD_GET, .path = "/v1/monitoring/alert-summary",
	  .callers = ROLE_FIGURES | ROLE_CLERK, .scope = SCOPE_AREA, .action = "monitoring.alert.summary",
	  .query = INPUT(alert_query, summary_query_fields), .list = true, .reply = summary_shape,
	  .stmt = &stmt_warning_alert_summary, .limit = LIMIT_READ,
	  .zh = "分县预警情况", .en = "How counties stand with their alerts" },
	{ .name = "warning_alert_get", .method = METHOD_GET, .path = "/v1/monitoring/alerts/{id}",
	  .callers = ROLE_WARNING_READ, .scope = SCOPE_AREA, .action = "monitoring.alert.read",
	  .reply = alert_full_shape, .stmt = &stmt_warning_alert_get, .limit = LIMIT_READ,
	  .zh = "预警及其经过", .en = "Read an alert with its steps" },
	{ .name = "warning_alert_acknowledge", .method = METHOD_POST, .path = "/v1/monitoring/alerts/{id}/acknowledge",
	  .callers = ROLE_WARNING, .scope = SCOPE_AREA, .action = "monitoring.alert.acknowledge",
	  .reply = alert_shape, .success = 200, .stmt = &stmt_warning_alert_acknowledge, .emits = "monitoring.alert.moved.v1",
	  .limit = LIMIT_WRITE, .zh = "接收预警", .en = "Acknowledge an alert" },
	{ .name = "warning_alert_handle", .method = METHOD_POST, .path = "/v1/monitoring/alerts/{id}/handle",
	  .callers = ROLE_WARNING, .scope = SCOPE_AREA, .action = "monitoring.alert.handle",
	  .body = INPUT(handle_in, handle_fields), .reply = alert_shape, .success = 200,
	  .stmt = &stmt_warning_alert_handle, .emits = "monitoring.alert.moved.v1", .limit = LIMIT_WRITE,
	  .zh = "登记处置措施", .en = "Say what was done about an alert" },
	{ .name = "warning_alert_close", .method = METHOD_POST, .path = "/v1/monitoring/alerts/{id}/close",
	  .callers = ROLE_WARNING, .scope = SCOPE_AREA, .action = "monitoring.alert.close",
	  .body = INPUT(close_in, close_fields), .reply = alert_shape, .success = 200,
	  .stmt = &stmt_warning_alert_close, .emits = "monitoring.alert.moved.v1", .limit = LIMIT_WRITE,
	  .zh = "办结预警，或认定误报", .en = "Close an alert, or find it to be false" },
	ROUTE_END
};
