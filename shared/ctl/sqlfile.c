/*
 * sqlfile.c -- the one parser of named statements.
 *
 * Owns the text of each statement. Invariant: what leaves here holds no
 * comment, only numbered parameters, and uses each declared argument.
 */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>

#include "ctl/sqlfile.h"

#define FILE_MAX_BYTES	(1 << 20)

static const char *const type_names[] = {
	[DB_T_TEXT] = "text", [DB_T_INT8] = "int8", [DB_T_INT4] = "int4",
	[DB_T_BOOL] = "bool", [DB_T_UUID] = "uuid", [DB_T_DATE] = "date",
	[DB_T_TIMESTAMPTZ] = "timestamptz", [DB_T_JSONB] = "jsonb",
	[DB_T_BYTEA] = "bytea", [DB_T_TEXT_ARRAY] = "text[]",
};

/* One file being read: `at` walks over `text`. */
struct reader {
	struct sqlfile		*out;
	struct sqlfile_stmt	*stmt;		/* being read, or NULL */
	const char		*path;
	char			*text, *at;
	char			*to;		/* end of stmt->sql */
	int			 line;
	bool			 ended;		/* `;` seen */
	bool			 args_open;	/* the argument list goes on */
	bool			 used[DB_ARGS_MAX];
};

static int	complain(struct reader *, const char *, ...) PRINTF(2, 3);
static char    *load(struct reader *);
static int	read_text(struct reader *);
static int	read_comment(struct reader *);
static int	skip_block_comment(struct reader *);
static int	read_name(struct reader *, char *);
static int	read_args(struct reader *, char *);
static int	read_arg(struct reader *, char *);
static int	copy_quoted(struct reader *, char);
static int	copy_dollar(struct reader *);
static int	copy_parameter(struct reader *, const char *, size_t);
static int	finish(struct reader *);
static bool	inserts_outbox(const char *);
static char    *trim(char *);
static bool	is_word(const char *);

int
sqlfile_read(struct sqlfile *out, const char *path)
{
	struct reader	 r = { .out = out, .path = path, .line = 1 };
	int		 rc;

	if ((r.text = load(&r)) == NULL)
		return (-1);
	r.at = r.text;
	rc = read_text(&r);
	if (rc == 0)
		rc = finish(&r);
	free(r.text);
	return (rc);
}

void
sqlfile_free(struct sqlfile *f)
{
	size_t	i, j;

	for (i = 0; i < f->count; i++) {
		for (j = 0; j < f->stmts[i].nargs; j++)
			free(f->stmts[i].args[j].name);
		free(f->stmts[i].name);
		free(f->stmts[i].file);
		free(f->stmts[i].sql);
	}
	free(f->stmts);
	f->stmts = NULL;
	f->count = 0;
}

const char *
sqlfile_type(enum db_type type)
{
	return (type_names[type]);
}

static int
complain(struct reader *r, const char *fmt, ...)
{
	char	what[256];
	va_list	ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	snprintf(r->out->error, sizeof(r->out->error), "%s:%d: %s",
	    r->path, r->line, what);
	return (-1);
}

static char *
load(struct reader *r)
{
	FILE	*f = fopen(r->path, "r");
	char	*text;
	size_t	 n;

	if (f == NULL) {
		complain(r, "cannot open: %s", strerror(errno));
		return (NULL);
	}
	text = calloc(1, FILE_MAX_BYTES + 1);
	n = text == NULL ? 0 : fread(text, 1, FILE_MAX_BYTES, f);
	if (text == NULL || ferror(f) || n == FILE_MAX_BYTES || memchr(text, 0, n)) {
		complain(r, "unreadable, too long, or not text");
		free(text);
		text = NULL;
	}
	fclose(f);
	return (text);
}

/* Walks the file once; whatever is neither comment nor space is SQL. */
static int
read_text(struct reader *r)
{
	int	rc = 0;

	while (*r->at != '\0' && rc == 0) {
		if (*r->at == '\n')
			r->line++;
		if (strncmp(r->at, "--", 2) == 0)
			rc = read_comment(r);
		else if (strncmp(r->at, "/*", 2) == 0)
			rc = skip_block_comment(r);
		else if (isspace((unsigned char)*r->at) && (r->stmt == NULL || r->ended))
			r->at++;
		else if (r->stmt == NULL)
			rc = complain(r, "SQL before the first `-- name:`");
		else if (r->ended)
			rc = complain(r, "text behind `;`: one statement a name");
		else if (*r->at == '\'' || *r->at == '"')
			rc = copy_quoted(r, *r->at);
		else if (*r->at == '$')
			rc = copy_dollar(r);
		else if (*r->at == ';') {
			r->ended = true;
			r->at++;
		} else
			*r->to++ = *r->at++;
	}
	return (rc);
}

