/*
 * events_apply.c -- events become effects.
 *
 * Invariant: the effect of an event and the position behind it are one
 * transaction, and that transaction begins by moving the position from the
 * value this process knows. Two processes of a service, a repeated text or a
 * retry after an unknown outcome therefore cannot apply an event twice.
 */
#include "base/clock.h"
#include "base/log.h"
#include "events/events_priv.h"
#include "platform_sql.h"

#define TIMEOUTS_MAX	10	/* in a row, then the event itself is to blame */

enum result {
	APPLIED,
	MOVED,		/* the position is not where we left it: load it again */
	LATER,		/* the database is not able now */
	POISON		/* the content of an event */
};

static enum result	apply_many(struct ev_source *, struct arena *, const struct event *,
			    size_t, int64_t);
static enum result	apply_next(struct ev_source *, struct db *, const struct event *, size_t, size_t *);
static enum result	apply_each(struct ev_source *, struct db *, const struct event *);
static enum result	outcome(struct ev_source *, const struct db *, int);
static int		apply_run(struct ev_source *, struct db *, const struct event *, size_t);
static const struct db_stmt *many_of(const struct ev_source *, const struct event *);
static enum result	park(struct ev_source *, struct arena *, const struct event *, const char *);
static enum result	park_row(struct db *, const struct event *, const char *);
static const char	*trace_id(struct arena *, const struct event *);
static enum result	begin(struct ev_source *, struct db *, int64_t);
static enum result	commit(struct ev_source *, struct db *, int64_t);
static enum result	judged(struct ev_source *, const struct db *);
static int		one_by_one(struct ev_source *, struct arena *, const struct ev_batch *);
static int		settled(struct ev_source *, enum result);
static bool		queues_behind(struct ev_source *, struct db *, const struct event *, enum result *);
static void		count_applied(struct ev_source *, const struct event *, size_t);

int
ev_load(struct ev_source *s, struct arena *a)
{
	struct db_rows	position, keys;
	struct db	db;
	int64_t		seq;
	size_t		i;

	db_init(&db, a, DB_SYSTEM);
	if (sql_cursor_open(&db, &position, s->name) == -1 ||
	    sql_parked_keys(&db, &keys, s->name) == -1 || db_commit(&db) == -1)
		return (-1);
	ev_parked_clear(&s->parked);
	for (i = 0; i < keys.count; i++)
		ev_parked_add(&s->parked, db_text(&keys, i, "key"));
	seq = db_int(&position, 0, "seq");
	ev_source_moved(s, seq, seq);
	s->loaded = true;
	return (0);
}

int
ev_apply(struct ev_source *s, struct arena *a, const struct ev_batch *b)
{
	enum result	r;

	if (b->count == 0) {
		ev_source_moved(s, b->upto, s->saved);
		return (0);
	}
	r = apply_many(s, a, b->list, b->count, b->upto);
	if (r == POISON)
		return (one_by_one(s, a, b));
	return (settled(s, r));
}

int
ev_save(struct ev_source *s, struct arena *a)
{
	return (settled(s, apply_many(s, a, NULL, 0, ev_source_last(s))));
}

/* 0: go on. A position that was lost is read again before anything else. */
static int
settled(struct ev_source *s, enum result r)
{
	if (r == MOVED)
		s->loaded = false;
	return (r == LATER ? -1 : 0);
}

static int
one_by_one(struct ev_source *s, struct arena *a, const struct ev_batch *b)
{
	const struct event	*ev;
	enum result		 r;
	size_t			 i;

	for (i = 0; i < b->count; i++) {
		ev = &b->list[i];
		r = apply_many(s, a, ev, 1, ev->seq);
		if (r == POISON)
			r = park(s, a, ev, s->reason);
		if (r != APPLIED)
			return (settled(s, r));
	}
	ev_source_moved(s, b->upto, s->saved);
	return (0);
}

static enum result
apply_many(struct ev_source *s, struct arena *a, const struct event *list, size_t n,
    int64_t upto)
{
	struct db	db;
	enum result	r;
	size_t		i, took = 1;

	db_init(&db, a, DB_SYSTEM);
	if (n == 1)
		db.scope.trace = trace_id(a, list);
	if ((r = begin(s, &db, upto)) != APPLIED)
		goto out;
	for (i = 0; i < n; i += took)
		if ((r = apply_next(s, &db, &list[i], n - i, &took)) != APPLIED)
			goto out;
	if ((r = commit(s, &db, upto)) == APPLIED)
		count_applied(s, list, n);
out:
	db_rollback(&db);
	return (r);
}

/* Events written by the handler belong to the same trace. */
static const char *
trace_id(struct arena *a, const struct event *ev)
{
	return (ev->trace != NULL && strlen(ev->trace) == 55 ?
	    arena_strndup(a, ev->trace + 3, 32) : NULL);
}

static enum result
begin(struct ev_source *s, struct db *db, int64_t upto)
{
	struct db_rows	rows;

	if (sql_cursor_move(db, &rows, s->name, s->saved, upto) == -1)
		return (LATER);
	return (rows.count == 1 ? APPLIED : MOVED);
}

/* An unknown outcome is settled by reading the position. */
static enum result
commit(struct ev_source *s, struct db *db, int64_t upto)
{
	if (db_commit(db) == -1)
		return (db->error == DB_UNKNOWN ? MOVED : LATER);
	ev_source_moved(s, upto, upto);
	s->timeouts = 0;
	return (APPLIED);
}

