/*
 * session.c -- the timetable of a class, and the numbers attendance goes by.
 *
 * Invariant: a session is planned, changed and called off only before it
 * begins; a class, a room and a trainer are each in one place at one time
 * (030_create_session.sql). Rows of a plan are answered one by one. The SQL is
 * in sql/training/queries/session.sql.
 */
#include "attend.h"

#include "codes/codes.h"
#include "crypt/crypt.h"
#include "training.h"
#include "training_sql.h"

#define ROWS_MOST	200
#define LINES_BYTES	(ROWS_MOST * 1024)
#define MINUTES_MOST	720
#define KEY_BYTES	20
#define VALUE_MOST	100000

struct session_row {
	int64_t		 starts_at, ends_at;
	const char	*kind;
	int64_t		 minutes;
	const char	*place;
	int64_t		 lat_e6, lng_e6;
	struct uuid	 trainer_id;
};

struct plan_in {
	struct list_of	rows;
};

struct cancel_in {
	const char	*reason;
};

struct rule_in {
	const char	*code, *legal_basis;
	int64_t		 value;
	int32_t		 from_on;
};

static int	session_plan(struct call *);
static int	session_change(struct call *);
static int	attend_rule_set(struct call *);
static void	line_put(struct call *, struct json_out *, const struct session_row *, bool);
static bool	is_holiday(int32_t);

static const char *const kinds[] = { "theory", "practice", "online", NULL };
static const char *const rules[] = { "code_seconds", "sign_margin_minutes", "sign_metres",
	"day_cap_minutes", "hand_limit_percent", "exam_share_percent", "draw_percent", "check_minutes",
	"hand_share_percent", "far_metres", "travel_kmh", "burst_seconds", "hour_minutes", NULL };

static const struct field row_fields[] = {
	FIELD_INSTANT(session_row, starts_at, REQUIRED, "开始时间，须晚于现在"),
	FIELD_INSTANT(session_row, ends_at, REQUIRED, "结束时间，与开始同一天"),
	FIELD_ENUM(session_row, kind, REQUIRED, kinds, "课程形式"),
	FIELD_INT(session_row, minutes, REQUIRED, 1, MINUTES_MOST, "课时（分钟），不超过起止时间"),
	FIELD_TEXT(session_row, place, REQUIRED, 2, 100, "教室或工位；线上课程填平台名称"),
	FIELD_INT(session_row, lat_e6, OPTIONAL, 20000000, 35000000, "纬度（WGS84，百万分之一度）"),
	FIELD_INT(session_row, lng_e6, OPTIONAL, 105000000, 120000000, "经度（WGS84，百万分之一度）"),
	FIELD_UUID(session_row, trainer_id, OPTIONAL, "授课教师"),
	FIELD_END
};
static const struct field plan_fields[] = {
	FIELD_LIST(plan_in, rows, REQUIRED, 1, ROWS_MOST, session_row, row_fields, "课程，逐行答复"),
	FIELD_END
};
static const struct field cancel_fields[] = {
	FIELD_TEXT(cancel_in, reason, REQUIRED, 2, 200, "原因，会告知学员"),
	FIELD_END
};
static const struct field rule_fields[] = {
	FIELD_ENUM(rule_in, code, REQUIRED, rules, "参数"),
	FIELD_INT(rule_in, value, REQUIRED, 0, VALUE_MOST, "数值"),
	FIELD_TEXT(rule_in, legal_basis, OPTIONAL, 2, 200, "依据"),
	FIELD_DAY(rule_in, from_on, REQUIRED, "自何日起"),
	FIELD_END
};

#define SESSION_ROWS \
	{ .name = "id", .type = SHAPE_T_UUID, .help = "课程" }, \
	{ .name = "class_id", .type = SHAPE_T_UUID, .help = "班级" }, \
	{ .name = "class_title", .type = SHAPE_T_TEXT, .help = "班级名称" }, \
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "培训机构" }, \
	{ .name = "kind", .type = SHAPE_T_TEXT, .help = "课程形式" }, \
	{ .name = "starts_at", .type = SHAPE_T_INSTANT, .help = "开始" }, \
	{ .name = "ends_at", .type = SHAPE_T_INSTANT, .help = "结束" }, \
	{ .name = "minutes", .type = SHAPE_T_INT, .help = "课时（分钟）" }, \
	{ .name = "place", .type = SHAPE_T_TEXT, .help = "地点" }, \
	{ .name = "lat_e6", .type = SHAPE_T_INT, .nullable = true, .help = "纬度（百万分之一度）" }, \
	{ .name = "lng_e6", .type = SHAPE_T_INT, .nullable = true, .help = "经度（百万分之一度）" }, \
	{ .name = "trainer_id", .type = SHAPE_T_UUID, .nullable = true, .help = "授课教师" }, \
	{ .name = "is_holiday", .type = SHAPE_T_BOOL, .help = "在法定节假日" }, \
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "session_states", .help = "状态" }, \
	{ .name = "reason", .type = SHAPE_T_TEXT, .nullable = true, .help = "取消原因" }, \
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" }, \
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "排课时间" }

