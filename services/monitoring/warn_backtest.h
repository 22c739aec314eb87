/*
 * warn_backtest.h -- what a setting would have said of the past, held against
 * what really happened (episodes). Pure, and the very models of the clock.
 *
 * An alarm begins on the day its period is judged and ends on the day a period
 * without a colour is. It hits an episode that it overlaps, or that begins within
 * `lead_days` of its end; the lead is from the alarm to the episode's first day,
 * negative when it came late.
 */
#ifndef YJY_MONITORING_WARN_BACKTEST_H
#define YJY_MONITORING_WARN_BACKTEST_H

#include "warn_model.h"

struct warn_episode {
	int32_t		 from, to;
	const char	*title;
	bool		 hit;		/* out */
	int32_t		 lead;		/* out: days */
};

struct warn_alarm {
	int32_t			 from, until;	/* until DAY_NONE: goes on */
	enum warn_colour	 peak;
	bool			 hit;
};

struct warn_trial {
	const struct warn_model	*model;
	const struct warn_point	*points;
	size_t			 npoints;
	int32_t			 from, to;	/* periods that begin within are judged */
	int64_t			 lead_days;
	struct warn_episode	*episodes;
	size_t			 nepisodes;
	struct warn_alarm	*alarms;	/* out: room for one a point */
	size_t			 nalarms;
	int64_t			 hits, misses, false_alarms, leads;	/* out; leads: their sum */
};

void	warn_try(struct warn_trial *);
/* Of warning_episodes_json(): [[from, to, title]]. False: malformed. */
bool	warn_episodes_read(struct arena *, const struct json *, struct warn_episode **, size_t *) MUST_CHECK;

#endif
