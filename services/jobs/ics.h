/*
 * ics.h -- one meeting as an iCalendar object (RFC 5545): CRLF, lines folded
 * at 75 octets and never inside a character, TEXT escaped, times in UTC. Pure.
 */
#ifndef YJY_ICS_H
#define YJY_ICS_H

#include "base/buf.h"

struct ics_event {
	const char	*uid;		/* the same for every version of the meeting */
	int64_t		 stamp_us;	/* when this version was made */
	int64_t		 start_us, end_us;
	int64_t		 sequence;	/* grows with every version */
	bool		 cancelled;	/* METHOD:CANCEL, STATUS:CANCELLED */
	const char	*summary;
	const char	*description;	/* NULL: none, as the next two */
	const char	*location;
	const char	*url;		/* without characters a URI may not hold */
};

/* The caller asks buf_ok() in the end. */
void	ics_write(struct buf *, const struct ics_event *);

#endif
