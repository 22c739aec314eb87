/*
 * test_recovery_plan.c -- the arithmetic of 追缴: parts that sum to what is
 * left, what is late, how much may be kept back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../services/subsidies/recovery_plan.c"

#define TODAY	20000

static void
a_plan_is_dated_and_exact(void **state UNUSED)
{
	const struct plan_line	sound[] = { { TODAY + 1, 400 }, { TODAY + 31, 799 } };
	const struct {
		struct plan_line	 line[2];
		size_t			 n, at;
		enum plan_fault		 fault;
	} wrong[] = {
		{ { { 0, 0 } }, 0, 0, PLAN_EMPTY },
		{ { { TODAY + 1, 0 } }, 1, 0, PLAN_AMOUNT },
		{ { { TODAY + 1, 1200 }, { TODAY + 2, -1 } }, 2, 0, PLAN_SUM },
		{ { { TODAY + 1, 400 }, { TODAY + 2, -1 } }, 2, 1, PLAN_AMOUNT },
		{ { { TODAY, 1199 } }, 1, 0, PLAN_PAST },
		{ { { TODAY + 2, 400 }, { TODAY + 2, 799 } }, 2, 1, PLAN_ORDER },
		{ { { TODAY + 1, 400 }, { TODAY + 2, 798 } }, 2, 1, PLAN_SUM },
		{ { { TODAY + 1, 400 }, { TODAY + 2, INT64_MAX } }, 2, 1, PLAN_SUM },
	};
	size_t	i, at;

	assert_int_equal(plan_check(sound, 2, 1199, TODAY, &at), PLAN_SOUND);
	for (i = 0; i < NITEMS(wrong); i++) {
		assert_int_equal(plan_check(wrong[i].line, wrong[i].n, 1199, TODAY, &at), wrong[i].fault);
		assert_int_equal(at, wrong[i].at);
	}
}

/* A part is late the day after; what came counts against the earliest. */
static void
what_is_late(void **state UNUSED)
{
	const struct plan_line	lines[] = { { TODAY, 400 }, { TODAY + 30, 800 } };

	assert_int_equal(plan_late(lines, 2, 0, TODAY), 0);
	assert_int_equal(plan_late(lines, 2, 0, TODAY + 1), 400);
	assert_int_equal(plan_late(lines, 2, 150, TODAY + 1), 250);
	assert_int_equal(plan_late(lines, 2, 500, TODAY + 30), 0);
	assert_int_equal(plan_late(lines, 2, 500, TODAY + 31), 700);
	assert_int_equal(plan_late(lines, 2, 1200, TODAY + 99), 0);
	assert_int_equal(plan_late(lines, 0, 0, TODAY), 0);
}

static void
kept_back_never_more_than_either(void **state UNUSED)
{
	assert_int_equal(offset_take(1000, 400), 400);
	assert_int_equal(offset_take(400, 1000), 400);
	assert_int_equal(offset_take(0, 1000), 0);
	assert_int_equal(offset_take(-1, 1000), 0);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(a_plan_is_dated_and_exact),
		cmocka_unit_test(what_is_late),
		cmocka_unit_test(kept_back_never_more_than_either),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
