/*
 * shortage.c -- 急需紧缺职业目录: versions drafted by one officer of the city and
 * published by another; the list as of any day for everybody.
 *
 * Invariant: at most one version is in force on a day, and what was published
 * is not changed but by the next one. The SQL is in
 * sql/training/queries/shortage.sql.
 */
#include "demand.h"
#include "training_sql.h"

#define ITEMS_MAX	500

struct item_row {
	const char	*occupation_code, *reason, *source;
	int64_t		 level, headcount;
};

struct shortage_in {
	const char	*title, *basis;
	int32_t		 from_on, to_on;
	struct list_of	 items;
};

struct shortage_query {
	const char	*state, *occupation_code;
	int32_t		 on;
};

static int	shortage_draft(struct call *);

static const char *const states[] = { "draft", "published", "dropped", NULL };

static const struct field item_fields[] = {
	FIELD_CHECK(item_row, occupation_code, REQUIRED, check_occupation_class, "职业代码，或其上级分类"),
	FIELD_INT(item_row, level, OPTIONAL, 1, 5, "技能等级，不填：不限"),
	FIELD_INT(item_row, headcount, OPTIONAL, 1, 1000000, "每个县区的人数，不填：不限"),
	FIELD_TEXT(item_row, reason, REQUIRED, 2, 300, "列入理由"),
	FIELD_TEXT(item_row, source, REQUIRED, 2, 120, "数据来源"),
	FIELD_END
};
static const struct field shortage_fields[] = {
	FIELD_TEXT(shortage_in, title, REQUIRED, 2, 60, "目录名称"),
	FIELD_TEXT(shortage_in, basis, REQUIRED, 2, 120, "发布依据"),
	FIELD_DAY(shortage_in, from_on, REQUIRED, "生效日期"),
	FIELD_DAY(shortage_in, to_on, REQUIRED, "失效日期（当日仍有效）"),
	FIELD_LIST(shortage_in, items, REQUIRED, 1, ITEMS_MAX, item_row, item_fields, "职业"),
	FIELD_END
};
static const struct field list_query_fields[] = {
	FIELD_ENUM(shortage_query, state, OPTIONAL, states, "状态"),
	FIELD_END
};
static const struct field on_query_fields[] = {
	FIELD_DAY(shortage_query, on, OPTIONAL, "哪一天的目录，默认今日"),
	FIELD_TEXT(shortage_query, occupation_code, OPTIONAL, 1, 10, "职业代码或其前几级"),
	FIELD_END
};

static const struct shape list_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "目录版本" },
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "目录名称" },
	{ .name = "basis", .type = SHAPE_T_TEXT, .help = "发布依据" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "生效日期" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .help = "失效日期" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "shortage_list_states", .help = "状态" },
	{ .name = "items", .type = SHAPE_T_INT, .help = "职业数" },
	{ .name = "published_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "发布时间" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "拟定时间" },
	SHAPE_END
};
static const struct shape item_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "条目" },
	{ .name = "list_id", .type = SHAPE_T_UUID, .help = "目录版本" },
	{ .name = "occupation_code", .type = SHAPE_T_TEXT, .help = "职业代码或其上级分类" },
	{ .name = "level", .type = SHAPE_T_INT, .nullable = true, .help = "技能等级" },
	{ .name = "headcount", .type = SHAPE_T_INT, .nullable = true, .help = "每个县区的人数" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .help = "列入理由" },
	{ .name = "source", .type = SHAPE_T_TEXT, .help = "数据来源" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "目录生效日期" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .help = "目录失效日期" },
	SHAPE_END
};

const struct route shortage_routes[] = {
	{ .name = "shortage_draft", .method = METHOD_POST, .path = "/v1/training/shortage-lists",
	  .callers = ROLE_CLERK | ROLE_FIRST_REVIEW, .scope = SCOPE_AREA, .action = "training.shortage.draft",
	  .body = INPUT(shortage_in, shortage_fields), .reply = list_shape, .handler = shortage_draft,
	  .limit = LIMIT_WRITE, .zh = "拟定急需紧缺职业目录", .en = "Draft a version of the shortage list" },
	{ .name = "shortage_publish", .method = METHOD_POST, .path = "/v1/training/shortage-lists/{id}/publish",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "training.shortage.publish",
	  .reply = list_shape, .success = 200, .stmt = &stmt_shortage_publish,
	  .emits = "training.shortage.published.v1", .limit = LIMIT_WRITE,
	  .zh = "发布急需紧缺职业目录", .en = "Publish a version of the shortage list" },
	{ .name = "shortage_drop", .method = METHOD_POST, .path = "/v1/training/shortage-lists/{id}/drop",
	  .callers = ROLE_CLERK | ROLE_FIRST_REVIEW, .scope = SCOPE_AREA, .action = "training.shortage.drop",
	  .reply = list_shape, .success = 200, .stmt = &stmt_shortage_drop, .limit = LIMIT_WRITE,
	  .zh = "作废目录草稿", .en = "Drop a draft of the shortage list" },
	{ .name = "shortage_list_list", .method = METHOD_GET, .path = "/v1/training/shortage-lists",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "training.shortage.list_list",
	  .query = INPUT(shortage_query, list_query_fields), .list = true, .reply = list_shape,
	  .stmt = &stmt_shortage_list_list, .limit = LIMIT_READ,
	  .zh = "急需紧缺职业目录的版本", .en = "List the versions of the shortage list" },
	{ .name = "shortage_on", .method = METHOD_GET, .path = "/v1/training/shortages",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "training.shortage.on",
	  .query = INPUT(shortage_query, on_query_fields), .list = true, .reply = item_shape,
	  .stmt = &stmt_shortage_on, .limit = LIMIT_READ,
	  .zh = "某日的急需紧缺职业", .en = "Occupations in short supply on a day" },
	ROUTE_END
};

/* From today on; no occupation twice at one level. */
static int
shortage_draft(struct call *c)
{
	const struct shortage_in	*in = c->body;
	const struct item_row		*x = in->items.items;
	struct uuid			 id = uuid_new();
	struct db_rows			 rows;
	size_t				 i, j;

	if (in->to_on < in->from_on)
		return (call_reject(c, ERR_F_DATE_ORDER, "/to_on"));
	if (in->from_on < clock_today())
		return (call_reject(c, ERR_F_DATE_PAST, "/from_on"));
	for (i = 0; i < in->items.count; i++)
		for (j = 0; j < i; j++)
			if (x[i].level == x[j].level && strcmp(x[i].occupation_code, x[j].occupation_code) == 0)
				return (call_reject(c, ERR_SHORTAGE_TWICE,
				    arena_printf(c->arena, "/items/%zu/occupation_code", i)));
	call_object(c, &id);
	if (sql_shortage_draft(c->db, &rows, &id, in->title, in->basis, in->from_on, in->to_on,
	    body_list_text(c, "items")) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}
