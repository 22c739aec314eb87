/*
 * index_sort.c -- from matching places to one page: walked from the newest by
 * tier, or the best `limit` by a key, kept in a heap.
 *
 * Order is total: by tier or key, then by posted_us and id. A page goes on
 * strictly behind the posting where the last one ended, whatever was added
 * meanwhile and wherever it lies.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "index_priv.h"
#include "base/log.h"

#define EARTH_M		6371008.8
#define DEGREE_E6	1e6
#define FIRST_RING_M	3000
#define LAST_RING_M	50000	/* beyond it all are looked at */

struct ranked {
	int64_t		key;	/* greater is better */
	uint32_t	place;
};

struct page {
	struct index			*x;
	const struct index_query	*q;
	struct index_result		*r;
	struct ranked			*heap;	/* the worst of the best on top */
	size_t				 n;
};

/* The places that were added out of order, newest first. */
struct late {
	uint32_t	*places;
	size_t		 n, at;
};

static void	walk_tiers(struct page *, const struct asked *);
static bool	walk(struct page *, const roaring_bitmap_t *, uint32_t);
static void	walk_begin(struct page *, const roaring_bitmap_t *, bool, roaring_uint32_iterator_t *);
static void	late_take(struct page *, const roaring_bitmap_t *, bool, struct late *);
static int	by_age(const void *, const void *, void *);
static bool	in_order(const struct index *, uint32_t);
static bool	behind(const struct page *, int64_t, uint32_t);
static void	page_by_pay(struct page *, const roaring_bitmap_t *);
static void	page_by_distance(struct page *, const roaring_bitmap_t *);
static void	page_from_heap(struct page *);
static void	offer_all(struct page *, const roaring_bitmap_t *);
static int64_t	key_of(const struct index_query *, const struct column *);
static bool	better(const struct index *, const struct ranked *, const struct ranked *);
static void	heap_offer(struct page *, const struct ranked *);
static void	heap_sink(struct page *, size_t);
static int	by_rank(const void *, const void *, void *);
static void	hit_add(struct page *, uint32_t, int64_t, uint32_t);
static roaring_bitmap_t *fitting(struct index *, const struct index_query *, const roaring_bitmap_t *);

void
index_ask(struct index *x, const struct index_query *q, struct index_result *r)
{
	struct asked		 a;
	roaring_bitmap_t	*kept;

	r->nhits = 0;
	r->more = false;
	r->total = 0;
	asked_make(x, q, &a);
	/* What bitmaps cannot decide is taken out first when all hits are wanted. */
	if ((q->count || q->facets) && q->radius_m > 0) {
		kept = fitting(x, q, a.hits);
		roaring_bitmap_free(a.hits);
		a.hits = kept;
	}
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
	struct page	p = { .x = x, .q = q, .r = r };

	if (q->limit == 0)
		return;
	if (q->sort == INDEX_RELEVANCE)
		walk_tiers(&p, a);
	else if (q->sort == INDEX_NEWEST)
		(void)walk(&p, a->hits, PARTS - 1);
	else if (q->sort == INDEX_PAY)
		page_by_pay(&p, a->hits);
	else
		page_by_distance(&p, a->hits);
}

/* ---- newest first, tier by tier ---- */

static void
walk_tiers(struct page *p, const struct asked *a)
{
	uint32_t		 tier = p->q->more ? p->q->after.tier : 0;
	roaring_bitmap_t	*rest;
	bool			 go = true;

	for (; go && tier < PARTS; tier++) {
		if (a->title == NULL) {
			if (tier == PARTS - 1)
				go = walk(p, a->hits, tier);
		} else if (tier == 0)
			go = walk(p, a->title, tier);
		else {
			rest = roaring_bitmap_andnot(tier == 1 ? a->names : a->hits,
			    tier == 1 ? a->title : a->names);
			go = walk(p, rest, tier);
			roaring_bitmap_free(rest);
		}
	}
}

