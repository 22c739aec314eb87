/*
 * search_doc.c -- what a posting's row becomes in the index: its words, its
 * marks, its facets.
 *
 * Invariant: the same row gives the same posting, so that one told of twice
 * stays where it is.
 */
#include <string.h>

#include "search.h"
#include "base/utf8.h"

#define PARTED		"\x1f"
#define INDUSTRIES	"industries"
#define LEVELS		6	/* of a class, at most */
#define MONTH_DAYS_X4	87	/* 21.75 days */
#define MONTH_HOURS_X4	696	/* 174 hours */

struct marks {
	struct index_mark	*list;
	size_t			*n;
};

static void	mark(struct marks *, enum mark_kind, const char *);
static void	area_marks(struct arena *, struct marks *, const char *, const char *);
static void	occupation_marks(struct arena *, struct marks *, const char *);
static uint8_t	industry_marks(struct arena *, struct marks *, const char *);
static void	list_marks(struct arena *, struct marks *, enum mark_kind, const char *);
static const char *names_of(struct arena *, const char *, const char *);
static uint8_t	county_number(const char *);
static uint8_t	number_in(const char *const *, const char *);
static uint8_t	band_of(int64_t);
static uint32_t	benefit_flags(struct arena *, const char *);

const int64_t		search_bands[] = { 0, 200000, 300000, 400000, 500000, 600000, 800000, 1000000,
	1500000 };
const size_t		search_nbands = NITEMS(search_bands);

void
search_doc(struct arena *a, const struct db_rows *rows, size_t row, struct index_posting *p,
    struct index_mark list[INDEX_MARKS])
{
	const char	*occupation = db_text(rows, row, "occupation_code");
	const char	*education = db_text(rows, row, "education_code");
	const char	*unit = db_text(rows, row, "pay_unit"), *form = db_text(rows, row, "form");
	const char	*skills = db_text(rows, row, "skills"), *benefits = db_text(rows, row, "benefits");
	int64_t		 level = db_int(rows, row, "skill_level");
	int		 rank = education_rank(education);
	struct marks	 m = { list, &p->nmarks };

	memset(p, 0, sizeof(*p));
	p->id = db_uuid(rows, row, "id");
	p->title = db_text(rows, row, "title");
	p->employer = db_text(rows, row, "org_name");
	p->names = names_of(a, p->employer, occupation);
	p->text = arena_printf(a, "%s %s", db_text(rows, row, "description"), skills);
	p->pay_low_cents = db_int(rows, row, "pay_min_cents");
	p->pay_high_cents = db_int(rows, row, "pay_max_cents");
	p->pay_rank = search_pay_rank(p->pay_high_cents, unit);
	p->posted_us = db_int(rows, row, "posted_us");
	p->changed_us = db_int(rows, row, "changed_us");
	p->expires_on = db_day(rows, row, "expires_on");
	p->lat_e6 = db_null(rows, row, "lat_e6") ? INDEX_NOWHERE : (int32_t)db_int(rows, row, "lat_e6");
	p->lng_e6 = (int32_t)db_int(rows, row, "lng_e6");
	p->marks = list;
	area_marks(a, &m, db_text(rows, row, "county_code"), db_text(rows, row, "area_code"));
	occupation_marks(a, &m, occupation);
	p->facets[FACET_INDUSTRY] = industry_marks(a, &m, db_text(rows, row, "industry_code"));
	mark(&m, MARK_FORM, form);
	mark(&m, MARK_PAY_UNIT, unit);
	mark(&m, MARK_EDUCATION, arena_printf(a, "%d", rank + 1));
	mark(&m, MARK_SKILL_LEVEL, arena_printf(a, "%d", (int)level));
	mark(&m, MARK_ORG, db_text(rows, row, "org_id"));
	list_marks(a, &m, MARK_BENEFIT, benefits);
	list_marks(a, &m, MARK_SKILL, skills);
	p->facets[FACET_COUNTY] = county_number(db_text(rows, row, "county_code"));
	p->facets[FACET_FORM] = number_in(work_forms, form);
	p->facets[FACET_OCCUPATION] = (uint8_t)(occupation[0] - '0');
	p->facets[FACET_PAY] = band_of(p->pay_rank);
	p->facets[FACET_EDUCATION] = (uint8_t)(rank + 1);
	p->facets[FACET_SKILL_LEVEL] = (uint8_t)level;
	p->facets[FACET_PAY_UNIT] = number_in(pay_units, unit);
	p->flags = benefit_flags(a, benefits);
}

