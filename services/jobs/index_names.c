/*
 * index_names.c -- titles and employers of the live postings, each text once
 * with the number of postings that have it, found by their beginning.
 *
 * Sorted are those that were there when it was last sorted; what came since is
 * looked through one by one, and sorted in when it has become much.
 */
#include <stdlib.h>
#include <string.h>

#include "index_priv.h"
#include "base/log.h"

#define FIRST	((size_t)1 << 10)
#define FRESH	2048	/* unsorted names that are looked through */

static uint32_t	*slot_of(struct names *, const char *, uint32_t);
static void	 grow(struct names *);
static void	 sort(struct names *);
static int	 by_text(const void *, const void *, void *);
static size_t	 lowest(const struct names *, const char *);
static size_t	 offer(const struct name *, const char *, size_t, struct index_suggestion *, size_t,
		    size_t);
static uint32_t	 hash_of(const char *);

uint32_t
names_take(struct names *n, const char *text)
{
	uint32_t	 hash, *slot;

	if (text == NULL || text[0] == '\0')
		return (0);
	if ((n->count + 2) * 2 > n->cap)
		grow(n);
	hash = hash_of(text);
	slot = slot_of(n, text, hash);
	if (*slot == 0) {
		*slot = (uint32_t)++n->count;
		n->list[*slot] = (struct name){ .text = strdup(text), .hash = hash };
		if (n->list[*slot].text == NULL)
			log_die("index: out of memory");
		n->bytes += strlen(text) + 1;
	}
	n->list[*slot].count++;
	return (*slot);
}

void
names_give(struct names *n, uint32_t number)
{
	if (number != 0)
		n->list[number].count--;
}

size_t
names_find(struct names *n, const char *prefix, struct index_suggestion *out, size_t room)
{
	size_t	len = strlen(prefix), found = 0, i;

	if (n->count - n->nsorted > FRESH)
		sort(n);
	for (i = lowest(n, prefix); i < n->nsorted; i++) {
		if (strncmp(n->list[n->sorted[i]].text, prefix, len) != 0)
			break;
		found = offer(&n->list[n->sorted[i]], prefix, len, out, found, room);
	}
	for (i = n->nsorted + 1; i <= n->count; i++)
		found = offer(&n->list[i], prefix, len, out, found, room);
	return (found);
}

void
names_release(struct names *n)
{
	size_t	i;

	for (i = 1; i <= n->count; i++)
		free(n->list[i].text);
	free(n->list);
	free(n->by_text);
	free(n->sorted);
	memset(n, 0, sizeof(*n));
}

/* Kept in order, the most used first. */
static size_t
offer(const struct name *one, const char *prefix, size_t len, struct index_suggestion *out,
    size_t found, size_t room)
{
	size_t	i;

	if (one->count == 0 || strncmp(one->text, prefix, len) != 0 ||
	    (found == room && out[room - 1].count >= one->count))
		return (found);
	if (found < room)
		found++;
	for (i = found - 1; i > 0 && out[i - 1].count < one->count; i--)
		out[i] = out[i - 1];
	out[i] = (struct index_suggestion){ one->text, one->count };
	return (found);
}

static size_t
lowest(const struct names *n, const char *prefix)
{
	size_t	low = 0, high = n->nsorted, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (strcmp(n->list[n->sorted[mid]].text, prefix) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return (low);
}

/* The new ones by themselves, then merged in from the end. */
static void
sort(struct names *n)
{
	size_t		 old = n->nsorted, fresh = n->count - old, at = n->count;
	uint32_t	*late = malloc((fresh > 0 ? fresh : 1) * sizeof(*late));
	size_t		 i;

	n->sorted = reallocarray(n->sorted, n->count + 1, sizeof(*n->sorted));
	if (late == NULL || n->sorted == NULL)
		log_die("index: out of memory");
	for (i = 0; i < fresh; i++)
		late[i] = (uint32_t)(old + i + 1);
	qsort_r(late, fresh, sizeof(*late), by_text, n);
	while (fresh > 0)
		n->sorted[--at] = old > 0 && by_text(&n->sorted[old - 1], &late[fresh - 1], n) > 0 ?
		    n->sorted[--old] : late[--fresh];
	n->nsorted = n->count;
	free(late);
}

static int
by_text(const void *a, const void *b, void *arg)
{
	const struct names	*n = arg;

	return (strcmp(n->list[*(const uint32_t *)a].text, n->list[*(const uint32_t *)b].text));
}

static uint32_t *
slot_of(struct names *n, const char *text, uint32_t hash)
{
	size_t	i;

	for (i = hash & (n->cap - 1); n->by_text[i] != 0; i = (i + 1) & (n->cap - 1))
		if (n->list[n->by_text[i]].hash == hash &&
		    strcmp(n->list[n->by_text[i]].text, text) == 0)
			break;
	return (&n->by_text[i]);
}

static void
grow(struct names *n)
{
	size_t	i, k;

	n->cap = n->cap == 0 ? FIRST : n->cap * 2;
	free(n->by_text);
	n->by_text = calloc(n->cap, sizeof(*n->by_text));
	n->list = reallocarray(n->list, n->cap / 2 + 1, sizeof(*n->list));
	if (n->by_text == NULL || n->list == NULL)
		log_die("index: out of memory");
	for (i = 1; i <= n->count; i++) {
		for (k = n->list[i].hash & (n->cap - 1); n->by_text[k] != 0; k = (k + 1) & (n->cap - 1))
			continue;
		n->by_text[k] = (uint32_t)i;
	}
}

static uint32_t
hash_of(const char *text)
{
	uint64_t	h = 0xcbf29ce484222325ULL;

	for (; *text != '\0'; text++)
		h = (h ^ (unsigned char)*text) * 0x100000001b3ULL;
	return ((uint32_t)(h ^ h >> 32));
}
