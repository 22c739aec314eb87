/*
 * auth_cache.c -- verified tokens for at most a minute, and revoked ones for
 * as long as they could have lived.
 *
 * A token is found by its whole SHA-256; the part after verification is copied
 * out, so nothing points into the cache. 4096 sets of four places; a place is
 * two numbers, its entry is allocated when first used (64 at a time) and
 * reused by whatever takes the place later.
 *
 * Invariant: an entry is never handed out after the token's own expiry, after
 * 60 s, after its id was forgotten, or after the keys changed (auth_cache_clear).
 */
#include <stdlib.h>
#include <string.h>

#include "auth/auth_priv.h"
#include "base/clock.h"
#include "base/log.h"

#define SETS		4096
#define WAYS		4
#define CHUNK		64			/* entries allocated at once */
#define FRESH_US	(60 * US)
#define FORGET_US	((LIFETIME_MAX_S + SKEW_S) * US)
#define FORGET_FIRST	64
#define FORGET_MOST	(1 << 18)

struct entry {
	uint8_t			 key[CHAIN_BYTES];
	int64_t			 until_us;
	struct uuid		 token_id;
	struct principal	 principal;
};

struct place {
	uint16_t	 tag;		/* more of the key: most misses stop here */
	uint16_t	 entry;		/* number + 1; 0: never used */
};

struct forgotten {
	struct uuid	 token_id;
	int64_t		 until_us;	/* 0: free */
};

static struct place	*set_of(const uint8_t *);
static uint16_t		 tag_of(const uint8_t *);
static struct entry	*entry_at(uint16_t);
static uint16_t		 entry_new(void);
static struct place	*place_to_use(struct place *, const uint8_t *);
static bool		 forgotten_id(const struct uuid *, int64_t);
static struct forgotten	*forget_slot(struct forgotten *, size_t, const struct uuid *);
static void		 forget_grow(int64_t);

static struct place	*places;		/* SETS * WAYS */
static struct entry	*chunks[SETS * WAYS / CHUNK];
static size_t		 nentries;
static struct forgotten	*forgotten;		/* open addressing, half full at most */
static size_t		 forgotten_cap, forgotten_count;

void
auth_cache_init(void)
{
	if (places == NULL && (places = calloc(SETS * WAYS, sizeof(*places))) == NULL)
		log_die("auth: out of memory");
	auth_cache_clear();
}

bool
auth_cache_find(const uint8_t key[CHAIN_BYTES], int64_t now_us, struct principal *p)
{
	const struct place	*set = set_of(key);
	uint16_t		 tag = tag_of(key);
	const struct entry	*e;
	int			 i;

	for (i = 0; i < WAYS; i++) {
		if (set[i].entry == 0 || set[i].tag != tag)
			continue;
		e = entry_at(set[i].entry);
		if (memcmp(e->key, key, CHAIN_BYTES) != 0)
			continue;
		if (now_us >= e->until_us || forgotten_id(&e->token_id, now_us))
			return (false);
		memcpy(p, &e->principal, sizeof(*p));
		return (true);
	}
	return (false);
}

void
auth_cache_store(const uint8_t key[CHAIN_BYTES], int64_t now_us, const struct principal *p)
{
	struct place	*place = place_to_use(set_of(key), key);
	struct entry	*e;

	if (place->entry == 0)
		place->entry = entry_new();
	place->tag = tag_of(key);
	e = entry_at(place->entry);
	memcpy(e->key, key, CHAIN_BYTES);
	e->principal = *p;
	e->until_us = p->expires_us < now_us + FRESH_US ? p->expires_us : now_us + FRESH_US;
	if (!uuid_parse(p->token_id, &e->token_id))
		e->until_us = 0;
}

void
auth_cache_clear(void)
{
	size_t	 i;

	for (i = 1; i <= nentries; i++)
		entry_at((uint16_t)i)->until_us = 0;
}

