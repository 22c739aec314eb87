/*
 * rule_operand.c -- compiles what is compared: numbers, days, texts, lists.
 * Arithmetic is in rule_arithmetic.c, codes in rule_code.c.
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
	{ "month_start", OP_MONTH_START, 0, 0 },
	{ "add_days", OP_ADD_DAYS, 2, 2 }, { "add_months", OP_ADD_MONTHS, 2, 2 },
	{ "days_between", OP_DAYS_BETWEEN, 2, 2 }, { "months_between", OP_MONTHS_BETWEEN, 2, 2 },
	{ "add", OP_ADD, 2, RULE_KIDS_MAX }, { "sub", OP_SUB, 2, 2 },
	{ "mul", OP_MUL, 2, RULE_KIDS_MAX }, { "min", OP_MIN, 2, RULE_KIDS_MAX },
	{ "max", OP_MAX, 2, RULE_KIDS_MAX }, { "share", OP_SHARE, 3, 3 },
	{ "tiers", OP_TIERS, 2, 2 }, { "if", OP_IF, 3, 3 }, { "or_else", OP_OR_ELSE, 2, 2 },
	{ "count", OP_COUNT, 0, 0 }, { "months_in_row", OP_MONTHS_IN_ROW, 0, 0 },
	{ "first", OP_FIRST, 0, 0 },
};

static struct rule_node *value_operator(struct rule_compiler *, const struct json *);
static void	 value_shift(struct rule_compiler *, struct rule_node *, const struct json *);
static void	 value_day(struct rule_compiler *, struct rule_node *, const struct json *);
static void	 value_list(struct rule_compiler *, struct rule_node *, const struct json *);
static void	 list_ends(struct rule_compiler *, struct rule_node *, const struct json *, size_t);
static bool	 subject_has(const char *, const char *);
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
	else if (row->op >= OP_COUNT)
		value_list(c, n, arg);
	else if (row->least == 0) {
		n->kids[n->nkids++] = rule_typed(c, arg, RULE_DAY);
		n->type = row->op == OP_YEAR ? RULE_INT : RULE_DAY;
	} else if (!json_is_array(arg) || json_count(arg) < row->least || json_count(arg) > row->most)
		rule_wrong(c, ERR_F_COUNT);
	else if (row->op == OP_ADD_DAYS || row->op == OP_ADD_MONTHS)
		value_shift(c, n, arg);
	else
		rule_arithmetic(c, n, arg);
	rule_pop(c, mark);
	c->depth--;
	return (n);
}

/* A day and a fixed number. */
static void
value_shift(struct rule_compiler *c, struct rule_node *n, const struct json *list)
{
	size_t	at = rule_push_index(c, 0);

	n->type = RULE_DAY;
	n->kids[n->nkids++] = rule_typed(c, json_at(list, 0), RULE_DAY);
	rule_pop(c, at);
	at = rule_push_index(c, 1);
	if (!json_integer(json_at(list, 1), &n->number))
		rule_wrong(c, ERR_F_TYPE);
	else if (n->number > SHIFT_MAX || n->number < -SHIFT_MAX)
		rule_wrong(c, n->number > 0 ? ERR_F_LARGE : ERR_F_SMALL);
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

/* {of, from, to} and perhaps also_in; the first has an else. */
static void
value_list(struct rule_compiler *c, struct rule_node *n, const struct json *j)
{
	size_t	members = n->op == OP_FIRST ? 4 : 3;

	n->also = -1;
	n->type = n->op == OP_FIRST ? RULE_DAY : RULE_INT;
	if (!json_is_object(j)) {
		rule_wrong(c, ERR_F_TYPE);
		return;
	}
	n->slot = list_slot(c, j, "of");
	if (json_get(j, "also_in") != NULL) {
		n->also = list_slot(c, j, "also_in");
		members++;
	}
	if (json_count(j) != members)
		rule_wrong(c, ERR_F_COUNT);
	list_ends(c, n, j, n->op == OP_FIRST ? 3 : 2);
}

static void
list_ends(struct rule_compiler *c, struct rule_node *n, const struct json *j, size_t count)
{
	static const char *const ends[] = { "from", "to", "else" };
	size_t	i, mark;

	n->kids = arena_zalloc(c->arena, NITEMS(ends) * sizeof(*n->kids));
	for (i = 0; i < count; i++) {
		mark = rule_push(c, ends[i]);
		if (json_get(j, ends[i]) == NULL)
			rule_wrong(c, ERR_F_MISSING);
		else
			n->kids[n->nkids++] = rule_typed(c, json_get(j, ends[i]), RULE_DAY);
		rule_pop(c, mark);
	}
}

const struct rule_node *
rule_typed(struct rule_compiler *c, const struct json *j, enum rule_type want)
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
		if (strcmp(c->set->catalogue[i].name, name) != 0)
			continue;
		if (!subject_has(c->set->subject, c->set->catalogue[i].subjects))
			rule_wrong(c, ERR_F_FACT);
		c->facts |= RULE_SLOT(i);
		return ((int)i);
	}
	rule_wrong(c, name == NULL ? ERR_F_TYPE : ERR_F_FACT);
	return (-1);
}

/* `kinds`: words with blanks between; NULL: all. */
static bool
subject_has(const char *subject, const char *kinds)
{
	size_t	len;

	if (subject == NULL || kinds == NULL)
		return (true);
	len = strlen(subject);
	for (; *kinds != '\0'; kinds += strcspn(kinds, " "), kinds += *kinds == ' ') {
		if (strncmp(kinds, subject, len) == 0 && (kinds[len] == ' ' || kinds[len] == '\0'))
			return (true);
	}
	return (false);
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
