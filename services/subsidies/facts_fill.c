/*
 * facts_fill.c -- where each fact of the catalogue gets its value from.
 *
 * Invariant: what a register does not say is known only if the register is
 * ours, or a file of it covers the day; everything else stays unknown. Values
 * are as of the subject's day, whenever they became known.
 */
#include "facts_fill.h"

/* What a register is kept up to date by. */
enum kept { BY_US, BY_FILES };

struct source {
	const char	*name;		/* in the catalogue */
	void		(*fill)(const struct fill *, const struct source *, struct rule_value *);
	enum kind	 kind;		/* ACTIVE: of the rows looked for */
	int		 nth;		/* NUMBER: which, from 1 */
	const char	*code;		/* ACTIVE: and with this code */
	enum kept	 kept;
};

typedef void filler(const struct fill *, const struct source *, struct rule_value *);
static filler	 from_on, to_on, code, number, flag, epoch_day, hire_day, hire_text, hire_number,
		 person_active, org_active, list, person_row, org_row, at_hire, graduate, through,
		 taken, again, area, applied, org_size, org_staff;
static bool	 active(const struct dossier_fact *, size_t, const struct fill *,
		    const struct source *, int32_t, struct rule_value *);
static bool	 unemployed_on(const struct dossier_person *, int32_t);
static void	 put_day(struct rule_value *, int32_t);
static void	 put_int(struct rule_value *, int64_t);
static void	 put_text(struct rule_value *, const char *);

#define OF_PERSON(k, by)	.fill = person_active, .kind = KIND_##k, .kept = by
#define IN_GROUP(c)		.fill = person_active, .kind = KIND_GROUP, .code = c, .kept = BY_FILES
#define OF_ORG(k, by)		.fill = org_active, .kind = KIND_##k, .kept = by

