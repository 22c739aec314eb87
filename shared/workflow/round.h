/*
 * round.h -- what the files of selection rounds share: the definition a round
 * is drafted with, and the check that it can be carried out.
 *
 * A definition says, before anybody enters, what is asked of an entrant
 * (requires), what is scored and by whom (criteria), how many review an entry,
 * what counts (trim), what parts equals (tie, tie_last) and from how many
 * points an entry may win. Points of a criterion are whole; scores are in
 * thousandths of a point (`milli`).
 */
#ifndef YJY_ROUND_H
#define YJY_ROUND_H

#include "workflow/selection.h"

struct band_in {
	int64_t		 from_value, points_milli;
};

struct criterion_in {
	const char	*code, *title;
	int64_t		 max_points;
	const char	*by;		/* data, reviewers or defence (答辩) */
	const char	*measure;	/* of by data: what is measured */
	struct list_of	 bands;		/* of by data: struct band_in, rising */
	const char	*evidence;
};

/* A list of words comes as [{"code": …}], so that each has its pointer. */
struct code_in {
	const char	*code;
};

struct round_in {
	const char	*policy_code, *title;
	int64_t		 year;
	const char	*county_code;		/* NULL: the city's */
	struct list_of	 counties;		/* struct code_in; none: all of the owner's */
	const char	*entrants;
	int64_t		 quota;
	int32_t		 opens_on, closes_on;
	struct list_of	 requires;		/* struct code_in */
	struct list_of	 criteria;		/* struct criterion_in */
	int64_t		 min_points;
	int64_t		 reviewers;		/* of each entry; 0: the data alone score */
	bool		 blind, trim;
	struct list_of	 tie;			/* struct code_in: criteria, first to last */
	const char	*tie_last;		/* lot or joint */
	int64_t		 notice_working_days;
	int64_t		 instalments;		/* 0: one */
};

extern const struct field	round_in_fields[];
extern const struct shape	round_shape[];

/* True: it is sound, *counties a text[] literal and *document JSON. False: *said is the reply. */
bool	round_check(struct call *, const struct round_in *, const char **counties,
	    const char **document, int *said) MUST_CHECK;

#endif
