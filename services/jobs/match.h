/*
 * match.h -- who fits where: postings and people as compact records, the best
 * of one kind for one of the other, with reasons. Pure: no database, no clock,
 * no floating point.
 *
 * A score is the weighted sum of nine criteria of 0..1000 each; the weights add
 * up to 1000, so it lies in 0..1,000,000. Equal scores: newer first, then by id.
 *
 * Invariant: nothing in these records says sex, age, ethnic group, household or
 * health, so no score can depend on them (就业促进法 art. 3, PIPL art. 24).
 */
#ifndef JOBS_MATCH_H
#define JOBS_MATCH_H

#include "base/id.h"

enum match_criterion {
	MATCH_OCCUPATION, MATCH_PLACE, MATCH_PAY, MATCH_FORM, MATCH_EDUCATION,
	MATCH_SKILL_LEVEL, MATCH_SKILLS, MATCH_BENEFITS, MATCH_FRESH, MATCH_CRITERIA
};

#define MATCH_FULL	1000		/* of a criterion, and of all weights together */
#define MATCH_COUNTIES	15		/* the 14 of the city, and elsewhere */
#define MATCH_ELSEWHERE	14
#define MATCH_FORMS	5
#define MATCH_OCCUPATIONS 10		/* a person's wishes; and as many from experience */
#define MATCH_AREAS	10
#define MATCH_SKILLS_MAX 30
#define MATCH_NOWHERE	INT32_MIN	/* latitude without a point */
#define MATCH_PAY_UNKNOWN (-1)
#define MATCH_MOST	201		/* results of one question */

struct match_weights {
	int32_t		 version;	/* kept with each result */
	uint16_t	 of[MATCH_CRITERIA];
};

struct match_posting {
	uint32_t	 occupation;	/* match_occupation() */
	uint32_t	 place;		/* match_area(): eight digits behind 4311 */
	int32_t		 lat_e6, lng_e6;
	int32_t		 pay_low_yuan, pay_high_yuan;	/* a month; or MATCH_PAY_UNKNOWN */
	int32_t		 posted_on, expires_on;		/* days */
	uint32_t	*skills;	/* match_word(), ascending; copied */
	uint16_t	 benefits;	/* bits */
	uint16_t	 headcount_left;
	uint8_t		 county;	/* 0..14 */
	uint8_t		 form;		/* 0..4 */
	uint8_t		 education;	/* at least; rank 1..9, 0: none asked */
	uint8_t		 skill_level;	/* at least; 1 (初级工) .. 5, 0: none asked */
	uint8_t		 nskills;
};

/* A wished area: everything of one `span` of place numbers, or a county. */
struct match_area {
	uint32_t	 place;
	uint32_t	 span;		/* 0: the city, 1000000: a county, 1000: a town, 1: a village */
	uint8_t		 county;
};

enum match_flag { MATCH_SEEKING = 1, MATCH_FINDABLE = 2, MATCH_REGISTERED = 4 };

struct match_person {
	struct uuid	 id;
	uint32_t	 wishes[MATCH_OCCUPATIONS], past[MATCH_OCCUPATIONS];
	struct match_area areas[MATCH_AREAS];
	uint32_t	 skills[MATCH_SKILLS_MAX];	/* ascending */
	uint32_t	 home;		/* place; 0: only the county is known */
	int32_t		 lat_e6, lng_e6;
	int32_t		 pay_least_yuan;	/* a month; 0: nothing said */
	uint16_t	 benefits;	/* wanted */
	uint8_t		 county;
	uint8_t		 forms;		/* bits; 0: any */
	uint8_t		 education;	/* rank, 0: unknown */
	uint8_t		 skill_level;	/* 0: unknown */
	uint8_t		 flags;
	uint8_t		 nwishes, npast, nareas, nskills;
};

/* Why a criterion got what it got; match_why_text() says it in words. */
enum match_why {
#define WHY(id, name, zh, en)	MATCH_WHY_##id,
#include "match_why.def"
#undef WHY
	MATCH_WHYS
};

struct match_hit {
	struct uuid	 id;
	int32_t		 score;		/* 0..1,000,000 */
	int32_t		 day;		/* of the posting; people: 0 */
	uint16_t	 parts[MATCH_CRITERIA];
	uint8_t		 why[MATCH_CRITERIA];
};

struct match_ask {
	const struct match_weights *weights;
	int32_t		 today;
	int32_t		 least;		/* score from which on, 0: any */
	size_t		 limit;		/* up to MATCH_MOST */
	const struct uuid *without;	/* ascending: never shown */
	size_t		 nwithout;
	const struct match_area *area;	/* only there; NULL: anywhere */
	uint8_t		 forms;		/* only these, bits; 0: any */
	uint8_t		 flags;		/* of people: all of these */
	const struct match_hit *after;	/* goes on behind this one */
};

struct match;

struct match	*match_new(void);
void	 match_free(struct match **);
/* Replaces what it held under that id. */
void	 match_put_posting(struct match *, const struct uuid *, const struct match_posting *);
void	 match_drop_posting(struct match *, const struct uuid *);	/* harmless when absent */
void	 match_put_person(struct match *, const struct match_person *);
void	 match_drop_person(struct match *, const struct uuid *);
const struct match_person *match_person(const struct match *, const struct uuid *);
size_t	 match_postings(const struct match *);
size_t	 match_people(const struct match *);

/* Both fill `hits` (room for ask->limit), best first, and say how many. */
size_t	 match_best_postings(struct match *, const struct match_person *, const struct match_ask *,
	    struct match_hit *hits);
size_t	 match_best_people(struct match *, const struct match_posting *, const struct match_ask *,
	    struct match_hit *hits);
/* The same by looking at everything: for tests and the checker. */
size_t	 match_every_posting(struct match *, const struct match_person *, const struct match_ask *,
	    struct match_hit *hits);
size_t	 match_every_person(struct match *, const struct match_posting *, const struct match_ask *,
	    struct match_hit *hits);

/* ---- scoring one pair ---- */
/* What no score makes good: over, form not wished, asks for far more than there is. */
bool	 match_fits(const struct match_person *, const struct match_posting *, int32_t today);
int32_t	 match_score(const struct match_person *, const struct match_posting *,
	    const struct match_weights *, int32_t today, uint16_t parts[MATCH_CRITERIA],
	    uint8_t why[MATCH_CRITERIA]);
const char *match_criterion_name(enum match_criterion);
const char *match_criterion_text(enum match_criterion, bool english);
const char *match_why_name(enum match_why);
const char *match_why_text(enum match_why, bool english);

/* ---- codes to numbers ---- */
uint32_t match_occupation(const char *code);	/* any level: "6-31", "6-31-01-03"; 0: none */
/* 6, 9 or 12 digits; `county`: 0..14. span 0 and ELSEWHERE for what is not the city's. */
struct match_area match_area(const char *code, uint8_t county);
uint32_t match_word(const char *);		/* of a skill, whatever its case */
size_t	 match_words_sort(uint32_t *, size_t);	/* ascending, each once; how many stay */
/* 分 of a unit to 元 a month: 21.75 days of 8 hours (人社部发〔2025〕2号); piece: unknown. */
int32_t	 match_pay_month(int64_t cents, const char *unit);

#endif