static const struct source sources[] = {
	{ "area_code", .fill = area }, { "applied_on", .fill = applied },
	/* a hire, the subject or what it is about */
	{ "hired_on", .fill = hire_day, .nth = 1 }, { "employment_ended_on", .fill = hire_day, .nth = 2 },
	{ "contract_type", .fill = hire_text, .nth = 1 }, { "occupation_code", .fill = hire_text, .nth = 2 },
	{ "contract_months", .fill = hire_number, .nth = 1 }, { "wage_cents", .fill = hire_number, .nth = 2 },
	/* columns of the subject's own row */
	{ "certificate_on", .fill = from_on }, { "certificate_occupation", .fill = code },
	{ "certificate_level", .fill = number, .nth = 1 }, { "certificate_trained", .fill = flag, .nth = 2 },
	{ "certificate_days", .fill = number, .nth = 3 },
	{ "class_from", .fill = epoch_day, .nth = 4 }, { "class_to", .fill = epoch_day, .nth = 5 },
	{ "month_on", .fill = from_on }, { "year_on", .fill = from_on },
	{ "self_paid_cents", .fill = number, .nth = 1 },
	{ "employer_paid_cents", .fill = number, .nth = 1 }, { "personal_paid_cents", .fill = number, .nth = 2 },
	{ "welfare_days", .fill = number, .nth = 1 }, { "welfare_started_on", .fill = epoch_day, .nth = 2 },
	{ "welfare_cap_on", .fill = epoch_day, .nth = 3 },
	{ "workshop_months", .fill = number, .nth = 1 }, { "workshop_wage_cents", .fill = number, .nth = 2 },
	{ "internship_days", .fill = number, .nth = 1 }, { "internship_started_on", .fill = epoch_day, .nth = 2 },
	{ "internship_base_cents", .fill = number, .nth = 3 },
	{ "licence_on", .fill = from_on }, { "licence_to", .fill = to_on }, { "licence_kind", .fill = code },
	{ "licence_staff", .fill = number, .nth = 1 }, { "licence_taxed", .fill = flag, .nth = 2 },
	{ "loan_from", .fill = from_on }, { "loan_to", .fill = to_on }, { "loan_kind", .fill = code },
	{ "loan_principal_cents", .fill = number, .nth = 1 },
	{ "loan_interest_cents", .fill = number, .nth = 2 }, { "loan_rate_bp", .fill = number, .nth = 3 },
	{ "referral_on", .fill = from_on }, { "referrer_kind", .fill = code },
	{ "referrer_insured", .fill = flag, .nth = 2 },
	{ "year_paid_cents", .fill = number, .nth = 1 }, { "staff_start", .fill = number, .nth = 2 },
	{ "staff_end", .fill = number, .nth = 3 }, { "staff_average", .fill = number, .nth = 4 },
	{ "natural_leavers", .fill = number, .nth = 5 }, { "months_paid", .fill = number, .nth = 6 },
	{ "owed_cents", .fill = number, .nth = 7 },
	{ "park_on", .fill = from_on }, { "staff_at_entry", .fill = number, .nth = 1 },
	{ "award_on", .fill = from_on }, { "award_policy", .fill = code },
	{ "award_rank", .fill = number, .nth = 1 }, { "award_score", .fill = number, .nth = 2 },
	{ "award_quantity", .fill = number, .nth = 3 }, { "award_instalment", .fill = number, .nth = 4 },
	{ "award_instalments", .fill = number, .nth = 5 },
	/* the person, on that day */
	{ "birth_on", .fill = person_row, .nth = 1 }, { "sex", .fill = person_row, .nth = 2 },
	{ "retires_on", .fill = person_row, .nth = 3 },
	{ "deceased", OF_PERSON(DEATH, BY_FILES) }, { "draws_pension", OF_PERSON(PENSION, BY_FILES) },
	{ "enrolled", OF_PERSON(ENROLMENT, BY_FILES) }, { "on_payroll", OF_PERSON(PAYROLL, BY_FILES) },
	{ "in_custody", OF_PERSON(CUSTODY, BY_FILES) },
	{ "draws_ui_benefit", OF_PERSON(UI_BENEFIT, BY_FILES) },
	{ "holds_licence", OF_PERSON(LICENCE, BY_FILES) },
	{ "poverty_lifted", IN_GROUP("poverty_lifted") }, { "poverty_watch", IN_GROUP("poverty_watch") },
	{ "disabled", IN_GROUP("disabled") }, { "minimum_living", IN_GROUP("minimum_living") },
	{ "rural_transfer", IN_GROUP("rural_transfer") }, { "school_leaver", IN_GROUP("school_leaver") },
	{ "veteran", IN_GROUP("veteran") }, { "returning", IN_GROUP("returning") },
	{ "difficult", OF_PERSON(DIFFICULTY, BY_US) },
	{ "flexible_registered", OF_PERSON(FLEXIBLE, BY_US) },
	{ "difficult_at_hire", .fill = at_hire, .kind = KIND_DIFFICULTY },
	{ "unemployed_at_hire", .fill = at_hire },
	{ "unemployed", .fill = person_row, .nth = 4 },
	{ "on_graduate_roster", .fill = graduate, .nth = 1 }, { "graduated_on", .fill = graduate, .nth = 2 },
	{ "graduate_level", .fill = graduate, .nth = 3 },
	{ "graduate_full_time", .fill = graduate, .nth = 4 },
	/* lists of days (facts_days.c) */
	{ "certificates_before", .fill = list, .nth = LIST_CERTIFICATES },
	{ "certificate_again", .fill = again },
	{ "earlier_hires", .fill = list, .nth = LIST_HIRES },
	{ "earlier_hires_here", .fill = list, .nth = LIST_HIRES_HERE },
	{ "insured_months", .fill = list, .nth = LIST_MONTHS_HERE },
	{ "insured_elsewhere_months", .fill = list, .nth = LIST_MONTHS_ELSEWHERE },
	{ "insured_any_months", .fill = list, .nth = LIST_MONTHS_ANY },
	{ "ui_months", .fill = list, .nth = LIST_MONTHS_UI },
	{ "insured_through", .fill = through },
	{ "benefit_taken", .fill = taken }, { "benefit_days", .fill = list, .nth = LIST_BENEFIT },
	/* the employer, on that day */
	{ "org_kind", .fill = org_row, .nth = 1 }, { "org_industry", .fill = org_row, .nth = 2 },
	{ "org_size", .fill = org_size, .kind = KIND_SIZE },
	{ "org_in_park", OF_ORG(PARK, BY_FILES) }, { "org_dishonest", OF_ORG(DISHONEST, BY_FILES) },
	{ "org_owes_wages", OF_ORG(ARREARS, BY_FILES) }, { "org_staff", .fill = org_staff },
};

/* The source of each slot of the catalogue; found once. */
static const struct source *
source_of(size_t slot)
{
	static const struct source	*by_slot[RULE_FACTS_MAX];
	static bool			 found;
	size_t				 i, k;

	for (i = 0; !found && i < facts_count; i++)
		for (k = 0; k < NITEMS(sources); k++)
			if (strcmp(sources[k].name, facts_catalogue[i].name) == 0)
				by_slot[i] = &sources[k];
	found = true;
	return (by_slot[slot]);
}

bool
facts_have_source(size_t slot)
{
	return (source_of(slot) != NULL);
}

uint64_t
facts_kinds(rule_mask facts)
{
	const struct source	*from;
	uint64_t		 out = 0;
	size_t			 i;

	for (i = 0; i < facts_count; i++) {
		if ((facts & RULE_SLOT(i)) == 0 || (from = source_of(i)) == NULL)
			continue;
		if (from->fill == person_active || from->fill == org_active ||
		    from->fill == org_size || from->fill == at_hire)
			out |= UINT64_C(1) << from->kind;
		if (from->fill == taken || (from->fill == list && from->nth == LIST_BENEFIT))
			out |= UINT64_C(1) << KIND_BENEFIT;
		if (from->fill == again || (from->fill == list && from->nth == LIST_CERTIFICATES))
			out |= UINT64_C(1) << KIND_CERTIFICATE;
	}
	return (out);
}

