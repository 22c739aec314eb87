/*
 * sign_code.c -- the rotating code, distance and speed (sign_code.h).
 *
 * Invariant: the same key and instant give the same code everywhere, and of a
 * code nothing is stored.
 */
#include "sign_code.h"

#include <math.h>

#include "crypt/crypt.h"

#define EARTH_M	6371008.8
#define RADIANS_OF_E6	1.7453292519943295e-8

void
sign_code(const char *key, int64_t at_us, int64_t step_s, char out[SIGN_CODE])
{
	int64_t	step = at_us / 1000000 / step_s;
	uint8_t	msg[8], mac[CHAIN_BYTES];
	int	i;

	for (i = 7; i >= 0; i--, step >>= 8)
		msg[i] = (uint8_t)step;
	hmac_sha256(key, strlen(key), msg, sizeof(msg), mac);
	(void)snprintf(out, SIGN_CODE, "%06u", hmac_digits(mac, sizeof(mac)) % 1000000u);
}

bool
sign_code_ok(const char *key, int64_t at_us, int64_t step_s, const char *said)
{
	char	now[SIGN_CODE], before[SIGN_CODE];
	bool	is_now, is_before;

	if (strlen(said) != SIGN_CODE - 1)
		return (false);
	sign_code(key, at_us, step_s, now);
	sign_code(key, at_us - step_s * 1000000, step_s, before);
	is_now = equal_in_constant_time(said, now, SIGN_CODE - 1);
	is_before = equal_in_constant_time(said, before, SIGN_CODE - 1);
	return (is_now || is_before);
}

int64_t
sign_code_left(int64_t at_us, int64_t step_s)
{
	return (step_s - at_us / 1000000 % step_s);
}

int64_t
sign_metres(int64_t lat1_e6, int64_t lng1_e6, int64_t lat2_e6, int64_t lng2_e6)
{
	double	lat1 = (double)lat1_e6 * RADIANS_OF_E6, lat2 = (double)lat2_e6 * RADIANS_OF_E6;
	double	lat = sin((lat2 - lat1) / 2);
	double	lng = sin((double)(lng2_e6 - lng1_e6) * RADIANS_OF_E6 / 2);
	double	h = lat * lat + cos(lat1) * cos(lat2) * lng * lng;

	return ((int64_t)llround(2 * EARTH_M * asin(sqrt(h < 1 ? h : 1))));
}

int64_t
sign_kmh(int64_t metres, int64_t seconds)
{
	int64_t	kmh = metres * 36 / (10 * (seconds > 0 ? seconds : 1));

	return (kmh < SPEED_MOST ? kmh : SPEED_MOST);
}
