/*
 * rule_eval.c -- judges a compiled rule set against facts.
 *
 * Invariant: an answer is TRUE or FALSE only when no value the missing facts
 * could still take would change it. Numbers are closed intervals [lo, hi];
 * an unknown one is the widest. Every operator on numbers is monotone, so
 * working on both ends is exact. The one convention: a count whose `to` is
 * unknown has no end yet, so the days seen so far count.
 */
#include "rule_priv.h"

#include "base/clock.h"

/* A number as far as it is known, or a text. */
struct range {
	int64_t		 lo, hi;
	const char	*text;		/* NULL: unknown, for texts */
	rule_mask	 missing;
};

static enum tri		judge(const struct rule_set *, const struct rule_node *,
			    const struct rule_value *, rule_mask *);
static enum tri		judge_all(const struct rule_set *, const struct rule_node *,
			    const struct rule_value *, rule_mask *, enum tri);
static enum tri		judge_compare(const struct rule_set *, const struct rule_node *,
			    const struct rule_value *, rule_mask *);
static enum tri		judge_in(const struct rule_set *, const struct rule_node *,
			    const struct rule_value *, rule_mask *);
static enum tri		compare(enum rule_op, const struct range *, const struct range *);
static enum tri		compare_text(enum rule_op, const struct range *, const struct range *);
static enum tri		tri_not(enum tri);
static enum tri		tri_and(enum tri, enum tri);
static struct range	value(const struct rule_set *, const struct rule_node *,
			    const struct rule_value *);
static struct range	fact_value(const struct rule_node *, const struct rule_value *);
static struct range	sum_value(struct range, struct range);
static struct range	count_value(const struct rule_set *, const struct rule_node *,
			    const struct rule_value *);
static int64_t		shift(enum rule_op, int64_t, int64_t);
static bool		holds_day(const struct rule_value *, int32_t);
static void		judge_condition(const struct rule_set *, const struct rule_condition *,
			    const struct rule_value *, struct rule_answer *);

#define ANYTHING(slot)	{ INT64_MIN, INT64_MAX, NULL, RULE_SLOT(slot) }
#define EXACTLY(n)	{ (n), (n), NULL, 0 }

/*
 * Refused by the first condition that fails for certain; otherwise waiting for
 * the first that cannot be told yet; otherwise eligible.
 */
void
rule_judge(const struct rule_set *set, const struct rule_value *facts, struct rule_result *out)
{
	size_t	i;
	int	failed = -1, open = -1;

	for (i = 0; i < set->count; i++) {
		judge_condition(set, &set->conditions[i], facts, &out->answers[i]);
		if (out->answers[i].holds == TRI_FALSE && failed == -1)
			failed = (int)i;
		if (out->answers[i].holds == TRI_UNKNOWN && open == -1)
			open = (int)i;
	}
	if (failed != -1)
		out->verdict = RULE_REFUSED;
	else
		out->verdict = open != -1 ? RULE_WAITING : RULE_ELIGIBLE;
	out->decided_by = failed != -1 ? failed : open;
}

const char *
rule_verdict_name(enum rule_verdict v)
{
	static const char *const names[] = { "eligible", "refused", "waiting" };

	return (names[v]);
}

static void
judge_condition(const struct rule_set *set, const struct rule_condition *c,
    const struct rule_value *facts, struct rule_answer *out)
{
	rule_mask	missing, all = 0;
	enum tri	t;
	size_t		i;

	out->group = -1;
	out->missing = 0;
	if (c->ngroups == 0) {
		t = judge(set, c->rule, facts, &out->missing);
		out->holds = c->exclusion ? tri_not(t) : t;
		return;
	}
	out->holds = TRI_FALSE;
	for (i = 0; i < c->ngroups && out->group == -1; i++) {
		missing = 0;
		t = judge(set, c->groups[i].rule, facts, &missing);
		all |= missing;
		if (t == TRI_TRUE)
			out->group = (int)i;
		if (t != TRI_FALSE)
			out->holds = t;
	}
	if (out->holds == TRI_UNKNOWN)
		out->missing = all;
}

