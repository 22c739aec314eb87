/*
 * score.c -- ranks the entries of a round. Pure: no clock, no database, no
 * order of its own but what the input fixes.
 *
 * Invariant: every entry counts the same number of reviews, so that comparing
 * `data * counted + sum` compares exact means without dividing.
 */
#include "workflow/score.h"

#include <stdlib.h>

#include "json/json.h"

#define OUTPUT_MAX	(4 << 20)
#define TIES_MAX	20
#define REVIEWS_MAX	50

struct standing {
	const char	*id;
	const char	*lot;			/* NULL: equals stay equal */
	const char	*dropped[2];		/* reviews left out: lowest, highest */
	int64_t		 data, sum;		/* milli; sum over the counted reviews */
	int64_t		 key;			/* data * counted + sum */
	int64_t		 tie[TIES_MAX];		/* by criterion, on the scale of key */
	size_t		 nties;
	int64_t		 rank;
	bool		 tied;
	const char	*by;			/* what parts it from the one before */
};

struct ranking {
	const struct json	*root, *ties;
	int64_t			 reviewers, counted, min;
	bool			 trim, lot;
	struct standing		*rows;
	size_t			 n;
};

/* One entry's reviews as they are read: totals, and which count. */
struct panel {
	const struct json	*list;
	int64_t			 total[REVIEWS_MAX];
	size_t			 n, lowest, highest;	/* n: none is left out */
};

static enum score_fault	ranking_read(struct arena *, const char *, struct ranking *);
static enum score_fault	standing_read(struct ranking *, const struct json *, struct standing *);
static enum score_fault	panel_read(const struct ranking *, const struct json *, struct panel *);
static enum score_fault	tie_read(const struct ranking *, const struct json *, const struct panel *,
			    struct standing *);
static enum score_fault	points_sum(const struct json *, const char *, int64_t *);
static int		standing_compare(const void *, const void *);
static const char      *parted_by(const struct ranking *, const struct standing *, const struct standing *);
static void		places_give(struct ranking *);
static void		standing_write(struct json_out *, const struct ranking *, const struct standing *);

enum score_fault
score_rank(struct arena *a, const char *input, const char **output)
{
	struct ranking		 r = { 0 };
	struct json_out		 out;
	struct buf		 buf;
	enum score_fault	 fault = ranking_read(a, input, &r);
	size_t			 i;

	if (fault != SCORE_OK)
		return (fault);
	if (r.n > 1)
		qsort(r.rows, r.n, sizeof(*r.rows), standing_compare);
	places_give(&r);
	buf_init(&buf, OUTPUT_MAX);
	json_out_init(&out, &buf);
	json_open(&out, NULL);
	json_open_list(&out, "entries");
	for (i = 0; i < r.n; i++)
		standing_write(&out, &r, &r.rows[i]);
	json_close_list(&out);
	json_close(&out);
	if (!buf_ok(&buf))
		fault = SCORE_OVERFLOW;
	else
		*output = arena_strdup(a, buf_cstr(&buf));
	buf_release(&buf);
	return (fault);
}

static enum score_fault
ranking_read(struct arena *a, const char *input, struct ranking *r)
{
	const struct json	*entries;
	enum score_fault	 fault = SCORE_OK;
	const char		*last;
	size_t			 i;

	r->root = json_parse(a, input, strlen(input));
	if (!json_is_object(r->root))
		return (SCORE_INPUT);
	entries = json_get(r->root, "entries");
	r->ties = json_get(r->root, "tie");
	last = json_string(json_get(r->root, "tie_last"));
	r->trim = json_is_true(json_get(r->root, "trim"));
	if (!json_is_array(entries) || !json_is_array(r->ties) || json_count(r->ties) > TIES_MAX || last == NULL ||
	    !json_integer(json_get(r->root, "reviewers"), &r->reviewers) ||
	    !json_integer(json_get(r->root, "min_milli"), &r->min) ||
	    r->min < 0 || r->reviewers < 0 || r->reviewers > REVIEWS_MAX || (r->trim && r->reviewers < 3))
		return (SCORE_INPUT);
	r->lot = strcmp(last, "lot") == 0;
	r->counted = r->reviewers == 0 ? 1 : r->reviewers - (r->trim ? 2 : 0);
	r->n = json_count(entries);
	r->rows = arena_zalloc(a, (r->n + 1) * sizeof(*r->rows));
	for (i = 0; i < r->n && fault == SCORE_OK; i++)
		fault = standing_read(r, json_at(entries, i), &r->rows[i]);
	return (fault);
}

static enum score_fault
standing_read(struct ranking *r, const struct json *e, struct standing *s)
{
	struct panel		p;
	enum score_fault	fault;
	size_t			i;

	s->id = json_string(json_get(e, "entry_id"));
	s->lot = r->lot ? json_string(json_get(e, "lot")) : NULL;
	if (s->id == NULL || (r->lot && s->lot == NULL))
		return (SCORE_INPUT);
	if ((fault = points_sum(json_get(e, "data"), NULL, &s->data)) != SCORE_OK ||
	    (fault = panel_read(r, json_get(e, "reviews"), &p)) != SCORE_OK)
		return (fault);
	for (i = 0; i < p.n; i++)
		if (i != p.lowest && i != p.highest && __builtin_add_overflow(s->sum, p.total[i], &s->sum))
			return (SCORE_OVERFLOW);
	if (p.lowest < p.n) {
		s->dropped[0] = json_string(json_get(json_at(p.list, p.lowest), "review_id"));
		s->dropped[1] = json_string(json_get(json_at(p.list, p.highest), "review_id"));
	}
	if (__builtin_mul_overflow(s->data, r->counted, &s->key) ||
	    __builtin_add_overflow(s->key, s->sum, &s->key))
		return (SCORE_OVERFLOW);
	return (tie_read(r, e, &p, s));
}

