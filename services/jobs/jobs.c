/*
 * jobs.c -- the jobs service: postings, applications, 就业登记 and 失业登记.
 */
#include "jobs.h"
#include "jobs_sql.h"
#include "svc/svc.h"

static int	start(void);

static const struct svc svc_jobs = {
	.name = "jobs",
	.routes = jobs_routes,
	.consumers = jobs_consumers,
	.statements = jobs_statements,
	.start = start,
};

/* What runs besides requests and events: each section starts its own. */
static int
start(void)
{
	/* postings, employers */
	/* search */
	/* matching */
	/* applications, live recruitment, fairs */
	/* registers */
	/* help cases, rosters */
	/* places, grass roots */
	collect_start();
	/* gig market, workshops, public-welfare posts */
	/* partners */
	return (0);
}

int
main(int argc, char **argv)
{
	return (svc_main(&svc_jobs, argc, argv));
}
