/*
 * db_step.c -- answers. libpq hands out results in the order of the steps
 * sent; a job is settled when the SYNC behind it is answered, because only
 * then is its transaction certain.
 *
 * A statement that fails takes the rest of its group with it: the victims are
 * sent again, each under a SYNC of its own, so nobody pays for a neighbour
 * more than once.
 */
#include "base/log.h"
#include "db/db_priv.h"

static int	step_answer(struct db_conn *, struct db_step *, PGresult *);
static void	step_ok(struct db_step *, PGresult *);
static int	step_failed(struct db_conn *, struct db_step *, const PGresult *);
static void	step_end(struct db_conn *, const struct db_step *);
static void	forget_prepared(struct db_conn *, uint16_t);
static void	group_end(struct db_conn *);
static void	job_settle(struct db_conn *, struct db_job *);
static void	job_succeeded(struct db_conn *, struct db_job *);
static void	job_failed(struct db_conn *, struct db_job *);
static void	job_again(struct db_conn *, struct db_job *);
static void	job_lost(struct db_conn *, struct db_job *);
static void	record(struct db_job *, enum db_error, const PGresult *);
static bool	session_ends(const char *);

void
step_push(struct db_conn *c, enum db_step_kind kind, struct db_job *job, uint16_t slot, bool last)
{
	if (c->tail - c->head == DB_RING)
		log_die("db: more than %d steps under way", DB_RING);
	c->ring[c->tail++ % DB_RING] = (struct db_step){
		.kind = kind, .job = job, .slot = slot, .last = last
	};
}

int
step_read(struct db_conn *c)
{
	struct db_step	*s;
	PGresult	*r;
	int		 strays = 0;

	while (c->head != c->tail) {
		if (PQisBusy(c->pg))
			return (0);
		s = &c->ring[c->head % DB_RING];
		if ((r = PQgetResult(c->pg)) != NULL) {
			c->heard_us = loop_now_us();
			if (step_answer(c, s, r) == -1)
				return (-1);
		} else if (s->answered && s->kind != STEP_SYNC)
			step_end(c, s);
		else if (++strays > 2)
			return (-1);	/* libpq knows nothing of this step */
	}
	(void)PQisBusy(c->pg);		/* takes in notices */
	return (0);
}

void
step_lose_all(struct db_conn *c)
{
	struct db_job	*jobs[DB_RING], *job;
	size_t		 n = 0;

	for (job = c->group; job != NULL; job = job->next)
		jobs[n++] = job;
	for (; c->head != c->tail; c->head++)
		if (c->ring[c->head % DB_RING].last)
			jobs[n++] = c->ring[c->head % DB_RING].job;
	c->group = NULL;
	c->group_tail = &c->group;
	c->njobs = 0;
	/* The last goes to the front of the queue first. */
	while (n > 0)
		job_lost(c, jobs[--n]);
}

void
job_done(struct db_job *job, enum db_error error)
{
	job->db->error = error;
	if (error != DB_OK) {
		PQclear(job->result);
		job->result = NULL;
	}
	job->done = true;
	co_wake(job->co);
}

static int
step_answer(struct db_conn *c, struct db_step *s, PGresult *r)
{
	int	rc = 0;

	switch (PQresultStatus(r)) {
	case PGRES_PIPELINE_SYNC:
		PQclear(r);
		if (s->kind != STEP_SYNC)
			return (-1);
		c->head++;
		group_end(c);
		return (0);
	case PGRES_PIPELINE_ABORTED:
		if (s->kind == STEP_PREPARE)
			forget_prepared(c, s->slot);
		if (s->job != NULL)
			s->job->victim = true;
		break;
	case PGRES_COMMAND_OK:
	case PGRES_TUPLES_OK:
	case PGRES_EMPTY_QUERY:
		step_ok(s, r);
		s->answered = true;
		return (0);
	default:
		rc = step_failed(c, s, r);
		break;
	}
	s->answered = true;
	PQclear(r);
	return (rc);
}

/* Takes the result. */
static void
step_ok(struct db_step *s, PGresult *r)
{
	if (s->kind == STEP_RUN) {
		s->job->result = r;
		s->job->answered = true;
		return;
	}
	/* The COMMIT of a failed transaction "succeeds" as ROLLBACK. */
	if (s->kind == STEP_COMMIT && strcmp(PQcmdStatus(r), "COMMIT") != 0)
		record(s->job, DB_BUG, r);
	PQclear(r);
}

static int
step_failed(struct db_conn *c, struct db_step *s, const PGresult *r)
{
	const char	*state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
	/* A failure at SYNC (a deferred constraint) is that of the group's job. */
	struct db_job	*job = s->kind == STEP_SYNC ? c->group : s->job;

	if (state == NULL || job == NULL)
		return (-1);
	if (session_ends(state)) {
		job->refused = s->kind != STEP_SYNC && s->kind != STEP_COMMIT;
		return (-1);
	}
	if (s->kind == STEP_PREPARE)
		forget_prepared(c, s->slot);
	job->ended = s->kind == STEP_COMMIT;
	if (strcmp(state, "26000") == 0 || strcmp(state, "0A000") == 0) {
		forget_prepared(c, s->slot);
		job->stale = true;
	}
	record(job, db_error_of(state), r);
	return (0);
}

