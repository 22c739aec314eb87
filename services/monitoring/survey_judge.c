/*
 * survey_judge.c -- does a monthly report contradict itself? Pure.
 *
 * Invariant: why the headcount fell is asked for exactly when it fell, whatever
 * the version of the form; every fault is named at its field, not only the first.
 */
#include <string.h>

#include "survey.h"
#include "base/utf8.h"
#include "http/errors.h"

struct judge {
	struct arena			*arena;
	const struct survey_in		*in;
	const struct survey_terms	*terms;
	struct json_errors		*errors;
	bool				 whole, fewer;
};

static void	judge_type(const struct judge *);
static void	judge_reasons(const struct judge *);
static void	judge_more(const struct judge *);
static void	judge_answer(const struct judge *, const struct json *, const struct json *);
static void	judge_value(const struct judge *, const char *, const char *, const struct json *);
static void	judge_word(const struct judge *, const struct json *, const char *, const char *,
		    const char *, const char *);
static const struct json *item_of(const struct json *, const char *);
static bool	is_repeated(const struct list_of *, size_t);
static void	fault(const struct judge *, const char *, enum error_code);

void
survey_judge(struct arena *a, const struct survey_in *in, const struct survey_terms *terms, bool whole,
    struct json_errors *errors)
{
	struct judge	j = { a, in, terms, errors, whole, in->current_heads < in->base_heads };

	if (whole && terms->base_heads > 0 && in->base_heads != terms->base_heads)
		fault(&j, "/base_heads", ERR_MONITORING_BASE);
	judge_type(&j);
	judge_reasons(&j);
	judge_more(&j);
}

static void
judge_type(const struct judge *j)
{
	const char	*type = j->in->decrease_type;

	if (type == NULL) {
		if (j->whole && j->fewer)
			fault(j, "/decrease_type", ERR_F_MISSING);
		if (j->in->decrease_text != NULL)
			fault(j, "/decrease_text", j->fewer ? ERR_F_UNKNOWN : ERR_MONITORING_NO_DECREASE);
		return;
	}
	if (j->whole && !j->fewer) {
		fault(j, "/decrease_type", ERR_MONITORING_NO_DECREASE);
		if (j->in->decrease_text != NULL)
			fault(j, "/decrease_text", ERR_MONITORING_NO_DECREASE);
		return;
	}
	judge_word(j, j->terms->types, type, j->in->decrease_text, "/decrease_type", "/decrease_text");
}

static void
judge_reasons(const struct judge *j)
{
	const struct survey_reason	*r = j->in->reasons.items;
	size_t				 n = j->in->reasons.count, i;

	if (j->whole && j->fewer && n == 0)
		fault(j, "/reasons", ERR_F_MISSING);
	if (j->whole && !j->fewer && n > 0) {
		fault(j, "/reasons", ERR_MONITORING_NO_DECREASE);
		return;
	}
	if ((int64_t)n > j->terms->reasons_most)
		fault(j, "/reasons", ERR_F_COUNT);
	for (i = 0; i < n; i++) {
		if (is_repeated(&j->in->reasons, i)) {
			fault(j, arena_printf(j->arena, "/reasons/%zu/code", i), ERR_F_DUPLICATE);
			continue;
		}
		judge_word(j, j->terms->reasons, r[i].code, r[i].text,
		    arena_printf(j->arena, "/reasons/%zu/code", i),
		    arena_printf(j->arena, "/reasons/%zu/text", i));
	}
}

/* One of the form's words; 其他 says what in words, the others say nothing. */
static void
judge_word(const struct judge *j, const struct json *list, const char *code, const char *text,
    const char *at, const char *text_at)
{
	const struct json	*item = item_of(list, code);
	bool			 needs;

	if (item == NULL) {
		fault(j, at, ERR_F_CHOICE);
		return;
	}
	needs = json_is_true(json_get(item, "needs_text"));
	if (needs && text == NULL && j->whole)
		fault(j, text_at, ERR_F_MISSING);
	if (!needs && text != NULL)
		fault(j, text_at, ERR_F_UNKNOWN);
}

static void
judge_more(const struct judge *j)
{
	const struct json	*more = NULL, *item;
	const char		*name;
	size_t			 i;

	if (j->in->more != NULL) {
		more = json_parse(j->arena, j->in->more, strlen(j->in->more));
		if (!json_is_object(more)) {
			fault(j, "/more", ERR_F_TYPE);
			return;
		}
	}
	for (i = 0; more != NULL && i < json_count(more); i++) {
		name = json_key(more, i);
		if (item_of(j->terms->more, name) == NULL)
			fault(j, arena_printf(j->arena, "/more/%s", json_pointer_name(j->arena, name)),
			    ERR_F_UNKNOWN);
	}
	for (i = 0; i < json_count(j->terms->more); i++) {
		item = json_at(j->terms->more, i);
		judge_answer(j, item, more != NULL ?
		    json_get(more, json_string(json_get(item, "code"))) : NULL);
	}
}

/* What is asked for only when the headcount fell is answered only then. */
static void
judge_answer(const struct judge *j, const struct json *item, const struct json *answer)
{
	const char	*at = arena_printf(j->arena, "/more/%s", json_string(json_get(item, "code")));
	const char	*needed = json_string(json_get(item, "needed"));
	bool		 always = needed != NULL && strcmp(needed, "always") == 0;
	bool		 if_fewer = needed != NULL && strcmp(needed, "fewer") == 0;

	if (answer == NULL || json_is_null(answer)) {
		if (j->whole && (always || (if_fewer && j->fewer)))
			fault(j, at, ERR_F_MISSING);
	} else if (j->whole && if_fewer && !j->fewer)
		fault(j, at, ERR_MONITORING_NO_DECREASE);
	else
		judge_value(j, at, json_string(json_get(item, "kind")), answer);
}

static void
judge_value(const struct judge *j, const char *at, const char *kind, const struct json *answer)
{
	const char	*text;
	int64_t		 n;

	if (kind != NULL && strcmp(kind, "count") == 0) {
		if (!json_integer(answer, &n))
			fault(j, at, ERR_F_TYPE);
		else if (n < 0)
			fault(j, at, ERR_F_SMALL);
		else if (n > SURVEY_HEADS_MAX)
			fault(j, at, ERR_F_LARGE);
	} else if ((text = json_string(answer)) == NULL)
		fault(j, at, ERR_F_TYPE);
	else if (*text == '\0')
		fault(j, at, ERR_F_SHORT);
	else if (utf8_count(text, strlen(text)) > SURVEY_TEXT_MAX)
		fault(j, at, ERR_F_LONG);
}

static const struct json *
item_of(const struct json *list, const char *code)
{
	const char	*one;
	size_t		 i;

	for (i = 0; i < json_count(list); i++)
		if ((one = json_string(json_get(json_at(list, i), "code"))) != NULL &&
		    strcmp(one, code) == 0)
			return (json_at(list, i));
	return (NULL);
}

static bool
is_repeated(const struct list_of *reasons, size_t i)
{
	const struct survey_reason	*r = reasons->items;
	size_t				 k;

	for (k = 0; k < i; k++)
		if (strcmp(r[k].code, r[i].code) == 0)
			return (true);
	return (false);
}

static void
fault(const struct judge *j, const char *pointer, enum error_code code)
{
	if (j->errors->count < JSON_ERRORS_MAX)
		j->errors->list[j->errors->count++] = (struct json_error){ pointer, (int)code };
}
