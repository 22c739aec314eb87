/* test_warn -- the models of early warning on series computed by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "services/monitoring/warn_backtest.h"

#define POINTS	64

static struct warn_point	series[POINTS];

/* Periods one after another from a day on; -1: not known. */
static size_t
fill(enum warn_grain grain, const char *from, const int *values, size_t n)
{
	int32_t	on = day_parse(from);
	size_t	i;

	for (i = 0; i < n; i++, on = warn_next(grain, on))
		series[i] = (struct warn_point){ on, values[i] >= 0, values[i] };
	return (n);
}

static struct warn_model
model(enum warn_kind kind, enum warn_grain grain)
{
	struct warn_model	m = { .kind = kind, .grain = grain };

	m.level[WARN_YELLOW] = (struct warn_level){ true, 100, 80 };
	m.level[WARN_RED] = (struct warn_level){ true, 200, 150 };
	return (m);
}

static int64_t
score(const struct warn_model *m, size_t n, size_t i)
{
	int64_t	s = -999999;

	assert_true(warn_score(m, series, n, i, &s));
	return (s);
}

static void
periods_begin_where_they_should(void **state)
{
	(void)state;
	assert_int_equal(warn_period(WARN_WEEK, day_parse("2025-10-20")), day_parse("2025-10-20"));
	assert_int_equal(warn_period(WARN_WEEK, day_parse("2025-10-26")), day_parse("2025-10-20"));
	assert_int_equal(warn_period(WARN_WEEK, day_parse("1969-12-31")), day_parse("1969-12-29"));
	assert_int_equal(warn_period(WARN_MONTH, day_parse("2024-02-29")), day_parse("2024-02-01"));
	assert_int_equal(warn_next(WARN_MONTH, day_parse("2025-12-01")), day_parse("2026-01-01"));
	assert_int_equal(warn_period(WARN_DAY, 17), 17);
}

static void
colours_flicker_at_no_edge(void **state)
{
	static const int		values[] = { 99, 100, 80, 79, 200, 150, 149, 80, 0, 250 };
	static const enum warn_colour	want[] = { WARN_CLEAR, WARN_YELLOW, WARN_YELLOW, WARN_CLEAR, WARN_RED,
	    WARN_RED, WARN_YELLOW, WARN_YELLOW, WARN_CLEAR, WARN_RED };
	struct warn_model		m = model(WARN_THRESHOLD, WARN_DAY);
	enum warn_colour		now = WARN_CLEAR;
	size_t				i;

	(void)state;
	for (i = 0; i < 10; i++)
		assert_int_equal(now = warn_colour_after(&m, now, values[i]), want[i]);
	m.below = true;
	m.level[WARN_YELLOW] = (struct warn_level){ true, -100, -80 };
	m.level[WARN_RED] = (struct warn_level){ true, -200, -150 };
	assert_int_equal(warn_colour_after(&m, WARN_CLEAR, -99), WARN_CLEAR);
	assert_int_equal(warn_colour_after(&m, WARN_CLEAR, -100), WARN_YELLOW);
	assert_int_equal(warn_colour_after(&m, WARN_YELLOW, -80), WARN_YELLOW);
	assert_int_equal(warn_colour_after(&m, WARN_YELLOW, -79), WARN_CLEAR);
	assert_int_equal(warn_colour_after(&m, WARN_RED, -150), WARN_RED);
}

static void
levels_follow_each_other(void **state)
{
	struct warn_model	m = model(WARN_THRESHOLD, WARN_DAY), none = { .kind = WARN_THRESHOLD };

	(void)state;
	assert_int_equal(warn_levels_fault(&m), WARN_CLEAR);
	assert_int_equal(warn_levels_fault(&none), WARN_BLUE);
	m.level[WARN_RED].leave = 201;
	assert_int_equal(warn_levels_fault(&m), WARN_RED);
	m.level[WARN_RED] = (struct warn_level){ true, 100, 90 };
	assert_int_equal(warn_levels_fault(&m), WARN_RED);
	m.level[WARN_RED] = (struct warn_level){ true, 200, 70 };
	assert_int_equal(warn_levels_fault(&m), WARN_RED);
	m.below = true;
	m.level[WARN_YELLOW] = (struct warn_level){ true, -10, 0 };
	m.level[WARN_RED] = (struct warn_level){ true, -30, -20 };
	assert_int_equal(warn_levels_fault(&m), WARN_CLEAR);
	m.kind = WARN_CUSUM;	/* its sums grow whichever way they look */
	assert_int_equal(warn_levels_fault(&m), WARN_YELLOW);
}

