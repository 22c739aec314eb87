/*
 * hall_work.c -- works on halls and gig markets, each with the day by which it is
 * to be done; monitoring counts what is late.
 *
 * Invariant: a place has one running work; its day is moved by another officer
 * than who promised it, with a reason, and every day it had stays. Acceptance ends
 * it, by trigger (sql/jobs/103). The SQL is in sql/jobs/queries/hall.sql.
 */
#include "codes/codes.h"
#include "jobs.h"
#include "jobs_sql.h"

struct work_in {
	const char	*title;
	int32_t		 due_on;
	const char	*reason;
};

struct work_query {
	const char	*state, *county_code;
	struct uuid	 place_id;
	bool		 is_late;
};

static const char *const states[] = { "running", "done", "dropped", NULL };

static const struct field open_fields[] = {
	FIELD_TEXT(work_in, title, REQUIRED, 2, 100, "工程名称"),
	FIELD_DAY(work_in, due_on, REQUIRED, "应完成日期"),
	FIELD_TEXT(work_in, reason, REQUIRED, 2, 200, "依据，如批复、合同"),
	FIELD_END
};

static const struct field postpone_fields[] = {
	FIELD_DAY(work_in, due_on, REQUIRED, "新的应完成日期"),
	FIELD_TEXT(work_in, reason, REQUIRED, 2, 200, "变更原因"),
	FIELD_END
};

static const struct field drop_fields[] = {
	FIELD_TEXT(work_in, reason, REQUIRED, 2, 200, "取消原因"),
	FIELD_END
};

static const struct field work_query_fields[] = {
	FIELD_ENUM(work_query, state, OPTIONAL, states, "工程状态"),
	FIELD_CHECK(work_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_UUID(work_query, place_id, OPTIONAL, "场所"),
	FIELD_BOOL(work_query, is_late, OPTIONAL, "逾期未完成"),
	FIELD_END
};

static const struct shape due_shape[] = {
	{ .name = "due_on", .type = SHAPE_T_DAY, .help = "应完成日期" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .help = "依据或变更原因" },
	{ .name = "set_by", .type = SHAPE_T_UUID, .help = "录入人" },
	{ .name = "at", .type = SHAPE_T_INSTANT, .help = "录入时间" },
	SHAPE_END
};

static const struct shape work_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "工程" },
	{ .name = "place_id", .type = SHAPE_T_UUID, .help = "场所" },
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "工程名称" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "hall_work_states", .help = "工程状态" },
	{ .name = "due_on", .type = SHAPE_T_DAY, .help = "应完成日期" },
	{ .name = "first_due_on", .type = SHAPE_T_DAY, .help = "最初的应完成日期" },
	{ .name = "days_late", .type = SHAPE_T_INT, .help = "逾期天数" },
	{ .name = "ended_on", .type = SHAPE_T_DAY, .nullable = true, .help = "完成或取消日期" },
	{ .name = "end_note", .type = SHAPE_T_TEXT, .nullable = true, .help = "取消原因" },
	{ .name = "dues", .type = SHAPE_T_LIST, .of = due_shape, .help = "应完成日期的历次录入" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "所在地" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "录入时间" },
	SHAPE_END
};

#define OTHER_HANDS	(ROLE_FIRST_REVIEW | ROLE_RECHECK | ROLE_APPROVE)

const struct route hall_work_routes[] = {
	{ .name = "hall_work_open", .method = METHOD_POST, .path = "/v1/jobs/places/{id}/works",
	  .callers = ROLE_CLERK | ROLE_FIRST_REVIEW, .scope = SCOPE_AREA, .action = "jobs.hall_work.open",
	  .body = INPUT(work_in, open_fields), .reply = work_shape, .stmt = &stmt_hall_work_open,
	  .emits = "jobs.hall_work.moved.v1", .limit = LIMIT_WRITE,
	  .zh = "录入大厅（零工市场）改造工程及应完成日期", .en = "Enter works on a hall, due by a day" },
	{ .name = "hall_work_postpone", .method = METHOD_POST, .path = "/v1/jobs/hall-works/{id}/due",
	  .callers = OTHER_HANDS, .scope = SCOPE_AREA, .action = "jobs.hall_work.postpone",
	  .body = INPUT(work_in, postpone_fields), .reply = work_shape, .success = 200,
	  .stmt = &stmt_hall_work_postpone, .emits = "jobs.hall_work.moved.v1", .limit = LIMIT_WRITE,
	  .zh = "变更应完成日期（由另一人办理）", .en = "Move the day, by another officer" },
	{ .name = "hall_work_drop", .method = METHOD_POST, .path = "/v1/jobs/hall-works/{id}/drop",
	  .callers = OTHER_HANDS, .scope = SCOPE_AREA, .action = "jobs.hall_work.drop",
	  .body = INPUT(work_in, drop_fields), .reply = work_shape, .success = 200,
	  .stmt = &stmt_hall_work_drop, .emits = "jobs.hall_work.moved.v1", .limit = LIMIT_WRITE,
	  .zh = "取消工程（由另一人办理）", .en = "Drop works, by another officer" },
	{ .name = "hall_work_list", .method = METHOD_GET, .path = "/v1/jobs/hall-works",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "jobs.hall_work.list",
	  .query = INPUT(work_query, work_query_fields), .list = true, .reply = work_shape,
	  .stmt = &stmt_hall_work_list, .limit = LIMIT_READ,
	  .zh = "辖区大厅改造工程", .en = "Works on the halls of one's area" },
	{ .name = "hall_work_get", .method = METHOD_GET, .path = "/v1/jobs/hall-works/{id}",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "jobs.hall_work.get",
	  .reply = work_shape, .stmt = &stmt_hall_work_get, .limit = LIMIT_READ,
	  .zh = "查看大厅改造工程", .en = "Read works with every day they had" },
	ROUTE_END
};
