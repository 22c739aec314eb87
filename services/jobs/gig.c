/*
 * gig.c -- 零工市场: short posts by day, of employers, of households and of
 * clerks for either; and the numbers that the market and the posts of public
 * welfare go by (work_rule), which are data with days.
 *
 * Invariant: how many places are left is counted by trigger
 * (sql/jobs/086_follow_gigs.sql), never by a request. The SQL is in
 * sql/jobs/queries/gig.sql; sign-ups are in gig_shift.c.
 */
#include "gig.h"

#include "codes/codes.h"
#include "jobs.h"
#include "jobs_sql.h"
#include "svc/svc.h"

#define PAY_MOST_CENTS	INT64_C(10000000)	/* 10 万元 a day, an hour or a piece */
#define AHEAD_DAYS_MOST	90
#define DAYS_MOST	31
#define MINUTES		1440

struct work_rule_in {
	const char	*code;
	int64_t		 value;
	const char	*legal_basis;
	int32_t		 from_on;
};

struct gig_in {
	struct uuid	 org_id, poster_id;
	const char	*title, *occupation_code, *description;
	int32_t		 from_on, to_on;
	int64_t		 start_min, end_min;
	const char	*address;
	int64_t		 lat_e6, lng_e6;
	struct uuid	 market_id;
	int64_t		 places, pay_cents;
	const char	*pay_unit, *tools;
	bool		 insured;
	const char	*choice, *area_code;
};

struct gig_again_in {
	int32_t	from_on, to_on;
};

struct gig_cancel_in {
	const char	*reason;
};

struct gig_query {
	int32_t		 on_day;
	bool		 today;
	const char	*area_code, *occupation_code, *pay_unit;
	int64_t		 pay_cents, lat_e6, lng_e6, within_m;
	struct uuid	 market_id;
	const char	*sort;
};

struct gig_own_query {
	const char	*state, *county_code;
};

static int	work_rule_set(struct call *);
static int	gig_open(struct call *);
static bool	gig_sound(struct call *, const struct gig_in *, int *);
static int	gig_list(struct call *);
static int	gig_close(struct call *);
static int	gig_cancel(struct call *);
static int	gig_show_code(struct call *);

static const char *const pay_units[] = { "day", "hour", "piece", NULL };
static const char *const choices[] = { "first_come", "chosen", NULL };
static const char *const sorts[] = { "date", "distance", "pay", NULL };
static const char *const states[] = { "open", "full", "closed", "cancelled", "ended", NULL };
static const char *const rules[] = { "gig_household_day", "gig_notice_hours", "gig_confirm_hours",
	"gig_near_m", "workshop_months", "workshop_wage_cents", "workshop_idle_months",
	"workshop_upgrade_target", "welfare_cap_months", "welfare_retire_years", "welfare_places_most",
	"welfare_report_days", NULL };

static const struct field work_rule_fields[] = {
	FIELD_ENUM(work_rule_in, code, REQUIRED, rules, "参数"),
	FIELD_INT(work_rule_in, value, REQUIRED, 0, INT64_C(1000000000), "数值"),
	FIELD_TEXT(work_rule_in, legal_basis, OPTIONAL, 2, 200, "依据"),
	FIELD_DAY(work_rule_in, from_on, REQUIRED, "自何日起"),
	FIELD_END
};

