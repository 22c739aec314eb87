/*
 * auth_revoke.c -- what was taken back: tokens, sessions and subjects, each up
 * to a moment. Looked at when a token is verified; the cache of verified ones
 * is swept when something is added, so that a hit costs nothing more.
 *
 * Invariant: an entry is kept for as long as a token issued before its moment
 * could still live.
 */
#include <stdlib.h>
#include <string.h>

#include "auth/auth_priv.h"
#include "base/clock.h"
#include "base/log.h"

#define KEEP_US		((LIFETIME_MAX_S + SKEW_S) * US)
#define FIRST		64
#define MOST		(1 << 18)

struct revocation {
	struct uuid	 id;
	int64_t		 until_us;	/* tokens issued up to here are dead */
	int64_t		 keep_us;	/* 0: free; forgotten after this */
};

static bool	 taken_back(const struct uuid *, int64_t, int64_t);
static struct revocation *slot_of(struct revocation *, size_t, const struct uuid *);
static void	 grow(int64_t);

static struct revocation	*list;		/* open addressing, half full at most */
static size_t			 cap, count;

void
auth_revoke(const struct uuid *id, int64_t until_us)
{
	int64_t			 now_us = clock_real_us();
	struct revocation	*slot;

	if (uuid_is_nil(id))
		return;
	if (count * 2 >= cap)
		grow(now_us);
	slot = slot_of(list, cap, id);
	if (slot->keep_us == 0) {
		count++;
		slot->id = *id;
		slot->until_us = until_us;
	} else if (slot->until_us < until_us)
		slot->until_us = until_us;
	slot->keep_us = now_us + KEEP_US;
	auth_cache_drop(id, until_us);
}

bool
auth_revoked(const struct principal *p, int64_t now_us)
{
	struct uuid	 id;

	if (!uuid_parse(p->token_id, &id))
		return (true);
	return (count > 0 && (taken_back(&id, p->issued_us, now_us) ||
	    taken_back(&p->session, p->issued_us, now_us) ||
	    taken_back(&p->subject, p->issued_us, now_us) ||
	    (p->has_actor && taken_back(&p->actor, p->issued_us, now_us))));
}

static bool
taken_back(const struct uuid *id, int64_t issued_us, int64_t now_us)
{
	const struct revocation	*r = slot_of(list, cap, id);

	return (r->keep_us > now_us && issued_us <= r->until_us);
}

/* Where the id is or would go. The table always has a free slot. */
static struct revocation *
slot_of(struct revocation *table, size_t size, const struct uuid *id)
{
	uint64_t	 hash;
	size_t		 i;

	/* The last bytes of a UUIDv7 are the random ones. */
	memcpy(&hash, id->b + 8, sizeof(hash));
	for (i = hash % size; table[i].keep_us != 0; i = (i + 1) % size)
		if (uuid_equal(&table[i].id, id))
			break;
	return (&table[i]);
}

/* Twice the size, or the same when many have run out; at the limit all go. */
static void
grow(int64_t now_us)
{
	struct revocation	*old = list, *slot;
	size_t			 old_cap = cap, live = 0, i;

	for (i = 0; i < old_cap; i++)
		live += old[i].keep_us > now_us;
	if (live >= MOST / 2) {
		log_error("auth: too many revocations, starting over");
		live = 0;
		now_us = INT64_MAX;
	}
	for (cap = FIRST; cap < live * 4;)
		cap *= 2;
	if ((list = calloc(cap, sizeof(*list))) == NULL)
		log_die("auth: out of memory");
	for (i = 0; i < old_cap; i++) {
		if (old[i].keep_us <= now_us)
			continue;
		slot = slot_of(list, cap, &old[i].id);
		*slot = old[i];
	}
	count = live;
	free(old);
}
