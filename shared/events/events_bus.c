/*
 * events_bus.c -- Redis as a bell: one connection publishes, one listens.
 *
 * Nothing here is durable and nothing depends on it: a text that cannot be
 * sent now is dropped, because the log has it. Invariant: a lost, silent or
 * clogged connection is closed and tried again, 50 ms to 1 s apart, and the
 * loop never waits for Redis.
 *
 * hiredis owns its sockets, so they are watched level-triggered. It asks to
 * write after every command; that is put off to the end of the turn, which
 * makes all texts of a turn one send.
 */
#include <netdb.h>
#include <sys/socket.h>

#include <hiredis/hiredis.h>
#include <hiredis/async.h>

#include "base/log.h"
#include "events/events_priv.h"

#define RETRY_FIRST_MS	50
#define RETRY_LAST_MS	1000
#define SILENT_US	5000000		/* no message, no answer: not a connection */
#define WATCHDOG_MS	1000
#define CONNECT_US	2000000
#define UNANSWERED_MAX	10000
#define CHANNELS_MAX	16
#define ANSWER_MAX	128	/* integers of one reply */

struct link {
	const char		*name;
	redisAsyncContext	*ac;		/* NULL: between two attempts */
	struct watch		*watch;
	struct timer		 retry;
	int64_t			 retry_ms;
	int64_t			 begun_us;	/* of this attempt */
	int64_t			 heard_us;	/* last reply or message */
	size_t			 unanswered;	/* commands sent without an answer yet */
	bool			 up;
	bool			 dirty;		/* has output to write at the end of the turn */
	bool			 flushing;
};

static int	address_parse(const char *);
static int	address_resolve(const char *, size_t, const char *);
static void	link_open(void *);
static void	link_attach(struct link *);
static void	link_ready(void *, int);
static void	link_connected(const redisAsyncContext *, int);
static void	link_disconnected(const redisAsyncContext *, int);
static void	link_lost(struct link *);
static void	link_drop(struct link *, const char *);
static void	link_add_write(void *);
static void	link_del_write(void *);
static void	link_cleanup(void *);
static void	link_keep(void *);
static void	flush(void);
static void	subscribe_all(void);
static void	on_message(redisAsyncContext *, void *, void *);
static void	on_published(redisAsyncContext *, void *, void *);
static void	on_answer(redisAsyncContext *, void *, void *);
static void	watchdog(void *);

static const struct ev_bus	*bus;
static char			 host[256];	/* numeric address, or the path of a socket */
static int			 port;		/* 0: a socket */
static struct link		 sender = { .name = "publish" };
static struct link		 listener = { .name = "subscribe" };
static const char		*channels[CHANNELS_MAX];
static size_t			 nchannels;
static bool			 sends;
static struct timer		 watch_timer;

int
ev_bus_start(const char *address, const struct ev_bus *handlers, bool publishes)
{
	bus = handlers;
	sends = publishes;
	if (address_parse(address) == -1) {
		log_error("events: %s is not an address of Redis", address);
		return (-1);
	}
	timer_init(&sender.retry, link_open, &sender);
	timer_init(&listener.retry, link_open, &listener);
	timer_init(&watch_timer, watchdog, NULL);
	timer_arm(&watch_timer, WATCHDOG_MS);
	loop_at_end(flush);
	if (sends)
		link_open(&sender);
	if (nchannels > 0)
		link_open(&listener);
	return (0);
}

bool
ev_bus_up(void)
{
	return ((!sends || sender.up) && (nchannels == 0 || listener.up));
}

bool
ev_bus_listening(void)
{
	return (listener.up);
}

bool
ev_bus_subscribe(const char *channel)
{
	size_t	i;

	for (i = 0; i < nchannels; i++)
		if (strcmp(channels[i], channel) == 0)
			return (false);
	if (nchannels == CHANNELS_MAX)
		log_die("events: more than %d channels", CHANNELS_MAX);
	channels[nchannels++] = channel;
	return (true);
}

void
ev_bus_publish(const char *channel, const char *text, size_t len)
{
	const char	*argv[3] = { "PUBLISH", channel, text };
	size_t		 lens[3] = { 7, strlen(channel), len };

	if (!sender.up || sender.unanswered >= UNANSWERED_MAX)
		return;
	if (redisAsyncCommandArgv(sender.ac, on_published, &sender, 3, argv, lens) == REDIS_OK)
		sender.unanswered++;
}

