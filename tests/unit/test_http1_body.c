/*
 * test_http1_body.c -- bodies by length, in chunks and until close; every cut
 * of the bytes must give the same payload, the same end and the same refusal.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "http1/http1.h"

#define TEXT(s)	(s), sizeof(s) - 1
#define X8	"xxxxxxxx"
#define X56	X8 X8 X8 X8 X8 X8 X8

struct chunked {
	const char		*what;
	const char		*text;
	size_t			 len;
	enum http1_result	 end;
	const char		*payload;
	size_t			 rest;	/* bytes of the next message */
};

static const struct chunked bodies[] = {
	{ "empty", TEXT("0\r\n\r\n"), HTTP1_DONE, "", 0 },
	{ "one chunk", TEXT("5\r\nhello\r\n0\r\n\r\n"), HTTP1_DONE, "hello", 0 },
	{ "three chunks", TEXT("1\r\na\r\n2\r\nbc\r\nA\r\n0123456789\r\n0\r\n\r\n"),
	    HTTP1_DONE, "abc0123456789", 0 },
	{ "leading zeros", TEXT("0000000000000003\r\nabc\r\n00\r\n\r\n"), HTTP1_DONE, "abc", 0 },
	{ "CRLF as data", TEXT("4\r\n\r\n\r\n\r\n0\r\n\r\n"), HTTP1_DONE, "\r\n\r\n", 0 },
	{ "extension", TEXT("3;a=\"b\";c\r\nabc\r\n0;z\r\n\r\n"), HTTP1_DONE, "abc", 0 },
	{ "trailers", TEXT("1\r\na\r\n0\r\nX-Sum: 1\r\nY:\r\n\r\n"), HTTP1_DONE, "a", 0 },
	{ "next message behind", TEXT("1\r\na\r\n0\r\n\r\nGET /"), HTTP1_DONE, "a", 5 },
	{ "extension of 64 bytes", TEXT("1;" X56 "xxxxxxx\r\na\r\n0\r\n\r\n"), HTTP1_DONE, "a", 0 },
	{ "unfinished", TEXT("5\r\nhel"), HTTP1_MORE, "hel", 0 },
	{ "no last chunk", TEXT("3\r\nabc\r\n"), HTTP1_MORE, "abc", 0 },
	{ "no end of trailers", TEXT("0\r\nX: a\r\n"), HTTP1_MORE, "", 0 },

	{ "no size", TEXT("\r\nabc\r\n"), HTTP1_BAD, "", 0 },
	{ "size is no number", TEXT("g\r\n"), HTTP1_BAD, "", 0 },
	{ "0x before the size", TEXT("0x3\r\nabc\r\n"), HTTP1_BAD, "", 0 },
	{ "sign", TEXT("+3\r\nabc\r\n"), HTTP1_BAD, "", 0 },
	{ "negative", TEXT("-1\r\n"), HTTP1_BAD, "", 0 },
	{ "space before", TEXT(" 3\r\nabc\r\n"), HTTP1_BAD, "", 0 },
	{ "space behind", TEXT("3 \r\nabc\r\n"), HTTP1_BAD, "", 0 },
	{ "17 digits", TEXT("00000000000000003\r\nabc\r\n"), HTTP1_BAD, "", 0 },
	{ "size of 64 bits", TEXT("ffffffffffffffff\r\na"), HTTP1_BAD, "", 0 },
	{ "bare LF behind the size", TEXT("3\nabc\r\n"), HTTP1_BAD, "", 0 },
	{ "bare CR behind the size", TEXT("3\rabc\r\n"), HTTP1_BAD, "", 0 },
	{ "data too long", TEXT("3\r\nabcd\r\n0\r\n\r\n"), HTTP1_BAD, "abc", 0 },
	{ "bare LF behind the data", TEXT("3\r\nabc\n0\r\n\r\n"), HTTP1_BAD, "abc", 0 },
	{ "extension of 65 bytes", TEXT("1;" X56 X8 "\r\na\r\n0\r\n\r\n"), HTTP1_BAD, "", 0 },
	{ "control byte in the extension", TEXT("1;a\x01\r\na\r\n"), HTTP1_BAD, "", 0 },
	{ "LF in the extension", TEXT("1;a\nb\r\na\r\n"), HTTP1_BAD, "", 0 },
	{ "folded trailer", TEXT("0\r\nX: a\r\n b\r\n\r\n"), HTTP1_BAD, "", 0 },
	{ "space before the trailer's colon", TEXT("0\r\nX : a\r\n\r\n"), HTTP1_BAD, "", 0 },
	{ "trailer without name", TEXT("0\r\n: a\r\n\r\n"), HTTP1_BAD, "", 0 },
	{ "bare LF in trailers", TEXT("0\r\nX: a\n\r\n"), HTTP1_BAD, "", 0 },
	{ "bare CR at the end", TEXT("0\r\n\rX"), HTTP1_BAD, "", 0 },
	{ "NUL in a trailer", TEXT("0\r\nX: \0\r\n\r\n"), HTTP1_BAD, "", 0 },
};

struct walked {
	char			payload[256];
	size_t			len;
	size_t			rest;
	enum http1_result	end;
};

