/*
 * cors.c -- pages of other origins (the Fetch standard). The settings name who
 * may read our replies; nobody else gets a word, and a preflight never
 * reaches a service.
 *
 * Invariant: credentials are never allowed: tokens travel in Authorization,
 * there is no cookie that a foreign page could make a browser send.
 */
#include "gateway.h"
#include "conf/conf.h"

#define METHODS_LINE	"Access-Control-Allow-Methods: GET, HEAD, POST, PUT, PATCH, DELETE\r\n"
#define HEADERS_LINE	"Access-Control-Allow-Headers: Authorization, Content-Type, " \
			"Accept-Language, Idempotency-Key, If-Match, If-None-Match, Traceparent\r\n"
#define EXPOSE_LINE	"Access-Control-Expose-Headers: ETag, Link, Location, Retry-After, " \
			"RateLimit, RateLimit-Policy, X-Request-Id, Idempotency-Replayed\r\n"

static bool	allowed(struct span);

static const char	*origins;	/* as set: "" nobody, "*" everybody, or a list */
static bool		 everybody;

void
cors_start(void)
{
	origins = conf_text(CONF_CORS_ORIGINS);
	everybody = strcmp(origins, "*") == 0;
}

/* What every reply says about origins, once any is allowed. */
void
cors_mark(struct pass *p)
{
	if (origins[0] == '\0')
		return;
	if (everybody)
		reply_more(p, "Access-Control-Allow-Origin: *\r\n" EXPOSE_LINE);
	else if (allowed(p->heard.origin))
		reply_more(p, arena_printf(p->arena,
		    "Access-Control-Allow-Origin: %.*s\r\nVary: Origin\r\n" EXPOSE_LINE,
		    (int)p->heard.origin.len, p->heard.origin.p));
	else
		reply_more(p, "Vary: Origin\r\n");
}

/* False: not a preflight. */
bool
cors_preflight(struct pass *p)
{
	const char	*head;

	if (p->head->method != METHOD_OPTIONS || p->heard.origin.len == 0 ||
	    p->heard.wants_method.len == 0)
		return (false);
	if (!everybody && !allowed(p->heard.origin)) {
		problem(p, ERR_ORIGIN, NULL);
		return (true);
	}
	head = arena_printf(p->arena, METHODS_LINE HEADERS_LINE
	    "Access-Control-Max-Age: 600\r\nX-Request-Id: %s\r\n%.*s", p->request_id,
	    (int)p->more.len, p->more.len > 0 ? p->more.p : "");
	p->status = 204;
	exchange_reply(p->x, 204, head, strlen(head), NULL, 0);
	return (true);
}

/* Byte for byte one of the list; a list member is "https://host[:port]". */
static bool
allowed(struct span origin)
{
	const char	*at = origins, *end;

	if (origin.len == 0)
		return (false);
	for (; *at != '\0'; at = *end == ',' ? end + 1 : end) {
		while (*at == ' ')
			at++;
		end = at + strcspn(at, ", ");
		if ((size_t)(end - at) == origin.len && memcmp(at, origin.p, origin.len) == 0)
			return (true);
		end += strspn(end, " ");
	}
	return (false);
}
