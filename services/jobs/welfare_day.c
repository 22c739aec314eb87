/*
 * welfare_day.c -- who is there: signed in day by day by the person or a clerk,
 * handed in by the unit month by month and confirmed by the county, looked at
 * by officers unannounced; and the places that fell vacant.
 *
 * Invariant: a month's days are those signed in, counted in SQL; nobody types
 * them. No reply here has an account: pay goes to the person's own card.
 */
#include "welfare.h"

#include "codes/codes.h"
#include "gig.h"
#include "jobs_sql.h"

struct here_in {
	const char	*code;
	int64_t		 lat_e6, lng_e6;
};

struct month_in {
	int32_t	month;
};

struct check_in {
	bool		 is_present;
	const char	*note;
};

struct day_query {
	int32_t		 month;
	bool		 overdue, is_present;
	const char	*state, *kind, *county_code;
};

static int	welfare_show_code(struct call *);
static int	welfare_sign_in(struct call *);
static int	code_wrong(struct call *);
static int	sign_in_at(struct call *, const struct db_rows *, const char *, const struct uuid *);

static const char *const month_states[] = { "submitted", "confirmed", "refused", NULL };
static const char *const kinds[] = { "spot", "unit", NULL };

static const struct field here_fields[] = {
	FIELD_TEXT(here_in, code, OPTIONAL, 6, 6, "单位显示的签到码"),
	FIELD_INT(here_in, lat_e6, OPTIONAL, 20000000, 35000000, "您的纬度（百万分之一度）"),
	FIELD_INT(here_in, lng_e6, OPTIONAL, 105000000, 120000000, "您的经度（百万分之一度）"),
	FIELD_END
};
static const struct field month_fields[] = {
	FIELD_DAY(month_in, month, REQUIRED, "月份（当月一日），须已过完"),
	FIELD_END
};
static const struct field check_fields[] = {
	FIELD_BOOL(check_in, is_present, REQUIRED, "是否在岗"),
	FIELD_TEXT(check_in, note, OPTIONAL, 0, 300, "说明"),
	FIELD_END
};
static const struct field month_query_fields[] = {
	FIELD_DAY(day_query, month, OPTIONAL, "月份"),
	FIELD_ENUM(day_query, state, OPTIONAL, month_states, "状态"),
	FIELD_CHECK(day_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_END
};
static const struct field gap_query_fields[] = {
	FIELD_BOOL(day_query, overdue, OPTIONAL, "只看逾期未报告的"),
	FIELD_CHECK(day_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_END
};
static const struct field check_query_fields[] = {
	FIELD_BOOL(day_query, is_present, OPTIONAL, "是否在岗"),
	FIELD_ENUM(day_query, kind, OPTIONAL, kinds, "种类"),
	FIELD_CHECK(day_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_END
};

static const struct shape day_shape[] = {
	{ .name = "placement_id", .type = SHAPE_T_UUID, .help = "安置" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "人员" },
	{ .name = "on_day", .type = SHAPE_T_DAY, .help = "日期" },
	{ .name = "how", .type = SHAPE_T_TEXT, .help = "签到方式" },
	{ .name = "metres", .type = SHAPE_T_INT, .nullable = true, .help = "距工作地多少米" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	SHAPE_END
};
static const struct shape month_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "月度考勤" },
	{ .name = "placement_id", .type = SHAPE_T_UUID, .help = "安置" },
	{ .name = "post_id", .type = SHAPE_T_UUID, .help = "公益性岗位" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "用人单位" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "人员；补贴直发本人账户" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },
	{ .name = "month", .type = SHAPE_T_DAY, .help = "月份" },
	{ .name = "days", .type = SHAPE_T_INT, .help = "出勤天数" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "welfare_month_states", .help = "状态" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "意见" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "报送时间" },
	SHAPE_END
};
static const struct shape months_shape[] = {
	{ .name = "items", .type = SHAPE_T_LIST, .of = month_shape, .help = "各人的月度考勤" },
	SHAPE_END
};
static const struct shape gap_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "空岗" },
	{ .name = "post_id", .type = SHAPE_T_UUID, .help = "公益性岗位" },
	{ .name = "placement_id", .type = SHAPE_T_UUID, .help = "离岗的安置" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "用人单位" },
	{ .name = "fell_on", .type = SHAPE_T_DAY, .help = "空岗日期" },
	{ .name = "due_on", .type = SHAPE_T_DAY, .nullable = true, .help = "应报告之日，空为未设定期限" },
	{ .name = "reported_on", .type = SHAPE_T_DAY, .nullable = true, .help = "报告日期" },
	{ .name = "is_overdue", .type = SHAPE_T_BOOL, .nullable = true, .help = "逾期" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "记录时间" },
	SHAPE_END
};
static const struct shape check_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "检查" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .codes = "welfare_check_kinds", .help = "种类" },
	{ .name = "post_id", .type = SHAPE_T_UUID, .help = "公益性岗位" },
	{ .name = "placement_id", .type = SHAPE_T_UUID, .help = "安置" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "用人单位" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "人员" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },
	{ .name = "is_present", .type = SHAPE_T_BOOL, .help = "是否在岗" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "说明" },
	{ .name = "checked_on", .type = SHAPE_T_DAY, .help = "检查日期" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "记录时间" },
	SHAPE_END
};