static const struct shape session_shape[] = { SESSION_ROWS, SHAPE_END };
static const struct shape my_session_shape[] = {
	SESSION_ROWS,
	{ .name = "enrolment_id", .type = SHAPE_T_UUID, .help = "报名" },
	{ .name = "in_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "签到" },
	{ .name = "out_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "签退" },
	SHAPE_END
};
static const struct shape line_shape[] = {
	{ .name = "row", .type = SHAPE_T_INT, .help = "第几行，自 0 起" },
	{ .name = "id", .type = SHAPE_T_UUID, .nullable = true, .help = "课程；空：未排入" },
	{ .name = "code", .type = SHAPE_T_TEXT, .nullable = true, .help = "未排入的原因" },
	{ .name = "pointer", .type = SHAPE_T_TEXT, .nullable = true, .help = "有误的栏" },
	SHAPE_END
};
static const struct shape plan_shape[] = {
	{ .name = "class_id", .type = SHAPE_T_UUID, .help = "班级" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "taken", .type = SHAPE_T_INT, .help = "排入的行数" },
	{ .name = "failed", .type = SHAPE_T_INT, .help = "未排入的行数" },
	{ .name = "rows", .type = SHAPE_T_LIST, .of = line_shape, .help = "逐行结果" },
	SHAPE_END
};
static const struct shape rule_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "参数" },
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "代码" },
	{ .name = "value", .type = SHAPE_T_INT, .help = "数值" },
	{ .name = "legal_basis", .type = SHAPE_T_TEXT, .nullable = true, .help = "依据" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "自" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .nullable = true, .help = "至" },
	SHAPE_END
};

#define OF_SCHOOL	.callers = ROLE_INSTITUTION, .scope = SCOPE_ORG, .limit = LIMIT_WRITE, \
			.emits = "training.session.planned.v1"

const struct route session_routes[] = {
	{ .name = "session_plan", .method = METHOD_POST, .path = "/v1/training/classes/{id}/sessions",
	  OF_SCHOOL, .action = "training.session.plan", .body = INPUT(plan_in, plan_fields),
	  .reply = plan_shape, .success = 200, .handler = session_plan,
	  .zh = "排课（成批，逐行答复）", .en = "Plan sessions of a class, answered row by row" },
	{ .name = "session_change", .method = METHOD_PUT, .path = "/v1/training/sessions/{id}",
	  OF_SCHOOL, .action = "training.session.change", .body = INPUT(session_row, row_fields),
	  .reply = session_shape, .handler = session_change,
	  .zh = "调整课程，告知学员", .en = "Change a session that has not begun; trainees are told" },
	{ .name = "session_cancel", .method = METHOD_POST, .path = "/v1/training/sessions/{id}/cancel",
	  OF_SCHOOL, .action = "training.session.cancel", .body = INPUT(cancel_in, cancel_fields),
	  .reply = session_shape, .success = 200, .stmt = &stmt_session_cancel,
	  .zh = "取消课程，告知学员", .en = "Call a session off; trainees are told" },
	{ .name = "session_list_class", .method = METHOD_GET, .path = "/v1/training/classes/{id}/sessions",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "training.session.list_class", .list = true,
	  .reply = session_shape, .stmt = &stmt_session_list_class, .limit = LIMIT_READ,
	  .zh = "班级课程表", .en = "Read the timetable of a class" },
	{ .name = "session_get", .method = METHOD_GET, .path = "/v1/training/sessions/{id}",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "training.session.get",
	  .reply = session_shape, .stmt = &stmt_session_get, .limit = LIMIT_READ,
	  .zh = "查看课程", .en = "Read a session" },
	{ .name = "session_list_person", .method = METHOD_GET, .path = "/v1/training/my/sessions",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "training.session.list_person",
	  .list = true, .reply = my_session_shape, .stmt = &stmt_session_list_person,
	  .limit = LIMIT_READ, .zh = "我的课程表", .en = "List the caller's sessions to come" },
	{ .name = "attend_rule_list", .method = METHOD_GET, .path = "/v1/training/attend-rules",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "training.attend_rule.list",
	  .list = true, .reply = rule_shape, .stmt = &stmt_attend_rule_list, .limit = LIMIT_READ,
	  .zh = "考勤参数", .en = "List the numbers that attendance goes by" },
	{ .name = "attend_rule_set", .method = METHOD_POST, .path = "/v1/training/attend-rules",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "training.attend_rule.set",
	  .body = INPUT(rule_in, rule_fields), .reply = rule_shape, .handler = attend_rule_set,
	  .limit = LIMIT_WRITE, .zh = "设定考勤参数", .en = "Set such a number from a day on" },
	ROUTE_END
};

