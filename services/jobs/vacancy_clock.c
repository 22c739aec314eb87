/*
 * vacancy_clock.c -- what the calendar does to postings: those that are over, or
 * that nobody confirmed, expire; who should confirm is asked some days before; the
 * desks are told what waits for their judgement.
 *
 * Each run is one statement over the business date and does nothing twice.
 */
#include "base/log.h"
#include "conf/conf.h"
#include "jobs_sql.h"
#include "svc/svc.h"
#include "vacancy.h"

#define SWEEP_MS	60000
#define DESKS_MS	10000
#define ROUNDS_MOST	1000	/* of a thousand postings each */

static void	sweep(void);
static void	desks(void);
static int	expire(struct db *, int64_t *);

void
vacancy_start(void)
{
	svc_every("jobs.vacancy.sweep", SWEEP_MS, sweep);
	svc_every("jobs.vacancy.desks", DESKS_MS, desks);
}

static void
desks(void)
{
	db_alone(&stmt_vacancy_desks);
}

static void
sweep(void)
{
	struct arena	a;
	struct db	db;
	struct db_rows	rows;
	int64_t		n = 1;
	int		i, rc = 0;

	arena_init(&a);
	db_init(&db, &a, DB_SYSTEM);
	for (i = 0; i < ROUNDS_MOST && n > 0 && rc == 0; i++)
		rc = expire(&db, &n);
	if (rc == 0 && (sql_vacancy_remind(&db, &rows, conf_int(CONF_VACANCY_CONFIRM_DAYS),
	    conf_int(CONF_VACANCY_REMIND_DAYS)) == -1 || db_commit(&db) == -1))
		rc = -1;
	if (rc == -1)
		log_warn("the sweep of postings did not run; it will next time");
	db_rollback(&db);
	arena_release(&a);
}

static int
expire(struct db *db, int64_t *n)
{
	struct db_rows	rows;

	if (sql_vacancy_expire(db, &rows, conf_int(CONF_VACANCY_CONFIRM_DAYS)) == -1 ||
	    db_commit(db) == -1)
		return (-1);
	*n = db_int(&rows, 0, "n");
	return (0);
}
