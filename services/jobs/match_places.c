/*
 * match_places.c -- a small number for each id, given again when it is free.
 *
 * Invariant: a slot holds place + 1, GONE or 0, and fewer than three quarters
 * of the slots are not 0, so every search ends.
 */
#include <stdlib.h>
#include <string.h>

#include "match_priv.h"
#include "base/log.h"

#define GONE	UINT32_MAX
#define FIRST	1024

static uint64_t	hash(const struct uuid *);
static void	rehash(struct places *);
static uint32_t	place_new(struct places *);

bool
places_take(struct places *p, const struct uuid *id, uint32_t *place)
{
	size_t	i;

	if ((*place = places_find(p, id)) != PLACE_NONE)
		return (false);
	if ((p->filled + 1) * 4 >= p->cap * 3)
		rehash(p);
	*place = place_new(p);
	p->ids[*place] = *id;
	for (i = hash(id) & (p->cap - 1); p->slots[i] != 0; i = (i + 1) & (p->cap - 1))
		;
	p->slots[i] = *place + 1;
	p->filled++;
	p->count++;
	return (true);
}

uint32_t
places_find(const struct places *p, const struct uuid *id)
{
	size_t	i;

	if (p->cap == 0)
		return (PLACE_NONE);
	for (i = hash(id) & (p->cap - 1); p->slots[i] != 0; i = (i + 1) & (p->cap - 1))
		if (p->slots[i] != GONE && uuid_equal(&p->ids[p->slots[i] - 1], id))
			return (p->slots[i] - 1);
	return (PLACE_NONE);
}

/* The place is given to another id later. */
uint32_t
places_drop(struct places *p, const struct uuid *id)
{
	uint32_t	place = places_find(p, id);
	size_t		i;

	if (place == PLACE_NONE)
		return (PLACE_NONE);
	for (i = hash(id) & (p->cap - 1); p->slots[i] != place + 1; i = (i + 1) & (p->cap - 1))
		;
	p->slots[i] = GONE;
	p->count--;
	if (p->nidle == p->idle_room) {
		p->idle_room = p->idle_room == 0 ? 64 : p->idle_room * 2;
		if ((p->idle = realloc(p->idle, p->idle_room * sizeof(*p->idle))) == NULL)
			log_die("match: out of memory");
	}
	p->idle[p->nidle++] = place;
	memset(&p->ids[place], 0, sizeof(p->ids[place]));
	return (place);
}

void
places_release(struct places *p)
{
	free(p->ids);
	free(p->slots);
	free(p->idle);
}

static uint32_t
place_new(struct places *p)
{
	if (p->nidle > 0)
		return (p->idle[--p->nidle]);
	if (p->given == p->room) {
		p->room = p->room == 0 ? FIRST : p->room * 2;
		if ((p->ids = realloc(p->ids, p->room * sizeof(*p->ids))) == NULL)
			log_die("match: out of memory");
	}
	return ((uint32_t)p->given++);
}

static uint64_t
hash(const struct uuid *id)
{
	uint64_t	a, b;

	memcpy(&a, id->b, 8);
	memcpy(&b, id->b + 8, 8);
	a = (a ^ b) * UINT64_C(0x9e3779b97f4a7c15);
	return (a ^ a >> 29);
}

static void
rehash(struct places *p)
{
	uint32_t	*old = p->slots;
	size_t		 n = p->cap, i, at;

	p->cap = p->count * 2 < p->cap / 2 ? p->cap : p->cap == 0 ? FIRST : p->cap * 2;
	if ((p->slots = calloc(p->cap, sizeof(*p->slots))) == NULL)
		log_die("match: out of memory");
	p->filled = 0;
	for (i = 0; i < n; i++) {
		if (old[i] == 0 || old[i] == GONE)
			continue;
		at = hash(&p->ids[old[i] - 1]) & (p->cap - 1);
		while (p->slots[at] != 0)
			at = (at + 1) & (p->cap - 1);
		p->slots[at] = old[i];
		p->filled++;
	}
	free(old);
}
