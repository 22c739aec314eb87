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
	/* gig market, workshops, public-welfare posts */
	gig_routes,
	gig_shift_routes,
	welfare_routes,
	welfare_day_routes,
	workshop_routes,
	/* partners */
	NULL
};
