/*
 * test_sign_code.c -- the rotating code, distance and speed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "services/training/sign_code.h"

#define STEP	INT64_C(60)
#define AT	INT64_C(1751850000000000)	/* at the beginning of a step */

static const char key[] = "00112233445566778899aabbccddeeff00112233";

static void
test_known(void **state)
{
	char	code[SIGN_CODE];

	(void)state;
	/* RFC 6238, appendix B, SHA-256: the last six digits of the code at 59 s. */
	sign_code("12345678901234567890123456789012", INT64_C(59000000), 30, code);
	assert_string_equal(code, "119246");
	sign_code("12345678901234567890123456789012", INT64_C(1111111109000000), 30, code);
	assert_string_equal(code, "084774");
}

static void
test_turns(void **state)
{
	char	code[SIGN_CODE], same[SIGN_CODE], other[SIGN_CODE];

	(void)state;
	sign_code(key, AT, STEP, code);
	sign_code(key, AT + 59999999, STEP, same);
	assert_string_equal(code, same);
	sign_code("another key", AT, STEP, other);
	assert_string_not_equal(code, other);
	assert_true(sign_code_ok(key, AT, STEP, code));
	assert_true(sign_code_ok(key, AT + 119999999, STEP, code));
	assert_false(sign_code_ok(key, AT + 120000000, STEP, code));
	assert_false(sign_code_ok(key, AT - 1, STEP, code));
	assert_false(sign_code_ok(key, AT, STEP, ""));
	assert_false(sign_code_ok(key, AT, STEP, "1234567"));
	assert_int_equal(sign_code_left(AT, STEP), 60);
	assert_int_equal(sign_code_left(AT + 59000000, STEP), 1);
}

static void
test_distance(void **state)
{
	int64_t	m;

	(void)state;
	assert_int_equal(sign_metres(25180000, 111590000, 25180000, 111590000), 0);
	/* A thousandth of a degree of latitude is 111.2 m; of longitude, at 25°N, 100.6 m. */
	assert_int_equal(sign_metres(25180000, 111590000, 25181000, 111590000), 111);
	assert_int_equal(sign_metres(25180000, 111590000, 25180000, 111591000), 101);
	/* 道县 to 冷水滩: a hundred and some kilometres. */
	m = sign_metres(25527000, 111601000, 26461000, 111592000);
	assert_in_range(m, 103000, 105000);
}

static void
test_speed(void **state)
{
	(void)state;
	assert_int_equal(sign_kmh(1000, 60), 60);
	assert_int_equal(sign_kmh(0, 0), 0);
	assert_int_equal(sign_kmh(10, 0), 36);
	assert_int_equal(sign_kmh(10, -5), 36);
	assert_int_equal(sign_kmh(INT64_C(20000000), 1), SPEED_MOST);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_turns),
		cmocka_unit_test(test_distance),
		cmocka_unit_test(test_speed),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
