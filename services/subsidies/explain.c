/*
 * explain.c -- a decision in plain Chinese, for the officer who must defend
 * it, the employer and the person it is about.
 *
 * Invariant: the text is made from the stored facts and the stored version by
 * judging again, so it cannot tell another story than the decision. Facts
 * about the person are left out for the employer.
 */
#include "explain.h"

#include "rule_priv.h"

static void	 write_subject(struct json_out *, struct arena *, const struct policy *,
		    const struct judgement *, bool);
static const char *verdict_line(struct arena *, const struct policy *, const struct judgement *);
static void	 write_conditions(struct json_out *, struct arena *, const struct policy *,
		    const struct judgement *, enum explain_for);
static const char *condition_rule(struct arena *, const struct policy *, size_t);
static const char *condition_text(struct arena *, const struct rule_condition *,
		    const struct rule_answer *);
static const char *shown_facts(struct arena *, rule_mask, const struct judgement *, bool);
static const char *missing_facts(struct arena *, rule_mask);
static void	 write_amount(struct json_out *, struct arena *, const struct policy *,
		    const struct judgement *);
static bool	 rounds_down(const struct rule_node *);
static void	 write_evidence(struct json_out *, struct arena *, const struct policy *,
		    const struct judgement *);

void
explain(struct json_out *out, struct arena *arena, const struct policy *p,
    const struct judgement *j, enum explain_for who)
{
	json_open_list(out, "lines");
	json_put_text(out, NULL, arena_printf(arena, "政策：%s（%s），第%lld版", p->title,
	    p->legal_basis, (long long)p->version));
	write_subject(out, arena, p, j, who != EXPLAIN_EMPLOYER);
	json_put_text(out, NULL, verdict_line(arena, p, j));
	write_conditions(out, arena, p, j, who);
	if (j->result.verdict == RULE_ELIGIBLE)
		write_amount(out, arena, p, j);
	write_evidence(out, arena, p, j);
	json_put_text(out, NULL, arena_printf(arena, "规则指纹：%s", p->hash));
	json_close_list(out);
}

/* What was judged: "对象：技能证书（证书核发日期 2025-05-20；证书等级 四级）" */
static void
write_subject(struct json_out *out, struct arena *arena, const struct policy *p,
    const struct judgement *j, bool sees_person)
{
	rule_mask	own = 0;
	const char	*facts;
	size_t		i;

	for (i = 0; i < facts_count; i++) {
		if (facts_catalogue[i].subjects != NULL && facts_catalogue[i].type != RULE_DAYS)
			own |= RULE_SLOT(i);
	}
	facts = shown_facts(arena, own & p->facts, j, sees_person);
	json_put_text(out, NULL, arena_printf(arena, "对象：%s%s%s%s", subject_title(p->subject),
	    facts[0] != '\0' ? "（" : "", facts, facts[0] != '\0' ? "）" : ""));
}

static const char *
verdict_line(struct arena *arena, const struct policy *p, const struct judgement *j)
{
	const struct rule_condition	*c;

	if (j->result.verdict == RULE_ELIGIBLE && j->has_amount)
		return (arena_printf(arena, "结论：符合条件，补贴%s", show_yuan(arena, j->amount_cents)));
	if (j->result.verdict == RULE_ELIGIBLE && j->reason == NULL)
		return ("结论：符合条件，补贴标准未设定，暂不发放");
	if (j->result.verdict == RULE_ELIGIBLE && strcmp(j->verdict, "refused") == 0)
		return ("结论：符合条件，但计算金额为零，不予发放");
	if (j->result.verdict == RULE_ELIGIBLE && j->number.missing == 0)
		return ("结论：符合条件，金额超出自动计算的范围，须人工核实");
	if (j->result.verdict == RULE_ELIGIBLE)
		return (arena_printf(arena, "结论：符合条件，金额暂不能确定——尚缺：%s，资料齐全后自动计算",
		    missing_facts(arena, j->number.missing)));
	c = &p->rules->conditions[j->result.decided_by];
	return (j->result.verdict == RULE_REFUSED ?
	    arena_printf(arena, "结论：不符合条件——%s", c->refusal) :
	    arena_printf(arena, "结论：暂不能确定——%s，资料齐全后自动重新判断", c->title));
}

