/*
 * live_ring.h -- the last of what live boards are told, in its order, read by
 * each of them at its own pace: nobody has a queue of their own.
 *
 * Invariant: everything the log holds between `base` and `head` that boards are
 * told is here. A reader who is so slow that its place was given away is told
 * so (live_ring_at() is NULL) and begins again from the log.
 */
#ifndef YJY_MONITORING_LIVE_RING_H
#define YJY_MONITORING_LIVE_RING_H

#include "base/base.h"

#define LIVE_RING	4096

/* Texts are owned by the ring; NULL: nothing for those. */
struct live_entry {
	int64_t	 seq;		/* of the log; what is not in it has that of what came before */
	bool	 is_logged;
	bool	 is_alert;
	char	 county[13];
	char	*county_text;	/* for who may see that county */
	char	*city_text;	/* for everybody else */
	char	*stats_text;	/* for statisticians */
};

struct live_ring {
	struct live_entry	 entry[LIVE_RING];
	uint64_t		 first, end;	/* places; they only grow */
	int64_t			 base, head;	/* of the log: what came after base is here, up to head */
};

void	live_ring_start(struct live_ring *, int64_t head);	/* empties it */
void	live_ring_add(struct live_ring *, const struct live_entry *);	/* takes the texts */
void	live_ring_reach(struct live_ring *, int64_t head);	/* the log was read so far */
/* NULL: no longer here (at < first), or not yet. */
const struct live_entry *live_ring_at(const struct live_ring *, uint64_t at);
/* Where somebody goes on who has seen `seq`. False: the log must be asked. */
bool	live_ring_after(const struct live_ring *, int64_t seq, uint64_t *at) MUST_CHECK;

#endif
