/*
 * events.c -- what training hears: who has been registered with identity.
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
	/* training: institutions */
	/* training: classes */
	/* training: attendance */
	/* training: examinations */
	/* training: carriers */
	/* training: brands */
	CONSUMER_END
};
