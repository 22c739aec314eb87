/*
 * events_relay.c -- from the outbox to the log, from the log to the bus.
 *
 * Every process of a service runs one; the advisory lock inside the statement
 * that moves rows lets one of them through at a time, so there is no lease to
 * renew and a killed relay blocks nobody. Invariant: a text is published only
 * after the transaction that numbered it was acknowledged. One that was lost
 * between the two is found by consumers through the next heartbeat.
 */
#include "base/log.h"
#include "co/co.h"
#include "events/events_priv.h"
#include "platform_sql.h"

#define MOVE_MAX	500
#define PAUSE_MS	4	/* between two moves: a burst becomes a batch */
#define POLL_MS		200	/* rows written by others than this process */
#define BEAT_US		500000
#define RETRY_LAST_MS	2000
#define TEXT_BYTES	((size_t)8 << 20)

static void	relay_run(void *);
static int	relay_move(struct arena *);
static void	relay_publish(const struct db_rows *);
static void	relay_beat(void);
static void	relay_pause(int);

static struct {
	const char	*service;
	char		 channel[64];
	struct co	*co;
	struct buf	 text;
	int64_t		 head;		/* of our own log, as last seen */
	int64_t		 beat_us;
	int64_t		 retry_ms;
	bool		 kicked;
	bool		 idle;		/* in relay_pause: may be woken */
} relay;

static struct metric published = {
	.name = "yjy_events_published_total", .help = "Events numbered and published.",
	.kind = METRIC_COUNTER
};

int
ev_relay_start(const char *service)
{
	relay.service = service;
	(void)snprintf(relay.channel, sizeof(relay.channel), "ev.%s", service);
	buf_init(&relay.text, TEXT_BYTES);
	metric_register(&published);
	return (co_start(relay_run, NULL));
}

void
events_kick(void)
{
	relay.kicked = true;
	if (relay.idle) {
		relay.idle = false;
		co_wake(relay.co);
	}
}

static void
relay_run(void *arg UNUSED)
{
	struct arena	a;
	int		moved;

	relay.co = co_self();
	arena_init(&a);
	for (;;) {
		relay.kicked = false;
		moved = relay_move(&a);
		arena_clear(&a);
		relay_beat();
		relay_pause(moved);
	}
}

/* How many rows moved; another relay's turn counts as all of them. -1: database. */
static int
relay_move(struct arena *a)
{
	struct db_rows	rows;
	struct db	db;
	size_t		n;

	db_init(&db, a, DB_SYSTEM);
	if (sql_outbox_move(&db, &rows, MOVE_MAX) == -1)	/* UNIQUE: see the statement */
		return (db.error == DB_UNIQUE ? MOVE_MAX : -1);
	if (db_commit(&db) == -1)
		return (-1);
	relay.head = db_int(&rows, 0, "head");
	if (!db_bool(&rows, 0, "mine"))
		return (MOVE_MAX);
	n = db_null(&rows, 0, "seq") ? 0 : rows.count;
	if (n > 0)
		relay_publish(&rows);
	return ((int)n);
}

static void
relay_publish(const struct db_rows *rows)
{
	struct event	ev;
	size_t		i;

	for (i = 0; i < rows->count; i++) {
		ev_from_row(&ev, relay.service, rows, i);
		buf_clear(&relay.text);
		ev_encode(&relay.text, &ev);
		if (buf_ok(&relay.text) && relay.text.len <= EV_TEXT_MAX)
			ev_bus_publish(relay.channel, relay.text.data, relay.text.len);
	}
	relay.head += (int64_t)rows->count;
	metric_add(&published, (int64_t)rows->count);
}

/* Tells the head, so that a consumer which lost the last text notices. */
static void
relay_beat(void)
{
	char	text[128];
	int	n;

	if (loop_now_us() - relay.beat_us < BEAT_US)
		return;
	relay.beat_us = loop_now_us();
	n = snprintf(text, sizeof(text), "{\"source\":\"%s\",\"head\":%lld}",
	    relay.service, (long long)relay.head);
	ev_bus_publish(relay.channel, text, (size_t)n);
}

static void
relay_pause(int moved)
{
	if (moved == -1) {
		relay.retry_ms = relay.retry_ms == 0 ? PAUSE_MS : relay.retry_ms * 2;
		if (relay.retry_ms > RETRY_LAST_MS)
			relay.retry_ms = RETRY_LAST_MS;
		co_sleep(relay.retry_ms);
		return;
	}
	relay.retry_ms = 0;
	if (moved > 0)
		co_sleep(PAUSE_MS);
	if (moved == MOVE_MAX || relay.kicked)
		return;
	relay.idle = true;
	(void)co_wait(POLL_MS);
	relay.idle = false;
}
