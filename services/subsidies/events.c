/*
 * events.c -- what subsidies hears: people and employers from identity, work of
 * every kind and its recognitions from jobs, certificates from training, awards from
 * training and entrepreneurship. Each statement also puts whom it concerns on
 * the list to be judged, and the same event again changes nothing.
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
	{ .type = EV_EMPLOYMENT_CORRECTED, .stmt = &stmt_employment_correct },
	{ .type = EV_EMPLOYMENT_DECLARED, .stmt = &stmt_flexible_put },
	{ .type = EV_EMPLOYMENT_DECLARATION_ENDED, .stmt = &stmt_flexible_end },
	{ .type = EV_DIFFICULTY_RECOGNISED, .stmt = &stmt_difficulty_put },
	{ .type = EV_DIFFICULTY_WITHDRAWN, .stmt = &stmt_difficulty_end },
	{ .type = EV_WELFARE_PLACED, .stmt = &stmt_welfare_put },
	{ .type = EV_WELFARE_ENDED, .stmt = &stmt_welfare_put },
	{ .type = EV_WELFARE_MONTH, .stmt = &stmt_welfare_month_put },
	{ .type = EV_WORKSHOP_YEAR, .stmt = &stmt_workshop_year_put },
	{ .type = EV_PLACEMENT_CONFIRMED, .stmt = &stmt_placement_put },
	{ .type = EV_CERTIFICATE_ISSUED, .stmt = &stmt_certificate_put },
	{ .type = EV_CERTIFICATE_REVOKED, .stmt = &stmt_certificate_drop },
	{ .type = EV_SKILL_AWARD_MADE, .stmt = &stmt_award_hear },
	{ .type = EV_SKILL_AWARD_REVOKED, .stmt = &stmt_award_unhear },
	{ .type = EV_STARTUP_AWARD_MADE, .stmt = &stmt_award_hear },
	{ .type = EV_STARTUP_AWARD_REVOKED, .stmt = &stmt_award_unhear },
	/* subsidies: recovery */
	/* subsidies: rounds */
	CONSUMER_END
};
