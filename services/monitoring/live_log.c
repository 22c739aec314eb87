/*
 * live_log.c -- one coroutine reads the service's own log for all boards of
 * the process. A bell (the Redis channel) says when there is something; should
 * it be lost, the log is looked at each second all the same.
 *
 * Invariant: an event of the log enters the ring once, in the log's order, with
 * counters that were read after it; the ring's head never runs ahead of them.
 */
#include "live.h"
#include "base/clock.h"
#include "base/log.h"
#include "co/co.h"
#include "codes/codes.h"
#include "loop/loop.h"
#include "monitoring_sql.h"

#define CITY		"431100"
#define PAGE		300	/* numbers of the log read at once */
#define LOOK_MS		1000	/* without a bell */
#define REST_MS		20	/* between two readings: much comes together */
#define FAILED_MS	500
#define AFRESH_US	30000000 /* the counters are all read again */
#define LEAVE_US	60000000 /* without boards */
#define OPEN_MS		5000	/* a board waits for the first reading */
#define AREAS_BYTES	256
#define MEASURES_BYTES	4096

static void	on_event(const struct event *);
static void	on_beat(int64_t);
static void	on_link(bool);
static void	bell(void);
static void	news(void);
static void	reading(void *);
static int	turn(void);
static int	begin(struct arena *);
static int	read_on(struct arena *, bool *more);
static int	read_counters(struct arena *, struct db *, const char *measures, bool told);
static void	counter_take(const struct db_rows *, size_t, bool told);
static int	read_alerts(struct arena *, struct db *);
static void	alert_take(const struct live_event *);
static void	enter(struct arena *, const struct db_rows *);
static const char *moved(struct arena *, const struct db_rows *);
static const char *areas(void);

static struct listener	ears = {
	.source = "monitoring", .event = on_event, .beat = on_beat, .link = on_link
};
struct listener *const	monitoring_hears[] = { &ears, NULL };

static struct live_state	state;
static struct co		*reader;
static size_t			 boards;
static bool			 rung;
static int64_t			 afresh_us, used_us;
static void			(*tell)(void);

void
live_on_news(void (*fn)(void))
{
	tell = fn;
}

static void
on_event(const struct event *ev)
{
	if (strncmp(ev->type, "monitoring.", 11) == 0)
		bell();
}

static void
on_beat(int64_t head)
{
	if (head > state.ring.head)
		bell();
}

static void
on_link(bool up UNUSED)
{
	bell();
}

static void
bell(void)
{
	rung = true;
	if (reader != NULL)
		co_wake(reader);
}

static void
news(void)
{
	if (tell != NULL)
		tell();
}

struct live_state *
live_open(void)
{
	int64_t	until_us = loop_now_us() + OPEN_MS * 1000;

	boards++;
	if (reader == NULL && co_start(reading, NULL) == -1) {
		live_shut();
		return (NULL);
	}
	while (!state.ready && loop_now_us() < until_us)
		co_sleep(REST_MS);
	if (state.ready)
		return (&state);
	live_shut();
	return (NULL);
}

void
live_shut(void)
{
	boards--;
	used_us = loop_now_us();
}

static void
reading(void *arg UNUSED)
{
	int	rc;

	if (reader != NULL)
		return;
	reader = co_self();
	used_us = loop_now_us();
	while (boards > 0 || loop_now_us() - used_us < LEAVE_US) {
		rung = false;
		rc = turn();
		news();
		co_sleep(rc == -1 ? FAILED_MS : REST_MS);
		if (rc == 0 && !rung)
			(void)co_wait(LOOK_MS);
	}
	state.ready = false;
	reader = NULL;
}

/* 1: there is more; 0: that was all; -1: failed. */
static int
turn(void)
{
	struct arena	a;
	bool		more = false;
	int		rc;

	arena_init(&a);
	rc = state.ready ? read_on(&a, &more) : begin(&a);
	arena_release(&a);
	return (rc == -1 ? -1 : more);
}

