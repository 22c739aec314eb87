/*
 * bundle.c -- /v1/bundles: 一件事. One form is handed in once; each part it
 * asks for becomes a submission of its own, in order, and is reported.
 *
 * Invariant: the key of a part comes from the caller's key and the part's name
 * alone. Handed in again with the same key, parts that are done answer from
 * memory and happen no second time; the others are tried again.
 */
#include "bundle.h"

#define TEXT_MAX	((size_t)2 << 20)
#define PARTS_MOST	30
#define KEEP		"public, max-age=60"

enum part_state { NOT_ASKED, WAITING, DONE, REFUSED, FAILED };

static const char *const	state_names[] = { "not_asked", "waiting", "done", "refused", "failed" };

/* What became of one part. */
struct outcome {
	enum part_state	 state;
	const char	*case_no;
	const char	*result;	/* JSON of a success */
	const char	*problem;	/* JSON, or NULL */
};

struct bundle_in {
	const char	*form;
};

static int	bundle_list(struct call *);
static int	bundle_get(struct call *);
static int	bundle_submit(struct call *);
static bool	form_read(struct call *, const struct bundle *, const struct json **, int *);
static void	part_run(struct call *, const struct bundle *, size_t, const struct json *, struct outcome *);
static bool	part_stands(struct call *, const struct bundle *, size_t, const struct json *, struct outcome *);
static void	part_answered(struct call *, const struct bundle_part *, const struct submitted *, struct outcome *);
static const char *in_part(struct arena *, const void *, const char *);
static const char *problem_own(struct call *, enum error_code, const char *);
static int	report(struct call *, const struct bundle *, const struct outcome *);
static char	*bundle_text(struct call *, const struct bundle *, bool);
static void	put_part(struct json_out *, const struct bundle_part *);

static const struct field bundle_fields[] = {
	FIELD_JSON(bundle_in, form, REQUIRED, 65536, "一张表单"),
	FIELD_END
};

static const struct shape part_shape[] = {
	{ .name = "part", .type = SHAPE_T_TEXT, .help = "部分" },
	{ .name = "matter_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "事项编码；空：暂未开通" },
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "名称" },
	{ .name = "name_en", .type = SHAPE_T_TEXT, .help = "英文名称" },
	{ .name = "open", .type = SHAPE_T_BOOL, .help = "已开通" },
	{ .name = "when", .type = SHAPE_T_TEXT, .nullable = true, .help = "表单中有此成员即办理" },
	{ .name = "needs", .type = SHAPE_T_TEXT, .nullable = true, .help = "先办的部分" },
	SHAPE_END
};

#define BUNDLE_ROWS								\
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "编码" },			\
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "名称" },			\
	{ .name = "name_en", .type = SHAPE_T_TEXT, .help = "英文名称" },		\
	{ .name = "audience", .type = SHAPE_T_LIST, .help = "办理对象" },		\
	{ .name = "parts", .type = SHAPE_T_LIST, .of = part_shape, .help = "组成" }

static const struct shape bundle_shape[] = {
	BUNDLE_ROWS,
	SHAPE_END
};

static const struct shape bundle_full_shape[] = {
	BUNDLE_ROWS,
	{ .name = "form", .type = SHAPE_T_JSON, .help = "表单（JSON Schema），由各事项的表单合成" },
	SHAPE_END
};

static const struct shape outcome_shape[] = {
	{ .name = "part", .type = SHAPE_T_TEXT, .help = "部分" },
	{ .name = "matter_code", .type = SHAPE_T_TEXT, .help = "事项编码" },
	{ .name = "state", .type = SHAPE_T_TEXT, .help = "not_asked waiting done refused failed" },
	{ .name = "case_no", .type = SHAPE_T_TEXT, .nullable = true, .help = "办件编号" },
	{ .name = "result", .type = SHAPE_T_JSON, .nullable = true, .help = "承办接口的答复" },
	{ .name = "problem", .type = SHAPE_T_JSON, .nullable = true, .help = "未办成的原因（RFC 9457）" },
	SHAPE_END
};

