/*
 * conn.c -- the life of a connection: watched, limited in time, drained, closed.
 * conn_listen.c takes them in.
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
static struct hconn		*conns;
static size_t			 nconns, most_conns;
static bool			 draining, patient;
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
	return (listeners_open(&s->port));
}

/*
 * Idle connections are looked at once more: a request may be on its way in.
 * `slowly`: somebody listens beside us; then they may stay until their next
 * request, whose reply sends them there, and nobody meets a closed door.
 */
void
http_drain(bool slowly)
{
	struct hconn	*c, *next;

	if (!draining)
		listeners_leave();
	draining = true;
	patient = slowly;
	for (c = conns; c != NULL && !slowly; c = next) {
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

	if (http_open_exchanges() > 0 || listeners_here() || (patient && nconns > 0))
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

bool
hconn_patient(void)
{
	return (patient);
}

/* False, and counted: too many are open. */
bool
hconn_room(void)
{
	if (nconns < most_conns)
		return (true);
	metric_add(&metrics[M_TURNED_AWAY], 1);
	return (false);
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

void
hconn_new(int fd, bool proxied)
{
	struct hconn	*c;

	if ((c = calloc(1, sizeof(*c))) == NULL)
		log_die("http: out of memory");
	c->fd = fd;
	c->proxied = proxied;
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
