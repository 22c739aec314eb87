/*
 * matter.c -- /v1/matters: what can be asked for, shown with the form of the
 * route that serves it. Open to anybody and the same for everybody, in both
 * languages at once, so that it may be kept for a while.
 */
#include "matters.h"

#define TEXT_MAX	((size_t)512 << 10)
#define KEEP		"public, max-age=60"

struct matter_query {
	const char	*audience, *service, *q;
};

static int	matter_list(struct call *);
static int	matter_get(struct call *);
static bool	matter_fits(struct call *, const struct matter *, const struct matter_query *);
static bool	has_word(struct call *, const char *, const char *);
static bool	has_text(const char *, const char *);
static char	*matter_text(struct call *, const struct matter *, bool);
static void	put_limit(struct json_out *, const struct matter *);
static void	put_materials(struct json_out *, const struct matter *);
static void	put_route(struct json_out *, const struct served *);

static const struct field matter_query_fields[] = {
	FIELD_TEXT(matter_query, audience, OPTIONAL, 2, 20, "办理对象"),
	FIELD_TEXT(matter_query, service, OPTIONAL, 2, 20, "承办服务"),
	FIELD_TEXT(matter_query, q, OPTIONAL, 1, 60, "名称或编码中的文字"),
	FIELD_END
};

static const struct shape material_shape[] = {
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "材料" },
	{ .name = "name_en", .type = SHAPE_T_TEXT, .help = "英文名" },
	{ .name = "by_data", .type = SHAPE_T_BOOL, .help = "由数据核验，免提交" },
	SHAPE_END
};

static const struct shape limit_shape[] = {
	{ .name = "instant", .type = SHAPE_T_BOOL, .help = "即办" },
	{ .name = "days", .type = SHAPE_T_INT, .nullable = true, .help = "承诺时限（工作日）；空：未设定" },
	{ .name = "text", .type = SHAPE_T_TEXT, .help = "时限说明" },
	{ .name = "text_en", .type = SHAPE_T_TEXT, .help = "时限说明（英文）" },
	SHAPE_END
};

static const struct shape served_shape[] = {
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "接口名" },
	{ .name = "method", .type = SHAPE_T_TEXT, .nullable = true, .help = "方法" },
	{ .name = "path", .type = SHAPE_T_TEXT, .nullable = true, .help = "路径" },
	SHAPE_END
};

#define MATTER_ROWS								\
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "事项编码" },			\
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "事项名称" },			\
	{ .name = "name_en", .type = SHAPE_T_TEXT, .help = "英文名称" },		\
	{ .name = "service", .type = SHAPE_T_TEXT, .help = "承办服务" },		\
	{ .name = "route", .type = SHAPE_T_OBJECT, .of = served_shape, .help = "承办接口" },	\
	{ .name = "audience", .type = SHAPE_T_LIST, .help = "办理对象" },		\
	{ .name = "channels", .type = SHAPE_T_LIST, .help = "办理渠道" },		\
	{ .name = "basis", .type = SHAPE_T_LIST, .nullable = true, .help = "设定依据；空：依据待补" },	\
	{ .name = "materials", .type = SHAPE_T_LIST, .of = material_shape, .help = "申请材料" },	\
	{ .name = "time_limit", .type = SHAPE_T_OBJECT, .of = limit_shape, .help = "办理时限" },	\
	{ .name = "fee_cents", .type = SHAPE_T_INT, .help = "收费（分）" },		\
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" },			\
	{ .name = "available", .type = SHAPE_T_BOOL, .help = "现在可以办理" }

static const struct shape matter_shape[] = {
	MATTER_ROWS,
	SHAPE_END
};

static const struct shape matter_full_shape[] = {
	MATTER_ROWS,
	{ .name = "form", .type = SHAPE_T_JSON, .nullable = true, .help = "表单（JSON Schema），由承办接口生成" },
	{ .name = "next", .type = SHAPE_T_JSON, .nullable = true, .help = "各办件状态的下一步" },
	SHAPE_END
};

