/*
 * test_dryrun.c -- the sums of a dry run: who gains, who loses, what it costs
 * and the day the money ends.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../services/subsidies/dryrun_sum.c"

#define DAY(n)	(20000 + (n))

static struct dry_sum *
fresh(void)
{
	struct dry_sum	*s = calloc(1, sizeof(*s));

	s->from = DAY(0);
	s->to = DAY(364);
	return (s);
}

static enum dry_change
add(struct dry_sum *s, const char *county, int day, int64_t now, int64_t then)
{
	struct dry_case	d = { .county = county, .day = DAY(day), .now = now != 0, .then = then != 0,
	    .now_cents = now, .then_cents = then };

	return (dry_add(s, &d));
}

static void
test_changes(void **state)
{
	struct dry_sum		*s = fresh();
	struct dry_county	 all;

	(void)state;
	assert_int_equal(add(s, "431129", 1, 0, 100), DRY_WINNER);
	assert_int_equal(add(s, "431129", 2, 100, 0), DRY_LOSER);
	assert_int_equal(add(s, "431129", 3, 100, 150), DRY_MORE);
	assert_int_equal(add(s, "431122", 3, 100, 50), DRY_LESS);
	assert_int_equal(add(s, "431122", 3, 100, 100), DRY_SAME);
	assert_int_equal(add(s, "431122", 3, 0, 0), DRY_SAME);
	assert_int_equal(add(s, "431122", 3, 0, -1), DRY_WINNER);	/* 未设定 costs nothing yet */
	dry_total(s, &all);
	assert_int_equal(s->judged, 7);
	assert_int_equal(all.winners, 2);
	assert_int_equal(all.losers, 1);
	assert_int_equal(all.now_cents, 400);
	assert_int_equal(all.then_cents, 400);
	assert_int_equal(all.unpriced, 1);
	assert_int_equal(dry_county(s, "431129")->then_cents, 250);
	free(s);
}

static void
test_money_ends(void **state)
{
	struct dry_sum		*s = fresh();
	struct dry_county	*c, all;

	(void)state;
	(void)add(s, "431129", 0, 0, 100);
	(void)add(s, "431129", 10, 0, 100);
	(void)add(s, "431129", 364, 0, 1);
	c = dry_county(s, "431129");
	c->available_cents = 99;
	assert_int_equal(dry_money_ends(s, c, DAY(1000)), DAY(1000));
	c->available_cents = 100;
	assert_int_equal(dry_money_ends(s, c, DAY(1000)), DAY(1010));
	c->available_cents = 200;
	assert_int_equal(dry_money_ends(s, c, DAY(1000)), DAY(1364));
	c->available_cents = 201;
	assert_int_equal(dry_money_ends(s, c, DAY(1000)), DAY_NONE);
	dry_county(s, "431122")->available_cents = 1;
	dry_total(s, &all);
	assert_int_equal(all.available_cents, 202);
	free(s);
}

/* What falls outside the period is not a day of the pattern; a county too many is not counted. */
static void
test_bounds(void **state)
{
	struct dry_sum	*s = fresh();
	char		 code[7] = "431100";
	int		 i;

	(void)state;
	assert_int_equal(add(s, "431129", -1, 0, 100), DRY_WINNER);
	assert_int_equal(add(s, "431129", 400, 0, 100), DRY_WINNER);
	assert_int_equal(dry_money_ends(s, dry_county(s, "431129"), DAY(0)), DAY_NONE);
	for (i = 0; i < 20; i++) {
		code[5] = (char)('a' + i);
		(void)add(s, code, 0, 0, 1);
	}
	assert_int_equal(s->ncounties, DRY_COUNTIES);
	assert_null(dry_county(s, "439999"));
	assert_null(dry_county(s, "4311221"));
	free(s);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_money_ends),
		cmocka_unit_test(test_bounds),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
