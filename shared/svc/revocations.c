/*
 * revocations.c -- what was taken back, known in every program within two
 * seconds: heard on identity's channel, or read from its list.
 *
 * A message is applied at once and believed only to revoke: whoever can write
 * to our Redis could refuse somebody, never admit. That nothing is missing is
 * believed of order alone: each seq follows the last, each beat names the same
 * head, none is older than STALE_US. Otherwise identity's list is read, and once
 * a minute in any case, so a forged seq hides nothing for longer.
 *
 * Invariant: feed.known_us is a moment before which nothing was revoked that
 * this program does not refuse.
 */
#include "svc/svc_priv.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"
#include "co/co.h"
#include "conf/conf.h"

#define STALE_US	1500000		/* identity beats every half second */
#define POLL_MS		1000		/* while stale */
#define POLL_REST_MS	5000		/* of a program that asks about each token besides */
#define FIRST_RETRY_MS	50
#define ASK_MS		800
#define RECHECK_US	INT64_C(60000000)
#define AHEAD_US	INT64_C(5000000)	/* clocks of two machines */
#define SECOND_US	INT64_C(1000000)

static void	feed_event(const struct event *);
static void	feed_beat(int64_t);
static void	feed_link(bool);
static void	feed_heard(void);
static void	feed_settle(void);
static void	feed_wake(void);
static void	feed_run(void *);
static int64_t	feed_pause_ms(void);
static int	feed_read(void);
static int64_t	pages_read(struct arena *, int64_t);
static struct json *page_get(struct arena *, int64_t, int64_t);
static bool	page_apply(const struct json *);
static bool	revoke(const struct json *);
static int64_t	feed_metric(void);

static struct {
	int64_t		 done;		/* identity's log is known up to here */
	int64_t		 head;		/* and reaches to here, as far as was heard */
	int64_t		 from, to;	/* heard last, without a gap between */
	int64_t		 known_us;	/* real time; 0: nothing was ever read */
	int64_t		 answered_us;	/* real time: identity knew a token we asked about */
	int64_t		 heard_us;	/* loop's time of the last message */
	int64_t		 read_us;	/* loop's time of the last whole reading */
	bool		 link;		/* messages can come */
	bool		 ask;		/* the link came up: something may be missing */
	bool		 failing;	/* identity did not answer last time */
	bool		 waiting;
	struct co	*co;
} feed;

static struct listener	 ears = {
	.source = "identity", .event = feed_event, .beat = feed_beat, .link = feed_link
};
static struct metric	 state = {
	.name = "yjy_revocations_state", .kind = METRIC_GAUGE, .read = feed_metric,
	.help = "Revocations: 0 heard live, 1 asked for, 2 unknown."
};

void
revocations_listen(void)
{
	metric_register(&state);
	events_listen(&ears);
}

void
revocations_start(void)
{
	if (co_start(feed_run, NULL) == -1)
		log_die("svc: revocations cannot be followed");
}

enum svc_feed
svc_feed(void)
{
	if (feed.link && !feed.ask && feed.done == feed.head && feed.known_us > 0 &&
	    loop_now_us() - feed.heard_us < STALE_US)
		return (FEED_LIVE);
	return (feed.failing || feed.known_us == 0 ? FEED_BLIND : FEED_DEGRADED);
}

const char *
feed_name(enum svc_feed f)
{
	return (f == FEED_LIVE ? "live" : f == FEED_DEGRADED ? "degraded" : "blind");
}

int64_t
svc_feed_known_us(void)
{
	return (feed.known_us);
}

bool
svc_feed_lost(void)
{
	int64_t	last_us = feed.known_us > feed.answered_us ? feed.known_us : feed.answered_us;

	return (clock_real_us() - last_us > conf_int(CONF_BLIND_S) * SECOND_US);
}

/* Asking about tokens is knowing too, but not of all: only the limit moves. */
void
svc_feed_asked(int64_t at_us, bool answered)
{
	feed.failing = !answered;
	if (answered)
		feed.answered_us = at_us;
}

/* ---- hearing ---- */

static void
feed_event(const struct event *ev)
{
	if (strcmp(ev->type, event_name(EV_ACCESS_REVOKED)) == 0)
		(void)revoke(ev->data);
	if (ev->seq != feed.to + 1)
		feed.from = ev->seq;
	feed.to = ev->seq;
	if (ev->seq > feed.head)
		feed.head = ev->seq;
	feed_heard();
}

static void
feed_beat(int64_t head)
{
	feed.head = head;
	feed_heard();
}

