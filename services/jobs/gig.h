/*
 * gig.h -- what the files of the gig market and of the public-welfare posts
 * share: the code shown at a place of work, and shapes on the wire.
 *
 * The code is six digits of a keyed hash over the post and the minute, so that
 * nothing of it is stored; that of the minute before is good too.
 */
#ifndef JOBS_GIG_H
#define JOBS_GIG_H

#include "http/call.h"

#define GIG_CODE	7	/* six digits and NUL */
#define GIG_STEP_S	60	/* a code is shown for so long */
#define GIG_TRIES	10	/* wrong codes before only a clerk can help */

extern const struct shape	gig_shape[];
extern const struct shape	gig_code_shape[];

/* The code of the minute `back` minutes ago (business time). */
void	gig_code(struct call *, const struct uuid *post, int back, char out[GIG_CODE]);
bool	gig_code_ok(struct call *, const struct uuid *post, const char *said);
int	gig_code_reply(struct call *, const struct uuid *post);	/* what a handler returns */

#endif
