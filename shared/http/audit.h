/*
 * audit.h -- the audit trail of a service (等保 8.1.4.3): who did, read or was
 * refused what. Nobody writes it by hand: the dispatcher does, from the row,
 * the verified token and the reply.
 *
 *   audit.c        what of a request is written down, and when
 *   audit_find.c   whom and where it was about: members of the reply
 *   audit_queue.c  reads and refusals, in batches behind the requests
 *   audit_read.c   GET /v1/<service>/audit and /v1/<service>/me/accesses
 *   audit_seal.c   the chain over what was written
 *
 * A change is acknowledged only when its row is committed: it is part of the
 * same transaction and, when all of it is known beforehand, of the same trip.
 * Reads of personal data (route.opens), refusals and sign-ins that changed
 * nothing follow within a quarter of a second; when the queue is full or the
 * database away they are counted and logged, and nobody waits for them.
 */
#ifndef YJY_AUDIT_H
#define YJY_AUDIT_H

#include "http/call.h"

void	audit_start(void);	/* once the pool is there; until then nothing is written */
bool	audit_busy(void);	/* rows wait, or are on their way */
void	audit_flush(void);	/* do not wait for more: the program stops */
void	audit_seal(void);	/* for svc_every() */
/* The rows by which the trail is read; their paths begin with the service. */
const struct route *audit_routes(const char *service);
extern const struct shape audit_access_shape[];	/* a line of …/me/accesses, here and merged at the door */

#endif