static int
begin(struct arena *a)
{
	struct db	db;
	struct db_rows	rows;

	db_init(&db, a, DB_SYSTEM);
	if (sql_live_head(&db, &rows) == -1)
		return (-1);
	live_ring_start(&state.ring, db_int(&rows, 0, "seq"));
	state.ncounters = 0;
	if (read_counters(a, &db, NULL, false) == -1 || read_alerts(a, &db) == -1 || db_commit(&db) == -1)
		return (-1);
	state.ready = true;
	return (0);
}

/* The log first and the counters after it: they hold at least what it said. */
static int
read_on(struct arena *a, bool *more)
{
	const char	*measures;
	struct db	 db;
	struct db_rows	 rows;
	int64_t		 upto;
	bool		 all = loop_now_us() - afresh_us > AFRESH_US || clock_today() != state.today;

	db_init(&db, a, DB_SYSTEM);
	if (sql_live_log(&db, &rows, state.ring.head, PAGE) == -1)
		return (-1);
	upto = db_int(&rows, 0, "upto");
	if ((measures = moved(a, &rows)) != NULL || all)
		if (read_counters(a, &db, all ? NULL : measures, all) == -1)
			return (-1);
	if (db_commit(&db) == -1)
		return (-1);
	enter(a, &rows);
	*more = upto == state.ring.head + PAGE;
	live_ring_reach(&state.ring, upto);
	return (0);
}

/* Measures that these events moved, as an array; NULL: none. */
static const char *
moved(struct arena *a, const struct db_rows *rows)
{
	struct live_event	e;
	struct buf		b;
	const char		*list;
	size_t			i, len;

	buf_init(&b, MEASURES_BYTES);
	for (i = 0; i < rows->count; i++) {
		if (db_null(rows, i, "seq"))
			continue;
		live_event_read(a, rows, i, &e);
		if (e.is_alert || e.measure == NULL || strpbrk(e.measure, "{},\"\\") != NULL)
			continue;
		len = strlen(e.measure);
		list = buf_cstr(&b);
		while ((list = strstr(list, e.measure)) != NULL && (list[len] != ',' || list[-1] != ','))
			list += len;
		if (list == NULL)
			buf_addf(&b, "%s%s,", b.len == 0 ? "," : "", e.measure);
	}
	list = NULL;
	if (b.len > 2 && buf_ok(&b))
		list = arena_printf(a, "{%.*s}", (int)b.len - 2, b.data + 1);
	buf_release(&b);
	return (list);
}

/* `told`: boards hear of each that is another than before. */
static int
read_counters(struct arena *a, struct db *db, const char *measures, bool told)
{
	int32_t		today = clock_today();
	struct db_rows	rows;
	size_t		i;

	(void)a;
	if (sql_live_counters(db, &rows, today, measures, areas()) == -1)
		return (-1);
	if (measures == NULL) {
		state.today = today;
		afresh_us = loop_now_us();
	}
	for (i = 0; i < rows.count; i++)
		counter_take(&rows, i, told);
	return (0);
}

static void
counter_take(const struct db_rows *rows, size_t row, bool told)
{
	const char		*measure = db_text(rows, row, "code"), *area = db_text(rows, row, "area");
	struct live_counter	 now, *c;
	struct live_entry	 entry;
	size_t			 i;

	memset(&now, 0, sizeof(now));
	(void)snprintf(now.measure, sizeof(now.measure), "%s", measure);
	(void)snprintf(now.name, sizeof(now.name), "%s", db_text(rows, row, "name"));
	(void)snprintf(now.counts, sizeof(now.counts), "%s", db_text(rows, row, "counts"));
	(void)snprintf(now.area, sizeof(now.area), "%s", area);
	now.value = db_int(rows, row, "value");
	now.today = db_int(rows, row, "today");
	now.is_small = db_bool(rows, row, "is_small");
	for (i = 0; i < state.ncounters; i++)
		if (strcmp(state.counter[i].measure, measure) == 0 && strcmp(state.counter[i].area, area) == 0)
			break;
	if (i == state.ncounters) {
		c = realloc(state.counter, (i + 1) * sizeof(*c));
		if (c == NULL)
			log_die("monitoring: out of memory");
		state.counter = c;
		state.ncounters++;
		state.counter[i] = now;
	}
	c = &state.counter[i];
	told = told && (c->value != now.value || c->today != now.today || c->is_small != now.is_small);
	*c = now;
	if (told) {
		live_counter_entry(&state, c, &entry);
		live_ring_add(&state.ring, &entry);
	}
}

