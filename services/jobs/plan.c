/*
 * plan.c -- 一人一策: service packages, the plan of a case, what was done for
 * the person, the figures; and what the city sets about them.
 *
 * Invariant: a case keeps the version of the package it began with; nothing
 * that the policy leaves open has a value until the city sets one. The SQL is
 * in sql/jobs/queries/plan.sql.
 */
#include "help.h"

#include "codes/codes.h"
#include "jobs_sql.h"

#define VISIT_MOST_DAYS	366

struct plan_in {
	const char	*package_code;
};

struct plan_item_in {
	const char	*kind, *title;
	int32_t		 due_on;
	const char	*note;
};

struct plan_drop_in {
	const char	*note;
};

struct plan_answer_in {
	bool		 accepts;
	const char	*reason;
};

struct plan_contact_in {
	struct uuid	 item_id;
	const char	*kind;
	int32_t		 contacted_on;
	const char	*channel, *outcome, *result, *reply;
	const char	*consents;
	const char	*refusal_reason;
	struct uuid	 vacancy_id;
	int32_t		 next_visit_on;
};

struct plan_part {
	const char	*kind;
	int64_t		 times, within_days;
};

struct plan_package_in {
	const char	*code, *name, *source;
	struct list_of	 items;
	bool		 is_enabled;
	int32_t		 from_on;
};

struct plan_package_query {
	bool		 is_enabled;
};

struct plan_contact_query {
	const char	*county_code;
	int32_t		 from_on, to_on;
	const char	*kind, *outcome;
};

struct plan_figure_query {
	int32_t		 from_on, to_on;
	const char	*county_code, *group;
};

static int	plan_make(struct call *);
static int	plan_item_add(struct call *);
static int	plan_item_answer(struct call *);
static int	plan_contact_add(struct call *);
static int	plan_package_publish(struct call *);
static int	plan_figure_list(struct call *);

static const char *const channels[] = { "phone", "visit", "hall", "online", "text", "other", NULL };
static const char *const outcomes[] = { "served", "refused", "unreached", NULL };
static const char *const consents[] = { "given", "withheld", NULL };

static const struct field plan_in_fields[] = {
	FIELD_TEXT(plan_in, package_code, REQUIRED, 2, 12, "服务包，如 1131、311"),
	FIELD_END
};

static const struct field plan_item_in_fields[] = {
	FIELD_ENUM(plan_item_in, kind, REQUIRED, help_kinds, "服务种类"),
	FIELD_TEXT(plan_item_in, title, REQUIRED, 2, 100, "内容"),
	FIELD_DAY(plan_item_in, due_on, OPTIONAL, "应完成日期"),
	FIELD_TEXT(plan_item_in, note, OPTIONAL, 0, 500, "说明"),
	FIELD_END
};

static const struct field plan_drop_in_fields[] = {
	FIELD_TEXT(plan_drop_in, note, REQUIRED, 2, 500, "取消的原因"),
	FIELD_END
};

static const struct field plan_answer_in_fields[] = {
	FIELD_BOOL(plan_answer_in, accepts, REQUIRED, "接受"),
	FIELD_TEXT(plan_answer_in, reason, OPTIONAL, 2, 200, "不接受的原因，不接受时必填"),
	FIELD_END
};

static const struct field plan_contact_in_fields[] = {
	FIELD_UUID(plan_contact_in, item_id, OPTIONAL, "计划项目"),
	FIELD_ENUM(plan_contact_in, kind, REQUIRED, help_kinds, "服务种类；只是回访的为 visit"),
	FIELD_DAY(plan_contact_in, contacted_on, REQUIRED, "日期"),
	FIELD_ENUM(plan_contact_in, channel, REQUIRED, channels, "方式"),
	FIELD_ENUM(plan_contact_in, outcome, REQUIRED, outcomes, "结果"),
	FIELD_TEXT(plan_contact_in, result, OPTIONAL, 0, 1000, "情况"),
	FIELD_TEXT(plan_contact_in, reply, OPTIONAL, 0, 500, "本人答复"),
	FIELD_ENUM(plan_contact_in, consents, OPTIONAL, consents, "本人是否同意使用其信息；未问不填"),
	FIELD_TEXT(plan_contact_in, refusal_reason, OPTIONAL, 2, 200, "拒绝原因，拒绝时必填"),
	FIELD_UUID(plan_contact_in, vacancy_id, OPTIONAL, "推荐的岗位，岗位推荐时必填"),
	FIELD_DAY(plan_contact_in, next_visit_on, OPTIONAL, "下次回访"),
	FIELD_END
};

