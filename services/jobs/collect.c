/*
 * collect.c -- 采集任务: set by city or county, split to its villages, given to
 * clerks or to a contractor, followed until done.
 *
 * Invariant: a task has one item for each village of its area, and lies in one
 * county; what the city sets everywhere is one batch of fourteen. The SQL is in
 * sql/jobs/queries/collect.sql.
 */
#include "jobs.h"
#include "codes/codes.h"
#include "jobs_sql.h"
#include "svc/svc.h"

#define VILLAGE_LEVEL	4
#define WALK		128
#define VILLAGES_BYTES	((size_t)2 << 20)
#define REMIND_MS	3000

struct task_in {
	const char	*title;
	const char	*kind;
	const char	*area_code;
	int64_t		 form_version;
	int32_t		 from_on, due_on;
};

struct assign_in {
	const char	*area_code;
	struct uuid	 officer_id, org_id;
};

struct done_in {
	const char	*note;
};

struct task_query {
	struct uuid	 batch_id;
};

struct item_query {
	struct uuid	 task_id;
	const char	*state;
	bool		 late;
	const char	*area_code;
};

static int	collect_task_create(struct call *);
static bool	villages_put(struct call *, const char *, struct buf *);
static void	remind(void);

static const char *const kinds[] = { "full", "update", "special", NULL };
static const char *const item_states[] = { "open", "done", NULL };

static const struct field task_in_fields[] = {
	FIELD_TEXT(task_in, title, REQUIRED, 2, 60, "任务名称"),
	FIELD_ENUM(task_in, kind, REQUIRED, kinds, "采集方式"),
	FIELD_CHECK(task_in, area_code, REQUIRED, check_area, "范围：全市、县区、乡镇或村"),
	FIELD_INT(task_in, form_version, REQUIRED, 1, 999, "采集表版本"),
	FIELD_DAY(task_in, from_on, OPTIONAL, "起，默认今天"),
	FIELD_DAY(task_in, due_on, REQUIRED, "截止日期"),
	FIELD_END
};

static const struct field assign_fields[] = {
	FIELD_CHECK(assign_in, area_code, REQUIRED, check_area, "县区、乡镇或村"),
	FIELD_UUID(assign_in, officer_id, OPTIONAL, "采集人员，与 org_id 二选一"),
	FIELD_UUID(assign_in, org_id, OPTIONAL, "承接单位"),
	FIELD_END
};

static const struct field done_fields[] = {
	FIELD_TEXT(done_in, note, OPTIONAL, 2, 200, "说明；没有一条信息时必填"),
	FIELD_END
};

static const struct field task_query_fields[] = {
	FIELD_UUID(task_query, batch_id, OPTIONAL, "同一批任务"),
	FIELD_END
};

static const struct field item_query_fields[] = {
	FIELD_UUID(item_query, task_id, OPTIONAL, "采集任务"),
	FIELD_ENUM(item_query, state, OPTIONAL, item_states, "状态"),
	FIELD_BOOL(item_query, late, OPTIONAL, "已逾期"),
	FIELD_CHECK(item_query, area_code, OPTIONAL, check_area, "县区、乡镇或村"),
	FIELD_END
};

static const struct shape batch_task_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "采集任务" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	SHAPE_END
};

static const struct shape batch_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "任务批次" },
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "任务名称" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "范围" },
	{ .name = "tasks", .type = SHAPE_T_LIST, .of = batch_task_shape, .help = "各县区的任务" },
	{ .name = "items", .type = SHAPE_T_INT, .help = "村（社区）数" },
	SHAPE_END
};

#define COUNTS_SHAPE								\
	{ .name = "items", .type = SHAPE_T_INT, .help = "村（社区）数" },		\
	{ .name = "done", .type = SHAPE_T_INT, .help = "已完成" },			\
	{ .name = "late", .type = SHAPE_T_INT, .help = "已逾期" },			\
	{ .name = "records", .type = SHAPE_T_INT, .help = "采集信息数" }

