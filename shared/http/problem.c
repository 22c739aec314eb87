/*
 * problem.c -- the only place that makes an error reply: problem+json
 * (RFC 9457) in the caller's language, from the rows of errors.def.
 *
 * Invariant: what went wrong inside stays inside. A database error becomes
 * one of our codes; its text, SQLSTATE and constraint are for the log.
 */
#include "http/dispatch_priv.h"
#include "base/utf8.h"

#define PROBLEM_MAX	65536
#define POINTER_MAX	256	/* bytes shown of a name the client made up */
#define PROBLEM_TYPE	"application/problem+json"
#define URN		"urn:yjy365:problem:"

static char	*problem_text(struct call *, enum error_code, const struct json_errors *,
		    const char *);
static void	 put_errors(struct call *, struct json_out *, const struct json_errors *);
static void	 put_meant(const struct call *, struct json_out *, const char *);
static const char *pointer_of(struct call *, const char *);
static bool	 field_named(const struct field *, const char *);
static bool	 is_field_code(enum error_code);
static const char *title(const struct call *, enum error_code);
static void	 challenge(struct call *, enum error_code);
static enum error_code code_of_db(const struct call *);
static int	 raised(struct call *);
static void	 log_bug(const struct call *);

int
call_reject(struct call *c, enum error_code code, const char *pointer)
{
	return (call_reject_detail(c, code, pointer, NULL));
}

int
call_reject_detail(struct call *c, enum error_code code, const char *pointer, const char *detail)
{
	struct json_errors	one = { .count = 0 };

	if (pointer != NULL) {
		one.list[0].pointer = pointer_of(c, pointer);
		one.list[0].code = (int)code;
		one.count = 1;
	}
	return (problem_reply(c, is_field_code(code) ? ERR_INVALID : code, &one, detail));
}

int
call_reject_fields(struct call *c, const struct json_errors *e)
{
	enum error_code	first = (enum error_code)(e->count > 0 ? e->list[0].code : ERR_INVALID);

	if (e->count == 1 && !is_field_code(first) && e->list[0].pointer[0] == '\0')
		return (problem_reply(c, first, NULL, NULL));
	return (problem_reply(c, ERR_INVALID, e, NULL));
}

void
call_meant(struct call *c, const char *pointer, const struct call_near *near, size_t n)
{
	struct call_near	*kept = arena_alloc(c->arena, (n + 1) * sizeof(*kept));

	if (c->out->nmeant == MEANT_MOST || n == 0)
		return;
	memcpy(kept, near, n * sizeof(*kept));
	c->out->meant[c->out->nmeant++] = (struct meant){ pointer, kept, n };
}

/* After a database function returned -1: its error in the caller's terms. */
int
call_failed(struct call *c)
{
	enum error_code	code = code_of_db(c);
	int		status;

	if (c->db->error == DB_RAISED)
		return (raised(c));
	if (code == ERR_INTERNAL)
		log_bug(c);
	status = problem_reply(c, code, NULL, NULL);
	if (c->db->error == DB_BUSY)
		call_header(c, "Retry-After", "1");
	else if (c->db->error == DB_DOWN || c->db->error == DB_UNKNOWN)
		call_header(c, "Retry-After", "2");
	return (status);
}

int
problem_reply(struct call *c, enum error_code code, const struct json_errors *errors,
    const char *detail)
{
	int	 status = error_row(code)->status;
	char	*text;

	c->out->nlines = 0;
	c->out->error = error_row(code)->code;
	text = problem_text(c, code, errors, detail);
	reply_bytes_set(c, status, PROBLEM_TYPE, text, strlen(text));
	call_header(c, "Content-Language", c->english ? "en" : "zh-CN");
	challenge(c, code);
	return (status);
}

static char *
problem_text(struct call *c, enum error_code code, const struct json_errors *errors,
    const char *detail)
{
	const struct error_row	*row = error_row(code);
	struct json_out		 out;
	struct buf		 b;
	char			*text;

	buf_init(&b, PROBLEM_MAX);
	json_out_init(&out, &b);
	json_open(&out, NULL);
	json_put_text(&out, "type", arena_printf(c->arena, URN "%s", row->code));
	json_put_text(&out, "title", title(c, code));
	json_put_int(&out, "status", row->status);
	if (detail != NULL)
		json_put_text(&out, "detail", detail);
	json_put_text(&out, "instance",
	    arena_strndup(c->arena, c->head->path.p, c->head->path.len));
	json_put_text(&out, "code", row->code);
	json_put_text(&out, "request_id", c->request_id);
	if (errors != NULL && errors->count > 0)
		put_errors(c, &out, errors);
	json_close(&out);
	text = arena_strdup(c->arena, buf_cstr(&b));
	buf_release(&b);
	return (text);
}

