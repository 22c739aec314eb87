/*
 * client.c -- the pool of one upstream: connecting without blocking, keeping
 * connections, last used first, and sharing a bounded number of them.
 *
 * A connection is watched from connect to close. One that speaks or hangs up
 * while idle has nothing to say to us: it is closed.
 *
 * Invariant: `open` counts connections and promises to make one, so it never
 * exceeds `most`; those set apart are not counted and never kept; a slot that comes free goes to the longest waiter first.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "http/client_priv.h"
#include "base/log.h"
#include "conf/conf.h"

#define ADDRESS_BYTES	256
#define IDLE_MS_MAX	30000	/* well under what the other side keeps them */

static int		 addresses_read(struct upstream *, const char *);
static struct upconn	*idle_pop(struct upstream *);
static void		 idle_remove(struct upconn *);
static struct upconn	*upconn_open(struct upstream *, int64_t);
static void		 upconn_ready(void *, int);
static void		 upconn_hup(struct upconn *);
static void		 upconn_expired(void *);
static int64_t		 idle_ms(void);
static void		 slot_free(struct upstream *);
static bool		 wait_turn(struct upstream *, struct upconn **, int64_t);
static struct upwaiter	*waiter_pop(struct upstream *);
static void		 waiter_remove(struct upstream *, struct upwaiter *);

struct upstream *
upstream_new(const char *name, const char *address, size_t most)
{
	struct upstream	*up;

	if ((up = calloc(1, sizeof(*up))) == NULL)
		log_die("http: out of memory");
	if (addresses_read(up, address) == -1) {
		log_error("http: bad address of %s: %s", name, address);
		free(up);
		return (NULL);
	}
	up->name = name;
	up->most = most;
	up->waiters_tail = &up->waiters;
	return (up);
}

/* Comma separated; each new connection goes to the next of them. */
static int
addresses_read(struct upstream *up, const char *list)
{
	char	one[ADDRESS_BYTES];
	size_t	n;

	do {
		n = strcspn(list, ",");
		if (n >= sizeof(one) || up->naddrs == NITEMS(up->addrs))
			return (-1);
		memcpy(one, list, n);
		one[n] = '\0';
		if ((up->addrs[up->naddrs] = net_resolve(one)) == NULL)
			return (-1);
		up->naddrs++;
		list += n;
	} while (*list++ == ',');
	return (0);
}

struct upconn *
upconn_take(struct upstream *up, int64_t deadline_us)
{
	struct upconn	*c;

	if ((c = idle_pop(up)) != NULL)
		return (c);
	if (up->open < up->most)
		up->open++;
	else if (!wait_turn(up, &c, deadline_us))
		return (NULL);
	return (c != NULL ? c : upconn_open(up, deadline_us));
}

static struct upconn *
idle_pop(struct upstream *up)
{
	struct upconn	*c;

	if ((c = up->idle) != NULL)
		idle_remove(c);
	return (c);
}

static void
idle_remove(struct upconn *c)
{
	if ((*c->prevp = c->next) != NULL)
		c->next->prevp = c->prevp;
	c->idle = false;
}

/* The slot is ours. Waits until connected; a refusal is known at once. */
static struct upconn *
upconn_open(struct upstream *up, int64_t deadline_us)
{
	struct upconn	*c;
	int		 fd;

	if ((fd = net_connect(up->addrs[up->turn++ % up->naddrs])) == -1) {
		slot_free(up);
		return (NULL);
	}
	if ((c = calloc(1, sizeof(*c))) == NULL)
		log_die("http: out of memory");
	c->up = up;
	c->fd = fd;
	c->connecting = true;
	timer_init(&c->timer, upconn_expired, c);
	c->watch = watch_new(fd, upconn_ready, c);
	while (c->connecting &&
	    waiter_wait(&c->writer, ms_until(deadline_us)) == 0)
		continue;
	if (c->connecting || c->failed) {
		upconn_drop(c);
		return (NULL);
	}
	return (c);
}

