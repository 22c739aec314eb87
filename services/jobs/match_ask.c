/*
 * match_ask.c -- the best postings for one person. Rings of one nearness of
 * occupation and one county, the most promising first; in a ring the buckets,
 * again the most promising first; in a bucket from the newest posting on. Each
 * of the three ends where nothing left can beat the k-th best so far.
 *
 * Invariant: the result is that of match_every_posting(): a bound is never
 * below the score of a posting it stands for.
 */
#include <stdlib.h>
#include <string.h>

#include "match_priv.h"
#include "base/log.h"

struct ring {
	int32_t	bound;
	uint8_t	near, county;
};

struct question {
	struct match			*m;
	const struct match_person	*p;
	const struct match_ask		*ask;
	struct top			 top;
	uint64_t			 bits;		/* of the person's skills */
	size_t				 starts[NEAR_RINGS + 1];	/* in m->order */
	struct ring			 rings[NEAR_RINGS * MATCH_COUNTIES];
	size_t				 nrings;
};

static void	group(struct question *);
static void	rings_make(struct question *);
static int	ring_cmp(const void *, const void *);
static int	bucket_cmp(const void *, const void *);
static void	ring_ask(struct question *, const struct ring *);
static void	ring_add(struct question *, size_t *, int32_t, const struct bucket *, uint8_t form);
static int32_t	bucket_bound(const struct question *, const struct ring *, const struct bucket *,
		    uint8_t form);
static void	bucket_ask(struct question *, const struct ring *, const struct ring_bucket *);
static inline int32_t entry_bound(const struct question *, const struct entry *);
static void	entry_ask(struct question *, const struct entry *, int32_t);
static void	posting_ask(struct question *, uint32_t);
static size_t	answer(struct question *, struct match_hit *);

size_t
match_best_postings(struct match *m, const struct match_person *p, const struct match_ask *ask,
    struct match_hit *hits)
{
	struct question	*q = malloc(sizeof(*q));
	size_t		 i, n;

	if (q == NULL)
		log_die("match: out of memory");
	*q = (struct question){ .m = m, .p = p, .ask = ask, .bits = person_bits(p) };
	top_init(&q->top, ask, m->places.ids);
	group(q);
	rings_make(q);
	for (i = 0; i < q->nrings && q->rings[i].bound >= top_least(&q->top); i++)
		ring_ask(q, &q->rings[i]);
	n = answer(q, hits);
	free(q);
	return (n);
}

size_t
match_every_posting(struct match *m, const struct match_person *p, const struct match_ask *ask,
    struct match_hit *hits)
{
	struct question	*q = malloc(sizeof(*q));
	size_t		 n;
	uint32_t	 i;

	if (q == NULL)
		log_die("match: out of memory");
	*q = (struct question){ .m = m, .p = p, .ask = ask };
	top_init(&q->top, ask, m->places.ids);
	for (i = 0; i < m->places.given; i++)
		if (places_find(&m->places, &m->places.ids[i]) == i)
			posting_ask(q, i);
	n = answer(q, hits);
	free(q);
	return (n);
}

/* Occupations in the order of their nearness to the person. */
static void
group(struct question *q)
{
	struct match	*m = q->m;
	size_t		 counts[NEAR_RINGS] = { 0 }, i;
	uint8_t		 why;

	if (m->scratch_room < m->ncodes) {
		m->scratch_room = m->ncodes + 256;
		free(m->near);
		free(m->order);
		m->near = malloc(m->scratch_room);
		m->order = malloc(m->scratch_room * sizeof(*m->order));
		if (m->near == NULL || m->order == NULL)
			log_die("match: out of memory");
	}
	for (i = 0; i < m->ncodes; i++) {
		m->near[i] = near_ring(q->p, m->codes[i], &why);
		counts[m->near[i]]++;
	}
	for (i = 0; i < NEAR_RINGS; i++)
		q->starts[i + 1] = q->starts[i] + counts[i];
	memset(counts, 0, sizeof(counts));
	for (i = 0; i < m->ncodes; i++)
		m->order[q->starts[m->near[i]] + counts[m->near[i]]++] = (uint32_t)i;
}

