/*
 * arrears.c -- wage-arrears clues: filed by a worker, a clerk or nobody by name,
 * referred to labour inspection, followed to their end (永政办发〔2024〕15号
 * 二（三）8).
 *
 * Invariant: a clue is kept whether or not the agency is known; it is referred
 * only to the one that is set. The SQL is in sql/jobs/queries/arrears.sql.
 */
#include "help.h"

#include "codes/codes.h"
#include "jobs_sql.h"

#define AMOUNT_MOST_CENTS	INT64_C(100000000000)	/* 10 亿元 */

struct arrears_in {
	const char	*employer_name, *project, *area_code;
	int64_t		 amount_cents, months, people;
	const char	*detail;
};

struct arrears_step_in {
	const char	*state;
	int32_t		 on;
	int64_t		 paid_cents;
	const char	*note;
};

struct arrears_note_in {
	const char	*note;
};

struct arrears_query {
	const char	*county_code, *state;
	bool		 is_overdue;
};

struct arrears_figure_query {
	int32_t		 from_on, to_on;
};

static int	arrears_file(struct call *);
static int	arrears_report(struct call *);
static int	arrears_refer(struct call *);
static int	arrears_step(struct call *);
static int	arrears_withdraw(struct call *);
static int	arrears_figure_list(struct call *);
static int	arrears_move(struct call *, const char *, int32_t, const int64_t *, const char *);

static const char *const states[] = { "received", "referred", "accepted", "handling", "paid",
	"closed", "not_established", "withdrawn", NULL };
static const char *const answers[] = { "accepted", "handling", "paid", "closed",
	"not_established", NULL };

static const struct field arrears_in_fields[] = {
	FIELD_TEXT(arrears_in, employer_name, REQUIRED, 2, 60, "用人单位"),
	FIELD_TEXT(arrears_in, project, OPTIONAL, 2, 60, "工程项目"),
	FIELD_CHECK(arrears_in, area_code, REQUIRED, check_area, "用工地，到县级或更细"),
	FIELD_INT(arrears_in, amount_cents, REQUIRED, 1, AMOUNT_MOST_CENTS, "欠薪金额（分）"),
	FIELD_INT(arrears_in, months, REQUIRED, 1, 120, "拖欠月数"),
	FIELD_INT(arrears_in, people, REQUIRED, 1, 10000, "涉及人数"),
	FIELD_TEXT(arrears_in, detail, OPTIONAL, 0, 2000, "情况；匿名反映的请勿写个人信息"),
	FIELD_END
};

static const struct field arrears_step_in_fields[] = {
	FIELD_ENUM(arrears_step_in, state, REQUIRED, answers, "办理情况"),
	FIELD_DAY(arrears_step_in, on, REQUIRED, "日期"),
	FIELD_INT(arrears_step_in, paid_cents, OPTIONAL, 1, AMOUNT_MOST_CENTS, "本次追回金额（分），追回时必填"),
	FIELD_TEXT(arrears_step_in, note, OPTIONAL, 0, 500, "说明"),
	FIELD_END
};

static const struct field arrears_note_in_fields[] = {
	FIELD_TEXT(arrears_note_in, note, OPTIONAL, 0, 500, "说明"),
	FIELD_END
};

static const struct field arrears_query_fields[] = {
	FIELD_CHECK(arrears_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_ENUM(arrears_query, state, OPTIONAL, states, "状态"),
	FIELD_BOOL(arrears_query, is_overdue, OPTIONAL, "已超办理期限"),
	FIELD_END
};

static const struct field arrears_figure_query_fields[] = {
	FIELD_DAY(arrears_figure_query, from_on, REQUIRED, "反映日期自"),
	FIELD_DAY(arrears_figure_query, to_on, REQUIRED, "至"),
	FIELD_END
};

static const struct shape step_shape[] = {
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "arrears_states", .help = "状态" },
	{ .name = "on", .type = SHAPE_T_DAY, .help = "日期" },
	{ .name = "paid_cents", .type = SHAPE_T_INT, .nullable = true, .help = "本次追回（分）" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "说明" },
	{ .name = "at", .type = SHAPE_T_INSTANT, .help = "记录时间" },
	SHAPE_END
};

