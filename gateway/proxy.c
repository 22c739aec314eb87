/*
 * proxy.c -- a request handed to its service, its body streamed up: a piece is
 * read only after the one before it was taken. The reply's way is back.c.
 *
 * Invariant: a request that may have had an effect is given to a service once.
 */
#include "gateway.h"
#include "base/log.h"
#include "conf/conf.h"
#include "loop/loop.h"

#define CONNECT_MS	1000	/* for a connection, including a place in the pool */
#define PATIENCE_MS	1000	/* beyond the time a service gives itself */

static struct upcall *ask(struct pass *, struct http1_head **);
static int	body_up(struct pass *, struct upcall *);
static int	chunk_up(struct upcall *, struct span);
static bool	may_repeat(const struct pass *);
static void	lost(struct pass *, bool late);

void
proxy(struct pass *p)
{
	struct http1_head	*reply;
	struct upcall		*u;

	if ((u = ask(p, &reply)) == NULL)
		return;
	pass_back(p, u, reply);
	upcall_done(u);
}

/*
 * NULL: the client has its error, or is gone. A connection kept from before
 * may have died unnoticed; what may be repeated is, once, on another.
 */
static struct upcall *
ask(struct pass *p, struct http1_head **reply)
{
	int64_t		 wait_ms = conf_int(CONF_CALL_MS) + PATIENCE_MS, begun_us;
	struct upcall	*u;
	char		*head;
	size_t		 len;
	bool		 fresh, again;

	head = request_head(p, &len);
	for (again = false;; again = true) {
		u = p->backend->pool == NULL ? NULL :
		    upcall_open(p->backend->pool, head, len, CONNECT_MS);
		if (u == NULL) {
			metric_add(&p->backend->failed, 1);
			problem(p, ERR_DOWN, "Retry-After: 2\r\n");
			return (NULL);
		}
		begun_us = loop_now_us();
		if (body_up(p, u) == -1)
			break;			/* the client is gone */
		if (upcall_head(u, reply, wait_ms, &fresh) == 0)
			return (u);
		if (again || !fresh || !may_repeat(p)) {
			lost(p, loop_now_us() - begun_us >= wait_ms * 1000);
			break;
		}
		upcall_done(u);
	}
	upcall_done(u);
	return (NULL);
}

/* Without effect by definition, and with nothing of the request used up. */
static bool
may_repeat(const struct pass *p)
{
	return ((p->head->method == METHOD_GET || p->head->method == METHOD_HEAD ||
	    p->head->method == METHOD_PUT || p->head->method == METHOD_DELETE ||
	    p->head->method == METHOD_OPTIONS) &&
	    !p->head->chunked && p->head->length == 0);
}

/* No reply: a change may have happened all the same. */
static void
lost(struct pass *p, bool late)
{
	enum error_code	code = ERR_OUTCOME;

	metric_add(&p->backend->failed, 1);
	if (late)
		code = ERR_TIMEOUT;
	else if (p->head->method == METHOD_GET || p->head->method == METHOD_HEAD ||
	    p->head->method == METHOD_OPTIONS)
		code = ERR_UPSTREAM;
	problem(p, code, code == ERR_OUTCOME ? "Retry-After: 2\r\n" : NULL);
}

/* 0: all of it went, or the service took no more of it and says why; -1: the client is gone. */
static int
body_up(struct pass *p, struct upcall *u)
{
	struct span	piece;
	int		rc;

	if (!p->head->chunked && p->head->length == 0)
		return (0);
	while ((rc = exchange_body_next(p->x, &piece)) == 1)
		if ((p->head->chunked ? chunk_up(u, piece) :
		    upcall_send(u, piece.p, piece.len)) == -1)
			return (0);
	if (rc == 0 && p->head->chunked && upcall_send(u, "0\r\n\r\n", 5) == -1)
		return (0);
	return (rc);
}

static int
chunk_up(struct upcall *u, struct span piece)
{
	char	size[32];
	int	n;

	if (piece.len == 0)
		return (0);		/* an empty chunk would end the body */
	n = snprintf(size, sizeof(size), "%zx\r\n", piece.len);
	if (upcall_send(u, size, (size_t)n) == -1 ||
	    upcall_send(u, piece.p, piece.len) == -1 || upcall_send(u, "\r\n", 2) == -1)
		return (-1);
	return (0);
}
