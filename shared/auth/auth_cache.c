/*
 * auth_cache.c -- verified tokens, for at most a minute.
 *
 * A token is found by its whole SHA-256; the part after verification is copied
 * out, so nothing points into the cache. 4096 sets of four places; a place is
 * two numbers, its entry is allocated when first used (64 at a time) and
 * reused by whatever takes the place later.
 *
 * Invariant: an entry is never handed out after the token's own expiry, after
 * 60 s, after it was revoked, or after the keys changed (auth_cache_clear).
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

static struct place	*set_of(const uint8_t *);
static uint16_t		 tag_of(const uint8_t *);
static struct entry	*entry_at(uint16_t);
static uint16_t		 entry_new(void);
static struct place	*place_to_use(struct place *, const uint8_t *);

static struct place	*places;		/* SETS * WAYS */
static struct entry	*chunks[SETS * WAYS / CHUNK];
static size_t		 nentries;

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
		if (now_us >= e->until_us)
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

void
auth_cache_drop(const struct uuid *id, int64_t until_us)
{
	struct entry	*e;
	size_t		 i;

	for (i = 1; i <= nentries; i++) {
		e = entry_at((uint16_t)i);
		if (revocation_hits(&e->principal, &e->token_id, id, until_us))
			e->until_us = 0;
	}
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
