/*
 * day.c -- calendar days and their text (clock.h). Proleptic Gregorian, years
 * 1 to 9999; anything outside is DAY_NONE or INT64_MIN.
 *
 * A day number becomes year, month and day by counting from 1 March of year 0,
 * so that the leap day is the last of its year (400 years have 146,097 days).
 */
#include <string.h>

#include "base/base_priv.h"
#include "base/clock.h"

#define US_PER_SECOND	INT64_C(1000000)
#define DAY_SECONDS	86400
#define SHANGHAI_SECONDS (8 * 3600)
#define ERA_DAYS	146097
#define EPOCH_SHIFT	719468		/* 0000-03-01 to 1970-01-01 */
#define DAY_FIRST	(-719162)	/* 0001-01-01 */
#define DAY_LAST	2932896		/* 9999-12-31 */

static int64_t	floor_div(int64_t, int64_t);
static bool	day_valid(int32_t);
static int	month_days(int, int);
static int32_t	day_count(int, int, int);
static int	digits(const char *, int);
static int32_t	day_read(const char *);
static bool	zone_read(const char *, int *);

int32_t
day_of(int64_t instant_us)
{
	int64_t	second = floor_div(instant_us, US_PER_SECOND) + SHANGHAI_SECONDS;

	return ((int32_t)floor_div(second, DAY_SECONDS));
}

int64_t
day_start_us(int32_t day)
{
	if (!day_valid(day))
		return (INT64_MIN);
	return (((int64_t)day * DAY_SECONDS - SHANGHAI_SECONDS) * US_PER_SECOND);
}

int32_t
day_make(int year, int month, int mday)
{
	if (year < 1 || year > 9999 || month < 1 || month > 12 ||
	    mday < 1 || mday > month_days(year, month))
		return (DAY_NONE);
	return (day_count(year, month, mday));
}

/* All three are 0 for a day outside the calendar. */
void
day_split(int32_t day, int *year, int *month, int *mday)
{
	int	era, of_era, year_of_era, of_year, shifted;

	if (!day_valid(day)) {
		*year = *month = *mday = 0;
		return;
	}
	day += EPOCH_SHIFT;
	era = day / ERA_DAYS;
	of_era = day % ERA_DAYS;
	year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	shifted = (5 * of_year + 2) / 153;
	*mday = of_year - (153 * shifted + 2) / 5 + 1;
	*month = shifted < 10 ? shifted + 3 : shifted - 9;
	*year = era * 400 + year_of_era + (*month <= 2);
}

int32_t
day_month_first(int32_t day)
{
	int	year, month, mday;

	day_split(day, &year, &month, &mday);
	return (day_make(year, month, 1));
}

int32_t
day_add_months(int32_t day, int months)
{
	int64_t	index;
	int	year, month, mday, last;

	if (!day_valid(day))
		return (DAY_NONE);
	day_split(day, &year, &month, &mday);
	index = (int64_t)year * 12 + month - 1 + months;
	if (index < 12 || index > 9999 * 12 + 11)
		return (DAY_NONE);
	year = (int)(index / 12);
	month = (int)(index % 12) + 1;
	last = month_days(year, month);
	return (day_count(year, month, mday < last ? mday : last));
}

int32_t
day_parse(const char *text)
{
	if (strnlen(text, DAY_TEXT) != DAY_TEXT - 1)
		return (DAY_NONE);
	return (day_read(text));
}

/* "" for DAY_NONE. */
char *
day_format(int32_t day, char out[DAY_TEXT])
{
	char	*p = out;
	int	 year, month, mday;

	if (day_valid(day)) {
		day_split(day, &year, &month, &mday);
		p = decimal_pad(p, (uint32_t)year, 4);
		*p++ = '-';
		p = decimal_pad(p, (uint32_t)month, 2);
		*p++ = '-';
		p = decimal_pad(p, (uint32_t)mday, 2);
	}
	*p = '\0';
	return (out);
}

