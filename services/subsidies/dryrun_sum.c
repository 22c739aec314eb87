/*
 * dryrun_sum.c -- see dryrun_sum.h.
 */
#include "dryrun_sum.h"

#include <string.h>

#include "base/clock.h"

static void	 add_then(struct dry_county *, const struct dry_sum *, const struct dry_case *);

struct dry_county *
dry_county(struct dry_sum *sum, const char *code)
{
	struct dry_county	*c;

	for (c = sum->counties; c < sum->counties + sum->ncounties; c++) {
		if (strcmp(c->code, code) == 0)
			return (c);
	}
	if (sum->ncounties == DRY_COUNTIES || strlen(code) >= sizeof(c->code))
		return (NULL);
	sum->ncounties++;
	memset(c, 0, sizeof(*c));
	memcpy(c->code, code, strlen(code) + 1);
	return (c);
}

enum dry_change
dry_add(struct dry_sum *sum, const struct dry_case *d)
{
	struct dry_county	*c = dry_county(sum, d->county);

	sum->judged++;
	if (c == NULL || (!d->now && !d->then))
		return (DRY_SAME);
	if (d->now) {
		c->now++;
		c->now_cents += d->now_cents > 0 ? d->now_cents : 0;
	}
	if (d->then)
		add_then(c, sum, d);
	if (d->now != d->then) {
		c->winners += d->then;
		c->losers += d->now;
		return (d->then ? DRY_WINNER : DRY_LOSER);
	}
	if (d->then_cents == d->now_cents || d->then_cents < 0 || d->now_cents < 0)
		return (DRY_SAME);
	c->more += d->then_cents > d->now_cents;
	c->less += d->then_cents < d->now_cents;
	return (d->then_cents > d->now_cents ? DRY_MORE : DRY_LESS);
}

static void
add_then(struct dry_county *c, const struct dry_sum *sum, const struct dry_case *d)
{
	c->then++;
	if (d->then_cents < 0) {
		c->unpriced++;
		return;
	}
	c->then_cents += d->then_cents;
	if (d->day >= sum->from && d->day <= sum->to && d->day - sum->from < DRY_DAYS)
		c->daily[d->day - sum->from] += d->then_cents;
}

int32_t
dry_money_ends(const struct dry_sum *sum, const struct dry_county *c, int32_t today)
{
	int64_t	spent = 0;
	int	i;

	for (i = 0; i < DRY_DAYS && i <= sum->to - sum->from; i++) {
		spent += c->daily[i];
		if (spent > c->available_cents)
			return (today + i);
	}
	return (DAY_NONE);
}

void
dry_total(const struct dry_sum *sum, struct dry_county *out)
{
	const struct dry_county	*c;
	int			 i;

	memset(out, 0, sizeof(*out));
	for (c = sum->counties; c < sum->counties + sum->ncounties; c++) {
		out->now += c->now;
		out->now_cents += c->now_cents;
		out->then += c->then;
		out->then_cents += c->then_cents;
		out->winners += c->winners;
		out->losers += c->losers;
		out->more += c->more;
		out->less += c->less;
		out->unpriced += c->unpriced;
		out->available_cents += c->available_cents;
		for (i = 0; i < DRY_DAYS; i++)
			out->daily[i] += c->daily[i];
	}
}
