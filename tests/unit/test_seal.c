/*
 * test_seal.c -- the chain over an append-only table: every way to change a
 * row, a list or a seal is found, and named.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypt/seal.h"

static const char *const	texts[] = { "(1,a)", "(3,b)", "(2,c)" };
static const int64_t		ords[] = { 1, 3, 2 };	/* numbers commit out of order */
static const uint8_t		zero[CHAIN_BYTES];

static struct buf	list;
static struct seal	seal;

static int
set_up(void **state)
{
	size_t	i;

	(void)state;
	buf_init(&list, 4096);
	for (i = 0; i < 3; i++)
		seal_add(&list, ords[i], texts[i], strlen(texts[i]));
	seal = (struct seal){ .n = 1, .from_xid = 0, .to_xid = 9, .sealed_us = 5, .note = "",
	    .rows = (const uint8_t *)list.data, .count = 3 };
	seal_hash(&seal, zero, seal.hash);
	return (0);
}

static int
tear_down(void **state)
{
	(void)state;
	buf_release(&list);
	return (0);
}

static struct seal_check
held(size_t n, const int64_t *o, const char *const *t)
{
	struct seal_check	k = { .seal = &seal };
	size_t			i;

	for (i = 0; i < n; i++)
		seal_check_row(&k, o[i], t[i], strlen(t[i]));
	seal_check_end(&k);
	return (k);
}

static void
a_row_is_ord_and_digest(void **state)
{
	uint8_t	digest[CHAIN_BYTES];

	(void)state;
	assert_int_equal(list.len, 3 * SEAL_ROW);
	assert_int_equal(seal_ord(&seal, 1), 3);
	sm3(texts[1], strlen(texts[1]), digest);
	assert_memory_equal(list.data + SEAL_ROW + 8, digest, sizeof(digest));
}

static void
what_was_sealed_is_sound(void **state)
{
	(void)state;
	assert_int_equal(held(3, ords, texts).fault, SEAL_SOUND);
}

static void
an_altered_row_is_named(void **state)
{
	const char *const	bad[] = { "(1,a)", "(3,B)", "(2,c)" };
	struct seal_check	k = held(3, ords, bad);

	(void)state;
	assert_int_equal(k.fault, SEAL_ALTERED);
	assert_int_equal(k.ord, 3);
}

static void
a_missing_row_is_named(void **state)
{
	const int64_t		o[] = { 1, 2 };
	const char *const	t[] = { "(1,a)", "(2,c)" };
	struct seal_check	k = held(2, o, t);

	(void)state;
	assert_int_equal(k.fault, SEAL_MISSING);
	assert_int_equal(k.ord, 3);
	k = held(2, ords, texts);
	assert_int_equal(k.fault, SEAL_MISSING);
	assert_int_equal(k.ord, 2);
}

static void
an_added_row_is_named(void **state)
{
	const int64_t		o[] = { 1, 7, 3, 2 }, e[] = { 1, 3, 2, 8 };
	const char *const	t[] = { "(1,a)", "(7,x)", "(3,b)", "(2,c)" };
	const char *const	u[] = { "(1,a)", "(3,b)", "(2,c)", "(8,x)" };
	struct seal_check	k = held(4, o, t);

	(void)state;
	assert_int_equal(k.fault, SEAL_ADDED);
	assert_int_equal(k.ord, 7);
	k = held(4, e, u);
	assert_int_equal(k.fault, SEAL_ADDED);
	assert_int_equal(k.ord, 8);
}

static void
differs(const struct seal *s, const uint8_t prev[CHAIN_BYTES])
{
	uint8_t	hash[CHAIN_BYTES];

	seal_hash(s, prev, hash);
	assert_memory_not_equal(hash, seal.hash, sizeof(hash));
}

static void
every_part_of_a_seal_is_in_its_hash(void **state)
{
	uint8_t		other[CHAIN_BYTES] = { 1 };
	struct seal	s;
	size_t		i;

	(void)state;
	differs(&seal, other);
	s = seal, s.n++;
	differs(&s, zero);
	s = seal, s.from_xid++;
	differs(&s, zero);
	s = seal, s.to_xid++;
	differs(&s, zero);
	s = seal, s.sealed_us++;
	differs(&s, zero);
	s = seal, s.note = "archive 1-1 ";
	differs(&s, zero);
	s = seal, s.count--;
	differs(&s, zero);
	for (i = 0; i < list.len; i++) {
		list.data[i] ^= 1;
		differs(&seal, zero);
		list.data[i] ^= 1;
	}
}

static void
hex_is_strict(void **state)
{
	uint8_t	out[2];

	(void)state;
	assert_true(seal_unhex("00ff", out, 2));
	assert_int_equal(out[1], 0xff);
	assert_false(seal_unhex("00f", out, 2));
	assert_false(seal_unhex("00fff", out, 2));
	assert_false(seal_unhex("00fG", out, 2));
	assert_false(seal_unhex("", out, 2));
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		cmocka_unit_test_setup_teardown(a_row_is_ord_and_digest, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_was_sealed_is_sound, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_altered_row_is_named, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_missing_row_is_named, set_up, tear_down),
		cmocka_unit_test_setup_teardown(an_added_row_is_named, set_up, tear_down),
		cmocka_unit_test_setup_teardown(every_part_of_a_seal_is_in_its_hash, set_up, tear_down),
		cmocka_unit_test_setup_teardown(hex_is_strict, set_up, tear_down),
	};

	return (cmocka_run_group_tests_name("seal", tests, NULL, NULL));
}
