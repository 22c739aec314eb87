/*
 * search_priv.h -- what the files of the search share: the index of the process
 * with how far it is, and the names that search_near.c keeps for the others.
 */
#ifndef JOBS_SEARCH_PRIV_H
#define JOBS_SEARCH_PRIV_H

#include "search.h"

struct area_row {
	const char	*code, *name, *brief;	/* 冷水滩区, 冷水滩 */
	int		 level;			/* 1 the city … 4 a village */
};

#define IDS_MOST	4096	/* told of and not read yet; more: the log tells again */
#define WAITERS		64

struct co;

struct live {
	struct index	*index, *fresh;	/* fresh: being filled */
	int64_t		 after_us;	/* the last posting put into fresh */
	struct uuid	 after_id;
	int64_t		 began_us;
	int64_t		 done, head;	/* of our log */
	struct uuid	 ids[IDS_MOST];
	size_t		 nids;
	int32_t		 today;
	int64_t		 bytes, bytes_of;	/* measured when it was filled, with so many postings */
	int64_t		 fills;
	bool		 link, missed, synonyms, worn;
	bool		 waiting;
	uint64_t	 commits, taken;	/* of this process: made, and in the index */
	struct co	*waiters[WAITERS];
	size_t		 nwaiters;
	struct co	*co;
};

extern struct live	live;

/* Begins another index; puts a batch more, and in the end it is the index. */
int	fill_begin(void) MUST_CHECK;
int	fill_more(void) MUST_CHECK;

int	near_load(void) MUST_CHECK;
const struct area_row *near_areas(size_t *n);
char	*near_keep(const char *);	/* a copy for good */

#endif
