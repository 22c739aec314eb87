/*
 * employment.h -- what the files of 就业登记 share: how days, contracts and
 * wages are bounded.
 */
#ifndef YJY_EMPLOYMENT_H
#define YJY_EMPLOYMENT_H

#include "jobs.h"

#define WAGE_MOST_CENTS	INT64_C(1000000000)	/* 1,000 万元 a month */
#define DAY_1990	7305
#define DAY_2100	47482
#define FIELD_DAY_SINCE_1990_(s, m, req, h)					\
	FIELD_ROW_(s, m, FIELD_T_DAY, req, .min = DAY_1990, .max = DAY_2100, .help = h)
#define FIELD_DAY_SINCE_1990(s, m, h)	FIELD_DAY_SINCE_1990_(s, m, REQUIRED, h)

extern const char *const contract_types[];

/* A fixed term and a dispatch have a length, an open-ended contract has none. months 0: none. */
bool	contract_sound(const char *type, int64_t months);

#endif
