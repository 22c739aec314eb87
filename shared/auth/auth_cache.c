/*
 * auth_cache.c -- verified tokens, until they end or are taken back.
 *
 * An entry keeps the token's whole text and is found by a hash of its last
 * bytes: the end of a signature is as good as random, the hash is seeded, and
 * only the full comparison decides. What is not verified is never stored, so
 * nobody can fill a bucket at will. When all places are taken, one that ended
 * or was not met lately is given to the newcomer (second chance).
 *
 * Invariant: an entry is never handed out after the token's own expiry, after
 * it was revoked, or after the keys changed (auth_cache_clear).
 */
#include <stdlib.h>
#include <string.h>

#include "auth/auth_priv.h"
#include "base/clock.h"
#include "base/log.h"

#define MOST_DEFAULT	4096		/* where auth_remember() was not called */
#define ROOM		64		/* a token's text takes a multiple of this */

struct entry {
	uint64_t		 hash;
	struct entry		*next;		/* in its bucket */
	int64_t			 until_us;	/* 0: not to be handed out */
	uint32_t		 len, room;	/* of the text, and what was allocated */
	uint32_t		 checked;	/* auth_revocations() when last compared */
	bool			 met;		/* since the hand last passed */
	struct principal	 principal;
	char			 text[];
};

static uint64_t		 hash_of(const char *, size_t);
static struct entry	*find(const char *, size_t, uint64_t);
static struct entry	*entry_for(size_t);
static size_t		 place_to_use(void);
static void		 unlink_entry(struct entry *);
static void		 tables_make(void);

static size_t		  most = MOST_DEFAULT, count, hand;
static struct entry	**places;		/* most */
static struct entry	**buckets;		/* nbuckets, a power of two */
static size_t		  nbuckets;
static uint64_t		  seed[2];

void
auth_remember(size_t wanted)
{
	if (places == NULL)
		most = wanted;
}

bool
auth_cache_find(const char *token, size_t len, int64_t now_us, struct principal *p)
{
	struct entry	*e = find(token, len, hash_of(token, len));

	if (e == NULL || now_us >= e->until_us)
		return (false);
	if (e->checked != auth_revocations()) {
		if (auth_revoked(&e->principal, now_us)) {
			e->until_us = 0;
			return (false);
		}
		e->checked = auth_revocations();
	}
	if (!e->met)
		e->met = true;
	memcpy(p, &e->principal, offsetof(struct principal, grants) +
	    e->principal.ngrants * sizeof(p->grants[0]));
	return (true);
}

void
auth_cache_store(const char *token, size_t len, const struct principal *p)
{
	uint64_t	 hash;
	struct entry	*e;

	if (most == 0)
		return;
	if (places == NULL)
		tables_make();
	hash = hash_of(token, len);
	if ((e = find(token, len, hash)) == NULL) {
		e = entry_for(len);
		e->hash = hash;
		e->len = (uint32_t)len;
		memcpy(e->text, token, len);
		e->next = buckets[hash & (nbuckets - 1)];
		buckets[hash & (nbuckets - 1)] = e;
	}
	e->met = true;
	e->checked = auth_revocations();
	e->principal = *p;
	e->until_us = p->expires_us;
}

void
auth_confirm(const char *token, size_t len, int64_t at_us)
{
	struct entry	*e = len < TOKEN_LEAST ? NULL : find(token, len, hash_of(token, len));

	if (e != NULL)
		e->principal.confirmed_us = at_us;
}

void
auth_cache_clear(void)
{
	size_t	 i;

	for (i = 0; i < count; i++)
		places[i]->until_us = 0;
}

/* Folded multiplication, as in wyhash, over the last 32 bytes. */
static uint64_t
hash_of(const char *token, size_t len)
{
	uint64_t		 w[4];
	unsigned __int128	 a, b;

	memcpy(w, token + len - sizeof(w), sizeof(w));
	a = (unsigned __int128)(w[0] ^ seed[0]) * (w[1] ^ seed[1]);
	b = (unsigned __int128)(w[2] ^ seed[1]) * (w[3] ^ seed[0] ^ len);
	a ^= b;
	return ((uint64_t)a ^ (uint64_t)(a >> 64));
}

static struct entry *
find(const char *token, size_t len, uint64_t hash)
{
	struct entry	*e;

	if (places == NULL)
		return (NULL);
	for (e = buckets[hash & (nbuckets - 1)]; e != NULL; e = e->next)
		if (e->hash == hash && e->len == len && memcmp(e->text, token, len) == 0)
			return (e);
	return (NULL);
}

/* An entry with room for the text, in no bucket. */
static struct entry *
entry_for(size_t len)
{
	size_t		 room = (len + ROOM - 1) / ROOM * ROOM, i = place_to_use();
	struct entry	*e = places[i];

	if (e != NULL)
		unlink_entry(e);
	if (e == NULL || e->room < room) {
		free(e);
		if ((e = malloc(sizeof(*e) + room)) == NULL)
			log_die("auth: out of memory");
		e->room = (uint32_t)room;
		places[i] = e;
	}
	return (e);
}

static size_t
place_to_use(void)
{
	int64_t		 now_us = clock_real_us();
	struct entry	*e;

	if (count < most)
		return (count++);
	for (;; hand++) {
		hand = hand < most ? hand : 0;
		e = places[hand];
		if (!e->met || e->until_us <= now_us)
			return (hand++);
		e->met = false;
	}
}

static void
unlink_entry(struct entry *e)
{
	struct entry	**at = &buckets[e->hash & (nbuckets - 1)];

	while (*at != e)
		at = &(*at)->next;
	*at = e->next;
}

static void
tables_make(void)
{
	random_bytes(seed, sizeof(seed));
	for (nbuckets = 64; nbuckets < most * 2;)
		nbuckets *= 2;
	places = calloc(most, sizeof(*places));
	buckets = calloc(nbuckets, sizeof(*buckets));
	if (places == NULL || buckets == NULL)
		log_die("auth: out of memory");
}