/* Remembered for as long as any token may live, and a little more. */
void
auth_forget(const char *token_id)
{
	int64_t			 now_us = clock_real_us();
	struct forgotten	*slot;
	struct uuid		 id;

	if (!uuid_parse(token_id, &id))
		return;
	if (forgotten_count * 2 >= forgotten_cap)
		forget_grow(now_us);
	slot = forget_slot(forgotten, forgotten_cap, &id);
	if (slot->until_us == 0) {
		forgotten_count++;
		slot->token_id = id;
	}
	slot->until_us = now_us + FORGET_US;
}

bool
auth_forgotten(const char *token_id, int64_t now_us)
{
	struct uuid	 id;

	return (!uuid_parse(token_id, &id) || forgotten_id(&id, now_us));
}

static struct place *
set_of(const uint8_t *key)
{
	size_t	 n = (size_t)key[0] | (size_t)key[1] << 8;

	return (&places[n % SETS * WAYS]);
}

static uint16_t
tag_of(const uint8_t *key)
{
	return ((uint16_t)(key[2] | key[3] << 8));
}

static struct entry *
entry_at(uint16_t number)
{
	size_t	 i = (size_t)number - 1;

	return (&chunks[i / CHUNK][i % CHUNK]);
}

static uint16_t
entry_new(void)
{
	struct entry	**chunk = &chunks[nentries / CHUNK];

	if (*chunk == NULL && (*chunk = calloc(CHUNK, sizeof(**chunk))) == NULL)
		log_die("auth: out of memory");
	return ((uint16_t)++nentries);
}

/* The token's own place, else a free one, else the one that ends first. */
static struct place *
place_to_use(struct place *set, const uint8_t *key)
{
	struct place		*best = NULL;
	const struct entry	*e;
	int64_t			 best_until = INT64_MAX;
	int			 i;

	for (i = 0; i < WAYS; i++) {
		if (set[i].entry == 0) {
			if (best_until > INT64_MIN)
				best = &set[i];
			best_until = INT64_MIN;
			continue;
		}
		e = entry_at(set[i].entry);
		if (memcmp(e->key, key, CHAIN_BYTES) == 0)
			return (&set[i]);
		if (e->until_us < best_until) {
			best = &set[i];
			best_until = e->until_us;
		}
	}
	return (best);
}

static bool
forgotten_id(const struct uuid *id, int64_t now_us)
{
	return (forgotten_count > 0 &&
	    forget_slot(forgotten, forgotten_cap, id)->until_us > now_us);
}

/* Where the id is or would go. The table always has a free slot. */
static struct forgotten *
forget_slot(struct forgotten *table, size_t cap, const struct uuid *id)
{
	uint64_t	 hash;
	size_t		 i;

	/* The last bytes of a UUIDv7 are the random ones. */
	memcpy(&hash, id->b + 8, sizeof(hash));
	for (i = hash % cap; table[i].until_us != 0; i = (i + 1) % cap)
		if (uuid_equal(&table[i].token_id, id))
			break;
	return (&table[i]);
}

/* Twice the size, or the same when many have run out; at the limit all go. */
static void
forget_grow(int64_t now_us)
{
	struct forgotten	*old = forgotten, *slot;
	size_t			 old_cap = forgotten_cap, live = 0, i;

	for (i = 0; i < old_cap; i++)
		live += old[i].until_us > now_us;
	if (live >= FORGET_MOST / 2) {
		log_error("auth: too many revoked tokens, starting over");
		live = 0;
		now_us = INT64_MAX;
	}
	for (forgotten_cap = FORGET_FIRST; forgotten_cap < live * 4;)
		forgotten_cap *= 2;
	forgotten = calloc(forgotten_cap, sizeof(*forgotten));
	if (forgotten == NULL)
		log_die("auth: out of memory");
	for (i = 0; i < old_cap; i++) {
		if (old[i].until_us <= now_us)
			continue;
		slot = forget_slot(forgotten, forgotten_cap, &old[i].token_id);
		*slot = old[i];
	}
	forgotten_count = live;
	free(old);
}
