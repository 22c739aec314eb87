/*
 * match_crowd.c -- the people an engine knows, and their lists by what they
 * wish and what they have done.
 *
 * Invariant: a person is in the list of each of their wishes and of each
 * occupation done, and in that of code 0 when there is neither.
 */
#include <stdlib.h>
#include <string.h>

#include "match_priv.h"
#include "base/log.h"

static void	person_list(struct crowd *, uint32_t);
static void	person_unlist(struct crowd *, uint32_t);
static void	list_add(struct crowd_list **, size_t *, uint32_t, uint32_t);
static void	list_remove(struct crowd_list *, size_t, uint32_t, uint32_t);
static size_t	list_at(const struct crowd_list *, size_t, uint32_t);

void
match_put_person(struct match *m, const struct match_person *p)
{
	struct crowd	*c = &m->crowd;
	uint32_t	 place;

	if (!places_take(&c->places, &p->id, &place))
		person_unlist(c, place);
	if (c->room < c->places.room) {
		c->people = realloc(c->people, c->places.room * sizeof(*c->people));
		c->stamps = realloc(c->stamps, c->places.room * sizeof(*c->stamps));
		if (c->people == NULL || c->stamps == NULL)
			log_die("match: out of memory");
		memset(&c->stamps[c->room], 0, (c->places.room - c->room) * sizeof(*c->stamps));
		c->room = c->places.room;
	}
	c->people[place] = *p;
	person_list(c, place);
}

void
match_drop_person(struct match *m, const struct uuid *id)
{
	uint32_t	place = places_drop(&m->crowd.places, id);

	if (place != PLACE_NONE)
		person_unlist(&m->crowd, place);
}

const struct match_person *
match_person(const struct match *m, const struct uuid *id)
{
	uint32_t	place = places_find(&m->crowd.places, id);

	return (place == PLACE_NONE ? NULL : &m->crowd.people[place]);
}

size_t
match_people(const struct match *m)
{
	return (m->crowd.places.count);
}

void
crowd_release(struct crowd *c)
{
	size_t	i;

	for (i = 0; i < c->nwished; i++)
		free(c->wished[i].people);
	for (i = 0; i < c->ndone; i++)
		free(c->done[i].people);
	free(c->wished);
	free(c->done);
	free(c->people);
	free(c->stamps);
	places_release(&c->places);
}

static void
person_list(struct crowd *c, uint32_t place)
{
	const struct match_person	*p = &c->people[place];
	int				 i;

	for (i = 0; i < p->nwishes; i++)
		list_add(&c->wished, &c->nwished, p->wishes[i], place);
	for (i = 0; i < p->npast; i++)
		list_add(&c->done, &c->ndone, p->past[i], place);
	if (p->nwishes == 0 && p->npast == 0)
		list_add(&c->wished, &c->nwished, 0, place);
}

static void
person_unlist(struct crowd *c, uint32_t place)
{
	const struct match_person	*p = &c->people[place];
	int				 i;

	for (i = 0; i < p->nwishes; i++)
		list_remove(c->wished, c->nwished, p->wishes[i], place);
	for (i = 0; i < p->npast; i++)
		list_remove(c->done, c->ndone, p->past[i], place);
	if (p->nwishes == 0 && p->npast == 0)
		list_remove(c->wished, c->nwished, 0, place);
}

static void
list_add(struct crowd_list **lists, size_t *n, uint32_t code, uint32_t place)
{
	size_t			 at = list_at(*lists, *n, code);
	struct crowd_list	*l;

	if (at == *n || (*lists)[at].code != code) {
		if ((*lists = realloc(*lists, (*n + 1) * sizeof(**lists))) == NULL)
			log_die("match: out of memory");
		memmove(*lists + at + 1, *lists + at, (*n - at) * sizeof(**lists));
		(*lists)[at] = (struct crowd_list){ .code = code };
		(*n)++;
	}
	l = *lists + at;
	if (l->count == l->room) {
		l->room = l->room == 0 ? 4 : l->room * 2;
		if ((l->people = realloc(l->people, l->room * sizeof(*l->people))) == NULL)
			log_die("match: out of memory");
	}
	l->people[l->count++] = place;
}

static void
list_remove(struct crowd_list *lists, size_t n, uint32_t code, uint32_t place)
{
	size_t			 at = list_at(lists, n, code);
	struct crowd_list	*l;
	uint32_t		 i;

	if (at == n || lists[at].code != code)
		return;
	l = &lists[at];
	for (i = 0; i < l->count; i++)
		if (l->people[i] == place) {
			l->people[i] = l->people[--l->count];
			return;
		}
}

static size_t
list_at(const struct crowd_list *lists, size_t n, uint32_t code)
{
	size_t	low = 0, high = n, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (lists[mid].code < code)
			low = mid + 1;
		else
			high = mid;
	}
	return (low);
}
