/*
 * rule_compile.c -- checks a policy document's conditions and makes the tree.
 *
 * Invariant: a set that compiles can be judged without any further check:
 * every name is in the catalogue, every operand has its operator's type,
 * depth and size are bounded. All mistakes found are reported, each with the
 * JSON pointer of the offending value. Operands are in rule_operand.c.
 */
#include "rule_priv.h"

#include "http/errors.h"

static const struct rule_op_row answer_ops[] = {
	{ "all", OP_ALL, 1, RULE_KIDS_MAX }, { "any", OP_ANY, 1, RULE_KIDS_MAX },
	{ "not", OP_NOT, 0, 0 }, { "is", OP_IS, 0, 0 },
	{ "eq", OP_EQ, 2, 2 }, { "ne", OP_NE, 2, 2 }, { "lt", OP_LT, 2, 2 },
	{ "le", OP_LE, 2, 2 }, { "gt", OP_GT, 2, 2 }, { "ge", OP_GE, 2, 2 },
	{ "between", OP_BETWEEN, 3, 3 }, { "in", OP_IN, 2, 2 },
	{ "under", OP_UNDER, 2, 2 },
};

static void	 compile_list(struct rule_compiler *, const struct json *, const char *, bool);
static void	 compile_condition(struct rule_compiler *, const struct json *, struct rule_condition *);
static void	 compile_groups(struct rule_compiler *, const struct json *, struct rule_condition *);
static const char *member_text(struct rule_compiler *, const struct json *, const char *);
static void	 answer_operator(struct rule_compiler *, struct rule_node *,
		    const struct rule_op_row *, const struct json *);
static void	 answer_operands(struct rule_compiler *, struct rule_node *, const struct json *);
static void	 same_types(struct rule_compiler *, const struct rule_node *);
static void	 in_operands(struct rule_compiler *, struct rule_node *, const struct json *);

struct rule_set *
rule_compile(struct arena *arena, const struct json *document, const char *subject, bool codes,
    const struct rule_fact *catalogue, size_t nfacts, struct json_errors *errors)
{
	struct rule_compiler	c = { .arena = arena, .errors = errors, .codes = codes };
	size_t			had = errors->count, i, j;

	c.set = arena_zalloc(arena, sizeof(*c.set));
	c.set->subject = subject;
	c.set->catalogue = catalogue;
	c.set->nfacts = nfacts;
	for (i = 0; i < nfacts; i++) {
		c.set->through[i] = -1;
		for (j = 0; j < nfacts && catalogue[i].through != NULL; j++) {
			if (strcmp(catalogue[j].name, catalogue[i].through) == 0)
				c.set->through[i] = (int)j;
		}
	}
	compile_list(&c, json_get(document, "conditions"), "conditions", false);
	compile_list(&c, json_get(document, "exclusions"), "exclusions", true);
	return (errors->count == had ? c.set : NULL);
}

const struct rule_node *
rule_compile_number(struct arena *arena, struct rule_set *set, const struct json *j,
    const char *pointer, bool codes, rule_mask *facts, struct json_errors *errors)
{
	struct rule_compiler	c = { .arena = arena, .set = set, .errors = errors, .codes = codes };
	size_t			had = errors->count;
	const struct rule_node	*n;

	rule_push(&c, pointer + 1);
	n = rule_typed(&c, j, RULE_INT);
	*facts = c.facts;
	return (errors->count == had ? n : NULL);
}

