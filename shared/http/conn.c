/*
 * conn.c -- the listener and the life of its connections: accepted, watched,
 * limited in time, drained, closed.
 *
 * Each connection has one timer that fires at or before its deadline and then
 * looks; moving a deadline back is an assignment. Sockets are registered once
 * (edge-triggered) and never touched again.
 *
 * Invariant: after hconn_close() no event reaches the connection; the struct
 * stays until its exchange is done and the turn is over.
 */
#include <sys/socket.h>
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <unistd.h>

#include "http/http_priv.h"
#include "base/log.h"
#include "base/metric.h"
#include "conf/conf.h"

#define ACCEPT_BATCH	64	/* a turn; then others have theirs */
#define ACCEPT_RETRY_MS	50	/* out of descriptors */

static void	listener_ready(void *, int);
static void	listener_accept(void *);
static void	listener_turn_away(int);
static void	hconn_new(int);
static void	hconn_ready(void *, int);
static bool	hconn_is_dead(const struct hconn *);
static void	hconn_timer(void *);
static void	hconn_late(struct hconn *);
static int64_t	open_now(void);
static int64_t	live_now(void);

static struct metric metrics[] = {
	{ .name = "yjy_http_connections", .help = "Open client connections.",
	  .kind = METRIC_GAUGE, .read = open_now },
	{ .name = "yjy_http_requests_live", .help = "Requests being served now.",
	  .kind = METRIC_GAUGE, .read = live_now },
	{ .name = "yjy_http_connections_total", .help = "Client connections accepted.",
	  .kind = METRIC_COUNTER },
	{ .name = "yjy_http_connections_refused_total",
	  .help = "Client connections refused because too many were open.",
	  .kind = METRIC_COUNTER },
	{ .name = "yjy_http_requests_refused_total",
	  .help = "Requests refused before they had a route, by reason.",
	  .labels = "reason=\"malformed\"", .kind = METRIC_COUNTER },
	{ .name = "yjy_http_requests_refused_total",
	  .help = "Requests refused before they had a route, by reason.",
	  .labels = "reason=\"timeout\"", .kind = METRIC_COUNTER },
};
enum { M_OPEN, M_LIVE, M_ACCEPTED, M_TURNED_AWAY, M_MALFORMED, M_TIMEOUT };

static struct http_server	*server;
static struct watch		*listener;
static struct timer		 accept_timer;
static struct deferred		 accept_again = { .run = listener_accept };
static struct hconn		*conns;
static size_t			 nconns, most_conns;
static int			 listen_fd = -1;
static bool			 draining;
static int64_t			 idle_ms, header_ms, write_ms;

int
http_serve(struct http_server *s)
{
	size_t	i;

	server = s;
	idle_ms = conf_int(CONF_IDLE_MS);
	header_ms = conf_int(CONF_HEADER_MS);
	write_ms = conf_int(CONF_BODY_MS);
	most_conns = conf_int(CONF_LISTEN_CAP);
	for (i = 0; i < NITEMS(metrics); i++)
		metric_register(&metrics[i]);
	if ((listen_fd = net_listen(conf_text(CONF_LISTEN), &s->port)) == -1)
		return (-1);
	timer_init(&accept_timer, listener_accept, NULL);
	listener = watch_new(listen_fd, listener_ready, NULL);
	return (0);
}

/* Idle connections are looked at once more: a request may be on its way in. */
void
http_drain(void)
{
	struct hconn	*c, *next;

	if (draining)
		return;
	draining = true;
	listener_accept(NULL);		/* who had knocked is let in */
	if (listen_fd != -1) {
		timer_stop(&accept_timer);
		watch_free(&listener, false);
		close(listen_fd);
		listen_fd = -1;
	}
	for (c = conns; c != NULL; c = next) {
		next = c->next;
		c->readable = true;
		hconn_process(c);
	}
}

/* Leaving now would cut a request, or a reply that has not all gone out. */
bool
http_busy(void)
{
	const struct hconn	*c;

	if (http_open_exchanges() > 0)
		return (true);
	for (c = conns; c != NULL; c = c->next)
		if (window_len(&c->out) > 0 || c->phase == PHASE_LINGER)
			return (true);
	return (false);
}

size_t
http_open_connections(void)
{
	return (nconns);
}

bool
hconn_draining(void)
{
	return (draining);
}

void
hconn_count_refused(int status)
{
	metric_add(&metrics[status == 408 ? M_TIMEOUT : M_MALFORMED], 1);
}

static int64_t
open_now(void)
{
	return (nconns);
}

static int64_t
live_now(void)
{
	return (http_open_exchanges());
}

static void
listener_ready(void *arg UNUSED, int what UNUSED)
{
	listener_accept(NULL);
}

/* Until the queue is empty, but not for ever: the edge is remembered here. */
static void
listener_accept(void *arg UNUSED)
{
	int	fd, i;

	for (i = 0; i < ACCEPT_BATCH && listen_fd != -1; i++) {
		if ((fd = net_accept(listen_fd)) == -1) {
			if (errno == EAGAIN || errno == EWOULDBLOCK)
				return;
			if (errno == ECONNABORTED || errno == EINTR)
				continue;
			log_warn("accept: %s", strerror(errno));
			timer_arm(&accept_timer, ACCEPT_RETRY_MS);
			return;
		}
		if (nconns >= most_conns)
			listener_turn_away(fd);
		else
			hconn_new(fd);
	}
	if (listen_fd != -1)
		loop_defer(&accept_again);
}

