/*
 * index_ask.c -- a question becomes bitmaps: the places that match at all, and
 * those where the words stand in the title or the names.
 *
 * Words are joined by AND, the ways of a word by OR, the pairs of a way by AND.
 * A term nobody uses ends its way at once. Bitmaps of the dictionary are never
 * changed here; what is built is ours.
 */
#include "index_priv.h"

#define TERMS_MOST	64	/* of one way of a word */

struct terms {
	index_term	 list[TERMS_MOST];
	size_t		 n;
};

static void	 take(void *, index_term);
static roaring_bitmap_t *words_in(struct index *, const struct index_query *, enum part, enum part);
static roaring_bitmap_t *word_in(struct index *, const struct index_word *, enum part, enum part);
static roaring_bitmap_t *mark_or(struct index *, roaring_bitmap_t *, const struct index_mark *);
static roaring_bitmap_t *way_in(struct index *, const char *, enum part, enum part);
static roaring_bitmap_t *term_in(struct index *, index_term, index_term);
static roaring_bitmap_t *and_own(roaring_bitmap_t *, roaring_bitmap_t *);
static roaring_bitmap_t *or_own(roaring_bitmap_t *, roaring_bitmap_t *);
static roaring_bitmap_t *filter_in(struct index *, const struct index_filter *);
static void	 narrow(struct index *, const struct index_query *, struct asked *);
static roaring_bitmap_t *paying(struct index *, int64_t);
static roaring_bitmap_t *since(struct index *, const roaring_bitmap_t *, int64_t);

void
asked_make(struct index *x, const struct index_query *q, struct asked *a)
{
	size_t	i;

	a->title = a->names = NULL;
	if (q->nwords == 0)
		a->hits = roaring_bitmap_copy(x->live);
	else {
		a->hits = words_in(x, q, PART_ANY, PART_ANY);
		roaring_bitmap_and_inplace(a->hits, x->live);
	}
	for (i = 0; i < q->nfilters && !roaring_bitmap_is_empty(a->hits); i++)
		a->hits = and_own(a->hits, filter_in(x, &q->filters[i]));
	narrow(x, q, a);
	if (q->nwords > 0 && q->sort == INDEX_RELEVANCE) {
		a->title = and_own(words_in(x, q, PART_TITLE, PART_TITLE), roaring_bitmap_copy(a->hits));
		a->names = and_own(words_in(x, q, PART_TITLE, PART_NAMES), roaring_bitmap_copy(a->hits));
	}
}

void
asked_release(struct asked *a)
{
	roaring_bitmap_free(a->hits);
	if (a->title != NULL)
		roaring_bitmap_free(a->title);
	if (a->names != NULL)
		roaring_bitmap_free(a->names);
}

/* What bitmaps can say about columns; index_fits() judges what is left. */
static void
narrow(struct index *x, const struct index_query *q, struct asked *a)
{
	roaring_bitmap_t	*fresh;

	if (q->pay_least > 0)
		a->hits = and_own(a->hits, paying(x, q->pay_least));
	if (q->radius_m > 0 && q->lat_e6 != INDEX_NOWHERE)
		a->hits = and_own(a->hits, cells_in(x, q, q->radius_m));
	if (q->posted_since_us > 0) {
		fresh = since(x, a->hits, q->posted_since_us);
		roaring_bitmap_free(a->hits);
		a->hits = fresh;
	}
}

/* Those of higher bands, and of the pay's own band those that reach it. */
static roaring_bitmap_t *
paying(struct index *x, int64_t least)
{
	roaring_bitmap_t		*any = roaring_bitmap_create();
	roaring_uint32_iterator_t	 it;
	size_t				 own = pay_band(least), i;

	for (i = own + 1; i < PAY_BANDS; i++)
		if (x->pays[i] != NULL)
			roaring_bitmap_lazy_or_inplace(any, x->pays[i], true);
	roaring_bitmap_repair_after_lazy(any);
	if (x->pays[own] == NULL)
		return (any);
	for (roaring_init_iterator(x->pays[own], &it); it.has_value;
	    roaring_advance_uint32_iterator(&it))
		if (x->columns[it.current_value].pay_rank >= least)
			roaring_bitmap_add(any, it.current_value);
	return (any);
}

/* A late place lies behind newer ones, so none before the first such place fits. */
static roaring_bitmap_t *
since(struct index *x, const roaring_bitmap_t *in, int64_t us)
{
	roaring_bitmap_t		*range, *late;
	roaring_uint32_iterator_t	 it;

	range = roaring_bitmap_from_range(place_since(x, us), x->places, 1);
	if (range == NULL)
		return (roaring_bitmap_create());
	roaring_bitmap_and_inplace(range, in);
	late = roaring_bitmap_and(range, x->late);
	for (roaring_init_iterator(late, &it); it.has_value; roaring_advance_uint32_iterator(&it))
		if (x->columns[it.current_value].posted_us < us)
			roaring_bitmap_remove(range, it.current_value);
	roaring_bitmap_free(late);
	return (range);
}

