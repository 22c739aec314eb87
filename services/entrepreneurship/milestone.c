/*
 * milestone.c -- milestones of an awarded project: reported by the firm with
 * papers, looked at by two officers, late when their day is over.
 *
 * Invariant: one after another; each that is accepted frees one instalment of
 * the award. The rules are in sql/entrepreneurship/032.
 */
#include "entrepreneurship.h"

#include "codes/codes.h"
#include "entrepreneurship_sql.h"
#include "projects.h"
#include "svc/svc.h"

#define MISS_MS		5000

struct report_in {
	const char	*report;
};

struct extend_in {
	int32_t		 due_on;
	const char	*reason;
};

struct milestone_query {
	const char	*state, *county_code;
	struct uuid	 project_id;
	bool		 late;
};

static int	milestone_file(struct call *);
static int	milestone_report(struct call *);
static void	miss(void);

static const char *const states[] = { "due", "reported", "accepted", NULL };

const struct field look_fields[] = {
	FIELD_BOOL(look_in, met, REQUIRED, "是否属实、达到"),
	FIELD_TEXT(look_in, note, OPTIONAL, 2, 500, "意见，不通过的必填"),
	FIELD_END
};

static const struct field report_fields[] = {
	FIELD_TEXT(report_in, report, REQUIRED, 10, 4000, "节点完成情况"),
	FIELD_END
};

static const struct field extend_fields[] = {
	FIELD_DAY(extend_in, due_on, REQUIRED, "延期至"),
	FIELD_TEXT(extend_in, reason, REQUIRED, 2, 500, "理由"),
	FIELD_END
};

static const struct field milestone_query_fields[] = {
	FIELD_ENUM(milestone_query, state, OPTIONAL, states, "状态"),
	FIELD_CHECK(milestone_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_UUID(milestone_query, project_id, OPTIONAL, "项目"),
	FIELD_BOOL(milestone_query, late, OPTIONAL, "只看逾期未报的"),
	FIELD_END
};

const struct shape milestone_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "节点" },
	{ .name = "project_id", .type = SHAPE_T_UUID, .help = "项目" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "企业" },
	{ .name = "no", .type = SHAPE_T_INT, .help = "序号" },
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "节点名称" },
	{ .name = "deliverable", .type = SHAPE_T_TEXT, .help = "完成标志" },
	{ .name = "due_on", .type = SHAPE_T_DAY, .help = "应完成日期" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "milestone_states", .help = "状态" },
	{ .name = "late", .type = SHAPE_T_BOOL, .help = "逾期未报" },
	{ .name = "report", .type = SHAPE_T_TEXT, .nullable = true, .help = "完成情况" },
	{ .name = "reported_on", .type = SHAPE_T_DAY, .nullable = true, .help = "报告日期" },
	{ .name = "accepted_on", .type = SHAPE_T_DAY, .nullable = true, .help = "核查通过日期" },
	{ .name = "instalment", .type = SHAPE_T_INT, .nullable = true, .help = "由此发放的期次" },
	{ .name = "files", .type = SHAPE_T_JSON, .help = "材料" },
	{ .name = "looks", .type = SHAPE_T_JSON, .help = "核查意见" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	SHAPE_END
};

