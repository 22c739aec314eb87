/*
 * conf.c -- the settings table filled from the environment.
 *
 * Invariant: after conf_load() returned 0 every value is sound and owned here;
 * nothing points into the environment, whose memory Kore reuses for the
 * process title. A row of another program keeps its default.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "conf/conf.h"
#include "conf/conf_priv.h"

static void		 conf_release(struct conf_value *);
static bool		 used_by(const struct conf_row *, const char *);
static void		 load_row(const struct conf_row *, struct conf_value *,
			    const char *, struct buf *);
static bool		 parse_int(const struct conf_row *, const char *, int64_t *,
			    struct buf *);
static bool		 parse_bool(const struct conf_row *, const char *, int64_t *,
			    struct buf *);
static bool		 check_text(const struct conf_row *, const char *, struct buf *);
static const struct conf_value *conf_value(enum conf_id, enum conf_type);

const struct conf_row conf_rows[CONF_ROWS] = {
#define CONF_ROW(id, env, type, def, min, max, used_by, help) \
	{ env, type, def, min, max, used_by, help },
#include "conf/settings.def"
#undef CONF_ROW
};
struct conf_value conf_values[CONF_ROWS];

/* `program` is the name used_by speaks of; "yjyctl" reads every row. */
int
conf_load(const char *program, struct buf *errors)
{
	size_t	before = errors->len;

	for (size_t i = 0; i < CONF_ROWS; i++) {
		const struct conf_row	*row = &conf_rows[i];
		const char		*text = getenv(row->env);

		conf_release(&conf_values[i]);
		if (text == NULL || text[0] == '\0' || !used_by(row, program))
			text = NULL;
		conf_values[i].source = text != NULL ? CONF_FROM_ENV : CONF_FROM_DEFAULT;
		load_row(row, &conf_values[i], text != NULL ? text : row->def, errors);
	}
	return (errors->len == before && !errors->failed ? 0 : -1);
}

const char *
conf_text(enum conf_id id)
{
	const char	*text = conf_value(id, CONF_TEXT)->text;

	return (text != NULL ? text : conf_rows[id].def);
}

int64_t
conf_int(enum conf_id id)
{
	return (conf_value(id, CONF_INT)->number);
}

bool
conf_bool(enum conf_id id)
{
	return (conf_value(id, CONF_BOOL)->number != 0);
}

const void *
conf_secret(enum conf_id id, size_t *len)
{
	const struct conf_value	*value = conf_value(id, CONF_SECRET);

	*len = value->secret_len;
	return (value->secret);
}

const char *
conf_secret_file(enum conf_id id)
{
	return (conf_value(id, CONF_SECRET)->text);
}

bool
conf_secret_again(enum conf_id id)
{
	struct conf_value	*v = &conf_values[id], next = { .text = v->text };
	struct buf		 errors;
	bool			 other;

	if (v->text == NULL || v->text[0] == '\0')
		return (false);
	buf_init(&errors, 4096);
	other = secret_read(&conf_rows[id], &next, &errors) &&
	    (next.secret_len != v->secret_len ||
	    memcmp(next.secret, v->secret, v->secret_len) != 0);
	buf_release(&errors);
	if (other) {
		struct conf_value	old = { .secret = v->secret, .secret_len = v->secret_len };

		v->secret = next.secret;
		v->secret_len = next.secret_len;
		next = old;
	}
	next.text = NULL;
	conf_release(&next);
	return (other);
}

static void
conf_release(struct conf_value *v)
{
	if (v->secret != NULL)
		explicit_bzero(v->secret, v->secret_len);
	free(v->secret);
	free(v->text);
	memset(v, 0, sizeof(*v));
}

/* used_by: `*` or names with blanks between. */
static bool
used_by(const struct conf_row *row, const char *program)
{
	const char	*p = row->used_by;
	size_t		 n, len = strlen(program);

	if (strcmp(p, "*") == 0 || strcmp(program, "yjyctl") == 0)
		return (true);
	for (; *p != '\0'; p += n + strspn(p + n, " ")) {
		n = strcspn(p, " ");
		if (n == len && memcmp(p, program, n) == 0)
			return (true);
	}
	return (false);
}

static void
load_row(const struct conf_row *row, struct conf_value *v, const char *text,
    struct buf *errors)
{
	bool	sound = true;

	if ((v->text = strdup(text)) == NULL)
		log_die("out of memory");
	switch (row->type) {
	case CONF_TEXT:
		sound = check_text(row, text, errors);
		break;
	case CONF_INT:
		sound = parse_int(row, text, &v->number, errors);
		break;
	case CONF_BOOL:
		sound = parse_bool(row, text, &v->number, errors);
		break;
	case CONF_SECRET:
		if (text[0] != '\0')
			sound = secret_read(row, v, errors);
		break;
	}
	/* A default of the table that its own bounds refuse is our mistake. */
	assert(sound || v->source == CONF_FROM_ENV || row->type == CONF_SECRET);
}

static bool
check_text(const struct conf_row *row, const char *text, struct buf *errors)
{
	size_t	len = strlen(text);

	for (size_t i = 0; i < len; i++)
		if ((uint8_t)text[i] < 0x20 || text[i] == 0x7f) {
			buf_addf(errors, "%s: control characters are not allowed\n", row->env);
			return (false);
		}
	if (row->max > 0 && (len < (size_t)row->min || len > (size_t)row->max)) {
		buf_addf(errors, "%s: must be %lld to %lld bytes long\n", row->env,
		    (long long)row->min, (long long)row->max);
		return (false);
	}
	return (true);
}

static bool
parse_int(const struct conf_row *row, const char *text, int64_t *out, struct buf *errors)
{
	const char	*digits = text + (text[0] == '-');
	bool		 over = false;
	int64_t		 value = 0;

	if (digits[0] == '\0' || digits[strspn(digits, "0123456789")] != '\0') {
		buf_addf(errors, "%s: \"%s\" is not a whole number\n", row->env, text);
		return (false);
	}
	for (const char *p = digits; *p != '\0' && !over; p++)
		over = __builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, *p - '0', &value);
	if (text[0] == '-')
		value = -value;
	if (over || value < row->min || value > row->max) {
		buf_addf(errors, "%s: %s is not within %lld and %lld\n", row->env, text,
		    (long long)row->min, (long long)row->max);
		return (false);
	}
	*out = value;
	return (true);
}

static bool
parse_bool(const struct conf_row *row, const char *text, int64_t *out, struct buf *errors)
{
	if (strcmp(text, "on") == 0)
		*out = 1;
	else if (strcmp(text, "off") == 0)
		*out = 0;
	else {
		buf_addf(errors, "%s: \"%s\" is neither on nor off\n", row->env, text);
		return (false);
	}
	return (true);
}

static const struct conf_value *
conf_value(enum conf_id id, enum conf_type type)
{
	assert(id < CONF_ROWS && conf_rows[id].type == type);
	return (&conf_values[id]);
}

bool
conf_lists(enum conf_id id, const char *word)
{
	const char	*list = conf_text(id), *at = list;
	size_t		 len = strlen(word);

	while (len > 0 && (at = strstr(at, word)) != NULL) {
		if ((at == list || at[-1] == ',') && (at[len] == ',' || at[len] == '\0'))
			return (true);
		at += len;
	}
	return (false);
}
