/*
 * back.c -- the way back of a reply, streamed: a piece is read only after the
 * one before it was taken, so a slow client holds back the service and
 * nothing piles up here. Small replies leave as one write; compressed ones
 * and event streams piece by piece.
 *
 * Invariant: once a byte of the reply was sent to the client, the reply is
 * either completed as the service gave it or the connection is cut.
 */
#include "gateway.h"
#include "base/log.h"
#include "conf/conf.h"
#include "http/edge.h"
#include "loop/loop.h"
#include "svc/host.h"

#define WHOLE_MAX	16384	/* bytes of a body that may leave together with its head */
#define EVENTS_SLICE_MS	1000	/* how soon an idle event stream sees that it must end */
#define EVENTS_QUIET_MS	120000	/* an event stream says something in this time */

static bool	events_begin(struct pass *, struct upcall *);
static bool	without_body(const struct pass *, const struct http1_head *);
static bool	is_events(const struct http1_head *);
static void	begin(struct pass *, const struct http1_head *, int64_t);
static void	body_whole(struct pass *, struct upcall *, const struct http1_head *);
static int	gather(struct pass *, struct upcall *, const struct http1_head *, struct span *);
static void	body_back(struct pass *, struct upcall *, const struct span *);
static int	next_piece(struct pass *, struct upcall *, struct span *);
static int	next_event(struct pass *, struct upcall *, struct span *);
static int	give(struct pass *, struct span, enum gzip_how);
static void	cut(struct pass *);

static int64_t	streams;	/* event streams passed back now */

void
pass_back(struct pass *p, struct upcall *u, const struct http1_head *reply)
{
	int64_t	length = reply->has_length ? (int64_t)reply->length : -1;

	p->status = reply->status;
	p->events = length == -1 && is_events(reply);
	if (without_body(p, reply)) {
		begin(p, reply, length);
		exchange_end(p->x);
		return;
	}
	if (p->events && !events_begin(p, u))
		return;
	if (gzip_fits(reply)) {
		p->coding = gzip_wanted(p->heard.encoding) ? CODING_GZIP : CODING_PLAIN;
		if (p->coding == CODING_GZIP && (length == -1 || length > WHOLE_MAX))
			p->gzip = gzip_open();
	}
	if (length > 0 && length <= WHOLE_MAX) {
		body_whole(p, u, reply);
		return;
	}
	begin(p, reply, p->gzip != NULL ? -1 : length);
	body_back(p, u, NULL);
	gzip_close(p->gzip);
	streams -= p->events;
}

/* It lasts: it takes no place in the pool of its service, and some places here stay free. */
static bool
events_begin(struct pass *p, struct upcall *u)
{
	if (streams >= conf_int(CONF_GATEWAY_STREAMS)) {
		problem(p, ERR_BUSY, "Retry-After: 5\r\n");
		return (false);
	}
	streams++;
	upcall_apart(u);
	return (true);
}

static bool
without_body(const struct pass *p, const struct http1_head *reply)
{
	return (p->head->method == METHOD_HEAD || reply->status == 204 || reply->status == 304);
}

static bool
is_events(const struct http1_head *reply)
{
	const struct span	*type = http1_header(reply, "content-type");

	return (type != NULL && type->len >= 17 &&
	    strncasecmp(type->p, "text/event-stream", 17) == 0);
}

static void
begin(struct pass *p, const struct http1_head *reply, int64_t length)
{
	char	*lines;
	size_t	 len;

	lines = reply_lines(p, reply, &len);
	exchange_begin(p->x, reply->status, lines, len, length);
}

/* Mostly the body came with its head: then head and body leave as one write. */
static void
body_whole(struct pass *p, struct upcall *u, const struct http1_head *reply)
{
	struct span	piece = { NULL, 0 };
	char		*lines;
	size_t		 len;
	int		 rc;

	rc = upcall_body_next(u, &piece, conf_int(CONF_BODY_MS));
	if (rc == 1 && p->coding == CODING_GZIP && (rc = gather(p, u, reply, &piece)) == 1 &&
	    !gzip_whole(p->arena, piece, &piece))
		p->coding = CODING_PLAIN;
	if (rc != 1 || (piece.len != reply->length && p->coding != CODING_GZIP)) {
		begin(p, reply, (int64_t)reply->length);
		if (rc == 1)
			body_back(p, u, &piece);
		else
			cut(p);
		return;
	}
	lines = reply_lines(p, reply, &len);
	p->bytes_out = piece.len;
	exchange_reply(p->x, p->status, lines, len, piece.p, piece.len);
}

/* All of a small body, for who must see it at once. 1, or as upcall_body_next(). */
static int
gather(struct pass *p, struct upcall *u, const struct http1_head *reply, struct span *piece)
{
	char	*all;
	size_t	 len = 0;
	int	 rc = 1;

	if (piece->len == reply->length)
		return (1);
	all = arena_alloc(p->arena, reply->length);
	do {
		memcpy(all + len, piece->p, piece->len);
		len += piece->len;
	} while (len < reply->length &&
	    (rc = upcall_body_next(u, piece, conf_int(CONF_BODY_MS))) == 1);
	*piece = (struct span){ all, len };
	return (rc == 1 ? 1 : -1);
}

static void
body_back(struct pass *p, struct upcall *u, const struct span *first)
{
	struct span	piece;
	int		rc = 1;

	if (first != NULL)
		piece = *first;
	else
		rc = next_piece(p, u, &piece);
	for (; rc == 1; rc = next_piece(p, u, &piece))
		if (give(p, piece, GZIP_PIECE) == -1)
			return;
	if (rc != 0)
		cut(p);
	else if (p->gzip == NULL || give(p, (struct span){ "", 0 }, GZIP_END) == 0)
		exchange_end(p->x);
}

static int
next_piece(struct pass *p, struct upcall *u, struct span *piece)
{
	if (p->events)
		return (next_event(p, u, piece));
	return (upcall_body_next(u, piece, conf_int(CONF_BODY_MS)));
}

/* Ends when we are asked to leave (the client comes again by itself) or it has left. */
static int
next_event(struct pass *p, struct upcall *u, struct span *piece)
{
	int64_t	waited_ms;
	int	rc;

	for (waited_ms = 0; waited_ms < EVENTS_QUIET_MS; waited_ms += EVENTS_SLICE_MS) {
		if (svc_draining())
			return (0);
		if (exchange_hung_up(p->x))
			return (-1);
		if ((rc = upcall_body_next(u, piece, EVENTS_SLICE_MS)) != UPCALL_LATE)
			return (rc);
	}
	return (-1);
}

static int
give(struct pass *p, struct span piece, enum gzip_how how)
{
	if (p->gzip == NULL) {
		p->bytes_out += piece.len;
		return (exchange_send(p->x, piece.p, piece.len));
	}
	gzip_put(p->gzip, piece);
	while ((piece = gzip_take(p->gzip, how)).len > 0) {
		p->bytes_out += piece.len;
		if (exchange_send(p->x, piece.p, piece.len) == -1)
			return (-1);
	}
	return (0);
}

static void
cut(struct pass *p)
{
	if (exchange_gone(p->x))
		return;
	if (!p->events || !exchange_hung_up(p->x)) {
		log_warn("%s died in the middle of a reply", p->backend->name);
		metric_add(&p->backend->failed, 1);
	}
	exchange_abort(p->x);
}
