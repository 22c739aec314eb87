/*
 * bundle_data.c -- the file of bundles, read and judged whole at start, and
 * what follows from a bundle's data: its form and the forms of its parts.
 */
#include "bundle.h"

#define FILE_MAX	((size_t)1 << 20)
#define FORM_MAX	((size_t)512 << 10)
#define BUNDLES_MAX	64
#define PARTS_MOST	30

static void	bundle_read(struct bundle *, const struct json *, size_t, struct buf *);
static void	part_judge(const struct bundle *, const struct bundle_part *, size_t, struct buf *);
static bool	has_part(const struct bundle *, const struct bundle_part *, const char *);
static void	part_put(struct json_out *, struct arena *, const struct bundle_part *, const struct json *,
		    struct buf *);
static void	put_once(struct json_out *, struct arena *, const char *, const struct json *, struct buf *);

static const struct field	part_fields[] = {
	FIELD_TEXT(bundle_part, part, REQUIRED, 2, 30, "部分"),
	FIELD_TEXT(bundle_part, matter, OPTIONAL, 5, 5, "事项编码"),
	FIELD_TEXT(bundle_part, name, OPTIONAL, 2, 60, "名称"),
	FIELD_TEXT(bundle_part, name_en, OPTIONAL, 2, 120, "英文名称"),
	FIELD_TEXT(bundle_part, when, OPTIONAL, 2, 60, "有此成员即办理"),
	FIELD_TEXT(bundle_part, form, OPTIONAL, 2, 60, "表单所在成员"),
	FIELD_JSON(bundle_part, map, OPTIONAL, 2000, "表单成员的来源"),
	FIELD_TEXT(bundle_part, needs, OPTIONAL, 2, 30, "先办的部分"),
	FIELD_BOOL(bundle_part, unless_org, OPTIONAL, "以单位身份办理时免办"),
	FIELD_END
};

static const struct field	bundle_fields[] = {
	FIELD_TEXT(bundle, code, REQUIRED, 2, 30, "编码"),
	FIELD_TEXT(bundle, name, REQUIRED, 2, 60, "名称"),
	FIELD_TEXT(bundle, name_en, REQUIRED, 2, 120, "英文名称"),
	FIELD_JSON(bundle, audience, REQUIRED, 400, "办理对象"),
	FIELD_LIST(bundle, parts, REQUIRED, 1, PARTS_MOST, bundle_part, part_fields, "组成"),
	FIELD_END
};

static struct arena	 arena;
static bool		 started;
static struct bundle	*all;
static size_t		 count;

int
bundles_load(const char *path, struct buf *faults)
{
	const struct json	*list;
	char			*text;
	size_t			 len, i;
	FILE			*f;

	if (!started)
		arena_init(&arena);
	started = true;
	count = 0;
	text = arena_alloc(&arena, FILE_MAX);
	if ((f = fopen(path, "r")) == NULL) {
		buf_addf(faults, "%s cannot be read\n", path);
		return (-1);
	}
	len = fread(text, 1, FILE_MAX, f);
	(void)fclose(f);
	list = json_get(json_parse(&arena, text, len), "bundles");
	if (!json_is_array(list) || json_count(list) > BUNDLES_MAX) {
		buf_addf(faults, "%s: no JSON with a list \"bundles\" of at most %d\n", path, BUNDLES_MAX);
		return (-1);
	}
	all = arena_zalloc(&arena, (json_count(list) + 1) * sizeof(*all));
	for (i = 0; i < json_count(list); i++)
		bundle_read(&all[i], json_at(list, i), i, faults);
	if (faults->len > 0)
		return (-1);
	count = json_count(list);
	return (0);
}

const struct bundle *
bundles(size_t *n)
{
	*n = count;
	return (all);
}

const struct bundle *
bundle_find(const char *code)
{
	size_t	i;

	for (i = 0; i < count; i++)
		if (strcmp(all[i].code, code) == 0)
			return (&all[i]);
	return (NULL);
}

const struct bundle_part *
bundle_part(const struct bundle *b, size_t i)
{
	const struct bundle_part	*parts = b->parts.items;

	return (i < b->parts.count ? &parts[i] : NULL);
}

static void
bundle_read(struct bundle *b, const struct json *from, size_t i, struct buf *faults)
{
	const struct bundle_part	*p;
	struct json_errors		 e = { .count = 0 };
	const char			*text = json_text(&arena, from);
	size_t				 k;

	if (json_decode(&arena, text, strlen(text), bundle_fields, b, sizeof(*b), &e) == -1) {
		for (k = 0; k < e.count; k++)
			buf_addf(faults, "/bundles/%zu%s: %s\n", i, e.list[k].pointer,
			    error_row((enum error_code)e.list[k].code)->en);
		return;
	}
	for (k = 0; (p = bundle_part(b, k)) != NULL; k++)
		part_judge(b, p, i, faults);
}

/* What a field table cannot say. */
static void
part_judge(const struct bundle *b, const struct bundle_part *p, size_t i, struct buf *faults)
{
	if (has_part(b, p, p->part))
		buf_addf(faults, "/bundles/%zu: two parts %s\n", i, p->part);
	if (p->matter == NULL) {
		if (p->name == NULL || p->name_en == NULL)
			buf_addf(faults, "/bundles/%zu: part %s has neither matter nor names\n", i, p->part);
		return;
	}
	if (matter_find(p->matter) == NULL)
		buf_addf(faults, "/bundles/%zu: part %s: no matter %s\n", i, p->part, p->matter);
	if (p->when == NULL || (p->form == NULL) == (p->map == NULL))
		buf_addf(faults, "/bundles/%zu: part %s wants `when`, and `form` or `map`\n", i, p->part);
	if (p->map != NULL && !json_is_object(json_parse(&arena, p->map, strlen(p->map))))
		buf_addf(faults, "/bundles/%zu: part %s: `map` is no object\n", i, p->part);
	if (p->needs != NULL && !has_part(b, p, p->needs))
		buf_addf(faults, "/bundles/%zu: part %s needs %s, which does not come before it\n", i,
		    p->part, p->needs);
}

