/*
 * welfare.h -- what the files of the posts of public welfare share.
 */
#ifndef JOBS_WELFARE_H
#define JOBS_WELFARE_H

#include "jobs.h"

/* An officer's yes or no. */
struct welfare_judge_in {
	bool		 pass;
	const char	*note;		/* may be NULL */
};

extern const struct field	welfare_judge_fields[];

/* For whom a post or a workshop is proposed, and where it lies. */
struct unit {
	const struct uuid	*org;
	const char		*county;
};
/* A unit for itself, a clerk for the unit it names in its own area. 0, or the refusal made. */
int	unit_named(struct call *, const struct uuid *org_id, const char *area_code, struct unit *) MUST_CHECK;

#endif
