/*
 * cases.c -- /v1/cases: all of the caller's cases as one timeline, whichever
 * services hold them, and one case by its number.
 */
#include "matters.h"
#include "workflow/case.h"

#define ROLES_LOOK	(ROLE_CLERK | ROLE_FIRST_REVIEW | ROLE_RECHECK | ROLE_APPROVE | \
			 ROLE_FINANCE | ROLE_AUDIT)

struct cases_query {
	const char	*state;
	const char	*matter_code;
};

static int	case_list(struct call *);
static int	case_get(struct call *);
static const char *item_put(struct call *, const char *);
static const char *next_of(struct call *, const struct matter *, const char *);

static const char *const states[] = { "accepted", "in_progress", "waiting", "done", "refused",
	"withdrawn", NULL };

static const struct field cases_query_fields[] = {
	FIELD_ENUM(cases_query, state, OPTIONAL, states, "办件状态"),
	FIELD_TEXT(cases_query, matter_code, OPTIONAL, 5, 5, "事项编码"),
	FIELD_END
};

static const struct shape step_shape[] = {
	{ .name = "step", .type = SHAPE_T_TEXT, .help = "环节" },
	{ .name = "state", .type = SHAPE_T_TEXT, .help = "其后的状态" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "说明" },
	{ .name = "actor_kind", .type = SHAPE_T_TEXT, .help = "经手方" },
	{ .name = "at", .type = SHAPE_T_INSTANT, .help = "时间" },
	SHAPE_END
};

#define CASE_ROWS								\
	{ .name = "id", .type = SHAPE_T_UUID, .help = "办件" },				\
	{ .name = "case_no", .type = SHAPE_T_TEXT, .help = "办件编号" },		\
	{ .name = "service", .type = SHAPE_T_TEXT, .help = "承办服务" },		\
	{ .name = "matter_code", .type = SHAPE_T_TEXT, .help = "事项编码" },		\
	{ .name = "matter_name", .type = SHAPE_T_TEXT, .help = "事项名称" },		\
	{ .name = "subject_kind", .type = SHAPE_T_TEXT, .help = "所办之物" },		\
	{ .name = "subject_id", .type = SHAPE_T_UUID, .help = "所办之物的标识" },	\
	{ .name = "person_id", .type = SHAPE_T_UUID, .nullable = true, .help = "个人" },	\
	{ .name = "org_id", .type = SHAPE_T_UUID, .nullable = true, .help = "单位" },	\
	{ .name = "assisted", .type = SHAPE_T_BOOL, .help = "窗口代办" },		\
	{ .name = "state", .type = SHAPE_T_TEXT, .help = "办件状态" },			\
	{ .name = "next", .type = SHAPE_T_TEXT, .nullable = true, .help = "下一步" },	\
	{ .name = "county_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "所属县区" },	\
	{ .name = "opened_at", .type = SHAPE_T_INSTANT, .help = "受理时间" },		\
	{ .name = "due_on", .type = SHAPE_T_DAY, .nullable = true, .help = "承诺办结日期" },	\
	{ .name = "closed_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "办结时间" }

static const struct shape case_shape[] = {
	CASE_ROWS,
	SHAPE_END
};

static const struct shape case_full_shape[] = {
	CASE_ROWS,
	{ .name = "steps", .type = SHAPE_T_LIST, .of = step_shape, .help = "办理过程" },
	SHAPE_END
};

const struct route door_case_routes[] = {
	{ .name = "case_list", .method = METHOD_GET, .path = "/v1/cases",
	  .callers = ROLE_SERVED, .scope = SCOPE_CALLER, .action = "case.list",
	  .query = INPUT(cases_query, cases_query_fields), .list = true, .partial = true,
	  .reply = case_shape, .handler = case_list, .limit = LIMIT_READ,
	  .zh = "我的办件（各服务合并）", .en = "All of the caller's cases, of every service" },
	{ .name = "case_get", .method = METHOD_GET, .path = "/v1/cases/{case_no}",
	  .callers = ROLE_SERVED | ROLES_LOOK, .scope = SCOPE_CALLER, .action = "case.get",
	  .reply = case_full_shape, .handler = case_get, .limit = LIMIT_READ,
	  .zh = "按办件编号查看进度", .en = "Read a case by its number" },
	ROUTE_END
};

static int
case_list(struct call *c)
{
	const struct cases_query	*q = c->query;
	const char			*query = "";

	if (q->state != NULL)
		query = arena_printf(c->arena, "&state=%s", q->state);
	if (q->matter_code != NULL && matter_find(q->matter_code) == NULL)
		return (call_reject(c, ERR_F_CHOICE, "matter_code"));
	if (q->matter_code != NULL)
		query = arena_printf(c->arena, "%s&matter_code=%s", query, q->matter_code);
	return (fan_list(c, "/internal/me/cases", query, item_put));
}

/* A number that cannot be one is told so: most are slips of the pen. */
static int
case_get(struct call *c)
{
	const char		*no = call_param(c, "case_no");
	struct http_result	 r;
	struct ask		 ask = { .method = METHOD_GET };

	if (!case_no_ok(no))
		return (call_reject(c, ERR_CASE_NUMBER, NULL));
	ask.service = case_no_service(no);
	ask.path = arena_printf(c->arena, "/internal/cases/%s", no);
	if (fan_ask(c, &ask, &r) == -1)
		return (fan_down(c));
	if (r.status != 200)
		return (fan_refuse(c, &r, NULL));
	return (call_reply(c, 200, item_put(c, arena_strndup(c->arena, r.body.p, r.body.len))));
}

/* With the matter's name and what comes next, in the caller's language. */
static const char *
item_put(struct call *c, const char *item)
{
	const struct json	*o = json_parse(c->arena, item, strlen(item));
	const char		*code = json_string(json_get(o, "matter_code"));
	const struct matter	*m = code != NULL ? matter_find(code) : NULL;
	struct json_out		 out;
	struct buf		 b;
	char			*text;
	size_t			 i;

	buf_init(&b, strlen(item) + 4096);
	json_out_init(&out, &b);
	json_open(&out, NULL);
	for (i = 0; i < json_count(o); i++)
		json_put_raw(&out, json_key(o, i), json_text(c->arena, json_value(o, i)));
	json_put_text(&out, "matter_name", m == NULL ? code : c->english ? m->name_en : m->name);
	json_put_text(&out, "next", m == NULL ? NULL : next_of(c, m, json_string(json_get(o, "state"))));
	json_close(&out);
	text = buf_ok(&b) ? arena_strdup(c->arena, buf_cstr(&b)) : NULL;
	buf_release(&b);
	return (text != NULL ? text : item);
}

static const char *
next_of(struct call *c, const struct matter *m, const char *state)
{
	const struct json	*all;

	if (m->next == NULL || state == NULL)
		return (NULL);
	all = json_parse(c->arena, m->next, strlen(m->next));
	return (json_string(json_get(json_get(all, state), c->english ? "en" : "zh")));
}