static int
read_alerts(struct arena *a, struct db *db)
{
	struct live_event	e;
	struct db_rows		rows;
	size_t			i;

	for (i = 0; i < state.nalerts; i++)
		free(state.alert[i].data);
	state.nalerts = 0;
	if (sql_live_alerts(db, &rows, state.ring.head) == -1)
		return (-1);
	for (i = 0; i < rows.count; i++) {
		live_event_read(a, &rows, i, &e);
		alert_take(&e);
	}
	return (0);
}

/* One alert as it is now; a closed one is off the board. */
static void
alert_take(const struct live_event *e)
{
	struct live_alert	*al;
	bool			 is_over = e->state != NULL && strcmp(e->state, "closed") == 0;
	size_t			 i;

	for (i = 0; i < state.nalerts; i++)
		if (strcmp(state.alert[i].id, e->key) == 0)
			break;
	if (i < state.nalerts) {
		free(state.alert[i].data);
		state.alert[i] = state.alert[--state.nalerts];
	}
	if (is_over)
		return;
	if ((al = realloc(state.alert, (state.nalerts + 1) * sizeof(*al))) == NULL)
		log_die("monitoring: out of memory");
	state.alert = al;
	al = &state.alert[state.nalerts++];
	(void)snprintf(al->id, sizeof(al->id), "%s", e->key);
	(void)snprintf(al->county, sizeof(al->county), "%s", e->county != NULL ? e->county : CITY);
	al->seq = e->seq;
	if ((al->data = strdup(e->payload)) == NULL)
		log_die("monitoring: out of memory");
}

static void
enter(struct arena *a, const struct db_rows *rows)
{
	struct live_event	e;
	struct live_entry	entry;
	size_t			i;

	for (i = 0; i < rows->count; i++) {
		if (db_null(rows, i, "seq"))
			continue;
		live_event_read(a, rows, i, &e);
		if (e.is_alert)
			alert_take(&e);
		if (live_entry_make(&state, &e, &entry))
			live_ring_add(&state.ring, &entry);
	}
}

int64_t
live_replay(int64_t after, int (*each)(void *, const struct live_entry *), void *arg)
{
	struct live_event	e;
	struct live_entry	entry;
	struct arena		a;
	struct db		db;
	struct db_rows		rows;
	int64_t			lim = state.ring.head - after, upto = -1;
	size_t			i;

	arena_init(&a);
	db_init(&db, &a, DB_SYSTEM);
	if (sql_live_log(&db, &rows, after, lim < PAGE ? lim : PAGE) == 0 && db_commit(&db) == 0)
		upto = db_int(&rows, 0, "upto");
	for (i = 0; upto != -1 && i < rows.count; i++) {
		if (db_null(&rows, i, "seq"))
			continue;
		live_event_read(&a, &rows, i, &e);
		if (live_entry_make(&state, &e, &entry)) {
			if (each(arg, &entry) == -1)
				upto = -1;
			live_entry_free(&entry);
		}
	}
	arena_release(&a);
	return (upto);
}

/* The city and its counties, as an array. */
static const char *
areas(void)
{
	static char		 text[AREAS_BYTES];
	const char *const	*counties;
	size_t			 i, n;
	int			 len;

	if (text[0] != '\0')
		return (text);
	n = area_counties(&counties);
	len = snprintf(text, sizeof(text), "{" CITY);
	for (i = 0; i < n && (size_t)len < sizeof(text); i++)
		len += snprintf(text + len, sizeof(text) - (size_t)len, ",%s", counties[i]);
	(void)snprintf(text + len, sizeof(text) - (size_t)len, "}");
	return (text);
}
