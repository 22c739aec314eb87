/*
 * reply.c -- the way out: what a handler says becomes bytes once, at the end,
 * and every request is counted and logged here whatever became of it.
 *
 * Invariant: reply_send() is the last thing that happens to a request; the
 * arena, and with it the call, is gone when it returns.
 */
#include "http/dispatch_priv.h"
#include "base/clock.h"
#include "base/log.h"

#define JSON_TYPE	"application/json"
#define LIST_OPEN	"{\"items\":["
#define LIST_CLOSE	"],\"next_cursor\":"

static size_t	 list_room(const char *const *, size_t, const char *);
static size_t	 list_write(char *, const char *const *, size_t, const char *);
static char	*text_add(char *, const char *);
static char	*line_add(char *, const char *, const char *);
static bool	 has_line(const struct http_reply_ *, const char *);
static void	 count_and_log(struct http_reply_ *);
static const char *next_link(struct call *, const char *);
static void	 link_add(struct buf *, struct span);
static bool	 header_text(const char *);

int
call_reply(struct call *c, int status, const char *json)
{
	return (reply_bytes_set(c, status, JSON_TYPE, json, strlen(json)));
}

int
call_reply_bytes(struct call *c, int status, const char *type, const void *bytes, size_t len)
{
	return (reply_bytes_set(c, status, type, bytes, len));
}

int
call_reply_row(struct call *c, int status, const struct db_rows *rows)
{
	const char	*json;

	if (rows->count == 0 || (json = db_text(rows, 0, "reply")) == NULL)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	return (call_reply(c, status, json));
}

/* Rows were asked for with limit + 1: the one too many says there is a next page. */
int
call_reply_list(struct call *c, const struct db_rows *rows, int64_t limit)
{
	bool		  more = limit > 0 && rows->count > (size_t)limit;
	size_t		  n = more ? (size_t)limit : rows->count, i;
	const char	**items = arena_alloc(c->arena, (n + 1) * sizeof(*items));

	for (i = 0; i < n; i++)
		items[i] = db_text(rows, i, "reply");
	return (call_reply_page(c, items, n, more ? db_text(rows, n - 1, "cursor") : NULL));
}

int
call_reply_page(struct call *c, const char *const *items, size_t n, const char *after)
{
	return (call_reply_page_with(c, items, n, after, NULL));
}

int
call_reply_partial(struct call *c, const char *const *items, size_t n, const char *after,
    const char *missing)
{
	return (call_reply_page_with(c, items, n, after,
	    missing != NULL ? arena_printf(c->arena, "{\"incomplete\":%s}", missing) : NULL));
}

int
call_reply_page_with(struct call *c, const char *const *items, size_t n, const char *after,
    const char *members)
{
	const char	*cursor = NULL;
	size_t		 len;
	char		*json;

	if (c->out->export != NULL)
		return (export_page(c, items, n, after));
	if (after != NULL) {
		cursor = cursor_seal(c->arena, c->route->name, after);
		call_header(c, "Link", next_link(c, cursor));
	}
	json = arena_alloc(c->arena, list_room(items, n, cursor) +
	    (members != NULL ? strlen(members) : 0));
	len = list_write(json, items, n, cursor);
	if (members != NULL && members[1] != '}') {
		json[len - 1] = ',';
		len = (size_t)(text_add(json + len, members + 1) - json);
	}
	return (reply_bytes_set(c, 200, JSON_TYPE, json, len));
}

void
call_header(struct call *c, const char *name, const char *value)
{
	struct http_reply_	*o = c->out;

	if (o->nlines == HEADERS_OUT || !header_text(value)) {
		dispatch_log_begin(c);
		log_error("header %s cannot be sent", name);
		log_set_context(NULL);
		return;
	}
	o->lines[o->nlines++] = (struct out_line){ name, arena_strdup(c->arena, value) };
}

int
reply_bytes_set(struct call *c, int status, const char *type, const void *bytes, size_t len)
{
	struct http_reply_	*o = c->out;

	o->status = status;
	o->type = type;
	o->bytes = bytes;
	o->len = len;
	return (status);
}

void
reply_send(struct http_reply_ *o)
{
	struct exchange	*x = o->x;
	size_t		 len;
	char		*lines;

	if (o->streamed)
		exchange_end(x);
	else if (!o->gone && !exchange_gone(x)) {
		lines = reply_lines_text(o, &len);
		exchange_reply(x, o->status, lines, len, o->bytes, o->status == 204 ? 0 : o->len);
	}
	count_and_log(o);
	exchange_done(x);
}

