/*
 * rule_report.c -- where the compiler is in the document, and what is wrong
 * there; bounds on depth and size.
 */
#include "rule_priv.h"

#include "http/errors.h"

/* The operator is the only member of its object. */
const struct rule_op_row *
rule_find_op(struct rule_compiler *c, const struct json *j, const struct rule_op_row *rows, size_t n)
{
	size_t	i;

	if (j == NULL || !json_is_object(j) || json_count(j) != 1) {
		rule_wrong(c, ERR_F_TYPE);
		return (NULL);
	}
	for (i = 0; i < n; i++) {
		if (strcmp(rows[i].name, json_key(j, 0)) == 0)
			return (&rows[i]);
	}
	rule_wrong(c, ERR_F_CHOICE);
	return (NULL);
}

struct rule_node *
rule_node_new(struct rule_compiler *c, enum rule_op op, size_t kids)
{
	struct rule_node	*n = arena_zalloc(c->arena, sizeof(*n));

	n->op = op;
	n->slot = n->also = -1;
	if (kids > 0)
		n->kids = arena_zalloc(c->arena, kids * sizeof(*n->kids));
	c->nodes++;
	return (n);
}

/* False when the rule is too deep or too large to go on. */
bool
rule_enter(struct rule_compiler *c)
{
	if (c->depth >= RULE_DEPTH_MAX || c->nodes > RULE_NODES_MAX) {
		rule_wrong(c, ERR_F_DEPTH);
		return (false);
	}
	c->depth++;
	return (true);
}

size_t
rule_push(struct rule_compiler *c, const char *name)
{
	size_t	mark = c->path_len;
	int	n = snprintf(c->path + mark, sizeof(c->path) - mark, "/%s", name);

	if (n > 0 && mark + (size_t)n < sizeof(c->path))
		c->path_len = mark + (size_t)n;
	return (mark);
}

size_t
rule_push_index(struct rule_compiler *c, size_t i)
{
	char	number[24];

	snprintf(number, sizeof(number), "%zu", i);
	return (rule_push(c, number));
}

void
rule_pop(struct rule_compiler *c, size_t mark)
{
	c->path_len = mark;
	c->path[mark] = '\0';
}

void
rule_wrong(struct rule_compiler *c, int code)
{
	struct json_error	*e;

	if (c->errors->count == JSON_ERRORS_MAX)
		return;
	e = &c->errors->list[c->errors->count++];
	e->pointer = arena_strdup(c->arena, c->path);
	e->code = code;
}