/* Among the parts before `p`. */
static bool
has_part(const struct bundle *b, const struct bundle_part *p, const char *name)
{
	const struct bundle_part	*q;

	for (q = b->parts.items; q < p; q++)
		if (strcmp(q->part, name) == 0)
			return (true);
	return (false);
}

/* ---- forms ---- */

char *
bundle_form(struct arena *a, const struct bundle *b)
{
	const struct bundle_part	*p;
	const struct served		*s;
	struct json_out			 out;
	struct buf			 text, seen;
	char				*form;
	size_t				 i;

	buf_init(&text, FORM_MAX);
	buf_init(&seen, 8192);
	buf_addc(&seen, ' ');
	json_out_init(&out, &text);
	json_open(&out, NULL);
	json_put_text(&out, "type", "object");
	json_open(&out, "properties");
	for (i = 0; (p = bundle_part(b, i)) != NULL; i++) {
		if (p->matter == NULL || (s = served_of(matter_find(p->matter)))->form == NULL)
			continue;
		part_put(&out, a, p, json_parse(a, s->form, strlen(s->form)), &seen);
	}
	json_close(&out);
	json_put_bool(&out, "additionalProperties", false);
	json_close(&out);
	form = arena_strdup(a, buf_cstr(&text));
	buf_release(&seen);
	buf_release(&text);
	return (form);
}

static void
part_put(struct json_out *out, struct arena *a, const struct bundle_part *p, const struct json *form,
    struct buf *seen)
{
	const struct json	*map, *props = json_get(form, "properties");
	size_t			 i;

	if (p->form != NULL) {
		put_once(out, a, p->form, form, seen);
		return;
	}
	map = json_parse(a, p->map, strlen(p->map));
	for (i = 0; i < json_count(map); i++)
		put_once(out, a, json_string(json_value(map, i)), json_get(props, json_key(map, i)), seen);
}

/* Two parts may share a member; its first schema stands for both. */
static void
put_once(struct json_out *out, struct arena *a, const char *member, const struct json *schema,
    struct buf *seen)
{
	if (member == NULL || schema == NULL ||
	    strstr(buf_cstr(seen), arena_printf(a, " %s ", member)) != NULL)
		return;
	buf_addf(seen, "%s ", member);
	json_put_raw(out, member, json_text(a, schema));
}

bool
bundle_knows(struct arena *a, const struct bundle *b, const char *member)
{
	const struct bundle_part	*p;
	const struct json		*map;
	const char			*from;
	size_t				 i, k;

	for (i = 0; (p = bundle_part(b, i)) != NULL; i++) {
		if (p->matter == NULL)
			continue;
		if (strcmp(p->when, member) == 0 || (p->form != NULL && strcmp(p->form, member) == 0))
			return (true);
		map = p->map != NULL ? json_parse(a, p->map, strlen(p->map)) : NULL;
		for (k = 0; map != NULL && k < json_count(map); k++)
			if ((from = json_string(json_value(map, k))) != NULL && strcmp(from, member) == 0)
				return (true);
	}
	return (false);
}

struct json *
part_form(struct arena *a, const struct bundle_part *p, const struct json *form)
{
	const struct json	*map, *from, *value;
	struct json_out		 out;
	struct buf		 b;
	char			*text;
	size_t			 i;

	if (p->form != NULL) {
		value = json_get(form, p->form);
		text = json_is_object(value) ? json_text(a, value) : NULL;
		return (text != NULL ? json_parse(a, text, strlen(text)) : NULL);
	}
	map = json_parse(a, p->map, strlen(p->map));
	buf_init(&b, FORM_MAX);
	json_out_init(&out, &b);
	json_open(&out, NULL);
	for (i = 0; i < json_count(map); i++) {
		from = json_value(map, i);
		value = json_string(from) != NULL ? json_get(form, json_string(from)) : json_get(from, "value");
		if (value != NULL && !json_is_null(value))
			json_put_raw(&out, json_key(map, i), json_text(a, value));
	}
	json_close(&out);
	text = arena_strdup(a, buf_cstr(&b));
	buf_release(&b);
	return (json_parse(a, text, strlen(text)));
}

const char *
part_pointer(struct arena *a, const struct bundle_part *p, const char *pointer)
{
	const struct json	*map;
	const char		*from, *rest;
	size_t			 len;

	if (pointer[0] != '/' && pointer[0] != '\0')
		return (pointer);
	if (p->form != NULL)
		return (arena_printf(a, "/form/%s%s", p->form, pointer));
	if (pointer[0] == '\0')
		return ("/form");
	len = strcspn(pointer + 1, "/");
	rest = pointer + 1 + len;
	map = json_parse(a, p->map, strlen(p->map));
	from = json_string(json_get(map, arena_strndup(a, pointer + 1, len)));
	return (from != NULL ? arena_printf(a, "/form/%s%s", from, rest) : "/form");
}
