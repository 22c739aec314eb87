/*
 * export_table.c -- the rows of a list as rows of a table: a column a member,
 * in the order of the shape, under its help (zh) or its name (en). A word of
 * ours is written as its label, a standard's code with its name behind it, and
 * what only a machine reads comes last. Money is written in yuan.
 *
 * Invariant: an identifier or code whose name is in the row has no column, and
 * no other member of the reply is left out but the currency, told by the heads.
 */
#include "http/export_priv.h"
#include "base/clock.h"

static bool	is_left_out(const struct shape *, const struct shape *);
static bool	has_text(const struct shape *, const char *, size_t, const char *);
static void	member_add(struct export *, struct arena *, const struct shape *);
static void	column_add(struct export *, const struct export_from *, const char *);
static const struct code_list *standard_of(const char *);
static void	cell(struct export *, struct arena *, size_t, const struct json *);

void
export_columns(struct export *e, struct arena *a, const struct shape *all)
{
	const struct shape	*s;

	for (s = all; s->name != NULL; s++)
		if (s->type != SHAPE_T_UUID && !is_left_out(all, s))
			member_add(e, a, s);
	for (s = all; s->name != NULL; s++)
		if (s->type == SHAPE_T_UUID && !is_left_out(all, s))
			member_add(e, a, s);
}

static bool
is_left_out(const struct shape *all, const struct shape *s)
{
	size_t	len = strlen(s->name);

	if (s->type != SHAPE_T_UUID)
		return (strcmp(s->name, "currency") == 0 || has_text(all, s->name, len, "_name"));
	if (!name_ends(s->name, "_id"))
		return (false);
	len -= strlen("_id");
	return (has_text(all, s->name, len, "_name") || has_text(all, s->name, len, "_title") ||
	    has_text(all, s->name, len, ""));
}

/* Whether a text is called `base` with `end` behind it. */
static bool
has_text(const struct shape *all, const char *base, size_t len, const char *end)
{
	for (; all->name != NULL; all++)
		if (all->type == SHAPE_T_TEXT && strncmp(all->name, base, len) == 0 &&
		    strcmp(all->name + len, end) == 0)
			return (true);
	return (false);
}

static void
member_add(struct export *e, struct arena *a, const struct shape *s)
{
	struct export_from	 from = { .member = s };
	const char		*name = export_heading(a, s, e->english);

	export_words_of(&from.words, s, e->english);
	column_add(e, &from, name);
	if ((from.named = standard_of(s->name)) != NULL)
		column_add(e, &from, arena_printf(a, e->english ? "%s_name" : "%s（名称）", name));
}

static void
column_add(struct export *e, const struct export_from *from, const char *name)
{
	bool	 is_text = from->named != NULL || from->words.n > 0;

	if (e->ncolumns == TABLE_COLUMNS)
		return;
	e->from[e->ncolumns] = *from;
	e->column[e->ncolumns] = (struct table_column){ .name = name,
	    .type = is_text ? TABLE_T_TEXT : export_type(from->member) };
	e->ncolumns++;
}

/* Members that hold a code of a standard are called by it. */
static const struct code_list *
standard_of(const char *name)
{
	static const struct {
		const char	*end, *list;
	}	standards[] = {
		{ "area_code", "areas" }, { "county_code", "areas" }, { "town_code", "areas" },
		{ "village_code", "areas" }, { "occupation_code", "occupations" },
		{ "industry_code", "industries" }, { "education_code", "education_levels" }
	};
	size_t	i;

	for (i = 0; i < NITEMS(standards); i++)
		if (name_ends(name, standards[i].end))
			return (code_list_named(standards[i].list, strlen(standards[i].list)));
	return (NULL);
}

void
export_rows(void *arg)
{
	struct export	*e = arg;
	struct arena	 a;
	struct json	*row;
	size_t		 i, k;

	arena_init(&a);
	for (i = 0; i < e->nitems; i++) {
		if (e->items[i] == NULL || (row = json_parse(&a, e->items[i], strlen(e->items[i]))) == NULL)
			continue;
		for (k = 0; k < e->ncolumns; k++)
			cell(e, &a, k, json_get(row, e->from[k].member->name));
		table_row(e->table);
		arena_clear(&a);
	}
	arena_release(&a);
}

static void
cell(struct export *e, struct arena *a, size_t k, const struct json *v)
{
	const struct export_from	*from = &e->from[k];
	const char			*text = v == NULL ? NULL : json_string(v);
	int64_t				 n;

	if (v == NULL || json_is_null(v))
		table_null(e->table);
	else if (from->named != NULL)
		table_text(e->table, text == NULL ? NULL : code_list_label(from->named, text));
	else if (e->column[k].type == TABLE_T_DAY && text != NULL && day_parse(text) != DAY_NONE)
		table_day(e->table, day_parse(text));
	else if (e->column[k].type != TABLE_T_TEXT && json_integer(v, &n))
		table_int(e->table, n);
	else
		table_text(e->table, export_text(a, from->member, &from->words, v, e->english));
}