static void
listener_turn_away(int fd)
{
	static const char	busy[] = "HTTP/1.1 503 Service Unavailable\r\n"
	    "Content-Length: 0\r\nRetry-After: 1\r\nConnection: close\r\n\r\n";
	char			drop[WINDOW_SMALL];

	/* A request left unread would turn our close into a reset. */
	(void)recv(fd, drop, sizeof(drop), 0);
	(void)send(fd, busy, sizeof(busy) - 1, MSG_NOSIGNAL);
	(void)shutdown(fd, SHUT_WR);
	close(fd);
	metric_add(&metrics[M_TURNED_AWAY], 1);
}

static void
hconn_new(int fd)
{
	struct hconn	*c;

	if ((c = calloc(1, sizeof(*c))) == NULL)
		log_die("http: out of memory");
	c->fd = fd;
	c->body.kind = BODY_NONE;
	c->write_by_us = NO_DEADLINE;
	c->again.run = hconn_again;
	c->again.arg = c;
	timer_init(&c->timer, hconn_timer, c);
	hconn_deadline(c, idle_ms);
	if ((c->next = conns) != NULL)
		conns->prevp = &c->next;
	c->prevp = &conns;
	conns = c;
	nconns++;
	metric_add(&metrics[M_ACCEPTED], 1);
	c->watch = watch_new(fd, hconn_ready, c);
}

static void
hconn_ready(void *arg, int what)
{
	struct hconn	*c = arg;

	if (what & WATCH_HUP) {
		if (hconn_is_dead(c)) {
			hconn_close(c);
			return;
		}
		c->hup = true;
	}
	if (what & (WATCH_READ | WATCH_HUP)) {
		c->readable = true;
		waiter_wake(&c->reader);
	}
	if ((what & WATCH_WRITE) && window_len(&c->out) > 0)
		hconn_flush(c);
	hconn_process(c);
}

/* A client that only ended its sending side still gets its answer. */
static bool
hconn_is_dead(const struct hconn *c)
{
	socklen_t	len = sizeof(int);
	int		error = 0;

	return (getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &len) == -1 ||
	    error != 0);
}

void
hconn_close(struct hconn *c)
{
	if (c->fd == -1)
		return;
	timer_stop(&c->timer);
	watch_free(&c->watch, false);
	close(c->fd);
	c->fd = -1;
	if ((*c->prevp = c->next) != NULL)
		c->next->prevp = c->prevp;
	nconns--;
	window_release(&c->out);
	waiter_wake(&c->reader);
	waiter_wake(&c->writer);
	if (c->x == NULL)
		hconn_free(c);
}

/* Memory that `again` still points to waits for it. */
void
hconn_free(struct hconn *c)
{
	window_release(&c->in);
	if (c->again.queued)
		c->doomed = true;
	else
		loop_free_later(c);
}

void
hconn_deadline(struct hconn *c, int64_t ms)
{
	if (ms < 0) {
		c->deadline_us = NO_DEADLINE;
		return;
	}
	c->deadline_us = loop_now_us() + ms * 1000;
	if (!timer_armed(&c->timer) || c->timer.at_us > c->deadline_us)
		timer_arm(&c->timer, ms);
}

/* Something was queued, or some of it has gone out. */
void
hconn_write_deadline(struct hconn *c)
{
	if (window_len(&c->out) == 0) {
		c->write_by_us = NO_DEADLINE;
		return;
	}
	c->write_by_us = loop_now_us() + write_ms * 1000;
	if (!timer_armed(&c->timer) || c->timer.at_us > c->write_by_us)
		timer_arm(&c->timer, write_ms);
}

void
hconn_wait_idle(struct hconn *c)
{
	c->in_head = false;
	hconn_deadline(c, idle_ms);
}

void
hconn_wait_head(struct hconn *c)
{
	if (c->in_head)
		return;
	c->in_head = true;
	hconn_deadline(c, header_ms);
}

void
hconn_wait_body(struct hconn *c)
{
	hconn_deadline(c, write_ms);
}

/* Perhaps too early: deadlines move without touching the timer. */
static void
hconn_timer(void *arg)
{
	struct hconn	*c = arg;
	int64_t		 due = c->deadline_us, now = loop_now_us();

	if (due > c->write_by_us)
		due = c->write_by_us;
	if (due > now) {
		if (due != NO_DEADLINE)
			timer_arm(&c->timer, (due - now) / 1000 + 1);
		return;
	}
	if (c->write_by_us <= now)
		hconn_close(c);
	else
		hconn_late(c);
}

static void
hconn_late(struct hconn *c)
{
	c->deadline_us = NO_DEADLINE;
	if (c->x != NULL)
		return;
	if (c->phase == PHASE_HEAD && c->in_head) {
		hconn_refuse(c, 408);
		hconn_process(c);
	} else
		hconn_close(c);
}

void
hconn_enter(struct exchange *x)
{
	server->enter(x);
}