static const struct field gig_fields[] = {
	FIELD_UUID(gig_in, org_id, OPTIONAL, "窗口代发时的用人单位"),
	FIELD_UUID(gig_in, poster_id, OPTIONAL, "窗口代发时的用工个人"),
	FIELD_TEXT(gig_in, title, REQUIRED, 2, 60, "做什么"),
	FIELD_CHECK(gig_in, occupation_code, REQUIRED, check_occupation, "职业代码"),
	FIELD_TEXT(gig_in, description, OPTIONAL, 0, 1000, "说明"),
	FIELD_DAY(gig_in, from_on, REQUIRED, "第一天"),
	FIELD_DAY(gig_in, to_on, OPTIONAL, "最后一天，默认与第一天相同"),
	FIELD_INT(gig_in, start_min, REQUIRED, 0, MINUTES - 1, "每天开工时刻（零时起分钟数）"),
	FIELD_INT(gig_in, end_min, REQUIRED, 1, 2 * MINUTES - 1, "收工时刻（分钟数，超过 1440 为次日）"),
	FIELD_TEXT(gig_in, address, REQUIRED, 2, 120, "地点"),
	FIELD_INT(gig_in, lat_e6, REQUIRED, 20000000, 35000000, "地点纬度（百万分之一度）"),
	FIELD_INT(gig_in, lng_e6, REQUIRED, 105000000, 120000000, "地点经度（百万分之一度）"),
	FIELD_UUID(gig_in, market_id, OPTIONAL, "零工市场"),
	FIELD_INT(gig_in, places, REQUIRED, 1, 500, "人数"),
	FIELD_INT(gig_in, pay_cents, REQUIRED, 1, PAY_MOST_CENTS, "每日、每时或每件报酬（分）"),
	FIELD_ENUM(gig_in, pay_unit, REQUIRED, pay_units, "计薪单位"),
	FIELD_TEXT(gig_in, tools, OPTIONAL, 0, 200, "自带工具"),
	FIELD_BOOL(gig_in, insured, REQUIRED, "是否投保意外险"),
	FIELD_ENUM(gig_in, choice, REQUIRED, choices, "先到先得，或由用工方挑选"),
	FIELD_CHECK(gig_in, area_code, REQUIRED, check_area, "工作地，到县级或更细"),
	FIELD_END
};

static const struct field gig_again_fields[] = {
	FIELD_DAY(gig_again_in, from_on, REQUIRED, "第一天"),
	FIELD_DAY(gig_again_in, to_on, OPTIONAL, "最后一天，默认天数不变"),
	FIELD_END
};

static const struct field gig_cancel_fields[] = {
	FIELD_TEXT(gig_cancel_in, reason, REQUIRED, 2, 200, "原因，会告知报名的人"),
	FIELD_END
};

static const struct field gig_query_fields[] = {
	FIELD_DAY(gig_query, on_day, OPTIONAL, "哪一天"),
	FIELD_BOOL(gig_query, today, OPTIONAL, "只看今天"),
	FIELD_CHECK(gig_query, area_code, OPTIONAL, check_area, "工作地，含其下级"),
	FIELD_TEXT(gig_query, occupation_code, OPTIONAL, 1, 10, "职业代码或其前几级"),
	FIELD_ENUM(gig_query, pay_unit, OPTIONAL, pay_units, "计薪单位"),
	FIELD_INT(gig_query, pay_cents, OPTIONAL, 1, PAY_MOST_CENTS, "报酬不低于（分）"),
	FIELD_INT(gig_query, lat_e6, OPTIONAL, 20000000, 35000000, "您的纬度（百万分之一度）"),
	FIELD_INT(gig_query, lng_e6, OPTIONAL, 105000000, 120000000, "您的经度（百万分之一度）"),
	FIELD_INT(gig_query, within_m, OPTIONAL, 1, 300000, "多少米以内"),
	FIELD_UUID(gig_query, market_id, OPTIONAL, "零工市场"),
	FIELD_ENUM(gig_query, sort, OPTIONAL, sorts, "排序，默认按日期"),
	FIELD_END
};

static const struct field gig_own_query_fields[] = {
	FIELD_ENUM(gig_own_query, state, OPTIONAL, states, "状态"),
	FIELD_END
};

static const struct field gig_area_query_fields[] = {
	FIELD_ENUM(gig_own_query, state, OPTIONAL, states, "状态"),
	FIELD_CHECK(gig_own_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_END
};

static const struct shape work_rule_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "参数版本" },
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "参数" },
	{ .name = "value", .type = SHAPE_T_INT, .help = "数值" },
	{ .name = "legal_basis", .type = SHAPE_T_TEXT, .nullable = true, .help = "依据，空为平台运行参数" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "自何日起" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .nullable = true, .help = "至何日止" },
	SHAPE_END
};

