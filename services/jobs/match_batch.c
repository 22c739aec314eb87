/*
 * match_batch.c -- the night's lists: every registered unemployed person who
 * left matching on, once a business day, a page of people at a time, in slices
 * short enough for everybody else.
 *
 * Invariant: lists of a page and how far the day came change together, and
 * only if nobody else moved the day; so a run may break off, or two meet, and
 * nothing is lost or done twice. What no longer holds is gone when it ends.
 */
#include <string.h>

#include "match_svc.h"
#include "jobs_sql.h"
#include "base/log.h"
#include "co/co.h"
#include "conf/conf.h"
#include "svc/svc.h"

#define TELL_MS		1000
#define BATCH_MS	1000
#define RUN_US		INT64_C(2500000)	/* of one run: within the job's lease */
#define SLICE_US	INT64_C(4000)		/* the loop waits no longer */
#define PAGE		100
#define ROWS_MAX	(4 << 20)

struct page {
	struct db	 db;
	int32_t		 day;
	struct uuid	 reached, next;
	struct buf	 rows, people;
	struct json_out	 out;
	int64_t		 started_us;
};

static int	page_run(struct page *);
static int	page_match(struct page *, const struct db_rows *);
static void	person_match(struct page *, const struct db_rows *, size_t, struct match_facts *);
static void	put_hit(struct json_out *, const struct match_facts *, const struct match_hit *, size_t);
static int	page_put(struct page *);
static int	day_end(struct page *);

int
match_start(void)
{
	svc_every("jobs.match.tell", TELL_MS, match_tell_due);
	svc_every("jobs.match.batch", BATCH_MS, match_batch_run);
	return (match_feed_start());
}

void
match_batch_run(void)
{
	int64_t		 until = clock_mono_us() + RUN_US;
	struct page	*p;
	struct arena	 a;
	int		 more;

	if (match_live() == NULL)
		return;
	arena_init(&a);
	do {
		arena_clear(&a);
		p = arena_zalloc(&a, sizeof(*p));
		db_init(&p->db, &a, DB_SYSTEM);
		more = page_run(p);
		db_rollback(&p->db);
	} while (more == 1 && clock_mono_us() < until);
	if (more == -1)
		log_warn("the night's matching goes on later");
	arena_release(&a);
}

/* 1: there may be another page; 0: the day is done; -1: database. */
static int
page_run(struct page *p)
{
	struct db_rows	day, facts;
	int		rc;

	if (sql_match_day_take(&p->db, &day) == -1)
		return (-1);
	if (day.count == 0)
		return (0);
	p->day = db_day(&day, 0, "day");
	p->reached = db_uuid(&day, 0, "reached");
	if (db_commit(&p->db) == -1 ||
	    sql_match_day_people(&p->db, &facts, &p->reached, PAGE) == -1)
		return (-1);
	db_rollback(&p->db);
	if (facts.count == 0)
		return (day_end(p));
	buf_init(&p->rows, ROWS_MAX);
	buf_init(&p->people, ROWS_MAX);
	rc = page_match(p, &facts);
	buf_release(&p->people);
	buf_release(&p->rows);
	return (rc);
}

static int
page_match(struct page *p, const struct db_rows *facts)
{
	struct match_facts	*f = arena_alloc(p->db.arena, sizeof(*f));
	int64_t			 slice_us = clock_mono_us(), now_us;
	size_t			 i;

	p->started_us = slice_us;
	json_out_init(&p->out, &p->rows);
	json_open_list(&p->out, NULL);
	for (i = 0; i < facts->count; i++) {
		person_match(p, facts, i, f);
		if ((now_us = clock_mono_us()) - slice_us > SLICE_US) {
			co_sleep(0);
			p->started_us += clock_mono_us() - now_us;	/* others' time */
			slice_us = clock_mono_us();
		}
	}
	json_close_list(&p->out);
	p->next = f->person.id;
	return (page_put(p));
}

static void
person_match(struct page *p, const struct db_rows *facts, size_t i, struct match_facts *f)
{
	struct match_hit	*hits = arena_alloc(p->db.arena, MATCH_MOST * sizeof(*hits));
	struct match_ask	 ask = { .weights = &f->weights, .today = p->day,
		.limit = (size_t)conf_int(CONF_MATCH_LIST) };
	char			 id[UUID_TEXT];
	size_t			 n, k;

	match_row_person(p->db.arena, facts, i, f);
	f->weights = match_row_weights(facts, i);
	buf_addf(&p->people, "%c%s", i == 0 ? '{' : ',', uuid_format(&f->person.id, id));
	if (!f->allowed)
		return;
	ask.without = f->without;
	ask.nwithout = f->nwithout;
	n = match_best_postings(match_live(), &f->person, &ask, hits);
	for (k = 0; k < n; k++)
		put_hit(&p->out, f, &hits[k], k);
}

static void
put_hit(struct json_out *out, const struct match_facts *f, const struct match_hit *hit, size_t k)
{
	int	i;

	json_open(out, NULL);
	json_put_uuid(out, "person", &f->person.id);
	json_put_int(out, "rank", (int64_t)k + 1);
	json_put_uuid(out, "vacancy", &hit->id);
	json_put_int(out, "score", hit->score);
	json_put_int(out, "version", f->weights.version);
	json_open_list(out, "parts");
	for (i = 0; i < MATCH_CRITERIA; i++)
		json_put_int(out, NULL, hit->parts[i]);
	json_close_list(out);
	json_open_list(out, "whys");
	for (i = 0; i < MATCH_CRITERIA; i++)
		json_put_int(out, NULL, hit->why[i]);
	json_close_list(out);
	json_close(out);
}

static int
page_put(struct page *p)
{
	struct db_rows	moved;
	bool		mine;

	buf_addc(&p->people, '}');
	if (!buf_ok(&p->rows) || !buf_ok(&p->people))
		return (-1);
	if (sql_match_day_put(&p->db, &moved, p->day, &p->reached, &p->next, buf_cstr(&p->people),
	    buf_cstr(&p->rows), (clock_mono_us() - p->started_us) / 1000) == -1)
		return (-1);
	mine = db_int(&moved, 0, "moved") == 1;		/* else another process is at it */
	return (db_commit(&p->db) == -1 ? -1 : mine);
}

static int
day_end(struct page *p)
{
	if (sql_match_day_end(&p->db, NULL, p->day) == -1 || db_commit(&p->db) == -1)
		return (-1);
	log_info("the night's lists are made");
	return (0);
}
