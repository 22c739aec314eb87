/*
 * application.c -- a person applies, the employer answers, one is hired.
 *
 * Invariant: every change of state leaves a step, an event and a message. Which
 * applications a caller reaches is row-level security's affair; where they may
 * go from their state is jobs.application_allows(). A hire is one transaction:
 * application, place, 就业登记 and the end of 失业登记, or none of them. Interviews
 * are in interview.c, the SQL is in sql/jobs/queries/application.sql.
 */
#include "application.h"
#include "jobs.h"
#include "jobs_sql.h"
#include "words.h"

#define PAY_MOST_CENTS	INT64_C(1000000000)
#define OFFER_DAYS_MOST	365

struct application_in {
	const char	*note;
};

struct reject_in {
	const char	*reason_code, *reason;
};

struct reason_in {
	const char	*reason_code, *note;
};

struct offer_in {
	int64_t		 pay_cents;
	const char	*pay_unit;
	int32_t		 start_on, valid_until;
	const char	*note;
};

struct application_query {
	const char	*state;
};

struct application_org_query {
	const char	*state;
	struct uuid	 vacancy_id;
	int32_t		 since;
	bool		 is_new;
};

/* Where to, what was done, why. */
struct move {
	const char	*next, *what, *reason_code, *note;
};

static int	application_offer(struct call *);
static int	application_reject(struct call *);
static int	application_withdraw(struct call *);
static int	offer_accept(struct call *);
static int	offer_decline(struct call *);
static int	application_hire(struct call *);
static int	application_move(struct call *, const struct move *);
static const char *coded(const char *);

static const char *const states[] = { "submitted", "interview", "offered", "accepted", "hired",
	"rejected", "withdrawn", "declined", "no_show", NULL };
static const char *const reject_reasons[] = { "experience", "education", "skills",
	"position_filled", "other", NULL };
static const char *const person_reasons[] = { "found_other", "pay", "distance", "schedule",
	"not_interested", "other", NULL };
const char *const no_show_reasons[] = { "no_notice", "late_notice", "unreachable", "other", NULL };

static const struct field application_in_fields[] = {
	FIELD_TEXT(application_in, note, OPTIONAL, 0, 1000, "附言"),
	FIELD_END
};

static const struct field reject_in_fields[] = {
	FIELD_ENUM(reject_in, reason_code, OPTIONAL, reject_reasons, "不录用的原因，默认 other"),
	FIELD_TEXT(reject_in, reason, REQUIRED, 1, 1000, "不录用的说明"),
	FIELD_END
};

static const struct field reject_rest_in_fields[] = {
	FIELD_ENUM(reject_in, reason_code, REQUIRED, reject_reasons, "不录用的原因"),
	FIELD_TEXT(reject_in, reason, OPTIONAL, 1, 1000, "不录用的说明"),
	FIELD_END
};

static const struct field withdraw_in_fields[] = {
	FIELD_ENUM(reason_in, reason_code, OPTIONAL, person_reasons, "原因"),
	FIELD_TEXT(reason_in, note, OPTIONAL, 0, 1000, "说明"),
	FIELD_END
};

static const struct field no_show_in_fields[] = {
	FIELD_ENUM(reason_in, reason_code, REQUIRED, no_show_reasons, "未到场情形"),
	FIELD_TEXT(reason_in, note, OPTIONAL, 0, 1000, "说明"),
	FIELD_END
};

static const struct field offer_in_fields[] = {
	FIELD_INT(offer_in, pay_cents, OPTIONAL, 1, PAY_MOST_CENTS, "薪酬（分）"),
	FIELD_ENUM(offer_in, pay_unit, OPTIONAL, pay_units, "计薪单位"),
	FIELD_DAY(offer_in, start_on, OPTIONAL, "到岗日期"),
	FIELD_DAY(offer_in, valid_until, OPTIONAL, "答复截止日期，不填则至答复为止"),
	FIELD_TEXT(offer_in, note, OPTIONAL, 0, 1000, "说明"),
	FIELD_END
};

static const struct field application_query_fields[] = {
	FIELD_ENUM(application_query, state, OPTIONAL, states, "投递状态"),
	FIELD_END
};

static const struct field application_org_query_fields[] = {
	FIELD_ENUM(application_org_query, state, OPTIONAL, states, "投递状态"),
	FIELD_UUID(application_org_query, vacancy_id, OPTIONAL, "岗位"),
	FIELD_DAY(application_org_query, since, OPTIONAL, "投递日期自"),
	FIELD_BOOL(application_org_query, is_new, OPTIONAL, "尚未查看"),
	FIELD_END
};