/* One event, or the neighbours that one statement takes together; `took`: how many. */
static enum result
apply_next(struct ev_source *s, struct db *db, const struct event *ev, size_t n, size_t *took)
{
	const struct db_stmt	*many = many_of(s, ev);
	enum result		 r = APPLIED;

	*took = 1;
	if (queues_behind(s, db, ev, &r)) {
		metric_add(&s->parked_total, 1);
		return (park_row(db, ev, "an earlier event of this key is parked"));
	}
	if (r != APPLIED || many == NULL)
		return (r != APPLIED ? r : apply_each(s, db, ev));
	while (*took < n && many_of(s, &ev[*took]) == many && !ev_parked_has(&s->parked, ev[*took].key))
		(*took)++;
	return (outcome(s, db, apply_run(s, db, ev, *took)));
}

static const struct db_stmt *
many_of(const struct ev_source *s, const struct event *ev)
{
	const struct consumer	*c = s->wanted[ev_type(ev->type)];

	return (c != NULL ? c->many : NULL);
}

static int
apply_run(struct ev_source *s, struct db *db, const struct event *ev, size_t n)
{
	struct db_args	args;
	struct buf	text;
	size_t		i;
	int		rc = -1;

	buf_init(&text, 2 * EV_TEXT_MAX * n);
	for (i = 0; i < n; i++) {
		buf_add(&text, i == 0 ? "[" : ",", 1);
		ev_encode(&text, &ev[i]);
	}
	buf_add(&text, "]", 1);
	db_args_init(&args, db->arena);
	db_args_text(&args, s->name);
	if (buf_ok(&text)) {
		db_args_text(&args, buf_cstr(&text));
		rc = db_run_args(db, many_of(s, ev), NULL, &args);
	}
	buf_release(&text);
	/* a member that is no day, no number or no id never will be one */
	if (rc == -1 && strncmp(db->sqlstate, "22", 2) == 0) {
		db->detail = arena_printf(db->arena, "SQLSTATE %s", db->sqlstate);
		rc = EVENT_POISON;
	}
	return (rc);
}

static enum result
apply_each(struct ev_source *s, struct db *db, const struct event *ev)
{
	return (outcome(s, db, ev_apply_one(s, db, ev)));
}

static enum result
outcome(struct ev_source *s, const struct db *db, int rc)
{
	if (rc == 0)
		return (APPLIED);
	if (rc == EVENT_POISON) {
		(void)snprintf(s->reason, sizeof(s->reason), "refused: %s",
		    db->detail != NULL ? db->detail : "its handler says no more");
		return (POISON);
	}
	return (judged(s, db));
}

int
ev_apply_one(struct ev_source *s, struct db *db, const struct event *ev)
{
	enum event_type		 type = ev_type(ev->type);
	const struct consumer	*c = s->wanted[type];
	int			 rc = 0;

	if (c == NULL)
		return (EVENT_POISON);
	if (c->many != NULL)
		return (apply_run(s, db, ev, 1));
	for (; rc == 0 && c->type != EV_NONE; c++)
		if (c->type == type)
			rc = c->apply != NULL ? c->apply(db, ev) : event_apply(db, c->stmt, ev);
	return (rc);
}

/* The set in memory only says where to look: the rows decide. */
static bool
queues_behind(struct ev_source *s, struct db *db, const struct event *ev, enum result *r)
{
	struct db_rows	rows;

	if (!ev_parked_has(&s->parked, ev->key))
		return (false);
	if (sql_parked_before(db, &rows, s->name, ev->key, ev->seq) == -1) {
		*r = LATER;
		return (false);
	}
	if (db_bool(&rows, 0, "found"))
		return (true);
	ev_parked_drop(&s->parked, ev->key);
	return (false);
}

/* Whose fault it was: the database's for now, or the event's for ever. */
static enum result
judged(struct ev_source *s, const struct db *db)
{
	switch (db->error) {
	case DB_BUSY:
	case DB_DOWN:
	case DB_UNKNOWN:
	case DB_CONFLICT:
		return (LATER);
	case DB_TIMEOUT:
		if (++s->timeouts < TIMEOUTS_MAX)
			return (LATER);
		break;
	default:
		break;
	}
	(void)snprintf(s->reason, sizeof(s->reason), "database error %s%s%s%s%s", db->sqlstate,
	    db->constraint != NULL ? ", " : "", db->constraint != NULL ? db->constraint : "",
	    db->detail != NULL ? ", " : "", db->detail != NULL ? db->detail : "");
	return (POISON);
}

static enum result
park(struct ev_source *s, struct arena *a, const struct event *ev, const char *why)
{
	struct db	db;
	enum result	r;

	db_init(&db, a, DB_SYSTEM);
	if ((r = begin(s, &db, ev->seq)) == APPLIED &&
	    (r = park_row(&db, ev, why)) == APPLIED)
		r = commit(s, &db, ev->seq);
	db_rollback(&db);
	if (r == APPLIED) {
		ev_parked_add(&s->parked, ev->key);
		metric_add(&s->parked_total, 1);
		log_error("events: parked %s %lld (%s, key %s): %s", s->name,
		    (long long)ev->seq, ev->type, ev->key, why);
	}
	return (r);
}

static enum result
park_row(struct db *db, const struct event *ev, const char *why)
{
	struct buf	text;
	int		rc;

	buf_init(&text, 2 * EV_TEXT_MAX);
	ev_encode(&text, ev);
	rc = buf_ok(&text) ? sql_parked_put(db, NULL, ev->source, ev->seq, ev->type,
	    ev->key, why, buf_cstr(&text)) : -1;
	buf_release(&text);
	return (rc == 0 ? APPLIED : LATER);
}

static void
count_applied(struct ev_source *s, const struct event *list, size_t n)
{
	int64_t	now = clock_real_us();
	size_t	i;

	for (i = 0; i < n; i++)
		metric_observe_us(&s->delay, now - list[i].recorded_us);
	metric_add(&s->applied, (int64_t)n);
}
