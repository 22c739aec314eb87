/*
 * check.c -- random checks of a session: a call that those signed in answer
 * with the code of the minute, heads counted on the spot with photographs, and
 * the lots that begin calls by themselves.
 *
 * Invariant: a check and a lot are never changed; an answer is given once, in
 * time, by the person asked. The SQL is in sql/training/queries/check.sql.
 */
#include "attend.h"

#include "codes/codes.h"
#include "svc/svc.h"
#include "training.h"
#include "training_sql.h"
#include "workflow/file.h"

#define SWEEP_MS	5000

struct absent_in {
	struct uuid	 enrolment_id;
};

struct check_in {
	const char	*kind;
	int64_t		 minutes, headcount;
	struct list_of	 absent;
	const char	*note;
};

struct check_query {
	const char	*county_code;
	struct uuid	 session_id;
};

static int	check_start(struct call *);
static int	check_answer(struct call *);
static int	check_photo(struct call *);
static void	attend_sweep(void);

static const char *const kinds[] = { "call", "count", NULL };

static const struct field absent_fields[] = {
	FIELD_UUID(absent_in, enrolment_id, REQUIRED, "已签到而现场未见到的学员（报名）"),
	FIELD_END
};
static const struct field check_fields[] = {
	FIELD_ENUM(check_in, kind, REQUIRED, kinds, "抽查方式"),
	FIELD_INT(check_in, minutes, OPTIONAL, 1, 60, "多少分钟内应答，线上抽查时填写"),
	FIELD_INT(check_in, headcount, OPTIONAL, 0, 1000, "现场清点人数，现场清点时填写"),
	FIELD_LIST(check_in, absent, OPTIONAL, 0, 500, absent_in, absent_fields, "未见到的学员"),
	FIELD_TEXT(check_in, note, OPTIONAL, 2, 300, "说明"),
	FIELD_END
};
static const struct field check_query_fields[] = {
	FIELD_CHECK(check_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_UUID(check_query, session_id, OPTIONAL, "课程"),
	FIELD_END
};
static const struct field lot_query_fields[] = {
	FIELD_CHECK(check_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_END
};

static const struct shape answer_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "应答" },
	{ .name = "check_id", .type = SHAPE_T_UUID, .help = "抽查" },
	{ .name = "session_id", .type = SHAPE_T_UUID, .help = "课程" },
	{ .name = "class_title", .type = SHAPE_T_TEXT, .help = "班级名称" },
	{ .name = "enrolment_id", .type = SHAPE_T_UUID, .help = "报名" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "学员" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "培训机构" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },
	{ .name = "state", .type = SHAPE_T_TEXT, .help = "结果" },
	{ .name = "due_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "应答截止" },
	{ .name = "answered_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "应答时间" },
	{ .name = "metres", .type = SHAPE_T_INT, .nullable = true, .help = "距上课地点（米）" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	SHAPE_END
};
#define CHECK_ROWS \
	{ .name = "id", .type = SHAPE_T_UUID, .help = "抽查" }, \
	{ .name = "session_id", .type = SHAPE_T_UUID, .help = "课程" }, \
	{ .name = "class_id", .type = SHAPE_T_UUID, .help = "班级" }, \
	{ .name = "class_title", .type = SHAPE_T_TEXT, .help = "班级名称" }, \
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "培训机构" }, \
	{ .name = "kind", .type = SHAPE_T_TEXT, .help = "抽查方式" }, \
	{ .name = "source", .type = SHAPE_T_TEXT, .help = "由谁发起" }, \
	{ .name = "started_at", .type = SHAPE_T_INSTANT, .help = "发起时间" }, \
	{ .name = "due_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "应答截止" }, \
	{ .name = "signed", .type = SHAPE_T_INT, .help = "当时已签到人数" }, \
	{ .name = "headcount", .type = SHAPE_T_INT, .nullable = true, .help = "现场清点人数" }, \
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "说明" }, \
	{ .name = "answered", .type = SHAPE_T_INT, .help = "已应答或在场" }, \
	{ .name = "missed", .type = SHAPE_T_INT, .help = "未应答或不在场" }, \
	{ .name = "waiting", .type = SHAPE_T_INT, .help = "待应答" }, \
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" }

static const struct shape check_shape[] = { CHECK_ROWS, SHAPE_END };
static const struct shape check_full_shape[] = {
	CHECK_ROWS,
	{ .name = "answers", .type = SHAPE_T_LIST, .of = answer_shape, .help = "逐人结果" },
	{ .name = "photos", .type = SHAPE_T_LIST, .of = file_shape, .help = "现场照片" },
	SHAPE_END
};
static const struct shape lot_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "抽签" },
	{ .name = "session_id", .type = SHAPE_T_UUID, .help = "课程" },
	{ .name = "seed", .type = SHAPE_T_TEXT, .help = "种子；SHA-256(种子:课程) 前 28 位模 10000 为抽签值" },
	{ .name = "percent", .type = SHAPE_T_INT, .help = "抽查比例（%）" },
	{ .name = "value", .type = SHAPE_T_INT, .help = "抽签值，小于比例的一百倍为抽中" },
	{ .name = "is_drawn", .type = SHAPE_T_BOOL, .help = "抽中" },
	{ .name = "due_at", .type = SHAPE_T_INSTANT, .help = "抽查时刻" },
	{ .name = "check_id", .type = SHAPE_T_UUID, .nullable = true, .help = "抽查" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "抽签时间" },
	SHAPE_END
};

