/*
 * project.c -- awarded 优质创业项目: the firm's plan, agreed to by an officer; what
 * the public and the figures see; and an award taken back for what was missed.
 * Rounds, awards and their instalments are shared/workflow's; the rules of what
 * comes after are in sql/entrepreneurship/032-034.
 */
#include "entrepreneurship.h"

#include "codes/codes.h"
#include "entrepreneurship_sql.h"
#include "projects.h"

struct planned_in {
	const char	*title, *deliverable;
	int32_t		 due_on;
};

struct plan_in {
	struct list_of	 milestones;	/* struct planned_in */
};

struct agree_in {
	bool		 pass;
	const char	*note;
};

struct revoke_in {
	const char	*reason;
};

struct project_query {
	const char	*state, *county_code;
};

static int	project_plan(struct call *);

static const char *const states[] = { "unplanned", "planned", "running", "completed", "revoked", NULL };

static const struct field planned_fields[] = {
	FIELD_TEXT(planned_in, title, REQUIRED, 2, 100, "节点名称"),
	FIELD_TEXT(planned_in, deliverable, REQUIRED, 2, 500, "完成标志"),
	FIELD_DAY(planned_in, due_on, REQUIRED, "应完成日期"),
	FIELD_END
};

static const struct field plan_fields[] = {
	FIELD_LIST(plan_in, milestones, REQUIRED, 1, 12, planned_in, planned_fields, "节点，按日期先后"),
	FIELD_END
};

static const struct field agree_fields[] = {
	FIELD_BOOL(agree_in, pass, REQUIRED, "同意，或退回修改"),
	FIELD_TEXT(agree_in, note, OPTIONAL, 2, 500, "意见，退回的必填"),
	FIELD_END
};

static const struct field revoke_fields[] = {
	FIELD_TEXT(revoke_in, reason, REQUIRED, 2, 500, "理由"),
	FIELD_END
};

static const struct field project_query_fields[] = {
	FIELD_ENUM(project_query, state, OPTIONAL, states, "状态"),
	FIELD_CHECK(project_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_END
};

static const struct field public_query_fields[] = {
	FIELD_CHECK(project_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_END
};

static const struct shape project_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "项目（奖补）" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "企业" },
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "企业名称" },
	{ .name = "round_title", .type = SHAPE_T_TEXT, .nullable = true, .help = "评选" },
	{ .name = "rank", .type = SHAPE_T_INT, .nullable = true, .help = "名次" },
	{ .name = "instalments", .type = SHAPE_T_INT, .help = "期数" },
	{ .name = "instalments_given", .type = SHAPE_T_INT, .help = "已发放的期数" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "project_states", .help = "状态" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "意见" },
	{ .name = "milestones", .type = SHAPE_T_LIST, .of = milestone_shape, .help = "节点" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "所在地" },
	{ .name = "awarded_at", .type = SHAPE_T_INSTANT, .help = "入选时间" },
	SHAPE_END
};

static const struct shape public_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "项目" },
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "企业名称" },
	{ .name = "round_id", .type = SHAPE_T_UUID, .help = "评选" },
	{ .name = "round_title", .type = SHAPE_T_TEXT, .help = "评选公告" },
	{ .name = "rank", .type = SHAPE_T_INT, .help = "名次" },
	{ .name = "score_milli", .type = SHAPE_T_INT, .help = "得分，千分之一分" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "awarded_on", .type = SHAPE_T_DAY, .help = "入选日期" },
	{ .name = "instalments", .type = SHAPE_T_INT, .help = "期数" },
	{ .name = "milestones", .type = SHAPE_T_INT, .help = "计划节点数" },
	{ .name = "milestones_accepted", .type = SHAPE_T_INT, .help = "已完成节点数" },
	SHAPE_END
};

static const struct shape county_figure_shape[] = {
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "applied", .type = SHAPE_T_INT, .nullable = true, .help = "申报数，不足5的不显示" },
	{ .name = "awarded", .type = SHAPE_T_INT, .help = "入选数" },
	{ .name = "revoked", .type = SHAPE_T_INT, .help = "撤销数" },
	{ .name = "completed", .type = SHAPE_T_INT, .help = "节点全部完成" },
	{ .name = "milestones", .type = SHAPE_T_INT, .help = "计划节点" },
	{ .name = "milestones_accepted", .type = SHAPE_T_INT, .help = "完成节点" },
	{ .name = "milestones_late", .type = SHAPE_T_INT, .help = "逾期节点" },
	{ .name = "instalments_given", .type = SHAPE_T_INT, .help = "提请发放的期数" },
	{ .name = "paid", .type = SHAPE_T_INT, .help = "银行已付笔数" },
	{ .name = "paid_cents", .type = SHAPE_T_INT, .help = "银行已付金额（分）" },
	SHAPE_END
};

