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

#define FIRST		((size_t)1 << 12)
#define LATE_SHARE	16	/* more than one in so many out of order: worn */

#define TERMS		256	/* handed to the dictionary at a time */

struct taking {
	struct index	*x;
	uint32_t	 place;
	size_t		 n;
	index_term	 terms[TERMS];
};

static void	take(void *, index_term);
static void	terms_add(struct index *, const struct index_posting *, uint32_t);
static void	facets_add(struct index *, const struct index_posting *, uint32_t);
static void	facet_add(roaring_bitmap_t **, uint32_t);
static uint32_t	place_new(struct index *, const struct index_posting *);
static void	place_order(struct index *, uint32_t);
static void	place_kill(struct index *, uint32_t);
static void	columns_set(struct column *, const struct index_posting *);
static uint64_t	print_of(const struct index_posting *);
static uint64_t	print_text(uint64_t, const char *);
static uint32_t	*id_slot(uint32_t *, size_t, const struct column *, const struct uuid *);
static void	ids_grow(struct index *);

struct index *
index_new(void)
{
	struct index	*x = calloc(1, sizeof(*x));

	if (x == NULL || (x->live = roaring_bitmap_create()) == NULL ||
	    (x->late = roaring_bitmap_create()) == NULL)
		log_die("index: out of memory");
	return (x);
}

void
index_free(struct index **xp)
{
	struct index	*x = *xp;
	size_t		 i, k;

	if (x == NULL)
		return;
	dict_release(&x->dict);
	for (i = 0; i < INDEX_FACETS; i++)
		for (k = 0; k < INDEX_VALUES; k++)
			if (x->facets[i][k] != NULL)
				roaring_bitmap_free(x->facets[i][k]);
	for (i = 0; i < INDEX_FLAGS; i++)
		if (x->flags[i] != NULL)
			roaring_bitmap_free(x->flags[i]);
	for (i = 0; i < PAY_BANDS; i++)
		if (x->pays[i] != NULL)
			roaring_bitmap_free(x->pays[i]);
	for (i = 0; i < INDEX_NAMES; i++)
		names_release(&x->names[i]);
	roaring_bitmap_free(x->live);
	roaring_bitmap_free(x->late);
	free(x->columns);
	free(x->newest_us);
	free(x->by_id);
	free(x);
	*xp = NULL;
}

void
index_put(struct index *x, const struct index_posting *p)
{
	uint64_t	 print = print_of(p);
	uint32_t	*slot, place;

	if ((x->places + 1) * 2 > x->by_id_cap)
		ids_grow(x);
	slot = id_slot(x->by_id, x->by_id_cap, x->columns, &p->id);
	if (*slot != 0 && roaring_bitmap_contains(x->live, *slot - 1)) {
		if (x->columns[*slot - 1].print == print) {
			columns_set(&x->columns[*slot - 1], p);
			return;
		}
		place_kill(x, *slot - 1);
	}
	place = place_new(x, p);
	*slot = place + 1;
	x->columns[place].print = print;
	roaring_bitmap_add(x->live, place);
	x->nlive++;
	terms_add(x, p, place);
	facets_add(x, p, place);
}

void
index_drop(struct index *x, const struct uuid *id)
{
	uint32_t	*slot;

	if (x->by_id_cap == 0)
		return;
	slot = id_slot(x->by_id, x->by_id_cap, x->columns, id);
	if (*slot != 0 && roaring_bitmap_contains(x->live, *slot - 1))
		place_kill(x, *slot - 1);
}

size_t
index_count(const struct index *x)
{
	return (x->nlive);
}

size_t
index_bytes(const struct index *x)
{
	size_t	i, k, n;

	n = sizeof(*x) + dict_bytes(&x->dict) + x->room * (sizeof(*x->columns) + sizeof(*x->newest_us)) +
	    x->by_id_cap * sizeof(*x->by_id) + roaring_bitmap_portable_size_in_bytes(x->live) +
	    roaring_bitmap_portable_size_in_bytes(x->late);
	for (i = 0; i < INDEX_FACETS; i++)
		for (k = 0; k < INDEX_VALUES; k++)
			if (x->facets[i][k] != NULL)
				n += roaring_bitmap_portable_size_in_bytes(x->facets[i][k]);
	for (i = 0; i < INDEX_FLAGS; i++)
		if (x->flags[i] != NULL)
			n += roaring_bitmap_portable_size_in_bytes(x->flags[i]);
	for (i = 0; i < PAY_BANDS; i++)
		if (x->pays[i] != NULL)
			n += roaring_bitmap_portable_size_in_bytes(x->pays[i]);
	for (i = 0; i < INDEX_NAMES; i++)
		n += x->names[i].bytes + x->names[i].cap * (sizeof(uint32_t) + sizeof(struct name) / 2);
	return (n);
}

