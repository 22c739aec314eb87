/*
 * dispatch_priv.h -- what the files of the dispatcher share: a route with all
 * that start-up worked out (struct endpoint) and one request with its reply in
 * the making (struct http_reply_).
 *
 * A gate returns 0 to let the request through; otherwise it has put a reply
 * into `out` and returns its status.
 */
#ifndef YJY_DISPATCH_PRIV_H
#define YJY_DISPATCH_PRIV_H

#include "base/buf.h"
#include "base/log.h"
#include "base/metric.h"
#include "http/call.h"
#include "http/dispatch.h"

#define HEADERS_OUT	12	/* lines a handler may add */
#define FIELDS_MAX	64	/* rows of a field table: presence is one word */
#define MEANT_MOST	8	/* fields with suggestions */
#define CLASSES		4	/* 2xx, 3xx, 4xx, 5xx */
#define PAGE_DEFAULT	20
#define PAGE_MOST	200
#define KEY_TEXT	UUID_TEXT
#define PRINT_BYTES	32
/* Roles whose grants carry an area of office; of others only person and organisation count. */
#define ROLES_WITH_AREA	(ROLE_OFFICERS | ROLE_SYSTEM_ADMIN | ROLE_SECURITY_ADMIN | ROLE_AUDIT_ADMIN)

/* ---- start-up ---- */

enum bind_from {
	BIND_PARAM, BIND_NEW_ID, BIND_CALLER_PERSON, BIND_CALLER_ORG, BIND_CALLER,
	BIND_LIM, BIND_AFTER, BIND_BODY, BIND_QUERY
};

/* Where one argument of a plain row's statement comes from. */
struct bind {
	enum bind_from		 from;
	enum db_type		 type;		/* of the argument */
	size_t			 index;		/* path parameter, or row of the field table */
	const struct field	*field;		/* BODY, QUERY */
};

struct endpoint {
	const struct route	*route;
	struct {
		char		*name;
		bool		 uuid;
	}			 params[CALL_PARAMS];
	size_t			 nparams;
	struct bind		*binds;		/* one an argument; NULL without a statement */
	enum db_lane		 lane;
	int			 success;
	bool			 paged;		/* takes limit and cursor */
	bool			 exports;	/* is also a file */
	bool			 shows_person, shows_county, shows_id;	/* members of its reply */
	bool			 optional_numbers; /* arguments that are NULL when the member is absent */
	const struct field	*limit_field, *cursor_field;	/* copies in the query struct, or NULL */
	struct metric		 requests[CLASSES], took, live;
	struct withdrawn	*withdrawn;	/* from which roles, where (rights.c); NULL: nothing */
};

/* Works out an endpoint; adds a line to `report` for each thing unsound. */
void	endpoint_init(struct endpoint *, const struct route *, struct buf *report);
void	endpoint_release(struct endpoint *);
void	endpoint_metrics(struct endpoint *, size_t n);
void	bind_plan(struct endpoint *, struct buf *report);
/* All rows in the order of their tables. */
struct endpoint *dispatch_endpoints(size_t *n);
const char *dispatch_service(void);
const char *scope_name(enum scope);
const char *limit_name(enum limit);
const char *method_name(enum method);

/* ---- matching ---- */

struct route_node;

struct route_match {
	struct endpoint	*endpoint;	/* NULL: nothing answers this method here */
	uint32_t	 methods;	/* bits (1 << enum method) that would be answered */
	struct span	 params[CALL_PARAMS];
	size_t		 nparams;
};

int	route_add(struct route_node **, struct endpoint *) MUST_CHECK;	/* -1: taken */
bool	route_find(const struct route_node *, enum method, struct span path, struct route_match *);
void	route_free(struct route_node **);
bool	param_is_uuid(const char *name);

/* ---- one request ---- */

/* The headers the gates look at, found in one walk. */
struct heard {
	struct span	authorization, language, traceparent, request_id, key,
			content_type, forwarded;
	unsigned int	nauthorization, nkey;
};

/* What a handler tells the audit trail. */
struct audit_notes {
	const char	*object, *account, *reason;
	struct uuid	*shown;		/* whom a file is about */
	size_t		 nshown;
	bool		 done;		/* the row goes with the change */
};

/* A list asked for as a file. */
struct export_in {
	const char	*format;	/* "csv" or "xlsx"; NULL: a page of it */
	const char	*purpose;
};

struct out_line {
	const char	*name, *value;
};

struct meant {
	const char			*pointer;
	const struct call_near		*near;
	size_t				 n;
};

