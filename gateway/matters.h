/*
 * matters.h -- what the files of 一网通办 share: the door's own routes, served
 * by the dispatcher like a service's, without a database.
 *
 *	served.c	routes of the services, by name, from their documents
 *	fan.c		services asked in the caller's name, one or all of them
 *	matter.c	/v1/matters
 *	submit.c	one submission: form in, the route's own request out
 *	cases.c		/v1/cases
 *	accesses.c	/v1/me/accesses
 *	messages.c	/v1/messages
 *	bundle.c	/v1/bundles: one form, several matters
 */
#ifndef YJY_MATTERS_H
#define YJY_MATTERS_H

#include "gateway.h"
#include "http/call.h"
#include "json/json.h"
#include "workflow/matter.h"

/* ---- served.c ---- */
/* The route of a matter as its service describes it. */
struct served {
	const struct matter	*matter;
	char			*method;	/* "POST"; NULL: the service has not said yet */
	char			*path;		/* "/v1/jobs/vacancies/{id}/applications" */
	char			*form;		/* JSON Schema of the form, path members included */
	uint32_t		 callers;	/* enum role bits */
	bool			 has_body;
};

/* Reads the documents anew; `docs` in the order of the backends, NULL where there is none. */
void	served_read(struct json *const *docs);
const struct served *served_of(const struct matter *);
/* Is this caller among those the route admits? 0, or the status of the refusal made. */
int	served_admits(struct call *, const struct served *);

/* ---- fan.c ---- */
/* A request in the caller's name: the token, language, request id and trace go along. */
struct ask {
	const char	*service;
	enum method	 method;
	const char	*path;		/* with its query */
	const char	*key;		/* Idempotency-Key, or NULL */
	const char	*body;		/* JSON, or NULL */
};

/* -1: no reply, after a change its outcome is unknown. */
int	fan_ask(struct call *, const struct ask *, struct http_result *) MUST_CHECK;
/* 503: the service that was asked does not answer. */
int	fan_down(struct call *);
/*
 * GET `path` of all services at once, lists merged by `id`, newest first; the
 * services take `before` and `limit`. `put` makes an item for the outside, or
 * NULL as it is. Replies, and names in `incomplete` whoever did not answer.
 */
int	fan_list(struct call *, const char *path, const char *query,
	    const char *(*put)(struct call *, const char *item));
/* Where a mistake lies for the caller: a pointer into the route's body made one into the form. */
struct fan_place {
	const char	*(*place)(struct arena *, const void *arg, const char *pointer);
	const void	*arg;
};
/* The reply of a service that refused, in the caller's terms; without a place pointers stay. */
const char *fan_problem(struct call *, const struct http_result *, const struct fan_place *);
/* Answers with fan_problem(). */
int	fan_refuse(struct call *, const struct http_result *, const struct fan_place *);
/* A header of the reply; empty: none. */
struct span fan_header(const struct http_result *, const char *name);

/* ---- submit.c ---- */
struct submission {
	const struct served	*served;
	const struct json	*form;
	const char		*part;	/* makes the key of its own, with the caller's */
};

struct submitted {
	struct http_result	 reply;	/* status 0: none came */
	const char		*missing;	/* member that the path wants and is no UUID; NULL: sent */
	const char		*case_no, *case_state;	/* of a success */
};

/* Sends the form to its route. -1: no reply; 0: see `out`. */
int	submit(struct call *, const struct submission *, struct submitted *out) MUST_CHECK;
/* The answer to a success: the case and what the route said. */
int	submit_reply(struct call *, const struct matter *, const struct submitted *);
/* 404 with the matters whose codes or names are near to the one asked for. */
int	refuse_unknown_matter(struct call *);
/* The key of one part, the same whenever it is asked for again. */
void	key_derive(const char *key, const char *part, char out[UUID_TEXT]);

extern const struct route	matter_routes[], door_case_routes[], bundle_routes[],
				access_routes[], door_message_routes[];
void	matter_put(struct json_out *, const struct matter *, bool whole);

#endif
