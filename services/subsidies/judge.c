/*
 * judge.c -- from facts to a decision's results, always by the same path.
 *
 * Invariant: the results are a function of the version and the facts text
 * alone: no clock, no database, members in a fixed order. That is what a
 * replay compares byte for byte.
 */
#include "policy.h"

#define RESULTS_MAX	65536

static const char *results_write(struct arena *, const struct policy *, const struct judgement *);
static void	 write_condition(struct json_out *, const struct rule_set *,
		    const struct rule_condition *, const struct rule_answer *);
static void	 write_amount(struct json_out *, const struct judgement *);

bool
policy_judge(struct arena *arena, const struct policy *p, const char *facts,
    struct judgement *out)
{
	memset(out, 0, sizeof(*out));
	if (!facts_load(arena, facts, out->facts))
		return (false);
	rule_judge(p->rules, out->facts, &out->result);
	out->verdict = rule_verdict_name(out->result.verdict);
	if (out->result.decided_by != -1)
		out->reason = p->rules->conditions[out->result.decided_by].code;
	out->has_amount = out->result.verdict == RULE_ELIGIBLE && p->has_amount;
	if (out->has_amount)
		out->amount_cents = p->amount_cents;
	out->results = results_write(arena, p, out);
	return (out->results != NULL);
}

static const char *
results_write(struct arena *arena, const struct policy *p, const struct judgement *j)
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
	write_amount(&out, j);
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
	size_t	i;

	json_open(out, NULL);
	json_put_text(out, "code", cond->code);
	if (a->holds == TRI_UNKNOWN)
		json_put_raw(out, "holds", "null");
	else
		json_put_bool(out, "holds", a->holds == TRI_TRUE);
	if (a->group != -1)
		json_put_text(out, "group", cond->groups[a->group].code);
	if (a->holds == TRI_UNKNOWN) {
		json_open_list(out, "missing");
		for (i = 0; i < set->nfacts; i++) {
			if ((a->missing >> i & 1) != 0)
				json_put_text(out, NULL, set->catalogue[i].name);
		}
		json_close_list(out);
	}
	json_close(out);
}

/* One person, one fixed sum: the arithmetic is written out all the same. */
static void
write_amount(struct json_out *out, const struct judgement *j)
{
	if (!j->has_amount) {
		json_put_raw(out, "amount", "null");
		return;
	}
	json_open(out, "amount");
	json_put_text(out, "kind", "fixed");
	json_put_int(out, "unit_cents", j->amount_cents);
	json_put_int(out, "quantity", 1);
	json_put_int(out, "amount_cents", j->amount_cents);
	json_close(out);
}
