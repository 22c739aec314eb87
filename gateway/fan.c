/*
 * fan.c -- services asked in the caller's name, and their lists made one.
 *
 * The services judge the token again, so nothing is shown here that the caller
 * could not have read there. Lists are merged by id, which sorts by time: one
 * id is therefore the cursor of all services at once.
 *
 * Invariant: a service that does not answer makes a list incomplete, never an
 * error, and the list says so.
 */
#include "matters.h"
#include "base/id.h"
#include "base/log.h"
#include "co/co.h"
#include "conf/conf.h"
#include "loop/loop.h"

#define SERVICES_MOST	8
#define LIST_MS		3000
#define WRITE_SLACK_MS	1000
#define AGAIN_US	INT64_C(500000)	/* what took longer was no dead connection */
#define HEADERS_MAX	((size_t)16 << 10)
#define PROBLEM_MAX	32768

/* One service's list, fetched on a coroutine of its own. */
struct branch {
	struct fan		*fan;
	struct ask		 ask;
	struct http_result	 r;
	const struct json	*items;		/* NULL: no list came */
	size_t			 next;		/* first item not yet taken */
	bool			 more, done;
};

struct fan {
	struct call	*c;
	struct co	*owner;
	struct branch	 branches[SERVICES_MOST];
	size_t		 n, waiting;
};

static struct backend *backend_named(const char *);
static int	 ask_within(struct call *, struct arena *, const struct ask *, int64_t, struct http_result *);
static char	*headers_of(struct call *, struct arena *, const struct ask *);
static void	 branch_start(struct fan *, const char *, const char *);
static void	 branch_run(void *);
static void	 branch_read(struct call *, struct branch *);
static struct branch *newest(struct fan *);
static int	 reply_merged(struct call *, struct fan *, const char *(*)(struct call *, const char *));
static const char *missing_of(struct call *, const struct fan *);
static void	 put_errors(struct call *, struct json_out *, const struct json *, const struct fan_place *);

/* What has a key may be sent again: a kept connection may have been dead. */
int
fan_ask(struct call *c, const struct ask *ask, struct http_result *r)
{
	int64_t	wait_ms = conf_int(CONF_CALL_MS) + WRITE_SLACK_MS, start_us = loop_now_us();

	if (ask_within(c, c->arena, ask, wait_ms, r) == 0)
		return (0);
	if (ask->key == NULL || loop_now_us() - start_us > AGAIN_US)
		return (-1);
	return (ask_within(c, c->arena, ask, wait_ms, r));
}

static int
ask_within(struct call *c, struct arena *a, const struct ask *ask, int64_t wait_ms,
    struct http_result *r)
{
	struct backend	*b = backend_named(ask->service);
	size_t		 len = ask->body != NULL ? strlen(ask->body) : 0;

	memset(r, 0, sizeof(*r));
	if (b == NULL || b->pool == NULL)
		return (-1);
	return (http_call(a, b->pool, ask->method, ask->path, headers_of(c, a, ask), ask->body, len,
	    wait_ms, r));
}

static struct backend *
backend_named(const char *service)
{
	size_t	i;

	for (i = 0; backend_at(i) != NULL; i++)
		if (strcmp(backend_at(i)->name, service) == 0)
			return (backend_at(i));
	return (NULL);
}

/* What a request through the door would carry (headers.c), and no more. */
static char *
headers_of(struct call *c, struct arena *a, const struct ask *ask)
{
	const char	*address;
	uint64_t	 span;
	struct buf	 b;
	char		*text;
	size_t		 i, len;

	buf_init(&b, HEADERS_MAX);
	for (i = 0; i < c->head->nheaders; i++)
		if (http1_is(c->head->headers[i].name, "authorization"))
			buf_addf(&b, "Authorization: %.*s\r\n", (int)c->head->headers[i].value.len,
			    c->head->headers[i].value.p);
	address = call_address(c, &len);
	random_bytes(&span, sizeof(span));
	buf_addf(&b, "Accept-Language: %s\r\nX-Request-Id: %s\r\nTraceparent: 00-%s-%016llx-00\r\n"
	    "X-Forwarded-For: %.*s\r\n", c->english ? "en" : "zh-CN", c->request_id, c->trace_id,
	    (unsigned long long)(span | 1), (int)len, address);
	if (ask->key != NULL)
		buf_addf(&b, "Idempotency-Key: \"%s\"\r\n", ask->key);
	if (ask->body != NULL)
		buf_adds(&b, "Content-Type: application/json\r\n");
	text = arena_strdup(a, buf_cstr(&b));
	buf_release(&b);
	return (text);
}

