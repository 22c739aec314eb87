/*
 * test_live_ring.c -- the ring of the live board: where somebody goes on who
 * has seen a number, and who is too late.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "services/monitoring/live_ring.h"

static struct live_ring	ring;

static void
put(int64_t seq, bool is_logged)
{
	struct live_entry	e = { .seq = seq, .is_logged = is_logged, .city_text = strdup("x") };

	live_ring_add(&ring, &e);
}

static int64_t
next_after(int64_t seq)
{
	const struct live_entry	*e;
	uint64_t		 at;

	if (!live_ring_after(&ring, seq, &at))
		return (-1);
	e = live_ring_at(&ring, at);
	return (e == NULL ? 0 : e->is_logged ? e->seq : -e->seq);
}

static void
test_goes_on_where_it_was(void **state UNUSED)
{
	live_ring_start(&ring, 100);
	assert_int_equal(next_after(100), 0);
	assert_int_equal(next_after(99), -1);
	assert_int_equal(next_after(101), -1);
	put(103, true);
	put(103, false);
	put(107, true);
	live_ring_reach(&ring, 120);
	assert_int_equal(next_after(100), 103);
	assert_int_equal(next_after(102), 103);
	assert_int_equal(next_after(103), -103);	/* what is in no log is told once more */
	assert_int_equal(next_after(105), 107);
	assert_int_equal(next_after(107), 0);
	assert_int_equal(next_after(120), 0);
	assert_int_equal(next_after(121), -1);
	live_ring_reach(&ring, 110);			/* never back */
	assert_int_equal(ring.head, 120);
}

static void
test_who_is_too_slow(void **state UNUSED)
{
	uint64_t	slow;
	int64_t		i;

	live_ring_start(&ring, 0);
	put(1, true);
	assert_true(live_ring_after(&ring, 0, &slow));
	for (i = 2; i <= LIVE_RING; i++)
		put(i, true);
	assert_non_null(live_ring_at(&ring, slow));
	put(LIVE_RING + 1, true);
	assert_null(live_ring_at(&ring, slow));
	assert_true(slow < ring.first);
	assert_int_equal(ring.base, 1);
	assert_int_equal(next_after(0), -1);
	assert_int_equal(next_after(1), 2);
	live_ring_start(&ring, 9000);
	assert_int_equal(ring.end, ring.first);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(test_goes_on_where_it_was),
		cmocka_unit_test(test_who_is_too_slow),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
