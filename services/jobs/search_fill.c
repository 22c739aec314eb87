/*
 * search_fill.c -- rows into the index: all open postings at start, or beside
 * the one in use a little at a time while both follow; and what is told of.
 *
 * Invariant: a row is put before anything told of later is read.
 */
#include <string.h>

#include "search_priv.h"
#include "jobs_sql.h"
#include "base/buf.h"
#include "base/log.h"
#include "co/co.h"

#define BATCH		1000
#define SLICE		32	/* postings between two looks at the clock */
#define SLICE_US	2000	/* then others have their turn */
#define SETTLE_TERMS	2000

static void	fill_end(void);
static void	put_rows(const struct db_rows *, bool gently);
static void	drop_gone(const struct uuid *, size_t, const struct db_rows *);

int
fill_begin(void)
{
	struct db_rows	rows;
	struct arena	a;
	struct db	db;
	int		rc = -1;

	arena_init(&a);
	db_init(&db, &a, DB_SYSTEM);
	if (live.index == NULL && sql_index_head(&db, &rows) == -1)
		goto out;
	if (live.index == NULL) {
		live.done = live.head = db_int(&rows, 0, "head");
		live.today = db_day(&rows, 0, "today");
		live.nids = 0;
	}
	live.fresh = index_new();
	live.worn = false;
	live.after_us = INT64_C(-1000000000000000);
	memset(&live.after_id, 0, sizeof(live.after_id));
	live.began_us = clock_mono_us();
	rc = 0;
out:
	db_rollback(&db);
	arena_release(&a);
	return (rc);
}

int
fill_more(void)
{
	bool		gently = live.index != NULL;
	struct db_rows	rows;
	struct arena	a;
	struct db	db;
	int		rc;

	arena_init(&a);
	db_init(&db, &a, DB_SYSTEM);
	rc = sql_index_batch(&db, &rows, live.after_us, &live.after_id, BATCH);
	db_rollback(&db);
	if (rc == 0 && rows.count > 0) {
		live.after_us = db_int(&rows, rows.count - 1, "posted_us");
		live.after_id = db_uuid(&rows, rows.count - 1, "id");
		put_rows(&rows, gently);
	}
	if (rc == 0 && rows.count < BATCH)
		fill_end();
	arena_release(&a);
	return (rc);
}

static void
fill_end(void)
{
	struct index	*old = live.index;

	while (!index_settle(live.fresh, SETTLE_TERMS))
		if (old != NULL)
			co_sleep(1);
	live.bytes = (int64_t)index_bytes(live.fresh);
	live.bytes_of = (int64_t)index_count(live.fresh);
	live.index = live.fresh;
	live.fresh = NULL;
	index_free(&old);
	live.fills++;
	log_info("index: %lld postings in %lld ms, %lld bytes", (long long)live.bytes_of,
	    (long long)((clock_mono_us() - live.began_us) / 1000), (long long)live.bytes);
}

/*
 * Into both, where there are two. Gently: others have their turn in between,
 * so what is told of meanwhile is read after this, never before.
 */
static void
put_rows(const struct db_rows *rows, bool gently)
{
	struct index_mark	marks[INDEX_MARKS];
	struct index_posting	p;
	struct arena		a;
	int64_t			since_us = clock_mono_us();
	size_t			i;

	arena_init(&a);
	for (i = 0; i < rows->count; i++, arena_clear(&a)) {
		search_doc(&a, rows, i, &p, marks);
		if (live.fresh != NULL)
			index_put(live.fresh, &p);
		if (live.index != NULL && !gently)
			index_put(live.index, &p);
		if (!gently || i % SLICE != 0 || clock_mono_us() - since_us < SLICE_US)
			continue;
		co_sleep(1);
		since_us = clock_mono_us();
	}
	arena_release(&a);
}

int
search_refresh(const struct uuid *ids, size_t n)
{
	char		 text[UUID_TEXT];
	struct db_rows	 rows;
	struct arena	 a;
	struct db	 db;
	struct buf	 list;
	size_t		 i;
	int		 rc = -1;

	arena_init(&a);
	db_init(&db, &a, DB_SYSTEM);
	buf_init(&list, n * (UUID_TEXT + 1) + 3);
	buf_addc(&list, '{');
	for (i = 0; i < n; i++)
		buf_addf(&list, "%s%s", i > 0 ? "," : "", uuid_format(&ids[i], text));
	buf_addc(&list, '}');
	if (sql_index_read(&db, &rows, buf_cstr(&list)) == 0) {
		drop_gone(ids, n, &rows);
		put_rows(&rows, false);
		rc = 0;
	}
	buf_release(&list);
	db_rollback(&db);
	arena_release(&a);
	return (rc);
}

/* What the database does not answer is not open any more. */
static void
drop_gone(const struct uuid *ids, size_t n, const struct db_rows *rows)
{
	struct uuid	open;
	size_t		i, k;

	for (i = 0; i < n; i++) {
		for (k = 0; k < rows->count; k++) {
			open = db_uuid(rows, k, "id");
			if (uuid_equal(&open, &ids[i]))
				break;
		}
		if (k < rows->count)
			continue;
		if (live.index != NULL)
			index_drop(live.index, &ids[i]);
		if (live.fresh != NULL)
			index_drop(live.fresh, &ids[i]);
	}
}
