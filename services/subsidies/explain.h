/*
 * explain.h -- writes the member `lines`: what was decided and why, a Chinese
 * sentence each.
 */
#ifndef SUBSIDIES_EXPLAIN_H
#define SUBSIDIES_EXPLAIN_H

#include "policy.h"

/* The employer sees nothing about the person; the officer sees the rules as well. */
enum explain_for { EXPLAIN_EMPLOYER, EXPLAIN_PERSON, EXPLAIN_OFFICER };

void	explain(struct json_out *, struct arena *, const struct policy *,
	    const struct judgement *, enum explain_for);

/* One condition as a line: "✓ 招用日期在政策执行期内（招用日期 2024-07-01）". */
const char *explain_condition(struct arena *, const struct policy *, const struct judgement *,
	    size_t, bool sees_person);

/* ---- words of an expression (explain_rule.c, explain_value.c) ---- */
struct words {
	struct arena			*arena;
	const struct rule_set		*set;
	const struct rule_value		*facts;	/* values in place of names; NULL: names */
};

/* "招用日期不早于2024-01-01且单位类型为企业" */
const char *explain_rule(const struct words *, const struct rule_node *);
/* "个人实缴社会保险费1000.00元×2÷3"; `money`: its numbers are 分. */
const char *explain_value(const struct words *, const struct rule_node *, bool money);

/* One condition as a line: "✓ 招用日期在政策执行期内（招用日期 2024-07-01）". */
const char *explain_condition(struct arena *, const struct policy *, const struct judgement *,
	    size_t, bool sees_person);

#endif
