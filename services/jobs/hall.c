/*
 * hall.c -- 大厅提质改造验收: the city's checklist by version, projects handed in
 * against it item by item, scored by two reviewers of the city.
 *
 * Invariant: without a checklist nothing is accepted; who handed in scores
 * nothing, and nobody scores twice in a round. The SQL is in
 * sql/jobs/queries/hall.sql, its judgement in sql/jobs/082.
 */
#include "jobs.h"
#include "jobs_sql.h"

struct item_in {
	const char	*code;
	const char	*title;
	int64_t		 points;
	bool		 required;
};

struct checklist_in {
	int32_t		 from_on;
	struct list_of	 items;
	int64_t		 pass_score;
	const char	*basis;
};

struct line_in {
	const char	*code;
	int64_t		 points;
	const char	*note;
};

struct hall_in {
	struct list_of	 evidence, scores;
	const char	*note;
};

struct hall_query {
	const char	*state;
};

static const char *const states[] = { "submitted", "returned", "accepted", NULL };

static const struct field item_fields[] = {
	FIELD_TEXT(item_in, code, REQUIRED, 1, 10, "条目编号"),
	FIELD_TEXT(item_in, title, REQUIRED, 2, 200, "验收内容"),
	FIELD_INT(item_in, points, REQUIRED, 1, 100, "分值"),
	FIELD_BOOL(item_in, required, REQUIRED, "必须满分"),
	FIELD_END
};

static const struct field checklist_fields[] = {
	FIELD_DAY(checklist_in, from_on, OPTIONAL, "起始日期，默认今天"),
	FIELD_LIST(checklist_in, items, REQUIRED, 1, 60, item_in, item_fields, "验收条目"),
	FIELD_INT(checklist_in, pass_score, REQUIRED, 1, 6000, "合格分"),
	FIELD_TEXT(checklist_in, basis, REQUIRED, 2, 200, "依据"),
	FIELD_END
};

static const struct field evidence_fields[] = {
	FIELD_TEXT(line_in, code, REQUIRED, 1, 10, "条目编号"),
	FIELD_TEXT(line_in, note, REQUIRED, 2, 500, "佐证说明"),
	FIELD_END
};

static const struct field score_fields[] = {
	FIELD_TEXT(line_in, code, REQUIRED, 1, 10, "条目编号"),
	FIELD_INT(line_in, points, REQUIRED, 0, 100, "得分"),
	FIELD_TEXT(line_in, note, OPTIONAL, 2, 500, "意见"),
	FIELD_END
};

static const struct field hall_in_fields[] = {
	FIELD_LIST(hall_in, evidence, REQUIRED, 1, 60, line_in, evidence_fields, "逐条佐证"),
	FIELD_END
};

static const struct field hall_score_fields[] = {
	FIELD_LIST(hall_in, scores, REQUIRED, 1, 60, line_in, score_fields, "逐条评分"),
	FIELD_TEXT(hall_in, note, OPTIONAL, 2, 500, "验收意见"),
	FIELD_END
};

static const struct field hall_query_fields[] = {
	FIELD_ENUM(hall_query, state, OPTIONAL, states, "验收状态"),
	FIELD_END
};

static const struct shape checklist_shape[] = {
	{ .name = "version", .type = SHAPE_T_INT, .help = "版本" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "起始日期" },
	{ .name = "items", .type = SHAPE_T_JSON, .help = "验收条目" },
	{ .name = "pass_score", .type = SHAPE_T_INT, .help = "合格分" },
	{ .name = "basis", .type = SHAPE_T_TEXT, .help = "依据" },
	SHAPE_END
};

static const struct shape hall_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "验收项目" },
	{ .name = "place_id", .type = SHAPE_T_UUID, .help = "场所" },
	{ .name = "version", .type = SHAPE_T_INT, .help = "验收标准版本" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "hall_project_states", .help = "验收状态" },
	{ .name = "round", .type = SHAPE_T_INT, .help = "第几次提交" },
	{ .name = "evidence", .type = SHAPE_T_JSON, .help = "逐条佐证" },
	{ .name = "scores", .type = SHAPE_T_JSON, .help = "评分" },
	{ .name = "score", .type = SHAPE_T_INT, .nullable = true, .help = "平均分" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "验收意见" },
	{ .name = "decided_on", .type = SHAPE_T_DAY, .nullable = true, .help = "结论日期" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "所在地" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "提交时间" },
	SHAPE_END
};

static int	hall_checklist_set(struct call *);