/* False: the page is full, and there is at least one more. */
static bool
walk(struct page *p, const roaring_bitmap_t *in, uint32_t tier)
{
	bool				on = p->q->more && tier == p->q->after.tier, full = false;
	roaring_uint32_iterator_t	it;
	struct late			late;
	uint32_t			place;

	late_take(p, in, on, &late);
	for (walk_begin(p, in, on, &it); !full && (it.has_value || late.at < late.n);) {
		if (it.has_value && !in_order(p->x, it.current_value)) {
			roaring_previous_uint32_iterator(&it);
			continue;
		}
		if (it.has_value && (late.at == late.n ||
		    place_newer(p->x, it.current_value, late.places[late.at]))) {
			place = it.current_value;
			roaring_previous_uint32_iterator(&it);
		} else
			place = late.places[late.at++];
		if (!index_fits(p->q, &p->x->columns[place]))
			continue;
		if (p->r->nhits == p->q->limit)
			p->r->more = full = true;
		else
			hit_add(p, place, 0, tier);
	}
	free(late.places);
	return (!full);
}

/* At the newest place in order, or the newest behind the last page. */
static void
walk_begin(struct page *p, const roaring_bitmap_t *in, bool on, roaring_uint32_iterator_t *it)
{
	roaring_init_iterator_last(in, it);
	if (!on)
		return;
	roaring_init_iterator(in, it);
	if (it->has_value && roaring_move_uint32_iterator_equalorlarger(it,
	    place_since(p->x, p->q->after.posted_us + 1)))
		roaring_previous_uint32_iterator(it);
	else
		roaring_init_iterator_last(in, it);
	while (it->has_value && (!in_order(p->x, it->current_value) || !behind(p, 0, it->current_value)))
		roaring_previous_uint32_iterator(it);
}

static void
late_take(struct page *p, const roaring_bitmap_t *in, bool on, struct late *late)
{
	roaring_bitmap_t	*both = roaring_bitmap_and(in, p->x->late);

	late->at = 0;
	late->n = roaring_bitmap_get_cardinality(both);
	if ((late->places = malloc((late->n + 1) * sizeof(*late->places))) == NULL)
		log_die("index: out of memory");
	roaring_bitmap_to_uint32_array(both, late->places);
	roaring_bitmap_free(both);
	qsort_r(late->places, late->n, sizeof(*late->places), by_age, p->x);
	while (on && late->at < late->n && !behind(p, 0, late->places[late->at]))
		late->at++;
}

static int
by_age(const void *a, const void *b, void *x)
{
	return (place_newer(x, *(const uint32_t *)a, *(const uint32_t *)b) ? -1 : 1);
}

static bool
in_order(const struct index *x, uint32_t place)
{
	return (x->newest_us[place] == x->columns[place].posted_us &&
	    !roaring_bitmap_contains(x->late, place));
}

/* Does it come behind the last one of the page before? */
static bool
behind(const struct page *p, int64_t key, uint32_t place)
{
	const struct index_after	*last = &p->q->after;
	const struct column		*c = &p->x->columns[place];

	if (key != last->key)
		return (key < last->key);
	if (c->posted_us != last->posted_us)
		return (c->posted_us < last->posted_us);
	return (memcmp(c->id.b, last->id.b, sizeof(c->id.b)) < 0);
}

/* ---- by a key ---- */

/* Band by band from the best paid; a lower band has nothing better. */
static void
page_by_pay(struct page *p, const roaring_bitmap_t *hits)
{
	size_t			 band = p->q->more ? pay_band(p->q->after.key) + 1 : PAY_BANDS;
	roaring_bitmap_t	*some;

	while (band-- > 0 && p->n <= p->q->limit) {
		if (p->x->pays[band] == NULL)
			continue;
		some = roaring_bitmap_and(hits, p->x->pays[band]);
		offer_all(p, some);
		roaring_bitmap_free(some);
	}
	page_from_heap(p);
}

/* Rings, wider and wider, until one has a page and one more. */
static void
page_by_distance(struct page *p, const roaring_bitmap_t *hits)
{
	const struct index_query	*asked = p->q;
	struct index_query		 ring = *asked;
	roaring_bitmap_t		*some;

	p->q = &ring;
	for (ring.radius_m = FIRST_RING_M; asked->radius_m == 0 && asked->lat_e6 != INDEX_NOWHERE &&
	    p->n <= asked->limit && ring.radius_m <= LAST_RING_M; ring.radius_m *= 4) {
		p->n = 0;
		some = cells_in(p->x, asked, ring.radius_m);
		roaring_bitmap_and_inplace(some, hits);
		offer_all(p, some);
		roaring_bitmap_free(some);
	}
	p->q = asked;
	if (p->n <= asked->limit) {
		p->n = 0;
		offer_all(p, hits);
	}
	page_from_heap(p);
}

