/*
 * supervision.c -- what the office of the 专班 looks at: the board of items by
 * county and quarter, what is overdue, who is to be praised; and 督办, a question
 * with a day, answered and closed by different hands.
 *
 * Invariant: without a day set by the city nothing is late, without a rule
 * nobody is praised. The SQL is in sql/monitoring/queries/{work,progress}.sql.
 */
#include "monitoring_sql.h"
#include "sharing.h"

struct quarter_query {
	int64_t	year, quarter;
};

struct supervision_in {
	const char	*county_code, *unit, *content;
	int64_t		 item_no;
	int32_t		 due_on;
};

struct answer_in {
	const char	*answer;
};

struct judge_in {
	const char	*note;
	bool		 accept;
	int32_t		 due_on;
};

struct supervision_query {
	const char	*county_code, *state;
	int64_t		 item_no;
};

static const char *const states[] = { "open", "answered", "closed", NULL };

static const struct field quarter_fields[] = {
	FIELD_INT(quarter_query, year, REQUIRED, 2024, 2100, "年度"),
	FIELD_INT(quarter_query, quarter, REQUIRED, 1, 4, "季度"),
	FIELD_END
};
static const struct field supervision_fields[] = {
	FIELD_INT(supervision_in, item_no, REQUIRED, 1, 99, "举措序号"),
	FIELD_CHECK(supervision_in, county_code, REQUIRED, check_area, "县级单位，市级部门为 431100"),
	FIELD_TEXT(supervision_in, unit, OPTIONAL, 2, 40, "市级责任单位；县级不填"),
	FIELD_TEXT(supervision_in, content, REQUIRED, 4, 2000, "督办事项"),
	FIELD_DAY(supervision_in, due_on, REQUIRED, "答复期限"),
	FIELD_END
};
static const struct field answer_fields[] = {
	FIELD_TEXT(answer_in, answer, REQUIRED, 4, 2000, "答复"),
	FIELD_END
};
static const struct field judge_fields[] = {
	FIELD_BOOL(judge_in, accept, REQUIRED, "认可答复"),
	FIELD_TEXT(judge_in, note, REQUIRED, 2, 500, "意见"),
	FIELD_DAY(judge_in, due_on, OPTIONAL, "不认可时的新期限"),
	FIELD_END
};
static const struct field supervision_query_fields[] = {
	FIELD_INT(supervision_query, item_no, OPTIONAL, 1, 99, "举措序号"),
	FIELD_CHECK(supervision_query, county_code, OPTIONAL, check_area, "县级单位或 431100"),
	FIELD_ENUM(supervision_query, state, OPTIONAL, states, "状态"),
	FIELD_END
};

