/*
 * test_base_clock.c -- days, instants and the sandbox clock.
 */
#include <sys/stat.h>
#include <sys/wait.h>

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"

#define SECOND	INT64_C(1000000)

static void
days_count_from_the_epoch(void **state)
{
	int	y, m, d;

	(void)state;
	assert_int_equal(day_make(1970, 1, 1), 0);
	assert_int_equal(day_make(1969, 12, 31), -1);
	assert_int_equal(day_make(2000, 3, 1), 11017);
	assert_int_equal(day_make(2025, 3, 10), 20157);
	assert_int_equal(day_make(1, 1, 1), -719162);
	assert_int_equal(day_make(9999, 12, 31), 2932896);
	/* Every day there is, against a calendar that counts. */
	y = m = d = 1;
	for (int32_t day = -719162; day <= 2932896; day++) {
		static const int	len[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
		int			gy, gm, gd, last;

		day_split(day, &gy, &gm, &gd);
		if (gy != y || gm != m || gd != d || day_make(y, m, d) != day)
			fail_msg("day %d is %d-%d-%d, not %d-%d-%d", day, y, m, d, gy, gm, gd);
		last = len[m - 1] + (m == 2 && y % 4 == 0 && (y % 100 != 0 || y % 400 == 0));
		if (++d > last) {
			d = 1;
			if (++m > 12) {
				m = 1;
				y++;
			}
		}
	}
}

static void
dates_that_do_not_exist(void **state)
{
	int	y, m, d;

	(void)state;
	assert_int_equal(day_make(2025, 2, 29), DAY_NONE);
	assert_int_not_equal(day_make(2024, 2, 29), DAY_NONE);
	assert_int_equal(day_make(1900, 2, 29), DAY_NONE);
	assert_int_not_equal(day_make(2000, 2, 29), DAY_NONE);
	assert_int_equal(day_make(2025, 4, 31), DAY_NONE);
	assert_int_equal(day_make(2025, 13, 1), DAY_NONE);
	assert_int_equal(day_make(2025, 0, 1), DAY_NONE);
	assert_int_equal(day_make(2025, 1, 0), DAY_NONE);
	assert_int_equal(day_make(0, 1, 1), DAY_NONE);
	assert_int_equal(day_make(10000, 1, 1), DAY_NONE);
	assert_int_equal(day_make(2025, -1, 1), DAY_NONE);
	day_split(DAY_NONE, &y, &m, &d);
	assert_int_equal(y + m + d, 0);
}

static void
check_months(const char *from, int months, const char *want)
{
	char	out[DAY_TEXT];

	assert_string_equal(day_format(day_add_months(day_parse(from), months), out), want);
}

static void
months_clamp_to_the_end(void **state)
{
	(void)state;
	check_months("2024-01-31", 1, "2024-02-29");
	check_months("2025-01-31", 1, "2025-02-28");
	check_months("2024-02-29", 12, "2025-02-28");
	check_months("2024-02-29", 48, "2028-02-29");
	check_months("2025-03-31", -1, "2025-02-28");
	check_months("2025-01-15", -1, "2024-12-15");
	check_months("2024-12-31", 2, "2025-02-28");
	check_months("2024-08-31", 3, "2024-11-30");
	check_months("2024-11-30", 1, "2024-12-30");
	check_months("2025-06-10", 0, "2025-06-10");
	check_months("0001-01-31", -1, "");
	check_months("9999-12-01", 1, "");
	check_months("9999-11-30", 1, "9999-12-30");
	assert_int_equal(day_add_months(DAY_NONE, 1), DAY_NONE);
	assert_int_equal(day_add_months(0, INT32_MAX), DAY_NONE);
	assert_int_equal(day_add_months(0, INT32_MIN), DAY_NONE);
}

static void
days_are_read_strictly(void **state)
{
	static const char *const	bad[] = { "", "2025", "2025-3-10", "2025-03-1",
	    "2025/03/10", "2025-03-10 ", " 2025-03-10", "2025-03-100", "2025-02-29", "20250310",
	    "2025-03-1x", "-025-03-10", "+025-03-10", "0000-01-01", "2025-0:-10", "10000-01-01" };
	char				out[DAY_TEXT];

	(void)state;
	for (size_t i = 0; i < NITEMS(bad); i++)
		assert_int_equal(day_parse(bad[i]), DAY_NONE);
	assert_int_equal(day_parse("2025-03-10"), 20157);
	assert_string_equal(day_format(20157, out), "2025-03-10");
	assert_string_equal(day_format(-719162, out), "0001-01-01");
	assert_string_equal(day_format(DAY_NONE, out), "");
	assert_string_equal(day_format(INT32_MAX, out), "");
}

/* The day changes at 16:00 UTC. */
static void
days_are_of_shanghai(void **state)
{
	int64_t	four = instant_parse("2025-03-10T16:00:00Z");

	(void)state;
	assert_int_equal(day_of(four), day_parse("2025-03-11"));
	assert_int_equal(day_of(four - 1), day_parse("2025-03-10"));
	assert_int_equal(day_start_us(day_parse("2025-03-11")), four);
	assert_int_equal(day_of(0), 0);
	assert_int_equal(day_start_us(0), -8 * 3600 * SECOND);
	assert_int_equal(day_of(-8 * 3600 * SECOND), 0);
	assert_int_equal(day_of(-8 * 3600 * SECOND - 1), -1);
	assert_int_equal(day_start_us(DAY_NONE), INT64_MIN);
	assert_int_equal(day_start_us(INT32_MAX), INT64_MIN);
	/* No overflow at the ends. */
	assert_true(day_of(INT64_MAX) > 0);
	assert_true(day_of(INT64_MIN) < 0);
}

static void
instants_follow_rfc_3339(void **state)
{
	int64_t	at = INT64_C(1741568523) * SECOND;	/* 2025-03-10T01:02:03Z */

	(void)state;
	assert_int_equal(instant_parse("2025-03-10T01:02:03Z"), at);
	assert_int_equal(instant_parse("2025-03-10t01:02:03z"), at);
	assert_int_equal(instant_parse("2025-03-10T09:02:03+08:00"), at);
	assert_int_equal(instant_parse("2025-03-09T20:02:03-05:00"), at);
	assert_int_equal(instant_parse("2025-03-10T06:47:03+05:45"), at);
	assert_int_equal(instant_parse("2025-03-10T01:02:03-00:00"), at);
	assert_int_equal(instant_parse("2025-03-10T01:02:03.5Z"), at + 500000);
	assert_int_equal(instant_parse("2025-03-10T01:02:03.000001Z"), at + 1);
	assert_int_equal(instant_parse("2025-03-10T01:02:03.1234569Z"), at + 123456);
	assert_int_equal(instant_parse("2025-03-10T01:02:03.000000000001+00:00"), at);
	assert_int_equal(instant_parse("1970-01-01T00:00:00Z"), 0);
	assert_int_equal(instant_parse("1969-12-31T23:59:59.999999Z"), -1);
	assert_int_equal(instant_parse("2024-02-29T23:59:59Z"),
	    instant_parse("2024-03-01T07:59:59+08:00"));
}

static void
bad_instants_are_refused(void **state)
{
	static const char *const	bad[] = { "", "2025-03-10", "2025-03-10T01:02:03",
	    "2025-03-10 01:02:03Z", "2025-03-10T24:00:00Z", "2025-03-10T01:60:00Z",
	    "2025-03-10T23:59:60Z", "2025-02-29T00:00:00Z", "2025-03-10T01:02:03.Z",
	    "2025-03-10T01:02:03+0800", "2025-03-10T01:02:03+08", "2025-03-10T01:02:03+24:00",
	    "2025-03-10T01:02:03+08:60", "2025-03-10T01:02:03Zx", "2025-03-10T01:02:03+08:00x",
	    "2025-03-10T1:02:03Z", "2025-03-10T01-02-03Z", "2025-03-10T01:02:03,5Z",
	    "2025-03-10T01:02:03.5", "2025-03-10T01:02:0 Z", "2025-03-10T01:02:-3Z",
	    "2025-03-10T01:02:03+:8:00" };

	(void)state;
	for (size_t i = 0; i < NITEMS(bad); i++)
		if (instant_parse(bad[i]) != INT64_MIN)
			fail_msg("\"%s\" was read as an instant", bad[i]);
}

static void
instants_are_written_in_utc(void **state)
{
	static const char *const	same[] = { "2025-03-10T01:02:03.000000Z",
	    "1969-12-31T23:59:59.999999Z", "0001-01-01T00:00:00.000000Z",
	    "9999-12-31T23:59:59.999999Z", "2024-02-29T12:00:00.123456Z" };
	char				out[INSTANT_TEXT];

	(void)state;
	for (size_t i = 0; i < NITEMS(same); i++)
		assert_string_equal(instant_format(instant_parse(same[i]), out), same[i]);
	assert_string_equal(instant_format(INT64_MIN, out), "");
	assert_string_equal(instant_format(INT64_MAX, out), "");
}

static void
clocks_go_forward(void **state)
{
	int64_t	mono = clock_mono_us(), real = clock_real_us();

	(void)state;
	usleep(2000);
	assert_in_range(clock_mono_us() - mono, 2000, 5 * SECOND);
	assert_in_range(clock_real_us() - real, 1000, 5 * SECOND);
	assert_true(real > instant_parse("2024-01-01T00:00:00Z"));
	assert_int_equal(clock_open(NULL), 0);
	assert_in_range(clock_now_us() - clock_real_us() + SECOND, 0, SECOND);
	assert_int_equal(clock_today(), day_of(clock_real_us()));
	assert_int_equal(clock_move(0), -1);
}

static char	folder[] = "/tmp/test_clock.XXXXXX";
static char	file[64];

static int
folder_make(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return (-1);
	snprintf(file, sizeof(file), "%s/clock", folder);
	return (chmod(folder, 0755));
}

static int
folder_remove(void **state)
{
	(void)state;
	unlink(file);
	return (rmdir(folder));
}

/* A move is seen by every process that mapped the file, and by later ones. */
static void
sandbox_clock_moves_for_everybody(void **state)
{
	int64_t	to = instant_parse("2025-12-31T16:00:00Z"), real;
	pid_t	pid;
	int	status;

	(void)state;
	assert_int_equal(clock_open(file), 0);
	assert_int_equal(clock_today(), day_of(clock_real_us()));
	if ((pid = fork()) == 0) {
		if (clock_open(file) == -1 || clock_move(to) == -1)
			_exit(1);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	real = clock_real_us();
	assert_in_range(clock_now_us() - to, 0, 60 * SECOND);
	assert_int_equal(clock_today(), day_parse("2026-01-01"));
	assert_in_range(clock_real_us() - real, 0, 60 * SECOND);

	assert_int_equal(clock_open(NULL), 0);
	assert_in_range(clock_now_us() - real, 0, 60 * SECOND);
	assert_int_equal(clock_open(file), 0);
	assert_int_equal(clock_today(), day_parse("2026-01-01"));
	assert_int_equal(clock_move(INT64_MIN), -1);
	assert_int_equal(clock_today(), day_parse("2026-01-01"));
}

/* Who may not write the file follows it and cannot move it. */
static void
sandbox_clock_is_read_only_for_others(void **state)
{
	pid_t	pid;
	int	status;

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(clock_open(file), 0);
	assert_int_equal(clock_move(instant_parse("2030-06-01T00:00:00Z")), 0);
	if ((pid = fork()) == 0) {
		if (setuid(65534) == -1 || clock_open(file) == -1)
			_exit(1);
		if (clock_today() != day_parse("2030-06-01"))
			_exit(2);
		_exit(clock_move(0) == -1 ? 0 : 3);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(clock_today(), day_parse("2030-06-01"));
}

static void
files_that_are_no_clock_are_refused(void **state)
{
	char	path[80];
	int	fd;

	(void)state;
	snprintf(path, sizeof(path), "%s/other", folder);
	fd = open(path, O_CREAT | O_WRONLY, 0644);
	assert_int_equal(write(fd, "sixteen bytes of", 16), 16);
	close(fd);
	assert_int_equal(clock_open(path), -1);
	assert_int_equal(truncate(path, 8), 0);
	assert_int_equal(clock_open(path), -1);
	unlink(path);
	assert_int_equal(clock_open("/nonexistent/clock"), -1);
	assert_int_equal(clock_open(folder), -1);
	/* After a failure business time is real time. */
	assert_int_equal(clock_today(), day_of(clock_real_us()));
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(days_count_from_the_epoch),
		cmocka_unit_test(dates_that_do_not_exist),
		cmocka_unit_test(months_clamp_to_the_end),
		cmocka_unit_test(days_are_read_strictly),
		cmocka_unit_test(days_are_of_shanghai),
		cmocka_unit_test(instants_follow_rfc_3339),
		cmocka_unit_test(bad_instants_are_refused),
		cmocka_unit_test(instants_are_written_in_utc),
		cmocka_unit_test(clocks_go_forward),
		cmocka_unit_test(sandbox_clock_moves_for_everybody),
		cmocka_unit_test(sandbox_clock_is_read_only_for_others),
		cmocka_unit_test(files_that_are_no_clock_are_refused),
	};

	return (cmocka_run_group_tests(tests, folder_make, folder_remove));
}
