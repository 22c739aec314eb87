/*
 * routes.c -- the whole API of the monitoring service.
 */
#include "monitoring.h"

const struct route *const monitoring_routes[] = {
	board_routes,
	/* monitoring: figures */
	/* monitoring: surveys */
	/* monitoring: market */
	market_routes,
	market_report_routes,
	market_page_routes,
	group_routes,
	/* monitoring: warning */
	/* monitoring: funds */
	/* monitoring: sharing */
	/* monitoring: live */
	live_routes,
	/* monitoring: organisation */
	NULL
};
