/*
 * test_co.c -- coroutines on a loop that the test turns by hand: order of
 * resumption, deadlines, waking, reuse of stacks, and the bound on how many.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "co/co.h"
#include "loop/loop_priv.h"

#define MOST	8

static int64_t	  now_us = 5000000;
static void	(*run_queue)(void);

/* The loop, as far as coroutines know it. */
int64_t
loop_now_us(void)
{
	return (now_us);
}

void
loop_at_end(void (*hook)(void))
{
	run_queue = hook;
}

void
loop_defer(struct deferred *d UNUSED)
{
}

static void
turn(int64_t ms)
{
	now_us += ms * 1000;
	timer_wheel_run(now_us);
	run_queue();
}

struct job {
	struct co	*co;
	int		 stage, result;
	int64_t		 wait_ms;
	bool		 done;
};

static char	letters[] = "abc";
static char	order[64];
static size_t	norder;

static void
note(void *arg)
{
	order[norder++] = *(char *)arg;
}

static void
waits(void *arg)
{
	struct job	*j = arg;
	char		 local[2048];

	memset(local, j->stage + 1, sizeof(local));
	j->co = co_self();
	j->stage = 1;
	j->result = co_wait(j->wait_ms);
	j->stage = 2;
	/* What was on the stack is still there. */
	j->done = local[0] == 1 && local[2047] == 1;
}

static void
runs_in_the_order_started(void **state)
{
	(void)state;
	assert_int_equal(co_start(note, &letters[0]), 0);
	assert_int_equal(co_start(note, &letters[1]), 0);
	assert_int_equal(co_start(note, &letters[2]), 0);
	assert_int_equal(norder, 0);
	turn(1);
	assert_memory_equal(order, "abc", 3);
	assert_int_equal(co_live(), 0);
	assert_null(co_self());
}

static void
a_wake_resumes_and_a_deadline_tells(void **state)
{
	struct job	woken = { .wait_ms = -1 }, late = { .wait_ms = 20 };

	(void)state;
	assert_int_equal(co_start(waits, &woken), 0);
	assert_int_equal(co_start(waits, &late), 0);
	turn(1);
	assert_int_equal(woken.stage, 1);
	co_wake(woken.co);
	assert_int_equal(woken.stage, 1);
	turn(1);
	assert_int_equal(woken.stage, 2);
	assert_int_equal(woken.result, 0);
	assert_true(woken.done);
	turn(10);
	assert_int_equal(late.stage, 1);
	turn(30);
	assert_int_equal(late.stage, 2);
	assert_int_equal(late.result, -1);
	assert_int_equal(co_live(), 0);
}

/* Both at once: the first to come decides, and it runs once. */
static void
a_wake_and_a_deadline_in_one_turn(void **state)
{
	struct job	j = { .wait_ms = 10 };

	(void)state;
	assert_int_equal(co_start(waits, &j), 0);
	turn(1);
	co_wake(j.co);
	co_wake(j.co);
	turn(50);
	assert_int_equal(j.stage, 2);
	assert_int_equal(j.result, 0);
	turn(50);
	assert_int_equal(co_live(), 0);
}

static void
waking_one_that_does_not_wait_is_nothing(void **state)
{
	struct job	j = { .wait_ms = -1 };
	struct co      *co;

	(void)state;
	assert_int_equal(co_start(waits, &j), 0);
	turn(1);
	co = j.co;
	co_wake(co);
	turn(1);
	assert_int_equal(co_live(), 0);
	co_wake(co);
	turn(1);
	assert_int_equal(co_live(), 0);
}

static void
stacks_are_used_again_and_bounded(void **state)
{
	struct job	jobs[MOST];
	int		round, i;

	(void)state;
	for (round = 0; round < 200; round++) {
		for (i = 0; i < MOST; i++) {
			jobs[i] = (struct job){ .wait_ms = -1 };
			assert_int_equal(co_start(waits, &jobs[i]), 0);
		}
		assert_int_equal(co_start(waits, &jobs[0]), -1);
		turn(1);
		assert_int_equal(co_live(), MOST);
		for (i = MOST - 1; i >= 0; i--)
			co_wake(jobs[i].co);
		turn(1);
		for (i = 0; i < MOST; i++)
			assert_true(jobs[i].done);
		assert_int_equal(co_live(), 0);
	}
	assert_true(co_idle_stacks() <= MOST);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(runs_in_the_order_started),
		cmocka_unit_test(a_wake_resumes_and_a_deadline_tells),
		cmocka_unit_test(a_wake_and_a_deadline_in_one_turn),
		cmocka_unit_test(waking_one_that_does_not_wait_is_nothing),
		cmocka_unit_test(stacks_are_used_again_and_bounded),
	};

	timer_wheel_init(now_us);
	if (co_init(MOST) == -1)
		return (1);
	return (cmocka_run_group_tests(tests, NULL, NULL));
}
