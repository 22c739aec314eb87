/*
 * live_text.c -- what stands in an event of the board, for whom.
 *
 * Invariant: the city's text names no county and no alert; a statistician's
 * has no small number and no single addition.
 */
#include "live.h"
#include "base/clock.h"
#include "base/log.h"
#include "codes/codes.h"
#include "json/json.h"

#define CITY		"431100"
#define TEXT_MAX	((size_t)64 << 10)

static const struct live_counter *counter_of(const struct live_state *, const char *, const char *);
static void	counter_put(struct json_out *, const struct live_counter *, bool plain);
static char	*figure_text(const struct live_state *, const struct live_event *, const char *measure,
		    enum live_view);
static char	*alert_text(const struct live_event *);
static char	*taken(struct buf *);

void
live_event_read(struct arena *a, const struct db_rows *rows, size_t row, struct live_event *e)
{
	const char	*type = db_text(rows, row, "type");
	struct json	*data;

	memset(e, 0, sizeof(*e));
	e->seq = db_int(rows, row, "seq");
	e->recorded_us = db_int(rows, row, "recorded_us");
	e->key = db_text(rows, row, "key");
	e->payload = db_text(rows, row, "payload");
	e->is_alert = type != NULL && strncmp(type, "monitoring.alert.", 17) == 0;
	e->county = db_text(rows, row, "area_code");
	if (e->payload == NULL || (data = json_parse(a, e->payload, strlen(e->payload))) == NULL)
		return;
	if (json_string(json_get(data, "county_code")) != NULL)
		e->county = json_string(json_get(data, "county_code"));
	e->measure = json_string(json_get(data, "measure"));
	e->state = json_string(json_get(data, "state"));
	if (!json_integer(json_get(data, "added"), &e->added))
		e->added = 0;
	if (!json_integer(json_get(data, "revision"), &e->revision))
		e->revision = 0;
}

bool
live_entry_make(const struct live_state *s, const struct live_event *e, struct live_entry *out)
{
	memset(out, 0, sizeof(*out));
	out->seq = e->seq;
	out->is_logged = true;
	out->is_alert = e->is_alert;
	(void)snprintf(out->county, sizeof(out->county), "%s", e->county != NULL ? e->county : CITY);
	if (e->is_alert) {
		out->county_text = alert_text(e);
		return (out->county_text != NULL);
	}
	if (e->measure == NULL || counter_of(s, e->measure, CITY) == NULL)
		return (false);
	out->county_text = figure_text(s, e, e->measure, LIVE_COUNTY);
	out->city_text = figure_text(s, e, e->measure, LIVE_PUBLIC);
	out->stats_text = figure_text(s, e, e->measure, LIVE_STATS);
	return (true);
}

void
live_entry_free(struct live_entry *e)
{
	free(e->county_text);
	free(e->city_text);
	free(e->stats_text);
}

/* A counter that was found to be another: the log has no event of it. */
void
live_counter_entry(const struct live_state *s, const struct live_counter *c, struct live_entry *out)
{
	struct live_event	e = { .seq = s->ring.head, .county = c->area };
	bool			is_city = strcmp(c->area, CITY) == 0;

	memset(out, 0, sizeof(*out));
	out->seq = e.seq;
	(void)snprintf(out->county, sizeof(out->county), "%s", c->area);
	out->county_text = figure_text(s, &e, c->measure, LIVE_COUNTY);
	out->stats_text = figure_text(s, &e, c->measure, LIVE_STATS);
	if (is_city)
		out->city_text = figure_text(s, &e, c->measure, LIVE_PUBLIC);
}

static const struct live_counter *
counter_of(const struct live_state *s, const char *measure, const char *area)
{
	size_t	i;

	for (i = 0; i < s->ncounters; i++)
		if (strcmp(s->counter[i].measure, measure) == 0 && strcmp(s->counter[i].area, area) == 0)
			return (&s->counter[i]);
	return (NULL);
}

