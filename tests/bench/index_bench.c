/*
 * index_bench.c -- the index of postings alone: how long it takes to build, what
 * it weighs, how fast it answers a fixed set of questions.
 *
 *	index_bench sql/reference N rounds [directory]
 *
 * Figures go to standard output, `name value unit`. With a directory the same
 * postings and questions are written there for other engines: postings.tsv
 * (COPY), postings.json (groonga), questions.json.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "postings.h"
#include "base/utf8.h"

#define SHOWN	20
#define ROUNDS	1001
#define HERE_LAT	25500000
#define HERE_LNG	111500000
#define HERE_M		5000

struct question {
	const char	*name;
	const char	*words[4];
	size_t		 nwords;
	bool		 county, facets, radius;
	uint64_t	 hits;
};

static double	now_ms(void);
static void	fill(struct index *, struct maker *, size_t, const char *);
static void	dump(FILE *const *, const struct made *, size_t, bool);
static void	put_bigrams(FILE *, const char *const *, size_t, const char *);
static void	choose(struct index *, struct maker *, size_t, struct question *);
static uint64_t	hits_of(struct index *, const char *);
static void	to_query(const struct question *, struct index_query *);
static void	measure(struct index *, struct question *, size_t);
static void	write_questions(const char *, const struct question *, size_t);
static int	by_value(const void *, const void *);

static struct index_hit		hits[SHOWN];
static struct index_result	result = { .hits = hits };

int
main(int argc, char **argv)
{
	static struct question	 q[] = { { .name = "common" }, { .name = "rare" },
		{ .name = "four_county", .county = true }, { .name = "facets", .facets = true },
		{ .name = "radius", .radius = true }, { .name = "no_hit" } };
	struct index		*x = index_new();
	struct maker		*m;
	size_t			 n, rounds, i;
	double			 from;

	if (argc < 4 || (m = maker_new(argv[1], 365)) == NULL)
		return (1);
	n = strtoul(argv[2], NULL, 10);
	rounds = strtoul(argv[3], NULL, 10);
	from = now_ms();
	fill(x, m, n, NULL);
	while (!index_settle(x, 100000))
		;
	printf("jobs.index.build %.2f s\n", (now_ms() - from) / 1000);
	printf("jobs.index.bytes_per_posting %.0f bytes\n", (double)index_bytes(x) / (double)n);
	choose(x, m, n, q);
	for (i = 0; i < NITEMS(q); i++)
		measure(x, &q[i], rounds < ROUNDS ? rounds : ROUNDS);
	if (argc > 4) {
		write_questions(argv[4], q, NITEMS(q));
		if ((m = maker_new(argv[1], 365)) != NULL)
			fill(NULL, m, n, argv[4]);
	}
	index_free(&x);
	return (0);
}

static double
now_ms(void)
{
	struct timespec	t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return ((double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6);
}

/* Into the index, or into files: the same postings from the same seed. */
static void
fill(struct index *x, struct maker *m, size_t n, const char *dir)
{
	static struct made	d;
	FILE			*f[2] = { NULL, NULL };
	char			 path[2][512];
	size_t			 i;

	if (dir != NULL) {
		(void)snprintf(path[0], sizeof(path[0]), "%s/postings.tsv", dir);
		(void)snprintf(path[1], sizeof(path[1]), "%s/postings.json", dir);
		if ((f[0] = fopen(path[0], "w")) == NULL || (f[1] = fopen(path[1], "w")) == NULL)
			exit(1);
	}
	for (i = 0; i < n; i++) {
		maker_next(m, &d);
		if (dir != NULL)
			dump(f, &d, i, i + 1 == n);
		else
			index_put(x, &d.p);
	}
	for (i = 0; i < 2 && dir != NULL; i++)
		if (fclose(f[i]) != 0)
			exit(1);
}

static void
dump(FILE *const *f, const struct made *d, size_t i, bool last)
{
	const char	*parts[] = { d->title, d->names, d->text };

	fprintf(f[0], "%zu\t%s\t%s\t%s\t%s\t%d\t%d\t", i + 1, d->county, d->form, d->education,
	    d->major, d->p.lat_e6, d->p.lng_e6);
	put_bigrams(f[0], parts, NITEMS(parts), " ");
	fputc('\n', f[0]);
	fprintf(f[1], "%s{\"title\":\"%s\",\"names\":\"%s\",\"text\":\"%s\",\"county\":\"%s\","
	    "\"form\":\"%s\",\"education\":\"%s\",\"major\":\"%s\",\"place\":\"%.6fx%.6f\"}%s", i == 0 ? "[\n" : "", d->title,
	    d->names, d->text, d->county, d->form, d->education, d->major, d->p.lat_e6 / 1e6,
	    d->p.lng_e6 / 1e6, last ? "\n]\n" : ",\n");
}

