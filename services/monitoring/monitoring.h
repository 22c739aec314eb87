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

extern const struct route	board_routes[];
extern const struct route *const monitoring_routes[];
extern const struct consumer	monitoring_consumers[];

/* monitoring: figures */
/* monitoring: surveys */
/* monitoring: market */
/* monitoring: warning */
/* monitoring: funds */
/* Who works on what people hand in, and reads it row by row. */
#define ROLE_CASE_OFFICERS	(ROLE_CLERK | ROLE_FIRST_REVIEW | ROLE_RECHECK | ROLE_APPROVE | \
				 ROLE_AUDIT)
extern const struct route	fund_routes[], cost_routes[], rating_routes[], redress_routes[];
/* Statisticians see no cell of fewer than five. */
bool	few_hidden(const struct call *);
void	working_days_load(void);
/* monitoring: sharing */
/* monitoring: live */
extern const struct route	live_routes[];
/* monitoring: organisation */

#endif
