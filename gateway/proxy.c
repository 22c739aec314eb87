/*
 * proxy.c -- a request handed to its service, its body streamed up: a piece is
 * read only after the one before it was taken. A small body is waited for
 * first, so that it can be sent again. The reply's way is back.c.
 *
 * Invariant: what may have had an effect is given a second time only if the
 * service recognises it: by the method's meaning, or by an Idempotency-Key.
 */
#include "gateway.h"
#include "conf/conf.h"
#include "loop/loop.h"

#define REPEAT_MAX	65536	/* bytes of a body kept to be sent again */
#define PATIENCE_MS	1000	/* beyond the time a service gives itself */

/* One request on its way up. */
struct way {
	struct pass		*p;
	struct target		*target;
	struct upcall		*call;
	char			*head;
	size_t			 head_len;
	struct span		 body;		/* all of it, when `whole` */
	bool			 whole;
	bool			 repeated;	/* after a kept connection had died */
	unsigned int		 tried;		/* addresses that failed, by place … */
	unsigned int		 bit;		/* … where this one's is */
};

enum attempt { ANSWERED, AGAIN, OVER };

static bool	 body_keep(struct way *);
static void	 too_slow(struct pass *);
static bool	 connect_up(struct way *);
static enum attempt attempt(struct way *, struct http1_head **);
static enum attempt unanswered(struct way *, bool, bool);
static int	 body_up(struct way *);
static int	 chunk_up(struct upcall *, struct span);
static bool	 is_safe(enum method);
static bool	 may_repeat(const struct way *);
static bool	 others(const struct way *);
static void	 lost(struct pass *, bool);

void
proxy(struct pass *p)
{
	struct http1_head	*reply;
	struct way		 w = { .p = p };
	enum attempt		 came = AGAIN;

	if (!body_keep(&w))
		return;
	w.head = request_head(p, &w.head_len);
	while (came == AGAIN && connect_up(&w)) {
		if ((came = attempt(&w, &reply)) == ANSWERED)
			pass_back(p, w.call, reply);
		upcall_done(w.call);
		target_leave(w.target);
	}
}

/* False: the client has left, or has its error. */
static bool
body_keep(struct way *w)
{
	const struct http1_head	*h = w->p->head;

	if (h->chunked || h->length > REPEAT_MAX)
		return (true);
	w->whole = true;
	if (h->length == 0 || exchange_body_whole(w->p->x, REPEAT_MAX, &w->body) == 0)
		return (true);
	too_slow(w->p);
	return (false);
}

/* The body stopped coming; whoever has left hears nothing of it. */
static void
too_slow(struct pass *p)
{
	if (!exchange_gone(p->x))
		problem(p, ERR_TIMEOUT_IN, NULL);
}

/* A connection with the head on it. Nobody has heard of it before: any may be asked. */
static bool
connect_up(struct way *w)
{
	struct backend	*b = w->p->backend;

	while ((w->target = target_pick(b, w->tried)) != NULL) {
		w->bit = 1u << w->target->place;
		w->call = upcall_open(w->target->pool, w->head, w->head_len,
		    conf_int(CONF_CONNECT_MS));
		if (w->call != NULL)
			return (true);
		w->tried |= w->bit;
		target_failed(w->target, false);
		target_leave(w->target);
	}
	problem(w->p, ERR_DOWN, "Retry-After: 2\r\n");
	return (false);
}

static enum attempt
attempt(struct way *w, struct http1_head **reply)
{
	int64_t	wait_ms = conf_int(CONF_CALL_MS) + PATIENCE_MS, begun_us = loop_now_us();
	bool	fresh;

	if (body_up(w) == -1) {		/* the client is gone, or as good as */
		target_unknown(w->target);
		too_slow(w->p);
		return (OVER);
	}
	if (upcall_head(w->call, reply, wait_ms, &fresh) == 0) {
		target_answered(w->target);
		return (ANSWERED);
	}
	return (unanswered(w, fresh, loop_now_us() - begun_us >= wait_ms * 1000));
}

/*
 * `fresh`: a kept connection that had died unnoticed, which says nothing about
 * the service; one repeat, on another. A read without effect may be asked of
 * another address.
 */
static enum attempt
unanswered(struct way *w, bool fresh, bool late)
{
	if (fresh && !w->repeated && may_repeat(w)) {
		target_unknown(w->target);
		w->repeated = true;
	} else {
		target_failed(w->target, late);
		w->tried |= w->bit;
		if (late || !w->whole || !is_safe(w->p->head->method) || !others(w)) {
			lost(w->p, late);
			return (OVER);
		}
	}
	metric_add(&w->p->backend->repeated, 1);
	return (AGAIN);
}

static bool
is_safe(enum method m)
{
	return (m == METHOD_GET || m == METHOD_HEAD || m == METHOD_OPTIONS);
}

/* The service will do it once, however often it hears it, and we have all of it. */
static bool
may_repeat(const struct way *w)
{
	enum method	m = w->p->head->method;

	return (w->whole && (is_safe(m) || m == METHOD_PUT || m == METHOD_DELETE ||
	    (m == METHOD_POST && w->p->heard.keyed)));
}

static bool
others(const struct way *w)
{
	size_t	i;

	for (i = 0; i < w->p->backend->ntargets; i++)
		if ((w->tried & 1u << i) == 0)
			return (true);
	return (false);
}

/* No reply: a change may have happened all the same. */
static void
lost(struct pass *p, bool late)
{
	enum error_code	code = ERR_OUTCOME;

	if (late)
		code = ERR_TIMEOUT;
	else if (is_safe(p->head->method))
		code = ERR_UPSTREAM;
	problem(p, code, code == ERR_OUTCOME ? "Retry-After: 2\r\n" : NULL);
}

/* 0: all of it went, or the service took no more of it and says why; -1: the client is gone. */
static int
body_up(struct way *w)
{
	struct pass	*p = w->p;
	struct span	 piece;
	int		 rc;

	if (w->whole) {
		/* a service that listens no longer may have said why */
		rc = upcall_send(w->call, w->body.p, w->body.len);
		return (rc == -1 ? 0 : rc);
	}
	while ((rc = exchange_body_next(p->x, &piece)) == 1)
		if ((p->head->chunked ? chunk_up(w->call, piece) :
		    upcall_send(w->call, piece.p, piece.len)) == -1)
			return (0);
	if (rc == 0 && p->head->chunked && upcall_send(w->call, "0\r\n\r\n", 5) == -1)
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
