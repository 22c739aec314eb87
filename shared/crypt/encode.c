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

static int	 base64url_value(char);

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
	uint8_t		*out, *p;
	uint32_t	 bits = 0;
	size_t		 i, held = 0;
	int		 value;

	if (len % 4 == 1)
		return (NULL);
	p = out = arena_alloc(a, len / 4 * 3 + 3);
	for (i = 0; i < len; i++) {
		if ((value = base64url_value(text[i])) == -1)
			return (NULL);
		bits = bits << 6 | (uint32_t)value;
		held += 6;
		if (held >= 8) {
			held -= 8;
			*p++ = (uint8_t)(bits >> held);
			bits &= (1u << held) - 1;
		}
	}
	if (bits != 0)
		return (NULL);
	*out_len = (size_t)(p - out);
	*p = '\0';
	return (out);
}

bool
equal_in_constant_time(const void *a, const void *b, size_t len)
{
	return (CRYPTO_memcmp(a, b, len) == 0);
}

static int
base64url_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (c - 'A');
	if (c >= 'a' && c <= 'z')
		return (c - 'a' + 26);
	if (c >= '0' && c <= '9')
		return (c - '0' + 52);
	if (c == '-')
		return (62);
	return (c == '_' ? 63 : -1);
}
