/*
 * head.c -- what requests and responses have in common: the end of the head,
 * the version, the field lines and what they say about the body's framing.
 *
 * Invariant: a head that passes names its body's length in exactly one way.
 */
#include "http1/http1_priv.h"

#define ONES	0x0101010101010101ULL
#define HIGHS	0x8080808080808080ULL

/* What the Connection fields have said so far. */
struct wishes {
	bool	close;
	bool	keep;
};

static const char	*value_end(const char *, const char *);
static int		 field_meaning(struct http1_head *,
			    const struct http1_header *, bool, struct wishes *);
static int		 take_host(struct http1_head *, struct span);
static int		 take_length(struct http1_head *, struct span);
static void		 take_connection(struct span, struct wishes *);

enum http1_result
http1_scan(const char *data, size_t len, size_t start, size_t *scanned,
    int *status)
{
	const size_t	 line_max = start + HTTP1_LINE_MAX + 2;
	const char	*from, *end, *lf;

	*status = 414;
	if (*scanned < line_max && len >= line_max &&
	    memchr(data + start, '\n', line_max - start) == NULL)
		return (HTTP1_BAD);

	end = data + (len < HTTP1_HEAD_MAX ? len : HTTP1_HEAD_MAX);
	from = data + (*scanned > start ? *scanned : start);
	*status = 400;
	while (from < end && (lf = memchr(from, '\n', end - from)) != NULL) {
		/* A bare LF, or nothing before the first line's end. */
		if (lf - data < (ptrdiff_t)start + 2 || lf[-1] != '\r')
			return (HTTP1_BAD);
		from = lf + 1;
		if (lf[-2] == '\n') {
			*scanned = from - data;
			return (HTTP1_DONE);
		}
	}
	*scanned = end - data;
	*status = 431;
	return (len < HTTP1_HEAD_MAX ? HTTP1_MORE : HTTP1_BAD);
}

/* Everything but the array of fields, which nheaders guards. */
void
http1_head_clear(struct http1_head *h)
{
	static const struct span	 none = { "", 0 };

	h->method = METHOD_NONE;
	h->method_text = h->target = h->path = h->query = none;
	h->host = h->reason = none;
	h->status = h->minor = 0;
	h->nheaders = h->head_len = 0;
	h->keep_alive = h->expect_continue = false;
	h->chunked = h->has_length = h->underscore = false;
	h->length = 0;
}

int
http1_version(const char *p)
{
	static const char	name[] = "HTTP/";
	size_t			i;

	/* Byte by byte: a head may end right here, but its CRLF differs. */
	for (i = 0; i < sizeof(name) - 1; i++) {
		if (p[i] != name[i])
			return (-1);
	}
	if (p[5] < '0' || p[5] > '9' || p[6] != '.' || p[7] < '0' || p[7] > '9')
		return (-1);
	if (p[5] != '1' || p[7] > '1')
		return (-2);
	return (p[7] - '0');
}

int
http1_fields(struct http1_head *h, const char *p, const char *end, bool request)
{
	struct http1_header	*f;
	struct wishes		 wish = { false, false };
	uint8_t			 seen = 0;
	int			 status;

	while (*p != '\r') {
		if (h->nheaders == HTTP1_HEADERS_MAX)
			return (431);
		f = &h->headers[h->nheaders++];
		f->name.p = p;
		while (http1_char(*p, CHAR_TOKEN))
			seen |= http1_chars[(uint8_t)*p++];
		f->name.len = p - f->name.p;
		if (f->name.len == 0 || *p++ != ':')
			return (400);
		while (*p == ' ' || *p == '\t')
			p++;
		f->value.p = p;
		p = value_end(p, end);
		if (p[0] != '\r' || p[1] != '\n')
			return (400);
		f->value.len = p - f->value.p;
		p += 2;
		while (f->value.len > 0 &&
		    (f->value.p[f->value.len - 1] == ' ' ||
		    f->value.p[f->value.len - 1] == '\t'))
			f->value.len--;
		if ((status = field_meaning(h, f, request, &wish)) != 0)
			return (status);
	}
	/* A CR that begins no CRLF is not the blank line. */
	if (p + 2 != end || (h->chunked && (h->has_length || h->minor == 0)))
		return (400);
	h->underscore = (seen & CHAR_UNDERSCORE) != 0;
	h->keep_alive = !wish.close && (h->minor == 1 || wish.keep);
	return (0);
}

/* First byte that no value may hold; eight at a time while they are plain. */
static const char *
value_end(const char *p, const char *end)
{
	uint64_t	w, del;

	while (end - p >= 8) {
		memcpy(&w, p, sizeof(w));
		del = w ^ (ONES * 0x7f);
		if ((((w - ONES * 0x20) & ~w) | ((del - ONES) & ~del)) & HIGHS)
			break;
		p += 8;
	}
	while (http1_char(*p, CHAR_VALUE))
		p++;
	return (p);
}

/* The five fields that decide about the message itself; lengths tell them apart. */
static int
field_meaning(struct http1_head *h, const struct http1_header *f, bool request,
    struct wishes *wish)
{
	switch (f->name.len) {
	case 4:
		if (request && http1_is(f->name, "host"))
			return (take_host(h, f->value));
		break;
	case 6:
		if (request && http1_is(f->name, "expect"))
			h->expect_continue = h->minor == 1 &&
			    http1_is(f->value, "100-continue");
		break;
	case 10:
		if (http1_is(f->name, "connection"))
			take_connection(f->value, wish);
		break;
	case 14:
		if (http1_is(f->name, "content-length"))
			return (take_length(h, f->value));
		break;
	case 17:
		if (!http1_is(f->name, "transfer-encoding"))
			break;
		if (h->chunked || !http1_is(f->value, "chunked"))
			return (400);
		h->chunked = true;
		break;
	}
	return (0);
}

static int
take_host(struct http1_head *h, struct span v)
{
	size_t	i;

	if (h->host.len > 0 || v.len == 0)
		return (400);
	for (i = 0; i < v.len; i++) {
		if (!http1_char(v.p[i], CHAR_HOST))
			return (400);
	}
	h->host = v;
	return (0);
}

/* Digits only, in one spelling, once, and small enough to count with. */
static int
take_length(struct http1_head *h, struct span v)
{
	uint64_t	n = 0;
	size_t		i;

	if (h->has_length || v.len == 0 || v.len > 18 || (v.len > 1 && v.p[0] == '0'))
		return (400);
	for (i = 0; i < v.len; i++) {
		if (v.p[i] < '0' || v.p[i] > '9')
			return (400);
		n = n * 10 + (v.p[i] - '0');
	}
	h->has_length = true;
	h->length = n;
	return (0);
}

/* A list: `keep-alive, Upgrade`. Words we do not know are left to others. */
static void
take_connection(struct span v, struct wishes *wish)
{
	const char	*p = v.p, *end = v.p + v.len;
	struct span	 word;

	while (p < end) {
		while (p < end && (*p == ',' || *p == ' ' || *p == '\t'))
			p++;
		word.p = p;
		while (p < end && *p != ',' && *p != ' ' && *p != '\t')
			p++;
		word.len = p - word.p;
		if (http1_is(word, "close"))
			wish->close = true;
		else if (http1_is(word, "keep-alive"))
			wish->keep = true;
	}
}
