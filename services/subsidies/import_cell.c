/*
 * import_cell.c -- the cells of an imported row: read and checked by their
 * column before anything is written, and how they become one fact.
 */
#include "import.h"

#include "base/clock.h"
#include "base/utf8.h"
#include "codes/codes.h"
#include "crypt/crypt.h"
#include "http/errors.h"

#define NUMBER_DIGITS	16

static int	cell_read(const struct import_column *, const char *, struct cell *);
static int	read_day(const struct import_column *, const char *, struct cell *);
static int	read_month(const char *, struct cell *);
static int	read_year(const char *, struct cell *);
static int	read_count(const struct import_column *, const char *, struct cell *);
static int	read_word(const struct import_column *, const char *);
static int	read_text(const struct import_column *, const char *);
static void	key_add(struct import *, const struct import_column *, const struct cell *, char *, size_t *);
static void	put_cell(struct import *, const struct import_column *, const struct cell *);

size_t
import_width(const struct import_kind *kind)
{
	size_t	n = 0;

	while (kind->columns[n].name != NULL)
		n++;
	return (n);
}

int
import_cells(const struct import_kind *kind, const char *const *field, struct cell *cell,
    const char **column)
{
	const struct import_column	*col = kind->columns;
	int32_t				 from = DAY_NONE;
	int				 code;

	for (; col->name != NULL; col++, field++, cell++) {
		*column = col->name;
		if ((code = cell_read(col, *field, cell)) != 0)
			return (code);
		if (col->goes == TO_FROM)
			from = cell->day;
		if (col->goes == TO_END && cell->text != NULL && from != DAY_NONE && cell->day < from)
			return (ERR_F_DATE_ORDER);
	}
	return (0);
}

static int
cell_read(const struct import_column *col, const char *text, struct cell *cell)
{
	*cell = (struct cell){ .text = text, .day = DAY_NONE, .last = DAY_NONE };
	if (text[0] == '\0') {
		cell->text = NULL;
		return (col->optional ? 0 : ERR_F_MISSING);
	}
	switch (col->type) {
	case CELL_ID:
		return (check_id_number(text));
	case CELL_USCC:
		return (check_uscc(text));
	case CELL_DAY:
	case CELL_END:
		return (read_day(col, text, cell));
	case CELL_MONTH:
		return (read_month(text, cell));
	case CELL_YEAR:
		return (read_year(text, cell));
	case CELL_COUNT:
		return (read_count(col, text, cell));
	case CELL_FLAG:
		cell->number = text[0] == '1';
		return ((text[0] != '0' && text[0] != '1') || text[1] != '\0' ? ERR_F_CHOICE : 0);
	case CELL_WORD:
		return (read_word(col, text));
	case CELL_CODE:
		return (col->check(text));
	case CELL_TEXT:
	default:
		return (read_text(col, text));
	}
}

static int
read_day(const struct import_column *col, const char *text, struct cell *cell)
{
	if ((cell->day = day_parse(text)) == DAY_NONE)
		return (ERR_F_FORMAT);
	return (col->type == CELL_DAY && cell->day > clock_today() ? ERR_F_DATE_FUTURE : 0);
}

/* YYYY-MM, not after the present month. */
static int
read_month(const char *text, struct cell *cell)
{
	char	day[DAY_TEXT];

	if (strlen(text) != 7)
		return (ERR_F_FORMAT);
	snprintf(day, sizeof(day), "%s-01", text);
	if ((cell->day = day_parse(day)) == DAY_NONE)
		return (ERR_F_FORMAT);
	cell->last = day_add_months(cell->day, 1) - 1;
	return (cell->day > clock_today() ? ERR_F_DATE_FUTURE : 0);
}

static int
read_year(const char *text, struct cell *cell)
{
	char	day[DAY_TEXT];

	if (strlen(text) != 4)
		return (ERR_F_FORMAT);
	snprintf(day, sizeof(day), "%s-01-01", text);
	if ((cell->day = day_parse(day)) == DAY_NONE)
		return (ERR_F_FORMAT);
	cell->last = day_add_months(cell->day, 12) - 1;
	return (cell->day > clock_today() ? ERR_F_DATE_FUTURE : 0);
}

