/*
 * client_call.c -- one call on one upstream connection: send, read the head,
 * read the body as the program asks for it.
 *
 * The head of a request that may have a body waits for its first piece: both
 * leave as one. Nothing is read from the socket unless asked for, so a slow consumer slows
 * the upstream down by TCP's own means. A connection goes back to the pool
 * only when its reply ended where it said and nothing lies behind it.
 */
#include "http/client_priv.h"
#include "base/log.h"
#include "conf/conf.h"

#ifdef YJY_ASAN
#define SPARE_MAX	0
#else
#define SPARE_MAX	64
#endif

static struct upcall	*upcall_new(struct upconn *);
static int		 send_head(struct upcall *, const void *, size_t);
static int		 wait_for_room(struct upconn *);
static enum http1_result parse(struct upcall *);
static int		 receive(struct upcall *, int64_t);
static int		 body_refill(struct upcall *, int64_t);
static void		 head_room(struct window *);
static bool		 is_clean(struct upcall *);

static struct upcall	*spare;
static size_t		 nspare;

struct upcall *
upcall_open(struct upstream *up, const void *head, size_t len, int64_t wait_ms)
{
	int64_t		 deadline_us = loop_now_us() + wait_ms * 1000;
	const char	*text = head;
	struct upconn	*c;
	struct upcall	*u;

	if ((c = upconn_take(up, deadline_us)) == NULL)
		return (NULL);
	u = upcall_new(c);
	u->unsent = (struct span){ text, len };
	u->deadline_us = deadline_us;
	u->to_head = len > 5 && memcmp(text, "HEAD ", 5) == 0;
	if (len > 0 && text[0] == 'P')	/* POST, PUT, PATCH */
		return (u);
	if (send_head(u, NULL, 0) == 0)
		return (u);
	upcall_done(u);
	return (NULL);
}

/*
 * The head and what there is of the body. Where not a byte was taken, an old
 * connection may be replaced.
 */
static int
send_head(struct upcall *u, const void *data, size_t len)
{
	struct iovec	 iov[2];
	struct upconn	*c, *other;

	for (;;) {
		c = u->conn;
		iov[0] = (struct iovec){ (void *)(uintptr_t)u->unsent.p, u->unsent.len };
		iov[1] = (struct iovec){ (void *)(uintptr_t)data, len };
		if (!c->hup && !c->failed && window_send(&c->out, c->fd, iov, 2) == 0) {
			u->unsent.len = 0;
			return (0);
		}
		c->failed = true;
		if (!c->reused || (other = upconn_take(c->up, u->deadline_us)) == NULL)
			return (-1);
		upconn_drop(c);
		u->conn = other;
	}
}

static struct upcall *
upcall_new(struct upconn *c)
{
	struct upcall	*u;

	if ((u = spare) != NULL) {
		spare = u->next;
		nspare--;
	} else if ((u = malloc(sizeof(*u))) == NULL)
		log_die("http: out of memory");
	u->next = NULL;
	u->conn = c;
	memset(&u->head_bytes, 0, sizeof(u->head_bytes));
	u->scanned = 0;
	u->to_head = u->heard = u->have_head = false;
	http1_body_init(&u->body, &(struct http1_head){ .status = 204 }, true, false);
	return (u);
}

/* -1 also when the upstream has stopped listening: its reply may be there. */
int
upcall_send(struct upcall *u, const void *data, size_t len)
{
	struct upconn	*c;
	struct iovec	 iov;
	const char	*p = data;
	size_t		 first;

	if (u->unsent.len > 0) {
		first = len < WINDOW_LARGE ? len : WINDOW_LARGE;
		if (send_head(u, p, first) == -1)
			return (-1);
		p += first;
		len -= first;
	}
	c = u->conn;
	while (len > 0) {
		iov.iov_base = (void *)(uintptr_t)p;
		iov.iov_len = len < WINDOW_LARGE ? len : WINDOW_LARGE;
		if (c->failed || c->hup ||
		    window_send(&c->out, c->fd, &iov, 1) == -1) {
			c->failed = true;
			return (-1);
		}
		p += iov.iov_len;
		len -= iov.iov_len;
		if (wait_for_room(c) == -1)
			return (-1);
	}
	return (0);
}

static int
wait_for_room(struct upconn *c)
{
	while (window_len(&c->out) > CONN_QUEUE_MAX) {
		if (c->failed || c->hup ||
		    waiter_wait(&c->writer, conf_int(CONF_BODY_MS)) == -1) {
			c->failed = true;
			return (-1);
		}
	}
	return (0);
}

