/*
 * warn_read.c -- models and series from the documents that the database makes
 * of them: the service and yjyctl read the same.
 */
#include <string.h>

#include "warn_model.h"

const char *const warn_kinds[] = { "threshold", "previous", "year", "spring", "cusum", "zscore", NULL };
const char *const warn_colours[] = { "clear", "blue", "yellow", "orange", "red", NULL };

static const char *const grains[] = { "day", "week", "month", NULL };

static bool	word_of(const struct json *, const char *const *, int *);
static bool	levels_read(const struct json *, struct warn_model *);
static void	festivals_read(const struct json *, struct warn_model *);
static int64_t	number(const struct json *, const char *);

bool
warn_model_read(const struct json *o, struct warn_model *m)
{
	const char	*start = json_string(json_get(o, "start"));
	const char	*direction = json_string(json_get(o, "direction"));
	int		 kind, grain;

	memset(m, 0, sizeof(*m));
	if (!word_of(json_get(o, "model"), warn_kinds, &kind) || !word_of(json_get(o, "step"), grains, &grain) ||
	    direction == NULL || start == NULL || (m->start = day_parse(start)) == DAY_NONE ||
	    !levels_read(json_get(o, "levels"), m))
		return (false);
	m->kind = (enum warn_kind)kind;
	m->grain = (enum warn_grain)grain;
	m->below = strcmp(direction, "below") == 0;
	m->k = number(o, "k");
	m->has_reference = json_get(o, "reference") != NULL;
	m->reference = number(o, "reference");
	m->periods = number(o, "periods");
	m->years = number(o, "years");
	m->window_days = number(o, "window_days");
	m->wait_days = number(o, "wait_days");
	festivals_read(json_get(o, "festivals"), m);
	return (true);
}

bool
warn_points_read(struct arena *a, const struct json *list, struct warn_point **points, size_t *n)
{
	const char	*day;
	size_t		 i;

	*n = json_count(list);
	*points = arena_alloc(a, (*n + 1) * sizeof(**points));
	if (!json_is_array(list))
		return (false);
	for (i = 0; i < *n; i++) {
		struct warn_point	*p = &(*points)[i];
		const struct json	*pair = json_at(list, i);

		if ((day = json_string(json_at(pair, 0))) == NULL || (p->on = day_parse(day)) == DAY_NONE)
			return (false);
		p->value = 0;
		p->known = json_integer(json_at(pair, 1), &p->value);
	}
	return (true);
}

static bool
word_of(const struct json *text, const char *const *words, int *at)
{
	const char	*word = json_string(text);

	for (*at = 0; word != NULL && words[*at] != NULL; (*at)++)
		if (strcmp(word, words[*at]) == 0)
			return (true);
	return (false);
}

static bool
levels_read(const struct json *list, struct warn_model *m)
{
	size_t	i;
	int	c;

	if (!json_is_array(list))
		return (false);
	for (i = 0; i < json_count(list); i++) {
		const struct json	*l = json_at(list, i);

		if (!word_of(json_get(l, "colour"), warn_colours, &c) || c == WARN_CLEAR ||
		    !json_integer(json_get(l, "enter"), &m->level[c].enter) ||
		    !json_integer(json_get(l, "leave"), &m->level[c].leave))
			return (false);
		m->level[c].is_set = true;
	}
	return (true);
}

static void
festivals_read(const struct json *list, struct warn_model *m)
{
	const char	*day;
	size_t		 i;

	for (i = 0; i < json_count(list) && m->nfestivals < WARN_FESTIVALS; i++)
		if ((day = json_string(json_at(list, i))) != NULL)
			m->festival[m->nfestivals++] = day_parse(day);
}

static int64_t
number(const struct json *o, const char *name)
{
	int64_t	n = 0;

	return (json_integer(json_get(o, name), &n) ? n : 0);
}
