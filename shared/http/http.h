/*
 * http.h -- serving and calling HTTP on the loop.
 *
 * Server: http_serve() opens the listener; every connection is a struct hconn
 * (conn.c) that parses with http1, keeps pipelined requests in order, applies
 * time limits, and hands each complete head to the program's `enter`.
 * Services use http_dispatch() (whole body, coroutine, route table). The
 * gateway supplies its own and streams.
 *
 * Client: http_call() for small internal requests, whole reply in the arena.
 * Connections are kept per address, last used first; a reused connection that
 * died before any reply byte is retried once when the method is idempotent.
 */
#ifndef YJY_HTTP_H
#define YJY_HTTP_H

#include "base/arena.h"
#include "base/buf.h"
#include "http1/http1.h"
#include "loop/loop.h"

struct exchange;	/* one request on one connection, and its reply */

/* ---- server ---- */
struct http_server {
	/* Called on the main stack with a complete head; must lead to exchange_done(). */
	void	(*enter)(struct exchange *);
	int	 port;		/* out */
};

int	http_serve(struct http_server *) MUST_CHECK;	/* CONF_LISTEN */
/* Stop accepting; close connections as they finish. `slowly`: idle ones stay for their next request. */
void	http_drain(bool slowly);
bool	http_busy(void);		/* something begun is not yet finished and sent */
size_t	http_open_connections(void);
size_t	http_open_exchanges(void);

const struct http1_head *exchange_head(const struct exchange *);
struct arena	*exchange_arena(struct exchange *);
const char	*exchange_peer(const struct exchange *);	/* numeric address */
bool		 exchange_tls(const struct exchange *);	/* a front of ours says it came over TLS */
bool		 exchange_gone(const struct exchange *);	/* client left */
bool		 exchange_hung_up(const struct exchange *);	/* the same, or it only ended its sending side */

/* Request body. whole: suspends until all of it is here; -1 too large (413), -2 client gone or timed out. */
int	exchange_body_whole(struct exchange *, size_t max, struct span *) MUST_CHECK;
/* Streaming: 1 a piece (valid until the next call), 0 end, -1 gone. Coroutine only. */
int	exchange_body_next(struct exchange *, struct span *) MUST_CHECK;

/* Reply, whole. `headers` are complete lines ending in CRLF, without framing. */
void	exchange_reply(struct exchange *, int status, const char *headers, size_t headers_len,
	    const void *body, size_t len);
/* Reply, streamed: length < 0 is chunked (or close for HTTP/1.0). send waits for a slow client; -1 gone. */
void	exchange_begin(struct exchange *, int status, const char *headers, size_t headers_len, int64_t length);
int	exchange_send(struct exchange *, const void *, size_t) MUST_CHECK;
void	exchange_end(struct exchange *);	/* whole reply given */
void	exchange_abort(struct exchange *);	/* cut the connection: the reply cannot be completed */
/* The program is finished with it: frees the arena. Every exchange ends here exactly once. */
void	exchange_done(struct exchange *);

/* ---- client, streaming (the gateway): coroutine only ---- */
struct upstream;	/* an address, or several of one service, with their pooled connections */
struct upcall;		/* one request on one of them */

struct upstream	*upstream_new(const char *name, const char *address, size_t most) MUST_CHECK;
/* Takes a connection (waits at most wait_ms) and sends the head. NULL: refused or full. */
struct upcall	*upcall_open(struct upstream *, const void *head, size_t len, int64_t wait_ms) MUST_CHECK;
int		 upcall_send(struct upcall *, const void *, size_t) MUST_CHECK;	/* raw bytes, framing included */
/* 0 with the head; -1 died; `fresh` tells whether not a byte came on a reused connection. */
int		 upcall_head(struct upcall *, struct http1_head **, int64_t wait_ms, bool *fresh) MUST_CHECK;
#define UPCALL_LATE	(-2)	/* nothing came in time; it may be asked again */
/* 1 a piece, 0 end, -1 died, or UPCALL_LATE. */
int		 upcall_body_next(struct upcall *, struct span *, int64_t wait_ms) MUST_CHECK;
/* Its reply may last for hours: another connection may take this one's place in the pool. */
void		 upcall_apart(struct upcall *);
void		 upcall_done(struct upcall *);	/* back to the pool when clean, else closed */

/* ---- client, whole ---- */
struct http_result {
	int		 status;	/* 0: no reply */
	struct span	 body;
	struct http1_head *head;
};
int	http_call(struct arena *, struct upstream *, enum method, const char *path,
	    const char *headers, const void *body, size_t len, int64_t wait_ms,
	    struct http_result *) MUST_CHECK;

#endif
