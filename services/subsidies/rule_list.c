/*
 * rule_list.c -- what is counted in a list of days within from..to, both
 * included: how many, the longest row of months, the first.
 *
 * Invariant: an answer is exact only when both ends are known and the list is
 * complete up to the later one; otherwise it is what has been seen at least.
 * The one convention: a `to` that is unknown has no end yet.
 */
#include "rule_priv.h"

#include "base/clock.h"

#define ANY_TIME	{ INT64_MIN, INT64_MAX, NULL, 0 }

static bool	 within(const struct rule_node *, const struct rule_value *, int32_t,
		    const struct rule_range *, const struct rule_range *);
static int64_t	 count_days(const struct rule_node *, const struct rule_value *,
		    const struct rule_range *, const struct rule_range *);
static int64_t	 months_in_row(const struct rule_node *, const struct rule_value *,
		    const struct rule_range *, const struct rule_range *);
static bool	 first_day(const struct rule_node *, const struct rule_value *,
		    const struct rule_range *, const struct rule_range *, int64_t *);
static bool	 holds_day(const struct rule_value *, int32_t);
static int64_t	 month_number(int32_t);

struct rule_range
rule_list_range(const struct rule_set *set, const struct rule_node *n,
    const struct rule_value *facts)
{
	const struct rule_value	*list = &facts[n->slot];
	struct rule_range	 from = rule_range(set, n->kids[0], facts);
	struct rule_range	 to = rule_range(set, n->kids[1], facts), r = ANY_TIME;
	int			 through = set->through[n->slot];
	bool			 whole;

	r.missing = RULE_SLOT(n->slot) | from.missing | to.missing;
	if (n->op != OP_FIRST)
		r.lo = 0;
	if (!list->known || (n->also != -1 && !facts[n->also].known))
		return (r);
	whole = from.lo == from.hi && to.lo == to.hi && (through == -1 ||
	    (facts[through].known && facts[through].i >= to.hi));
	if (n->op == OP_FIRST) {
		if (first_day(n, facts, &from, &to, &r.hi))
			r.lo = whole ? r.hi : INT64_MIN;
		else if (whole)
			return (rule_range(set, n->kids[2], facts));
		return (r);
	}
	r.lo = n->op == OP_COUNT ? count_days(n, facts, &from, &to) :
	    months_in_row(n, facts, &from, &to);
	if (whole)
		r.hi = r.lo;
	return (r);
}

static bool
within(const struct rule_node *n, const struct rule_value *facts, int32_t day,
    const struct rule_range *from, const struct rule_range *to)
{
	return (day >= from->hi && day <= to->hi &&
	    (n->also == -1 || holds_day(&facts[n->also], day)));
}

static int64_t
count_days(const struct rule_node *n, const struct rule_value *facts,
    const struct rule_range *from, const struct rule_range *to)
{
	const struct rule_value	*list = &facts[n->slot];
	int64_t			 count = 0;
	size_t			 i;

	for (i = 0; i < list->count; i++)
		count += within(n, facts, list->days[i], from, to);
	return (count);
}

static int64_t
months_in_row(const struct rule_node *n, const struct rule_value *facts,
    const struct rule_range *from, const struct rule_range *to)
{
	const struct rule_value	*list = &facts[n->slot];
	int64_t			 row = 0, best = 0, last = INT64_MIN, month;
	size_t			 i;

	for (i = 0; i < list->count; i++) {
		if (!within(n, facts, list->days[i], from, to))
			continue;
		month = month_number(list->days[i]);
		if (month != last)
			row = row > 0 && month == last + 1 ? row + 1 : 1;
		last = month;
		if (row > best)
			best = row;
	}
	return (best);
}

static bool
first_day(const struct rule_node *n, const struct rule_value *facts,
    const struct rule_range *from, const struct rule_range *to, int64_t *out)
{
	const struct rule_value	*list = &facts[n->slot];
	size_t			 i;

	for (i = 0; i < list->count; i++) {
		if (within(n, facts, list->days[i], from, to)) {
			*out = list->days[i];
			return (true);
		}
	}
	return (false);
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

static int64_t
month_number(int32_t day)
{
	int	year, month, mday;

	day_split(day, &year, &month, &mday);
	return ((int64_t)year * 12 + month);
}
