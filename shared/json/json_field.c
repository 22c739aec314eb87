/*
 * json_field.c -- one value against one row of a field table: is it of the
 * type, within the bounds, and where does it go.
 */
#include <string.h>

#include "json/json_priv.h"
#include "base/clock.h"
#include "http/errors.h"

static int	put_day(const struct field *, const char *, void *);
static int	put_instant(const struct field *, const char *, void *);
static int	put_uuid(const char *, void *);
static int	put_choice(const struct field *, const char *, void *);
static int	check_range(const struct field *, int64_t);

int
field_put_text(struct arena *a, const struct field *f, const char *s, size_t len,
    void *slot)
{
	int64_t	chars;
	int	code = 0;

	if (!json_text_sound(s, len, &chars))
		return (ERR_F_FORMAT);
	switch (f->type) {
	case FIELD_T_TEXT:
		if (chars < f->min)
			return (ERR_F_SHORT);
		if (chars > f->max)
			return (ERR_F_LONG);
		break;
	case FIELD_T_CHECK:
		code = f->check(s);
		break;
	case FIELD_T_ENUM:
		return (put_choice(f, s, slot));
	case FIELD_T_UUID:
		return (put_uuid(s, slot));
	case FIELD_T_DAY:
		return (put_day(f, s, slot));
	case FIELD_T_INSTANT:
		return (put_instant(f, s, slot));
	default:
		return (ERR_F_TYPE);
	}
	if (code == 0)
		*(const char **)slot = arena_strndup(a, s, len);
	return (code);
}

int
field_put_int(const struct field *f, int64_t value, void *slot)
{
	int	code = check_range(f, value);

	if (code == 0)
		*(int64_t *)slot = value;
	return (code);
}

int
field_put_json(struct arena *a, const struct field *f, const json_t *value, void *slot)
{
	const char	*text;

	if (!json_tree_sound(value))
		return (ERR_F_FORMAT);
	if ((text = json_dump_text(a, value)) == NULL || strlen(text) > (size_t)f->max)
		return (ERR_F_LONG);
	*(const char **)slot = text;
	return (0);
}

void
field_put_absent(const struct field *f, void *slot)
{
	if (f->type == FIELD_T_DAY)
		*(int32_t *)slot = DAY_NONE;
}

static int
put_day(const struct field *f, const char *s, void *slot)
{
	int32_t	day = day_parse(s);
	int	code;

	if (day == DAY_NONE)
		return (ERR_F_FORMAT);
	if ((f->min != 0 || f->max != 0) && (code = check_range(f, day)) != 0)
		return (code);
	*(int32_t *)slot = day;
	return (0);
}

static int
put_instant(const struct field *f, const char *s, void *slot)
{
	int64_t	us = instant_parse(s);
	int	code;

	if (us == INT64_MIN)
		return (ERR_F_FORMAT);
	if ((f->min != 0 || f->max != 0) && (code = check_range(f, us)) != 0)
		return (code);
	*(int64_t *)slot = us;
	return (0);
}

/* The nil UUID means "none" in our structs; a client may not send it. */
static int
put_uuid(const char *s, void *slot)
{
	struct uuid	id;

	if (!uuid_parse(s, &id) || uuid_is_nil(&id))
		return (ERR_F_FORMAT);
	*(struct uuid *)slot = id;
	return (0);
}

static int
put_choice(const struct field *f, const char *s, void *slot)
{
	for (const char *const *choice = f->set; *choice != NULL; choice++)
		if (strcmp(*choice, s) == 0) {
			*(const char **)slot = *choice;
			return (0);
		}
	return (ERR_F_CHOICE);
}

static int
check_range(const struct field *f, int64_t value)
{
	if (value < f->min)
		return (ERR_F_SMALL);
	return (value > f->max ? ERR_F_LARGE : 0);
}