/* The sending side is opened when it is first needed: most programs only listen. */
bool
events_ask(struct events_question *q, const char **argv, size_t argc)
{
	if (bus == NULL)
		return (false);
	if (!sends) {
		sends = true;
		link_open(&sender);
	}
	if (!sender.up || sender.unanswered >= UNANSWERED_MAX ||
	    redisAsyncCommandArgv(sender.ac, on_answer, q, (int)argc, argv, NULL) != REDIS_OK)
		return (false);
	sender.unanswered++;
	return (true);
}

/* ---- address: resolved once, before the first request is served ---- */

static int
address_parse(const char *address)
{
	const char	*colon;

	if (strncmp(address, "unix:", 5) == 0) {
		(void)snprintf(host, sizeof(host), "%s", address + 5);
		return (strlen(address + 5) < sizeof(host) ? 0 : -1);
	}
	if ((colon = strrchr(address, ':')) == NULL)
		return (-1);
	return (address_resolve(address, (size_t)(colon - address), colon + 1));
}

static int
address_resolve(const char *name, size_t len, const char *service)
{
	struct addrinfo	 hints = { .ai_socktype = SOCK_STREAM }, *found;
	char		 text[256];
	int		 result = -1;

	(void)snprintf(text, sizeof(text), "%.*s", (int)len, name);
	port = (int)strtol(service, NULL, 10);
	if (port < 1 || port > 65535 || getaddrinfo(text, service, &hints, &found) != 0)
		return (-1);
	if (getnameinfo(found->ai_addr, found->ai_addrlen, host, sizeof(host),
	    NULL, 0, NI_NUMERICHOST) == 0)
		result = 0;
	freeaddrinfo(found);
	return (result);
}

/* ---- one connection ---- */

static void
link_open(void *arg)
{
	struct link	*l = arg;

	l->begun_us = l->heard_us = loop_now_us();
	l->unanswered = 0;
	l->ac = port != 0 ? redisAsyncConnect(host, port) : redisAsyncConnectUnix(host);
	if (l->ac == NULL) {
		link_lost(l);
		return;
	}
	if (l->ac->err != 0) {
		redisAsyncFree(l->ac);
		l->ac = NULL;
		link_lost(l);
		return;
	}
	link_attach(l);
}

static void
link_attach(struct link *l)
{
	redisAsyncContext	*ac = l->ac;

	ac->data = l;
	ac->ev.data = l;
	ac->ev.addRead = link_keep;
	ac->ev.delRead = link_keep;
	ac->ev.addWrite = link_add_write;
	ac->ev.delWrite = link_del_write;
	ac->ev.cleanup = link_cleanup;
	l->watch = watch_new_level(ac->c.fd, link_ready, l);
	watch_want(l->watch, WATCH_READ | WATCH_WRITE);	/* writable: connected */
	(void)redisAsyncSetConnectCallback(ac, link_connected);
	(void)redisAsyncSetDisconnectCallback(ac, link_disconnected);
}

/* hiredis may free the connection in either call; link_lost() then cleared it. */
static void
link_ready(void *arg, int what)
{
	struct link	*l = arg;

	if (l->ac != NULL && (what & WATCH_WRITE)) {
		l->flushing = true;
		redisAsyncHandleWrite(l->ac);
		l->flushing = false;
	}
	if (l->ac != NULL && (what & (WATCH_READ | WATCH_HUP)))
		redisAsyncHandleRead(l->ac);
}

static void
link_connected(const redisAsyncContext *ac, int status)
{
	struct link	*l = ac->data;

	if (status != REDIS_OK) {
		l->ac = NULL;		/* hiredis frees it */
		link_lost(l);
		return;
	}
	log_info("events: connected to Redis (%s)", l->name);
	l->up = true;
	l->retry_ms = 0;
	if (l == &listener)
		subscribe_all();
	bus->changed();
}

static void
link_disconnected(const redisAsyncContext *ac, int status)
{
	struct link	*l = ac->data;

	if (l->ac == NULL)
		return;			/* link_drop() does it */
	log_warn("events: Redis (%s) is gone: %s", l->name,
	    status == REDIS_OK ? "closed" : ac->errstr);
	l->ac = NULL;
	link_lost(l);
}

