/*
 * words.c -- see words.h; the labels are identity's, the tables' checks in
 * sql/jobs/003, 041 and 042 hold the same words.
 */
#include <stddef.h>

#include "words.h"

const char *const work_forms[] = { "full_time", "part_time", "gig", "flexible", "internship", NULL };
const char *const pay_units[] = { "month", "day", "hour", "piece", NULL };
const char *const work_benefits[] = { "social_insurance", "housing_fund", "lodging", "meals",
	"shuttle", "two_days_off", "paid_leave", "bonus", "overtime_pay", "health_check", "training",
	"child_care", "high_temperature_pay", NULL };
