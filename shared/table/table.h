/*
 * table.h -- a table for people's offices, written row by row: CSV (UTF-8 with
 * a byte order mark, RFC 4180, CRLF; a text that a spreadsheet would take for
 * a formula is defused) or a workbook (.xlsx; money and days are numbers with a
 * format, the header is bold and stays in view).
 *
 * Life cycle: table_open(), table_sheet() with the columns, then one value a
 * column in their order and table_row(), and table_close() or table_drop().
 * A CSV may be taken while it grows (table_ready). A workbook keeps one row in
 * memory and the others in an unlinked file under TMPDIR; closing it takes CPU
 * time (5 µs a cell or so), which belongs on a task. libxlsxwriter is used only here.
 */
#ifndef YJY_TABLE_H
#define YJY_TABLE_H

#include "base/buf.h"

#define TABLE_COLUMNS	64
#define TABLE_BYTES_MAX	((size_t)256 << 20)	/* of a finished table, or of a CSV not yet taken */

enum table_format { TABLE_CSV, TABLE_XLSX };

enum table_type {
	TABLE_T_TEXT,
	TABLE_T_INT,
	TABLE_T_CENTS,		/* 分, written as yuan with two decimals */
	TABLE_T_DAY,
	TABLE_T_MILLI		/* per mille, written as per cent with one decimal */
};

struct table_column {
	const char	*name;	/* the header */
	enum table_type	 type;
	int		 width;	/* in characters; 0: what the type needs */
};

struct table;

#define TABLE_CSV_TYPE	"text/csv; charset=utf-8; header=present"
#define TABLE_XLSX_TYPE	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

/* NULL: no room for it (memory, descriptors). */
struct table	*table_open(enum table_format) MUST_CHECK;
/*
 * Begins a sheet and writes its header. `title` loses what a sheet's name may
 * not have; the columns are copied, their names are not. Of a CSV a second
 * sheet follows below, after an empty line and its title.
 */
void		 table_sheet(struct table *, const char *title, const struct table_column *, size_t n);
void		 table_text(struct table *, const char *);	/* NULL: empty */
void		 table_int(struct table *, int64_t);		/* also cents and per mille */
void		 table_day(struct table *, int32_t day);	/* DAY_NONE: empty */
void		 table_null(struct table *);
void		 table_row(struct table *);			/* columns not given are empty */
int64_t		 table_rows(const struct table *);		/* of all sheets, without headers */
/* The CSV so far: what is taken from it (buf_consume) is not there at the end. */
struct buf	*table_ready(struct table *);
/* Frees it. -1: it did not fit, or could not be written; `out` gets the rest of it. */
int		 table_close(struct table *, struct buf *out) MUST_CHECK;
void		 table_drop(struct table *);			/* frees it unfinished; NULL ok */

#endif
