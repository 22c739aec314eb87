/*
 * scan_stream.h -- everybody judged under a set of policies, in the order of
 * their ids, without writing anything: for scans, for a draft rule's dry run.
 *
 * Dossiers come in parts; while one part is judged on a thread the next is
 * being loaded, so requests are answered all the time. The order is fixed:
 * employers' own subjects first, then people by id.
 */
#ifndef SUBSIDIES_SCAN_STREAM_H
#define SUBSIDIES_SCAN_STREAM_H

#include "active.h"

struct scan_part {
	struct uuid	last;		/* the last person of it; nil: the employers */
	int64_t		people;
	struct arena	*arena;		/* of this part's dossiers, and what `sink` keeps */
};

struct scan_stream {
	const struct active_set	*set;
	struct uuid		 after;		/* begin behind; nil: at the beginning */
	/* On a thread: looks at one judgement and notes it; no I/O, no log. Texts die with the part. */
	judged_sink		*sink;
	/* On the loop, when a part was judged. False: stop here. NULL: go on. */
	bool			(*part_done)(void *, const struct scan_part *);
	void			*arg;
};

/* Coroutine only. 0: all, or stopped by part_done; -1: database error. */
int	scan_stream(const struct scan_stream *) MUST_CHECK;

#endif
