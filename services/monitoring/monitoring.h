/*
 * monitoring.h -- what the files of monitoring share: its route tables.
 *
 * Everything that is counted is a fact made from events (sql/monitoring/010-015):
 * monitoring.total() sums a measure over days, an area and a tag.
 */
#ifndef YJY_MONITORING_H
#define YJY_MONITORING_H

#include "events/events.h"
#include "http/call.h"

/* Who sees figures of areas; statisticians only figures, never rows. */
#define ROLE_FIGURES	(ROLE_FIRST_REVIEW | ROLE_RECHECK | ROLE_APPROVE | ROLE_FINANCE | \
			 ROLE_FISCAL | ROLE_AUDIT | ROLE_STATS)

/* Whether small numbers of people are hidden from the caller (ask.c). */
bool	figures_hide(const struct call *);

/* A body that says why, and nothing else. */
struct note_in {
	const char	*note;
};
extern const struct field	note_fields[];

extern const struct route	board_routes[];
extern const struct route *const monitoring_routes[];
extern const struct consumer	monitoring_consumers[];

extern const struct route	setting_routes[];
/* monitoring: figures */
extern const struct route	figure_routes[];
extern const struct route	figure_row_routes[];
extern const struct route	indicator_routes[];
/* monitoring: surveys */
extern const struct route	survey_form_routes[], survey_panel_routes[], survey_report_routes[];
extern const struct route	key_firm_routes[], shortage_routes[], layoff_routes[];
void	survey_start(void);	/* the clocks of the surveys */
void	shortage_start(void);	/* and of key firms: jobs is asked who fits */
/* monitoring: market */
extern const struct route	market_routes[];
extern const struct route	market_report_routes[];
extern const struct route	market_page_routes[];
extern const struct route	group_routes[];
#define MARKET_MS	5000	/* between looks whether a quarter is over */
void	market_tick(void);
/* monitoring: warning */
extern const struct route	assessment_routes[];
extern const struct route	assessment_review_routes[];
extern const struct route	episode_routes[];
extern const struct route	backtest_routes[];
extern const struct route	warning_rule_routes[];
extern const struct route	warning_setting_routes[];
extern const struct route	alert_routes[];
void	warning_start(void);
/* monitoring: funds */
/* Who works on what people hand in, and reads it row by row. */
#define ROLE_CASE_OFFICERS	(ROLE_CLERK | ROLE_FIRST_REVIEW | ROLE_RECHECK | ROLE_APPROVE | \
				 ROLE_AUDIT)
extern const struct route	fund_routes[], cost_routes[], rating_routes[], redress_routes[];
/* Statisticians see no cell of fewer than five. */
bool	few_hidden(const struct call *);
void	working_days_load(void);
/* monitoring: sharing */
extern const struct route	dataset_routes[];
extern const struct route	recipient_routes[];
extern const struct route	shared_routes[];
/* monitoring: live */
extern const struct route	live_routes[];
/* monitoring: organisation */
extern const struct route	work_item_routes[];
extern const struct route	progress_routes[];
extern const struct route	supervision_routes[];

#endif
