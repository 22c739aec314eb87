/*
 * match_feed.c -- the engine of this process: filled from the database at
 * start, then kept by the service's own events. What is heard is only a reason
 * to look: the log is read behind the last number taken in, so nothing is
 * missed and nothing depends on the channel.
 *
 * Invariant: whatever the log says up to feed.done is in the engine; a row is
 * read after its event, and what the statement does not return is dropped.
 */
#include <string.h>

#include "match_svc.h"
#include "jobs_sql.h"
#include "base/log.h"
#include "base/metric.h"
#include "co/co.h"

#define PAGE		2000	/* rows of one read while filling */
#define LOG_PAGE	500
#define REST_MS		1000
#define RETRY_MS	300

struct ids {
	struct match_hit	 of[LOG_PAGE];
	size_t			 n;
};

/* Rows of one kind, and what takes them. */
struct source {
	int		(*read)(struct db *, struct db_rows *, const struct uuid *, int64_t);
	void		(*put)(struct match *, struct arena *, const struct db_rows *, size_t);
	const char	*id;
	size_t		 page;
};

static void	heard(const struct event *);
static void	beat(int64_t);
static void	link_changed(bool);
static void	wake(void);
static void	follow(void *);
static int	fill(struct match *, struct arena *);
static int	fill_from(struct match *, struct arena *, const struct source *);
static int	catch_up(struct arena *);
static void	ids_add(struct ids *, const char *);
static int	read_postings(struct db *, const struct ids *);
static int	read_people(struct db *, const struct ids *);
static void	put_posting(struct match *, struct arena *, const struct db_rows *, size_t);
static void	put_person(struct match *, struct arena *, const struct db_rows *, size_t);
static int64_t	postings(void);
static int64_t	people(void);

static const struct source posting_rows = { sql_match_posting_page, put_posting, "id", PAGE };
static const struct source people_rows = { sql_match_people_page, put_person, "person_id", LOG_PAGE };

static struct {
	struct match	*engine;	/* NULL until it is full */
	int64_t		 done, head;	/* of the service's log: taken in, known of */
	bool		 waiting;
	struct co	*co;
} feed;

struct listener		match_ears = {
	.source = "jobs", .event = heard, .beat = beat, .link = link_changed
};
static struct metric	metrics[] = {
	{ .name = "yjy_match_postings", .help = "Open postings that matching knows.",
	  .kind = METRIC_GAUGE, .read = postings },
	{ .name = "yjy_match_people", .help = "People that matching knows.",
	  .kind = METRIC_GAUGE, .read = people },
};

int
match_feed_start(void)
{
	size_t	i;

	for (i = 0; i < NITEMS(metrics); i++)
		metric_register(&metrics[i]);
	return (co_start(follow, NULL));
}

struct match *
match_live(void)
{
	return (feed.engine);
}

static int64_t
postings(void)
{
	return (feed.engine == NULL ? 0 : (int64_t)match_postings(feed.engine));
}

static int64_t
people(void)
{
	return (feed.engine == NULL ? 0 : (int64_t)match_people(feed.engine));
}

/* ---- hearing ---- */

static void
heard(const struct event *ev)
{
	if (ev->seq > feed.head)
		feed.head = ev->seq;
	wake();
}

static void
beat(int64_t head)
{
	feed.head = head;
	if (head != feed.done)
		wake();
}

static void
link_changed(bool up UNUSED)
{
	wake();
}

static void
wake(void)
{
	if (feed.waiting)
		co_wake(feed.co);
}

/* ---- following ---- */

static void
follow(void *arg UNUSED)
{
	struct match	*m;
	struct arena	 a;
	int		 read;

	feed.co = co_self();
	arena_init(&a);
	while (feed.engine == NULL) {
		m = match_new();
		if (fill(m, &a) == 0)
			feed.engine = m;
		else {
			match_free(&m);
			co_sleep(RETRY_MS);
		}
		arena_clear(&a);
	}
	log_info("matching knows %zu postings, %zu people", match_postings(feed.engine),
	    match_people(feed.engine));
	for (;;) {
		while ((read = catch_up(&a)) > 0)
			arena_clear(&a);
		arena_clear(&a);
		feed.waiting = true;
		(void)co_wait(read == -1 ? RETRY_MS : REST_MS);
		feed.waiting = false;
	}
}

