/*
 * csv.c -- a table as text (RFC 4180). The byte order mark is what makes
 * offices read it as UTF-8; a text that begins like a formula gets an
 * apostrophe, so that nothing a stranger typed is calculated.
 */
#include "table/table_priv.h"
#include "base/clock.h"

#define BOM	"\xef\xbb\xbf"

static int	csv_open(struct table *);
static void	csv_sheet(struct table *, const char *);
static void	csv_text(struct table *, const char *);
static void	csv_number(struct table *, int64_t);
static void	csv_day(struct table *, int32_t);
static void	csv_null(struct table *);
static void	csv_row(struct table *);
static int	csv_close(struct table *, struct buf *);
static void	csv_drop(struct table *);
static void	field_add(struct buf *, const char *);
static void	comma(struct table *);

const struct table_format_ops table_csv = {
	.open = csv_open, .sheet = csv_sheet, .text = csv_text, .number = csv_number,
	.day = csv_day, .null = csv_null, .row = csv_row, .close = csv_close, .drop = csv_drop
};

static int
csv_open(struct table *t)
{
	buf_init(&t->text, TABLE_BYTES_MAX);
	buf_adds(&t->text, BOM);
	return (0);
}

static void
csv_sheet(struct table *t, const char *title)
{
	size_t	i;

	if (t->begun) {
		buf_adds(&t->text, "\r\n");
		field_add(&t->text, title);
		buf_adds(&t->text, "\r\n");
	}
	for (i = 0; i < t->ncolumns; i++) {
		if (i > 0)
			buf_addc(&t->text, ',');
		field_add(&t->text, t->column[i].name);
	}
	buf_adds(&t->text, "\r\n");
}

static void
csv_text(struct table *t, const char *text)
{
	comma(t);
	field_add(&t->text, text);
}

static void
csv_number(struct table *t, int64_t value)
{
	char	text[TABLE_NUMBER];

	table_number_text(t->column[t->at].type, value, text);
	comma(t);
	buf_adds(&t->text, text);
	if (t->column[t->at].type == TABLE_T_MILLI)
		buf_addc(&t->text, '%');
}

static void
csv_day(struct table *t, int32_t day)
{
	char	text[DAY_TEXT];

	comma(t);
	buf_adds(&t->text, day_format(day, text));
}

static void
csv_null(struct table *t)
{
	comma(t);
}

static void
csv_row(struct table *t)
{
	buf_adds(&t->text, "\r\n");
}

static int
csv_close(struct table *t, struct buf *out)
{
	bool	ok = buf_ok(&t->text);

	if (ok)
		buf_add(out, t->text.data, t->text.len);
	buf_release(&t->text);
	return (ok && buf_ok(out) ? 0 : -1);
}

static void
csv_drop(struct table *t)
{
	buf_release(&t->text);
}

static void
comma(struct table *t)
{
	if (t->at > 0)
		buf_addc(&t->text, ',');
}

static void
field_add(struct buf *b, const char *text)
{
	bool	quoted = strpbrk(text, ",\"\r\n") != NULL;

	if (quoted)
		buf_addc(b, '"');
	if (text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL)
		buf_addc(b, '\'');
	for (; *text != '\0'; text++) {
		if (*text == '"')
			buf_addc(b, '"');
		buf_addc(b, *text);
	}
	if (quoted)
		buf_addc(b, '"');
}