/* Of equal totals the first is the lowest and the last the highest. */
static enum score_fault
panel_read(const struct ranking *r, const struct json *list, struct panel *p)
{
	enum score_fault	fault;
	size_t			i;

	if (!json_is_array(list))
		return (SCORE_INPUT);
	*p = (struct panel){ .list = list, .n = json_count(list) };
	if ((int64_t)p->n != r->reviewers)
		return (SCORE_FEW);
	for (i = 0; i < p->n; i++) {
		fault = points_sum(json_get(json_at(list, i), "scores"), NULL, &p->total[i]);
		if (fault != SCORE_OK)
			return (fault);
		if (p->total[i] < p->total[p->lowest])
			p->lowest = i;
		if (p->total[i] >= p->total[p->highest])
			p->highest = i;
	}
	if (!r->trim)
		p->lowest = p->highest = p->n;
	return (SCORE_OK);
}

/* What each tie criterion says of the entry: points of data, or of counted reviews. */
static enum score_fault
tie_read(const struct ranking *r, const struct json *e, const struct panel *p, struct standing *s)
{
	enum score_fault	 fault;
	const char		*code;
	int64_t			 points;
	size_t			 i, t;

	s->nties = json_count(r->ties);
	for (t = 0; t < s->nties; t++) {
		if ((code = json_string(json_get(json_at(r->ties, t), "code"))) == NULL)
			return (SCORE_INPUT);
		if ((fault = points_sum(json_get(e, "data"), code, &points)) != SCORE_OK)
			return (fault);
		if (__builtin_mul_overflow(points, r->counted, &s->tie[t]))
			return (SCORE_OVERFLOW);
		for (i = 0; i < p->n; i++) {
			if (i == p->lowest || i == p->highest)
				continue;
			fault = points_sum(json_get(json_at(p->list, i), "scores"), code, &points);
			if (fault != SCORE_OK)
				return (fault);
			if (__builtin_add_overflow(s->tie[t], points, &s->tie[t]))
				return (SCORE_OVERFLOW);
		}
	}
	return (SCORE_OK);
}

/* Sum of [{code, milli}], of one code or (NULL) of all. */
static enum score_fault
points_sum(const struct json *list, const char *code, int64_t *sum)
{
	const char	*name;
	int64_t		 milli;
	size_t		 i;

	*sum = 0;
	if (!json_is_array(list))
		return (SCORE_INPUT);
	for (i = 0; i < json_count(list); i++) {
		name = json_string(json_get(json_at(list, i), "code"));
		if (name == NULL || !json_integer(json_get(json_at(list, i), "milli"), &milli) || milli < 0)
			return (SCORE_INPUT);
		if ((code == NULL || strcmp(code, name) == 0) && __builtin_add_overflow(*sum, milli, sum))
			return (SCORE_OVERFLOW);
	}
	return (SCORE_OK);
}

/* Best first; what nothing parts stands in the order of its id and is tied. */
static int
standing_compare(const void *pa, const void *pb)
{
	const struct standing	*a = pa, *b = pb;
	size_t			 t;

	if (a->key != b->key)
		return (a->key > b->key ? -1 : 1);
	for (t = 0; t < a->nties; t++)
		if (a->tie[t] != b->tie[t])
			return (a->tie[t] > b->tie[t] ? -1 : 1);
	if (a->lot != NULL && strcmp(a->lot, b->lot) != 0)
		return (strcmp(a->lot, b->lot));
	return (strcmp(a->id, b->id));
}

static const char *
parted_by(const struct ranking *r, const struct standing *a, const struct standing *b)
{
	size_t	t;

	if (a->key != b->key)
		return ("score");
	for (t = 0; t < a->nties; t++)
		if (a->tie[t] != b->tie[t])
			return (json_string(json_get(json_at(r->ties, t), "code")));
	return (a->lot != NULL && strcmp(a->lot, b->lot) != 0 ? "lot" : NULL);
}

static void
places_give(struct ranking *r)
{
	size_t	i;

	for (i = 0; i < r->n; i++) {
		r->rows[i].by = i == 0 ? "score" : parted_by(r, &r->rows[i - 1], &r->rows[i]);
		r->rows[i].rank = (int64_t)i + 1;
		if (r->rows[i].by == NULL) {
			r->rows[i].by = "joint";
			r->rows[i].rank = r->rows[i - 1].rank;
			r->rows[i].tied = r->rows[i - 1].tied = true;
		}
	}
}

static void
standing_write(struct json_out *out, const struct ranking *r, const struct standing *s)
{
	int64_t	need;
	size_t	i;

	json_open(out, NULL);
	json_put_text(out, "entry_id", s->id);
	json_put_int(out, "rank", s->rank);
	json_put_int(out, "score_milli", s->key / r->counted);
	json_put_int(out, "data_milli", s->data);
	json_put_int(out, "reviews_milli", s->sum);
	json_put_int(out, "counted", r->reviewers == 0 ? 0 : r->counted);
	json_open_list(out, "dropped");
	for (i = 0; i < 2; i++)
		if (s->dropped[i] != NULL)
			json_put_text(out, NULL, s->dropped[i]);
	json_close_list(out);
	json_put_bool(out, "passed", !__builtin_mul_overflow(r->min, r->counted, &need) && s->key >= need);
	json_put_bool(out, "tied", s->tied);
	json_put_text(out, "by", s->by);
	json_close(out);
}
