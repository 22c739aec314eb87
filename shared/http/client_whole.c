/*
 * client_whole.c -- http_call(): a small request and its whole reply, for
 * calls between our programs. Everything it returns lies in the arena.
 */
#include "http/client_priv.h"
#include "base/log.h"

#define REPLY_MAX	((size_t)8 << 20)
#define REQUEST_HEAD_MAX ((size_t)64 << 10)
#define FIRST_PIECE	4096

struct request {
	struct upstream	*up;
	enum method	 method;
	const char	*bytes;
	size_t		 len;
	int64_t		 deadline_us;
};

static int	request_write(struct arena *, struct request *, const char *,
		    const char *, const void *, size_t);
static int	attempt(struct arena *, const struct request *,
		    struct http_result *, bool *);
static int	read_reply(struct arena *, struct upcall *, const struct request *,
		    struct http_result *, bool *);
static struct http1_head *head_copy(struct arena *, const struct http1_head *);
static void	rebase(struct span *, const char *, const char *);
static int	body_read(struct arena *, struct upcall *, int64_t, struct span *);
static bool	is_idempotent(enum method);

static const char *const	names[METHODS] = {
	"", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"
};

int
http_call(struct arena *a, struct upstream *up, enum method method,
    const char *path, const char *headers, const void *body, size_t len,
    int64_t wait_ms, struct http_result *result)
{
	struct request	r = { .up = up, .method = method };
	bool		again = false;

	memset(result, 0, sizeof(*result));
	r.deadline_us = loop_now_us() + wait_ms * 1000;
	if (request_write(a, &r, path, headers, body, len) == -1)
		return (-1);
	if (attempt(a, &r, result, &again) == 0)
		return (0);
	if (again && is_idempotent(method) &&
	    attempt(a, &r, result, &again) == 0)
		return (0);
	memset(result, 0, sizeof(*result));
	return (-1);
}

static int
request_write(struct arena *a, struct request *r, const char *path,
    const char *headers, const void *body, size_t len)
{
	struct buf	b;
	char		*copy;

	buf_init(&b, REQUEST_HEAD_MAX + len);
	buf_addf(&b, "%s %s HTTP/1.1\r\n", names[r->method], path);
	http1_write_header(&b, "Host", r->up->name);
	if (headers != NULL)
		buf_adds(&b, headers);
	if (len > 0 || r->method == METHOD_POST || r->method == METHOD_PUT ||
	    r->method == METHOD_PATCH)
		buf_addf(&b, "Content-Length: %zu\r\n", len);
	buf_add(&b, "\r\n", 2);
	buf_add(&b, body, len);
	if (!buf_ok(&b)) {
		buf_release(&b);
		return (-1);
	}
	r->len = b.len;
	r->bytes = copy = arena_alloc(a, b.len);
	memcpy(copy, b.data, b.len);
	buf_release(&b);
	return (0);
}

/* `again`: a connection of the pool had died before it said anything. */
static int
attempt(struct arena *a, const struct request *r, struct http_result *result,
    bool *again)
{
	struct upcall	*u;
	int		 rc;

	*again = false;
	u = upcall_open(r->up, r->bytes, r->len, ms_until(r->deadline_us));
	if (u == NULL)
		return (-1);
	rc = read_reply(a, u, r, result, again);
	upcall_done(u);
	return (rc);
}

static int
read_reply(struct arena *a, struct upcall *u, const struct request *r,
    struct http_result *result, bool *again)
{
	struct http1_head	*head;

	if (upcall_head(u, &head, ms_until(r->deadline_us), again) == -1)
		return (-1);
	result->head = head_copy(a, head);
	if (body_read(a, u, r->deadline_us, &result->body) != 0)
		return (-1);
	result->status = head->status;
	return (0);
}

/* The spans of a head lie in one stretch of bytes, from reason to last value. */
static struct http1_head *
head_copy(struct arena *a, const struct http1_head *from)
{
	struct http1_head	*h = arena_alloc(a, sizeof(*h));
	const char		*first = from->reason.p, *end;
	char			*bytes;
	size_t			 i, len;

	*h = *from;
	end = from->reason.p + from->reason.len;
	if (h->nheaders > 0)
		end = h->headers[h->nheaders - 1].value.p +
		    h->headers[h->nheaders - 1].value.len;
	len = end - first;
	bytes = arena_alloc(a, len);
	memcpy(bytes, first, len);
	rebase(&h->reason, first, bytes);
	for (i = 0; i < h->nheaders; i++) {
		rebase(&h->headers[i].name, first, bytes);
		rebase(&h->headers[i].value, first, bytes);
	}
	return (h);
}

static void
rebase(struct span *s, const char *from, const char *to)
{
	s->p = to + (s->p - from);
}

/* Pieces joined in memory that doubles; a counted body gets all of it at once. */
static int
body_read(struct arena *a, struct upcall *u, int64_t deadline_us, struct span *body)
{
	size_t		 len = 0, cap = 0, more;
	char		*data = NULL, *grown;
	struct span	 piece;
	int		 rc;

	if (u->body.kind == BODY_LENGTH && u->body.left > REPLY_MAX)
		return (-1);
	while ((rc = upcall_body_next(u, &piece, ms_until(deadline_us))) == 1) {
		if (piece.len > REPLY_MAX - len)
			return (-1);
		if (len + piece.len + 1 > cap) {
			more = u->body.kind == BODY_LENGTH ? u->body.left : 0;
			cap = cap == 0 ? FIRST_PIECE : cap;
			while (cap < len + piece.len + more + 1)
				cap *= 2;
			grown = arena_alloc(a, cap);
			if (len > 0)
				memcpy(grown, data, len);
			data = grown;
		}
		memcpy(data + len, piece.p, piece.len);
		len += piece.len;
	}
	if (data != NULL)
		data[len] = '\0';
	body->p = data != NULL ? data : "";
	body->len = len;
	return (rc);
}

static bool
is_idempotent(enum method m)
{
	return (m != METHOD_POST && m != METHOD_PATCH);
}
