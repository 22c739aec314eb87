/*
 * jobs.c -- work that is due every so often, in one process of a service.
 *
 * Each job is a coroutine that sleeps, takes the job's lease in its schema
 * for three periods and runs. A process that dies loses the lease when it
 * expires; two processes never hold it at once, by the row itself.
 */
#include <unistd.h>

#include "svc/svc_priv.h"
#include "base/log.h"
#include "co/co.h"
#include "conf/conf.h"
#include "platform_sql.h"

#define JOBS_MAX	32

static void	job_follow(void *);
static bool	job_claim(const char *, int64_t);

static struct job {
	const char	*name;
	int64_t		 every_ms;
	void		(*fn)(void);
} jobs[JOBS_MAX];
static size_t		njobs;
static struct uuid	holder;

void
svc_every(const char *name, int64_t ms, void (*fn)(void))
{
	if (njobs == JOBS_MAX)
		log_die("svc: more than %d jobs", JOBS_MAX);
	jobs[njobs++] = (struct job){ name, ms * conf_int(CONF_EVERY) / 100, fn };
}

void
jobs_start(void)
{
	size_t	i;

	holder = uuid_new();
	for (i = 0; i < njobs; i++)
		if (co_start(job_follow, &jobs[i]) == -1)
			log_die("svc: job %s does not start", jobs[i].name);
}

static void
job_follow(void *arg)
{
	struct job	*job = arg;

	while (!svc_draining()) {
		co_sleep(job->every_ms);
		if (!svc_draining() && job_claim(job->name, job->every_ms * 3))
			job->fn();
	}
}

static bool
job_claim(const char *name, int64_t lease_ms)
{
	struct db_rows	rows;
	struct arena	a;
	struct db	db;
	bool		mine;

	arena_init(&a);
	db_init(&db, &a, DB_SYSTEM);
	mine = sql_job_claim(&db, &rows, name, &holder, lease_ms) == 0 &&
	    rows.count == 1 && db_commit(&db) == 0;
	db_rollback(&db);
	arena_release(&a);
	return (mine);
}