void
facts_fill(struct dossier *d, const struct subject *s, const struct policy_ask *ask,
    struct rule_value *out)
{
	struct fill	f = { .d = d, .s = s, .ask = ask };
	size_t		i;

	memset(out, 0, RULE_FACTS_MAX * sizeof(*out));
	for (i = 0; i < facts_count; i++)
		if ((ask->facts & RULE_SLOT(i)) != 0 && source_of(i) != NULL)
			source_of(i)->fill(&f, source_of(i), &out[i]);
}

static void
put_day(struct rule_value *v, int32_t day)
{
	v->known = day != DAY_NONE;
	v->i = day;
}

static void
put_int(struct rule_value *v, int64_t n)
{
	v->known = true;
	v->i = n;
}

static void
put_text(struct rule_value *v, const char *text)
{
	v->known = text != NULL;
	v->text = text;
}

/* ---- the subject ---- */
static void
area(const struct fill *f, const struct source *from, struct rule_value *v)
{
	(void)from;
	put_text(v, f->s->area != NULL ? f->s->area : f->s->county);
}

/* The day of the claim that there is, or this one, if it were made now. */
static void
applied(const struct fill *f, const struct source *from, struct rule_value *v)
{
	const struct dossier_claim	*c;

	(void)from;
	c = f->s->person != NULL ? f->s->person->claims : f->s->org != NULL ? f->s->org->claims : NULL;
	put_day(v, f->d->today);
	for (; c != NULL; c = c->next)
		if (c->made_on != DAY_NONE && strcmp(c->subject_id, f->s->id) == 0 &&
		    strcmp(c->policy_code, f->ask->code) == 0)
			put_day(v, c->made_on);
}

static void
from_on(const struct fill *f, const struct source *from, struct rule_value *v)
{
	(void)from;
	if (f->s->fact != NULL)
		put_day(v, f->s->fact->from);
}

static void
to_on(const struct fill *f, const struct source *from, struct rule_value *v)
{
	(void)from;
	if (f->s->fact != NULL)
		put_day(v, f->s->fact->to);
}

static void
code(const struct fill *f, const struct source *from, struct rule_value *v)
{
	(void)from;
	if (f->s->fact != NULL)
		put_text(v, f->s->fact->code);
}

static void
number(const struct fill *f, const struct source *from, struct rule_value *v)
{
	const struct dossier_fact	*fact = f->s->fact;

	if (fact != NULL && (size_t)from->nth <= fact->nnumbers &&
	    fact->numbers[from->nth - 1] != DOSSIER_UNKNOWN)
		put_int(v, fact->numbers[from->nth - 1]);
}

static void
flag(const struct fill *f, const struct source *from, struct rule_value *v)
{
	number(f, from, v);
	v->i = v->i != 0;
}

static void
epoch_day(const struct fill *f, const struct source *from, struct rule_value *v)
{
	number(f, from, v);
}

/* A referral says the day of the hire itself. */
static void
hire_day(const struct fill *f, const struct source *from, struct rule_value *v)
{
	const struct dossier_hire	*h = f->s->hire;

	if (h != NULL)
		put_day(v, from->nth == 1 ? h->hired_on : h->ended_on);
	else if (f->s->kind == KIND_REFERRAL && from->nth == 1)
		number(f, from, v);
}

static void
hire_text(const struct fill *f, const struct source *from, struct rule_value *v)
{
	if (f->s->hire != NULL)
		put_text(v, from->nth == 1 ? f->s->hire->contract_type : f->s->hire->occupation);
}

static void
hire_number(const struct fill *f, const struct source *from, struct rule_value *v)
{
	int64_t	n;

	if (f->s->hire == NULL)
		return;
	n = from->nth == 1 ? f->s->hire->contract_months : f->s->hire->wage_cents;
	if (n != DOSSIER_UNKNOWN)
		put_int(v, n);
}

/* ---- registers ---- */
/*
 * Whether a row of the kind is true on the day, other than the subject itself.
 * Nothing found is a "no" where we would know it.
 */
static bool
active(const struct dossier_fact *facts, size_t n, const struct fill *f, const struct source *from,
    int32_t day, struct rule_value *v)
{
	size_t	i;

	for (i = 0; i < n; i++)
		if (facts[i].kind == from->kind && facts[i].from <= day &&
		    (facts[i].to == DAY_NONE || facts[i].to >= day) &&
		    (from->code == NULL || (facts[i].code != NULL && strcmp(facts[i].code, from->code) == 0)) &&
		    (from->kind == KIND_PARK || strcmp(facts[i].id, f->s->id) != 0)) {
			put_int(v, 1);
			return (true);
		}
	if (from->kept == BY_US || (f->d->cover.through[from->kind] != DAY_NONE &&
	    f->d->cover.through[from->kind] >= day))
		put_int(v, 0);
	return (false);
}

