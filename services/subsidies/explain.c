/*
 * explain.c -- a decision in plain Chinese, for the officer who must defend
 * it, the employer and the person it is about.
 *
 * Invariant: the text is made from the stored facts and the stored version by
 * judging again, so it cannot tell another story than the decision. Facts
 * about the person are left out for the employer.
 */
#include "explain.h"

static void	 write_verdict(struct json_out *, struct arena *, const struct policy *,
		    const struct judgement *);
static const char *condition_text(struct arena *, const struct rule_condition *,
		    const struct rule_answer *);
static const char *shown_facts(struct arena *, rule_mask, const struct judgement *, bool);
static const char *yuan(struct arena *, int64_t);

void
explain(struct json_out *out, struct arena *arena, const struct policy *p,
    const struct judgement *j, bool sees_person)
{
	size_t	i;

	json_open_list(out, "lines");
	json_put_text(out, NULL, arena_printf(arena, "政策：%s（%s），第%lld版", p->title,
	    p->legal_basis, (long long)p->version));
	write_verdict(out, arena, p, j);
	for (i = 0; i < p->rules->count; i++)
		json_put_text(out, NULL, explain_condition(arena, p, j, i, sees_person));
	if (j->has_amount)
		json_put_text(out, NULL, arena_printf(arena, "计算：1人 × %s元 = %s元",
		    yuan(arena, p->amount_cents), yuan(arena, j->amount_cents)));
	json_put_text(out, NULL, arena_printf(arena, "规则指纹：%s", p->hash));
	json_close_list(out);
}

static void
write_verdict(struct json_out *out, struct arena *arena, const struct policy *p,
    const struct judgement *j)
{
	const struct rule_condition	*c;

	if (j->result.verdict == RULE_ELIGIBLE && j->reason == NULL) {
		json_put_text(out, NULL, j->has_amount ?
		    arena_printf(arena, "结论：符合条件，补贴%s元", yuan(arena, j->amount_cents)) :
		    "结论：符合条件，补贴标准未设定，暂不发放");
		return;
	}
	if (j->result.decided_by == -1) {
		json_put_text(out, NULL, "结论：暂不能确定——金额所需资料不全，资料齐全后自动计算");
		return;
	}
	c = &p->rules->conditions[j->result.decided_by];
	json_put_text(out, NULL, j->result.verdict == RULE_REFUSED ?
	    arena_printf(arena, "结论：不符合条件——%s", c->refusal) :
	    arena_printf(arena, "结论：暂不能确定——%s，资料齐全后自动重新判断", c->title));
}

const char *
explain_condition(struct arena *arena, const struct policy *p, const struct judgement *j, size_t i,
    bool sees_person)
{
	static const char *const	marks[] = { "✗", "✓", "？" };
	const struct rule_condition	*c = &p->rules->conditions[i];
	const struct rule_answer	*a = &j->result.answers[i];
	const char			*facts = shown_facts(arena, c->facts, j, sees_person);

	return (arena_printf(arena, "%s %s%s%s%s", marks[a->holds], condition_text(arena, c, a),
	    facts[0] != '\0' ? "（" : "", facts, facts[0] != '\0' ? "）" : ""));
}

static const char *
condition_text(struct arena *arena, const struct rule_condition *c, const struct rule_answer *a)
{
	const char	*out;
	size_t		 i;

	if (a->holds == TRI_FALSE)
		return (c->refusal);
	if (a->group != -1)
		return (arena_printf(arena, "%s：%s", c->title, c->groups[a->group].title));
	if (a->holds == TRI_TRUE)
		return (c->title);
	out = arena_printf(arena, "%s，尚缺：", c->title);
	for (i = 0; i < facts_count; i++) {
		if ((a->missing >> i & 1) != 0)
			out = arena_printf(arena, "%s%s ", out, facts_catalogue[i].title);
	}
	return (out);
}

static const char *
shown_facts(struct arena *arena, rule_mask facts, const struct judgement *j, bool sees_person)
{
	const char	*out = "";
	size_t		 i;

	for (i = 0; i < facts_count; i++) {
		if ((facts >> i & 1) == 0 || !j->facts[i].known ||
		    (facts_catalogue[i].personal && !sees_person))
			continue;
		out = arena_printf(arena, "%s%s%s", out, out[0] == '\0' ? "" : "；",
		    facts_show(arena, (int)i, &j->facts[i]));
	}
	return (out);
}

static const char *
yuan(struct arena *arena, int64_t cents)
{
	return (arena_printf(arena, "%lld.%02lld", (long long)(cents / 100),
	    (long long)(cents % 100)));
}
