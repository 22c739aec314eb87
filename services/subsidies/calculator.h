/*
 * calculator.h -- what one policy would give, as the policy calculator
 * (政策计算器) shows it: verdict, amount, and every condition as met, unmet or
 * unknown, in words. calculator.c answers for who is signed in and for facts
 * that are only stated; both write items by this.
 */
#ifndef SUBSIDIES_CALCULATOR_H
#define SUBSIDIES_CALCULATOR_H

#include "http/call.h"
#include "policy.h"

/* What was judged; all may be NULL: nothing yet that the policy could be about. */
struct calc_about {
	const char	*subject_id;
	int32_t		 subject_on;	/* DAY_NONE: no subject */
	const char	*period;
	bool		 taken;		/* its share is already somebody's claim */
	bool		 sees_person;	/* an employer is not shown facts about its people */
	size_t		 eligible;	/* how many such things qualify */
};

extern const struct shape calc_item_shape[];

void	calc_item(struct json_out *, struct arena *, const struct policy *, const struct judgement *,
	    const struct calc_about *);

#endif