static enum tri
judge(const struct rule_set *set, const struct rule_node *n, const struct rule_value *facts,
    rule_mask *missing)
{
	switch (n->op) {
	case OP_ALL:
		return (judge_all(set, n, facts, missing, TRI_FALSE));
	case OP_ANY:
		return (judge_all(set, n, facts, missing, TRI_TRUE));
	case OP_NOT:
		return (tri_not(judge(set, n->kids[0], facts, missing)));
	case OP_IS:
		if (!facts[n->slot].known) {
			*missing |= RULE_SLOT(n->slot);
			return (TRI_UNKNOWN);
		}
		return (facts[n->slot].i != 0 ? TRI_TRUE : TRI_FALSE);
	case OP_IN:
		return (judge_in(set, n, facts, missing));
	default:
		return (judge_compare(set, n, facts, missing));
	}
}

/* `all` stops being open at the first FALSE, `any` at the first TRUE. */
static enum tri
judge_all(const struct rule_set *set, const struct rule_node *n, const struct rule_value *facts,
    rule_mask *missing, enum tri settles)
{
	rule_mask	lacking = 0;
	bool		open = false;
	enum tri	t;
	size_t		i;

	for (i = 0; i < n->nkids; i++) {
		t = judge(set, n->kids[i], facts, &lacking);
		if (t == settles)
			return (t);
		open |= t == TRI_UNKNOWN;
	}
	if (!open)
		return (tri_not(settles));
	*missing |= lacking;
	return (TRI_UNKNOWN);
}

static enum tri
judge_compare(const struct rule_set *set, const struct rule_node *n,
    const struct rule_value *facts, rule_mask *missing)
{
	struct range	a = value(set, n->kids[0], facts);
	struct range	b = value(set, n->kids[1], facts), c;
	enum tri	t;

	if (n->op == OP_BETWEEN) {
		c = value(set, n->kids[2], facts);
		t = tri_and(compare(OP_GE, &a, &b), compare(OP_LE, &a, &c));
		b.missing |= c.missing;
	} else if (n->kids[0]->type == RULE_TEXT)
		t = compare_text(n->op, &a, &b);
	else
		t = compare(n->op, &a, &b);
	if (t == TRI_UNKNOWN)
		*missing |= a.missing | b.missing;
	return (t);
}

static enum tri
judge_in(const struct rule_set *set, const struct rule_node *n, const struct rule_value *facts,
    rule_mask *missing)
{
	struct range	a = value(set, n->kids[0], facts), b;
	bool		open = false;
	enum tri	t;
	size_t		i;

	for (i = 1; i < n->nkids; i++) {
		b = value(set, n->kids[i], facts);
		t = n->kids[0]->type == RULE_TEXT ? compare_text(OP_EQ, &a, &b) :
		    compare(OP_EQ, &a, &b);
		if (t == TRI_TRUE)
			return (t);
		open |= t == TRI_UNKNOWN;
	}
	if (!open)
		return (TRI_FALSE);
	*missing |= a.missing;
	return (TRI_UNKNOWN);
}

static enum tri
compare(enum rule_op op, const struct range *a, const struct range *b)
{
	switch (op) {
	case OP_EQ:
		if (a->lo == a->hi && b->lo == b->hi && a->lo == b->lo)
			return (TRI_TRUE);
		return (a->hi < b->lo || b->hi < a->lo ? TRI_FALSE : TRI_UNKNOWN);
	case OP_NE:
		return (tri_not(compare(OP_EQ, a, b)));
	case OP_LT:
		if (a->hi < b->lo)
			return (TRI_TRUE);
		return (a->lo >= b->hi ? TRI_FALSE : TRI_UNKNOWN);
	case OP_GE:
		return (tri_not(compare(OP_LT, a, b)));
	case OP_GT:
		return (compare(OP_LT, b, a));
	default:
		return (tri_not(compare(OP_LT, b, a)));
	}
}

static enum tri
compare_text(enum rule_op op, const struct range *a, const struct range *b)
{
	bool	same;

	if (a->text == NULL || b->text == NULL)
		return (TRI_UNKNOWN);
	same = strcmp(a->text, b->text) == 0;
	return (same == (op == OP_EQ) ? TRI_TRUE : TRI_FALSE);
}