static const struct shape submitted_shape[] = {
	{ .name = "case_no", .type = SHAPE_T_TEXT, .help = "办件编号" },
	{ .name = "matter_code", .type = SHAPE_T_TEXT, .help = "事项编码" },
	{ .name = "state", .type = SHAPE_T_TEXT, .help = "办件状态" },
	{ .name = "result", .type = SHAPE_T_JSON, .help = "承办接口的答复" },
	SHAPE_END
};

struct submit_in {
	const char	*form;
};

static int	matter_submit(struct call *);
static const char *in_form(struct arena *, const void *, const char *);

static const struct field submit_fields[] = {
	FIELD_JSON(submit_in, form, REQUIRED, 65536, "按事项的表单填写"),
	FIELD_END
};

const struct route matter_routes[] = {
	{ .name = "matter_list", .method = METHOD_GET, .path = "/v1/matters",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "matter.list",
	  .query = INPUT(matter_query, matter_query_fields), .list = true, .reply = matter_shape,
	  .handler = matter_list, .limit = LIMIT_READ,
	  .zh = "查找办理事项", .en = "Search the matters that can be asked for" },
	{ .name = "matter_get", .method = METHOD_GET, .path = "/v1/matters/{matter_code}",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "matter.get",
	  .reply = matter_full_shape, .handler = matter_get, .limit = LIMIT_READ,
	  .zh = "查看事项及其表单", .en = "Read a matter with its form" },
	{ .name = "matter_submit", .method = METHOD_POST, .path = "/v1/matters/{matter_code}/cases",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "matter.submit",
	  .body = INPUT(submit_in, submit_fields), .reply = submitted_shape,
	  .handler = matter_submit, .key = KEY_REQUIRED, .limit = LIMIT_WRITE,
	  .zh = "提交办理", .en = "Submit a matter's form" },
	ROUTE_END
};

static int
matter_list(struct call *c)
{
	const struct matter_query	*q = c->query;
	const char			*after = call_after(c), *last = NULL;
	size_t				 most = (size_t)call_limit(c), n = 0, i, count;
	const struct matter		*m = matters(&count);
	const char			**items = arena_alloc(c->arena, (most + 1) * sizeof(*items));
	bool				 more = false;

	for (i = 0; i < count && !more; i++) {
		if ((after != NULL && strcmp(m[i].code, after) <= 0) || !matter_fits(c, &m[i], q))
			continue;
		if ((more = n == most))
			break;
		items[n++] = matter_text(c, &m[i], false);
		last = m[i].code;
	}
	(void)call_reply_page(c, items, n, more ? last : NULL);
	call_header(c, "Cache-Control", KEEP);
	return (200);
}

static int
matter_get(struct call *c)
{
	const struct matter	*m = matter_find(call_param(c, "matter_code"));

	if (m == NULL)
		return (refuse_unknown_matter(c));
	(void)call_reply(c, 200, matter_text(c, m, true));
	call_header(c, "Cache-Control", KEEP);
	return (200);
}

/* The same change, with the same key's effect, as a request to the route itself. */
static int
matter_submit(struct call *c)
{
	const struct submit_in	*in = c->body;
	const struct matter	*m = matter_find(call_param(c, "matter_code"));
	struct submission	 s = { .part = NULL };
	struct submitted	 out;

	if (m == NULL)
		return (refuse_unknown_matter(c));
	s.served = served_of(m);
	s.part = m->code;
	if (served_admits(c, s.served) != 0)
		return (call_status(c));
	s.form = json_parse(c->arena, in->form, strlen(in->form));
	if (!json_is_object(s.form))
		return (call_reject(c, ERR_F_TYPE, "/form"));
	if (submit(c, &s, &out) == -1) {
		(void)call_reject(c, ERR_OUTCOME, NULL);
		call_header(c, "Retry-After", "2");
		return (call_status(c));
	}
	if (out.missing != NULL)
		return (call_reject(c, ERR_F_FORMAT, in_form(c->arena, NULL,
		    arena_printf(c->arena, "/%s", out.missing))));
	if (out.reply.status >= 400)
		return (fan_refuse(c, &out.reply, &(struct fan_place){ .place = in_form }));
	return (submit_reply(c, m, &out));
}

