/*
 * fuzz_http1.h -- what both fuzzers of http1 need: a walk of a body in pieces
 * whose sizes the input itself decides, and heads in words.
 */
#ifndef YJY_FUZZ_HTTP1_H
#define YJY_FUZZ_HTTP1_H

#include "fuzz.h"
#include "http1/http1.h"

/* What a body came to: a hash of its payload, not the payload. */
struct walked {
	enum http1_result	end;
	uint64_t		hash, bytes, used;
};

static inline uint64_t
hash_more(uint64_t h, const char *p, size_t len)
{
	size_t	i;

	for (i = 0; i < len; i++)
		h = (h ^ (uint8_t)p[i]) * 0x100000001b3ULL;
	return (h);
}

static inline void
walk_piece(struct http1_body *b, const char *data, size_t len, struct walked *w)
{
	char		*piece = copy_of(data, len);
	struct span	 span;
	size_t		 at = 0, used;

	do {
		w->end = http1_body(b, piece + at, len - at, &used, &span);
		MUST(used <= len - at);
		MUST(span.len == 0 || (span.p >= piece + at &&
		    span.p + span.len <= piece + at + used));
		w->hash = hash_more(w->hash, span.p, span.len);
		w->bytes += span.len;
		at += used;
	} while (w->end == HTTP1_MORE && used > 0);
	MUST(w->end != HTTP1_MORE || at == len);
	w->used += at;
	free(piece);
}

/* `seed` 0: in one piece. */
static inline struct walked
walk(struct http1_body b, const char *data, size_t len, uint32_t seed)
{
	struct walked	w = { .end = HTTP1_MORE, .hash = 0xcbf29ce484222325ULL };
	size_t		at = 0, n;

	do {
		n = len - at;
		if (seed != 0) {
			seed = seed * 1664525 + 1013904223;
			if (n > (seed >> 24) % 13)
				n = (seed >> 24) % 13;
		}
		walk_piece(&b, data + at, n, &w);
		at += n;
	} while (at < len && w.end == HTTP1_MORE);
	MUST(b.seen == w.bytes);
	return (w);
}

static inline void
bodies_agree(const struct http1_body *b, const char *data, size_t len, uint32_t seed)
{
	struct walked	whole = walk(*b, data, len, 0);
	struct walked	cut = walk(*b, data, len, seed | 1);

	MUST(whole.end == cut.end);
	MUST(whole.hash == cut.hash && whole.bytes == cut.bytes);
	if (whole.end == HTTP1_DONE)
		MUST(whole.used == cut.used);
}

/* A head in words, so that two of them can be compared. */
static inline void
describe(struct buf *out, const struct http1_head *h)
{
	size_t	i;

	buf_addf(out, "%d %.*s %.*s %.*s? %d.%d %d %zu", h->method,
	    (int)h->method_text.len, h->method_text.p, (int)h->path.len,
	    h->path.p, (int)h->query.len, h->query.p, h->status, h->minor,
	    h->keep_alive | h->expect_continue << 1 | h->chunked << 2 |
	    h->has_length << 3, h->head_len);
	buf_addf(out, " %llu %.*s %.*s\n", (unsigned long long)h->length,
	    (int)h->host.len, h->host.p, (int)h->reason.len, h->reason.p);
	for (i = 0; i < h->nheaders; i++)
		buf_addf(out, "%.*s=%.*s\n", (int)h->headers[i].name.len,
		    h->headers[i].name.p, (int)h->headers[i].value.len,
		    h->headers[i].value.p);
}

static inline void
heads_agree(struct buf *a, struct buf *b)
{
	MUST(buf_ok(a) && buf_ok(b));
	MUST(strcmp(buf_cstr(a), buf_cstr(b)) == 0);
	buf_release(a);
	buf_release(b);
}

#endif