static void
step_end(struct db_conn *c, const struct db_step *s)
{
	c->head++;
	if (!s->last)
		return;
	s->job->next = NULL;
	*c->group_tail = s->job;
	c->group_tail = &s->job->next;
}

/* The next use prepares it anew, under a name never used here. */
static void
forget_prepared(struct db_conn *c, uint16_t slot)
{
	c->prepared[slot].sent = false;
	c->prepared[slot].version++;
}

static void
group_end(struct db_conn *c)
{
	struct db_job	*job, *next, *again[DB_PIPE_MAX];
	size_t		 n = 0;

	job = c->group;
	c->group = NULL;
	c->group_tail = &c->group;
	for (; job != NULL; job = next) {
		next = job->next;
		c->njobs--;
		if ((job->db->error == DB_OK && job->victim) || job->stale)
			again[n++] = job;
		else
			job_settle(c, job);
	}
	while (n > 0)
		job_again(c, again[--n]);
}

static void
job_settle(struct db_conn *c, struct db_job *job)
{
	if (!c->lane->shared && job->db->error == DB_OK)
		job_succeeded(c, job);
	else if (!c->lane->shared)
		job_failed(c, job);
	job_done(job, job->db->error);
}

/* On an exclusive connection: kept while the transaction is open. */
static void
job_succeeded(struct db_conn *c, struct db_job *job)
{
	struct db	*db = job->db;

	if (job->stmt != NULL && job->stmt->emits)
		db->emitted = true;
	if (!job->commit && !job->implicit) {
		if (job->begin)
			c->lease++;
		c->owner = db;
		db->conn = c;
		db->lease = c->lease;
		return;
	}
	c->owner = NULL;
	db->conn = NULL;
	db->committed = true;
	if (db->emitted)
		db_emitted();
	db->emitted = false;
	if (db_commit_hook != NULL)
		db_commit_hook();
}

static void
job_failed(struct db_conn *c, struct db_job *job)
{
	c->owner = NULL;
	job->db->conn = NULL;
	job->db->emitted = false;
	if (!job->implicit && !job->ended)
		conn_rollback(c);
}

/* A victim or one whose prepared form is gone: once more, if nothing is lost by it. */
static void
job_again(struct db_conn *c, struct db_job *job)
{
	bool	first = c->lane->shared || job->begin || job->implicit;

	if (job->alone || !first) {
		if (job->db->error == DB_OK)
			job->db->error = DB_CONFLICT;
		job_settle(c, job);
		return;
	}
	if (job->begin)
		conn_rollback(c);
	job->alone = true;
	lane_again(c->lane, job);
}

/* The connection died under it. What had no effect for certain is sent again. */
static void
job_lost(struct db_conn *c, struct db_job *job)
{
	bool	harmless = c->lane->shared || job->refused || job->begin ||
		    (job->stmt != NULL && job->stmt->read);
	bool	first = c->lane->shared || job->begin || job->implicit;

	job->db->conn = NULL;
	job->db->emitted = false;
	if (job->db->error != DB_OK && !job->stale)
		job_done(job, job->db->error);
	else if (c->lane->shared && job->answered)
		job_done(job, DB_OK);
	else if (harmless && first && !job->again) {
		job->again = true;
		lane_again(c->lane, job);
	} else if ((job->commit || job->implicit) && !job->refused)
		job_done(job, DB_UNKNOWN);
	else
		job_done(job, DB_DOWN);
}

/* The job's own failure, for the caller; a mistake of ours also for the log. */
static void
record(struct db_job *job, enum db_error error, const PGresult *r)
{
	struct db	*db = job->db;
	const char	*state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
	const char	*text = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
	const char	*constraint = PQresultErrorField(r, PG_DIAG_CONSTRAINT_NAME);
	const char	*name = job->stmt == NULL ? "commit" : job->stmt->name;

	db->error = error;
	snprintf(db->sqlstate, sizeof(db->sqlstate), "%s", state == NULL ? "" : state);
	if (constraint != NULL)
		db->constraint = arena_strdup(db->arena, constraint);
	if (error == DB_RAISED && text != NULL)
		db->detail = arena_strdup(db->arena, text);
	if (error != DB_BUG && error != DB_DENIED)
		return;
	/* Messages about data may quote it: only those about code are logged. */
	if (strncmp(db->sqlstate, "42", 2) != 0 && strncmp(db->sqlstate, "XX", 2) != 0)
		text = PQresultErrorField(r, PG_DIAG_COLUMN_NAME);
	log_error("db: %s: SQLSTATE %s: %s", name, db->sqlstate, text == NULL ? "" : text);
}

/* The server answers by ending the session: nothing it did not finish counts. */
static bool
session_ends(const char *state)
{
	return (strncmp(state, "57P", 3) == 0 || strncmp(state, "08", 2) == 0 ||
	    strcmp(state, "25P03") == 0 || strcmp(state, "25006") == 0);
}
