/*
 * interview.c -- 面试: times are proposed, one is accepted, it is held or missed.
 *
 * Invariant: a remote interview asked for here has an address to meet at, its
 * own or one made from YJY_MEETING_URL; every change of it is a step of its
 * application (by trigger) and a new version of its calendar entry. The SQL is
 * in sql/jobs/queries/interview.sql.
 */
#include "application.h"
#include "conf/conf.h"
#include "ics.h"
#include "interview_link.h"
#include "jobs.h"
#include "jobs_sql.h"

#define TIMES_MAX	5
#define MINUTES		30
#define MINUTE_US	INT64_C(60000000)
#define ICS_BYTES	65536

struct time_in {
	int64_t		 at;
};

struct interview_in {
	struct list_of	 times;
	int64_t		 minutes;
	const char	*mode, *place, *link, *note;
};

struct invite_in {
	int64_t		 at;
	const char	*mode, *note;
};

struct accept_in {
	int64_t		 at;
	const char	*note;
};

struct answer_in {
	const char	*note;
};

struct result_in {
	const char	*result, *reason_code, *note;
};

struct object_in {
	const char	*text;
};

struct interview_query {
	const char	*state;
};

static int	application_interview(struct call *);
static int	interview_propose(struct call *);
static int	interview_move(struct call *);
static int	interview_ask(struct call *);
static int	interview_decline(struct call *);
static int	interview_answer(struct call *, const char *, const char *);
static int	interview_calendar(struct call *);
static const char *link_of(struct call *, const struct interview_in *, const struct uuid *);
static const char *times_array(struct call *, const struct interview_in *, int *);

static const char *const modes[] = { "onsite", "remote", NULL };
static const char *const states[] = { "proposed", "asked", "accepted", "declined", "cancelled",
	"held", NULL };
static const char *const results[] = { "attended", "no_show", NULL };

static const struct field time_fields[] = {
	FIELD_INSTANT(time_in, at, REQUIRED, "可选时间"),
	FIELD_END
};

static const struct field interview_in_fields[] = {
	FIELD_LIST(interview_in, times, REQUIRED, 1, TIMES_MAX, time_in, time_fields, "可选时间"),
	FIELD_INT(interview_in, minutes, OPTIONAL, 5, 480, "时长（分钟），默认 30"),
	FIELD_ENUM(interview_in, mode, REQUIRED, modes, "面试方式"),
	FIELD_TEXT(interview_in, place, OPTIONAL, 1, 200, "地点；现场面试必填"),
	FIELD_CHECK(interview_in, link, OPTIONAL, check_https_link, "会议地址（https）"),
	FIELD_TEXT(interview_in, note, OPTIONAL, 0, 1000, "说明"),
	FIELD_END
};

static const struct field invite_in_fields[] = {
	FIELD_INSTANT(invite_in, at, REQUIRED, "面试时间"),
	FIELD_ENUM(invite_in, mode, REQUIRED, modes, "面试方式"),
	FIELD_TEXT(invite_in, note, OPTIONAL, 0, 1000, "地点、联系方式等说明"),
	FIELD_END
};

static const struct field accept_in_fields[] = {
	FIELD_INSTANT(accept_in, at, REQUIRED, "选定的时间"),
	FIELD_TEXT(accept_in, note, OPTIONAL, 0, 500, "说明"),
	FIELD_END
};

static const struct field answer_in_fields[] = {
	FIELD_TEXT(answer_in, note, OPTIONAL, 0, 500, "说明，例如方便的时间"),
	FIELD_END
};

static const struct field result_in_fields[] = {
	FIELD_ENUM(result_in, result, REQUIRED, results, "结果"),
	FIELD_ENUM(result_in, reason_code, OPTIONAL, no_show_reasons, "未到场情形"),
	FIELD_TEXT(result_in, note, OPTIONAL, 0, 1000, "说明"),
	FIELD_END
};

static const struct field object_in_fields[] = {
	FIELD_TEXT(object_in, text, REQUIRED, 1, 1000, "异议内容"),
	FIELD_END
};

static const struct field interview_query_fields[] = {
	FIELD_ENUM(interview_query, state, OPTIONAL, states, "面试状态"),
	FIELD_END
};

