/*
 * events_order.c -- what arrived before its turn, and which keys must wait.
 *
 * Pure memory, no I/O. Invariant of the order: only texts of seq next ..
 * next + EV_ORDER_SLOTS - 1 are held, each in its own slot, each once; so a
 * duplicate, a late copy or a flood can neither displace nor repeat an event.
 */
#include "events/events_priv.h"

struct ev_parked_key {
	struct ev_parked_key	*next;
	char			 text[];
};

static size_t	 slot_of(int64_t);
static void	 slot_clear(struct ev_order *, size_t);
static struct ev_parked_key **bucket_of(const struct ev_parked *, const char *);
static struct ev_parked_key **find(const struct ev_parked *, const char *);

static size_t
slot_of(int64_t seq)
{
	return ((size_t)(seq % EV_ORDER_SLOTS));
}

static void
slot_clear(struct ev_order *o, size_t slot)
{
	if (o->slots[slot].text == NULL)
		return;
	free(o->slots[slot].text);
	o->slots[slot].text = NULL;
	o->slots[slot].len = 0;
	o->held--;
}

void
ev_order_init(struct ev_order *o, int64_t next)
{
	memset(o, 0, sizeof(*o));
	o->next = next;
}

void
ev_order_release(struct ev_order *o)
{
	size_t	i;

	for (i = 0; i < EV_ORDER_SLOTS; i++)
		slot_clear(o, i);
}

enum ev_put
ev_order_put(struct ev_order *o, int64_t seq, const char *text, size_t len)
{
	size_t	slot;

	if (seq < o->next)
		return (EV_PUT_OLD);
	if (seq - o->next >= EV_ORDER_SLOTS || len > EV_TEXT_MAX)
		return (EV_PUT_FAR);
	slot = slot_of(seq);
	if (o->slots[slot].text != NULL)
		return (EV_PUT_TWICE);
	if ((o->slots[slot].text = strndup(text, len)) == NULL)
		return (EV_PUT_FAR);
	o->slots[slot].len = len;
	o->held++;
	return (EV_PUT_HELD);
}

const char *
ev_order_at(const struct ev_order *o, int64_t seq, size_t *len)
{
	if (seq < o->next || seq - o->next >= EV_ORDER_SLOTS)
		return (NULL);
	*len = o->slots[slot_of(seq)].len;
	return (o->slots[slot_of(seq)].text);
}

bool
ev_order_ready(const struct ev_order *o)
{
	return (o->slots[slot_of(o->next)].text != NULL);
}

/* Backwards (a position that was reset) and far leaps forget everything held. */
void
ev_order_move(struct ev_order *o, int64_t next)
{
	int64_t	seq;

	if (next < o->next || next - o->next >= EV_ORDER_SLOTS)
		ev_order_release(o);
	else
		for (seq = o->next; seq < next; seq++)
			slot_clear(o, slot_of(seq));
	o->next = next;
}

static struct ev_parked_key **
bucket_of(const struct ev_parked *p, const char *key)
{
	uint32_t	h = 2166136261u;

	while (*key != '\0')
		h = (h ^ (uint8_t)*key++) * 16777619u;
	return ((struct ev_parked_key **)&p->buckets[h % EV_PARKED_BUCKETS]);
}

static struct ev_parked_key **
find(const struct ev_parked *p, const char *key)
{
	struct ev_parked_key	**at = bucket_of(p, key);

	while (*at != NULL && strcmp((*at)->text, key) != 0)
		at = &(*at)->next;
	return (at);
}

void
ev_parked_add(struct ev_parked *p, const char *key)
{
	struct ev_parked_key	**at = find(p, key), *made;
	size_t			 len = strlen(key) + 1;

	if (*at != NULL)
		return;
	if ((made = malloc(sizeof(*made) + len)) == NULL)
		abort();
	made->next = NULL;
	memcpy(made->text, key, len);
	*at = made;
	p->count++;
}

bool
ev_parked_has(const struct ev_parked *p, const char *key)
{
	return (p->count > 0 && *find(p, key) != NULL);
}

void
ev_parked_drop(struct ev_parked *p, const char *key)
{
	struct ev_parked_key	**at = find(p, key), *gone = *at;

	if (gone == NULL)
		return;
	*at = gone->next;
	free(gone);
	p->count--;
}

void
ev_parked_clear(struct ev_parked *p)
{
	struct ev_parked_key	*gone;
	size_t			 i;

	for (i = 0; i < EV_PARKED_BUCKETS; i++) {
		while ((gone = p->buckets[i]) != NULL) {
			p->buckets[i] = gone->next;
			free(gone);
		}
	}
	p->count = 0;
}
