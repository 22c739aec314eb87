/*
 * dispatch.h -- the route tables of a program and the one function every
 * request of a service goes through.
 */
#ifndef YJY_DISPATCH_H
#define YJY_DISPATCH_H

#include "base/buf.h"
#include "http/call.h"
#include "http/http.h"

/* `tables` is NULL-ended; each table ends with ROUTE_END. Dies on a row without
 * callers, scope, action or summary, an unresolvable statement argument, or
 * two rows for one method and path. */
void	dispatch_init(const char *service, const struct route *const *tables);
void	http_dispatch(struct exchange *);	/* http_server.enter of every service */
/* Asked to fetch the key set again when a token's key is unknown; 0: it did. */
void	dispatch_on_unknown_key(int (*refetch)(void));
/* A program without a database: its keys are only passed on. Before dispatch_init(). */
void	dispatch_without_database(void);
/* Called in the transaction of a change whose row has a matter; 0, or a refusal's status. */
void	dispatch_on_matter(int (*open)(struct call *));
/* What the door found out before: all of it is believed. */
struct dispatch_names {
	const char	*request_id, *traceparent;
	struct span	 address;
	struct span	 lines;		/* whole header lines that the reply has too */
};
void	http_dispatch_as(struct exchange *, const struct dispatch_names *);
bool	dispatch_serves(struct span path);	/* some row has this path, whatever the method */
/* Asked, when a token is sound, whether no token can be believed at the moment. */
void	dispatch_on_doubt(bool (*doubt)(void));
/* Removes idempotency keys past their time: for svc_every(). */
void	dispatch_sweep(void);
void	routes_print(struct buf *);		/* `make routes` */
void	openapi_write(struct buf *);		/* this service's part of the document */

#endif
