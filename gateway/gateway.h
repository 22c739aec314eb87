/*
 * gateway.h -- what the files of the only public door share.
 *
 *	gateway.c	the program's table
 *	enter.c		one request: judged at the door, then passed or refused
 *	confirm.c	is a verified token still good, when revocations are not heard
 *	routes.c	which path belongs to which service; its pool and figures
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
#include "http/errors.h"
#include "http/http.h"

#define CLASSES	6	/* by first digit of the status */

/* One service behind the door. */
struct backend {
	const char	*name;
	int		 address;	/* enum conf_id */
	struct upstream	*pool;		/* NULL: no address set */
	struct metric	 requests[CLASSES], took, failed;
	char		 labels[CLASSES][64];
	char		 label[40];
};

struct prefix {
	const char	*path;		/* whole segments */
	size_t		 len;
	size_t		 backend;	/* row of backends */
	bool		 open;		/* judges its callers itself: no token check here */
};

/* What the door looks at, found in one walk over a head. */
struct door_heard {
	struct span	authorization, forwarded, traceparent, language, encoding;
	struct span	origin, wants_method;	/* of a page; a preflight's */
	unsigned int	nauthorization;
	bool		named;		/* Connection names headers of its own */
};

/* One request on its way through; lives in the exchange's arena. */
struct pass {
	struct exchange		*x;
	const struct http1_head	*head;
	struct arena		*arena;
	const struct prefix	*prefix;	/* NULL: not routed */
	struct backend		*backend;	/* NULL: not routed */
	struct door_heard	 heard;
	struct span		 more;		/* lines every reply to it carries */
	enum { CODING_ANY, CODING_PLAIN, CODING_GZIP } coding;	/* ANY: does not depend on it */
	struct gzip		*gzip;		/* the reply's compressor, or NULL */
	bool			 events;	/* the reply is an event stream */
	struct principal	 who;
	bool			 known;		/* `who` was verified */
	struct span		 client;	/* numeric address of the caller */
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
const struct prefix *route_of(struct span path);	/* NULL: nobody serves it */
struct backend *backend_at(size_t i);			/* NULL behind the last */
void	backend_count(struct backend *, int status, int64_t took_us);

/* ---- revocations ---- */
enum confirmed { CONFIRMED, CONFIRM_DEAD, CONFIRM_UNKNOWN };
/* May ask identity (coroutine); then who->confirmed_us moves. UNKNOWN: for too long. */
enum confirmed confirm(struct principal *);

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
