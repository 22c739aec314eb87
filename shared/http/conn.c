/*
 * conn.c -- the listener and the life of its connections: accepted, watched,
 * limited in time, drained, closed.
 *
 * Each connection has one timer that fires at or before its deadline and then
 * looks; moving a deadline back is an assignment. Sockets are registered once
 * (edge-triggered) and never touched again.
 *
 * Invariant: after conn_close() no event reaches the connection; the struct
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
static void	conn_new(int);
static void	conn_ready(void *, int);
static bool	conn_is_dead(const struct conn *);
static void	conn_timer(void *);
static void	conn_late(struct conn *);
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
static struct conn		*conns;
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
	struct conn	*c, *next;

	if (draining)
		return;
	draining = true;
	if (listen_fd != -1) {
		timer_stop(&accept_timer);
		watch_free(&listener, false);
		close(listen_fd);
		listen_fd = -1;
	}
	for (c = conns; c != NULL; c = next) {
		next = c->next;
		c->readable = true;
		conn_process(c);
	}
}

size_t
http_open_connections(void)
{
	return (nconns);
}

bool
conn_draining(void)
{
	return (draining);
}

void
conn_count_refused(int status)
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
			conn_new(fd);
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
conn_new(int fd)
{
	struct conn	*c;

	if ((c = calloc(1, sizeof(*c))) == NULL)
		log_die("http: out of memory");
	c->fd = fd;
	c->body.kind = BODY_NONE;
	c->write_by_us = NO_DEADLINE;
	c->again.run = conn_again;
	c->again.arg = c;
	timer_init(&c->timer, conn_timer, c);
	conn_deadline(c, idle_ms);
	if ((c->next = conns) != NULL)
		conns->prevp = &c->next;
	c->prevp = &conns;
	conns = c;
	nconns++;
	metric_add(&metrics[M_ACCEPTED], 1);
	c->watch = watch_new(fd, conn_ready, c);
}

static void
conn_ready(void *arg, int what)
{
	struct conn	*c = arg;

	if (what & WATCH_HUP) {
		if (conn_is_dead(c)) {
			conn_close(c);
			return;
		}
		c->hup = true;
	}
	if (what & (WATCH_READ | WATCH_HUP)) {
		c->readable = true;
		waiter_wake(&c->reader);
	}
	if ((what & WATCH_WRITE) && window_len(&c->out) > 0)
		conn_flush(c);
	conn_process(c);
}

/* A client that only ended its sending side still gets its answer. */
static bool
conn_is_dead(const struct conn *c)
{
	socklen_t	len = sizeof(int);
	int		error = 0;

	return (getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &len) == -1 ||
	    error != 0);
}

void
conn_close(struct conn *c)
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
		conn_free(c);
}

/* Memory that `again` still points to waits for it. */
void
conn_free(struct conn *c)
{
	window_release(&c->in);
	if (c->again.queued)
		c->doomed = true;
	else
		loop_free_later(c);
}

void
conn_deadline(struct conn *c, int64_t ms)
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
conn_write_deadline(struct conn *c)
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
conn_wait_idle(struct conn *c)
{
	c->in_head = false;
	conn_deadline(c, idle_ms);
}

void
conn_wait_head(struct conn *c)
{
	if (c->in_head)
		return;
	c->in_head = true;
	conn_deadline(c, header_ms);
}

void
conn_wait_body(struct conn *c)
{
	conn_deadline(c, write_ms);
}

/* Perhaps too early: deadlines move without touching the timer. */
static void
conn_timer(void *arg)
{
	struct conn	*c = arg;
	int64_t		 due = c->deadline_us, now = loop_now_us();

	if (due > c->write_by_us)
		due = c->write_by_us;
	if (due > now) {
		if (due != NO_DEADLINE)
			timer_arm(&c->timer, (due - now) / 1000 + 1);
		return;
	}
	if (c->write_by_us <= now)
		conn_close(c);
	else
		conn_late(c);
}

static void
conn_late(struct conn *c)
{
	c->deadline_us = NO_DEADLINE;
	if (c->x != NULL)
		return;
	if (c->phase == PHASE_HEAD && c->in_head) {
		conn_refuse(c, 408);
		conn_process(c);
	} else
		conn_close(c);
}

void
conn_enter(struct exchange *x)
{
	server->enter(x);
}