static void
rings_make(struct question *q)
{
	const uint16_t	*w = q->ask->weights->of;
	int32_t		 rest = 0;
	uint8_t		 near, county;
	int		 i;

	for (i = MATCH_PAY; i < MATCH_CRITERIA; i++)
		rest += (int32_t)w[i] * MATCH_FULL;
	for (near = 0; near < NEAR_RINGS; near++) {
		if (q->starts[near] == q->starts[near + 1])
			continue;
		for (county = 0; county < MATCH_COUNTIES; county++) {
			if (q->ask->area != NULL && q->ask->area->span != 0 &&
			    q->ask->area->county != county)
				continue;
			q->rings[q->nrings++] = (struct ring){ .near = near, .county = county,
			    .bound = (int32_t)w[MATCH_OCCUPATION] * near_scores[near] +
			    (int32_t)w[MATCH_PLACE] * place_bound(q->p, county) + rest };
		}
	}
	qsort(q->rings, q->nrings, sizeof(q->rings[0]), ring_cmp);
}

static int
ring_cmp(const void *a, const void *b)
{
	const struct ring	*x = a, *y = b;

	return (x->bound > y->bound ? -1 : x->bound < y->bound);
}

static int
bucket_cmp(const void *a, const void *b)
{
	const struct ring_bucket	*x = a, *y = b;

	return (x->bound > y->bound ? -1 : x->bound < y->bound);
}

static void
ring_ask(struct question *q, const struct ring *ring)
{
	struct match		*m = q->m;
	const struct grid	*g;
	const struct bucket	*b;
	size_t			 n = 0, i;
	int32_t			 bound;
	uint8_t			 form;

	for (form = 0; form < MATCH_FORMS; form++) {
		g = &m->grids[ring->county][form];
		for (i = q->starts[ring->near]; i < q->starts[ring->near + 1]; i++) {
			if (m->order[i] >= g->room || g->buckets[m->order[i]].count == 0)
				continue;
			b = &g->buckets[m->order[i]];
			bound = bucket_bound(q, ring, b, form);
			if (bound >= 0 && bound >= top_least(&q->top))
				ring_add(q, &n, bound, b, form);
		}
	}
	qsort(m->ring, n, sizeof(*m->ring), bucket_cmp);
	for (i = 0; i < n && m->ring[i].bound >= top_least(&q->top); i++)
		bucket_ask(q, ring, &m->ring[i]);
}

static void
ring_add(struct question *q, size_t *n, int32_t bound, const struct bucket *b, uint8_t form)
{
	struct match	*m = q->m;

	if (*n == m->ring_room) {
		m->ring_room = m->ring_room == 0 ? 256 : m->ring_room * 2;
		if ((m->ring = realloc(m->ring, m->ring_room * sizeof(*m->ring))) == NULL)
			log_die("match: out of memory");
	}
	m->ring[(*n)++] = (struct ring_bucket){ .bound = bound, .form = form, .bucket = b };
}

/* -1: nothing in it fits. */
static int32_t
bucket_bound(const struct question *q, const struct ring *ring, const struct bucket *b,
    uint8_t form)
{
	const struct match_person	*p = q->p;
	const struct reach		*r = &b->reach;
	const uint16_t			*w = q->ask->weights->of;
	uint16_t			 pay, skills = 0, place = place_bound(p, ring->county);
	uint8_t				 why;

	if ((p->forms != 0 && (p->forms & 1 << form) == 0) ||
	    (q->ask->forms != 0 && (q->ask->forms & 1 << form) == 0) ||
	    (p->education != 0 && p->education + 1 < r->education) ||
	    (p->skill_level != 0 && p->skill_level + 1 < r->skill_level))
		return (-1);
	pay = score_pay(p->pay_least_yuan, r->pay_low, r->pay_high, &why);
	if (r->any_piece && pay < SCORE_NEUTRAL)
		pay = SCORE_NEUTRAL;
	if (r->any_skills)
		skills = p->nskills == 0 ? SCORE_SHORT : (r->skills & q->bits) != 0 ? MATCH_FULL : 0;
	if (r->any_free && skills < SCORE_NEUTRAL)
		skills = SCORE_NEUTRAL;
	return ((int32_t)w[MATCH_OCCUPATION] * near_scores[ring->near] +
	    (int32_t)w[MATCH_PLACE] * place + (int32_t)w[MATCH_PAY] * pay +
	    (int32_t)w[MATCH_FORM] * score_form(p, form, &why) +
	    (int32_t)w[MATCH_EDUCATION] * score_asked(r->education, p->education, 0, &why) +
	    (int32_t)w[MATCH_SKILL_LEVEL] * score_asked(r->skill_level, p->skill_level, 0, &why) +
	    (int32_t)w[MATCH_SKILLS] * skills +
	    (int32_t)w[MATCH_BENEFITS] * score_benefits(p->benefits, r->benefits, &why) +
	    (int32_t)w[MATCH_FRESH] *
	    score_fresh(r->newest, q->ask->today, &why));
}

