/*
 * search_priv.h -- the tables of names that search_near.c keeps for the others.
 */
#ifndef JOBS_SEARCH_PRIV_H
#define JOBS_SEARCH_PRIV_H

#include "search.h"

struct area_row {
	const char	*code, *name, *brief;	/* 冷水滩区, 冷水滩 */
	int		 level;			/* 1 the city … 4 a village */
};

int	near_load(void) MUST_CHECK;
const struct area_row *near_areas(size_t *n);
/* A copy of a list of codes, the caller's to free; names are the table's. */
struct code_item *near_list(const char *list, size_t *n);
char	*near_keep(const char *);	/* a copy for good */

#endif