static const struct shape task_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "采集任务" },
	{ .name = "batch_id", .type = SHAPE_T_UUID, .help = "任务批次" },
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "任务名称" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .help = "采集方式" },
	{ .name = "form_version", .type = SHAPE_T_INT, .help = "采集表版本" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "起" },
	{ .name = "due_on", .type = SHAPE_T_DAY, .help = "截止日期" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "范围" },
	COUNTS_SHAPE,
	SHAPE_END
};

static const struct shape progress_shape[] = {
	{ .name = "town_code", .type = SHAPE_T_TEXT, .help = "乡镇（街道）" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	COUNTS_SHAPE,
	SHAPE_END
};

static const struct shape assigned_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "采集任务" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "assigned", .type = SHAPE_T_INT, .help = "分派的村（社区）数" },
	SHAPE_END
};

static const struct shape item_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "采集事项" },
	{ .name = "task_id", .type = SHAPE_T_UUID, .help = "采集任务" },
	{ .name = "village_code", .type = SHAPE_T_TEXT, .help = "村（社区）" },
	{ .name = "village_name", .type = SHAPE_T_TEXT, .help = "村（社区）名称" },
	{ .name = "officer_id", .type = SHAPE_T_UUID, .nullable = true, .help = "采集人员" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .nullable = true, .help = "承接单位" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "collect_item_states", .help = "状态" },
	{ .name = "due_on", .type = SHAPE_T_DAY, .help = "截止日期" },
	{ .name = "late", .type = SHAPE_T_BOOL, .help = "已逾期" },
	{ .name = "done_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "完成时间" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "说明" },
	{ .name = "records", .type = SHAPE_T_INT, .help = "采集信息数" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	SHAPE_END
};

const struct route collect_routes[] = {
	{ .name = "collect_task_create", .method = METHOD_POST, .path = "/v1/jobs/collect-tasks",
	  .callers = ROLE_FIRST_REVIEW | ROLE_APPROVE, .scope = SCOPE_AREA, .action = "jobs.collect.create",
	  .body = INPUT(task_in, task_in_fields), .reply = batch_shape, .handler = collect_task_create,
	  .limit = LIMIT_WRITE, .zh = "下达采集任务，分到每个村（社区）", .en = "Set a collection task, one item a village" },
	{ .name = "collect_task_list", .method = METHOD_GET, .path = "/v1/jobs/collect-tasks",
	  .callers = ROLE_CASE_OFFICERS | ROLE_STATS | ROLE_PARTNER, .scope = SCOPE_CALLER, .action = "jobs.collect.list",
	  .query = INPUT(task_query, task_query_fields), .list = true, .reply = task_shape,
	  .stmt = &stmt_collect_task_list, .limit = LIMIT_READ,
	  .zh = "采集任务及各县区进度", .en = "Collection tasks and their progress" },
	{ .name = "collect_progress", .method = METHOD_GET, .path = "/v1/jobs/collect-tasks/{id}/progress",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "jobs.collect.progress",
	  .list = true, .reply = progress_shape, .stmt = &stmt_collect_progress, .limit = LIMIT_READ,
	  .zh = "采集任务各乡镇进度", .en = "Progress of a task by town" },
	{ .name = "collect_assign", .method = METHOD_POST, .path = "/v1/jobs/collect-tasks/{id}/assign",
	  .callers = ROLE_FIRST_REVIEW | ROLE_APPROVE, .scope = SCOPE_AREA, .action = "jobs.collect.assign",
	  .body = INPUT(assign_in, assign_fields), .reply = assigned_shape, .success = 200,
	  .stmt = &stmt_collect_assign, .limit = LIMIT_WRITE,
	  .zh = "分派给采集人员或承接单位", .en = "Give villages to a clerk or a contractor" },
	{ .name = "collect_item_list", .method = METHOD_GET, .path = "/v1/jobs/collect-items",
	  .callers = ROLE_CASE_OFFICERS | ROLE_PARTNER, .scope = SCOPE_CALLER, .action = "jobs.collect.items",
	  .query = INPUT(item_query, item_query_fields), .list = true, .reply = item_shape,
	  .stmt = &stmt_collect_item_list, .limit = LIMIT_READ,
	  .zh = "采集事项（可列逾期）", .en = "Items of collection, the late ones too" },
	{ .name = "collect_item_done", .method = METHOD_POST, .path = "/v1/jobs/collect-items/{id}/done",
	  .callers = ROLE_CLERK | ROLE_PARTNER, .scope = SCOPE_CALLER, .action = "jobs.collect.done",
	  .body = INPUT(done_in, done_fields), .reply = item_shape, .success = 200,
	  .stmt = &stmt_collect_item_done, .limit = LIMIT_WRITE,
	  .zh = "完成一个村（社区）的采集", .en = "Finish a village" },
	ROUTE_END
};

void
collect_start(void)
{
	svc_every("jobs.collect_remind", REMIND_MS, remind);
}

static void
remind(void)
{
	db_alone(&stmt_collect_remind);
}

static int
collect_task_create(struct call *c)
{
	const struct task_in	*in = c->body;
	int32_t			 from = in->from_on == DAY_NONE ? clock_today() : in->from_on;
	struct uuid		 batch = uuid_new();
	struct db_rows		 rows;
	struct buf		 b;
	bool			 any;

	if (in->due_on < from || in->due_on < clock_today())
		return (call_reject(c, ERR_F_DATE_ORDER, "/due_on"));
	if (!call_in_area(c, in->area_code) && strcmp(in->area_code, AREA_CITY) != 0)
		return (call_reject(c, ERR_AREA, "/area_code"));
	if (strcmp(in->area_code, AREA_CITY) == 0 &&
	    !principal_has(c->principal, ROLE_APPROVE, AREA_CITY) &&
	    !principal_has(c->principal, ROLE_FIRST_REVIEW, AREA_CITY))
		return (call_reject(c, ERR_AREA, "/area_code"));
	buf_init(&b, VILLAGES_BYTES);
	any = villages_put(c, in->area_code, &b);
	if (any && sql_collect_task_create(c->db, &rows, &batch, in->title, in->kind, in->form_version,
	    in->area_code, from, in->due_on, buf_cstr(&b)) == -1) {
		buf_release(&b);
		return (call_failed(c));
	}
	buf_release(&b);
	if (!any)
		return (call_reject(c, ERR_COLLECT_EMPTY, "/area_code"));
	call_object(c, &batch);
	return (call_reply_row(c, 201, &rows));
}

/* The villages at or below an area, by jurisdiction. False: there is none. */
static bool
villages_put(struct call *c, const char *area, struct buf *b)
{
	const struct code_filter	 f = { .level = VILLAGE_LEVEL };
	struct code_item		*items = arena_alloc(c->arena, WALK * sizeof(*items));
	const struct code_list		*l;
	struct json_out			 out;
	size_t				 n, i, count = 0;
	const char			*after = NULL;

	l = codes_lists(&n);
	json_out_init(&out, b);
	json_open_list(&out, NULL);
	do {
		n = code_list_walk(l, &f, after, items, WALK);
		for (i = 0; i < n; i++) {
			if (!area_within(items[i].code, area))
				continue;
			json_open(&out, NULL);
			json_put_text(&out, "code", items[i].code);
			json_put_text(&out, "name", items[i].name);
			json_put_text(&out, "county", area_county(items[i].code));
			json_close(&out);
			count++;
		}
		after = n > 0 ? arena_strdup(c->arena, items[n - 1].code) : NULL;
	} while (n == WALK);
	json_close_list(&out);
	return (count > 0 && buf_ok(b));
}
