/*
 * db_conn.c -- one connection, from opening to losing it.
 *
 * Invariants: libpq closes its socket by itself, so a watch is freed as
 * `closed` whenever PQsocket() says there is none; and a connection found
 * broken while a coroutine is sending is cleaned up later, on the main stack.
 */
#include "base/log.h"
#include "db/db_priv.h"
#include "platform_sql.h"

#define BACKOFF_FIRST_MS	50
#define BACKOFF_MOST_MS		1000

static void	conn_complain(const struct db_conn *, const char *);
static void	conn_ready(void *, int);
static void	conn_polled(struct db_conn *, PostgresPollingStatusType);
static void	conn_opened(struct db_conn *);
static void	conn_unwatch(struct db_conn *);
static void	conn_retry(void *);
static void	conn_broke(void *);
static void	conn_break(struct db_conn *);
static void	conn_flush(struct db_conn *);
static void	send_stmt(struct db_conn *, enum db_step_kind, struct db_job *,
		    const struct db_stmt *, bool);
static void	send_prepare(struct db_conn *, struct db_job *, uint16_t);
static const char *prepared_name(const struct db_conn *, uint16_t, char *, size_t);

void
conn_open(struct db_conn *c)
{
	if (c->prepared == NULL) {
		c->prepared = calloc(db_nentries + 1, sizeof(*c->prepared));
		timer_init(&c->timer, conn_retry, c);
		c->lost = (struct deferred){ .run = conn_broke, .arg = c };
		c->group_tail = &c->group;
		c->backoff_ms = BACKOFF_FIRST_MS;
	}
	c->state = CONN_OPENING;
	c->heard_us = loop_now_us();
	c->pg = conninfo_connect(c->lane);
	if (c->pg == NULL || PQstatus(c->pg) == CONNECTION_BAD || PQsocket(c->pg) == -1) {
		conn_lose(c, "cannot connect");
		return;
	}
	c->watch = watch_new_level(PQsocket(c->pg), conn_ready, c);
	watch_want(c->watch, WATCH_READ | WATCH_WRITE);
}

/* For good: the process stops. */
void
db_conn_close(struct db_conn *c)
{
	if (c->prepared == NULL)
		return;
	timer_stop(&c->timer);
	conn_unwatch(c);
	PQfinish(c->pg);
	c->pg = NULL;
	c->state = CONN_UNUSED;
	free(c->prepared);
	c->prepared = NULL;
}

bool
conn_idle(const struct db_conn *c)
{
	return (c->state == CONN_UP && c->owner == NULL && c->head == c->tail);
}

/* Everything this job needs, in order; the group's SYNC comes separately. */
void
db_conn_send(struct db_conn *c, struct db_job *job)
{
	if (c->head == c->tail)
		c->heard_us = loop_now_us();
	metric_observe_us(&c->lane->wait_histogram, loop_now_us() - job->queued_us);
	c->njobs++;
	c->unsynced = true;
	if (job->begin)
		send_stmt(c, STEP_SET, job, &stmt_tx_begin, false);
	if (job->scope != NULL && (c->scope == NULL || strcmp(c->scope, job->scope) != 0)) {
		send_stmt(c, STEP_SET, job, &stmt_scope_set, false);
		c->scope = job->scope;
	}
	if (job->stmt != NULL)
		send_stmt(c, STEP_RUN, job, job->stmt, !job->commit && job->also == NULL);
	if (job->also != NULL)
		send_stmt(c, STEP_ALSO, job, job->also, !job->commit);
	if (job->commit)
		send_stmt(c, STEP_COMMIT, job, &stmt_tx_commit, true);
}

/* Ends the group; PostgreSQL 15's libpq sends it off at once. */
void
conn_sync(struct db_conn *c)
{
	c->unsynced = false;
	c->scope = NULL;
	step_push(c, STEP_SYNC, NULL, 0, false);
	if (c->state != CONN_UP)
		return;
	if (PQpipelineSync(c->pg) == 0)
		conn_break(c);
	else
		conn_flush(c);
}

/* Nobody waits for it; the connection is free again when it is answered. */
void
conn_rollback(struct db_conn *c)
{
	c->owner = NULL;
	if (c->state != CONN_UP)
		return;
	if (c->head == c->tail)
		c->heard_us = loop_now_us();
	send_stmt(c, STEP_ROLLBACK, NULL, &stmt_tx_rollback, false);
	conn_sync(c);
}

/* The connection is gone: tells everybody on it, then tries again. */
void
conn_lose(struct db_conn *c, const char *why)
{
	bool	was_up = c->state == CONN_UP || c->state == CONN_BROKEN;

	if (was_up || c->backoff_ms == BACKOFF_FIRST_MS)
		conn_complain(c, why);
	conn_unwatch(c);
	PQfinish(c->pg);
	c->pg = NULL;
	c->state = CONN_WAITING;
	c->unsynced = false;
	c->scope = NULL;
	memset(c->prepared, 0, (db_nentries + 1) * sizeof(*c->prepared));
	timer_arm(&c->timer, c->backoff_ms);
	c->backoff_ms = c->backoff_ms * 2 > BACKOFF_MOST_MS ? BACKOFF_MOST_MS : c->backoff_ms * 2;
	step_lose_all(c);
	c->owner = NULL;	/* who finds out with the next statement */
	lane_conn_down(c, was_up);
	if (was_up && db_lost_hook != NULL)
		db_lost_hook();
}

