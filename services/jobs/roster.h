/*
 * roster.h -- a file of one of the rosters being taken in (roster_import.c):
 * what its columns are, how a row is checked, where rows go.
 */
#ifndef JOBS_ROSTER_H
#define JOBS_ROSTER_H

#include "jobs.h"

#include "base/csv.h"
#include "http/row_faults.h"

struct roster_file;

struct roster_kind {
	const char		*name;		/* in the path */
	const char		*header;	/* said when the first line differs */
	const char *const	*columns;	/* NULL-ended */
	size_t			 ncolumns;
	/* Checks the row in f->csv, then writes it to f->out; an error code and its column. */
	int			(*take)(struct roster_file *, const char **column);
	int			(*add)(struct db *, struct db_rows *, const char *);
};

struct roster_file {
	struct call		*call;
	const struct roster_kind *kind;
	struct csv		 csv;
	struct arena		 scratch;	/* of one chunk */
	struct buf		 chunk;		/* JSON rows for `add` */
	struct json_out		 out;
	int64_t			 in_chunk;
	struct row_faults	 faults;	/* what was refused */
	int64_t			 rows_read, rows_applied, rows_same, rows_matched;
};

extern const struct roster_kind	roster_graduates, roster_poverty, roster_veterans, roster_disabled;

/* The number, the name and the place of a row, checked and written as i, n, c and a. */
int	roster_take_who(struct roster_file *, const char *id, const char *name, const char *area,
	    const char **column);
/* Text of 1 to `most` characters. 0 or an error code. */
int	roster_check_text(const char *, size_t most);

#endif
