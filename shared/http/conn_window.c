/*
 * conn_window.c -- bytes between a socket and us, for connections of both
 * directions. Small windows come from a bounded free list, so an idle
 * connection holds none and a busy one costs no malloc.
 */
#include <sys/socket.h>
#include <errno.h>

#include "http/http_priv.h"
#include "base/log.h"

#ifdef YJY_ASAN
#define SPARE_MAX	0	/* so that a use after release is seen */
#else
#define SPARE_MAX	256	/* 1 MB */
#endif

static char	*memory_take(size_t);
static void	 memory_give(char *, size_t);
static ssize_t	 send_pieces(int, struct iovec *, int);

static void	*spare;		/* each block begins with the next one's address */
static size_t	 nspare;

void
window_room(struct window *w, size_t cap)
{
	size_t	 len = window_len(w);
	char	*data;

	if (w->cap >= cap) {
		if (w->off > 0 && len > 0)
			memmove(w->data, w->data + w->off, len);
	} else {
		data = memory_take(cap);
		if (len > 0)
			memcpy(data, w->data + w->off, len);
		memory_give(w->data, w->cap);
		w->data = data;
		w->cap = cap;
	}
	w->off = 0;
	w->end = len;
}

void
window_add(struct window *w, const void *data, size_t len)
{
	size_t	cap;

	if (len == 0)
		return;
	if (w->cap - w->end < len) {
		cap = w->cap > 0 ? w->cap : WINDOW_SMALL;
		while (cap - window_len(w) < len)
			cap *= 2;
		window_room(w, cap);
	}
	memcpy(w->data + w->end, data, len);
	w->end += len;
}

void
window_release(struct window *w)
{
	memory_give(w->data, w->cap);
	w->data = NULL;
	w->off = w->end = w->cap = 0;
}

ssize_t
window_recv(struct window *w, int fd, bool *readable)
{
	size_t	room = w->cap - w->end;
	ssize_t	n;

	do
		n = recv(fd, w->data + w->end, room, 0);
	while (n == -1 && errno == EINTR);
	if (n == -1) {
		*readable = false;
		return (errno == EAGAIN || errno == EWOULDBLOCK ? -1 : -2);
	}
	/* A short read emptied the socket: the next byte is a new event. */
	if ((size_t)n < room)
		*readable = false;
	w->end += n;
	return (n);
}

int
window_send(struct window *w, int fd, const struct iovec *pieces, int n)
{
	struct iovec	iov[5];
	size_t		queued = window_len(w), took, skip;
	ssize_t		sent;
	int		i, count = 0;

	if (queued > 0) {
		iov[count].iov_base = w->data + w->off;
		iov[count++].iov_len = queued;
	}
	for (i = 0; i < n; i++) {
		if (pieces[i].iov_len > 0)
			iov[count++] = pieces[i];
	}
	if ((sent = send_pieces(fd, iov, count)) == -1)
		return (-1);
	took = sent;
	skip = took < queued ? took : queued;
	w->off += skip;
	took -= skip;
	for (i = 0; i < n; i++) {
		skip = took < pieces[i].iov_len ? took : pieces[i].iov_len;
		window_add(w, (char *)pieces[i].iov_base + skip,
		    pieces[i].iov_len - skip);
		took -= skip;
	}
	if (window_len(w) == 0 && w->cap > 0)
		window_release(w);
	return (0);
}

size_t
window_for(const struct http1_body *b)
{
	if (b->kind == BODY_LENGTH && b->left <= WINDOW_SMALL)
		return (WINDOW_SMALL);
	return (WINDOW_LARGE);
}

/* Bytes taken, 0 when the socket is full, -1 when it is broken. */
static ssize_t
send_pieces(int fd, struct iovec *iov, int count)
{
	struct msghdr	msg = { .msg_iov = iov, .msg_iovlen = count };
	ssize_t		sent;

	if (count == 0)
		return (0);
	do {
		if (count == 1)
			sent = send(fd, iov->iov_base, iov->iov_len, MSG_NOSIGNAL);
		else
			sent = sendmsg(fd, &msg, MSG_NOSIGNAL);
	} while (sent == -1 && errno == EINTR);
	if (sent == -1 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return (0);
	return (sent);
}

int
waiter_wait(struct co **waiter, int64_t ms)
{
	int	rc;

	*waiter = co_self();
	rc = co_wait(ms);
	*waiter = NULL;
	return (rc);
}

void
waiter_wake(struct co **waiter)
{
	struct co	*co = *waiter;

	if (co == NULL)
		return;
	*waiter = NULL;
	co_wake(co);
}

static char *
memory_take(size_t cap)
{
	void	*p;

	if (cap == WINDOW_SMALL && spare != NULL) {
		p = spare;
		memcpy(&spare, p, sizeof(spare));
		nspare--;
		return (p);
	}
	if ((p = malloc(cap)) == NULL)
		log_die("http: out of memory: %zu bytes asked", cap);
	return (p);
}

static void
memory_give(char *p, size_t cap)
{
	if (p == NULL)
		return;
	if (cap != WINDOW_SMALL || nspare == SPARE_MAX) {
		free(p);
		return;
	}
	memcpy(p, &spare, sizeof(spare));
	spare = p;
	nspare++;
}
