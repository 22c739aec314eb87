/*
 * routes.c -- the whole API of the jobs service.
 */
#include "jobs.h"

const struct route *const jobs_routes[] = {
	/* postings, employers */
	employer_routes,
	vacancy_review_routes,
	vacancy_check_routes,
	vacancy_routes,
	/* search */
	occupation_routes,
	/* matching */
	/* applications, live recruitment, fairs */
	application_routes,
	resume_routes,
	interview_routes,
	live_routes,
	fair_routes,
	/* registers */
	employment_routes,
	unemployment_routes,
	/* help cases, rosters */
	/* places, grass roots */
	/* gig market, workshops, public-welfare posts */
	/* partners */
	mandate_routes,
	partner_vacancy_routes,
	partner_person_routes,
	partner_placement_routes,
	feed_routes,
	NULL
};
