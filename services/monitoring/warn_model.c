/*
 * warn_model.c -- what a series says of one of its periods, and the colour.
 *
 * Invariant: a score depends on the series and the numbers alone, so that
 * judging again, or back-testing, says the same.
 */
#include <string.h>

#include "warn_model.h"

#define LARGE	(INT64_C(1) << 26)	/* squares of so many, summed, fit */

static bool	off_per_mille(int64_t value, int64_t usual, int64_t *score);
static bool	score_previous(const struct warn_point *, size_t, int64_t *);
static bool	score_year(const struct warn_model *, const struct warn_point *, size_t, size_t, int64_t *);
static bool	score_spring(const struct warn_model *, const struct warn_point *, size_t, size_t, int64_t *);
static bool	score_cusum(const struct warn_model *, const struct warn_point *, size_t, size_t, int64_t *);
static bool	score_zscore(const struct warn_model *, const struct warn_point *, size_t, int64_t *);
static const struct warn_point *point_of(const struct warn_model *, const struct warn_point *, size_t, int32_t);
static int32_t	middle(const struct warn_model *, int32_t);
static size_t	festival_near(const struct warn_model *, int32_t);
static bool	reference_of(const struct warn_model *, const struct warn_point *, size_t first, int64_t *);
static int64_t	root(int64_t);

bool
warn_score(const struct warn_model *m, const struct warn_point *p, size_t n, size_t i, int64_t *score)
{
	if (i >= n || !p[i].known)
		return (false);
	switch (m->kind) {
	case WARN_THRESHOLD:
		*score = p[i].value;
		return (true);
	case WARN_PREVIOUS:
		return (score_previous(p, i, score));
	case WARN_YEAR:
		return (score_year(m, p, n, i, score));
	case WARN_SPRING:
		return (score_spring(m, p, n, i, score));
	case WARN_CUSUM:
		return (score_cusum(m, p, n, i, score));
	case WARN_ZSCORE:
		return (score_zscore(m, p, i, score));
	case WARN_KINDS:
		break;
	}
	return (false);
}

/* The gravest level that is entered, or was and is not left yet. */
enum warn_colour
warn_colour_after(const struct warn_model *m, enum warn_colour before, int64_t score)
{
	bool	below = m->below && m->kind != WARN_CUSUM;	/* its sums grow either way */
	int	c;

	for (c = WARN_RED; c > WARN_CLEAR; c--) {
		const struct warn_level	*l = &m->level[c];

		if (!l->is_set)
			continue;
		if (below ? score <= l->enter : score >= l->enter)
			break;
		if ((int)before >= c && (below ? score <= l->leave : score >= l->leave))
			break;
	}
	return ((enum warn_colour)c);
}

/* Left no later than entered, and a graver colour neither before a milder one. */
enum warn_colour
warn_levels_fault(const struct warn_model *m)
{
	int	sign = m->below && m->kind != WARN_CUSUM ? -1 : 1;
	int	last = WARN_CLEAR, c;

	for (c = WARN_BLUE; c < WARN_COLOURS; c++) {
		if (!m->level[c].is_set)
			continue;
		if (sign * m->level[c].leave > sign * m->level[c].enter)
			return ((enum warn_colour)c);
		if (last != WARN_CLEAR && (sign * m->level[c].enter <= sign * m->level[last].enter ||
		    sign * m->level[c].leave < sign * m->level[last].leave))
			return ((enum warn_colour)c);
		last = c;
	}
	return (last == WARN_CLEAR ? WARN_BLUE : WARN_CLEAR);
}

/* Nothing is a share of nothing. */
static bool
off_per_mille(int64_t value, int64_t usual, int64_t *score)
{
	if (usual <= 0)
		return (false);
	*score = (value - usual) * 1000 / usual;
	return (true);
}

static bool
score_previous(const struct warn_point *p, size_t i, int64_t *score)
{
	return (i > 0 && p[i - 1].known && off_per_mille(p[i].value, p[i - 1].value, score));
}

/* Weeks are held against the one 52 weeks before, of the same weekday. */
static bool
score_year(const struct warn_model *m, const struct warn_point *p, size_t n, size_t i, int64_t *score)
{
	const struct warn_point	*was = point_of(m, p, n, m->grain == WARN_WEEK ? p[i].on - 364 :
	    day_add_months(p[i].on, -12));

	return (was != NULL && was->known && off_per_mille(p[i].value, was->value, score));
}

/*
 * The usual is the mean of the periods that lay as far from the festival in
 * earlier years; away from the festival, of those of the same days of the year.
 */
static bool
score_spring(const struct warn_model *m, const struct warn_point *p, size_t n, size_t i, int64_t *score)
{
	int32_t	at = middle(m, p[i].on), there;
	size_t	f = festival_near(m, at);
	int64_t	sum = 0, y;

	for (y = 1; y <= m->years; y++) {
		const struct warn_point	*was;

		if (f < m->nfestivals) {
			if ((int64_t)f < y)
				return (false);
			there = m->festival[f - (size_t)y] + (at - m->festival[f]);
		} else
			there = day_add_months(at, (int)(-12 * y));
		if ((was = point_of(m, p, n, there)) == NULL || !was->known)
			return (false);
		sum += was->value;
	}
	return (m->years > 0 && off_per_mille(p[i].value, sum / m->years, score));
}

