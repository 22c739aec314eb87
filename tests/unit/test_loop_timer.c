/*
 * test_loop_timer.c -- timers fire at the first turn after their moment,
 * wherever in a slot of the wheel that moment and that turn lie.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "loop/loop_priv.h"

#define TIMERS	400
#define TICK_US	INT64_C(10000)

static struct timer	timers[TIMERS];
static int64_t		fired_us[TIMERS], now_us;

static void
note(void *arg)
{
	size_t	i = (size_t)((struct timer *)arg - timers);

	assert_int_equal(fired_us[i], 0);
	fired_us[i] = now_us;
}

/* loop_now_us() stands still outside a turn: all are armed at one moment. */
static void
arm_all(int64_t (*in_ms)(size_t))
{
	size_t	i;

	memset(fired_us, 0, sizeof(fired_us));
	for (i = 0; i < TIMERS; i++) {
		timer_init(&timers[i], note, &timers[i]);
		timer_arm(&timers[i], in_ms(i));
	}
}

static void
run_until(int64_t begin_us, int64_t end_us)
{
	for (now_us = begin_us; now_us <= end_us; now_us += TICK_US)
		timer_wheel_run(now_us);
}

static int64_t
close_together(size_t i)
{
	return ((int64_t)i);
}

/* Beyond one round of the wheel, which is 4,096 ms. */
static int64_t
far_apart(size_t i)
{
	return ((int64_t)i * 37);
}

static void
none_is_early_or_late(void **state)
{
	int64_t	(*const spreads[])(size_t) = { close_together, far_apart };
	int64_t	 armed_us = loop_now_us(), shift_us, begin_us = armed_us;
	size_t	 i, s;

	(void)state;
	for (shift_us = 0; shift_us < 10000; shift_us += 700) {
		for (s = 0; s < NITEMS(spreads); s++) {
			timer_wheel_init(armed_us);
			arm_all(spreads[s]);
			run_until(begin_us + shift_us, begin_us + 20000000);
			for (i = 0; i < TIMERS; i++) {
				assert_true(fired_us[i] >= timers[i].at_us);
				/* a tick, and the rest of a slot */
				assert_true(fired_us[i] <= timers[i].at_us + TICK_US + 4000 + shift_us);
				assert_false(timer_armed(&timers[i]));
			}
		}
	}
}

static void
a_stopped_timer_stays_silent(void **state)
{
	size_t	i;

	(void)state;
	timer_wheel_init(loop_now_us());
	arm_all(close_together);
	for (i = 0; i < TIMERS; i += 2) {
		timer_stop(&timers[i]);
		timer_stop(&timers[i]);
	}
	run_until(loop_now_us(), loop_now_us() + 1000000);
	for (i = 0; i < TIMERS; i++)
		assert_int_equal(fired_us[i] != 0, i % 2 == 1);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(none_is_early_or_late),
		cmocka_unit_test(a_stopped_timer_stays_silent),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
