/*
 * json_pair.c -- name=value text (query strings, forms) by the same field
 * tables as JSON.
 */
#include <string.h>

#include "json/json_priv.h"
#include "base/utf8.h"
#include "http/errors.h"

#define NAME_SHOWN	100	/* bytes of an unknown name in an error */

static int	pair_value(struct arena *, const struct field *, const char *, void *);
static int	pair_int(const struct field *, const char *, void *);
static int	pair_bool(const char *, bool *);
static int	pair_json(struct arena *, const struct field *, const char *, void *);

int
json_decode_pair(struct arena *a, const char *name, const char *value,
    const struct field *fields, void *out, struct json_errors *errors)
{
	int	i = json_field_index(fields, name);
	int	code = ERR_F_UNKNOWN;

	if (i != -1)
		code = pair_value(a, &fields[i], value, (char *)out + fields[i].offset);
	if (code == 0)
		return (0);
	json_errors_add(errors, arena_strndup(a, name,
	    utf8_prefix(name, strlen(name), NAME_SHOWN)), code);
	return (-1);
}

int
json_decode_finish(const struct field *fields, void *out, const uint64_t *seen,
    struct json_errors *errors)
{
	for (size_t i = 0; fields[i].name != NULL; i++) {
		if ((seen[i / 64] >> i % 64 & 1) != 0)
			continue;
		field_put_absent(&fields[i], (char *)out + fields[i].offset);
		if (fields[i].required)
			json_errors_add(errors, fields[i].name, ERR_F_MISSING);
	}
	return (errors->count == 0 ? 0 : -1);
}

static int
pair_value(struct arena *a, const struct field *f, const char *value, void *slot)
{
	switch (f->type) {
	case FIELD_T_INT:
		return (pair_int(f, value, slot));
	case FIELD_T_BOOL:
		return (pair_bool(value, slot));
	case FIELD_T_JSON:
		return (pair_json(a, f, value, slot));
	default:
		return (field_put_text(a, f, value, strlen(value), slot));
	}
}

/* The form JSON has: no plus sign, no leading zero. */
static int
pair_int(const struct field *f, const char *s, void *slot)
{
	const char	*digits = s + (s[0] == '-');
	size_t		 len = strspn(digits, "0123456789");
	int64_t		 value = 0;

	if (len == 0 || digits[len] != '\0' || (digits[0] == '0' && len > 1))
		return (ERR_F_TYPE);
	for (size_t i = 0; i < len; i++) {
		int	digit = digits[i] - '0';

		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, s[0] == '-' ? -digit : digit, &value))
			return (s[0] == '-' ? ERR_F_SMALL : ERR_F_LARGE);
	}
	return (field_put_int(f, value, slot));
}

static int
pair_bool(const char *s, bool *slot)
{
	if (strcmp(s, "true") != 0 && strcmp(s, "false") != 0)
		return (ERR_F_TYPE);
	*slot = s[0] == 't';
	return (0);
}

static int
pair_json(struct arena *a, const struct field *f, const char *s, void *slot)
{
	json_t	*value;
	int	 code;

	if ((value = json_load_text(s, strlen(s), JSON_ALLOW_NUL, &code)) == NULL)
		return (ERR_F_FORMAT);
	code = field_put_json(a, f, value, slot);
	json_decref(value);
	return (code);
}