static const struct shape figures_shape[] = {
	{ .name = "target", .type = SHAPE_T_INT, .help = "政策名额" },
	{ .name = "awarded", .type = SHAPE_T_INT, .help = "辖区入选数" },
	{ .name = "paid_cents", .type = SHAPE_T_INT, .help = "辖区已付金额（分）" },
	{ .name = "milestones_late", .type = SHAPE_T_INT, .help = "辖区逾期节点" },
	{ .name = "counties", .type = SHAPE_T_LIST, .of = county_figure_shape, .help = "分县区" },
	SHAPE_END
};

const struct route project_routes[] = {
	{ .name = "project_plan", .method = METHOD_POST, .path = "/v1/entrepreneurship/projects/{id}/plan",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .right = RIGHT_CLAIM,
	  .action = "entrepreneurship.project.plan", .body = INPUT(plan_in, plan_fields),
	  .reply = project_shape, .success = 200, .handler = project_plan,
	  .emits = "entrepreneurship.project.moved.v1", .limit = LIMIT_WRITE, .matter = "EN-21",
	  .zh = "提交项目分期计划", .en = "Hand in a project's plan" },
	{ .name = "project_agree", .method = METHOD_POST, .path = "/v1/entrepreneurship/projects/{id}/agree",
	  .callers = ROLE_FIRST_REVIEW | ROLE_RECHECK | ROLE_APPROVE, .scope = SCOPE_AREA,
	  .action = "entrepreneurship.project.agree", .body = INPUT(agree_in, agree_fields),
	  .reply = project_shape, .success = 200, .stmt = &stmt_project_agree,
	  .emits = "entrepreneurship.project.moved.v1", .limit = LIMIT_WRITE,
	  .zh = "同意或退回项目计划", .en = "Agree to a plan, or return it" },
	{ .name = "project_revoke", .method = METHOD_POST, .path = "/v1/entrepreneurship/projects/{id}/revoke",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "entrepreneurship.project.revoke",
	  .body = INPUT(revoke_in, revoke_fields), .reply = project_shape, .success = 200,
	  .stmt = &stmt_project_revoke,
	  .emits = "entrepreneurship.project.moved.v1 entrepreneurship.award.revoked.v1",
	  .limit = LIMIT_WRITE, .key = KEY_REQUIRED,
	  .zh = "节点逾期的撤销奖补", .en = "Take an award back for a milestone that was missed" },
	{ .name = "project_list", .method = METHOD_GET, .path = "/v1/entrepreneurship/projects",
	  .callers = ROLE_CASE_OFFICERS | ROLE_EMPLOYER, .scope = SCOPE_CALLER,
	  .action = "entrepreneurship.project.list",
	  .query = INPUT(project_query, project_query_fields), .list = true, .reply = project_shape,
	  .stmt = &stmt_project_list, .limit = LIMIT_READ,
	  .zh = "入选项目（本单位或辖区）", .en = "List projects, own or of the area" },
	{ .name = "project_get", .method = METHOD_GET, .path = "/v1/entrepreneurship/projects/{id}",
	  .callers = ROLE_CASE_OFFICERS | ROLE_EMPLOYER, .scope = SCOPE_CALLER,
	  .action = "entrepreneurship.project.get", .reply = project_shape,
	  .stmt = &stmt_project_get, .limit = LIMIT_READ,
	  .zh = "查看入选项目", .en = "Read a project with its milestones" },
	{ .name = "project_list_public", .method = METHOD_GET,
	  .path = "/v1/entrepreneurship/public-projects",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "entrepreneurship.project.list_public",
	  .query = INPUT(project_query, public_query_fields), .list = true, .reply = public_shape,
	  .stmt = &stmt_project_list_public, .limit = LIMIT_READ,
	  .zh = "优质创业项目名单及进展", .en = "The awarded projects and how far they are" },
	{ .name = "project_figures", .method = METHOD_GET,
	  .path = "/v1/entrepreneurship/project-figures",
	  .callers = ROLE_CASE_OFFICERS | ROLE_STATS | ROLE_FINANCE | ROLE_FISCAL, .scope = SCOPE_AREA,
	  .action = "entrepreneurship.project.figures", .reply = figures_shape,
	  .stmt = &stmt_project_figures, .limit = LIMIT_READ,
	  .zh = "优质创业项目统计", .en = "Figures of projects by county" },
	ROUTE_END
};

/* Each day lies ahead, and behind the one before it. */
static int
project_plan(struct call *c)
{
	const struct plan_in	*in = c->body;
	const struct planned_in	*m = in->milestones.items;
	const struct json	*root = json_parse(c->arena, c->raw.p, c->raw.len);
	struct db_rows		 rows;
	int32_t			 before = clock_today();
	size_t			 i;

	for (i = 0; i < in->milestones.count; before = m[i++].due_on)
		if (m[i].due_on <= before)
			return (call_reject(c, ERR_F_DATE_ORDER,
			    arena_printf(c->arena, "/milestones/%zu/due_on", i)));
	if (sql_project_plan(c->db, &rows, &c->id, json_text(c->arena, json_get(root, "milestones"))) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}
