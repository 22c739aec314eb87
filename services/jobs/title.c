/*
 * title.c -- titles compared with texts whose occupation is known.
 *
 * Each feature has the list of texts it stands in with its weight there; a
 * question walks the lists of its own features and adds up. Some five thousand
 * texts make it a matter of microseconds.
 *
 * Invariant: between two questions all scores are nought.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "title_priv.h"
#include "base/log.h"

#define TEXTS_READ	60	/* best texts that codes are judged by */
#define CODE_TEXTS	5	/* of one code */
#define REST_SHARE	0.15	/* of the others' scores, beside the best */
#define PRIOR		0.015	/* for codes that people were seen to choose */
#define LABEL_WEIGHT	0.95
#define UNSEEN_IDF	8.0

struct best {
	uint32_t	text;
	double		score;
};

static void	 *grow(void *, size_t, size_t);
static struct title_entry *entry_find(const struct titles *, uint64_t);
static struct title_entry *entry_add(struct titles *, uint64_t);
static void	 entries_widen(struct titles *);
static void	 weigh(struct titles *, struct title_text *);
static void	 priors(struct titles *);
static int	 by_code(const void *, const void *);
static double	 idf_of(const struct titles *, const struct title_entry *);
static void	 add_scores(struct titles *, const char *);
static size_t	 best_texts(struct titles *, struct best *);
static int	 by_score(const void *, const void *);
static double	 code_score(const struct titles *, const struct best *, size_t);
static void	 hit_insert(struct title_hit *, size_t *, size_t, const char *, double);

struct titles *
titles_new(void)
{
	return (grow(NULL, 1, sizeof(struct titles)));
}

void
titles_free(struct titles **tp)
{
	struct titles	*t = *tp;
	size_t		 i;

	if (t == NULL)
		return;
	for (i = 0; i < t->entries_cap; i++)
		free(t->entries[i].list);
	for (i = 0; i < t->ntexts; i++)
		free(t->texts[i].features);
	free(t->entries);
	free(t->texts);
	free(t->scores);
	free(t->touched);
	free(t);
	*tp = NULL;
}

/* Zeroed when new. A table that does not fit at start is nothing to go on without. */
static void *
grow(void *p, size_t n, size_t size)
{
	void	*q = p == NULL ? calloc(n, size) : reallocarray(p, n, size);

	if (q == NULL)
		log_die("titles: out of memory");
	return (q);
}

void
titles_ignore(struct titles *t, const char *word)
{
	struct title_noise	*w = &t->noise[t->nnoise];

	if (t->nnoise < TITLE_NOISE && (w->n = title_noise_chars(word, w->chars)) > 1)
		t->nnoise++;
}

void
titles_add(struct titles *t, const char *text, const char *code, enum title_kind kind)
{
	struct title_feature	 f[TITLE_FEATURES];
	struct title_text	*d;
	size_t			 n = title_features(t, text, f), i;

	if (n == 0)
		return;
	if (t->ntexts == t->texts_room) {
		t->texts_room = t->texts_room * 2 + 1024;
		t->texts = grow(t->texts, t->texts_room, sizeof(*t->texts));
	}
	d = &t->texts[t->ntexts++];
	*d = (struct title_text){ .kind = kind, .nfeatures = n };
	(void)snprintf(d->code, sizeof(d->code), "%s", code);
	d->features = grow(NULL, n, sizeof(*f));
	memcpy(d->features, f, n * sizeof(*f));
	for (i = 0; i < n; i++)
		entry_add(t, f[i].feature)->texts++;
}

void
titles_seal(struct titles *t)
{
	size_t	i;

	for (i = 0; i < t->ntexts; i++)
		weigh(t, &t->texts[i]);
	priors(t);
	t->scores = grow(NULL, t->ntexts + 1, sizeof(*t->scores));
	t->touched = grow(NULL, t->ntexts + 1, sizeof(*t->touched));
}

/* Hands a text's features to their lists, scaled to a length of one. */
static void
weigh(struct titles *t, struct title_text *d)
{
	struct title_entry	*e;
	double			 length = 0, w;
	size_t			 i;

	for (i = 0; i < d->nfeatures; i++) {
		w = d->features[i].weight * idf_of(t, entry_find(t, d->features[i].feature));
		length += w * w;
	}
	length = length > 0 ? sqrt(length) : 1;
	for (i = 0; i < d->nfeatures; i++) {
		e = entry_find(t, d->features[i].feature);
		if (e->list == NULL)
			e->list = grow(NULL, e->texts, sizeof(*e->list));
		w = d->features[i].weight * idf_of(t, e) / length;
		e->list[e->nlist++] = (struct title_place){ (uint32_t)(d - t->texts),
		    (float)(d->kind == TITLE_LABELLED ? w * LABEL_WEIGHT : w) };
	}
	free(d->features);
	d->features = NULL;
}

/* What was chosen often is a little likelier. */
static void
priors(struct titles *t)
{
	struct title_text	**order = grow(NULL, t->ntexts + 1, sizeof(*order));
	size_t			  i, k, from, labels;

	for (i = 0; i < t->ntexts; i++)
		order[i] = &t->texts[i];
	qsort(order, t->ntexts, sizeof(*order), by_code);
	for (from = 0; from < t->ntexts; from = i) {
		labels = 0;
		for (i = from; i < t->ntexts && by_code(&order[i], &order[from]) == 0; i++)
			labels += order[i]->kind == TITLE_LABELLED;
		for (k = from; k < i; k++)
			order[k]->prior = PRIOR * log1p((double)labels);
	}
	free(order);
}

