/*
 * index.c -- places: a posting put, dropped, expired. What leaves only loses
 * its bit in `live`; its terms stay until the next start. When more than half
 * of the places are dead, as many as can be are given back by a new filling,
 * which is the caller's to do (index_worn()).
 */
#include <stdlib.h>
#include <string.h>

#include "index_priv.h"
#include "base/log.h"

#define FIRST	((size_t)1 << 12)

struct taking {
	struct index	*x;
	uint32_t	 place;
};

static void	take(void *, index_term);
static void	terms_add(struct index *, const struct index_posting *, uint32_t);
static uint32_t	place_new(struct index *, const struct index_posting *);
static uint32_t	*id_slot(uint32_t *, size_t, const struct column *, const struct uuid *);
static void	ids_grow(struct index *);

struct index *
index_new(void)
{
	struct index	*x = calloc(1, sizeof(*x));

	if (x == NULL || (x->live = roaring_bitmap_create()) == NULL)
		log_die("index: out of memory");
	return (x);
}

void
index_free(struct index **xp)
{
	struct index	*x = *xp;

	if (x == NULL)
		return;
	dict_release(&x->dict);
	roaring_bitmap_free(x->live);
	free(x->columns);
	free(x->by_id);
	free(x);
	*xp = NULL;
}

void
index_put(struct index *x, const struct index_posting *p)
{
	uint32_t	*slot, place;

	if ((x->places + 1) * 2 > x->by_id_cap)
		ids_grow(x);
	place = place_new(x, p);
	slot = id_slot(x->by_id, x->by_id_cap, x->columns, &p->id);
	if (*slot != 0)
		roaring_bitmap_remove(x->live, *slot - 1);
	*slot = place + 1;
	roaring_bitmap_add(x->live, place);
	terms_add(x, p, place);
}

void
index_drop(struct index *x, const struct uuid *id)
{
	uint32_t	*slot;

	if (x->by_id_cap == 0)
		return;
	slot = id_slot(x->by_id, x->by_id_cap, x->columns, id);
	if (*slot != 0)
		roaring_bitmap_remove(x->live, *slot - 1);
}

size_t
index_count(const struct index *x)
{
	return ((size_t)roaring_bitmap_get_cardinality(x->live));
}

size_t
index_bytes(const struct index *x)
{
	return (sizeof(*x) + dict_bytes(&x->dict) + x->room * sizeof(*x->columns) +
	    x->by_id_cap * sizeof(*x->by_id) + roaring_bitmap_portable_size_in_bytes(x->live));
}

bool
index_worn(const struct index *x)
{
	return (x->places > FIRST && index_count(x) * 2 < x->places);
}

void
index_settle(struct index *x)
{
	dict_settle(&x->dict);
	roaring_bitmap_run_optimize(x->live);
}

size_t
index_expire(struct index *x, int32_t today)
{
	size_t	i, n = 0;

	for (i = 0; i < x->places; i++)
		if (x->columns[i].expires_on < today &&
		    roaring_bitmap_contains(x->live, (uint32_t)i)) {
			roaring_bitmap_remove(x->live, (uint32_t)i);
			n++;
		}
	return (n);
}

bool
index_holds(const struct index *x, const struct uuid *id, int64_t posted_us)
{
	const uint32_t	*slot;

	if (x->by_id_cap == 0)
		return (false);
	slot = id_slot(x->by_id, x->by_id_cap, x->columns, id);
	return (*slot != 0 && roaring_bitmap_contains(x->live, *slot - 1) &&
	    x->columns[*slot - 1].posted_us == posted_us);
}

void
index_each(const struct index *x, void (*fn)(void *, const struct uuid *), void *arg)
{
	roaring_uint32_iterator_t	it;

	for (roaring_init_iterator(x->live, &it); it.has_value;
	    roaring_advance_uint32_iterator(&it))
		fn(arg, &x->columns[it.current_value].id);
}

/* ---- adding ---- */

static void
take(void *arg, index_term term)
{
	struct taking	*t = arg;

	dict_add(&t->x->dict, term, t->place);
}

static void
terms_add(struct index *x, const struct index_posting *p, uint32_t place)
{
	struct taking	t = { x, place };
	size_t		i;

	index_cut(p->title, PART_TITLE, true, take, &t);
	index_cut(p->title, PART_ANY, true, take, &t);
	index_cut(p->names, PART_NAMES, false, take, &t);
	index_cut(p->names, PART_ANY, false, take, &t);
	index_cut(p->text, PART_ANY, false, take, &t);
	for (i = 0; i < p->nmarks; i++)
		take(&t, index_mark_term(p->marks[i].kind, p->marks[i].text));
	if (p->lat_e6 != INDEX_NOWHERE)
		take(&t, index_cell_term(p->lat_e6 / CELL_E6, p->lng_e6 / CELL_E6));
}

static uint32_t
place_new(struct index *x, const struct index_posting *p)
{
	struct column	*c;

	if (x->places == x->room) {
		x->room = x->room == 0 ? FIRST : x->room * 2;
		if ((x->columns = realloc(x->columns, x->room * sizeof(*x->columns))) == NULL)
			log_die("index: out of memory");
	}
	c = &x->columns[x->places];
	c->id = p->id;
	c->posted_us = p->posted_us;
	c->pay_low_cents = p->pay_low_cents;
	c->pay_high_cents = p->pay_high_cents;
	c->expires_on = p->expires_on;
	c->lat_e6 = p->lat_e6;
	c->lng_e6 = p->lng_e6;
	memcpy(c->facets, p->facets, sizeof(c->facets));
	return ((uint32_t)x->places++);
}

/* ---- ids ---- */

/* Where the id's newest place is, or would go. */
static uint32_t *
id_slot(uint32_t *table, size_t cap, const struct column *columns, const struct uuid *id)
{
	uint64_t	hash;
	size_t		i;

	/* The last bytes of a UUIDv7 are the random ones. */
	memcpy(&hash, id->b + 8, sizeof(hash));
	for (i = hash & (cap - 1); table[i] != 0; i = (i + 1) & (cap - 1))
		if (uuid_equal(&columns[table[i] - 1].id, id))
			break;
	return (&table[i]);
}

static void
ids_grow(struct index *x)
{
	size_t		 cap = x->by_id_cap == 0 ? FIRST : x->by_id_cap * 2, i;
	uint32_t	*fresh = calloc(cap, sizeof(*fresh));

	if (fresh == NULL)
		log_die("index: out of memory");
	for (i = 0; i < x->by_id_cap; i++)
		if (x->by_id[i] != 0)
			*id_slot(fresh, cap, x->columns, &x->columns[x->by_id[i] - 1].id) = x->by_id[i];
	free(x->by_id);
	x->by_id = fresh;
	x->by_id_cap = cap;
}
