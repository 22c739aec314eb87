/*
 * import.h -- a file being imported, and the kinds of files there are
 * (import_kinds.c): their columns, how a cell is read (import_cell.c), where
 * rows go. A kind of file is a row with its columns.
 */
#ifndef SUBSIDIES_IMPORT_H
#define SUBSIDIES_IMPORT_H

#include "base/csv.h"
#include "db/db.h"
#include "http/call.h"
#include "http/row_faults.h"
#include "json/json.h"

#define IMPORT_CHUNK		1000		/* rows of one statement */
#define IMPORT_CHUNK_BYTES	(16 << 20)
#define IMPORT_NUMBERS		10		/* of one fact */
#define IMPORT_KEY_MAX		1024

struct import;

/* What a cell holds. Days of an end may lie ahead, all others may not. */
enum cell_type {
	CELL_ID, CELL_USCC, CELL_DAY, CELL_END, CELL_MONTH, CELL_YEAR, CELL_COUNT, CELL_FLAG,
	CELL_WORD, CELL_CODE, CELL_TEXT
};

/* Where in a fact it goes. Months and years are their first and last day. */
enum cell_goes { TO_NOTHING, TO_PERSON, TO_ORG, TO_FROM, TO_END, TO_SPAN, TO_CODE, TO_NUMBER, TO_NOTE };

struct import_column {
	const char		*name;
	enum cell_type		 type;
	enum cell_goes		 goes;
	bool			 optional;	/* may be empty */
	bool			 key;		/* part of what makes it the same fact */
	int64_t			 min, max;	/* CELL_COUNT; bytes of CELL_TEXT */
	const char *const	*words;		/* CELL_WORD */
	int			(*check)(const char *);	/* CELL_CODE */
};
#define COLUMN_END	{ .name = NULL }

struct import_kind {
	const char			*name;		/* in the path */
	const char			*fact;		/* kind of its facts; NULL: tables of their own */
	const struct import_column	*columns;
	/* NULL, or what the columns alone do not say: an error code and its column. */
	int				(*fits)(const char *const *field, const char **column);
	void				(*take)(struct import *);	/* writes the sound row to im->out */
	/* NULL: as facts */
	int				(*add)(struct db *, struct db_rows *, const struct uuid *, const char *);
};

struct cell {
	const char	*text;		/* NULL: empty */
	int64_t		 number;
	int32_t		 day, last;	/* CELL_MONTH, CELL_YEAR: both */
};

struct import {
	const struct import_kind *kind;
	struct uuid		 id;
	const char		*file_sha256;
	struct csv		 csv;
	struct cell		 cell[CSV_FIELDS];	/* of the row, as read */
	struct arena		 scratch;	/* of one chunk */
	struct buf		 chunk;		/* JSON rows for `add` */
	struct json_out		 out;
	int64_t			 in_chunk;
	struct row_faults	 faults;	/* what was refused */
	int64_t			 rows_read, rows_applied, rows_changed, rows_unmatched;
	int32_t			 covers_through;
};

extern const struct import_kind	import_kinds[];
extern const size_t		import_kinds_count;

const struct import_kind *import_kind(const char *name);	/* NULL: unknown */
size_t	import_width(const struct import_kind *);		/* columns */
/* Reads a row's cells: 0, or an error code and the column it is about. */
int	import_cells(const struct import_kind *, const char *const *field, struct cell *,
	    const char **column) MUST_CHECK;
void	import_take_fact(struct import *);			/* `take` of every kind of fact */

struct import_query {
	int32_t	through;	/* the file is complete up to this day */
};

int	import_file(struct call *);		/* the handler; the rows are in import_route.c */

#endif
