/*
 * routes.c -- the whole API of the subsidies service.
 */
#include "subsidies.h"

const struct route *const subsidies_routes[] = {
	policy_routes,
	import_routes,
	scan_routes,
	decision_routes,
	claim_routes,
	review_routes,
	notice_routes,
	objection_routes,
	payment_routes,
	budget_routes,
	/* subsidies: policies */
	/* subsidies: facts */
	/* subsidies: engine */
	/* subsidies: claims */
	remind_routes,
	apply_routes,
	apply_accept_routes,
	claim_make_routes,
	claim_account_routes,
	/* subsidies: money */
	/* subsidies: payments */
	/* subsidies: recovery */
	/* subsidies: rounds */
	NULL
};