const struct shape interview_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "面试" },
	{ .name = "application_id", .type = SHAPE_T_UUID, .help = "投递" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "求职者" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "用人单位" },
	{ .name = "org_name", .type = SHAPE_T_TEXT, .help = "单位名称" },
	{ .name = "vacancy_title", .type = SHAPE_T_TEXT, .help = "岗位名称" },
	{ .name = "mode", .type = SHAPE_T_TEXT, .help = "面试方式" },
	{ .name = "times", .type = SHAPE_T_LIST, .help = "可选时间" },
	{ .name = "minutes", .type = SHAPE_T_INT, .help = "时长（分钟）" },
	{ .name = "place", .type = SHAPE_T_TEXT, .nullable = true, .help = "地点" },
	{ .name = "link", .type = SHAPE_T_TEXT, .nullable = true, .help = "会议地址" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "单位的说明" },
	{ .name = "answer", .type = SHAPE_T_TEXT, .nullable = true, .help = "求职者的答复" },
	{ .name = "state", .type = SHAPE_T_TEXT, .help = "面试状态" },
	{ .name = "starts_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "选定的时间" },
	{ .name = "result", .type = SHAPE_T_TEXT, .nullable = true, .help = "结果" },
	{ .name = "reason_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "未到场情形" },
	{ .name = "objection", .type = SHAPE_T_TEXT, .nullable = true, .help = "求职者的异议" },
	{ .name = "objection_open", .type = SHAPE_T_BOOL, .help = "异议待答复" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "changed_at", .type = SHAPE_T_INSTANT, .help = "最近变动时间" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "邀约时间" },
	SHAPE_END
};

#define OF_EMPLOYER								\
	.callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .right = RIGHT_HIRE,	\
	.reply = interview_shape, .limit = LIMIT_WRITE
#define OF_PERSON								\
	.callers = ROLE_PERSON, .scope = SCOPE_PERSON,				\
	.reply = interview_shape, .limit = LIMIT_WRITE, .success = 200

const struct route interview_routes[] = {
	{ .name = "application_interview", .method = METHOD_POST,
	  .path = "/v1/jobs/applications/{id}/interview",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .right = RIGHT_HIRE,
	  .action = "jobs.application.interview",
	  .body = INPUT(invite_in, invite_in_fields), .reply = application_shape, .success = 200,
	  .handler = application_interview, .emits = "jobs.application.moved.v1",
	  .limit = LIMIT_WRITE, .zh = "邀约面试", .en = "Invite to an interview" },
	{ .name = "interview_propose", .method = METHOD_POST,
	  .path = "/v1/jobs/applications/{id}/interviews", OF_EMPLOYER,
	  .action = "jobs.interview.propose", .body = INPUT(interview_in, interview_in_fields),
	  .handler = interview_propose, .emits = "jobs.application.moved.v1",
	  .zh = "提出面试时间", .en = "Propose times for an interview" },
	{ .name = "interview_move", .method = METHOD_POST, .path = "/v1/jobs/interviews/{id}/move",
	  OF_EMPLOYER, .success = 200, .action = "jobs.interview.move",
	  .body = INPUT(interview_in, interview_in_fields), .handler = interview_move,
	  .zh = "面试改期", .en = "Propose other times" },
	{ .name = "interview_cancel", .method = METHOD_POST,
	  .path = "/v1/jobs/interviews/{id}/cancel", OF_EMPLOYER, .success = 200,
	  .action = "jobs.interview.cancel", .body = INPUT(answer_in, answer_in_fields),
	  .stmt = &stmt_interview_cancel, .zh = "取消面试", .en = "Cancel an interview" },
	{ .name = "interview_result", .method = METHOD_POST,
	  .path = "/v1/jobs/interviews/{id}/result", OF_EMPLOYER, .success = 200,
	  .action = "jobs.interview.result", .body = INPUT(result_in, result_in_fields),
	  .stmt = &stmt_interview_result, .zh = "登记面试结果", .en = "Say whether the person came" },
	{ .name = "interview_accept", .method = METHOD_POST,
	  .path = "/v1/jobs/interviews/{id}/accept", OF_PERSON,
	  .action = "jobs.interview.accept", .body = INPUT(accept_in, accept_in_fields),
	  .stmt = &stmt_interview_accept, .zh = "选定面试时间", .en = "Accept one of the times" },
	{ .name = "interview_ask", .method = METHOD_POST, .path = "/v1/jobs/interviews/{id}/ask",
	  OF_PERSON, .action = "jobs.interview.ask", .body = INPUT(answer_in, answer_in_fields),
	  .handler = interview_ask, .zh = "请求另约时间", .en = "Ask for other times" },
	{ .name = "interview_decline", .method = METHOD_POST,
	  .path = "/v1/jobs/interviews/{id}/decline", OF_PERSON,
	  .action = "jobs.interview.decline", .body = INPUT(answer_in, answer_in_fields),
	  .handler = interview_decline, .zh = "谢绝面试", .en = "Decline an interview" },
	{ .name = "interview_object", .method = METHOD_POST,
	  .path = "/v1/jobs/interviews/{id}/objection", OF_PERSON,
	  .action = "jobs.interview.object", .body = INPUT(object_in, object_in_fields),
	  .stmt = &stmt_interview_object,
	  .zh = "对未到场登记提出异议", .en = "Object to being entered as absent" },
	{ .name = "interview_get", .method = METHOD_GET, .path = "/v1/jobs/interviews/{id}",
	  .callers = ROLE_PERSON | ROLE_EMPLOYER | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "jobs.interview.get", .reply = interview_shape, .stmt = &stmt_interview_get,
	  .limit = LIMIT_READ, .opens = OPENS_PERSON, .zh = "查看面试", .en = "Read an interview" },
	{ .name = "interview_list_person", .method = METHOD_GET, .path = "/v1/jobs/my/interviews",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "jobs.interview.list_person",
	  .query = INPUT(interview_query, interview_query_fields), .list = true,
	  .reply = interview_shape, .stmt = &stmt_interview_list_person, .limit = LIMIT_READ,
	  .zh = "我的面试", .en = "List the caller's interviews" },
	{ .name = "interview_list_org", .method = METHOD_GET, .path = "/v1/jobs/org/interviews",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .action = "jobs.interview.list_org",
	  .query = INPUT(interview_query, interview_query_fields), .list = true,
	  .reply = interview_shape, .stmt = &stmt_interview_list_org, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON, .zh = "本单位的面试", .en = "List the employer's interviews" },
	{ .name = "interview_calendar", .method = METHOD_GET,
	  .path = "/v1/jobs/interviews/{id}/calendar",
	  .callers = ROLE_PERSON | ROLE_EMPLOYER, .scope = SCOPE_CALLER,
	  .action = "jobs.interview.calendar", .media = "text/calendar",
	  .handler = interview_calendar, .limit = LIMIT_READ, .opens = OPENS_UNNAMED,
	  .zh = "面试日历文件", .en = "Download the calendar entry" },
	ROUTE_END
};

/* One time, without further ceremony: what was agreed by telephone. */
static int
application_interview(struct call *c)
{
	const struct invite_in	*in = c->body;
	struct uuid		 id = uuid_new();
	char			 at[INSTANT_TEXT], text[UUID_TEXT];
	const char		*link;
	struct db_rows		 rows;

	if (in->at < clock_now_us())
		return (call_reject(c, ERR_JOBS_MEETING_PAST, "/at"));
	link = strcmp(in->mode, "remote") != 0 ? NULL :
	    meeting_link(c->arena, conf_text(CONF_MEETING_URL), uuid_format(&id, text));
	if (sql_interview_propose(c->db, &rows, &id, &c->id, in->mode,
	    arena_printf(c->arena, "{%s}", instant_format(in->at, at)), MINUTES, NULL, link,
	    in->note, false) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (sql_application_row(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
interview_propose(struct call *c)
{
	const struct interview_in	*in = c->body;
	struct uuid			 id = uuid_new();
	const char			*times;
	struct db_rows			 rows;
	int				 refused;

	if ((times = times_array(c, in, &refused)) == NULL)
		return (refused);
	call_object(c, &id);
	if (sql_interview_propose(c->db, &rows, &id, &c->id, in->mode, times,
	    in->minutes == 0 ? MINUTES : in->minutes, in->place,
	    link_of(c, in, &id), in->note, true) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
interview_move(struct call *c)
{
	const struct interview_in	*in = c->body;
	const char			*times;
	struct db_rows			 rows;
	int				 refused;

	if ((times = times_array(c, in, &refused)) == NULL)
		return (refused);
	if (sql_interview_move(c->db, &rows, &c->id, &c->principal->org, in->mode, times,
	    in->minutes == 0 ? MINUTES : in->minutes, in->place,
	    link_of(c, in, &c->id), in->note) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

/* The employer's own address, or one made for this meeting. */
static const char *
link_of(struct call *c, const struct interview_in *in, const struct uuid *id)
{
	char	text[UUID_TEXT];

	if (strcmp(in->mode, "remote") != 0)
		return (NULL);
	return (in->link != NULL ? in->link :
	    meeting_link(c->arena, conf_text(CONF_MEETING_URL), uuid_format(id, text)));
}

/* All lie ahead, none twice; NULL: refused. */
static const char *
times_array(struct call *c, const struct interview_in *in, int *refused)
{
	const struct time_in	*t = in->times.items;
	const char		*text = "{";
	char			 at[INSTANT_TEXT];
	size_t			 i, k;

	for (i = 0; i < in->times.count; i++) {
		for (k = 0; k < i && t[k].at != t[i].at; k++)
			;
		if (t[i].at < clock_now_us() || k < i) {
			*refused = call_reject(c, k < i ? ERR_F_DUPLICATE : ERR_JOBS_MEETING_PAST,
			    arena_printf(c->arena, "/times/%zu/at", i));
			return (NULL);
		}
		text = arena_printf(c->arena, "%s%s%s", text, i == 0 ? "" : ",",
		    instant_format(t[i].at, at));
	}
	return (arena_printf(c->arena, "%s}", text));
}

static int
interview_ask(struct call *c)
{
	return (interview_answer(c, "asked", ((const struct answer_in *)c->body)->note));
}

static int
interview_decline(struct call *c)
{
	return (interview_answer(c, "declined", ((const struct answer_in *)c->body)->note));
}

static int
interview_answer(struct call *c, const char *next, const char *note)
{
	struct db_rows	rows;

	if (sql_interview_answer(c->db, &rows, &c->id, &c->principal->person, next, note) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

/* Of an interview whose time is agreed, or of one that was and is no more. */
static int
interview_calendar(struct call *c)
{
	struct ics_event	 e;
	const char		*state, *text;
	struct db_rows		 r;
	struct buf		 b;
	size_t			 len;

	if (sql_interview_calendar(c->db, &r, &c->id) == -1)
		return (call_failed(c));
	if (r.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (db_bool(&r, 0, "is_open"))
		return (call_reject(c, ERR_STATE, NULL));
	state = db_text(&r, 0, "state");
	e = (struct ics_event){
		.uid = arena_printf(c->arena, "%s@yjy365", db_text(&r, 0, "id")),
		.stamp_us = db_int(&r, 0, "changed_us"),
		.start_us = db_int(&r, 0, "starts_us"),
		.end_us = db_int(&r, 0, "starts_us") + db_int(&r, 0, "minutes") * MINUTE_US,
		.sequence = db_int(&r, 0, "sequence"),
		.cancelled = strcmp(state, "cancelled") == 0 || strcmp(state, "declined") == 0,
		.summary = arena_printf(c->arena, "面试：%s %s", db_text(&r, 0, "org_name"),
		    db_text(&r, 0, "vacancy_title")),
		.description = db_text(&r, 0, "note"), .location = db_text(&r, 0, "place"),
		.url = db_text(&r, 0, "link")
	};
	buf_init(&b, ICS_BYTES);
	ics_write(&b, &e);
	text = buf_ok(&b) ? arena_strndup(c->arena, b.data, b.len) : NULL;
	len = b.len;
	buf_release(&b);
	if (text == NULL)
		return (call_reject(c, ERR_INTERNAL, NULL));
	return (call_reply_bytes(c, 200, "text/calendar; charset=utf-8", text, len));
}
