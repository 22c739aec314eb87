/*
 * index_dict.c -- a term's places. Most terms are rare: up to PENDING places
 * lie in the entry itself and become a bitmap when there are more, or when
 * somebody asks.
 *
 * Invariant: the places of a term are its bitmap and, above all of those, the
 * pending ones, ascending.
 */
#include <stdlib.h>
#include <string.h>

#include "index_priv.h"
#include "base/log.h"

#define FIRST	((size_t)1 << 12)

static struct dict_entry *slot_of(struct dict_entry *, size_t, index_term);
static void	 grow(struct dict *);
static void	 flush(struct dict_entry *);
static uint64_t	 mix(uint64_t);

void
dict_add(struct dict *d, index_term term, uint32_t place)
{
	struct dict_entry	*e;

	if (d->count * 4 >= d->cap * 3)
		grow(d);
	e = slot_of(d->entries, d->cap, term);
	if (e->term == 0) {
		e->term = term;
		d->count++;
	} else if (e->last == place)
		return;			/* the same word again in this posting */
	if (e->npending == PENDING)
		flush(e);
	e->pending[e->npending++] = place;
	e->last = place;
}

const roaring_bitmap_t *
dict_find(struct dict *d, index_term term)
{
	struct dict_entry	*e;

	if (d->cap == 0)
		return (NULL);
	e = slot_of(d->entries, d->cap, term);
	if (e->term == 0)
		return (NULL);
	flush(e);
	return (e->map);
}

size_t
dict_settle(struct dict *d, size_t at, size_t budget)
{
	for (; at < d->cap && budget > 0; at++)
		if (d->entries[at].map != NULL) {
			flush(&d->entries[at]);
			roaring_bitmap_run_optimize(d->entries[at].map);
			roaring_bitmap_shrink_to_fit(d->entries[at].map);
			budget--;
		}
	return (at < d->cap ? at : SIZE_MAX);
}

size_t
dict_bytes(const struct dict *d)
{
	size_t	i, n = d->cap * sizeof(*d->entries);

	for (i = 0; i < d->cap; i++)
		if (d->entries[i].map != NULL)
			n += roaring_bitmap_portable_size_in_bytes(d->entries[i].map) +
			    sizeof(*d->entries[i].map) + 64;
	return (n);
}

void
dict_release(struct dict *d)
{
	size_t	i;

	for (i = 0; i < d->cap; i++)
		if (d->entries[i].map != NULL)
			roaring_bitmap_free(d->entries[i].map);
	free(d->entries);
	memset(d, 0, sizeof(*d));
}

static struct dict_entry *
slot_of(struct dict_entry *entries, size_t cap, index_term term)
{
	size_t	i;

	for (i = mix(term) & (cap - 1); entries[i].term != 0; i = (i + 1) & (cap - 1))
		if (entries[i].term == term)
			break;
	return (&entries[i]);
}

static void
grow(struct dict *d)
{
	size_t			 cap = d->cap == 0 ? FIRST : d->cap * 2, i;
	struct dict_entry	*fresh = calloc(cap, sizeof(*fresh));

	if (fresh == NULL)
		log_die("index: out of memory");
	for (i = 0; i < d->cap; i++)
		if (d->entries[i].term != 0)
			*slot_of(fresh, cap, d->entries[i].term) = d->entries[i];
	free(d->entries);
	d->entries = fresh;
	d->cap = cap;
}

static void
flush(struct dict_entry *e)
{
	if (e->npending == 0)
		return;
	if (e->map == NULL && (e->map = roaring_bitmap_create()) == NULL)
		log_die("index: out of memory");
	roaring_bitmap_add_many(e->map, e->npending, e->pending);
	e->npending = 0;
}

static uint64_t
mix(uint64_t x)
{
	x ^= x >> 30;
	x *= UINT64_C(0xbf58476d1ce4e5b9);
	x ^= x >> 27;
	x *= UINT64_C(0x94d049bb133111eb);
	return (x ^ (x >> 31));
}
