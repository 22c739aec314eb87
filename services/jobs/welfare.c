/*
 * welfare.c -- 公益性岗位: posts set up by a unit or the county and approved by
 * two hands, people placed in them, the clock of caps.
 *
 * Invariant: who may be placed, how often and until when is judged by trigger
 * (sql/jobs/087_create_welfare.sql) from dated numbers; where one is not set
 * the request is refused. Sources: DOMAIN §2b, §4. The SQL is in
 * sql/jobs/queries/welfare.sql; attendance and months are in welfare_day.c.
 */
#include "welfare.h"

#include "codes/codes.h"
#include "gig.h"
#include "jobs_sql.h"
#include "svc/svc.h"

#define SWEEP_MS	5000

struct post_in {
	struct uuid	 org_id;
	const char	*title, *duties;
	int64_t		 headcount;
	const char	*funding, *area_code;
	int64_t		 lat_e6, lng_e6;
};

struct place_in {
	struct uuid	 person_id;
	const char	*contract_no, *retire_class;
	int32_t		 started_on;
	const char	*again_reason;
};

struct end_in {
	int32_t		 ended_on;
	const char	*reason, *note;
};

struct note_in {
	const char	*note;
};

struct welfare_query {
	const char	*state, *county_code;
	struct uuid	 post_id;
};

static int	welfare_post_propose(struct call *);
static int	welfare_post_check(struct call *);
static int	welfare_post_approve(struct call *);
static int	post_judge(struct call *, const char *);
static void	welfare_sweep(void);

static const char *const post_states[] = { "proposed", "checked", "approved", "refused", "closed", NULL };
static const char *const place_states[] = { "proposed", "active", "refused", "ended", NULL };
static const char *const classes[] = { "male", "female_55", "female_50", NULL };
static const char *const end_reasons[] = { "resigned", "dismissed", "retired", "unfit", "deceased",
	"other", NULL };

static const struct field post_fields[] = {
	FIELD_UUID(post_in, org_id, OPTIONAL, "用人单位，窗口办理时填写"),
	FIELD_TEXT(post_in, title, REQUIRED, 2, 60, "岗位名称"),
	FIELD_TEXT(post_in, duties, REQUIRED, 2, 1000, "岗位职责"),
	FIELD_INT(post_in, headcount, REQUIRED, 1, 500, "岗位数"),
	FIELD_TEXT(post_in, funding, REQUIRED, 2, 200, "资金渠道"),
	FIELD_CHECK(post_in, area_code, REQUIRED, check_area, "工作地，到县级或更细"),
	FIELD_INT(post_in, lat_e6, OPTIONAL, 20000000, 35000000, "工作地纬度（百万分之一度）"),
	FIELD_INT(post_in, lng_e6, OPTIONAL, 105000000, 120000000, "工作地经度（百万分之一度）"),
	FIELD_END
};
const struct field welfare_judge_fields[] = {
	FIELD_BOOL(welfare_judge_in, pass, REQUIRED, "是否同意"),
	FIELD_TEXT(welfare_judge_in, note, OPTIONAL, 0, 300, "意见"),
	FIELD_END
};
static const struct field place_fields[] = {
	FIELD_UUID(place_in, person_id, REQUIRED, "人员"),
	FIELD_TEXT(place_in, contract_no, REQUIRED, 2, 60, "合同或协议编号"),
	FIELD_ENUM(place_in, retire_class, REQUIRED, classes, "退休年龄类别"),
	FIELD_DAY(place_in, started_on, REQUIRED, "上岗日期"),
	FIELD_TEXT(place_in, again_reason, OPTIONAL, 2, 60, "再次安置的特殊情形（市级理由代码）"),
	FIELD_END
};
static const struct field end_fields[] = {
	FIELD_DAY(end_in, ended_on, REQUIRED, "离岗日期"),
	FIELD_ENUM(end_in, reason, REQUIRED, end_reasons, "离岗原因"),
	FIELD_TEXT(end_in, note, OPTIONAL, 0, 300, "说明"),
	FIELD_END
};
static const struct field note_fields[] = {
	FIELD_TEXT(note_in, note, REQUIRED, 2, 300, "原因"),
	FIELD_END
};
static const struct field post_query_fields[] = {
	FIELD_ENUM(welfare_query, state, OPTIONAL, post_states, "状态"),
	FIELD_CHECK(welfare_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_END
};
static const struct field place_query_fields[] = {
	FIELD_ENUM(welfare_query, state, OPTIONAL, place_states, "状态"),
	FIELD_CHECK(welfare_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_UUID(welfare_query, post_id, OPTIONAL, "岗位"),
	FIELD_END
};

static const struct shape post_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "公益性岗位" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "用人单位" },
	{ .name = "org_name", .type = SHAPE_T_TEXT, .help = "单位名称" },
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "岗位名称" },
	{ .name = "duties", .type = SHAPE_T_TEXT, .help = "岗位职责" },
	{ .name = "headcount", .type = SHAPE_T_INT, .help = "岗位数" },
	{ .name = "funding", .type = SHAPE_T_TEXT, .help = "资金渠道" },
	{ .name = "lat_e6", .type = SHAPE_T_INT, .nullable = true, .help = "纬度" },
	{ .name = "lng_e6", .type = SHAPE_T_INT, .nullable = true, .help = "经度" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "welfare_post_states", .help = "状态" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "意见" },
	{ .name = "filled", .type = SHAPE_T_INT, .help = "在岗人数" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "工作地" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "申报时间" },
	SHAPE_END
};
static const struct shape place_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "安置" },
	{ .name = "post_id", .type = SHAPE_T_UUID, .help = "公益性岗位" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "用人单位" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "人员" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },
	{ .name = "contract_no", .type = SHAPE_T_TEXT, .help = "合同或协议编号" },
	{ .name = "retire_class", .type = SHAPE_T_TEXT, .help = "退休年龄类别" },
	{ .name = "started_on", .type = SHAPE_T_DAY, .help = "上岗日期" },
	{ .name = "cap_on", .type = SHAPE_T_DAY, .help = "期限届满日" },
	{ .name = "cap_kind", .type = SHAPE_T_TEXT, .help = "期限依据" },
	{ .name = "nth", .type = SHAPE_T_INT, .help = "第几次安置" },
	{ .name = "again_reason", .type = SHAPE_T_TEXT, .nullable = true, .help = "再次安置的特殊情形" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "welfare_states", .help = "状态" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "说明" },
	{ .name = "ended_on", .type = SHAPE_T_DAY, .nullable = true, .help = "离岗日期" },
	{ .name = "end_reason", .type = SHAPE_T_TEXT, .nullable = true, .help = "离岗原因" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "工作地" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "申报时间" },
	SHAPE_END
};

