/*
 * breaker.h -- one address watched: asked while it answers, left alone for a
 * while when it does not, tried by one request before it is asked again.
 * Every breaker_may() that was true is followed by good, bad or none.
 */
#ifndef YJY_BREAKER_H
#define YJY_BREAKER_H

#include "base/base.h"

struct breaker {
	int64_t		window_us;	/* begin of the window that asked and failed count */
	int64_t		until_us;	/* 0: closed */
	int64_t		open_us;	/* how long it was opened last */
	unsigned int	asked, failed;
	unsigned int	row;		/* failures since the last answer */
	bool		trying;		/* half open, and somebody is asking */
};

bool	breaker_open(const struct breaker *);
bool	breaker_may(struct breaker *, int64_t now_us);
void	breaker_good(struct breaker *, int64_t now_us);
bool	breaker_bad(struct breaker *, int64_t now_us, bool slow);	/* true: this opened it */
void	breaker_none(struct breaker *);

#endif
