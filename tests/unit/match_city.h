/*
 * match_city.h -- a made-up city for tests and measurements of matching:
 * occupations by Zipf, counties by people, pay around 4,500 元. Integers only,
 * so that a seed gives the same city everywhere.
 */
#ifndef MATCH_CITY_H
#define MATCH_CITY_H

#include <stdlib.h>
#include <string.h>

#include "services/jobs/match.h"

#define CITY_TODAY	20000
#define CITY_CODES	2000

struct city {
	uint64_t	 state;
	uint32_t	 codes[CITY_CODES];
	size_t		 ncodes;
	uint32_t	 cuts[CITY_CODES];	/* of Zipf, ascending, out of 2^31 */
	uint32_t	 words[32];
};

/* Ten thousands of residents, 2020 census, rounded. */
static const uint16_t	city_people[14] = { 54, 59, 83, 48, 53, 31, 34, 32, 74, 32, 22, 24, 3, 2 };
static const uint8_t	city_forms[8] = { 0, 0, 0, 0, 0, 1, 2, 3 };

static inline uint32_t
city_rnd(struct city *c, uint32_t n)
{
	c->state ^= c->state << 13;
	c->state ^= c->state >> 7;
	c->state ^= c->state << 17;
	return ((uint32_t)((c->state >> 11) % n));
}

static inline void
city_start(struct city *c, uint64_t seed)
{
	uint64_t	sum = 0, part = 0;
	char		word[16];
	size_t		i;

	c->state = seed * UINT64_C(0x9e3779b97f4a7c15) | 1;
	if (c->ncodes == 0)
		for (; c->ncodes < 1600; c->ncodes++) {
			char	code[16];

			(void)snprintf(code, sizeof(code), "%u-%02u-%02u-%02u", 1 + city_rnd(c, 7),
			    1 + city_rnd(c, 10), city_rnd(c, 8), city_rnd(c, 6));
			c->codes[c->ncodes] = match_occupation(code);
		}
	for (i = 0; i < c->ncodes; i++)
		sum += UINT64_C(1000000) / (i + 1);
	for (i = 0; i < c->ncodes; i++) {
		part += UINT64_C(1000000) / (i + 1);
		c->cuts[i] = (uint32_t)(part * INT32_MAX / sum);
	}
	for (i = 0; i < 32; i++) {
		(void)snprintf(word, sizeof(word), "技能%zu", i);
		c->words[i] = match_word(word);
	}
}

static inline uint32_t
city_code(struct city *c)
{
	uint32_t	x = city_rnd(c, INT32_MAX);
	size_t		low = 0, high = c->ncodes - 1, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (c->cuts[mid] <= x)
			low = mid + 1;
		else
			high = mid;
	}
	/* Frequent ones are spread over the classes. */
	return (c->codes[low * 7 % c->ncodes]);
}

static inline uint8_t
city_county(struct city *c)
{
	uint32_t	x = city_rnd(c, 551);
	uint8_t		i;

	for (i = 0; i < 13 && x >= city_people[i]; i++)
		x -= city_people[i];
	return (i);
}

/* About log-normal around 4,500: the sum of twelve draws as an exponent. */
static inline int32_t
city_pay(struct city *c)
{
	int64_t	pay = 4500;
	int	i;

	for (i = 0; i < 12; i++)
		pay = pay * (950 + (int64_t)city_rnd(c, 105)) / 1000;
	return ((int32_t)(pay / 100 * 100));
}

static inline uint8_t
city_skills(struct city *c, uint32_t *out, uint32_t most)
{
	size_t	n = city_rnd(c, most + 1), i;

	for (i = 0; i < n; i++)
		out[i] = c->words[city_rnd(c, 32)];
	return ((uint8_t)match_words_sort(out, n));
}

static inline struct uuid
city_id(uint32_t kind, uint32_t n)
{
	struct uuid	id = { .b = { 1, 2, 3, (uint8_t)kind } };
	uint32_t	mixed = n * UINT32_C(2654435761);

	memcpy(&id.b[8], &mixed, 4);
	memcpy(&id.b[12], &n, 4);
	return (id);
}

