/*
 * partner.h -- rows in bulk from an agency: each is decoded, judged and reported
 * on its own, and each may be sent again.
 *
 * partner_import() takes the agency's turn, walks the rows and replies the
 * report. A `take` says what became of its row; it never refuses the request
 * for a row's own fault, and no statement of it may raise one, for that would
 * undo the rows before it. All rows are one transaction.
 */
#ifndef JOBS_PARTNER_H
#define JOBS_PARTNER_H

#include "jobs.h"

#define PARTNER_REF_CHARS	60

struct partner_row {
	const char		*ref;		/* the agency's own number; NULL: none given */
	const char		*outcome;	/* created, updated, unchanged, withdrawn, refused */
	struct uuid		 id;		/* of our record; nil: none */
	const char		*state;		/* of our record; NULL: none */
	struct json_errors	 errors;	/* pointers into the row */
};

/* -1: the database failed. `text` is the row as JSON. */
typedef int	partner_take(struct call *, const struct json *, const char *text, struct partner_row *);

struct partner_in {
	const char	*rows;	/* JSON list */
};

extern const struct field	partner_in_fields[];
extern const struct shape	partner_error_shape[];	/* of a row's `errors` */
extern const struct shape	partner_counts_shape[];	/* rows by outcome */

/* `id_name`: what the report calls our record, "vacancy_id". What a handler returns. */
int	partner_import(struct call *, const char *id_name, partner_take *);

/* For a take: the row is refused for this; the pointer is of the row, "" for all of it. */
void	partner_refuse(struct partner_row *, enum error_code, const char *pointer);
/* What is known of the record a row names, and of the employer it is for. */
struct partner_known {
	const struct uuid	*record, *record_org;	/* nil record: none yet */
	bool			 org_known, mandated;
};
/* The refusals that every kind of row shares; true: the row is refused. */
bool	partner_unfit(struct partner_row *, const struct partner_known *, const struct uuid *org, bool withdrawn);
/* What the agency sent, keyed: equal for equal rows, and nothing can be read from it. */
const char *partner_digest(struct call *, const char *text);

#endif
