/*
 * export_text.c -- what a member of a list says in a file that an office sends
 * on: a word's label, money in yuan, a clock as on the wall, yes and no in the
 * language of the file, and what is nested as its parts with their names.
 */
#include "http/export_priv.h"
#include "base/clock.h"

#define NUMBER_TEXT	32
#define BYTES_OF(s)	(sizeof(s) - 1)

static const char	*headline(struct arena *, const char *);
static const char	*without(struct arena *, const char *, const char *, const char *);
static const char	*word_text(const struct export_words *, const char *);
static const char	*number_text(struct arena *, const struct shape *, const struct export_words *,
			    const struct json *);
static const char	*list_text(struct arena *, const struct shape *, const struct export_words *,
			    const struct json *, bool);
static const char	*parts_text(struct arena *, const struct shape *, const struct json *, bool);
static const char	*instant_text(struct arena *, const char *);

bool
name_ends(const char *name, const char *end)
{
	size_t	len = strlen(name), n = strlen(end);

	return (len >= n && strcmp(name + len - n, end) == 0);
}

void
export_words_of(struct export_words *w, const struct shape *s, bool english)
{
	const char	*p = s->codes;
	size_t		 len;

	w->n = 0;
	for (; !english && p != NULL && *p != '\0'; p += len) {
		p += strspn(p, " ");
		len = strcspn(p, " ");
		if (w->n < EXPORT_LISTS && (w->of[w->n] = code_list_named(p, len)) != NULL)
			w->n++;
	}
}

/* A percentage is one only where the help says what its thousandths are. */
enum table_type
export_type(const struct shape *s)
{
	if (s->type == SHAPE_T_DAY)
		return (TABLE_T_DAY);
	if (s->type != SHAPE_T_INT || strcmp(s->name, "year") == 0 || name_ends(s->name, "_year"))
		return (TABLE_T_TEXT);
	if (name_ends(s->name, "_cents"))
		return (TABLE_T_CENTS);
	if (name_ends(s->name, "_permille") || (s->help != NULL && strstr(s->help, "（千分之）") != NULL))
		return (TABLE_T_MILLI);
	return (TABLE_T_INT);
}

/* Where the interface says 分 the table has yuan. */
const char *
export_heading(struct arena *a, const struct shape *s, bool english)
{
	const char	*text = english || s->help == NULL ? s->name : s->help;
	bool		 is_money = export_type(s) == TABLE_T_CENTS;

	if (text == s->name && is_money)
		return (arena_printf(a, "%.*s (CNY)", (int)(strlen(text) - BYTES_OF("_cents")), text));
	if (text == s->name)
		return (text);
	text = headline(a, text);
	if (is_money && strstr(text, "（分）") == NULL)
		return (arena_printf(a, "%s（元）", text));
	if (is_money)
		return (without(a, text, "（分）", "（元）"));
	if (s->type == SHAPE_T_UUID && strstr(text, "标识") == NULL)
		return (arena_printf(a, "%s（标识）", text));
	return (export_type(s) == TABLE_T_MILLI ? without(a, text, "（千分之）", "") : text);
}

/*
 * A help's first words: what follows a comma or a colon explains them, unless
 * it says why a number is not shown. In brackets they belong together.
 */
static const char *
headline(struct arena *a, const char *text)
{
	static const char *const	ends[] = { "；", "，", "：" };
	const char			*p;
	size_t				 i;
	int				 depth = 0;

	for (p = text; *p != '\0'; p++) {
		depth += strncmp(p, "（", BYTES_OF("（")) == 0;
		depth -= strncmp(p, "）", BYTES_OF("）")) == 0;
		for (i = 0; i < NITEMS(ends) && depth == 0; i++)
			if (strncmp(p, ends[i], BYTES_OF("；")) == 0 && strstr(p, "不显示") == NULL)
				return (arena_printf(a, "%.*s", (int)(p - text), text));
	}
	return (text);
}

