/*
 * base_priv.h -- decimal digits without printf, for lines written per request.
 */
#ifndef YJY_BASE_PRIV_H
#define YJY_BASE_PRIV_H

#include "base/base.h"

#define DECIMAL_MAX	20	/* digits of UINT64_MAX; no NUL is written */

size_t	 decimal_write(char out[DECIMAL_MAX], uint64_t);
/* Exactly `width` digits, leading zeros included; returns what follows them. */
char	*decimal_pad(char *out, uint32_t value, int width);

#endif