static const struct shape report_shape[] = {
	{ .name = "bundle_code", .type = SHAPE_T_TEXT, .help = "一件事" },
	{ .name = "complete", .type = SHAPE_T_BOOL, .help = "所求各部分都已办成" },
	{ .name = "parts", .type = SHAPE_T_LIST, .of = outcome_shape, .help = "各部分" },
	SHAPE_END
};

const struct route bundle_routes[] = {
	{ .name = "bundle_list", .method = METHOD_GET, .path = "/v1/bundles",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "bundle.list", .list = true,
	  .reply = bundle_shape, .handler = bundle_list, .limit = LIMIT_READ,
	  .zh = "一件事清单", .en = "List the bundles" },
	{ .name = "bundle_get", .method = METHOD_GET, .path = "/v1/bundles/{bundle_code}",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "bundle.get",
	  .reply = bundle_full_shape, .handler = bundle_get, .limit = LIMIT_READ,
	  .zh = "查看一件事及其表单", .en = "Read a bundle with its form" },
	{ .name = "bundle_submit", .method = METHOD_POST, .path = "/v1/bundles/{bundle_code}/submissions",
	  .callers = ROLE_PERSON | ROLE_EMPLOYER, .scope = SCOPE_CALLER, .action = "bundle.submit",
	  .body = INPUT(bundle_in, bundle_fields), .reply = report_shape, .success = 200, .also = 202,
	  .handler = bundle_submit, .key = KEY_REQUIRED, .limit = LIMIT_WRITE,
	  .zh = "一件事一次办", .en = "Hand in one form for all parts of a bundle" },
	ROUTE_END
};

static int
bundle_list(struct call *c)
{
	const char		*after = call_after(c);
	size_t			 most = (size_t)call_limit(c), n = 0, i, count, from = 0;
	const struct bundle	*b = bundles(&count);
	const char		**items = arena_alloc(c->arena, (most + 1) * sizeof(*items));

	while (after != NULL && from < count && strcmp(b[from].code, after) != 0)
		from++;
	from += after != NULL;
	for (i = from; i < count && n < most; i++)
		items[n++] = bundle_text(c, &b[i], false);
	(void)call_reply_page(c, items, n, i < count && n > 0 ? b[i - 1].code : NULL);
	call_header(c, "Cache-Control", KEEP);
	return (200);
}

static int
bundle_get(struct call *c)
{
	const struct bundle	*b = bundle_find(call_param(c, "bundle_code"));

	if (b == NULL)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	(void)call_reply(c, 200, bundle_text(c, b, true));
	call_header(c, "Cache-Control", KEEP);
	return (200);
}

static int
bundle_submit(struct call *c)
{
	const struct bundle	*b = bundle_find(call_param(c, "bundle_code"));
	struct outcome		 out[PARTS_MOST];
	const struct json	*form;
	size_t			 i;
	int			 said;

	if (b == NULL)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (!form_read(c, b, &form, &said))
		return (said);
	memset(out, 0, sizeof(out));
	for (i = 0; i < b->parts.count && i < PARTS_MOST; i++)
		part_run(c, b, i, form, out);
	return (report(c, b, out));
}

/* An object that asks for something and holds nothing that no part knows. */
static bool
form_read(struct call *c, const struct bundle *b, const struct json **form, int *said)
{
	const struct bundle_in		*in = c->body;
	const struct bundle_part	*p;
	struct json_errors		 e = { .count = 0 };
	bool				 any = false;
	size_t				 i;

	*form = json_parse(c->arena, in->form, strlen(in->form));
	if (!json_is_object(*form)) {
		*said = call_reject(c, ERR_F_TYPE, "/form");
		return (false);
	}
	for (i = 0; i < json_count(*form) && e.count < JSON_ERRORS_MAX; i++)
		if (!bundle_knows(c->arena, b, json_key(*form, i)))
			e.list[e.count++] = (struct json_error){ .code = ERR_F_UNKNOWN,
			    .pointer = arena_printf(c->arena, "/form/%s", json_key(*form, i)) };
	for (i = 0; (p = bundle_part(b, i)) != NULL; i++)
		any = any || (p->matter != NULL && json_get(*form, p->when) != NULL);
	if (!any && e.count == 0)
		e.list[e.count++] = (struct json_error){ .code = ERR_F_MISSING, .pointer = "/form" };
	if (e.count == 0)
		return (true);
	*said = call_reject_fields(c, &e);
	return (false);
}

