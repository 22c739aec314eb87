/*
 * index_count.c -- how many of the hits have each value of each facet: few hits
 * are looked at one by one, of many the bitmaps of the values are cut with them.
 */
#include <string.h>

#include "index_priv.h"

#define FEW	20000	/* above it some hundred cuts are cheaper */

static void	count_each(const struct index *, const roaring_bitmap_t *, struct index_result *);
static uint32_t	cut(const roaring_bitmap_t *, const roaring_bitmap_t *);

void
index_facets(const struct index *x, const roaring_bitmap_t *in, struct index_result *r)
{
	size_t	i, k;

	memset(r->facets, 0, sizeof(r->facets));
	memset(r->flags, 0, sizeof(r->flags));
	if (roaring_bitmap_get_cardinality(in) <= FEW) {
		count_each(x, in, r);
		return;
	}
	for (i = 0; i < INDEX_FACETS; i++)
		for (k = 0; k < INDEX_VALUES; k++)
			r->facets[i][k] = cut(in, x->facets[i][k]);
	for (i = 0; i < INDEX_FLAGS; i++)
		r->flags[i] = cut(in, x->flags[i]);
}

static void
count_each(const struct index *x, const roaring_bitmap_t *in, struct index_result *r)
{
	roaring_uint32_iterator_t	 it;
	const struct column		*c;
	uint32_t			 flags, k;

	for (roaring_init_iterator(in, &it); it.has_value; roaring_advance_uint32_iterator(&it)) {
		c = &x->columns[it.current_value];
		for (k = 0; k < INDEX_FACETS; k++)
			r->facets[k][c->facets[k] % INDEX_VALUES]++;
		for (flags = c->flags; flags != 0; flags &= flags - 1)
			r->flags[__builtin_ctz(flags)]++;
	}
}

static uint32_t
cut(const roaring_bitmap_t *in, const roaring_bitmap_t *value)
{
	return (value == NULL ? 0 : (uint32_t)roaring_bitmap_and_cardinality(in, value));
}
