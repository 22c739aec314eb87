/*
 * rights.c -- a program tells identity its rows, and follows what is withdrawn
 * from them: it is told of a change on identity's channel and then asks for the
 * whole short list. A gap in what it hears, a beat that names another head, a
 * lost link: it asks too; without Redis every second, and once a minute anyway,
 * for days begin and end.
 *
 * Invariant: the last good list holds until a better one was read.
 */
#include "svc/svc_priv.h"
#include "base/log.h"
#include "co/co.h"
#include "http/rights.h"

#define RETRY_MS	300
#define POLL_MS		1000
#define REST_MS		60000
#define ASK_MS		1500
#define ROWS_MAX	((size_t)1 << 20)

static void	rights_event(const struct event *);
static void	rights_beat(int64_t);
static void	rights_link(bool);
static void	rights_wake(void);
static void	rights_follow(void *);
static bool	rights_tell(void);
static bool	rights_fetch(void);
static int	ask(struct arena *, enum method, const char *, const struct buf *,
		    struct http_result *);

static struct {
	int64_t		 seq;		/* identity's log was heard up to here */
	bool		 link, stale, waiting;
	struct co	*co;
} state = { .stale = true };

static struct listener	ears = {
	.source = "identity", .event = rights_event, .beat = rights_beat, .link = rights_link
};

void
rights_listen(void)
{
	events_listen(&ears);
}

void
rights_start(void)
{
	if (co_start(rights_follow, NULL) == -1)
		log_die("svc: rights cannot be followed");
}

static void
rights_event(const struct event *ev)
{
	bool	gap = ev->seq != state.seq + 1;

	if (ev->seq > state.seq)
		state.seq = ev->seq;
	if (gap || strcmp(ev->type, event_name(EV_RIGHTS_CHANGED)) == 0)
		rights_wake();
}

static void
rights_beat(int64_t head)
{
	if (head == state.seq)
		return;
	state.seq = head;
	rights_wake();
}

static void
rights_link(bool up)
{
	state.link = up;
	rights_wake();
}

static void
rights_wake(void)
{
	state.stale = true;
	if (state.waiting)
		co_wake(state.co);
}

static void
rights_follow(void *arg UNUSED)
{
	state.co = co_self();
	while (!svc_draining() && !rights_tell())
		co_sleep(RETRY_MS);
	while (!svc_draining()) {
		state.stale = false;
		state.stale = !rights_fetch() || state.stale;
		state.waiting = true;
		(void)co_wait(state.stale ? RETRY_MS : state.link ? REST_MS : POLL_MS);
		state.waiting = false;
	}
}

static bool
rights_tell(void)
{
	struct http_result	r;
	struct arena		a;
	struct buf		b;
	bool			ok;

	arena_init(&a);
	buf_init(&b, ROWS_MAX);
	rights_actions(&b);
	ok = buf_ok(&b) && ask(&a, METHOD_POST, "/internal/actions", &b, &r) == 0 &&
	    r.status == 200;
	buf_release(&b);
	arena_release(&a);
	return (ok);
}

static bool
rights_fetch(void)
{
	struct http_result	r;
	struct arena		a;
	bool			ok;

	arena_init(&a);
	ok = ask(&a, METHOD_GET, "/internal/rights", NULL, &r) == 0 && r.status == 200 &&
	    rights_set(r.body.p, r.body.len) == 0;
	arena_release(&a);
	return (ok);
}

static int
ask(struct arena *a, enum method method, const char *path, const struct buf *body,
    struct http_result *r)
{
	struct upstream	*identity = svc_peer("identity");
	const char	*token = mint_service(a, svc_name());

	if (identity == NULL || token == NULL)
		return (-1);
	return (http_call(a, identity, method, path, arena_printf(a,
	    "Authorization: Bearer %s\r\n%s", token,
	    body != NULL ? "Content-Type: application/json\r\n" : ""),
	    body != NULL ? body->data : NULL, body != NULL ? body->len : 0, ASK_MS, r));
}
