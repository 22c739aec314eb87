/* audit_priv.h -- one row of the trail, on its way from request to table. */
#ifndef YJY_AUDIT_PRIV_H
#define YJY_AUDIT_PRIV_H

#include "http/audit.h"
#include "http/dispatch_priv.h"

#define AUDIT_PEOPLE	2000	/* named by one reply at most */
#define AUDIT_COUNTY	7

struct audit_row {
	struct uuid	 actor;			/* nil: nobody signed in */
	const char	*roles;			/* names, comma separated; NULL: none */
	const char	*object;
	const char	*account, *error;
	char		 county[AUDIT_COUNTY];
	char		 found[UUID_TEXT];	/* the object, when only the reply says it */
	struct uuid	 request;
	int		 status;
	struct uuid	*people;
	size_t		 npeople;
};

/* ---- audit_find.c: compact or spaced JSON text, members at any depth ---- */

/* Up to `room` different UUIDs that are members of this name. */
size_t	find_uuids(struct span json, const char *member, struct uuid *, size_t room);
/* The first text member of this name; false: none, or over `size`. */
bool	find_text(struct span json, const char *member, char *out, size_t size);
bool	shape_names(const struct shape *, const char *member);

/* ---- audit_queue.c ---- */

void	audit_queue_start(void);
/* Takes a copy of the JSON text of one row. */
void	audit_queue_add(const char *json, size_t len);

#endif
