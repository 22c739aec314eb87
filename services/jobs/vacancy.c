/*
 * vacancy.c -- postings: opened, paused, reopened and closed by their
 * employer, read by everybody.
 *
 * Invariant: a posting lies in one county-level unit, worked out from its
 * area code once, when it is opened. The SQL is in
 * sql/jobs/queries/vacancy.sql.
 */
#include "jobs.h"
#include "codes/codes.h"
#include "jobs_sql.h"

#define PAY_MOST_CENTS	INT64_C(1000000000)	/* 1,000 万元 */
#define OPEN_DAYS_MOST	365

struct vacancy_in {
	const char	*title;
	const char	*occupation_code;
	const char	*area_code;
	int64_t		 headcount;
	int64_t		 pay_min_cents;
	int64_t		 pay_max_cents;
	const char	*pay_unit;
	const char	*form;
	const char	*education_code;
	const char	*description;
	int32_t		 expires_on;
};

struct vacancy_org_query {
	const char	*state;
};

static int	vacancy_open(struct call *);

static const char *const pay_units[] = { "month", "day", "hour", "piece", NULL };
static const char *const forms[] = { "full_time", "part_time", "gig", "flexible", "internship", NULL };
static const char *const states[] = { "draft", "checking", "returned", "open", "paused", "filled",
	"closed", "expired", "merged", NULL };

static const struct field vacancy_in_fields[] = {
	FIELD_TEXT(vacancy_in, title, REQUIRED, 2, 60, "岗位名称"),
	FIELD_CHECK(vacancy_in, occupation_code, REQUIRED, check_occupation, "职业代码"),
	FIELD_CHECK(vacancy_in, area_code, REQUIRED, check_area, "工作地行政区划代码，到县级或更细"),
	FIELD_INT(vacancy_in, headcount, REQUIRED, 1, 9999, "招聘人数"),
	FIELD_INT(vacancy_in, pay_min_cents, REQUIRED, 0, PAY_MOST_CENTS, "最低薪酬（分）"),
	FIELD_INT(vacancy_in, pay_max_cents, REQUIRED, 0, PAY_MOST_CENTS, "最高薪酬（分）"),
	FIELD_ENUM(vacancy_in, pay_unit, REQUIRED, pay_units, "计薪单位"),
	FIELD_ENUM(vacancy_in, form, REQUIRED, forms, "用工形式"),
	FIELD_CHECK(vacancy_in, education_code, OPTIONAL, check_education, "最低学历代码"),
	FIELD_TEXT(vacancy_in, description, OPTIONAL, 0, 4000, "岗位说明"),
	FIELD_DAY(vacancy_in, expires_on, OPTIONAL, "有效期至，默认 90 天"),
	FIELD_END
};

static const struct field vacancy_org_query_fields[] = {
	FIELD_ENUM(vacancy_org_query, state, OPTIONAL, states, "岗位状态"),
	FIELD_END
};

