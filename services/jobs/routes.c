/*
 * routes.c -- the whole API of the jobs service.
 */
#include "jobs.h"

const struct route *const jobs_routes[] = {
	/* postings, employers */
	vacancy_routes,
	/* search */
	/* matching */
	/* applications, live recruitment, fairs */
	application_routes,
	/* registers */
	employment_routes,
	unemployment_routes,
	/* help cases, rosters */
	/* places, grass roots */
	place_routes,
	place_register_routes,
	place_right_routes,
	hall_routes,
	collect_routes,
	collect_check_routes,
	labour_routes,
	labour_import_routes,
	rating_routes,
	/* gig market, workshops, public-welfare posts */
	/* partners */
	NULL
};
