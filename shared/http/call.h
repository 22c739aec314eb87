/*
 * call.h -- one request being served, and the row that describes it.
 *
 * A request enters at http_dispatch() and leaves at http_reply(). Between
 * them the same gates in one order: match, authenticate, authorise, limit,
 * idempotency, decode, handler, reply; then count and log. Only call_reject()
 * makes an error reply (problem+json, RFC 9457, in the caller's language).
 *
 * The plain case needs no function: a row with `.stmt` binds each of the
 * statement's arguments by name from, in this order: a path parameter, `new_id`
 * (a fresh UUIDv7), `caller_person`, `caller_org`, `caller` (subject), `lim`
 * (page size + 1), `after` (cursor content), a body field, a query field. A
 * name that resolves to nothing stops the service at start. The reply is the
 * statement's single column `reply` (JSON text): no row is 404, for
 * `.list = true` each row has `reply` and `cursor` and becomes
 * {"items":[…],"next_cursor":…} with a signed cursor.
 *
 * A handler runs on a coroutine with c->body and c->query decoded and bounded.
 * GET handlers read on the shared lane; others run in one transaction which
 * the dispatcher commits, together with the idempotency record, when the
 * handler returns success and rolls back otherwise. `db_commit(c->db)` in the
 * middle starts a second transaction at the next statement.
 *
 * A list of officers (SCOPE_AREA), or with `.exports`, is also a file: ?format=csv
 * or xlsx (or Accept) asks the same row page by page, with the same rights and
 * scope; columns are the members of `reply` under their help, words of `.codes`
 * with their labels, what only a machine reads last. It is limited
 * (LIMIT_EXPORT) and kept in the trail with its rows and `purpose`, which must
 * be given where the row opens personal data.
 *
 * Every change, refusal, sign-in and read of personal data is written to the
 * service's audit trail by the dispatcher (audit.h); a row says `.opens`.
 */
#ifndef YJY_CALL_H
#define YJY_CALL_H

#include "auth/auth.h"
#include "base/arena.h"
#include "db/db.h"
#include "http/errors.h"
#include "http1/http1.h"
#include "json/json.h"

/* What row-level security is told about the caller. */
enum scope {
	SCOPE_UNSET,		/* a row left like this stops the service */
	SCOPE_PUBLIC,		/* nothing personal behind it: no scope is set */
	SCOPE_PERSON,		/* app.person: the caller's own */
	SCOPE_ORG,		/* app.org: the caller's organisation's own */
	SCOPE_AREA,		/* app.areas: of the roles this row admits */
	SCOPE_OUTLET,		/* app.outlet: what was done at the clerk's own outlet */
	SCOPE_CALLER,		/* whichever of the first three the caller has, and an officer's desks */
	SCOPE_INTERNAL		/* service token only; <schema>_system */
};

/* LOOKUP: something public asked for by its number; few a minute, so that none is guessed. */
enum limit { LIMIT_NONE, LIMIT_READ, LIMIT_WRITE, LIMIT_LOGIN, LIMIT_IMPORT, LIMIT_LOOKUP, LIMIT_EXPORT };

enum key_rule { KEY_OPTIONAL, KEY_REQUIRED, KEY_NONE };	/* Idempotency-Key on POST */

enum shape_type {
	SHAPE_T_TEXT, SHAPE_T_INT, SHAPE_T_BOOL, SHAPE_T_UUID, SHAPE_T_DAY,
	SHAPE_T_INSTANT, SHAPE_T_JSON, SHAPE_T_OBJECT, SHAPE_T_LIST
};

/* Reply schema: rows ended by SHAPE_END; replies are checked against it in tests. */
struct shape {
	const char		*name;
	enum shape_type		 type;
	bool			 nullable;	/* may be null or absent */
	const char		*codes;		/* TEXT, INT, LIST of text: the code list its words are of; several
						   with spaces: the first that knows it (codes.h) */
	const struct shape	*of;		/* OBJECT, LIST (NULL: list of text) */
	const char		*help;
};
#define SHAPE_END	{ .name = NULL }

struct call;

struct input {
	const struct field	*fields;
	size_t			 size;
};
#define INPUT(s, f)	{ .fields = (f), .size = sizeof(struct s) }

struct route {
	const char		*name;		/* resource_verb; handler, statement and test share it */
	enum method		 method;
	const char		*path;		/* "/v1/jobs/vacancies/{id}"; {x} is a UUID unless it ends in _code, _no or _name */
	uint32_t		 callers;	/* enum role bits */
	enum scope		 scope;
	enum org_right		 right;		/* that who acts for an organisation must have; 0: any member */
	const char		*action;	/* "jobs.vacancy.open" */
	struct input		 body, query;
	bool			 any_query;	/* handler reads c->head->query (OAuth ignores what it does not know) */
	bool			 raw_body;	/* handler reads c->raw (files, forms) */
	bool			 list;
	const struct shape	*reply;
	const struct shape	*extra;		/* of a list: members beside its items */
	const char		*media;		/* type of a reply that is not JSON */
	bool			 leads_away;	/* a page: may answer 303, and refuse with a page too */
	int			 success;	/* status; 0: 200 for GET, 201 for POST, 200 otherwise */
	int			 also;		/* another success: 202, where not all is done yet */
	const struct db_stmt	*stmt;
	int			(*handler)(struct call *);
	const char		*emits;		/* event type, or several with spaces */
	const char		*opens;		/* shows personal data of others: OPENS_… or a member's name */
	enum limit		 limit;
	enum key_rule		 key;
	bool			 secret_reply;	/* kept under its Idempotency-Key only sealed */
	enum db_lane		 lane;		/* DB_SLOW for long work; otherwise left alone */
	const char		*matter;	/* "JB-01": success opens a case (workflow/case.h) */
	bool			 partial;	/* a list that may lack services, named in `incomplete` */
	bool			 exports;	/* a list of others than officers: also a file */
	const char		*zh, *en;	/* summary */
};
#define ROUTE_END	{ .name = NULL }

