/*
 * match.c -- the engine's store of open postings: put and drop.
 *
 * Invariant: a posting's column, its place and its bucket's entry are there
 * together or not at all. One thread uses an engine.
 */
#include <stdlib.h>
#include <string.h>

#include "match_priv.h"
#include "base/log.h"

static void	posting_clear(struct match *, uint32_t);

struct match *
match_new(void)
{
	struct match	*m = calloc(1, sizeof(*m));

	if (m == NULL)
		log_die("match: out of memory");
	return (m);
}

void
match_free(struct match **mp)
{
	struct match	*m = *mp;
	size_t		 i;

	if (m == NULL)
		return;
	for (i = 0; i < m->places.given; i++)
		free(m->postings[i].skills);
	buckets_release(m);
	crowd_release(&m->crowd);
	places_release(&m->places);
	free(m->postings);
	free(m->near);
	free(m->order);
	free(m->ring);
	free(m);
	*mp = NULL;
}

void
match_put_posting(struct match *m, const struct uuid *id, const struct match_posting *v)
{
	uint32_t	place, *skills = NULL;

	if (v->nskills > 0) {
		if ((skills = malloc(v->nskills * sizeof(*skills))) == NULL)
			log_die("match: out of memory");
		memcpy(skills, v->skills, v->nskills * sizeof(*skills));
	}
	if (!places_take(&m->places, id, &place))
		posting_clear(m, place);
	if (m->room < m->places.room) {
		m->postings = realloc(m->postings, m->places.room * sizeof(*m->postings));
		if (m->postings == NULL)
			log_die("match: out of memory");
		memset(&m->postings[m->room], 0,
		    (m->places.room - m->room) * sizeof(*m->postings));
		m->room = m->places.room;
	}
	m->postings[place] = *v;
	m->postings[place].skills = skills;
	bucket_add(m, place);
}

void
match_drop_posting(struct match *m, const struct uuid *id)
{
	uint32_t	place = places_drop(&m->places, id);

	if (place != PLACE_NONE)
		posting_clear(m, place);
}

size_t
match_postings(const struct match *m)
{
	return (m->places.count);
}

static void
posting_clear(struct match *m, uint32_t place)
{
	bucket_remove(m, place);
	free(m->postings[place].skills);
	m->postings[place].skills = NULL;
}
