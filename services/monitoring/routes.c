/*
 * routes.c -- the whole API of the monitoring service.
 */
#include "monitoring.h"

const struct route *const monitoring_routes[] = {
	board_routes,
	/* monitoring: figures */
	figure_routes,
	figure_row_routes,
	indicator_routes,
	/* monitoring: surveys */
	/* monitoring: market */
	/* monitoring: warning */
	/* monitoring: funds */
	/* monitoring: sharing */
	/* monitoring: live */
	live_routes,
	/* monitoring: organisation */
	NULL
};
