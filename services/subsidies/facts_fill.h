/*
 * facts_fill.h -- what facts_fill.c and facts_days.c share: one filling, and
 * the lists of days in it.
 */
#ifndef SUBSIDIES_FACTS_FILL_H
#define SUBSIDIES_FACTS_FILL_H

#include "codes/retire.h"
#include "dossier.h"
#include "facts.h"

struct fill {
	struct dossier			*d;
	const struct subject		*s;
	const struct policy_ask		*ask;
};

enum days_list {
	LIST_CERTIFICATES, LIST_HIRES, LIST_HIRES_HERE, LIST_MONTHS_HERE, LIST_MONTHS_ELSEWHERE,
	LIST_MONTHS_ANY, LIST_MONTHS_UI, LIST_BENEFIT
};

/* Ascending; unknown when there is nobody it could be about. */
void	facts_days(const struct fill *, enum days_list, struct rule_value *);
/* An earlier certificate of the same occupation, at this level or higher. */
bool	facts_certified_before(const struct fill *);
/* Kinds of rows that these facts are read from, as bits. */
uint64_t facts_kinds(rule_mask);
/* False: the catalogue names a fact that nothing fills. */
bool	facts_have_source(size_t slot);

#endif
