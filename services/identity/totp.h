/*
 * totp.h -- one-time codes of RFC 6238: SHA-1, 30 s, six digits.
 */
#ifndef YJY_TOTP_H
#define YJY_TOTP_H

#include "base/arena.h"

#define TOTP_SECRET_BYTES	20

/* The time step whose code this is, one step of grace to each side; 0: none. */
int64_t	totp_match(const void *secret, size_t len, const char *code, int64_t now_s);
/* otpauth://totp/… as authenticator apps read it from a picture. */
char	*totp_uri(struct arena *, const char *login, const void *secret, size_t len);
/* RFC 4648, capitals, without padding. */
char	*base32_encode(struct arena *, const void *, size_t);

#endif
