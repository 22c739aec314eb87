/*
 * evaluate.c -- judges the holders whose facts changed (subsidies.due).
 *
 * Invariant: taking a holder off the list and writing their decisions is
 * one transaction, under a lock that lets one evaluator work at a time; facts
 * are read after the lock and after the row was taken, so a fact committed
 * later finds its own way onto the list. What breaks off is simply still due.
 */
#include "subsidies.h"

#include "base/log.h"
#include "codes/codes.h"
#include "policy.h"
#include "subsidies_sql.h"

#define ROWS_MAX	(16 << 20)	/* JSON of one chunk's decisions */
#define JOB_CHUNKS	200		/* of one run of the job: others want the loop too */

static int	judge_holders(struct db *, const char *);
static int	judge_rows(struct db *, const struct db_rows *, struct buf *);
static int	judge_row(struct db *, const struct db_rows *, size_t, struct json_out *);
static void	write_row(struct json_out *, const struct db_rows *, size_t,
		    const struct policy *, const struct judgement *);
static int	save(struct db *, const char *);

int
evaluate_chunk(struct db *db, const char *counties)
{
	struct db_rows	due;
	int		taken;

	if (sql_judge_lock(db, NULL) == -1 || sql_due_take(db, &due, counties, JUDGE_CHUNK) == -1)
		return (-1);
	if ((taken = (int)db_int(&due, 0, "taken")) == 0) {
		db_rollback(db);
		return (0);
	}
	if (judge_holders(db, db_text(&due, 0, "ids")) == -1 || db_commit(db) == -1)
		return (-1);
	return (taken);
}

/* Everybody's first, then everybody's second: a later one sees the claim of the earlier. */
static int
judge_holders(struct db *db, const char *ids)
{
	struct db_rows	facts;
	struct buf	rows;
	int64_t		nth;
	int		rc = 0;

	for (nth = 0; rc == 0; nth++) {
		if (sql_facts_read(db, &facts, ids, nth) == -1)
			return (-1);
		if (facts.count == 0)
			return (0);
		buf_init(&rows, ROWS_MAX);
		if (judge_rows(db, &facts, &rows) == -1 || save(db, buf_cstr(&rows)) == -1)
			rc = -1;
		buf_release(&rows);
	}
	return (rc);
}

/* Until nothing is due, or for long enough. */
void
evaluate_due(void)
{
	struct arena	arena;
	struct db	db;
	int		taken = 1, total = 0, i;

	arena_init(&arena);
	for (i = 0; i < JOB_CHUNKS && taken > 0; i++) {
		db_init(&db, &arena, DB_SYSTEM);
		if ((taken = evaluate_chunk(&db, NULL)) > 0)
			total += taken;
		db_rollback(&db);
		arena_clear(&arena);
	}
	if (taken == -1)
		log_warn("judging stopped after %d holders; it goes on later", total);
	else if (total > 0)
		log_info("judged %d holders", total);
	arena_release(&arena);
}

static int
judge_rows(struct db *db, const struct db_rows *facts, struct buf *buf)
{
	struct json_out	out;
	size_t		i;

	json_out_init(&out, buf);
	json_open_list(&out, NULL);
	for (i = 0; i < facts->count; i++) {
		if (judge_row(db, facts, i, &out) == -1)
			return (-1);
	}
	json_close_list(&out);
	return (buf_ok(buf) ? 0 : -1);
}

static int
judge_row(struct db *db, const struct db_rows *facts, size_t i, struct json_out *out)
{
	struct uuid		 id = db_uuid(facts, i, "policy_version_id");
	struct judgement	*j = arena_alloc(db->arena, sizeof(*j));
	const struct policy	*p;

	if (policy_load(db, &id, &p) == -1)
		return (-1);
	if (p == NULL || !policy_judge(db->arena, p, db_text(facts, i, "facts"), j)) {
		log_error("an employment could not be judged: %s",
		    p == NULL ? "its policy is not sound" : "its facts are malformed");
		return (p == NULL ? -1 : 0);
	}
	write_row(out, facts, i, p, j);
	return (0);
}

static void
write_row(struct json_out *out, const struct db_rows *facts, size_t i, const struct policy *p,
    const struct judgement *j)
{
	json_open(out, NULL);
	json_put_text(out, "subject_id", db_text(facts, i, "subject_id"));
	json_put_text(out, "policy_version_id", db_text(facts, i, "policy_version_id"));
	json_put_text(out, "facts", db_text(facts, i, "facts"));
	json_put_text(out, "results", j->results);
	json_put_text(out, "verdict", j->verdict);
	json_put_text(out, "reason", j->reason);
	if (j->has_amount)
		json_put_int(out, "amount_cents", j->amount_cents);
	json_put_day(out, "promised_on",
	    day_add_working(clock_today(), (int)p->promised_working_days));
	json_close(out);
}

static int
save(struct db *db, const char *rows)
{
	struct db_rows	made, moved;
	const char	*ids;

	if (sql_decisions_close(db, NULL, rows) == -1 ||
	    sql_decisions_add(db, &made, rows) == -1)
		return (-1);
	if ((ids = db_text(&made, 0, "ids")) == NULL)
		return (0);
	return (sql_claims_follow(db, &moved, ids));
}
