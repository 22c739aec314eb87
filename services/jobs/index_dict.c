/*
 * index_dict.c -- a term's places. Most terms are rare: their places lie in the
 * entry itself, and become a bitmap when there are more, or when somebody asks.
 * The places of a common term are collected in a block, the larger the more of
 * them there are, and go into its bitmap many at a time.
 *
 * Invariant: the places of a term are its bitmap and, above all of those, the
 * pending ones, ascending.
 */
#include <stdlib.h>
#include <string.h>

#include "index_priv.h"
#include "base/log.h"

#define FIRST		((size_t)1 << 12)
#define AHEAD		8	/* terms whose entries are on their way to the cache */
#define BLOCK_SHARE	8	/* a block holds about so much less than the bitmap */
#define BLOCK_MOST	512

static void	 add(struct dict *, index_term, uint32_t);
static struct dict_entry *slot_of(struct dict_entry *, size_t, index_term);
static void	 grow(struct dict *);
static void	 flush(struct dict_entry *);
static void	 block_grow(struct dict_entry *);
static uint64_t	 mix(uint64_t);

void
dict_add_all(struct dict *d, const index_term *terms, size_t n, uint32_t place)
{
	size_t	i;

	while ((d->count + n) * 4 >= d->cap * 3)
		grow(d);
	for (i = 0; i < n; i++) {
		if (i + AHEAD < n)
			__builtin_prefetch(&d->entries[mix(terms[i + AHEAD]) & (d->cap - 1)], 1);
		add(d, terms[i], place);
	}
}

static void
add(struct dict *d, index_term term, uint32_t place)
{
	struct dict_entry	*e = slot_of(d->entries, d->cap, term);

	if (e->term == 0) {
		e->term = term;
		e->room = PENDING;
		d->count++;
	} else if (e->last == place)
		return;			/* the same word again in this posting */
	if (e->npending == e->room) {
		flush(e);
		block_grow(e);
	}
	(e->block != NULL ? e->block : e->own)[e->npending++] = place;
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
			    sizeof(*d->entries[i].map) + 64 +
			    (d->entries[i].block != NULL ? d->entries[i].room * sizeof(uint32_t) : 0);
	return (n);
}

void
dict_release(struct dict *d)
{
	size_t	i;

	for (i = 0; i < d->cap; i++)
		if (d->entries[i].map != NULL) {
			roaring_bitmap_free(d->entries[i].map);
			free(d->entries[i].block);
		}
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
	struct dict_entry	*fresh = aligned_alloc(sizeof(*fresh), cap * sizeof(*fresh));

	if (fresh == NULL)
		log_die("index: out of memory");
	memset(fresh, 0, cap * sizeof(*fresh));
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
	roaring_bitmap_add_many(e->map, e->npending, e->block != NULL ? e->block : e->own);
	e->npending = 0;
}

/* Just flushed: nothing is pending. */
static void
block_grow(struct dict_entry *e)
{
	uint64_t	want = roaring_bitmap_get_cardinality(e->map) / BLOCK_SHARE;

	if (want < 2 * (uint64_t)e->room || e->room == BLOCK_MOST)
		return;
	free(e->block);
	e->room = (uint16_t)(e->room * 2);
	if ((e->block = malloc(e->room * sizeof(*e->block))) == NULL)
		log_die("index: out of memory");
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
