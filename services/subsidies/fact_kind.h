/*
 * fact_kind.h -- the kinds of facts there are (fact_kinds.def), by name: whose
 * they are, whether a policy may judge them one by one, what their columns mean.
 */
#ifndef SUBSIDIES_FACT_KIND_H
#define SUBSIDIES_FACT_KIND_H

#include "base/base.h"

struct fact_kind {
	const char	*name;		/* subsidies.fact.kind */
	const char	*title;
	const char	*holder;	/* person, org or both */
	bool		 subject;
	const char	*code;		/* what the column code is; "": unused */
	const char	*numbers;	/* what numbers[1], [2] … are */
};

extern const struct fact_kind	fact_kinds[];
extern const size_t		fact_kinds_count;

const struct fact_kind *fact_kind(const char *name);	/* NULL: unknown */
int	check_fact_kind(const char *);			/* for FIELD_CHECK */
size_t	fact_kind_numbers(const struct fact_kind *);	/* how many numbers a row has */

#endif
