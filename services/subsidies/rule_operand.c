/*
 * rule_operand.c -- compiles what is compared: numbers, days, texts, counts.
 *
 * Invariant: a value's node says its type, and no operator accepts a type it
 * was not made for.
 */
#include "rule_priv.h"

#include "base/clock.h"
#include "http/errors.h"

#define NUMBER_MAX	INT64_C(1000000000000000)
#define SHIFT_MAX	40000

static const struct rule_op_row value_ops[] = {
	{ "fact", OP_FACT, 0, 0 }, { "day", OP_DAY, 0, 0 }, { "year", OP_YEAR, 0, 0 },
	{ "month_start", OP_MONTH_START, 0, 0 }, { "add", OP_ADD, 2, 2 },
	{ "add_days", OP_ADD_DAYS, 2, 2 }, { "add_months", OP_ADD_MONTHS, 2, 2 },
	{ "count", OP_COUNT, 0, 0 },
};

static struct rule_node *value_operator(struct rule_compiler *, const struct json *);
static void	 value_shift(struct rule_compiler *, struct rule_node *, const struct json *);
static void	 value_day(struct rule_compiler *, struct rule_node *, const struct json *);
static void	 value_count(struct rule_compiler *, struct rule_node *, const struct json *);
static const struct rule_node *typed(struct rule_compiler *, const struct json *, enum rule_type);
static int	 list_slot(struct rule_compiler *, const struct json *, const char *);

/* A number, day or text. Never NULL; mistakes are noted. */
struct rule_node *
rule_value_of(struct rule_compiler *c, const struct json *j)
{
	const char		*text = json_string(j);
	struct rule_node	*n;
	int64_t			 number;

	if (json_integer(j, &number)) {
		n = rule_node_new(c, OP_INT, 0);
		n->type = RULE_INT;
		n->number = number;
		if (number > NUMBER_MAX || number < -NUMBER_MAX)
			rule_wrong(c, number > 0 ? ERR_F_LARGE : ERR_F_SMALL);
		return (n);
	}
	if (text == NULL)
		return (value_operator(c, j));
	n = rule_node_new(c, OP_TEXT, 0);
	n->type = RULE_TEXT;
	n->text = arena_strdup(c->arena, text);
	if (strlen(text) > RULE_TEXT_MAX)
		rule_wrong(c, ERR_F_LONG);
	return (n);
}

static struct rule_node *
value_operator(struct rule_compiler *c, const struct json *j)
{
	const struct rule_op_row	*row = rule_find_op(c, j, value_ops, NITEMS(value_ops));
	struct rule_node	*n = rule_node_new(c, row == NULL ? OP_INT : row->op, 2);
	const struct json	*arg;
	size_t			 mark;

	n->type = RULE_INT;
	if (row == NULL || !rule_enter(c))
		return (n);
	arg = json_value(j, 0);
	mark = rule_push(c, row->name);
	if (row->op == OP_FACT) {
		n->slot = rule_fact_slot(c, arg);
		n->type = n->slot == -1 ? RULE_INT : c->set->catalogue[n->slot].type;
	} else if (row->op == OP_DAY)
		value_day(c, n, arg);
	else if (row->op == OP_COUNT)
		value_count(c, n, arg);
	else if (row->least == 0) {
		n->kids[n->nkids++] = typed(c, arg, RULE_DAY);
		n->type = row->op == OP_YEAR ? RULE_INT : RULE_DAY;
	} else if (!json_is_array(arg) || json_count(arg) != row->least)
		rule_wrong(c, ERR_F_COUNT);
	else
		value_shift(c, n, arg);
	rule_pop(c, mark);
	c->depth--;
	return (n);
}

/* add: two numbers; add_days, add_months: a day and a fixed number. */
static void
value_shift(struct rule_compiler *c, struct rule_node *n, const struct json *list)
{
	size_t	at = rule_push_index(c, 0);

	n->kids[n->nkids++] = typed(c, json_at(list, 0), n->op == OP_ADD ? RULE_INT : RULE_DAY);
	rule_pop(c, at);
	at = rule_push_index(c, 1);
	if (n->op == OP_ADD)
		n->kids[n->nkids++] = typed(c, json_at(list, 1), RULE_INT);
	else {
		n->type = RULE_DAY;
		if (!json_integer(json_at(list, 1), &n->number))
			rule_wrong(c, ERR_F_TYPE);
		else if (n->number > SHIFT_MAX || n->number < -SHIFT_MAX)
			rule_wrong(c, n->number > 0 ? ERR_F_LARGE : ERR_F_SMALL);
	}
	rule_pop(c, at);
}

static void
value_day(struct rule_compiler *c, struct rule_node *n, const struct json *j)
{
	const char	*text = json_string(j);
	int32_t		 day = text == NULL ? DAY_NONE : day_parse(text);

	n->type = RULE_DAY;
	n->number = day;
	if (day == DAY_NONE)
		rule_wrong(c, text == NULL ? ERR_F_TYPE : ERR_F_FORMAT);
}

/* {of, from, to} and perhaps also_in. */
static void
value_count(struct rule_compiler *c, struct rule_node *n, const struct json *j)
{
	static const char *const ends[] = { "from", "to" };
	size_t	i, mark;

	n->also = -1;
	if (!json_is_object(j)) {
		rule_wrong(c, ERR_F_TYPE);
		return;
	}
	n->slot = list_slot(c, j, "of");
	if (json_get(j, "also_in") != NULL)
		n->also = list_slot(c, j, "also_in");
	if (json_count(j) != (json_get(j, "also_in") != NULL ? 4U : 3U))
		rule_wrong(c, ERR_F_COUNT);
	for (i = 0; i < NITEMS(ends); i++) {
		mark = rule_push(c, ends[i]);
		if (json_get(j, ends[i]) == NULL)
			rule_wrong(c, ERR_F_MISSING);
		else
			n->kids[n->nkids++] = typed(c, json_get(j, ends[i]), RULE_DAY);
		rule_pop(c, mark);
	}
}

static const struct rule_node *
typed(struct rule_compiler *c, const struct json *j, enum rule_type want)
{
	size_t			 had = c->errors->count;
	const struct rule_node	*n = rule_value_of(c, j);

	if (n->type != want && c->errors->count == had)
		rule_wrong(c, ERR_F_TYPE);
	return (n);
}

int
rule_fact_slot(struct rule_compiler *c, const struct json *j)
{
	const char	*name = j == NULL ? NULL : json_string(j);
	size_t		 i;

	for (i = 0; i < c->set->nfacts && name != NULL; i++) {
		if (strcmp(c->set->catalogue[i].name, name) == 0) {
			c->facts |= RULE_SLOT(i);
			return ((int)i);
		}
	}
	rule_wrong(c, name == NULL ? ERR_F_TYPE : ERR_F_FACT);
	return (-1);
}

static int
list_slot(struct rule_compiler *c, const struct json *j, const char *name)
{
	size_t	mark = rule_push(c, name);
	int	slot = rule_fact_slot(c, json_get(j, name));

	if (slot != -1 && c->set->catalogue[slot].type != RULE_DAYS)
		rule_wrong(c, ERR_F_TYPE);
	rule_pop(c, mark);
	return (slot);
}
