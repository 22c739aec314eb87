/*
 * warn_model.h -- the models of early warning: what a series says of one of its
 * periods, and which colour follows.
 *
 * Integers only. A score is what the levels are held against: the value itself
 * (threshold), per mille of the period before, of the same one a year before or
 * of the usual around Spring Festival (previous, year, spring), the sum of what
 * lies off the reference (CUSUM), or thousandths of a standard deviation off
 * the mean of a moving window (z-score). A colour is entered at one score and
 * left at another. Pure: no database and no clock.
 */
#ifndef YJY_MONITORING_WARN_MODEL_H
#define YJY_MONITORING_WARN_MODEL_H

#include "base/clock.h"
#include "json/json.h"

enum warn_kind { WARN_THRESHOLD, WARN_PREVIOUS, WARN_YEAR, WARN_SPRING, WARN_CUSUM, WARN_ZSCORE, WARN_KINDS };
enum warn_grain { WARN_DAY, WARN_WEEK, WARN_MONTH };
enum warn_colour { WARN_CLEAR, WARN_BLUE, WARN_YELLOW, WARN_ORANGE, WARN_RED, WARN_COLOURS };

#define WARN_FESTIVALS	64

struct warn_level {
	bool	is_set;
	int64_t	enter, leave;
};

struct warn_model {
	enum warn_kind		 kind;
	enum warn_grain		 grain;		/* of the series' periods */
	bool			 below;		/* the smaller, the worse */
	struct warn_level	 level[WARN_COLOURS];	/* by colour; none of WARN_CLEAR */
	int64_t			 k;		/* CUSUM: slack of each period */
	bool			 has_reference;
	int64_t			 reference;	/* CUSUM: the usual value; else the mean of `periods` before start */
	int64_t			 periods;	/* z-score: of the window; CUSUM: of the mean */
	int64_t			 years;		/* spring: how many earlier ones are the usual */
	int64_t			 window_days;	/* spring: as far from the festival as it is felt */
	int64_t			 wait_days;	/* after a period, before it is judged */
	int32_t			 start;		/* CUSUM sums from this day on */
	int32_t			 festival[WARN_FESTIVALS];	/* in order */
	size_t			 nfestivals;
};

/* Whole periods one after another, each by its first day. */
struct warn_point {
	int32_t	on;
	bool	known;
	int64_t	value;
};

extern const char *const	warn_kinds[];	/* by enum, NULL-ended */
extern const char *const	warn_colours[];

/* From monitoring.warning_document(). False: not one of ours. */
bool	warn_model_read(const struct json *, struct warn_model *) MUST_CHECK;
/* From [["2025-01-01",12],["2025-02-01",null]]. False: malformed. */
bool	warn_points_read(struct arena *, const struct json *, struct warn_point **, size_t *) MUST_CHECK;

/* The first day of the period a day lies in, and of the one after. */
int32_t	warn_period(enum warn_grain, int32_t day);
int32_t	warn_next(enum warn_grain, int32_t on);
/* The first day of what has to be known to judge the period of `day`. */
int32_t	warn_reach(const struct warn_model *, int32_t day);

/* Of the i-th period. False: too little is known. */
bool	warn_score(const struct warn_model *, const struct warn_point *, size_t n, size_t i, int64_t *score);
enum warn_colour warn_colour_after(const struct warn_model *, enum warn_colour before, int64_t score);
/* The level's colour at fault, WARN_CLEAR: the levels are sound. */
enum warn_colour warn_levels_fault(const struct warn_model *);

#endif