int
upcall_head(struct upcall *u, struct http1_head **head, int64_t wait_ms, bool *fresh)
{
	int64_t		 deadline_us = loop_now_us() + wait_ms * 1000;
	struct upconn	*c;

	if (u->unsent.len > 0)
		(void)send_head(u, NULL, 0);
	c = u->conn;
	*head = &u->head;
	*fresh = false;
	for (;;) {
		switch (parse(u)) {
		case HTTP1_DONE:
			c->in.off += u->head.head_len;
			u->scanned = 0;
			if (u->head.status == 101)
				return (-1);
			if (u->head.status < 200)
				continue;
			u->have_head = true;
			http1_body_init(&u->body, &u->head, true, u->to_head);
			return (0);
		case HTTP1_BAD:
			log_warn("http: %s sent a malformed reply", c->up->name);
			return (-1);
		default:
			head_room(&c->in);
			if (receive(u, deadline_us) <= 0) {
				*fresh = c->reused && !u->heard;
				return (-1);
			}
		}
	}
}

static enum http1_result
parse(struct upcall *u)
{
	struct window	*in = &u->conn->in;

	if (window_len(in) == 0)
		return (HTTP1_MORE);
	return (http1_response(in->data + in->off, window_len(in), &u->head,
	    &u->scanned));
}

/* 1: bytes came; 0: end of input; -1: broken; UPCALL_LATE. */
static int
receive(struct upcall *u, int64_t deadline_us)
{
	struct upconn	*c = u->conn;
	ssize_t		 n;

	for (;;) {
		if (c->readable) {
			n = window_recv(&c->in, c->fd, &c->readable);
			if (n > 0) {
				u->heard = true;
				c->readable = c->readable || c->hup;
				return (1);
			}
			if (n != -1)
				return (n == 0 ? 0 : -1);
		}
		if (waiter_wait(&c->reader, ms_until(deadline_us)) == -1)
			return (UPCALL_LATE);
	}
}

int
upcall_body_next(struct upcall *u, struct span *piece, int64_t wait_ms)
{
	struct upconn		*c = u->conn;
	int64_t			 deadline_us = loop_now_us() + wait_ms * 1000;
	enum http1_result	 found;
	size_t			 used;
	int			 rc;

	while (u->body.kind != BODY_NONE) {
		if (window_len(&c->in) == 0 && (rc = body_refill(u, deadline_us)) <= 0) {
			if (rc == 0 && u->body.kind == BODY_CLOSE)
				u->body.kind = BODY_NONE;
			return (u->body.kind == BODY_NONE ? 0 : rc == 0 ? -1 : rc);
		}
		found = http1_body(&u->body, c->in.data + c->in.off,
		    window_len(&c->in), &used, piece);
		c->in.off += used;
		if (found == HTTP1_BAD)
			return (-1);
		if (found == HTTP1_DONE)
			u->body.kind = BODY_NONE;
		if (piece->len > 0)
			return (1);
	}
	return (0);
}

/* The head keeps its memory until the call is done. */
static int
body_refill(struct upcall *u, int64_t deadline_us)
{
	struct window	*in = &u->conn->in;

	if (u->head_bytes.data == NULL) {
		u->head_bytes = *in;
		memset(in, 0, sizeof(*in));
	}
	in->off = in->end = 0;
	window_room(in, window_for(&u->body));
	return (receive(u, deadline_us));
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

void
upcall_apart(struct upcall *u)
{
	upconn_apart(u->conn);
}

void
upcall_done(struct upcall *u)
{
	if (is_clean(u) && !u->conn->apart)
		upconn_keep(u->conn);
	else
		upconn_drop(u->conn);
	window_release(&u->head_bytes);
	if (nspare == SPARE_MAX) {
		free(u);
		return;
	}
	u->next = spare;
	spare = u;
	nspare++;
}

/* A body that ran until close has closed its connection. */
static bool
is_clean(struct upcall *u)
{
	struct upconn	*c = u->conn;

	if (!u->have_head || u->body.kind != BODY_NONE || !u->head.keep_alive ||
	    c->failed || c->hup || window_len(&c->in) > 0 ||
	    window_len(&c->out) > 0)
		return (false);
	if (!c->readable)
		return (true);
	/* The last read filled its window exactly: is there more? */
	c->in.off = c->in.end = 0;
	window_room(&c->in, WINDOW_SMALL);
	return (window_recv(&c->in, c->fd, &c->readable) == -1);
}
