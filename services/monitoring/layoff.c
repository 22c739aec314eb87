/*
 * layoff.c -- large layoffs (劳动合同法 第四十一条): reported by the employer or
 * for it by a clerk, acknowledged, handled and closed by the county.
 *
 * Invariant: nothing is reported that the law does not ask for, and nobody is
 * planned to be laid off within 30 days of the notice; the table refuses both.
 * The SQL is in sql/monitoring/queries/layoff.sql.
 */
#include "codes/codes.h"
#include "monitoring.h"
#include "monitoring_sql.h"

#define ROLE_HANDLE	(ROLE_FIRST_REVIEW | ROLE_RECHECK | ROLE_APPROVE)
#define ROLE_READ	(ROLE_CLERK | ROLE_HANDLE | ROLE_AUDIT)
#define STAFF_MAX	1000000
#define LARGE_HEADS	20	/* 第四十一条：二十人以上 */
#define LARGE_TENTH	10	/* 或者占职工总数百分之十以上 */
#define NOTICE_DAYS	30	/* 提前三十日 */

struct layoff_in {
	struct uuid	 org_id;
	int64_t		 headcount, staff;
	const char	*reason, *plan, *union_view;
	int32_t		 noticed_on, planned_on;
};

struct layoff_step_in {
	const char	*note, *measures, *outcome;
	int64_t		 laid_off;
};

struct layoff_query {
	const char	*state, *county_code;
	bool		 is_overdue;
};

static int	layoff_report(struct call *);
static int	layoff_acknowledge(struct call *);
static int	layoff_handle(struct call *);
static int	layoff_close(struct call *);
static void	judge(const struct layoff_in *, struct json_errors *);
static void	fault(struct json_errors *, const char *, enum error_code);
static int	move(struct call *, const char *step, const char *note, const char *outcome, const int64_t *laid_off);

static const char *const reasons[] = { "reorganisation", "difficulty", "change", "circumstances", NULL };
static const char *const states[] = { "reported", "acknowledged", "handled", "closed", "withdrawn", NULL };
static const char *const outcomes[] = { "carried_out", "reduced", "cancelled", NULL };

