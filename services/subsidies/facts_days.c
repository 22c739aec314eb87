/*
 * facts_days.c -- facts that are lists of days: hires, certificates, months
 * insured, periods a benefit was had.
 *
 * Invariant: a list is ascending; months are their first days, each once.
 */
#include "facts_fill.h"

#define DAYS_MAX	1200	/* of one list: a hundred years of months */

struct days {
	int32_t	day[DAYS_MAX];
	size_t	count;
};

static bool	 gather(const struct fill *, enum days_list, struct days *);
static void	 add(struct days *, int32_t);
static void	 add_hires(const struct fill *, bool, struct days *);
static void	 add_certificates(const struct fill *, struct days *);
static void	 add_months(const struct fill *, enum days_list, struct days *);
static void	 add_ranges(const char *, struct days *);
static int32_t	 read_day(const char *);
static void	 add_benefits(const struct fill *, struct days *);
static int32_t	 day_of_period(const struct fill *, const struct dossier_claim *);
static bool	 same(const char *, const char *);
static int	 ascending(const void *, const void *);

void
facts_days(const struct fill *f, enum days_list which, struct rule_value *v)
{
	struct days	 days = { .count = 0 };
	int32_t		*out;
	bool		 months = which >= LIST_MONTHS_HERE && which <= LIST_MONTHS_UI;
	size_t		 i, n = 0;

	if (!gather(f, which, &days))
		return;
	qsort(days.day, days.count, sizeof(days.day[0]), ascending);
	out = arena_alloc(f->d->arena, (days.count + 1) * sizeof(*out));
	for (i = 0; i < days.count; i++)
		if (!months || n == 0 || out[n - 1] != days.day[i])
			out[n++] = days.day[i];
	*v = (struct rule_value){ .known = true, .days = out, .count = n };
}

/* False: nobody it could be about. */
static bool
gather(const struct fill *f, enum days_list which, struct days *days)
{
	if (which == LIST_BENEFIT) {
		add_benefits(f, days);
		return (true);
	}
	if (f->s->person == NULL)
		return (false);
	switch (which) {
	case LIST_CERTIFICATES:
		add_certificates(f, days);
		return (true);
	case LIST_HIRES:
	case LIST_HIRES_HERE:
		add_hires(f, which == LIST_HIRES_HERE, days);
		return (true);
	default:
		if (which <= LIST_MONTHS_ELSEWHERE && f->s->org == NULL && f->s->org_id != NULL)
			return (false);
		add_months(f, which, days);
		return (true);
	}
}

static void
add(struct days *days, int32_t day)
{
	if (days->count < DAYS_MAX && day != DAY_NONE)
		days->day[days->count++] = day;
}

/* Hires before the subject's, or before its day. */
static void
add_hires(const struct fill *f, bool here, struct days *days)
{
	const struct dossier_person	*p = f->s->person;
	int32_t				 before = f->s->hire != NULL ? f->s->hire->hired_on : f->s->day;
	size_t				 i;

	for (i = 0; i < p->nhires; i++)
		if (p->hires[i].hired_on < before && &p->hires[i] != f->s->hire &&
		    (!here || same(p->hires[i].org_id, f->s->org_id)))
			add(days, p->hires[i].hired_on);
}

static void
add_certificates(const struct fill *f, struct days *days)
{
	const struct dossier_person	*p = f->s->person;
	size_t				 i;

	for (i = 0; i < p->nfacts; i++)
		if (p->facts[i].kind == KIND_CERTIFICATE && p->facts[i].from < f->s->day)
			add(days, p->facts[i].from);
}

bool
facts_certified_before(const struct fill *f)
{
	const struct dossier_fact	*x, *own = f->s->fact;
	size_t				 i;

	for (i = 0; i < f->s->person->nfacts; i++) {
		x = &f->s->person->facts[i];
		if (x->kind == KIND_CERTIFICATE && x != own && x->from <= own->from &&
		    (x->from < own->from || strcmp(x->id, own->id) < 0) && same(x->code, own->code) &&
		    x->nnumbers > 0 && own->nnumbers > 0 && x->numbers[0] <= own->numbers[0])
			return (true);
	}
	return (false);
}