static bool
score_cusum(const struct warn_model *m, const struct warn_point *p, size_t n, size_t i, int64_t *score)
{
	int64_t	usual, sum = 0;
	size_t	first, j;

	for (first = 0; first < n && p[first].on < m->start; first++)
		;
	if (first > i || !reference_of(m, p, first, &usual))
		return (false);
	for (j = first; j <= i; j++) {
		if (!p[j].known)
			continue;
		sum += (m->below ? usual - p[j].value : p[j].value - usual) - m->k;
		if (sum < 0)
			sum = 0;
	}
	*score = sum;
	return (true);
}

static bool
reference_of(const struct warn_model *m, const struct warn_point *p, size_t first, int64_t *usual)
{
	int64_t	sum = 0;
	size_t	j, want = (size_t)m->periods;

	if (m->has_reference) {
		*usual = m->reference;
		return (true);
	}
	if (m->periods < 1 || first < want)
		return (false);
	for (j = first - want; j < first; j++) {
		if (!p[j].known)
			return (false);
		sum += p[j].value;
	}
	*usual = sum / m->periods;
	return (true);
}

/* Of the window before the period itself: n·x − Σ over √(n·Σx² − (Σx)²). */
static bool
score_zscore(const struct warn_model *m, const struct warn_point *p, size_t i, int64_t *score)
{
	int64_t	w = m->periods, sum = 0, squares = 0, most = 0, scale, v, spread;
	size_t	j;

	if (w < 2 || i < (size_t)w)
		return (false);
	for (j = i - (size_t)w; j <= i; j++) {
		if (!p[j].known)
			return (false);
		v = p[j].value < 0 ? -p[j].value : p[j].value;
		most = v > most ? v : most;
	}
	scale = most / LARGE + 1;
	for (j = i - (size_t)w; j < i; j++) {
		v = p[j].value / scale;
		sum += v;
		squares += v * v;
	}
	if ((spread = root(w * squares - sum * sum)) == 0)
		return (false);
	*score = (w * (p[i].value / scale) - sum) * 1000 / spread;
	return (true);
}

/* The largest integer whose square is not larger. */
static int64_t
root(int64_t n)
{
	int64_t	r = 0, bit;

	for (bit = INT64_C(1) << 31; bit > 0; bit >>= 1)
		if (r + bit <= INT64_C(3037000499) && (r + bit) * (r + bit) <= n)
			r += bit;
	return (r);
}

/* The period in which that day lies; NULL: not of this series. */
static const struct warn_point *
point_of(const struct warn_model *m, const struct warn_point *p, size_t n, int32_t day)
{
	int32_t	on = warn_period(m->grain, day);
	size_t	low = 0, high = n, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (p[mid].on < on)
			low = mid + 1;
		else
			high = mid;
	}
	return (low < n && p[low].on == on ? &p[low] : NULL);
}

static int32_t
middle(const struct warn_model *m, int32_t on)
{
	return (on + (warn_next(m->grain, on) - on) / 2);
}

/* The festival that is felt that day; nfestivals: none. */
static size_t
festival_near(const struct warn_model *m, int32_t day)
{
	size_t	f;

	for (f = 0; f < m->nfestivals; f++)
		if (day - m->festival[f] <= m->window_days && m->festival[f] - day <= m->window_days)
			return (f);
	return (m->nfestivals);
}

int32_t
warn_period(enum warn_grain grain, int32_t day)
{
	int	year, month, mday;

	switch (grain) {
	case WARN_WEEK:
		return (day - ((day + 3) % 7 + 7) % 7);	/* 1970-01-01 was a Thursday */
	case WARN_MONTH:
		day_split(day, &year, &month, &mday);
		return (day - mday + 1);
	case WARN_DAY:
		break;
	}
	return (day);
}

int32_t
warn_next(enum warn_grain grain, int32_t on)
{
	switch (grain) {
	case WARN_WEEK:
		return (on + 7);
	case WARN_MONTH:
		return (day_add_months(on, 1));
	case WARN_DAY:
		break;
	}
	return (on + 1);
}

int32_t
warn_reach(const struct warn_model *m, int32_t day)
{
	static const int	lengths[] = { [WARN_DAY] = 1, [WARN_WEEK] = 7, [WARN_MONTH] = 31 };
	int32_t			periods = (int32_t)m->periods * lengths[m->grain];
	int32_t			from = day;

	switch (m->kind) {
	case WARN_PREVIOUS:
		from = day - lengths[m->grain];
		break;
	case WARN_YEAR:
		from = day - 366;
		break;
	case WARN_SPRING:
		from = day - (int32_t)m->years * 366 - 31;	/* a festival moves by a month */
		break;
	case WARN_CUSUM:
		from = (m->start < day ? m->start : day) - (m->has_reference ? 0 : periods);
		break;
	case WARN_ZSCORE:
		from = day - periods;
		break;
	case WARN_THRESHOLD:
	case WARN_KINDS:
		break;
	}
	return (warn_period(m->grain, from));
}