struct http_reply_ {
	struct call		 call;
	struct exchange		*x;
	struct endpoint		*endpoint;
	struct heard		 heard;
	struct principal	 principal;
	struct db		 db;
	struct page_in		 page;
	struct export_in	 asked;
	struct export		*export;	/* the file in the making */
	const char		*after;		/* what the cursor holds; NULL: first page */
	uint64_t		 body_seen, query_seen;	/* bit i: row i of the field table was given */
	uint64_t		 page_seen;	/* the same of `limit` and `cursor` */
	bool			 have_body;	/* call.raw is the whole body */
	bool			 gone;		/* the client left: nobody to reply to */
	char			 key[KEY_TEXT];	/* Idempotency-Key in use, or "" */
	uint8_t			 print[PRINT_BYTES]; /* fingerprint under that key */
	bool			 replayed;	/* the reply is an earlier one */
	bool			 ending;	/* the handler is through */
	bool			 streamed;	/* the head has been sent */
	struct span		 address;	/* of the caller, from the door; empty: not known */
	struct audit_notes	 audit;
	const char		*error;		/* code of the refusal */
	struct meant		 meant[MEANT_MOST];	/* by the fields at fault */
	size_t			 nmeant;
	struct span		 door_lines;	/* header lines the door adds */
	int			 status;	/* 0: no reply yet */
	const char		*type;
	const void		*bytes;
	size_t			 len;
	struct out_line		 lines[HEADERS_OUT];
	size_t			 nlines;
	char			 caller[UUID_TEXT];	/* for the log */
	struct log_context	 log;			/* of the handler's lines */
	int64_t			 start_us;
};

void	head_hear(const struct http1_head *, struct heard *);
bool	head_prefers_english(struct span);
/* 32 hex digits of a valid traceparent, else of the request id. */
void	head_trace(struct span traceparent, const char *request_id, char out[33]);
bool	head_is_json(struct span content_type);

int	gate_authenticate(struct call *);
int	gate_authorise(struct call *);
int	gate_outlet(struct call *);	/* of gate_authorise(): what the clerk's outlet may handle */
int	outlets_set(const struct json *) MUST_CHECK;
void	rights_narrow(struct call *);	/* the caller without what was withdrawn */
int	gate_limit(struct call *);
int	gate_export(struct call *);	/* how often; inside export_serve() */
int	gate_idempotency(struct call *);
int	gate_decode(struct call *);
/* Looks its key up in a new transaction: 0, or the status of the reply. */
int	idempotency_renew(struct call *);

/* limit and cursor as every list takes them, of struct page_in. */
const struct field *decode_page_fields(void);
/* The same of the two that a list takes besides which is also a file. */
const struct field *decode_export_fields(void);
/* Sets the page to be asked for next, also where the handler looks for it. */
void	decode_page_set(struct call *, const char *after);
/* Reads the body once; later calls find it there. */
int	decode_body_bytes(struct call *);
/* Log lines about this request: log_set_context(NULL) when they are written. */
void	dispatch_log_begin(const struct call *);
void	dispatch_log_context(const struct call *, struct log_context *);
void	reply_send(struct http_reply_ *);
/* The lines of its head, without framing. */
char	*reply_lines_text(struct http_reply_ *, size_t *len);
int	reply_bytes_set(struct call *, int status, const char *type, const void *, size_t);
int	problem_reply(struct call *, enum error_code, const struct json_errors *, const char *detail);
bool	dispatch_has_database(void);
void	bind_args(struct call *, struct db_args *);
int	bind_run(struct call *, struct db_rows *) MUST_CHECK;
/* Runs the insert that remembers the reply, and commits with it. */
int	idempotency_store(struct call *) MUST_CHECK;
/* After a refusal: the reply of an equal request that ended meanwhile, if there is one. */
void	idempotency_again(struct call *);

/* ---- export.c ---- */

int	export_serve(struct call *);
int	export_page(struct call *, const char *const *items, size_t n, const char *after);
/* Runs the row's handler or statement: the reply is made, whatever came. */
void	dispatch_handle(struct call *);

/* ---- audit.c ---- */

bool	audit_ahead(struct call *);	/* the next statement may carry the commit */
int	audit_commit(struct call *) MUST_CHECK;
void	audit_after(struct call *);
void	audit_part(struct call *);	/* those noted by now were shown, and more will be */
void	audit_args(struct call *, struct db_args *);

/* ---- limits ---- */

struct limit_state {
	const char	*name;
	int64_t		 quota, window_s;
	int64_t		 wait_s;	/* until the next request is let through */
};

uint64_t limit_key(enum limit, const void *who, size_t len);
bool	limit_take(enum limit, uint64_t who, int64_t now_us, struct limit_state *);

/* ---- cursors ---- */

void	cursor_init(const void *key, size_t len);	/* NULL: a key of this process */
char	*cursor_seal(struct arena *, const char *list, const char *content);
const char *cursor_open(struct arena *, const char *list, const char *text);	/* NULL: not ours */

#endif
