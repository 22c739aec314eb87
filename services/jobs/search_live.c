/*
 * search_live.c -- the index of this process: filled from the database at
 * start, then following the service's own log, heard live on its channel and
 * read from the table where something may be missing.
 *
 * One coroutine does it all, so what it reads last is put last. Ids told of are
 * collected and read together. What this process itself commits is looked for at
 * once, before it has its number, and a search waits for that. When the index is worn, or the business day went
 * backwards, another is filled beside it (search_fill.c).
 *
 * Invariant: every change of a posting up to live.done is in the index or its id
 * in live.ids; what the database does not have open, the index does not keep.
 */
#include <stdlib.h>
#include <string.h>

#include "jobs.h"
#include "search_priv.h"
#include "jobs_sql.h"
#include "base/log.h"
#include "base/metric.h"
#include "co/co.h"
#include "conf/conf.h"
#include "loop/loop.h"

#define READ_MOST	256
#define LOG_PAGE	1000
#define REST_MS		1000	/* while the channel is heard */
#define POLL_MS		250	/* while it is not */
#define RETRY_MS	200
#define SETTLE_MS	100	/* a search waits for our own commits, at most */

static void	heard(const struct event *);
static void	beat(int64_t);
static void	link_changed(bool);
static void	wake(void);
static void	told(const char *, const char *);
static void	follow(void *);
static int	step(void);
static int	catch_up(void);
static int	take_own(void);
static int	read_ids(void);
static void	committed(void);
static void	waiters_wake(void);
static void	waiter_leaves(const struct co *);
static int	read_synonyms(void);
static void	day_turns(void);
static int64_t	lag(void);
static int64_t	postings(void);
static int64_t	bytes(void);
static int64_t	fills(void);

struct live	live;

struct listener		search_ears = {
	.source = "jobs", .event = heard, .beat = beat, .link = link_changed
};
static struct metric	metrics[] = {
	{ .name = "yjy_index_postings", .help = "Open postings in the index.",
	  .kind = METRIC_GAUGE, .read = postings },
	{ .name = "yjy_index_bytes", .help = "Memory of the index.", .kind = METRIC_GAUGE, .read = bytes },
	{ .name = "yjy_index_lag", .help = "Events of postings that the index has not taken in.",
	  .kind = METRIC_GAUGE, .read = lag },
	{ .name = "yjy_index_fills", .help = "Times the index was made anew.",
	  .kind = METRIC_GAUGE, .read = fills },
};

int
search_start(void)
{
	size_t	i;

	if (codes_load_aliases(conf_text(CONF_REFERENCE)) == -1 || words_load() == -1)
		return (-1);
	for (i = 0; i < NITEMS(metrics); i++)
		metric_register(&metrics[i]);
	db_on_emit(committed);
	return (co_start(follow, NULL));
}

bool
search_ready(void)
{
	return (live.index != NULL);
}

struct index *
search_live(void)
{
	return (live.index);
}

void
search_position(int64_t *done, int64_t *head)
{
	*done = live.nids > 0 || live.missed ? -1 : live.done;
	*head = live.head;
}

/* ---- hearing ---- */

static void
heard(const struct event *ev)
{
	if (ev->seq > live.head)
		live.head = ev->seq;
	if (ev->seq == live.done + 1 && live.index != NULL && !live.missed) {
		live.done = ev->seq;
		told(ev->type, ev->key);
	} else if (ev->seq > live.done)
		live.missed = true;
	wake();
}

static void
beat(int64_t head)
{
	live.head = head;
	if (head == live.done)
		return;
	live.missed = true;
	wake();
}

static void
link_changed(bool up)
{
	live.link = up;
	live.missed = true;
	wake();
}

static void
wake(void)
{
	if (live.waiting)
		co_wake(live.co);
}

static void
told(const char *type, const char *key)
{
	struct uuid	id;

	if (strcmp(type, event_name(EV_SYNONYM_CHANGED)) == 0)
		live.synonyms = true;
	if (strcmp(type, event_name(EV_VACANCY_CHANGED)) != 0 || !uuid_parse(key, &id))
		return;
	if (live.nids > 0 && uuid_equal(&live.ids[live.nids - 1], &id))
		return;
	if (live.nids == IDS_MOST) {
		live.done--;		/* it is told again by the log */
		live.missed = true;
		return;
	}
	live.ids[live.nids++] = id;
}

/* ---- following ---- */

static void
follow(void *arg UNUSED)
{
	live.co = co_self();
	live.synonyms = true;
	for (;;) {
		if (step() == -1)
			co_sleep(RETRY_MS);
		if (live.nids > 0 || live.fresh != NULL || live.index == NULL || live.missed ||
		    live.commits != live.taken)
			continue;
		live.waiting = true;
		(void)co_wait(live.link ? REST_MS : POLL_MS);
		live.waiting = false;
	}
}

