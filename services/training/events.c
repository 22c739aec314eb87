/*
 * events.c -- what training hears: who has been registered with identity, and
 * what is open and who is free with jobs.
 * who works.
 */
#include "training.h"
#include "training_sql.h"

const struct consumer training_consumers[] = {
	{ .type = EV_PERSON_REGISTERED, .stmt = &stmt_person_put },
	{ .type = EV_PERSON_MOVED, .stmt = &stmt_person_put },
	{ .type = EV_PERSON_CORRECTED, .stmt = &stmt_person_put },
	{ .type = EV_PERSON_RESTRICTED, .stmt = &stmt_person_erase },
	{ .type = EV_ORG_REGISTERED, .stmt = &stmt_org_put },
	/* training: demand */
	{ .type = EV_VACANCY_OPENED, .stmt = &stmt_vacancy_put },
	{ .type = EV_VACANCY_CHANGED, .stmt = &stmt_vacancy_move },
	{ .type = EV_UNEMPLOYMENT_REGISTERED, .stmt = &stmt_jobless_put },
	{ .type = EV_UNEMPLOYMENT_ENDED, .stmt = &stmt_jobless_end },
	{ .type = EV_UNEMPLOYMENT_RESTORED, .stmt = &stmt_jobless_restore },
	/* training: institutions */
	/* training: classes */
	/* training: attendance */
	/* training: examinations */
	{ .type = EV_EMPLOYMENT_REGISTERED, .stmt = &stmt_job_put },
	{ .type = EV_EMPLOYMENT_CORRECTED, .stmt = &stmt_job_put },
	{ .type = EV_EMPLOYMENT_ENDED, .stmt = &stmt_job_end },
	{ .type = EV_EMPLOYMENT_DECLARED, .stmt = &stmt_declared_put },
	{ .type = EV_EMPLOYMENT_DECLARATION_ENDED, .stmt = &stmt_job_end },
	/* training: carriers */
	/* training: brands */
	CONSUMER_END
};