static enum tri
tri_not(enum tri t)
{
	if (t == TRI_UNKNOWN)
		return (t);
	return (t == TRI_TRUE ? TRI_FALSE : TRI_TRUE);
}

static enum tri
tri_and(enum tri a, enum tri b)
{
	if (a == TRI_FALSE || b == TRI_FALSE)
		return (TRI_FALSE);
	return (a == TRI_TRUE && b == TRI_TRUE ? TRI_TRUE : TRI_UNKNOWN);
}

static struct range
value(const struct rule_set *set, const struct rule_node *n, const struct rule_value *facts)
{
	struct range	r = EXACTLY(n->number);

	switch (n->op) {
	case OP_INT:
	case OP_DAY:
		return (r);
	case OP_TEXT:
		r.text = n->text;
		return (r);
	case OP_FACT:
		return (fact_value(n, facts));
	case OP_COUNT:
		return (count_value(set, n, facts));
	case OP_ADD:
		return (sum_value(value(set, n->kids[0], facts), value(set, n->kids[1], facts)));
	default:
		r = value(set, n->kids[0], facts);
		r.lo = shift(n->op, r.lo, n->number);
		r.hi = shift(n->op, r.hi, n->number);
		return (r);
	}
}

static struct range
fact_value(const struct rule_node *n, const struct rule_value *facts)
{
	const struct rule_value	*f = &facts[n->slot];
	struct range		 unknown = ANYTHING(n->slot), r = EXACTLY(f->i);

	if (!f->known)
		return (unknown);
	r.text = f->text;
	return (r);
}

/* One end of a day range through a monotone operator; an open end stays open. */
static int64_t
shift(enum rule_op op, int64_t at, int64_t by)
{
	int	year, month, mday;

	if (at == INT64_MIN || at == INT64_MAX)
		return (at);
	if (op == OP_ADD_DAYS)
		return (at + by);
	if (op == OP_ADD_MONTHS)
		return (day_add_months((int32_t)at, (int)by));
	day_split((int32_t)at, &year, &month, &mday);
	return (op == OP_YEAR ? year : at - mday + 1);
}

/* A sum beyond 64 bits is open on that side. */
static struct range
sum_value(struct range a, struct range b)
{
	struct range	r = { .missing = a.missing | b.missing };

	if (a.lo == INT64_MIN || b.lo == INT64_MIN || __builtin_add_overflow(a.lo, b.lo, &r.lo))
		r.lo = INT64_MIN;
	if (a.hi == INT64_MAX || b.hi == INT64_MAX || __builtin_add_overflow(a.hi, b.hi, &r.hi))
		r.hi = INT64_MAX;
	return (r);
}

/*
 * Days of a list within from..to (both included). It is exact only when `to`
 * is known and the list is complete up to it; otherwise it is "at least".
 */
static struct range
count_value(const struct rule_set *set, const struct rule_node *n,
    const struct rule_value *facts)
{
	const struct rule_value	*list = &facts[n->slot];
	struct range		 from = value(set, n->kids[0], facts);
	struct range		 to = value(set, n->kids[1], facts);
	struct range		 r = { .hi = INT64_MAX };
	int			 through = set->through[n->slot];
	size_t			 i;

	r.missing = RULE_SLOT(n->slot) | from.missing | to.missing;
	if (!list->known || (n->also != -1 && !facts[n->also].known))
		return (r);
	for (i = 0; i < list->count; i++) {
		if (list->days[i] < from.hi || list->days[i] > to.hi)
			continue;
		if (n->also == -1 || holds_day(&facts[n->also], list->days[i]))
			r.lo++;
	}
	if (from.lo == from.hi && to.lo == to.hi && (through == -1 ||
	    (facts[through].known && facts[through].i >= to.hi)))
		r.hi = r.lo;
	return (r);
}

static bool
holds_day(const struct rule_value *list, int32_t day)
{
	size_t	i;

	for (i = 0; i < list->count && list->days[i] <= day; i++) {
		if (list->days[i] == day)
			return (true);
	}
	return (false);
}
