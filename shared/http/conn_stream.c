/*
 * conn_stream.c -- replies sent piece by piece. Small pieces of one turn
 * leave together; a slow client holds the program up once CONN_QUEUE_MAX
 * bytes wait for it.
 *
 * Invariant: a reply that cannot be completed as its head promised ends with
 * the connection, so no client takes part of it for the whole.
 */
#include <sys/socket.h>

#include "http/http_priv.h"
#include "base/log.h"

#define TOGETHER_MAX	2048	/* queued until the end of the turn */
#define SLICE		((size_t)64 << 10)
#define CHUNK_LINE	20	/* sixteen digits, CRLF and NUL */

static int	send_slice(struct exchange *, const char *, size_t);
static int	wait_for_room(struct hconn *);
static bool	may_wait(const struct exchange *, size_t);

void
exchange_begin(struct exchange *x, int status, const char *headers,
    size_t headers_len, int64_t length)
{
	struct hconn	*c = x->conn;
	struct buf	*h;

	if (x->begun || exchange_gone(x))
		return;
	x->bodiless = reply_bodiless(x, status);
	x->left = length < 0 ? -1 : length;
	x->chunked = length < 0 && x->head.minor == 1 && !x->bodiless;
	if (length < 0 && x->head.minor == 0 && !x->bodiless)
		c->close_after = true;
	h = reply_head(x, status, headers, headers_len, length);
	x->begun = true;
	if (!buf_ok(h)) {
		log_error("http: reply head too large");
		hconn_close(c);
		return;
	}
	hconn_queue(c, h->data, h->len);
}

int
exchange_send(struct exchange *x, const void *data, size_t len)
{
	const char	*p = data;
	size_t		 n;

	if (!x->begun || x->ended || exchange_gone(x))
		return (-1);
	if (x->bodiless)
		return (0);
	if (x->left >= 0 && len > (size_t)x->left) {
		log_error("http: a reply longer than it said");
		exchange_abort(x);
		return (-1);
	}
	while (len > 0) {
		n = len < SLICE ? len : SLICE;
		if (send_slice(x, p, n) == -1)
			return (-1);
		p += n;
		len -= n;
	}
	return (0);
}

static int
send_slice(struct exchange *x, const char *p, size_t n)
{
	struct hconn	*c = x->conn;
	char		 line[CHUNK_LINE];
	struct iovec	 iov[3] = {
		{ line, 0 }, { (void *)(uintptr_t)p, n }, { (void *)(uintptr_t)"\r\n", 0 }
	};

	if (x->chunked) {
		iov[0].iov_len = snprintf(line, sizeof(line), "%zx\r\n", n);
		iov[2].iov_len = 2;
	}
	if (x->left >= 0)
		x->left -= n;
	if (!may_wait(x, n)) {
		hconn_send(c, iov, 3);
		return (wait_for_room(c));
	}
	hconn_queue(c, line, iov[0].iov_len);
	hconn_queue(c, p, n);
	hconn_queue(c, "\r\n", iov[2].iov_len);
	return (0);
}

/* The last bytes of a counted reply never wait: nothing will follow them. */
static bool
may_wait(const struct exchange *x, size_t n)
{
	return (x->left != 0 && window_len(&x->conn->out) + n <= TOGETHER_MAX);
}

static int
wait_for_room(struct hconn *c)
{
	while (c->fd != -1 && window_len(&c->out) > CONN_QUEUE_MAX &&
	    co_self() != NULL)
		(void)waiter_wait(&c->writer, -1);
	return (c->fd == -1 ? -1 : 0);
}

void
exchange_end(struct exchange *x)
{
	struct hconn	*c = x->conn;

	if (!x->begun || x->ended || exchange_gone(x))
		return;
	if (x->left > 0 && !x->bodiless) {
		log_error("http: a reply shorter than it said");
		exchange_abort(x);
		return;
	}
	x->ended = true;
	if (x->chunked)
		hconn_queue(c, "0\r\n\r\n", 5);
	hconn_flush(c);
}

/* With a reset: an end that merely closed would look complete to HTTP/1.0. */
void
exchange_abort(struct exchange *x)
{
	struct linger	 cut = { .l_onoff = 1, .l_linger = 0 };
	struct hconn	*c = x->conn;

	x->ended = true;
	if (c->fd == -1)
		return;
	(void)setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &cut, sizeof(cut));
	hconn_close(c);
}
