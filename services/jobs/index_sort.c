/*
 * index_sort.c -- from matching places to one page: walked from the newest by
 * tier, or the best `limit` of all by a column, kept in a heap; and the counts
 * of facets.
 *
 * Order is total: by tier or key, then by place. A page goes on strictly behind
 * the place where the last one ended, whatever was added meanwhile.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "index_priv.h"
#include "base/log.h"

#define EARTH_M		6371008.8
#define DEGREE_E6	1e6

struct ranked {
	int64_t		key;	/* greater is better */
	uint32_t	place;
};

static void	page_by_tier(struct index *, const struct index_query *, const struct asked *,
		    struct index_result *);
static bool	tier_walk(struct index *, const struct index_query *, const roaring_bitmap_t *,
		    uint32_t, struct index_result *);
static void	walk_from(const roaring_bitmap_t *, uint32_t, roaring_uint32_iterator_t *);
static void	page_by_key(struct index *, const struct index_query *, const struct asked *,
		    struct index_result *);
static bool	fits(const struct index_query *, const struct column *);
static int64_t	key_of(const struct index_query *, const struct column *);
static bool	behind(const struct index_query *, const struct ranked *);
static bool	better(const struct ranked *, const struct ranked *);
static void	heap_offer(struct ranked *, size_t *, size_t, const struct ranked *);
static void	heap_sink(struct ranked *, size_t, size_t);
static int	by_rank(const void *, const void *);
static void	hit_add(struct index *, const struct index_query *, struct index_result *,
		    const struct ranked *, uint32_t);
static bool	needs_fit(const struct index_query *);
static void	keep_fitting(struct index *, const struct index_query *, roaring_bitmap_t *);

void
index_ask(struct index *x, const struct index_query *q, struct index_result *r)
{
	struct asked	a;

	r->nhits = 0;
	r->more = false;
	r->total = 0;
	asked_make(x, q, &a);
	/* What columns decide is taken out first when all hits are wanted. */
	if ((q->count || q->facets) && needs_fit(q))
		keep_fitting(x, q, a.hits);
	if (q->count)
		r->total = roaring_bitmap_get_cardinality(a.hits);
	if (q->facets)
		index_facets(x, a.hits, r);
	index_page(x, q, &a, r);
	asked_release(&a);
}

void
index_page(struct index *x, const struct index_query *q, const struct asked *a,
    struct index_result *r)
{
	if (q->limit == 0)
		return;
	if (q->sort == INDEX_RELEVANCE)
		page_by_tier(x, q, a, r);
	else
		page_by_key(x, q, a, r);
}

/* ---- newest first, tier by tier ---- */

static void
page_by_tier(struct index *x, const struct index_query *q, const struct asked *a,
    struct index_result *r)
{
	uint32_t		 tier = q->more ? q->after.tier : 0;
	roaring_bitmap_t	*rest;
	bool			 go = true;

	for (; go && tier < PARTS; tier++) {
		if (a->title == NULL) {
			if (tier == PARTS - 1)
				go = tier_walk(x, q, a->hits, tier, r);
		} else if (tier == 0)
			go = tier_walk(x, q, a->title, tier, r);
		else {
			rest = roaring_bitmap_andnot(tier == 1 ? a->names : a->hits,
			    tier == 1 ? a->title : a->names);
			go = tier_walk(x, q, rest, tier, r);
			roaring_bitmap_free(rest);
		}
	}
}

/* False: the page is full, and there is at least one more. */
static bool
tier_walk(struct index *x, const struct index_query *q, const roaring_bitmap_t *in,
    uint32_t tier, struct index_result *r)
{
	roaring_uint32_iterator_t	it;
	struct ranked			one = { .key = 0 };

	walk_from(in, q->more && tier == q->after.tier ? q->after.place : UINT32_MAX, &it);
	for (; it.has_value; roaring_previous_uint32_iterator(&it)) {
		if (!fits(q, &x->columns[it.current_value]))
			continue;
		if (r->nhits == q->limit) {
			r->more = true;
			return (false);
		}
		one.place = it.current_value;
		hit_add(x, q, r, &one, tier);
	}
	return (true);
}

/* At the highest place below that one. */
static void
walk_from(const roaring_bitmap_t *in, uint32_t below, roaring_uint32_iterator_t *it)
{
	roaring_init_iterator(in, it);
	if (it->has_value && roaring_move_uint32_iterator_equalorlarger(it, below))
		roaring_previous_uint32_iterator(it);
	else
		roaring_init_iterator_last(in, it);
}

/* ---- by a column ---- */

static void
page_by_key(struct index *x, const struct index_query *q, const struct asked *a,
    struct index_result *r)
{
	roaring_uint32_iterator_t	 it;
	struct ranked			*heap = malloc((q->limit + 1) * sizeof(*heap)), one;
	size_t				 n = 0, i;

	if (heap == NULL)
		log_die("index: out of memory");
	for (roaring_init_iterator(a->hits, &it); it.has_value;
	    roaring_advance_uint32_iterator(&it)) {
		if (!fits(q, &x->columns[it.current_value]))
			continue;
		one.place = it.current_value;
		one.key = key_of(q, &x->columns[one.place]);
		if (!q->more || behind(q, &one))
			heap_offer(heap, &n, q->limit + 1, &one);
	}
	qsort(heap, n, sizeof(*heap), by_rank);
	r->more = n > q->limit;
	for (i = 0; i < n && i < q->limit; i++)
		hit_add(x, q, r, &heap[i], 0);
	free(heap);
}