/* Digits of a second beyond six are cut off; leap seconds are refused. */
int64_t
instant_parse(const char *text)
{
	const char	*p = text + 19;
	int64_t		 us = 0, unit = US_PER_SECOND;
	int32_t		 day;
	int		 hour, minute, second, zone;

	if (strnlen(text, 20) < 20 || (day = day_read(text)) == DAY_NONE ||
	    (text[10] != 'T' && text[10] != 't') || text[13] != ':' || text[16] != ':')
		return (INT64_MIN);
	hour = digits(text + 11, 2);
	minute = digits(text + 14, 2);
	second = digits(text + 17, 2);
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
	    second < 0 || second > 59)
		return (INT64_MIN);
	if (*p == '.') {
		if (digits(++p, 1) < 0)
			return (INT64_MIN);
		for (; *p >= '0' && *p <= '9'; p++)
			us += (unit /= 10) * (*p - '0');
	}
	if (!zone_read(p, &zone))
		return (INT64_MIN);
	return (((int64_t)day * DAY_SECONDS + hour * 3600 + minute * 60 + second -
	    zone) * US_PER_SECOND + us);
}

/* UTC; "" when the year is not 1 to 9999. */
char *
instant_format(int64_t us, char out[INSTANT_TEXT])
{
	int64_t	 total = floor_div(us, US_PER_SECOND);
	int32_t	 day = (int32_t)floor_div(total, DAY_SECONDS);
	uint32_t second = (uint32_t)(total - (int64_t)day * DAY_SECONDS);
	char	*p = out + DAY_TEXT - 1;

	if (day_format(day, out)[0] == '\0')
		return (out);
	*p++ = 'T';
	p = decimal_pad(p, second / 3600, 2);
	*p++ = ':';
	p = decimal_pad(p, second / 60 % 60, 2);
	*p++ = ':';
	p = decimal_pad(p, second % 60, 2);
	*p++ = '.';
	p = decimal_pad(p, (uint32_t)(us - total * US_PER_SECOND), 6);
	*p++ = 'Z';
	*p = '\0';
	return (out);
}

static int64_t
floor_div(int64_t a, int64_t b)
{
	return (a / b - (a % b < 0));
}

static bool
day_valid(int32_t day)
{
	return (day >= DAY_FIRST && day <= DAY_LAST);
}

static int
month_days(int year, int month)
{
	static const int	days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool			leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return (days[month - 1] + (month == 2 && leap));
}

static int32_t
day_count(int year, int month, int mday)
{
	int	y = month <= 2 ? year - 1 : year;
	int	shifted = month <= 2 ? month + 9 : month - 3;
	int	of_year = (153 * shifted + 2) / 5 + mday - 1;

	return (y / 400 * ERA_DAYS + y % 400 * 365 + y % 400 / 4 - y % 400 / 100 +
	    of_year - EPOCH_SHIFT);
}

/* -1 unless there are `n` digits; stops at a NUL. */
static int
digits(const char *p, int n)
{
	int	value = 0;

	for (; n > 0; n--, p++) {
		if (*p < '0' || *p > '9')
			return (-1);
		value = value * 10 + (*p - '0');
	}
	return (value);
}

/* The first ten characters; the caller knows they are there. */
static int32_t
day_read(const char *text)
{
	if (text[4] != '-' || text[7] != '-')
		return (DAY_NONE);
	return (day_make(digits(text, 4), digits(text + 5, 2), digits(text + 8, 2)));
}

/* "Z" or "+08:00", and nothing behind; seconds east of UTC. */
static bool
zone_read(const char *p, int *seconds)
{
	int	hour, minute;

	*seconds = 0;
	if (*p == 'Z' || *p == 'z')
		return (p[1] == '\0');
	if ((*p != '+' && *p != '-') || strnlen(p, 7) != 6 || p[3] != ':')
		return (false);
	hour = digits(p + 1, 2);
	minute = digits(p + 4, 2);
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59)
		return (false);
	*seconds = (hour * 3600 + minute * 60) * (*p == '-' ? -1 : 1);
	return (true);
}
