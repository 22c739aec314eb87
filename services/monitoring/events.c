/*
 * events.c -- each event becomes one row; a second delivery changes nothing.
 */
#include "monitoring.h"
#include "monitoring_sql.h"

const struct consumer monitoring_consumers[] = {
	{ .type = EV_EMPLOYMENT_REGISTERED, .stmt = &stmt_employment_put },
	{ .type = EV_EMPLOYMENT_ENDED, .stmt = &stmt_employment_end },
	{ .type = EV_UNEMPLOYMENT_REGISTERED, .stmt = &stmt_unemployment_put },
	{ .type = EV_UNEMPLOYMENT_ENDED, .stmt = &stmt_unemployment_end },
	{ .type = EV_UNEMPLOYMENT_RESTORED, .stmt = &stmt_unemployment_restore },
	{ .type = EV_ENROLMENT_COMPLETED, .stmt = &stmt_trainee_put },
	{ .type = EV_CERTIFICATE_ISSUED, .stmt = &stmt_certificate_put },
	{ .type = EV_TENANT_JOB_CREATED, .stmt = &stmt_startup_job_put },
	{ .type = EV_TENANT_JOB_WITHDRAWN, .stmt = &stmt_startup_job_drop },
	{ .type = EV_CLAIM_PAID, .stmt = &stmt_payment_put },
	{ .type = EV_PAYMENT_RETURNED, .stmt = &stmt_payment_drop },
	CONSUMER_END
};
