/*
 * dispatch.c -- the one way through a service: http_dispatch() in,
 * reply_send() out, and between them the gates, in one order.
 *
 * Refusals that need nothing but the table (no such path, no such method, no
 * coroutine free) are answered on the main stack. Everything else runs on a
 * coroutine, reads straight on, and may wait at any line.
 *
 * Invariant: a change is committed if and only if its reply is a success, and
 * no reply is sent before the commit was acknowledged.
 */
#include "http/dispatch_priv.h"
#include "base/clock.h"
#include "co/co.h"
#include "conf/conf.h"
#include "loop/loop.h"

#define REPORT_MAX	65536
#define TRIES		3

static void	endpoints_make(const struct route *const *, struct buf *);
static void	endpoints_join(struct buf *);
static struct http_reply_ *request_new(struct exchange *, const struct dispatch_names *);
static void	request_names(struct call *, const struct dispatch_names *);
static bool	request_match(struct http_reply_ *);
static bool	params_set(struct call *, const struct route_match *);
static char	*segment_text(struct arena *, struct span);
static int	refuse_method(struct call *, uint32_t);
static void	serve(void *);
static void	serve_to_end(struct call *);
static int	serve_plain(struct call *);
static void	finish(struct call *);

static const struct route nowhere_route = {
	.name = "unmatched", .path = "", .scope = SCOPE_PUBLIC, .action = ""
};
static struct endpoint		*endpoints;	/* the last one is nowhere */
static size_t			 nendpoints;
static struct endpoint		*nowhere;
static struct route_node	*tree;
static const char		*service_name = "";
static int64_t			 call_us;
static int			(*open_case)(struct call *);
static bool			 has_database = true;

/* In this order; each may refuse. */
static int (*const gates[])(struct call *) = {
	gate_authenticate, gate_authorise, gate_limit, gate_idempotency, gate_decode
};

void
dispatch_init(const char *service, const struct route *const *tables)
{
	struct buf	 report;
	const void	*key;
	size_t		 len = 0;

	service_name = service;
	call_us = conf_int(CONF_CALL_MS) * 1000;
	key = conf_secret(CONF_CURSOR_KEY, &len);
	cursor_init(key, len);
	buf_init(&report, REPORT_MAX);
	endpoints_make(tables, &report);
	endpoints_join(&report);
	if (report.len > 0)
		log_die("routes of %s are not sound:\n%s", service, buf_cstr(&report));
	buf_release(&report);
	endpoint_metrics(endpoints, nendpoints + 1);
}

void
dispatch_without_database(void)
{
	has_database = false;
}

bool
dispatch_has_database(void)
{
	return (has_database);
}

void
dispatch_on_matter(int (*open)(struct call *))
{
	open_case = open;
}

bool
dispatch_serves(struct span path)
{
	struct route_match	m;

	return (route_find(tree, METHOD_GET, path, &m) || m.methods != 0);
}

struct endpoint *
dispatch_endpoints(size_t *n)
{
	*n = nendpoints;
	return (endpoints);
}

const char *
dispatch_service(void)
{
	return (service_name);
}

static void
endpoints_make(const struct route *const *tables, struct buf *report)
{
	const struct route	*r;
	size_t			 t, n = 0;

	for (t = 0; tables[t] != NULL; t++)
		for (r = tables[t]; r->name != NULL; r++)
			n++;
	if ((endpoints = calloc(n + 1, sizeof(*endpoints))) == NULL)
		log_die("dispatch: out of memory");
	nendpoints = 0;
	for (t = 0; tables[t] != NULL; t++)
		for (r = tables[t]; r->name != NULL; r++)
			endpoint_init(&endpoints[nendpoints++], r, report);
	nowhere = &endpoints[nendpoints];
	nowhere->route = &nowhere_route;
}

/* Into the tree; no two rows answer to one name, or to one method and path. */
static void
endpoints_join(struct buf *report)
{
	size_t	i, j;

	route_free(&tree);
	for (i = 0; i < nendpoints; i++) {
		const struct route	*r = endpoints[i].route;

		if (r->path != NULL && r->method < METHODS && route_add(&tree, &endpoints[i]) == -1)
			buf_addf(report, "%s: %s %s has a row already\n",
			    r->name, method_name(r->method), r->path);
		for (j = 0; j < i; j++)
			if (strcmp(endpoints[j].route->name, r->name) == 0)
				buf_addf(report, "%s: two rows of this name\n", r->name);
	}
}