#define CHECKERS	(ROLE_CLERK | ROLE_FIRST_REVIEW | ROLE_RECHECK)

const struct route check_routes[] = {
	{ .name = "check_start", .method = METHOD_POST, .path = "/v1/training/sessions/{id}/checks",
	  .callers = CHECKERS, .scope = SCOPE_AREA, .action = "training.check.start",
	  .body = INPUT(check_in, check_fields), .reply = check_shape, .handler = check_start,
	  .limit = LIMIT_WRITE, .emits = "training.check.started.v1",
	  .zh = "抽查课堂", .en = "Begin a random check, or record heads counted on the spot" },
	{ .name = "check_answer", .method = METHOD_POST, .path = "/v1/training/checks/{id}/answer",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "training.check.answer",
	  .body = INPUT(sign_in, sign_in_fields), .reply = answer_shape, .success = 200,
	  .handler = check_answer, .limit = LIMIT_WRITE,
	  .zh = "应答抽查", .en = "Answer a check with the code on the screen" },
	{ .name = "check_list_person", .method = METHOD_GET, .path = "/v1/training/my/checks",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "training.check.list_person",
	  .list = true, .reply = answer_shape, .stmt = &stmt_check_list_person, .limit = LIMIT_READ,
	  .zh = "我的抽查", .en = "List the checks the caller was asked in" },
	{ .name = "check_list", .method = METHOD_GET, .path = "/v1/training/checks",
	  .callers = ROLE_INSTITUTION | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "training.check.list", .query = INPUT(check_query, check_query_fields), .list = true,
	  .reply = check_shape, .stmt = &stmt_check_list, .limit = LIMIT_READ,
	  .zh = "课堂抽查", .en = "List checks of the institution or of the area" },
	{ .name = "check_get", .method = METHOD_GET, .path = "/v1/training/checks/{id}",
	  .callers = ROLE_INSTITUTION | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "training.check.get", .reply = check_full_shape, .stmt = &stmt_check_get,
	  .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "查看抽查结果", .en = "Read a check with each answer" },
	{ .name = "check_photo", .method = METHOD_POST, .path = "/v1/training/checks/{id}/photos",
	  .callers = CHECKERS, .scope = SCOPE_AREA, .action = "training.check.photo",
	  .query = INPUT(file_query, file_query_fields), .raw_body = true, .reply = file_shape,
	  .handler = check_photo, .limit = LIMIT_IMPORT,
	  .zh = "上传现场照片", .en = "Hand in a photograph of a check on the spot" },
	{ .name = "check_photo_get", .method = METHOD_GET, .path = "/v1/training/check-photos/{id}",
	  .callers = ROLE_INSTITUTION | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "training.check.photo_get", .media = "application/octet-stream",
	  .handler = file_send, .limit = LIMIT_READ, .opens = OPENS_UNNAMED,
	  .zh = "下载现场照片", .en = "Fetch such a photograph" },
	{ .name = "lot_list", .method = METHOD_GET, .path = "/v1/training/session-lots",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "training.lot.list",
	  .query = INPUT(check_query, lot_query_fields), .list = true, .reply = lot_shape,
	  .stmt = &stmt_lot_list, .limit = LIMIT_READ,
	  .zh = "抽查抽签记录", .en = "List the lots, drawn or not, with their seeds" },
	ROUTE_END
};

