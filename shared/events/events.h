/*
 * events.h -- what happened, told exactly once in effect over a lossy channel.
 *
 * Producing: a statement that changes a row inserts into @schema@.outbox
 * (type, key, area_code, payload) in the same command; or event_emit() inside
 * the transaction. One relay per schema (advisory lock) moves outbox rows to
 * event_log under a dense `seq`, then publishes {envelope} on Redis channel
 * `ev.<service>`; a heartbeat carries the head.
 *
 * Consuming: a service lists the types it wants. Events of one source are
 * applied in seq order, each in one transaction with its effect and the new
 * position (batched when many wait); a gap, a restart or a higher head makes
 * the consumer read GET /internal/events?after= from the producer. An event
 * whose handler fails for its own content is parked with its error; later
 * events of the same key are parked behind it, others go on.
 *
 * Handlers run under DB_SYSTEM and must depend only on the event and the
 * database. They return 0, or -1 after a database error (tried again), or
 * EVENT_POISON when the content can never be applied.
 *
 * Listening: events_listen() hears one source's channel without a database and
 * without order: for what must be known in every process at once. Nothing is
 * promised; who listens reads from the producer what was missed.
 *
 * hiredis is used only here.
 */
#ifndef YJY_EVENTS_H
#define YJY_EVENTS_H

#include "db/db.h"
#include "http/call.h"
#include "json/json.h"

enum event_type {
	EV_NONE,
#define EVENT(id, source, type, help)	EV_##id,
#include "events/catalog.def"
#undef EVENT
	EVENT_TYPES
};

const char	*event_name(enum event_type);	/* "jobs.employment.registered.v1" */
const char	*event_source(enum event_type);	/* "jobs" */

struct event {
	struct uuid	 id;
	const char	*source;
	int64_t		 seq;
	const char	*type;
	const char	*key;		/* id of the thing it is about */
	const char	*area_code;	/* may be NULL */
	int64_t		 occurred_us;	/* business time */
	int64_t		 recorded_us;	/* real time */
	const char	*trace;		/* traceparent (in the log its trace id), may be NULL */
	const char	*payload;	/* JSON text */
	struct json	*data;		/* payload parsed */
};

#define EVENT_POISON	(-2)

/*
 * Rows of one type are all applied, in their order, in one transaction. A row has
 * a function, or a statement alone: its arguments are then members of
 * the payload by name (events_bind.c). What is of the wrong type, or refused by
 * the table, parks the event. Or rows of several types share a statement that takes
 * neighbours at once: `source` and `events`, a JSON list of envelopes in their order.
 */
struct consumer {
	enum event_type		 type;
	int			(*apply)(struct db *, const struct event *);
	const struct db_stmt	*stmt;
	const struct db_stmt	*many;
};
/* Runs a statement on the event's members, for a function that needs several. */
int	event_apply(struct db *, const struct db_stmt *, const struct event *) MUST_CHECK;
#define CONSUMER_END	{ .type = EV_NONE }

/* Called on the loop's thread; `event` and what it points to last for the call. */
struct listener {
	const char	*source;			/* "identity" */
	void		(*event)(const struct event *);
	void		(*beat)(int64_t head);		/* the producer's log ends here */
	void		(*link)(bool up);		/* messages come, or may be missed */
	struct listener	*next;				/* private */
};
/* Before events_start() or, in a program without a database, events_start_bus(). */
void	events_listen(struct listener *);
int	events_start_bus(void) MUST_CHECK;

/*
 * A command for Redis that nothing waits for. `answered` gets the integers of
 * its reply, or NULL when it was lost; the question must stay until then.
 * False: not sent, `answered` is not called.
 */
struct events_question {
	void	(*answered)(struct events_question *, const int64_t *, size_t);
};
bool	events_ask(struct events_question *, const char **argv, size_t argc) MUST_CHECK;

int	event_emit(struct db *, enum event_type, const char *key, const char *area_code,
	    const char *payload_json) MUST_CHECK;

/* Starts relay and consumers; internal routes are in events_routes. */
int	events_start(const char *service, const struct consumer *) MUST_CHECK;
void	events_kick(void);		/* a commit wrote events */
bool	events_ready(void);		/* Redis connected or catching up by HTTP without lag */
int64_t	events_lag(void);		/* events known at producers and not applied here */

extern const struct route events_routes[];	/* GET /internal/events, parked list and replay */

#endif
