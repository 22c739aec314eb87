/*
 * csv.h -- reads a CSV file in memory, row by row (RFC 4180): comma, quotes,
 * CRLF or LF, UTF-8 with or without a byte order mark. Empty lines are passed
 * over. Fields are copied into the reader's own line buffer and stay good
 * until the next row.
 */
#ifndef YJY_CSV_H
#define YJY_CSV_H

#include "base/base.h"

#define CSV_FIELDS	16
#define CSV_LINE_MAX	4096

struct csv {
	const char	*at, *end;
	int64_t		 line;			/* of the row last read, from 1 */
	int64_t		 next_line;
	const char	*field[CSV_FIELDS];
	size_t		 count;
	char		 text[CSV_LINE_MAX];
};

void	csv_init(struct csv *, const char *, size_t);
/* 1: a row; 0: no more; -1: this row is malformed or too long, the next may be read. */
int	csv_next(struct csv *) MUST_CHECK;
/* True when the row has exactly these fields (NULL-ended), as a header has. */
bool	csv_is(const struct csv *, const char *const *);

#endif