const struct shape gig_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "零工" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .nullable = true, .help = "用人单位，个人用工为空" },
	{ .name = "poster_name", .type = SHAPE_T_TEXT, .help = "用工方，个人隐去姓名" },
	{ .name = "source", .type = SHAPE_T_TEXT, .codes = "gig_sources", .help = "来源" },
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "做什么" },
	{ .name = "occupation_code", .type = SHAPE_T_TEXT, .help = "职业代码" },
	{ .name = "description", .type = SHAPE_T_TEXT, .help = "说明" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "第一天" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .help = "最后一天" },
	{ .name = "start_min", .type = SHAPE_T_INT, .help = "开工时刻（分钟）" },
	{ .name = "end_min", .type = SHAPE_T_INT, .help = "收工时刻（分钟）" },
	{ .name = "address", .type = SHAPE_T_TEXT, .help = "地点" },
	{ .name = "lat_e6", .type = SHAPE_T_INT, .help = "纬度" },
	{ .name = "lng_e6", .type = SHAPE_T_INT, .help = "经度" },
	{ .name = "market_id", .type = SHAPE_T_UUID, .nullable = true, .help = "零工市场" },
	{ .name = "places", .type = SHAPE_T_INT, .help = "人数" },
	{ .name = "places_left", .type = SHAPE_T_INT, .help = "剩余人数" },
	{ .name = "pay_cents", .type = SHAPE_T_INT, .help = "报酬（分）" },
	{ .name = "pay_unit", .type = SHAPE_T_TEXT, .codes = "pay_units", .help = "计薪单位" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" },
	{ .name = "tools", .type = SHAPE_T_TEXT, .help = "自带工具" },
	{ .name = "insured", .type = SHAPE_T_BOOL, .help = "是否投保意外险" },
	{ .name = "choice", .type = SHAPE_T_TEXT, .codes = "gig_choices", .help = "录用方式" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "gig_states", .help = "状态" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .nullable = true, .help = "取消的原因" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "工作地" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "发布时间" },
	{ .name = "poster_done", .type = SHAPE_T_INT, .help = "用工方完成的零工人次" },
	{ .name = "poster_rated", .type = SHAPE_T_INT, .help = "其中有评价的" },
	{ .name = "poster_stars_tenths", .type = SHAPE_T_INT, .nullable = true, .help = "平均评分（十分之一星）" },
	{ .name = "metres", .type = SHAPE_T_INT, .nullable = true, .help = "距您多少米" },
	SHAPE_END
};