/* Digits only: no sign, no fraction. */
static int
read_count(const struct import_column *col, const char *text, struct cell *cell)
{
	size_t	len = strlen(text);

	if (strspn(text, "0123456789") != len)
		return (ERR_F_FORMAT);
	if (len > NUMBER_DIGITS)
		return (ERR_F_LARGE);
	cell->number = strtoll(text, NULL, 10);
	if (cell->number < col->min)
		return (ERR_F_SMALL);
	return (cell->number > col->max ? ERR_F_LARGE : 0);
}

static int
read_word(const struct import_column *col, const char *text)
{
	const char *const	*w;

	for (w = col->words; *w != NULL; w++) {
		if (strcmp(*w, text) == 0)
			return (0);
	}
	return (ERR_F_CHOICE);
}

static int
read_text(const struct import_column *col, const char *text)
{
	if (utf8_count(text, strlen(text)) == -1)
		return (ERR_F_FORMAT);
	return (strlen(text) > (size_t)col->max ? ERR_F_LONG : 0);
}

/*
 * {l: line, k: what makes it the same fact, i: id_index, u: uscc, f: from, t: to,
 * c: code, n: numbers, s: note}. An identity number goes into the key as its
 * blind index.
 */
void
import_take_fact(struct import *im)
{
	const struct import_column	*col = im->kind->columns;
	char				 key[IMPORT_KEY_MAX];
	size_t				 i, n = import_width(im->kind), len = 0;

	json_open(&im->out, NULL);
	json_put_int(&im->out, "l", im->csv.line);
	for (i = 0; i < n; i++) {
		put_cell(im, &col[i], &im->cell[i]);
		if (col[i].key)
			key_add(im, &col[i], &im->cell[i], key, &len);
	}
	json_put_text(&im->out, "k", arena_strndup(&im->scratch, key, len));
	json_open_list(&im->out, "n");
	for (i = 0; i < n; i++) {
		if (col[i].goes == TO_NUMBER && im->cell[i].text == NULL)
			json_put_text(&im->out, NULL, NULL);
		else if (col[i].goes == TO_NUMBER)
			json_put_int(&im->out, NULL, col[i].type == CELL_END || col[i].type == CELL_DAY ?
			    im->cell[i].day : im->cell[i].number);
	}
	json_close_list(&im->out);
	json_close(&im->out);
}

/* No cell has a line end in its key, so what is joined can be told apart. */
static void
key_add(struct import *im, const struct import_column *col, const struct cell *cell, char *key,
    size_t *len)
{
	const char	*part = cell->text == NULL ? "" : cell->text;
	char		*p;
	size_t		 n;

	if (col->type == CELL_ID && cell->text != NULL)
		part = blind_index(&im->scratch, "id", part);
	else if (col->type == CELL_COUNT && cell->text != NULL)
		part = arena_printf(&im->scratch, "%lld", (long long)cell->number);
	n = strlen(part);
	if (n + 1 > IMPORT_KEY_MAX - *len)
		n = IMPORT_KEY_MAX - *len - 1;
	if (*len > 0)
		key[(*len)++] = '\n';
	memcpy(key + *len, part, n);
	for (p = key + *len; p < key + *len + n; p++)
		if (*p == '\n' || *p == '\r')
			*p = ' ';
	*len += n;
}

static void
put_cell(struct import *im, const struct import_column *col, const struct cell *cell)
{
	switch (col->goes) {
	case TO_PERSON:
		json_put_text(&im->out, "i",
		    cell->text == NULL ? NULL : blind_index(&im->scratch, "id", cell->text));
		break;
	case TO_ORG:
		json_put_text(&im->out, "u", cell->text);
		break;
	case TO_FROM:
		json_put_day(&im->out, "f", cell->day);
		break;
	case TO_END:
		json_put_day(&im->out, "t", cell->day);
		break;
	case TO_SPAN:
		json_put_day(&im->out, "f", cell->day);
		json_put_day(&im->out, "t", cell->last);
		break;
	case TO_CODE:
		json_put_text(&im->out, "c", cell->text);
		break;
	case TO_NOTE:
		json_put_text(&im->out, "s", cell->text);
		break;
	case TO_NUMBER:
	case TO_NOTHING:
		break;
	}
}
