/*
 * events_source.c -- one producer followed by one coroutine.
 *
 * It does whatever is due, one thing at a time: load its position, apply what
 * is next, read the log when something is known or suspected to be missing,
 * save a position that only skipped. Invariant: an event is handed on only
 * when every lower seq is done, wherever it came from; so loss, repetition
 * and disorder on the bus cost time and nothing else.
 */
#include "auth/auth.h"
#include "base/clock.h"
#include "base/log.h"
#include "co/co.h"
#include "events/events_priv.h"
#include "http/http.h"

#define POLL_US		500000		/* without a bell */
#define POLL_PUSHED_US	5000000		/* with one: a safety net */
#define FRESH_US	3000000		/* a heartbeat older than this is no bell */
#define SAVE_US		2000000		/* a position that only skipped */
#define SAVE_SKIPPED	1000
#define PAGE_MS		3000
#define RETRY_FIRST_MS	50
#define RETRY_LAST_MS	2000

static void	source_run(void *);
static int	source_step(struct ev_source *, struct arena *, bool *idle);
static void	source_wait(struct ev_source *, int64_t);
static int64_t	source_rest_ms(const struct ev_source *);
static bool	source_pushed(const struct ev_source *);
static void	source_head(struct ev_source *, int64_t);
static bool	source_behind(const struct ev_source *);
static bool	source_unsaved(const struct ev_source *);
static int	apply_held(struct ev_source *, struct arena *);
static int	page_read(struct ev_source *, struct arena *);
static struct json *page_get(struct ev_source *, struct arena *);
static int	page_apply(struct ev_source *, struct arena *, const struct json *);
static bool	batch_add(struct ev_source *, struct arena *, struct ev_batch *, struct json *);
static void	metrics_start(struct ev_source *);

int
ev_source_start(struct ev_source *s)
{
	metrics_start(s);
	return (co_start(source_run, s));
}

static void
metrics_start(struct ev_source *s)
{
	(void)snprintf(s->label, sizeof(s->label), "source=\"%s\"", s->name);
	s->applied = (struct metric){ .name = "yjy_events_applied_total",
	    .help = "Events applied.", .labels = s->label, .kind = METRIC_COUNTER };
	s->parked_total = (struct metric){ .name = "yjy_events_parked_total",
	    .help = "Events parked: their content could not be applied.",
	    .labels = s->label, .kind = METRIC_COUNTER };
	s->lag = (struct metric){ .name = "yjy_events_lag",
	    .help = "Events known at the producer and not done here.",
	    .labels = s->label, .kind = METRIC_GAUGE };
	s->delay = (struct metric){ .name = "yjy_events_delay_seconds",
	    .help = "From the producer's change to its effect here.",
	    .labels = s->label, .kind = METRIC_HISTOGRAM };
	metric_register(&s->applied);
	metric_register(&s->parked_total);
	metric_register(&s->lag);
	metric_register(&s->delay);
}

/* ---- what is known ---- */

int64_t
ev_source_last(const struct ev_source *s)
{
	return (s->order.next - 1);
}

bool
ev_source_current(const struct ev_source *s)
{
	return (s->asked_us != 0 && s->head <= ev_source_last(s));
}

/* Its relay rings: polling is only a safety net. */
static bool
source_pushed(const struct ev_source *s)
{
	return (ev_bus_up() && loop_now_us() - s->heard_us < FRESH_US);
}

static void
source_head(struct ev_source *s, int64_t head)
{
	s->head = head;
	s->lag.value = head > ev_source_last(s) ? head - ev_source_last(s) : 0;
}

/* Done up to here; `saved` of it is in the database. */
void
ev_source_moved(struct ev_source *s, int64_t done, int64_t saved)
{
	ev_order_move(&s->order, done + 1);
	s->saved = saved;
	if (done == saved)
		s->skipped_us = 0;
	else if (s->skipped_us == 0)
		s->skipped_us = loop_now_us();
	source_head(s, s->head);
}

static bool
source_behind(const struct ev_source *s)
{
	int64_t	every = source_pushed(s) ? POLL_PUSHED_US : POLL_US;

	return (s->ask || s->head > ev_source_last(s) ||
	    loop_now_us() - s->asked_us >= every);
}

static bool
source_unsaved(const struct ev_source *s)
{
	int64_t	skipped = ev_source_last(s) - s->saved;

	return (skipped >= SAVE_SKIPPED ||
	    (skipped > 0 && loop_now_us() - s->skipped_us >= SAVE_US));
}

/* ---- the coroutine ---- */

static void
source_run(void *arg)
{
	struct ev_source	*s = arg;
	struct arena		 a;
	int64_t			 retry_ms = 0;
	bool			 idle;

	s->co = co_self();
	arena_init(&a);
	for (;;) {
		idle = false;
		if (source_step(s, &a, &idle) == 0) {
			retry_ms = 0;
			if (idle)
				source_wait(s, source_rest_ms(s));
		} else {
			retry_ms = retry_ms == 0 ? RETRY_FIRST_MS : retry_ms * 2;
			if (retry_ms > RETRY_LAST_MS)
				retry_ms = RETRY_LAST_MS;
			co_sleep(retry_ms);
		}
		arena_clear(&a);
	}
}

static int
source_step(struct ev_source *s, struct arena *a, bool *idle)
{
	if (!s->loaded)
		return (ev_load(s, a));
	if (ev_order_ready(&s->order))
		return (apply_held(s, a));
	if (source_unsaved(s))
		return (ev_save(s, a));
	if (source_behind(s))
		return (page_read(s, a));
	*idle = true;
	return (0);
}

