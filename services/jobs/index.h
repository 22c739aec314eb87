/*
 * index.h -- postings searched in memory: bitmaps over words and codes, columns
 * for sorting and counting. Pure C on one thread; it holds nothing that the
 * database does not, and is made anew from it at every start.
 *
 * A posting lies at a place (a number), given in the order of adding. Who fills
 * it adds the oldest first, so a higher place is newer, and the newest hits are
 * found by walking a bitmap from its end; the few that were added out of order
 * are known and sorted in. A posting whose text, marks and facets are as before
 * stays where it is; otherwise it is removed and added again.
 *
 * Order is by posted_us and id behind the key of the sort, never by place: a
 * page goes on where the last one ended in any process, before and after a
 * restart.
 *
 * Words: text is cut into pairs of neighbouring Chinese characters (a lone one
 * stands for itself) and runs of letters and digits, folded to half width and
 * lower case. A phrase matches where all its pairs stand in the posting; two
 * pairs need not touch. Each pair is kept under the parts it stands in: title,
 * names (employer, aliases of the occupation), anywhere.
 *
 * Codes: a posting carries any number of (kind, text) marks, one for each level
 * of a hierarchy: a subtree is one mark.
 */
#ifndef JOBS_INDEX_H
#define JOBS_INDEX_H

#include "base/base.h"
#include "base/id.h"

#define INDEX_FACETS	8	/* small numbers of a posting that can be counted */
#define INDEX_VALUES	64	/* each below this */
#define INDEX_FLAGS	32	/* of which it may have several at once, counted too */
#define INDEX_MARKS	64	/* marks of one posting */
#define INDEX_NOWHERE	INT32_MIN	/* latitude of a posting without a point */

struct index;

struct index_mark {
	uint8_t		 kind;		/* the caller's: area, occupation, benefit … */
	const char	*text;
};

struct index_posting {
	struct uuid		 id;
	const char		*title, *names, *text;	/* NULL: none */
	const char		*employer;		/* NULL: none; for index_suggest() */
	const struct index_mark	*marks;
	size_t			 nmarks;
	int64_t			 pay_low_cents, pay_high_cents;	/* in its own unit */
	int64_t			 pay_rank;		/* for sorting across units */
	int64_t			 posted_us, changed_us;
	int32_t			 expires_on;	/* a day: gone after it */
	int32_t			 lat_e6, lng_e6;	/* millionths of a degree */
	uint8_t			 facets[INDEX_FACETS];
	uint32_t		 flags;
};

struct index	*index_new(void);
void		 index_free(struct index **);
/* Replaces the posting of that id, if there is one. */
void		 index_put(struct index *, const struct index_posting *);
void		 index_drop(struct index *, const struct uuid *id);	/* harmless when absent */
size_t		 index_count(const struct index *);
size_t		 index_bytes(const struct index *);
/* Most of what it holds is dead: make a new one from the database. */
bool		 index_worn(const struct index *);
/* Packs what was added, `budget` terms a call; worth it after a filling. False: not through yet. */
bool		 index_settle(struct index *, size_t budget);
/* Removes postings whose last day is before `today`; how many. */
size_t		 index_expire(struct index *, int32_t today);

/* ---- asking ---- */
#define INDEX_WORDS	16	/* words of a question */
#define INDEX_WAYS	8	/* other ways to say one word */
#define INDEX_FILTERS	16

enum index_sort { INDEX_RELEVANCE, INDEX_NEWEST, INDEX_PAY, INDEX_NEAREST };

/* A word matches in any of its ways: synonyms, or a mark that says the same. */
struct index_word {
	const char		*ways[INDEX_WAYS];
	size_t			 nways;
	struct index_mark	 marks[INDEX_WAYS];
	size_t			 nmarks;
};

/* One of several marks of one kind must be there. */
struct index_filter {
	uint8_t			 kind;
	const char *const	*any;
	size_t			 nany;
};

struct index_query {
	struct index_word	 words[INDEX_WORDS];	/* all must match */
	size_t			 nwords;
	struct index_filter	 filters[INDEX_FILTERS];	/* all must hold */
	size_t			 nfilters;
	int64_t			 pay_least;	/* of pay_rank; 0: any */
	int64_t			 posted_since_us;	/* 0: any */
	int32_t			 lat_e6, lng_e6;	/* of the asker; INDEX_NOWHERE: unknown */
	int64_t			 radius_m;		/* 0: anywhere */
	enum index_sort		 sort;
	bool			 count, facets;		/* wanted? */
	bool			 more;			/* continues behind `after` */
	struct index_after {
		int64_t		 key;		/* of the sort */
		int64_t		 posted_us;
		struct uuid	 id;
		uint32_t	 tier;
	}			 after;
	size_t			 limit;
};

struct index_hit {
	struct uuid	 id;
	struct index_after after;	/* to go on behind this one */
	int64_t		 distance_m;	/* -1: not known */
};

struct index_result {
	struct index_hit	*hits;		/* room for `limit`, the caller's */
	size_t			 nhits;
	bool			 more;		/* there are further ones */
	uint64_t		 total;		/* when asked for */
	uint32_t		 facets[INDEX_FACETS][INDEX_VALUES];
	uint32_t		 flags[INDEX_FLAGS];
};

/*
 * Tiers of relevance: all words in the title, in title, names or marks, anywhere;
 * newest first in each.
 */
void	index_ask(struct index *, const struct index_query *, struct index_result *);

/* ---- typing ahead ---- */
enum index_name { INDEX_TITLE, INDEX_EMPLOYER, INDEX_NAMES };

struct index_suggestion {
	const char	*text;		/* until the next change */
	uint32_t	 count;		/* open postings */
};

/* The most used of the names that begin so, most used first; how many. */
size_t	index_suggest(struct index *, enum index_name, const char *prefix,
	    struct index_suggestion *, size_t room);
uint64_t index_mark_count(struct index *, uint8_t kind, const char *text);

/* ---- for the checker ---- */
/* True: the posting is held exactly so. */
bool	index_holds(const struct index *, const struct uuid *id, int64_t posted_us, int64_t changed_us);
bool	index_has(const struct index *, const struct uuid *id);
void	index_each(const struct index *, void (*)(void *, const struct uuid *), void *);

#endif
