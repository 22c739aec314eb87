/*
 * match_priv.h -- what the files of the engine share.
 *
 *	match.c		places by id, put and drop of postings
 *	match_bucket.c	postings of one occupation, county and form, newest last
 *	match_crowd.c	people, and their lists by occupation
 *	match_score.c	one pair; match_words.c: codes, reasons
 *	match_ask.c	the best postings, ring by ring
 *	match_ask_crowd.c the best people
 *	match_top.c	the k best seen so far
 */
#ifndef JOBS_MATCH_PRIV_H
#define JOBS_MATCH_PRIV_H

#include "match.h"

/* Which place an id has; open addressing over the ids themselves. */
struct places {
	struct uuid	*ids;		/* by place */
	uint32_t	*slots;		/* place + 1; 0: free, GONE: was one */
	size_t		 cap, filled;	/* slots */
	uint32_t	*idle;		/* places to give again */
	size_t		 nidle, idle_room;
	size_t		 given, room, count;
};
#define PLACE_NONE	UINT32_MAX

/* False: it had one already. The caller makes room for `given` in its columns. */
bool		 places_take(struct places *, const struct uuid *, uint32_t *place);
uint32_t	 places_find(const struct places *, const struct uuid *);
uint32_t	 places_drop(struct places *, const struct uuid *);
void		 places_release(struct places *);

/* The best that any posting of a bucket could be; only ever too good. */
struct reach {
	int32_t		 pay_low, pay_high;
	int32_t		 newest;	/* day */
	uint64_t	 skills;	/* a bit for some of each word's */
	uint16_t	 benefits;
	uint8_t		 education, skill_level;	/* least that one asks for */
	bool		 any_piece, any_skills, any_free;
	bool		 any_point;
};

/* What most postings are told apart by, side by side: 32 bytes each. */
struct entry {
	uint64_t	 skills;	/* word_bit() of each; 0: none asked for */
	int32_t		 posted_on, expires_on;
	int32_t		 pay_low, pay_high;
	uint32_t	 place;
	uint16_t	 benefits;
	uint8_t		 education : 4, skill_level : 4;
	uint8_t		 nskills;
};

/* Entries ascending by posted_on. */
struct bucket {
	struct entry	*entries;
	uint32_t	 count, room, gone;
	struct reach	 reach;
} __attribute__((aligned(64)));

/* Buckets by number of the occupation: a ring goes through them side by side. */
struct grid {
	struct bucket	*buckets;
	size_t		 room;
};

struct crowd_list {
	uint32_t	 code;		/* wished or done; 0: neither known */
	uint32_t	*people;
	uint32_t	 count, room;
};

struct crowd {
	struct places	 places;
	struct match_person *people;
	uint32_t	*stamps;	/* last question that saw the person */
	uint32_t	 stamp;
	size_t		 room;
	struct crowd_list *wished, *done;
	size_t		 nwished, ndone;
};

struct match {
	struct places	 places;
	struct match_posting *postings;		/* by place */
	size_t		 room;
	uint32_t	*codes;			/* of occupations, by number */
	uint32_t	*sorted;		/* numbers ascending by code */
	size_t		 ncodes, codes_room;
	struct grid	 grids[MATCH_COUNTIES][MATCH_FORMS];
	struct crowd	 crowd;
	uint8_t		*near;			/* scratch of a question: ring by occupation */
	uint32_t	*order;
	struct ring_bucket {
		int32_t		 bound;
		uint8_t		 form;
		const struct bucket *bucket;
	}		*ring;
	size_t		 ring_room, scratch_room;
};

void		 bucket_add(struct match *, uint32_t place);
void		 bucket_remove(struct match *, uint32_t place);
void		 buckets_release(struct match *);
void		 crowd_release(struct crowd *);

/* ---- the k best ---- */
struct top_item {
	int32_t		 score, day;
	uint32_t	 place;
};

struct top {
	struct top_item	 items[MATCH_MOST];	/* a heap, the worst on top */
	size_t		 count;
	const struct match_ask *ask;
	const struct uuid *ids;		/* by place */
};