const struct route welfare_day_routes[] = {
	{ .name = "welfare_show_code", .method = METHOD_GET, .path = "/v1/jobs/welfare-posts/{id}/code",
	  .callers = ROLE_EMPLOYER | ROLE_CLERK, .scope = SCOPE_CALLER, .action = "jobs.welfare.show_code",
	  .reply = gig_code_shape, .handler = welfare_show_code, .limit = LIMIT_READ,
	  .zh = "显示公益性岗位签到码", .en = "Show the sign-in code of the minute" },
	{ .name = "welfare_sign_in", .method = METHOD_POST,
	  .path = "/v1/jobs/welfare-placements/{id}/sign-in",
	  .callers = ROLE_PERSON | ROLE_CLERK, .scope = SCOPE_CALLER, .action = "jobs.welfare.sign_in",
	  .body = INPUT(here_in, here_fields), .reply = day_shape, .success = 200,
	  .handler = welfare_sign_in, .limit = LIMIT_WRITE, .zh = "公益性岗位签到", .en = "Sign in for the day" },
	{ .name = "welfare_day_list", .method = METHOD_GET, .path = "/v1/jobs/welfare-placements/{id}/days",
	  .callers = ROLE_PERSON | ROLE_EMPLOYER | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "jobs.welfare_day.list", .list = true, .reply = day_shape,
	  .stmt = &stmt_welfare_day_list, .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "公益性岗位出勤", .en = "List the days signed in" },
	{ .name = "welfare_month_submit", .method = METHOD_POST, .path = "/v1/jobs/welfare-posts/{id}/months",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .right = RIGHT_HIRE,
	  .action = "jobs.welfare_month.submit", .body = INPUT(month_in, month_fields),
	  .reply = months_shape, .success = 200, .stmt = &stmt_welfare_month_submit, .limit = LIMIT_WRITE,
	  .zh = "报送月度考勤", .en = "Hand in a month" },
	{ .name = "welfare_month_judge", .method = METHOD_POST, .path = "/v1/jobs/welfare-months/{id}/judge",
	  .callers = ROLE_FIRST_REVIEW | ROLE_RECHECK | ROLE_APPROVE, .scope = SCOPE_AREA,
	  .action = "jobs.welfare_month.judge", .body = INPUT(welfare_judge_in, welfare_judge_fields),
	  .reply = month_shape, .success = 200, .stmt = &stmt_welfare_month_judge,
	  .emits = "jobs.welfare.month_confirmed.v1", .limit = LIMIT_WRITE,
	  .zh = "确认月度考勤", .en = "Confirm or refuse a person's month" },
	{ .name = "welfare_month_list", .method = METHOD_GET, .path = "/v1/jobs/welfare-months",
	  .callers = ROLE_EMPLOYER | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "jobs.welfare_month.list", .query = INPUT(day_query, month_query_fields), .list = true,
	  .reply = month_shape, .stmt = &stmt_welfare_month_list, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON, .zh = "月度考勤与待发名单", .en = "List months, and who is to be paid" },
	{ .name = "welfare_gap_list", .method = METHOD_GET, .path = "/v1/jobs/welfare-gaps",
	  .callers = ROLE_EMPLOYER | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "jobs.welfare_gap.list", .query = INPUT(day_query, gap_query_fields), .list = true,
	  .reply = gap_shape, .stmt = &stmt_welfare_gap_list, .limit = LIMIT_READ,
	  .zh = "空岗", .en = "List vacant places" },
	{ .name = "welfare_gap_report", .method = METHOD_POST, .path = "/v1/jobs/welfare-gaps/{id}/report",
	  .callers = ROLE_EMPLOYER | ROLE_CLERK, .scope = SCOPE_CALLER, .right = RIGHT_HIRE,
	  .action = "jobs.welfare_gap.report", .reply = gap_shape, .success = 200,
	  .stmt = &stmt_welfare_gap_report, .limit = LIMIT_WRITE,
	  .zh = "报告空岗", .en = "Report a vacant place" },
	{ .name = "welfare_check", .method = METHOD_POST, .path = "/v1/jobs/welfare-placements/{id}/checks",
	  .callers = ROLE_EMPLOYER | ROLE_CLERK | ROLE_FIRST_REVIEW, .scope = SCOPE_CALLER,
	  .right = RIGHT_HIRE, .action = "jobs.welfare.check", .body = INPUT(check_in, check_fields),
	  .reply = check_shape, .stmt = &stmt_welfare_check, .limit = LIMIT_WRITE,
	  .zh = "在岗抽查或单位自查", .en = "Note whether a person is there" },
	{ .name = "welfare_check_list", .method = METHOD_GET, .path = "/v1/jobs/welfare-checks",
	  .callers = ROLE_EMPLOYER | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "jobs.welfare_check.list", .query = INPUT(day_query, check_query_fields), .list = true,
	  .reply = check_shape, .stmt = &stmt_welfare_check_list, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON, .zh = "在岗检查记录", .en = "List checks, and who was absent" },
	ROUTE_END
};

