/*
 * recovery_plan.c -- see the header. The late sum is computed once more by
 * subsidies.recovery_late(), for lists; a test holds the two together.
 */
#include "recovery_plan.h"

enum plan_fault
plan_check(const struct plan_line *lines, size_t n, int64_t left_cents, int32_t today, size_t *at)
{
	int64_t	sum = 0;
	size_t	i;

	*at = 0;
	if (n == 0)
		return (PLAN_EMPTY);
	for (i = 0; i < n; i++) {
		*at = i;
		if (lines[i].amount_cents <= 0)
			return (PLAN_AMOUNT);
		if (lines[i].due_on <= today)
			return (PLAN_PAST);
		if (i > 0 && lines[i].due_on <= lines[i - 1].due_on)
			return (PLAN_ORDER);
		if (lines[i].amount_cents > left_cents - sum)
			return (PLAN_SUM);
		sum += lines[i].amount_cents;
	}
	return (sum == left_cents ? PLAN_SOUND : PLAN_SUM);
}

int64_t
plan_late(const struct plan_line *lines, size_t n, int64_t came_cents, int32_t today)
{
	int64_t	due = 0;
	size_t	i;

	for (i = 0; i < n && lines[i].due_on < today; i++)
		due += lines[i].amount_cents;
	return (due > came_cents ? due - came_cents : 0);
}

int64_t
offset_take(int64_t left_cents, int64_t payment_cents)
{
	int64_t	take = left_cents < payment_cents ? left_cents : payment_cents;

	return (take > 0 ? take : 0);
}