static void
add_months(const struct fill *f, enum days_list which, struct days *days)
{
	const struct dossier_person	*p = f->s->person;
	const struct dossier_insured	*row;
	bool				 here;
	size_t				 i;

	for (i = 0; i < p->ninsured; i++) {
		row = &p->insured[i];
		here = same(row->org_id, f->s->org_id) ||
		    (f->s->org != NULL && same(row->uscc, f->s->org->uscc));
		if (which == LIST_MONTHS_HERE && here)
			add_ranges(row->all_three, days);
		else if (which == LIST_MONTHS_UI)
			add_ranges(row->ui, days);
		else if (which == LIST_MONTHS_ANY || (which == LIST_MONTHS_ELSEWHERE && !here))
			add_ranges(row->any_kind, days);
	}
}

/* {[2025-07-01,2025-10-01),[2026-01-01,2026-02-01)} */
static void
add_ranges(const char *text, struct days *days)
{
	int32_t	from, to;

	while ((text = strchr(text, '[')) != NULL) {
		from = read_day(text + 1);
		if (from == DAY_NONE || text[11] != ',' || (to = read_day(text + 12)) == DAY_NONE)
			return;
		for (; from < to; from = day_add_months(from, 1))
			add(days, from);
		text += 12;
	}
}

static int32_t
read_day(const char *text)
{
	char	copy[DAY_TEXT];
	size_t	n = strnlen(text, DAY_TEXT - 1);

	memcpy(copy, text, n);
	copy[n] = '\0';
	return (day_parse(copy));
}

/* Periods of the same family that were had already, here or elsewhere. */
static void
add_benefits(const struct fill *f, struct days *days)
{
	const struct dossier_person	*p = f->s->person;
	const struct dossier_claim	*c;
	size_t				 i;

	c = p != NULL ? p->claims : f->s->org != NULL ? f->s->org->claims : NULL;
	for (; c != NULL; c = c->next)
		if (strcmp(c->family, f->ask->family) == 0 && strcmp(c->subject_id, f->s->id) != 0 &&
		    strcmp(c->state, "declined") != 0 && strcmp(c->state, "waived") != 0 &&
		    strcmp(c->state, "rejected") != 0)
			add(days, day_of_period(f, c));
	for (i = 0; p != NULL && i < p->nfacts; i++)
		if (p->facts[i].kind == KIND_BENEFIT && same(p->facts[i].code, f->ask->family))
			add(days, p->facts[i].from);
}

/* The first day of what a claim is for: its period, or its subject's own day. */
static int32_t
day_of_period(const struct fill *f, const struct dossier_claim *c)
{
	const struct dossier_person	*p = f->s->person;
	int				 year = 0, n = 1;
	size_t				 i;

	if (strcmp(c->period, "once") != 0) {
		if (sscanf(c->period, "%4d-Q%1d", &year, &n) == 2)
			n = n * 3 - 2;
		else if (sscanf(c->period, "%4d-%2d", &year, &n) != 2)
			n = 1;
		return (day_make(year, n, 1));
	}
	for (i = 0; p != NULL && i < p->nhires; i++)
		if (strcmp(p->hires[i].id, c->subject_id) == 0)
			return (p->hires[i].hired_on);
	for (i = 0; p != NULL && i < p->nfacts; i++)
		if (strcmp(p->facts[i].id, c->subject_id) == 0)
			return (p->facts[i].from);
	return (DAY_NONE);
}

static bool
same(const char *a, const char *b)
{
	return (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static int
ascending(const void *left, const void *right)
{
	int32_t	a = *(const int32_t *)left, b = *(const int32_t *)right;

	return (a < b ? -1 : a > b);
}