static const struct shape clue_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "线索" },
	{ .name = "filed_as", .type = SHAPE_T_TEXT, .codes = "arrears_filers", .help = "反映人" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .nullable = true, .help = "劳动者" },
	{ .name = "employer_name", .type = SHAPE_T_TEXT, .help = "用人单位" },
	{ .name = "project", .type = SHAPE_T_TEXT, .nullable = true, .help = "工程项目" },
	{ .name = "amount_cents", .type = SHAPE_T_INT, .help = "欠薪金额（分）" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" },
	{ .name = "months", .type = SHAPE_T_INT, .help = "拖欠月数" },
	{ .name = "people", .type = SHAPE_T_INT, .help = "涉及人数" },
	{ .name = "detail", .type = SHAPE_T_TEXT, .help = "情况" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "arrears_states", .help = "状态" },
	{ .name = "agency", .type = SHAPE_T_TEXT, .nullable = true, .help = "已转送的劳动监察机构" },
	{ .name = "filed_on", .type = SHAPE_T_DAY, .help = "反映日期" },
	{ .name = "referred_on", .type = SHAPE_T_DAY, .nullable = true, .help = "转送日期" },
	{ .name = "due_on", .type = SHAPE_T_DAY, .nullable = true, .help = "应办结日期；未设定期限的为空" },
	{ .name = "is_overdue", .type = SHAPE_T_BOOL, .nullable = true, .help = "已超期限" },
	{ .name = "paid_cents", .type = SHAPE_T_INT, .help = "已追回（分）" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "用工地" },
	{ .name = "referral_to", .type = SHAPE_T_TEXT, .nullable = true, .help = "受理机构；空为尚未设定" },
	{ .name = "notice", .type = SHAPE_T_TEXT, .nullable = true, .help = "提示" },
	{ .name = "steps", .type = SHAPE_T_LIST, .nullable = true, .of = step_shape, .help = "经过" },
	SHAPE_END
};

static const struct shape reported_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "线索" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "arrears_states", .help = "状态" },
	{ .name = "filed_on", .type = SHAPE_T_DAY, .help = "反映日期" },
	{ .name = "referral_to", .type = SHAPE_T_TEXT, .nullable = true, .help = "受理机构；空为尚未设定" },
	{ .name = "notice", .type = SHAPE_T_TEXT, .nullable = true, .help = "提示" },
	SHAPE_END
};

static const struct shape figure_shape[] = {
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "hidden", .type = SHAPE_T_BOOL, .help = "有少于 5 的数，对统计人员隐去" },
	{ .name = "clues", .type = SHAPE_T_INT, .nullable = true, .help = "线索" },
	{ .name = "people", .type = SHAPE_T_INT, .nullable = true, .help = "涉及人数" },
	{ .name = "amount_cents", .type = SHAPE_T_INT, .nullable = true, .help = "欠薪金额（分）" },
	{ .name = "paid_cents", .type = SHAPE_T_INT, .nullable = true, .help = "已追回（分）" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .nullable = true, .help = "币种" },
	{ .name = "closed", .type = SHAPE_T_INT, .nullable = true, .help = "已办结" },
	{ .name = "not_established", .type = SHAPE_T_INT, .nullable = true, .help = "不成立" },
	{ .name = "overdue", .type = SHAPE_T_INT, .nullable = true, .help = "超期限" },
	SHAPE_END
};

static const struct shape figures_shape[] = {
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "自" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .help = "至" },
	{ .name = "items", .type = SHAPE_T_LIST, .of = figure_shape, .help = "各县区" },
	SHAPE_END
};

