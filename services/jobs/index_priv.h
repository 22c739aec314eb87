/*
 * index_priv.h -- what the files of the index share: the dictionary of terms,
 * the places with their columns, and the cutting of text.
 *
 *	index.c		places: put, drop, expire
 *	index_dict.c	term -> bitmap of places
 *	index_cut.c	text -> terms
 *	index_ask.c	a question -> a bitmap, tiers
 *	index_sort.c	a bitmap -> the hits of one page
 *	index_count.c	a bitmap -> facets
 *	index_names.c	titles and employers, counted, found by prefix
 */
#ifndef JOBS_INDEX_PRIV_H
#define JOBS_INDEX_PRIV_H

#include <roaring/roaring.h>

#include "index.h"

typedef uint64_t	index_term;	/* never 0 */

enum part { PART_TITLE, PART_NAMES, PART_ANY, PARTS };

#define PENDING		8	/* places that lie in the entry itself */

/* One line of the cache. */
struct dict_entry {
	index_term		 term;	/* 0: free */
	roaring_bitmap_t	*map;	/* NULL: all are pending */
	uint32_t		*block;	/* NULL: pending in the entry */
	uint32_t		 last;
	uint16_t		 npending, room;
	uint32_t		 own[PENDING];
} __attribute__((aligned(64)));

struct dict {
	struct dict_entry	*entries;
	size_t			 cap, count;
};

#define PAY_BANDS	257

struct column {
	struct uuid	 id;
	int64_t		 posted_us, changed_us;
	int64_t		 pay_low_cents, pay_high_cents, pay_rank;
	int32_t		 expires_on;
	int32_t		 lat_e6, lng_e6;
	uint32_t	 flags;
	uint8_t		 facets[INDEX_FACETS];
	uint64_t	 print;		/* of all that its terms and facets come from */
	uint32_t	 names[INDEX_NAMES];	/* into struct names, 0: none */
};

/* Distinct texts with the number of live postings that have them. */
struct name {
	char		*text;
	uint32_t	 count;
	uint32_t	 hash;
};

struct names {
	struct name	*list;		/* from 1 */
	size_t		 count, room;
	uint32_t	*by_text;	/* open addressing */
	size_t		 cap;
	uint32_t	*sorted;	/* by text; what came later is not in it yet */
	size_t		 nsorted;
	size_t		 bytes;
};

struct index {
	struct dict		 dict;
	struct column		*columns;	/* by place */
	size_t			 places, room;	/* places given so far */
	roaring_bitmap_t	*live;		/* places that count */
	roaring_bitmap_t	*late;		/* places newer than the posting at them */
	int64_t			*newest_us;	/* by place: the newest posted_us up to it */
	struct uuid		 newest_id;
	size_t			 nlive;
	size_t			 settled;	/* of the dictionary, see index_settle() */
	struct names		 names[INDEX_NAMES];
	roaring_bitmap_t	*facets[INDEX_FACETS][INDEX_VALUES];	/* NULL: none */
	roaring_bitmap_t	*flags[INDEX_FLAGS];
	roaring_bitmap_t	*pays[PAY_BANDS];	/* by pay_rank, see pay_band() */
	uint32_t		*by_id;		/* open addressing: place + 1 */
	size_t			 by_id_cap;
};

/* ---- dictionary ---- */
/* The terms of one place; places never go down. */
void	 dict_add_all(struct dict *, const index_term *, size_t n, uint32_t place);
/* The term's places; NULL: none. Valid until the next dict_add(). */
const roaring_bitmap_t *dict_find(struct dict *, index_term);
/* Packs entries from `at` on; where to go on, SIZE_MAX: through. */
size_t	 dict_settle(struct dict *, size_t at, size_t budget);
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

struct asked {
	roaring_bitmap_t	*hits;			/* all that match */
	roaring_bitmap_t	*title, *names;		/* of the words alone; NULL: no words */
};

/* ---- places ---- */
/* Of two places, does the first come before the second, newest first? */
bool	 place_newer(const struct index *, uint32_t, uint32_t);
/* The first place whose running newest is at least that; those below are older, but for late ones. */
uint32_t place_since(const struct index *, int64_t posted_us);

/* Four bands to each doubling: every pay of a higher band is higher. */
size_t	 pay_band(int64_t);

/* ---- names ---- */
uint32_t names_take(struct names *, const char *text);	/* one more; its number */
void	 names_give(struct names *, uint32_t);		/* one fewer */
size_t	 names_find(struct names *, const char *prefix, struct index_suggestion *, size_t room);
void	 names_release(struct names *);

void	 asked_make(struct index *, const struct index_query *, struct asked *);
void	 asked_release(struct asked *);
/* The cells that the circle may touch; exact distance is judged by index_near(). */
roaring_bitmap_t *cells_in(struct index *, const struct index_query *, int64_t radius_m);
int64_t	 index_distance_m(const struct index_query *, const struct column *);
bool	 index_near(const struct index_query *, const struct column *);
/* Holds the posting what columns alone decide? */
bool	 index_fits(const struct index_query *, const struct column *);
void	 index_page(struct index *, const struct index_query *, const struct asked *,
	    struct index_result *);
void	 index_facets(const struct index *, const roaring_bitmap_t *, struct index_result *);

#endif
