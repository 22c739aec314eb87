/*
 * match_score.c -- one person and one posting: nine criteria of 0..1000, each
 * with its reason. Integers only, so that the same pair has the same score
 * everywhere. What is not known is neither good nor bad.
 *
 * Invariant: only members of struct match_person and struct match_posting are
 * read, and those hold nothing that the law forbids to weigh.
 */
#include <stdlib.h>

#include "match_priv.h"

#define M_LAT		11132	/* 1/100000 m a millionth of a degree */
#define M_LNG		9973	/* the same of longitude at 26.4° north */

static uint16_t	score_wished(const struct match_person *, const struct match_posting *, uint8_t *);
static uint16_t	score_home(const struct match_person *, const struct match_posting *, uint8_t *);
static uint16_t	score_distance(const struct match_person *, const struct match_posting *, uint8_t *);

const uint16_t near_scores[NEAR_RINGS] = { 1000, 800, 640, 500, 400, 200, 160, 0 };

bool
match_fits(const struct match_person *p, const struct match_posting *v, int32_t today)
{
	if (v->expires_on < today || v->headcount_left == 0)
		return (false);
	if (p->forms != 0 && (p->forms & 1 << v->form) == 0)
		return (false);
	if (p->education != 0 && p->education + 1 < v->education)
		return (false);
	return (p->skill_level == 0 || p->skill_level + 1 >= v->skill_level);
}

int32_t
match_score(const struct match_person *p, const struct match_posting *v,
    const struct match_weights *w, int32_t today, uint16_t parts[MATCH_CRITERIA],
    uint8_t why[MATCH_CRITERIA])
{
	int32_t	sum = 0;
	int	i;

	parts[MATCH_OCCUPATION] = near_scores[near_ring(p, v->occupation, &why[MATCH_OCCUPATION])];
	parts[MATCH_PLACE] = score_place(p, v, &why[MATCH_PLACE]);
	parts[MATCH_PAY] = score_pay(p->pay_least_yuan, v->pay_low_yuan, v->pay_high_yuan,
	    &why[MATCH_PAY]);
	parts[MATCH_FORM] = score_form(p, v->form, &why[MATCH_FORM]);
	parts[MATCH_EDUCATION] = score_asked(v->education, p->education, MATCH_WHY_EDU_NONE,
	    &why[MATCH_EDUCATION]);
	parts[MATCH_SKILL_LEVEL] = score_asked(v->skill_level, p->skill_level,
	    MATCH_WHY_LEVEL_NONE, &why[MATCH_SKILL_LEVEL]);
	parts[MATCH_SKILLS] = score_skills(p, v, &why[MATCH_SKILLS]);
	parts[MATCH_BENEFITS] = score_benefits(p->benefits, v->benefits, &why[MATCH_BENEFITS]);
	parts[MATCH_FRESH] = score_fresh(v->posted_on, today, &why[MATCH_FRESH]);
	for (i = 0; i < MATCH_CRITERIA; i++)
		sum += (int32_t)w->of[i] * parts[i];
	return (sum);
}

/* ---- occupation ---- */

/* Levels that two codes share: a code has one byte a level. */
static int
shared_levels(uint32_t a, uint32_t b)
{
	return (a == b ? 4 : __builtin_clz(a ^ b) / 8);
}

static int
levels(uint32_t code)
{
	return (code == 0 ? 0 : 4 - __builtin_ctz(code) / 8);
}

/* A wish of any level covers what lies below it. */
uint8_t
near_wish(uint32_t wish, uint32_t occupation)
{
	static const uint8_t	rings[] = { 7, 5, 3, 1, 0 };
	int			same = shared_levels(wish, occupation);

	return (same >= levels(wish) ? 0 : rings[same]);
}

uint8_t
near_past(uint32_t past, uint32_t occupation)
{
	static const uint8_t	rings[] = { 7, 6, 4, 2, 1 };

	return (rings[shared_levels(past, occupation)]);
}

uint8_t
near_ring(const struct match_person *p, uint32_t occupation, uint8_t *why)
{
	static const uint8_t	wished[NEAR_RINGS] = { MATCH_WHY_OCC_WISH, MATCH_WHY_OCC_CLASS, 0,
		MATCH_WHY_OCC_GROUP, 0, MATCH_WHY_OCC_FIELD, 0, MATCH_WHY_OCC_OTHER };
	uint8_t			best = NEAR_RINGS - 1, ring;
	int			i;

	*why = MATCH_WHY_OCC_UNKNOWN;
	if (p->nwishes == 0 && p->npast == 0)
		return (NEAR_UNKNOWN);
	*why = MATCH_WHY_OCC_OTHER;
	for (i = 0; i < p->nwishes; i++)
		if ((ring = near_wish(p->wishes[i], occupation)) < best) {
			best = ring;
			*why = wished[ring];
		}
	for (i = 0; i < p->npast; i++)
		if ((ring = near_past(p->past[i], occupation)) < best) {
			best = ring;
			*why = ring == 1 ? MATCH_WHY_OCC_PAST : MATCH_WHY_OCC_PAST_NEAR;
		}
	return (best);
}

/* ---- place ---- */

bool
area_has(const struct match_area *a, uint8_t county, uint32_t place)
{
	if (a->span == 0)
		return (a->county != MATCH_ELSEWHERE && county != MATCH_ELSEWHERE);
	if (a->span == 1000000)
		return (a->county == county);
	return (a->place / a->span == place / a->span);
}

