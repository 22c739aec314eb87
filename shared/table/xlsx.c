/*
 * xlsx.c -- a table as a workbook. Rows leave for an unlinked file as they
 * are written; the whole is put together in a file that has no name on disk.
 *
 * The library takes numbers as doubles: what one cannot hold exactly is
 * written as text, so that no amount is ever off by a 分.
 */
#include <sys/mman.h>
#include <unistd.h>

#include <xlsxwriter.h>

#include "table/table_priv.h"
#include "base/clock.h"
#include "base/utf8.h"

#define EXACT		900000000000000	/* fifteen digits come back as they were */
#define CELL_MOST	32000		/* bytes of a text; the format ends at 32,767 characters */
#define TITLE_MOST	31		/* characters of a sheet's name */
#define TITLE_BYTES	128
#define EPOCH_SERIAL	25569		/* of 1970-01-01, where day numbers begin */

static int	xlsx_open(struct table *);
static void	xlsx_sheet(struct table *, const char *);
static void	xlsx_text(struct table *, const char *);
static void	xlsx_number(struct table *, int64_t);
static void	xlsx_day(struct table *, int32_t);
static void	xlsx_null(struct table *);
static void	xlsx_row(struct table *);
static int	xlsx_close(struct table *, struct buf *);
static void	xlsx_drop(struct table *);
static void	formats(struct table *);
static void	title_clean(const char *, char out[TITLE_BYTES]);
static double	width_of(const struct table_column *);
static void	wrote(struct table *, lxw_error);
static void	something(struct table *);
static int	read_back(struct table *, struct buf *);

const struct table_format_ops table_xlsx = {
	.open = xlsx_open, .sheet = xlsx_sheet, .text = xlsx_text, .number = xlsx_number,
	.day = xlsx_day, .null = xlsx_null, .row = xlsx_row, .close = xlsx_close, .drop = xlsx_drop
};

static int
xlsx_open(struct table *t)
{
	lxw_workbook_options	how = { .constant_memory = LXW_TRUE };

	if ((t->fd = memfd_create("table", MFD_CLOEXEC)) == -1)
		return (-1);
	(void)snprintf(t->name, sizeof(t->name), "/proc/self/fd/%d", t->fd);
	if ((t->book = workbook_new_opt(t->name, &how)) == NULL) {
		close(t->fd);
		return (-1);
	}
	formats(t);
	return (0);
}

static void
formats(struct table *t)
{
	static const char *const	shown[] = {
		[TABLE_T_INT] = "#,##0", [TABLE_T_CENTS] = "#,##0.00",
		[TABLE_T_DAY] = "yyyy-mm-dd", [TABLE_T_MILLI] = "0.0%"
	};
	size_t				i;

	t->head = workbook_add_format(t->book);
	format_set_bold(t->head);
	format_set_bg_color(t->head, 0xDDE7F3);
	format_set_bottom(t->head, LXW_BORDER_THIN);
	for (i = 0; i < NITEMS(shown); i++) {
		t->format[i] = workbook_add_format(t->book);
		if (shown[i] != NULL)
			format_set_num_format(t->format[i], shown[i]);
	}
}

static void
xlsx_sheet(struct table *t, const char *title)
{
	char		 name[TITLE_BYTES];
	const char	*given = name;
	size_t		 i;

	title_clean(title, name);
	if (name[0] == '\0' || workbook_validate_sheet_name(t->book, name) != LXW_NO_ERROR)
		given = NULL;
	if ((t->sheet = workbook_add_worksheet(t->book, given)) == NULL) {
		t->failed = true;
		return;
	}
	worksheet_freeze_panes(t->sheet, 1, 0);
	for (i = 0; i < t->ncolumns; i++)
		wrote(t, worksheet_set_column(t->sheet, (lxw_col_t)i, (lxw_col_t)i,
		    width_of(&t->column[i]), NULL));
	for (i = 0; i < t->ncolumns; i++)
		wrote(t, worksheet_write_string(t->sheet, 0, (lxw_col_t)i, t->column[i].name, t->head));
	t->line = 1;
}

