/*
 * csv.c -- see csv.h. Reads each byte once; a malformed row is skipped to the
 * end of its line.
 */
#include "base/csv.h"

static int	 read_row(struct csv *);
static bool	 read_plain(struct csv *, size_t *);
static bool	 read_quoted(struct csv *, size_t *);
static bool	 put(struct csv *, size_t *, char);
static void	 skip_line(struct csv *);
static bool	 at_line_end(const struct csv *);

void
csv_init(struct csv *v, const char *text, size_t len)
{
	memset(v, 0, sizeof(*v));
	v->at = text;
	v->end = text + len;
	v->next_line = 1;
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		v->at += 3;
}

int
csv_next(struct csv *v)
{
	while (v->at < v->end && at_line_end(v))
		skip_line(v);
	if (v->at == v->end)
		return (0);
	v->line = v->next_line;
	return (read_row(v));
}

bool
csv_is(const struct csv *v, const char *const *names)
{
	size_t	i;

	for (i = 0; names[i] != NULL; i++) {
		if (i >= v->count || strcmp(v->field[i], names[i]) != 0)
			return (false);
	}
	return (i == v->count);
}

static int
read_row(struct csv *v)
{
	size_t	used = 0;

	for (v->count = 0; v->count < CSV_FIELDS;) {
		v->field[v->count++] = v->text + used;
		if (!(v->at < v->end && *v->at == '"' ? read_quoted(v, &used) :
		    read_plain(v, &used)) || !put(v, &used, '\0'))
			break;
		if (v->at == v->end || at_line_end(v)) {
			skip_line(v);
			return (1);
		}
		if (*v->at++ != ',')
			break;
	}
	skip_line(v);
	return (-1);
}

/* A field without quotes has none inside either. */
static bool
read_plain(struct csv *v, size_t *used)
{
	while (v->at < v->end && !at_line_end(v) && *v->at != ',') {
		if (*v->at == '"' || !put(v, used, *v->at++))
			return (false);
	}
	return (true);
}

/* From the opening quote to behind the closing one; "" is a quote. */
static bool
read_quoted(struct csv *v, size_t *used)
{
	for (v->at++; v->at < v->end; v->at++) {
		if (*v->at == '"') {
			if (v->at + 1 == v->end || v->at[1] != '"') {
				v->at++;
				return (true);
			}
			v->at++;
		}
		if (*v->at == '\n')
			v->next_line++;
		if (!put(v, used, *v->at))
			return (false);
	}
	return (false);
}

static bool
put(struct csv *v, size_t *used, char ch)
{
	if (*used == sizeof(v->text))
		return (false);
	v->text[(*used)++] = ch;
	return (true);
}

static void
skip_line(struct csv *v)
{
	while (v->at < v->end && *v->at != '\n')
		v->at++;
	if (v->at < v->end) {
		v->at++;
		v->next_line++;
	}
}

static bool
at_line_end(const struct csv *v)
{
	return (*v->at == '\n' || (*v->at == '\r' && (v->at + 1 == v->end || v->at[1] == '\n')));
}
