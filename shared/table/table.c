/*
 * table.c -- what both formats have in common: every value stands in a column,
 * and what does not fit makes the whole fail at its end.
 */
#include "table/table_priv.h"
#include "base/clock.h"

static bool	placed(struct table *);

struct table *
table_open(enum table_format format)
{
	struct table	*t = calloc(1, sizeof(*t));

	if (t == NULL)
		return (NULL);
	t->ops = format == TABLE_XLSX ? &table_xlsx : &table_csv;
	t->fd = -1;
	if (t->ops->open(t) == -1) {
		free(t);
		return (NULL);
	}
	return (t);
}

void
table_sheet(struct table *t, const char *title, const struct table_column *columns, size_t n)
{
	if (n > TABLE_COLUMNS) {
		t->failed = true;
		n = TABLE_COLUMNS;
	}
	memcpy(t->column, columns, n * sizeof(*columns));
	t->ncolumns = n;
	t->at = 0;
	t->ops->sheet(t, title);
	t->begun = true;
}

void
table_text(struct table *t, const char *text)
{
	if (text == NULL)
		table_null(t);
	else if (placed(t)) {
		t->ops->text(t, text);
		t->at++;
	}
}

void
table_int(struct table *t, int64_t value)
{
	if (placed(t)) {
		t->ops->number(t, value);
		t->at++;
	}
}

void
table_day(struct table *t, int32_t day)
{
	if (day == DAY_NONE)
		table_null(t);
	else if (placed(t)) {
		t->ops->day(t, day);
		t->at++;
	}
}

void
table_null(struct table *t)
{
	if (placed(t)) {
		t->ops->null(t);
		t->at++;
	}
}

void
table_row(struct table *t)
{
	while (t->at < t->ncolumns)
		table_null(t);
	t->ops->row(t);
	t->at = 0;
	t->rows++;
}

int64_t
table_rows(const struct table *t)
{
	return (t->rows);
}

struct buf *
table_ready(struct table *t)
{
	return (&t->text);
}

int
table_close(struct table *t, struct buf *out)
{
	int	rc = t->ops->close(t, out);

	if (t->failed)
		rc = -1;
	free(t);
	return (rc);
}

void
table_drop(struct table *t)
{
	if (t == NULL)
		return;
	t->ops->drop(t);
	free(t);
}

/* More values than columns: our own mistake, and no table. */
static bool
placed(struct table *t)
{
	if (t->at >= t->ncolumns)
		t->failed = true;
	return (t->at < t->ncolumns);
}

void
table_number_text(enum table_type type, int64_t value, char out[TABLE_NUMBER])
{
	uint64_t	size = value < 0 ? -(uint64_t)value : (uint64_t)value;
	unsigned int	parts = type == TABLE_T_CENTS ? 100 : type == TABLE_T_MILLI ? 10 : 1;

	if (parts == 1)
		(void)snprintf(out, TABLE_NUMBER, "%lld", (long long)value);
	else
		(void)snprintf(out, TABLE_NUMBER, "%s%llu.%0*llu", value < 0 ? "-" : "",
		    (unsigned long long)(size / parts), parts == 100 ? 2 : 1,
		    (unsigned long long)(size % parts));
}
