/*
 * live_ring.c -- see live_ring.h.
 */
#include "live_ring.h"

static void	entry_free(struct live_entry *);

void
live_ring_start(struct live_ring *r, int64_t head)
{
	while (r->first < r->end)
		entry_free(&r->entry[r->first++ % LIVE_RING]);
	r->base = r->head = head;
}

void
live_ring_add(struct live_ring *r, const struct live_entry *e)
{
	struct live_entry	*old;

	if (r->end - r->first == LIVE_RING) {
		old = &r->entry[r->first++ % LIVE_RING];
		r->base = old->seq;
		entry_free(old);
	}
	r->entry[r->end++ % LIVE_RING] = *e;
	if (e->is_logged)
		r->head = e->seq;
}

void
live_ring_reach(struct live_ring *r, int64_t head)
{
	if (head > r->head)
		r->head = head;
}

const struct live_entry *
live_ring_at(const struct live_ring *r, uint64_t at)
{
	return (at >= r->first && at < r->end ? &r->entry[at % LIVE_RING] : NULL);
}

bool
live_ring_after(const struct live_ring *r, int64_t seq, uint64_t *at)
{
	const struct live_entry	*e;

	if (seq < r->base || seq > r->head)
		return (false);
	for (*at = r->end; *at > r->first; (*at)--) {
		e = &r->entry[(*at - 1) % LIVE_RING];
		if (e->seq < seq || (e->seq == seq && e->is_logged))
			break;
	}
	return (true);
}

static void
entry_free(struct live_entry *e)
{
	free(e->county_text);
	free(e->city_text);
	free(e->stats_text);
	memset(e, 0, sizeof(*e));
}