static void
offer_all(struct page *p, const roaring_bitmap_t *in)
{
	roaring_uint32_iterator_t	 it;
	const struct column		*c;
	struct ranked			 one;

	if (p->heap == NULL && (p->heap = malloc((p->q->limit + 1) * sizeof(*p->heap))) == NULL)
		log_die("index: out of memory");
	for (roaring_init_iterator(in, &it); it.has_value; roaring_advance_uint32_iterator(&it)) {
		c = &p->x->columns[it.current_value];
		if (!index_fits(p->q, c))
			continue;
		one = (struct ranked){ key_of(p->q, c), it.current_value };
		if (!p->q->more || behind(p, one.key, one.place))
			heap_offer(p, &one);
	}
}

static void
page_from_heap(struct page *p)
{
	size_t	i;

	qsort_r(p->heap, p->n, sizeof(*p->heap), by_rank, p->x);
	p->r->more = p->n > p->q->limit;
	for (i = 0; i < p->n && i < p->q->limit; i++)
		hit_add(p, p->heap[i].place, p->heap[i].key, 0);
	free(p->heap);
}

static int64_t
key_of(const struct index_query *q, const struct column *c)
{
	if (q->sort == INDEX_PAY)
		return (c->pay_rank);
	return (c->lat_e6 == INDEX_NOWHERE || q->lat_e6 == INDEX_NOWHERE ? INT64_MIN :
	    -index_distance_m(q, c));
}

static bool
better(const struct index *x, const struct ranked *a, const struct ranked *b)
{
	return (a->key != b->key ? a->key > b->key : place_newer(x, a->place, b->place));
}

static void
heap_offer(struct page *p, const struct ranked *one)
{
	struct ranked	*heap = p->heap, t;
	size_t		 i;

	if (p->n == p->q->limit + 1) {
		if (!better(p->x, one, &heap[0]))
			return;
		heap[0] = *one;
		heap_sink(p, 0);
		return;
	}
	heap[p->n++] = *one;
	for (i = p->n - 1; i > 0 && better(p->x, &heap[(i - 1) / 2], &heap[i]); i = (i - 1) / 2) {
		t = heap[i];
		heap[i] = heap[(i - 1) / 2];
		heap[(i - 1) / 2] = t;
	}
}

static void
heap_sink(struct page *p, size_t i)
{
	struct ranked	*heap = p->heap, t;
	size_t		 worst, k;

	for (;; i = worst) {
		worst = i;
		for (k = 2 * i + 1; k <= 2 * i + 2 && k < p->n; k++)
			if (better(p->x, &heap[worst], &heap[k]))
				worst = k;
		if (worst == i)
			return;
		t = heap[i];
		heap[i] = heap[worst];
		heap[worst] = t;
	}
}

static int
by_rank(const void *a, const void *b, void *x)
{
	return (better(x, a, b) ? -1 : better(x, b, a) ? 1 : 0);
}

/* ---- one hit ---- */

static void
hit_add(struct page *p, uint32_t place, int64_t key, uint32_t tier)
{
	const struct column	*c = &p->x->columns[place];
	struct index_hit	*h = &p->r->hits[p->r->nhits++];

	h->id = c->id;
	h->after = (struct index_after){ .key = key, .posted_us = c->posted_us, .id = c->id, .tier = tier };
	h->distance_m = p->q->lat_e6 == INDEX_NOWHERE || c->lat_e6 == INDEX_NOWHERE ? -1 :
	    index_distance_m(p->q, c);
}

static roaring_bitmap_t *
fitting(struct index *x, const struct index_query *q, const roaring_bitmap_t *in)
{
	roaring_bitmap_t		*kept;
	roaring_uint32_iterator_t	 it;
	uint32_t			*places;
	size_t				 n = 0;

	places = malloc((roaring_bitmap_get_cardinality(in) + 1) * sizeof(*places));
	if (places == NULL)
		log_die("index: out of memory");
	for (roaring_init_iterator(in, &it); it.has_value; roaring_advance_uint32_iterator(&it))
		if (index_fits(q, &x->columns[it.current_value]))
			places[n++] = it.current_value;
	kept = roaring_bitmap_of_ptr(n, places);
	free(places);
	return (kept);
}

bool
index_fits(const struct index_query *q, const struct column *c)
{
	return (q->radius_m == 0 || index_near(q, c));
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