/* Until the next thing is due by time alone. */
static int64_t
source_rest_ms(const struct ev_source *s)
{
	int64_t	until = s->asked_us + POLL_US;

	if (source_pushed(s)) {
		until = s->asked_us + POLL_PUSHED_US;
		if (until > s->heard_us + FRESH_US)
			until = s->heard_us + FRESH_US;
	}
	if (s->saved < ev_source_last(s) && until > s->skipped_us + SAVE_US)
		until = s->skipped_us + SAVE_US;
	until = (until - loop_now_us()) / 1000 + 1;
	return (until < 1 ? 1 : until);
}

static void
source_wait(struct ev_source *s, int64_t ms)
{
	s->waiting = true;
	(void)co_wait(ms);
	s->waiting = false;
}

void
ev_source_wake(struct ev_source *s)
{
	if (!s->waiting)
		return;
	s->waiting = false;
	co_wake(s->co);
}

/*
 * From the bus, on the main stack. The copy is kept until its turn; a text
 * that is not sound only means that the log will be asked.
 */
void
ev_source_message(struct ev_source *s, const char *text, size_t len)
{
	struct ev_note	note;
	struct arena	a;
	bool		sound;

	arena_init(&a);
	sound = ev_note_parse(&a, text, len, s->name, &note);
	arena_release(&a);
	if (!sound) {
		log_warn("events: unreadable text on %s, %zu bytes", s->channel, len);
		return;
	}
	s->heard_us = loop_now_us();
	if (note.seq > 0)
		(void)ev_order_put(&s->order, note.seq, text, len);
	if (note.seq > s->head || note.head > s->head)
		source_head(s, note.seq > note.head ? note.seq : note.head);
	if (ev_order_ready(&s->order) || s->head > ev_source_last(s))
		ev_source_wake(s);
}

/* ---- what arrived by itself ---- */

/* Unwanted types are passed over; a text that turns out unsound is left to the log. */
static bool
batch_add(struct ev_source *s, struct arena *a, struct ev_batch *b, struct json *j)
{
	struct event	*ev = &b->list[b->count];
	const char	*type = json_string(json_get(j, "type"));
	int64_t		 seq;

	if (type == NULL || !json_integer(json_get(j, "seq"), &seq) || seq != b->upto + 1)
		return (false);
	if (s->wanted[ev_type(type)] != NULL) {
		if (!ev_decode(a, j, s->name, ev))
			return (false);
		b->count++;
	}
	b->upto = seq;
	return (true);
}

static int
apply_held(struct ev_source *s, struct arena *a)
{
	struct ev_batch	*b = arena_alloc(a, sizeof(*b));
	struct json	*j;
	const char	*text;
	size_t		 len;

	b->count = 0;
	b->upto = ev_source_last(s);
	while (b->count < EV_BATCH &&
	    (text = ev_order_at(&s->order, b->upto + 1, &len)) != NULL) {
		j = json_parse(a, text, len);
		if (j == NULL || !batch_add(s, a, b, j))
			break;
	}
	if (b->upto == ev_source_last(s)) {	/* the one in turn is unsound */
		ev_order_release(&s->order);
		return (page_read(s, a));
	}
	return (ev_apply(s, a, b));
}

/* ---- what must be asked for ---- */

/* The log is the truth: heads rung before this question are forgotten. */
static int
page_read(struct ev_source *s, struct arena *a)
{
	struct json	*page;
	int64_t		 head;

	s->head = 0;
	s->ask = false;
	if ((page = page_get(s, a)) == NULL || !json_integer(json_get(page, "head"), &head)) {
		s->ask = true;
		if (s->failures++ == 0)
			log_warn("events: the log of %s cannot be read", s->name);
		return (-1);
	}
	if (s->failures > 0)
		log_info("events: the log of %s can be read again", s->name);
	s->failures = 0;
	s->asked_us = loop_now_us();
	if (head < ev_source_last(s))
		log_error("events: the log of %s ends at %lld, %lld were read already",
		    s->name, (long long)head, (long long)ev_source_last(s));
	source_head(s, head > s->head ? head : s->head);
	return (page_apply(s, a, json_get(page, "items")));
}

static struct json *
page_get(struct ev_source *s, struct arena *a)
{
	const char		*token = mint_service(a, ev_self()), *path, *header;
	struct http_result	 r;

	if (token == NULL)
		return (NULL);
	header = arena_printf(a, "Authorization: Bearer %s\r\n", token);
	path = arena_printf(a, "/internal/events?after=%lld&limit=%d",
	    (long long)ev_source_last(s), EV_PAGE);
	if (http_call(a, s->peer, METHOD_GET, path, header, NULL, 0,
	    PAGE_MS, &r) == -1 || r.status != 200)
		return (NULL);
	return (json_parse(a, r.body.p, r.body.len));
}

static int
page_apply(struct ev_source *s, struct arena *a, const struct json *items)
{
	struct ev_batch	*b = arena_alloc(a, sizeof(*b));
	size_t		 i = 0, n = json_count(items);

	while (i < n && s->loaded) {
		b->count = 0;
		b->upto = ev_source_last(s);
		while (i < n && b->count < EV_BATCH && batch_add(s, a, b, json_at(items, i)))
			i++;
		if (b->upto == ev_source_last(s)) {
			log_error("events: the log of %s is not dense after %lld",
			    s->name, (long long)b->upto);
			return (-1);
		}
		if (ev_apply(s, a, b) == -1)
			return (-1);
	}
	return (0);
}
