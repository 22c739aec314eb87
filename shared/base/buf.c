/*
 * buf.c -- see buf.h. Invariant: while data is allocated, len < cap, so that
 * there is always room for buf_cstr()'s NUL.
 */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base_priv.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/utf8.h"

#define CAP_FIRST	256

static size_t	plain_bytes(const char *, size_t);
static void	buf_add_escape(struct buf *, uint8_t);

void
buf_init(struct buf *b, size_t max_bytes)
{
	assert(max_bytes < SIZE_MAX / 4);
	memset(b, 0, sizeof(*b));
	b->max = max_bytes;
}

void
buf_release(struct buf *b)
{
	free(b->data);
	buf_init(b, b->max);
}

void
buf_clear(struct buf *b)
{
	b->len = 0;
	b->failed = false;
}

char *
buf_reserve(struct buf *b, size_t n)
{
	size_t	 cap;
	char	*data;

	if (b->failed || n > b->max - b->len) {
		b->failed = true;
		return (NULL);
	}
	if (b->len + n >= b->cap) {
		cap = b->cap == 0 ? CAP_FIRST : b->cap;
		while (cap <= b->len + n)
			cap *= 2;
		if (cap > b->max + 1)
			cap = b->max + 1;
		if ((data = realloc(b->data, cap)) == NULL)
			log_die("out of memory: %zu bytes asked", cap);
		b->data = data;
		b->cap = cap;
	}
	return (b->data + b->len);
}

void
buf_commit(struct buf *b, size_t n)
{
	assert(n == 0 || b->len + n < b->cap);
	b->len += n;
}

void
buf_consume(struct buf *b, size_t n)
{
	assert(n <= b->len);
	b->len -= n;
	if (b->len > 0 && n > 0)
		memmove(b->data, b->data + n, b->len);
}

void
buf_add(struct buf *b, const void *data, size_t n)
{
	char	*p;

	if (n == 0 || (p = buf_reserve(b, n)) == NULL)
		return;
	memcpy(p, data, n);
	b->len += n;
}

void
buf_adds(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void
buf_addc(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void
buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list	 ap;
	char	*p;
	int	 n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		log_die("buf_addf: bad format \"%s\"", fmt);
	if ((p = buf_reserve(b, (size_t)n)) == NULL)
		return;
	/* The NUL goes where buf_cstr() would put it. */
	va_start(ap, fmt);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
}

void
buf_add_int(struct buf *b, int64_t value)
{
	char		digits[DECIMAL_MAX + 1] = "-";
	uint64_t	size = (uint64_t)value;

	if (value < 0)
		buf_add(b, digits, 1 + decimal_write(digits + 1, -size));
	else
		buf_add(b, digits, decimal_write(digits, size));
}

void
buf_add_json(struct buf *b, const char *s, size_t len)
{
	size_t		from = 0, i = 0, n;
	uint32_t	code;

	while (i < len) {
		uint8_t	c;

		if ((i += plain_bytes(s + i, len - i)) == len)
			break;
		c = (uint8_t)s[i];
		n = utf8_next(s + i, len - i, &code);
		if (n > 1) {
			i += n;
			continue;
		}
		buf_add(b, s + from, i - from);
		buf_add_escape(b, c);
		from = ++i;
	}
	buf_add(b, s + from, len - from);
}

void
buf_add_html(struct buf *b, const char *s)
{
	for (; s != NULL && *s != '\0'; s++)
		switch (*s) {
		case '&':
			buf_adds(b, "&amp;");
			break;
		case '<':
			buf_adds(b, "&lt;");
			break;
		case '>':
			buf_adds(b, "&gt;");
			break;
		case '"':
			buf_adds(b, "&quot;");
			break;
		case '\'':
			buf_adds(b, "&#39;");
			break;
		default:
			buf_addc(b, *s);
		}
}

const char *
buf_cstr(struct buf *b)
{
	if (b->data == NULL)
		return ("");
	b->data[b->len] = '\0';
	return (b->data);
}

bool
buf_ok(const struct buf *b)
{
	return (!b->failed);
}

/* How many bytes from the start are ASCII without need of an escape. */
static size_t
plain_bytes(const char *s, size_t len)
{
	const uint64_t	ones = UINT64_C(0x0101010101010101), tops = ones << 7;
	size_t		i = 0;

	/* Eight at a time: a top bit stays set where a byte is special. */
	for (; len - i >= 8; i += 8) {
		uint64_t	v, quote, slash, del;

		memcpy(&v, s + i, 8);
		quote = v ^ ones * '"';
		slash = v ^ ones * '\\';
		del = v ^ ones * 0x7f;
		if (((v | (v - ones * 0x20) | (quote - ones) | (slash - ones) |
		    (del - ones)) & tops) != 0)
			break;
	}
	for (; i < len; i++) {
		uint8_t	c = (uint8_t)s[i];

		if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\')
			break;
	}
	return (i);
}

/* `c` needs an escape or is not part of a character. */
static void
buf_add_escape(struct buf *b, uint8_t c)
{
	static const char	hex[] = "0123456789abcdef";
	char			code[] = { '\\', 'u', '0', '0', hex[c >> 4], hex[c & 15] };

	switch (c) {
	case '"':
		buf_adds(b, "\\\"");
		break;
	case '\\':
		buf_adds(b, "\\\\");
		break;
	case '\n':
		buf_adds(b, "\\n");
		break;
	case '\r':
		buf_adds(b, "\\r");
		break;
	case '\t':
		buf_adds(b, "\\t");
		break;
	default:
		if (c > 0x7f)
			buf_adds(b, "\xef\xbf\xbd");
		else
			buf_add(b, code, sizeof(code));
	}
}
