/*
 * conn_out.c -- sending: at once as far as the socket takes it, the rest from
 * a queue as it drains. A client that takes nothing for CONF_BODY_MS is cut.
 */
#include "http/http_priv.h"
#include "base/log.h"

static size_t	total_len(const struct iovec *, int);

/* Bounds the queue even for a program that never waits. */
void
hconn_send(struct hconn *c, const struct iovec *iov, int n)
{
	size_t	before = window_len(&c->out), added = total_len(iov, n);

	if (c->fd == -1)
		return;
	if (before + added > CONN_REPLY_MAX) {
		log_warn("http: a reply of over %zu bytes was cut", CONN_REPLY_MAX);
		hconn_close(c);
		return;
	}
	if (window_send(&c->out, c->fd, iov, n) == -1) {
		hconn_close(c);
		return;
	}
	if (before > 0 || window_len(&c->out) > 0) {
		/* Only progress earns more time. */
		if (before == 0 || window_len(&c->out) < before + added)
			hconn_write_deadline(c);
	}
}

void
hconn_queue(struct hconn *c, const void *data, size_t len)
{
	bool	first = window_len(&c->out) == 0;

	window_add(&c->out, data, len);
	if (first)
		hconn_write_deadline(c);
	loop_defer(&c->again);
}

/* The socket has room again, or the turn ends. */
void
hconn_flush(struct hconn *c)
{
	size_t	before = window_len(&c->out);

	if (before == 0)
		return;
	if (window_send(&c->out, c->fd, NULL, 0) == -1) {
		hconn_close(c);
		return;
	}
	if (window_len(&c->out) < before)
		hconn_write_deadline(c);
	if (window_len(&c->out) <= CONN_QUEUE_MAX)
		waiter_wake(&c->writer);
}

static size_t
total_len(const struct iovec *iov, int n)
{
	size_t	len = 0;

	while (n-- > 0)
		len += iov++->iov_len;
	return (len);
}
