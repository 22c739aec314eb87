/*
 * match_top.c -- the best results seen so far: a heap with the worst on top.
 * Order: higher score, then the newer day, then the greater id.
 */
#include <stdlib.h>
#include <string.h>

#include "match_priv.h"

static int	compare(const struct top *, const struct top_item *, const struct top_item *);
static bool	admits(const struct top *, const struct top_item *);
static void	sink(struct top *, size_t);

void
top_init(struct top *t, const struct match_ask *ask, const struct uuid *ids)
{
	t->count = 0;
	t->ask = ask;
	t->ids = ids;
}

void
top_offer(struct top *t, int32_t score, int32_t day, uint32_t place)
{
	struct top_item	item = { score, day, place };
	size_t		i, up;

	if (score < t->ask->least || !admits(t, &item))
		return;
	if (t->count == t->ask->limit) {
		if (t->count == 0 || compare(t, &item, &t->items[0]) >= 0)
			return;
		t->items[0] = item;
		sink(t, t->count);
		return;
	}
	for (i = t->count++; i > 0; i = up) {
		up = (i - 1) / 2;
		if (compare(t, &t->items[up], &item) >= 0)
			break;
		t->items[i] = t->items[up];
	}
	t->items[i] = item;
}

/* Takes the worst to the end, again and again. */
void
top_sort(struct top *t)
{
	struct top_item	worst;
	size_t		n;

	for (n = t->count; n > 1; n--) {
		worst = t->items[0];
		t->items[0] = t->items[n - 1];
		t->items[n - 1] = worst;
		sink(t, n - 1);
	}
}

/* Below 0: a is better. */
static int
compare(const struct top *t, const struct top_item *a, const struct top_item *b)
{
	if (a->score != b->score)
		return (a->score > b->score ? -1 : 1);
	if (a->day != b->day)
		return (a->day > b->day ? -1 : 1);
	return (memcmp(&t->ids[b->place], &t->ids[a->place], sizeof(struct uuid)));
}

/* Not shown before, and not to be left out. */
static bool
admits(const struct top *t, const struct top_item *item)
{
	const struct match_hit	*after = t->ask->after;
	const struct uuid	*id = &t->ids[item->place];
	size_t			 low = 0, high = t->ask->nwithout, mid;
	int			 cmp;

	if (t->count == t->ask->limit && t->count > 0 && compare(t, item, &t->items[0]) >= 0)
		return (false);
	if (after != NULL && (item->score > after->score ||
	    (item->score == after->score && (item->day > after->day ||
	    (item->day == after->day && memcmp(id, &after->id, sizeof(*id)) >= 0)))))
		return (false);
	while (low < high) {
		mid = (low + high) / 2;
		if ((cmp = memcmp(id, &t->ask->without[mid], sizeof(*id))) == 0)
			return (false);
		if (cmp > 0)
			low = mid + 1;
		else
			high = mid;
	}
	return (true);
}

static void
sink(struct top *t, size_t n)
{
	struct top_item	item = t->items[0];
	size_t		i = 0, child;

	while ((child = 2 * i + 1) < n) {
		if (child + 1 < n && compare(t, &t->items[child + 1], &t->items[child]) > 0)
			child++;
		if (compare(t, &item, &t->items[child]) >= 0)
			break;
		t->items[i] = t->items[child];
		i = child;
	}
	t->items[i] = item;
}
