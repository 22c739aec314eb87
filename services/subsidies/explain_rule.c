/*
 * explain_rule.c -- an answer's expression in words, for the officer who must
 * know what was asked. Values are in explain_value.c.
 */
#include "explain.h"
#include "rule_priv.h"

static const char *joined(const struct words *, const struct rule_node *, const char *);
static const char *compared(const struct words *, const struct rule_node *);
static const char *chosen(const struct words *, const struct rule_node *);
static const char *operand(const struct words *, const struct rule_node *, size_t);
static const char *relation(enum rule_op, enum rule_type);

const char *
explain_rule(const struct words *w, const struct rule_node *n)
{
	switch (n->op) {
	case OP_ALL:
		return (joined(w, n, "且"));
	case OP_ANY:
		return (joined(w, n, "或"));
	case OP_NOT:
		return (arena_printf(w->arena, "并非（%s）", explain_rule(w, n->kids[0])));
	case OP_IS:
		return (w->set->catalogue[n->slot].title);
	case OP_IN:
	case OP_UNDER:
		return (chosen(w, n));
	default:
		return (compared(w, n));
	}
}

static const char *
joined(const struct words *w, const struct rule_node *n, const char *word)
{
	const char	*out = "", *part;
	size_t		 i;
	bool		 several;

	for (i = 0; i < n->nkids; i++) {
		part = explain_rule(w, n->kids[i]);
		several = (n->kids[i]->op == OP_ALL || n->kids[i]->op == OP_ANY) &&
		    n->kids[i]->op != n->op && n->kids[i]->nkids > 1 && n->nkids > 1;
		out = arena_printf(w->arena, "%s%s%s%s%s", out, i == 0 ? "" : word,
		    several ? "（" : "", part, several ? "）" : "");
	}
	return (out);
}

static const char *
compared(const struct words *w, const struct rule_node *n)
{
	if (n->op == OP_BETWEEN)
		return (arena_printf(w->arena, "%s在%s至%s之间", operand(w, n, 0), operand(w, n, 1),
		    operand(w, n, 2)));
	return (arena_printf(w->arena, "%s%s%s", operand(w, n, 0), relation(n->op, n->kids[0]->type),
	    operand(w, n, 1)));
}

static const char *
relation(enum rule_op op, enum rule_type type)
{
	bool	days = type == RULE_DAY;

	switch (op) {
	case OP_EQ:
		return (type == RULE_TEXT ? "为" : "等于");
	case OP_NE:
		return ("不是");
	case OP_LT:
		return (days ? "早于" : "小于");
	case OP_LE:
		return (days ? "不晚于" : "不超过");
	case OP_GT:
		return (days ? "晚于" : "大于");
	default:
		return (days ? "不早于" : "不少于");
	}
}

static const char *
chosen(const struct words *w, const struct rule_node *n)
{
	const char	*out = "";
	size_t		 i;

	for (i = 1; i < n->nkids; i++)
		out = arena_printf(w->arena, "%s%s%s", out, i == 1 ? "" : "、", operand(w, n, i));
	return (arena_printf(w->arena, n->op == OP_UNDER ? "%s属于%s" : "%s为%s%s", operand(w, n, 0),
	    out, n->nkids > 2 ? "之一" : ""));
}

/* A literal beside a fact is shown as that fact's: 元, a level, a word. */
static const char *
operand(const struct words *w, const struct rule_node *n, size_t i)
{
	const struct rule_node	*v = n->kids[i], *other = n->kids[i == 0 ? 1 : 0];

	if (other->op == OP_FACT && v->op == OP_INT)
		return (facts_show_number(w->arena, other->slot, v->number));
	if (other->op == OP_FACT && v->op == OP_TEXT)
		return (facts_show_code(other->slot, v->text));
	return (explain_value(w, v, false));
}
