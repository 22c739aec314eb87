/*
 * test_timer.c -- the wheel: nothing fires early, nothing waits for another
 * round, and a callback may stop and arm what it likes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "loop/loop_priv.h"

static int64_t	now_us = 1000000000;

/* The wheel asks the loop for the time; here the test is the loop. */
int64_t
loop_now_us(void)
{
	return (now_us);
}

struct shot {
	struct timer	timer;
	int		fired;
	int64_t		at_us;
	struct timer   *stops, *arms;
};

static void
fire(void *arg)
{
	struct shot	*s = arg;

	s->fired++;
	s->at_us = now_us;
	if (s->stops != NULL)
		timer_stop(s->stops);
	if (s->arms != NULL)
		timer_arm(s->arms, 1);
}

static void
advance(int64_t ms, int64_t step_us)
{
	int64_t	end = now_us + ms * 1000;

	while (now_us < end) {
		now_us += step_us;
		timer_wheel_run(now_us);
	}
}

static void
every_delay_fires_once_and_in_time(void **state)
{
	static struct shot	shots[20000];
	int64_t			armed_us;
	int			i;

	(void)state;
	timer_wheel_init(now_us);
	for (i = 0; i < 20000; i++) {
		/* Armed at every place within a slot. */
		now_us += 37;
		timer_wheel_run(now_us);
		timer_init(&shots[i].timer, fire, &shots[i]);
		timer_arm(&shots[i].timer, i % 7);
		shots[i].at_us = -1;
		armed_us = now_us;
		if (i % 100 == 0) {
			advance(30, 10000);
			assert_int_equal(shots[i].fired, 1);
			assert_true(shots[i].at_us >= armed_us + (i % 7) * 1000);
			assert_true(shots[i].at_us <= armed_us + (i % 7) * 1000 + 24000);
		}
	}
	advance(100, 10000);
	for (i = 0; i < 20000; i++)
		assert_int_equal(shots[i].fired, 1);
}

static void
a_long_delay_outlives_the_rounds(void **state)
{
	struct shot	s = { .fired = 0 };
	int64_t		begun = now_us;

	(void)state;
	timer_init(&s.timer, fire, &s);
	timer_arm(&s.timer, 75000);
	advance(74980, 10000);
	assert_int_equal(s.fired, 0);
	advance(60, 10000);
	assert_int_equal(s.fired, 1);
	assert_true(s.at_us - begun >= 75000000);
}

static void
a_pause_of_the_loop_loses_nothing(void **state)
{
	struct shot	s = { .fired = 0 };

	(void)state;
	timer_init(&s.timer, fire, &s);
	timer_arm(&s.timer, 5);
	advance(60000, 60000000);
	assert_int_equal(s.fired, 1);
}

static void
stopping_and_arming_in_a_callback(void **state)
{
	struct shot	a = { .fired = 0 }, b = { .fired = 0 }, c = { .fired = 0 };

	(void)state;
	timer_init(&a.timer, fire, &a);
	timer_init(&b.timer, fire, &b);
	timer_init(&c.timer, fire, &c);
	a.stops = &b.timer;
	a.arms = &c.timer;
	b.stops = &a.timer;
	timer_arm(&a.timer, 3);
	timer_arm(&b.timer, 3);
	advance(20, 20000);
	/* Whichever came first stopped the other. */
	assert_int_equal(a.fired + b.fired, 1);
	advance(40, 10000);
	assert_int_equal(c.fired, a.fired);
	assert_false(timer_armed(&a.timer));
	timer_stop(&a.timer);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(every_delay_fires_once_and_in_time),
		cmocka_unit_test(a_long_delay_outlives_the_rounds),
		cmocka_unit_test(a_pause_of_the_loop_loses_nothing),
		cmocka_unit_test(stopping_and_arming_in_a_callback),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