/* Older postings promise less: their freshness is all that changes the bound. */
static void
bucket_ask(struct question *q, const struct ring *ring, const struct ring_bucket *rb)
{
	const struct bucket	*b = rb->bucket;
	const uint16_t		*w = q->ask->weights->of;
	int32_t			 day = INT32_MIN, bound = 0, fresh = 0, stale, fixed, rest, known;
	uint32_t		 i = b->count;
	uint8_t			 why;

	stale = rb->bound - w[MATCH_FRESH] *
	    score_fresh(b->reach.newest, q->ask->today, &why);
	fixed = w[MATCH_OCCUPATION] * near_scores[ring->near] + w[MATCH_FORM] *
	    score_form(q->p, rb->form, &why);
	rest = w[MATCH_PLACE] * place_bound(q->p, ring->county);
	while (i-- > 0) {
		const struct entry	*e = &b->entries[i];

		if (e->posted_on != day) {
			day = e->posted_on;
			fresh = w[MATCH_FRESH] * score_fresh(day, q->ask->today, &why);
			bound = stale + fresh;
		}
		if (bound < top_least(&q->top))
			break;
		if (e->expires_on < q->ask->today)
			continue;
		known = fixed + fresh + entry_bound(q, e);
		if (known + rest >= top_least(&q->top))
			entry_ask(q, e, known);
	}
}

/*
 * Pay, what is asked for, benefits and skills, as far as the entry tells: each of
 * its skills' bits that the person has not stands for a skill they lack.
 */
static inline int32_t
entry_bound(const struct question *q, const struct entry *e)
{
	const struct match_person	*p = q->p;
	const uint16_t			*w = q->ask->weights->of;
	uint16_t			 skills = SCORE_NEUTRAL;
	uint8_t				 why;

	if (e->skills != 0)
		skills = p->nskills == 0 ? SCORE_SHORT : (uint16_t)((e->nskills -
		    bits_set(e->skills & ~q->bits)) * MATCH_FULL / e->nskills);
	return (w[MATCH_PAY] * score_pay(p->pay_least_yuan, e->pay_low, e->pay_high, &why) +
	    w[MATCH_EDUCATION] * score_asked(e->education, p->education, 0, &why) +
	    w[MATCH_SKILL_LEVEL] * score_asked(e->skill_level, p->skill_level, 0, &why) +
	    w[MATCH_BENEFITS] * score_benefits(p->benefits, e->benefits, &why) +
	    w[MATCH_SKILLS] * skills);
}

/* `known`: all but the place. Only what still stands a chance is looked at whole. */
static void
entry_ask(struct question *q, const struct entry *e, int32_t known)
{
	const struct match_posting	*v = &q->m->postings[e->place];
	uint8_t				 why;

	if (known + q->ask->weights->of[MATCH_PLACE] * score_place(q->p, v, &why) >=
	    top_least(&q->top))
		posting_ask(q, e->place);
}

static void
posting_ask(struct question *q, uint32_t place)
{
	const struct match_posting	*v = &q->m->postings[place];
	const struct match_ask		*ask = q->ask;
	uint16_t			 parts[MATCH_CRITERIA];
	uint8_t				 why[MATCH_CRITERIA];

	if (!match_fits(q->p, v, ask->today))
		return;
	if (ask->area != NULL && !area_has(ask->area, v->county, v->place))
		return;
	if (ask->forms != 0 && (ask->forms & 1 << v->form) == 0)
		return;
	top_offer(&q->top, match_score(q->p, v, ask->weights, ask->today, parts, why),
	    v->posted_on, place);
}

static size_t
answer(struct question *q, struct match_hit *hits)
{
	struct top	*t = &q->top;
	size_t		 i;

	top_sort(t);
	for (i = 0; i < t->count; i++) {
		hits[i].id = t->ids[t->items[i].place];
		hits[i].day = t->items[i].day;
		hits[i].score = match_score(q->p, &q->m->postings[t->items[i].place],
		    q->ask->weights, q->ask->today, hits[i].parts, hits[i].why);
	}
	return (t->count);
}
