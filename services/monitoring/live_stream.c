/*
 * live_stream.c -- the live board's stream (server-sent events): a snapshot,
 * then what happens, each with its number in the log. Who comes again says the
 * last number it saw and is told exactly what came after it.
 *
 * Invariant: a board is sent the entries of the log in their order, each once,
 * as far as it may see them; one that cannot keep up is cut, not skipped.
 */
#include "live.h"
#include "monitoring.h"
#include "base/clock.h"
#include "co/co.h"
#include "conf/conf.h"
#include "loop/loop.h"
#include "svc/host.h"

#define BEAT_MS		10000
#define SNAPSHOT_MAX	((size_t)1 << 20)
#define REPLAY_MOST	20000	/* numbers behind: beyond, everything is told anew */
#define WHO_BYTES	64
#define CITY		"431100"

struct live_query {
	int64_t	after;
};

struct board {
	struct board		*next, **prevp;
	struct call		*c;
	struct co		*co;
	struct live_state	*state;
	enum live_view		 view;
	uint64_t		 at;		/* the next entry of the ring */
	int64_t			 seen;		/* all of the log up to here was sent, or is not for it */
	int64_t			 until_us;	/* real time */
	int64_t			 beat_us;	/* when it must be told something */
	char			 who[WHO_BYTES];
};

static int	live_stream(struct call *);
static int	live_admit(struct call *, struct board *);
static int	later(struct call *, enum error_code, const char *);
static int	live_since(struct call *, int64_t *);
static int	live_serve(struct call *, struct board *, int64_t);
static enum live_view view_of(struct call *);
static void	who_of(struct call *, char who[WHO_BYTES]);
static int	board_begin(struct board *, int64_t);
static int	board_anew(struct board *);
static int	board_run(struct board *);
static int	board_wait(struct board *);
static int	send_entry(void *, const struct live_entry *);
static int	send_text(struct board *, const char *);
static int	bye(struct board *, const char *);
static bool	sees(void *, const char *);
static void	wake_all(void);

static const struct field live_query_fields[] = {
	FIELD_INT(live_query, after, OPTIONAL, 1, INT64_MAX, "已收到的最后一个事件号（同 Last-Event-ID）"),
	FIELD_END
};

const struct route live_routes[] = {
	{ .name = "live_stream", .method = METHOD_GET, .path = "/v1/monitoring/live/stream",
	  .callers = ROLE_FIGURES | ROLE_ANYONE, .scope = SCOPE_CALLER, .action = "monitoring.live.watch",
	  .query = INPUT(live_query, live_query_fields), .media = "text/event-stream",
	  .handler = live_stream, .limit = LIMIT_READ,
	  .zh = "实时看板事件流（Server-Sent Events）：计数与预警；断线后以 Last-Event-ID 续传",
	  .en = "The live board's stream (server-sent events): counters and alerts, resumed by Last-Event-ID" },
	{ .name = "live_page", .method = METHOD_GET, .path = "/v1/monitoring/live/page",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "monitoring.live.watch",
	  .media = "text/html", .handler = live_page, .limit = LIMIT_READ,
	  .zh = "实时看板页面（大屏）", .en = "The live board's page" },
	ROUTE_END
};

static struct board	*boards;

int
live_start(void)
{
	live_on_news(wake_all);
	return (live_page_start());
}

static int
live_stream(struct call *c)
{
	struct board	 b = { .c = c, .co = co_self() };
	int64_t		 after;
	int		 status;

	if ((status = live_since(c, &after)) != 0 || (status = live_admit(c, &b)) != 0)
		return (status);
	if ((b.next = boards) != NULL)
		boards->prevp = &b.next;
	b.prevp = &boards;
	boards = &b;
	status = live_serve(c, &b, after);
	if ((*b.prevp = b.next) != NULL)
		b.next->prevp = b.prevp;
	return (status);
}

/* The number after which to go on; 0: from now. What says a browser by itself comes first. */
static int
live_since(struct call *c, int64_t *after)
{
	const struct live_query	*q = c->query;
	const struct span	*id = http1_header(c->head, "last-event-id");
	size_t			 i;

	*after = q->after;
	if (id == NULL || id->len == 0)
		return (0);
	for (*after = 0, i = 0; i < id->len; i++) {
		if (id->p[i] < '0' || id->p[i] > '9' || i > 17)
			return (call_reject(c, ERR_BAD_REQUEST, "Last-Event-ID"));
		*after = *after * 10 + (id->p[i] - '0');
	}
	return (0);
}

/* A bound for all, and one for each. */
static int
live_admit(struct call *c, struct board *b)
{
	const struct board	*o;
	int64_t			 all = 0, own = 0;

	who_of(c, b->who);
	for (o = boards; o != NULL; o = o->next) {
		all++;
		own += strcmp(o->who, b->who) == 0;
	}
	if (own >= conf_int(CONF_LIVE_STREAMS_EACH))
		return (later(c, ERR_LIMITED, "10"));
	if (all >= conf_int(CONF_LIVE_STREAMS) || svc_draining())
		return (later(c, ERR_BUSY, "5"));
	return (0);
}

static int
later(struct call *c, enum error_code code, const char *after_s)
{
	int	status = call_reject(c, code, NULL);

	call_header(c, "Retry-After", after_s);
	return (status);
}