static void
upconn_ready(void *arg, int what)
{
	struct upconn	*c = arg;

	if (c->idle) {
		if (what & (WATCH_READ | WATCH_HUP)) {
			idle_remove(c);
			upconn_drop(c);
		}
		return;
	}
	if (what & WATCH_HUP)
		upconn_hup(c);
	if (what & WATCH_WRITE)
		c->connecting = false;
	if (what & (WATCH_READ | WATCH_HUP)) {
		c->readable = true;
		waiter_wake(&c->reader);
	}
	if (window_len(&c->out) > 0 && !c->failed && (what & WATCH_WRITE) &&
	    window_send(&c->out, c->fd, NULL, 0) == -1)
		c->failed = true;
	if (what & (WATCH_WRITE | WATCH_HUP))
		waiter_wake(&c->writer);
}

static void
upconn_hup(struct upconn *c)
{
	socklen_t	len = sizeof(int);
	int		error = 0;

	c->hup = true;
	if (getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &len) == -1 ||
	    error != 0)
		c->failed = true;
	c->connecting = false;
}

void
upconn_keep(struct upconn *c)
{
	struct upstream	*up = c->up;
	struct upwaiter	*w;

	window_release(&c->in);
	c->reused = true;
	if ((w = waiter_pop(up)) != NULL) {
		w->conn = c;
		waiter_wake(&w->co);
		return;
	}
	c->idle = true;
	if ((c->next = up->idle) != NULL)
		up->idle->prevp = &c->next;
	c->prevp = &up->idle;
	up->idle = c;
	c->idle_until_us = loop_now_us() + idle_ms() * 1000;
	if (!timer_armed(&c->timer))
		timer_arm(&c->timer, idle_ms());
}

void
upconn_drop(struct upconn *c)
{
	timer_stop(&c->timer);
	watch_free(&c->watch, false);
	close(c->fd);
	window_release(&c->in);
	window_release(&c->out);
	if (!c->apart)
		slot_free(c->up);
	loop_free_later(c);
}

static int64_t
idle_ms(void)
{
	int64_t	ms = conf_int(CONF_IDLE_MS) / 2;

	return (ms < IDLE_MS_MAX ? ms : IDLE_MS_MAX);
}

static void
upconn_expired(void *arg)
{
	struct upconn	*c = arg;

	if (!c->idle)
		return;
	if (c->idle_until_us > loop_now_us()) {
		timer_arm(&c->timer, ms_until(c->idle_until_us));
		return;
	}
	idle_remove(c);
	upconn_drop(c);
}

void
upconn_apart(struct upconn *c)
{
	if (c->apart)
		return;
	c->apart = true;
	slot_free(c->up);
}

/* To the longest waiter, who then opens a connection of its own. */
static void
slot_free(struct upstream *up)
{
	struct upwaiter	*w;

	if ((w = waiter_pop(up)) == NULL) {
		up->open--;
		return;
	}
	w->slot = true;
	waiter_wake(&w->co);
}

/* A connection, or with NULL the right to open one. False: the time is up. */
static bool
wait_turn(struct upstream *up, struct upconn **conn, int64_t deadline_us)
{
	struct upwaiter	*w;
	bool		 mine;

	if ((w = calloc(1, sizeof(*w))) == NULL)
		log_die("http: out of memory");
	*up->waiters_tail = w;
	up->waiters_tail = &w->next;
	while (w->conn == NULL && !w->slot) {
		if (waiter_wait(&w->co, ms_until(deadline_us)) == -1)
			break;
	}
	mine = w->conn != NULL || w->slot;
	if (!mine)
		waiter_remove(up, w);
	*conn = w->conn;
	free(w);
	return (mine);
}

static struct upwaiter *
waiter_pop(struct upstream *up)
{
	struct upwaiter	*w;

	if ((w = up->waiters) != NULL && (up->waiters = w->next) == NULL)
		up->waiters_tail = &up->waiters;
	return (w);
}

static void
waiter_remove(struct upstream *up, struct upwaiter *w)
{
	struct upwaiter	**at = &up->waiters;

	while (*at != w)
		at = &(*at)->next;
	if ((*at = w->next) == NULL)
		up->waiters_tail = at;
}
