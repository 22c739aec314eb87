/*
 * sign_code.h -- what a sign-in is judged by, without the service around it:
 * the rotating code, the distance between two points, the speed of a move.
 */
#ifndef TRAINING_SIGN_CODE_H
#define TRAINING_SIGN_CODE_H

#include "base/base.h"

#define SIGN_CODE	7	/* six digits and NUL */
#define SPEED_MOST	99999	/* km/h: as good as at once */

/*
 * The code of the step that the instant lies in: HMAC-SHA-256 of the number of
 * the step, as RFC 6238 has it. `key` is a text, `step_s` at least 1.
 */
void	sign_code(const char *key, int64_t at_us, int64_t step_s, char out[SIGN_CODE]);
/* That code, or the one before it. */
bool	sign_code_ok(const char *key, int64_t at_us, int64_t step_s, const char *said);
/* Seconds until the code changes. */
int64_t	sign_code_left(int64_t at_us, int64_t step_s);

/* Between two points in millionths of a degree (WGS84); near enough within a province. */
int64_t	sign_metres(int64_t lat1_e6, int64_t lng1_e6, int64_t lat2_e6, int64_t lng2_e6);
/* Whole km/h; no time at all, or less, counts as a second. At most SPEED_MOST. */
int64_t	sign_kmh(int64_t metres, int64_t seconds);

#endif
