/*
 * utf8.c -- see utf8.h.
 */
#include "base/utf8.h"

size_t
utf8_next(const char *s, size_t len, uint32_t *code)
{
	static const uint32_t	 least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const uint8_t		*p = (const uint8_t *)s;
	size_t			 n;
	uint32_t		 c;

	if (len == 0)
		return (0);
	if (p[0] < 0x80) {
		*code = p[0];
		return (1);
	}
	n = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
	if (p[0] < 0xc2 || p[0] > 0xf4 || len < n)
		return (0);
	c = p[0] & (0xffu >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return (0);
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return (0);
	*code = c;
	return (n);
}

int64_t
utf8_count(const char *s, size_t len)
{
	int64_t		count = 0;
	uint32_t	code;

	while (len > 0) {
		size_t	n = utf8_next(s, len, &code);

		if (n == 0)
			return (-1);
		s += n;
		len -= n;
		count++;
	}
	return (count);
}

size_t
utf8_prefix(const char *s, size_t len, size_t max)
{
	if (len <= max)
		return (len);
	while (max > 0 && ((uint8_t)s[max] & 0xc0) == 0x80)
		max--;
	return (max);
}