bool
index_worn(const struct index *x)
{
	return (x->places > FIRST && (x->nlive * 2 < x->places ||
	    roaring_bitmap_get_cardinality(x->late) * LATE_SHARE > x->places));
}

bool
index_settle(struct index *x, size_t budget)
{
	x->settled = dict_settle(&x->dict, x->settled, budget);
	if (x->settled != SIZE_MAX)
		return (false);
	x->settled = 0;
	roaring_bitmap_run_optimize(x->live);
	return (true);
}

size_t
index_expire(struct index *x, int32_t today)
{
	size_t	i, n = 0;

	for (i = 0; i < x->places; i++)
		if (x->columns[i].expires_on < today &&
		    roaring_bitmap_contains(x->live, (uint32_t)i)) {
			place_kill(x, (uint32_t)i);
			n++;
		}
	return (n);
}

bool
index_has(const struct index *x, const struct uuid *id)
{
	const uint32_t	*slot;

	if (x->by_id_cap == 0)
		return (false);
	slot = id_slot(x->by_id, x->by_id_cap, x->columns, id);
	return (*slot != 0 && roaring_bitmap_contains(x->live, *slot - 1));
}

bool
index_holds(const struct index *x, const struct uuid *id, int64_t posted_us, int64_t changed_us)
{
	const struct column	*c;

	if (!index_has(x, id))
		return (false);
	c = &x->columns[*id_slot(x->by_id, x->by_id_cap, x->columns, id) - 1];
	return (c->posted_us == posted_us && c->changed_us == changed_us);
}

void
index_each(const struct index *x, void (*fn)(void *, const struct uuid *), void *arg)
{
	roaring_uint32_iterator_t	it;

	for (roaring_init_iterator(x->live, &it); it.has_value;
	    roaring_advance_uint32_iterator(&it))
		fn(arg, &x->columns[it.current_value].id);
}

size_t
index_suggest(struct index *x, enum index_name kind, const char *prefix,
    struct index_suggestion *out, size_t room)
{
	return (names_find(&x->names[kind], prefix, out, room));
}

uint64_t
index_mark_count(struct index *x, uint8_t kind, const char *text)
{
	const roaring_bitmap_t	*map = dict_find(&x->dict, index_mark_term(kind, text));

	return (map == NULL ? 0 : roaring_bitmap_and_cardinality(map, x->live));
}

/* ---- adding ---- */

static void
take(void *arg, index_term term)
{
	struct taking	*t = arg;

	t->terms[t->n++] = term;
	if (t->n == TERMS) {
		dict_add_all(&t->x->dict, t->terms, t->n, t->place);
		t->n = 0;
	}
}

static void
terms_add(struct index *x, const struct index_posting *p, uint32_t place)
{
	struct taking	t = { .x = x, .place = place, .n = 0 };
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
	dict_add_all(&x->dict, t.terms, t.n, place);
}

static void
facets_add(struct index *x, const struct index_posting *p, uint32_t place)
{
	size_t	i;

	for (i = 0; i < INDEX_FACETS; i++)
		facet_add(&x->facets[i][p->facets[i] % INDEX_VALUES], place);
	for (i = 0; i < INDEX_FLAGS; i++)
		if ((p->flags >> i & 1) != 0)
			facet_add(&x->flags[i], place);
	facet_add(&x->pays[pay_band(p->pay_rank)], place);
}

static void
facet_add(roaring_bitmap_t **map, uint32_t place)
{
	if (*map == NULL && (*map = roaring_bitmap_create()) == NULL)
		log_die("index: out of memory");
	roaring_bitmap_add(*map, place);
}

static uint32_t
place_new(struct index *x, const struct index_posting *p)
{
	struct column	*c;

	if (x->places == x->room) {
		x->room = x->room == 0 ? FIRST : x->room * 2;
		x->columns = reallocarray(x->columns, x->room, sizeof(*x->columns));
		x->newest_us = reallocarray(x->newest_us, x->room, sizeof(*x->newest_us));
		if (x->columns == NULL || x->newest_us == NULL)
			log_die("index: out of memory");
	}
	c = &x->columns[x->places];
	c->id = p->id;
	columns_set(c, p);
	c->names[INDEX_TITLE] = names_take(&x->names[INDEX_TITLE], p->title);
	c->names[INDEX_EMPLOYER] = names_take(&x->names[INDEX_EMPLOYER], p->employer);
	place_order(x, (uint32_t)x->places);
	return ((uint32_t)x->places++);
}

