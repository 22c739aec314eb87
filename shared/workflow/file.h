/*
 * file.h -- files handed in (附件): taken, kept sealed, given out, swept.
 *
 * Every schema has `file` and `file_piece` (sql/platform/060). A service mounts
 * routes of its own: an upload whose row says .raw_body and LIMIT_IMPORT and
 * whose handler checks what the file is for, then calls file_keep(); a download
 * whose handler is file_send(); a DELETE whose handler is file_drop(). Uploads
 * name the file in the query (file_query_fields).
 *
 * Taken are PDF, JPEG and PNG by their bytes (file_type.h) up to
 * YJY_FILE_MAX; given out as an attachment of no type that a browser would show,
 * but for pictures that are there to be seen (file_show). What is never
 * submitted is swept after YJY_FILE_LOOSE_DAYS.
 */
#ifndef YJY_FILE_H
#define YJY_FILE_H

#include "http/call.h"

/* What the query of an upload says. */
struct file_query {
	const char	*slot;		/* what it proves: a code of the thing it is for */
	const char	*name;		/* as its owner calls it */
};
extern const struct field	file_query_fields[];
extern const struct shape	file_shape[];

/* Whom and what a new file is for; one of person and org owns it. */
struct file_for {
	const char		*subject_kind;
	struct uuid		 subject;
	const struct uuid	*person, *org;
	const char		*county, *area;		/* area may be NULL */
	int32_t			 keep_until;		/* DAY_NONE: as long as its thing */
};

/* Takes the body: the reply is made, 201 with file_shape or a refusal. Returns what the handler does. */
int	file_keep(struct call *, const struct file_query *, const struct file_for *);
int	file_send(struct call *);		/* c->id: the file. media "application/octet-stream" */
int	file_show(struct call *);		/* the same, pictures as pictures: for what everybody may see. any media */
int	file_drop(struct call *);		/* c->id; 409 once submitted */
/* What is attached to the thing stays now. -1: database. */
int	file_lock(struct db *, const struct uuid *subject) MUST_CHECK;
void	file_sweep(void);			/* a job: svc_every("<service>.files", FILE_SWEEP_MS, file_sweep) */
#define FILE_SWEEP_MS	3600000

#endif