static void
write_conditions(struct json_out *out, struct arena *arena, const struct policy *p,
    const struct judgement *j, enum explain_for who)
{
	size_t	i;

	for (i = 0; i < p->rules->count; i++) {
		json_put_text(out, NULL, explain_condition(arena, p, j, i, who != EXPLAIN_EMPLOYER));
		if (who == EXPLAIN_OFFICER)
			json_put_text(out, NULL, condition_rule(arena, p, i));
	}
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

/* "　规则：…", an exclusion's as what must not be. */
static const char *
condition_rule(struct arena *arena, const struct policy *p, size_t i)
{
	const struct rule_condition	*c = &p->rules->conditions[i];
	struct words			 w = { arena, p->rules, NULL };
	const char			*out = "";
	size_t				 k;

	if (c->ngroups == 0)
		out = explain_rule(&w, c->rule);
	for (k = 0; k < c->ngroups; k++)
		out = arena_printf(arena, "%s%s%s（%s）", out, k == 0 ? "" : "，或", c->groups[k].title,
		    explain_rule(&w, c->groups[k].rule));
	return (arena_printf(arena, "　规则：%s%s", c->exclusion ? "不得：" : "", out));
}

static const char *
condition_text(struct arena *arena, const struct rule_condition *c, const struct rule_answer *a)
{
	if (a->holds == TRI_FALSE)
		return (c->refusal);
	if (a->group != -1)
		return (arena_printf(arena, "%s：%s", c->title, c->groups[a->group].title));
	if (a->holds == TRI_TRUE)
		return (c->title);
	return (arena_printf(arena, "%s，尚缺：%s", c->title, missing_facts(arena, a->missing)));
}

static const char *
missing_facts(struct arena *arena, rule_mask missing)
{
	const char	*out = "";
	size_t		 i;

	for (i = 0; i < facts_count; i++) {
		if ((missing >> i & 1) != 0)
			out = arena_printf(arena, "%s%s%s", out, out[0] == '\0' ? "" : "、",
			    facts_title(arena, (int)i));
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

/* A fixed sum is a sum for one; a rule is written out with the facts put in. */
static void
write_amount(struct json_out *out, struct arena *arena, const struct policy *p,
    const struct judgement *j)
{
	struct words	w = { arena, p->rules, j->facts };
	const char	*sum = show_yuan(arena, j->amount_cents);

	if (p->amount_rule == NULL && j->has_amount)
		json_put_text(out, NULL, arena_printf(arena, "计算：1人 × %s = %s", sum, sum));
	if (p->amount_rule == NULL || !j->has_amount)
		return;
	json_put_text(out, NULL, arena_printf(arena, "计算：%s = %s%s",
	    explain_value(&w, p->amount_rule, true), show_yuan(arena, j->number.lo),
	    rounds_down(p->amount_rule) ? "（不足1分的舍去）" : ""));
	if (p->cap_cents != -1 && j->number.lo > p->cap_cents)
		json_put_text(out, NULL, arena_printf(arena, "封顶：不超过%s，发放%s",
		    show_yuan(arena, p->cap_cents), sum));
}

static bool
rounds_down(const struct rule_node *n)
{
	size_t	i;

	if (n->op == OP_SHARE)
		return (true);
	for (i = 0; i < n->nkids; i++) {
		if (rounds_down(n->kids[i]))
			return (true);
	}
	return (false);
}

/* What may still be shown by papers. */
static void
write_evidence(struct json_out *out, struct arena *arena, const struct policy *p,
    const struct judgement *j)
{
	const struct policy_evidence	*e;
	const char			*list = "";
	size_t				 i, k;
	bool				 needed;

	for (e = p->evidence; e < p->evidence + p->nevidence; e++) {
		needed = e->always;
		for (i = 0; i < e->nconditions && !needed; i++) {
			for (k = 0; k < p->rules->count && !needed; k++)
				needed = p->rules->conditions[k].code == e->conditions[i] &&
				    j->result.answers[k].holds == TRI_UNKNOWN;
		}
		if (needed)
			list = arena_printf(arena, "%s%s%s", list, list[0] == '\0' ? "" : "；", e->title);
	}
	if (list[0] != '\0' && j->result.verdict != RULE_REFUSED)
		json_put_text(out, NULL, arena_printf(arena, "需要的材料：%s", list));
}