const struct route hall_routes[] = {
	{ .name = "hall_checklist_set", .method = METHOD_POST, .path = "/v1/jobs/hall-checklists",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "jobs.hall.checklist",
	  .body = INPUT(checklist_in, checklist_fields), .reply = checklist_shape,
	  .handler = hall_checklist_set, .limit = LIMIT_WRITE,
	  .zh = "市级制定验收标准", .en = "Set the acceptance checklist (city)" },
	{ .name = "hall_checklist_list", .method = METHOD_GET, .path = "/v1/jobs/hall-checklists",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "jobs.hall.checklists",
	  .list = true, .reply = checklist_shape, .stmt = &stmt_hall_checklist_list,
	  .limit = LIMIT_READ, .zh = "验收标准", .en = "Versions of the acceptance checklist" },
	{ .name = "hall_submit", .method = METHOD_POST, .path = "/v1/jobs/places/{id}/hall-projects",
	  .callers = ROLE_CLERK | ROLE_FIRST_REVIEW, .scope = SCOPE_AREA, .action = "jobs.hall.submit",
	  .body = INPUT(hall_in, hall_in_fields), .reply = hall_shape, .stmt = &stmt_hall_submit,
	  .limit = LIMIT_WRITE, .matter = "JB-31",
	  .zh = "申请大厅（零工市场）提质改造验收", .en = "Hand in a hall's upgrade for acceptance" },
	{ .name = "hall_resubmit", .method = METHOD_POST, .path = "/v1/jobs/hall-projects/{id}/resubmit",
	  .callers = ROLE_CLERK | ROLE_FIRST_REVIEW, .scope = SCOPE_AREA, .action = "jobs.hall.resubmit",
	  .body = INPUT(hall_in, hall_in_fields), .reply = hall_shape, .success = 200,
	  .stmt = &stmt_hall_resubmit, .limit = LIMIT_WRITE,
	  .zh = "整改后再次提交验收", .en = "Hand in again after a return" },
	{ .name = "hall_score", .method = METHOD_POST, .path = "/v1/jobs/hall-projects/{id}/scores",
	  .callers = ROLE_RECHECK | ROLE_APPROVE, .scope = SCOPE_AREA, .action = "jobs.hall.score",
	  .body = INPUT(hall_in, hall_score_fields), .reply = hall_shape, .stmt = &stmt_hall_score,
	  .emits = "jobs.place.accepted.v1 jobs.unit.moved.v1", .limit = LIMIT_WRITE,
	  .zh = "市级逐条评分，两人", .en = "Score a project item by item (city, two people)" },
	{ .name = "hall_project_list", .method = METHOD_GET, .path = "/v1/jobs/hall-projects",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "jobs.hall.list",
	  .query = INPUT(hall_query, hall_query_fields), .list = true, .reply = hall_shape,
	  .stmt = &stmt_hall_project_list, .limit = LIMIT_READ,
	  .zh = "辖区验收项目", .en = "Acceptance projects of one's area" },
	{ .name = "hall_project_get", .method = METHOD_GET, .path = "/v1/jobs/hall-projects/{id}",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "jobs.hall.get",
	  .reply = hall_shape, .stmt = &stmt_hall_project_get, .limit = LIMIT_READ,
	  .zh = "查看验收项目", .en = "Read an acceptance project" },
	ROUTE_END
};

/* Codes are told apart, and the list can be passed. */
static int
hall_checklist_set(struct call *c)
{
	const struct checklist_in	*in = c->body;
	const struct item_in		*item = in->items.items;
	const struct json		*root = json_parse(c->arena, c->raw.p, c->raw.len);
	int64_t				 sum = 0;
	struct db_rows			 rows;
	size_t				 i, j;

	if (!principal_has(c->principal, ROLE_APPROVE, "431100"))
		return (call_reject(c, ERR_AREA, NULL));
	for (i = 0; i < in->items.count; i++) {
		sum += item[i].points;
		for (j = 0; j < i; j++)
			if (strcmp(item[i].code, item[j].code) == 0)
				return (call_reject(c, ERR_F_DUPLICATE,
				    arena_printf(c->arena, "/items/%zu/code", i)));
	}
	if (in->pass_score > sum)
		return (call_reject(c, ERR_F_LARGE, "/pass_score"));
	if (sql_hall_checklist_set(c->db, &rows, in->from_on,
	    json_text(c->arena, json_get(root, "items")), in->pass_score, in->basis) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}
