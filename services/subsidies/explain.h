/*
 * explain.h -- writes the member `lines`: what was decided and why, a Chinese
 * sentence each.
 */
#ifndef SUBSIDIES_EXPLAIN_H
#define SUBSIDIES_EXPLAIN_H

#include "policy.h"

void	explain(struct json_out *, struct arena *, const struct policy *,
	    const struct judgement *, bool sees_person);

#endif