static int
by_code(const void *a, const void *b)
{
	return (strcmp((*(struct title_text *const *)a)->code,
	    (*(struct title_text *const *)b)->code));
}

static double
idf_of(const struct titles *t, const struct title_entry *e)
{
	return (e == NULL ? UNSEEN_IDF : log(1 + (double)t->ntexts / e->texts));
}

/* ---- asking ---- */

size_t
titles_ask(struct titles *t, const char *title, struct title_hit *hits, size_t room)
{
	struct best	best[TEXTS_READ];
	size_t		n, i, k, nhits = 0;

	add_scores(t, title);
	n = best_texts(t, best);
	for (i = 0; i < n; i++) {
		for (k = 0; k < i; k++)
			if (strcmp(t->texts[best[k].text].code, t->texts[best[i].text].code) == 0)
				break;
		if (k == i)
			hit_insert(hits, &nhits, room, t->texts[best[i].text].code,
			    code_score(t, best + i, n - i));
	}
	return (nhits);
}

static void
add_scores(struct titles *t, const char *title)
{
	struct title_feature		 f[TITLE_FEATURES];
	const struct title_entry	*e;
	size_t				 n = title_features(t, title, f), i, k;
	double				 length = 0, w;

	for (i = 0; i < n; i++) {
		w = f[i].weight * idf_of(t, entry_find(t, f[i].feature));
		length += w * w;
	}
	length = length > 0 ? sqrt(length) : 1;
	t->ntouched = 0;
	for (i = 0; i < n; i++) {
		if ((e = entry_find(t, f[i].feature)) == NULL)
			continue;
		w = f[i].weight * idf_of(t, e) / length;
		for (k = 0; k < e->nlist; k++) {
			if (t->scores[e->list[k].text] == 0)
				t->touched[t->ntouched++] = e->list[k].text;
			t->scores[e->list[k].text] += w * e->list[k].weight;
		}
	}
}

static size_t
best_texts(struct titles *t, struct best *best)
{
	struct best	*all = grow(NULL, t->ntouched + 1, sizeof(*all));
	size_t		 n = t->ntouched, i;

	for (i = 0; i < n; i++) {
		all[i] = (struct best){ t->touched[i], t->scores[t->touched[i]] };
		t->scores[t->touched[i]] = 0;
	}
	qsort(all, n, sizeof(*all), by_score);
	n = n < TEXTS_READ ? n : TEXTS_READ;
	memcpy(best, all, n * sizeof(*all));
	free(all);
	return (n);
}

static int
by_score(const void *a, const void *b)
{
	const struct best	*x = a, *y = b;

	if (x->score != y->score)
		return (x->score > y->score ? -1 : 1);
	return (x->text < y->text ? -1 : x->text > y->text);
}

/* Of the code of the first text, by it and those behind it. */
static double
code_score(const struct titles *t, const struct best *best, size_t n)
{
	const struct title_text	*d = &t->texts[best[0].text];
	double			 score = best[0].score + d->prior;
	size_t			 i, of_code = 1;

	for (i = 1; i < n && of_code < CODE_TEXTS; i++)
		if (strcmp(t->texts[best[i].text].code, d->code) == 0) {
			score += REST_SHARE * best[i].score;
			of_code++;
		}
	return (score);
}

/* Keeps the best `room`, best first; of equals the one that came first. */
static void
hit_insert(struct title_hit *hits, size_t *n, size_t room, const char *code, double score)
{
	int32_t	 s = (int32_t)lround(score * 1000);
	size_t	 i;

	for (i = *n; i > 0 && hits[i - 1].score < s; i--)
		if (i < room)
			hits[i] = hits[i - 1];
	if (i == room)
		return;
	(void)snprintf(hits[i].code, sizeof(hits[i].code), "%s", code);
	hits[i].score = s;
	*n += *n < room;
}

/* ---- features ---- */

static struct title_entry *
entry_find(const struct titles *t, uint64_t feature)
{
	uint64_t	at = feature * UINT64_C(0x9e3779b97f4a7c15) >> 20;

	if (t->entries_cap == 0)
		return (NULL);
	for (at &= t->entries_cap - 1; t->entries[at].feature != 0;
	    at = (at + 1) & (t->entries_cap - 1))
		if (t->entries[at].feature == feature)
			return (&t->entries[at]);
	return (NULL);
}

static struct title_entry *
entry_add(struct titles *t, uint64_t feature)
{
	struct title_entry	*e = entry_find(t, feature);
	uint64_t		 at = feature * UINT64_C(0x9e3779b97f4a7c15) >> 20;

	if (e != NULL)
		return (e);
	if ((t->nentries + 1) * 2 > t->entries_cap)
		entries_widen(t);
	for (at &= t->entries_cap - 1; t->entries[at].feature != 0;)
		at = (at + 1) & (t->entries_cap - 1);
	t->nentries++;
	t->entries[at].feature = feature;
	return (&t->entries[at]);
}

static void
entries_widen(struct titles *t)
{
	struct title_entry	*old = t->entries;
	size_t			 n = t->entries_cap, i;
	uint64_t		 at;

	t->entries_cap = n == 0 ? 1 << 12 : n * 2;
	t->entries = grow(NULL, t->entries_cap, sizeof(*t->entries));
	for (i = 0; i < n; i++) {
		if (old[i].feature == 0)
			continue;
		at = old[i].feature * UINT64_C(0x9e3779b97f4a7c15) >> 20;
		for (at &= t->entries_cap - 1; t->entries[at].feature != 0;)
			at = (at + 1) & (t->entries_cap - 1);
		t->entries[at] = old[i];
	}
	free(old);
}