const struct route gig_routes[] = {
	{ .name = "work_rule_list", .method = METHOD_GET, .path = "/v1/jobs/work-rules",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "jobs.work_rule.list", .list = true,
	  .reply = work_rule_shape, .stmt = &stmt_work_rule_list, .limit = LIMIT_READ,
	  .zh = "零工、帮扶车间、公益性岗位的参数", .en = "List the numbers the rules go by" },
	{ .name = "work_rule_set", .method = METHOD_POST, .path = "/v1/jobs/work-rules",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "jobs.work_rule.set",
	  .body = INPUT(work_rule_in, work_rule_fields), .reply = work_rule_shape,
	  .handler = work_rule_set, .limit = LIMIT_WRITE,
	  .zh = "设定参数（市级）", .en = "Set a number from a day on (city)" },
	{ .name = "gig_open", .method = METHOD_POST, .path = "/v1/jobs/gigs",
	  .callers = ROLE_PERSON | ROLE_EMPLOYER | ROLE_CLERK, .scope = SCOPE_CALLER, .right = RIGHT_POST,
	  .action = "jobs.gig.open", .body = INPUT(gig_in, gig_fields), .reply = gig_shape,
	  .handler = gig_open, .limit = LIMIT_WRITE, .matter = "JB-35",
	  .zh = "发布零工", .en = "Post a gig" },
	{ .name = "gig_again", .method = METHOD_POST, .path = "/v1/jobs/gigs/{id}/again",
	  .callers = ROLE_PERSON | ROLE_EMPLOYER | ROLE_CLERK, .scope = SCOPE_CALLER, .right = RIGHT_POST,
	  .action = "jobs.gig.again", .body = INPUT(gig_again_in, gig_again_fields), .reply = gig_shape,
	  .stmt = &stmt_gig_again, .limit = LIMIT_WRITE,
	  .zh = "再发一次", .en = "Post the same gig again" },
	{ .name = "gig_list", .method = METHOD_GET, .path = "/v1/jobs/gigs",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "jobs.gig.list",
	  .query = INPUT(gig_query, gig_query_fields), .list = true, .reply = gig_shape,
	  .handler = gig_list, .limit = LIMIT_READ, .zh = "查找零工", .en = "Search gigs" },
	{ .name = "gig_get", .method = METHOD_GET, .path = "/v1/jobs/gigs/{id}",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "jobs.gig.get", .reply = gig_shape,
	  .stmt = &stmt_gig_get, .limit = LIMIT_READ, .zh = "查看零工", .en = "Read a gig" },
	{ .name = "gig_list_own", .method = METHOD_GET, .path = "/v1/jobs/my/gigs",
	  .callers = ROLE_PERSON | ROLE_EMPLOYER, .scope = SCOPE_CALLER, .action = "jobs.gig.list_own",
	  .query = INPUT(gig_own_query, gig_own_query_fields), .list = true, .reply = gig_shape,
	  .stmt = &stmt_gig_list_own, .limit = LIMIT_READ, .opens = OPENS_UNNAMED,
	  .zh = "我发布的零工", .en = "List the caller's gigs" },
	{ .name = "gig_list_area", .method = METHOD_GET, .path = "/v1/jobs/area-gigs",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "jobs.gig.list_area",
	  .query = INPUT(gig_own_query, gig_area_query_fields), .list = true, .reply = gig_shape,
	  .stmt = &stmt_gig_list_area, .limit = LIMIT_READ, .opens = OPENS_UNNAMED,
	  .zh = "辖区内的零工", .en = "List the gigs of the area" },
	{ .name = "gig_close", .method = METHOD_POST, .path = "/v1/jobs/gigs/{id}/close",
	  .callers = ROLE_PERSON | ROLE_EMPLOYER | ROLE_CLERK, .scope = SCOPE_CALLER, .right = RIGHT_POST,
	  .action = "jobs.gig.close", .reply = gig_shape, .success = 200, .handler = gig_close,
	  .limit = LIMIT_WRITE, .zh = "停止报名", .en = "Take no more sign-ups" },
	{ .name = "gig_cancel", .method = METHOD_POST, .path = "/v1/jobs/gigs/{id}/cancel",
	  .callers = ROLE_PERSON | ROLE_EMPLOYER | ROLE_CLERK, .scope = SCOPE_CALLER, .right = RIGHT_POST,
	  .action = "jobs.gig.cancel", .body = INPUT(gig_cancel_in, gig_cancel_fields),
	  .reply = gig_shape, .success = 200, .handler = gig_cancel, .limit = LIMIT_WRITE,
	  .zh = "取消零工", .en = "Call a gig off" },
	{ .name = "gig_show_code", .method = METHOD_GET, .path = "/v1/jobs/gigs/{id}/code",
	  .callers = ROLE_PERSON | ROLE_EMPLOYER | ROLE_CLERK, .scope = SCOPE_CALLER,
	  .action = "jobs.gig.show_code", .reply = gig_code_shape, .handler = gig_show_code,
	  .limit = LIMIT_READ, .zh = "显示签到码", .en = "Show the check-in code of the minute" },
	ROUTE_END
};