static const struct field plan_part_fields[] = {
	FIELD_ENUM(plan_part, kind, REQUIRED, help_kinds, "服务种类"),
	FIELD_INT(plan_part, times, REQUIRED, 1, 20, "次数"),
	FIELD_INT(plan_part, within_days, OPTIONAL, 1, 731, "期限（天）；不填为未定"),
	FIELD_END
};

static const struct field plan_package_in_fields[] = {
	FIELD_TEXT(plan_package_in, code, REQUIRED, 2, 12, "服务包代码，数字和大写字母"),
	FIELD_TEXT(plan_package_in, name, REQUIRED, 2, 50, "名称"),
	FIELD_TEXT(plan_package_in, source, REQUIRED, 2, 200, "依据"),
	FIELD_LIST(plan_package_in, items, REQUIRED, 1, 20, plan_part, plan_part_fields, "服务内容"),
	FIELD_BOOL(plan_package_in, is_enabled, REQUIRED, "启用"),
	FIELD_DAY(plan_package_in, from_on, REQUIRED, "自何日起"),
	FIELD_END
};

static const struct field plan_package_query_fields[] = {
	FIELD_BOOL(plan_package_query, is_enabled, OPTIONAL, "启用"),
	FIELD_END
};

static const struct field plan_contact_query_fields[] = {
	FIELD_CHECK(plan_contact_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_DAY(plan_contact_query, from_on, OPTIONAL, "自"),
	FIELD_DAY(plan_contact_query, to_on, OPTIONAL, "至"),
	FIELD_ENUM(plan_contact_query, kind, OPTIONAL, help_kinds, "服务种类"),
	FIELD_ENUM(plan_contact_query, outcome, OPTIONAL, outcomes, "结果"),
	FIELD_END
};

static const struct field plan_figure_query_fields[] = {
	FIELD_DAY(plan_figure_query, from_on, REQUIRED, "自"),
	FIELD_DAY(plan_figure_query, to_on, REQUIRED, "至"),
	FIELD_CHECK(plan_figure_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_ENUM(plan_figure_query, group, OPTIONAL, help_groups, "帮扶对象类别"),
	FIELD_END
};

static const struct shape part_shape[] = {
	{ .name = "kind", .type = SHAPE_T_TEXT, .codes = "help_kinds", .help = "服务种类" },
	{ .name = "times", .type = SHAPE_T_INT, .help = "次数" },
	{ .name = "within_days", .type = SHAPE_T_INT, .nullable = true, .help = "期限（天）；空为未定" },
	SHAPE_END
};

static const struct shape package_shape[] = {
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "服务包" },
	{ .name = "version", .type = SHAPE_T_INT, .help = "版本" },
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "名称" },
	{ .name = "source", .type = SHAPE_T_TEXT, .help = "依据" },
	{ .name = "items", .type = SHAPE_T_LIST, .of = part_shape, .help = "服务内容" },
	{ .name = "is_enabled", .type = SHAPE_T_BOOL, .help = "启用" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "自何日起" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "发布时间" },
	SHAPE_END
};

static const struct shape figure_shape[] = {
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "group", .type = SHAPE_T_TEXT, .codes = "help_groups", .help = "帮扶对象类别" },
	{ .name = "hidden", .type = SHAPE_T_BOOL, .help = "有少于 5 的数，对统计人员隐去" },
	{ .name = "persons", .type = SHAPE_T_INT, .nullable = true, .help = "期内在册人数（分母）" },
	{ .name = "followed", .type = SHAPE_T_INT, .nullable = true, .help = "联系上的人数" },
	{ .name = "served", .type = SHAPE_T_INT, .nullable = true, .help = "得到服务的人数" },
	{ .name = "employed", .type = SHAPE_T_INT, .nullable = true, .help = "期内就业的人数" },
	{ .name = "follow_up_rate_bp", .type = SHAPE_T_INT, .nullable = true, .help = "回访率（万分之一）" },
	{ .name = "help_rate_bp", .type = SHAPE_T_INT, .nullable = true, .help = "帮扶率（万分之一）" },
	{ .name = "employment_rate_bp", .type = SHAPE_T_INT, .nullable = true, .help = "就业率（万分之一）" },
	SHAPE_END
};

static const struct shape figures_shape[] = {
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "自" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .help = "至" },
	{ .name = "items", .type = SHAPE_T_LIST, .of = figure_shape, .help = "各县区、各类对象" },
	SHAPE_END
};

