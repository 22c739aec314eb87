/*
 * http1_priv.h -- shared by the files of http1: character classes and the two
 * steps of reading a head. First http1_scan() finds its end, looking at every
 * byte once however it trickles in; only then are its lines taken apart, so
 * the lines always end in CRLF and need no bound but that.
 */
#ifndef YJY_HTTP1_PRIV_H
#define YJY_HTTP1_PRIV_H

#include "http1/http1.h"

#define CHAR_TOKEN	0x01	/* method and field names (tchar) */
#define CHAR_VALUE	0x02	/* field values: no control but TAB; bytes over 0x7f pass */
#define CHAR_TARGET	0x04	/* request target: visible ASCII but '#' */
#define CHAR_HOST	0x08	/* host and port, without ',' '/' '@' */
#define CHAR_UNDERSCORE	0x10	/* '_', which others read as '-' in field names */

extern const uint8_t	http1_chars[256];

static inline bool
http1_char(char c, int class)
{
	return ((http1_chars[(uint8_t)c] & class) != 0);
}

/* Value of a hexadecimal digit, -1 for anything else. */
static inline int
http1_hex(char c)
{
	if (c >= '0' && c <= '9')
		return (c - '0');
	c |= 0x20;
	if (c >= 'a' && c <= 'f')
		return (c - 'a' + 10);
	return (-1);
}

/* DONE: *scanned is the head's length. Looks from `start` on. */
enum http1_result	http1_scan(const char *, size_t, size_t start,
			    size_t *scanned, int *status);
void			http1_head_clear(struct http1_head *);
/* "HTTP/1.1" or "HTTP/1.0" at p: the minor version; -1 no version, -2 another one. */
int			http1_version(const char *p);
/* Field lines up to the blank one. 0, or the status that refuses them. */
int			http1_fields(struct http1_head *, const char *p,
			    const char *end, bool request);

#endif
