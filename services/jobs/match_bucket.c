/*
 * match_bucket.c -- open postings by occupation, county and form: what a
 * question goes through ring by ring.
 *
 * Invariant: every posting held is in exactly one bucket, whose entries ascend
 * by day; a bucket's reach is at least what each of its postings offers.
 */
#include <stdlib.h>
#include <string.h>

#include "match_priv.h"
#include "base/log.h"

static struct bucket *bucket_of(struct match *, const struct match_posting *);
static uint32_t	occupation_number(struct match *, uint32_t);
static size_t	entry_at(const struct bucket *, int32_t);
static uint64_t	skill_bits(const struct match_posting *);
static void	reach_clear(struct reach *);
static void	reach_widen(struct reach *, const struct match_posting *);
static void	reach_again(struct match *, struct bucket *);

void
bucket_add(struct match *m, uint32_t place)
{
	const struct match_posting	*v = &m->postings[place];
	struct bucket			*b = bucket_of(m, v);
	size_t				 at;

	if (b->count == b->room) {
		b->room = b->room == 0 ? 4 : b->room * 2;
		if ((b->entries = realloc(b->entries, b->room * sizeof(*b->entries))) == NULL)
			log_die("match: out of memory");
	}
	at = entry_at(b, v->posted_on);
	memmove(&b->entries[at + 1], &b->entries[at], (b->count - at) * sizeof(*b->entries));
	b->entries[at] = (struct entry){ .posted_on = v->posted_on, .expires_on = v->expires_on,
		.pay_low = v->pay_low_yuan, .pay_high = v->pay_high_yuan, .place = place,
		.benefits = v->benefits, .education = v->education & 0xf,
		.skill_level = v->skill_level & 0xf, .nskills = v->nskills,
		.skills = skill_bits(v) };
	b->count++;
	reach_widen(&b->reach, v);
}

void
bucket_remove(struct match *m, uint32_t place)
{
	const struct match_posting	*v = &m->postings[place];
	struct bucket			*b = bucket_of(m, v);
	size_t				 at;

	at = entry_at(b, v->posted_on);
	while (at > 0 && b->entries[at - 1].place != place)
		at--;
	if (at == 0)
		return;
	memmove(&b->entries[at - 1], &b->entries[at], (b->count - at) * sizeof(*b->entries));
	b->count--;
	if (++b->gone > b->count)
		reach_again(m, b);
}

void
buckets_release(struct match *m)
{
	struct grid	*g;
	size_t		 i;
	int		 county, form;

	for (county = 0; county < MATCH_COUNTIES; county++)
		for (form = 0; form < MATCH_FORMS; form++) {
			g = &m->grids[county][form];
			for (i = 0; i < g->room; i++)
				free(g->buckets[i].entries);
			free(g->buckets);
		}
	free(m->codes);
	free(m->sorted);
}

static struct bucket *
bucket_of(struct match *m, const struct match_posting *v)
{
	struct grid	*g = &m->grids[v->county][v->form];
	uint32_t	 number = occupation_number(m, v->occupation);
	struct bucket	*grown;
	size_t		 i;

	if (number >= g->room) {
		grown = aligned_alloc(64, m->codes_room * sizeof(*grown));
		if (grown == NULL)
			log_die("match: out of memory");
		if (g->room > 0)
			memcpy(grown, g->buckets, g->room * sizeof(*grown));
		memset(grown + g->room, 0, (m->codes_room - g->room) * sizeof(*grown));
		for (i = g->room; i < m->codes_room; i++)
			reach_clear(&grown[i].reach);
		free(g->buckets);
		g->buckets = grown;
		g->room = m->codes_room;
	}
	return (&g->buckets[number]);
}

/* A code met for the first time gets the next number. */
static uint32_t
occupation_number(struct match *m, uint32_t code)
{
	size_t	low = 0, high = m->ncodes, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (m->codes[m->sorted[mid]] < code)
			low = mid + 1;
		else
			high = mid;
	}
	if (low < m->ncodes && m->codes[m->sorted[low]] == code)
		return (m->sorted[low]);
	if (m->ncodes == m->codes_room) {
		m->codes_room = m->codes_room == 0 ? 256 : m->codes_room * 2;
		m->codes = realloc(m->codes, m->codes_room * sizeof(*m->codes));
		m->sorted = realloc(m->sorted, m->codes_room * sizeof(*m->sorted));
		if (m->codes == NULL || m->sorted == NULL)
			log_die("match: out of memory");
	}
	memmove(&m->sorted[low + 1], &m->sorted[low], (m->ncodes - low) * sizeof(*m->sorted));
	m->codes[m->ncodes] = code;
	m->sorted[low] = (uint32_t)m->ncodes;
	return ((uint32_t)m->ncodes++);
}

/* Behind the last entry of that day. */
static size_t
entry_at(const struct bucket *b, int32_t day)
{
	size_t	low = 0, high = b->count, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (b->entries[mid].posted_on <= day)
			low = mid + 1;
		else
			high = mid;
	}
	return (low);
}

static uint64_t
skill_bits(const struct match_posting *v)
{
	uint64_t	bits = 0;
	int		i;

	for (i = 0; i < v->nskills; i++)
		bits |= word_bit(v->skills[i]);
	return (bits);
}

/* ---- what a bucket can offer ---- */

static void
reach_clear(struct reach *r)
{
	memset(r, 0, sizeof(*r));
	r->pay_low = r->pay_high = MATCH_PAY_UNKNOWN;
	r->newest = INT32_MIN;
	r->education = r->skill_level = UINT8_MAX;
}

static void
reach_widen(struct reach *r, const struct match_posting *v)
{
	if (v->posted_on > r->newest)
		r->newest = v->posted_on;
	if (v->pay_high_yuan == MATCH_PAY_UNKNOWN)
		r->any_piece = true;
	if (v->pay_low_yuan > r->pay_low)
		r->pay_low = v->pay_low_yuan;
	if (v->pay_high_yuan > r->pay_high)
		r->pay_high = v->pay_high_yuan;
	r->benefits |= v->benefits;
	if (v->education < r->education)
		r->education = v->education;
	if (v->skill_level < r->skill_level)
		r->skill_level = v->skill_level;
	if (v->nskills == 0)
		r->any_free = true;
	else
		r->any_skills = true;
	r->skills |= skill_bits(v);
	r->any_point |= v->lat_e6 != MATCH_NOWHERE;
}

static void
reach_again(struct match *m, struct bucket *b)
{
	uint32_t	i;

	reach_clear(&b->reach);
	b->gone = 0;
	for (i = 0; i < b->count; i++)
		reach_widen(&b->reach, &m->postings[b->entries[i].place]);
}