static void
link_lost(struct link *l)
{
	bool	was_up = l->up;

	l->up = false;
	l->dirty = false;
	l->retry_ms = l->retry_ms == 0 ? RETRY_FIRST_MS : l->retry_ms * 2;
	if (l->retry_ms > RETRY_LAST_MS)
		l->retry_ms = RETRY_LAST_MS;
	timer_arm(&l->retry, l->retry_ms);
	if (was_up)
		bus->changed();
}

static void
link_drop(struct link *l, const char *why)
{
	redisAsyncContext	*ac = l->ac;

	log_warn("events: Redis (%s) is dropped: %s", l->name, why);
	l->ac = NULL;
	redisAsyncFree(ac);
	link_lost(l);
}

/* ---- hooks hiredis calls ---- */

static void
link_add_write(void *arg)
{
	struct link	*l = arg;

	if (l->flushing || !l->up)
		watch_want(l->watch, WATCH_READ | WATCH_WRITE);
	else
		l->dirty = true;
}

static void
link_del_write(void *arg)
{
	struct link	*l = arg;

	watch_want(l->watch, WATCH_READ);
}

static void
link_cleanup(void *arg)
{
	struct link	*l = arg;

	watch_free(&l->watch, false);
}

static void
link_keep(void *arg UNUSED)
{
}

static void
flush(void)
{
	struct link	*both[2] = { &sender, &listener };
	size_t		 i;

	for (i = 0; i < 2; i++) {
		if (!both[i]->dirty || both[i]->ac == NULL)
			continue;
		both[i]->dirty = false;
		both[i]->flushing = true;
		redisAsyncHandleWrite(both[i]->ac);
		both[i]->flushing = false;
	}
}

/* ---- what goes through them ---- */

static void
subscribe_all(void)
{
	size_t	i;

	for (i = 0; i < nchannels; i++)
		(void)redisAsyncCommand(listener.ac, on_message, &listener,
		    "SUBSCRIBE %s", channels[i]);
}

static void
on_message(redisAsyncContext *ac UNUSED, void *reply, void *arg)
{
	const redisReply	*r = reply;
	struct link		*l = arg;

	if (r == NULL || r->type != REDIS_REPLY_ARRAY || r->elements != 3)
		return;
	l->heard_us = loop_now_us();
	if (r->element[0]->type != REDIS_REPLY_STRING ||
	    strcmp(r->element[0]->str, "message") != 0 ||
	    r->element[2]->type != REDIS_REPLY_STRING)
		return;
	bus->message(r->element[1]->str, r->element[2]->str, (size_t)r->element[2]->len);
}

static void
on_published(redisAsyncContext *ac UNUSED, void *reply, void *arg)
{
	struct link	*l = arg;

	l->unanswered--;
	if (reply != NULL)
		l->heard_us = loop_now_us();
}

static void
on_answer(redisAsyncContext *ac UNUSED, void *reply, void *arg)
{
	const redisReply	*r = reply;
	struct events_question	*q = arg;
	int64_t			 values[ANSWER_MAX];
	size_t			 i;

	sender.unanswered--;
	if (r != NULL)
		sender.heard_us = loop_now_us();
	if (r == NULL || r->type != REDIS_REPLY_ARRAY || r->elements > ANSWER_MAX) {
		if (r != NULL && r->type == REDIS_REPLY_ERROR)
			log_warn("events: Redis: %s", r->str);
		q->answered(q, NULL, 0);
		return;
	}
	for (i = 0; i < r->elements; i++)
		values[i] = r->element[i]->type == REDIS_REPLY_INTEGER ?
		    r->element[i]->integer : 0;
	q->answered(q, values, r->elements);
}

/*
 * A peer that vanished without a word, or a server that is stopped, leaves a
 * connection that looks open. Each relay beats twice a second, so both sides
 * have something to hear.
 */
static void
watchdog(void *arg UNUSED)
{
	struct link	*both[2] = { &sender, &listener };
	int64_t		 now = loop_now_us();
	size_t		 i;

	for (i = 0; i < 2; i++) {
		struct link	*l = both[i];

		if (l->ac == NULL)
			continue;
		if (!l->up && now - l->begun_us > CONNECT_US)
			link_drop(l, "no connection in time");
		else if (l->up && now - l->heard_us > SILENT_US &&
		    (l == &listener || l->unanswered > 0))
			link_drop(l, "silent");
	}
	timer_arm(&watch_timer, WATCHDOG_MS);
}
