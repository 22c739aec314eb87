/*
 * rule_eval.c -- judges a compiled rule set against facts: the answers. What
 * they compare is in rule_range.c and rule_list.c.
 *
 * Invariant: an answer is TRUE or FALSE only when no value the missing facts
 * could still take would change it.
 */
#include "rule_priv.h"

static enum tri		judge_all(const struct rule_set *, const struct rule_node *,
			    const struct rule_value *, rule_mask *, enum tri);
static enum tri		judge_compare(const struct rule_set *, const struct rule_node *,
			    const struct rule_value *, rule_mask *);
static enum tri		judge_in(const struct rule_set *, const struct rule_node *,
			    const struct rule_value *, rule_mask *);
static enum tri		compare(enum rule_op, const struct rule_range *, const struct rule_range *);
static enum tri		compare_text(enum rule_op, const struct rule_range *, const struct rule_range *);
static enum tri		under(enum rule_codes, const struct rule_range *, const struct rule_range *);
static enum tri		tri_not(enum tri);
static enum tri		tri_and(enum tri, enum tri);
static void		judge_condition(const struct rule_set *, const struct rule_condition *,
			    const struct rule_value *, struct rule_answer *);

void
rule_judge(const struct rule_set *set, const struct rule_value *facts, struct rule_result *out)
{
	const struct rule_condition	*c;
	int				 failed = -1, open = -1;
	enum tri			 t;
	size_t				 i;

	out->silent = false;
	for (i = 0; i < set->count; i++) {
		c = &set->conditions[i];
		judge_condition(set, c, facts, &out->answers[i]);
		if ((t = out->answers[i].holds) == TRI_TRUE)
			continue;
		out->silent |= c->silent;
		if (t == TRI_FALSE && (failed == -1 || (c->silent && !set->conditions[failed].silent)))
			failed = (int)i;
		if (t == TRI_UNKNOWN && (open == -1 || (c->silent && !set->conditions[open].silent)))
			open = (int)i;
	}
	if (failed != -1)
		out->verdict = RULE_REFUSED;
	else
		out->verdict = open != -1 ? RULE_WAITING : RULE_ELIGIBLE;
	out->decided_by = failed != -1 ? failed : open;
}

bool
rule_concerns(const struct rule_set *set, const struct rule_value *facts)
{
	struct rule_answer	a;
	size_t			i;

	for (i = 0; i < set->count; i++) {
		if (!set->conditions[i].silent)
			continue;
		judge_condition(set, &set->conditions[i], facts, &a);
		if (a.holds != TRI_TRUE)
			return (false);
	}
	return (true);
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
		t = rule_truth(set, c->rule, facts, &out->missing);
		out->holds = c->exclusion ? tri_not(t) : t;
		return;
	}
	out->holds = TRI_FALSE;
	for (i = 0; i < c->ngroups && out->group == -1; i++) {
		missing = 0;
		t = rule_truth(set, c->groups[i].rule, facts, &missing);
		all |= missing;
		if (t == TRI_TRUE)
			out->group = (int)i;
		if (t != TRI_FALSE)
			out->holds = t;
	}
	if (out->holds == TRI_UNKNOWN)
		out->missing = all;
}

enum tri
rule_truth(const struct rule_set *set, const struct rule_node *n, const struct rule_value *facts,
    rule_mask *missing)
{
	switch (n->op) {
	case OP_ALL:
		return (judge_all(set, n, facts, missing, TRI_FALSE));
	case OP_ANY:
		return (judge_all(set, n, facts, missing, TRI_TRUE));
	case OP_NOT:
		return (tri_not(rule_truth(set, n->kids[0], facts, missing)));
	case OP_IS:
		if (!facts[n->slot].known) {
			*missing |= RULE_SLOT(n->slot);
			return (TRI_UNKNOWN);
		}
		return (facts[n->slot].i != 0 ? TRI_TRUE : TRI_FALSE);
	case OP_IN:
	case OP_UNDER:
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
		t = rule_truth(set, n->kids[i], facts, &lacking);
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
	struct rule_range	a = rule_range(set, n->kids[0], facts);
	struct rule_range	b = rule_range(set, n->kids[1], facts), c;
	enum tri	t;

	if (n->op == OP_BETWEEN) {
		c = rule_range(set, n->kids[2], facts);
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
	struct rule_range	a = rule_range(set, n->kids[0], facts), b;
	bool			open = false;
	enum tri		t;
	size_t			i;

	for (i = 1; i < n->nkids; i++) {
		b = rule_range(set, n->kids[i], facts);
		if (n->op == OP_UNDER)
			t = under((enum rule_codes)n->number, &a, &b);
		else
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
compare(enum rule_op op, const struct rule_range *a, const struct rule_range *b)
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
compare_text(enum rule_op op, const struct rule_range *a, const struct rule_range *b)
{
	bool	same;

	if (a->text == NULL || b->text == NULL)
		return (TRI_UNKNOWN);
	same = strcmp(a->text, b->text) == 0;
	return (same == (op == OP_EQ) ? TRI_TRUE : TRI_FALSE);
}

static enum tri
under(enum rule_codes codes, const struct rule_range *a, const struct rule_range *top)
{
	if (a->text == NULL)
		return (TRI_UNKNOWN);
	return (rule_code_under(codes, a->text, top->text) ? TRI_TRUE : TRI_FALSE);
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

void
rule_number(const struct rule_set *set, const struct rule_node *n, const struct rule_value *facts,
    struct rule_number *out)
{
	struct rule_range	r = rule_range(set, n, facts);

	*out = (struct rule_number){ r.lo, r.hi, r.lo == r.hi ? 0 : r.missing };
}
