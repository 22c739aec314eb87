/*
 * events.c -- names from the catalog, start, and what the outside asks: are
 * we ready, how far behind. The work is done in the relay (producing) and in
 * one coroutine for each source (consuming).
 */
#include "base/log.h"
#include "conf/conf.h"
#include "events/events_priv.h"
#include "http/http.h"
#include "platform_sql.h"

#define PEER_CONNECTIONS	2

static int	bus_start(bool);
static int	sources_add(const struct consumer *);
static struct ev_source *source_new(const char *);
static struct upstream *source_peer(const char *);
static void	on_message(const char *, const char *, size_t);
static void	on_change(void);
static void	on_lost(void);
static int64_t	bus_state(void);

static const struct {
	const char	*name, *source;
} catalog[EVENT_TYPES] = {
#define EVENT(id, from, type, help)	[EV_##id] = { type, from },
#include "events/catalog.def"
#undef EVENT
};

static const struct {
	const char	*service;
	enum conf_id	 address;
} addresses[] = {
	{ "identity",		CONF_IDENTITY },
	{ "jobs",		CONF_JOBS },
	{ "training",		CONF_TRAINING },
	{ "entrepreneurship",	CONF_ENTREPRENEURSHIP },
	{ "subsidies",		CONF_SUBSIDIES },
	{ "monitoring",		CONF_MONITORING },
};

static const char		*self;
static struct ev_source		*sources;
static const struct ev_bus	 handlers = { on_message, on_change };
static struct metric		 redis_up = {
	.name = "yjy_events_redis_up", .help = "1 while both Redis connections are up.",
	.kind = METRIC_GAUGE, .read = bus_state
};

const char *
event_name(enum event_type t)
{
	return (t > EV_NONE && t < EVENT_TYPES ? catalog[t].name : NULL);
}

const char *
event_source(enum event_type t)
{
	return (t > EV_NONE && t < EVENT_TYPES ? catalog[t].source : NULL);
}

enum event_type
ev_type(const char *name)
{
	int	t;

	for (t = EV_NONE + 1; t < EVENT_TYPES; t++)
		if (strcmp(catalog[t].name, name) == 0)
			return ((enum event_type)t);
	return (EV_NONE);
}

int
event_emit(struct db *db, enum event_type t, const char *key, const char *area_code,
    const char *payload_json)
{
	return (sql_outbox_put(db, NULL, event_name(t), key, area_code, payload_json));
}

const char *
ev_self(void)
{
	return (self);
}

int
events_start(const char *service, const struct consumer *consumers)
{
	struct ev_source	*s;

	self = service;
	if (consumers != NULL && sources_add(consumers) == -1)
		return (-1);
	for (s = sources; s != NULL; s = s->next) {
		(void)ev_bus_subscribe(s->channel);
		if (ev_source_start(s) == -1)
			return (-1);
	}
	if (bus_start(true) == -1 || ev_relay_start(service) == -1)
		return (-1);
	db_on_emit(events_kick);
	db_on_lost(on_lost);
	return (0);
}

int
events_start_bus(void)
{
	return (bus_start(false));
}

static int
bus_start(bool publishes)
{
	metric_register(&redis_up);
	ev_listen_start();
	if (conf_text(CONF_REDIS)[0] == '\0') {
		log_warn("events: no Redis: the logs are followed by asking");
		return (0);
	}
	return (ev_bus_start(conf_text(CONF_REDIS), &handlers, publishes));
}

static int
sources_add(const struct consumer *c)
{
	struct ev_source	*s;

	for (; c->type != EV_NONE; c++) {
		s = ev_source_find(event_source(c->type));
		if (s == NULL && (s = source_new(event_source(c->type))) == NULL)
			return (-1);
		if (s->wanted[c->type] == NULL)
			s->wanted[c->type] = c;
	}
	return (0);
}

static struct ev_source *
source_new(const char *name)
{
	struct ev_source	*s;

	if ((s = calloc(1, sizeof(*s))) == NULL)
		log_die("events: out of memory");
	s->name = name;
	(void)snprintf(s->channel, sizeof(s->channel), "ev.%s", name);
	if ((s->peer = source_peer(name)) == NULL) {
		log_error("events: the address of %s is not set", name);
		free(s);
		return (NULL);
	}
	ev_order_init(&s->order, 1);
	s->next = sources;
	sources = s;
	return (s);
}

static struct upstream *
source_peer(const char *name)
{
	const char	*address;
	size_t		 i;

	for (i = 0; i < NITEMS(addresses); i++) {
		if (strcmp(addresses[i].service, name) != 0)
			continue;
		address = conf_text(addresses[i].address);
		return (address[0] == '\0' ? NULL :
		    upstream_new(name, address, PEER_CONNECTIONS));
	}
	return (NULL);
}

struct ev_source *
ev_source_find(const char *name)
{
	struct ev_source	*s;

	for (s = sources; s != NULL; s = s->next)
		if (strcmp(s->name, name) == 0)
			break;
	return (s);
}

static void
on_message(const char *channel, const char *text, size_t len)
{
	struct ev_source	*s;

	for (s = sources; s != NULL; s = s->next)
		if (strcmp(s->channel, channel) == 0)
			ev_source_message(s, text, len);
	ev_listen_message(channel, text, len);
}

/* Up: something may have been missed meanwhile. Down: polling begins. */
static void
on_change(void)
{
	struct ev_source	*s;

	for (s = sources; s != NULL; s = s->next) {
		s->ask = true;
		ev_source_wake(s);
	}
	ev_listen_changed();
}

/* The last effects and their position may be gone: what is known of it is stale. */
static void
on_lost(void)
{
	struct ev_source	*s;

	for (s = sources; s != NULL; s = s->next) {
		s->loaded = false;
		ev_source_wake(s);
	}
}

static int64_t
bus_state(void)
{
	return (ev_bus_up());
}

bool
events_ready(void)
{
	const struct ev_source	*s;

	for (s = sources; s != NULL; s = s->next)
		if (!s->loaded || (!ev_bus_up() && !ev_source_current(s)))
			return (false);
	return (true);
}

int64_t
events_lag(void)
{
	const struct ev_source	*s;
	int64_t			 lag = 0;

	for (s = sources; s != NULL; s = s->next)
		lag += s->lag.value;
	return (lag);
}
