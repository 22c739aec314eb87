/*
 * application_clock.c -- what time alone does to interviews, offers and events.
 * Each is one statement over the business clock that changes nothing more when
 * it runs twice, or late.
 */
#include "application.h"
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
	size_t					i;

	for (i = 0; i < NITEMS(all); i++)
		db_alone(all[i]);
}
