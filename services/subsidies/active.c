/*
 * active.c -- see active.h.
 *
 * Invariant: the order of judging is fixed (holders by id, subjects by day and
 * id, policies by code), so that the same facts give the same claims whoever
 * judges: an officer's scan, the evaluator, a dry run.
 */
#include "active.h"

#include "subsidies_sql.h"

static void	 active_of(struct arena *, const struct policy *, struct active *);
static enum hold_holder holder_of(const char *);
static enum hold_over over_of(const char *);
static enum payee payee_of(const char *);
static enum rule_period period_of(const char *);
static bool	 by_engine(const char *);
static void	 ask_facts(struct active *);
static rule_mask complete(const struct rule_set *, rule_mask);
static void	 judge_subject(struct dossier *, const struct active_set *, const struct subject *,
		    judged_sink *, void *);
static void	 judge_withdrawn(const struct active_set *, const struct subject *,
		    const struct subject *, size_t, const struct dossier_decision *, judged_sink *, void *);
static const struct active *version_for(const struct active *, size_t, const struct subject *,
		    const struct dossier_claim *);
static const struct dossier_claim *claim_of(const struct subject *, const char *);
static const struct dossier_decision *decision_of(const struct subject *, const char *);
static void	 weigh(struct judged *);
static int64_t	 digest(const struct judged *);

int
active_load(struct db *db, const char *code, struct active_set *set)
{
	const struct policy	*p;
	struct db_rows		 rows;
	struct uuid		 id;
	struct active		 a;
	size_t			 i;

	*set = (struct active_set){ .want = { .decisions = true } };
	if (sql_policies_all(db, &rows, code) == -1)
		return (-1);
	set->list = arena_zalloc(db->arena, (rows.count + 1) * sizeof(*set->list));
	for (i = 0; i < rows.count; i++) {
		id = db_uuid(&rows, i, "id");
		if (policy_load(db, &id, &p) == -1)
			return (-1);
		if (p == NULL)
			continue;	/* said so when it was compiled */
		active_of(db->arena, p, &a);
		a.id = db_text(&rows, i, "id");
		if (a.subject == SUBJECT_KINDS)
			continue;
		set->want.facts |= a.ask.facts;
		set->want.subjects |= UINT64_C(1) << a.subject;
		set->list[set->count++] = a;
	}
	return (0);
}

void
active_draft(struct arena *arena, const struct policy *p, int32_t since, int32_t until,
    struct active_set *set)
{
	struct active	*a = arena_zalloc(arena, sizeof(*a));

	active_of(arena, p, a);
	a->since = since;
	a->until = until;
	*set = (struct active_set){ .list = a, .count = 1, .want = { .decisions = true,
	    .facts = a->ask.facts, .subjects = UINT64_C(1) << a->subject } };
}

static void
active_of(struct arena *arena, const struct policy *p, struct active *a)
{
	struct ask_hold	*holds = arena_zalloc(arena, (p->nholds + 1) * sizeof(*holds));
	size_t		 i;

	for (i = 0; i < p->nholds; i++)
		holds[i] = (struct ask_hold){ p->holds[i].family, holder_of(p->holds[i].holder),
		    over_of(p->holds[i].over), (int)p->holds[i].times };
	*a = (struct active){ .id = "", .code = p->code, .subject = kind_of(p->subject),
	    .payee = payee_of(p->beneficiary), .by_engine = by_engine(p->mode),
	    .since = p->effective_from,
	    .until = p->effective_to == DAY_NONE ? INT32_MAX : p->effective_to, .policy = p };
	a->ask = (struct policy_ask){ .code = p->code, .family = p->benefit_family,
	    .period = period_of(p->period), .holds = holds, .nholds = p->nholds };
	ask_facts(a);
}

static enum hold_holder
holder_of(const char *s)
{
	return (s[0] == 'p' ? HOLD_PERSON : s[0] == 'o' ? HOLD_ORG : HOLD_SUBJECT);
}

static enum hold_over
over_of(const char *s)
{
	return (s[0] == 'e' ? HOLD_EVER : s[0] == 'p' ? HOLD_PERIOD : HOLD_YEAR);
}

static enum payee
payee_of(const char *s)
{
	return (s[0] == 'e' ? PAYEE_EMPLOYER : s[0] == 'p' ? PAYEE_PERSON : PAYEE_REFERRER);
}

