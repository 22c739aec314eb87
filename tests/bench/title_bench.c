/*
 * title_bench.c -- how often the right occupation is first, or among the first
 * ten, for titles that were not learnt from: five folds, each asked of what the
 * other four, the names and the aliases say. Arguments: sql/reference [seed].
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "services/jobs/title.h"
#include "codes/codes.h"

#define FOLDS	5
#define PAIRS	4096

static struct { char title[128], code[TITLE_CODE]; } pairs[PAIRS];
static size_t		npairs;
static struct titles	*now;

static void
pair_row(void *arg, const char *const *f)
{
	(void)arg;
	if (strlen(f[1]) != TITLE_CODE - 1 || npairs == PAIRS)
		return;
	(void)snprintf(pairs[npairs].title, sizeof(pairs[npairs].title), "%s", f[0]);
	(void)snprintf(pairs[npairs++].code, TITLE_CODE, "%s", f[1]);
}

static void
noise_row(void *arg, const char *const *f)
{
	(void)arg;
	titles_ignore(now, f[0]);
}

static void
known_row(void *kind, const char *const *f)
{
	if (strlen(f[1]) == TITLE_CODE - 1)
		titles_add(now, f[0], f[1], *(enum title_kind *)kind);
}

/* What is known without the fold (all of it when `labels` is false: no labels at all). */
static void
learn(const char *dir, size_t fold, bool labels)
{
	static const char *const	noise[] = { "word", NULL }, *const names[] = { "name", "code", NULL },
				*const aliases[] = { "alias", "occupation_code", NULL };
	enum title_kind		kind[] = { TITLE_NAME, TITLE_ALIAS };
	size_t			i;

	now = titles_new();
	if (codes_read(dir, "titles/title_noise_words.csv", noise, noise_row, NULL) == -1 ||
	    codes_read(dir, "occupations.csv", names, known_row, &kind[0]) == -1 ||
	    codes_read(dir, "occupation_aliases.csv", aliases, known_row, &kind[1]) == -1)
		exit(1);
	for (i = 0; labels && i < npairs; i++)
		if (i % FOLDS != fold)
			titles_add(now, pairs[i].title, pairs[i].code, TITLE_LABELLED);
	titles_seal(now);
}

static void
ask(size_t fold, size_t *at1, size_t *at10, size_t *n)
{
	struct title_hit	hits[10];
	size_t			i, k, found;

	for (i = fold; i < npairs; i += FOLDS, (*n)++) {
		found = titles_ask(now, pairs[i].title, hits, NITEMS(hits));
		for (k = 0; k < found; k++)
			if (strcmp(hits[k].code, pairs[i].code) == 0) {
				*at1 += k == 0;
				(*at10)++;
			}
	}
}

int
main(int argc, char **argv)
{
	static const char *const	columns[] = { "job_title", "occupation_code", NULL };
	size_t				at1[2] = { 0 }, at10[2] = { 0 }, n[2] = { 0 }, i, k;
	struct timespec			a, b;
	double				us = 0;

	if (argc < 2 || codes_read(argv[1], "titles/occupation_titles.csv", columns, pair_row, NULL) == -1)
		return (1);
	srand(argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 7);
	for (i = npairs; i-- > 1;) {
		k = (size_t)rand() % (i + 1);
		__typeof__(pairs[0]) swap = pairs[i];
		pairs[i] = pairs[k];
		pairs[k] = swap;
	}
	for (k = 0; k < 2; k++)
		for (i = 0; i < FOLDS; i++) {
			learn(argv[1], i, k == 0);
			(void)clock_gettime(CLOCK_MONOTONIC, &a);
			ask(i, &at1[k], &at10[k], &n[k]);
			(void)clock_gettime(CLOCK_MONOTONIC, &b);
			us += (double)(b.tv_sec - a.tv_sec) * 1e6 + (double)(b.tv_nsec - a.tv_nsec) / 1e3;
			titles_free(&now);
		}
	printf("jobs.title_code.at1 %.1f %%\n", 100.0 * (double)at1[0] / (double)n[0]);
	printf("jobs.title_code.at10 %.1f %%\n", 100.0 * (double)at10[0] / (double)n[0]);
	printf("jobs.title_code.unlabelled_at1 %.1f %%\n", 100.0 * (double)at1[1] / (double)n[1]);
	printf("jobs.title_code.unlabelled_at10 %.1f %%\n", 100.0 * (double)at10[1] / (double)n[1]);
	printf("jobs.title_code.ask %.1f us\n", us / (double)(n[0] + n[1]));
	return (0);
}
