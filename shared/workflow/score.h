/*
 * score.h -- the ranking of a selection round, as exact arithmetic on integers.
 *
 * Input and output are JSON texts that are kept: equal input gives equal output
 * byte for byte, whatever the order of equals in it was. Points are in
 * thousandths (`milli`), never negative.
 *
 * In: {reviewers, trim, min_milli, tie: [{code}], tie_last: lot|joint, entries: [
 *   {entry_id, lot, data: [{code, milli}], reviews: [{review_id, scores: [{code, milli}]}]}]}.
 * An entry's score is its data's points plus the mean of its reviews' totals;
 * with `trim` the lowest and the highest total are left out first. Entries are
 * compared by exact quotients, then criterion by criterion in the order of
 * `tie`, then by `lot`; under `joint` equals keep one rank for people to part.
 * Out: {entries: [{entry_id, rank, score_milli (rounded down), data_milli,
 * reviews_milli (sum), counted, dropped: [review_id], passed, tied, by}]}.
 */
#ifndef YJY_SCORE_H
#define YJY_SCORE_H

#include "base/arena.h"

enum score_fault {
	SCORE_OK,
	SCORE_INPUT,		/* not the shape above */
	SCORE_FEW,		/* an entry has not the number of reviews asked for */
	SCORE_OVERFLOW		/* beyond 64 bits */
};

/* *output lives in the arena; untouched unless SCORE_OK. */
enum score_fault	score_rank(struct arena *, const char *input, const char **output) MUST_CHECK;

#endif