const struct route plan_routes[] = {
	{ .name = "plan_package_list", .method = METHOD_GET, .path = "/v1/jobs/help-packages",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "jobs.plan.packages",
	  .query = INPUT(plan_package_query, plan_package_query_fields), .list = true,
	  .reply = package_shape, .stmt = &stmt_plan_package_list, .limit = LIMIT_READ,
	  .zh = "帮扶服务包", .en = "List the service packages and their versions" },
	{ .name = "plan_package_publish", .method = METHOD_POST, .path = "/v1/jobs/help-packages",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "jobs.plan.publish",
	  .body = INPUT(plan_package_in, plan_package_in_fields), .reply = package_shape,
	  .handler = plan_package_publish, .limit = LIMIT_WRITE,
	  .zh = "发布服务包新版本（市级）", .en = "Publish a version of a package (city)" },
	{ .name = "plan_make", .method = METHOD_POST, .path = "/v1/jobs/help-cases/{id}/plan",
	  .callers = ROLE_HELPERS, .scope = SCOPE_AREA, .action = "jobs.plan.make",
	  .body = INPUT(plan_in, plan_in_fields), .reply = help_shape, .success = 200,
	  .handler = plan_make, .emits = "jobs.help_item.changed.v1", .limit = LIMIT_WRITE,
	  .zh = "按服务包制定一人一策", .en = "Make the plan of a case from a package" },
	{ .name = "plan_item_add", .method = METHOD_POST, .path = "/v1/jobs/help-cases/{id}/items",
	  .callers = ROLE_HELPERS, .scope = SCOPE_AREA, .action = "jobs.plan.item_add",
	  .body = INPUT(plan_item_in, plan_item_in_fields), .reply = help_item_shape,
	  .handler = plan_item_add, .emits = "jobs.help_item.changed.v1", .limit = LIMIT_WRITE,
	  .zh = "增加计划项目", .en = "Add an item to a plan" },
	{ .name = "plan_item_drop", .method = METHOD_POST, .path = "/v1/jobs/help-items/{id}/drop",
	  .callers = ROLE_HELPERS, .scope = SCOPE_AREA, .action = "jobs.plan.item_drop",
	  .body = INPUT(plan_drop_in, plan_drop_in_fields), .reply = help_item_shape, .success = 200,
	  .stmt = &stmt_plan_item_drop, .emits = "jobs.help_item.changed.v1", .limit = LIMIT_WRITE,
	  .zh = "取消计划项目", .en = "Drop an item of a plan" },
	{ .name = "plan_item_answer", .method = METHOD_POST, .path = "/v1/jobs/my/help-items/{id}/answer",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "jobs.plan.item_answer",
	  .body = INPUT(plan_answer_in, plan_answer_in_fields), .reply = help_item_shape, .success = 200,
	  .handler = plan_item_answer, .limit = LIMIT_WRITE,
	  .zh = "答复帮扶安排", .en = "Accept or refuse what the plan offers" },
	{ .name = "plan_contact_add", .method = METHOD_POST, .path = "/v1/jobs/help-cases/{id}/contacts",
	  .callers = ROLE_HELPERS, .scope = SCOPE_AREA, .action = "jobs.plan.contact_add",
	  .body = INPUT(plan_contact_in, plan_contact_in_fields), .reply = help_contact_shape,
	  .handler = plan_contact_add, .emits = "jobs.help.served.v1", .limit = LIMIT_WRITE,
	  .zh = "记录联系和服务", .en = "Write down a contact or a service rendered" },
	{ .name = "plan_contact_list", .method = METHOD_GET, .path = "/v1/jobs/help-contacts",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "jobs.plan.contacts",
	  .query = INPUT(plan_contact_query, plan_contact_query_fields), .list = true,
	  .reply = help_contact_shape, .stmt = &stmt_plan_contact_list, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON, .zh = "辖区内的服务记录", .en = "List contacts and services of the area" },
	{ .name = "plan_figure_list", .method = METHOD_GET, .path = "/v1/jobs/help-figures",
	  .callers = ROLE_CASE_OFFICERS | ROLE_STATS, .scope = SCOPE_AREA, .action = "jobs.plan.figures",
	  .query = INPUT(plan_figure_query, plan_figure_query_fields), .reply = figures_shape,
	  .handler = plan_figure_list, .limit = LIMIT_READ,
	  .zh = "回访率、帮扶率、就业率", .en = "Follow-up, help and employment rates" },
	ROUTE_END
};

