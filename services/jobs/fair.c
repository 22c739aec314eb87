/*
 * fair.c -- 招聘会: where and when, its booths and who stands at them, who comes.
 *
 * Invariant: one employer a booth and one booth an employer, by constraint;
 * what was given back goes to the first who waits, by trigger. Numbers of people
 * are public only as numbers. The SQL is in sql/jobs/queries/fair.sql.
 */
#include "application.h"
#include "codes/codes.h"
#include "jobs.h"
#include "jobs_sql.h"

#define DAY_US		INT64_C(86400000000)
#define DAYS_MOST	15
#define ROLE_HOLDERS	(ROLE_CLERK | ROLE_FIRST_REVIEW | ROLE_RECHECK | ROLE_APPROVE)

struct fair_in {
	const char	*title, *intro, *place, *area_code;
	int64_t		 lat_e6, lng_e6, starts_at, ends_at, booths, posts_most;
};

struct fair_note_in {
	const char	*note;
};

struct fair_wish_in {
	const char	*wish;
};

struct fair_assign_in {
	int64_t		 booth_no;
};

struct fair_vacancy_in {
	struct uuid	 vacancy_id;
};

struct fair_code_in {
	const char	*code;
};

struct fair_query {
	const char	*county_code, *state;
	bool		 upcoming;
};

struct fair_entry_query {
	struct uuid	 fair_id;
	const char	*state;
};

static int	fair_make(struct call *);
static int	fair_assign(struct call *);
static int	fair_report(struct call *);

static const char *const states[] = { "planned", "open", "ended", "cancelled", NULL };
static const char *const entry_states[] = { "applied", "waiting", "assigned", "refused",
	"withdrawn", NULL };

static const struct field fair_in_fields[] = {
	FIELD_TEXT(fair_in, title, REQUIRED, 2, 60, "招聘会名称"),
	FIELD_TEXT(fair_in, intro, OPTIONAL, 0, 2000, "说明"),
	FIELD_TEXT(fair_in, place, REQUIRED, 2, 200, "地点"),
	FIELD_CHECK(fair_in, area_code, REQUIRED, check_area, "县区或乡镇、村（社区）"),
	FIELD_INT(fair_in, lat_e6, OPTIONAL, -90000000, 90000000, "纬度（百万分之一度）"),
	FIELD_INT(fair_in, lng_e6, OPTIONAL, -180000000, 180000000, "经度（百万分之一度）"),
	FIELD_INSTANT(fair_in, starts_at, REQUIRED, "开始时间"),
	FIELD_INSTANT(fair_in, ends_at, REQUIRED, "结束时间"),
	FIELD_INT(fair_in, booths, REQUIRED, 1, 500, "展位数"),
	FIELD_INT(fair_in, posts_most, REQUIRED, 1, 50, "每个展位的岗位数上限"),
	FIELD_END
};

static const struct field fair_note_fields[] = {
	FIELD_TEXT(fair_note_in, note, REQUIRED, 1, 500, "原因"),
	FIELD_END
};

static const struct field fair_wish_fields[] = {
	FIELD_TEXT(fair_wish_in, wish, OPTIONAL, 0, 500, "对展位的要求"),
	FIELD_END
};

static const struct field fair_assign_fields[] = {
	FIELD_INT(fair_assign_in, booth_no, OPTIONAL, 1, 999, "展位号，不填则取空闲的最小号"),
	FIELD_END
};

static const struct field fair_vacancy_fields[] = {
	FIELD_UUID(fair_vacancy_in, vacancy_id, REQUIRED, "岗位"),
	FIELD_END
};

static const struct field fair_code_fields[] = {
	FIELD_TEXT(fair_code_in, code, REQUIRED, 8, 8, "入场码"),
	FIELD_END
};