static const char *
in_form(struct arena *a, const void *arg UNUSED, const char *pointer)
{
	return (pointer[0] == '/' || pointer[0] == '\0' ? arena_printf(a, "/form%s", pointer) : pointer);
}

static bool
matter_fits(struct call *c, const struct matter *m, const struct matter_query *q)
{
	return ((q->audience == NULL || has_word(c, m->audience, q->audience)) &&
	    (q->service == NULL || strcmp(m->service, q->service) == 0) &&
	    (q->q == NULL || has_text(m->name, q->q) || has_text(m->name_en, q->q) ||
	    has_text(m->code, q->q)));
}

/* "anyone" is everybody's word. */
static bool
has_word(struct call *c, const char *list, const char *word)
{
	const struct json	*l = json_parse(c->arena, list, strlen(list));
	const char		*one;
	size_t			 i;

	for (i = 0; i < json_count(l); i++)
		if ((one = json_string(json_at(l, i))) != NULL &&
		    (strcmp(one, word) == 0 || strcmp(one, "anyone") == 0))
			return (true);
	return (false);
}

static bool
has_text(const char *text, const char *part)
{
	return (strcasestr(text, part) != NULL);
}

static char *
matter_text(struct call *c, const struct matter *m, bool whole)
{
	struct json_out	 out;
	struct buf	 b;
	char		*text;

	buf_init(&b, TEXT_MAX);
	json_out_init(&out, &b);
	json_open(&out, NULL);
	matter_put(&out, m, whole);
	json_close(&out);
	text = arena_strdup(c->arena, buf_cstr(&b));
	buf_release(&b);
	return (text);
}

void
matter_put(struct json_out *out, const struct matter *m, bool whole)
{
	const struct served	*s = served_of(m);

	json_put_text(out, "code", m->code);
	json_put_text(out, "name", m->name);
	json_put_text(out, "name_en", m->name_en);
	json_put_text(out, "service", m->service);
	put_route(out, s);
	json_put_raw(out, "audience", m->audience);
	json_put_raw(out, "channels", m->channels);
	json_put_raw(out, "basis", m->basis != NULL ? m->basis : "null");
	put_materials(out, m);
	put_limit(out, m);
	json_put_int(out, "fee_cents", 0);
	json_put_text(out, "currency", "CNY");
	json_put_bool(out, "available", s->method != NULL);
	if (!whole)
		return;
	json_put_raw(out, "form", s->form != NULL ? s->form : "null");
	json_put_raw(out, "next", m->next != NULL ? m->next : "null");
}

static void
put_route(struct json_out *out, const struct served *s)
{
	json_open(out, "route");
	json_put_text(out, "name", s->matter->route);
	json_put_text(out, "method", s->method);
	json_put_text(out, "path", s->path);
	json_close(out);
}

static void
put_materials(struct json_out *out, const struct matter *m)
{
	const struct matter_material	*list = m->materials.items;
	size_t				 i;

	json_open_list(out, "materials");
	for (i = 0; i < m->materials.count; i++) {
		json_open(out, NULL);
		json_put_text(out, "name", list[i].name);
		json_put_text(out, "name_en", list[i].name_en);
		json_put_bool(out, "by_data", list[i].by_data);
		json_close(out);
	}
	json_close_list(out);
}

static void
put_limit(struct json_out *out, const struct matter *m)
{
	char	zh[64], en[64];

	if (m->instant) {
		(void)snprintf(zh, sizeof(zh), "即办");
		(void)snprintf(en, sizeof(en), "At once");
	} else if (m->days == 0) {
		(void)snprintf(zh, sizeof(zh), "未设定");
		(void)snprintf(en, sizeof(en), "Not set");
	} else {
		(void)snprintf(zh, sizeof(zh), "承诺%lld个工作日", (long long)m->days);
		(void)snprintf(en, sizeof(en), "%lld working days", (long long)m->days);
	}
	json_open(out, "time_limit");
	json_put_bool(out, "instant", m->instant);
	if (m->days > 0)
		json_put_int(out, "days", m->days);
	else
		json_put_raw(out, "days", "null");
	json_put_text(out, "text", zh);
	json_put_text(out, "text_en", en);
	json_close(out);
}
