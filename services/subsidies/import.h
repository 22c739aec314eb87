/*
 * import.h -- a file being imported, and the kinds of files there are
 * (import_kinds.c): columns, how a row is checked, where rows go.
 */
#ifndef SUBSIDIES_IMPORT_H
#define SUBSIDIES_IMPORT_H

#include "base/csv.h"
#include "db/db.h"
#include "json/json.h"

#define IMPORT_CHUNK		1000		/* rows of one statement */
#define IMPORT_CHUNK_BYTES	(16 << 20)
#define IMPORT_ERROR_BYTES	(1 << 20)

struct import;

struct import_kind {
	const char		*name;		/* in the path */
	const char		*header;	/* said when the header differs */
	const char *const	*columns;	/* NULL-ended */
	size_t			 ncolumns;
	/* Checks the row in im->csv and writes it to im->out; an error code and its column. */
	int			(*take)(struct import *, const char **column);
	int			(*add)(struct db *, struct db_rows *, const struct uuid *, const char *);
};

struct import {
	const struct import_kind *kind;
	struct uuid		 id;
	const char		*file_sha256;
	struct csv		 csv;
	struct arena		 scratch;	/* of one chunk */
	struct buf		 chunk;		/* JSON rows for `add` */
	struct json_out		 out;
	int64_t			 in_chunk;
	struct buf		 errors;	/* JSON list of what was refused */
	struct json_out		 error_out;
	int64_t			 rows_read, rows_applied, rows_unmatched, rows_failed;
	int32_t			 covers_through;
};

const struct import_kind *import_kind(const char *name);	/* NULL: unknown */

#endif