static const struct field fair_query_fields[] = {
	FIELD_CHECK(fair_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_ENUM(fair_query, state, OPTIONAL, states, "招聘会状态"),
	FIELD_BOOL(fair_query, upcoming, OPTIONAL, "尚未结束"),
	FIELD_END
};

static const struct field fair_entry_query_fields[] = {
	FIELD_UUID(fair_entry_query, fair_id, OPTIONAL, "招聘会"),
	FIELD_ENUM(fair_entry_query, state, OPTIONAL, entry_states, "展位申请状态"),
	FIELD_END
};

static const struct field fair_own_query_fields[] = {
	FIELD_ENUM(fair_entry_query, state, OPTIONAL, entry_states, "展位申请状态"),
	FIELD_END
};

static const struct shape exhibitor_shape[] = {
	{ .name = "booth_no", .type = SHAPE_T_INT, .help = "展位号" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "参展单位" },
	{ .name = "org_name", .type = SHAPE_T_TEXT, .help = "单位名称" },
	{ .name = "posts", .type = SHAPE_T_INT, .nullable = true, .help = "岗位数" },
	{ .name = "intentions", .type = SHAPE_T_INT, .nullable = true, .help = "意向数" },
	SHAPE_END
};

static const struct shape fair_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "招聘会" },
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "名称" },
	{ .name = "intro", .type = SHAPE_T_TEXT, .help = "说明" },
	{ .name = "place", .type = SHAPE_T_TEXT, .help = "地点" },
	{ .name = "lat_e6", .type = SHAPE_T_INT, .nullable = true, .help = "纬度（百万分之一度）" },
	{ .name = "lng_e6", .type = SHAPE_T_INT, .nullable = true, .help = "经度（百万分之一度）" },
	{ .name = "starts_at", .type = SHAPE_T_INSTANT, .help = "开始时间" },
	{ .name = "ends_at", .type = SHAPE_T_INSTANT, .help = "结束时间" },
	{ .name = "state", .type = SHAPE_T_TEXT, .help = "招聘会状态" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "取消的原因" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "所在地" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "录入时间" },
	{ .name = "booths", .type = SHAPE_T_INT, .help = "展位数" },
	{ .name = "employers", .type = SHAPE_T_INT, .nullable = true, .help = "参展单位数" },
	{ .name = "posts", .type = SHAPE_T_INT, .nullable = true, .help = "岗位数" },
	{ .name = "places", .type = SHAPE_T_INT, .nullable = true, .help = "招聘人数" },
	{ .name = "sign_ups", .type = SHAPE_T_INT, .nullable = true, .help = "预约人数" },
	{ .name = "visitors", .type = SHAPE_T_INT, .nullable = true, .help = "入场人数" },
	{ .name = "intentions", .type = SHAPE_T_INT, .nullable = true, .help = "意向数（入场者当场投递）" },
	{ .name = "hires", .type = SHAPE_T_INT, .nullable = true, .help = "其后录用数" },
	{ .name = "blurred", .type = SHAPE_T_BOOL, .nullable = true, .help = "不足 5 人的数不显示" },
	{ .name = "exhibitors", .type = SHAPE_T_LIST, .nullable = true, .of = exhibitor_shape, .help = "参展单位" },
	{ .name = "vacancies", .type = SHAPE_T_LIST, .nullable = true, .of = vacancy_shape, .help = "岗位" },
	SHAPE_END
};

static const struct shape entry_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "展位申请" },
	{ .name = "fair_id", .type = SHAPE_T_UUID, .help = "招聘会" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "单位" },
	{ .name = "org_name", .type = SHAPE_T_TEXT, .help = "单位名称" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "fair_entry_states", .help = "展位申请状态" },
	{ .name = "booth_no", .type = SHAPE_T_INT, .nullable = true, .help = "展位号" },
	{ .name = "wish", .type = SHAPE_T_TEXT, .nullable = true, .help = "对展位的要求" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "不予安排的原因" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "所在地" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "申请时间" },
	SHAPE_END
};

static const struct shape fair_vacancy_shape[] = {
	{ .name = "fair_id", .type = SHAPE_T_UUID, .help = "招聘会" },
	{ .name = "vacancy_id", .type = SHAPE_T_UUID, .help = "岗位" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "用人单位" },
	SHAPE_END
};

