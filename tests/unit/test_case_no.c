/*
 * test_case_no.c -- case numbers: the form, and that a slip of the pen is seen.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "workflow/case.h"

#define NUMBERS	2000

static void
makes_and_checks(void **state)
{
	char	no[CASE_NO_TEXT];

	(void)state;
	assert_int_equal(case_no_make("JB", day_make(2025, 7, 7), 123, no), 0);
	assert_memory_equal(no, "JB20250707000123", 16);
	assert_true(case_no_ok(no));
	assert_string_equal(case_no_service(no), "jobs");
	assert_string_equal(case_no_service("EN20250707000001A"), "entrepreneurship");
	assert_null(case_no_service("ZZ20250707000001A"));
	assert_int_equal(case_no_make("JB", day_make(2025, 7, 7), 1000000, no), -1);
	assert_int_equal(case_no_make("JB", DAY_NONE, 1, no), -1);
	assert_int_equal(case_no_make("J", day_make(2025, 7, 7), 1, no), -1);
}

/* Too short, too long, small letters, no service, no date, letters among the digits. */
static void
refuses_other_forms(void **state)
{
	static const char *const	bad[] = {
		"", "JB", "JB20250707000123", "jb20250707000123R", "JB2025070700012312",
		"XX20250707000123R", "JB20251307000123R", "JB2025070700A123R"
	};
	size_t				i;

	(void)state;
	for (i = 0; i < NITEMS(bad); i++)
		assert_false(case_no_ok(bad[i]));
}

/* Every wrong digit is seen. */
static void
sees_each_wrong_digit(void **state)
{
	char	no[CASE_NO_TEXT], was;
	int	n, i, d;

	(void)state;
	for (n = 0; n < NUMBERS; n++) {
		assert_int_equal(case_no_make("SU", day_make(2025, 1, 1) + n % 700, n * 487 % 1000000, no), 0);
		for (i = 2; i < CASE_NO_LEN - 1; i++) {
			was = no[i];
			for (d = '0'; d <= '9'; d++) {
				no[i] = (char)d;
				assert_int_equal(case_no_ok(no), d == was);
			}
			no[i] = was;
		}
	}
}

/* Two digits swapped: only neighbours in value, and of those one in 36. */
static void
sees_swapped_digits(void **state)
{
	int	n, i, swapped = 0, missed = 0;
	char	no[CASE_NO_TEXT], was;

	(void)state;
	for (n = 0; n < NUMBERS; n++) {
		assert_int_equal(case_no_make("TR", day_make(2025, 1, 1) + n % 700, n * 487 % 1000000, no), 0);
		for (i = 2; i < CASE_NO_LEN - 2; i++) {
			if (no[i] == no[i + 1])
				continue;
			was = no[i];
			no[i] = no[i + 1];
			no[i + 1] = was;
			swapped++;
			if (case_no_ok(no)) {
				missed++;
				assert_int_equal(abs(no[i] - no[i + 1]), 1);
			}
			was = no[i];
			no[i] = no[i + 1];
			no[i + 1] = was;
		}
	}
	assert_true(swapped > 10000);
	assert_true(missed * 100 < swapped);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(makes_and_checks), cmocka_unit_test(refuses_other_forms),
		cmocka_unit_test(sees_each_wrong_digit), cmocka_unit_test(sees_swapped_digits)
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
