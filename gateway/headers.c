/*
 * headers.c -- heads rewritten on their way in and out. Pure bytes.
 *
 * Invariant: a header the house uses among itself reaches a service only with
 * a value made here; a client's copy is dropped on every path, open ones too.
 * Hop-by-hop headers, and those a client's Connection names, stop here.
 */
#include "gateway.h"
#include "base/id.h"

#define OWN_LINES	320	/* room for what we add ourselves */
#define CODING_LINES	64

static bool	request_drops(struct span);
static bool	reply_drops(struct span);
static bool	hop_by_hop(struct span);
static bool	begins(struct span, const char *);
static bool	connection_names(const struct http1_head *, struct span);
static bool	list_has(struct span, struct span);
static bool	names_more(struct span);
static char	*add(char *, const char *, size_t);
static char	*add_text(char *, const char *);
static char	*add_line(char *, const struct http1_header *);
static char	*add_framing(char *, const struct http1_head *);
static bool	lower_hex(const char *, size_t);
static void	hex(char *, const uint8_t *, size_t);

void
door_hear(const struct http1_head *head, struct door_heard *h)
{
	const struct http1_header	*line;
	size_t				 i;

	memset(h, 0, sizeof(*h));
	for (i = 0; i < head->nheaders; i++) {
		line = &head->headers[i];
		switch (line->name.len) {
		case 6:
			if (http1_is(line->name, "origin"))
				h->origin = line->value;
			break;
		case 9:
			if (http1_is(line->name, "forwarded"))
				h->forwarded_by = line->value;
			break;
		case 10:
			if (http1_is(line->name, "connection") && names_more(line->value))
				h->named = true;
			break;
		case 11:
			if (http1_is(line->name, "traceparent"))
				h->traceparent = line->value;
			break;
		case 13:
			if (http1_is(line->name, "authorization")) {
				h->authorization = line->value;
				h->nauthorization++;
			}
			break;
		case 15:
			if (http1_is(line->name, "accept-language"))
				h->language = line->value;
			else if (http1_is(line->name, "accept-encoding"))
				h->encoding = line->value;
			else if (http1_is(line->name, "x-forwarded-for"))
				h->forwarded = line->value;
			else if (http1_is(line->name, "idempotency-key"))
				h->keyed = true;
			break;
		case 17:
			if (http1_is(line->name, "x-forwarded-proto"))
				h->forwarded_proto = line->value;
			break;
		case 29:
			if (http1_is(line->name, "access-control-request-method"))
				h->wants_method = line->value;
			break;
		}
	}
}

/* The common values name nothing to drop that is not dropped anyhow. */
static bool
names_more(struct span value)
{
	return (!http1_is(value, "keep-alive") && !http1_is(value, "close"));
}

char *
request_head(const struct pass *p, size_t *len)
{
	const struct http1_head	*h = p->head;
	char			*text, *at;
	size_t			 i;

	/* each line grows by two bytes at most: "a:b" becomes "a: b" */
	text = at = arena_alloc(p->arena, h->head_len + 2 * h->nheaders + p->client.len +
	    OWN_LINES);
	at = add(at, h->method_text.p, h->method_text.len);
	*at++ = ' ';
	at = add(at, h->target.p, h->target.len);
	at = add_text(at, " HTTP/1.1\r\n");
	for (i = 0; i < h->nheaders; i++)
		if (!request_drops(h->headers[i].name) &&
		    !(p->heard.named && connection_names(h, h->headers[i].name)))
			at = add_line(at, &h->headers[i]);
	at = add_framing(at, h);
	at = add_text(add_text(at, "X-Request-Id: "), p->request_id);
	at = add_text(add_text(at, "\r\nTraceparent: "), p->traceparent);
	at = add_text(at, "\r\nX-Forwarded-For: ");
	at = add(at, p->client.p, p->client.len);
	at = add_text(at, p->tls ? "\r\nX-Yjy-Tls: on\r\n\r\n" : "\r\n\r\n");
	*len = (size_t)(at - text);
	return (text);
}

static char *
add_framing(char *at, const struct http1_head *h)
{
	if (h->chunked)
		return (add_text(at, "Transfer-Encoding: chunked\r\n"));
	if (h->has_length)
		at += snprintf(at, 64, "Content-Length: %llu\r\n", (unsigned long long)h->length);
	return (at);
}

char *
reply_lines(const struct pass *p, const struct http1_head *h, size_t *len)
{
	char	*text, *at;
	size_t	 i;

	text = at = arena_alloc(p->arena, h->head_len + 2 * h->nheaders + p->more.len +
	    CODING_LINES);
	for (i = 0; i < h->nheaders; i++)
		if (!reply_drops(h->headers[i].name))
			at = add_line(at, &h->headers[i]);
	if (p->more.len > 0)
		at = add(at, p->more.p, p->more.len);
	if (p->coding != CODING_ANY)
		at = add_text(at, "Vary: Accept-Encoding\r\n");
	if (p->coding == CODING_GZIP)
		at = add_text(at, "Content-Encoding: gzip\r\n");
	*len = (size_t)(at - text);
	return (text);
}

void
reply_more(struct pass *p, const char *lines)
{
	if (p->more.len > 0)
		lines = arena_printf(p->arena, "%.*s%s", (int)p->more.len, p->more.p, lines);
	p->more = (struct span){ lines, strlen(lines) };
}

