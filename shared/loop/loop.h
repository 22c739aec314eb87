/*
 * loop.h -- Kore's event loop, tamed: the only way the runtime waits.
 *
 * Everything runs on the worker's one thread. A turn of the loop is: events
 * of ready descriptors, then due timers, then deferred work (loop_defer), then
 * the end-of-turn hooks in the order they were registered (run coroutines,
 * flush PostgreSQL, Redis, sockets, log). Kore's traps (KORE.md §2) end here:
 * no object is freed inside a callback, no descriptor is unregistered twice,
 * timers cost O(1), work deferred during a turn runs in that turn.
 */
#ifndef YJY_LOOP_H
#define YJY_LOOP_H

#include "base/base.h"

/* ---- descriptors: edge-triggered; read until EAGAIN or a short read ---- */
#define WATCH_READ	0x01
#define WATCH_WRITE	0x02
#define WATCH_HUP	0x04	/* peer closed or error: read what is left first */

struct watch;
struct watch	*watch_new(int fd, void (*ready)(void *arg, int what), void *arg);
/* Level-triggered, for libraries that own their socket (libpq, hiredis). */
struct watch	*watch_new_level(int fd, void (*ready)(void *arg, int what), void *arg);
void		 watch_want(struct watch *, int what);	/* level only: READ, or READ|WRITE */
/* Stops events now, frees after the turn; `closed`: the fd is gone already. Nulls *w. */
void		 watch_free(struct watch **, bool closed);

/* ---- timers: a wheel of 4 ms slots; callbacks run on the main stack ---- */
struct timer {
	struct timer	*next, **prevp;		/* owned by the wheel while armed */
	int64_t		 at_us;
	void		(*fire)(void *);
	void		*arg;
};

void	timer_init(struct timer *, void (*fire)(void *), void *arg);
void	timer_arm(struct timer *, int64_t in_ms);	/* re-arming moves it */
void	timer_stop(struct timer *);			/* harmless when not armed */
bool	timer_armed(const struct timer *);

/* ---- deferred work and end of turn ---- */
struct deferred {
	struct deferred	*next;
	void		(*run)(void *);
	void		*arg;
	bool		 queued;
};

void	loop_defer(struct deferred *);			/* once per turn at most */
void	loop_at_end(void (*)(void));			/* hook for every turn */
void	loop_free_later(void *);			/* free(3) after the turn */
int64_t	loop_now_us(void);				/* monotonic, read once a turn */

int	loop_init(void) MUST_CHECK;			/* from the worker's start */
void	loop_stop(void);				/* leave the loop after this turn */

/* ---- sockets ---- */
int	net_listen(const char *host_port, int *port) MUST_CHECK;	/* SO_REUSEPORT; fd or -1 */
int	net_accept(int listen_fd) MUST_CHECK;			/* non-blocking fd or -1 */
/* Begins a connection to host:port or unix:/path, addresses resolved at start. */
struct net_addr;
struct net_addr	*net_resolve(const char *address);		/* blocking: start only; NULL: bad */
int	net_connect(const struct net_addr *) MUST_CHECK;	/* fd in progress or -1 */

#endif
