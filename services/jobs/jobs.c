/*
 * jobs.c -- the jobs service: postings, applications, 就业登记 and 失业登记.
 */
#include "jobs.h"
#include "jobs_sql.h"
#include "svc/svc.h"

static const struct svc svc_jobs = {
	.name = "jobs",
	.routes = jobs_routes,
	.consumers = jobs_consumers,
	.statements = jobs_statements,
};

int
main(int argc, char **argv)
{
	return (svc_main(&svc_jobs, argc, argv));
}
