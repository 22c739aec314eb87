/*
 * rule_arithmetic.c -- compiles operators on several values: sums, products,
 * shares, differences of days, choices and tiers.
 *
 * Invariant: the branches of a choice have one type, which is the choice's;
 * thresholds ascend.
 */
#include "rule_priv.h"

#include "http/errors.h"

static enum rule_type operand_type(enum rule_op);
static void	 operand(struct rule_compiler *, struct rule_node *, const struct json *, size_t);
static void	 one_type(struct rule_compiler *, struct rule_node *, size_t);
static void	 read_tiers(struct rule_compiler *, struct rule_node *, const struct json *);
static bool	 read_tier(struct rule_compiler *, const struct json *, struct rule_tier *);

/* The number of operands is right. */
void
rule_arithmetic(struct rule_compiler *c, struct rule_node *n, const struct json *list)
{
	size_t	had = c->errors->count, count = n->op == OP_TIERS ? 1 : json_count(list), i;

	n->kids = arena_alloc(c->arena, count * sizeof(*n->kids));
	for (i = 0; i < count; i++)
		operand(c, n, list, i);
	if (n->op == OP_TIERS)
		read_tiers(c, n, json_at(list, 1));
	if (c->errors->count == had && (n->op == OP_IF || n->op == OP_OR_ELSE))
		one_type(c, n, n->op == OP_IF ? 1 : 0);
}

static void
operand(struct rule_compiler *c, struct rule_node *n, const struct json *list, size_t i)
{
	size_t	at = rule_push_index(c, i);

	if (n->op == OP_IF && i == 0)
		n->kids[n->nkids++] = rule_answer_of(c, json_at(list, i));
	else if (n->op == OP_IF || n->op == OP_OR_ELSE)
		n->kids[n->nkids++] = rule_value_of(c, json_at(list, i));
	else
		n->kids[n->nkids++] = rule_typed(c, json_at(list, i), operand_type(n->op));
	rule_pop(c, at);
}

static enum rule_type
operand_type(enum rule_op op)
{
	return (op == OP_DAYS_BETWEEN || op == OP_MONTHS_BETWEEN ? RULE_DAY : RULE_INT);
}

/* A choice that is open has the values between, which texts do not. */
static void
one_type(struct rule_compiler *c, struct rule_node *n, size_t from)
{
	enum rule_type	a = n->kids[from]->type, b = n->kids[from + 1]->type;

	n->type = a;
	if (a != b || a == RULE_DAYS || a == RULE_BOOL || (a == RULE_TEXT && n->op == OP_IF))
		rule_wrong(c, ERR_F_TYPE);
}

/* [[from, then], …] */
static void
read_tiers(struct rule_compiler *c, struct rule_node *n, const struct json *list)
{
	size_t			 mark = rule_push_index(c, 1), at, i;
	struct rule_tier	*tiers;

	if (!json_is_array(list) || json_count(list) == 0 || json_count(list) > RULE_KIDS_MAX) {
		rule_wrong(c, ERR_F_COUNT);
		rule_pop(c, mark);
		return;
	}
	n->tiers = tiers = arena_zalloc(c->arena, json_count(list) * sizeof(*tiers));
	for (i = 0; i < json_count(list); i++) {
		at = rule_push_index(c, i);
		if (read_tier(c, json_at(list, i), &tiers[i]) && i > 0 &&
		    tiers[i].from <= tiers[i - 1].from)
			rule_wrong(c, ERR_F_SMALL);
		rule_pop(c, at);
	}
	n->number = (int64_t)json_count(list);
	rule_pop(c, mark);
}

static bool
read_tier(struct rule_compiler *c, const struct json *pair, struct rule_tier *tier)
{
	if (!json_is_array(pair) || json_count(pair) != 2)
		rule_wrong(c, ERR_F_COUNT);
	else if (!json_integer(json_at(pair, 0), &tier->from) ||
	    !json_integer(json_at(pair, 1), &tier->then))
		rule_wrong(c, ERR_F_TYPE);
	else
		return (true);
	return (false);
}
