/*
 * json_out.c -- the writer. Inside an object every value has a name, inside a
 * list and at the top none has; a second value at the top, a wrong close or
 * nesting beyond JSON_DEPTH_MAX is our own mistake and asserted.
 */
#include <assert.h>
#include <string.h>

#include "json/json.h"
#include "base/clock.h"

static bool	in_list(const struct json_out *);
static void	put_name(struct json_out *, const char *);
static void	put_word(struct json_out *, const char *, const char *);
static void	put_quoted(struct json_out *, const char *, const char *, size_t);
static void	descend(struct json_out *, const char *, char, bool);
static void	ascend(struct json_out *, char, bool);

void
json_out_init(struct json_out *o, struct buf *b)
{
	memset(o, 0, sizeof(*o));
	o->buf = b;
}

void
json_open(struct json_out *o, const char *name)
{
	descend(o, name, '{', false);
}

void
json_close(struct json_out *o)
{
	ascend(o, '}', false);
}

void
json_open_list(struct json_out *o, const char *name)
{
	descend(o, name, '[', true);
}

void
json_close_list(struct json_out *o)
{
	ascend(o, ']', true);
}

void
json_put_text(struct json_out *o, const char *name, const char *text)
{
	if (text == NULL) {
		put_word(o, name, "null");
		return;
	}
	put_name(o, name);
	buf_addc(o->buf, '"');
	buf_add_json(o->buf, text, strlen(text));
	buf_addc(o->buf, '"');
}

void
json_put_int(struct json_out *o, const char *name, int64_t value)
{
	put_name(o, name);
	buf_add_int(o->buf, value);
}

void
json_put_bool(struct json_out *o, const char *name, bool value)
{
	put_word(o, name, value ? "true" : "false");
}

void
json_put_uuid(struct json_out *o, const char *name, const struct uuid *id)
{
	char	text[UUID_TEXT];

	if (id == NULL || uuid_is_nil(id))
		put_word(o, name, "null");
	else
		put_quoted(o, name, uuid_format(id, text), UUID_TEXT - 1);
}

void
json_put_day(struct json_out *o, const char *name, int32_t day)
{
	char	text[DAY_TEXT];

	put_quoted(o, name, day_format(day, text), DAY_TEXT - 1);
}

void
json_put_instant(struct json_out *o, const char *name, int64_t us)
{
	char	text[INSTANT_TEXT];

	put_quoted(o, name, instant_format(us, text), INSTANT_TEXT - 1);
}

void
json_put_raw(struct json_out *o, const char *name, const char *json)
{
	put_word(o, name, json != NULL ? json : "null");
}

void
json_escape(struct buf *b, const char *s, size_t len)
{
	buf_add_json(b, s, len);
}

static bool
in_list(const struct json_out *o)
{
	return ((o->lists >> o->depth & 1) != 0);
}

static void
put_name(struct json_out *o, const char *name)
{
	if (o->depth == 0)
		assert(!o->comma);
	assert((name != NULL) == (o->depth > 0 && !in_list(o)));
	if (o->comma)
		buf_addc(o->buf, ',');
	o->comma = true;
	if (name == NULL)
		return;
	buf_addc(o->buf, '"');
	buf_add_json(o->buf, name, strlen(name));
	buf_add(o->buf, "\":", 2);
}

static void
put_word(struct json_out *o, const char *name, const char *word)
{
	put_name(o, name);
	buf_adds(o->buf, word);
}

/* Text that needs no escapes; "" stands for none and writes null. */
static void
put_quoted(struct json_out *o, const char *name, const char *text, size_t len)
{
	if (text[0] == '\0') {
		put_word(o, name, "null");
		return;
	}
	put_name(o, name);
	buf_addc(o->buf, '"');
	buf_add(o->buf, text, len);
	buf_addc(o->buf, '"');
}

static void
descend(struct json_out *o, const char *name, char bracket, bool list)
{
	put_name(o, name);
	buf_addc(o->buf, bracket);
	assert(o->depth < JSON_DEPTH_MAX);
	o->depth++;
	o->lists &= ~(UINT64_C(1) << o->depth);
	o->lists |= (uint64_t)list << o->depth;
	o->comma = false;
}

static void
ascend(struct json_out *o, char bracket, bool list)
{
	assert(o->depth > 0 && in_list(o) == list);
	buf_addc(o->buf, bracket);
	o->depth--;
	o->comma = true;
}