static void
changes_are_per_mille(void **state)
{
	static const int	months[] = { 200, 150, 0, 40, -1, 10, 20, 30, 40, 50, 60, 70, 260, 300 };
	struct warn_model	m = model(WARN_PREVIOUS, WARN_MONTH), y = model(WARN_YEAR, WARN_MONTH);
	size_t			n = fill(WARN_MONTH, "2024-01-01", months, 14);
	int64_t			s;

	(void)state;
	assert_false(warn_score(&m, series, n, 0, &s));
	assert_int_equal(score(&m, n, 1), -250);
	assert_int_equal(score(&m, n, 2), -1000);
	assert_false(warn_score(&m, series, n, 3, &s));	/* of nothing */
	assert_false(warn_score(&m, series, n, 4, &s));
	assert_false(warn_score(&m, series, n, 5, &s));
	assert_int_equal(score(&y, n, 12), 300);	/* 260 of 200 */
	assert_int_equal(score(&y, n, 13), 1000);	/* 300 of 150 */
	assert_false(warn_score(&y, series, n, 11, &s));
	assert_int_equal(warn_reach(&y, day_parse("2025-02-01")), day_parse("2024-02-01"));
	assert_int_equal(warn_reach(&m, day_parse("2025-03-01")), day_parse("2025-01-01"));
}

/*
 * The festival of 2024 was on 10 February, that of 2025 on 29 January: the week
 * of 3 February 2025 (its middle the 6th, eight days after) is held against 18
 * February 2024, and not against the same week of the year.
 */
static void
spring_is_counted_from_the_festival(void **state)
{
	struct warn_model	m = model(WARN_SPRING, WARN_WEEK);
	int			weeks[POINTS];
	size_t			i, n;
	int64_t			s;

	(void)state;
	m.years = 1;
	m.window_days = 30;
	m.festival[0] = day_parse("2024-02-10");
	m.festival[1] = day_parse("2025-01-29");
	m.nfestivals = 2;
	for (i = 0; i < POINTS; i++)
		weeks[i] = 10;
	n = fill(WARN_WEEK, "2024-01-01", weeks, POINTS);
	for (i = 0; i < n; i++) {
		if (series[i].on == day_parse("2024-02-12"))
			series[i].value = 50;	/* holds the 18th */
		if (series[i].on == day_parse("2025-02-03"))
			series[i].value = 55;
	}
	for (i = 0; series[i].on != day_parse("2025-02-03"); i++)
		;
	assert_int_equal(score(&m, n, i), 100);
	m.window_days = 5;		/* too far from it: the same days of the year */
	assert_int_equal(score(&m, n, i), 4500);
	m.window_days = 30;
	m.years = 2;
	assert_false(warn_score(&m, series, n, i, &s));
}

/* Reference 10, slack 2: 0, 3, 9, 7, 0, then what lies above is summed anew. */
static void
cusum_sums_what_lies_off(void **state)
{
	static const int	days[] = { 9, 10, 11, 8, 15, 18, 10, 2, -1, 20 };
	static const int	want[] = { 0, 3, 9, 7, 0 };
	struct warn_model	m = model(WARN_CUSUM, WARN_DAY);
	size_t			n = fill(WARN_DAY, "2025-03-01", days, 10), i;
	int64_t			s;

	(void)state;
	m.k = 2;
	m.periods = 3;
	m.start = day_parse("2025-03-04");
	assert_false(warn_score(&m, series, n, 2, &s));
	for (i = 0; i < 5; i++)
		assert_int_equal(score(&m, n, 3 + i), want[i]);
	assert_false(warn_score(&m, series, n, 8, &s));
	assert_int_equal(score(&m, n, 9), 8);
	m.periods = 4;				/* more than there are before */
	assert_false(warn_score(&m, series, n, 5, &s));
	m.has_reference = true;
	m.reference = 20;
	m.below = true;				/* 20 - 8 - 2, then 3, 0, 8, 16 more */
	assert_int_equal(score(&m, n, 3), 10);
	assert_int_equal(score(&m, n, 7), 10 + 3 + 0 + 8 + 16);
	assert_int_equal(warn_reach(&m, day_parse("2025-03-09")), m.start);
}

