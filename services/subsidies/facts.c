/*
 * facts.c -- see facts.h. The catalogue's order is not stored anywhere: facts
 * are always named, so rows may be added in any place.
 */
#include "facts.h"

#include "base/clock.h"
#include "codes/codes.h"
#include "http/errors.h"

#define SHOWN_MAX	24	/* days of a list that are spelled out */

static bool	 load_one(struct arena *, enum rule_type, const struct json *, struct rule_value *);
static bool	 load_days(struct arena *, const struct json *, struct rule_value *);
static bool	 load_day(const struct json *, int64_t *);
static const char *show_text(const char *, const char *);
static const char *show_days(struct arena *, const struct rule_value *);

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

const char *
facts_show(struct arena *arena, int slot, const struct rule_value *v)
{
	const struct rule_fact	*f = &facts_catalogue[slot];
	char			 day[DAY_TEXT];

	if (!v->known)
		return (arena_printf(arena, "%s 未知", f->title));
	switch (f->type) {
	case RULE_BOOL:
		return (arena_printf(arena, "%s %s", f->title, v->i != 0 ? "是" : "否"));
	case RULE_INT:
		return (arena_printf(arena, "%s %lld", f->title, (long long)v->i));
	case RULE_DAY:
		return (arena_printf(arena, "%s %s", f->title, day_format((int32_t)v->i, day)));
	case RULE_TEXT:
		return (arena_printf(arena, "%s %s", f->title, show_text(f->name, v->text)));
	default:
		return (arena_printf(arena, "%s %s", f->title, show_days(arena, v)));
	}
}

/* The official word for a code. */
static const char *
show_text(const char *fact, const char *code)
{
	static const struct { const char *fact, *code, *label; } words[] = {
		{ "org_kind", "enterprise", "企业" }, { "org_kind", "institution", "事业单位" },
		{ "org_kind", "public_body", "机关" }, { "org_kind", "association", "社会组织" },
		{ "org_kind", "sole_trader", "个体工商户" },
		{ "org_kind", "agency", "人力资源服务机构" }, { "org_kind", "carrier", "创业载体" },
		{ "contract_type", "fixed", "固定期限" },
		{ "contract_type", "open_ended", "无固定期限" },
		{ "contract_type", "task", "以完成一定工作任务为期限" },
		{ "contract_type", "part_time", "非全日制" },
		{ "contract_type", "dispatch", "劳务派遣" },
	};
	const char	*name = NULL;
	size_t		 i;

	for (i = 0; i < NITEMS(words); i++) {
		if (strcmp(words[i].fact, fact) == 0 && strcmp(words[i].code, code) == 0)
			name = words[i].label;
	}
	if (strcmp(fact, "graduate_level") == 0)
		name = education_name(code);
	if (strcmp(fact, "org_industry") == 0)
		name = industry_name(code);
	return (name != NULL ? name : code);
}

/* Months are shown without their first day. */
static const char *
show_days(struct arena *arena, const struct rule_value *v)
{
	const char	*out = v->count == 0 ? "无" : "";
	char		 day[DAY_TEXT];
	size_t		 i;

	for (i = 0; i < v->count && i < SHOWN_MAX; i++) {
		day_format(v->days[i], day);
		if (strcmp(day + 7, "-01") == 0)
			day[7] = '\0';
		out = arena_printf(arena, "%s%s%s", out, i == 0 ? "" : "、", day);
	}
	return (i < v->count ? arena_printf(arena, "%s等%zu个", out, v->count) : out);
}
