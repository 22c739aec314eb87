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
	policy_draft_routes,
	/* subsidies: facts */
	fact_routes,
	referral_routes,
	broker_routes,
	/* subsidies: engine */
	calculator_routes,
	dry_run_routes,
	candidate_routes,
	/* subsidies: claims */
	remind_routes,
	apply_routes,
	apply_accept_routes,
	claim_make_routes,
	claim_account_routes,
	/* subsidies: money */
	budget_line_routes,
	budget_statement_routes,
	budget_reserve_routes,
	review_list_routes,
	tie_routes,
	delegate_routes,
	/* subsidies: payments */
	payment_shown_routes,
	reconcile_routes,
	/* subsidies: recovery */
	recovery_routes,
	recovery_answer_routes,
	recovery_settle_routes,
	topup_routes,
	NULL
};
