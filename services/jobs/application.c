/*
 * application.c -- a person applies, the employer answers, one is hired.
 *
 * Invariant: every change of state leaves a step and an event. Which
 * applications a caller reaches is row-level security's affair; where they may
 * go from their state is jobs.application_allows(). A hire is one transaction:
 * application, place, 就业登记 and the end of 失业登记, or none of them. The SQL
 * is in sql/jobs/queries/application.sql.
 */
#include "jobs.h"
#include "jobs_sql.h"

#define NO_INSTANT	INT64_MIN

struct application_in {
	const char	*note;
};

struct interview_in {
	int64_t		 at;
	const char	*mode;
	const char	*note;
};

struct reject_in {
	const char	*reason;
};

struct application_query {
	const char	*state;
};

static int	application_interview(struct call *);
static int	application_offer(struct call *);
static int	application_reject(struct call *);
static int	application_withdraw(struct call *);
static int	application_hire(struct call *);
static int	application_move(struct call *, const char *, const char *);

static const char *const modes[] = { "onsite", "remote", NULL };
static const char *const states[] = { "submitted", "interview", "offered", "hired", "rejected",
	"withdrawn", NULL };

static const struct field application_in_fields[] = {
	FIELD_TEXT(application_in, note, OPTIONAL, 0, 1000, "附言"),
	FIELD_END
};

static const struct field interview_in_fields[] = {
	FIELD_INSTANT(interview_in, at, REQUIRED, "面试时间"),
	FIELD_ENUM(interview_in, mode, REQUIRED, modes, "面试方式"),
	FIELD_TEXT(interview_in, note, OPTIONAL, 0, 1000, "地点、联系方式等说明"),
	FIELD_END
};

static const struct field reject_in_fields[] = {
	FIELD_TEXT(reject_in, reason, REQUIRED, 1, 1000, "不录用的原因"),
	FIELD_END
};

static const struct field application_query_fields[] = {
	FIELD_ENUM(application_query, state, OPTIONAL, states, "投递状态"),
	FIELD_END
};

static const struct shape step_shape[] = {
	{ .name = "state", .type = SHAPE_T_TEXT, .help = "状态" },
	{ .name = "meet_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "面试时间" },
	{ .name = "meet_mode", .type = SHAPE_T_TEXT, .nullable = true, .help = "面试方式" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "说明" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "时间" },
	SHAPE_END
};

static const struct shape application_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "投递" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "求职者" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },
	{ .name = "vacancy_id", .type = SHAPE_T_UUID, .help = "岗位" },
	{ .name = "vacancy_title", .type = SHAPE_T_TEXT, .help = "岗位名称" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "用人单位" },
	{ .name = "org_name", .type = SHAPE_T_TEXT, .help = "单位名称" },
	{ .name = "state", .type = SHAPE_T_TEXT, .help = "投递状态" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "moved_at", .type = SHAPE_T_INSTANT, .help = "最近变动时间" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "投递时间" },
	{ .name = "steps", .type = SHAPE_T_LIST, .nullable = true, .of = step_shape, .help = "经过" },
	SHAPE_END
};