/* Mean 5, standard deviation 2 of 2, 4, 4, 4, 5, 5, 7, 9. */
static void
zscore_is_of_the_window_before(void **state)
{
	static const int	days[] = { 2, 4, 4, 4, 5, 5, 7, 9, 9, 1 };
	struct warn_model	m = model(WARN_ZSCORE, WARN_DAY);
	size_t			n = fill(WARN_DAY, "2025-03-01", days, 9), i;
	int64_t			s;

	(void)state;
	m.periods = 8;
	assert_int_equal(score(&m, n, 8), 2000);
	assert_false(warn_score(&m, series, n, 7, &s));
	for (i = 0; i < n; i++)
		series[i].value *= INT64_C(100000000000);	/* money of a city, in 分 */
	assert_in_range(score(&m, n, 8), 1999, 2001);
	for (i = 0; i < n; i++)
		series[i].value = 7;
	assert_false(warn_score(&m, series, n, 8, &s));	/* nothing moves */
}

static void
backtest_counts_hits_misses_and_false_alarms(void **state)
{
	static const int	days[] = { 10, 120, 90, 10, 10, 10, 130, 10, 10, 10, 10, 210, 160, 90 };
	struct warn_model	m = model(WARN_THRESHOLD, WARN_DAY);
	struct warn_alarm	alarms[POINTS];
	struct warn_episode	episodes[] = {
		{ .from = day_parse("2025-03-06"), .to = day_parse("2025-03-06"), .title = "ahead" },
		{ .from = day_parse("2025-03-11"), .to = day_parse("2025-03-11"), .title = "missed" },
		{ .from = day_parse("2025-03-12"), .to = day_parse("2025-03-20"), .title = "late" },
	};
	struct warn_trial	t = { .model = &m, .points = series, .npoints = fill(WARN_DAY, "2025-03-01", days, 14),
	    .from = day_parse("2025-03-01"), .to = day_parse("2025-03-14"), .lead_days = 2, .episodes = episodes,
	    .nepisodes = 3, .alarms = alarms };

	(void)state;
	warn_try(&t);
	assert_int_equal(t.nalarms, 3);
	assert_int_equal(alarms[0].from, day_parse("2025-03-03"));
	assert_int_equal(alarms[0].until, day_parse("2025-03-05"));
	assert_int_equal(alarms[2].until, DAY_NONE);
	assert_int_equal(alarms[2].peak, WARN_RED);
	assert_true(episodes[0].hit);
	assert_int_equal(episodes[0].lead, 3);
	assert_false(episodes[1].hit);
	assert_true(episodes[2].hit);
	assert_int_equal(episodes[2].lead, -1);
	assert_int_equal(t.hits, 2);
	assert_int_equal(t.misses, 1);
	assert_int_equal(t.false_alarms, 1);	/* of the 7th, over on the 9th: the 11th is two days off */
	assert_int_equal(t.leads, 2);
}

static void
documents_are_read_or_refused(void **state)
{
	static const char	text[] = "{\"model\":\"cusum\",\"step\":\"week\",\"direction\":\"below\",\"k\":3,\"periods\":4,"
	    "\"start\":\"2025-01-06\",\"levels\":[{\"colour\":\"orange\",\"enter\":9,\"leave\":7}],\"festivals\":[\"2025-01-29\"]}";
	static const char	list[] = "[[\"2025-01-06\",7],[\"2025-01-13\",null]]";
	struct warn_model	m;
	struct warn_point	*p;
	struct arena		a;
	size_t			n;

	(void)state;
	arena_init(&a);
	assert_true(warn_model_read(json_parse(&a, text, strlen(text)), &m));
	assert_int_equal(m.kind, WARN_CUSUM);
	assert_int_equal(m.level[WARN_ORANGE].leave, 7);
	assert_true(m.below && !m.has_reference && m.nfestivals == 1 && m.k == 3);
	assert_int_equal(warn_reach(&m, day_parse("2025-02-03")), day_parse("2024-12-09"));
	assert_false(warn_model_read(json_parse(&a, "{}", 2), &m));
	assert_true(warn_points_read(&a, json_parse(&a, list, strlen(list)), &p, &n));
	assert_true(n == 2 && p[0].known && p[0].value == 7 && !p[1].known);
	assert_false(warn_points_read(&a, json_parse(&a, "[[1]]", 5), &p, &n));
	arena_release(&a);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(periods_begin_where_they_should),
		cmocka_unit_test(colours_flicker_at_no_edge),
		cmocka_unit_test(levels_follow_each_other),
		cmocka_unit_test(changes_are_per_mille),
		cmocka_unit_test(spring_is_counted_from_the_festival),
		cmocka_unit_test(cusum_sums_what_lies_off),
		cmocka_unit_test(zscore_is_of_the_window_before),
		cmocka_unit_test(backtest_counts_hits_misses_and_false_alarms),
		cmocka_unit_test(documents_are_read_or_refused),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
