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

/* The same by kind: each kind (0: limit_quota's) is an allowance of its own. */
struct limit_use {
	int64_t	left;		/* requests that may still come at once */
	int64_t	wait_s;		/* until the next may, after a refusal */
	int64_t	whole_s;	/* until all of it is back */
};
bool	limit_use(unsigned int kind, const void *who, size_t len, int64_t quota,
	    bool take, struct limit_use *);

/*
 * Allowances held in common by several processes: limit_share() once, with the
 * seed all of them have; then, every now and then, what was taken is told to
 * whoever keeps the common level (in microseconds until an allowance is whole),
 * and the level that comes back takes the place of our own.
 */
struct limit_debt {
	uint64_t	who;
	int64_t		taken_us;
};
void	limit_share(uint64_t seed);
size_t	limit_debts(struct limit_debt *, size_t most);
void	limit_settle(uint64_t who, int64_t ahead_us);

#endif
