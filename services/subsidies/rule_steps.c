/*
 * rule_steps.c -- the arithmetic of an expression written out, one step after
 * the other: facts and operators with what they came to, operands first.
 *
 * Invariant: a function of the expression and the facts; a branch that was not
 * taken is not there.
 */
#include "rule_priv.h"

static void	 write_fact(struct json_out *, const struct rule_set *, const struct rule_node *,
		    const struct rule_value *);
static void	 write_value(struct json_out *, const char *, const struct rule_node *,
		    const struct rule_range *);
static size_t	 first_shown(const struct rule_set *, const struct rule_node *,
		    const struct rule_value *, size_t *);
static const char *op_name(enum rule_op);

void
rule_steps(struct json_out *out, const struct rule_set *set, const struct rule_node *n,
    const struct rule_value *facts)
{
	struct rule_range	r = rule_range(set, n, facts), of;
	size_t			i, end;

	if (n->op == OP_INT || n->op == OP_TEXT || n->op == OP_DAY)
		return;
	if (n->op == OP_FACT) {
		write_fact(out, set, n, facts);
		return;
	}
	for (i = first_shown(set, n, facts, &end); i < end; i++)
		rule_steps(out, set, n->kids[i], facts);
	json_open(out, NULL);
	json_put_text(out, "op", op_name(n->op));
	if (n->slot != -1)
		json_put_text(out, "list", set->catalogue[n->slot].name);
	json_open_list(out, "of");
	for (i = first_shown(set, n, facts, &end); i < end; i++) {
		of = rule_range(set, n->kids[i], facts);
		write_value(out, NULL, n->kids[i], &of);
	}
	if (n->op == OP_ADD_DAYS || n->op == OP_ADD_MONTHS)
		json_put_int(out, NULL, n->number);
	json_close_list(out);
	write_value(out, "value", n, &r);
	json_close(out);
}

/* Of a choice only what was taken. */
static size_t
first_shown(const struct rule_set *set, const struct rule_node *n, const struct rule_value *facts,
    size_t *end)
{
	rule_mask		missing = 0;
	struct rule_range	r;
	size_t			i;

	*end = n->nkids;
	if (n->op != OP_IF && n->op != OP_OR_ELSE)
		return (0);
	if (n->op == OP_IF)
		i = rule_truth(set, n->kids[0], facts, &missing) == TRI_TRUE ? 1 : 2;
	else {
		r = rule_range(set, n->kids[0], facts);
		i = (n->type == RULE_TEXT ? r.text != NULL : r.lo == r.hi) ? 0 : 1;
	}
	*end = i + 1;
	return (i);
}

static void
write_fact(struct json_out *out, const struct rule_set *set, const struct rule_node *n,
    const struct rule_value *facts)
{
	struct rule_range	r = rule_range(set, n, facts);

	json_open(out, NULL);
	json_put_text(out, "fact", set->catalogue[n->slot].name);
	write_value(out, "value", n, &r);
	json_close(out);
}

static void
write_value(struct json_out *out, const char *name, const struct rule_node *n,
    const struct rule_range *r)
{
	if (n->type == RULE_TEXT)
		json_put_text(out, name, r->text);
	else if (r->lo != r->hi)
		json_put_raw(out, name, "null");
	else if (n->type == RULE_DAY)
		json_put_day(out, name, (int32_t)r->lo);
	else
		json_put_int(out, name, r->lo);
}

static const char *
op_name(enum rule_op op)
{
	static const char *const	names[] = {
		[OP_YEAR] = "year", [OP_MONTH_START] = "month_start", [OP_ADD_DAYS] = "add_days",
		[OP_ADD_MONTHS] = "add_months", [OP_DAYS_BETWEEN] = "days_between",
		[OP_MONTHS_BETWEEN] = "months_between", [OP_ADD] = "add", [OP_SUB] = "sub",
		[OP_MUL] = "mul", [OP_MIN] = "min", [OP_MAX] = "max", [OP_SHARE] = "share",
		[OP_TIERS] = "tiers", [OP_IF] = "if", [OP_OR_ELSE] = "or_else",
		[OP_COUNT] = "count", [OP_MONTHS_IN_ROW] = "months_in_row", [OP_FIRST] = "first",
	};

	return (names[op]);
}
