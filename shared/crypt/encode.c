/*
 * encode.c -- hexadecimal and base64url (RFC 4648 §5), and comparison whose
 * time does not depend on the content.
 *
 * Decoding is strict: exactly one text stands for given bytes, so a value
 * cannot be altered and still mean the same.
 */
#include <string.h>

#include <openssl/crypto.h>

#include "crypt/crypt.h"

/* One more than the value; 0: not of the alphabet. */
static const uint8_t	 base64url_value[256] = {
	['A'] = 1, ['B'] = 2, ['C'] = 3, ['D'] = 4, ['E'] = 5, ['F'] = 6, ['G'] = 7,
	['H'] = 8, ['I'] = 9, ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14,
	['O'] = 15, ['P'] = 16, ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21,
	['V'] = 22, ['W'] = 23, ['X'] = 24, ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28,
	['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32, ['g'] = 33, ['h'] = 34, ['i'] = 35,
	['j'] = 36, ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40, ['o'] = 41, ['p'] = 42,
	['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48, ['w'] = 49,
	['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56,
	['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, ['-'] = 63,
	['_'] = 64,
};

static const char	 alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

char *
hex_encode(struct arena *a, const void *data, size_t len)
{
	static const char	 digits[] = "0123456789abcdef";
	const uint8_t		*in = data;
	char			*out = arena_alloc(a, len * 2 + 1), *p = out;
	size_t			 i;

	for (i = 0; i < len; i++) {
		*p++ = digits[in[i] >> 4];
		*p++ = digits[in[i] & 15];
	}
	*p = '\0';
	return (out);
}

char *
base64url_encode(struct arena *a, const void *data, size_t len)
{
	const uint8_t	*in = data;
	char		*out = arena_alloc(a, (len + 2) / 3 * 4 + 1), *p = out;
	uint32_t	 bits;
	size_t		 i, n;

	for (i = 0; i < len; i += 3) {
		n = len - i < 3 ? len - i : 3;
		bits = (uint32_t)in[i] << 16;
		if (n > 1)
			bits |= (uint32_t)in[i + 1] << 8;
		if (n > 2)
			bits |= in[i + 2];
		*p++ = alphabet[bits >> 18];
		*p++ = alphabet[bits >> 12 & 63];
		if (n > 1)
			*p++ = alphabet[bits >> 6 & 63];
		if (n > 2)
			*p++ = alphabet[bits & 63];
	}
	*p = '\0';
	return (out);
}

void *
base64url_decode(struct arena *a, const char *text, size_t len, size_t *out_len)
{
	const uint8_t	*in = (const uint8_t *)text;
	uint8_t		*out, *p, v[4];
	uint32_t	 bits;
	size_t		 i, n;

	if (len % 4 == 1)
		return (NULL);
	p = out = arena_alloc(a, len / 4 * 3 + 4);
	for (; len > 0; in += n, len -= n) {
		n = len < 4 ? len : 4;
		for (bits = 0, i = 0; i < 4; i++) {
			v[i] = i < n ? base64url_value[in[i]] : 1;
			bits = bits << 6 | (v[i] - 1u);
		}
		if (v[0] == 0 || v[1] == 0 || v[2] == 0 || v[3] == 0)
			return (NULL);
		p[0] = (uint8_t)(bits >> 16);
		p[1] = (uint8_t)(bits >> 8);
		p[2] = (uint8_t)bits;
		p += n - 1;
		/* What does not fill a byte must be nothing. */
		if (n < 4 && (bits & (n == 2 ? 0xffffu : 0xffu)) != 0)
			return (NULL);
	}
	*out_len = (size_t)(p - out);
	*p = '\0';
	return (out);
}

bool
equal_in_constant_time(const void *a, const void *b, size_t len)
{
	return (CRYPTO_memcmp(a, b, len) == 0);
}
