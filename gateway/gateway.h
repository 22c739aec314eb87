/*
 * gateway.h -- what the files of the only public door share.
 *
 *	gateway.c	the program's table
 *	enter.c		one request: judged at the door, then passed or refused
 *	confirm.c	is a verified token still good, when revocations are not heard
 *	routes.c	which path belongs to which service, from the table or a file
 *	backend.c	a service's addresses, which is asked next; its figures
 *	breaker.c	an address that fails is left alone for a while
 *	origin.c	from where it came, and whether over TLS
 *	limits.c	how often one may come, over all processes
 *	headers.c	heads rewritten both ways; pure bytes
 *	cors.c		what pages of other origins may do
 *	proxy.c		a request handed to its service, and what becomes of a dead one
 *	back.c		the reply streamed back
 *	gzip.c		and made smaller for who asked
 *	problem.c	error replies of the door itself
 *	openapi.c	the services' documents made one
 *	docs.c		the page that shows it
 */
#ifndef YJY_GATEWAY_H
#define YJY_GATEWAY_H

#include "auth/auth.h"
#include "base/buf.h"
#include "base/metric.h"
#include "breaker.h"
#include "http/errors.h"
#include "http/http.h"

#define CLASSES	6	/* by first digit of the status */

#define TARGETS_MAX	8

/* One address of a service; it lives as long as the program. */
struct target {
	struct target	*next;		/* of all there ever were */
	struct backend	*backend;
	char		*address;
	struct upstream	*pool;
	struct breaker	 breaker;
	size_t		 live;		/* requests it has now */
	size_t		 place;		/* in the list it was last picked from */
};

/* One service behind the door. */
struct backend {
	char		 name[24];
	struct target	*targets[TARGETS_MAX];
	size_t		 ntargets;	/* 0: no address set */
	size_t		 turn;		/* whose turn it is among equals */
	struct upstream	*pool;		/* for calls of the door's own; NULL: no address */
	struct metric	 requests[CLASSES], took, failed, repeated, ejected;
	char		 labels[CLASSES][64];
	char		 label[40];
};

struct prefix {
	char		 path[64];	/* whole segments */
	size_t		 len;
	size_t		 backend;	/* see backend_at() */
	bool		 open;		/* judges its callers itself: no token check here */
};

/* What the door looks at, found in one walk over a head. */
struct door_heard {
	struct span	authorization, forwarded, traceparent, language, encoding;
	struct span	forwarded_by, forwarded_proto;	/* Forwarded; X-Forwarded-Proto */
	struct span	origin, wants_method;	/* of a page; a preflight's */
	unsigned int	nauthorization;
	bool		keyed;		/* with an Idempotency-Key */
	bool		named;		/* Connection names headers of its own */
};

/* One request on its way through; lives in the exchange's arena. */
struct pass {
	struct exchange		*x;
	const struct http1_head	*head;
	struct arena		*arena;
	const struct prefix	*prefix;	/* a copy; NULL: not routed */
	struct backend		*backend;	/* NULL: not routed */
	struct door_heard	 heard;
	struct span		 more;		/* lines every reply to it carries */
	enum { CODING_ANY, CODING_PLAIN, CODING_GZIP } coding;	/* ANY: does not depend on it */
	struct gzip		*gzip;		/* the reply's compressor, or NULL */
	bool			 tls;		/* it came over TLS */
	bool			 events;	/* the reply is an event stream */
	struct principal	 who;
	bool			 known;		/* `who` was verified */
	struct span		 client;	/* numeric address of the caller */
	struct span		 site;		/* what it is limited by: an address, or a /64 */
	char			 request_id[UUID_TEXT];
	char			 traceparent[56];
	char			 caller[UUID_TEXT];	/* for the log, or "" */
	char			 trace_id[33];
	int64_t			 start_us;
	int			 status;	/* of the reply; 0: none could be given */
	size_t			 bytes_out;
};

/* ---- routes ---- */
int	routes_start(void) MUST_CHECK;
void	routes_reload(void);
const struct prefix *route_of(struct span path);	/* NULL: nobody serves it */
struct backend *backend_at(size_t i);			/* NULL behind the last */

/* ---- services ---- */
void	backend_start(struct backend *);
int	backend_set(struct backend *, const char *addresses) MUST_CHECK;	/* comma separated */
bool	addresses_ok(const char *addresses);
void	backend_count(struct backend *, int status, int64_t took_us);
/* The address to ask; then answered, failed or unknown, once, and leave. */
struct target *target_pick(struct backend *, unsigned int tried);
void	target_answered(struct target *);
void	target_failed(struct target *, bool slow);
void	target_unknown(struct target *);
void	target_leave(struct target *);

/* ---- revocations ---- */
enum confirmed { CONFIRMED, CONFIRM_DEAD, CONFIRM_UNKNOWN };
/* May ask identity (coroutine); then who->confirmed_us moves. UNKNOWN: for too long. */
enum confirmed confirm(struct principal *);

/* ---- from where ---- */
void	origin_mark(struct pass *);	/* sets client and tls */
bool	origin_admit(struct pass *);	/* false: refused, and answered */
bool	origin_admit_who(struct pass *);	/* the same, once the caller is known */

/* ---- limits ---- */
void	limits_start(void);
bool	limits_admit(struct pass *);	/* false: refused, and answered */
bool	limits_refuse(struct pass *, const char *name, int64_t quota, int64_t wait_s);
struct span limits_site(struct pass *);
bool	limits_shared(void);		/* false: each process limits by itself */

/* ---- heads ---- */
void	door_hear(const struct http1_head *, struct door_heard *);
/* The request as the service will see it: framing and our own headers included. */
char	*request_head(const struct pass *, size_t *len);
/* The lines of a reply that may leave the house, without framing; ours too. */
char	*reply_lines(const struct pass *, const struct http1_head *, size_t *len);
void	reply_more(struct pass *, const char *lines);	/* for whatever reply it gets */
/* Continues a valid trace under a new span, or begins one. */
void	trace_continue(struct span traceparent, char out[56], char trace_id[33]);

/* ---- the way through ---- */
void	enter_start(void);
void	gateway_enter(struct exchange *);
void	proxy(struct pass *);		/* coroutine; leaves status and bytes_out */
void	pass_back(struct pass *, struct upcall *, const struct http1_head *);

/* ---- pages of other origins ---- */
void	cors_start(void);
void	cors_mark(struct pass *);
bool	cors_preflight(struct pass *);	/* true: it was one, and is answered */

/* ---- compression ---- */
enum gzip_how { GZIP_MORE, GZIP_PIECE, GZIP_END };

bool	gzip_wanted(struct span accept_encoding);
bool	gzip_fits(const struct http1_head *reply);
bool	gzip_whole(struct arena *, struct span, struct span *out) MUST_CHECK;
struct gzip *gzip_open(void);
void	gzip_put(struct gzip *, struct span);
struct span gzip_take(struct gzip *, enum gzip_how);	/* empty: all used up */
void	gzip_close(struct gzip *);

/* ---- replies of the door itself ---- */
/* `lines` are more header lines, or NULL. */
void	problem(struct pass *, enum error_code, const char *lines);

/* ---- documents ---- */
int	openapi_start(void) MUST_CHECK;
const char *openapi_text(size_t *len);	/* NULL: no service has answered yet */
bool	openapi_whole(void);		/* every service's part is in it, or was waited for */
int	docs_start(void) MUST_CHECK;
bool	docs_reply(struct pass *);	/* false: not a path of ours */

#endif
