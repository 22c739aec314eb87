/*
 * breaker.c -- whether an address is worth asking. Pure: time comes from
 * outside.
 *
 *	closed		asked; opens after FAILS_MAX failures in a row, or when half
 *			of SHARE_LEAST and more requests of a window failed
 *	open		not asked until its time is over
 *	half open	one request tries; it closes the breaker, or opens it again,
 *			for longer where the failure cost somebody a wait
 */
#include "breaker.h"

#define FAILS_MAX	5u
#define SHARE_LEAST	20u
#define WINDOW_US	INT64_C(10000000)
#define OPEN_US		INT64_C(200000)
#define OPEN_MOST_US	INT64_C(10000000)

static void	open_again(struct breaker *, int64_t, bool);
static void	window_turn(struct breaker *, int64_t);

bool
breaker_open(const struct breaker *b)
{
	return (b->until_us != 0);
}

bool
breaker_may(struct breaker *b, int64_t now_us)
{
	if (b->until_us == 0)
		return (true);
	if (now_us < b->until_us || b->trying)
		return (false);
	b->trying = true;
	return (true);
}

void
breaker_good(struct breaker *b, int64_t now_us)
{
	window_turn(b, now_us);
	b->asked++;
	b->row = 0;
	if (b->until_us != 0)
		*b = (struct breaker){ .window_us = now_us };
}

bool
breaker_bad(struct breaker *b, int64_t now_us, bool slow)
{
	bool	was_open = b->until_us != 0;

	window_turn(b, now_us);
	b->asked++;
	b->failed++;
	b->row++;
	if (was_open || b->row >= FAILS_MAX ||
	    (b->asked >= SHARE_LEAST && b->failed * 2 >= b->asked))
		open_again(b, now_us, slow);
	return (b->until_us != 0 && !was_open);
}

/* It was asked, and neither answered nor failed: the client went away. */
void
breaker_none(struct breaker *b)
{
	b->trying = false;
}

/* A refusal costs nobody anything: it is tried again soon, however often. */
static void
open_again(struct breaker *b, int64_t now_us, bool slow)
{
	if (b->trying && slow)
		b->open_us = b->open_us * 2 < OPEN_MOST_US ? b->open_us * 2 : OPEN_MOST_US;
	if (b->open_us < OPEN_US)
		b->open_us = OPEN_US;
	b->trying = false;
	b->until_us = now_us + b->open_us;
}

static void
window_turn(struct breaker *b, int64_t now_us)
{
	if (now_us - b->window_us < WINDOW_US)
		return;
	b->window_us = now_us;
	b->asked = b->failed = 0;
}