/* A name has at most 31 characters and none of []:*?/\ ; no apostrophe at its ends. */
static void
title_clean(const char *title, char out[TITLE_BYTES])
{
	size_t	n = 0, chars = 0;

	for (; *title != '\0' && n < TITLE_BYTES - 1; title++) {
		if (((unsigned char)*title & 0xc0) != 0x80 && ++chars > TITLE_MOST)
			break;
		out[n++] = *title;
		if (strchr("[]:*?/\\'", *title) != NULL)
			out[n - 1] = ' ';
	}
	out[n] = '\0';
}

static double
width_of(const struct table_column *c)
{
	static const int	usual[] = {
		[TABLE_T_TEXT] = 18, [TABLE_T_INT] = 12, [TABLE_T_CENTS] = 16,
		[TABLE_T_DAY] = 12, [TABLE_T_MILLI] = 10
	};

	return (c->width > 0 ? c->width : usual[c->type]);
}

/* What is too long for a cell ends with a mark that says so. */
static void
xlsx_text(struct table *t, const char *text)
{
	size_t	 len = strlen(text);
	char	*shorter = NULL;

	if (len > CELL_MOST) {
		len = utf8_prefix(text, len, CELL_MOST);
		if ((shorter = malloc(len + sizeof("…"))) == NULL) {
			t->failed = true;
			return;
		}
		memcpy(shorter, text, len);
		memcpy(shorter + len, "…", sizeof("…"));
		text = shorter;
	}
	wrote(t, worksheet_write_string(t->sheet, t->line, (lxw_col_t)t->at, text,
	    t->format[TABLE_T_TEXT]));
	free(shorter);
}

static void
xlsx_number(struct table *t, int64_t value)
{
	enum table_type	type = t->column[t->at].type;
	double		parts = type == TABLE_T_CENTS ? 100 : type == TABLE_T_MILLI ? 1000 : 1;
	char		text[TABLE_NUMBER];

	if (value > EXACT || value < -EXACT) {
		table_number_text(type, value, text);
		xlsx_text(t, text);
		return;
	}
	wrote(t, worksheet_write_number(t->sheet, t->line, (lxw_col_t)t->at,
	    (double)value / parts, t->format[type]));
}

/* Day numbers of the two count from different days; before 1900-03-01 the format is wrong. */
static void
xlsx_day(struct table *t, int32_t day)
{
	char	text[DAY_TEXT];

	if (day + EPOCH_SERIAL < 61) {
		xlsx_text(t, day_format(day, text));
		return;
	}
	wrote(t, worksheet_write_number(t->sheet, t->line, (lxw_col_t)t->at,
	    (double)(day + EPOCH_SERIAL), t->format[TABLE_T_DAY]));
}

static void
xlsx_null(struct table *t UNUSED)
{
}

static void
xlsx_row(struct table *t)
{
	t->line++;
}

static void
wrote(struct table *t, lxw_error e)
{
	if (e != LXW_NO_ERROR)
		t->failed = true;
}

static int
xlsx_close(struct table *t, struct buf *out)
{
	int	rc;

	something(t);
	rc = workbook_close(t->book) == LXW_NO_ERROR && !t->failed ? read_back(t, out) : -1;
	close(t->fd);
	return (rc);
}

/* The file of a sheet without a cell is never closed by the library (1.1.4). */
static void
something(struct table *t)
{
	if (!t->begun)
		(void)worksheet_write_string(workbook_add_worksheet(t->book, NULL), 0, 0, "-", NULL);
}

static int
read_back(struct table *t, struct buf *out)
{
	off_t	 size = lseek(t->fd, 0, SEEK_END), done = 0;
	ssize_t	 n;
	char	*to;

	if (size <= 0 || (to = buf_reserve(out, (size_t)size)) == NULL)
		return (-1);
	while (done < size) {
		if ((n = pread(t->fd, to + done, (size_t)(size - done), done)) <= 0)
			return (-1);
		done += n;
	}
	buf_commit(out, (size_t)size);
	return (buf_ok(out) ? 0 : -1);
}

/* The library closes its rows' file only where it writes: it is written, for nobody. */
static void
xlsx_drop(struct table *t)
{
	something(t);
	(void)workbook_close(t->book);
	close(t->fd);
}
