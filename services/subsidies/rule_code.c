/*
 * rule_code.c -- whether a code is below another of its classification.
 *
 * Invariant: answered from the codes themselves, so that a decision replays
 * the same after a table has been renewed; only areas are asked of codes.h,
 * by jurisdiction: the towns of a functional zone carry another's digits.
 */
#include "rule_priv.h"

#include "codes/codes.h"
#include "http/errors.h"

static bool	 industry_under(const char *, const char *);
static enum rule_codes codes_of(const char *);

static const char *const lists[] = { [CODES_NONE] = "", [CODES_OCCUPATIONS] = "occupations",
	[CODES_INDUSTRIES] = "industries", [CODES_AREAS] = "areas",
	[CODES_EDUCATION] = "education_levels" };

/* First and last division of each section of GB/T 4754-2017. */
static const struct { char section; int first, last; } sections[] = {
	{ 'A', 1, 5 }, { 'B', 6, 12 }, { 'C', 13, 43 }, { 'D', 44, 46 }, { 'E', 47, 50 },
	{ 'F', 51, 52 }, { 'G', 53, 60 }, { 'H', 61, 62 }, { 'I', 63, 65 }, { 'J', 66, 69 },
	{ 'K', 70, 70 }, { 'L', 71, 72 }, { 'M', 73, 75 }, { 'N', 76, 79 }, { 'O', 80, 82 },
	{ 'P', 83, 83 }, { 'Q', 84, 85 }, { 'R', 86, 90 }, { 'S', 91, 96 }, { 'T', 97, 97 },
};

/* The code itself counts as below. */
bool
rule_code_under(enum rule_codes codes, const char *code, const char *top)
{
	size_t	len = strlen(top);

	switch (codes) {
	case CODES_AREAS:
		return (area_within(code, top));
	case CODES_INDUSTRIES:
		return (industry_under(code, top));
	case CODES_EDUCATION:
		if (len == 2 && top[1] == '0')
			return (code[0] == top[0]);
		return (strcmp(code, top) == 0);
	default:
		return (strncmp(code, top, len) == 0 && (code[len] == '\0' || code[len] == '-'));
	}
}

/* Sections are letters, which their divisions do not carry. */
static bool
industry_under(const char *code, const char *top)
{
	int	division;
	size_t	i;

	if (top[0] >= '0' && top[0] <= '9')
		return (strncmp(code, top, strlen(top)) == 0);
	if (code[0] < '0' || code[0] > '9' || code[1] < '0' || code[1] > '9')
		return (strcmp(code, top) == 0);
	division = (code[0] - '0') * 10 + code[1] - '0';
	for (i = 0; i < NITEMS(sections); i++) {
		if (sections[i].section == top[0])
			return (division >= sections[i].first && division <= sections[i].last);
	}
	return (false);
}

/* [text fact, [code, …]]: kids are the value, then the codes. */
void
rule_under_operands(struct rule_compiler *c, struct rule_node *n, const struct json *list)
{
	const struct json	*choices = json_at(list, 1);
	const struct rule_node	*v;
	size_t			 i, at = rule_push_index(c, 0), in;

	n->kids = arena_alloc(c->arena, (RULE_KIDS_MAX + 1) * sizeof(*n->kids));
	n->kids[n->nkids++] = v = rule_typed(c, json_at(list, 0), RULE_TEXT);
	if (v->op == OP_FACT && v->slot != -1)
		n->number = codes_of(c->set->catalogue[v->slot].codes);
	if (n->number == CODES_NONE && v->type == RULE_TEXT)
		rule_wrong(c, ERR_F_TYPE);
	rule_pop(c, at);
	at = rule_push_index(c, 1);
	if (!json_is_array(choices))
		rule_wrong(c, ERR_F_TYPE);
	else if (json_count(choices) == 0 || json_count(choices) > RULE_KIDS_MAX)
		rule_wrong(c, ERR_F_COUNT);
	for (i = 0; i < json_count(choices) && json_is_array(choices) && i < RULE_KIDS_MAX; i++) {
		in = rule_push_index(c, i);
		n->kids[n->nkids++] = v = rule_typed(c, json_at(choices, i), RULE_TEXT);
		if (v->type == RULE_TEXT && v->op != OP_TEXT)
			rule_wrong(c, ERR_F_TYPE);
		else if (v->op == OP_TEXT && c->codes && n->number != CODES_NONE &&
		    !rule_code_known(n->number, v->text))
			rule_wrong(c, ERR_F_CHOICE);
		rule_pop(c, in);
	}
	rule_pop(c, at);
}

static enum rule_codes
codes_of(const char *list)
{
	size_t	i;

	for (i = CODES_OCCUPATIONS; list != NULL && i < NITEMS(lists); i++) {
		if (strcmp(lists[i], list) == 0)
			return ((enum rule_codes)i);
	}
	return (CODES_NONE);
}

bool
rule_code_known(int64_t codes, const char *code)
{
	const struct code_list	*list = code_list_named(lists[codes], strlen(lists[codes]));
	struct code_item	 item;

	return (list != NULL && code_list_find(list, code, &item));
}
