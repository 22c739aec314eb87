/*
 * client_priv.h -- connections to one upstream address and the calls on them.
 *
 * A connection is idle in its pool or belongs to one call. Events close only
 * idle ones; a call learns of a broken connection when it next reads or
 * writes, and what had arrived before can still be read.
 */
#ifndef YJY_CLIENT_PRIV_H
#define YJY_CLIENT_PRIV_H

#include "http/http_priv.h"

struct upconn {
	struct upconn		*next, **prevp;	/* idle list, last used first */
	struct upstream		*up;
	struct watch		*watch;
	struct timer		 timer;
	int64_t			 idle_until_us;
	struct window		 in, out;
	struct co		*reader, *writer;
	int			 fd;
	bool			 connecting;
	bool			 failed;	/* refused, or cannot be sent on */
	bool			 readable;
	bool			 hup;
	bool			 idle;
	bool			 reused;
	bool			 apart;		/* not counted in the pool */
};

struct upwaiter {
	struct upwaiter		*next;
	struct co		*co;
	struct upconn		*conn;		/* out: a connection handed over … */
	bool			 slot;		/* … or the right to open one */
};

struct upstream {
	const char		*name;		/* sent as Host by http_call() */
	struct net_addr		*addrs[8];
	unsigned int		 naddrs, turn;	/* the next connection's address */
	struct upconn		*idle;
	struct upwaiter		*waiters, **waiters_tail;
	size_t			 open, most;	/* slots taken, connecting ones included */
};

struct upcall {
	struct upcall		*next;		/* free list */
	struct upconn		*conn;
	struct span		 unsent;	/* the request's head, until its body comes */
	int64_t			 deadline_us;	/* for another connection */
	struct window		 head_bytes;	/* when the body needed the window */
	struct http1_body	 body;
	size_t			 scanned;
	bool			 to_head;	/* HEAD: the reply has no body */
	bool			 heard;		/* a byte of the reply came */
	bool			 have_head;
	struct http1_head	 head;
};

/* client.c */
struct upconn	*upconn_take(struct upstream *, int64_t deadline_us);	/* NULL: refused or full */
void		 upconn_keep(struct upconn *);	/* clean: to a waiter or the pool */
void		 upconn_drop(struct upconn *);
void		 upconn_apart(struct upconn *);

static inline int64_t
ms_until(int64_t deadline_us)
{
	int64_t	us = deadline_us - loop_now_us();

	return (us <= 0 ? 0 : us / 1000 + 1);
}

#endif