static const struct shape supervision_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "督办" },
	{ .name = "item_no", .type = SHAPE_T_INT, .help = "举措序号" },
	{ .name = "unit", .type = SHAPE_T_TEXT, .help = "责任单位" },
	{ .name = "content", .type = SHAPE_T_TEXT, .help = "督办事项" },
	{ .name = "due_on", .type = SHAPE_T_DAY, .help = "答复期限" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "supervision_states", .help = "状态" },
	{ .name = "is_overdue", .type = SHAPE_T_BOOL, .help = "逾期未答复" },
	{ .name = "answer", .type = SHAPE_T_TEXT, .nullable = true, .help = "答复" },
	{ .name = "answered_on", .type = SHAPE_T_DAY, .nullable = true, .help = "答复日" },
	{ .name = "closed_note", .type = SHAPE_T_TEXT, .nullable = true, .help = "意见" },
	{ .name = "times_returned", .type = SHAPE_T_INT, .help = "答复被退回次数" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县级单位" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "发出时间" },
	SHAPE_END
};
static const struct shape quota_shape[] = {
	{ .name = "what", .type = SHAPE_T_TEXT, .help = "任务" },
	{ .name = "amount", .type = SHAPE_T_INT, .help = "任务数" },
	{ .name = "counted", .type = SHAPE_T_INT, .nullable = true, .help = "本系统计数（年初至季末）" },
	{ .name = "per_mille", .type = SHAPE_T_INT, .nullable = true, .help = "完成千分数" },
	{ .name = "reported", .type = SHAPE_T_INT, .nullable = true, .help = "报送数" },
	SHAPE_END
};
static const struct shape board_cell_shape[] = {
	{ .name = "item_no", .type = SHAPE_T_INT, .help = "举措序号" },
	{ .name = "item_name", .type = SHAPE_T_TEXT, .help = "举措" },
	{ .name = "unit", .type = SHAPE_T_TEXT, .help = "责任单位" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县级单位" },
	{ .name = "state", .type = SHAPE_T_TEXT, .nullable = true, .help = "进展状态；空：未填写" },
	{ .name = "submitted_on", .type = SHAPE_T_DAY, .nullable = true, .help = "提交日" },
	{ .name = "is_late", .type = SHAPE_T_BOOL, .nullable = true, .help = "逾期；期限未设定为空" },
	{ .name = "supervisions_open", .type = SHAPE_T_INT, .help = "未办结的督办" },
	{ .name = "quotas", .type = SHAPE_T_LIST, .of = quota_shape, .help = "任务完成" },
	SHAPE_END
};
static const struct shape board_shape[] = {
	{ .name = "year", .type = SHAPE_T_INT, .help = "年度" },
	{ .name = "quarter", .type = SHAPE_T_INT, .help = "季度" },
	{ .name = "as_of", .type = SHAPE_T_INSTANT, .help = "时点" },
	{ .name = "due_on", .type = SHAPE_T_DAY, .nullable = true, .help = "报送期限；空：未设定" },
	{ .name = "items", .type = SHAPE_T_LIST, .of = board_cell_shape, .help = "举措 × 单位" },
	SHAPE_END
};
static const struct shape late_shape[] = {
	{ .name = "item_no", .type = SHAPE_T_INT, .help = "举措序号" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县级单位" },
	{ .name = "unit", .type = SHAPE_T_TEXT, .help = "责任单位" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .help = "report：未报送；check：未审核" },
	{ .name = "state", .type = SHAPE_T_TEXT, .nullable = true, .help = "进展状态" },
	{ .name = "due_on", .type = SHAPE_T_DAY, .help = "期限" },
	{ .name = "days_late", .type = SHAPE_T_INT, .help = "逾期天数" },
	SHAPE_END
};
static const struct shape overdue_shape[] = {
	{ .name = "year", .type = SHAPE_T_INT, .help = "年度" },
	{ .name = "quarter", .type = SHAPE_T_INT, .help = "季度" },
	{ .name = "report_due_on", .type = SHAPE_T_DAY, .nullable = true, .help = "报送期限；空：未设定" },
	{ .name = "check_due_days", .type = SHAPE_T_INT, .nullable = true, .help = "审核天数；空：未设定" },
	{ .name = "is_set", .type = SHAPE_T_BOOL, .help = "已设定报送期限" },
	{ .name = "items", .type = SHAPE_T_LIST, .of = late_shape, .help = "逾期" },
	SHAPE_END
};
static const struct shape praised_shape[] = {
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县级单位" },
	{ .name = "unit", .type = SHAPE_T_TEXT, .help = "责任单位" },
	{ .name = "item_no", .type = SHAPE_T_INT, .nullable = true, .help = "举措序号" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .help = "quota：完成任务；reports：按时报送" },
	{ .name = "what", .type = SHAPE_T_TEXT, .nullable = true, .help = "任务" },
	{ .name = "per_mille", .type = SHAPE_T_INT, .help = "千分数" },
	SHAPE_END
};
static const struct shape praise_shape[] = {
	{ .name = "year", .type = SHAPE_T_INT, .help = "年度" },
	{ .name = "quarter", .type = SHAPE_T_INT, .help = "季度" },
	{ .name = "quota_per_mille", .type = SHAPE_T_INT, .nullable = true, .help = "完成任务的标准；空：未设定" },
	{ .name = "reports_per_mille", .type = SHAPE_T_INT, .nullable = true, .help = "按时报送的标准；空：未设定" },
	{ .name = "is_set", .type = SHAPE_T_BOOL, .help = "已设定标准" },
	{ .name = "items", .type = SHAPE_T_LIST, .of = praised_shape, .help = "通报表扬" },
	SHAPE_END
};

#define QUARTER	.method = METHOD_GET, .callers = ROLE_OFFICE | ROLE_STATS, .scope = SCOPE_AREA, \
		.query = INPUT(quarter_query, quarter_fields), .limit = LIMIT_READ
#define ASKS	.scope = SCOPE_AREA, .reply = supervision_shape, .emits = "monitoring.supervision.changed.v1", \
		.limit = LIMIT_WRITE

const struct route supervision_routes[] = {
	{ .name = "work_board", .path = "/v1/monitoring/work-board", QUARTER, .action = "monitoring.work_board.read",
	  .reply = board_shape, .stmt = &stmt_work_board,
	  .zh = "举措推进看板", .en = "The board of items by county and quarter" },
	{ .name = "work_overdue", .path = "/v1/monitoring/progress-overdue", QUARTER, .action = "monitoring.work_board.overdue",
	  .reply = overdue_shape, .stmt = &stmt_work_overdue,
	  .zh = "逾期清单", .en = "What is overdue, where the city has set a day" },
	{ .name = "work_praise", .path = "/v1/monitoring/work-praise", QUARTER, .action = "monitoring.work_board.praise",
	  .reply = praise_shape, .stmt = &stmt_work_praise,
	  .zh = "通报表扬清单", .en = "Who is to be praised by the city's rules" },
	{ .name = "supervision_list", .method = METHOD_GET, .path = "/v1/monitoring/supervisions",
	  .callers = ROLE_OFFICE, .scope = SCOPE_AREA, .action = "monitoring.supervision.list",
	  .query = INPUT(supervision_query, supervision_query_fields), .list = true, .reply = supervision_shape,
	  .stmt = &stmt_supervision_list, .limit = LIMIT_READ,
	  .zh = "督办清单", .en = "List what the office asks about" },
	{ .name = "supervision_open", .method = METHOD_POST, .path = "/v1/monitoring/supervisions",
	  .callers = ROLE_SHARERS, ASKS, .action = "monitoring.supervision.open",
	  .body = INPUT(supervision_in, supervision_fields), .stmt = &stmt_supervision_open,
	  .zh = "发出督办", .en = "Ask a county or a department, by a day" },
	{ .name = "supervision_answer", .method = METHOD_POST, .path = "/v1/monitoring/supervisions/{id}/answer",
	  .callers = ROLE_WORKERS, ASKS, .action = "monitoring.supervision.answer", .success = 200,
	  .body = INPUT(answer_in, answer_fields), .stmt = &stmt_supervision_answer,
	  .zh = "答复督办", .en = "Answer it" },
	{ .name = "supervision_judge", .method = METHOD_POST, .path = "/v1/monitoring/supervisions/{id}/judge",
	  .callers = ROLE_SHARERS, ASKS, .action = "monitoring.supervision.judge", .success = 200,
	  .body = INPUT(judge_in, judge_fields), .stmt = &stmt_supervision_judge,
	  .zh = "办结督办或退回重办", .en = "Close it, or ask again" },
	ROUTE_END
};