/* Walks one piece, in memory of exactly its size, until nothing is consumed. */
static void
walk_piece(struct http1_body *b, const char *piece, size_t len, struct walked *w)
{
	char		*copy = malloc(len == 0 ? 1 : len);
	size_t		 at = 0, used;
	struct span	 span;

	assert_non_null(copy);
	memcpy(copy, piece, len);
	do {
		w->end = http1_body(b, copy + at, len - at, &used, &span);
		assert_true(used <= len - at && span.len <= used);
		assert_true(w->len + span.len <= sizeof(w->payload));
		memcpy(w->payload + w->len, span.p, span.len);
		w->len += span.len;
		at += used;
	} while (w->end == HTTP1_MORE && used > 0);
	w->rest += len - at;
	free(copy);
}

/* Pieces end at the cuts; a refusal or the end stops the walk. */
static struct walked
walk(const struct chunked *c, size_t first, size_t second)
{
	struct http1_body	b = { .kind = BODY_CHUNKED };
	struct walked		w = { .end = HTTP1_MORE };
	size_t			cuts[] = { 0, first, second, c->len }, i;

	for (i = 0; i < 3; i++) {
		if (w.end == HTTP1_MORE)
			walk_piece(&b, c->text + cuts[i], cuts[i + 1] - cuts[i], &w);
		else
			w.rest += cuts[i + 1] - cuts[i];
	}
	assert_int_equal(b.seen, w.len);
	return (w);
}

static void
chunks_are_taken_or_refused(void **state)
{
	const struct chunked	*c;
	struct walked		 w;
	size_t			 i, j;

	(void)state;
	for (c = bodies; c < bodies + NITEMS(bodies); c++) {
		for (i = 0; i <= c->len; i++) {
			for (j = i; j <= c->len; j++) {
				w = walk(c, i, j);
				if (w.end != c->end || w.len != strlen(c->payload) ||
				    memcmp(w.payload, c->payload, w.len) != 0 ||
				    (w.end == HTTP1_DONE && w.rest != c->rest))
					fail_msg("%s, cut at %zu and %zu: %d", c->what, i, j, w.end);
			}
		}
	}
}

static void
trailers_are_bounded(void **state)
{
	struct http1_body	 b = { .kind = BODY_CHUNKED };
	struct span		 span;
	size_t			 used, n;

	(void)state;
	assert_int_equal(http1_body(&b, TEXT("0\r\n"), &used, &span), HTTP1_MORE);
	for (n = 0; n + 8 <= HTTP1_HEAD_MAX; n += 8)
		assert_int_equal(http1_body(&b, TEXT("X: abc\r\n"), &used, &span), HTTP1_MORE);
	assert_int_equal(http1_body(&b, TEXT("X: abc\r\n"), &used, &span), HTTP1_BAD);
}

static struct http1_body
body_of(bool response, const char *text, bool to_head)
{
	static struct http1_head	head;
	struct http1_body		b;
	size_t				scanned = 0;
	int				status;

	assert_int_equal(response ?
	    http1_response(text, strlen(text), &head, &scanned) :
	    http1_request(text, strlen(text), &head, &scanned, &status), HTTP1_DONE);
	http1_body_init(&b, &head, response, to_head);
	return (b);
}

static void
framing_follows_the_head(void **state)
{
	static const char	counted[] = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";

	(void)state;
	assert_int_equal(body_of(false, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", false).kind, BODY_NONE);
	assert_int_equal(body_of(false, "PUT / HTTP/1.1\r\nHost: a\r\n"
	    "Content-Length: 0\r\n\r\n", false).kind, BODY_NONE);
	assert_int_equal(body_of(false, "GET / HTTP/1.1\r\nHost: a\r\n"
	    "Content-Length: 7\r\n\r\n", false).left, 7);
	assert_int_equal(body_of(false, "DELETE / HTTP/1.1\r\nHost: a\r\n"
	    "Transfer-Encoding: chunked\r\n\r\n", false).kind, BODY_CHUNKED);
	assert_int_equal(body_of(true, counted, false).kind, BODY_LENGTH);
	assert_int_equal(body_of(true, counted, true).kind, BODY_NONE);
	assert_int_equal(body_of(true, "HTTP/1.1 304 Not Modified\r\n"
	    "Content-Length: 5\r\n\r\n", false).kind, BODY_NONE);
	assert_int_equal(body_of(true, "HTTP/1.1 204 No Content\r\n\r\n", false).kind, BODY_NONE);
	assert_int_equal(body_of(true, "HTTP/1.1 103 Early Hints\r\n\r\n", false).kind, BODY_NONE);
	assert_int_equal(body_of(true, "HTTP/1.1 200 OK\r\n"
	    "Transfer-Encoding: chunked\r\n\r\n", false).kind, BODY_CHUNKED);
	assert_int_equal(body_of(true, "HTTP/1.1 200 OK\r\n\r\n", false).kind, BODY_CLOSE);
}

static void
counted_body_leaves_the_next_message(void **state)
{
	struct http1_body	b = { .kind = BODY_LENGTH, .left = 5 };
	struct span		span;
	size_t			used;

	(void)state;
	assert_int_equal(http1_body(&b, TEXT("hel"), &used, &span), HTTP1_MORE);
	assert_int_equal(used, 3);
	assert_int_equal(http1_body(&b, TEXT("loGET /"), &used, &span), HTTP1_DONE);
	assert_int_equal(used, 2);
	assert_memory_equal(span.p, "lo", 2);
	assert_int_equal(b.seen, 5);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(chunks_are_taken_or_refused),
		cmocka_unit_test(trailers_are_bounded),
		cmocka_unit_test(framing_follows_the_head),
		cmocka_unit_test(counted_body_leaves_the_next_message),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