static void
part_run(struct call *c, const struct bundle *b, size_t i, const struct json *form,
    struct outcome *out)
{
	const struct bundle_part	*p = bundle_part(b, i);
	struct submission		 s = { .part = NULL };
	struct submitted		 done;

	if (!part_stands(c, b, i, form, out))
		return;
	s.served = served_of(matter_find(p->matter));
	s.part = arena_printf(c->arena, "%s/%s", b->code, p->part);
	if ((s.form = part_form(c->arena, p, form)) == NULL) {
		out[i].state = REFUSED;
		out[i].problem = problem_own(c, ERR_F_TYPE, part_pointer(c->arena, p, ""));
	} else if (submit(c, &s, &done) == -1) {
		out[i].state = FAILED;
		out[i].problem = problem_own(c, ERR_OUTCOME, NULL);
	} else
		part_answered(c, p, &done, &out[i]);
}

/* False: the part is not asked for, or its turn has not come. */
static bool
part_stands(struct call *c, const struct bundle *b, size_t i, const struct json *form,
    struct outcome *out)
{
	const struct bundle_part	*p = bundle_part(b, i);
	const struct served		*s;
	size_t				 k;

	if (p->matter == NULL || json_get(form, p->when) == NULL || json_is_null(json_get(form, p->when)) ||
	    (p->unless_org && c->principal->has_org))
		return (false);
	for (k = 0; p->needs != NULL && k < i; k++)
		if (strcmp(bundle_part(b, k)->part, p->needs) == 0 && out[k].state != DONE &&
		    out[k].state != NOT_ASKED) {
			out[i].state = WAITING;
			return (false);
		}
	s = served_of(matter_find(p->matter));
	if (s->method == NULL) {
		out[i].state = FAILED;
		out[i].problem = problem_own(c, ERR_DOWN, NULL);
		return (false);
	}
	if ((s->callers & (ROLE_ANYONE | c->principal->roles)) != 0)
		return (true);
	out[i].state = WAITING;
	out[i].problem = problem_own(c, ERR_BUNDLE_ROLE, NULL);
	return (false);
}

/* Refused: to be put right. Failed: to be tried again as it is. */
static void
part_answered(struct call *c, const struct bundle_part *p, const struct submitted *done,
    struct outcome *out)
{
	const struct json	*said;
	const char		*code;

	if (done->missing != NULL) {
		out->state = REFUSED;
		out->problem = problem_own(c, ERR_F_FORMAT, part_pointer(c->arena, p,
		    arena_printf(c->arena, "/%s", done->missing)));
		return;
	}
	if (done->reply.status < 400) {
		out->state = DONE;
		out->case_no = done->case_no;
		out->result = arena_strndup(c->arena, done->reply.body.p, done->reply.body.len);
		return;
	}
	said = json_parse(c->arena, done->reply.body.p, done->reply.body.len);
	code = json_string(json_get(said, "code"));
	out->state = done->reply.status >= 500 || done->reply.status == 429 || code == NULL ||
	    strcmp(code, "idempotency.running") == 0 || strstr(code, "_unknown") != NULL ? FAILED : REFUSED;
	out->problem = fan_problem(c, &done->reply, &(struct fan_place){ .place = in_part, .arg = p });
}

static const char *
in_part(struct arena *a, const void *arg, const char *pointer)
{
	return (part_pointer(a, arg, pointer));
}

