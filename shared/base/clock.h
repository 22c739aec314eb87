/*
 * clock.h -- the only module that asks what time it is.
 *
 * Two clocks. *Real* time rules what protects the system: tokens, sessions,
 * one-time codes, time limits, logs. *Business* time rules what the policy
 * speaks of: dates of hire, working days of a public notice, months of
 * insurance. A sandbox may move business time (all processes that map the
 * same clock file see it at once); real time never moves.
 *
 * Instants are microseconds since 1970-01-01T00:00:00Z. Days are counted from
 * 1970-01-01 in Asia/Shanghai (UTC+8, no summer time since 1991).
 */
#ifndef YJY_CLOCK_H
#define YJY_CLOCK_H

#include "base/base.h"

#define DAY_NONE	INT32_MIN	/* no date; SQL NULL */
#define DAY_TEXT	11		/* "2025-03-10" and NUL */
#define INSTANT_TEXT	28		/* "2025-03-10T01:02:03.000000Z" and NUL */

/* `file` may be NULL: business time is then real time. -1: cannot map it. */
int		clock_open(const char *file) MUST_CHECK;
int64_t		clock_real_us(void);
int64_t		clock_mono_us(void);		/* for durations */
int64_t		clock_now_us(void);		/* business time */
int32_t		clock_today(void);		/* business date */
int		clock_move(int64_t to_us) MUST_CHECK;	/* -1: not a sandbox */

int32_t		day_of(int64_t instant_us);
int64_t		day_start_us(int32_t day);
int32_t		day_make(int year, int month, int mday);	/* DAY_NONE: no such date */
void		day_split(int32_t day, int *year, int *month, int *mday);
int32_t		day_month_first(int32_t day);		/* DAY_NONE: no such date */
int32_t		day_add_months(int32_t day, int months);	/* clamps to month end */
int32_t		day_parse(const char *text);			/* DAY_NONE: not YYYY-MM-DD */
char	       *day_format(int32_t day, char out[DAY_TEXT]);
int64_t		instant_parse(const char *text);		/* RFC 3339; INT64_MIN: bad */
char	       *instant_format(int64_t us, char out[INSTANT_TEXT]);

#endif