uint16_t
score_place(const struct match_person *p, const struct match_posting *v, uint8_t *why)
{
	uint8_t		near;
	uint16_t	base, distance;

	base = p->nareas > 0 ? score_wished(p, v, why) : score_home(p, v, why);
	if (base < 600 && (distance = score_distance(p, v, &near)) > base) {
		*why = near;
		return (distance);
	}
	return (base);
}

static uint16_t
score_wished(const struct match_person *p, const struct match_posting *v, uint8_t *why)
{
	bool	county = false;
	int	i;

	for (i = 0; i < p->nareas; i++) {
		if (area_has(&p->areas[i], v->county, v->place)) {
			*why = MATCH_WHY_PLACE_WISH;
			return (MATCH_FULL);
		}
		county |= p->areas[i].county == v->county && v->county != MATCH_ELSEWHERE;
	}
	*why = county ? MATCH_WHY_PLACE_COUNTY : MATCH_WHY_PLACE_FAR;
	return (county ? 700 : 0);
}

static uint16_t
score_home(const struct match_person *p, const struct match_posting *v, uint8_t *why)
{
	if (v->county != p->county || v->county == MATCH_ELSEWHERE) {
		*why = MATCH_WHY_PLACE_CITY;
		return (200);
	}
	if (p->home != 0 && p->home / 1000 == v->place / 1000) {
		*why = MATCH_WHY_PLACE_TOWN;
		return (MATCH_FULL);
	}
	*why = MATCH_WHY_PLACE_HOME;
	return (850);
}

static uint16_t
score_distance(const struct match_person *p, const struct match_posting *v, uint8_t *why)
{
	int64_t	dy, dx, square;

	if (p->lat_e6 == MATCH_NOWHERE || v->lat_e6 == MATCH_NOWHERE)
		return (0);
	dy = ((int64_t)p->lat_e6 - v->lat_e6) * M_LAT / 100000;
	dx = ((int64_t)p->lng_e6 - v->lng_e6) * M_LNG / 100000;
	square = dy * dy + dx * dx;
	if (square <= INT64_C(5000) * 5000) {
		*why = MATCH_WHY_PLACE_5KM;
		return (600);
	}
	if (square <= INT64_C(10000) * 10000) {
		*why = MATCH_WHY_PLACE_10KM;
		return (450);
	}
	*why = MATCH_WHY_PLACE_20KM;
	return (square <= INT64_C(20000) * 20000 ? 250 : 0);
}

uint16_t
place_bound(const struct match_person *p, uint8_t county)
{
	uint16_t	other = p->nareas > 0 ? 0 : 200;
	int		i;

	if (p->lat_e6 != MATCH_NOWHERE)
		other = 600;
	if (p->nareas == 0)
		return (county == p->county && county != MATCH_ELSEWHERE ? MATCH_FULL : other);
	for (i = 0; i < p->nareas; i++)
		if (p->areas[i].county == county || p->areas[i].span == 0)
			return (MATCH_FULL);
	return (other);
}

/* ---- pay, form, what is asked for ---- */

uint16_t
score_form(const struct match_person *p, uint8_t form, uint8_t *why)
{
	if (p->forms == 0) {
		*why = MATCH_WHY_FORM_NO_WISH;
		return (SCORE_NEUTRAL);
	}
	*why = MATCH_WHY_FORM_WISH;
	return ((p->forms & 1 << form) != 0 ? MATCH_FULL : 0);
}

/* ---- skills, benefits, freshness ---- */

uint16_t
score_skills(const struct match_person *p, const struct match_posting *v, uint8_t *why)
{
	unsigned int	i = 0, j = 0, both = 0;

	*why = MATCH_WHY_SKILLS_NONE;
	if (v->nskills == 0)
		return (SCORE_NEUTRAL);
	*why = MATCH_WHY_SKILLS_UNKNOWN;
	if (p->nskills == 0)
		return (SCORE_SHORT);
	while (i < p->nskills && j < v->nskills) {
		if (p->skills[i] == v->skills[j]) {
			both++;
			i++;
			j++;
		} else if (p->skills[i] < v->skills[j])
			i++;
		else
			j++;
	}
	*why = both == v->nskills ? MATCH_WHY_SKILLS_ALL :
	    both > 0 ? MATCH_WHY_SKILLS_SOME : MATCH_WHY_SKILLS_NO;
	return ((uint16_t)(both * MATCH_FULL / v->nskills));
}

/* Gone after sixty days. */
uint16_t
score_fresh(int32_t posted_on, int32_t today, uint8_t *why)
{
	int32_t	age = posted_on > today ? 0 : today - posted_on;

	*why = age <= 7 ? MATCH_WHY_FRESH_WEEK : age <= 30 ? MATCH_WHY_FRESH_MONTH :
	    MATCH_WHY_FRESH_OLD;
	return (age >= 60 ? 0 : (uint16_t)((60 - age) * MATCH_FULL / 60));
}

/* ---- words as bits ---- */

uint64_t
word_bit(uint32_t word)
{
	return (UINT64_C(1) << (word * UINT32_C(2654435761) >> 26));
}

uint64_t
person_bits(const struct match_person *p)
{
	uint64_t	bits = 0;
	int		i;

	for (i = 0; i < p->nskills; i++)
		bits |= word_bit(p->skills[i]);
	return (bits);
}
