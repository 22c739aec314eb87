/*
 * audit_find.c -- members of a reply by name, without parsing it.
 *
 * Invariant: what is found is a member, never text: inside a JSON string a
 * quotation mark is escaped, so `"name"` with two plain ones and a colon behind
 * can only be a member's name.
 */
#include "http/audit_priv.h"

#define NAME_ROOM	64
#define SHAPE_DEPTH	8

static bool	next_value(struct span *, const char *, size_t, struct span *);
static bool	shape_names_in(const struct shape *, const char *, int);

size_t
find_uuids(struct span json, const char *member, struct uuid *out, size_t room)
{
	char		quoted[NAME_ROOM], text[UUID_TEXT];
	int		len = snprintf(quoted, sizeof(quoted), "\"%s\"", member);
	struct span	value;
	struct uuid	id;
	size_t		n = 0, i;

	while (n < room && next_value(&json, quoted, (size_t)len, &value)) {
		if (value.len != UUID_TEXT - 1)
			continue;
		memcpy(text, value.p, value.len);
		text[value.len] = '\0';
		if (!uuid_parse(text, &id))
			continue;
		for (i = 0; i < n && !uuid_equal(&out[i], &id); i++)
			continue;
		if (i == n)
			out[n++] = id;
	}
	return (n);
}

bool
find_text(struct span json, const char *member, char *out, size_t size)
{
	char		quoted[NAME_ROOM];
	int		len = snprintf(quoted, sizeof(quoted), "\"%s\"", member);
	struct span	value;

	if (!next_value(&json, quoted, (size_t)len, &value) || value.len >= size)
		return (false);
	memcpy(out, value.p, value.len);
	out[value.len] = '\0';
	return (true);
}

bool
shape_names(const struct shape *s, const char *member)
{
	return (shape_names_in(s, member, 0));
}

/* The next string member of that name; *json goes on behind it. */
static bool
next_value(struct span *json, const char *quoted, size_t len, struct span *value)
{
	const char	*end = json->p + json->len, *p, *q;

	while ((p = memmem(json->p, json->len, quoted, len)) != NULL) {
		p += len;
		while (p < end && (*p == ' ' || *p == ':'))
			p++;
		*json = (struct span){ p, (size_t)(end - p) };
		if (p == end || *p != '"' || (q = memchr(p + 1, '"', (size_t)(end - p - 1))) == NULL)
			continue;
		*value = (struct span){ p + 1, (size_t)(q - p - 1) };
		return (true);
	}
	return (false);
}

static bool
shape_names_in(const struct shape *s, const char *member, int depth)
{
	for (; s != NULL && s->name != NULL; s++)
		if (strcmp(s->name, member) == 0 ||
		    (s->of != NULL && depth < SHAPE_DEPTH && shape_names_in(s->of, member, depth + 1)))
			return (true);
	return (false);
}