static int64_t
key_of(const struct index_query *q, const struct column *c)
{
	switch (q->sort) {
	case INDEX_PAY:
		return (c->pay_high_cents);
	case INDEX_NEAREST:
		return (c->lat_e6 == INDEX_NOWHERE ? INT64_MIN : -index_distance_m(q, c));
	default:
		return (c->posted_us);
	}
}

static bool
behind(const struct index_query *q, const struct ranked *one)
{
	struct ranked	last = { q->after.key, q->after.place };

	return (better(&last, one));
}

static bool
better(const struct ranked *a, const struct ranked *b)
{
	return (a->key != b->key ? a->key > b->key : a->place > b->place);
}

/* The worst of the best lies on top. */
static void
heap_offer(struct ranked *heap, size_t *n, size_t most, const struct ranked *one)
{
	size_t		i;
	struct ranked	t;

	if (*n == most) {
		if (!better(one, &heap[0]))
			return;
		heap[0] = *one;
		heap_sink(heap, *n, 0);
		return;
	}
	heap[(*n)++] = *one;
	for (i = *n - 1; i > 0 && better(&heap[(i - 1) / 2], &heap[i]); i = (i - 1) / 2) {
		t = heap[i];
		heap[i] = heap[(i - 1) / 2];
		heap[(i - 1) / 2] = t;
	}
}

static void
heap_sink(struct ranked *heap, size_t n, size_t i)
{
	struct ranked	t;
	size_t		worst;

	for (;; i = worst) {
		worst = i;
		if (2 * i + 1 < n && better(&heap[worst], &heap[2 * i + 1]))
			worst = 2 * i + 1;
		if (2 * i + 2 < n && better(&heap[worst], &heap[2 * i + 2]))
			worst = 2 * i + 2;
		if (worst == i)
			return;
		t = heap[i];
		heap[i] = heap[worst];
		heap[worst] = t;
	}
}

static int
by_rank(const void *a, const void *b)
{
	return (better(a, b) ? -1 : better(b, a) ? 1 : 0);
}

/* ---- one hit ---- */

static void
hit_add(struct index *x, const struct index_query *q, struct index_result *r,
    const struct ranked *one, uint32_t tier)
{
	const struct column	*c = &x->columns[one->place];
	struct index_hit	*h = &r->hits[r->nhits++];

	h->id = c->id;
	h->after = (struct index_after){ .key = one->key, .place = one->place, .tier = tier };
	h->distance_m = q->lat_e6 == INDEX_NOWHERE || c->lat_e6 == INDEX_NOWHERE ? -1 :
	    index_distance_m(q, c);
}

static bool
needs_fit(const struct index_query *q)
{
	return (q->pay_least_cents > 0 || q->posted_since_us > 0 || q->radius_m > 0);
}

static bool
fits(const struct index_query *q, const struct column *c)
{
	return (c->pay_high_cents >= q->pay_least_cents && c->posted_us >= q->posted_since_us &&
	    (q->radius_m == 0 || index_near(q, c)));
}

static void
keep_fitting(struct index *x, const struct index_query *q, roaring_bitmap_t *in)
{
	uint64_t	 n = roaring_bitmap_get_cardinality(in), i;
	uint32_t	*places = malloc((n > 0 ? n : 1) * sizeof(*places));

	if (places == NULL)
		log_die("index: out of memory");
	roaring_bitmap_to_uint32_array(in, places);
	for (i = 0; i < n; i++)
		if (!fits(q, &x->columns[places[i]]))
			roaring_bitmap_remove(in, places[i]);
	free(places);
}

bool
index_near(const struct index_query *q, const struct column *c)
{
	return (q->lat_e6 != INDEX_NOWHERE && c->lat_e6 != INDEX_NOWHERE &&
	    index_distance_m(q, c) <= q->radius_m);
}

/* On the sphere, small angles: off by less than a thousandth within the city. */
int64_t
index_distance_m(const struct index_query *q, const struct column *c)
{
	double	rad = M_PI / 180 / DEGREE_E6;
	double	y = (c->lat_e6 - q->lat_e6) * rad;
	double	x = (c->lng_e6 - q->lng_e6) * rad * cos((c->lat_e6 + q->lat_e6) * rad / 2);

	return ((int64_t)(sqrt(x * x + y * y) * EARTH_M + 0.5));
}

/* ---- facets ---- */

void
index_facets(const struct index *x, const roaring_bitmap_t *in, struct index_result *r)
{
	uint32_t			 places[1024], got, i, k;
	roaring_uint32_iterator_t	 it;
	const uint8_t			*f;

	memset(r->facets, 0, sizeof(r->facets));
	roaring_init_iterator(in, &it);
	while ((got = roaring_read_uint32_iterator(&it, places, NITEMS(places))) > 0)
		for (i = 0; i < got; i++) {
			f = x->columns[places[i]].facets;
			for (k = 0; k < INDEX_FACETS; k++)
				r->facets[k][f[k]]++;
		}
}