char *
reply_lines_text(struct http_reply_ *o, size_t *len)
{
	bool	 personal = o->status >= 400 || o->call.route->scope != SCOPE_PUBLIC;
	size_t	 room = 288 + o->door_lines.len, i;
	char	*text, *p;

	for (i = 0; i < o->nlines; i++)
		room += strlen(o->lines[i].name) + strlen(o->lines[i].value) + 4;
	if (o->type != NULL)
		room += strlen(o->type);
	text = p = arena_alloc(o->call.arena, room);
	if ((o->len > 0 || o->streamed) && o->status != 204)
		p = text_add(line_add(p, "Content-Type", o->type), "X-Content-Type-Options: nosniff\r\n");
	if (personal && !has_line(o, "Cache-Control"))
		p = line_add(p, "Cache-Control", "no-store");
	p = line_add(p, "X-Request-Id", o->call.request_id);
	for (i = 0; i < o->nlines; i++)
		p = line_add(p, o->lines[i].name, o->lines[i].value);
	if (o->door_lines.len > 0) {
		memcpy(p, o->door_lines.p, o->door_lines.len);
		p += o->door_lines.len;
	}
	*len = (size_t)(p - text);
	return (text);
}

static char *
line_add(char *to, const char *name, const char *value)
{
	to = text_add(text_add(to, name), ": ");
	return (text_add(text_add(to, value), "\r\n"));
}

static bool
has_line(const struct http_reply_ *o, const char *name)
{
	size_t	i;

	for (i = 0; i < o->nlines; i++)
		if (strcasecmp(o->lines[i].name, name) == 0)
			return (true);
	return (false);
}

static void
count_and_log(struct http_reply_ *o)
{
	struct endpoint		*e = o->endpoint;
	int			 class = o->status / 100 - 2;
	struct log_access	 line = {
		.method = method_name(o->call.head->method), .status = o->status,
		.took_us = clock_mono_us() - o->start_us, .bytes_out = o->len
	};

	if (class >= 0 && class < CLASSES)
		metric_add(&e->requests[class], 1);
	if (!o->streamed)
		metric_observe_us(&e->took, line.took_us);
	metric_add(&e->live, -1);
	dispatch_log_context(&o->call, &line.ctx);
	log_access(&line);
}

static size_t
list_room(const char *const *items, size_t n, const char *cursor)
{
	size_t	room = sizeof(LIST_OPEN LIST_CLOSE "\"\"}") + sizeof("null"), i;

	for (i = 0; i < n; i++)
		if (items[i] != NULL)
			room += strlen(items[i]) + 1;
	return (room + (cursor != NULL ? strlen(cursor) : 0));
}

static size_t
list_write(char *to, const char *const *items, size_t n, const char *cursor)
{
	char	*p = text_add(to, LIST_OPEN);
	bool	 first = true;
	size_t	 i;

	for (i = 0; i < n; i++) {
		if (items[i] == NULL)
			continue;
		if (!first)
			*p++ = ',';
		first = false;
		p = text_add(p, items[i]);
	}
	p = text_add(p, LIST_CLOSE);
	if (cursor != NULL) {
		p = text_add(p, "\"");
		p = text_add(p, cursor);
		p = text_add(p, "\"}");
	} else
		p = text_add(p, "null}");
	return ((size_t)(p - to));
}

static char *
text_add(char *to, const char *text)
{
	size_t	len = strlen(text);

	memcpy(to, text, len);
	return (to + len);
}

/* The same request with another cursor (RFC 8288). */
static const char *
next_link(struct call *c, const char *cursor)
{
	struct span	 query = c->head->query, pair;
	struct buf	 b;
	const char	*end;
	char		*link;

	buf_init(&b, 4 * HTTP1_LINE_MAX);
	buf_addc(&b, '<');
	buf_add(&b, c->head->path.p, c->head->path.len);
	buf_addc(&b, '?');
	while (query.len > 0) {
		end = memchr(query.p, '&', query.len);
		pair = (struct span){ query.p, end != NULL ? (size_t)(end - query.p) : query.len };
		query.p += pair.len + (end != NULL);
		query.len -= pair.len + (end != NULL);
		if (pair.len == 0 || (pair.len >= 7 && memcmp(pair.p, "cursor=", 7) == 0))
			continue;
		link_add(&b, pair);
		buf_addc(&b, '&');
	}
	buf_addf(&b, "cursor=%s>; rel=\"next\"", cursor);
	link = arena_strdup(c->arena, buf_cstr(&b));
	buf_release(&b);
	return (link);
}

/* What would end the reference early is escaped. */
static void
link_add(struct buf *b, struct span s)
{
	size_t	i;

	for (i = 0; i < s.len; i++)
		if (strchr("<>\"", s.p[i]) != NULL)
			buf_addf(b, "%%%02X", (unsigned int)s.p[i]);
		else
			buf_addc(b, s.p[i]);
}

/* No byte that could end the line. */
static bool
header_text(const char *value)
{
	for (; *value != '\0'; value++)
		if ((unsigned char)*value < ' ' || *value == 0x7f)
			return (false);
	return (true);
}
