/*
 * budget.h -- what the files of budgets share. Sums are in 分; a treasury is a
 * county's code, or 431100 for the city's.
 */
#ifndef SUBSIDIES_BUDGET_H
#define SUBSIDIES_BUDGET_H

#include "http/call.h"

#define AMOUNT_MAX	INT64_C(10000000000000)	/* 1,000 亿元 */

/*
 * Whether the caller is 财政 of whose the line is, and the line of use to that
 * county (NULL: any). False: *said is what the handler returns.
 */
bool	treasury_of_line(struct call *, const char *line_code, const char *county_code,
	    int *said) MUST_CHECK;

#endif
