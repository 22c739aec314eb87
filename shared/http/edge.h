/*
 * edge.h -- parts of the dispatcher for a program with a way in of its own
 * (the gateway): it judges and limits at the door by the same means.
 */
#ifndef YJY_EDGE_H
#define YJY_EDGE_H

#include "http1/http1.h"

/* Accept-Language asks for English with a higher weight than for Chinese. */
bool	head_prefers_english(struct span accept_language);

/* Thousandths that a list like Accept-Encoding gives a word; -1: it is not named. */
int	head_weight(struct span list, const char *word);

/*
 * An allowance of `quota` requests a minute for whoever `who` is. False: it is
 * used up, *wait_s says until when. Without `take` it is only looked at.
 */
bool	limit_quota(const void *who, size_t len, int64_t quota, bool take,
	    int64_t *wait_s);

#endif
