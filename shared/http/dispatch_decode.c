/*
 * dispatch_decode.c -- the last gate: body and query become the row's structs,
 * checked and bounded, or a list of everything wrong with them.
 *
 * Invariant: what the row does not name is refused, never ignored: an unknown
 * member, an unknown or repeated parameter, a body where none is taken.
 */
#include "http/dispatch_priv.h"
#include "http/edge.h"
#include "http/near.h"
#include "conf/conf.h"
#include "table/table.h"

#define QUERY_PAIRS	64
#define CURSOR_MAX	2048

static int	decode_body(struct call *);
static void	body_meant(struct call *, struct span, const struct json_errors *);
static uint64_t	members_given(struct call *, struct span, const struct field *);
static int	decode_query(struct call *, struct json_errors *);
static bool	pair_cut(struct call *, struct span *, const char **, const char **);
static char	*unescaped(struct call *, struct span);
static void	pair_take(struct call *, const char *, const char *, void *, struct json_errors *);
static bool	page_take(struct call *, const char *, const char *, struct json_errors *);
static void	page_place(struct call *, void *);
static bool	export_take(struct call *, const char *, const char *, struct json_errors *);
static void	export_check(struct call *, struct json_errors *);
static void	error_add(struct json_errors *, const char *, enum error_code);

/* A body of no members: {} or nothing at all. */
static const struct field no_fields[] = { FIELD_END };
static const struct field page_fields[] = {
	FIELD_INT(page_in, limit, OPTIONAL, 1, PAGE_MOST, "每页条数"),
	FIELD_TEXT(page_in, cursor, OPTIONAL, 1, CURSOR_MAX, "上一页给出的游标"),
	FIELD_END
};

static const char *const export_formats[] = { "csv", "xlsx", NULL };
static const struct field export_fields[] = {
	FIELD_ENUM(export_in, format, OPTIONAL, export_formats, "不分页，导出整个列表为文件"),
	FIELD_TEXT(export_in, purpose, OPTIONAL, 2, 200, "导出用途，记入审计；列表含个人信息时必填"),
	FIELD_END
};

const struct field *
decode_export_fields(void)
{
	return (export_fields);
}

const struct field *
decode_page_fields(void)
{
	return (page_fields);
}

int
gate_decode(struct call *c)
{
	struct json_errors	e = { .count = 0 };
	enum method		m = c->route->method;

	if (!c->route->any_query && decode_query(c, &e) == -1)
		return (call_reject_fields(c, &e));
	if (m == METHOD_GET || m == METHOD_HEAD)
		return (0);
	if (decode_body_bytes(c) != 0)
		return (c->out->status);
	return (c->route->raw_body ? 0 : decode_body(c));
}

/* 0: c->raw is the body. Otherwise the reply is made, or nobody is left to read it. */
int
decode_body_bytes(struct call *c)
{
	struct http_reply_	*o = c->out;
	int64_t			 most = conf_int(CONF_BODY_MAX);

	if (o->have_body)
		return (0);
	if (c->route->raw_body && c->route->limit == LIMIT_IMPORT)
		most = conf_int(CONF_IMPORT_MAX);
	switch (exchange_body_whole(o->x, (size_t)most, &c->raw)) {
	case 0:
		o->have_body = true;
		return (0);
	case -1:
		return (call_reject(c, ERR_TOO_LARGE, NULL));
	default:
		o->gone = exchange_gone(o->x);
		return (call_reject(c, ERR_TIMEOUT_IN, NULL));
	}
}

static int
decode_body(struct call *c)
{
	const struct input	*in = &c->route->body;
	const struct field	*fields = in->fields != NULL ? in->fields : no_fields;
	struct json_errors	 e = { .count = 0 };
	struct span		 text = c->raw;
	void			*out = arena_zalloc(c->arena, in->size > 0 ? in->size : 1);

	if (text.len > 0 && !head_is_json(c->out->heard.content_type))
		return (call_reject(c, ERR_MEDIA_TYPE, NULL));
	if (text.len == 0)
		text = (struct span){ "{}", 2 };
	if (json_decode(c->arena, text.p, text.len, fields, out, in->size, &e) == -1) {
		body_meant(c, text, &e);
		return (call_reject_fields(c, &e));
	}
	c->body = out;
	if (c->out->endpoint->optional_numbers)
		c->out->body_seen = members_given(c, text, fields);
	return (0);
}

/* Of members of the body itself, not of what is within lists. */
static void
body_meant(struct call *c, struct span text, const struct json_errors *e)
{
	const struct json	*root = json_parse(c->arena, text.p, text.len);
	size_t			 i;

	for (i = 0; root != NULL && i < e->count; i++)
		if (e->list[i].pointer[0] == '/')
			near_field(c, &e->list[i], json_string(json_get(root, e->list[i].pointer + 1)));
}

/* An absent number is 0 in the struct, yet NULL in the database. */
static uint64_t
members_given(struct call *c, struct span text, const struct field *fields)
{
	const struct json	*root = json_parse(c->arena, text.p, text.len), *value;
	uint64_t		 seen = 0;
	size_t			 i;

	for (i = 0; root != NULL && fields[i].name != NULL; i++)
		if ((value = json_get(root, fields[i].name)) != NULL && !json_is_null(value))
			seen |= UINT64_C(1) << i;
	return (seen);
}

