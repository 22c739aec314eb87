/*
 * facts_show.c -- facts as people read them: money in 元, months as months,
 * codes by their official words.
 */
#include "facts.h"

#include "base/clock.h"
#include "codes/codes.h"

#define SHOWN_MAX	24	/* days of a list that are spelled out */
#define CENTS		"_cents"
#define IN_CENTS	"（分）"

static const char *show_span(struct arena *, const char *, int64_t);
static const char *show_days(struct arena *, const struct rule_value *);

struct word {
	const char	*fact, *code, *label;
};

static const struct word words[] = {
	{ "org_kind", "enterprise", "企业" }, { "org_kind", "institution", "事业单位" },
	{ "org_kind", "public_body", "机关" }, { "org_kind", "association", "社会组织" },
	{ "org_kind", "sole_trader", "个体工商户" },
	{ "org_kind", "agency", "人力资源服务机构" }, { "org_kind", "carrier", "创业载体" },
	{ "contract_type", "fixed", "固定期限" }, { "contract_type", "open_ended", "无固定期限" },
	{ "contract_type", "task", "以完成一定工作任务为期限" },
	{ "contract_type", "part_time", "非全日制" }, { "contract_type", "dispatch", "劳务派遣" },
	{ "org_size", "large", "大型" }, { "org_size", "medium", "中型" },
	{ "org_size", "small", "小型" }, { "org_size", "micro", "微型" },
	{ "org_size", "association", "社会团体等" },
	{ "licence_kind", "sole_trader", "个体工商户" }, { "licence_kind", "enterprise", "企业" },
	{ "licence_kind", "cooperative", "农民专业合作社" },
	{ "licence_kind", "legal_representative", "任法定代表人" },
	{ "loan_kind", "personal", "个人" }, { "loan_kind", "small_firm", "小微企业" },
	{ "referrer_kind", "agency", "人力资源服务机构" }, { "referrer_kind", "village", "村组、社区" },
	{ "referrer_kind", "broker", "劳务经纪人" }, { "referrer_kind", "employee", "本单位员工" },
	{ "referrer_kind", "school", "院校" },
};

static const struct {
	const char	*fact, *unit;
} units[] = {
	{ "contract_months", "个月" }, { "workshop_months", "个月" }, { "months_paid", "个月" },
	{ "welfare_days", "天" }, { "internship_days", "天" }, { "certificate_days", "天" },
	{ "staff_start", "人" }, { "staff_end", "人" }, { "staff_average", "人" },
	{ "natural_leavers", "人" }, { "staff_at_entry", "人" }, { "org_staff", "人" },
	{ "licence_staff", "人" },
};

const char *
facts_show(struct arena *arena, int slot, const struct rule_value *v)
{
	return (arena_printf(arena, "%s %s", facts_title(arena, slot),
	    facts_show_value(arena, slot, v)));
}

const char *
facts_show_value(struct arena *arena, int slot, const struct rule_value *v)
{
	if (!v->known)
		return ("未知");
	switch (facts_catalogue[slot].type) {
	case RULE_BOOL:
		return (v->i != 0 ? "是" : "否");
	case RULE_INT:
		return (facts_show_number(arena, slot, v->i));
	case RULE_DAY:
		return (show_span(arena, facts_catalogue[slot].name, v->i));
	case RULE_TEXT:
		return (facts_show_code(slot, v->text));
	default:
		return (show_days(arena, v));
	}
}

const char *
facts_show_number(struct arena *arena, int slot, int64_t n)
{
	static const char *const levels[] = { "一", "二", "三", "四", "五" };
	const char	*name = facts_catalogue[slot].name, *unit = "";
	size_t		 i;

	if (facts_are_money(slot))
		return (show_yuan(arena, n));
	if (strcmp(name, "certificate_level") == 0 && n >= 1 && n <= (int64_t)NITEMS(levels))
		return (arena_printf(arena, "%s级", levels[n - 1]));
	if (strcmp(name, "certificate_level") == 0 && n >= -1 && n <= 6)
		return (n == 6 ? "学徒工" : n == 0 ? "特级技师" : "首席技师");
	if (strcmp(name, "sex") == 0 && (n == 1 || n == 2))
		return (n == 1 ? "男" : "女");
	for (i = 0; i < NITEMS(units); i++) {
		if (strcmp(units[i].fact, name) == 0)
			unit = units[i].unit;
	}
	return (arena_printf(arena, "%lld%s", (long long)n, unit));
}

/* The official word for a code. */
const char *
facts_show_code(int slot, const char *code)
{
	const char	*fact = facts_catalogue[slot].name, *codes = facts_catalogue[slot].codes;
	const char	*name = NULL;
	size_t		 i;

	for (i = 0; i < NITEMS(words); i++) {
		if (strcmp(words[i].fact, fact) == 0 && strcmp(words[i].code, code) == 0)
			name = words[i].label;
	}
	if (codes != NULL && strcmp(codes, "education_levels") == 0)
		name = education_name(code);
	else if (codes != NULL && strcmp(codes, "industries") == 0)
		name = industry_name(code);
	else if (codes != NULL && strcmp(codes, "occupations") == 0)
		name = occupation_name(code);
	else if (codes != NULL && strcmp(codes, "areas") == 0)
		name = area_name(code);
	return (name != NULL ? name : code);
}

const char *
facts_title(struct arena *arena, int slot)
{
	const char	*title = facts_catalogue[slot].title;
	size_t		 len = strlen(title), cut = strlen(IN_CENTS);

	if (facts_are_money(slot) && len > cut && strcmp(title + len - cut, IN_CENTS) == 0)
		return (arena_strndup(arena, title, len - cut));
	return (title);
}

bool
facts_are_money(int slot)
{
	const char	*name = facts_catalogue[slot].name;
	size_t		 len = strlen(name);

	return (len > strlen(CENTS) && strcmp(name + len - strlen(CENTS), CENTS) == 0);
}

const char *
show_yuan(struct arena *arena, int64_t cents)
{
	long long	whole = (long long)(cents / 100), part = (long long)(cents % 100);

	return (arena_printf(arena, "%s%lld.%02lld元", cents < 0 ? "-" : "", whole < 0 ? -whole : whole,
	    part < 0 ? -part : part));
}

const char *
show_day(struct arena *arena, int64_t day)
{
	char	text[DAY_TEXT];

	return (arena_strdup(arena, day_format((int32_t)day, text)));
}

/* A month is named as a month, a year as a year. */
static const char *
show_span(struct arena *arena, const char *fact, int64_t day)
{
	const char	*text = show_day(arena, day);

	if (strcmp(fact, "month_on") == 0)
		return (arena_strndup(arena, text, strlen("2025-07")));
	if (strcmp(fact, "year_on") == 0)
		return (arena_printf(arena, "%.4s年", text));
	return (text);
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

const char *
subject_title(const char *kind)
{
	static const struct { const char *kind, *title; } titles[] = {
		{ "employment", "就业登记" },
#define FACT_KIND(id, name, title, holder, subject, code, numbers)	{ name, title },
#include "fact_kinds.def"
#undef FACT_KIND
	};
	size_t	i;

	for (i = 0; i < NITEMS(titles); i++) {
		if (strcmp(titles[i].kind, kind) == 0)
			return (titles[i].title);
	}
	return (kind);
}
