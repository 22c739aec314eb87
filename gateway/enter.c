/*
 * enter.c -- the door: every request of the outside is judged here, in one
 * order: path, route, size, token, rate. What passes goes to its service
 * with the token unchanged, because the service judges it again.
 *
 * Invariant: a request leaves through pass_end(), counted and logged, once.
 */
#include "gateway.h"
#include "base/clock.h"
#include "base/log.h"
#include "co/co.h"
#include "conf/conf.h"
#include "http/dispatch.h"
#include "http/edge.h"
#include "loop/loop.h"
#include "svc/svc.h"

#define TOKEN_MAX	8192
#define FAILED_QUOTA	300	/* bad tokens one address may show in a minute */

static struct pass *pass_new(struct exchange *);
static bool	pass_route(struct pass *);
static void	pass_local(struct pass *);
static void	pass_options(struct pass *);
static bool	is_own(struct span);
static void	pass_run(void *);
static void	pass_own(struct pass *);
static void	pass_end(struct pass *);
static bool	is(struct span, const char *);
static bool	admit(struct pass *);
static bool	admit_token(struct pass *);
static bool	admit_confirmed(struct pass *, struct span);
static bool	admit_signature(struct pass *, struct span);
static enum auth_result token_check(struct pass *, struct span);
static bool	refuse_token(struct pass *, enum error_code);

static struct metric	refused_token = {
	.name = "yjy_gateway_refused_total", .help = "Requests turned away at the door.",
	.labels = "reason=\"token\"", .kind = METRIC_COUNTER
};
static struct metric	refused_route = {
	.name = "yjy_gateway_refused_total", .labels = "reason=\"route\"", .kind = METRIC_COUNTER
};

void
enter_start(void)
{
	cors_start();
	metric_register(&refused_token);
	limits_start();
	metric_register(&refused_route);
}

void
gateway_enter(struct exchange *x)
{
	const struct http1_head	*head = exchange_head(x);
	struct pass		*p;

	if (is(head->path, "/healthz") || is(head->path, "/readyz") ||
	    is(head->path, "/metrics")) {
		http_dispatch(x);
		return;
	}
	p = pass_new(x);
	if (head->underscore)		/* others read it as '-': one name, two meanings */
		problem(p, ERR_BAD_REQUEST, NULL);
	else if (is(head->target, "*"))
		pass_options(p);
	else if (!http1_path_ok(head->path))
		problem(p, ERR_BAD_REQUEST, NULL);
	else if (cors_preflight(p))
		;
	else if (!pass_route(p) && !is_own(head->path))
		pass_local(p);
	else {
		if (co_start(pass_run, p) == 0)
			return;
		problem(p, ERR_BUSY, "Retry-After: 1\r\n");
	}
	pass_end(p);
}

static struct pass *
pass_new(struct exchange *x)
{
	struct arena	*a = exchange_arena(x);
	struct pass	*p = arena_alloc(a, sizeof(*p));
	struct uuid	 id = uuid_new();

	memset(p, 0, offsetof(struct pass, who));
	p->known = false;
	p->status = 0;
	p->bytes_out = 0;
	p->caller[0] = '\0';
	p->x = x;
	p->arena = a;
	p->head = exchange_head(x);
	p->start_us = loop_now_us();
	(void)uuid_format(&id, p->request_id);
	door_hear(p->head, &p->heard);
	trace_continue(p->heard.traceparent, p->traceparent, p->trace_id);
	origin_mark(p);
	p->site = limits_site(p);
	cors_mark(p);
	return (p);
}

static bool
is(struct span s, const char *text)
{
	return (s.len == strlen(text) && memcmp(s.p, text, s.len) == 0);
}

/* A copy: the table may be replaced while the request is on its way. */
static bool
pass_route(struct pass *p)
{
	const struct prefix	*row = route_of(p->head->path);
	struct prefix		*mine;

	if (row == NULL)
		return (false);
	mine = arena_alloc(p->arena, sizeof(*mine));
	*mine = *row;
	p->prefix = mine;
	p->backend = backend_at(mine->backend);
	return (true);
}

static void
pass_local(struct pass *p)
{
	if (docs_reply(p))
		return;
	metric_add(&refused_route, 1);
	problem(p, ERR_NOT_FOUND, NULL);
}

/* OPTIONS *: about the door itself. */
static void
pass_options(struct pass *p)
{
	static const char	allow[] =
	    "Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n";

	p->status = 204;
	exchange_reply(p->x, 204, allow, sizeof(allow) - 1, NULL, 0);
}

/* The door's own routes (matters.h): judged like the services', then dispatched. */
static bool
is_own(struct span path)
{
	return (path.len > 4 && memcmp(path.p, "/v1/", 4) == 0 && dispatch_serves(path));
}

/* The dispatcher ends the request; nothing of the pass is touched afterwards. */
static void
pass_own(struct pass *p)
{
	struct dispatch_names	names = { .request_id = p->request_id,
	    .traceparent = p->traceparent, .address = p->client, .lines = p->more };

	http_dispatch_as(p->x, &names);
}