void		 top_init(struct top *, const struct match_ask *, const struct uuid *ids);
void		 top_offer(struct top *, int32_t score, int32_t day, uint32_t place);
void		 top_sort(struct top *);	/* best first */
/* A score below it can no longer come in. */
static inline int32_t
top_least(const struct top *t)
{
	int32_t	least = t->ask->least;

	if (t->count == t->ask->limit && t->items[0].score > least)
		least = t->items[0].score;
	return (least);
}

/* ---- scoring ---- */
#define NEAR_RINGS	8
extern const uint16_t near_scores[NEAR_RINGS];		/* descending */
uint8_t		 near_ring(const struct match_person *, uint32_t occupation, uint8_t *why);
uint8_t		 near_wish(uint32_t wish, uint32_t occupation);
uint8_t		 near_past(uint32_t past, uint32_t occupation);
#define NEAR_UNKNOWN	4
uint16_t	 score_fresh(int32_t posted_on, int32_t today, uint8_t *why);
uint16_t	 score_form(const struct match_person *, uint8_t form, uint8_t *why);
/* The most that place can give in that county. */
uint16_t	 place_bound(const struct match_person *, uint8_t county);
uint16_t	 score_place(const struct match_person *, const struct match_posting *, uint8_t *why);
uint16_t	 score_skills(const struct match_person *, const struct match_posting *, uint8_t *why);
bool		 area_has(const struct match_area *, uint8_t county, uint32_t place);
uint64_t	 word_bit(uint32_t);
uint64_t	 person_bits(const struct match_person *);
#define SCORE_NEUTRAL	500
#define SCORE_SHORT	300	/* one level short, or not known */

/* ---- asked of every entry of a bucket: here, to be inlined ---- */

/* Without the instruction, which not every machine of ours is built for. */
static inline int
bits_set(uint64_t x)
{
	x -= x >> 1 & UINT64_C(0x5555555555555555);
	x = (x & UINT64_C(0x3333333333333333)) + (x >> 2 & UINT64_C(0x3333333333333333));
	x = (x + (x >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
	return ((int)(x * UINT64_C(0x0101010101010101) >> 56));
}

/* Below six tenths of the wish there is nothing left of it. */
static inline uint16_t
score_pay(int32_t least, int32_t low, int32_t high, uint8_t *why)
{
	int64_t	part;

	if (least == 0) {
		*why = MATCH_WHY_PAY_NO_WISH;
		return (SCORE_NEUTRAL);
	}
	if (high == MATCH_PAY_UNKNOWN) {
		*why = MATCH_WHY_PAY_PIECE;
		return (SCORE_NEUTRAL);
	}
	if (high >= least) {
		*why = low >= least ? MATCH_WHY_PAY_OVER : MATCH_WHY_PAY_MEETS;
		return (low >= least ? MATCH_FULL : 800);
	}
	*why = MATCH_WHY_PAY_UNDER;
	part = (int64_t)high * 1000 / least;
	return (part <= 600 ? 0 : (uint16_t)((part - 600) * 700 / 400));
}

/* `none`: the first of four reasons: none asked, meets, short, unknown. */
static inline uint16_t
score_asked(uint8_t asked, uint8_t has, uint8_t none, uint8_t *why)
{
	if (asked == 0 || has >= asked) {
		*why = asked == 0 ? none : (uint8_t)(none + 1);
		return (MATCH_FULL);
	}
	*why = (uint8_t)(none + (has == 0 ? 3 : 2));
	return (SCORE_SHORT);
}

static inline uint16_t
score_benefits(uint16_t wanted, uint16_t given, uint8_t *why)
{
	int	all = bits_set(wanted), has = bits_set(wanted & given);

	if (all == 0) {
		*why = MATCH_WHY_BENEFITS_NO_WISH;
		return (SCORE_NEUTRAL);
	}
	*why = has == all ? MATCH_WHY_BENEFITS_ALL :
	    has > 0 ? MATCH_WHY_BENEFITS_SOME : MATCH_WHY_BENEFITS_NO;
	return ((uint16_t)(has * MATCH_FULL / all));
}

#endif
