/*
 * postings.c -- see postings.h. Words fall by Zipf's law over names and titles of
 * occupations and industries; the length of a description is drawn between the
 * quantiles of 12,168 real ones (5 %: 111 characters, half: 349, 95 %: 770).
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "postings.h"
#include "codes/codes.h"

#define WORDS		20000
#define OCCUPATIONS	2000

struct maker {
	uint64_t	 state;
	char		*words[WORDS];
	size_t		 nwords;
	struct { char code[11]; char *name; } occupations[OCCUPATIONS];
	size_t		 noccupations;
	int64_t		 made;
};

static const char *const counties[] = { "431103", "431102", "431122", "431123", "431124", "431125",
	"431126", "431127", "431128", "431129", "431181", "431171", "431172", "431173" };
static const struct { double share, chars; } lengths[] = { { 0, 40 }, { 0.05, 111 },
	{ 0.25, 258 }, { 0.5, 349 }, { 0.75, 457 }, { 0.95, 770 }, { 1, 1200 } };

static double	 random_unit(struct maker *);
static size_t	 random_below(struct maker *, size_t);
static size_t	 zipf(struct maker *, size_t);
static void	 word_row(void *, const char *const *);
static void	 occupation_row(void *, const char *const *);
static void	 describe(struct maker *, struct made *);
static void	 place(struct maker *, struct made *);

struct maker *
maker_new(const char *dir, uint64_t seed)
{
	static const char *const	name[] = { "name", "code", NULL }, *const alias[] = { "alias", NULL },
				*const title[] = { "job_title", NULL }, *const industry[] = { "name", NULL };
	struct maker			*m = calloc(1, sizeof(*m));
	char				*swap;
	size_t				 i, k;

	if (m == NULL || codes_read(dir, "occupations.csv", name, occupation_row, m) == -1 ||
	    codes_read(dir, "occupation_aliases.csv", alias, word_row, m) == -1 ||
	    codes_read(dir, "titles/occupation_titles.csv", title, word_row, m) == -1 ||
	    codes_read(dir, "industries.csv", industry, word_row, m) == -1)
		return (NULL);
	m->state = seed * UINT64_C(0x9e3779b97f4a7c15) | 1;
	for (i = m->nwords; i-- > 1;) {
		k = random_below(m, i + 1);
		swap = m->words[i];
		m->words[i] = m->words[k];
		m->words[k] = swap;
	}
	return (m);
}

/* Only words of two to eight Chinese characters: every engine cuts them alike. */
static void
word_row(void *arg, const char *const *f)
{
	struct maker	*m = arg;
	size_t		 n = strlen(f[0]), i;

	for (i = 0; i < n; i++)
		if ((unsigned char)f[0][i] < 0xe4 && i % 3 == 0)
			return;
	if (n >= 6 && n <= 24 && n % 3 == 0 && m->nwords < WORDS)
		m->words[m->nwords++] = strdup(f[0]);
}

static void
occupation_row(void *arg, const char *const *f)
{
	struct maker	*m = arg;

	word_row(arg, f);
	if (strlen(f[1]) != 10 || m->noccupations == OCCUPATIONS)
		return;
	(void)snprintf(m->occupations[m->noccupations].code, 11, "%s", f[1]);
	m->occupations[m->noccupations++].name = strdup(f[0]);
}

const char *
maker_word(const struct maker *m, size_t rank)
{
	return (m->words[rank]);
}

size_t
maker_words(const struct maker *m)
{
	return (m->nwords);
}

void
maker_next(struct maker *m, struct made *d)
{
	size_t	o = zipf(m, m->noccupations);

	memset(&d->p, 0, sizeof(d->p));
	(void)snprintf(d->title, sizeof(d->title), "%s（%s）", m->occupations[o].name,
	    m->words[zipf(m, m->nwords)]);
	(void)snprintf(d->names, sizeof(d->names), "永州%s有限公司", m->words[random_below(m, m->nwords)]);
	describe(m, d);
	(void)snprintf(d->middle, sizeof(d->middle), "%.4s", m->occupations[o].code);
	(void)snprintf(d->major, sizeof(d->major), "%.1s", m->occupations[o].code);
	d->form[0] = (char)('a' + zipf(m, 5));
	d->education[0] = (char)('0' + random_below(m, 9));
	d->form[1] = d->education[1] = '\0';
	place(m, d);
	d->marks[0] = (struct index_mark){ KIND_AREA, d->county };
	d->marks[1] = (struct index_mark){ KIND_OCCUPATION, d->major };
	d->marks[2] = (struct index_mark){ KIND_OCCUPATION, d->middle };
	d->marks[3] = (struct index_mark){ KIND_FORM, d->form };
	d->marks[4] = (struct index_mark){ KIND_EDUCATION, d->education };
	d->p.id = uuid_new();
	d->p.title = d->title, d->p.names = d->names, d->p.text = d->text;
	d->p.marks = d->marks, d->p.nmarks = 5;
	d->p.pay_low_cents = (int64_t)(350000 + random_below(m, 300) * 1000);
	d->p.pay_high_cents = d->p.pay_rank = d->p.pay_low_cents * 3 / 2;
	d->p.posted_us = d->p.changed_us = ++m->made * 1000000;
	d->p.expires_on = 30000;
}

static void
describe(struct maker *m, struct made *d)
{
	static const char *const	ends[] = { "，", "，", "、", "。", "；" };
	double				u = random_unit(m);
	size_t				i = 0, len = 0, bytes;

	while (u > lengths[i + 1].share)
		i++;
	bytes = 3 * (size_t)(lengths[i].chars + (u - lengths[i].share) /
	    (lengths[i + 1].share - lengths[i].share) * (lengths[i + 1].chars - lengths[i].chars));
	while (len < bytes && len < POSTING_TEXT - 64)
		len += (size_t)snprintf(d->text + len, POSTING_TEXT - len, "%s%s",
		    m->words[zipf(m, m->nwords)], ends[random_below(m, NITEMS(ends))]);
}

static void
place(struct maker *m, struct made *d)
{
	size_t	county = zipf(m, NITEMS(counties));

	d->county = counties[county];
	d->p.lat_e6 = (int32_t)(24700000 + random_below(m, 2100000));
	d->p.lng_e6 = (int32_t)(111100000 + random_below(m, 1200000));
	d->p.facets[0] = (uint8_t)county;
	d->p.facets[1] = (uint8_t)(d->form[0] - 'a');
	d->p.facets[2] = (uint8_t)(d->education[0] - '0');
	d->p.facets[3] = (uint8_t)(d->major[0] - '0');
}

static double
random_unit(struct maker *m)
{
	m->state ^= m->state << 13;
	m->state ^= m->state >> 7;
	m->state ^= m->state << 17;
	return ((double)(m->state >> 11) / 9007199254740992.0);
}

static size_t
random_below(struct maker *m, size_t n)
{
	return ((size_t)(random_unit(m) * (double)n));
}

static size_t
zipf(struct maker *m, size_t n)
{
	size_t	r = (size_t)exp(random_unit(m) * log((double)n + 1)) - 1;

	return (r < n ? r : n - 1);
}
