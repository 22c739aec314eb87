/*
 * policy_parts.c -- the amount, the hands, the holds and the evidence of a
 * policy document.
 *
 * Invariant: the three hands stand in their order and every amount has
 * somebody to sign for it; evidence proves conditions that exist.
 */
#include "policy_priv.h"

static void	 amount_fixed(struct policy_reader *, const struct json *);
static void	 amount_rule(struct policy_reader *, const struct json *);
static bool	 cents(struct policy_reader *, const struct json *, const char *, int64_t *);
static void	 read_step(struct policy_reader *, const struct json *, size_t);
static void	 read_tier(struct policy_reader *, const struct json *, struct policy_step *,
		    const char *);
static void	 read_hold(struct policy_reader *, const struct json *, struct policy_hold *, size_t);
static void	 read_evidence(struct policy_reader *, const struct json *, struct policy_evidence *,
		    size_t);
static void	 proven(struct policy_reader *, const struct json *, struct policy_evidence *,
		    const char *);
static const char *word(struct policy_reader *, const struct json *, size_t, const char *);
static const struct json *list(struct policy_reader *, const char *, const char *, size_t);

#define LIST_MAX	16

/* Null is 未设定: eligible people are found, nobody is paid. */
void
policy_read_amount(struct policy_reader *r, const struct json *document)
{
	const struct json	*j = json_get(document, "amount");
	const char		*kind;

	r->policy->cap_cents = -1;
	if (j == NULL) {
		policy_wrong(r, ERR_F_MISSING, "/amount");
		return;
	}
	if (json_is_null(j))
		return;
	kind = json_string(json_get(j, "kind"));
	if (kind != NULL && strcmp(kind, "fixed") == 0)
		amount_fixed(r, j);
	else if (kind != NULL && strcmp(kind, "rule") == 0)
		amount_rule(r, j);
	else
		policy_wrong(r, ERR_F_CHOICE, "/amount/kind");
}

/* {kind, amount_cents: n or null} */
static void
amount_fixed(struct policy_reader *r, const struct json *j)
{
	const struct json	*n = json_get(j, "amount_cents");

	if (n == NULL || json_count(j) != 2)
		policy_wrong(r, n == NULL ? ERR_F_MISSING : ERR_F_UNKNOWN, "/amount");
	if (n != NULL && !json_is_null(n))
		r->policy->has_amount = cents(r, n, "/amount/amount_cents", &r->policy->amount_cents);
}

/* {kind, rule: expression or null, cap_cents: n or null} */
static void
amount_rule(struct policy_reader *r, const struct json *j)
{
	const struct json	*rule = json_get(j, "rule"), *cap = json_get(j, "cap_cents");
	rule_mask		 facts;

	if (rule == NULL || json_count(j) != (cap == NULL ? 2U : 3U))
		policy_wrong(r, rule == NULL ? ERR_F_MISSING : ERR_F_UNKNOWN, "/amount");
	if (cap != NULL && !json_is_null(cap) &&
	    !cents(r, cap, "/amount/cap_cents", &r->policy->cap_cents))
		return;
	if (rule == NULL || json_is_null(rule))
		return;
	/* The set is this compilation's own until it is done. */
	r->policy->amount_rule = rule_compile_number(r->arena, (struct rule_set *)r->policy->rules,
	    rule, "/amount/rule", r->codes, &facts, r->errors);
	r->policy->facts |= facts;
	r->policy->has_amount = true;
}

static bool
cents(struct policy_reader *r, const struct json *j, const char *pointer, int64_t *out)
{
	if (!json_integer(j, out))
		policy_wrong(r, ERR_F_TYPE, pointer);
	else if (*out < 1 || *out > POLICY_AMOUNT_MAX)
		policy_wrong(r, *out < 1 ? ERR_F_SMALL : ERR_F_LARGE, pointer);
	else
		return (true);
	return (false);
}

static const struct json *
list(struct policy_reader *r, const char *text, const char *pointer, size_t exactly)
{
	const struct json	*j = json_parse(r->arena, text, strlen(text));

	if (!json_is_array(j))
		policy_wrong(r, ERR_F_TYPE, pointer);
	else if (exactly > 0 ? json_count(j) != exactly : json_count(j) > LIST_MAX)
		policy_wrong(r, ERR_F_COUNT, pointer);
	else
		return (j);
	return (NULL);
}

