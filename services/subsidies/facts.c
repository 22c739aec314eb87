/*
 * facts.c -- see facts.h. The catalogue's order is not stored anywhere: facts
 * are always named, so rows may be added in any place.
 */
#include "facts.h"

#include "base/clock.h"
#include "http/errors.h"

static bool	 load_one(struct arena *, enum rule_type, const struct json *, struct rule_value *);
static bool	 load_days(struct arena *, const struct json *, struct rule_value *);
static bool	 load_day(const struct json *, int64_t *);

bool
facts_load(struct arena *arena, const char *text, struct rule_value out[RULE_FACTS_MAX])
{
	const struct json	*doc = json_parse(arena, text, strlen(text)), *j;
	size_t			 i;

	if (doc == NULL || !json_is_object(doc))
		return (false);
	memset(out, 0, RULE_FACTS_MAX * sizeof(*out));
	for (i = 0; i < facts_count; i++) {
		j = json_get(doc, facts_catalogue[i].name);
		if (j == NULL || json_is_null(j))
			continue;
		if (!load_one(arena, facts_catalogue[i].type, j, &out[i]))
			return (false);
		out[i].known = true;
	}
	return (true);
}

bool
facts_state(struct arena *arena, const char *text, const char *at,
    struct rule_value out[RULE_FACTS_MAX], struct json_errors *errors)
{
	const struct json	*doc = json_parse(arena, text, strlen(text));
	size_t			 had = errors->count, i, k;
	int			 code;

	memset(out, 0, RULE_FACTS_MAX * sizeof(*out));
	if (doc == NULL || !json_is_object(doc)) {
		errors->list[errors->count++] = (struct json_error){ at, ERR_F_TYPE };
		return (false);
	}
	for (i = 0; i < json_count(doc) && errors->count < JSON_ERRORS_MAX; i++) {
		code = ERR_F_FACT;
		for (k = 0; k < facts_count && code == ERR_F_FACT; k++) {
			if (strcmp(facts_catalogue[k].name, json_key(doc, i)) != 0)
				continue;
			out[k].known = load_one(arena, facts_catalogue[k].type,
			    json_value(doc, i), &out[k]);
			code = out[k].known ? 0 : ERR_F_TYPE;
		}
		if (code != 0)
			errors->list[errors->count++] = (struct json_error){
			    arena_printf(arena, "%s/%s", at, json_key(doc, i)), code };
	}
	return (errors->count == had);
}

static bool
load_one(struct arena *arena, enum rule_type type, const struct json *j, struct rule_value *out)
{
	switch (type) {
	case RULE_BOOL:
		out->i = json_is_true(j);
		return (json_is_bool(j));
	case RULE_INT:
		return (json_integer(j, &out->i));
	case RULE_DAY:
		return (load_day(j, &out->i));
	case RULE_TEXT:
		if ((out->text = json_string(j)) != NULL)
			out->text = arena_strdup(arena, out->text);
		return (out->text != NULL);
	default:
		return (load_days(arena, j, out));
	}
}

static bool
load_days(struct arena *arena, const struct json *j, struct rule_value *out)
{
	int32_t	*days;
	int64_t	 day;
	size_t	 i;

	if (!json_is_array(j))
		return (false);
	days = arena_alloc(arena, (json_count(j) + 1) * sizeof(*days));
	for (i = 0; i < json_count(j); i++) {
		if (!load_day(json_at(j, i), &day) || (i > 0 && day < days[i - 1]))
			return (false);
		days[i] = (int32_t)day;
	}
	out->days = days;
	out->count = json_count(j);
	return (true);
}

static bool
load_day(const struct json *j, int64_t *out)
{
	const char	*text = json_string(j);
	int32_t		 day = text == NULL ? DAY_NONE : day_parse(text);

	*out = day;
	return (day != DAY_NONE);
}
