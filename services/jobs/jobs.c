/*
 * jobs.c -- the jobs service: postings, applications, 就业登记 and 失业登记.
 */
#include "jobs.h"
#include "application.h"
#include "jobs_sql.h"
#include "svc/svc.h"
#include "vacancy.h"

static int	start(void);

static struct listener *const hears[] = { &search_ears, &match_ears, NULL };

static const struct svc svc_jobs = {
	.name = "jobs",
	.routes = jobs_routes,
	.consumers = jobs_consumers,
	.statements = jobs_statements,
	.hears = hears,
	.start = start,
	.ready = search_ready,
};

/* What runs besides requests and events: each section starts its own. */
static int
start(void)
{
	/* postings, employers */
	vacancy_start();
	/* search */
	if (occupation_start() == -1 || search_start() == -1)
		return (-1);
	/* matching */
	if (match_start() == -1)
		return (-1);
	/* applications, live recruitment, fairs */
	applications_start();
	/* registers */
	unemployment_start();
	/* help cases, rosters */
	help_start();
	/* places, grass roots */
	collect_start();
	/* gig market, workshops, public-welfare posts */
	gig_start();
	welfare_start();
	/* partners */
	return (0);
}

int
main(int argc, char **argv)
{
	return (svc_main(&svc_jobs, argc, argv));
}
