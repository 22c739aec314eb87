/*
 * application_clock.c -- what time alone does to interviews, offers and events.
 * Each is one statement over the business clock that changes nothing more when
 * it runs twice, or late.
 */
#include "application.h"
#include "base/log.h"
#include "jobs_sql.h"
#include "svc/svc.h"

#define TICK_MS	3000

static void	tick(void);

void
applications_start(void)
{
	svc_every("jobs.applications", TICK_MS, tick);
}

static void
tick(void)
{
	static const struct db_stmt *const	all[] = { &stmt_interview_remind, &stmt_offer_expire,
		&stmt_live_remind, &stmt_live_tick, &stmt_fair_tick };
	struct db_args				args;
	struct db_rows				rows;
	struct arena				a;
	struct db				db;
	size_t					i;

	for (i = 0; i < NITEMS(all); i++) {
		arena_init(&a);
		db_init(&db, &a, DB_SYSTEM);
		db_args_init(&args, &a);
		if (db_run_args(&db, all[i], &rows, &args) == -1 || db_commit(&db) == -1)
			log_warn("%s did not run; it will next time", all[i]->name);
		db_rollback(&db);
		arena_release(&a);
	}
}
