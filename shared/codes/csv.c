/*
 * csv.c -- reads a small CSV file (RFC 4180) whole and hands out its rows.
 *
 * Fields are cut out of the file's own bytes; they live until codes_csv_close().
 * Invariant: every row has exactly the header's number of fields. Lines may
 * end in LF or CRLF. A quote inside an unquoted field, text behind a closing
 * quote and a NUL are refused: such a file was damaged on its way.
 */
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "codes/codes.h"
#include "codes/codes_priv.h"
#include "base/log.h"

#define CSV_BYTES	(16 * 1024 * 1024)

enum field_end { FIELD_MORE, FIELD_LAST, FIELD_BAD };

static int		 csv_read(struct codes_csv *);
static int		 csv_read_all(int, char *, size_t);
static int		 csv_split(struct codes_csv *, char **, size_t *);
static enum field_end	 csv_field(struct codes_csv *, char **);
static enum field_end	 csv_quoted(struct codes_csv *, char **);
static enum field_end	 csv_finish(struct codes_csv *, char *);

int
codes_csv_open(struct codes_csv *c, const char *dir, const char *file)
{
	int	 n;

	memset(c, 0, sizeof(*c));
	n = snprintf(c->path, sizeof(c->path), "%s/%s", dir, file);
	if (n < 0 || (size_t)n >= sizeof(c->path)) {
		log_error("codes: path too long: %s/%s", dir, file);
		return (-1);
	}
	if (csv_read(c) == -1)
		return (-1);
	c->line = 1;
	if (csv_split(c, c->header, &c->ncolumns) == -1) {
		codes_csv_close(c);
		return (-1);
	}
	return (0);
}

int
codes_read(const char *dir, const char *file, const char *const *columns,
    void (*row)(void *, const char *const *), void *arg)
{
	struct codes_csv	 csv;
	const char		*fields[CSV_COLUMNS];
	size_t			 at[CSV_COLUMNS], i;
	int			 r;

	if (codes_csv_open(&csv, dir, file) == -1)
		return (-1);
	if ((r = codes_csv_columns(&csv, columns, at)) == 0)
		while ((r = codes_csv_next(&csv)) == 1) {
			for (i = 0; columns[i] != NULL; i++)
				fields[i] = csv.fields[at[i]];
			row(arg, fields);
		}
	codes_csv_close(&csv);
	return (r);
}

int
codes_csv_next(struct codes_csv *c)
{
	size_t	 n;

	if (c->at == c->end)
		return (0);
	c->line++;
	if (csv_split(c, c->fields, &n) == -1)
		return (-1);
	if (n != c->ncolumns)
		return (codes_csv_bad(c, "wrong number of fields"));
	return (1);
}

int
codes_csv_columns(const struct codes_csv *c, const char *const *names, size_t *columns)
{
	size_t	 i, j;

	for (i = 0; names[i] != NULL; i++) {
		for (j = 0; j < c->ncolumns; j++)
			if (strcmp(c->header[j], names[i]) == 0)
				break;
		if (j == c->ncolumns) {
			log_error("codes: %s: no column \"%s\"", c->path, names[i]);
			return (-1);
		}
		columns[i] = j;
	}
	return (0);
}

int
codes_csv_bad(const struct codes_csv *c, const char *what)
{
	log_error("codes: %s:%zu: %s", c->path, c->line, what);
	return (-1);
}

void
codes_csv_close(struct codes_csv *c)
{
	free(c->data);
	c->data = c->at = c->end = NULL;
}

static int
csv_read(struct codes_csv *c)
{
	struct stat	 st;
	int		 fd = open(c->path, O_RDONLY | O_CLOEXEC), r = -1;

	if (fd == -1 || fstat(fd, &st) == -1) {
		log_error("codes: %s: %s", c->path, strerror(errno));
		goto out;
	}
	if (!S_ISREG(st.st_mode) || st.st_size == 0 || st.st_size > CSV_BYTES) {
		log_error("codes: %s: not a file of a sensible size", c->path);
		goto out;
	}
	if ((c->data = malloc((size_t)st.st_size + 1)) == NULL)
		log_die("codes: out of memory");
	if ((r = csv_read_all(fd, c->data, (size_t)st.st_size)) == -1) {
		log_error("codes: %s: cannot be read", c->path);
		codes_csv_close(c);
		goto out;
	}
	c->at = c->data;
	c->end = c->data + st.st_size;
	*c->end = '\0';
	if (strlen(c->data) != (size_t)st.st_size) {
		log_error("codes: %s: holds a NUL", c->path);
		codes_csv_close(c);
		r = -1;
	}
out:
	if (fd != -1)
		close(fd);
	return (r);
}

static int
csv_read_all(int fd, char *out, size_t len)
{
	ssize_t	 n;

	while (len > 0) {
		n = read(fd, out, len);
		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0)
			return (-1);
		out += n;
		len -= (size_t)n;
	}
	return (0);
}

static int
csv_split(struct codes_csv *c, char **fields, size_t *count)
{
	enum field_end	 end;

	*count = 0;
	do {
		if (*count == CSV_COLUMNS)
			return (codes_csv_bad(c, "too many fields"));
		end = *c->at == '"' ? csv_quoted(c, &fields[*count]) :
		    csv_field(c, &fields[*count]);
		(*count)++;
	} while (end == FIELD_MORE);
	return (end == FIELD_BAD ? codes_csv_bad(c, "misplaced quote") : 0);
}

static enum field_end
csv_field(struct codes_csv *c, char **field)
{
	char	*p = c->at;

	*field = p;
	while (*p != ',' && *p != '\n' && *p != '\0' && !(*p == '\r' && p[1] == '\n')) {
		if (*p == '"')
			return (FIELD_BAD);
		p++;
	}
	c->at = p;
	return (csv_finish(c, p));
}

static enum field_end
csv_quoted(struct codes_csv *c, char **field)
{
	char	*in = c->at + 1, *out = in;

	*field = out;
	for (;; in++) {
		if (*in == '\0')
			return (FIELD_BAD);
		if (*in == '"') {
			if (in[1] != '"')
				break;
			in++;
		}
		*out++ = *in;
	}
	c->at = in + 1;
	return (csv_finish(c, out));
}

/* `c->at` is behind the field's text; ends the text at `stop` and steps on. */
static enum field_end
csv_finish(struct codes_csv *c, char *stop)
{
	char	 sep = *c->at;

	if (sep == '\r' && c->at[1] == '\n')
		sep = *++c->at;
	if (sep != ',' && sep != '\n' && sep != '\0')
		return (FIELD_BAD);
	*stop = '\0';
	if (c->at != c->end)
		c->at++;
	return (sep == ',' ? FIELD_MORE : FIELD_LAST);
}