static void
feed_heard(void)
{
	feed.heard_us = loop_now_us();
	feed_settle();
	if (feed.done != feed.head || feed.ask)
		feed_wake();
	else if (feed.link)
		feed.known_us = clock_real_us();
}

/* What was heard in a row counts when it joins what is known. */
static void
feed_settle(void)
{
	if (feed.done >= feed.from - 1 && feed.done < feed.to)
		feed.done = feed.to;
}

/* Up: something may have been missed meanwhile. Down: asking begins. */
static void
feed_link(bool up)
{
	feed.link = up;
	feed.ask = feed.ask || up;
	feed_wake();
}

static void
feed_wake(void)
{
	if (feed.waiting)
		co_wake(feed.co);
}

/* ---- reading ---- */

static void
feed_run(void *arg UNUSED)
{
	feed.co = co_self();
	for (;;) {
		if (svc_feed() != FEED_LIVE || loop_now_us() - feed.read_us > RECHECK_US)
			feed.failing = feed_read() == -1;
		feed.waiting = true;
		(void)co_wait(feed_pause_ms());
		feed.waiting = false;
	}
}

static int64_t
feed_pause_ms(void)
{
	if (feed.known_us == 0 || (feed.done < feed.head && !feed.failing))
		return (FIRST_RETRY_MS);
	if (svc_feed() == FEED_LIVE)
		return (STALE_US / 1000 / 3);
	return (svc_self->confirms && !feed.ask ? POLL_REST_MS : POLL_MS);
}

static int
feed_read(void)
{
	int64_t		 begun_us = clock_real_us(), heard = feed.head, head;
	bool		 ask = feed.ask;
	struct arena	 a;

	arena_init(&a);
	feed.ask = false;
	head = pages_read(&a, feed.done);
	arena_release(&a);
	if (head == -1) {
		feed.ask = feed.ask || ask;
		return (-1);
	}
	if (head < feed.done)
		feed.done = 0;		/* a log that begins anew: all of it is read next */
	else {
		feed.done = head;
		feed.known_us = begun_us;
		feed.read_us = loop_now_us();
	}
	feed_settle();
	if (feed.head == heard || feed.head < feed.done)
		feed.head = head;	/* the list is right, whatever was heard before */
	return (0);
}

/*
 * Reads on behind `after`, or all that still matters when that is 0. Returns
 * where identity's log ended; -1: no answer.
 */
static int64_t
pages_read(struct arena *a, int64_t after)
{
	int64_t		 row = 0, head = -1, h;
	struct json	*page;
	bool		 more;

	do {
		arena_clear(a);
		if ((page = page_get(a, after, row)) == NULL || !page_apply(page) ||
		    !json_integer(json_get(page, "head"), &h))
			return (-1);
		more = json_is_true(json_get(page, "more"));
		if (head == -1 || after > 0)
			head = h;
		if (after > 0)
			after = h;
		else if (more && !json_integer(json_get(page, "row"), &row))
			return (-1);
	} while (more);
	return (head);
}

static struct json *
page_get(struct arena *a, int64_t after, int64_t row)
{
	struct upstream		*identity = svc_peer("identity");
	const char		*token = mint_service(a, svc_name());
	struct http_result	 r;

	if (identity == NULL || token == NULL)
		return (NULL);
	if (http_call(a, identity, METHOD_GET,
	    arena_printf(a, "/internal/revocations?after=%lld&row=%lld", (long long)after,
	    (long long)row), arena_printf(a, "Authorization: Bearer %s\r\n", token),
	    NULL, 0, ASK_MS, &r) == -1 || r.status != 200)
		return (NULL);
	return (json_parse(a, r.body.p, r.body.len));
}

static bool
page_apply(const struct json *page)
{
	const struct json	*items = json_get(page, "items");
	size_t			 i;

	if (!json_is_array(items))
		return (false);
	for (i = 0; i < json_count(items); i++)
		if (!revoke(json_at(items, i)))
			return (false);
	return (true);
}

/* A moment that lies ahead would refuse tokens not yet made: it is cut to now. */
static bool
revoke(const struct json *what)
{
	const char	*id_text = json_string(json_get(what, "id"));
	const char	*until = json_string(json_get(what, "until_at"));
	int64_t		 until_us, most_us = clock_real_us() + AHEAD_US;
	struct uuid	 id;

	if (id_text == NULL || until == NULL || !uuid_parse(id_text, &id) ||
	    (until_us = instant_parse(until)) == INT64_MIN)
		return (false);
	auth_revoke(&id, until_us < most_us ? until_us : most_us);
	return (true);
}

static int64_t
feed_metric(void)
{
	return ((int64_t)svc_feed());
}