/* `skills`: room for 30, which stays the posting's until it is put. */
static inline void
city_posting(struct city *c, struct match_posting *v, uint32_t *skills)
{
	memset(v, 0, sizeof(*v));
	v->occupation = city_code(c);
	v->county = city_county(c);
	v->place = v->county * 1000000U + (100 + city_rnd(c, 14)) * 1000 + city_rnd(c, 20);
	v->lat_e6 = city_rnd(c, 4) == 0 ? MATCH_NOWHERE : 25000000 + v->county * 100000 + (int32_t)city_rnd(c, 300000);
	v->lng_e6 = 111000000 + (int32_t)city_rnd(c, 900000);
	v->pay_low_yuan = v->pay_high_yuan = MATCH_PAY_UNKNOWN;
	if (city_rnd(c, 20) != 0) {
		v->pay_low_yuan = city_pay(c);
		v->pay_high_yuan = v->pay_low_yuan * (100 + (int32_t)city_rnd(c, 60)) / 100;
	}
	v->posted_on = CITY_TODAY - (int32_t)city_rnd(c, 90);
	v->expires_on = v->posted_on + 90 - (city_rnd(c, 30) == 0 ? 60 : 0);
	v->form = city_forms[city_rnd(c, 8)];
	v->education = (uint8_t)(city_rnd(c, 2) == 0 ? 0 : city_rnd(c, 8));
	v->skill_level = (uint8_t)(city_rnd(c, 4) != 0 ? 0 : city_rnd(c, 6));
	v->benefits = (uint16_t)(city_rnd(c, 1 << 13) & city_rnd(c, 1 << 13));
	v->headcount_left = (uint16_t)(1 + city_rnd(c, 20));
	v->skills = skills;
	v->nskills = city_rnd(c, 2) == 0 ? 0 : city_skills(c, skills, 6);
}

static inline void
city_person(struct city *c, struct match_person *p)
{
	uint32_t	i;

	memset(p, 0, sizeof(*p));
	p->county = city_county(c);
	p->home = p->county * 1000000U + (100 + city_rnd(c, 14)) * 1000;
	p->lat_e6 = city_rnd(c, 2) == 0 ? MATCH_NOWHERE : 25000000 + p->county * 100000 + (int32_t)city_rnd(c, 300000);
	p->lng_e6 = 111000000 + (int32_t)city_rnd(c, 900000);
	p->flags = (uint8_t)(MATCH_SEEKING | (city_rnd(c, 2) ? MATCH_FINDABLE : 0));
	if (city_rnd(c, 5) == 0)
		return;		/* nothing but where they live is known */
	p->nwishes = (uint8_t)city_rnd(c, 4);
	for (i = 0; i < p->nwishes; i++)
		p->wishes[i] = city_code(c) & (city_rnd(c, 4) == 0 ? 0xffff0000U : UINT32_MAX);
	p->npast = (uint8_t)city_rnd(c, 3);
	for (i = 0; i < p->npast; i++)
		p->past[i] = city_code(c);
	p->nareas = (uint8_t)city_rnd(c, 3);
	for (i = 0; i < p->nareas; i++) {
		p->areas[i].county = i == 0 ? p->county : city_county(c);
		p->areas[i].span = city_rnd(c, 3) == 0 ? 1000 : 1000000;
		p->areas[i].place = p->areas[i].county * 1000000U +
		    (p->areas[i].span == 1000 ? (100 + city_rnd(c, 14)) * 1000 : 0);
	}
	p->pay_least_yuan = city_rnd(c, 4) == 0 ? 0 : city_pay(c);
	p->forms = (uint8_t)(city_rnd(c, 3) == 0 ? 0 : 1 | city_rnd(c, 32));
	p->education = (uint8_t)city_rnd(c, 9);
	p->skill_level = (uint8_t)(city_rnd(c, 3) == 0 ? city_rnd(c, 6) : 0);
	p->benefits = (uint16_t)(city_rnd(c, 1 << 13) & city_rnd(c, 1 << 13) & city_rnd(c, 1 << 13));
	p->nskills = city_skills(c, p->skills, 8);
}

#endif