const struct route arrears_routes[] = {
	{ .name = "arrears_file", .method = METHOD_POST, .path = "/v1/jobs/arrears-clues",
	  .callers = ROLE_PERSON | ROLE_CLERK, .scope = SCOPE_CALLER, .action = "jobs.arrears.file",
	  .body = INPUT(arrears_in, arrears_in_fields), .reply = clue_shape, .handler = arrears_file,
	  .limit = LIMIT_WRITE, .matter = "JB-25", .zh = "反映欠薪线索", .en = "File a wage-arrears clue" },
	{ .name = "arrears_report", .method = METHOD_POST, .path = "/v1/jobs/arrears-reports",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "jobs.arrears.report",
	  .body = INPUT(arrears_in, arrears_in_fields), .reply = reported_shape,
	  .handler = arrears_report, .limit = LIMIT_LOGIN,
	  .zh = "匿名反映欠薪线索", .en = "Report wage arrears without a name" },
	{ .name = "arrears_list_person", .method = METHOD_GET, .path = "/v1/jobs/my/arrears-clues",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "jobs.arrears.list_person",
	  .list = true, .reply = clue_shape, .stmt = &stmt_arrears_list_person, .limit = LIMIT_READ,
	  .zh = "我反映的欠薪线索", .en = "List the caller's own clues with their progress" },
	{ .name = "arrears_list", .method = METHOD_GET, .path = "/v1/jobs/arrears-clues",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "jobs.arrears.list",
	  .query = INPUT(arrears_query, arrears_query_fields), .list = true, .reply = clue_shape,
	  .stmt = &stmt_arrears_list, .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "辖区内的欠薪线索", .en = "List the clues of the area" },
	{ .name = "arrears_get", .method = METHOD_GET, .path = "/v1/jobs/arrears-clues/{id}",
	  .callers = ROLE_PERSON | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "jobs.arrears.get", .reply = clue_shape, .stmt = &stmt_arrears_get,
	  .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "查看欠薪线索及经过", .en = "Read a clue with its steps" },
	{ .name = "arrears_refer", .method = METHOD_POST, .path = "/v1/jobs/arrears-clues/{id}/refer",
	  .callers = ROLE_HELPERS, .scope = SCOPE_AREA, .action = "jobs.arrears.refer",
	  .body = INPUT(arrears_note_in, arrears_note_in_fields), .reply = clue_shape, .success = 200,
	  .handler = arrears_refer, .limit = LIMIT_WRITE,
	  .zh = "转送劳动监察机构", .en = "Refer a clue to labour inspection" },
	{ .name = "arrears_step", .method = METHOD_POST, .path = "/v1/jobs/arrears-clues/{id}/steps",
	  .callers = ROLE_HELPERS, .scope = SCOPE_AREA, .action = "jobs.arrears.step",
	  .body = INPUT(arrears_step_in, arrears_step_in_fields), .reply = clue_shape, .success = 200,
	  .handler = arrears_step, .limit = LIMIT_WRITE,
	  .zh = "登记办理情况", .en = "Write down what inspection did" },
	{ .name = "arrears_withdraw", .method = METHOD_POST,
	  .path = "/v1/jobs/arrears-clues/{id}/withdraw",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "jobs.arrears.withdraw",
	  .body = INPUT(arrears_note_in, arrears_note_in_fields), .reply = clue_shape, .success = 200,
	  .handler = arrears_withdraw, .limit = LIMIT_WRITE,
	  .zh = "撤回欠薪线索", .en = "Withdraw an own clue" },
	{ .name = "arrears_figure_list", .method = METHOD_GET, .path = "/v1/jobs/arrears-figures",
	  .callers = ROLE_CASE_OFFICERS | ROLE_STATS, .scope = SCOPE_AREA,
	  .action = "jobs.arrears.figures",
	  .query = INPUT(arrears_figure_query, arrears_figure_query_fields), .reply = figures_shape,
	  .handler = arrears_figure_list, .limit = LIMIT_READ,
	  .zh = "欠薪线索统计", .en = "Figures of wage-arrears clues" },
	ROUTE_END
};

/* A worker about any place, a clerk about the own area. */
static int
arrears_file(struct call *c)
{
	const struct arrears_in	*in = c->body;
	const struct principal	*who = c->principal;
	const char		*county = area_county(in->area_code);
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;

	if (county == NULL)
		return (call_reject(c, ERR_F_AREA, "/area_code"));
	if (!who->has_person && !call_in_area(c, in->area_code))
		return (call_reject(c, ERR_AREA, "/area_code"));
	call_object(c, &id);
	if (sql_arrears_file(c->db, &rows, &id, who->has_person ? &who->person : NULL,
	    in->employer_name, in->project, in->amount_cents, in->months, in->people, in->detail,
	    county, in->area_code) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
arrears_report(struct call *c)
{
	const struct arrears_in	*in = c->body;
	const char		*county = area_county(in->area_code);
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;

	if (county == NULL)
		return (call_reject(c, ERR_F_AREA, "/area_code"));
	call_object(c, &id);
	if (sql_arrears_report(c->db, &rows, &id, in->employer_name, in->project, in->amount_cents,
	    in->months, in->people, in->detail, county, in->area_code) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
arrears_refer(struct call *c)
{
	const struct arrears_note_in	*in = c->body;

	return (arrears_move(c, "referred", clock_today(), NULL, in->note));
}

/* What was paid comes with the amount, and nothing else does. */
static int
arrears_step(struct call *c)
{
	const struct arrears_step_in	*in = c->body;
	const int64_t			*paid = in->paid_cents != 0 ? &in->paid_cents : NULL;

	if (in->on > clock_today())
		return (call_reject(c, ERR_F_DATE_FUTURE, "/on"));
	if ((strcmp(in->state, "paid") == 0) != (paid != NULL))
		return (call_reject(c, ERR_JOBS_ARREARS_PAID, "/paid_cents"));
	return (arrears_move(c, in->state, in->on, paid, in->note));
}

static int
arrears_withdraw(struct call *c)
{
	const struct arrears_note_in	*in = c->body;

	return (arrears_move(c, "withdrawn", clock_today(), NULL, in->note));
}

static int
arrears_move(struct call *c, const char *next, int32_t on, const int64_t *paid, const char *note)
{
	struct db_rows	rows;

	if (sql_arrears_move(c->db, &rows, &c->id, next, on, paid, note) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
arrears_figure_list(struct call *c)
{
	const struct arrears_figure_query	*q = c->query;
	struct db_rows				 rows;

	if (q->from_on > q->to_on)
		return (call_reject(c, ERR_F_DATE_ORDER, "to_on"));
	if (sql_arrears_figure_list(c->db, &rows, q->from_on, q->to_on, help_hides(c)) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}
