/*
 * workshop.c -- 就业帮扶车间: registered by the county or its owner, recognised
 * by two hands, raised (提质升级) and accepted; its roster and wages by month;
 * the year closed for who pays by it.
 *
 * Invariant: who is counted for a year follows from wages handed in and dated
 * numbers (湘人社规〔2022〕33号), never from anybody's word, and a closed year
 * takes no more rows. The SQL is in sql/jobs/queries/workshop.sql.
 */
#include "codes/codes.h"
#include "jobs.h"
#include "jobs_sql.h"
#include "welfare.h"

#define WAGE_MOST_CENTS	INT64_C(100000000)	/* 100 万元 a month */
#define ROWS_MOST	500

struct shop_in {
	struct uuid	 org_id;
	const char	*name, *products;
	int64_t		 capacity;
	const char	*area_code;
};

struct recognise_in {
	bool		 pass;
	const char	*note;
	int32_t		 until_on;
};

struct text_in {
	const char	*note, *what;
};

struct enrol_in {
	struct uuid	 person_id;
	bool		 is_poor;
	const char	*pay_kind;
	int32_t		 from_on;
};

struct leave_in {
	int32_t	to_on;
};

struct wage_row {
	struct uuid	worker_id;
	int64_t		days, wage_cents;
};

struct wages_in {
	int32_t		month;
	struct list_of	rows;
};

struct year_in {
	int64_t	year;
};

struct shop_query {
	const char	*state, *county_code;
	bool		 is_inactive;
	int32_t		 month;
};

static int	workshop_propose(struct call *);
static int	workshop_check(struct call *);
static int	workshop_recognise(struct call *);

static const char *const states[] = { "proposed", "checked", "recognised", "refused", "revoked", NULL };
static const char *const pay_kinds[] = { "month", "day", "hour", "piece", NULL };