static void
pass_run(void *arg)
{
	struct pass	*p = arg;

	if (p->head->has_length && p->head->length > (uint64_t)conf_int(CONF_IMPORT_MAX))
		problem(p, ERR_TOO_LARGE, NULL);
	else if (admit(p)) {
		if (p->prefix == NULL) {
			pass_own(p);
			return;
		}
		proxy(p);
	}
	pass_end(p);
}

static void
pass_end(struct pass *p)
{
	struct log_access	line = {
		.method = arena_strndup(p->arena, p->head->method_text.p, p->head->method_text.len),
		.status = p->status, .took_us = clock_mono_us() - p->start_us,
		.bytes_out = p->bytes_out
	};

	line.ctx.route = p->backend != NULL ? p->backend->name : NULL;
	line.ctx.request_id = p->request_id;
	line.ctx.trace_id = p->trace_id;
	if (p->known)
		line.ctx.caller = uuid_format(&p->who.subject, p->caller);
	if (p->backend != NULL)
		backend_count(p->backend, p->status, line.took_us);
	log_access(&line);
	exchange_done(p->x);
}

static bool
admit(struct pass *p)
{
	return (origin_admit(p) && admit_token(p) && origin_admit_who(p) && limits_admit(p));
}

/* ---- who ---- */

/* No token is no offence here: the service knows which of its rows are open. */
static bool
admit_token(struct pass *p)
{
	struct span	v = p->heard.authorization;

	if (p->heard.nauthorization == 0 || (p->prefix != NULL && p->prefix->open))
		return (true);
	if (p->heard.nauthorization > 1) {
		problem(p, ERR_BAD_REQUEST, NULL);
		return (false);
	}
	if (v.len <= 7 || v.len > TOKEN_MAX || strncasecmp(v.p, "Bearer ", 7) != 0)
		return (refuse_token(p, ERR_TOKEN_INVALID));
	if (memchr(v.p, ',', v.len) != NULL || memchr(v.p + 7, ' ', v.len - 7) != NULL) {
		problem(p, ERR_BAD_REQUEST, NULL);	/* several in one line */
		return (false);
	}
	if (!auth_remembered(v.p + 7, v.len - 7, &p->who) &&
	    !admit_signature(p, (struct span){ v.p + 7, v.len - 7 }))
		return (false);
	/* services talk to each other behind this door, never through it */
	if ((p->who.roles & ROLE_SERVICE) != 0)
		return (refuse_token(p, ERR_TOKEN_INVALID));
	return (admit_confirmed(p, (struct span){ v.p + 7, v.len - 7 }));
}

/*
 * A signature costs more than all the rest: none is looked at for an address
 * that fails too often. Tokens remembered from before still pass, for many
 * people may stand behind one address.
 */
static bool
admit_signature(struct pass *p, struct span token)
{
	int64_t	wait_s;

	if (!limit_quota(p->site.p, p->site.len, FAILED_QUOTA, false, &wait_s))
		return (limits_refuse(p, "bad-token", FAILED_QUOTA, wait_s));
	switch (token_check(p, token)) {
	case AUTH_OK:
		return (true);
	case AUTH_EXPIRED:
		return (refuse_token(p, ERR_TOKEN_EXPIRED));
	default:
		return (refuse_token(p, ERR_TOKEN_INVALID));
	}
}

/* Taken back meanwhile? Whoever the signature names is refused all the same. */
static bool
admit_confirmed(struct pass *p, struct span token)
{
	int64_t		confirmed_us = p->who.confirmed_us;
	struct uuid	id;

	switch (confirm(&p->who)) {
	case CONFIRMED:
		if (p->who.confirmed_us != confirmed_us)
			auth_confirm(token.p, token.len, p->who.confirmed_us);
		p->known = true;
		return (true);
	case CONFIRM_DEAD:
		if (uuid_parse(p->who.token_id, &id))
			auth_revoke(&id, p->who.issued_us);
		return (refuse_token(p, ERR_TOKEN_INVALID));
	default:
		problem(p, ERR_DOWN, "Retry-After: 2\r\n");
		return (false);
	}
}

static enum auth_result
token_check(struct pass *p, struct span token)
{
	enum auth_result	r = auth_check(token.p, token.len, &p->who);

	if (r == AUTH_UNKNOWN_KEY && svc_refetch_keys() == 0)
		r = auth_check(token.p, token.len, &p->who);
	return (r);
}

static bool
refuse_token(struct pass *p, enum error_code code)
{
	int64_t	wait_s;

	(void)limit_quota(p->site.p, p->site.len, FAILED_QUOTA, true, &wait_s);
	metric_add(&refused_token, 1);
	problem(p, code, "WWW-Authenticate: Bearer realm=\"yjy365\", error=\"invalid_token\"\r\n");
	return (false);
}