/* A comment to the end of the line: `name:`, `args:`, more arguments, or talk. */
static int
read_comment(struct reader *r)
{
	char	*start = r->at + 2, *end = strchr(r->at, '\n');
	bool	 more = r->args_open;
	int	 rc = 0;

	r->at = end == NULL ? start + strlen(start) : end + 1;
	if (end != NULL)
		*end = '\0';
	start = trim(start);
	if (strncmp(start, "name:", 5) == 0)
		rc = read_name(r, trim(start + 5));
	else if (strncmp(start, "args:", 5) == 0)
		rc = read_args(r, trim(start + 5));
	else if (more)
		rc = read_args(r, start);
	else if (r->stmt != NULL && r->to != r->stmt->sql)
		*r->to++ = '\n';
	r->line += rc == 0 && end != NULL;
	return (rc);
}

static int
skip_block_comment(struct reader *r)
{
	int	depth = 0;

	do {
		if (strncmp(r->at, "/*", 2) == 0 || strncmp(r->at, "*/", 2) == 0) {
			depth += *r->at == '/' ? 1 : -1;
			r->at += 2;
			continue;
		}
		if (*r->at == '\0')
			return (complain(r, "comment is not closed"));
		r->line += *r->at == '\n';
		r->at++;
	} while (depth > 0);
	return (0);
}

/* "vacancy_get :one read" */
static int
read_name(struct reader *r, char *text)
{
	struct sqlfile_stmt	*s;
	char			 name[64] = "", card[16] = "", word[16] = "", rest[2] = "";
	size_t			 i;

	if (finish(r) == -1)
		return (-1);
	if (sscanf(text, "%63s :%15s %15s %1s", name, card, word, rest) < 2 || rest[0] != '\0')
		return (complain(r, "expected `-- name: resource_verb :one|:many|:exec [read]`"));
	if (!is_word(name))
		return (complain(r, "`%s` is not a lower-case name", name));
	for (i = 0; i < r->out->count; i++)
		if (strcmp(r->out->stmts[i].name, name) == 0)
			return (complain(r, "`%s` is already at %s:%d", name,
			    r->out->stmts[i].file, r->out->stmts[i].line));
	s = realloc(r->out->stmts, (r->out->count + 1) * sizeof(*s));
	if (s == NULL)
		return (complain(r, "out of memory"));
	r->out->stmts = s;
	s += r->out->count;
	*s = (struct sqlfile_stmt){ .name = strdup(name), .file = strdup(r->path), .line = r->line,
	    .read = strcmp(word, "read") == 0, .emits = strcmp(word, "tells") == 0, .sql = calloc(1, 2 * strlen(r->at) + 2) };
	r->out->count++;
	r->stmt = s;
	r->to = s->sql;
	memset(r->used, 0, sizeof(r->used));
	s->card = strcmp(card, "many") == 0 ? DB_MANY :
	    strcmp(card, "exec") == 0 ? DB_EXEC : DB_ONE;
	if ((s->card == DB_ONE && strcmp(card, "one") != 0) || (word[0] != '\0' && !s->read && !s->emits))
		return (complain(r, "expected :one, :many or :exec, then nothing, `read` or `tells`"));
	return (0);
}

static int
read_args(struct reader *r, char *text)
{
	char	*next;

	if (r->stmt == NULL || r->ended || r->to != r->stmt->sql)
		return (complain(r, "`-- args:` belongs between `-- name:` and the statement"));
	r->args_open = *text != '\0' && text[strlen(text) - 1] == ',';
	for (; text != NULL && *text != '\0'; text = next) {
		next = strchr(text, ',');
		if (next != NULL)
			*next++ = '\0';
		if (read_arg(r, trim(text)) == -1)
			return (-1);
		while (next != NULL && isspace((unsigned char)*next))
			next++;
	}
	return (0);
}

/* "pay_min int8?" */
static int
read_arg(struct reader *r, char *text)
{
	struct sqlfile_stmt	*s = r->stmt;
	struct sqlfile_arg	*a = &s->args[s->nargs];
	char			 name[64] = "", type[16] = "", rest[2] = "";
	size_t			 i;

	if (s->nargs == DB_ARGS_MAX)
		return (complain(r, "more than %d arguments", DB_ARGS_MAX));
	if (sscanf(text, "%63s %15s %1s", name, type, rest) != 2 || !is_word(name))
		return (complain(r, "`%s` is not `name type`", text));
	for (i = 0; i < s->nargs; i++)
		if (strcmp(s->args[i].name, name) == 0)
			return (complain(r, "argument `%s` is declared twice", name));
	a->optional = type[strlen(type) - 1] == '?';
	if (a->optional)
		type[strlen(type) - 1] = '\0';
	for (i = 0; i < NITEMS(type_names); i++)
		if (strcmp(type, type_names[i]) == 0)
			break;
	if (i == NITEMS(type_names))
		return (complain(r, "`%s` is not an argument type", type));
	a->type = (enum db_type)i;
	a->name = strdup(name);
	s->nargs++;
	return (0);
}