static const struct shape visitor_shape[] = {
	{ .name = "fair_id", .type = SHAPE_T_UUID, .help = "招聘会" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "求职者" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "入场码" },
	{ .name = "checked_in_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "入场时间" },
	{ .name = "title", .type = SHAPE_T_TEXT, .nullable = true, .help = "招聘会名称" },
	{ .name = "place", .type = SHAPE_T_TEXT, .nullable = true, .help = "地点" },
	{ .name = "starts_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "开始时间" },
	{ .name = "state", .type = SHAPE_T_TEXT, .nullable = true, .help = "招聘会状态" },
	SHAPE_END
};

#define OF_HOLDER								\
	.callers = ROLE_HOLDERS, .scope = SCOPE_AREA, .limit = LIMIT_WRITE
#define OF_EXHIBITOR								\
	.callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .right = RIGHT_POST, .limit = LIMIT_WRITE

const struct route fair_routes[] = {
	{ .name = "fair_make", .method = METHOD_POST, .path = "/v1/jobs/fairs", OF_HOLDER,
	  .action = "jobs.fair.make", .body = INPUT(fair_in, fair_in_fields), .reply = fair_shape,
	  .handler = fair_make, .zh = "举办招聘会", .en = "Hold a job fair" },
	{ .name = "fair_cancel", .method = METHOD_POST, .path = "/v1/jobs/fairs/{id}/cancel",
	  OF_HOLDER, .action = "jobs.fair.cancel", .body = INPUT(fair_note_in, fair_note_fields),
	  .reply = fair_shape, .success = 200, .stmt = &stmt_fair_cancel,
	  .zh = "取消招聘会", .en = "Cancel a job fair" },
	{ .name = "fair_apply", .method = METHOD_POST, .path = "/v1/jobs/fairs/{id}/entries",
	  OF_EXHIBITOR, .action = "jobs.fair.apply", .body = INPUT(fair_wish_in, fair_wish_fields),
	  .reply = entry_shape, .stmt = &stmt_fair_apply, .matter = "JB-15",
	  .zh = "申请招聘会展位", .en = "Ask for a booth" },
	{ .name = "fair_assign", .method = METHOD_POST, .path = "/v1/jobs/fair-entries/{id}/assign",
	  OF_HOLDER, .action = "jobs.fair.assign",
	  .body = INPUT(fair_assign_in, fair_assign_fields), .reply = entry_shape, .success = 200,
	  .handler = fair_assign, .zh = "安排展位", .en = "Give an employer a booth, or a place in the queue" },
	{ .name = "fair_refuse", .method = METHOD_POST, .path = "/v1/jobs/fair-entries/{id}/refuse",
	  OF_HOLDER, .action = "jobs.fair.refuse", .body = INPUT(fair_note_in, fair_note_fields),
	  .reply = entry_shape, .success = 200, .stmt = &stmt_fair_refuse,
	  .zh = "不予安排展位", .en = "Refuse an employer a booth" },
	{ .name = "fair_withdraw", .method = METHOD_POST,
	  .path = "/v1/jobs/fair-entries/{id}/withdraw", OF_EXHIBITOR,
	  .action = "jobs.fair.withdraw", .reply = entry_shape, .success = 200,
	  .stmt = &stmt_fair_withdraw, .zh = "放弃展位", .en = "Give a booth back" },
	{ .name = "fair_vacancy_add", .method = METHOD_POST,
	  .path = "/v1/jobs/fairs/{id}/vacancies", OF_EXHIBITOR, .action = "jobs.fair.vacancy_add",
	  .body = INPUT(fair_vacancy_in, fair_vacancy_fields), .reply = fair_vacancy_shape,
	  .stmt = &stmt_fair_vacancy_add, .zh = "展位加入岗位", .en = "Show a posting at one's booth" },
	{ .name = "fair_vacancy_drop", .method = METHOD_POST,
	  .path = "/v1/jobs/fairs/{id}/vacancies/remove", OF_EXHIBITOR,
	  .action = "jobs.fair.vacancy_drop", .body = INPUT(fair_vacancy_in, fair_vacancy_fields),
	  .reply = fair_vacancy_shape, .success = 200, .stmt = &stmt_fair_vacancy_drop,
	  .zh = "展位移出岗位", .en = "Take a posting off one's booth" },
	{ .name = "fair_sign_up", .method = METHOD_POST, .path = "/v1/jobs/fairs/{id}/sign-ups",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .limit = LIMIT_WRITE,
	  .action = "jobs.fair.sign_up", .reply = visitor_shape, .stmt = &stmt_fair_sign_up,
	  .zh = "预约招聘会", .en = "Sign up for a job fair" },
	{ .name = "fair_check_in", .method = METHOD_POST, .path = "/v1/jobs/fairs/{id}/check-ins",
	  OF_HOLDER, .action = "jobs.fair.check_in", .body = INPUT(fair_code_in, fair_code_fields),
	  .reply = visitor_shape, .success = 200, .stmt = &stmt_fair_check_in,
	  .zh = "入场登记", .en = "Let a visitor in by code" },
	{ .name = "fair_list", .method = METHOD_GET, .path = "/v1/jobs/fairs",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "jobs.fair.list",
	  .query = INPUT(fair_query, fair_query_fields), .list = true, .reply = fair_shape,
	  .stmt = &stmt_fair_list, .limit = LIMIT_READ, .zh = "招聘会", .en = "List job fairs" },
	{ .name = "fair_get", .method = METHOD_GET, .path = "/v1/jobs/fairs/{id}",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "jobs.fair.get",
	  .reply = fair_shape, .stmt = &stmt_fair_get, .limit = LIMIT_READ,
	  .zh = "查看招聘会", .en = "Read a job fair with its booths and postings" },
	{ .name = "fair_entry_list_org", .method = METHOD_GET, .path = "/v1/jobs/org/fair-entries",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .action = "jobs.fair.entry_list_org",
	  .query = INPUT(fair_entry_query, fair_own_query_fields), .list = true,
	  .reply = entry_shape, .stmt = &stmt_fair_entry_list_org, .limit = LIMIT_READ,
	  .zh = "本单位的展位申请", .en = "List the employer's booths" },
	{ .name = "fair_entry_list", .method = METHOD_GET, .path = "/v1/jobs/fair-entries",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "jobs.fair.entry_list",
	  .query = INPUT(fair_entry_query, fair_entry_query_fields), .list = true,
	  .reply = entry_shape, .stmt = &stmt_fair_entry_list, .limit = LIMIT_READ,
	  .zh = "辖区内的展位申请", .en = "List the booths asked for in the area" },
	{ .name = "fair_visit_list_person", .method = METHOD_GET, .path = "/v1/jobs/my/fairs",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "jobs.fair.visit_list_person",
	  .list = true, .reply = visitor_shape, .stmt = &stmt_fair_visit_list_person,
	  .limit = LIMIT_READ, .zh = "我预约的招聘会", .en = "List the fairs the caller signed up for" },
	{ .name = "fair_report", .method = METHOD_GET, .path = "/v1/jobs/fairs/{id}/report",
	  .callers = ROLE_CASE_OFFICERS | ROLE_STATS, .scope = SCOPE_AREA,
	  .action = "jobs.fair.report", .reply = fair_shape, .handler = fair_report,
	  .limit = LIMIT_READ, .zh = "招聘会总结", .en = "Report on a job fair" },
	ROUTE_END
};

/* Within the officer's area, ahead of us, and of some days at most. */
static int
fair_make(struct call *c)
{
	const struct fair_in	*in = c->body;
	const char		*county = area_county(in->area_code);
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;

	if (county == NULL)
		return (call_reject(c, ERR_F_AREA, "/area_code"));
	if (!call_in_area(c, in->area_code))
		return (call_reject(c, ERR_AREA, "/area_code"));
	if (in->starts_at < clock_now_us())
		return (call_reject(c, ERR_JOBS_MEETING_PAST, "/starts_at"));
	if (in->ends_at <= in->starts_at || in->ends_at - in->starts_at > DAYS_MOST * DAY_US)
		return (call_reject(c, ERR_F_DATE_ORDER, "/ends_at"));
	if ((in->lat_e6 == 0) != (in->lng_e6 == 0))
		return (call_reject(c, ERR_F_MISSING, in->lat_e6 == 0 ? "/lat_e6" : "/lng_e6"));
	call_object(c, &id);
	if (sql_fair_make(c->db, &rows, &id, in->title, in->intro, in->place,
	    in->lat_e6 == 0 ? NULL : &in->lat_e6, in->lng_e6 == 0 ? NULL : &in->lng_e6,
	    in->starts_at, in->ends_at, in->booths, in->posts_most, county, in->area_code) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
fair_assign(struct call *c)
{
	const struct fair_assign_in	*in = c->body;
	struct db_rows			 rows;

	if (sql_fair_hold(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (sql_fair_assign(c->db, &rows, &c->id, in->booth_no == 0 ? NULL : &in->booth_no) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

/* Who is only a statistician sees no number of people below five. */
static int
fair_report(struct call *c)
{
	struct db_rows	rows;

	if (sql_fair_report(c->db, &rows, &c->id,
	    (c->principal->roles & ROLE_CASE_OFFICERS) == 0) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}
