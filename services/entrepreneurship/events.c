/*
 * events.c -- what entrepreneurship hears: people and organisations from
 * identity; hires, corrections and ends from jobs, kept without a name and
 * counted when a tenant made them; classes for founders from training; how many
 * are insured, what awards and what founders were paid.
 */
#include "entrepreneurship.h"
#include "entrepreneurship_sql.h"

static int	employment_registered(struct db *, const struct event *);
static int	employment_corrected(struct db *, const struct event *);
static int	hire_apply(struct db *, const struct db_stmt *, const struct event *);

const struct consumer entrepreneurship_consumers[] = {
	{ .type = EV_ORG_REGISTERED, .stmt = &stmt_org_put },
	{ .type = EV_EMPLOYMENT_REGISTERED, .apply = employment_registered },
	/* entrepreneurship: carriers */
	{ .type = EV_EMPLOYMENT_CORRECTED, .apply = employment_corrected },
	{ .type = EV_EMPLOYMENT_ENDED, .stmt = &stmt_job_end },
	{ .type = EV_INSURED_COUNTED, .stmt = &stmt_insured_put },
	{ .type = EV_CLAIM_PAID, .stmt = &stmt_award_paid_put },
	{ .type = EV_PAYMENT_RETURNED, .stmt = &stmt_award_returned_put },
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

static int
employment_registered(struct db *db, const struct event *ev)
{
	return (hire_apply(db, &stmt_job_record, ev));
}

static int
employment_corrected(struct db *db, const struct event *ev)
{
	return (hire_apply(db, &stmt_job_correct, ev));
}

/* A hire and an admission of the same firm take turns: either sees the other. */
static int
hire_apply(struct db *db, const struct db_stmt *keep, const struct event *ev)
{
	int	rc;

	if ((rc = event_apply(db, &stmt_hire_turn, ev)) != 0 || (rc = event_apply(db, keep, ev)) != 0)
		return (rc);
	return (event_apply(db, &stmt_job_settle, ev));
}