/* Pairs of neighbouring characters as lexemes of a tsvector, each text on its own. */
static void
put_bigrams(FILE *f, const char *const *parts, size_t n, const char *between)
{
	const char	*p, *before;
	size_t		 i, left, step, had;
	uint32_t	 code;
	bool		 first = true;

	for (i = 0; i < n; i++)
		for (p = parts[i], left = strlen(p), before = NULL, had = 0; left > 0; p += step, left -= step) {
			step = utf8_next(p, left, &code);
			if (code < 0x4e00 || code > 0x9fff) {
				before = NULL;
				continue;
			}
			if (before != NULL)
				fprintf(f, "%s%.*s", first ? "" : between, (int)(had + step), before);
			first = first && before == NULL;
			before = p;
			had = step;
		}
}

/* Words by how often they are met: what is common, rare, and met in a sixth of all. */
static void
choose(struct index *x, struct maker *m, size_t n, struct question *q)
{
	uint64_t	found, best = UINT64_MAX, gap;
	size_t		i;

	q[0].words[q[0].nwords++] = maker_word(m, 0);
	q[4].words[q[4].nwords++] = maker_word(m, 1);
	for (i = 0; i < 4; i++)
		q[2].words[q[2].nwords++] = maker_word(m, i + 1);
	for (i = 0; i < 200 && i < maker_words(m); i++) {
		found = hits_of(x, maker_word(m, i));
		gap = found > n * 16 / 100 ? found - n * 16 / 100 : n * 16 / 100 - found;
		if (gap < best) {
			best = gap;
			q[3].words[0] = maker_word(m, i);
		}
	}
	q[3].nwords = q[1].nwords = q[5].nwords = 1;
	q[1].words[0] = maker_word(m, maker_words(m) - 1);
	for (i = maker_words(m); i-- > 200;)
		if ((found = hits_of(x, maker_word(m, i))) > 0 && found < n / 2000 + 10 &&
		    strlen(maker_word(m, i)) >= 12) {
			q[1].words[0] = maker_word(m, i);
			break;
		}
	q[5].words[0] = "龘靐齉";
}

static uint64_t
hits_of(struct index *x, const char *word)
{
	struct index_query	q = { .nwords = 1, .limit = 1, .count = true, .lat_e6 = INDEX_NOWHERE };

	q.words[0].ways[0] = word;
	q.words[0].nways = 1;
	index_ask(x, &q, &result);
	return (result.total);
}

static void
to_query(const struct question *a, struct index_query *q)
{
	static const char *const	county[] = { "431103" };
	size_t				i;

	memset(q, 0, sizeof(*q));
	for (i = 0; i < a->nwords; i++) {
		q->words[i].ways[0] = a->words[i];
		q->words[i].nways = 1;
	}
	q->nwords = a->nwords;
	q->limit = SHOWN;
	q->count = true;
	q->facets = a->facets;
	q->lat_e6 = a->radius ? HERE_LAT : INDEX_NOWHERE;
	q->lng_e6 = HERE_LNG;
	if (a->radius) {
		q->radius_m = HERE_M;
		q->sort = INDEX_NEAREST;
	}
	if (a->county)
		q->filters[q->nfilters++] = (struct index_filter){ KIND_AREA, county, 1 };
}

static void
measure(struct index *x, struct question *a, size_t rounds)
{
	static double		took[ROUNDS];
	struct index_query	q;
	double			from;
	size_t			i;

	to_query(a, &q);
	for (i = 0; i < rounds; i++) {
		from = now_ms();
		index_ask(x, &q, &result);
		took[i] = now_ms() - from;
	}
	a->hits = result.total;
	qsort(took, rounds, sizeof(*took), by_value);
	printf("jobs.search.%s.hits %llu postings\n", a->name, (unsigned long long)a->hits);
	printf("jobs.search.%s.p50 %.4f ms\n", a->name, took[rounds / 2]);
	printf("jobs.search.%s.p99 %.4f ms\n", a->name, took[rounds * 99 / 100]);
}

static int
by_value(const void *a, const void *b)
{
	double	x = *(const double *)a, y = *(const double *)b;

	return (x < y ? -1 : x > y);
}

static void
write_questions(const char *dir, const struct question *q, size_t n)
{
	char	 path[512];
	FILE	*f;
	size_t	 i, k;

	(void)snprintf(path, sizeof(path), "%s/questions.json", dir);
	if ((f = fopen(path, "w")) == NULL)
		exit(1);
	for (i = 0; i < n; i++) {
		fprintf(f, "%s{\"name\":\"%s\",\"county\":%s,\"facets\":%s,\"radius\":%s,\"hits\":%llu,\"words\":[",
		    i == 0 ? "[" : ",\n", q[i].name, q[i].county ? "true" : "false",
		    q[i].facets ? "true" : "false", q[i].radius ? "true" : "false",
		    (unsigned long long)q[i].hits);
		for (k = 0; k < q[i].nwords; k++)
			fprintf(f, "%s\"%s\"", k > 0 ? "," : "", q[i].words[k]);
		fputs("],\"pairs\":\"", f);
		put_bigrams(f, q[i].words, q[i].nwords, " & ");
		fputs("\"}", f);
	}
	fputs("]\n", f);
	if (fclose(f) != 0)
		exit(1);
}
