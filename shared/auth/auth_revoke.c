/*
 * auth_revoke.c -- what was taken back: tokens, sessions and subjects, each up
 * to a moment. Looked at when a token is verified, and again by a remembered
 * one that is met for the first time after something was added.
 *
 * Invariant: an entry is kept for as long as a token issued before its moment
 * could still live. When there are too many, the older half goes, and every
 * token issued up to the last of them goes with it.
 */
#include <stdlib.h>
#include <string.h>

#include "auth/auth_priv.h"
#include "base/clock.h"
#include "base/log.h"

#define KEEP_US		((LIFETIME_MAX_S + SKEW_S) * US)
#define FIRST		64
#define MOST		(1 << 20)

struct revocation {
	struct uuid	 id;
	int64_t		 until_us;	/* tokens issued up to here are dead */
	int64_t		 keep_us;	/* 0: free; forgotten after this */
};

static bool	 taken_back(const struct uuid *, int64_t, int64_t);
static struct revocation *slot_of(struct revocation *, size_t, const struct uuid *);
static void	 grow(int64_t);
static void	 raise_floor(int64_t);

static struct revocation	*list;		/* open addressing, half full at most */
static size_t			 cap, count;
static uint32_t			 changes;
static int64_t			 floor_us;	/* tokens issued up to here are dead */

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
	changes++;
}

uint32_t
auth_revocations(void)
{
	return (changes);
}

bool
auth_revoked(const struct principal *p, int64_t now_us)
{
	struct uuid	 id;

	if (!uuid_parse(p->token_id, &id))
		return (true);
	if (p->issued_us <= floor_us && (p->roles & ROLE_SERVICE) == 0)
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

/* Twice the size, or the same when many have run out. */
static void
grow(int64_t now_us)
{
	struct revocation	*old = list, *slot;
	size_t			 old_cap = cap, live = 0, i;

	for (i = 0; i < old_cap; i++)
		live += old[i].keep_us > now_us;
	if (live >= MOST / 2) {
		raise_floor(now_us);
		for (live = i = 0; i < old_cap; i++)
			live += old[i].keep_us > now_us && old[i].until_us > floor_us;
	}
	for (cap = FIRST; cap < live * 4;)
		cap *= 2;
	if ((list = calloc(cap, sizeof(*list))) == NULL)
		log_die("auth: out of memory");
	for (i = 0; i < old_cap; i++) {
		if (old[i].keep_us <= now_us || old[i].until_us <= floor_us)
			continue;
		slot = slot_of(list, cap, &old[i].id);
		*slot = old[i];
	}
	count = live;
	free(old);
}

/* To the middle of the moments: half of the list says no more than that. */
static void
raise_floor(int64_t now_us)
{
	int64_t	least = INT64_MAX, most = INT64_MIN;
	size_t	i;

	for (i = 0; i < cap; i++) {
		if (list[i].keep_us <= now_us)
			continue;
		least = list[i].until_us < least ? list[i].until_us : least;
		most = list[i].until_us > most ? list[i].until_us : most;
	}
	floor_us = least + (most - least) / 2;
	log_error("auth: too many revocations, all older tokens are refused");
}
