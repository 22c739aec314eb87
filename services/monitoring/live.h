/*
 * live.h -- the live board, between its files.
 *
 *	live_ring.c	what boards are told, in order (live_ring.h)
 *	live_log.c	one reading of the log for all boards of the process
 *	live_text.c	what stands in an event, for whom
 *	live_stream.c	the boards: one coroutine each
 *	live_page.c	the page
 *
 * All of it is for the loop's thread.
 */
#ifndef YJY_MONITORING_LIVE_H
#define YJY_MONITORING_LIVE_H

#include "events/events.h"
#include "live_ring.h"

/* Who looks: sees the counters and alerts of … */
enum live_view {
	LIVE_PUBLIC,		/* the city, no alerts */
	LIVE_STATS,		/* the city and the counties, without small numbers and alerts */
	LIVE_COUNTY,		/* the city's counters, and all of the caller's counties */
	LIVE_CITY		/* everything */
};

struct live_counter {
	char	 measure[64];
	char	 name[128];
	char	 counts[8];	/* persons, facts, amount (分) */
	char	 area[13];
	int64_t	 value, today;	/* this business year, this business day */
	bool	 is_small;
};

struct live_alert {
	char	 id[40];
	char	 county[13];
	int64_t	 seq;
	char	*data;		/* owned: the event's payload */
};

/* What all boards of the process show now. */
struct live_state {
	struct live_ring	 ring;
	struct live_counter	*counter;
	size_t			 ncounters;
	struct live_alert	*alert;		/* those not closed */
	size_t			 nalerts;
	int32_t			 today;
	bool			 ready;
};

/* One row of the log, read. */
struct live_event {
	int64_t		 seq, recorded_us;
	const char	*key, *payload;
	const char	*measure, *county;
	const char	*state;		/* of an alert */
	int64_t		 added, revision;
	bool		 is_alert;
};

int		 live_start(void) MUST_CHECK;
extern struct listener *const	monitoring_hears[];

/* live_page.c */
int		 live_page(struct call *);
int		 live_page_start(void) MUST_CHECK;

/* live_log.c: waits until the log is being read; NULL: it cannot be. Coroutine only. */
struct live_state *live_open(void);
void		 live_shut(void);		/* a board less */
void		 live_on_news(void (*)(void));	/* called when there is something, and each second */
/* After `after`, up to the ring's head: calls `each`; returns how far it came, -1: failed. */
int64_t		 live_replay(int64_t after, int (*each)(void *, const struct live_entry *), void *);

/* live_text.c */
void		 live_event_read(struct arena *, const struct db_rows *, size_t row, struct live_event *);
/* The entry's texts; false: nobody is told. */
bool		 live_entry_make(const struct live_state *, const struct live_event *, struct live_entry *);
void		 live_entry_free(struct live_entry *);
void		 live_counter_entry(const struct live_state *, const struct live_counter *, struct live_entry *);
/* Everything somebody sees now; `sees` says of which counties. */
void		 live_snapshot(const struct live_state *, enum live_view,
		    bool (*sees)(void *, const char *county), void *, struct buf *);

#endif