const struct route welfare_routes[] = {
	{ .name = "welfare_post_propose", .method = METHOD_POST, .path = "/v1/jobs/welfare-posts",
	  .callers = ROLE_EMPLOYER | ROLE_CLERK, .scope = SCOPE_CALLER, .right = RIGHT_POST,
	  .action = "jobs.welfare_post.propose", .body = INPUT(post_in, post_fields), .reply = post_shape,
	  .handler = welfare_post_propose, .limit = LIMIT_WRITE,
	  .zh = "申报公益性岗位", .en = "Propose a post of public welfare" },
	{ .name = "welfare_post_check", .method = METHOD_POST, .path = "/v1/jobs/welfare-posts/{id}/check",
	  .callers = ROLE_FIRST_REVIEW, .scope = SCOPE_AREA, .action = "jobs.welfare_post.check",
	  .body = INPUT(welfare_judge_in, welfare_judge_fields), .reply = post_shape, .success = 200,
	  .handler = welfare_post_check, .limit = LIMIT_WRITE,
	  .zh = "公益性岗位初审", .en = "First check of a post" },
	{ .name = "welfare_post_approve", .method = METHOD_POST,
	  .path = "/v1/jobs/welfare-posts/{id}/approve",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "jobs.welfare_post.approve",
	  .body = INPUT(welfare_judge_in, welfare_judge_fields), .reply = post_shape, .success = 200,
	  .handler = welfare_post_approve, .limit = LIMIT_WRITE,
	  .zh = "公益性岗位审批", .en = "Approve a post" },
	{ .name = "welfare_post_list", .method = METHOD_GET, .path = "/v1/jobs/welfare-posts",
	  .callers = ROLE_EMPLOYER | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "jobs.welfare_post.list", .query = INPUT(welfare_query, post_query_fields),
	  .list = true, .reply = post_shape, .stmt = &stmt_welfare_post_list, .limit = LIMIT_READ,
	  .zh = "公益性岗位", .en = "List posts of public welfare" },
	{ .name = "welfare_post_close", .method = METHOD_POST, .path = "/v1/jobs/welfare-posts/{id}/close",
	  .callers = ROLE_EMPLOYER | ROLE_CLERK, .scope = SCOPE_CALLER, .right = RIGHT_POST,
	  .action = "jobs.welfare_post.close", .body = INPUT(note_in, note_fields), .reply = post_shape,
	  .success = 200, .stmt = &stmt_welfare_post_close, .limit = LIMIT_WRITE,
	  .zh = "撤销公益性岗位", .en = "Close an empty post" },
	{ .name = "welfare_place", .method = METHOD_POST, .path = "/v1/jobs/welfare-posts/{id}/placements",
	  .callers = ROLE_EMPLOYER | ROLE_CLERK, .scope = SCOPE_CALLER, .right = RIGHT_HIRE,
	  .action = "jobs.welfare.place", .body = INPUT(place_in, place_fields), .reply = place_shape,
	  .stmt = &stmt_welfare_place, .limit = LIMIT_WRITE, .key = KEY_REQUIRED, .matter = "JB-38",
	  .zh = "申报公益性岗位安置", .en = "Propose to place a person" },
	{ .name = "welfare_decide", .method = METHOD_POST, .path = "/v1/jobs/welfare-placements/{id}/decide",
	  .callers = ROLE_RECHECK | ROLE_APPROVE, .scope = SCOPE_AREA, .action = "jobs.welfare.decide",
	  .body = INPUT(welfare_judge_in, welfare_judge_fields), .reply = place_shape, .success = 200,
	  .stmt = &stmt_welfare_decide, .emits = "jobs.welfare.placed.v1", .limit = LIMIT_WRITE,
	  .zh = "审核公益性岗位安置", .en = "Approve or refuse a placement" },
	{ .name = "welfare_end", .method = METHOD_POST, .path = "/v1/jobs/welfare-placements/{id}/end",
	  .callers = ROLE_EMPLOYER | ROLE_CLERK, .scope = SCOPE_CALLER, .right = RIGHT_HIRE,
	  .action = "jobs.welfare.end", .body = INPUT(end_in, end_fields), .reply = place_shape,
	  .success = 200, .stmt = &stmt_welfare_end, .emits = "jobs.welfare.ended.v1",
	  .limit = LIMIT_WRITE, .zh = "公益性岗位离岗", .en = "End a placement" },
	{ .name = "welfare_placement_list", .method = METHOD_GET, .path = "/v1/jobs/welfare-placements",
	  .callers = ROLE_EMPLOYER | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "jobs.welfare_placement.list", .query = INPUT(welfare_query, place_query_fields),
	  .list = true, .reply = place_shape, .stmt = &stmt_welfare_placement_list, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON, .zh = "公益性岗位人员", .en = "List who is placed" },
	{ .name = "welfare_list_person", .method = METHOD_GET, .path = "/v1/jobs/my/welfare-placements",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "jobs.welfare.list_person", .list = true,
	  .reply = place_shape, .stmt = &stmt_welfare_list_person, .limit = LIMIT_READ,
	  .zh = "我的公益性岗位", .en = "List the caller's placements" },
	ROUTE_END
};

