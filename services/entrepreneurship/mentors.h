/*
 * mentors.h -- what the files about studios, mentors and founders share: who
 * may run a studio, the shapes several of them show.
 */
#ifndef YJY_MENTORS_H
#define YJY_MENTORS_H

#include "entrepreneurship.h"

/* Those who act for an organisation. */
#define ROLE_ORGS	(ROLE_EMPLOYER | ROLE_INSTITUTION | ROLE_CARRIER)
/* Codes of a list travel as JSON: [ "plan", "tax" ]. */
#define WORDS_BYTES	200

extern const char *const	mentor_fields[];	/* what is advised on */

struct county_query {
	const char	*county_code;
};
extern const struct field	county_query_fields[];

struct state_query {
	const char	*state, *county_code;
};

#endif
