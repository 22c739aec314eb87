/*
 * match_words.c -- codes of the interface as the engine's numbers, and the
 * words of its reasons.
 */
#include <stdlib.h>
#include <string.h>

#include "match_priv.h"

#define DAYS_X100	2175	/* working days a month, times 100: 人社部发〔2025〕2号 */
#define HOURS		8
#define YUAN_MOST	INT32_C(100000000)

static int	word_cmp(const void *, const void *);

static const struct {
	const char	*name, *zh, *en;
} criteria[MATCH_CRITERIA] = {
	[MATCH_OCCUPATION] = { "occupation", "职业", "Occupation" },
	[MATCH_PLACE] = { "place", "地点", "Place" },
	[MATCH_PAY] = { "pay", "薪酬", "Pay" },
	[MATCH_FORM] = { "form", "用工形式", "Form of work" },
	[MATCH_EDUCATION] = { "education", "学历", "Education" },
	[MATCH_SKILL_LEVEL] = { "skill_level", "技能等级", "Skill level" },
	[MATCH_SKILLS] = { "skills", "技能", "Skills" },
	[MATCH_BENEFITS] = { "benefits", "福利", "Benefits" },
	[MATCH_FRESH] = { "freshness", "发布时间", "Freshness" },
};

static const struct {
	const char	*name, *zh, *en;
} whys[MATCH_WHYS] = {
#define WHY(id, n, z, e)	[MATCH_WHY_##id] = { n, z, e },
#include "match_why.def"
#undef WHY
};

const char *
match_criterion_name(enum match_criterion c)
{
	return (criteria[c].name);
}

const char *
match_criterion_text(enum match_criterion c, bool english)
{
	return (english ? criteria[c].en : criteria[c].zh);
}

const char *
match_why_name(enum match_why w)
{
	return (w < MATCH_WHYS ? whys[w].name : "");
}

const char *
match_why_text(enum match_why w, bool english)
{
	return (w >= MATCH_WHYS ? "" : english ? whys[w].en : whys[w].zh);
}

/* One byte a level, the highest first, each plus one: 00 is a class like others. */
uint32_t
match_occupation(const char *code)
{
	uint32_t	packed = 0, part = 0;
	int		shift = 24;

	if (code == NULL || *code == '\0')
		return (0);
	for (; *code != '\0'; code++) {
		if (*code != '-') {
			part = (part * 10 + (uint32_t)(*code - '0')) % 100;
			continue;
		}
		packed |= (part + 1) << shift;
		part = 0;
		if ((shift -= 8) < 0)
			return (packed);
	}
	return (packed | (part + 1) << shift);
}

struct match_area
match_area(const char *code, uint8_t county)
{
	struct match_area	a = { .county = county };
	size_t			len, i;

	if (code == NULL || strncmp(code, "4311", 4) != 0) {
		a.county = MATCH_ELSEWHERE;
		a.span = 1000000;
		return (a);
	}
	len = strlen(code);
	for (i = 4; i < 12; i++)
		a.place = a.place * 10 + (i < len ? (uint32_t)(code[i] - '0') : 0);
	if (strcmp(code, "431100") == 0) {
		a.county = 0;
		return (a);
	}
	a.span = len >= 12 ? 1 : len >= 9 ? 1000 : 1000000;
	return (a);
}

/* FNV-1a over the text without blanks, Latin letters small. */
uint32_t
match_word(const char *text)
{
	uint32_t	h = UINT32_C(2166136261);

	for (; *text != '\0'; text++) {
		unsigned char	ch = (unsigned char)*text;

		if (ch == ' ')
			continue;
		if (ch >= 'A' && ch <= 'Z')
			ch = (unsigned char)(ch + 32);
		h = (h ^ ch) * UINT32_C(16777619);
	}
	return (h);
}

size_t
match_words_sort(uint32_t *words, size_t n)
{
	size_t	i, kept = 0;

	if (n == 0)
		return (0);
	qsort(words, n, sizeof(*words), word_cmp);
	for (i = 1; i < n; i++)
		if (words[i] != words[kept])
			words[++kept] = words[i];
	return (kept + 1);
}

static int
word_cmp(const void *a, const void *b)
{
	uint32_t	x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x < y ? -1 : x > y);
}

int32_t
match_pay_month(int64_t cents, const char *unit)
{
	int64_t	yuan;

	if (unit == NULL || strcmp(unit, "piece") == 0)
		return (MATCH_PAY_UNKNOWN);
	if (strcmp(unit, "day") == 0)
		yuan = cents * DAYS_X100 / 10000;
	else if (strcmp(unit, "hour") == 0)
		yuan = cents * HOURS * DAYS_X100 / 10000;
	else
		yuan = cents / 100;
	return (yuan > YUAN_MOST ? YUAN_MOST : (int32_t)yuan);
}
