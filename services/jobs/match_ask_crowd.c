/*
 * match_ask_crowd.c -- the best people for one posting: the lists of wishes and
 * of occupations done, the nearest to the posting's occupation first, until
 * none left can beat the k-th best so far.
 *
 * Invariant: a person is judged in the first list that has them, which is that
 * of their nearest occupation; so a list's bound holds for who is met there.
 */
#include <stdlib.h>

#include "match_priv.h"
#include "base/log.h"

struct asked {
	struct match			*m;
	const struct match_posting	*v;
	const struct match_ask		*ask;
	struct top			 top;
};

static void	ring_ask(struct asked *, uint8_t);
static void	list_ask(struct asked *, const struct crowd_list *);
static void	person_ask(struct asked *, uint32_t);
static size_t	answer(struct asked *, struct match_hit *);

size_t
match_best_people(struct match *m, const struct match_posting *v, const struct match_ask *ask,
    struct match_hit *hits)
{
	const uint16_t	*w = ask->weights->of;
	struct asked	*q = malloc(sizeof(*q));
	int32_t		 rest;
	uint8_t		 ring;
	size_t		 n;

	if (q == NULL)
		log_die("match: out of memory");
	*q = (struct asked){ .m = m, .v = v, .ask = ask };
	top_init(&q->top, ask, m->crowd.places.ids);
	m->crowd.stamp++;
	rest = (MATCH_FULL - w[MATCH_OCCUPATION]) * MATCH_FULL;
	for (ring = 0; ring < NEAR_RINGS; ring++) {
		if (w[MATCH_OCCUPATION] * near_scores[ring] + rest < top_least(&q->top))
			break;
		ring_ask(q, ring);
	}
	n = answer(q, hits);
	free(q);
	return (n);
}

size_t
match_every_person(struct match *m, const struct match_posting *v, const struct match_ask *ask,
    struct match_hit *hits)
{
	struct asked	*q = malloc(sizeof(*q));
	size_t		 n;
	uint32_t	 i;

	if (q == NULL)
		log_die("match: out of memory");
	*q = (struct asked){ .m = m, .v = v, .ask = ask };
	top_init(&q->top, ask, m->crowd.places.ids);
	m->crowd.stamp++;
	for (i = 0; i < m->crowd.places.given; i++)
		if (places_find(&m->crowd.places, &m->crowd.places.ids[i]) == i)
			person_ask(q, i);
	n = answer(q, hits);
	free(q);
	return (n);
}

static void
ring_ask(struct asked *q, uint8_t ring)
{
	const struct crowd	*c = &q->m->crowd;
	uint32_t		 code = q->v->occupation;
	size_t			 i;

	for (i = 0; i < c->nwished; i++) {
		const struct crowd_list	*l = &c->wished[i];

		if ((l->code == 0 ? NEAR_UNKNOWN : near_wish(l->code, code)) == ring)
			list_ask(q, l);
	}
	for (i = 0; i < c->ndone; i++)
		if (near_past(c->done[i].code, code) == ring)
			list_ask(q, &c->done[i]);
}

static void
list_ask(struct asked *q, const struct crowd_list *l)
{
	uint32_t	i;

	for (i = 0; i < l->count; i++)
		person_ask(q, l->people[i]);
}

static void
person_ask(struct asked *q, uint32_t place)
{
	struct crowd			*c = &q->m->crowd;
	const struct match_person	*p = &c->people[place];
	uint16_t			 parts[MATCH_CRITERIA];
	uint8_t				 why[MATCH_CRITERIA];

	if (c->stamps[place] == c->stamp)
		return;
	c->stamps[place] = c->stamp;
	if ((p->flags & q->ask->flags) != q->ask->flags || !match_fits(p, q->v, q->ask->today))
		return;
	top_offer(&q->top, match_score(p, q->v, q->ask->weights, q->ask->today, parts, why), 0, place);
}

static size_t
answer(struct asked *q, struct match_hit *hits)
{
	struct top	*t = &q->top;
	size_t		 i;

	top_sort(t);
	for (i = 0; i < t->count; i++) {
		hits[i].id = t->ids[t->items[i].place];
		hits[i].day = 0;
		hits[i].score = match_score(&q->m->crowd.people[t->items[i].place], q->v,
		    q->ask->weights, q->ask->today, hits[i].parts, hits[i].why);
	}
	return (t->count);
}
