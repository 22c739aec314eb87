/*
 * routes.c -- the whole API of the monitoring service.
 */
#include "monitoring.h"

const struct route *const monitoring_routes[] = {
	board_routes,
	setting_routes,
	/* monitoring: figures */
	figure_routes,
	figure_row_routes,
	indicator_routes,
	/* monitoring: surveys */
	survey_form_routes,
	survey_panel_routes,
	survey_report_routes,
	key_firm_routes,
	shortage_routes,
	layoff_routes,
	/* monitoring: market */
	market_routes,
	market_report_routes,
	market_page_routes,
	group_routes,
	/* monitoring: warning */
	assessment_routes,
	assessment_review_routes,
	episode_routes,
	backtest_routes,
	warning_rule_routes,
	warning_setting_routes,
	alert_routes,
	/* monitoring: funds */
	fund_routes,
	cost_routes,
	rating_routes,
	redress_routes,
	/* monitoring: sharing */
	dataset_routes,
	recipient_routes,
	shared_routes,
	/* monitoring: live */
	live_routes,
	/* monitoring: organisation */
	work_item_routes,
	progress_routes,
	supervision_routes,
	NULL
};
