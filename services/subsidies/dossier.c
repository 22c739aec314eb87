/*
 * dossier.c -- see dossier.h: looking things up, what may be judged about a
 * holder, and which shares of a family are still free.
 *
 * Invariant: dossier_taken() says true exactly when the database would refuse
 * the claim its shares (claim_takes, hold_double_benefit_excl), as far as this
 * dossier knows.
 */
#include "dossier.h"

#define SHARES_MAX	64

static const struct {
	const char	*name;
	bool		 subject;
} kinds[SUBJECT_KINDS] = {
#define FACT_KIND(id, name, title, holder, subject, code, numbers) \
	[KIND_##id] = { name, subject },
#include "fact_kinds.def"
#undef FACT_KIND
	[KIND_EMPLOYMENT] = { "employment", true },
};

static int	 by_day(const void *, const void *);
static void	 subject_of_fact(struct dossier *, struct dossier_person *, struct dossier_org *,
		    const struct dossier_fact *, struct subject *);
static const struct dossier_hire *hire_of(const struct dossier_person *,
		    const struct dossier_fact *);
static struct dossier_hold **held_by(const struct subject *, enum hold_holder);
static void	 claim_days(const struct dossier *, const struct subject *,
		    const struct policy_ask *, enum hold_over, int32_t *, int32_t *);
static uint64_t	 shares_gone(const struct dossier *, const struct subject *,
		    const struct policy_ask *, const struct ask_hold *);
static size_t	 given_elsewhere(const struct subject *, const struct ask_hold *, int32_t,
		    int32_t);
static bool	 overlap(int32_t, int32_t, int32_t, int32_t);
static struct arena *arena_of_orgs(const struct dossier *);

const char *
kind_name(enum kind kind)
{
	return (kinds[kind].name);
}

enum kind
kind_of(const char *name)
{
	int	i;

	for (i = 0; i < SUBJECT_KINDS; i++)
		if (strcmp(kinds[i].name, name) == 0)
			break;
	return ((enum kind)i);
}

bool
kind_is_subject(enum kind kind)
{
	return (kinds[kind].subject);
}

struct dossier_person *
dossier_person_of(const struct dossier *d, const char *id)
{
	size_t	lo = 0, hi = d->npeople, mid;
	int	way;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if ((way = strcmp(id, d->people[mid].id)) == 0)
			return (&d->people[mid]);
		if (way < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return (NULL);
}

struct dossier_org *
dossier_org_of(const struct dossier *d, const char *id)
{
	size_t	lo = 0, hi = d->norgs, mid;
	int	way;

	while (id != NULL && lo < hi) {
		mid = lo + (hi - lo) / 2;
		if ((way = strcmp(id, d->orgs[mid].id)) == 0)
			return (&d->orgs[mid]);
		if (way < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return (NULL);
}

/* ---- subjects ---- */
struct subject *
dossier_subjects(struct dossier *d, struct dossier_person *p, size_t *n)
{
	struct subject	*out;
	size_t		 i;

	*n = 0;
	if (p->nhires + p->nfacts == 0)
		return (NULL);
	out = arena_zalloc(d->arena, (p->nhires + p->nfacts) * sizeof(*out));
	for (i = 0; i < p->nhires; i++)
		out[(*n)++] = (struct subject){ .kind = KIND_EMPLOYMENT, .id = p->hires[i].id,
		    .day = p->hires[i].hired_on, .person = p, .person_id = p->id,
		    .org_id = p->hires[i].org_id, .org = dossier_org_of(d, p->hires[i].org_id),
		    .hire = &p->hires[i], .county = p->hires[i].county,
		    .area = p->hires[i].area };
	for (i = 0; i < p->nfacts; i++)
		if (kinds[p->facts[i].kind].subject)
			subject_of_fact(d, p, NULL, &p->facts[i], &out[(*n)++]);
	qsort(out, *n, sizeof(*out), by_day);
	return (out);
}

struct subject *
dossier_org_subjects(struct dossier *d, struct dossier_org *o, size_t *n)
{
	struct subject	*out;
	size_t		 i;

	*n = 0;
	if (o->nfacts == 0)
		return (NULL);
	out = arena_zalloc(d->arena, o->nfacts * sizeof(*out));
	for (i = 0; i < o->nfacts; i++)
		if (kinds[o->facts[i].kind].subject && o->facts[i].person_id == NULL)
			subject_of_fact(d, NULL, o, &o->facts[i], &out[(*n)++]);
	qsort(out, *n, sizeof(*out), by_day);
	return (out);
}

static int
by_day(const void *left, const void *right)
{
	const struct subject	*a = left, *b = right;

	if (a->day != b->day)
		return (a->day < b->day ? -1 : 1);
	return (strcmp(a->id, b->id));
}

static void
subject_of_fact(struct dossier *d, struct dossier_person *p, struct dossier_org *o,
    const struct dossier_fact *f, struct subject *out)
{
	*out = (struct subject){ .kind = f->kind, .id = f->id, .day = f->from, .person = p,
	    .person_id = p != NULL ? p->id : NULL, .org_id = f->org_id,
	    .org = o != NULL ? o : dossier_org_of(d, f->org_id),
	    .hire = hire_of(p, f), .fact = f, .county = f->county, .area = f->area };
}

/*
 * The hire that a fact about somebody at an employer belongs to: a referral
 * says its day; of others the last one begun by the end of their days.
 */
static const struct dossier_hire *
hire_of(const struct dossier_person *p, const struct dossier_fact *f)
{
	const struct dossier_hire	*found = NULL;
	int32_t				 by = f->to != DAY_NONE ? f->to : f->from;
	size_t				 i;

	if (p == NULL || f->org_id == NULL)
		return (NULL);
	if (f->kind == KIND_REFERRAL && f->nnumbers > 0)
		by = (int32_t)f->numbers[0];
	for (i = 0; i < p->nhires; i++)
		if (p->hires[i].org_id != NULL && strcmp(p->hires[i].org_id, f->org_id) == 0 &&
		    p->hires[i].hired_on <= by)
			found = &p->hires[i];
	if (f->kind == KIND_REFERRAL && found != NULL && found->hired_on != by)
		return (NULL);
	return (found);
}

/* ---- periods and shares ---- */
void
period_text(enum rule_period period, int32_t day, char out[PERIOD_TEXT])
{
	int	year, month, mday;

	day_split(day, &year, &month, &mday);
	switch (period) {
	case PERIOD_ONCE:
		snprintf(out, PERIOD_TEXT, "once");
		break;
	case PERIOD_YEAR:
		snprintf(out, PERIOD_TEXT, "%04d", year % 10000);
		break;
	case PERIOD_QUARTER:
		snprintf(out, PERIOD_TEXT, "%04d-Q%d", year % 10000, (month + 2) / 3);
		break;
	case PERIOD_MONTH:
		snprintf(out, PERIOD_TEXT, "%04d-%02d", year % 10000, month);
	}
}

static struct dossier_hold **
held_by(const struct subject *s, enum hold_holder holder)
{
	if (holder == HOLD_ORG)
		return (s->org != NULL ? &s->org->holds : NULL);
	if (s->person != NULL)
		return (&s->person->holds);
	return (holder == HOLD_SUBJECT && s->org != NULL ? &s->org->holds : NULL);
}

/* First and last day that a claim of this policy would take; DAY_NONE: open. */
static void
claim_days(const struct dossier *d, const struct subject *s, const struct policy_ask *ask,
    enum hold_over over, int32_t *from, int32_t *to)
{
	int32_t	day = over == HOLD_YEAR && ask->period == PERIOD_ONCE ? d->today : s->day;
	int	year, month, mday, months = 12;

	*from = *to = DAY_NONE;
	if (over == HOLD_EVER || (over == HOLD_PERIOD && ask->period == PERIOD_ONCE))
		return;
	day_split(day, &year, &month, &mday);
	if (over == HOLD_YEAR || ask->period == PERIOD_YEAR)
		month = 1;
	else if (ask->period == PERIOD_QUARTER) {
		month = (month - 1) / 3 * 3 + 1;
		months = 3;
	} else
		months = 1;
	*from = day_make(year, month, 1);
	*to = day_add_months(*from, months) - 1;
}

static bool
overlap(int32_t a_from, int32_t a_to, int32_t b_from, int32_t b_to)
{
	return ((a_to == DAY_NONE || b_from == DAY_NONE || b_from <= a_to) &&
	    (b_to == DAY_NONE || a_from == DAY_NONE || a_from <= b_to));
}

/* Shares of the family that others hold in the days of this claim, as bits. */
static uint64_t
shares_gone(const struct dossier *d, const struct subject *s, const struct policy_ask *ask,
    const struct ask_hold *h)
{
	struct dossier_hold	**list = held_by(s, h->holder), *x;
	uint64_t		  gone = 0;
	int32_t			  from, to;
	bool			  mine;

	if (list == NULL)
		return (0);
	claim_days(d, s, ask, h->over, &from, &to);
	for (x = *list; x != NULL; x = x->next) {
		if (x->holder != h->holder || strcmp(x->family, h->family) != 0 ||
		    !overlap(from, to, x->from, x->to))
			continue;
		mine = strcmp(x->subject_id, s->id) == 0;
		if (mine ? strcmp(x->policy_code, ask->code) == 0 : h->holder == HOLD_SUBJECT)
			continue;
		if (x->share >= 1 && x->share <= SHARES_MAX)
			gone |= (uint64_t)1 << (x->share - 1);
	}
	return (gone);
}

/* Times the person was given the same by somebody else, in those days. */
static size_t
given_elsewhere(const struct subject *s, const struct ask_hold *h, int32_t from, int32_t to)
{
	size_t	i, n = 0;

	for (i = 0; h->holder == HOLD_PERSON && s->person != NULL && i < s->person->nfacts; i++)
		if (s->person->facts[i].kind == KIND_BENEFIT && s->person->facts[i].code != NULL &&
		    strcmp(s->person->facts[i].code, h->family) == 0 &&
		    overlap(from, to, s->person->facts[i].from, s->person->facts[i].to))
			n++;
	return (n);
}

bool
dossier_taken(const struct dossier *d, const struct subject *s, const struct policy_ask *ask)
{
	int32_t	from, to;
	size_t	i, gone;

	for (i = 0; i < ask->nholds; i++) {
		claim_days(d, s, ask, ask->holds[i].over, &from, &to);
		gone = (size_t)__builtin_popcountll(shares_gone(d, s, ask, &ask->holds[i])) +
		    given_elsewhere(s, &ask->holds[i], from, to);
		if (gone >= (size_t)ask->holds[i].times)
			return (true);
	}
	return (false);
}

/* Employers outlive the part of the people that is judged with them. */
static struct arena *
arena_of_orgs(const struct dossier *d)
{
	return (d->org_arena != NULL ? d->org_arena : d->arena);
}

void
dossier_take(struct dossier *d, const struct subject *s, const struct policy_ask *ask)
{
	struct dossier_claim	 *claim, **claims;
	struct dossier_hold	 *hold, **list;
	struct arena		 *in;
	char			 *period;
	uint64_t		  gone;
	size_t			  i;

	for (i = 0; i < ask->nholds; i++) {
		if ((list = held_by(s, ask->holds[i].holder)) == NULL)
			continue;
		gone = shares_gone(d, s, ask, &ask->holds[i]);
		in = s->org != NULL && list == &s->org->holds ? arena_of_orgs(d) : d->arena;
		hold = arena_zalloc(in, sizeof(*hold));
		*hold = (struct dossier_hold){
		    .family = ask->holds[i].family, .holder = ask->holds[i].holder,
		    .share = gone == UINT64_MAX ? SHARES_MAX : __builtin_ctzll(~gone) + 1,
		    .subject_id = arena_strdup(in, s->id), .policy_code = ask->code, .next = *list };
		claim_days(d, s, ask, ask->holds[i].over, &hold->from, &hold->to);
		*list = hold;
	}
	claims = s->person != NULL ? &s->person->claims : &s->org->claims;
	in = s->person != NULL ? d->arena : arena_of_orgs(d);
	claim = arena_zalloc(in, sizeof(*claim));
	period = arena_alloc(in, PERIOD_TEXT);
	period_text(ask->period, s->day, period);
	*claim = (struct dossier_claim){ .subject_id = arena_strdup(in, s->id),
	    .policy_code = ask->code, .family = ask->family, .state = "found", .period = period,
	    .made_on = DAY_NONE, .next = *claims };
	*claims = claim;
}
