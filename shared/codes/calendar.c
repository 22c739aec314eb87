/*
 * calendar.c -- working days, with the shifted ones (调休) of each year.
 *
 * One byte a day, from the first day of the file on, without a gap. Nothing
 * is guessed: before the first and after the last day there is no answer.
 */
#include <stdlib.h>
#include <string.h>

#include "codes/codes.h"
#include "codes/codes_priv.h"
#include "base/log.h"

#define CALENDAR_DAYS	(100 * 366)
#define DAY_WORKING	1
#define DAY_PREDICTED	2

static uint8_t	*days;
static int32_t	 first_day, ndays;

static bool	 day_known(int32_t);
static int	 calendar_add(const struct codes_csv *, const size_t *);

int
codes_load_calendar(const char *dir)
{
	static const char *const	 names[] = { "date", "is_workday", "status", NULL };
	struct codes_csv			 csv;
	size_t				 col[3];
	int				 r;

	free(days);
	days = NULL;
	ndays = 0;
	if (codes_csv_open(&csv, dir, "calendar.csv") == -1)
		return (-1);
	if ((r = codes_csv_columns(&csv, names, col)) == -1)
		goto out;
	if ((days = malloc(CALENDAR_DAYS)) == NULL)
		log_die("codes: out of memory");
	while ((r = codes_csv_next(&csv)) == 1)
		if (calendar_add(&csv, col) == -1) {
			r = codes_csv_bad(&csv, "not the day after the one before");
			break;
		}
	if ((days = realloc(days, (size_t)ndays + 1)) == NULL)
		log_die("codes: out of memory");
out:
	codes_csv_close(&csv);
	return (r);
}

bool
day_is_working(int32_t day)
{
	return (day_known(day) && (days[day - first_day] & DAY_WORKING) != 0);
}

void
days_working_list(struct buf *out)
{
	char	 text[DAY_TEXT];
	bool	 any = false;
	int32_t	 i;

	buf_addc(out, '{');
	for (i = 0; i < ndays; i++)
		if (day_is_working(first_day + i)) {
			buf_addf(out, "%s%s", any ? "," : "", day_format(first_day + i, text));
			any = true;
		}
	buf_addc(out, '}');
}

bool
day_is_predicted(int32_t day)
{
	return (!day_known(day) || (days[day - first_day] & DAY_PREDICTED) != 0);
}

int32_t
day_add_working(int32_t day, int n)
{
	if (n < 1 || day == DAY_NONE || day == INT32_MAX)
		return (DAY_NONE);
	while (n > 0) {
		if (!day_known(++day))
			return (DAY_NONE);
		if (day_is_working(day))
			n--;
	}
	return (day);
}

int
days_working_between(int32_t from, int32_t to)
{
	int32_t	 day;
	int	 n = 0;

	if (!day_known(from) || !day_known(to))
		return (-1);
	for (day = from; day <= to; day++)
		n += day_is_working(day);
	return (n);
}

static bool
day_known(int32_t day)
{
	return (day >= first_day && (int64_t)day - first_day < ndays);
}

static int
calendar_add(const struct codes_csv *csv, const size_t *col)
{
	const char	*work = csv->fields[col[1]], *status = csv->fields[col[2]];
	int32_t		 day = day_parse(csv->fields[col[0]]);
	bool		 predicted = strcmp(status, "predicted") == 0;

	if (day == DAY_NONE || ndays == CALENDAR_DAYS ||
	    (ndays > 0 && day != first_day + ndays))
		return (-1);
	if ((strcmp(work, "0") != 0 && strcmp(work, "1") != 0) ||
	    (!predicted && strcmp(status, "official") != 0))
		return (-1);
	if (ndays == 0)
		first_day = day;
	days[ndays++] = (uint8_t)((work[0] == '1' ? DAY_WORKING : 0) |
	    (predicted ? DAY_PREDICTED : 0));
	return (0);
}