/* Places where every word stands in one part or the other. */
static roaring_bitmap_t *
words_in(struct index *x, const struct index_query *q, enum part one, enum part other)
{
	roaring_bitmap_t	*all = NULL;
	size_t			 i;

	for (i = 0; i < q->nwords; i++) {
		all = all == NULL ? word_in(x, &q->words[i], one, other) :
		    and_own(all, word_in(x, &q->words[i], one, other));
		if (roaring_bitmap_is_empty(all))
			break;
	}
	return (all);
}

static roaring_bitmap_t *
word_in(struct index *x, const struct index_word *w, enum part one, enum part other)
{
	roaring_bitmap_t	*any = NULL;
	size_t			 i;

	for (i = 0; i < w->nways; i++)
		any = any == NULL ? way_in(x, w->ways[i], one, other) :
		    or_own(any, way_in(x, w->ways[i], one, other));
	for (i = 0; i < w->nmarks && other != PART_TITLE; i++)
		any = mark_or(x, any, &w->marks[i]);
	return (any != NULL ? any : roaring_bitmap_create());
}

/* A mark is as good as a name. */
static roaring_bitmap_t *
mark_or(struct index *x, roaring_bitmap_t *any, const struct index_mark *m)
{
	const roaring_bitmap_t	*map = dict_find(&x->dict, index_mark_term(m->kind, m->text));

	if (any == NULL)
		any = roaring_bitmap_create();
	if (map != NULL)
		roaring_bitmap_or_inplace(any, map);
	return (any);
}

static void
take(void *arg, index_term term)
{
	struct terms	*t = arg;

	if (t->n < TERMS_MOST)
		t->list[t->n++] = term;
}

/* The rarest pair first would be better still; pairs are few, and ANDs are cheap. */
static roaring_bitmap_t *
way_in(struct index *x, const char *text, enum part one, enum part other)
{
	struct terms		 a = { .n = 0 }, b = { .n = 0 };
	roaring_bitmap_t	*all = NULL;
	size_t			 i;

	index_cut(text, one, false, take, &a);
	index_cut(text, other, false, take, &b);
	for (i = 0; i < a.n; i++) {
		all = all == NULL ? term_in(x, a.list[i], b.list[i]) :
		    and_own(all, term_in(x, a.list[i], b.list[i]));
		if (roaring_bitmap_is_empty(all))
			break;
	}
	return (all != NULL ? all : roaring_bitmap_create());
}

static roaring_bitmap_t *
term_in(struct index *x, index_term one, index_term other)
{
	const roaring_bitmap_t	*a = dict_find(&x->dict, one);
	const roaring_bitmap_t	*b = other == one ? NULL : dict_find(&x->dict, other);

	if (a != NULL && b != NULL)
		return (roaring_bitmap_or(a, b));
	if (a != NULL || b != NULL)
		return (roaring_bitmap_copy(a != NULL ? a : b));
	return (roaring_bitmap_create());
}

static roaring_bitmap_t *
and_own(roaring_bitmap_t *a, roaring_bitmap_t *b)
{
	roaring_bitmap_and_inplace(a, b);
	roaring_bitmap_free(b);
	return (a);
}

static roaring_bitmap_t *
or_own(roaring_bitmap_t *a, roaring_bitmap_t *b)
{
	roaring_bitmap_or_inplace(a, b);
	roaring_bitmap_free(b);
	return (a);
}

static roaring_bitmap_t *
filter_in(struct index *x, const struct index_filter *f)
{
	roaring_bitmap_t	*any = roaring_bitmap_create();
	const roaring_bitmap_t	*one;
	size_t			 i;

	for (i = 0; i < f->nany; i++)
		if ((one = dict_find(&x->dict, index_mark_term(f->kind, f->any[i]))) != NULL)
			roaring_bitmap_or_inplace(any, one);
	return (any);
}

roaring_bitmap_t *
cells_in(struct index *x, const struct index_query *q, int64_t radius_m)
{
	roaring_bitmap_t	*any = roaring_bitmap_create();
	const roaring_bitmap_t	*one;
	int64_t			 reach = radius_m * 11 + CELL_E6;	/* degrees are >= 91 km here */
	int32_t			 lat, lng;

	for (lat = (int32_t)((q->lat_e6 - reach) / CELL_E6); lat <= (q->lat_e6 + reach) / CELL_E6; lat++)
		for (lng = (int32_t)((q->lng_e6 - reach) / CELL_E6);
		    lng <= (q->lng_e6 + reach) / CELL_E6; lng++)
			if ((one = dict_find(&x->dict, index_cell_term(lat, lng))) != NULL)
				roaring_bitmap_lazy_or_inplace(any, one, false);
	roaring_bitmap_repair_after_lazy(any);
	return (any);
}