static int
welfare_show_code(struct call *c)
{
	struct db_rows	rows;

	if (sql_welfare_post_own(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	return (gig_code_reply(c, &c->id));
}

/* By the unit's code or by being near; a clerk signs in whom it sees. */
static int
welfare_sign_in(struct call *c)
{
	const struct here_in	*in = c->body;
	bool			 clerk = !c->principal->has_person;
	struct db_rows		 place;
	struct uuid		 post;

	if (!clerk && in->code == NULL && (in->lat_e6 == 0 || in->lng_e6 == 0))
		return (call_reject(c, ERR_F_MISSING, "/code"));
	if (sql_welfare_place_of(c->db, &place, &c->id) == -1)
		return (call_failed(c));
	if (place.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (!db_bool(&place, 0, "may_come"))
		return (call_reject(c, ERR_STATE, NULL));
	post = db_uuid(&place, 0, "post_id");
	if (clerk || in->code == NULL)
		return (sign_in_at(c, &place, clerk ? "clerk" : "place", &post));
	if (db_int(&place, 0, "tries") >= GIG_TRIES)
		return (call_reject(c, ERR_JOBS_GIG_TRIES, NULL));
	if (!gig_code_ok(c, &post, in->code))
		return (code_wrong(c));
	return (sign_in_at(c, &place, "code", &post));
}

static int
code_wrong(struct call *c)
{
	if (sql_welfare_try(c->db, NULL, &c->id) == -1 || db_commit(c->db) == -1)
		return (call_failed(c));
	return (call_reject(c, ERR_JOBS_GIG_CODE, "/code"));
}

/* Without a code the point decides, and a post without one needs the code. */
static int
sign_in_at(struct call *c, const struct db_rows *place, const char *how, const struct uuid *post)
{
	const struct here_in	*in = c->body;
	bool			 point = in->lat_e6 != 0 && in->lng_e6 != 0, known = false;
	struct db_rows		 far, rows;
	int64_t			 metres = 0;

	if (point) {
		if (sql_welfare_metres(c->db, &far, post, in->lat_e6, in->lng_e6) == -1)
			return (call_failed(c));
		known = !db_null(&far, 0, "metres");
		metres = db_int(&far, 0, "metres");
	}
	if (strcmp(how, "place") == 0 && (!known || db_null(place, 0, "near_m")))
		return (call_reject(c, ERR_F_MISSING, "/code"));
	if (known && strcmp(how, "clerk") != 0 && !db_null(place, 0, "near_m") &&
	    metres > db_int(place, 0, "near_m"))
		return (call_reject(c, ERR_JOBS_GIG_FAR, "/lat_e6"));
	if (sql_welfare_sign_in(c->db, &rows, &c->id, how, known ? &metres : NULL) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}