/* The log's end is read first: what changes while filling is read again. */
static int
fill(struct match *m, struct arena *a)
{
	struct db_rows	rows;
	struct db	db;

	db_init(&db, a, DB_SYSTEM);
	if (sql_match_head(&db, &rows) == -1)
		return (-1);
	feed.done = db_int(&rows, 0, "seq");
	db_rollback(&db);
	return (fill_from(m, a, &posting_rows) == -1 ? -1 : fill_from(m, a, &people_rows));
}

/* Reads page by page behind the last row's id. */
static int
fill_from(struct match *m, struct arena *a, const struct source *from)
{
	struct uuid	after = { .b = { 0 } };
	struct db_rows	rows;
	struct db	db;
	size_t		i;

	do {
		arena_clear(a);
		db_init(&db, a, DB_SYSTEM);
		if (from->read(&db, &rows, &after, (int64_t)from->page) == -1)
			return (-1);
		for (i = 0; i < rows.count; i++)
			from->put(m, a, &rows, i);
		if (rows.count > 0)
			after = db_uuid(&rows, rows.count - 1, from->id);
		db_rollback(&db);
	} while (rows.count == from->page);
	return (0);
}

/* Events taken in; -1: the database did not answer. */
static int
catch_up(struct arena *a)
{
	struct ids	*vacancies = arena_zalloc(a, sizeof(*vacancies));
	struct ids	*persons = arena_zalloc(a, sizeof(*persons));
	struct db_rows	 rows;
	struct db	 db;
	size_t		 i;
	int		 rc = -1;

	db_init(&db, a, DB_SYSTEM);
	if (sql_match_missed(&db, &rows, feed.done, LOG_PAGE) == -1)
		goto out;
	for (i = 0; i < rows.count; i++) {
		if (strcmp(db_text(&rows, i, "type"), event_name(EV_VACANCY_CHANGED)) == 0)
			ids_add(vacancies, db_text(&rows, i, "key"));
		else if (strcmp(db_text(&rows, i, "type"), event_name(EV_APPLICATION_MOVED)) != 0)
			ids_add(persons, db_text(&rows, i, "person_id"));
	}
	if (read_postings(&db, vacancies) == -1 || read_people(&db, persons) == -1)
		goto out;
	if (rows.count > 0)
		feed.done = db_int(&rows, rows.count - 1, "seq");
	rc = (int)rows.count;
out:
	db_rollback(&db);
	return (rc);
}

static void
ids_add(struct ids *ids, const char *text)
{
	if (text != NULL && uuid_parse(text, &ids->of[ids->n].id))
		ids->n++;
}

static int
read_postings(struct db *db, const struct ids *ids)
{
	struct db_rows	rows;
	size_t		i;

	if (ids->n == 0)
		return (0);
	if (sql_match_posting_of(db, &rows, match_ids_text(db->arena, ids->of, ids->n)) == -1)
		return (-1);
	for (i = 0; i < ids->n; i++)
		match_drop_posting(feed.engine, &ids->of[i].id);
	for (i = 0; i < rows.count; i++)
		put_posting(feed.engine, db->arena, &rows, i);
	return (0);
}

static int
read_people(struct db *db, const struct ids *ids)
{
	struct db_rows	rows;
	size_t		i;

	if (ids->n == 0)
		return (0);
	if (sql_match_people_of(db, &rows, match_ids_text(db->arena, ids->of, ids->n)) == -1)
		return (-1);
	for (i = 0; i < ids->n; i++)
		match_drop_person(feed.engine, &ids->of[i].id);
	for (i = 0; i < rows.count; i++)
		put_person(feed.engine, db->arena, &rows, i);
	return (0);
}

static void
put_posting(struct match *m, struct arena *a, const struct db_rows *rows, size_t i)
{
	struct uuid		id = db_uuid(rows, i, "id");
	struct match_posting	v;

	match_row_posting(a, rows, i, &v);
	match_put_posting(m, &id, &v);
}

/* Who switched matching off is not here at all. */
static void
put_person(struct match *m, struct arena *a, const struct db_rows *rows, size_t i)
{
	struct match_facts	*f = arena_alloc(a, sizeof(*f));

	match_row_person(a, rows, i, f);
	if (f->allowed)
		match_put_person(m, &f->person);
}
