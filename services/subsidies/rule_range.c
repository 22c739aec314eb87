/*
 * rule_range.c -- the values of expressions as closed intervals [lo, hi]; an
 * unknown number is the widest, an end beyond 64 bits is open.
 *
 * Invariant: whatever the missing facts are, the value is within. Most
 * operators are monotone, so working on both ends is exact; where one is not
 * and its operands are not exact, the interval is as wide as need be. Integers
 * only: a share is rounded down and cannot overflow on the way.
 */
#include "rule_priv.h"

#include "base/clock.h"

#define OPEN(at)	((at) == INT64_MIN || (at) == INT64_MAX)

static struct rule_range fact_range(const struct rule_node *, const struct rule_value *);
static struct rule_range or_else(const struct rule_set *, const struct rule_node *,
		    const struct rule_value *);
static struct rule_range choice(const struct rule_set *, const struct rule_node *,
		    const struct rule_value *);
static struct rule_range folded(const struct rule_set *, const struct rule_node *,
		    const struct rule_value *);
static struct rule_range fold(enum rule_op, struct rule_range, struct rule_range);
static struct rule_range product(struct rule_range, struct rule_range);
static struct rule_range minus(struct rule_range);
static struct rule_range share(const struct rule_set *, const struct rule_node *,
		    const struct rule_value *);
static int64_t	 share_of(int64_t, int64_t, int64_t);
static struct rule_range tiers(const struct rule_set *, const struct rule_node *,
		    const struct rule_value *);
static int64_t	 tier_at(const struct rule_node *, int64_t);
static struct rule_range between(const struct rule_set *, const struct rule_node *,
		    const struct rule_value *);
static int64_t	 apart(enum rule_op, int64_t, int64_t, int64_t);
static int64_t	 shift(enum rule_op, int64_t, int64_t);

struct rule_range
rule_range(const struct rule_set *set, const struct rule_node *n, const struct rule_value *facts)
{
	struct rule_range	r = RULE_EXACTLY(n->number);

	switch (n->op) {
	case OP_INT: case OP_DAY:
		return (r);
	case OP_TEXT:
		r.text = n->text;
		return (r);
	case OP_FACT:
		return (fact_range(n, facts));
	case OP_COUNT: case OP_MONTHS_IN_ROW: case OP_FIRST:
		return (rule_list_range(set, n, facts));
	case OP_ADD: case OP_SUB: case OP_MUL: case OP_MIN: case OP_MAX:
		return (folded(set, n, facts));
	case OP_SHARE:
		return (share(set, n, facts));
	case OP_TIERS:
		return (tiers(set, n, facts));
	case OP_IF:
		return (choice(set, n, facts));
	case OP_OR_ELSE:
		return (or_else(set, n, facts));
	case OP_DAYS_BETWEEN: case OP_MONTHS_BETWEEN:
		return (between(set, n, facts));
	default:
		r = rule_range(set, n->kids[0], facts);
		r.lo = shift(n->op, r.lo, n->number);
		r.hi = shift(n->op, r.hi, n->number);
		return (r);
	}
}

static struct rule_range
fact_range(const struct rule_node *n, const struct rule_value *facts)
{
	const struct rule_value	*f = &facts[n->slot];
	struct rule_range	 unknown = { INT64_MIN, INT64_MAX, NULL, RULE_SLOT(n->slot) };
	struct rule_range	 r = RULE_EXACTLY(f->i);

	if (!f->known)
		return (unknown);
	r.text = f->text;
	return (r);
}

static struct rule_range
or_else(const struct rule_set *set, const struct rule_node *n, const struct rule_value *facts)
{
	struct rule_range	r = rule_range(set, n->kids[0], facts);

	if (n->type == RULE_TEXT ? r.text != NULL : r.lo == r.hi)
		return (r);
	return (rule_range(set, n->kids[1], facts));
}

static struct rule_range
choice(const struct rule_set *set, const struct rule_node *n, const struct rule_value *facts)
{
	rule_mask		missing = 0;
	struct rule_range	r;
	enum tri		t = rule_truth(set, n->kids[0], facts, &missing);

	if (t != TRI_UNKNOWN)
		return (rule_range(set, n->kids[t == TRI_TRUE ? 1 : 2], facts));
	r = rule_hull(rule_range(set, n->kids[1], facts), rule_range(set, n->kids[2], facts));
	r.missing |= missing;
	return (r);
}

static struct rule_range
folded(const struct rule_set *set, const struct rule_node *n, const struct rule_value *facts)
{
	struct rule_range	r = rule_range(set, n->kids[0], facts);
	size_t			i;

	for (i = 1; i < n->nkids; i++)
		r = fold(n->op, r, rule_range(set, n->kids[i], facts));
	return (r);
}

static struct rule_range
fold(enum rule_op op, struct rule_range a, struct rule_range b)
{
	switch (op) {
	case OP_ADD:
		return (rule_sum(a, b));
	case OP_SUB:
		return (rule_sum(a, minus(b)));
	case OP_MUL:
		return (product(a, b));
	case OP_MIN:
		a.lo = a.lo < b.lo ? a.lo : b.lo;
		a.hi = a.hi < b.hi ? a.hi : b.hi;
		break;
	default:
		a.lo = a.lo > b.lo ? a.lo : b.lo;
		a.hi = a.hi > b.hi ? a.hi : b.hi;
		break;
	}
	a.missing |= b.missing;
	return (a);
}

/* A sum beyond 64 bits is open on that side. */
struct rule_range
rule_sum(struct rule_range a, struct rule_range b)
{
	struct rule_range	r = { .missing = a.missing | b.missing };

	if (a.lo == INT64_MIN || b.lo == INT64_MIN || __builtin_add_overflow(a.lo, b.lo, &r.lo))
		r.lo = INT64_MIN;
	if (a.hi == INT64_MAX || b.hi == INT64_MAX || __builtin_add_overflow(a.hi, b.hi, &r.hi))
		r.hi = INT64_MAX;
	return (r);
}

