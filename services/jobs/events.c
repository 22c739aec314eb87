/*
 * events.c -- what jobs hears: who has been registered with identity. The
 * projections keep what an application or a registration needs to be written
 * down, and no name in clear.
 */
#include "jobs.h"
#include "jobs_sql.h"

const struct consumer jobs_consumers[] = {
	{ .type = EV_PERSON_REGISTERED, .stmt = &stmt_person_put },
	{ .type = EV_PERSON_MOVED, .stmt = &stmt_person_put },
	{ .type = EV_PERSON_CORRECTED, .stmt = &stmt_person_put },
	{ .type = EV_PERSON_RESTRICTED, .stmt = &stmt_person_erase },
	{ .type = EV_PERSON_MERGED, .stmt = &stmt_alias_put },
	{ .type = EV_PERSON_UNMERGED, .stmt = &stmt_alias_drop },
	{ .type = EV_ORG_REGISTERED, .stmt = &stmt_org_put },
	{ .type = EV_CONSENT_CHANGED, .stmt = &stmt_consent_put },
	/* postings, employers */
	/* search */
	/* matching */
	/* applications, live recruitment, fairs */
	/* registers */
	/* help cases, rosters */
	/* places, grass roots */
	{ .type = EV_OUTLET_CHANGED, .stmt = &stmt_outlet_put },
	/* gig market, workshops, public-welfare posts */
	/* partners */
	CONSUMER_END
};
