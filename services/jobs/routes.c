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
	help_routes,
	help_setting_routes,
	plan_routes,
	dossier_routes,
	roster_import_routes,
	roster_routes,
	graduate_routes,
	arrears_routes,
	/* places, grass roots */
	/* gig market, workshops, public-welfare posts */
	/* partners */
	NULL
};