static char *
figure_text(const struct live_state *s, const struct live_event *e, const char *measure, enum live_view view)
{
	const struct live_counter	*city = counter_of(s, measure, CITY), *county = NULL;
	struct json_out			 j;
	struct buf			 b;

	if (view != LIVE_PUBLIC && e->county != NULL && strcmp(e->county, CITY) != 0)
		county = counter_of(s, measure, e->county);
	buf_init(&b, TEXT_MAX);
	buf_adds(&b, "event: counter\n");
	if (e->revision > 0)
		buf_addf(&b, "id: %lld\n", (long long)e->seq);
	buf_adds(&b, "data: ");
	json_out_init(&j, &b);
	json_open(&j, NULL);
	json_put_text(&j, "measure", measure);
	if (e->revision > 0) {
		json_put_int(&j, "revision", e->revision);
		json_put_instant(&j, "at", e->recorded_us);
	}
	if (county != NULL && view == LIVE_COUNTY && e->revision > 0)
		json_put_int(&j, "added", e->added);
	json_open_list(&j, "counters");
	if (city != NULL)
		counter_put(&j, city, true);
	if (county != NULL)
		counter_put(&j, county, view != LIVE_STATS);
	json_close_list(&j);
	json_close(&j);
	buf_adds(&b, "\n\n");
	return (taken(&b));
}

/* Not plain: a small number is null, and so is what one day brought. */
static void
counter_put(struct json_out *j, const struct live_counter *c, bool plain)
{
	json_open(j, NULL);
	json_put_text(j, "measure", c->measure);
	json_put_text(j, "name", c->name);
	json_put_text(j, "counts", c->counts);
	json_put_text(j, "area_code", c->area);
	json_put_text(j, "area_name", area_name(c->area));
	if (!plain && c->is_small)
		json_put_raw(j, "value", NULL);
	else
		json_put_int(j, "value", c->value);
	if (plain)
		json_put_int(j, "today", c->today);
	else
		json_put_raw(j, "today", NULL);
	json_close(j);
}

static char *
alert_text(const struct live_event *e)
{
	struct json_out	j;
	struct buf	b;

	buf_init(&b, TEXT_MAX);
	buf_addf(&b, "event: alert\nid: %lld\ndata: ", (long long)e->seq);
	json_out_init(&j, &b);
	json_open(&j, NULL);
	json_put_text(&j, "id", e->key);
	json_put_instant(&j, "at", e->recorded_us);
	json_put_raw(&j, "alert", e->payload);
	json_close(&j);
	buf_adds(&b, "\n\n");
	return (taken(&b));
}

/* A copy of just its size; NULL: it did not fit. */
static char *
taken(struct buf *b)
{
	char	*text = NULL;

	if (buf_ok(b) && (text = strdup(buf_cstr(b))) == NULL)
		log_die("monitoring: out of memory");
	buf_release(b);
	return (text);
}

void
live_snapshot(const struct live_state *s, enum live_view view,
    bool (*sees)(void *, const char *), void *arg, struct buf *b)
{
	struct json_out	j;
	size_t		i;

	buf_addf(b, "event: snapshot\nid: %lld\ndata: ", (long long)s->ring.head);
	json_out_init(&j, b);
	json_open(&j, NULL);
	json_put_int(&j, "seq", s->ring.head);
	json_put_instant(&j, "at", clock_real_us());
	json_put_day(&j, "today", s->today);
	json_open_list(&j, "counters");
	for (i = 0; i < s->ncounters; i++)
		if (strcmp(s->counter[i].area, CITY) == 0 ||
		    (view != LIVE_PUBLIC && sees(arg, s->counter[i].area)))
			counter_put(&j, &s->counter[i],
			    view != LIVE_STATS || strcmp(s->counter[i].area, CITY) == 0);
	json_close_list(&j);
	json_open_list(&j, "alerts");
	for (i = 0; i < s->nalerts && view >= LIVE_COUNTY; i++) {
		if (!sees(arg, s->alert[i].county))
			continue;
		json_open(&j, NULL);
		json_put_text(&j, "id", s->alert[i].id);
		json_put_raw(&j, "alert", s->alert[i].data);
		json_close(&j);
	}
	json_close_list(&j);
	json_close(&j);
	buf_adds(b, "\n\n");
}
