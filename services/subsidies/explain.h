/*
 * explain.h -- writes the member `lines`: what was decided and why, a Chinese
 * sentence each.
 */
#ifndef SUBSIDIES_EXPLAIN_H
#define SUBSIDIES_EXPLAIN_H

#include "policy.h"

void	explain(struct json_out *, struct arena *, const struct policy *,
	    const struct judgement *, bool sees_person);

/* One condition as a line: "✓ 招用日期在政策执行期内（招用日期 2024-07-01）". */
const char *explain_condition(struct arena *, const struct policy *, const struct judgement *,
	    size_t, bool sees_person);

#endif