/* ---- what is dropped ---- */

static bool
hop_by_hop(struct span name)
{
	switch (name.len) {
	case 2:
		return (http1_is(name, "te"));
	case 7:
		return (http1_is(name, "trailer") || http1_is(name, "upgrade"));
	case 10:
		return (http1_is(name, "connection") || http1_is(name, "keep-alive"));
	case 14:
		return (http1_is(name, "content-length"));	/* framing is made anew */
	case 17:
		return (http1_is(name, "transfer-encoding"));
	}
	return (begins(name, "proxy-"));
}

static bool
request_drops(struct span name)
{
	switch (name.p[0] | 0x20) {
	case 'e':
		return (http1_is(name, "expect"));	/* answered by ourselves */
	case 'f':
		return (begins(name, "forwarded"));
	case 't':
		return (http1_is(name, "traceparent") || http1_is(name, "tracestate") ||
		    hop_by_hop(name));
	case 'v':
		return (http1_is(name, "via"));
	case 'x':
		return (begins(name, "x-yjy-") || begins(name, "x-forwarded-") ||
		    begins(name, "x-internal-") || http1_is(name, "x-request-id") ||
		    http1_is(name, "x-real-ip"));
	case 'c':
	case 'k':
	case 'p':
	case 'u':
		return (hop_by_hop(name));
	}
	return (false);
}

static bool
reply_drops(struct span name)
{
	switch (name.p[0] | 0x20) {
	case 'd':
		return (http1_is(name, "date"));	/* ours is as good */
	case 's':
		return (http1_is(name, "server"));
	case 'x':
		return (begins(name, "x-yjy-") || begins(name, "x-internal-"));
	case 'c':
	case 'k':
	case 'p':
	case 't':
	case 'u':
		return (hop_by_hop(name));
	}
	return (false);
}

static bool
begins(struct span name, const char *with)
{
	size_t	n = strlen(with);

	return (name.len >= n && strncasecmp(name.p, with, n) == 0);
}

static bool
connection_names(const struct http1_head *h, struct span name)
{
	size_t	i;

	/* these are for the service, whatever a client says (RFC 9110 7.6.1) */
	if (http1_is(name, "host") || http1_is(name, "authorization"))
		return (false);
	for (i = 0; i < h->nheaders; i++)
		if (http1_is(h->headers[i].name, "connection") &&
		    list_has(h->headers[i].value, name))
			return (true);
	return (false);
}

static bool
list_has(struct span list, struct span word)
{
	const char	*p = list.p, *end = list.p + list.len, *from;

	while (p < end) {
		while (p < end && (*p == ' ' || *p == '\t' || *p == ','))
			p++;
		for (from = p; p < end && *p != ',' && *p != ' ' && *p != '\t';)
			p++;
		if ((size_t)(p - from) == word.len && strncasecmp(from, word.p, word.len) == 0)
			return (true);
	}
	return (false);
}

/* ---- writing ---- */

static char *
add(char *at, const char *p, size_t len)
{
	memcpy(at, p, len);
	return (at + len);
}

static char *
add_text(char *at, const char *text)
{
	return (add(at, text, strlen(text)));
}

static char *
add_line(char *at, const struct http1_header *line)
{
	at = add(at, line->name.p, line->name.len);
	*at++ = ':';
	*at++ = ' ';
	at = add(at, line->value.p, line->value.len);
	*at++ = '\r';
	*at++ = '\n';
	return (at);
}

/* ---- traces (W3C Trace Context) ---- */

void
trace_continue(struct span from, char out[56], char trace_id[33])
{
	static const char	zeros[] = "00000000000000000000000000000000";
	uint8_t			fresh[24];

	random_bytes(fresh, sizeof(fresh));
	memcpy(out, "00-", 3);
	if (from.len == 55 && memcmp(from.p, "00-", 3) == 0 && from.p[35] == '-' &&
	    from.p[52] == '-' && lower_hex(from.p + 3, 32) && lower_hex(from.p + 36, 16) &&
	    lower_hex(from.p + 53, 2) && memcmp(from.p + 3, zeros, 32) != 0 &&
	    memcmp(from.p + 36, zeros, 16) != 0) {
		memcpy(out + 3, from.p + 3, 32);
		memcpy(out + 53, from.p + 53, 2);
	} else {
		hex(out + 3, fresh, 16);
		memcpy(out + 53, "00", 2);
	}
	out[35] = out[52] = '-';
	hex(out + 36, fresh + 16, 8);
	out[55] = '\0';
	memcpy(trace_id, out + 3, 32);
	trace_id[32] = '\0';
}

static bool
lower_hex(const char *p, size_t len)
{
	for (; len > 0; p++, len--)
		if (!(*p >= '0' && *p <= '9') && !(*p >= 'a' && *p <= 'f'))
			return (false);
	return (true);
}

static void
hex(char *out, const uint8_t *bytes, size_t n)
{
	static const char	digits[] = "0123456789abcdef";
	size_t			i;

	for (i = 0; i < n; i++) {
		out[2 * i] = digits[bytes[i] >> 4];
		out[2 * i + 1] = digits[bytes[i] & 15];
	}
}