int64_t
search_pay_rank(int64_t cents, const char *unit)
{
	if (strcmp(unit, "month") == 0)
		return (cents * 4);
	if (strcmp(unit, "day") == 0)
		return (cents * MONTH_DAYS_X4);
	return (strcmp(unit, "hour") == 0 ? cents * MONTH_HOURS_X4 : cents);
}

const char *
search_folded(struct arena *a, const char *text)
{
	char	*folded, *p;

	text += strspn(text, " \t\n");
	folded = arena_strdup(a, text);
	for (p = folded; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p + 32);
	while (p > folded && strchr(" \t\n", p[-1]) != NULL)
		*--p = '\0';
	return (folded);
}

static void
mark(struct marks *m, enum mark_kind kind, const char *text)
{
	if (text != NULL && text[0] != '\0' && *m->n < INDEX_MARKS)
		m->list[(*m->n)++] = (struct index_mark){ (uint8_t)kind, text };
}

/* The county is the one in charge; town and village go by their own digits. */
static void
area_marks(struct arena *a, struct marks *m, const char *county, const char *area)
{
	mark(m, MARK_AREA, county);
	if (strlen(area) >= 9)
		mark(m, MARK_AREA, arena_strndup(a, area, 9));
	if (strlen(area) == 12)
		mark(m, MARK_AREA, area);
}

static void
occupation_marks(struct arena *a, struct marks *m, const char *code)
{
	const char	*end;

	for (end = strchr(code, '-'); end != NULL; end = strchr(end + 1, '-'))
		mark(m, MARK_OCCUPATION, arena_strndup(a, code, (size_t)(end - code)));
	mark(m, MARK_OCCUPATION, code);
}

/* The section's number. */
static uint8_t
industry_marks(struct arena *a, struct marks *m, const char *code)
{
	const struct code_list	*list = code_list_named(INDUSTRIES, strlen(INDUSTRIES));
	struct code_item	 item;
	size_t			 level;

	for (level = 0; list != NULL && code != NULL && level < LEVELS; level++) {
		if (!code_list_find(list, code, &item))
			return (0);
		mark(m, MARK_INDUSTRY, arena_strdup(a, item.code));
		if (item.parent[0] == '\0')
			return (item.code[0] >= 'A' && item.code[0] <= 'Z' ?
			    (uint8_t)(item.code[0] - 'A' + 1) : 0);
		code = arena_strdup(a, item.parent);
	}
	return (0);
}

static void
list_marks(struct arena *a, struct marks *m, enum mark_kind kind, const char *parted)
{
	char	*rest, *one;

	if (parted == NULL)
		return;
	rest = arena_strdup(a, parted);
	while ((one = strsep(&rest, PARTED)) != NULL)
		mark(m, kind, search_folded(a, one));
}

/* Employer, occupation and what people call it. */
static const char *
names_of(struct arena *a, const char *employer, const char *occupation)
{
	const struct code_alias	*alias;
	const char		*name = occupation_name(occupation);
	char			*text;
	size_t			 n, i;

	text = arena_printf(a, "%s %s", employer, name != NULL ? name : "");
	alias = occupation_aliases(occupation, &n);
	for (i = 0; i < n; i++)
		text = arena_printf(a, "%s %s", text, alias[i].alias);
	return (text);
}

static uint8_t
county_number(const char *code)
{
	const char *const	*codes;
	size_t			 n = area_counties(&codes), i;

	for (i = 0; i < n; i++)
		if (strcmp(codes[i], code) == 0)
			return ((uint8_t)(i + 1));
	return (0);
}

static uint8_t
number_in(const char *const *words, const char *word)
{
	size_t	i;

	for (i = 0; words[i] != NULL; i++)
		if (strcmp(words[i], word) == 0)
			return ((uint8_t)(i + 1));
	return (0);
}

static uint8_t
band_of(int64_t rank)
{
	size_t	i = search_nbands;

	while (i > 1 && rank < search_bands[i - 1] * 4)
		i--;
	return ((uint8_t)i);
}

static uint32_t
benefit_flags(struct arena *a, const char *parted)
{
	char		*rest = arena_strdup(a, parted != NULL ? parted : ""), *one;
	uint32_t	 flags = 0;
	uint8_t		 n;

	while ((one = strsep(&rest, PARTED)) != NULL)
		if ((n = number_in(work_benefits, one)) > 0)
			flags |= (uint32_t)1 << (n - 1);
	return (flags);
}