/*
 * A read that shows personal data of people other than the caller says so, and
 * by which member of the reply, at any depth, they are found; the audit trail
 * names them, and they can read about it. A GET with such a reply that does not
 * say it stops the service.
 */
#define OPENS_PERSON	"person_id"
#define OPENS_UNNAMED	""		/* personal data, and nobody's id with it */
#define OPENS_OTHERS	"-"		/* the same, and never the caller's own */

#define CALL_PARAMS	4

struct call {
	const struct route	*route;
	struct arena		*arena;
	struct db		*db;
	struct principal	*principal;	/* zeroed for anyone */
	const void		*body;		/* decoded struct of route->body */
	const void		*query;		/* decoded struct of route->query */
	struct span		 raw;		/* body bytes as received */
	const struct http1_head	*head;		/* copied: survives the connection */
	struct uuid		 id;		/* first path parameter, when a UUID */
	struct {
		const char	*name;
		const char	*text;
	}			 params[CALL_PARAMS];
	size_t			 nparams;
	bool			 english;	/* Accept-Language prefers en */
	char			 request_id[UUID_TEXT];
	char			 trace_id[33];
	char			 area[13];	/* for the log; handlers may set it */
	struct http_reply_	*out;		/* private to the dispatcher */
};

/* ---- what a handler returns: always one of these ---- */
int	call_reply(struct call *, int status, const char *json);	/* json lives in the arena or is static */
int	call_reply_row(struct call *, int status, const struct db_rows *);	/* column `reply`; no row: 404 */
int	call_reply_bytes(struct call *, int status, const char *type, const void *, size_t);
int	call_reject(struct call *, enum error_code, const char *pointer);
int	call_reject_detail(struct call *, enum error_code, const char *pointer, const char *detail);
int	call_reject_fields(struct call *, const struct json_errors *);
/* What may have been meant by a field that is refused, likeliest first: before the refusal. */
struct call_near {
	const char	*code, *name;
};
void	call_meant(struct call *, const char *pointer, const struct call_near *, size_t);
int	call_failed(struct call *);	/* after a db function returned -1 */

/*
 * The next statement ends the transaction: it, the audit trail's row and the
 * commit leave in one trip. For a handler that has nothing to undo after it;
 * with an Idempotency-Key the dispatcher still commits, for the key goes with
 * it, and so it does when only the reply tells what the row has to say.
 */
void	call_last(struct call *);

/*
 * ---- a reply given piece by piece ----
 * For a GET on its own coroutine. Until call_stream() the handler may still refuse;
 * after it the reply is 200, and ends when the handler returns, or is cut. To HEAD
 * everything is sent and nothing arrives: the handler returns at once.
 */
int	call_stream(struct call *, const char *type) MUST_CHECK;	/* -1: the client has left */
int	call_stream_send(struct call *, const void *, size_t) MUST_CHECK;	/* waits for who is slow; -1: left */
bool	call_stream_gone(const struct call *);	/* left, or sends us nothing more */
void	call_stream_cut(struct call *);		/* so that nobody takes the part for the whole */
/* The caller's token is still good, and still admitted by the row. */
bool	call_still(struct call *);

/* ---- for the audit trail (audit.h), which writes itself ---- */
void	call_object(struct call *, const struct uuid *);	/* what is made; before call_last() */
void	call_account(struct call *, const char *name);	/* who somebody says to be; kept as a keyed hash */
/* Somebody whose data is in a reply that is no JSON (a file); each once. */
void	call_shown(struct call *, const struct uuid *person);
void	call_reason(struct call *, const char *);	/* why; in the arena. Readers of the trail see it */
void	call_header(struct call *, const char *name, const char *value);
const char *call_param(const struct call *, const char *name);	/* path parameter */
struct uuid call_param_uuid(const struct call *, const char *name);
/* The caller's areas for this route, comma separated, as sent to app.areas. */
const char *call_areas(const struct call *);
/* True when the county is within the areas the row's roles give the caller. */
bool	call_in_area(const struct call *, const char *area_code);

/* The caller's Idempotency-Key, or "". */
const char *call_key(const struct call *);
/* The numeric address of the caller, as far as it can be believed. */
const char *call_address(struct call *, size_t *len);
/* The body of the reply made so far. */
struct span call_replied(const struct call *);
int	call_status(const struct call *);	/* of that reply; 0: none yet */

/* ---- lists built by hand ---- */
int	call_reply_list(struct call *, const struct db_rows *, int64_t limit);	/* columns reply, cursor */
/* `n` JSON texts; `after` is what the next page continues behind, NULL: none follows. */
int	call_reply_page(struct call *, const char *const *items, size_t n, const char *after);
/* The same of a row with `.extra`; `members`: a JSON object of them, {"total":…}. */
int	call_reply_page_with(struct call *, const char *const *items, size_t n, const char *after,
	    const char *members);
/* The same of a `.partial` row; `missing`: JSON list of the services it lacks. */
int	call_reply_partial(struct call *, const char *const *items, size_t n, const char *after,
	    const char *missing);
/* What the list continues behind, from its cursor; NULL: the first page. */
const char *call_after(const struct call *);
int64_t	call_limit(const struct call *);	/* rows of a page */
/* Page input for lists: put these two in the query struct. */
struct page_in {
	int64_t		 limit;		/* 1..200, default 20 */
	const char	*cursor;	/* signed; decoded into `after` by the dispatcher */
};

#endif
