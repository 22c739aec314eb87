/*
 * match_bench.c -- how long the engine of matching takes, alone: N postings, M
 * people, a fixed seed. Prints one `name value unit` a line.
 *
 *	match_bench [postings [people [occupations.csv]]]
 */
#include <stdio.h>
#include <time.h>

#include "tests/unit/match_city.h"

#define ASKED	2000		/* people whose time is taken one by one */

static const struct match_weights weights = { .version = 1,
	.of = { 300, 200, 150, 50, 70, 50, 100, 30, 50 } };
static struct city	 city;
static struct match_hit	 hits[MATCH_MOST];
static double		 taken_ms[ASKED];

static void	occupations_read(const char *);
static double	now_ms(void);
static void	print_times(const char *, size_t);
static int	ms_cmp(const void *, const void *);
static void	fill(struct match *, uint32_t);
static void	ask_people(struct match *);
static void	ask_postings(struct match *, uint32_t);
static void	batch(struct match *, uint32_t);

int
main(int argc, char **argv)
{
	uint32_t	 postings = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 200000;
	uint32_t	 people = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 100000;
	struct match	*m = match_new();

	occupations_read(argc > 3 ? argv[3] : "sql/reference/occupations.csv");
	city_start(&city, 7);
	fill(m, postings);
	ask_people(m);
	batch(m, people);
	ask_postings(m, people);
	match_free(&m);
	return (0);
}

static void
occupations_read(const char *path)
{
	FILE	*f = fopen(path, "r");
	char	 line[512], *end;

	if (f == NULL) {
		(void)fprintf(stderr, "match_bench: cannot read %s\n", path);
		exit(1);
	}
	while (fgets(line, sizeof(line), f) != NULL && city.ncodes < CITY_CODES)
		if ((end = strchr(line, ',')) != NULL && end - line == 10) {
			*end = '\0';
			city.codes[city.ncodes++] = match_occupation(line);
		}
	(void)fclose(f);
}

static double
now_ms(void)
{
	struct timespec	t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return ((double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6);
}

static void
fill(struct match *m, uint32_t n)
{
	struct match_posting	v;
	uint32_t		skills[MATCH_SKILLS_MAX], i;
	struct uuid		id;
	double			from = now_ms();

	for (i = 0; i < n; i++) {
		city_posting(&city, &v, skills);
		id = city_id(1, i);
		match_put_posting(m, &id, &v);
	}
	printf("jobs.match.fill %.2f s\n", (now_ms() - from) / 1e3);
}

static void
ask_people(struct match *m)
{
	struct match_ask	ask = { .weights = &weights, .today = CITY_TODAY, .limit = 20 };
	struct match_person	p;
	double			from;
	size_t			i;

	for (i = 0; i < ASKED; i++) {
		city_person(&city, &p);
		from = now_ms();
		(void)match_best_postings(m, &p, &ask, hits);
		taken_ms[i] = now_ms() - from;
	}
	print_times("jobs.match_person", ASKED);
}

static void
batch(struct match *m, uint32_t n)
{
	struct match_ask	ask = { .weights = &weights, .today = CITY_TODAY, .limit = 20 };
	struct match_person	p;
	double			from = now_ms();
	uint32_t		i;

	for (i = 0; i < n; i++) {
		city_person(&city, &p);
		p.id = city_id(2, i);
		match_put_person(m, &p);
		(void)match_best_postings(m, &p, &ask, hits);
	}
	printf("jobs.match_batch.people_per_s %.0f 1/s\n", n * 1e3 / (now_ms() - from));
}

static void
ask_postings(struct match *m, uint32_t people)
{
	struct match_ask	ask = { .weights = &weights, .today = CITY_TODAY, .limit = 20 };
	struct match_posting	v;
	uint32_t		skills[MATCH_SKILLS_MAX];
	double			from;
	size_t			i, n = people > 0 ? 200 : 0;

	for (i = 0; i < n; i++) {
		city_posting(&city, &v, skills);
		from = now_ms();
		(void)match_best_people(m, &v, &ask, hits);
		taken_ms[i] = now_ms() - from;
	}
	print_times("jobs.match_posting", n);
}

static void
print_times(const char *name, size_t n)
{
	if (n == 0)
		return;
	qsort(taken_ms, n, sizeof(taken_ms[0]), ms_cmp);
	printf("%s.p50 %.3f ms\n", name, taken_ms[n / 2]);
	printf("%s.p99 %.3f ms\n", name, taken_ms[n * 99 / 100]);
}

static int
ms_cmp(const void *a, const void *b)
{
	double	x = *(const double *)a, y = *(const double *)b;

	return (x < y ? -1 : x > y);
}
