/*
 * market_words.c -- the names of what a quarter's figures are told apart by.
 */
#include <stddef.h>
#include <string.h>

#include "market_words.h"
#include "codes/codes.h"

struct word {
	const char	*code, *text;
};

static const char *org_kind(const char *);
static const char *skill(const char *);
static const char *sex(const char *);
static const char *age(const char *);
static const char *kind(const char *);
static const char *group(const char *);
static const char *word_of(const struct word *, const char *);

const struct market_part market_parts[] = {
	{ "industry", "按行业", true, false, industry_name },
	{ "org_kind", "按单位类型", true, false, org_kind },
	{ "occupation_major", "按职业大类", true, true, occupation_name },
	{ "occupation_middle", "按职业中类", true, true, occupation_name },
	{ "occupation", "按职业小类", true, true, occupation_name },
	{ "education_level", "按文化程度", true, true, education_name },
	{ "skill_level", "按技能等级", true, true, skill },
	{ "sex", "求职人员性别", false, true, sex },
	{ "age", "求职人员年龄", false, true, age },
	{ "kind", "求职人员类别", false, true, kind },
	{ "group", "求职人员中的重点群体", false, true, group },
	{ NULL, NULL, false, false, NULL }
};

static const struct word org_kinds[] = {
	{ "enterprise", "企业" }, { "institution", "事业单位" }, { "public_body", "机关" },
	{ "association", "社会组织" }, { "sole_trader", "个体工商户" },
	{ "agency", "人力资源服务机构" }, { "carrier", "创业载体" }, { NULL, NULL }
};
static const struct word skills[] = {
	{ "5", "初级工" }, { "4", "中级工" }, { "3", "高级工" }, { "2", "技师" },
	{ "1", "高级技师" }, { NULL, NULL }
};
static const struct word sexes[] = { { "1", "男" }, { "2", "女" }, { NULL, NULL } };
static const struct word ages[] = {
	{ "-15", "16岁以下" }, { "16-24", "16—24岁" }, { "25-34", "25—34岁" }, { "35-44", "35—44岁" },
	{ "45-54", "45—54岁" }, { "55-", "55岁及以上" }, { NULL, NULL }
};
static const struct word kinds[] = {
	{ "unemployed", "登记失业人员" }, { "other", "其他求职人员" }, { NULL, NULL }
};
static const struct word groups[] = {
	{ "difficult", "就业困难人员" }, { "unemployed", "登记失业人员" }, { "graduate", "高校毕业生" },
	{ "migrant", "农民工" }, { "poverty", "脱贫人口" }, { "zero_family", "零就业家庭成员" },
	{ "veteran", "退役军人" }, { "disabled", "残疾人" }, { "youth", "16—24岁青年" }, { NULL, NULL }
};

const char *
market_word(const struct market_part *part, const char *code)
{
	const char	*name;

	if (strcmp(code, "-") == 0)
		return ("未填或不限");
	name = part->word(code);
	return (name != NULL ? name : code);
}

static const char *
org_kind(const char *code)
{
	return (word_of(org_kinds, code));
}

static const char *
skill(const char *code)
{
	return (word_of(skills, code));
}

static const char *
sex(const char *code)
{
	return (word_of(sexes, code));
}

static const char *
age(const char *code)
{
	return (word_of(ages, code));
}

static const char *
kind(const char *code)
{
	return (word_of(kinds, code));
}

static const char *
group(const char *code)
{
	return (word_of(groups, code));
}

static const char *
word_of(const struct word *w, const char *code)
{
	for (; w->code != NULL; w++)
		if (strcmp(w->code, code) == 0)
			return (w->text);
	return (NULL);
}
