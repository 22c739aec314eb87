/*
 * scan_stream.c -- see scan_stream.h. Two parts take turns: one is judged on a
 * thread while the other is loaded.
 *
 * Invariant: a part is judged by one thread at a time and nobody else touches
 * it, nor the employers that all parts share, until it says it is done.
 */
#include "scan_stream.h"

#include "co/co.h"
#include "subsidies_sql.h"

#define PART_PEOPLE	4096

struct part {
	const struct scan_stream *stream;
	struct arena		 arena;
	struct db		 db;
	struct dossier		 dossier;
	struct scan_part	 is;
	bool			 employers;
	bool			 busy;		/* on the thread */
	struct co		*waits;
};

struct stream {
	const struct scan_stream *ask;
	struct arena		 orgs_arena;
	struct db		 orgs_db;
	struct dossier		 orgs;
	struct uuid		 at;		/* loaded so far */
	struct part		 parts[2];
};

static int	run(struct stream *);
static int	load(struct stream *, struct part *);
static bool	finish(struct part *);
static void	start(struct part *);
static void	judge_on_thread(void *);
static void	judge_part(void *);

int
scan_stream(const struct scan_stream *ask)
{
	struct stream	*s = calloc(1, sizeof(*s));
	int		 i, rc;

	if (s == NULL)
		return (-1);
	s->ask = ask;
	s->at = ask->after;
	arena_init(&s->orgs_arena);
	for (i = 0; i < 2; i++) {
		arena_init(&s->parts[i].arena);
		s->parts[i].stream = ask;
	}
	db_init(&s->orgs_db, &s->orgs_arena, DB_SYSTEM);
	rc = dossier_load_orgs(&s->orgs_db, &ask->set->want, &s->orgs);
	db_rollback(&s->orgs_db);
	s->orgs.org_arena = &s->orgs_arena;
	if (rc == 0)
		rc = run(s);
	for (i = 0; i < 2; i++)
		arena_release(&s->parts[i].arena);
	arena_release(&s->orgs_arena);
	free(s);
	return (rc);
}

static int
run(struct stream *s)
{
	struct part	*now = &s->parts[0], *next = &s->parts[1], *t;
	int		 rc;
	bool		 go;

	if (uuid_is_nil(&s->ask->after)) {
		now->employers = true;
		now->dossier = s->orgs;
		now->dossier.arena = &now->arena;
		now->is = (struct scan_part){ .arena = &now->arena };
		rc = 1;
	} else
		rc = load(s, now);
	while (rc == 1) {
		start(now);
		rc = load(s, next);
		go = finish(now);
		t = now;
		now = next;
		next = t;
		if (!go)
			return (0);
	}
	return (rc);
}

/* 1: there is a part; 0: nobody is left; -1: database error. */
static int
load(struct stream *s, struct part *p)
{
	struct db_rows	rows;
	struct uuid	first = s->at;
	int		i, rc = -1;

	arena_clear(&p->arena);
	p->employers = false;
	db_init(&p->db, &p->arena, DB_SYSTEM);
	if (sql_scan_part(&p->db, &rows, &s->at, PART_PEOPLE) == -1)
		return (-1);
	p->is = (struct scan_part){ .people = db_int(&rows, 0, "people"), .arena = &p->arena };
	if (p->is.people == 0)
		rc = 0;
	else {
		p->is.last = db_uuid(&rows, 0, "last");
		for (i = 15; i >= 0 && ++first.b[i] == 0; i--)
			continue;
		if (dossier_load_range(&p->db, &first, &p->is.last, &s->ask->set->want, &s->orgs,
		    &p->dossier) == 0)
			rc = 1;
		s->at = p->is.last;
	}
	db_rollback(&p->db);
	return (rc);
}

static void
start(struct part *p)
{
	p->busy = true;
	p->waits = NULL;
	if (co_start(judge_on_thread, p) == -1) {
		judge_part(p);
		p->busy = false;
	}
}

static bool
finish(struct part *p)
{
	p->waits = co_self();
	while (p->busy)
		co_wait(-1);
	return (p->stream->part_done == NULL || p->stream->part_done(p->stream->arg, &p->is));
}

/* In a coroutine of its own; without a free thread, here. */
static void
judge_on_thread(void *arg)
{
	struct part	*p = arg;

	if (task_run(judge_part, p) == -1)
		judge_part(p);
	p->busy = false;
	if (p->waits != NULL)
		co_wake(p->waits);
}

static void
judge_part(void *arg)
{
	struct part			*p = arg;
	const struct scan_stream	*s = p->stream;

	if (p->employers)
		judge_orgs(&p->dossier, s->set, s->sink, s->arg);
	else
		judge_people(&p->dossier, s->set, s->sink, s->arg);
}
