/*
 * apply.h -- what the files about applications (申请) share.
 */
#ifndef SUBSIDIES_APPLY_H
#define SUBSIDIES_APPLY_H

#include "subsidies.h"

extern const struct shape	application_full_shape[];

/* "{1,2}" from a JSON list of whole numbers, NULL from NULL. False: *said has the refusal. */
bool	numbers_read(struct call *, const char *json, const char **array, int *said) MUST_CHECK;
int	application_reply(struct call *, int status);	/* the one of the path, whole */
void	apply_judged(void);		/* a job: what was accepted and judged goes on */

#endif