/* Newer than all before it, or out of order. */
static void
place_order(struct index *x, uint32_t place)
{
	const struct column	*c = &x->columns[place];
	int64_t			 newest = place == 0 ? INT64_MIN : x->newest_us[place - 1];

	if (c->posted_us > newest || (c->posted_us == newest &&
	    memcmp(c->id.b, x->newest_id.b, sizeof(c->id.b)) > 0)) {
		x->newest_us[place] = c->posted_us;
		x->newest_id = c->id;
		return;
	}
	x->newest_us[place] = newest;
	roaring_bitmap_add(x->late, place);
}

static void
place_kill(struct index *x, uint32_t place)
{
	roaring_bitmap_remove(x->live, place);
	x->nlive--;
	names_give(&x->names[INDEX_TITLE], x->columns[place].names[INDEX_TITLE]);
	names_give(&x->names[INDEX_EMPLOYER], x->columns[place].names[INDEX_EMPLOYER]);
}

bool
place_newer(const struct index *x, uint32_t a, uint32_t b)
{
	const struct column	*one = &x->columns[a], *other = &x->columns[b];

	return (one->posted_us != other->posted_us ? one->posted_us > other->posted_us :
	    memcmp(one->id.b, other->id.b, sizeof(one->id.b)) > 0);
}

uint32_t
place_since(const struct index *x, int64_t posted_us)
{
	size_t	low = 0, high = x->places, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (x->newest_us[mid] < posted_us)
			low = mid + 1;
		else
			high = mid;
	}
	return ((uint32_t)low);
}

size_t
pay_band(int64_t pay)
{
	int	top;

	if (pay <= 0)
		return (0);
	top = 63 - __builtin_clzll((unsigned long long)pay);
	return ((size_t)top * 4 + (top >= 2 ? (size_t)(pay >> (top - 2) & 3) : 0) + 1);
}

static void
columns_set(struct column *c, const struct index_posting *p)
{
	c->posted_us = p->posted_us;
	c->changed_us = p->changed_us;
	c->pay_low_cents = p->pay_low_cents;
	c->pay_high_cents = p->pay_high_cents;
	c->pay_rank = p->pay_rank;
	c->expires_on = p->expires_on;
	c->lat_e6 = p->lat_e6;
	c->lng_e6 = p->lng_e6;
	c->flags = p->flags;
	memcpy(c->facets, p->facets, sizeof(c->facets));
}

/* Equal prints: nothing that terms, facets, names or the order are made from has changed. */
static uint64_t
print_of(const struct index_posting *p)
{
	uint64_t	h = print_text(print_text(print_text(print_text(1, p->title), p->names), p->text),
			    p->employer);
	size_t		i;

	for (i = 0; i < p->nmarks; i++)
		h = print_text(h + p->marks[i].kind, p->marks[i].text);
	for (i = 0; i < INDEX_FACETS; i++)
		h = (h ^ p->facets[i]) * UINT64_C(0x9e3779b97f4a7c15);
	h = (h ^ (uint64_t)p->pay_rank) * UINT64_C(0x9e3779b97f4a7c15);
	h = (h ^ p->flags) * UINT64_C(0xbf58476d1ce4e5b9);
	h = (h ^ (h >> 31) ^ (uint64_t)p->posted_us) * UINT64_C(0x94d049bb133111eb);
	h ^= (uint64_t)(uint32_t)p->lat_e6 << 32 | (uint32_t)p->lng_e6;
	return (h * UINT64_C(0x9e3779b97f4a7c15));
}

static uint64_t
print_text(uint64_t h, const char *text)
{
	uint64_t	eight;
	size_t		n = text == NULL ? 0 : strlen(text), i;

	for (i = 0; i + sizeof(eight) <= n; i += sizeof(eight)) {
		memcpy(&eight, text + i, sizeof(eight));
		h = (h ^ eight) * UINT64_C(0x9e3779b97f4a7c15);
		h ^= h >> 29;
	}
	for (; i < n; i++)
		h = (h ^ (unsigned char)text[i]) * UINT64_C(0x9e3779b97f4a7c15);
	return ((h ^ n ^ h >> 32) * UINT64_C(0xbf58476d1ce4e5b9));
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
