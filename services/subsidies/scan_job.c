/*
 * scan_job.c -- works scans off, one after the other, from wherever they are.
 *
 * Invariant: how far a scan came and what it counted are one transaction with
 * putting on the list whoever would be decided otherwise. A scan decides
 * nothing: after a kill it goes on behind the last part that was committed.
 */
#include "subsidies.h"

#include "active.h"
#include "base/log.h"
#include "co/co.h"
#include "scan_stream.h"
#include "subsidies_sql.h"

#define IDS_MAX		(16 << 20)

struct counts {
	int64_t	subjects, verdict[3], unconcerned, candidates, cents;
};

struct job {
	struct arena		 arena;		/* of the whole scan */
	struct db		 db;
	struct uuid		 id, position;
	bool			 begun;		/* position is set */
	const char		*code, *counties, *state;
	struct active_set	 set;
	struct counts		 counts;	/* of the part being judged */
	struct buf		 people, orgs;	/* who would be decided otherwise: uuid[] literals */
	const char		*last_added;
	int64_t			 since_us;
	bool			 stopped;
};

static void	scan_work_co(void *);
static int	work_one(void);
static int	next_scan(struct job *);
static int	stream(struct job *);
static int	judge_rest(struct job *);
static void	look(void *, const struct judged *);
static void	would_change(struct job *, const struct subject *);
static bool	part_done(void *, const struct scan_part *);
static bool	listed(const char *, const char *);
static void	part_clear(struct job *);

static bool	working, again;

/* From a request or the timer; one works at a time in a process. */
void
scan_kick(void)
{
	again = true;
	if (!working && co_start(scan_work_co, NULL) == -1)
		log_warn("a scan waits: too many coroutines");
}

void
scan_work(void)
{
	if (working)
		return;
	working = true;
	do {
		again = false;
		while (work_one() == 1)
			continue;
	} while (again);
	working = false;
}

static void
scan_work_co(void *arg)
{
	(void)arg;
	scan_work();
}

/* 1: something was done; 0: nothing to do; -1: later. */
static int
work_one(void)
{
	struct job	*j = calloc(1, sizeof(*j));
	int		 rc;

	if (j == NULL)
		return (-1);
	arena_init(&j->arena);
	db_init(&j->db, &j->arena, DB_SYSTEM);
	buf_init(&j->people, IDS_MAX);
	buf_init(&j->orgs, IDS_MAX);
	if ((rc = next_scan(j)) == 1) {
		if (strcmp(j->state, "judging") != 0)
			rc = stream(j);
		if (rc != -1 && !j->stopped)
			rc = judge_rest(j);
	}
	db_rollback(&j->db);
	buf_release(&j->people);
	buf_release(&j->orgs);
	arena_release(&j->arena);
	free(j);
	return (rc);
}

static int
next_scan(struct job *j)
{
	struct db_rows	rows;

	if (sql_scan_next(&j->db, &rows) == -1)
		return (-1);
	if (rows.count == 0)
		return (0);
	j->id = db_uuid(&rows, 0, "id");
	j->code = db_text(&rows, 0, "policy_code");
	j->counties = db_text(&rows, 0, "counties");
	j->state = db_text(&rows, 0, "state");
	if ((j->begun = !db_null(&rows, 0, "position")))
		j->position = db_uuid(&rows, 0, "position");
	if (sql_scan_begin(&j->db, NULL, &j->id) == -1 || db_commit(&j->db) == -1)
		return (-1);
	return (1);
}

static int
stream(struct job *j)
{
	struct scan_stream	ask = { .set = &j->set, .after = j->position, .sink = look,
				    .part_done = part_done, .arg = j };

	if (active_load(&j->db, j->code, &j->set) == -1)
		return (-1);
	j->set.brief = true;
	db_rollback(&j->db);
	part_clear(j);
	if (scan_stream(&ask) == -1)
		return (-1);
	if (j->stopped)
		return (1);
	if (sql_scan_judging(&j->db, NULL, &j->id) == -1 || db_commit(&j->db) == -1)
		return (-1);
	return (1);
}