static enum rule_period
period_of(const char *s)
{
	return (s[0] == 'o' ? PERIOD_ONCE : s[0] == 'm' ? PERIOD_MONTH :
	    s[0] == 'q' ? PERIOD_QUARTER : PERIOD_YEAR);
}

static bool
by_engine(const char *mode)
{
	return (strcmp(mode, "auto") == 0 || strcmp(mode, "round") == 0);
}

/* Compiled: what is asked of a dossier, first and altogether. */
static void
ask_facts(struct active *a)
{
	const struct rule_set	*rules = a->policy->rules;
	rule_mask		 silent = 0;
	size_t			 i;

	for (i = 0; i < rules->count; i++)
		if (rules->conditions[i].silent)
			silent |= rules->conditions[i].facts;
	a->ask.facts = complete(rules, a->policy->facts);
	a->first = a->ask;
	a->first.facts = complete(rules, silent);
}

/* And the days up to which lists are complete. */
static rule_mask
complete(const struct rule_set *rules, rule_mask facts)
{
	size_t	i;

	for (i = 0; i < facts_count; i++)
		if ((facts & RULE_SLOT(i)) != 0 && rules->through[i] != -1)
			facts |= RULE_SLOT(rules->through[i]);
	return (facts);
}

/* ---- judging ---- */
void
judge_people(struct dossier *d, const struct active_set *set, judged_sink *sink,
    void *arg)
{
	struct subject	*list;
	size_t		 i, k, n;

	for (i = 0; i < d->npeople; i++) {
		list = dossier_subjects(d, &d->people[i], &n);
		for (k = 0; k < n; k++)
			judge_subject(d, set, &list[k], sink, arg);
		for (k = 0; k < d->people[i].ndecisions; k++)
			judge_withdrawn(set, &(struct subject){ .person = &d->people[i],
			    .person_id = d->people[i].id }, list, n, &d->people[i].decisions[k], sink, arg);
	}
}

void
judge_orgs(struct dossier *d, const struct active_set *set, judged_sink *sink, void *arg)
{
	struct subject	*list;
	size_t		 i, k, n;

	for (i = 0; i < d->norgs; i++) {
		list = dossier_org_subjects(d, &d->orgs[i], &n);
		for (k = 0; k < n; k++)
			judge_subject(d, set, &list[k], sink, arg);
		for (k = 0; k < d->orgs[i].ndecisions; k++)
			judge_withdrawn(set, &(struct subject){ .org = &d->orgs[i] }, list, n,
			    &d->orgs[i].decisions[k], sink, arg);
	}
}

/*
 * What was decided about a fact that has been taken back since: nothing is known
 * of it any more, and that is what the decision says from now on.
 */
static void
judge_withdrawn(const struct active_set *set, const struct subject *whose,
    const struct subject *list, size_t n, const struct dossier_decision *decision,
    judged_sink *sink, void *arg)
{
	struct rule_value	facts[RULE_FACTS_MAX];
	struct subject		s = *whose;
	struct judged		j;
	size_t			i;

	if (decision->kind >= KINDS)
		return;
	for (i = 0; i < n; i++)
		if (strcmp(list[i].id, decision->subject_id) == 0)
			return;
	s.kind = decision->kind;
	s.id = decision->subject_id;
	s.org_id = decision->org_id;
	s.county = decision->county;
	s.area = decision->area;
	for (i = 0; i < set->count; i++) {
		if (strcmp(set->list[i].id, decision->version_id) != 0)
			continue;
		memset(facts, 0, sizeof(facts));
		j = (struct judged){ .subject = &s, .active = &set->list[i], .facts = facts,
		    .current = decision, .claim = claim_of(&s, set->list[i].code) };
		weigh(&j);
		sink(arg, &j);
	}
}

static void
judge_subject(struct dossier *d, const struct active_set *set, const struct subject *s,
    judged_sink *sink, void *arg)
{
	struct rule_value		 facts[RULE_FACTS_MAX];
	const struct active		*a;
	struct judged			 j;
	size_t				 i, n;

	for (i = 0; i < set->count; i += n) {
		for (n = 1; i + n < set->count && strcmp(set->list[i + n].code, set->list[i].code) == 0;)
			n++;
		if ((a = version_for(&set->list[i], n, s, claim_of(s, set->list[i].code))) == NULL)
			continue;
		judge_one(d, s, a, set->brief, facts, &j);
		sink(arg, &j);
		if (j.verdict == RULE_ELIGIBLE && a->by_engine && j.claim == NULL)
			dossier_take(d, s, &a->ask);
	}
}

