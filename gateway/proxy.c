/*
 * proxy.c -- a request handed to its service and the reply handed back, both
 * streamed: a piece is read only after the one before it was taken, so a slow
 * side holds back the other and nothing piles up here.
 *
 * Invariant: once a byte of the reply was sent to the client, the reply is
 * either completed as the service gave it or the connection is cut.
 */
#include "gateway.h"
#include "base/log.h"
#include "conf/conf.h"
#include "loop/loop.h"

#define CONNECT_MS	1000	/* for a connection, including a place in the pool */
#define WHOLE_MAX	16384	/* bytes of a body that may leave together with its head */
#define PATIENCE_MS	1000	/* beyond the time a service gives itself */

static struct upcall *ask(struct pass *, struct http1_head **);
static int	body_up(struct pass *, struct upcall *);
static int	chunk_up(struct upcall *, struct span);
static bool	may_repeat(const struct pass *);
static void	lost(struct pass *, bool late);
static void	pass_back(struct pass *, struct upcall *, const struct http1_head *);
static bool	without_body(const struct pass *, const struct http1_head *);
static void	body_whole(struct pass *, struct upcall *, const char *, size_t, size_t);
static void	body_back(struct pass *, struct upcall *, const struct span *);
static void	cut(struct pass *);

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

static bool
without_body(const struct pass *p, const struct http1_head *reply)
{
	return (p->head->method == METHOD_HEAD || reply->status == 204 || reply->status == 304);
}

static void
pass_back(struct pass *p, struct upcall *u, const struct http1_head *reply)
{
	int64_t	 length = -1;
	char	*lines;
	size_t	 len;

	p->status = reply->status;
	lines = reply_lines(p->arena, reply, &len);
	if (reply->has_length)
		length = (int64_t)reply->length;
	if (!without_body(p, reply) && length > 0 && length <= WHOLE_MAX) {
		body_whole(p, u, lines, len, (size_t)length);
		return;
	}
	exchange_begin(p->x, reply->status, lines, len, length);
	if (without_body(p, reply))
		exchange_end(p->x);
	else
		body_back(p, u, NULL);
}

/* Mostly the body came with its head: then head and body leave as one write. */
static void
body_whole(struct pass *p, struct upcall *u, const char *lines, size_t len, size_t length)
{
	struct span	piece = { NULL, 0 };
	int		rc;

	rc = upcall_body_next(u, &piece, conf_int(CONF_BODY_MS));
	if (rc == 1 && piece.len == length) {
		p->bytes_out = length;
		exchange_reply(p->x, p->status, lines, len, piece.p, length);
		return;
	}
	exchange_begin(p->x, p->status, lines, len, (int64_t)length);
	if (rc == 1)
		body_back(p, u, &piece);
	else
		cut(p);
}

static void
body_back(struct pass *p, struct upcall *u, const struct span *first)
{
	struct span	piece;
	int		rc = 1;

	if (first != NULL)
		piece = *first;
	else
		rc = upcall_body_next(u, &piece, conf_int(CONF_BODY_MS));
	for (; rc == 1; rc = upcall_body_next(u, &piece, conf_int(CONF_BODY_MS))) {
		if (exchange_send(p->x, piece.p, piece.len) == -1)
			return;
		p->bytes_out += piece.len;
	}
	if (rc == 0)
		exchange_end(p->x);
	else
		cut(p);
}

static void
cut(struct pass *p)
{
	log_warn("%s died in the middle of a reply", p->backend->name);
	metric_add(&p->backend->failed, 1);
	exchange_abort(p->x);
}