void
http_dispatch(struct exchange *x)
{
	http_dispatch_as(x, NULL);
}

void
http_dispatch_as(struct exchange *x, const struct dispatch_names *names)
{
	struct http_reply_	*o = request_new(x, names);
	struct call		*c = &o->call;
	bool			 matched = false;

	if (!http1_path_ok(c->head->path))
		(void)call_reject(c, ERR_BAD_REQUEST, NULL);
	else
		matched = request_match(o);
	metric_add(&o->endpoint->live, 1);
	if (matched) {
		if (co_start(serve, o) == 0)
			return;
		(void)call_reject(c, ERR_BUSY, NULL);
		call_header(c, "Retry-After", "1");
	}
	reply_send(o);
}

static struct http_reply_ *
request_new(struct exchange *x, const struct dispatch_names *names)
{
	struct arena		*a = exchange_arena(x);
	struct http_reply_	*o = arena_zalloc(a, sizeof(*o));
	struct call		*c = &o->call;

	o->x = x;
	o->endpoint = nowhere;
	o->start_us = clock_mono_us();
	c->out = o;
	c->arena = a;
	c->head = exchange_head(x);
	c->route = nowhere->route;
	c->principal = &o->principal;
	c->db = &o->db;
	request_names(c, names);
	return (o);
}

/* The request's id and trace, and the language of its reply. */
static void
request_names(struct call *c, const struct dispatch_names *names)
{
	struct heard	*h = &c->out->heard;
	struct uuid	 id;

	head_hear(c->head, h);
	if (names != NULL) {
		h->request_id = (struct span){ names->request_id, strlen(names->request_id) };
		h->traceparent = (struct span){ names->traceparent, strlen(names->traceparent) };
		c->out->address = names->address;
		c->out->door_lines = names->lines;
	}
	if (h->request_id.len == UUID_TEXT - 1) {
		memcpy(c->request_id, h->request_id.p, UUID_TEXT - 1);
		if (!uuid_parse(c->request_id, &id))
			c->request_id[0] = '\0';
	}
	if (c->request_id[0] == '\0') {
		id = uuid_new();
		(void)uuid_format(&id, c->request_id);
	}
	head_trace(h->traceparent, c->request_id, c->trace_id);
	c->english = head_prefers_english(h->language);
}

/* False: refused, the reply is made. */
static bool
request_match(struct http_reply_ *o)
{
	struct call		*c = &o->call;
	struct route_match	 m;

	if (!route_find(tree, c->head->method, c->head->path, &m)) {
		if (m.methods == 0)
			(void)call_reject(c, ERR_NOT_FOUND, NULL);
		else
			(void)refuse_method(c, m.methods);
		return (false);
	}
	o->endpoint = m.endpoint;
	c->route = m.endpoint->route;
	if (!params_set(c, &m)) {
		(void)call_reject(c, ERR_BAD_REQUEST, NULL);
		return (false);
	}
	return (true);
}

static bool
params_set(struct call *c, const struct route_match *m)
{
	const struct endpoint	*e = m->endpoint;
	size_t			 i;

	for (i = 0; i < m->nparams; i++) {
		c->params[i].name = e->params[i].name;
		if ((c->params[i].text = segment_text(c->arena, m->params[i])) == NULL)
			return (false);
	}
	c->nparams = m->nparams;
	return (m->nparams == 0 || !e->params[0].uuid || uuid_parse(c->params[0].text, &c->id));
}

/* %XX is undone; a plus sign is a plus sign in a path. NULL: not UTF-8. */
static char *
segment_text(struct arena *a, struct span s)
{
	char	*spread, *text;
	size_t	 i, n = 0;

	if (memchr(s.p, '%', s.len) == NULL)
		return (arena_strndup(a, s.p, s.len));
	spread = arena_alloc(a, 3 * s.len + 1);
	for (i = 0; i < s.len; i++) {
		if (s.p[i] == '+') {
			memcpy(spread + n, "%2B", 3);
			n += 3;
		} else
			spread[n++] = s.p[i];
	}
	text = arena_alloc(a, n + 1);
	if (http1_unescape((struct span){ spread, n }, text, n + 1) < 0)
		return (NULL);
	return (text);
}

