/*
 * export_table.c -- the rows of a list as rows of a table: a column a member,
 * in the order of the shape, under its help (zh) or its name (en); codes of
 * areas, occupations and industries with their names behind them. What is
 * nested stays JSON. Money is written in yuan.
 */
#include "http/export_priv.h"
#include "base/clock.h"
#include "codes/codes.h"

#define WHEN_TEXT	24
#define BYTES_OF(s)	(sizeof(s) - 1)

static void	column_add(struct export *, const struct shape *, enum export_kind, const char *name);
static enum export_kind kind_of(const char *);
static enum table_type type_of(const struct shape *);
static bool	ends_with(const char *, const char *);
static char	*heading(struct export *, struct arena *, const struct shape *);
static void	cell(struct export *, struct arena *, size_t, const struct json *);
static void	name_cell(struct table *, enum export_kind, const char *);
static void	value_cell(struct export *, struct arena *, size_t, const struct json *);
static void	instant_cell(struct table *, const char *);
static void	words_cell(struct export *, struct arena *, const struct json *);

void
export_columns(struct export *e, struct arena *a, const struct shape *s)
{
	static const char *const	named[][2] = {
		[EXPORT_AREA] = { "（名称）", "_name" }, [EXPORT_OCCUPATION] = { "（名称）", "_name" },
		[EXPORT_INDUSTRY] = { "（名称）", "_name" }
	};
	enum export_kind		kind;
	char				*name;

	for (; s->name != NULL; s++) {
		name = heading(e, a, s);
		column_add(e, s, EXPORT_VALUE, name);
		if ((kind = kind_of(s->name)) != EXPORT_VALUE)
			column_add(e, s, kind, arena_printf(a, "%s%s", name, named[kind][e->english]));
	}
}

static void
column_add(struct export *e, const struct shape *s, enum export_kind kind, const char *name)
{
	if (e->ncolumns == TABLE_COLUMNS)
		return;
	e->from[e->ncolumns].member = s;
	e->from[e->ncolumns].kind = kind;
	e->column[e->ncolumns] = (struct table_column){ .name = name,
	    .type = kind == EXPORT_VALUE ? type_of(s) : TABLE_T_TEXT };
	e->ncolumns++;
}

static enum export_kind
kind_of(const char *name)
{
	if (ends_with(name, "area_code") || ends_with(name, "county_code"))
		return (EXPORT_AREA);
	if (ends_with(name, "occupation_code"))
		return (EXPORT_OCCUPATION);
	return (ends_with(name, "industry_code") ? EXPORT_INDUSTRY : EXPORT_VALUE);
}

static enum table_type
type_of(const struct shape *s)
{
	if (s->type == SHAPE_T_DAY)
		return (TABLE_T_DAY);
	if (s->type != SHAPE_T_INT)
		return (TABLE_T_TEXT);
	if (ends_with(s->name, "_cents"))
		return (TABLE_T_CENTS);
	return (ends_with(s->name, "_permille") ? TABLE_T_MILLI : TABLE_T_INT);
}

static bool
ends_with(const char *name, const char *end)
{
	size_t	len = strlen(name), n = strlen(end);

	return (len >= n && strcmp(name + len - n, end) == 0);
}

/* Where the interface says 分 the table has yuan. */
static char *
heading(struct export *e, struct arena *a, const struct shape *s)
{
	const char	*text = e->english || s->help == NULL ? s->name : s->help, *at;
	bool		 is_money = type_of(s) == TABLE_T_CENTS;

	if (!is_money)
		return (arena_strdup(a, text));
	if (e->english || s->help == NULL)
		return (arena_printf(a, "%.*s (CNY)", (int)(strlen(text) - BYTES_OF("_cents")), text));
	if ((at = strstr(text, "（分）")) == NULL)
		return (arena_printf(a, "%s（元）", text));
	return (arena_printf(a, "%.*s（元）%s", (int)(at - text), text, at + BYTES_OF("（分）")));
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
	if (v == NULL || json_is_null(v))
		table_null(e->table);
	else if (e->from[k].kind != EXPORT_VALUE)
		name_cell(e->table, e->from[k].kind, json_string(v));
	else
		value_cell(e, a, k, v);
}

static void
name_cell(struct table *t, enum export_kind kind, const char *code)
{
	if (code == NULL)
		table_null(t);
	else if (kind == EXPORT_AREA)
		table_text(t, area_name(code));
	else if (kind == EXPORT_OCCUPATION)
		table_text(t, occupation_name(code));
	else
		table_text(t, industry_name(code));
}

static void
value_cell(struct export *e, struct arena *a, size_t k, const struct json *v)
{
	const struct shape	*s = e->from[k].member;
	const char		*text = json_string(v);
	int64_t			 n;

	if (s->type == SHAPE_T_DAY && text != NULL && day_parse(text) != DAY_NONE)
		table_day(e->table, day_parse(text));
	else if (s->type == SHAPE_T_INSTANT && text != NULL)
		instant_cell(e->table, text);
	else if (text != NULL)
		table_text(e->table, text);
	else if (e->column[k].type != TABLE_T_TEXT && json_integer(v, &n))
		table_int(e->table, n);
	else if (json_is_bool(v) && e->english)
		table_text(e->table, json_is_true(v) ? "yes" : "no");
	else if (json_is_bool(v))
		table_text(e->table, json_is_true(v) ? "是" : "否");
	else if (s->type == SHAPE_T_LIST && s->of == NULL)
		words_cell(e, a, v);
	else
		table_text(e->table, json_text(a, v));
}

/* As the clock in the office shows it. */
static void
instant_cell(struct table *t, const char *text)
{
	int64_t	us = instant_parse(text), left_s;
	int32_t	day;
	char	date[DAY_TEXT], when[WHEN_TEXT];

	if (us == INT64_MIN) {
		table_text(t, text);
		return;
	}
	day = day_of(us);
	left_s = (us - day_start_us(day)) / 1000000;
	(void)snprintf(when, sizeof(when), "%s %02d:%02d:%02d", day_format(day, date),
	    (int)(left_s / 3600), (int)(left_s / 60 % 60), (int)(left_s % 60));
	table_text(t, when);
}

static void
words_cell(struct export *e, struct arena *a, const struct json *list)
{
	const char	*all = NULL, *word;
	size_t		 i;

	for (i = 0; i < json_count(list); i++) {
		if ((word = json_string(json_at(list, i))) == NULL)
			word = json_text(a, json_at(list, i));
		all = all == NULL ? word : arena_printf(a, "%s%s%s", all, e->english ? ", " : "、", word);
	}
	table_text(e->table, all);
}
