/*
 * events_priv.h -- what the files of this module share. Outside it only
 * events.h exists.
 *
 *	events.c		start, names, readiness, figures
 *	events_envelope.c	an event as JSON text, both ways
 *	events_order.c		what waits for its turn, and which keys are parked
 *	events_bus.c		Redis: publish and subscribe
 *	events_listen.c		messages for who only listens
 *	events_relay.c		outbox -> event_log -> bus
 *	events_source.c		one producer followed: wait, read, apply
 *	events_apply.c		a batch and its position in one transaction
 *	events_routes.c		the log over HTTP; parked events
 */
#ifndef YJY_EVENTS_PRIV_H
#define YJY_EVENTS_PRIV_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/metric.h"
#include "db/db.h"
#include "events/events.h"
#include "loop/loop.h"

#define EV_TEXT_MAX	65536	/* a longer envelope is read from the log, not pushed */
#define EV_PAGE		500	/* events in one page of a log */
#define EV_BATCH	500	/* events applied in one transaction */

/* ---- names (events.c) ---- */
enum event_type	 ev_type(const char *name);	/* EV_NONE: not in the catalog */

/* ---- envelopes ---- */

/* Appends the envelope as one JSON object. */
void	 ev_encode(struct buf *, const struct event *);
/* Row i of outbox_move or event_page; `data` stays NULL. */
void	 ev_from_row(struct event *, const char *source, const struct db_rows *, size_t i);
/* An envelope from `source`; text it points to lives in the arena. */
bool	 ev_decode(struct arena *, struct json *, const char *source, struct event *) MUST_CHECK;

/* What came over the bus: an event's seq, or the head a heartbeat tells. */
struct ev_note {
	int64_t	 seq;		/* 0: not an event */
	int64_t	 head;		/* -1: not a heartbeat */
};

bool	 ev_note_parse(struct arena *, const char *text, size_t len, const char *source,
	    struct ev_note *) MUST_CHECK;

/* ---- order: pushed events until their turn ---- */
#define EV_ORDER_SLOTS	1024

struct ev_order {
	int64_t	 next;		/* the seq wanted next; everything below is done */
	size_t	 held;		/* texts waiting */
	struct {
		char	*text;	/* owned; NULL: not here */
		size_t	 len;
	} slots[EV_ORDER_SLOTS];	/* of seq at seq % EV_ORDER_SLOTS */
};

enum ev_put { EV_PUT_HELD, EV_PUT_OLD, EV_PUT_TWICE, EV_PUT_FAR };

void		 ev_order_init(struct ev_order *, int64_t next);
void		 ev_order_release(struct ev_order *);
enum ev_put	 ev_order_put(struct ev_order *, int64_t seq, const char *text, size_t len);
const char	*ev_order_at(const struct ev_order *, int64_t seq, size_t *len);	/* NULL: not here */
bool		 ev_order_ready(const struct ev_order *);	/* `next` is here */
void		 ev_order_move(struct ev_order *, int64_t next);	/* either way; drops what is done */

/* ---- keys with a parked event: later ones must queue behind it ---- */
#define EV_PARKED_BUCKETS	64

struct ev_parked {
	struct ev_parked_key	*buckets[EV_PARKED_BUCKETS];
	size_t			 count;
};

void	 ev_parked_add(struct ev_parked *, const char *key);
bool	 ev_parked_has(const struct ev_parked *, const char *key);
void	 ev_parked_drop(struct ev_parked *, const char *key);
void	 ev_parked_clear(struct ev_parked *);

/* ---- bus ---- */
struct ev_bus {
	void	(*message)(const char *channel, const char *text, size_t len);
	void	(*changed)(void);	/* went up or down */
};

/* `publishes`: else nothing is ever sent, and only the listening side is opened. */
int	 ev_bus_start(const char *address, const struct ev_bus *, bool publishes) MUST_CHECK;
bool	 ev_bus_subscribe(const char *channel);	/* before the start; true: kept, the text must stay */
void	 ev_bus_publish(const char *channel, const char *text, size_t len);
bool	 ev_bus_up(void);	/* what was opened is up */
bool	 ev_bus_listening(void);

/* ---- listeners ---- */
void	 ev_listen_start(void);		/* subscribes */
void	 ev_listen_message(const char *channel, const char *text, size_t len);
void	 ev_listen_changed(void);	/* the bus went up or down */

/* ---- relay ---- */
int	 ev_relay_start(const char *service) MUST_CHECK;

/* ---- sources ---- */
struct ev_source {
	const char		*name;		/* the producer */
	char			 channel[64];	/* ev.<producer> */
	struct upstream		*peer;
	const struct consumer	*wanted[EVENT_TYPES];	/* the first row of the type */
	struct ev_order		 order;
	struct ev_parked	 parked;
	int64_t			 saved;		/* position in event_cursor */
	int64_t			 head;		/* highest seq known at the producer */
	int64_t			 heard_us;	/* last push or heartbeat */
	int64_t			 asked_us;	/* last page read; 0: never */
	int64_t			 skipped_us;	/* when the oldest unsaved skip was made */
	int			 timeouts;	/* in a row, of the event at hand */
	int			 failures;	/* of reading the log, in a row */
	char			 reason[256];	/* why the last handler failed */
	bool			 loaded;	/* position and parked keys are known */
	bool			 ask;		/* read the log now, whatever is known */
	bool			 waiting;	/* in ev_source_wait: may be woken */
	struct co		*co;
	char			 label[80];	/* source="jobs" */
	struct metric		 applied, parked_total, lag, delay;
	struct ev_source	*next;
};

int64_t	 ev_source_last(const struct ev_source *);	/* done up to here */
void	 ev_source_moved(struct ev_source *, int64_t done, int64_t saved);
int	 ev_source_start(struct ev_source *) MUST_CHECK;
void	 ev_source_message(struct ev_source *, const char *text, size_t len);
void	 ev_source_wake(struct ev_source *);
bool	 ev_source_current(const struct ev_source *);	/* nothing known is missing here */
struct ev_source *ev_source_find(const char *name);	/* NULL: not listened to */
const char *ev_self(void);				/* this service */

/* ---- applying ---- */
struct ev_batch {
	struct event	 list[EV_BATCH];	/* wanted ones, in order */
	size_t		 count;
	int64_t		 upto;			/* last seq covered, unwanted ones included */
};

/* Position and parked keys from the database. */
int	 ev_load(struct ev_source *, struct arena *) MUST_CHECK;
/* Moves past the batch: applied or parked. -1: try again later. */
int	 ev_apply(struct ev_source *, struct arena *, const struct ev_batch *) MUST_CHECK;
/* Stores a position that was reached by passing over unwanted types. */
int	 ev_save(struct ev_source *, struct arena *) MUST_CHECK;
/* Runs the handler of a parked event inside the caller's transaction. */
int	 ev_apply_one(struct ev_source *, struct db *, const struct event *) MUST_CHECK;

#endif