/* OPTIONS is answered for every path; other methods are refused with the list. */
static int
refuse_method(struct call *c, uint32_t methods)
{
	char	*allow = arena_strdup(c->arena, "OPTIONS");
	int	 i, status = 204;

	if ((methods & (1u << METHOD_GET)) != 0)
		methods |= 1u << METHOD_HEAD;
	for (i = METHOD_GET; i < METHODS; i++)
		if ((methods & (1u << i)) != 0)
			allow = arena_printf(c->arena, "%s, %s", allow, method_name((enum method)i));
	if (c->head->method == METHOD_OPTIONS)
		(void)reply_bytes_set(c, 204, NULL, "", 0);
	else
		status = call_reject(c, ERR_METHOD, NULL);
	call_header(c, "Allow", allow);
	return (status);
}

/* On the request's own coroutine, from the first gate to the reply. */
static void
serve(void *arg)
{
	struct http_reply_	*o = arg;
	struct call		*c = &o->call;
	size_t			 i;

	db_init(&o->db, c->arena, o->endpoint->lane);
	o->db.deadline_us = loop_now_us() + call_us;
	o->db.scope.trace = c->trace_id;
	for (i = 0; i < NITEMS(gates); i++)
		if (gates[i](c) != 0)
			break;
	if (i == NITEMS(gates)) {
		dispatch_log_context(c, &o->log);
		co_log_context(&o->log);
		serve_to_end(c);
	}
	finish(c);
	audit_after(c);
	co_log_context(NULL);
	reply_send(o);
}

/*
 * A change that met another one (a deadlock, say) was taken back whole: it is
 * made again. Not where a part of it is committed already.
 */
static void
serve_to_end(struct call *c)
{
	struct http_reply_		*o = c->out;
	const struct audit_notes	 notes = o->audit;
	int				 tries = 0;

	do {
		if (o->asked.format != NULL)
			(void)export_serve(c);
		else
			dispatch_handle(c);
		if (o->db.error != DB_CONFLICT || o->status < 400 || o->db.committed ||
		    c->route->method == METHOD_GET || ++tries == TRIES)
			return;
		db_rollback(&o->db);
		o->db.error = DB_OK;
		o->db.last = false;
		o->audit = notes;
		o->status = 0;
		o->nlines = 0;
		o->error = NULL;
	} while (idempotency_renew(c) == 0);
}

void
dispatch_handle(struct call *c)
{
	int	said;

	said = c->route->handler != NULL ? c->route->handler(c) : serve_plain(c);
	if (c->out->status != 0)
		return;
	if (c->db->error != DB_OK) {
		(void)call_failed(c);
		return;
	}
	dispatch_log_begin(c);
	log_error("the handler made no reply (%d)", said);
	log_set_context(NULL);
	(void)call_reject(c, ERR_INTERNAL, NULL);
}

static int
serve_plain(struct call *c)
{
	int		status = c->out->endpoint->success;
	struct db_rows	rows;

	if (bind_run(c, &rows) == -1)
		return (call_failed(c));
	if (c->route->list)
		return (call_reply_list(c, &rows, c->out->page.limit));
	if (c->route->stmt->card != DB_EXEC)
		return (call_reply_row(c, status, &rows));
	if (rows.affected == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	return (reply_bytes_set(c, status, NULL, "", 0));
}

/* Success is stored under its key, written to the trail and committed; anything else is undone. */
static void
finish(struct call *c)
{
	struct http_reply_	*o = c->out;

	o->ending = true;
	if (o->status < 400 && !o->replayed && c->route->matter != NULL && open_case != NULL)
		(void)open_case(c);
	if (o->status >= 400 || o->replayed) {
		db_rollback(&o->db);
		if (!o->replayed)
			idempotency_again(c);
		return;
	}
	if (o->key[0] != '\0' && has_database) {
		if (idempotency_store(c) == -1)
			(void)call_failed(c);
	} else if (audit_commit(c) == -1)
		(void)call_failed(c);
}

void
dispatch_log_context(const struct call *c, struct log_context *ctx)
{
	char	*caller = c->out->caller;

	if (caller[0] == '\0' && !uuid_is_nil(&c->principal->subject))
		(void)uuid_format(&c->principal->subject, caller);
	ctx->route = c->route->name;
	ctx->request_id = c->request_id;
	ctx->trace_id = c->trace_id;
	ctx->caller = caller[0] != '\0' ? caller :
	    c->principal->client[0] != '\0' ? c->principal->client : NULL;
	ctx->area_code = c->area[0] != '\0' ? c->area : NULL;
}

void
dispatch_log_begin(const struct call *c)
{
	struct log_context	ctx;

	dispatch_log_context(c, &ctx);
	log_set_context(&ctx);
}
