/*
 * test_cursor.c -- signed cursors and the limits of one caller.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "conf/conf.h"
#include "http/dispatch_priv.h"

#define SECOND	INT64_C(1000000)

static struct arena	arena;

static int
set_up(void **state)
{
	struct buf	errors;

	(void)state;
	setenv("YJY_LIMIT_LOGIN", "6", 1);
	setenv("YJY_LIMIT_READ", "0", 1);
	buf_init(&errors, 4096);
	if (conf_load("test", &errors) == -1)
		return (-1);
	buf_release(&errors);
	arena_init(&arena);
	return (0);
}

static int
tear_down(void **state)
{
	(void)state;
	arena_release(&arena);
	return (0);
}

static void
opens_what_it_sealed(void **state)
{
	static const char *const	contents[] = {
		"x", "0190a6c8-5d3e-7c41-8a52-000000000001", "2025-03-10T01:02:03Z 永州", "a|b\"c\\d"
	};
	size_t				i;
	char				*sealed;

	(void)state;
	cursor_init("a key", 5);
	for (i = 0; i < NITEMS(contents); i++) {
		sealed = cursor_seal(&arena, "vacancy_list", contents[i]);
		assert_int_equal(strspn(sealed, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		    "abcdefghijklmnopqrstuvwxyz0123456789-_"), strlen(sealed));
		assert_string_equal(cursor_open(&arena, "vacancy_list", sealed), contents[i]);
	}
}

static void
refuses_every_changed_character(void **state)
{
	char	*sealed;
	size_t	 i, n;

	(void)state;
	cursor_init("a key", 5);
	sealed = cursor_seal(&arena, "vacancy_list", "2025-03-10 17");
	n = strlen(sealed);
	for (i = 0; i < n; i++) {
		char	was = sealed[i];

		sealed[i] = was == 'A' ? 'B' : 'A';
		assert_null(cursor_open(&arena, "vacancy_list", sealed));
		sealed[i] = was;
	}
	assert_non_null(cursor_open(&arena, "vacancy_list", sealed));
	sealed[n - 1] = '\0';
	assert_null(cursor_open(&arena, "vacancy_list", sealed));
}

static void
refuses_other_lists_keys_and_noise(void **state)
{
	static char	 long_text[4096];
	char		*sealed;

	(void)state;
	cursor_init("a key", 5);
	sealed = cursor_seal(&arena, "vacancy_list", "17");
	assert_null(cursor_open(&arena, "application_list", sealed));
	assert_null(cursor_open(&arena, "vacancy_list", ""));
	assert_null(cursor_open(&arena, "vacancy_list", "MTc"));
	assert_null(cursor_open(&arena, "vacancy_list", "!!"));
	memset(long_text, 'A', sizeof(long_text) - 1);
	assert_null(cursor_open(&arena, "vacancy_list", long_text));
	cursor_init("another", 7);
	assert_null(cursor_open(&arena, "vacancy_list", sealed));
	/* The name is not glued to the content. */
	sealed = cursor_seal(&arena, "ab", "c");
	assert_null(cursor_open(&arena, "a", sealed));
	/* Without a key the process makes its own. */
	cursor_init(NULL, 0);
	assert_null(cursor_open(&arena, "ab", sealed));
	sealed = cursor_seal(&arena, "ab", "c");
	assert_string_equal(cursor_open(&arena, "ab", sealed), "c");
}

static void
limits_and_lets_pass_again(void **state)
{
	uint64_t		 who = limit_key(LIMIT_LOGIN, "10.0.0.1", 8);
	uint64_t		 other = limit_key(LIMIT_LOGIN, "10.0.0.2", 8);
	int64_t			 now = 1000 * SECOND;
	struct limit_state	 st;
	int			 i;

	(void)state;
	assert_true(who != other);
	assert_true(who != limit_key(LIMIT_WRITE, "10.0.0.1", 8));
	for (i = 0; i < 6; i++)
		assert_true(limit_take(LIMIT_LOGIN, who, now, &st));
	assert_false(limit_take(LIMIT_LOGIN, who, now, &st));
	assert_string_equal(st.name, "login");
	assert_int_equal(st.quota, 6);
	assert_int_equal(st.window_s, 60);
	assert_int_equal(st.wait_s, 10);
	assert_true(limit_take(LIMIT_LOGIN, other, now, &st));
	/* A refusal costs nothing; the wait it named is enough. */
	assert_false(limit_take(LIMIT_LOGIN, who, now + 9 * SECOND, &st));
	assert_int_equal(st.wait_s, 1);
	assert_true(limit_take(LIMIT_LOGIN, who, now + 10 * SECOND, &st));
	assert_false(limit_take(LIMIT_LOGIN, who, now + 10 * SECOND, &st));
	/* A quiet window later the whole quota is there, and not more. */
	now += 200 * SECOND;
	for (i = 0; i < 6; i++)
		assert_true(limit_take(LIMIT_LOGIN, who, now, &st));
	assert_false(limit_take(LIMIT_LOGIN, who, now, &st));
}

static void
zero_means_no_limit(void **state)
{
	struct limit_state	st;
	int			i;

	(void)state;
	for (i = 0; i < 100000; i++)
		assert_true(limit_take(LIMIT_READ, 7, 5 * SECOND, &st));
}

/* A flood of strangers does not free the one who pressed. */
static void
keeps_the_pressed_in_a_full_table(void **state)
{
	uint64_t		 who = limit_key(LIMIT_LOGIN, "pressing", 8), key;
	int64_t			 now = 5000 * SECOND;
	struct limit_state	 st;
	uint32_t		 i;

	(void)state;
	for (i = 0; i < 6; i++)
		assert_true(limit_take(LIMIT_LOGIN, who, now, &st));
	for (i = 0; i < 200000; i++) {
		key = limit_key(LIMIT_LOGIN, &i, sizeof(i));
		(void)limit_take(LIMIT_LOGIN, key, now, &st);
	}
	assert_false(limit_take(LIMIT_LOGIN, who, now, &st));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens_what_it_sealed),
		cmocka_unit_test(refuses_every_changed_character),
		cmocka_unit_test(refuses_other_lists_keys_and_noise),
		cmocka_unit_test(limits_and_lets_pass_again),
		cmocka_unit_test(zero_means_no_limit),
		cmocka_unit_test(keeps_the_pressed_in_a_full_table),
	};

	return (cmocka_run_group_tests(tests, set_up, tear_down));
}
