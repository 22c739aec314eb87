/*
 * json_decode.c -- JSON text into a struct, guided by its field table.
 *
 * Invariant: every member of the text is either put where its row says or
 * reported, and every row without a member is at its value of absence. The
 * walk goes on after a mistake until JSON_ERRORS_MAX are known.
 */
#include <assert.h>
#include <string.h>

#include "json/json_priv.h"
#include "base/utf8.h"
#include "http/errors.h"

#define NAME_SHOWN	100	/* bytes of an unknown name in a pointer */

/* Where we are in the text: a member (name) or an element (index) of `up`. */
struct place {
	const struct place	*up;
	const char		*name;
	size_t			 index;
};

struct decode {
	struct arena		*arena;
	struct json_errors	*errors;
};

static void	decode_object(struct decode *, const struct place *, const json_t *,
		    const struct field *, void *);
static void	decode_unknown(struct decode *, const struct place *, const json_t *,
		    const struct field *);
static void	decode_member(struct decode *, const struct place *, const json_t *,
		    const struct field *, void *);
static void	decode_list(struct decode *, const struct place *, const json_t *,
		    const struct field *, struct list_of *);
static int	decode_value(struct decode *, const json_t *, const struct field *, void *);
static void	report(struct decode *, const struct place *, int);
static char	*pointer_to(struct arena *, const struct place *);

int
json_decode(struct arena *a, const char *text, size_t len, const struct field *fields,
    void *out, size_t out_size, struct json_errors *errors)
{
	struct decode	 d = { a, errors };
	json_t		*root;
	int		 code;

	memset(out, 0, out_size);
	errors->count = 0;
	for (const struct field *f = fields; f->name != NULL; f++)
		assert(f->offset < out_size);
	if ((root = json_load_text(text, len, JSON_ALLOW_NUL, &code)) == NULL)
		json_errors_add(errors, "", code);
	else {
		decode_object(&d, NULL, root, fields, out);
		json_decref(root);
	}
	return (errors->count == 0 ? 0 : -1);
}

void
json_errors_add(struct json_errors *errors, const char *pointer, int code)
{
	if (errors->count == JSON_ERRORS_MAX)
		return;
	errors->list[errors->count].pointer = pointer;
	errors->list[errors->count].code = code;
	errors->count++;
}

int
json_field_index(const struct field *fields, const char *name)
{
	for (int i = 0; fields[i].name != NULL; i++)
		if (strcmp(fields[i].name, name) == 0)
			return (i);
	return (-1);
}

static void
decode_object(struct decode *d, const struct place *at, const json_t *object,
    const struct field *fields, void *out)
{
	size_t	known = 0;

	if (json_typeof(object) != JSON_OBJECT) {
		report(d, at, ERR_F_TYPE);
		return;
	}
	for (const struct field *f = fields; f->name != NULL; f++) {
		const json_t	*value = json_object_get(object, f->name);
		struct place	 here = { at, f->name, 0 };
		void		*slot = (char *)out + f->offset;

		known += value != NULL;
		if (value != NULL && json_typeof(value) != JSON_NULL) {
			decode_member(d, &here, value, f, slot);
			continue;
		}
		field_put_absent(f, slot);
		if (f->required)
			report(d, &here, ERR_F_MISSING);
	}
	if (known < json_object_size(object))
		decode_unknown(d, at, object, fields);
}

static void
decode_unknown(struct decode *d, const struct place *at, const json_t *j,
    const struct field *fields)
{
	json_t	*object = (json_t *)(uintptr_t)j;

	for (void *it = json_object_iter(object);
	    it != NULL && d->errors->count < JSON_ERRORS_MAX;
	    it = json_object_iter_next(object, it)) {
		struct place	here = { at, json_object_iter_key(it), 0 };

		if (json_field_index(fields, here.name) == -1)
			report(d, &here, ERR_F_UNKNOWN);
	}
}

static void
decode_member(struct decode *d, const struct place *here, const json_t *value,
    const struct field *f, void *slot)
{
	int	code;

	if (f->type == FIELD_T_LIST) {
		decode_list(d, here, value, f, slot);
		return;
	}
	if ((code = decode_value(d, value, f, slot)) != 0) {
		field_put_absent(f, slot);
		report(d, here, code);
	}
}

static void
decode_list(struct decode *d, const struct place *here, const json_t *value,
    const struct field *f, struct list_of *list)
{
	size_t	count = json_array_size(value);

	if (json_typeof(value) != JSON_ARRAY) {
		report(d, here, ERR_F_TYPE);
		return;
	}
	if ((int64_t)count < f->min || (int64_t)count > f->max) {
		report(d, here, ERR_F_COUNT);
		return;
	}
	list->items = arena_zalloc(d->arena, count * f->sub_size);
	list->count = count;
	for (size_t i = 0; i < count && d->errors->count < JSON_ERRORS_MAX; i++) {
		struct place	item = { here, NULL, i };

		decode_object(d, &item, json_array_get(value, i), f->sub,
		    (char *)list->items + i * f->sub_size);
	}
}

static int
decode_value(struct decode *d, const json_t *value, const struct field *f, void *slot)
{
	switch (f->type) {
	case FIELD_T_JSON:
		return (field_put_json(d->arena, f, value, slot));
	case FIELD_T_INT:
		if (json_typeof(value) != JSON_INTEGER)
			return (ERR_F_TYPE);
		return (field_put_int(f, json_integer_value(value), slot));
	case FIELD_T_BOOL:
		*(bool *)slot = json_typeof(value) == JSON_TRUE;
		if (json_typeof(value) != JSON_TRUE && json_typeof(value) != JSON_FALSE)
			return (ERR_F_TYPE);
		return (0);
	default:
		if (json_typeof(value) != JSON_STRING)
			return (ERR_F_TYPE);
		return (field_put_text(d->arena, f, json_string_value(value),
		    json_string_length(value), slot));
	}
}

static void
report(struct decode *d, const struct place *at, int code)
{
	if (d->errors->count < JSON_ERRORS_MAX)
		json_errors_add(d->errors, pointer_to(d->arena, at), code);
}

static char *
pointer_to(struct arena *a, const struct place *at)
{
	char	*up;

	if (at == NULL)
		return (arena_strdup(a, ""));
	up = pointer_to(a, at->up);
	if (at->name == NULL)
		return (arena_printf(a, "%s/%zu", up, at->index));
	return (arena_printf(a, "%s/%s", up, json_pointer_name(a, at->name)));
}

const char *
json_pointer_name(struct arena *a, const char *text)
{
	char	 name[2 * NAME_SHOWN + 1], *p = name;
	size_t	 len = utf8_prefix(text, strlen(text), NAME_SHOWN), i;

	for (i = 0; i < len; i++) {
		if (text[i] == '~' || text[i] == '/')
			*p++ = '~';
		*p++ = text[i] == '~' ? '0' : text[i] == '/' ? '1' : text[i];
	}
	*p = '\0';
	return (arena_strdup(a, name));
}
