/*
 * routes.c -- the whole API of the monitoring service.
 */
#include "monitoring.h"

const struct route *const monitoring_routes[] = {
	board_routes,
	/* monitoring: figures */
	/* monitoring: surveys */
	/* monitoring: market */
	/* monitoring: warning */
	/* monitoring: funds */
	fund_routes,
	cost_routes,
	rating_routes,
	redress_routes,
	/* monitoring: sharing */
	/* monitoring: live */
	live_routes,
	/* monitoring: organisation */
	NULL
};
