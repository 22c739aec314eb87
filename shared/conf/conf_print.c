/*
 * conf_print.c -- the settings as a table for people. A secret shows the file
 * it came from and its size, nothing of its content; a password inside a
 * connection string is starred out.
 */
#include <stdlib.h>
#include <string.h>

#include "conf/conf_priv.h"

#define PREFIX		"YJY_"
#define PASSWORD	"password="

extern char	**environ;

static void	print_value(struct buf *, const struct conf_row *,
		    const struct conf_value *);
static void	print_unknown(struct buf *);
static bool	is_known(const char *, size_t);
static size_t	password_end(const char *);

void
conf_print(struct buf *b)
{
	static const char *const	sources[] = { "default", "environment" };

	buf_addf(b, "%-24s %-32s %-12s %-10s %s\n", "setting", "value", "source",
	    "used by", "meaning");
	for (size_t i = 0; i < CONF_ROWS; i++) {
		const struct conf_row	*row = &conf_rows[i];
		size_t			 from;

		buf_addf(b, "%-24s ", row->env);
		from = b->len;
		print_value(b, row, &conf_values[i]);
		buf_addf(b, "%*s %-12s %-10s %s\n",
		    b->len - from < 32 ? (int)(32 - (b->len - from)) : 0, "",
		    sources[conf_values[i].source], row->used_by, row->help);
	}
	print_unknown(b);
}

static void
print_value(struct buf *b, const struct conf_row *row, const struct conf_value *v)
{
	const char	*text = v->text != NULL ? v->text : row->def;
	const char	*password;
	size_t		 skip;

	if (text[0] == '\0') {
		buf_adds(b, "(unset)");
		return;
	}
	if (row->type == CONF_SECRET) {
		buf_addf(b, "**** (%zu bytes in %s)", v->secret_len, text);
		return;
	}
	while ((password = strcasestr(text, PASSWORD)) != NULL) {
		skip = (size_t)(password - text) + strlen(PASSWORD);
		buf_add(b, text, skip);
		buf_adds(b, "****");
		text += skip + password_end(text + skip);
	}
	buf_adds(b, text);
}

/* Bytes of a libpq value: up to a blank (or &, in a URI), or within quotes. */
static size_t
password_end(const char *p)
{
	size_t	i;

	if (p[0] != '\'')
		return (strcspn(p, " &"));
	for (i = 1; p[i] != '\0' && p[i] != '\''; i++)
		if (p[i] == '\\' && p[i + 1] != '\0')
			i++;
	return (i + (p[i] == '\''));
}

/* Most likely a misspelt setting. Its value may be a secret and is not shown. */
static void
print_unknown(struct buf *b)
{
	for (char **e = environ; *e != NULL; e++) {
		size_t	n = strcspn(*e, "=");

		if (strncmp(*e, PREFIX, strlen(PREFIX)) == 0 && !is_known(*e, n))
			buf_addf(b, "%.*s is set but is no setting\n", (int)n, *e);
	}
}

static bool
is_known(const char *name, size_t len)
{
	for (size_t i = 0; i < CONF_ROWS; i++)
		if (strlen(conf_rows[i].env) == len &&
		    memcmp(conf_rows[i].env, name, len) == 0)
			return (true);
	return (false);
}