static int
check_start(struct call *c)
{
	const struct check_in	*in = c->body;
	const struct json	*root = json_parse(c->arena, c->raw.p, c->raw.len);
	bool			 is_call = strcmp(in->kind, "call") == 0;
	struct db_rows		 rows;

	if (is_call && in->minutes == 0)
		return (call_reject(c, ERR_F_MISSING, "/minutes"));
	if (!is_call && json_get(root, "headcount") == NULL)
		return (call_reject(c, ERR_F_MISSING, "/headcount"));
	if (is_call && in->absent.count > 0)
		return (call_reject(c, ERR_TRAINING_ABSENT, "/absent"));
	if (sql_check_start(c->db, &rows, &c->id, in->kind, is_call ? &in->minutes : NULL,
	    is_call ? NULL : &in->headcount,
	    in->absent.count == 0 ? "[]" : json_text(c->arena, json_get(root, "absent")),
	    in->note) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
check_answer(struct call *c)
{
	struct sign_seen	seen;
	struct db_rows		asked, facts, rows;
	struct uuid		session;
	int			refused;

	if (sql_check_asked(c->db, &asked, &c->id) == -1)
		return (call_failed(c));
	if (asked.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (!db_bool(&asked, 0, "is_asked"))
		return (call_reject(c, ERR_STATE, NULL));
	if (!db_bool(&asked, 0, "in_time"))
		return (call_reject(c, ERR_TRAINING_CHECK_LATE, NULL));
	session = db_uuid(&asked, 0, "session_id");
	if (sql_sign_facts(c->db, &facts, &session) == -1)
		return (call_failed(c));
	if (!sign_judge(c, &session, &facts, c->body, &seen, &refused))
		return (refused);
	if (sql_check_answer(c->db, &rows, &c->id, seen.metres, seen.device) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

/* It stays: evidence of the officer, filed with the institution's things. */
static int
check_photo(struct call *c)
{
	struct file_for	 f = { .subject_kind = "check", .subject = c->id, .keep_until = DAY_NONE };
	struct uuid	 org;
	struct db_rows	 rows;
	int		 status;

	if (sql_check_own(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	org = db_uuid(&rows, 0, "org_id");
	f.org = &org;
	f.county = db_text(&rows, 0, "county_code");
	f.area = db_text(&rows, 0, "area_code");
	status = file_keep(c, c->query, &f);
	if (call_status(c) == 201 && file_lock(c->db, &c->id) == -1)
		return (call_failed(c));
	return (status);
}

/* Each on its own: what did not run now does so next time. */
static void
attend_sweep(void)
{
	static const struct db_stmt *const	all[] = { &stmt_lots_draw, &stmt_lots_begin,
	    &stmt_check_miss, &stmt_anomaly_scan };
	size_t					i;

	for (i = 0; i < NITEMS(all); i++)
		db_alone(all[i]);
}

void
attend_start(void)
{
	svc_every("training.attend", SWEEP_MS, attend_sweep);
}
