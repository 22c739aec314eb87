/*
 * index_priv.h -- what the files of the index share: the dictionary of terms,
 * the places with their columns, and the cutting of text.
 *
 *	index.c		places: put, drop, expire
 *	index_dict.c	term -> bitmap of places
 *	index_cut.c	text -> terms
 *	index_ask.c	a question -> a bitmap, tiers
 *	index_sort.c	a bitmap -> the hits of one page, facets
 */
#ifndef JOBS_INDEX_PRIV_H
#define JOBS_INDEX_PRIV_H

#include <roaring/roaring.h>

#include "index.h"

typedef uint64_t	index_term;	/* never 0 */

enum part { PART_TITLE, PART_NAMES, PART_ANY, PARTS };

#define PENDING		6	/* places of a rare term before it needs a bitmap */

struct dict_entry {
	index_term		 term;	/* 0: free */
	roaring_bitmap_t	*map;	/* NULL: all are pending */
	uint32_t		 npending;
	uint32_t		 pending[PENDING];
	uint32_t		 last;
};

struct dict {
	struct dict_entry	*entries;
	size_t			 cap, count;
};

struct column {
	struct uuid	 id;
	int64_t		 posted_us;
	int64_t		 pay_low_cents, pay_high_cents;
	int32_t		 expires_on;
	int32_t		 lat_e6, lng_e6;
	uint8_t		 facets[INDEX_FACETS];
};

struct index {
	struct dict		 dict;
	struct column		*columns;	/* by place */
	size_t			 places, room;	/* places given so far */
	roaring_bitmap_t	*live;		/* places that count */
	uint32_t		*by_id;		/* open addressing: place + 1 */
	size_t			 by_id_cap;
};

/* ---- dictionary ---- */
void	 dict_add(struct dict *, index_term, uint32_t place);	/* places never go down */
/* The term's places; NULL: none. Valid until the next dict_add(). */
const roaring_bitmap_t *dict_find(struct dict *, index_term);
void	 dict_settle(struct dict *);
size_t	 dict_bytes(const struct dict *);
void	 dict_release(struct dict *);

/* ---- cutting ---- */
/*
 * Calls `take` for each term of the text under that part. `singles`: each Chinese
 * character besides, so that one alone can be asked for (titles).
 */
void	 index_cut(const char *text, enum part, bool singles,
	    void (*take)(void *, index_term), void *);
index_term index_mark_term(uint8_t kind, const char *text);
/* Cells of a grid over the city, for questions of distance. */
index_term index_cell_term(int32_t lat_cell, int32_t lng_cell);
#define CELL_E6		20000		/* millionths of a degree on a side, about 2 km */

/* ---- asking ---- */
struct asked {
	roaring_bitmap_t	*hits;			/* all that match */
	roaring_bitmap_t	*title, *names;		/* of the words alone; NULL: no words */
};

void	 asked_make(struct index *, const struct index_query *, struct asked *);
void	 asked_release(struct asked *);
int64_t	 index_distance_m(const struct index_query *, const struct column *);
bool	 index_near(const struct index_query *, const struct column *);
void	 index_page(struct index *, const struct index_query *, const struct asked *,
	    struct index_result *);
void	 index_facets(const struct index *, const roaring_bitmap_t *, struct index_result *);

#endif