static struct rule_range
minus(struct rule_range r)
{
	int64_t	lo = r.hi == INT64_MAX ? INT64_MIN : -r.hi;

	r.hi = r.lo == INT64_MIN ? INT64_MAX : -r.lo;
	r.lo = lo;
	return (r);
}

/* Both exact, or neither negative; what else there is could be anything. */
static struct rule_range
product(struct rule_range a, struct rule_range b)
{
	struct rule_range	r = { INT64_MIN, INT64_MAX, NULL, a.missing | b.missing };
	int64_t			n;

	if (a.lo == a.hi && b.lo == b.hi) {
		if (!__builtin_mul_overflow(a.lo, b.lo, &n))
			r.lo = r.hi = n;
		return (r);
	}
	if (a.lo < 0 || b.lo < 0)
		return (r);
	r.lo = __builtin_mul_overflow(a.lo, b.lo, &n) ? 0 : n;
	if (a.hi != INT64_MAX && b.hi != INT64_MAX && !__builtin_mul_overflow(a.hi, b.hi, &n))
		r.hi = n;
	return (r);
}

struct rule_range
rule_hull(struct rule_range a, struct rule_range b)
{
	a.lo = a.lo < b.lo ? a.lo : b.lo;
	a.hi = a.hi > b.hi ? a.hi : b.hi;
	a.missing |= b.missing;
	return (a);
}

/* value × numerator ÷ denominator, down. Nothing is shared among fewer than one. */
static struct rule_range
share(const struct rule_set *set, const struct rule_node *n, const struct rule_value *facts)
{
	struct rule_range	r = rule_range(set, n->kids[0], facts);
	struct rule_range	num = rule_range(set, n->kids[1], facts);
	struct rule_range	den = rule_range(set, n->kids[2], facts);

	r.missing |= num.missing | den.missing;
	if (num.lo != num.hi || den.lo != den.hi) {
		r.lo = INT64_MIN;
		r.hi = INT64_MAX;
		return (r);
	}
	if (num.lo < 0 || den.lo < 1)
		num.lo = 0, den.lo = 1;
	r.lo = OPEN(r.lo) && num.lo > 0 ? r.lo : share_of(r.lo, num.lo, den.lo);
	r.hi = OPEN(r.hi) && num.lo > 0 ? r.hi : share_of(r.hi, num.lo, den.lo);
	return (r);
}

static int64_t
share_of(int64_t value, int64_t num, int64_t den)
{
	__extension__ __int128	n = (__int128)value * num, q = n / den;

	if (n % den < 0)
		q--;
	if (q > INT64_MAX)
		return (INT64_MAX);
	return (q < INT64_MIN ? INT64_MIN : (int64_t)q);
}

/* What the last threshold reached says; below the first: 0. */
static struct rule_range
tiers(const struct rule_set *set, const struct rule_node *n, const struct rule_value *facts)
{
	struct rule_range	at = rule_range(set, n->kids[0], facts), r;
	int64_t			i;

	r = (struct rule_range){ tier_at(n, at.lo), tier_at(n, at.lo), NULL, at.missing };
	for (i = 0; i < n->number; i++) {
		if (n->tiers[i].from > at.lo && n->tiers[i].from <= at.hi) {
			r.lo = n->tiers[i].then < r.lo ? n->tiers[i].then : r.lo;
			r.hi = n->tiers[i].then > r.hi ? n->tiers[i].then : r.hi;
		}
	}
	return (r);
}

static int64_t
tier_at(const struct rule_node *n, int64_t value)
{
	int64_t	then = 0, i;

	for (i = 0; i < n->number && n->tiers[i].from <= value; i++)
		then = n->tiers[i].then;
	return (then);
}

/* From the first day to the second: more the later the second, less the later the first. */
static struct rule_range
between(const struct rule_set *set, const struct rule_node *n, const struct rule_value *facts)
{
	struct rule_range	a = rule_range(set, n->kids[0], facts);
	struct rule_range	b = rule_range(set, n->kids[1], facts);
	struct rule_range	r = { .missing = a.missing | b.missing };

	r.lo = apart(n->op, a.hi, b.lo, INT64_MIN);
	r.hi = apart(n->op, a.lo, b.hi, INT64_MAX);
	return (r);
}

static int64_t
apart(enum rule_op op, int64_t from, int64_t to, int64_t open)
{
	if (OPEN(from) || OPEN(to))
		return (open);
	return (op == OP_DAYS_BETWEEN ? to - from :
	    rule_months_between((int32_t)from, (int32_t)to));
}

/* The most months that can be added to `from` without passing `to`. */
int64_t
rule_months_between(int32_t from, int32_t to)
{
	int	y1, m1, d1, y2, m2, d2, months;

	day_split(from, &y1, &m1, &d1);
	day_split(to, &y2, &m2, &d2);
	months = (y2 - y1) * 12 + m2 - m1;
	return (day_add_months(from, months) > to ? months - 1 : months);
}

/* One end of a day range through a monotone operator; an open end stays open. */
static int64_t
shift(enum rule_op op, int64_t at, int64_t by)
{
	int	year, month, mday;

	if (OPEN(at))
		return (at);
	if (op == OP_ADD_DAYS)
		return (at + by);
	if (op == OP_ADD_MONTHS)
		return (day_add_months((int32_t)at, (int)by));
	day_split((int32_t)at, &year, &month, &mday);
	return (op == OP_YEAR ? year : at - mday + 1);
}
