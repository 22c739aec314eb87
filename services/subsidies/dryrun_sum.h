/*
 * dryrun_sum.h -- the sums of a dry run: by county, what is paid now and what
 * a drafted rule would pay, day by day, and when that would use up the money.
 *
 * Pure: integers in 分, days of clock.h. The days of the period are taken as
 * the pattern of the days to come: what fell due on its n-th day will fall due
 * n days from `today`.
 */
#ifndef SUBSIDIES_DRYRUN_SUM_H
#define SUBSIDIES_DRYRUN_SUM_H

#include "base/base.h"

#define DRY_COUNTIES	16
#define DRY_DAYS	367

struct dry_county {
	char		 code[7];
	int64_t		 now, now_cents;	/* how many by the rule that holds, and their sum */
	int64_t		 then, then_cents;	/* by the draft */
	int64_t		 winners, losers, more, less;
	int64_t		 unpriced;		/* by the draft, with the amount 未设定 */
	int64_t		 available_cents;	/* of its allotments that may pay this policy */
	int64_t		 daily[DRY_DAYS];	/* of then_cents, by day of the period */
};

struct dry_sum {
	int32_t			from, to;	/* the period */
	int64_t			judged;
	struct dry_county	counties[DRY_COUNTIES];
	size_t			ncounties;
};

/* One subject: paid now and then, or not. Cents below 0: the amount is not set. */
struct dry_case {
	const char	*county;
	int32_t		 day;
	bool		 now, then;
	int64_t		 now_cents, then_cents;
};

enum dry_change { DRY_SAME, DRY_WINNER, DRY_LOSER, DRY_MORE, DRY_LESS };

/* NULL: more counties than there are. */
struct dry_county *dry_county(struct dry_sum *, const char *code);
enum dry_change	 dry_add(struct dry_sum *, const struct dry_case *);
/* The day on which the draft would have used up what the county has; DAY_NONE: not within the period's length. */
int32_t		 dry_money_ends(const struct dry_sum *, const struct dry_county *, int32_t today);
/* Of all counties together, with all they have. */
void		 dry_total(const struct dry_sum *, struct dry_county *);

#endif
