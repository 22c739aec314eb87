/*
 * host.h -- between Kore's hooks and svc.c. Apart from svc_priv.h because
 * kore.h brings OpenSSL's names, which clash with our error codes.
 */
#ifndef YJY_HOST_H
#define YJY_HOST_H

#include "base/base.h"

int	kore_host_run(int argc, char **argv);	/* becomes Kore's parent; exit code */
void	svc_worker_start(void);			/* called by Kore in the worker */
void	svc_worker_stop(void);
bool	svc_draining(void);
void	trim_parent(void);			/* notes what may be dropped; drops it soon */
void	trim_code(void);
void	trim_worker(void *);

#endif
