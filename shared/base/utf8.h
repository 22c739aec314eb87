/*
 * utf8.h -- reads UTF-8 strictly (RFC 3629): no overlong forms, no surrogates,
 * nothing above U+10FFFF.
 */
#ifndef YJY_UTF8_H
#define YJY_UTF8_H

#include "base/base.h"

/* Bytes of the character at `s`, 1 to 4, its value in *code; 0: not UTF-8. */
size_t	utf8_next(const char *s, size_t len, uint32_t *code);
/* Characters in the text, or -1 when it is not UTF-8. */
int64_t	utf8_count(const char *s, size_t len);
/* Longest prefix of at most `max` bytes that does not cut a character. */
size_t	utf8_prefix(const char *s, size_t len, size_t max);

#endif