int
fan_down(struct call *c)
{
	(void)call_reject(c, ERR_DOWN, NULL);
	call_header(c, "Retry-After", "2");
	return (call_status(c));
}

struct span
fan_header(const struct http_result *r, const char *name)
{
	size_t	i;

	for (i = 0; r->head != NULL && i < r->head->nheaders; i++)
		if (http1_is(r->head->headers[i].name, name))
			return (r->head->headers[i].value);
	return ((struct span){ "", 0 });
}

/* ---- lists of all services ---- */

int
fan_list(struct call *c, const char *path, const char *query,
    const char *(*put)(struct call *, const char *))
{
	const char	*before = call_after(c), *target;
	struct fan	*fan = arena_zalloc(c->arena, sizeof(*fan));
	size_t		 i;

	fan->c = c;
	fan->owner = co_self();
	target = arena_printf(c->arena, "%s?limit=%lld%s%s%s", path, (long long)call_limit(c), query,
	    before != NULL ? "&before=" : "", before != NULL ? before : "");
	for (i = 0; backend_at(i) != NULL; i++)
		branch_start(fan, backend_at(i)->name, target);
	while (fan->waiting > 0)
		co_wait(-1);
	for (i = 0; i < fan->n; i++)
		branch_read(c, &fan->branches[i]);
	return (reply_merged(c, fan, put));
}

static void
branch_start(struct fan *fan, const char *service, const char *target)
{
	struct branch	*b = &fan->branches[fan->n];

	if (fan->n == SERVICES_MOST)
		return;
	fan->n++;
	b->fan = fan;
	b->ask = (struct ask){ .service = service, .method = METHOD_GET, .path = target };
	fan->waiting++;
	if (co_start(branch_run, b) == -1)
		fan->waiting--;
}

/* The arena is the call's: its coroutines run one at a time, between waits. */
static void
branch_run(void *arg)
{
	struct branch	*b = arg;
	struct fan	*fan = b->fan;

	b->done = ask_within(fan->c, fan->c->arena, &b->ask, LIST_MS, &b->r) == 0;
	if (--fan->waiting == 0)
		co_wake(fan->owner);
}

static void
branch_read(struct call *c, struct branch *b)
{
	const struct json	*reply;

	if (!b->done || b->r.status != 200)
		return;
	reply = json_parse(c->arena, b->r.body.p, b->r.body.len);
	b->items = json_get(reply, "items");
	if (!json_is_array(b->items))
		b->items = NULL;
	b->more = json_string(json_get(reply, "next_cursor")) != NULL;
}

static int
reply_merged(struct call *c, struct fan *fan, const char *(*put)(struct call *, const char *))
{
	size_t		  most = (size_t)call_limit(c), n = 0, i;
	const char	**items = arena_alloc(c->arena, (most + 1) * sizeof(*items));
	const char	 *text, *last = NULL;
	struct branch	 *b;
	bool		  more;

	while (n < most && (b = newest(fan)) != NULL) {
		last = json_string(json_get(json_at(b->items, b->next), "id"));
		text = json_text(c->arena, json_at(b->items, b->next++));
		items[n++] = put != NULL ? put(c, text) : text;
	}
	more = newest(fan) != NULL;
	for (i = 0; i < fan->n; i++)
		more = more || fan->branches[i].more;
	return (call_reply_partial(c, items, n, more && n == most ? last : NULL, missing_of(c, fan)));
}