static const struct shape step_shape[] = {
	{ .name = "what", .type = SHAPE_T_TEXT, .help = "环节" },
	{ .name = "state", .type = SHAPE_T_TEXT, .help = "状态" },
	{ .name = "meet_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "面试时间" },
	{ .name = "meet_mode", .type = SHAPE_T_TEXT, .nullable = true, .help = "面试方式" },
	{ .name = "reason_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "原因" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "说明" },
	{ .name = "actor_kind", .type = SHAPE_T_TEXT, .help = "由谁办理" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "时间" },
	SHAPE_END
};

static const struct shape offer_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "录用意向" },
	{ .name = "pay_cents", .type = SHAPE_T_INT, .nullable = true, .help = "薪酬（分）" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" },
	{ .name = "pay_unit", .type = SHAPE_T_TEXT, .codes = "pay_units", .nullable = true,
	  .help = "计薪单位" },
	{ .name = "start_on", .type = SHAPE_T_DAY, .nullable = true, .help = "到岗日期" },
	{ .name = "valid_until", .type = SHAPE_T_DAY, .nullable = true, .help = "答复截止日期" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "说明" },
	{ .name = "state", .type = SHAPE_T_TEXT, .help = "录用意向状态" },
	{ .name = "answered_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "答复时间" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "发出时间" },
	SHAPE_END
};

const struct shape application_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "投递" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "求职者" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },
	{ .name = "vacancy_id", .type = SHAPE_T_UUID, .help = "岗位" },
	{ .name = "vacancy_title", .type = SHAPE_T_TEXT, .help = "岗位名称" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "用人单位" },
	{ .name = "org_name", .type = SHAPE_T_TEXT, .help = "单位名称" },
	{ .name = "state", .type = SHAPE_T_TEXT, .help = "投递状态" },
	{ .name = "reason_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "结束的原因" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "附言" },
	{ .name = "resume", .type = SHAPE_T_OBJECT, .of = resume_sent_shape, .nullable = true, .help = "投递时的简历" },
	{ .name = "viewed_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "单位首次查看时间" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "moved_at", .type = SHAPE_T_INSTANT, .help = "最近变动时间" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "投递时间" },
	{ .name = "steps", .type = SHAPE_T_LIST, .nullable = true, .of = step_shape, .help = "经过" },
	{ .name = "interviews", .type = SHAPE_T_LIST, .nullable = true, .of = interview_shape, .help = "面试" },
	{ .name = "offer", .type = SHAPE_T_OBJECT, .nullable = true, .of = offer_shape, .help = "最近的录用意向" },
	SHAPE_END
};

static const struct shape count_shape[] = {
	{ .name = "vacancy_id", .type = SHAPE_T_UUID, .help = "岗位" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "用人单位" },
	{ .name = "vacancy_title", .type = SHAPE_T_TEXT, .help = "岗位名称" },
	{ .name = "total", .type = SHAPE_T_INT, .help = "投递数" },
	{ .name = "unread", .type = SHAPE_T_INT, .help = "尚未查看" },
	{ .name = "states", .type = SHAPE_T_JSON, .help = "各状态的投递数" },
	SHAPE_END
};

static const struct shape rest_shape[] = {
	{ .name = "vacancy_id", .type = SHAPE_T_UUID, .help = "岗位" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "用人单位" },
	{ .name = "rejected", .type = SHAPE_T_INT, .help = "一并答复的投递数" },
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
	{ .name = "application_list_org", .method = METHOD_GET, .path = "/v1/jobs/org/applications",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .action = "jobs.application.list_org",
	  .query = INPUT(application_org_query, application_org_query_fields), .list = true,
	  .reply = application_shape, .stmt = &stmt_application_list_org, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON,
	  .zh = "本单位收到的投递", .en = "List the applications for the employer's vacancies" },
	{ .name = "application_count_org", .method = METHOD_GET,
	  .path = "/v1/jobs/org/applications/counts",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .action = "jobs.application.count_org",
	  .list = true, .reply = count_shape, .stmt = &stmt_application_count_org,
	  .limit = LIMIT_READ,
	  .zh = "各岗位各状态的投递数", .en = "Count applications by vacancy and state" },
	{ .name = "application_view", .method = METHOD_POST,
	  .path = "/v1/jobs/applications/{id}/view",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .action = "jobs.application.view",
	  .reply = application_shape, .success = 200, .stmt = &stmt_application_view,
	  .limit = LIMIT_WRITE, .zh = "标记投递已查看", .en = "Mark an application as opened" },
	{ .name = "application_offer", .method = METHOD_POST,
	  .path = "/v1/jobs/applications/{id}/offer",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .right = RIGHT_HIRE,
	  .action = "jobs.application.offer",
	  .body = INPUT(offer_in, offer_in_fields), .reply = application_shape,
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
	  .body = INPUT(reason_in, withdraw_in_fields), .reply = application_shape,
	  .success = 200, .handler = application_withdraw, .emits = "jobs.application.moved.v1",
	  .limit = LIMIT_WRITE, .zh = "撤回投递", .en = "Withdraw an application" },
	{ .name = "offer_accept", .method = METHOD_POST,
	  .path = "/v1/jobs/applications/{id}/offer/accept",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "jobs.offer.accept",
	  .body = INPUT(application_in, application_in_fields), .reply = application_shape,
	  .success = 200, .handler = offer_accept, .emits = "jobs.application.moved.v1",
	  .limit = LIMIT_WRITE, .zh = "接受录用", .en = "Accept an offer" },
	{ .name = "offer_decline", .method = METHOD_POST,
	  .path = "/v1/jobs/applications/{id}/offer/decline",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "jobs.offer.decline",
	  .body = INPUT(reason_in, withdraw_in_fields), .reply = application_shape,
	  .success = 200, .handler = offer_decline, .emits = "jobs.application.moved.v1",
	  .limit = LIMIT_WRITE, .zh = "谢绝录用", .en = "Decline an offer" },
	{ .name = "application_no_show", .method = METHOD_POST,
	  .path = "/v1/jobs/applications/{id}/no-show",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .right = RIGHT_HIRE,
	  .action = "jobs.application.no_show",
	  .body = INPUT(reason_in, no_show_in_fields), .reply = application_shape, .success = 200,
	  .stmt = &stmt_application_no_show, .emits = "jobs.application.moved.v1",
	  .limit = LIMIT_WRITE, .zh = "因未到场结束投递", .en = "End an application whose interview was missed" },
	{ .name = "application_reject_rest", .method = METHOD_POST,
	  .path = "/v1/jobs/vacancies/{id}/applications/reject",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .right = RIGHT_HIRE,
	  .action = "jobs.application.reject_rest",
	  .body = INPUT(reject_in, reject_rest_in_fields), .reply = rest_shape, .success = 200,
	  .stmt = &stmt_application_reject_rest, .emits = "jobs.application.moved.v1",
	  .limit = LIMIT_WRITE,
	  .zh = "招满后一并答复其余投递", .en = "Turn down the rest once a vacancy is full" },
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

/* A wage has its unit; it starts and lapses on days to come. */
static int
application_offer(struct call *c)
{
	const struct offer_in	*in = c->body;
	int32_t			 today = clock_today();
	struct db_rows		 rows;

	if ((in->pay_cents == 0) != (in->pay_unit == NULL))
		return (call_reject(c, ERR_F_MISSING, in->pay_unit == NULL ? "/pay_unit" : "/pay_cents"));
	if (in->start_on != DAY_NONE && in->start_on < today)
		return (call_reject(c, ERR_JOBS_DAY_PAST, "/start_on"));
	if (in->valid_until != DAY_NONE &&
	    (in->valid_until < today || in->valid_until > today + OFFER_DAYS_MOST))
		return (call_reject(c, ERR_JOBS_EXPIRY, "/valid_until"));
	if (sql_offer_make(c->db, &rows, &c->id, &c->principal->org,
	    in->pay_cents == 0 ? NULL : &in->pay_cents, in->pay_unit, in->start_on,
	    in->valid_until, in->note) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
application_reject(struct call *c)
{
	const struct reject_in	*in = c->body;

	return (application_move(c, &(struct move){ "rejected", "reject", coded(in->reason_code),
	    in->reason }));
}

static const char *
coded(const char *reason_code)
{
	return (reason_code == NULL ? "other" : reason_code);
}

static int
application_withdraw(struct call *c)
{
	const struct reason_in	*in = c->body;

	return (application_move(c, &(struct move){ "withdrawn", "withdraw", in->reason_code, in->note }));
}

static int
offer_accept(struct call *c)
{
	const struct application_in	*in = c->body;

	return (application_move(c, &(struct move){ "accepted", "offer_accept", NULL, in->note }));
}

static int
offer_decline(struct call *c)
{
	const struct reason_in	*in = c->body;

	return (application_move(c, &(struct move){ "declined", "offer_decline",
	    coded(in->reason_code), in->note }));
}

static int
application_move(struct call *c, const struct move *m)
{
	struct db_rows	rows;

	if (sql_application_move(c->db, &rows, &c->id, m->next, m->what, m->reason_code, m->note) == -1)
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

	if (sql_application_move(c->db, &moved, &c->id, "hired", "hire", NULL, NULL) == -1)
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
