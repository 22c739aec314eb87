/*
 * warn_backtest.c -- alarms of the past, and what they hit.
 */
#include "warn_backtest.h"

static void	alarms_find(struct warn_trial *);
static void	episode_judge(struct warn_trial *, struct warn_episode *);
static bool	meets(const struct warn_trial *, const struct warn_alarm *, const struct warn_episode *);

void
warn_try(struct warn_trial *t)
{
	size_t	i;

	t->hits = t->misses = t->false_alarms = t->leads = 0;
	alarms_find(t);
	for (i = 0; i < t->nepisodes; i++)
		episode_judge(t, &t->episodes[i]);
	for (i = 0; i < t->nalarms; i++)
		t->false_alarms += !t->alarms[i].hit;
}

/* Starts from no colour; a period of which too little is known changes nothing. */
static void
alarms_find(struct warn_trial *t)
{
	enum warn_colour	 now = WARN_CLEAR, was;
	struct warn_alarm	*a = NULL;
	int32_t			 judged;
	int64_t			 score;
	size_t			 i;

	t->nalarms = 0;
	for (i = 0; i < t->npoints; i++) {
		if (t->points[i].on < t->from || t->points[i].on > t->to ||
		    !warn_score(t->model, t->points, t->npoints, i, &score))
			continue;
		was = now;
		now = warn_colour_after(t->model, was, score);
		judged = warn_next(t->model->grain, t->points[i].on) + (int32_t)t->model->wait_days;
		if (now != WARN_CLEAR && was == WARN_CLEAR) {
			a = &t->alarms[t->nalarms++];
			*a = (struct warn_alarm){ .from = judged, .until = DAY_NONE, .peak = now };
		} else if (now == WARN_CLEAR && was != WARN_CLEAR)
			a->until = judged;
		else if (a != NULL && now > a->peak)
			a->peak = now;
	}
}

static void
episode_judge(struct warn_trial *t, struct warn_episode *e)
{
	size_t	i;

	e->hit = false;
	for (i = 0; i < t->nalarms; i++) {
		if (!meets(t, &t->alarms[i], e))
			continue;
		t->alarms[i].hit = true;
		if (!e->hit) {
			e->hit = true;
			e->lead = e->from - t->alarms[i].from;
			t->leads += e->lead;
		}
	}
	t->hits += e->hit;
	t->misses += !e->hit;
}

static bool
meets(const struct warn_trial *t, const struct warn_alarm *a, const struct warn_episode *e)
{
	return (a->from <= e->to && (a->until == DAY_NONE || a->until + t->lead_days > e->from));
}

bool
warn_episodes_read(struct arena *a, const struct json *list, struct warn_episode **episodes, size_t *n)
{
	size_t	i;

	*n = json_count(list);
	*episodes = arena_alloc(a, (*n + 1) * sizeof(**episodes));
	for (i = 0; i < *n; i++) {
		const struct json	*row = json_at(list, i);
		const char		*from = json_string(json_at(row, 0)), *to = json_string(json_at(row, 1));

		if (from == NULL || to == NULL)
			return (false);
		(*episodes)[i] = (struct warn_episode){ .from = day_parse(from), .to = day_parse(to),
		    .title = json_string(json_at(row, 2)) };
	}
	return (json_is_array(list));
}