/* Only the city sets what holds in every county. */
static int
work_rule_set(struct call *c)
{
	const struct work_rule_in	*in = c->body;
	struct db_rows			 rows;

	if (!principal_has(c->principal, ROLE_APPROVE, AREA_CITY))
		return (call_reject(c, ERR_AREA, NULL));
	if (sql_work_rule_set(c->db, &rows, in->code, in->value, in->legal_basis, in->from_on) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

/* An organisation or a person posts for itself, a clerk for whom it names, in its area. */
static int
gig_open(struct call *c)
{
	const struct gig_in	*in = c->body;
	const struct principal	*who = c->principal;
	const struct uuid	*org = NULL, *person = NULL;
	const char		*county = area_county(in->area_code), *source = "clerk";
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;
	int			 rc;

	if (!gig_sound(c, in, &rc))
		return (rc);
	if (who->has_org || who->has_person) {
		if (!uuid_is_nil(&in->org_id) || !uuid_is_nil(&in->poster_id))
			return (call_reject(c, ERR_FORBIDDEN, "/org_id"));
		org = who->has_org ? &who->org : NULL;
		person = who->has_org ? NULL : &who->person;
		source = who->has_org ? "employer" : "household";
	} else {
		if (uuid_is_nil(&in->org_id) == uuid_is_nil(&in->poster_id))
			return (call_reject(c, ERR_JOBS_GIG_POSTER, "/org_id"));
		if (!call_in_area(c, in->area_code))
			return (call_reject(c, ERR_AREA, "/area_code"));
		org = uuid_is_nil(&in->org_id) ? NULL : &in->org_id;
		person = org != NULL ? NULL : &in->poster_id;
	}
	call_object(c, &id);
	if (sql_gig_open(c->db, &rows, &id, org, person, source, county, in->title,
	    in->occupation_code, in->description, in->from_on,
	    in->to_on == DAY_NONE ? in->from_on : in->to_on, in->start_min, in->end_min, in->address,
	    in->lat_e6, in->lng_e6, uuid_is_nil(&in->market_id) ? NULL : &in->market_id, in->places,
	    in->pay_cents, in->pay_unit, in->tools, in->insured, in->choice, in->area_code) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

/* False: refused, and `rc` is what to return. */
static bool
gig_sound(struct call *c, const struct gig_in *in, int *rc)
{
	int32_t	today = clock_today(), last = in->to_on == DAY_NONE ? in->from_on : in->to_on;

	if (area_county(in->area_code) == NULL)
		*rc = call_reject(c, ERR_F_AREA, "/area_code");
	else if (in->from_on < today || in->from_on > today + AHEAD_DAYS_MOST)
		*rc = call_reject(c, ERR_JOBS_GIG_DAYS, "/from_on");
	else if (last < in->from_on || last >= in->from_on + DAYS_MOST)
		*rc = call_reject(c, ERR_JOBS_GIG_DAYS, "/to_on");
	else if (in->end_min <= in->start_min || in->end_min - in->start_min > MINUTES)
		*rc = call_reject(c, ERR_JOBS_GIG_HOURS, "/end_min");
	else
		return (true);
	return (false);
}

/* What is asked by distance needs a point to measure from. */
static int
gig_list(struct call *c)
{
	const struct gig_query	*q = c->query;
	bool			 point = q->lat_e6 != 0 && q->lng_e6 != 0;
	const struct uuid	*market = uuid_is_nil(&q->market_id) ? NULL : &q->market_id;
	struct db_rows		 rows;

	if (!point && (q->within_m != 0 || q->lat_e6 != 0 || q->lng_e6 != 0 ||
	    (q->sort != NULL && strcmp(q->sort, "distance") == 0)))
		return (call_reject(c, ERR_JOBS_GIG_POINT, "lat_e6"));
	if (sql_gig_list(c->db, &rows, call_after(c), call_limit(c) + 1, q->on_day, q->area_code,
	    q->occupation_code, q->pay_unit, q->pay_cents == 0 ? NULL : &q->pay_cents,
	    point ? &q->lat_e6 : NULL, point ? &q->lng_e6 : NULL,
	    q->within_m == 0 ? NULL : &q->within_m, market, q->sort, q->today) == -1)
		return (call_failed(c));
	return (call_reply_list(c, &rows, call_limit(c)));
}

static int
gig_close(struct call *c)
{
	struct db_rows	rows;

	if (sql_gig_close(c->db, &rows, &c->id, "closed", NULL) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
gig_cancel(struct call *c)
{
	struct db_rows	rows;

	if (sql_gig_close(c->db, &rows, &c->id, "cancelled",
	    ((const struct gig_cancel_in *)c->body)->reason) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
gig_show_code(struct call *c)
{
	struct db_rows	rows;

	if (sql_gig_own(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	return (gig_code_reply(c, &c->id));
}
