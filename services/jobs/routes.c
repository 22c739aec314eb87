/*
 * routes.c -- the whole API of the jobs service.
 */
#include "jobs.h"

const struct route *const jobs_routes[] = {
	vacancy_routes,
	application_routes,
	employment_routes,
	unemployment_routes,
	NULL
};
