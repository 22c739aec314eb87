/*
 * recovery_plan.h -- the arithmetic of paying back in parts and of keeping
 * back from another payment. Cents and days only; no database, no request.
 */
#ifndef SUBSIDIES_RECOVERY_PLAN_H
#define SUBSIDIES_RECOVERY_PLAN_H

#include "base/base.h"

#define PLAN_LINES	36		/* instalments at most */

struct plan_line {
	int32_t	due_on;			/* day number */
	int64_t	amount_cents;
};

enum plan_fault { PLAN_SOUND, PLAN_EMPTY, PLAN_AMOUNT, PLAN_PAST, PLAN_ORDER, PLAN_SUM };

/*
 * Dated after `today`, each later than the one before, each above zero, and
 * all together exactly what is left. `*at`: the line at fault.
 */
enum plan_fault	plan_check(const struct plan_line *, size_t n, int64_t left_cents, int32_t today,
		    size_t *at) MUST_CHECK;
/* What should have come before `today` beyond what came: never below zero. */
int64_t		plan_late(const struct plan_line *, size_t n, int64_t came_cents, int32_t today);
/* How much of a payment may be kept back for a debt: none of it is negative. */
int64_t		offset_take(int64_t left_cents, int64_t payment_cents);

#endif