static int
session_plan(struct call *c)
{
	const struct plan_in		*in = c->body;
	const struct session_row	*row = in->rows.items;
	struct json_out			 out;
	struct db_rows			 rows;
	struct buf			 lines;
	size_t				 i;
	int				 rc;

	buf_init(&lines, LINES_BYTES);
	json_out_init(&out, &lines);
	json_open_list(&out, NULL);
	for (i = 0; i < in->rows.count; i++)
		line_put(c, &out, &row[i], true);
	json_close_list(&out);
	if (!buf_ok(&lines))
		rc = call_reject(c, ERR_TOO_LARGE, "/rows");
	else if (sql_session_plan(c->db, &rows, &c->id, &c->principal->org, buf_cstr(&lines)) == -1)
		rc = call_failed(c);
	else
		rc = call_reply_row(c, 200, &rows);
	buf_release(&lines);
	return (rc);
}

static int
session_change(struct call *c)
{
	struct json_out	 out;
	struct db_rows	 rows;
	struct buf	 line;
	int		 rc;

	buf_init(&line, LINES_BYTES);
	json_out_init(&out, &line);
	line_put(c, &out, c->body, false);
	if (!buf_ok(&line))
		rc = call_reject(c, ERR_TOO_LARGE, NULL);
	else if (sql_session_change(c->db, &rows, &c->id, &c->principal->org, buf_cstr(&line)) == -1)
		rc = call_failed(c);
	else
		rc = call_reply_row(c, 200, &rows);
	buf_release(&line);
	return (rc);
}

/* A row with what only we know: whether the day is a holiday, and a fresh key. */
static void
line_put(struct call *c, struct json_out *out, const struct session_row *row, bool fresh)
{
	uint8_t	key[KEY_BYTES];

	json_open(out, NULL);
	json_put_instant(out, "starts_at", row->starts_at);
	json_put_instant(out, "ends_at", row->ends_at);
	json_put_text(out, "kind", row->kind);
	json_put_int(out, "minutes", row->minutes);
	json_put_text(out, "place", row->place);
	if (row->lat_e6 != 0)
		json_put_int(out, "lat_e6", row->lat_e6);
	if (row->lng_e6 != 0)
		json_put_int(out, "lng_e6", row->lng_e6);
	json_put_uuid(out, "trainer_id", &row->trainer_id);
	json_put_bool(out, "is_holiday", is_holiday(day_of(row->starts_at)));
	if (fresh) {
		random_bytes(key, sizeof(key));
		json_put_text(out, "key",
		    field_seal(c->arena, SESSION_KEY, hex_encode(c->arena, key, sizeof(key))));
	}
	json_close(out);
}

/*
 * A day off that is more than a weekend: a weekday off, or a weekend next to
 * one. Outside the calendar nothing is known.
 */
static bool
is_holiday(int32_t day)
{
	int32_t	weekday = ((day + 3) % 7 + 7) % 7;	/* 0: Monday */

	if (days_working_between(day - 2, day + 2) == -1 || day_is_working(day))
		return (false);
	if (weekday < 5)
		return (true);
	return (!day_is_working(weekday == 5 ? day - 1 : day - 2) ||
	    !day_is_working(weekday == 5 ? day + 2 : day + 1));
}

/* Only the city sets what holds in every county. */
static int
attend_rule_set(struct call *c)
{
	const struct rule_in	*in = c->body;
	struct db_rows		 rows;

	if (!principal_has(c->principal, ROLE_APPROVE, AREA_CITY))
		return (call_reject(c, ERR_AREA, NULL));
	if (sql_attend_rule_set(c->db, &rows, in->code, in->value, in->legal_basis, in->from_on) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}