int
unit_named(struct call *c, const struct uuid *org_id, const char *area_code, struct unit *u)
{
	const struct principal	*who = c->principal;

	u->county = area_county(area_code);
	u->org = who->has_org ? &who->org : org_id;
	if (u->county == NULL)
		return (call_reject(c, ERR_F_AREA, "/area_code"));
	if (who->has_org && !uuid_is_nil(org_id) && !uuid_equal(org_id, &who->org))
		return (call_reject(c, ERR_FORBIDDEN, "/org_id"));
	if (uuid_is_nil(u->org))
		return (call_reject(c, ERR_F_MISSING, "/org_id"));
	if (!who->has_org && !call_in_area(c, area_code))
		return (call_reject(c, ERR_AREA, "/area_code"));
	return (0);
}

static int
welfare_post_propose(struct call *c)
{
	const struct post_in	*in = c->body;
	struct uuid		 id = uuid_new();
	struct unit		 u;
	struct db_rows		 rows;
	int			 rc;

	if ((rc = unit_named(c, &in->org_id, in->area_code, &u)) != 0)
		return (rc);
	if ((in->lat_e6 == 0) != (in->lng_e6 == 0))
		return (call_reject(c, ERR_JOBS_GIG_POINT, "/lat_e6"));
	if (sql_welfare_post_propose(c->db, &rows, &id, u.org, u.county, in->area_code, in->title,
	    in->duties, in->headcount, in->funding, in->lat_e6 == 0 ? NULL : &in->lat_e6,
	    in->lng_e6 == 0 ? NULL : &in->lng_e6) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
welfare_post_check(struct call *c)
{
	return (post_judge(c, "check"));
}

static int
welfare_post_approve(struct call *c)
{
	return (post_judge(c, "approve"));
}

static int
post_judge(struct call *c, const char *step)
{
	const struct welfare_judge_in	*in = c->body;
	struct db_rows			 rows;

	if (sql_welfare_post_judge(c->db, &rows, &c->id, step, in->pass, in->note) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

/* What is over ends, what is near is told, what should have been reported too. */
static void
welfare_sweep(void)
{
	static const struct db_stmt *const	all[] = { &stmt_welfare_cap_reached, &stmt_welfare_warn,
		&stmt_welfare_gap_warn };
	size_t					i;

	for (i = 0; i < NITEMS(all); i++)
		db_alone(all[i]);
}

void
welfare_start(void)
{
	svc_every("jobs.welfare", SWEEP_MS, welfare_sweep);
}
