/*
 * events.c -- each event becomes one row; a second delivery changes nothing.
 */
#include "monitoring.h"
#include "monitoring_sql.h"

#define APPLY(verb)							\
	static int							\
	apply_##verb(struct db *db, const struct event *ev)		\
	{								\
		return (sql_##verb(db, NULL, ev->payload));		\
	}

APPLY(employment_put)
APPLY(employment_end)
APPLY(unemployment_put)
APPLY(unemployment_end)
APPLY(trainee_put)
APPLY(certificate_put)
APPLY(startup_job_put)
APPLY(payment_put)

const struct consumer monitoring_consumers[] = {
	{ EV_EMPLOYMENT_REGISTERED, apply_employment_put },
	{ EV_EMPLOYMENT_ENDED, apply_employment_end },
	{ EV_UNEMPLOYMENT_REGISTERED, apply_unemployment_put },
	{ EV_UNEMPLOYMENT_ENDED, apply_unemployment_end },
	{ EV_ENROLMENT_COMPLETED, apply_trainee_put },
	{ EV_CERTIFICATE_ISSUED, apply_certificate_put },
	{ EV_TENANT_JOB_CREATED, apply_startup_job_put },
	{ EV_CLAIM_PAID, apply_payment_put },
	CONSUMER_END
};
