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
	assessment_routes,
	assessment_review_routes,
	episode_routes,
	backtest_routes,
	warning_rule_routes,
	warning_setting_routes,
	alert_routes,
	/* monitoring: funds */
	/* monitoring: sharing */
	/* monitoring: live */
	/* monitoring: organisation */
	NULL
};
