/*
 * test_breaker.c -- an address that fails is left alone, tried by one, and
 * asked again when it answers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../gateway/breaker.c"

#define SECOND	INT64_C(1000000)
#define START	(100 * SECOND)

static struct breaker	b;

static int
clean(void **state UNUSED)
{
	b = (struct breaker){ .window_us = START };
	return (0);
}

static void
it_opens_after_failures_in_a_row(void **state UNUSED)
{
	unsigned int	i;

	for (i = 1; i < FAILS_MAX; i++) {
		assert_true(breaker_may(&b, START));
		assert_false(breaker_bad(&b, START, false));
	}
	breaker_good(&b, START);		/* one answer, and counting begins anew */
	for (i = 1; i < FAILS_MAX; i++)
		assert_false(breaker_bad(&b, START, false));
	assert_true(breaker_may(&b, START));
	assert_true(breaker_bad(&b, START, false));
	assert_true(breaker_open(&b));
	assert_false(breaker_may(&b, START));
}

static void
it_opens_when_half_fail(void **state UNUSED)
{
	unsigned int	i;

	for (i = 0; i < SHARE_LEAST / 2 - 1; i++) {
		breaker_good(&b, START);
		assert_false(breaker_bad(&b, START, false));
	}
	breaker_good(&b, START);
	assert_true(breaker_bad(&b, START, false));
	/* what is long ago does not count */
	(void)clean(NULL);
	for (i = 0; i < SHARE_LEAST; i++) {
		breaker_good(&b, START);
		assert_false(breaker_bad(&b, START + (int64_t)i * SECOND, false) && i < 9);
		if (breaker_open(&b))
			break;
	}
	(void)clean(NULL);
	for (i = 0; i < 100; i++) {
		breaker_good(&b, START + i * SECOND);
		breaker_good(&b, START + i * SECOND);
		assert_false(breaker_bad(&b, START + i * SECOND, false));
	}
}

static void
open_it(int64_t at, bool slow)
{
	unsigned int	i;

	for (i = 0; i < FAILS_MAX; i++)
		(void)breaker_bad(&b, at, slow);
	assert_true(breaker_open(&b));
}

static void
one_tries_and_an_answer_closes_it(void **state UNUSED)
{
	open_it(START, false);
	assert_false(breaker_may(&b, START + OPEN_US - 1));
	assert_true(breaker_may(&b, START + OPEN_US));
	assert_false(breaker_may(&b, START + OPEN_US));	/* somebody is trying */
	breaker_none(&b);			/* who went away before the answer */
	assert_true(breaker_may(&b, START + OPEN_US));
	breaker_good(&b, START + OPEN_US);
	assert_false(breaker_open(&b));
	assert_true(breaker_may(&b, START + OPEN_US));
	assert_true(breaker_may(&b, START + OPEN_US));
}

static void
only_what_costs_a_wait_is_left_alone_longer(void **state UNUSED)
{
	int64_t	at = START, open_us;
	int	i;

	open_it(at, false);
	for (i = 0; i < 10; i++) {
		at += OPEN_US;
		assert_true(breaker_may(&b, at));
		assert_false(breaker_bad(&b, at, false));
	}
	for (open_us = OPEN_US, i = 0; i < 10; i++) {
		at += open_us;
		assert_true(breaker_may(&b, at));
		assert_false(breaker_bad(&b, at, true));
		open_us = open_us * 2 < OPEN_MOST_US ? open_us * 2 : OPEN_MOST_US;
		assert_false(breaker_may(&b, at + open_us - 1));
	}
	assert_int_equal(open_us, OPEN_MOST_US);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test_setup(it_opens_after_failures_in_a_row, clean),
		cmocka_unit_test_setup(it_opens_when_half_fail, clean),
		cmocka_unit_test_setup(one_tries_and_an_answer_closes_it, clean),
		cmocka_unit_test_setup(only_what_costs_a_wait_is_left_alone_longer, clean),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
