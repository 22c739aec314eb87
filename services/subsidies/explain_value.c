/*
 * explain_value.c -- an expression's value in words: how it is reckoned, by
 * names or with the facts of a case put in.
 */
#include "explain.h"
#include "rule_priv.h"

#define LONG_AGO	7305	/* 1990-01-01: a day before it means at any time */

static const char *of_fact(const struct words *, const struct rule_node *);
static const char *of_days(const struct words *, const struct rule_node *);
static const char *of_list(const struct words *, const struct rule_node *);
static const char *of_choice(const struct words *, const struct rule_node *, bool);
static const char *arithmetic(const struct words *, const struct rule_node *, bool);
static const char *of_tiers(const struct words *, const struct rule_node *, bool);
static const char *term(const struct words *, const struct rule_node *, size_t, bool);
static const char *number(const struct words *, int64_t, bool);
static bool	 is_money(const struct rule_node *);

const char *
explain_value(const struct words *w, const struct rule_node *n, bool money)
{
	switch (n->op) {
	case OP_INT:
		return (number(w, n->number, money));
	case OP_TEXT:
		return (n->text);
	case OP_DAY:
		return (show_day(w->arena, n->number));
	case OP_FACT:
		return (of_fact(w, n));
	case OP_YEAR: case OP_MONTH_START: case OP_ADD_DAYS: case OP_ADD_MONTHS:
	case OP_DAYS_BETWEEN: case OP_MONTHS_BETWEEN:
		return (of_days(w, n));
	case OP_COUNT: case OP_MONTHS_IN_ROW: case OP_FIRST:
		return (of_list(w, n));
	case OP_IF: case OP_OR_ELSE:
		return (of_choice(w, n, money));
	case OP_TIERS:
		return (of_tiers(w, n, money));
	default:
		return (arithmetic(w, n, money));
	}
}

static const char *
number(const struct words *w, int64_t n, bool money)
{
	return (money ? show_yuan(w->arena, n) : arena_printf(w->arena, "%lld", (long long)n));
}

static const char *
of_fact(const struct words *w, const struct rule_node *n)
{
	if (w->facts == NULL)
		return (facts_title(w->arena, n->slot));
	return (arena_printf(w->arena, "%s%s", facts_title(w->arena, n->slot),
	    facts_show_value(w->arena, n->slot, &w->facts[n->slot])));
}

static const char *
of_days(const struct words *w, const struct rule_node *n)
{
	const char	*day = explain_value(w, n->kids[0], false);
	long long	 by = (long long)n->number;

	switch (n->op) {
	case OP_YEAR:
		return (arena_printf(w->arena, "%s的年份", day));
	case OP_MONTH_START:
		return (arena_printf(w->arena, "%s当月1日", day));
	case OP_ADD_DAYS:
	case OP_ADD_MONTHS:
		return (arena_printf(w->arena, "%s%s%lld%s", day, by < 0 ? "前" : "后",
		    by < 0 ? -by : by, n->op == OP_ADD_DAYS ? "天" : "个月"));
	default:
		return (arena_printf(w->arena, "%s至%s的%s", day, explain_value(w, n->kids[1], false),
		    n->op == OP_DAYS_BETWEEN ? "天数" : "整月数"));
	}
}

static const char *
of_list(const struct words *w, const struct rule_node *n)
{
	const char	*also = n->also == -1 ? "" : arena_printf(w->arena, "、同时在%s内",
		    w->set->catalogue[n->also].title);
	bool		 ever = n->kids[0]->op == OP_DAY && n->kids[0]->number < LONG_AGO;
	const char	*within = arena_printf(w->arena, "%s（%s%s%s%s）的",
		    w->set->catalogue[n->slot].title,
		    ever ? "截至" : explain_value(w, n->kids[0], false), ever ? "" : "至",
		    explain_value(w, n->kids[1], false), also);

	if (n->op == OP_FIRST)
		return (arena_printf(w->arena, "%s最早一天（没有时为%s）", within,
		    explain_value(w, n->kids[2], false)));
	return (arena_printf(w->arena, "%s%s", within, n->op == OP_COUNT ? "个数" : "最长连续月数"));
}

