/*
 * events.c -- what entrepreneurship hears: people and organisations from
 * identity; every hire from jobs, kept without a name and counted when a tenant
 * made it; classes for founders from training; what founders were paid.
 */
#include "entrepreneurship.h"
#include "entrepreneurship_sql.h"

static int	employment_registered(struct db *, const struct event *);

const struct consumer entrepreneurship_consumers[] = {
	{ .type = EV_ORG_REGISTERED, .stmt = &stmt_org_put },
	{ .type = EV_EMPLOYMENT_REGISTERED, .apply = employment_registered },
	/* entrepreneurship: carriers */
	/* entrepreneurship: mentors */
	{ .type = EV_PERSON_REGISTERED, .stmt = &stmt_person_put },
	{ .type = EV_PERSON_MOVED, .stmt = &stmt_person_put },
	{ .type = EV_PERSON_CORRECTED, .stmt = &stmt_person_put },
	{ .type = EV_PERSON_RESTRICTED, .stmt = &stmt_person_erase },
	{ .type = EV_CLASS_OPENED, .stmt = &stmt_startup_class_put },
	{ .type = EV_CLASS_CANCELLED, .stmt = &stmt_startup_class_drop },
	{ .type = EV_ENROLMENT_COMPLETED, .stmt = &stmt_startup_trained_put },
	/* entrepreneurship: founders */
	{ .type = EV_CLAIM_PAID, .stmt = &stmt_founder_paid_put },
	/* entrepreneurship: projects */
	CONSUMER_END
};

/* A hire and an admission of the same firm take turns: either sees the other. */
static int
employment_registered(struct db *db, const struct event *ev)
{
	int	rc;

	if ((rc = event_apply(db, &stmt_org_turn, ev)) != 0)
		return (rc);
	return (event_apply(db, &stmt_job_record, ev));
}