/* Once, not at every attempt while the server is away. */
static void
conn_complain(const struct db_conn *c, const char *why)
{
	const char	*text = c->pg == NULL ? "" : PQerrorMessage(c->pg);

	log_warn("db: %s connection: %s: %.*s", c->lane->name, why,
	    (int)strcspn(text, "\n"), text);
}

static void
conn_ready(void *arg, int what)
{
	struct db_conn	*c = arg;
	bool		 readable;

	if (c->state == CONN_OPENING) {
		/* libpq may exchange its socket in here. */
		watch_free(&c->watch, false);
		conn_polled(c, PQconnectPoll(c->pg));
		return;
	}
	if (c->state != CONN_UP)
		return;
	if (what & WATCH_WRITE)
		conn_flush(c);
	/* What was answered counts, even if the connection ended behind it. */
	readable = PQconsumeInput(c->pg) == 1;
	if (step_read(c) == -1)
		conn_lose(c, "ended by the server");
	else if (!readable || PQstatus(c->pg) == CONNECTION_BAD)
		conn_lose(c, "lost");
	else
		lane_pump(c->lane);
}

static void
conn_polled(struct db_conn *c, PostgresPollingStatusType status)
{
	if (status == PGRES_POLLING_FAILED || PQsocket(c->pg) == -1) {
		conn_lose(c, "cannot connect");
		return;
	}
	c->watch = watch_new_level(PQsocket(c->pg), conn_ready, c);
	if (status == PGRES_POLLING_WRITING)
		watch_want(c->watch, WATCH_READ | WATCH_WRITE);
	else if (status == PGRES_POLLING_OK)
		conn_opened(c);
}

static void
conn_opened(struct db_conn *c)
{
	if (PQsetnonblocking(c->pg, 1) == -1 || PQenterPipelineMode(c->pg) == 0) {
		conn_lose(c, "no pipeline");
		return;
	}
	c->state = CONN_UP;
	c->backoff_ms = BACKOFF_FIRST_MS;
	log_debug("db: %s connection up", c->lane->name);
	lane_conn_up(c);
}

static void
conn_unwatch(struct db_conn *c)
{
	watch_free(&c->watch, c->pg == NULL || PQsocket(c->pg) == -1);
}

static void
conn_retry(void *arg)
{
	conn_open(arg);
}

static void
conn_broke(void *arg)
{
	struct db_conn	*c = arg;

	if (c->state != CONN_BROKEN)
		return;
	/* What was answered before still counts. */
	(void)PQconsumeInput(c->pg);
	(void)step_read(c);
	conn_lose(c, "cannot send");
}

/* Sending failed; the caller may be a coroutine, so losing it comes later. */
static void
conn_break(struct db_conn *c)
{
	c->state = CONN_BROKEN;
	loop_defer(&c->lost);
}

static void
conn_flush(struct db_conn *c)
{
	int	left = PQflush(c->pg);

	if (left == -1)
		conn_break(c);
	else
		watch_want(c->watch, left == 0 ? WATCH_READ : WATCH_READ | WATCH_WRITE);
}

/* A broken connection still gets its steps, so that losing it finds the job. */
static void
send_stmt(struct db_conn *c, enum db_step_kind kind, struct db_job *job,
    const struct db_stmt *stmt, bool last)
{
	uint16_t	 slot = *stmt->slot;
	char		 room[96];
	const char	*name, *scope[1];
	int		 ok;

	if (!c->prepared[slot].sent)
		send_prepare(c, job, slot);
	step_push(c, kind, job, slot, last);
	if (c->state != CONN_UP)
		return;
	name = prepared_name(c, slot, room, sizeof(room));
	if (stmt == &stmt_scope_set) {
		scope[0] = job->scope;
		ok = PQsendQueryPrepared(c->pg, name, 1, scope, NULL, NULL, 0);
	} else if (kind == STEP_RUN)
		ok = PQsendQueryPrepared(c->pg, name, stmt->nparams, job->values,
		    job->lengths, job->formats, 0);
	else if (kind == STEP_ALSO)
		ok = PQsendQueryPrepared(c->pg, name, stmt->nparams, job->also_args->value,
		    job->also_args->length, job->also_args->format, 0);
	else
		ok = PQsendQueryPrepared(c->pg, name, 0, NULL, NULL, NULL, 0);
	if (ok == 0)
		conn_break(c);
}

static void
send_prepare(struct db_conn *c, struct db_job *job, uint16_t slot)
{
	const struct db_entry	*e = &db_entries[slot];
	char			 room[96];

	step_push(c, STEP_PREPARE, job, slot, false);
	c->prepared[slot].sent = true;
	if (c->state == CONN_UP &&
	    PQsendPrepare(c->pg, prepared_name(c, slot, room, sizeof(room)), e->sql,
	    e->stmt->nparams, e->types) == 0)
		conn_break(c);
}

/* The statement's own name; with a number once that name was spoiled. */
static const char *
prepared_name(const struct db_conn *c, uint16_t slot, char *room, size_t size)
{
	const char	*name = db_entries[slot].stmt->name;

	if (c->prepared[slot].version == 0)
		return (name);
	snprintf(room, size, "%s~%u", name, c->prepared[slot].version);
	return (room);
}
