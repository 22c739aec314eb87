/*
 * institution.h -- what the files of institutions, courses, trainers and
 * agreements share: lists of occupations, and answers of the other side.
 */
#ifndef YJY_TRAINING_INSTITUTION_H
#define YJY_TRAINING_INSTITUTION_H

#include "training.h"
#include "codes/codes.h"

#define OCCUPATIONS_MAX	200	/* of one licence */

/* One row of a list of occupations. */
struct occupation_row {
	const char	*occupation_code;	/* exact, or a class above it: 6-31 */
	int64_t		 level;			/* the highest; 0: any */
	int64_t		 headcount;		/* agreements only */
};

/* A yes or no with a word about it. */
struct answer_in {
	bool		 accept;
	const char	*note;
};

struct note_in {
	const char	*note;
};

/* Exact code of an occupation, or of a class above it: 0 or ERR_F_OCCUPATION. */
int		 check_occupation_class(const char *);
/* The member `name` of the body, a list that was decoded, as JSON text; NULL: absent. */
const char	*body_list_text(struct call *, const char *name);

extern const struct field	licensed_fields[];	/* code and highest level */
extern const struct field	answer_fields[];
extern const struct field	note_fields[];
extern const struct shape	licensed_shape[];

#endif
