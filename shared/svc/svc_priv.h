/* svc_priv.h -- what the files of svc share. */
#ifndef YJY_SVC_PRIV_H
#define YJY_SVC_PRIV_H

#include "svc/host.h"
#include "svc/svc.h"

extern const struct svc	*svc_self;		/* the program's table */
extern const struct route svc_routes[];		/* health.c */

bool	svc_ready(void);			/* health.c: what /readyz says */
void	keys_start(void);
void	jobs_start(void);
void	field_keys_watch(void);	/* field_keys.c */
void	revocations_listen(void);	/* before events are started */
void	revocations_start(void);
void	rights_listen(void);		/* before events are started */
void	rights_start(void);
const char *feed_name(enum svc_feed);

#endif
