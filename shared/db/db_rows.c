/*
 * db_rows.c -- reading results. A column that the statement does not have, or
 * a row beyond the last, is a mistake of ours and ends the process: a zero
 * read in its place could be written somewhere as money.
 */
#include <libpq-fe.h>

#include "base/log.h"
#include "db/db.h"

static int	column(const struct db_rows *, size_t, const char *);

const char *
db_cell(const struct db_rows *rows, size_t row, size_t col)
{
	if (row >= rows->count || col >= rows->ncols)
		log_die("db: no cell (%zu, %zu) in %zu rows of %zu columns",
		    row, col, rows->count, rows->ncols);
	if (PQgetisnull(rows->result, (int)row, (int)col))
		return (NULL);
	return (PQgetvalue(rows->result, (int)row, (int)col));
}

const char *
db_text(const struct db_rows *rows, size_t row, const char *col)
{
	return (db_cell(rows, row, (size_t)column(rows, row, col)));
}

bool
db_null(const struct db_rows *rows, size_t row, const char *col)
{
	return (db_text(rows, row, col) == NULL);
}

int64_t
db_int(const struct db_rows *rows, size_t row, const char *col)
{
	const char	*text = db_text(rows, row, col);
	char		*end;
	int64_t		 n;

	if (text == NULL)
		return (0);
	n = strtoll(text, &end, 10);
	if (end == text || *end != '\0')
		log_die("db: column %s is not a whole number", col);
	return (n);
}

bool
db_bool(const struct db_rows *rows, size_t row, const char *col)
{
	const char	*text = db_text(rows, row, col);

	return (text != NULL && text[0] == 't');
}

int32_t
db_day(const struct db_rows *rows, size_t row, const char *col)
{
	const char	*text = db_text(rows, row, col);

	return (text == NULL ? DAY_NONE : day_parse(text));
}

struct uuid
db_uuid(const struct db_rows *rows, size_t row, const char *col)
{
	const char	*text = db_text(rows, row, col);
	struct uuid	 id = { { 0 } };

	if (text != NULL && !uuid_parse(text, &id))
		log_die("db: column %s is not a UUID", col);
	return (id);
}

/* Not PQfnumber(), which copies the name for each question. */
static int
column(const struct db_rows *rows, size_t row, const char *col)
{
	size_t	i;

	if (row >= rows->count)
		log_die("db: no row %zu of %zu for column %s", row, rows->count, col);
	for (i = 0; i < rows->ncols; i++)
		if (strcmp(PQfname(rows->result, (int)i), col) == 0)
			return ((int)i);
	log_die("db: no column %s", col);
}