static void
compile_list(struct rule_compiler *c, const struct json *list, const char *name, bool exclusion)
{
	struct rule_condition	*cond;
	size_t			 mark = rule_push(c, name), at, i;

	if (list == NULL || !json_is_array(list)) {
		rule_wrong(c, list == NULL ? ERR_F_MISSING : ERR_F_TYPE);
		rule_pop(c, mark);
		return;
	}
	if (json_count(list) + c->set->count > RULE_CONDITIONS_MAX ||
	    (!exclusion && json_count(list) == 0)) {
		rule_wrong(c, ERR_F_COUNT);
		rule_pop(c, mark);
		return;
	}
	for (i = 0; i < json_count(list); i++) {
		at = rule_push_index(c, i);
		cond = &c->set->conditions[c->set->count++];
		cond->exclusion = exclusion;
		c->facts = 0;
		compile_condition(c, json_at(list, i), cond);
		cond->facts = c->facts;
		rule_pop(c, at);
	}
	rule_pop(c, mark);
}

/* {code, title, refusal, rule} or {code, title, refusal, groups}, and perhaps silent. */
static void
compile_condition(struct rule_compiler *c, const struct json *j, struct rule_condition *cond)
{
	const struct json	*rule = json_get(j, "rule"), *groups = json_get(j, "groups");
	const struct json	*silent = json_get(j, "silent");
	size_t			 mark, i;

	cond->code = member_text(c, j, "code");
	cond->title = member_text(c, j, "title");
	cond->refusal = member_text(c, j, "refusal");
	for (i = 0; &c->set->conditions[i] != cond && cond->code != NULL; i++) {
		if (c->set->conditions[i].code != NULL &&
		    strcmp(c->set->conditions[i].code, cond->code) == 0)
			rule_wrong(c, ERR_F_DUPLICATE);
	}
	cond->silent = json_is_true(silent);
	if (silent != NULL && !json_is_bool(silent))
		rule_wrong(c, ERR_F_TYPE);
	if ((rule == NULL) == (groups == NULL) || json_count(j) != (silent == NULL ? 4U : 5U)) {
		rule_wrong(c, rule == NULL && groups == NULL ? ERR_F_MISSING : ERR_F_UNKNOWN);
		return;
	}
	mark = rule_push(c, rule != NULL ? "rule" : "groups");
	if (rule != NULL)
		cond->rule = rule_answer_of(c, rule);
	else
		compile_groups(c, groups, cond);
	rule_pop(c, mark);
}

static void
compile_groups(struct rule_compiler *c, const struct json *list, struct rule_condition *cond)
{
	struct rule_group	*groups;
	const struct json	*j;
	size_t			 i, at, in;

	if (!json_is_array(list) || json_count(list) == 0 || json_count(list) > RULE_KIDS_MAX) {
		rule_wrong(c, ERR_F_COUNT);
		return;
	}
	groups = arena_zalloc(c->arena, json_count(list) * sizeof(*groups));
	for (i = 0; i < json_count(list); i++) {
		j = json_at(list, i);
		at = rule_push_index(c, i);
		groups[i].code = member_text(c, j, "code");
		groups[i].title = member_text(c, j, "title");
		in = rule_push(c, "rule");
		if (json_get(j, "rule") == NULL)
			rule_wrong(c, ERR_F_MISSING);
		else
			groups[i].rule = rule_answer_of(c, json_get(j, "rule"));
		rule_pop(c, in);
		rule_pop(c, at);
	}
	cond->groups = groups;
	cond->ngroups = json_count(list);
}

static const char *
member_text(struct rule_compiler *c, const struct json *j, const char *name)
{
	const struct json	*m = json_get(j, name);
	const char		*text = m == NULL ? NULL : json_string(m);
	size_t			 mark = rule_push(c, name);

	if (m == NULL)
		rule_wrong(c, ERR_F_MISSING);
	else if (text == NULL)
		rule_wrong(c, ERR_F_TYPE);
	else if (text[0] == '\0' || strlen(text) > RULE_TEXT_MAX)
		rule_wrong(c, text[0] == '\0' ? ERR_F_SHORT : ERR_F_LONG);
	else
		text = arena_strdup(c->arena, text);
	rule_pop(c, mark);
	return (text);
}