static const char *
without(struct arena *a, const char *text, const char *what, const char *instead)
{
	const char	*at = strstr(text, what);

	return (at == NULL ? text :
	    arena_printf(a, "%.*s%s%s", (int)(at - text), text, instead, at + strlen(what)));
}

const char *
export_text(struct arena *a, const struct shape *s, const struct export_words *w, const struct json *v,
    bool english)
{
	const char	*text = json_string(v);

	if (json_is_null(v))
		return (NULL);
	if (s->type == SHAPE_T_INSTANT && text != NULL)
		return (instant_text(a, text));
	if (text != NULL)
		return (word_text(w, text));
	if (json_is_bool(v) && english)
		return (json_is_true(v) ? "yes" : "no");
	if (json_is_bool(v))
		return (json_is_true(v) ? "是" : "否");
	if (s->type == SHAPE_T_LIST && json_is_array(v))
		return (list_text(a, s, w, v, english));
	if (s->type == SHAPE_T_OBJECT && s->of != NULL && json_is_object(v))
		return (parts_text(a, s->of, v, english));
	return (number_text(a, s, w, v));
}

/* A word that no list knows stays as it is. */
static const char *
word_text(const struct export_words *w, const char *code)
{
	const char	*label;
	size_t		 i;

	for (i = 0; i < w->n; i++)
		if ((label = code_list_label(w->of[i], code)) != NULL)
			return (label);
	return (code);
}

static const char *
number_text(struct arena *a, const struct shape *s, const struct export_words *w, const struct json *v)
{
	int64_t	 n;
	char	 text[NUMBER_TEXT];

	if (s->type != SHAPE_T_INT || !json_integer(v, &n))
		return (json_text(a, v));
	if (export_type(s) == TABLE_T_CENTS)
		return (arena_printf(a, "%s%lld.%02lld", n < 0 ? "-" : "", llabs(n / 100), llabs(n % 100)));
	(void)snprintf(text, sizeof(text), "%lld", (long long)n);
	return (word_text(w, arena_strdup(a, text)));
}

static const char *
list_text(struct arena *a, const struct shape *s, const struct export_words *w, const struct json *list,
    bool english)
{
	const char	*all = NULL, *one, *between = s->of != NULL ? (english ? "; " : "；") : english ? ", " : "、";
	size_t		 i;

	for (i = 0; i < json_count(list); i++) {
		if (s->of != NULL)
			one = parts_text(a, s->of, json_at(list, i), english);
		else if ((one = json_string(json_at(list, i))) != NULL)
			one = word_text(w, one);
		else
			one = json_text(a, json_at(list, i));
		if (one != NULL)
			all = all == NULL ? one : arena_printf(a, "%s%s%s", all, between, one);
	}
	return (all);
}

/* The parts that say something, each behind its name; identifiers do not. */
static const char *
parts_text(struct arena *a, const struct shape *s, const struct json *v, bool english)
{
	struct export_words	 w;
	const struct json	*part;
	const char		*all = NULL, *one;

	for (; s->name != NULL; s++) {
		if (s->type == SHAPE_T_UUID || (part = json_get(v, s->name)) == NULL)
			continue;
		export_words_of(&w, s, english);
		if ((one = export_text(a, s, &w, part, english)) == NULL)
			continue;
		one = arena_printf(a, english ? "%s: %s" : "%s：%s", export_heading(a, s, english), one);
		all = all == NULL ? one : arena_printf(a, english ? "%s, %s" : "%s，%s", all, one);
	}
	return (all);
}

/* As the clock in the office shows it. */
static const char *
instant_text(struct arena *a, const char *text)
{
	int64_t	us = instant_parse(text), left_s;
	int32_t	day;
	char	date[DAY_TEXT];

	if (us == INT64_MIN)
		return (text);
	day = day_of(us);
	left_s = (us - day_start_us(day)) / 1000000;
	return (arena_printf(a, "%s %02d:%02d:%02d", day_format(day, date), (int)(left_s / 3600),
	    (int)(left_s / 60 % 60), (int)(left_s % 60)));
}
