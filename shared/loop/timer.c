/*
 * timer.c -- a hashed wheel: 1024 slots of 4 ms. Arming and stopping cost
 * O(1); a timer further away than one round stays in its slot until a later
 * round. Accuracy is one tick of the loop (10 ms), enough for time limits.
 */
#include "loop/loop_priv.h"
#include "base/clock.h"

#define SLOTS		1024
#define SLOT_US		4000

static void	slot_run(size_t, int64_t);

static struct timer	*slots[SLOTS];
static int64_t		 done_slot;	/* absolute number of the last slot run */

void
timer_wheel_init(int64_t now_us)
{
	done_slot = now_us / SLOT_US;
}

void
timer_init(struct timer *t, void (*fire)(void *), void *arg)
{
	t->next = NULL;
	t->prevp = NULL;
	t->at_us = 0;
	t->fire = fire;
	t->arg = arg;
}

void
timer_arm(struct timer *t, int64_t in_ms)
{
	int64_t		  slot;
	struct timer	**head;

	timer_stop(t);
	t->at_us = loop_now_us() + (in_ms < 0 ? 0 : in_ms) * 1000;
	/* Rounded up: when its slot is run, the moment has come. */
	slot = (t->at_us + SLOT_US - 1) / SLOT_US;
	if (slot <= done_slot)
		slot = done_slot + 1;
	head = &slots[slot % SLOTS];
	t->next = *head;
	t->prevp = head;
	if (t->next != NULL)
		t->next->prevp = &t->next;
	*head = t;
}

void
timer_stop(struct timer *t)
{
	if (t->prevp == NULL)
		return;
	*t->prevp = t->next;
	if (t->next != NULL)
		t->next->prevp = t->prevp;
	t->next = NULL;
	t->prevp = NULL;
}

bool
timer_armed(const struct timer *t)
{
	return (t->prevp != NULL);
}

void
timer_wheel_run(int64_t now_us)
{
	int64_t	last = now_us / SLOT_US;

	/* After a long pause one round visits every slot. */
	if (last - done_slot > SLOTS)
		done_slot = last - SLOTS;
	while (done_slot < last)
		slot_run((size_t)(++done_slot % SLOTS), now_us);
}

/*
 * Due timers are moved to a list of their own first: a callback may stop any
 * of them or arm new ones in this very slot.
 */
static void
slot_run(size_t slot, int64_t now_us)
{
	struct timer	*t, *next, *due = NULL;

	for (t = slots[slot]; t != NULL; t = next) {
		next = t->next;
		if (t->at_us > now_us)
			continue;
		timer_stop(t);
		t->next = due;
		t->prevp = &due;
		if (due != NULL)
			due->prevp = &t->next;
		due = t;
	}
	while ((t = due) != NULL) {
		timer_stop(t);
		t->fire(t->arg);
	}
}
