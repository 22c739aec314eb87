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

#endif