/* Of the versions of one code; NULL: none is in force on that day. */
static const struct active *
version_for(const struct active *list, size_t n, const struct subject *s,
    const struct dossier_claim *claim)
{
	const struct active	*newest = NULL;
	size_t			 i;

	for (i = 0; i < n; i++) {
		if (list[i].subject != s->kind || s->day < list[i].since || s->day > list[i].until)
			continue;
		if (newest == NULL)
			newest = &list[i];
		if (claim != NULL && claim->priced && strcmp(claim->state, "declined") != 0 &&
		    strcmp(claim->version_id, list[i].id) == 0)
			return (&list[i]);
	}
	return (newest);
}

void
judge_one(struct dossier *d, const struct subject *s, const struct active *a, bool brief,
    struct rule_value *facts, struct judged *out)
{
	*out = (struct judged){ .subject = s, .active = a, .facts = facts,
	    .current = decision_of(s, a->code), .claim = claim_of(s, a->code) };
	if (brief && out->current == NULL && out->claim == NULL && a->first.facts != 0) {
		facts_fill(d, s, &a->first, facts);
		if (!policy_concerns(a->policy, facts)) {
			out->verdict = RULE_REFUSED;
			out->silent = true;
			return;
		}
	}
	facts_fill(d, s, &a->ask, facts);
	weigh(out);
}

static void
weigh(struct judged *j)
{
	policy_weigh(j->active->policy, j->facts, &j->weighed);
	j->verdict = j->weighed.verdict[0] == 'e' ? RULE_ELIGIBLE :
	    j->weighed.verdict[0] == 'r' ? RULE_REFUSED : RULE_WAITING;
	j->silent = j->weighed.silent;
	j->has_amount = j->weighed.has_amount;
	j->amount_cents = j->weighed.amount_cents;
	j->digest = digest(j);
}

/* One that lives, or was given up; a rejected one leaves the way free. */
static const struct dossier_claim *
claim_of(const struct subject *s, const char *code)
{
	const struct dossier_claim	*c;

	c = s->person != NULL ? s->person->claims : s->org->claims;
	for (; c != NULL; c = c->next)
		if (strcmp(c->subject_id, s->id) == 0 && strcmp(c->policy_code, code) == 0 &&
		    strcmp(c->state, "rejected") != 0)
			return (c);
	return (NULL);
}

static const struct dossier_decision *
decision_of(const struct subject *s, const char *code)
{
	const struct dossier_decision	*list = s->person != NULL ? s->person->decisions : s->org->decisions;
	size_t				 i, n = s->person != NULL ? s->person->ndecisions : s->org->ndecisions;

	for (i = 0; i < n; i++)
		if (strcmp(list[i].subject_id, s->id) == 0 && strcmp(list[i].policy_code, code) == 0)
			return (&list[i]);
	return (NULL);
}

/* FNV-1a over what was answered, by the names of facts, not their places. */
static int64_t
digest(const struct judged *j)
{
	const struct rule_set	*set = j->active->policy->rules;
	const struct rule_answer *a;
	uint64_t		 h = UINT64_C(14695981039346656037);
	size_t			 i, k;
	const char		*c;

#define MIX(v)	(h = (h ^ (uint64_t)(v)) * UINT64_C(1099511628211))
	for (c = j->active->policy->hash; *c != '\0'; c++)
		MIX(*c);
	for (i = 0; i < set->count; i++) {
		a = &j->weighed.result.answers[i];
		MIX(a->holds);
		MIX(a->group + 1);
		for (k = 0; a->holds == TRI_UNKNOWN && k < set->nfacts; k++)
			for (c = (a->missing >> k & 1) != 0 ? set->catalogue[k].name : ""; *c != '\0'; c++)
				MIX(*c);
	}
	MIX(j->verdict);
	MIX(j->has_amount);
	for (i = 0; i < sizeof(j->amount_cents); i++)
		MIX(j->amount_cents >> (i * 8) & 0xff);
#undef MIX
	return ((int64_t)h);
}