static int
decode_query(struct call *c, struct json_errors *e)
{
	const struct input	*in = &c->route->query;
	struct span		 rest = c->head->query;
	const char		*name, *value;
	void			*out = NULL;
	size_t			 n = 0;

	c->out->page.limit = PAGE_DEFAULT;
	if (in->fields != NULL)
		out = arena_zalloc(c->arena, in->size);
	while (rest.len > 0) {
		if (++n > QUERY_PAIRS || !pair_cut(c, &rest, &name, &value)) {
			error_add(e, "", ERR_BAD_REQUEST);
			return (-1);
		}
		if (name[0] != '\0' || value[0] != '\0')
			pair_take(c, name, value, out, e);
	}
	if (in->fields != NULL &&
	    json_decode_finish(in->fields, out, &c->out->query_seen, e) == -1)
		return (-1);
	if (c->out->endpoint->exports)
		export_check(c, e);
	if (e->count > 0)
		return (-1);
	page_place(c, out);
	c->query = out;
	return (0);
}

/* Takes name=value from the front of the query. False: a bad escape. */
static bool
pair_cut(struct call *c, struct span *rest, const char **name, const char **value)
{
	struct span	n, v;

	if (!http1_pair(rest, &n, &v))
		return (false);
	*name = unescaped(c, n);
	*value = unescaped(c, v);
	return (*name != NULL && *value != NULL);
}

static char *
unescaped(struct call *c, struct span s)
{
	char	*text = arena_alloc(c->arena, s.len + 1);
	long	 len = http1_unescape(s, text, s.len + 1);

	if (len < 0)
		return (NULL);
	text[len] = '\0';
	return (text);
}

static void
pair_take(struct call *c, const char *name, const char *value, void *out, struct json_errors *e)
{
	const struct field	*f = c->route->query.fields;
	int			 i = f != NULL ? json_field_index(f, name) : -1;

	if (i != -1) {
		if (c->out->query_seen & (UINT64_C(1) << i)) {
			error_add(e, name, ERR_F_DUPLICATE);
			return;
		}
		c->out->query_seen |= UINT64_C(1) << i;
		if (json_decode_pair(c->arena, name, value, f, out, e) == -1) {
			near_field(c, &e->list[e->count - 1], value);
			return;
		}
	}
	if (!page_take(c, name, value, e) && !export_take(c, name, value, e) && i == -1)
		error_add(e, name, ERR_F_UNKNOWN);
}

/* `limit` and `cursor` belong to every list, named by its row or not. */
static bool
page_take(struct call *c, const char *name, const char *value, struct json_errors *e)
{
	struct http_reply_	*o = c->out;
	int			 i = o->endpoint->paged ? json_field_index(page_fields, name) : -1;

	if (i == -1)
		return (false);
	if (o->page_seen & (UINT64_C(1) << i)) {
		error_add(e, name, ERR_F_DUPLICATE);
		return (true);
	}
	o->page_seen |= UINT64_C(1) << i;
	if (json_decode_pair(c->arena, name, value, page_fields, &o->page, e) == -1)
		return (true);
	if (strcmp(name, "cursor") == 0) {
		o->after = cursor_open(c->arena, c->route->name, o->page.cursor);
		if (o->after == NULL)
			error_add(e, "cursor", ERR_F_CURSOR);
	}
	return (true);
}

static bool
export_take(struct call *c, const char *name, const char *value, struct json_errors *e)
{
	struct export_in	*in = &c->out->asked;
	int			 i = c->out->endpoint->exports ? json_field_index(export_fields, name) : -1;

	if (i == -1)
		return (false);
	if (i == 0 ? in->format != NULL : in->purpose != NULL)
		error_add(e, name, ERR_F_DUPLICATE);
	else if (json_decode_pair(c->arena, name, value, export_fields, in, e) == -1)
		return (true);
	return (true);
}

/* A file is all of the list, and says why where it shows people. */
static void
export_check(struct call *c, struct json_errors *e)
{
	struct export_in	*in = &c->out->asked;
	const struct span	*accept = http1_header(c->head, "accept");
	int			 plain;

	if (in->format == NULL && accept != NULL) {
		plain = head_weight(*accept, "application/json");
		if (head_weight(*accept, "text/csv") > (plain > 0 ? plain : 0))
			in->format = "csv";
		else if (head_weight(*accept, TABLE_XLSX_TYPE) > (plain > 0 ? plain : 0))
			in->format = "xlsx";
	}
	if (in->format == NULL) {
		if (in->purpose != NULL)
			error_add(e, "format", ERR_F_MISSING);
		return;
	}
	if (c->out->page_seen != 0)
		error_add(e, (c->out->page_seen & 1) != 0 ? "limit" : "cursor", ERR_F_UNKNOWN);
	if (in->purpose == NULL && c->route->opens != NULL)
		error_add(e, "purpose", ERR_F_MISSING);
	if (in->purpose == NULL)
		in->purpose = "";
}

void
decode_page_set(struct call *c, const char *after)
{
	c->out->page.limit = PAGE_MOST;
	c->out->after = after;
	page_place(c, (void *)(uintptr_t)c->query);
}

/* Handlers that have the two in their own struct find what the dispatcher made of them. */
static void
page_place(struct call *c, void *out)
{
	const struct endpoint	*e = c->out->endpoint;

	if (out == NULL)
		return;
	if (e->limit_field != NULL)
		memcpy((char *)out + e->limit_field->offset, &c->out->page.limit, sizeof(int64_t));
	if (e->cursor_field != NULL)
		memcpy((char *)out + e->cursor_field->offset, &c->out->after, sizeof(const char *));
}

static void
error_add(struct json_errors *e, const char *pointer, enum error_code code)
{
	if (e->count < JSON_ERRORS_MAX)
		e->list[e->count++] = (struct json_error){ pointer, (int)code };
}