/* A little of everything that is due. */
static int
step(void)
{
	if (live.synonyms && read_synonyms() == -1)
		return (-1);
	if (live.index == NULL && live.fresh == NULL && fill_begin() == -1)
		return (-1);
	if (live.index != NULL || live.fresh != NULL) {
		if ((live.missed || !live.link) && catch_up() == -1)
			return (-1);
		if (live.commits != live.taken)
			return (take_own());
		if (live.nids > 0 && read_ids() == -1)
			return (-1);
	}
	if (live.fresh != NULL)
		return (fill_more());
	day_turns();
	if (live.worn || index_worn(live.index))
		return (fill_begin());
	return (0);
}

/* Reads on behind live.done. A log that ends before it begins anew: so do we. */
static int
catch_up(void)
{
	struct db_rows	rows;
	struct arena	a;
	struct db	db;
	size_t		i;
	int		rc = -1;

	arena_init(&a);
	db_init(&db, &a, DB_SYSTEM);
	live.missed = false;
	if (sql_index_log(&db, &rows, live.done, LOG_PAGE) == -1)
		goto out;
	for (i = 0; i < rows.count && !live.missed; i++) {
		live.done = db_int(&rows, i, "seq");
		told(db_text(&rows, i, "type"), db_text(&rows, i, "key"));
	}
	if (rows.count == LOG_PAGE)
		live.missed = true;
	if (live.head < live.done)
		live.head = live.done;
	rc = 0;
out:
	if (rc == -1)
		live.missed = true;
	db_rollback(&db);
	arena_release(&a);
	return (rc);
}

static void
committed(void)
{
	live.commits++;
	wake();
}

/* What has no number yet, or was not heard yet, is read now, and once more when it is. */
static int
take_own(void)
{
	uint64_t	commits = live.commits;
	struct db_rows	rows;
	struct arena	a;
	struct db	db;
	size_t		i;
	int		rc;

	arena_init(&a);
	db_init(&db, &a, DB_SYSTEM);
	if ((rc = sql_index_told(&db, &rows, live.done, READ_MOST)) == 0)
		for (i = 0; i < rows.count; i++)
			told(db_text(&rows, i, "type"), db_text(&rows, i, "key"));
	db_rollback(&db);
	arena_release(&a);
	while (rc == 0 && live.nids > 0)
		rc = read_ids();
	if (rc == 0)
		live.taken = commits;
	waiters_wake();
	return (rc);
}

void
search_settle(void)
{
	uint64_t	commits = live.commits;
	int64_t		until_us = clock_mono_us() + SETTLE_MS * 1000, left_us;

	while (live.taken < commits && live.nwaiters < WAITERS &&
	    (left_us = until_us - clock_mono_us()) > 0) {
		live.waiters[live.nwaiters++] = co_self();
		(void)co_wait(left_us / 1000 + 1);
		waiter_leaves(co_self());
	}
}

static void
waiter_leaves(const struct co *co)
{
	size_t	i;

	for (i = 0; i < live.nwaiters; i++)
		if (live.waiters[i] == co)
			live.waiters[i--] = live.waiters[--live.nwaiters];
}

static void
waiters_wake(void)
{
	size_t	i;

	for (i = 0; i < live.nwaiters; i++)
		co_wake(live.waiters[i]);
	live.nwaiters = 0;
}

static int
read_ids(void)
{
	size_t	n = live.nids < READ_MOST ? live.nids : READ_MOST;

	if (search_refresh(live.ids, n) == -1)
		return (-1);
	memmove(live.ids, live.ids + n, (live.nids - n) * sizeof(live.ids[0]));
	live.nids -= n;
	return (0);
}

static int
read_synonyms(void)
{
	struct db_rows	rows;
	struct arena	a;
	struct db	db;
	int		rc;

	arena_init(&a);
	db_init(&db, &a, DB_SYSTEM);
	live.synonyms = false;
	if ((rc = sql_synonym_all(&db, &rows)) == 0)
		words_synonyms(&rows);
	else
		live.synonyms = true;
	db_rollback(&db);
	arena_release(&a);
	return (rc);
}

static void
day_turns(void)
{
	int32_t	today = clock_today();

	if (today > live.today)
		(void)index_expire(live.index, today);
	else if (today < live.today)
		live.worn = true;	/* a sandbox's clock: what had expired has not yet */
	live.today = today;
}

/* ---- figures ---- */

static int64_t
lag(void)
{
	return ((live.head > live.done ? live.head - live.done : 0) + (int64_t)live.nids);
}

static int64_t
postings(void)
{
	return (live.index != NULL ? (int64_t)index_count(live.index) : 0);
}

static int64_t
bytes(void)
{
	return (live.bytes_of > 0 ? live.bytes / live.bytes_of * postings() : live.bytes);
}

static int64_t
fills(void)
{
	return (live.fills);
}