/* Names of the three hands, or {step, tiers}. A name alone: the county, any amount. */
void
policy_read_approval(struct policy_reader *r, const char *text)
{
	const struct json	*j = list(r, text, "/approval", POLICY_STEPS);
	size_t			 i;

	for (i = 0; j != NULL && i < POLICY_STEPS; i++)
		read_step(r, json_at(j, i), i);
}

static void
read_step(struct policy_reader *r, const struct json *j, size_t i)
{
	static const char *const	 names[] = { "first_review", "recheck", "approve" };
	struct policy_step		*s = &r->policy->approval[i];
	const struct json		*tiers = json_get(j, "tiers");
	const char			*at = arena_printf(r->arena, "/approval/%zu", i);
	size_t				 k;

	s->step = json_is_object(j) ? json_string(json_get(j, "step")) : json_string(j);
	if (s->step == NULL || strcmp(s->step, names[i]) != 0)
		policy_wrong(r, ERR_F_CHOICE, at);
	s->tiers[0].up_to_cents = -1;
	s->ntiers = 1;
	if (!json_is_object(j))
		return;
	at = arena_printf(r->arena, "%s/tiers", at);
	if (!json_is_array(tiers) || json_count(tiers) == 0 || json_count(tiers) > POLICY_TIERS ||
	    json_count(j) != 2) {
		policy_wrong(r, ERR_F_COUNT, at);
		return;
	}
	for (k = s->ntiers = 0; k < json_count(tiers); k++)
		read_tier(r, json_at(tiers, k), s, arena_printf(r->arena, "%s/%zu", at, k));
	if (s->tiers[s->ntiers - 1].up_to_cents != -1)
		policy_wrong(r, ERR_F_MISSING, at);
}

static void
read_tier(struct policy_reader *r, const struct json *j, struct policy_step *s, const char *at)
{
	static const char *const	 levels[] = { "county", "city", NULL };
	struct policy_tier		*t = &s->tiers[s->ntiers];
	const struct json		*up_to = json_get(j, "up_to_cents");
	const char			*level;

	level = policy_choice(r, json_get(j, "level"), levels,
	    arena_printf(r->arena, "%s/level", at));
	t->city = level != NULL && strcmp(level, "city") == 0;
	t->up_to_cents = -1;
	if (up_to != NULL && !json_is_null(up_to) &&
	    !cents(r, up_to, arena_printf(r->arena, "%s/up_to_cents", at), &t->up_to_cents))
		t->up_to_cents = -1;
	else if (s->ntiers > 0 && (t[-1].up_to_cents == -1 ||
	    (t->up_to_cents != -1 && t->up_to_cents <= t[-1].up_to_cents)))
		policy_wrong(r, ERR_F_SMALL, arena_printf(r->arena, "%s/up_to_cents", at));
	if (json_count(j) != (up_to == NULL ? 1U : 2U))
		policy_wrong(r, ERR_F_UNKNOWN, at);
	s->ntiers++;
}

void
policy_read_holds(struct policy_reader *r, const char *text)
{
	const struct json	*j;
	struct policy_hold	*holds;
	size_t			 i;

	if (text == NULL) {
		holds = arena_zalloc(r->arena, sizeof(*holds));
		*holds = (struct policy_hold){ r->policy->benefit_family, "person", "ever", 1 };
		r->policy->holds = holds;
		r->policy->nholds = 1;
		return;
	}
	if ((j = list(r, text, "/holds", 0)) == NULL)
		return;
	holds = arena_zalloc(r->arena, (json_count(j) + 1) * sizeof(*holds));
	for (i = 0; i < json_count(j); i++)
		read_hold(r, json_at(j, i), &holds[i], i);
	r->policy->holds = holds;
	r->policy->nholds = json_count(j);
}

static void
read_hold(struct policy_reader *r, const struct json *j, struct policy_hold *h, size_t i)
{
	static const char *const	 holders[] = { "person", "org", "subject", NULL };
	static const char *const	 spans[] = { "ever", "period", "year", NULL };
	const char			*at = arena_printf(r->arena, "/holds/%zu", i);
	const struct json		*times = json_get(j, "times");

	h->family = word(r, json_get(j, "family"), 40, arena_printf(r->arena, "%s/family", at));
	h->holder = policy_choice(r, json_get(j, "holder"), holders,
	    arena_printf(r->arena, "%s/holder", at));
	h->over = policy_choice(r, json_get(j, "over"), spans, arena_printf(r->arena, "%s/over", at));
	h->times = 1;
	if (times != NULL && (!json_integer(times, &h->times) || h->times < 1 || h->times > 1000))
		policy_wrong(r, ERR_F_SMALL, arena_printf(r->arena, "%s/times", at));
	if (json_count(j) != (times == NULL ? 3U : 4U))
		policy_wrong(r, ERR_F_UNKNOWN, at);
}

