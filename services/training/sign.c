/*
 * sign.c -- signing in and out of a session with the code of the minute, marks
 * by hand, the roll, and what somebody has attended.
 *
 * Invariant: who signs by code was shown it within two steps, within the time
 * of the session and, where the city set a distance, near its place. A wrong
 * code is counted even though its request is refused. Spans, minutes and caps
 * are the database's (031_widen_attendance.sql). No position is ever shown.
 */
#include "attend.h"

#include "crypt/crypt.h"
#include "sign_code.h"
#include "training.h"
#include "training_sql.h"

struct mark_in {
	struct uuid	 session_id;
	const char	*reason;
};

static int	session_code(struct call *);
static int	session_sign_in(struct call *);
static int	session_sign_out(struct call *);
static int	enrolment_attend(struct call *);
static bool	code_judge(struct call *, const struct uuid *, const struct db_rows *, const char *,
		    int *);
static bool	place_judge(struct call *, const struct db_rows *, const struct sign_in *,
		    struct sign_seen *, int *);

const struct field sign_in_fields[] = {
	FIELD_TEXT(sign_in, code, REQUIRED, 6, 6, "屏幕上显示的签到码"),
	FIELD_INT(sign_in, lat_e6, OPTIONAL, 20000000, 35000000, "您的纬度（WGS84，百万分之一度）"),
	FIELD_INT(sign_in, lng_e6, OPTIONAL, 105000000, 120000000, "您的经度（WGS84，百万分之一度）"),
	FIELD_INT(sign_in, accuracy_m, OPTIONAL, 1, 100000, "定位精度（米）"),
	FIELD_TEXT(sign_in, device_id, OPTIONAL, 8, 100, "应用安装标识，只保存其不可逆的索引"),
	FIELD_END
};
static const struct field mark_fields[] = {
	FIELD_UUID(mark_in, session_id, REQUIRED, "课程"),
	FIELD_TEXT(mark_in, reason, REQUIRED, 2, 200, "为何不能扫码签到，如手机没电"),
	FIELD_END
};

#define ATTENDANCE_ROWS \
	{ .name = "id", .type = SHAPE_T_UUID, .help = "考勤记录" }, \
	{ .name = "session_id", .type = SHAPE_T_UUID, .nullable = true, .help = "课程；空：早期按日登记" }, \
	{ .name = "enrolment_id", .type = SHAPE_T_UUID, .help = "报名" }, \
	{ .name = "class_id", .type = SHAPE_T_UUID, .nullable = true, .help = "班级" }, \
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "培训机构" }, \
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "学员" }, \
	{ .name = "attended_on", .type = SHAPE_T_DAY, .help = "日期" }, \
	{ .name = "way", .type = SHAPE_T_TEXT, .help = "签到方式" }, \
	{ .name = "reason", .type = SHAPE_T_TEXT, .nullable = true, .help = "人工登记的原因" }, \
	{ .name = "in_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "签到时间" }, \
	{ .name = "out_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "签退时间" }, \
	{ .name = "metres", .type = SHAPE_T_INT, .nullable = true, .help = "签到时距上课地点（米）" }, \
	{ .name = "out_metres", .type = SHAPE_T_INT, .nullable = true, .help = "签退时距上课地点（米）" }, \
	{ .name = "minutes", .type = SHAPE_T_INT, .help = "在课时间（分钟）" }, \
	{ .name = "counted_minutes", .type = SHAPE_T_INT, .help = "计入的时间（分钟）" }, \
	{ .name = "is_void", .type = SHAPE_T_BOOL, .help = "经核实不予计入" }, \
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" }, \
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "登记时间" }