static const struct field layoff_fields[] = {
	FIELD_UUID(layoff_in, org_id, OPTIONAL, "单位，窗口代报时填写"),
	FIELD_INT(layoff_in, headcount, REQUIRED, 1, STAFF_MAX, "拟裁减人数"),
	FIELD_INT(layoff_in, staff, REQUIRED, 1, STAFF_MAX, "职工总数"),
	FIELD_ENUM(layoff_in, reason, REQUIRED, reasons, "裁减人员的情形"),
	FIELD_DAY(layoff_in, noticed_on, REQUIRED, "向工会或者全体职工说明情况的日期"),
	FIELD_DAY(layoff_in, planned_on, REQUIRED, "计划裁减日期，说明情况三十日之后"),
	FIELD_TEXT(layoff_in, plan, REQUIRED, 10, 2000, "裁减人员方案"),
	FIELD_TEXT(layoff_in, union_view, REQUIRED, 2, 500, "工会或者职工的意见"),
	FIELD_END
};
static const struct field acknowledge_fields[] = {
	FIELD_TEXT(layoff_step_in, note, OPTIONAL, 2, 300, "意见"),
	FIELD_END
};
static const struct field handle_fields[] = {
	FIELD_TEXT(layoff_step_in, measures, REQUIRED, 5, 1000, "采取的措施"),
	FIELD_END
};
static const struct field close_fields[] = {
	FIELD_ENUM(layoff_step_in, outcome, REQUIRED, outcomes, "结果"),
	FIELD_INT(layoff_step_in, laid_off, REQUIRED, 0, STAFF_MAX, "实际裁减人数"),
	FIELD_TEXT(layoff_step_in, note, OPTIONAL, 2, 300, "说明"),
	FIELD_END
};
static const struct field withdraw_fields[] = {
	FIELD_TEXT(layoff_step_in, note, REQUIRED, 2, 300, "撤回原因"),
	FIELD_END
};
static const struct field layoff_query_fields[] = {
	FIELD_ENUM(layoff_query, state, OPTIONAL, states, "状态"),
	FIELD_CHECK(layoff_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_BOOL(layoff_query, is_overdue, OPTIONAL, "是否逾期未处理"),
	FIELD_END
};

static const struct shape layoff_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "裁员报告" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "单位" },
	{ .name = "org_name", .type = SHAPE_T_TEXT, .help = "单位名称" },
	{ .name = "industry_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "行业门类" },
	{ .name = "headcount", .type = SHAPE_T_INT, .help = "拟裁减人数" },
	{ .name = "staff", .type = SHAPE_T_INT, .help = "职工总数" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .help = "裁减人员的情形" },
	{ .name = "noticed_on", .type = SHAPE_T_DAY, .help = "说明情况的日期" },
	{ .name = "earliest_on", .type = SHAPE_T_DAY, .help = "最早可裁减的日期" },
	{ .name = "planned_on", .type = SHAPE_T_DAY, .help = "计划裁减日期" },
	{ .name = "plan", .type = SHAPE_T_TEXT, .help = "裁减人员方案" },
	{ .name = "union_view", .type = SHAPE_T_TEXT, .help = "工会或者职工的意见" },
	{ .name = "state", .type = SHAPE_T_TEXT, .help = "状态" },
	{ .name = "due_on", .type = SHAPE_T_DAY, .nullable = true, .help = "处理期限；未设定则为空" },
	{ .name = "is_overdue", .type = SHAPE_T_BOOL, .help = "逾期未处理" },
	{ .name = "via", .type = SHAPE_T_TEXT, .help = "由单位或窗口报告" },
	{ .name = "acknowledged_by", .type = SHAPE_T_UUID, .nullable = true, .help = "受理人" },
	{ .name = "acknowledged_on", .type = SHAPE_T_DAY, .nullable = true, .help = "受理日期" },
	{ .name = "handled_by", .type = SHAPE_T_UUID, .nullable = true, .help = "处理人" },
	{ .name = "handled_on", .type = SHAPE_T_DAY, .nullable = true, .help = "处理日期" },
	{ .name = "measures", .type = SHAPE_T_TEXT, .nullable = true, .help = "采取的措施" },
	{ .name = "outcome", .type = SHAPE_T_TEXT, .nullable = true, .help = "结果" },
	{ .name = "laid_off", .type = SHAPE_T_INT, .nullable = true, .help = "实际裁减人数" },
	{ .name = "closed_on", .type = SHAPE_T_DAY, .nullable = true, .help = "办结日期" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "意见" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "报告时间" },
	SHAPE_END
};

#define MOVED	"monitoring.layoff.moved.v1 monitoring.alert.moved.v1"

const struct route layoff_routes[] = {
	{ .name = "layoff_report", .method = METHOD_POST, .path = "/v1/monitoring/layoffs",
	  .callers = ROLE_EMPLOYER | ROLE_CLERK, .scope = SCOPE_CALLER, .action = "monitoring.layoff.report",
	  .body = INPUT(layoff_in, layoff_fields), .reply = layoff_shape, .handler = layoff_report,
	  .emits = "monitoring.layoff.reported.v1 monitoring.alert.raised.v1", .limit = LIMIT_WRITE, .matter = "MO-02",
	  .zh = "报告裁减人员方案", .en = "Report a large layoff, by the employer or by a clerk" },
	{ .name = "layoff_acknowledge", .method = METHOD_POST, .path = "/v1/monitoring/layoffs/{id}/acknowledge",
	  .callers = ROLE_HANDLE, .scope = SCOPE_AREA, .action = "monitoring.layoff.acknowledge",
	  .body = INPUT(layoff_step_in, acknowledge_fields), .reply = layoff_shape, .success = 200,
	  .handler = layoff_acknowledge, .emits = MOVED, .limit = LIMIT_WRITE,
	  .zh = "受理裁员报告", .en = "Acknowledge a report" },
	{ .name = "layoff_handle", .method = METHOD_POST, .path = "/v1/monitoring/layoffs/{id}/handle",
	  .callers = ROLE_HANDLE, .scope = SCOPE_AREA, .action = "monitoring.layoff.handle",
	  .body = INPUT(layoff_step_in, handle_fields), .reply = layoff_shape, .success = 200,
	  .handler = layoff_handle, .emits = MOVED, .limit = LIMIT_WRITE,
	  .zh = "登记处理措施", .en = "Say what measures were taken" },
	{ .name = "layoff_close", .method = METHOD_POST, .path = "/v1/monitoring/layoffs/{id}/close",
	  .callers = ROLE_HANDLE, .scope = SCOPE_AREA, .action = "monitoring.layoff.close",
	  .body = INPUT(layoff_step_in, close_fields), .reply = layoff_shape, .success = 200,
	  .handler = layoff_close, .emits = MOVED, .limit = LIMIT_WRITE,
	  .zh = "办结裁员报告", .en = "Close a report with what came of it" },
	{ .name = "layoff_withdraw", .method = METHOD_POST, .path = "/v1/monitoring/layoffs/{id}/withdraw",
	  .callers = ROLE_EMPLOYER | ROLE_CLERK, .scope = SCOPE_CALLER, .action = "monitoring.layoff.withdraw",
	  .body = INPUT(layoff_step_in, withdraw_fields), .reply = layoff_shape, .success = 200,
	  .stmt = &stmt_layoff_withdraw, .emits = MOVED, .limit = LIMIT_WRITE,
	  .zh = "撤回裁员报告", .en = "Withdraw a report before measures were taken" },
	{ .name = "layoff_list", .method = METHOD_GET, .path = "/v1/monitoring/layoffs",
	  .callers = ROLE_EMPLOYER | ROLE_READ, .scope = SCOPE_CALLER, .action = "monitoring.layoff.list",
	  .query = INPUT(layoff_query, layoff_query_fields), .list = true, .reply = layoff_shape,
	  .stmt = &stmt_layoff_list, .limit = LIMIT_READ,
	  .zh = "裁员报告（含逾期未处理的）", .en = "List reports; the overdue ones too" },
	{ .name = "layoff_get", .method = METHOD_GET, .path = "/v1/monitoring/layoffs/{id}",
	  .callers = ROLE_EMPLOYER | ROLE_READ, .scope = SCOPE_CALLER, .action = "monitoring.layoff.get",
	  .reply = layoff_shape, .stmt = &stmt_layoff_get, .limit = LIMIT_READ,
	  .zh = "查看裁员报告", .en = "Read a report" },
	ROUTE_END
};

