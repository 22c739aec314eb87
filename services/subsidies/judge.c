/*
 * judge.c -- from facts to a verdict and an amount, and from there to the
 * results that are kept, always by the same path.
 *
 * Invariant: both are functions of the version and the facts alone: no clock,
 * no database, members in a fixed order. That is what a replay compares byte
 * for byte.
 */
#include "policy_priv.h"

#define RESULTS_MAX	65536

static void	 weigh_amount(const struct policy *, struct judgement *);
static void	 decide(struct judgement *, enum rule_verdict);
static void	 write_condition(struct json_out *, const struct rule_set *,
		    const struct rule_condition *, const struct rule_answer *);
static void	 write_missing(struct json_out *, const struct rule_set *, rule_mask);
static void	 write_amount(struct json_out *, const struct policy *, const struct judgement *);

void
policy_weigh(const struct policy *p, const struct rule_value facts[], struct judgement *out)
{
	const struct rule_condition	*c;

	out->facts = facts;
	out->number = (struct rule_number){ 0, 0, 0 };
	out->reason = NULL;
	out->has_amount = false;
	out->amount_cents = 0;
	out->results = NULL;
	rule_judge(p->rules, facts, &out->result);
	out->silent = out->result.silent;
	out->verdict = rule_verdict_name(out->result.verdict);
	if (out->result.decided_by != -1) {
		c = &p->rules->conditions[out->result.decided_by];
		out->reason = c->code;
	} else if (p->has_amount)
		weigh_amount(p, out);
}

bool
policy_concerns(const struct policy *p, const struct rule_value facts[])
{
	return (rule_concerns(p->rules, facts));
}

/* Eligible, and the standard is set: what does it come to? */
static void
weigh_amount(const struct policy *p, struct judgement *out)
{
	struct rule_number	*n = &out->number;
	int64_t			 lo = p->amount_cents, hi = lo;

	if (p->amount_rule != NULL) {
		rule_number(p->rules, p->amount_rule, out->facts, n);
		lo = n->lo;
		hi = n->hi;
		if (p->cap_cents != -1) {
			lo = lo < p->cap_cents ? lo : p->cap_cents;
			hi = hi < p->cap_cents ? hi : p->cap_cents;
		}
	}
	if (hi < 1)
		decide(out, RULE_REFUSED);
	else if (lo != hi || hi > POLICY_AMOUNT_MAX)
		decide(out, RULE_WAITING);
	else {
		out->has_amount = true;
		out->amount_cents = lo;
	}
}

static void
decide(struct judgement *out, enum rule_verdict verdict)
{
	out->verdict = rule_verdict_name(verdict);
	out->reason = REASON_AMOUNT;
}

bool
policy_judge(struct arena *arena, const struct policy *p, const char *text,
    struct judgement *out)
{
	struct rule_value	*facts = arena_alloc(arena, RULE_FACTS_MAX * sizeof(*facts));

	memset(out, 0, sizeof(*out));
	if (!facts_load(arena, text, facts))
		return (false);
	policy_weigh(p, facts, out);
	out->results = policy_results(arena, p, out);
	return (out->results != NULL);
}

const char *
policy_results(struct arena *arena, const struct policy *p, const struct judgement *j)
{
	struct json_out	 out;
	struct buf	 buf;
	const char	*text = NULL;
	size_t		 i;

	buf_init(&buf, RESULTS_MAX);
	json_out_init(&out, &buf);
	json_open(&out, NULL);
	json_put_text(&out, "verdict", j->verdict);
	json_put_text(&out, "reason", j->reason);
	json_open_list(&out, "conditions");
	for (i = 0; i < p->rules->count; i++)
		write_condition(&out, p->rules, &p->rules->conditions[i], &j->result.answers[i]);
	json_close_list(&out);
	write_amount(&out, p, j);
	json_close(&out);
	if (buf_ok(&buf))
		text = arena_strdup(arena, buf_cstr(&buf));
	buf_release(&buf);
	return (text);
}

static void
write_condition(struct json_out *out, const struct rule_set *set,
    const struct rule_condition *cond, const struct rule_answer *a)
{
	json_open(out, NULL);
	json_put_text(out, "code", cond->code);
	if (a->holds == TRI_UNKNOWN)
		json_put_raw(out, "holds", "null");
	else
		json_put_bool(out, "holds", a->holds == TRI_TRUE);
	if (a->group != -1)
		json_put_text(out, "group", cond->groups[a->group].code);
	if (a->holds == TRI_UNKNOWN)
		write_missing(out, set, a->missing);
	json_close(out);
}

static void
write_missing(struct json_out *out, const struct rule_set *set, rule_mask missing)
{
	size_t	i;

	json_open_list(out, "missing");
	for (i = 0; i < set->nfacts; i++) {
		if ((missing >> i & 1) != 0)
			json_put_text(out, NULL, set->catalogue[i].name);
	}
	json_close_list(out);
}

/*
 * A fixed sum: one person, one sum, written out all the same. A rule: step by
 * step, what it came to and what the cap left of it. Not eligible or 未设定: null.
 */
static void
write_amount(struct json_out *out, const struct policy *p, const struct judgement *j)
{
	if (j->result.verdict != RULE_ELIGIBLE || (p->amount_rule == NULL && !j->has_amount)) {
		json_put_raw(out, "amount", "null");
		return;
	}
	json_open(out, "amount");
	json_put_text(out, "kind", p->amount_rule == NULL ? "fixed" : "rule");
	if (p->amount_rule == NULL) {
		json_put_int(out, "unit_cents", j->amount_cents);
		json_put_int(out, "quantity", 1);
	} else {
		json_open_list(out, "steps");
		rule_steps(out, p->rules, p->amount_rule, j->facts);
		json_close_list(out);
		if (p->cap_cents != -1)
			json_put_int(out, "cap_cents", p->cap_cents);
	}
	if (j->has_amount)
		json_put_int(out, "amount_cents", j->amount_cents);
	else {
		json_put_raw(out, "amount_cents", "null");
		write_missing(out, p->rules, j->number.missing);
	}
	json_close(out);
}
