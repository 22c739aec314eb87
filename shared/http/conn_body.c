/*
 * conn_body.c -- the request's body, read only when the program asks.
 *
 * What came with the head is handed out where it lies. Anything beyond is
 * received into memory of its own, because the bytes of the head may not move
 * while the exchange lives. A body that breaks its framing, or ends early, is
 * answered here with 400; after that the exchange is gone for the program.
 */
#include "http/http_priv.h"
#include "base/log.h"
#include "conf/conf.h"

#define BODY_RATE	1024	/* bytes a second that count as sending */
#define FIRST_PIECE	4096

static int	body_take(struct exchange *, struct span *);
static int	body_refill(struct exchange *);
static int	body_receive(struct exchange *, struct window *);
static int	body_pause(struct exchange *);
static void	body_continue(struct exchange *);
static void	body_refuse(struct exchange *);
static int	whole_counted(struct exchange *, struct span *);
static int	whole_chunked(struct exchange *, size_t, struct span *);

int
exchange_body_next(struct exchange *x, struct span *piece)
{
	struct hconn	*c = x->conn;
	int		 rc;

	while (c->body.kind != BODY_NONE && !exchange_gone(x)) {
		if (window_len(&c->in) > 0) {
			if ((rc = body_take(x, piece)) != 0)
				return (rc);
		} else if (body_refill(x) == -1)
			return (-1);
	}
	return (exchange_gone(x) ? -1 : 0);
}

/* Walks over what is here. 1: a piece; 0: framing only; -1: refused. */
static int
body_take(struct exchange *x, struct span *piece)
{
	struct hconn		*c = x->conn;
	enum http1_result	 found;
	size_t			 used;

	found = http1_body(&c->body, c->in.data + c->in.off, window_len(&c->in),
	    &used, piece);
	c->in.off += used;
	if (found == HTTP1_BAD) {
		body_refuse(x);
		return (-1);
	}
	if (found == HTTP1_DONE)
		c->body.kind = BODY_NONE;
	return (piece->len > 0);
}

/* Everything here is used up. The head keeps its memory, the body gets a window. */
static int
body_refill(struct exchange *x)
{
	struct hconn	*c = x->conn;

	if (x->head_bytes.data == NULL) {
		x->head_bytes = c->in;
		memset(&c->in, 0, sizeof(c->in));
	}
	c->in.off = c->in.end = 0;
	window_room(&c->in, window_for(&c->body));
	return (body_receive(x, &c->in));
}

/* One successful recv, however long it takes. */
static int
body_receive(struct exchange *x, struct window *w)
{
	struct hconn	*c = x->conn;
	ssize_t		 n;

	body_continue(x);
	for (;;) {
		if (exchange_gone(x))
			return (-1);
		if (c->readable) {
			n = hconn_receive(c, w);
			if (n > 0)
				return (0);
			if (n == 0)
				body_refuse(x);
		} else if (body_pause(x) == -1) {
			c->close_after = c->linger = true;
			return (-1);
		}
	}
}

/* Waits for bytes; a client slower than BODY_RATE has a limited time in all. */
static int
body_pause(struct exchange *x)
{
	int64_t	most, began = loop_now_us();

	most = conf_int(CONF_BODY_MS);
	if (x->waited_ms > most + (int64_t)x->conn->body.seen * 1000 / BODY_RATE ||
	    waiter_wait(&x->conn->reader, most) == -1)
		return (-1);
	x->waited_ms += (loop_now_us() - began) / 1000;
	return (0);
}

/* Only a client that has sent no body yet can be waiting to be told. */
static void
body_continue(struct exchange *x)
{
	static char	text[] = "HTTP/1.1 100 Continue\r\n\r\n";
	struct iovec	iov = { text, sizeof(text) - 1 };

	if (!x->head.expect_continue || x->continued)
		return;
	x->continued = true;
	if (x->conn->body.seen == 0 && !x->begun)
		hconn_send(x->conn, &iov, 1);
}

static void
body_refuse(struct exchange *x)
{
	x->conn->close_after = true;
	if (!x->begun)
		hconn_refuse(x->conn, 400);
	else
		hconn_close(x->conn);
	x->begun = x->ended = x->dead = true;
}

int
exchange_body_whole(struct exchange *x, size_t max, struct span *body)
{
	struct hconn	*c = x->conn;
	int		 rc;

	body->p = "";
	body->len = 0;
	switch (c->body.kind) {
	case BODY_LENGTH:
		rc = c->body.left > max ? -1 : whole_counted(x, body);
		break;
	case BODY_CHUNKED:
		rc = whole_chunked(x, max, body);
		break;
	default:
		rc = 0;
		break;
	}
	return (rc == 0 && exchange_gone(x) ? -2 : rc);
}

/* Received straight into the arena, unless it is all here already. */
static int
whole_counted(struct exchange *x, struct span *body)
{
	struct hconn	*c = x->conn;
	struct window	 w = { .cap = c->body.left };
	struct span	 piece;

	if (window_len(&c->in) >= c->body.left)
		return (body_take(x, body) == -1 ? -2 : 0);
	w.data = arena_alloc(&x->arena, w.cap + 1);
	if (window_len(&c->in) > 0) {
		(void)body_take(x, &piece);
		memcpy(w.data, piece.p, piece.len);
		w.end = piece.len;
	}
	while (w.end < w.cap) {
		if (body_receive(x, &w) == -1)
			return (-2);
		c->body.seen = w.end;
		c->body.left = w.cap - w.end;
	}
	c->body.kind = BODY_NONE;
	w.data[w.cap] = '\0';
	body->p = w.data;
	body->len = w.cap;
	return (0);
}

/* The length is known at the end: pieces are joined in memory that doubles. */
static int
whole_chunked(struct exchange *x, size_t max, struct span *body)
{
	size_t		 len = 0, cap = 0;
	char		*data = NULL, *grown;
	struct span	 piece;
	int		 rc;

	while ((rc = exchange_body_next(x, &piece)) == 1) {
		if (piece.len > max - len)
			return (-1);
		if (len + piece.len > cap) {
			cap = cap == 0 ? FIRST_PIECE : cap;
			while (cap < len + piece.len)
				cap *= 2;
			grown = arena_alloc(&x->arena, cap);
			if (len > 0)
				memcpy(grown, data, len);
			data = grown;
		}
		memcpy(data + len, piece.p, piece.len);
		len += piece.len;
	}
	if (rc == -1)
		return (-2);
	if (len > 0)
		*body = (struct span){ data, len };
	return (0);
}
