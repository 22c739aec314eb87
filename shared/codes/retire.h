/*
 * retire.h -- 法定退休年龄 by the table of 2025 (《国务院关于渐进式延迟法定退休
 * 年龄的办法》): from 2025-01 on, men and women of 55 retire one month later for
 * each four months that they would have retired after it, women of 50 one for
 * each two, up to 63, 58 and 55. Whoever would have retired before is not
 * touched. jobs.retires_on() in SQL is the same.
 *
 * Pure: days in, days out.
 */
#ifndef YJY_RETIRE_H
#define YJY_RETIRE_H

#include "base/clock.h"

enum retire_class {
	RETIRE_MALE,		/* 60 -> 63 */
	RETIRE_FEMALE_55,	/* 女干部: 55 -> 58 */
	RETIRE_FEMALE_50,	/* 女工人: 50 -> 55 */
	RETIRE_CLASSES
};

extern const char *const retire_class_names[];	/* "male", …; NULL-ended */

/* RETIRE_CLASSES: no such class. */
enum retire_class retire_class_of(const char *name);
/* Months by which this birthday retires later than before 2025. */
int	retire_delay_months(int32_t birth, enum retire_class);
/* DAY_NONE for DAY_NONE. A day that the month does not have is its last. */
int32_t	retire_on(int32_t birth, enum retire_class);
/* Whole years from `at`, rounded down; 4 and less is 距退休不足5年. Negative: past. */
int	retire_years_left(int32_t birth, enum retire_class, int32_t at);

#endif