static const struct field shop_fields[] = {
	FIELD_UUID(shop_in, org_id, OPTIONAL, "车间所属单位，窗口办理时填写"),
	FIELD_TEXT(shop_in, name, REQUIRED, 2, 60, "车间名称"),
	FIELD_TEXT(shop_in, products, REQUIRED, 2, 200, "产品"),
	FIELD_INT(shop_in, capacity, REQUIRED, 1, 5000, "可容纳人数"),
	FIELD_CHECK(shop_in, area_code, REQUIRED, check_area, "所在地，到县级或更细"),
	FIELD_END
};
static const struct field recognise_fields[] = {
	FIELD_BOOL(recognise_in, pass, REQUIRED, "是否同意"),
	FIELD_TEXT(recognise_in, note, OPTIONAL, 0, 300, "意见"),
	FIELD_DAY(recognise_in, until_on, OPTIONAL, "认定有效期至，同意时必填"),
	FIELD_END
};
static const struct field note_fields[] = {
	FIELD_TEXT(text_in, note, REQUIRED, 2, 300, "原因"),
	FIELD_END
};
static const struct field upgrade_fields[] = {
	FIELD_TEXT(text_in, what, REQUIRED, 2, 500, "提质升级内容"),
	FIELD_END
};
static const struct field enrol_fields[] = {
	FIELD_UUID(enrol_in, person_id, REQUIRED, "人员"),
	FIELD_BOOL(enrol_in, is_poor, OPTIONAL, "脱贫人口或监测对象，仅由窗口认定，以名册为准"),
	FIELD_ENUM(enrol_in, pay_kind, REQUIRED, pay_kinds, "计薪方式"),
	FIELD_DAY(enrol_in, from_on, REQUIRED, "到车间务工日期"),
	FIELD_END
};
static const struct field leave_fields[] = {
	FIELD_DAY(leave_in, to_on, REQUIRED, "离开日期"),
	FIELD_END
};
static const struct field wage_fields[] = {
	FIELD_UUID(wage_row, worker_id, REQUIRED, "花名册中的人"),
	FIELD_INT(wage_row, days, REQUIRED, 0, 31, "出勤天数"),
	FIELD_INT(wage_row, wage_cents, REQUIRED, 0, WAGE_MOST_CENTS, "当月工资（分）"),
	FIELD_END
};
static const struct field wages_fields[] = {
	FIELD_DAY(wages_in, month, REQUIRED, "月份（当月一日）"),
	FIELD_LIST(wages_in, rows, REQUIRED, 1, ROWS_MOST, wage_row, wage_fields, "各人的出勤和工资"),
	FIELD_END
};
static const struct field year_fields[] = {
	FIELD_INT(year_in, year, REQUIRED, 2020, 2100, "年度"),
	FIELD_END
};
static const struct field shop_query_fields[] = {
	FIELD_ENUM(shop_query, state, OPTIONAL, states, "状态"),
	FIELD_CHECK(shop_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_BOOL(shop_query, is_inactive, OPTIONAL, "只看连续数月没有工资的"),
	FIELD_END
};
static const struct field month_query_fields[] = {
	FIELD_DAY(shop_query, month, OPTIONAL, "月份"),
	FIELD_END
};

static const struct shape shop_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "帮扶车间" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "所属单位" },
	{ .name = "org_name", .type = SHAPE_T_TEXT, .help = "单位名称" },
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "车间名称" },
	{ .name = "products", .type = SHAPE_T_TEXT, .help = "产品" },
	{ .name = "capacity", .type = SHAPE_T_INT, .help = "可容纳人数" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "workshop_states", .help = "状态" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "意见" },
	{ .name = "recognised_on", .type = SHAPE_T_DAY, .nullable = true, .help = "认定日期" },
	{ .name = "until_on", .type = SHAPE_T_DAY, .nullable = true, .help = "有效期至" },
	{ .name = "upgrade_state", .type = SHAPE_T_TEXT, .help = "提质升级" },
	{ .name = "upgrade_what", .type = SHAPE_T_TEXT, .nullable = true, .help = "提质升级内容" },
	{ .name = "upgraded_on", .type = SHAPE_T_DAY, .nullable = true, .help = "验收通过日期" },
	{ .name = "upgrade_note", .type = SHAPE_T_TEXT, .nullable = true, .help = "验收意见" },
	{ .name = "workers", .type = SHAPE_T_INT, .help = "在册人数" },
	{ .name = "last_wages_on", .type = SHAPE_T_DAY, .nullable = true, .help = "最近有工资的月份" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "所在地" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "登记时间" },
	SHAPE_END
};
static const struct shape worker_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "在册人员" },
	{ .name = "workshop_id", .type = SHAPE_T_UUID, .help = "帮扶车间" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "所属单位" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "人员" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },
	{ .name = "is_poor", .type = SHAPE_T_BOOL, .nullable = true, .help = "脱贫人口或监测对象，空为未知" },
	{ .name = "pay_kind", .type = SHAPE_T_TEXT, .help = "计薪方式" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "到车间日期" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .nullable = true, .help = "离开日期" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "登记时间" },
	SHAPE_END
};
static const struct shape row_shape[] = {
	{ .name = "row", .type = SHAPE_T_INT, .help = "第几行" },
	{ .name = "worker_id", .type = SHAPE_T_UUID, .help = "在册人员" },
	{ .name = "code", .type = SHAPE_T_TEXT, .nullable = true, .help = "未采用的原因，空为已采用" },
	SHAPE_END
};
static const struct shape wages_shape[] = {
	{ .name = "month", .type = SHAPE_T_DAY, .help = "月份" },
	{ .name = "taken", .type = SHAPE_T_INT, .help = "采用行数" },
	{ .name = "failed", .type = SHAPE_T_INT, .help = "未采用行数" },
	{ .name = "rows", .type = SHAPE_T_LIST, .of = row_shape, .help = "逐行结果" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	SHAPE_END
};
static const struct shape wage_shape[] = {
	{ .name = "worker_id", .type = SHAPE_T_UUID, .help = "在册人员" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "人员" },
	{ .name = "month", .type = SHAPE_T_DAY, .help = "月份" },
	{ .name = "days", .type = SHAPE_T_INT, .help = "出勤天数" },
	{ .name = "wage_cents", .type = SHAPE_T_INT, .help = "工资（分）" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	SHAPE_END
};
static const struct shape people_shape[] = {
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "人员" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },
	{ .name = "is_poor", .type = SHAPE_T_BOOL, .nullable = true, .help = "脱贫人口或监测对象" },
	{ .name = "months", .type = SHAPE_T_INT, .help = "有工资的月数" },
	{ .name = "wage_cents", .type = SHAPE_T_INT, .help = "全年工资（分）" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" },
	{ .name = "is_qualified", .type = SHAPE_T_BOOL, .nullable = true, .help = "计入稳岗人数，空为标准未设定" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	SHAPE_END
};
static const struct shape year_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "年度汇总" },
	{ .name = "workshop_id", .type = SHAPE_T_UUID, .help = "帮扶车间" },
	{ .name = "year", .type = SHAPE_T_INT, .help = "年度" },
	{ .name = "workers", .type = SHAPE_T_INT, .help = "有工资的人数" },
	{ .name = "qualified", .type = SHAPE_T_INT, .help = "计入稳岗的人数" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	SHAPE_END
};
static const struct shape figure_shape[] = {
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "workshops", .type = SHAPE_T_INT, .help = "已认定车间" },
	{ .name = "upgraded", .type = SHAPE_T_INT, .help = "提质升级通过验收" },
	{ .name = "upgrade_target", .type = SHAPE_T_INT, .nullable = true, .help = "全市目标" },
	{ .name = "workers", .type = SHAPE_T_INT, .nullable = true, .help = "在册人数，少于 5 人不显示" },
	{ .name = "poor_workers", .type = SHAPE_T_INT, .nullable = true, .help = "其中脱贫人口，少于 5 人不显示" },
	SHAPE_END
};

#define OWNER_OR_CLERK	(ROLE_EMPLOYER | ROLE_CLERK)
#define OWNER_OR_CASE	(ROLE_EMPLOYER | ROLE_CASE_OFFICERS)

const struct route workshop_routes[] = {
	{ .name = "workshop_propose", .method = METHOD_POST, .path = "/v1/jobs/workshops",
	  .callers = OWNER_OR_CLERK, .scope = SCOPE_CALLER, .right = RIGHT_POST,
	  .action = "jobs.workshop.propose", .body = INPUT(shop_in, shop_fields), .reply = shop_shape,
	  .handler = workshop_propose, .limit = LIMIT_WRITE, .matter = "JB-39",
	  .zh = "申请认定帮扶车间", .en = "Register a workshop for recognition" },
	{ .name = "workshop_check", .method = METHOD_POST, .path = "/v1/jobs/workshops/{id}/check",
	  .callers = ROLE_FIRST_REVIEW, .scope = SCOPE_AREA, .action = "jobs.workshop.check",
	  .body = INPUT(welfare_judge_in, welfare_judge_fields), .reply = shop_shape, .success = 200,
	  .handler = workshop_check, .limit = LIMIT_WRITE, .zh = "帮扶车间初审（人社）", .en = "First check" },
	{ .name = "workshop_recognise", .method = METHOD_POST, .path = "/v1/jobs/workshops/{id}/recognise",
	  .callers = ROLE_RECHECK, .scope = SCOPE_AREA, .action = "jobs.workshop.recognise",
	  .body = INPUT(recognise_in, recognise_fields), .reply = shop_shape, .success = 200,
	  .handler = workshop_recognise, .limit = LIMIT_WRITE,
	  .zh = "帮扶车间复核认定（农业农村）", .en = "Second check, and recognition" },
	{ .name = "workshop_revoke", .method = METHOD_POST, .path = "/v1/jobs/workshops/{id}/revoke",
	  .callers = ROLE_RECHECK, .scope = SCOPE_AREA, .action = "jobs.workshop.revoke",
	  .body = INPUT(text_in, note_fields), .reply = shop_shape, .success = 200,
	  .stmt = &stmt_workshop_revoke, .emits = "jobs.unit.moved.v1", .limit = LIMIT_WRITE,
	  .zh = "取消帮扶车间认定", .en = "Revoke a recognition" },
	{ .name = "workshop_list", .method = METHOD_GET, .path = "/v1/jobs/workshops",
	  .callers = OWNER_OR_CASE, .scope = SCOPE_CALLER, .action = "jobs.workshop.list",
	  .query = INPUT(shop_query, shop_query_fields), .list = true, .reply = shop_shape,
	  .stmt = &stmt_workshop_list, .limit = LIMIT_READ, .zh = "帮扶车间", .en = "List workshops" },
	{ .name = "workshop_upgrade_ask", .method = METHOD_POST, .path = "/v1/jobs/workshops/{id}/upgrade",
	  .callers = OWNER_OR_CLERK, .scope = SCOPE_CALLER, .right = RIGHT_POST,
	  .action = "jobs.workshop.upgrade_ask", .body = INPUT(text_in, upgrade_fields), .reply = shop_shape,
	  .success = 200, .stmt = &stmt_workshop_upgrade_ask, .limit = LIMIT_WRITE,
	  .zh = "申请提质升级验收", .en = "Ask for the acceptance of an upgrade" },
	{ .name = "workshop_upgrade_accept", .method = METHOD_POST,
	  .path = "/v1/jobs/workshops/{id}/upgrade-acceptance",
	  .callers = ROLE_RECHECK | ROLE_APPROVE, .scope = SCOPE_AREA,
	  .action = "jobs.workshop.upgrade_accept", .body = INPUT(welfare_judge_in, welfare_judge_fields),
	  .reply = shop_shape, .success = 200, .stmt = &stmt_workshop_upgrade_accept,
	  .emits = "jobs.unit.moved.v1", .limit = LIMIT_WRITE,
	  .zh = "提质升级验收", .en = "Accept or return an upgrade" },
	{ .name = "workshop_enrol", .method = METHOD_POST, .path = "/v1/jobs/workshops/{id}/workers",
	  .callers = OWNER_OR_CLERK, .scope = SCOPE_CALLER, .right = RIGHT_HIRE,
	  .action = "jobs.workshop.enrol", .body = INPUT(enrol_in, enrol_fields), .reply = worker_shape,
	  .stmt = &stmt_workshop_enrol, .limit = LIMIT_WRITE,
	  .zh = "登记车间务工人员", .en = "Put a person on the roster" },
	{ .name = "workshop_leave", .method = METHOD_POST, .path = "/v1/jobs/workshop-workers/{id}/leave",
	  .callers = OWNER_OR_CLERK, .scope = SCOPE_CALLER, .right = RIGHT_HIRE,
	  .action = "jobs.workshop.leave", .body = INPUT(leave_in, leave_fields), .reply = worker_shape,
	  .success = 200, .stmt = &stmt_workshop_leave, .limit = LIMIT_WRITE,
	  .zh = "登记离开车间", .en = "Note that a worker left" },
	{ .name = "workshop_worker_list", .method = METHOD_GET, .path = "/v1/jobs/workshops/{id}/workers",
	  .callers = OWNER_OR_CASE, .scope = SCOPE_CALLER, .action = "jobs.workshop_worker.list",
	  .list = true, .reply = worker_shape, .stmt = &stmt_workshop_worker_list, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON, .zh = "车间花名册", .en = "List the roster" },
	{ .name = "workshop_wages", .method = METHOD_POST, .path = "/v1/jobs/workshops/{id}/wages",
	  .callers = OWNER_OR_CLERK, .scope = SCOPE_CALLER, .right = RIGHT_HIRE,
	  .action = "jobs.workshop.wages", .body = INPUT(wages_in, wages_fields), .reply = wages_shape,
	  .success = 200, .stmt = &stmt_workshop_wages, .limit = LIMIT_WRITE,
	  .zh = "报送月度出勤和工资", .en = "Hand in a month's attendance and wages" },
	{ .name = "workshop_wage_list", .method = METHOD_GET, .path = "/v1/jobs/workshops/{id}/wages",
	  .callers = OWNER_OR_CASE, .scope = SCOPE_CALLER, .action = "jobs.workshop_wage.list",
	  .query = INPUT(shop_query, month_query_fields), .list = true, .reply = wage_shape,
	  .stmt = &stmt_workshop_wage_list, .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "月度出勤和工资", .en = "List attendance and wages" },
	{ .name = "workshop_people", .method = METHOD_GET, .path = "/v1/jobs/workshops/{id}/people",
	  .callers = OWNER_OR_CASE, .scope = SCOPE_CALLER, .action = "jobs.workshop.people",
	  .query = INPUT(year_in, year_fields), .list = true, .reply = people_shape,
	  .stmt = &stmt_workshop_people, .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "年度稳岗人员", .en = "List who is counted for a year" },
	{ .name = "workshop_year_close", .method = METHOD_POST, .path = "/v1/jobs/workshops/{id}/years",
	  .callers = ROLE_FIRST_REVIEW, .scope = SCOPE_AREA, .action = "jobs.workshop.year_close",
	  .body = INPUT(year_in, year_fields), .reply = year_shape, .stmt = &stmt_workshop_year_close,
	  .emits = "jobs.workshop.year_closed.v1", .limit = LIMIT_WRITE,
	  .zh = "年度汇总定案", .en = "Close a year" },
	{ .name = "workshop_figures", .method = METHOD_GET, .path = "/v1/jobs/workshop-figures",
	  .callers = ROLE_CASE_OFFICERS | ROLE_STATS, .scope = SCOPE_AREA,
	  .action = "jobs.workshop.figures", .list = true, .reply = figure_shape,
	  .stmt = &stmt_workshop_figures, .limit = LIMIT_READ,
	  .zh = "各县区帮扶车间", .en = "Workshops by county" },
	ROUTE_END
};

static int
workshop_propose(struct call *c)
{
	const struct shop_in	*in = c->body;
	struct uuid		 id = uuid_new();
	struct unit		 u;
	struct db_rows		 rows;
	int			 rc;

	if ((rc = unit_named(c, &in->org_id, in->area_code, &u)) != 0)
		return (rc);
	if (sql_workshop_propose(c->db, &rows, &id, u.org, u.county, in->area_code, in->name, in->products,
	    in->capacity) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
workshop_check(struct call *c)
{
	const struct welfare_judge_in	*in = c->body;
	struct db_rows			 rows;

	if (sql_workshop_judge(c->db, &rows, &c->id, "check", in->pass, in->note, DAY_NONE) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

/* A recognition has an end. */
static int
workshop_recognise(struct call *c)
{
	const struct recognise_in	*in = c->body;
	struct db_rows			 rows;

	if (in->pass && in->until_on == DAY_NONE)
		return (call_reject(c, ERR_F_MISSING, "/until_on"));
	if (in->pass && in->until_on <= clock_today())
		return (call_reject(c, ERR_F_DATE_PAST, "/until_on"));
	if (sql_workshop_judge(c->db, &rows, &c->id, "recognise", in->pass, in->note, in->until_on) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}
