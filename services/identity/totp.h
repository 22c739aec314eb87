/*
 * totp.h -- one-time codes of RFC 6238: SHA-1, 30 s, six digits.
 */
#ifndef YJY_TOTP_H
#define YJY_TOTP_H

#include "base/base.h"

/* The time step whose code this is, one step of grace to each side; 0: none. */
int64_t	totp_match(const void *secret, size_t len, const char *code, int64_t now_s);

#endif