/* An expression that is true, false or unknown. Never NULL; mistakes are noted. */
const struct rule_node *
rule_answer_of(struct rule_compiler *c, const struct json *j)
{
	const struct rule_op_row	*row = rule_find_op(c, j, answer_ops, NITEMS(answer_ops));
	struct rule_node	*n = rule_node_new(c, row == NULL ? OP_ALL : row->op, 0);
	const struct json	*arg;
	size_t			 mark;

	n->type = RULE_BOOL;
	if (row == NULL || !rule_enter(c))
		return (n);
	arg = json_value(j, 0);
	mark = rule_push(c, row->name);
	if (row->op == OP_IS) {
		n->slot = rule_fact_slot(c, arg);
		if (n->slot != -1 && c->set->catalogue[n->slot].type != RULE_BOOL)
			rule_wrong(c, ERR_F_TYPE);
	} else if (row->op == OP_NOT) {
		n->kids = arena_alloc(c->arena, sizeof(*n->kids));
		n->kids[n->nkids++] = rule_answer_of(c, arg);
	} else
		answer_operator(c, n, row, arg);
	rule_pop(c, mark);
	c->depth--;
	return (n);
}

static void
answer_operator(struct rule_compiler *c, struct rule_node *n, const struct rule_op_row *row,
    const struct json *arg)
{
	if (!json_is_array(arg))
		rule_wrong(c, ERR_F_TYPE);
	else if (json_count(arg) < row->least || json_count(arg) > row->most)
		rule_wrong(c, ERR_F_COUNT);
	else if (row->op == OP_IN)
		in_operands(c, n, arg);
	else if (row->op == OP_UNDER)
		rule_under_operands(c, n, arg);
	else
		answer_operands(c, n, arg);
}

static void
answer_operands(struct rule_compiler *c, struct rule_node *n, const struct json *list)
{
	bool	answers = n->op == OP_ALL || n->op == OP_ANY;
	size_t	had = c->errors->count, i, at;

	n->kids = arena_alloc(c->arena, json_count(list) * sizeof(*n->kids));
	for (i = 0; i < json_count(list); i++) {
		at = rule_push_index(c, i);
		n->kids[n->nkids++] = answers ? rule_answer_of(c, json_at(list, i)) :
		    rule_value_of(c, json_at(list, i));
		rule_pop(c, at);
	}
	if (!answers && c->errors->count == had)
		same_types(c, n);
}

/* Only like is compared with like; texts only for being equal. */
static void
same_types(struct rule_compiler *c, const struct rule_node *n)
{
	enum rule_type	type = n->kids[0]->type;
	size_t		i;

	for (i = 0; i < n->nkids; i++) {
		if (n->kids[i]->type != type || type == RULE_DAYS || type == RULE_BOOL ||
		    (type == RULE_TEXT && n->op != OP_EQ && n->op != OP_NE && n->op != OP_IN)) {
			rule_wrong(c, ERR_F_TYPE);
			return;
		}
	}
}

/* [value, [literal, …]]: kids are the value, then the literals. */
static void
in_operands(struct rule_compiler *c, struct rule_node *n, const struct json *list)
{
	const struct json	*choices = json_at(list, 1);
	size_t			 had = c->errors->count, i, at = rule_push_index(c, 0);

	n->kids = arena_alloc(c->arena, (RULE_KIDS_MAX + 1) * sizeof(*n->kids));
	n->kids[n->nkids++] = rule_value_of(c, json_at(list, 0));
	rule_pop(c, at);
	at = rule_push_index(c, 1);
	if (!json_is_array(choices))
		rule_wrong(c, ERR_F_TYPE);
	else if (json_count(choices) == 0 || json_count(choices) > RULE_KIDS_MAX)
		rule_wrong(c, ERR_F_COUNT);
	else {
		for (i = 0; i < json_count(choices); i++)
			n->kids[n->nkids++] = rule_value_of(c, json_at(choices, i));
		if (c->errors->count == had)
			same_types(c, n);
	}
	rule_pop(c, at);
}