static int
plan_package_publish(struct call *c)
{
	static const char		 alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	const struct plan_package_in	*in = c->body;
	const struct plan_part		*part = in->items.items;
	struct db_rows			 rows;
	struct json_out			 out;
	struct buf			 text;
	size_t				 i;
	int				 rc;

	if (!principal_has(c->principal, ROLE_APPROVE, AREA_CITY))
		return (call_reject(c, ERR_AREA, NULL));
	if (in->code[strspn(in->code, alphabet)] != '\0')
		return (call_reject(c, ERR_F_FORMAT, "/code"));
	buf_init(&text, 16384);
	json_out_init(&out, &text);
	json_open_list(&out, NULL);
	for (i = 0; i < in->items.count; i++) {
		json_open(&out, NULL);
		json_put_text(&out, "kind", part[i].kind);
		json_put_int(&out, "times", part[i].times);
		json_put_int(&out, "within_days", part[i].within_days);
		json_close(&out);
	}
	json_close_list(&out);
	rc = sql_plan_package_publish(c->db, &rows, in->code, in->name, in->source,
	    buf_cstr(&text), in->is_enabled, in->from_on);
	buf_release(&text);
	return (rc == -1 ? call_failed(c) : call_reply_row(c, 201, &rows));
}

static int
plan_make(struct call *c)
{
	const struct plan_in	*in = c->body;
	struct db_rows		 rows;

	if (sql_plan_make(c->db, &rows, &c->id, in->package_code) == -1)
		return (call_failed(c));
	return (help_reply_whole(c, 200));
}

static int
plan_item_add(struct call *c)
{
	const struct plan_item_in	*in = c->body;
	struct db_rows			 rows;

	if (in->due_on != DAY_NONE && in->due_on < clock_today())
		return (call_reject(c, ERR_F_DATE_PAST, "/due_on"));
	if (sql_plan_item_add(c->db, &rows, &c->id, in->kind, in->title, in->due_on, in->note) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
plan_item_answer(struct call *c)
{
	const struct plan_answer_in	*in = c->body;
	struct db_rows			 rows;

	if (in->accepts != (in->reason == NULL))
		return (call_reject(c, ERR_JOBS_HELP_REFUSAL, "/reason"));
	if (sql_plan_item_answer(c->db, &rows, &c->id, &c->principal->person, in->accepts,
	    in->reason) == -1 || sql_plan_item_get(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

/* A refusal has its reason, a referral its posting, and nothing else has either. */
static int
plan_contact_add(struct call *c)
{
	const struct plan_contact_in	*in = c->body;
	bool				 refused = strcmp(in->outcome, "refused") == 0;
	bool				 refers = strcmp(in->kind, "referral") == 0 &&
	    strcmp(in->outcome, "served") == 0;
	bool				 yes = in->consents != NULL && strcmp(in->consents, "given") == 0;
	int32_t				 today = clock_today();
	struct db_rows			 rows;

	if (in->contacted_on > today)
		return (call_reject(c, ERR_F_DATE_FUTURE, "/contacted_on"));
	if (refused != (in->refusal_reason != NULL))
		return (call_reject(c, ERR_JOBS_HELP_REFUSAL, "/refusal_reason"));
	if (refers != !uuid_is_nil(&in->vacancy_id))
		return (call_reject(c, ERR_JOBS_HELP_REFERRAL, "/vacancy_id"));
	if (in->next_visit_on != DAY_NONE && (in->next_visit_on < today ||
	    in->next_visit_on > today + VISIT_MOST_DAYS))
		return (call_reject(c, ERR_F_DATE_PAST, "/next_visit_on"));
	if (sql_plan_contact_add(c->db, &rows, &c->id,
	    uuid_is_nil(&in->item_id) ? NULL : &in->item_id, in->kind, in->contacted_on,
	    in->channel, in->outcome, in->result, in->reply, in->consents == NULL ? NULL : &yes,
	    in->refusal_reason, uuid_is_nil(&in->vacancy_id) ? NULL : &in->vacancy_id,
	    in->next_visit_on) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
plan_figure_list(struct call *c)
{
	const struct plan_figure_query	*q = c->query;
	struct db_rows			 rows;

	if (q->from_on > q->to_on)
		return (call_reject(c, ERR_F_DATE_ORDER, "to_on"));
	if (sql_plan_figure_list(c->db, &rows, q->from_on, q->to_on, q->county_code, q->group,
	    help_hides(c)) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}
