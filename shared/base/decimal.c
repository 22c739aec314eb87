/*
 * decimal.c -- see base_priv.h.
 */
#include <string.h>

#include "base/base_priv.h"

size_t
decimal_write(char out[DECIMAL_MAX], uint64_t value)
{
	char	 digits[DECIMAL_MAX];
	size_t	 n = 0;

	do {
		digits[DECIMAL_MAX - ++n] = (char)('0' + value % 10);
		value /= 10;
	} while (value != 0);
	memcpy(out, digits + DECIMAL_MAX - n, n);
	return (n);
}

char *
decimal_pad(char *out, uint32_t value, int width)
{
	for (int i = width - 1; i >= 0; i--) {
		out[i] = (char)('0' + value % 10);
		value /= 10;
	}
	return (out + width);
}