const struct route application_routes[] = {
	{ .name = "application_submit", .method = METHOD_POST,
	  .path = "/v1/jobs/vacancies/{id}/applications",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "jobs.application.submit",
	  .body = INPUT(application_in, application_in_fields), .reply = application_shape,
	  .stmt = &stmt_application_submit, .emits = "jobs.application.moved.v1",
	  .limit = LIMIT_WRITE, .matter = "JB-06", .zh = "投递岗位", .en = "Apply for a vacancy" },
	{ .name = "application_list_vacancy", .method = METHOD_GET,
	  .path = "/v1/jobs/vacancies/{id}/applications",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .action = "jobs.application.list_vacancy",
	  .query = INPUT(application_query, application_query_fields), .list = true,
	  .reply = application_shape, .stmt = &stmt_application_list_vacancy, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON,
	  .zh = "岗位收到的投递", .en = "List the applications for an own vacancy" },
	{ .name = "application_list_person", .method = METHOD_GET, .path = "/v1/jobs/my/applications",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "jobs.application.list_person",
	  .query = INPUT(application_query, application_query_fields), .list = true,
	  .reply = application_shape, .stmt = &stmt_application_list_person, .limit = LIMIT_READ,
	  .zh = "我的投递", .en = "List the caller's applications" },
	{ .name = "application_get", .method = METHOD_GET, .path = "/v1/jobs/applications/{id}",
	  .callers = ROLE_PERSON | ROLE_EMPLOYER | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "jobs.application.get", .reply = application_shape,
	  .stmt = &stmt_application_get, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON,
	  .zh = "查看投递及经过", .en = "Read an application with its steps" },
	{ .name = "application_interview", .method = METHOD_POST,
	  .path = "/v1/jobs/applications/{id}/interview",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .right = RIGHT_HIRE,
	  .action = "jobs.application.interview",
	  .body = INPUT(interview_in, interview_in_fields), .reply = application_shape, .success = 200,
	  .handler = application_interview, .emits = "jobs.application.moved.v1",
	  .limit = LIMIT_WRITE, .zh = "邀约面试", .en = "Invite to an interview" },
	{ .name = "application_offer", .method = METHOD_POST,
	  .path = "/v1/jobs/applications/{id}/offer",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .right = RIGHT_HIRE,
	  .action = "jobs.application.offer",
	  .body = INPUT(application_in, application_in_fields), .reply = application_shape,
	  .success = 200, .handler = application_offer, .emits = "jobs.application.moved.v1",
	  .limit = LIMIT_WRITE, .zh = "发出录用意向", .en = "Make an offer" },
	{ .name = "application_reject", .method = METHOD_POST,
	  .path = "/v1/jobs/applications/{id}/reject",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .right = RIGHT_HIRE,
	  .action = "jobs.application.reject",
	  .body = INPUT(reject_in, reject_in_fields), .reply = application_shape, .success = 200,
	  .handler = application_reject, .emits = "jobs.application.moved.v1",
	  .limit = LIMIT_WRITE, .zh = "不予录用", .en = "Turn an application down" },
	{ .name = "application_withdraw", .method = METHOD_POST,
	  .path = "/v1/jobs/applications/{id}/withdraw",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "jobs.application.withdraw",
	  .body = INPUT(application_in, application_in_fields), .reply = application_shape,
	  .success = 200, .handler = application_withdraw, .emits = "jobs.application.moved.v1",
	  .limit = LIMIT_WRITE, .zh = "撤回投递", .en = "Withdraw an application" },
	{ .name = "application_hire", .method = METHOD_POST,
	  .path = "/v1/jobs/applications/{id}/hire",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .right = RIGHT_HIRE,
	  .action = "jobs.application.hire",
	  .body = INPUT(hire_in, hire_in_fields), .reply = employment_shape,
	  .handler = application_hire, .key = KEY_REQUIRED, .limit = LIMIT_WRITE,
	  .emits = "jobs.application.moved.v1 jobs.vacancy.changed.v1 jobs.employment.registered.v1 "
	    "jobs.unemployment.ended.v1",
	  .matter = "JB-07", .zh = "录用并办理就业登记", .en = "Hire the applicant and register the employment" },
	ROUTE_END
};

/* A meeting lies ahead. */
static int
application_interview(struct call *c)
{
	const struct interview_in	*in = c->body;
	struct db_rows			 rows;

	if (in->at < clock_now_us())
		return (call_reject(c, ERR_JOBS_MEETING_PAST, "/at"));
	if (sql_application_move(c->db, &rows, &c->id, "interview", in->at, in->mode, in->note) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
application_offer(struct call *c)
{
	return (application_move(c, "offered", ((const struct application_in *)c->body)->note));
}

static int
application_reject(struct call *c)
{
	return (application_move(c, "rejected", ((const struct reject_in *)c->body)->reason));
}

static int
application_withdraw(struct call *c)
{
	return (application_move(c, "withdrawn", ((const struct application_in *)c->body)->note));
}

static int
application_move(struct call *c, const char *next, const char *note)
{
	struct db_rows	rows;

	if (sql_application_move(c->db, &rows, &c->id, next, NO_INSTANT, NULL, note) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

/* Refused from an end state, without a place left, or where the register refuses. */
static int
application_hire(struct call *c)
{
	const struct hire_in	*in = c->body;
	struct db_rows		 moved, place;
	struct uuid		 person, vacancy;
	struct hire		 hire = { .person = &person, .vacancy = &vacancy, .application = &c->id };

	if (sql_application_move(c->db, &moved, &c->id, "hired", NO_INSTANT, NULL, NULL) == -1)
		return (call_failed(c));
	if (moved.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	person = db_uuid(&moved, 0, "person_id");
	vacancy = db_uuid(&moved, 0, "vacancy_id");
	if (sql_vacancy_take_place(c->db, &place, &vacancy) == -1)
		return (call_failed(c));
	hire.occupation_code = db_text(&place, 0, "occupation_code");
	return (employment_reply_hired(c, in, &hire));
}
