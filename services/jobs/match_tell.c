/*
 * match_tell.c -- a posting just opened reaches the people it fits, as a
 * message, within a second or two.
 *
 * Invariant: a posting is owed (jobs.match_due) until the messages about it are
 * written, in one transaction with its leaving; nobody is told twice of it, nor
 * of more postings in a day than the setting says.
 */
#include <string.h>

#include "match_svc.h"
#include "jobs_sql.h"
#include "base/log.h"
#include "conf/conf.h"

#define ONCE		20		/* postings of one run */
#define PEOPLE_MAX	(1 << 16)	/* JSON of those told of one posting */

static int	tell(struct db *, const struct db_rows *, size_t);

void
match_tell_due(void)
{
	struct db_rows	rows;
	struct arena	a;
	struct db	db;
	size_t		i;

	if (match_live() == NULL)
		return;
	arena_init(&a);
	db_init(&db, &a, DB_SYSTEM);
	if (sql_match_due_list(&db, &rows, ONCE) == 0) {
		db_rollback(&db);
		for (i = 0; i < rows.count; i++)
			if (tell(&db, &rows, i) == -1) {
				log_warn("people are told of a posting later");
				break;
			}
	}
	db_rollback(&db);
	arena_release(&a);
}

static int
tell(struct db *db, const struct db_rows *rows, size_t i)
{
	struct match_hit	*hits = arena_alloc(db->arena, MATCH_MOST * sizeof(*hits));
	struct uuid		 id = db_uuid(rows, i, "id");
	struct match_weights	 w = match_row_weights(rows, i);
	struct match_ask	 ask = { .weights = &w, .today = clock_today(), .limit = MATCH_MOST,
		.flags = MATCH_SEEKING,
		.least = (int32_t)conf_int(CONF_MATCH_TELL_SCORE) * MATCH_FULL };
	struct match_posting	 v;
	struct db_rows		 told;
	struct json_out		 out;
	struct buf		 b;
	size_t			 n, k;
	int			 rc = -1;

	match_row_posting(db->arena, rows, i, &v);
	n = match_best_people(match_live(), &v, &ask, hits);
	buf_init(&b, PEOPLE_MAX);
	json_out_init(&out, &b);
	json_open_list(&out, NULL);
	for (k = 0; k < n; k++) {
		json_open(&out, NULL);
		json_put_uuid(&out, "id", &hits[k].id);
		json_put_int(&out, "score", hits[k].score);
		json_close(&out);
	}
	json_close_list(&out);
	if (buf_ok(&b) && sql_match_tell(db, &told, &id, buf_cstr(&b),
	    conf_int(CONF_MATCH_TELL_DAY)) == 0 && db_commit(db) == 0)
		rc = 0;
	buf_release(&b);
	return (rc);
}
