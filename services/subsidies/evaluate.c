/*
 * evaluate.c -- judges the holders whose facts changed (subsidies.due).
 *
 * Invariant: taking a holder off the list and writing their decisions is
 * one transaction, under a lock that lets one evaluator work at a time; facts
 * are read after the lock and after the row was taken, so a fact committed
 * later finds its own way onto the list. What breaks off is simply still due.
 * Only what differs from the decision that stands is written.
 */
#include "subsidies.h"

#include "active.h"
#include "base/log.h"
#include "co/co.h"
#include "codes/codes.h"
#include "subsidies_sql.h"

#define ROWS_MAX	(32 << 20)	/* JSON of one chunk's decisions */
#define LOOK_MS		2
#define JOB_CHUNKS	200		/* of one run of the job: others want the loop too */

/* The decisions of one chunk that are news. */
struct news {
	struct arena	*arena;
	struct json_out	 out;
	size_t		 count;
	bool		 failed;
};

static void	watch(void *);
static bool	somebody_is_due(void);
static int	judge_holders(struct db *, const char *, const char *);
static void	note(void *, const struct judged *);
static void	write_row(struct news *, const struct judged *);
static void	write_payee(struct json_out *, const struct judged *);
static int	save(struct db *, const char *);
static int	follow(struct db *, const char *);
static int	reconsider(struct db *, const char *, const char *);

static bool	watching, woken, judging;

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
	if (sql_judge_by_index(db, NULL) == -1 ||
	    judge_holders(db, db_text(&due, 0, "people"), db_text(&due, 0, "orgs")) == -1 ||
	    db_commit(db) == -1)
		return (-1);
	return (taken);
}

static int
judge_holders(struct db *db, const char *people, const char *orgs)
{
	struct active_set	set;
	struct dossier		d;
	struct news		news = { .arena = db->arena };
	struct buf		rows;
	int			rc = -1;

	if (active_load(db, NULL, &set) == -1 ||
	    dossier_load(db, people, orgs, &set.want, &d) == -1)
		return (-1);
	set.brief = true;
	buf_init(&rows, ROWS_MAX);
	json_out_init(&news.out, &rows);
	json_open_list(&news.out, NULL);
	judge_people(&d, &set, note, &news);
	judge_orgs(&d, &set, note, &news);
	json_close_list(&news.out);
	if (!news.failed && buf_ok(&rows))
		rc = news.count == 0 ? 0 : save(db, buf_cstr(&rows));
	buf_release(&rows);
	return (rc == -1 ? -1 : reconsider(db, people, orgs));
}

/* Some transaction was committed: whoever it made due is judged at once. */
void
evaluate_wake(void)
{
	woken = true;
	if (!watching && co_start(watch, NULL) == 0)
		watching = true;
}

/* However many commit, the list is looked at once in LOOK_MS. */
static void
watch(void *arg)
{
	(void)arg;
	watching = true;
	while (woken) {
		woken = false;
		if (somebody_is_due())
			evaluate_due();
		co_sleep(LOOK_MS);
	}
	watching = false;
}

static bool
somebody_is_due(void)
{
	struct arena	arena;
	struct db_rows	rows;
	struct db	db;
	bool		any;

	arena_init(&arena);
	db_init(&db, &arena, DB_SYSTEM);
	any = sql_due_any(&db, &rows) == 0 && db_bool(&rows, 0, "any");
	db_rollback(&db);
	arena_release(&arena);
	return (any);
}

/* Until nothing is due, or for long enough. */
void
evaluate_due(void)
{
	struct arena	arena;
	struct db	db;
	int		taken = 1, total = 0, i;

	if (judging)
		return;
	judging = true;
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
	judging = false;
}

/* Who is not concerned and never was hears nothing, and nothing is kept. */
static void
note(void *arg, const struct judged *j)
{
	struct news	*news = arg;
	const char	*facts, *results;

	if (j->current == NULL && j->silent && j->claim == NULL)
		return;
	if (j->current != NULL && j->current->has_digest && j->current->digest == j->digest)
		return;
	facts = facts_text(news->arena, &j->active->ask, j->facts);
	results = policy_results(news->arena, j->active->policy, &j->weighed);
	if (facts == NULL || results == NULL) {
		log_error("a decision by %s is larger than it may be", j->active->code);
		news->failed = true;
		return;
	}
	news->count++;
	write_row(news, j);
	json_put_text(&news->out, "facts", facts);
	json_put_text(&news->out, "results", results);
	json_close(&news->out);
}

static void
write_row(struct news *news, const struct judged *j)
{
	const struct subject	*s = j->subject;
	struct json_out		*out = &news->out;
	char			 period[PERIOD_TEXT];

	period_text(j->active->ask.period, s->day, period);
	json_open(out, NULL);
	json_put_text(out, "subject_kind", kind_name(s->kind));
	json_put_text(out, "subject_id", s->id);
	json_put_text(out, "person_id", s->person_id);
	json_put_text(out, "org_id", s->org_id);
	json_put_text(out, "county_code", s->county);
	json_put_text(out, "area_code", s->area);
	json_put_text(out, "policy_version_id", j->active->id);
	json_put_text(out, "verdict", j->weighed.verdict);
	json_put_text(out, "reason", j->weighed.reason);
	if (j->has_amount)
		json_put_int(out, "amount_cents", j->amount_cents);
	json_put_int(out, "digest", j->digest);
	json_put_text(out, "period", period);
	write_payee(out, j);
	json_put_day(out, "promised_on", day_add_working(clock_today(),
	    (int)j->active->policy->promised_working_days));
}

/* Whose money it is: null is told by the referral itself. Nobody named: no claim. */
static void
write_payee(struct json_out *out, const struct judged *j)
{
	bool	person = j->active->payee == PAYEE_PERSON;

	if (j->active->payee == PAYEE_REFERRER)
		return;
	json_put_text(out, "payee_kind", person ? "person" : "org");
	json_put_text(out, "payee_id", person ? j->subject->person_id : j->subject->org_id);
}

static int
save(struct db *db, const char *rows)
{
	struct db_rows	made;
	const char	*ids;

	if (sql_decisions_close(db, NULL, rows) == -1 ||
	    sql_decisions_add(db, &made, rows) == -1)
		return (-1);
	ids = db_text(&made, 0, "ids");
	return (ids == NULL ? 0 : follow(db, ids));
}

/* Claims under way: a new amount lets go of the money and begins anew. */
static int
follow(struct db *db, const char *decisions)
{
	struct db_rows	rows;
	const char	*ids;

	if (sql_claims_repriced(db, &rows, decisions) == -1)
		return (-1);
	ids = db_text(&rows, 0, "ids");
	if (db_int(&rows, 0, "count") > 0 && sql_claims_move(db, &rows, ids,
	    "{confirmed,first_reviewed,rechecked}", "notified", "amount_changed", NULL, "available",
	    db_text(&rows, 0, "note"), true) == -1)
		return (-1);
	return (sql_claims_follow(db, &rows, decisions));
}

/* Claims already paid stay as they are; the difference is proposed. */
static int
reconsider(struct db *db, const char *people, const char *orgs)
{
	struct db_rows	rows;

	if (sql_reconsider_open(db, &rows, people, orgs) == -1)
		return (-1);
	return (db_int(&rows, 0, "paid") == 0 ? 0 : sql_reconsider_add(db, &rows, people, orgs));
}