static void
put_errors(struct call *c, struct json_out *out, const struct json_errors *errors)
{
	const struct json_error	*e;
	const char		*at;
	size_t			 i;

	json_open_list(out, "errors");
	for (i = 0; i < errors->count; i++) {
		e = &errors->list[i];
		at = e->pointer;
		if (strlen(at) > POINTER_MAX)
			at = arena_strndup(c->arena, at, utf8_prefix(at, strlen(at), POINTER_MAX));
		json_open(out, NULL);
		json_put_text(out, "pointer", at);
		json_put_text(out, "code", error_row((enum error_code)e->code)->code);
		json_put_text(out, "detail", title(c, (enum error_code)e->code));
		put_meant(c, out, e->pointer);
		json_close(out);
	}
	json_close_list(out);
}

/* For who asked for a code that does not exist. */
static void
put_meant(const struct call *c, struct json_out *out, const char *pointer)
{
	const struct meant	*m = c->out->meant, *end = m + c->out->nmeant;
	size_t			 i;

	while (m < end && strcmp(m->pointer, pointer) != 0)
		m++;
	if (m == end || m->n == 0)
		return;
	json_open_list(out, "suggestions");
	for (i = 0; i < m->n; i++) {
		json_open(out, NULL);
		json_put_text(out, "code", m->near[i].code);
		json_put_text(out, "name", m->near[i].name);
		json_close(out);
	}
	json_close_list(out);
}

/* A member of the body gets its slash (RFC 6901); a query parameter none. */
static const char *
pointer_of(struct call *c, const char *pointer)
{
	if (pointer[0] == '\0' || pointer[0] == '/' ||
	    !field_named(c->route->body.fields, pointer))
		return (pointer);
	return (arena_printf(c->arena, "/%s", pointer));
}

static bool
field_named(const struct field *f, const char *name)
{
	for (; f != NULL && f->name != NULL; f++)
		if (strcmp(f->name, name) == 0)
			return (true);
	return (false);
}

/* Codes of single fields appear in errors[] of request.invalid, never alone. */
static bool
is_field_code(enum error_code code)
{
	return (strncmp(error_row(code)->code, "field.", 6) == 0);
}

static const char *
title(const struct call *c, enum error_code code)
{
	const struct error_row	*row = error_row(code);

	return (c->english ? row->en : row->zh);
}

/* A 401 says how to do better (RFC 6750 3). */
static void
challenge(struct call *c, enum error_code code)
{
	if (error_row(code)->status != 401)
		return;
	if (code == ERR_TOKEN_INVALID || code == ERR_TOKEN_EXPIRED)
		call_header(c, "WWW-Authenticate", "Bearer realm=\"yjy365\", error=\"invalid_token\"");
	else
		call_header(c, "WWW-Authenticate", "Bearer realm=\"yjy365\"");
}

static enum error_code
code_of_db(const struct call *c)
{
	static const enum error_code	codes[] = {
		[DB_BUSY] = ERR_BUSY, [DB_DOWN] = ERR_DOWN, [DB_TIMEOUT] = ERR_TIMEOUT,
		[DB_UNKNOWN] = ERR_OUTCOME, [DB_UNIQUE] = ERR_EXISTS,
		[DB_FOREIGN] = ERR_REFERENCE, [DB_CHECK] = ERR_STATE,
		[DB_CONFLICT] = ERR_CONFLICT, [DB_BUG] = ERR_INTERNAL
	};

	if (c->db->error == DB_UNIQUE && c->db->constraint != NULL &&
	    strcmp(c->db->constraint, "idempotency_pkey") == 0)
		return (ERR_KEY_RUNNING);
	if (c->db->error == DB_DENIED)
		return (c->route->scope == SCOPE_AREA ? ERR_AREA : ERR_FORBIDDEN);
	if ((size_t)c->db->error >= NITEMS(codes) || codes[c->db->error] == ERR_NONE)
		return (ERR_INTERNAL);
	return (codes[c->db->error]);
}

/* RAISE EXCEPTION '<code>' or '<code> <pointer>' in SQL. */
static int
raised(struct call *c)
{
	char		*code = arena_strdup(c->arena, c->db->detail != NULL ? c->db->detail : "");
	char		*pointer = strchr(code, ' ');
	enum error_code	 e;

	if (pointer != NULL)
		*pointer++ = '\0';
	if ((e = error_by_code(code)) == ERR_NONE) {
		log_bug(c);
		return (problem_reply(c, ERR_INTERNAL, NULL, NULL));
	}
	return (call_reject(c, e, pointer));
}

static void
log_bug(const struct call *c)
{
	dispatch_log_begin(c);
	log_error("database error %s%s%s", c->db->sqlstate[0] ? c->db->sqlstate : "without SQLSTATE",
	    c->db->detail != NULL ? ": " : "", c->db->detail != NULL ? c->db->detail : "");
	log_set_context(NULL);
}