/* The branch whose next item has the highest id. NULL: nothing is left. */
static struct branch *
newest(struct fan *fan)
{
	const char	*id, *best_id = "";
	struct branch	*b, *best = NULL;

	for (b = fan->branches; b < fan->branches + fan->n; b++) {
		if (b->items == NULL || b->next >= json_count(b->items))
			continue;
		id = json_string(json_get(json_at(b->items, b->next), "id"));
		if (id != NULL && strcmp(id, best_id) > 0) {
			best = b;
			best_id = id;
		}
	}
	return (best);
}

/* NULL: everybody answered. */
static const char *
missing_of(struct call *c, const struct fan *fan)
{
	struct json_out	 out;
	struct buf	 b;
	char		*text = NULL;
	bool		 any = false;
	size_t		 i;

	buf_init(&b, 1024);
	json_out_init(&out, &b);
	json_open_list(&out, NULL);
	for (i = 0; i < fan->n; i++)
		if (fan->branches[i].items == NULL) {
			json_put_text(&out, NULL, fan->branches[i].ask.service);
			any = true;
		}
	json_close_list(&out);
	if (any)
		text = arena_strdup(c->arena, buf_cstr(&b));
	buf_release(&b);
	return (text);
}

/* ---- refusals of services ---- */

int
fan_refuse(struct call *c, const struct http_result *r, const struct fan_place *at)
{
	static const char *const	kept[] = { "retry-after", "www-authenticate", "ratelimit",
		"ratelimit-policy" };
	const char			*text = fan_problem(c, r, at);
	struct span			 v;
	size_t				 i;

	if (text == NULL)
		return (call_reject(c, ERR_UPSTREAM, NULL));
	(void)call_reply_bytes(c, r->status, "application/problem+json", text, strlen(text));
	call_header(c, "Content-Language", c->english ? "en" : "zh-CN");
	for (i = 0; i < NITEMS(kept); i++)
		if ((v = fan_header(r, kept[i])).len > 0)
			call_header(c, kept[i], arena_strndup(c->arena, v.p, v.len));
	return (r->status);
}

const char *
fan_problem(struct call *c, const struct http_result *r, const struct fan_place *at)
{
	static const char *const	texts[] = { "type", "title", "detail", "code" };
	const struct json		*p = json_parse(c->arena, r->body.p, r->body.len);
	struct json_out			 out;
	struct buf			 b;
	char				*text;
	size_t				 i;

	if (r->status < 400 || json_string(json_get(p, "code")) == NULL)
		return (NULL);
	buf_init(&b, PROBLEM_MAX);
	json_out_init(&out, &b);
	json_open(&out, NULL);
	for (i = 0; i < NITEMS(texts); i++)
		if (json_string(json_get(p, texts[i])) != NULL)
			json_put_text(&out, texts[i], json_string(json_get(p, texts[i])));
	json_put_int(&out, "status", r->status);
	json_put_text(&out, "instance", arena_strndup(c->arena, c->head->path.p, c->head->path.len));
	json_put_text(&out, "request_id", c->request_id);
	if (json_is_array(json_get(p, "errors")))
		put_errors(c, &out, json_get(p, "errors"), at);
	json_close(&out);
	text = buf_ok(&b) ? arena_strdup(c->arena, buf_cstr(&b)) : NULL;
	buf_release(&b);
	return (text);
}

/* A pointer into the route's body is one into the form it was made from. */
static void
put_errors(struct call *c, struct json_out *out, const struct json *errors,
    const struct fan_place *at)
{
	const struct json	*e;
	const char		*pointer;
	size_t			 i;

	json_open_list(out, "errors");
	for (i = 0; i < json_count(errors); i++) {
		e = json_at(errors, i);
		if ((pointer = json_string(json_get(e, "pointer"))) == NULL)
			continue;
		json_open(out, NULL);
		json_put_text(out, "pointer", at != NULL ?
		    at->place(c->arena, at->arg, pointer) : pointer);
		json_put_text(out, "code", json_string(json_get(e, "code")));
		json_put_text(out, "detail", json_string(json_get(e, "detail")));
		json_close(out);
	}
	json_close_list(out);
}
