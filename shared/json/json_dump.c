/*
 * json_dump.c -- a jansson tree to compact text. The same tree always gives
 * the same bytes: names in byte order, reals in the shortest form that reads
 * back as the same number, always with a point or an exponent.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json/json_priv.h"

#define DUMP_MAX	(512u << 20)
#define REAL_TEXT	32

static void	dump(struct arena *, struct buf *, const json_t *);
static void	dump_object(struct arena *, struct buf *, const json_t *);
static void	dump_array(struct arena *, struct buf *, const json_t *);
static void	dump_string(struct buf *, const char *, size_t);
static void	dump_real(struct buf *, double);
static int	by_bytes(const void *, const void *);

char *
json_dump_text(struct arena *a, const json_t *j)
{
	struct buf	 b;
	char		*text;

	buf_init(&b, DUMP_MAX);
	dump(a, &b, j);
	text = buf_ok(&b) ? arena_strndup(a, buf_cstr(&b), b.len) : NULL;
	buf_release(&b);
	return (text);
}

static void
dump(struct arena *a, struct buf *b, const json_t *j)
{
	switch (json_typeof(j)) {
	case JSON_OBJECT:
		dump_object(a, b, j);
		break;
	case JSON_ARRAY:
		dump_array(a, b, j);
		break;
	case JSON_STRING:
		dump_string(b, json_string_value(j), json_string_length(j));
		break;
	case JSON_INTEGER:
		buf_add_int(b, json_integer_value(j));
		break;
	case JSON_REAL:
		dump_real(b, json_real_value(j));
		break;
	case JSON_TRUE:
		buf_adds(b, "true");
		break;
	case JSON_FALSE:
		buf_adds(b, "false");
		break;
	case JSON_NULL:
		buf_adds(b, "null");
		break;
	}
}

static void
dump_object(struct arena *a, struct buf *b, const json_t *j)
{
	json_t		*object = (json_t *)(uintptr_t)j;
	size_t		 count = json_object_size(j), n = 0;
	const char	**names = arena_alloc(a, count * sizeof(*names));

	for (void *it = json_object_iter(object); it != NULL;
	    it = json_object_iter_next(object, it))
		names[n++] = json_object_iter_key(it);
	if (n > 1)
		qsort(names, n, sizeof(*names), by_bytes);
	buf_addc(b, '{');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_addc(b, ',');
		dump_string(b, names[i], strlen(names[i]));
		buf_addc(b, ':');
		dump(a, b, json_object_get(j, names[i]));
	}
	buf_addc(b, '}');
}

static void
dump_array(struct arena *a, struct buf *b, const json_t *j)
{
	json_t	*value;
	size_t	 i;

	buf_addc(b, '[');
	json_array_foreach(j, i, value) {
		if (i > 0)
			buf_addc(b, ',');
		dump(a, b, value);
	}
	buf_addc(b, ']');
}

static void
dump_string(struct buf *b, const char *s, size_t len)
{
	buf_addc(b, '"');
	buf_add_json(b, s, len);
	buf_addc(b, '"');
}

/* 17 digits tell any two doubles apart; most numbers need 15. */
static void
dump_real(struct buf *b, double value)
{
	char	text[REAL_TEXT];

	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, value);
		if (strtod(text, NULL) == value)
			break;
	}
	buf_adds(b, text);
	if (strpbrk(text, ".e") == NULL)
		buf_adds(b, ".0");
}

static int
by_bytes(const void *a, const void *b)
{
	return (strcmp(*(const char *const *)a, *(const char *const *)b));
}