/* With the facts of a case only what was taken. */
static const char *
of_choice(const struct words *w, const struct rule_node *n, bool money)
{
	rule_mask		missing = 0;
	struct rule_range	r;

	if (w->facts != NULL && n->op == OP_IF)
		return (explain_value(w, n->kids[rule_truth(w->set, n->kids[0], w->facts,
		    &missing) == TRI_TRUE ? 1 : 2], money));
	if (w->facts != NULL) {
		r = rule_range(w->set, n->kids[0], w->facts);
		return (explain_value(w, n->kids[r.lo == r.hi ? 0 : 1], money));
	}
	if (n->op == OP_OR_ELSE)
		return (arena_printf(w->arena, "%s（未知时为%s）", explain_value(w, n->kids[0], money),
		    explain_value(w, n->kids[1], money)));
	return (arena_printf(w->arena, "（若%s，为%s；否则为%s）", explain_rule(w, n->kids[0]),
	    explain_value(w, n->kids[1], money), explain_value(w, n->kids[2], money)));
}

static const char *
of_tiers(const struct words *w, const struct rule_node *n, bool money)
{
	const char		*out = explain_value(w, n->kids[0], false);
	struct rule_range	 r;
	int64_t			 i;

	if (w->facts != NULL) {
		r = rule_range(w->set, n, w->facts);
		return (arena_printf(w->arena, "按%s分档得%s", out, number(w, r.lo, money)));
	}
	out = arena_printf(w->arena, "按%s分档（", out);
	for (i = 0; i < n->number; i++)
		out = arena_printf(w->arena, "%s%s%s起%s", out, i == 0 ? "" : "，",
		    n->kids[0]->op == OP_FACT ? facts_show_number(w->arena, n->kids[0]->slot,
		    n->tiers[i].from) : number(w, n->tiers[i].from, false),
		    number(w, n->tiers[i].then, money));
	return (arena_printf(w->arena, "%s）", out));
}

static const char *
arithmetic(const struct words *w, const struct rule_node *n, bool money)
{
	static const char *const signs[] = { [OP_ADD] = "＋", [OP_SUB] = "－", [OP_MUL] = "×",
		[OP_MIN] = "，", [OP_MAX] = "，" };
	const char	*out = term(w, n, 0, money);
	size_t		 i;

	if (n->op == OP_SHARE)
		return (arena_printf(w->arena, "%s×%s÷%s", out, term(w, n, 1, false),
		    term(w, n, 2, false)));
	for (i = 1; i < n->nkids; i++)
		out = arena_printf(w->arena, "%s%s%s", out, signs[n->op], term(w, n, i, money));
	if (n->op == OP_MIN || n->op == OP_MAX)
		return (arena_printf(w->arena, "%s（%s）", n->op == OP_MIN ? "取小者" : "取大者", out));
	return (out);
}

/*
 * Sums within products stand in brackets. Of a product that is money one factor
 * is: a fact that is, or else the first literal.
 */
static const char *
term(const struct words *w, const struct rule_node *n, size_t i, bool money)
{
	const struct rule_node	*v = n->kids[i];
	bool			 sum = v->op == OP_ADD || v->op == OP_SUB;
	bool			 apart = sum && (n->op == OP_MUL || n->op == OP_SHARE ||
				     (n->op == OP_SUB && i > 0));
	size_t			 k;

	if (n->op == OP_MUL && money && v->op == OP_INT) {
		for (k = 0; k < n->nkids && money; k++)
			money = !is_money(n->kids[k]) && (k >= i || n->kids[k]->op != OP_INT);
	}
	return (arena_printf(w->arena, "%s%s%s", apart ? "（" : "", explain_value(w, v, money),
	    apart ? "）" : ""));
}

static bool
is_money(const struct rule_node *n)
{
	size_t	i;

	if (n->op == OP_FACT)
		return (facts_are_money(n->slot));
	for (i = 0; i < n->nkids; i++) {
		if (is_money(n->kids[i]))
			return (true);
	}
	return (false);
}