static const char *
problem_own(struct call *c, enum error_code code, const char *pointer)
{
	const struct error_row	*row = error_row(pointer != NULL ? ERR_INVALID : code);
	const struct error_row	*field = error_row(code);
	struct json_out		 out;
	struct buf		 b;
	char			*text;

	buf_init(&b, 8192);
	json_out_init(&out, &b);
	json_open(&out, NULL);
	json_put_text(&out, "type", arena_printf(c->arena, "urn:yjy365:problem:%s", row->code));
	json_put_text(&out, "title", c->english ? row->en : row->zh);
	json_put_int(&out, "status", row->status);
	json_put_text(&out, "code", row->code);
	if (pointer != NULL) {
		json_open_list(&out, "errors");
		json_open(&out, NULL);
		json_put_text(&out, "pointer", pointer);
		json_put_text(&out, "code", field->code);
		json_put_text(&out, "detail", c->english ? field->en : field->zh);
		json_close(&out);
		json_close_list(&out);
	}
	json_close(&out);
	text = arena_strdup(c->arena, buf_cstr(&b));
	buf_release(&b);
	return (text);
}

static int
report(struct call *c, const struct bundle *b, const struct outcome *done)
{
	const struct bundle_part	*p;
	bool				 complete = true;
	struct json_out			 out;
	struct buf			 text;
	char				*copy;
	size_t				 i;

	buf_init(&text, TEXT_MAX);
	json_out_init(&out, &text);
	json_open(&out, NULL);
	json_put_text(&out, "bundle_code", b->code);
	json_open_list(&out, "parts");
	for (i = 0; (p = bundle_part(b, i)) != NULL && i < PARTS_MOST; i++) {
		if (p->matter == NULL)
			continue;
		complete = complete && (done[i].state == DONE || done[i].state == NOT_ASKED);
		json_open(&out, NULL);
		json_put_text(&out, "part", p->part);
		json_put_text(&out, "matter_code", p->matter);
		json_put_text(&out, "state", state_names[done[i].state]);
		json_put_text(&out, "case_no", done[i].case_no);
		json_put_raw(&out, "result", done[i].result != NULL ? done[i].result : "null");
		json_put_raw(&out, "problem", done[i].problem != NULL ? done[i].problem : "null");
		json_close(&out);
	}
	json_close_list(&out);
	json_put_bool(&out, "complete", complete);
	json_close(&out);
	copy = arena_strdup(c->arena, buf_cstr(&text));
	buf_release(&text);
	return (call_reply(c, complete ? 200 : 202, copy));
}

static char *
bundle_text(struct call *c, const struct bundle *b, bool whole)
{
	const struct bundle_part	*p;
	struct json_out			 out;
	struct buf			 text;
	char				*copy;
	size_t				 i;

	buf_init(&text, TEXT_MAX);
	json_out_init(&out, &text);
	json_open(&out, NULL);
	json_put_text(&out, "code", b->code);
	json_put_text(&out, "name", b->name);
	json_put_text(&out, "name_en", b->name_en);
	json_put_raw(&out, "audience", b->audience);
	json_open_list(&out, "parts");
	for (i = 0; (p = bundle_part(b, i)) != NULL; i++)
		put_part(&out, p);
	json_close_list(&out);
	if (whole)
		json_put_raw(&out, "form", bundle_form(c->arena, b));
	json_close(&out);
	copy = arena_strdup(c->arena, buf_cstr(&text));
	buf_release(&text);
	return (copy);
}

static void
put_part(struct json_out *out, const struct bundle_part *p)
{
	const struct matter	*m = p->matter != NULL ? matter_find(p->matter) : NULL;

	json_open(out, NULL);
	json_put_text(out, "part", p->part);
	json_put_text(out, "matter_code", p->matter);
	json_put_text(out, "name", m != NULL ? m->name : p->name);
	json_put_text(out, "name_en", m != NULL ? m->name_en : p->name_en);
	json_put_bool(out, "open", m != NULL);
	json_put_text(out, "when", p->when);
	json_put_text(out, "needs", p->needs);
	json_close(out);
}