static int
copy_quoted(struct reader *r, char quote)
{
	bool	escapes = quote == '\'' && r->to > r->stmt->sql &&
		    (r->to[-1] == 'E' || r->to[-1] == 'e');

	do {
		if (escapes && *r->at == '\\' && r->at[1] != '\0')
			*r->to++ = *r->at++;
		r->line += *r->at == '\n';
		*r->to++ = *r->at++;
		if (*r->at == '\0')
			return (complain(r, "quotation is not closed"));
	} while (*r->at != quote);
	*r->to++ = *r->at++;
	return (0);
}

/* $1, $name, or a dollar quotation ($$ ... $$), which is copied as it is. */
static int
copy_dollar(struct reader *r)
{
	size_t	 n = 1 + strspn(r->at + 1, "abcdefghijklmnopqrstuvwxyz0123456789_");
	char	*end;

	if (r->at[n] != '$')
		return (copy_parameter(r, r->at + 1, n - 1));
	n++;
	for (end = r->at + n; strncmp(end, r->at, n) != 0; end++) {
		if (*end == '\0')
			return (complain(r, "dollar quotation is not closed"));
		r->line += *end == '\n';
	}
	end += n;
	memcpy(r->to, r->at, (size_t)(end - r->at));
	r->to += end - r->at;
	r->at = end;
	return (0);
}

static int
copy_parameter(struct reader *r, const char *name, size_t len)
{
	struct sqlfile_stmt	*s = r->stmt;
	size_t			 i;

	for (i = 0; i < s->nargs; i++)
		if (strlen(s->args[i].name) == len && memcmp(s->args[i].name, name, len) == 0)
			break;
	if (len > 0 && isdigit((unsigned char)*name)) {
		len = strspn(name, "0123456789");
		i = strtoul(name, NULL, 10) - 1;
	}
	if (i >= s->nargs)
		return (complain(r, "`$%.*s` is not an argument of %s", (int)len, name, s->name));
	r->used[i] = true;
	/* A number may be longer than a short name: calloc'ed twice the text. */
	r->to += snprintf(r->to, 4, "$%zu", i + 1);
	r->at += 1 + len;
	return (0);
}

static int
finish(struct reader *r)
{
	struct sqlfile_stmt	*s = r->stmt;
	size_t			 i;
	int			 line = r->line;

	if (s == NULL)
		return (0);
	while (r->to > s->sql && isspace((unsigned char)r->to[-1]))
		r->to--;
	*r->to = '\0';
	r->line = s->line;
	memmove(s->sql, trim(s->sql), strlen(trim(s->sql)) + 1);
	if (*s->sql == '\0')
		return (complain(r, "%s has no statement", s->name));
	if (r->args_open)
		return (complain(r, "the argument list of %s ends with a comma", s->name));
	for (i = 0; i < s->nargs; i++)
		if (!r->used[i])
			return (complain(r, "%s does not use its argument `%s`",
			    s->name, s->args[i].name));
	s->emits = s->emits || inserts_outbox(s->sql);
	if (s->emits && s->read)
		return (complain(r, "%s writes events and cannot be `read`", s->name));
	r->stmt = NULL;
	r->ended = r->args_open = false;
	r->line = line;
	return (0);
}

/* "INSERT INTO <schema>.outbox", however it is spaced, or <schema>.revoke(), which does. */
static bool
inserts_outbox(const char *sql)
{
	const char	*p;

	if (strstr(sql, ".revoke(") != NULL)
		return (true);
	for (p = sql; (p = strcasestr(p, "insert")) != NULL; p++) {
		p += 6;
		p += strspn(p, " \t\n");
		if (strncasecmp(p, "into", 4) != 0)
			continue;
		p += 4 + strspn(p + 4, " \t\n");
		p += strcspn(p, ". \t\n(");
		if (strncmp(p, ".outbox", 7) == 0 && !isalnum((unsigned char)p[7]) && p[7] != '_')
			return (true);
	}
	return (false);
}

static char *
trim(char *text)
{
	char	*end;

	while (isspace((unsigned char)*text))
		text++;
	for (end = text + strlen(text); end > text && isspace((unsigned char)end[-1]); end--)
		;
	*end = '\0';
	return (text);
}

static bool
is_word(const char *text)
{
	return (*text >= 'a' && *text <= 'z' &&
	    text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0');
}
