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
extern const struct route	figure_routes[];
extern const struct route	figure_row_routes[];
extern const struct route	indicator_routes[];
/* monitoring: surveys */
/* monitoring: market */
/* monitoring: warning */
/* monitoring: funds */
/* monitoring: sharing */
/* monitoring: live */
extern const struct route	live_routes[];
/* monitoring: organisation */

#endif
