/*
 * chars.c -- which byte may stand where in a message (RFC 9110, RFC 3986),
 * and the comparison of names without regard to case.
 */
#include "http1/http1_priv.h"

#define T	CHAR_TOKEN
#define V	CHAR_VALUE
#define G	CHAR_TARGET
#define H	CHAR_HOST
#define U	CHAR_UNDERSCORE

const uint8_t http1_chars[256] = {
	['\t'] = V, [' '] = V,
	['!'] = T | V | G | H, ['"'] = V | G, ['#'] = T | V,
	['$' ... '\''] = T | V | G | H,
	['(' ... ')'] = V | G | H,
	['*' ... '+'] = T | V | G | H,
	[','] = V | G,
	['-' ... '.'] = T | V | G | H,
	['/'] = V | G,
	['0' ... '9'] = T | V | G | H,
	[':' ... ';'] = V | G | H,
	['<'] = V | G, ['='] = V | G | H, ['>' ... '@'] = V | G,
	['A' ... 'Z'] = T | V | G | H,
	['['] = V | G | H, ['\\'] = V | G, [']'] = V | G | H,
	['^'] = T | V | G, ['_'] = T | V | G | H | U, ['`'] = T | V | G,
	['a' ... 'z'] = T | V | G | H,
	['{'] = V | G, ['|'] = T | V | G, ['}'] = V | G,
	['~'] = T | V | G | H,
	[0x80 ... 0xff] = V,
};

bool
http1_is(struct span s, const char *lower)
{
	size_t	i;
	char	c;

	for (i = 0; i < s.len; i++) {
		c = s.p[i];
		if (c >= 'A' && c <= 'Z')
			c |= 0x20;
		if (c != lower[i] || c == '\0')
			return (false);
	}
	return (lower[i] == '\0');
}

const struct span *
http1_header(const struct http1_head *h, const char *name)
{
	size_t	i, len;

	len = strlen(name);
	for (i = 0; i < h->nheaders; i++) {
		if (h->headers[i].name.len == len &&
		    http1_is(h->headers[i].name, name))
			return (&h->headers[i].value);
	}
	return (NULL);
}