const struct route milestone_routes[] = {
	{ .name = "milestone_file", .method = METHOD_POST,
	  .path = "/v1/entrepreneurship/milestones/{id}/files",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .right = RIGHT_CLAIM,
	  .action = "entrepreneurship.milestone.report",
	  .query = INPUT(file_query, file_query_fields), .raw_body = true, .reply = file_shape,
	  .handler = milestone_file, .limit = LIMIT_IMPORT,
	  .zh = "上传节点材料", .en = "Hand in a paper for a milestone" },
	{ .name = "milestone_report", .method = METHOD_POST,
	  .path = "/v1/entrepreneurship/milestones/{id}/report",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .right = RIGHT_CLAIM,
	  .action = "entrepreneurship.milestone.report",
	  .body = INPUT(report_in, report_fields), .reply = milestone_shape, .success = 200,
	  .handler = milestone_report, .emits = "entrepreneurship.milestone.moved.v1",
	  .limit = LIMIT_WRITE, .matter = "EN-22",
	  .zh = "报告节点完成", .en = "Report a milestone" },
	{ .name = "milestone_look", .method = METHOD_POST,
	  .path = "/v1/entrepreneurship/milestones/{id}/look",
	  .callers = ROLE_FIRST_REVIEW | ROLE_RECHECK, .scope = SCOPE_AREA,
	  .action = "entrepreneurship.milestone.look",
	  .body = INPUT(look_in, look_fields), .reply = milestone_shape, .success = 200,
	  .stmt = &stmt_milestone_look,
	  .emits = "entrepreneurship.milestone.moved.v1 entrepreneurship.project.moved.v1 entrepreneurship.award.made.v1",
	  .limit = LIMIT_WRITE, .key = KEY_REQUIRED,
	  .zh = "核查节点，两人一致为准；通过即发放下一期", .en = "Look at a report; two who agree free the next instalment" },
	{ .name = "milestone_extend", .method = METHOD_POST,
	  .path = "/v1/entrepreneurship/milestones/{id}/extend",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "entrepreneurship.milestone.extend",
	  .body = INPUT(extend_in, extend_fields), .reply = milestone_shape, .success = 200,
	  .stmt = &stmt_milestone_extend, .emits = "entrepreneurship.milestone.moved.v1",
	  .limit = LIMIT_WRITE, .zh = "同意节点延期", .en = "Move the day of a milestone" },
	{ .name = "milestone_list", .method = METHOD_GET, .path = "/v1/entrepreneurship/milestones",
	  .callers = ROLE_CASE_OFFICERS | ROLE_EMPLOYER, .scope = SCOPE_CALLER,
	  .action = "entrepreneurship.milestone.list",
	  .query = INPUT(milestone_query, milestone_query_fields), .list = true,
	  .reply = milestone_shape, .stmt = &stmt_milestone_list, .limit = LIMIT_READ,
	  .zh = "项目节点（本单位或辖区），可只看逾期", .en = "List milestones, own or of the area; late ones" },
	{ .name = "project_file_get", .method = METHOD_GET,
	  .path = "/v1/entrepreneurship/project-files/{id}",
	  .callers = ROLE_CASE_OFFICERS | ROLE_EMPLOYER, .scope = SCOPE_CALLER,
	  .action = "entrepreneurship.project.file", .media = "application/octet-stream",
	  .handler = file_send, .limit = LIMIT_READ, .opens = OPENS_UNNAMED,
	  .zh = "下载申报、佐证或节点材料", .en = "Download a paper of an entry, a proof or a milestone" },
	ROUTE_END
};

void
milestones_start(void)
{
	svc_every("entrepreneurship.milestones", MISS_MS, miss);
}

int
paper_keep(struct call *c, const char *kind, const struct db_rows *rows)
{
	struct file_for	f = { .subject_kind = kind, .subject = c->id, .org = &c->principal->org,
	    .keep_until = DAY_NONE };
	int		status;

	if (rows->count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (!db_bool(rows, 0, "open"))
		return (call_reject(c, ERR_STATE, NULL));
	f.county = db_text(rows, 0, "county_code");
	f.area = db_text(rows, 0, "area_code");
	status = file_keep(c, c->query, &f);
	if (call_status(c) == 201 && file_lock(c->db, &c->id) == -1)
		return (call_failed(c));
	return (status);
}

static int
milestone_file(struct call *c)
{
	struct db_rows	rows;

	if (sql_milestone_own(c->db, &rows, &c->id, &c->principal->org) == -1)
		return (call_failed(c));
	return (paper_keep(c, "milestone", &rows));
}

static int
milestone_report(struct call *c)
{
	const struct report_in	*in = c->body;
	struct db_rows		 rows;

	if (sql_milestone_report(c->db, &rows, &c->id, in->report) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static void
miss(void)
{
	db_alone(&stmt_milestones_miss);
}