const struct shape vacancy_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "岗位" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "用人单位" },
	{ .name = "org_name", .type = SHAPE_T_TEXT, .help = "发布时的单位名称" },
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "岗位名称" },
	{ .name = "occupation_code", .type = SHAPE_T_TEXT, .help = "职业代码" },
	{ .name = "industry_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "单位所属行业" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "工作地" },
	{ .name = "headcount", .type = SHAPE_T_INT, .help = "招聘人数" },
	{ .name = "headcount_left", .type = SHAPE_T_INT, .help = "剩余人数" },
	{ .name = "pay_min_cents", .type = SHAPE_T_INT, .help = "最低薪酬（分）" },
	{ .name = "pay_max_cents", .type = SHAPE_T_INT, .help = "最高薪酬（分）" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" },
	{ .name = "pay_unit", .type = SHAPE_T_TEXT, .help = "计薪单位" },
	{ .name = "form", .type = SHAPE_T_TEXT, .help = "用工形式" },
	{ .name = "education_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "最低学历" },
	{ .name = "skill_level", .type = SHAPE_T_INT, .nullable = true, .help = "最低技能等级（5 初级工至 1 高级技师）" },
	{ .name = "skills", .type = SHAPE_T_LIST, .help = "技能要求" },
	{ .name = "benefits", .type = SHAPE_T_LIST, .help = "福利" },
	{ .name = "description", .type = SHAPE_T_TEXT, .help = "岗位说明" },
	{ .name = "lat_e6", .type = SHAPE_T_INT, .nullable = true, .help = "工作地纬度（百万分之一度）" },
	{ .name = "lng_e6", .type = SHAPE_T_INT, .nullable = true, .help = "工作地经度（百万分之一度）" },
	{ .name = "distance_m", .type = SHAPE_T_INT, .nullable = true, .help = "距所问地点（米），查找时给出" },
	{ .name = "state", .type = SHAPE_T_TEXT, .help = "岗位状态" },
	{ .name = "source", .type = SHAPE_T_TEXT, .help = "来源" },
	{ .name = "expires_on", .type = SHAPE_T_DAY, .help = "有效期至" },
	{ .name = "confirmed_on", .type = SHAPE_T_DAY, .help = "单位最近确认仍在招聘的日期" },
	{ .name = "posted_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "首次公开的时间" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "录入时间" },
	SHAPE_END
};

const struct route vacancy_routes[] = {
	{ .name = "vacancy_open", .method = METHOD_POST, .path = "/v1/jobs/vacancies",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .right = RIGHT_POST,
	  .action = "jobs.vacancy.open",
	  .body = INPUT(vacancy_in, vacancy_in_fields), .reply = vacancy_shape,
	  .handler = vacancy_open, .emits = "jobs.vacancy.changed.v1 jobs.vacancy.opened.v1", .limit = LIMIT_WRITE,
	  .matter = "JB-05", .zh = "发布岗位", .en = "Open a vacancy" },
	{ .name = "vacancy_get", .method = METHOD_GET, .path = "/v1/jobs/vacancies/{id}",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "jobs.vacancy.get",
	  .reply = vacancy_shape, .stmt = &stmt_vacancy_get, .limit = LIMIT_READ,
	  .zh = "查看岗位", .en = "Read a vacancy" },
	{ .name = "vacancy_list_org", .method = METHOD_GET, .path = "/v1/jobs/org/vacancies",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .action = "jobs.vacancy.list_org",
	  .query = INPUT(vacancy_org_query, vacancy_org_query_fields), .list = true,
	  .reply = vacancy_shape, .stmt = &stmt_vacancy_list_org, .limit = LIMIT_READ,
	  .zh = "本单位的岗位", .en = "List the caller's own vacancies" },
	{ .name = "vacancy_pause", .method = METHOD_POST, .path = "/v1/jobs/vacancies/{id}/pause",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .right = RIGHT_POST,
	  .action = "jobs.vacancy.pause",
	  .reply = vacancy_shape, .success = 200, .stmt = &stmt_vacancy_pause,
	  .emits = "jobs.vacancy.changed.v1", .limit = LIMIT_WRITE,
	  .zh = "暂停招聘", .en = "Pause a vacancy" },
	{ .name = "vacancy_reopen", .method = METHOD_POST, .path = "/v1/jobs/vacancies/{id}/reopen",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .right = RIGHT_POST,
	  .action = "jobs.vacancy.reopen",
	  .reply = vacancy_shape, .success = 200, .stmt = &stmt_vacancy_reopen,
	  .emits = "jobs.vacancy.changed.v1", .limit = LIMIT_WRITE,
	  .zh = "恢复招聘", .en = "Reopen a vacancy" },
	{ .name = "vacancy_close", .method = METHOD_POST, .path = "/v1/jobs/vacancies/{id}/close",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .right = RIGHT_POST,
	  .action = "jobs.vacancy.close",
	  .reply = vacancy_shape, .success = 200, .stmt = &stmt_vacancy_close,
	  .emits = "jobs.vacancy.changed.v1", .limit = LIMIT_WRITE,
	  .zh = "结束招聘", .en = "Close a vacancy" },
	ROUTE_END
};

/* A posting belongs to a county or a place within one, and may stay open for a year. */
static int
vacancy_open(struct call *c)
{
	const struct vacancy_in	*in = c->body;
	const char		*county = area_county(in->area_code);
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;

	if (county == NULL)
		return (call_reject(c, ERR_F_AREA, "/area_code"));
	if (in->pay_min_cents > in->pay_max_cents)
		return (call_reject(c, ERR_JOBS_PAY_RANGE, "/pay_min_cents"));
	if (in->expires_on != DAY_NONE && (in->expires_on < clock_today() ||
	    in->expires_on > clock_today() + OPEN_DAYS_MOST))
		return (call_reject(c, ERR_JOBS_EXPIRY, "/expires_on"));
	call_object(c, &id);
	call_last(c);
	if (sql_vacancy_open(c->db, &rows, &id, &c->principal->org, in->title, in->occupation_code,
	    county, in->area_code, in->headcount, in->pay_min_cents, in->pay_max_cents,
	    in->pay_unit, in->form, in->education_code, in->description, in->expires_on) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}
