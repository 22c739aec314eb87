/*
 * http_priv.h -- the connection, shared by conn*.c, and the byte window that
 * connections of both directions read into and write from.
 *
 * A connection serves one exchange at a time: bytes of the next request wait
 * in `in` until the exchange is done, so replies leave in the order of the
 * requests. While an exchange lives, the bytes of its head do not move.
 *
 * Life: the socket may go at any moment (fd is then -1); the struct goes when
 * the socket is gone and no exchange is left.
 */
#ifndef YJY_HTTP_PRIV_H
#define YJY_HTTP_PRIV_H

#include <sys/types.h>
#include <sys/uio.h>

#include "co/co.h"
#include "http/http.h"

/* ---- window: bytes [off, end) of `cap` are waiting ---- */
#define WINDOW_SMALL	4096	/* these are kept in a free list */
#define WINDOW_LARGE	65536

struct window {
	char	*data;
	size_t	 off, end, cap;
};

static inline size_t
window_len(const struct window *w)
{
	return (w->end - w->off);
}

void	window_room(struct window *, size_t cap);	/* at least that cap; moves the bytes to the front */
void	window_add(struct window *, const void *, size_t);
void	window_release(struct window *);
/* recv(2) behind the bytes. >0; 0: end; -1: nothing now; -2: broken. */
ssize_t	window_recv(struct window *, int fd, bool *readable);
size_t	window_for(const struct http1_body *);	/* a good size to receive the rest */
/* Sends what waits, then the pieces; what the socket does not take waits. -1: broken. */
int	window_send(struct window *, int fd, const struct iovec *, int n);

/* ---- waiting for an event on behalf of one coroutine ---- */
int	waiter_wait(struct co **, int64_t ms);	/* as co_wait() */
void	waiter_wake(struct co **);

/* ---- server connection ---- */
#define CONN_QUEUE_MAX	((size_t)64 << 10)	/* exchange_send waits above this */
#define CONN_REPLY_MAX	((size_t)64 << 20)	/* whole replies may queue this much */
#define DISCARD_MAX	((uint64_t)64 << 10)	/* of an unread body, before we close */
#define LINGER_MS	2000
#define LINGER_MAX	((uint64_t)1 << 20)
#define NO_DEADLINE	INT64_MAX

enum phase {
	PHASE_HEAD,		/* idle, or part of a head is here */
	PHASE_DISCARD,		/* replied; the rest of the body is read and dropped */
	PHASE_LINGER		/* last reply sent; waiting for the client to close */
};

struct hconn {
	struct hconn		*next, **prevp;	/* every open connection */
	struct exchange		*x;		/* being served, or NULL */
	struct watch		*watch;
	struct timer		 timer;		/* fires at the earlier of the two, or before */
	int64_t			 deadline_us;	/* of the phase */
	int64_t			 write_by_us;	/* queued output must have moved by then */
	struct deferred		 again;		/* look at it once more in this turn */
	struct window		 in, out;
	struct http1_body	 body;		/* of the request; BODY_NONE: all read */
	size_t			 scanned;	/* of the next head */
	uint64_t		 dropped;	/* bytes read for nothing in this phase */
	struct co		*reader, *writer;
	int			 fd;		/* -1: gone */
	enum phase		 phase;
	bool			 readable;	/* no recv came back short since the last event */
	bool			 hup;		/* end of input lies behind the bytes */
	bool			 in_head;	/* the head's time limit runs */
	bool			 close_after;	/* no further request on this connection */
	bool			 linger;	/* the client may still be sending */
	bool			 stepping;	/* hconn_process() is on the stack */
	bool			 doomed;	/* free it once `again` has run */
	bool			 proxied;	/* a front's words come first */
	bool			 tls;		/* it said so */
	char			 peer[46];
};

struct exchange {
	struct exchange		*next;		/* free list */
	struct hconn		*conn;
	struct arena		 arena;
	struct window		 head_bytes;	/* when the body needed `in` for itself */
	int64_t			 waited_ms;	/* for the client's body */
	int64_t			 left;		/* bytes still to send; -1: not counted */
	bool			 continued;	/* 100 Continue was sent */
	bool			 begun;		/* a final status line was sent */
	bool			 ended;
	bool			 bodiless;	/* HEAD, 204, 304: headers only */
	bool			 chunked;
	bool			 dead;		/* answered by the connection itself */
	struct http1_head	 head;
};

/* conn.c */
void	hconn_close(struct hconn *);
void	hconn_free(struct hconn *);
void	hconn_deadline(struct hconn *, int64_t ms);	/* ms < 0: none */
void	hconn_wait_idle(struct hconn *);
void	hconn_wait_head(struct hconn *);
void	hconn_wait_body(struct hconn *);
void	hconn_write_deadline(struct hconn *);
bool	hconn_draining(void);
bool	hconn_patient(void);
bool	hconn_room(void);
void	hconn_new(int fd, bool proxied);
void	hconn_count_refused(int status);
void	hconn_enter(struct exchange *);
/* conn_step.c */
void	hconn_process(struct hconn *);
void	hconn_again(void *);
void	hconn_end(struct hconn *, bool linger);
ssize_t	hconn_receive(struct hconn *, struct window *);
/* Of the body, more is to come than we would read for nothing. */
static inline bool
body_is_long(const struct hconn *c)
{
	return (c->body.kind == BODY_LENGTH &&
	    c->body.left > window_len(&c->in) + DISCARD_MAX);
}

bool	peer_of(int fd, char text[46]);	/* numeric */
/* conn_listen.c */
int	listeners_open(int *port) MUST_CHECK;
void	listeners_leave(void);
bool	listeners_here(void);

/* conn_exchange.c */
struct exchange *exchange_spare(void);		/* its head is free to parse into */
void	exchange_enter(struct hconn *);		/* the spare one, its head complete */
/* conn_out.c: pieces are sent or queued; a broken connection is closed */
void	hconn_send(struct hconn *, const struct iovec *, int);
void	hconn_queue(struct hconn *, const void *, size_t);	/* to leave with what follows */
void	hconn_flush(struct hconn *);
/* conn_reply.c */
/* Status line, framing and the program's lines, in memory of the next call. */
struct buf *reply_head(struct exchange *, int status, const char *headers,
	    size_t len, int64_t length);	/* length < 0: x->chunked, or until close */
bool	reply_bodiless(const struct exchange *, int status);
void	hconn_refuse(struct hconn *, int status);	/* problem+json, then PHASE_LINGER */

#endif