const struct shape attendance_shape[] = { ATTENDANCE_ROWS, SHAPE_END };
static const struct shape sum_shape[] = {
	{ .name = "enrolment_id", .type = SHAPE_T_UUID, .help = "报名" },
	{ .name = "class_id", .type = SHAPE_T_UUID, .help = "班级" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "培训机构" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "学员" },
	{ .name = "attended_days", .type = SHAPE_T_INT, .help = "出勤天数" },
	{ .name = "attended_minutes", .type = SHAPE_T_INT, .help = "计入的课时（分钟）" },
	{ .name = "planned_minutes", .type = SHAPE_T_INT, .help = "课程表的全部课时（分钟）" },
	{ .name = "attended_percent", .type = SHAPE_T_INT, .nullable = true, .help = "出勤率（%）" },
	{ .name = "is_enough", .type = SHAPE_T_BOOL, .help = "达到参加考核的出勤率；未设定则不限" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "items", .type = SHAPE_T_LIST, .of = attendance_shape, .help = "各次考勤" },
	SHAPE_END
};
static const struct shape roll_shape[] = {
	{ .name = "enrolment_id", .type = SHAPE_T_UUID, .help = "报名" },
	{ .name = "session_id", .type = SHAPE_T_UUID, .help = "课程" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "培训机构" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "学员" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },
	{ .name = "way", .type = SHAPE_T_TEXT, .nullable = true, .help = "签到方式；空：未到" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .nullable = true, .help = "人工登记的原因" },
	{ .name = "in_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "签到时间" },
	{ .name = "out_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "签退时间" },
	{ .name = "metres", .type = SHAPE_T_INT, .nullable = true, .help = "签到时距上课地点（米）" },
	{ .name = "minutes", .type = SHAPE_T_INT, .help = "在课时间（分钟）" },
	{ .name = "counted_minutes", .type = SHAPE_T_INT, .help = "计入的时间（分钟）" },
	{ .name = "is_void", .type = SHAPE_T_BOOL, .help = "经核实不予计入" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	SHAPE_END
};
static const struct shape code_shape[] = {
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "签到码" },
	{ .name = "seconds", .type = SHAPE_T_INT, .help = "多少秒后更换" },
	{ .name = "qr", .type = SHAPE_T_TEXT, .help = "二维码内容" },
	SHAPE_END
};

#define SIGN(noun, verb, fn, zh_, en_) \
	{ .name = "session_" noun, .method = METHOD_POST, .path = "/v1/training/sessions/{id}/" verb, \
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "training.session." noun, \
	  .body = INPUT(sign_in, sign_in_fields), .reply = attendance_shape, .success = 200, \
	  .handler = fn, .limit = LIMIT_WRITE, .emits = "training.attendance.recorded.v1", \
	  .zh = zh_, .en = en_ }

const struct route sign_routes[] = {
	{ .name = "session_code", .method = METHOD_GET, .path = "/v1/training/sessions/{id}/code",
	  .callers = ROLE_INSTITUTION, .scope = SCOPE_ORG, .action = "training.session.code",
	  .reply = code_shape, .handler = session_code, .limit = LIMIT_READ,
	  .zh = "显示签到码", .en = "Show the sign-in code of the minute" },
	SIGN("sign_in", "sign-in", session_sign_in, "上课签到", "Sign in with the code on the screen"),
	SIGN("sign_out", "sign-out", session_sign_out, "下课签退", "Sign out with the code on the screen"),
	{ .name = "enrolment_attend", .method = METHOD_POST,
	  .path = "/v1/training/enrolments/{id}/attendance",
	  .callers = ROLE_INSTITUTION | ROLE_CLERK, .scope = SCOPE_CALLER,
	  .action = "training.enrolment.attend", .body = INPUT(mark_in, mark_fields),
	  .reply = attendance_shape, .success = 200, .handler = enrolment_attend,
	  .limit = LIMIT_WRITE, .emits = "training.attendance.recorded.v1",
	  .zh = "人工登记出勤", .en = "Mark somebody present by hand, with the reason" },
	{ .name = "attendance_get", .method = METHOD_GET, .path = "/v1/training/enrolments/{id}/attendance",
	  .callers = ROLE_PERSON | ROLE_INSTITUTION | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "training.attendance.get", .reply = sum_shape, .stmt = &stmt_attendance_get,
	  .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "出勤情况", .en = "Read what an enrolment has attended" },
	{ .name = "attendance_list", .method = METHOD_GET, .path = "/v1/training/sessions/{id}/attendance",
	  .callers = ROLE_INSTITUTION | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "training.attendance.list", .list = true, .reply = roll_shape,
	  .stmt = &stmt_attendance_list, .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "课程点名册", .en = "Read the roll of a session" },
	ROUTE_END
};

static int
session_code(struct call *c)
{
	char		 code[SIGN_CODE], id[UUID_TEXT];
	int64_t		 now = clock_now_us(), step;
	struct db_rows	 rows;
	const char	*key;

	if (sql_session_key(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (strcmp(db_text(&rows, 0, "state"), "planned") != 0)
		return (call_reject(c, ERR_STATE, NULL));
	if (!db_bool(&rows, 0, "opens"))
		return (call_reject(c, ERR_TRAINING_NOT_NOW, NULL));
	if ((key = field_open(c->arena, SESSION_KEY, db_text(&rows, 0, "key_sealed"))) == NULL)
		return (call_reject(c, ERR_INTERNAL, NULL));
	step = db_int(&rows, 0, "code_seconds");
	sign_code(key, now, step, code);
	(void)uuid_format(&c->id, id);
	return (call_reply(c, 200, arena_printf(c->arena,
	    "{\"code\":\"%s\",\"seconds\":%lld,\"qr\":\"yjy365:sign:%s:%s\"}", code,
	    (long long)sign_code_left(now, step), id, code)));
}

static int
session_sign_in(struct call *c)
{
	struct sign_seen	seen;
	struct db_rows		facts, rows;
	int			refused;

	if (sql_sign_facts(c->db, &facts, &c->id) == -1)
		return (call_failed(c));
	if (!sign_judge(c, &c->id, &facts, c->body, &seen, &refused))
		return (refused);
	if (sql_sign_in(c->db, &rows, &c->id, seen.lat_e6, seen.lng_e6, seen.accuracy_m, seen.metres,
	    seen.travel_kmh, seen.device) == -1)
		return (attend_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
session_sign_out(struct call *c)
{
	struct sign_seen	seen;
	struct db_rows		facts, rows;
	int			refused;

	if (sql_sign_facts(c->db, &facts, &c->id) == -1)
		return (call_failed(c));
	if (facts.count == 1 && !db_bool(&facts, 0, "is_in"))
		return (call_reject(c, ERR_TRAINING_NOT_SIGNED, NULL));
	if (!sign_judge(c, &c->id, &facts, c->body, &seen, &refused))
		return (refused);
	if (sql_sign_out(c->db, &rows, &c->id, seen.lat_e6, seen.lng_e6, seen.accuracy_m, seen.metres,
	    seen.travel_kmh, seen.device) == -1)
		return (attend_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
enrolment_attend(struct call *c)
{
	const struct mark_in	*in = c->body;
	struct db_rows		 rows;

	if (sql_enrolment_attend(c->db, &rows, &c->id, &in->session_id, in->reason) == -1)
		return (attend_failed(c));
	return (call_reply_row(c, 200, &rows));
}

bool
sign_judge(struct call *c, const struct uuid *session, const struct db_rows *facts,
    const struct sign_in *in, struct sign_seen *seen, int *refused)
{
	*seen = (struct sign_seen){ 0 };
	if (facts->count == 0)
		*refused = call_reject(c, ERR_NOT_FOUND, NULL);
	else if (strcmp(db_text(facts, 0, "state"), "planned") != 0)
		*refused = call_reject(c, ERR_STATE, NULL);
	else if (!db_bool(facts, 0, db_bool(facts, 0, "is_in") ? "closes" : "opens"))
		*refused = call_reject(c, ERR_TRAINING_NOT_NOW, NULL);
	else if (code_judge(c, session, facts, in->code, refused) &&
	    place_judge(c, facts, in, seen, refused)) {
		seen->device = in->device_id == NULL ? NULL :
		    blind_index(c->arena, "device", in->device_id);
		return (true);
	}
	return (false);
}

static bool
code_judge(struct call *c, const struct uuid *session, const struct db_rows *facts,
    const char *said, int *refused)
{
	const char	*key = field_open(c->arena, SESSION_KEY, db_text(facts, 0, "key_sealed"));

	if (key == NULL)
		*refused = call_reject(c, ERR_INTERNAL, NULL);
	else if (db_int(facts, 0, "tries") >= SIGN_TRIES)
		*refused = call_reject(c, ERR_TRAINING_TRIES, NULL);
	else if (sign_code_ok(key, clock_now_us(), db_int(facts, 0, "code_seconds"), said))
		return (true);
	else if (sql_sign_try(c->db, NULL, session) == -1 || db_commit(c->db) == -1)
		*refused = call_failed(c);
	else
		*refused = call_reject(c, ERR_TRAINING_CODE, "/code");
	return (false);
}

/* Where the city set no distance the position is kept, and judges nobody. */
static bool
place_judge(struct call *c, const struct db_rows *facts, const struct sign_in *in,
    struct sign_seen *seen, int *refused)
{
	bool	point = in->lat_e6 != 0 && in->lng_e6 != 0, placed = !db_null(facts, 0, "lat_e6");
	bool	judged = placed && !db_null(facts, 0, "near_m") &&
	    strcmp(db_text(facts, 0, "kind"), "online") != 0;

	seen->accuracy_m = in->accuracy_m == 0 ? NULL : &in->accuracy_m;
	if (point) {
		seen->lat_e6 = &in->lat_e6;
		seen->lng_e6 = &in->lng_e6;
	}
	if (point && placed) {
		seen->metres_ = sign_metres(in->lat_e6, in->lng_e6, db_int(facts, 0, "lat_e6"),
		    db_int(facts, 0, "lng_e6"));
		seen->metres = &seen->metres_;
	}
	if (point && !db_null(facts, 0, "last_lat_e6")) {
		seen->travel_ = sign_kmh(sign_metres(in->lat_e6, in->lng_e6,
		    db_int(facts, 0, "last_lat_e6"), db_int(facts, 0, "last_lng_e6")),
		    db_int(facts, 0, "last_s"));
		seen->travel_kmh = &seen->travel_;
	}
	if (judged && !point)
		*refused = call_reject(c, ERR_TRAINING_POSITION, "/lat_e6");
	else if (judged && seen->metres_ > db_int(facts, 0, "near_m"))
		*refused = call_reject(c, ERR_TRAINING_FAR, "/lat_e6");
	else
		return (true);
	return (false);
}

int
attend_failed(struct call *c)
{
	if (c->db->error == DB_CHECK && c->db->constraint != NULL &&
	    strcmp(c->db->constraint, "attendance_person_once") == 0)
		return (call_reject(c, ERR_TRAINING_ELSEWHERE, NULL));
	return (call_failed(c));
}