static int
live_serve(struct call *c, struct board *b, int64_t after)
{
	int64_t	expires_us = c->principal->expires_us;

	if ((b->state = live_open()) == NULL)
		return (later(c, ERR_DOWN, "2"));
	b->view = view_of(c);
	b->until_us = clock_real_us() + conf_int(CONF_LIVE_STREAM_S) * 1000000;
	if (c->principal->roles != 0 && expires_us < b->until_us)
		b->until_us = expires_us;
	call_header(c, "X-Accel-Buffering", "no");
	if (call_stream(c, "text/event-stream") == 0 && c->head->method != METHOD_HEAD &&
	    board_begin(b, after) == 0 && board_run(b) == -1)
		call_stream_cut(c);
	live_shut();
	return (200);
}

static enum live_view
view_of(struct call *c)
{
	uint32_t	roles = c->principal->roles & ROLE_FIGURES;

	if (roles == 0 || call_areas(c)[0] == '\0')
		return (LIVE_PUBLIC);
	if (roles == ROLE_STATS)
		return (LIVE_STATS);
	return (call_in_area(c, CITY) ? LIVE_CITY : LIVE_COUNTY);
}

static void
who_of(struct call *c, char who[WHO_BYTES])
{
	const char	*address;
	size_t		 len;

	if (!uuid_is_nil(&c->principal->subject)) {
		(void)uuid_format(&c->principal->subject, who);
		return;
	}
	address = call_address(c, &len);
	(void)snprintf(who, WHO_BYTES, "%.*s", (int)len, address);
}

/* Brings it to the ring: by what it missed, or by everything as it is now. -1: to be ended. */
static int
board_begin(struct board *b, int64_t after)
{
	struct live_ring	*r = &b->state->ring;

	if (send_text(b, "retry: 2000\n\n") == -1)
		return (-1);
	if (after <= 0 || after > r->head || r->head - after > REPLAY_MOST)
		return (board_anew(b));
	b->seen = after;
	while (!live_ring_after(r, b->seen, &b->at)) {
		/* the ring began anew elsewhere, or the log cannot be read */
		if (b->seen > r->head || (after = live_replay(b->seen, send_entry, b)) <= b->seen)
			return (-1);
		b->seen = after;
	}
	return (0);
}

/* Nothing may wait between the place and the text. */
static int
board_anew(struct board *b)
{
	struct buf	text;
	int		rc;

	buf_init(&text, SNAPSHOT_MAX);
	b->at = b->state->ring.end;
	b->seen = b->state->ring.head;
	live_snapshot(b->state, b->view, sees, b, &text);
	rc = buf_ok(&text) ? send_text(b, buf_cstr(&text)) : -1;
	buf_release(&text);
	return (rc);
}

/* 0: it ended as it should; -1: it is to be cut. */
static int
board_run(struct board *b)
{
	const struct live_entry	*e;

	while (!call_stream_gone(b->c)) {
		if (svc_draining())
			return (bye(b, "drain"));
		if (clock_real_us() >= b->until_us)
			return (bye(b, b->until_us == b->c->principal->expires_us ? "expired" : "renew"));
		if (b->at < b->state->ring.first)
			return (-1);
		if ((e = live_ring_at(&b->state->ring, b->at)) == NULL) {
			if (board_wait(b) == -1)
				return (-1);
			continue;
		}
		b->at++;
		if (e->is_logged)
			b->seen = e->seq;
		if (send_entry(b, e) == -1)
			return (-1);
	}
	return (-1);
}

/*
 * A beat names the place too: who was told nothing for long need not ask for
 * much. With it the caller is looked at again.
 */
static int
board_wait(struct board *b)
{
	int64_t	left_ms = (b->until_us - clock_real_us()) / 1000 + 1;
	int64_t	beat_ms = (b->beat_us - loop_now_us()) / 1000 + 1;
	char	text[64];

	b->seen = b->state->ring.head;
	if (beat_ms > 0) {
		(void)co_wait(left_ms < beat_ms ? left_ms : beat_ms);
		return (0);
	}
	if (!call_still(b->c)) {
		b->until_us = 0;
		return (0);
	}
	b->view = view_of(b->c);
	(void)snprintf(text, sizeof(text), ": beat\nid: %lld\n\n", (long long)b->seen);
	return (send_text(b, text));
}

static int
send_entry(void *arg, const struct live_entry *e)
{
	struct board	*b = arg;
	const char	*text = e->city_text;

	if (b->view == LIVE_CITY || (b->view == LIVE_COUNTY && sees(b, e->county)))
		text = e->county_text;
	else if (b->view == LIVE_STATS)
		text = e->stats_text;
	return (text != NULL ? send_text(b, text) : 0);
}

static int
send_text(struct board *b, const char *text)
{
	b->beat_us = loop_now_us() + BEAT_MS * 1000;
	return (call_stream_send(b->c, text, strlen(text)));
}

static int
bye(struct board *b, const char *reason)
{
	char	text[80];

	(void)snprintf(text, sizeof(text), "event: bye\ndata: {\"reason\":\"%s\"}\n\n", reason);
	return (send_text(b, text));
}

static bool
sees(void *arg, const char *county)
{
	struct board	*b = arg;

	return (b->view == LIVE_CITY || b->view == LIVE_STATS || call_in_area(b->c, county));
}

static void
wake_all(void)
{
	struct board	*b;

	for (b = boards; b != NULL; b = b->next)
		co_wake(b->co);
}
