/*
 * conn_step.c -- what a connection does with its input while no exchange
 * runs: find the next head, drop the rest of a body nobody wanted, or wait
 * for the client to go. hconn_process() takes one step after another until
 * nothing more can be done without the client.
 */
#include <sys/socket.h>

#include "http/http_priv.h"

#define STEPS_MAX	128

static bool	step(struct hconn *);
static bool	step_head(struct hconn *);
static bool	step_proxied(struct hconn *);
static bool	step_fill(struct hconn *);
static bool	step_discard(struct hconn *);
static bool	step_linger(struct hconn *);
static void	head_room(struct window *);

void
hconn_process(struct hconn *c)
{
	int	steps = 0;

	if (c->stepping)
		return;
	c->stepping = true;
	while (c->fd != -1 && c->x == NULL && step(c)) {
		/* A client that never lets up shares the turn with the others. */
		if (++steps == STEPS_MAX) {
			loop_defer(&c->again);
			break;
		}
	}
	c->stepping = false;
}

/* Deferred: on the main stack again, later in the same turn. */
void
hconn_again(void *arg)
{
	struct hconn	*c = arg;

	if (c->doomed) {
		loop_free_later(c);
		return;
	}
	if (c->fd != -1 && window_len(&c->out) > 0)
		hconn_flush(c);
	hconn_process(c);
}

/* window_recv() that closes a broken connection and knows about the end. */
ssize_t
hconn_receive(struct hconn *c, struct window *w)
{
	ssize_t	n = window_recv(w, c->fd, &c->readable);

	if (n == -2)
		hconn_close(c);
	else if (n > 0 && c->hup)
		c->readable = true;
	return (n);
}

static bool
step(struct hconn *c)
{
	/* Replies leave before anything new begins. */
	if (window_len(&c->out) > 0)
		return (false);
	switch (c->phase) {
	case PHASE_DISCARD:
		return (step_discard(c));
	case PHASE_LINGER:
		return (step_linger(c));
	default:
		return (step_head(c));
	}
}

static bool
step_head(struct hconn *c)
{
	struct exchange	*x;
	int		 status;

	if (window_len(&c->in) == 0)
		return (step_fill(c));
	if (c->proxied)
		return (step_proxied(c));
	x = exchange_spare();
	switch (http1_request(c->in.data + c->in.off, window_len(&c->in),
	    &x->head, &c->scanned, &status)) {
	case HTTP1_DONE:
		exchange_enter(c);
		return (true);
	case HTTP1_BAD:
		hconn_refuse(c, status);
		return (true);
	default:
		return (step_fill(c));
	}
}

/* Who is odd here is a front gone wrong or a stranger: no word to either. */
static bool
step_proxied(struct hconn *c)
{
	struct proxy_head	head;

	switch (http1_proxy(c->in.data + c->in.off, window_len(&c->in), &head)) {
	case HTTP1_MORE:
		return (step_fill(c));
	case HTTP1_BAD:
		hconn_close(c);
		return (false);
	default:
		break;
	}
	c->proxied = false;
	c->in.off += head.len;
	c->scanned = 0;
	c->tls = head.tls;
	if (!head.local)
		memcpy(c->peer, head.source, sizeof(c->peer));
	return (true);
}

/* Reads more of the head; at the end of input there is none. */
static bool
step_fill(struct hconn *c)
{
	ssize_t	n = -1;

	if (c->readable) {
		head_room(&c->in);
		n = hconn_receive(c, &c->in);
	}
	if (n > 0)
		return (true);
	if (n == 0)
		hconn_close(c);
	if (n != -1)
		return (false);
	if (window_len(&c->in) > 0)
		hconn_wait_head(c);
	else if (hconn_draining() && !hconn_patient())
		hconn_close(c);
	else
		window_release(&c->in);
	return (false);
}

static void
head_room(struct window *w)
{
	if (w->end < w->cap)
		return;
	if (w->off > 0 || w->cap == 0)
		window_room(w, WINDOW_SMALL);
	else
		window_room(w, w->cap * 2);
}

/* Up to DISCARD_MAX bytes of body are cheaper than a new connection. */
static bool
step_discard(struct hconn *c)
{
	struct span	payload;
	size_t		used;

	if (window_len(&c->in) == 0) {
		window_release(&c->in);
		if (!c->readable)
			return (false);
		window_room(&c->in, WINDOW_SMALL);
		switch (hconn_receive(c, &c->in)) {
		case 0:
			hconn_close(c);
			/* FALLTHROUGH */
		case -1:
		case -2:
			return (false);
		}
	}
	switch (http1_body(&c->body, c->in.data + c->in.off, window_len(&c->in),
	    &used, &payload)) {
	case HTTP1_DONE:
		c->body.kind = BODY_NONE;
		c->phase = PHASE_HEAD;
		hconn_wait_idle(c);
		break;
	case HTTP1_BAD:
		c->dropped = DISCARD_MAX + 1;
		break;
	default:
		break;
	}
	c->in.off += used;
	c->dropped += used;
	if (c->dropped > DISCARD_MAX)
		hconn_end(c, true);
	return (true);
}

/*
 * The last reply is out. Closing a socket with unread bytes resets it, and
 * the reply may be lost: stop sending, and read on until the client closes.
 */
static bool
step_linger(struct hconn *c)
{
	ssize_t	n;

	if (!c->linger && window_len(&c->in) == 0 && !c->readable) {
		hconn_close(c);
		return (false);
	}
	if (c->dropped == 0) {
		c->dropped = 1;
		(void)shutdown(c->fd, SHUT_WR);
		hconn_deadline(c, LINGER_MS);
	}
	c->linger = true;
	window_release(&c->in);
	if (!c->readable)
		return (false);
	window_room(&c->in, WINDOW_SMALL);
	n = hconn_receive(c, &c->in);
	if (n > 0)
		c->dropped += n;
	if (n == 0 || c->dropped > LINGER_MAX)
		hconn_close(c);
	return (n > 0);
}

/* No further request: PHASE_LINGER once the output is gone. */
void
hconn_end(struct hconn *c, bool linger)
{
	c->phase = PHASE_LINGER;
	c->linger = c->linger || linger;
	c->dropped = 0;
	c->in_head = false;
	hconn_deadline(c, -1);
}
