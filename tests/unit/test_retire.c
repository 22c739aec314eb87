/*
 * test_retire.c -- 法定退休年龄 against the published table, month by month.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "codes/retire.h"

#define TEST(f)	cmocka_unit_test(f)

static int
months(int32_t birth, enum retire_class c)
{
	return (retire_delay_months(birth, c));
}

/* What the annexes say of their first and last lines. */
static void
the_published_lines(void **state)
{
	(void)state;
	assert_int_equal(months(day_make(1964, 12, 31), RETIRE_MALE), 0);
	assert_int_equal(months(day_make(1965, 1, 1), RETIRE_MALE), 1);
	assert_int_equal(months(day_make(1965, 4, 30), RETIRE_MALE), 1);
	assert_int_equal(months(day_make(1965, 5, 1), RETIRE_MALE), 2);
	assert_int_equal(months(day_make(1965, 8, 31), RETIRE_MALE), 2);
	assert_int_equal(months(day_make(1976, 8, 31), RETIRE_MALE), 35);
	assert_int_equal(months(day_make(1976, 9, 1), RETIRE_MALE), 36);
	assert_int_equal(months(day_make(1990, 1, 1), RETIRE_MALE), 36);
	assert_int_equal(months(day_make(1969, 12, 31), RETIRE_FEMALE_55), 0);
	assert_int_equal(months(day_make(1970, 1, 1), RETIRE_FEMALE_55), 1);
	assert_int_equal(months(day_make(1981, 9, 1), RETIRE_FEMALE_55), 36);
	assert_int_equal(months(day_make(1974, 12, 31), RETIRE_FEMALE_50), 0);
	assert_int_equal(months(day_make(1975, 1, 1), RETIRE_FEMALE_50), 1);
	assert_int_equal(months(day_make(1975, 3, 1), RETIRE_FEMALE_50), 2);
	assert_int_equal(months(day_make(1984, 10, 31), RETIRE_FEMALE_50), 59);
	assert_int_equal(months(day_make(1984, 11, 1), RETIRE_FEMALE_50), 60);
	assert_int_equal(months(day_make(2000, 1, 1), RETIRE_FEMALE_50), 60);
}

static void
the_day_itself(void **state)
{
	(void)state;
	assert_int_equal(retire_on(DAY_NONE, RETIRE_MALE), DAY_NONE);
	assert_int_equal(retire_on(day_make(1964, 12, 15), RETIRE_MALE), day_make(2024, 12, 15));
	assert_int_equal(retire_on(day_make(1965, 1, 15), RETIRE_MALE), day_make(2025, 2, 15));
	assert_int_equal(retire_on(day_make(1965, 1, 31), RETIRE_MALE), day_make(2025, 2, 28));
	assert_int_equal(retire_on(day_make(1990, 2, 28), RETIRE_MALE), day_make(2053, 2, 28));
	assert_int_equal(retire_on(day_make(1990, 6, 1), RETIRE_FEMALE_50), day_make(2045, 6, 1));
}

/* A step of at most one month a month; never earlier for who is born later. */
static void
it_grows_slowly(void **state)
{
	int	c, y, m, had, now;

	(void)state;
	for (c = 0; c < RETIRE_CLASSES; c++)
		for (had = 0, y = 1940; y <= 2010; y++)
			for (m = 1; m <= 12; m++, had = now) {
				now = months(day_make(y, m, 1), (enum retire_class)c);
				assert_true(now == had || now == had + 1);
			}
}

/*
 * All months, three days each, all classes as one number; retire.test.mjs takes
 * the same of jobs.retires_on().
 */
static void
the_same_as_in_sql(void **state)
{
	static const int	days[] = { 1, 15, 31 };
	uint64_t		sum = 0, n = 0;
	int			c, y, m;
	size_t			i;

	(void)state;
	for (c = 0; c < RETIRE_CLASSES; c++)
		for (y = 1940; y <= 2010; y++)
			for (m = 1; m <= 12; m++)
				for (i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
					int32_t	birth = day_make(y, m, days[i]);

					if (birth == DAY_NONE)
						birth = day_add_months(day_make(y, m, 1), 1) - 1;
					n++;
					sum = (sum + n * (uint64_t)retire_on(birth, (enum retire_class)c)) %
					    UINT64_C(1000000007);
				}
	assert_int_equal(n, 7668);
	assert_int_equal(sum, 801960622);
}

static void
years_left(void **state)
{
	const int32_t	born = day_make(1966, 7, 7);	/* 2026-07 + 5 months */

	(void)state;
	assert_int_equal(retire_on(born, RETIRE_MALE), day_make(2026, 12, 7));
	assert_int_equal(retire_years_left(born, RETIRE_MALE, day_make(2021, 12, 7)), 5);
	assert_int_equal(retire_years_left(born, RETIRE_MALE, day_make(2021, 12, 8)), 4);
	assert_int_equal(retire_years_left(born, RETIRE_MALE, day_make(2026, 12, 7)), 0);
	assert_int_equal(retire_years_left(born, RETIRE_MALE, day_make(2026, 12, 8)), -1);
	assert_int_equal(retire_class_of("female_50"), RETIRE_FEMALE_50);
	assert_int_equal(retire_class_of("woman"), RETIRE_CLASSES);
}

int
main(void)
{
	static const struct CMUnitTest	tests[] = {
		TEST(the_published_lines), TEST(the_day_itself), TEST(it_grows_slowly),
		TEST(the_same_as_in_sql), TEST(years_left),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