static const char *
word(struct policy_reader *r, const struct json *j, size_t most, const char *pointer)
{
	const char	*text = j == NULL ? NULL : json_string(j);

	if (text == NULL)
		policy_wrong(r, j == NULL ? ERR_F_MISSING : ERR_F_TYPE, pointer);
	else if (text[0] == '\0' || strlen(text) > most)
		policy_wrong(r, text[0] == '\0' ? ERR_F_SHORT : ERR_F_LONG, pointer);
	return (text == NULL ? "" : text);
}

/* For people: a word of the first form, or {times, over}. The holds are what counts. */
void
policy_read_frequency(struct policy_reader *r, const char *text)
{
	static const char *const	 words[] = { "once_per_person_ever", NULL };
	static const char *const	 spans[] = { "ever", "year", "quarter", "month", "subject", NULL };
	const struct json		*j = json_parse(r->arena, text, strlen(text));
	int64_t				 times;

	if (!json_is_object(j)) {
		(void)policy_choice(r, j, words, "/frequency");
		return;
	}
	(void)policy_choice(r, json_get(j, "over"), spans, "/frequency/over");
	if (!json_integer(json_get(j, "times"), &times) || times < 1 || times > 1000)
		policy_wrong(r, ERR_F_TYPE, "/frequency/times");
	if (json_count(j) != 2)
		policy_wrong(r, ERR_F_UNKNOWN, "/frequency");
}

void
policy_read_evidence(struct policy_reader *r, const char *text)
{
	const struct json	*j = list(r, text, "/evidence", 0);
	struct policy_evidence	*rows;
	size_t			 i;

	if (j == NULL)
		return;
	rows = arena_zalloc(r->arena, (json_count(j) + 1) * sizeof(*rows));
	for (i = 0; i < json_count(j); i++)
		read_evidence(r, json_at(j, i), &rows[i], i);
	r->policy->evidence = rows;
	r->policy->nevidence = json_count(j);
}

static void
read_evidence(struct policy_reader *r, const struct json *j, struct policy_evidence *e, size_t i)
{
	static const char *const	 whens[] = { "always", "unknown", NULL };
	const char			*at = arena_printf(r->arena, "/evidence/%zu", i), *when;
	const struct json		*conditions = json_get(j, "conditions");

	e->code = word(r, json_get(j, "code"), 40, arena_printf(r->arena, "%s/code", at));
	e->title = word(r, json_get(j, "title"), 200, arena_printf(r->arena, "%s/title", at));
	when = policy_choice(r, json_get(j, "when"), whens, arena_printf(r->arena, "%s/when", at));
	e->always = when != NULL && strcmp(when, "always") == 0;
	if (conditions != NULL)
		proven(r, conditions, e, arena_printf(r->arena, "%s/conditions", at));
	else if (!e->always)
		policy_wrong(r, ERR_F_MISSING, arena_printf(r->arena, "%s/conditions", at));
	if (json_count(j) != (conditions == NULL ? 3U : 4U))
		policy_wrong(r, ERR_F_UNKNOWN, at);
}

static void
proven(struct policy_reader *r, const struct json *list, struct policy_evidence *e, const char *at)
{
	const struct rule_set	*set = r->policy->rules;
	const char		**codes, *code;
	size_t			 i, k;

	if (!json_is_array(list) || json_count(list) == 0 || json_count(list) > RULE_CONDITIONS_MAX) {
		policy_wrong(r, ERR_F_COUNT, at);
		return;
	}
	e->conditions = codes = arena_zalloc(r->arena, json_count(list) * sizeof(*codes));
	e->nconditions = json_count(list);
	for (i = 0; i < e->nconditions; i++) {
		code = json_string(json_at(list, i));
		for (k = 0; k < set->count && code != NULL; k++) {
			if (strcmp(set->conditions[k].code, code) == 0)
				codes[i] = set->conditions[k].code;
		}
		if (codes[i] == NULL)
			policy_wrong(r, ERR_F_CHOICE, arena_printf(r->arena, "%s/%zu", at, i));
	}
}
