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
	/* monitoring: sharing */
	dataset_routes,
	recipient_routes,
	shared_routes,
	/* monitoring: live */
	/* monitoring: organisation */
	work_item_routes,
	progress_routes,
	supervision_routes,
	NULL
};
