/*
 * events.c -- what subsidies hears: people and employers from identity,
 * employments and unemployment from jobs. Each statement also puts the
 * employments it concerns on the list to be judged.
 */
#include "subsidies.h"
#include "subsidies_sql.h"

const struct consumer subsidies_consumers[] = {
	{ .type = EV_PERSON_REGISTERED, .stmt = &stmt_person_put },
	{ .type = EV_PERSON_MOVED, .stmt = &stmt_person_put },
	{ .type = EV_PERSON_CORRECTED, .stmt = &stmt_person_put },
	{ .type = EV_PERSON_RESTRICTED, .stmt = &stmt_person_erase },
	{ .type = EV_PERSON_MERGED, .stmt = &stmt_alias_put },
	{ .type = EV_PERSON_UNMERGED, .stmt = &stmt_alias_drop },
	{ .type = EV_ORG_REGISTERED, .stmt = &stmt_org_put },
	{ .type = EV_EMPLOYMENT_REGISTERED, .stmt = &stmt_employment_put },
	{ .type = EV_EMPLOYMENT_ENDED, .stmt = &stmt_employment_end },
	{ .type = EV_UNEMPLOYMENT_REGISTERED, .stmt = &stmt_unemployment_put },
	{ .type = EV_UNEMPLOYMENT_ENDED, .stmt = &stmt_unemployment_end },
	{ .type = EV_UNEMPLOYMENT_RESTORED, .stmt = &stmt_unemployment_restore },
	/* subsidies: facts */
	/* subsidies: recovery */
	/* subsidies: rounds */
	CONSUMER_END
};
