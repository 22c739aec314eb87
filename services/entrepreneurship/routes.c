/*
 * routes.c -- the whole API of the entrepreneurship service.
 */
#include "entrepreneurship.h"

const struct route *const entrepreneurship_routes[] = {
	carrier_routes,
	tenant_routes,
	job_created_routes,
	/* entrepreneurship: carriers */
	carrier_review_routes,
	contract_routes,
	relief_routes,
	headcount_routes,
	figure_routes,
	/* entrepreneurship: mentors */
	studio_routes,
	mentor_routes,
	booking_routes,
	guidance_routes,
	/* entrepreneurship: founders */
	founder_routes,
	loan_routes,
	loan_hand_routes,
	/* entrepreneurship: projects */
	founder_proof_routes,
	project_routes,
	milestone_routes,
	NULL
};