static void
person_active(const struct fill *f, const struct source *from, struct rule_value *v)
{
	if (f->s->person != NULL)
		(void)active(f->s->person->facts, f->s->person->nfacts, f, from, f->s->day, v);
}

static void
org_active(const struct fill *f, const struct source *from, struct rule_value *v)
{
	if (f->s->org != NULL)
		(void)active(f->s->org->facts, f->s->org->nfacts, f, from, f->s->day, v);
}

static void
person_row(const struct fill *f, const struct source *from, struct rule_value *v)
{
	const struct dossier_person	*p = f->s->person;

	if (p == NULL)
		return;
	switch (from->nth) {
	case 1:
		put_day(v, p->birth);
		break;
	case 2:
		put_int(v, p->sex);
		break;
	case 3:	/* a woman's class is not told here: as 女干部, so that nobody is retired early */
		put_day(v, retire_on(p->birth, p->sex == 1 ? RETIRE_MALE : RETIRE_FEMALE_55));
		break;
	default:
		put_int(v, unemployed_on(p, f->s->day));
	}
}

static bool
unemployed_on(const struct dossier_person *p, int32_t day)
{
	size_t	i;

	for (i = 0; i < p->nunemployment; i++)
		if (p->unemployment[i].from <= day &&
		    (p->unemployment[i].to == DAY_NONE || p->unemployment[i].to >= day))
			return (true);
	return (false);
}

/* As the hire said, or as the registers say of its day. */
static void
at_hire(const struct fill *f, const struct source *from, struct rule_value *v)
{
	const struct dossier_hire	*h = f->s->hire;
	bool				 said;

	if (h == NULL || f->s->person == NULL)
		return;
	if (from->kind == KIND_DIFFICULTY)
		said = h->was_difficult || active(f->s->person->facts, f->s->person->nfacts, f, from,
		    h->hired_on, v);
	else
		said = h->was_unemployed || unemployed_on(f->s->person, h->hired_on);
	put_int(v, said);
}

/* The roster is the province's whole: who is not on it is no graduate. */
static void
graduate(const struct fill *f, const struct source *from, struct rule_value *v)
{
	const struct dossier_graduate	*g;

	if (f->s->person == NULL)
		return;
	g = f->s->person->graduate;
	if (from->nth == 1)
		put_int(v, g != NULL);
	else if (g == NULL)
		return;
	else if (from->nth == 2)
		put_day(v, g->graduated_on);
	else if (from->nth == 3)
		put_text(v, g->level);
	else
		put_int(v, g->full_time);
}

static void
org_row(const struct fill *f, const struct source *from, struct rule_value *v)
{
	if (f->s->org != NULL)
		put_text(v, from->nth == 1 ? f->s->org->kind : f->s->org->industry);
}

/* A year's own file says it best; otherwise the register of that day. */
static void
org_size(const struct fill *f, const struct source *from, struct rule_value *v)
{
	const struct dossier_fact	*x;
	size_t				 i;

	if (f->s->kind == KIND_INSURED_YEAR && f->s->fact->code != NULL) {
		put_text(v, f->s->fact->code);
		return;
	}
	for (i = 0; f->s->org != NULL && i < f->s->org->nfacts; i++) {
		x = &f->s->org->facts[i];
		if (x->kind == from->kind && x->from <= f->s->day &&
		    (x->to == DAY_NONE || x->to >= f->s->day))
			put_text(v, x->code);
	}
}

static void
org_staff(const struct fill *f, const struct source *from, struct rule_value *v)
{
	(void)from;
	if (f->s->org != NULL && f->s->org->staff != DOSSIER_UNKNOWN)
		put_int(v, f->s->org->staff);
}

/* ---- the rest ---- */
static void
through(const struct fill *f, const struct source *from, struct rule_value *v)
{
	(void)from;
	put_day(v, f->d->cover.insurance);
}

static void
taken(const struct fill *f, const struct source *from, struct rule_value *v)
{
	(void)from;
	put_int(v, dossier_taken(f->d, f->s, f->ask));
}

static void
list(const struct fill *f, const struct source *from, struct rule_value *v)
{
	facts_days(f, (enum days_list)from->nth, v);
}

static void
again(const struct fill *f, const struct source *from, struct rule_value *v)
{
	(void)from;
	if (f->s->kind == KIND_CERTIFICATE && f->s->person != NULL)
		put_int(v, facts_certified_before(f));
}