/* An employer reports for itself; a clerk for whom it names. */
static int
layoff_report(struct call *c)
{
	const struct layoff_in	*in = c->body;
	struct json_errors	 errors = { .count = 0 };
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;

	if (c->principal->has_org && !uuid_is_nil(&in->org_id))
		return (call_reject(c, ERR_FORBIDDEN, "/org_id"));
	if (!c->principal->has_org && uuid_is_nil(&in->org_id))
		fault(&errors, "/org_id", ERR_F_MISSING);
	judge(in, &errors);
	if (errors.count > 0)
		return (call_reject_fields(c, &errors));
	call_object(c, &id);
	if (sql_layoff_report(c->db, &rows, &id, c->principal->has_org ? &c->principal->org : &in->org_id,
	    in->headcount, in->staff, in->reason, in->noticed_on, in->planned_on, in->plan,
	    in->union_view) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static void
judge(const struct layoff_in *in, struct json_errors *errors)
{
	if (in->headcount > in->staff)
		fault(errors, "/headcount", ERR_F_LARGE);
	else if (in->headcount < LARGE_HEADS && in->headcount * LARGE_TENTH < in->staff)
		fault(errors, "/headcount", ERR_MONITORING_LAYOFF_SMALL);
	if (in->noticed_on > clock_today())
		fault(errors, "/noticed_on", ERR_F_DATE_FUTURE);
	if (in->planned_on < in->noticed_on + NOTICE_DAYS)
		fault(errors, "/planned_on", ERR_MONITORING_LAYOFF_NOTICE);
}

static void
fault(struct json_errors *errors, const char *pointer, enum error_code code)
{
	errors->list[errors->count++] = (struct json_error){ pointer, (int)code };
}

static int
layoff_acknowledge(struct call *c)
{
	const struct layoff_step_in	*in = c->body;

	return (move(c, "acknowledged", in->note, NULL, NULL));
}

static int
layoff_handle(struct call *c)
{
	const struct layoff_step_in	*in = c->body;

	return (move(c, "handled", in->measures, NULL, NULL));
}

static int
layoff_close(struct call *c)
{
	const struct layoff_step_in	*in = c->body;

	return (move(c, "closed", in->note, in->outcome, &in->laid_off));
}

static int
move(struct call *c, const char *step, const char *note, const char *outcome, const int64_t *laid_off)
{
	struct db_rows	rows;

	if (sql_layoff_move(c->db, &rows, &c->id, step, note, outcome, laid_off) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}
