/*
 * retire.c -- when somebody reaches 法定退休年龄.
 *
 * Invariant: within a class, who is born later never retires earlier, and the
 * delay grows by at most one month a month.
 */
#include "codes/retire.h"

#define FIRST_MONTH	(2025 * 12)	/* January 2025, counted from year 0 */

static const struct {
	int	years, each, cap;	/* age before; months of birth a month of delay; most */
} tables[RETIRE_CLASSES] = {
	[RETIRE_MALE] = { 60, 4, 36 },
	[RETIRE_FEMALE_55] = { 55, 4, 36 },
	[RETIRE_FEMALE_50] = { 50, 2, 60 },
};

const char *const retire_class_names[] = { "male", "female_55", "female_50", NULL };

enum retire_class
retire_class_of(const char *name)
{
	size_t	i;

	for (i = 0; retire_class_names[i] != NULL; i++)
		if (strcmp(retire_class_names[i], name) == 0)
			break;
	return ((enum retire_class)i);
}

int
retire_delay_months(int32_t birth, enum retire_class class)
{
	int	year, month, mday, late, delay;

	day_split(birth, &year, &month, &mday);
	late = (year + tables[class].years) * 12 + month - 1 - FIRST_MONTH;
	if (late < 0)
		return (0);
	delay = late / tables[class].each + 1;
	return (delay < tables[class].cap ? delay : tables[class].cap);
}

int32_t
retire_on(int32_t birth, enum retire_class class)
{
	if (birth == DAY_NONE)
		return (DAY_NONE);
	return (day_add_months(birth, tables[class].years * 12 + retire_delay_months(birth, class)));
}

int
retire_years_left(int32_t birth, enum retire_class class, int32_t at)
{
	int32_t	on = retire_on(birth, class);
	int	years = 0;

	while (day_add_months(at, 12 * (years + 1)) <= on)
		years++;
	while (day_add_months(at, 12 * years) > on)
		years--;
	return (years);
}
