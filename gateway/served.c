/*
 * served.c -- where a matter goes: method, path, callers and form of its
 * route, read from the document that its service writes from its own rows.
 * Nothing of a route is written down here, so nothing can drift.
 */
#include "matters.h"
#include "base/log.h"

#define FORM_MAX	((size_t)256 << 10)
#define SERVED_MAX	256

static bool	route_read(struct served *, const struct json *);
static bool	op_take(struct served *, const char *, const char *, const struct json *, const struct json *);
static uint32_t	callers_of(const struct json *);
static const struct json *body_of(const struct json *, const struct json *);
static char	*form_of(const struct matter *, const struct json *);
static void	form_path(struct json_out *, const struct json *);
static void	form_required(struct json_out *, const struct json *, const struct json *);
static void	put_again(struct json_out *, const char *, const struct json *);
static void	served_clear(struct served *);

static struct served	all[SERVED_MAX];

void
served_read(struct json *const *docs)
{
	const struct matter	*m;
	struct served		*s;
	size_t			 i, k, n;

	m = matters(&n);
	for (i = 0; i < n && i < SERVED_MAX; i++) {
		s = &all[i];
		s->matter = &m[i];
		for (k = 0; backend_at(k) != NULL; k++)
			if (strcmp(backend_at(k)->name, m[i].service) == 0 && docs[k] != NULL &&
			    !route_read(s, docs[k]))
				log_error("matter %s: %s has no route %s", m[i].code, m[i].service,
				    m[i].route);
	}
}

const struct served *
served_of(const struct matter *m)
{
	const struct matter	*first;
	size_t			 n;

	first = matters(&n);
	return (&all[m - first]);
}

int
served_admits(struct call *c, const struct served *s)
{
	if (s->method == NULL)
		return (fan_down(c));
	if ((s->callers & (ROLE_ANYONE | c->principal->roles)) != 0)
		return (0);
	return (call_reject(c, uuid_is_nil(&c->principal->subject) ? ERR_TOKEN_MISSING :
	    ERR_FORBIDDEN, NULL));
}

static bool
route_read(struct served *s, const struct json *doc)
{
	const struct json	*paths = json_get(doc, "paths"), *item;
	size_t			 i, k;

	for (i = 0; paths != NULL && i < json_count(paths); i++) {
		item = json_value(paths, i);
		for (k = 0; k < json_count(item); k++)
			if (op_take(s, json_key(paths, i), json_key(item, k), json_value(item, k), doc))
				return (true);
	}
	return (false);
}

static bool
op_take(struct served *s, const char *path, const char *method, const struct json *op,
    const struct json *doc)
{
	const char	*id = json_string(json_get(op, "operationId"));
	char		*p;

	if (id == NULL || strcmp(id, s->matter->route) != 0)
		return (false);
	served_clear(s);
	s->method = strdup(method);
	for (p = s->method; p != NULL && *p != '\0'; p++)
		*p &= ~0x20;
	s->path = strdup(path);
	s->callers = callers_of(json_get(op, "x-callers"));
	s->has_body = json_get(op, "requestBody") != NULL;
	s->form = form_of(s->matter, body_of(op, doc));
	return (true);
}

static void
served_clear(struct served *s)
{
	free(s->method);
	free(s->path);
	free(s->form);
	s->method = s->path = s->form = NULL;
}

static uint32_t
callers_of(const struct json *list)
{
	uint32_t	 bits = 0;
	const char	*name;
	size_t		 i;

	for (i = 0; list != NULL && i < json_count(list); i++)
		if ((name = json_string(json_at(list, i))) != NULL)
			bits |= strcmp(name, "anyone") == 0 ? ROLE_ANYONE : (uint32_t)role_of(name);
	return (bits);
}

/* The schema that the body refers to; NULL: no JSON body. */
static const struct json *
body_of(const struct json *op, const struct json *doc)
{
	static const char	 before[] = "#/components/schemas/";
	const struct json	*media;
	const char		*ref;

	media = json_get(json_get(json_get(op, "requestBody"), "content"), "application/json");
	ref = json_string(json_get(json_get(media, "schema"), "$ref"));
	if (ref == NULL || strncmp(ref, before, sizeof(before) - 1) != 0)
		return (NULL);
	return (json_get(json_get(json_get(doc, "components"), "schemas"), ref + sizeof(before) - 1));
}

/* What the path wants and what the body wants, as one form. */
static char *
form_of(const struct matter *m, const struct json *body)
{
	const struct json	*props = json_get(body, "properties"), *path = NULL;
	struct json_out		 out;
	struct arena		 a;
	struct buf		 b;
	char			*text;
	size_t			 i;

	arena_init(&a);
	buf_init(&b, FORM_MAX);
	if (m->path != NULL)
		path = json_parse(&a, m->path, strlen(m->path));
	json_out_init(&out, &b);
	json_open(&out, NULL);
	json_put_text(&out, "type", "object");
	json_open(&out, "properties");
	form_path(&out, path);
	for (i = 0; props != NULL && i < json_count(props); i++)
		put_again(&out, json_key(props, i), json_value(props, i));
	json_close(&out);
	form_required(&out, path, json_get(body, "required"));
	json_put_bool(&out, "additionalProperties", false);
	json_close(&out);
	text = buf_ok(&b) ? strdup(buf_cstr(&b)) : NULL;
	buf_release(&b);
	arena_release(&a);
	return (text);
}

static void
form_path(struct json_out *out, const struct json *path)
{
	size_t	i;

	for (i = 0; path != NULL && i < json_count(path); i++) {
		json_open(out, json_string(json_value(path, i)));
		json_put_text(out, "type", "string");
		json_put_text(out, "format", "uuid");
		json_close(out);
	}
}

static void
form_required(struct json_out *out, const struct json *path, const struct json *body)
{
	size_t	i;

	json_open_list(out, "required");
	for (i = 0; path != NULL && i < json_count(path); i++)
		json_put_text(out, NULL, json_string(json_value(path, i)));
	for (i = 0; body != NULL && i < json_count(body); i++)
		json_put_text(out, NULL, json_string(json_at(body, i)));
	json_close_list(out);
}

static void
put_again(struct json_out *out, const char *name, const struct json *value)
{
	struct arena	a;

	arena_init(&a);
	json_put_raw(out, name, json_text(&a, value));
	arena_release(&a);
}