static void
part_clear(struct job *j)
{
	buf_clear(&j->people);
	buf_clear(&j->orgs);
	j->last_added = NULL;
	j->counts = (struct counts){ .subjects = 0 };
	j->since_us = clock_mono_us();
}

/* On a thread: only counts. */
static void
look(void *arg, const struct judged *seen)
{
	struct job	*j = arg;
	bool		 same = seen->current != NULL && seen->current->has_digest &&
			    seen->current->digest == seen->digest;

	if (j->counties != NULL && !listed(j->counties, seen->subject->county))
		return;
	j->counts.subjects++;
	if (seen->silent)
		j->counts.unconcerned++;
	else
		j->counts.verdict[seen->verdict]++;
	if (same || (seen->silent && seen->current == NULL))
		return;
	if (seen->verdict == RULE_ELIGIBLE && seen->claim == NULL && seen->active->by_engine) {
		j->counts.candidates++;
		j->counts.cents += seen->has_amount ? seen->amount_cents : 0;
	}
	would_change(j, seen->subject);
}

static void
would_change(struct job *j, const struct subject *s)
{
	struct buf	*ids = s->person != NULL ? &j->people : &j->orgs;
	const char	*id = s->person != NULL ? s->person->id : s->org->id;

	if (id == j->last_added)
		return;
	j->last_added = id;
	buf_addc(ids, ids->len == 0 ? '{' : ',');
	buf_adds(ids, id);
}

static bool
listed(const char *list, const char *code)
{
	const char	*at = strstr(list, code);

	return (at != NULL);
}

static bool
part_done(void *arg, const struct scan_part *part)
{
	struct job	*j = arg;
	struct db_rows	 rows;
	struct uuid	 last = part->last;
	int64_t		 ms = (clock_mono_us() - j->since_us) / 1000;

	if (uuid_is_nil(&last))
		last.b[15] = 1;		/* behind the employers, before everybody */
	buf_adds(&j->people, j->people.len == 0 ? "{}" : "}");
	buf_adds(&j->orgs, j->orgs.len == 0 ? "{}" : "}");
	j->stopped = !buf_ok(&j->people) || !buf_ok(&j->orgs) ||
	    sql_scan_progress(&j->db, &rows, &j->id, j->begun ? &j->position : NULL, &last,
	    part->people, j->counts.subjects, j->counts.verdict[RULE_ELIGIBLE],
	    j->counts.verdict[RULE_REFUSED], j->counts.verdict[RULE_WAITING], j->counts.unconcerned,
	    j->counts.candidates, j->counts.cents, buf_cstr(&j->people), buf_cstr(&j->orgs), ms) == -1 ||
	    rows.count == 0 || db_commit(&j->db) == -1;
	db_rollback(&j->db);
	j->position = last;
	j->begun = true;
	part_clear(j);
	return (!j->stopped);
}

/* What it found to be due is judged before the scan is over. */
static int
judge_rest(struct job *j)
{
	struct db_rows	rows;
	struct arena	arena;
	struct db	db;
	int64_t		since;
	int		taken = 1;

	arena_init(&arena);
	while (taken > 0 && !j->stopped) {
		since = clock_mono_us();
		db_init(&db, &arena, DB_SYSTEM);
		taken = evaluate_chunk(&db, NULL);
		db_rollback(&db);
		arena_clear(&arena);
		if (taken == -1)
			break;
		if (sql_scan_judged(&j->db, &rows, &j->id, taken, (clock_mono_us() - since) / 1000,
		    taken == 0) == -1 || db_commit(&j->db) == -1)
			taken = -1;
		else
			j->stopped = rows.count == 0;
	}
	arena_release(&arena);
	return (taken == -1 ? -1 : 1);
}
