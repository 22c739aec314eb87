/*
 * test_gateway.c -- heads on their way through the gateway: nothing of the
 * house's own headers comes in from outside, framing is made anew, traces go
 * on only when they are sound.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Pure bytes: the file itself is under test, not the program around it. */
#include "../../gateway/headers.c"

#define ID	"0195a1b2-0000-7000-8000-000000000001"
#define TRACE	"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

static struct arena	 arena;

static int
set_up(void **state)
{
	(void)state;
	arena_init(&arena);
	return (0);
}

static int
tear_down(void **state)
{
	(void)state;
	arena_release(&arena);
	return (0);
}

/* The head as a service would receive it. */
static char *
through(const char *text)
{
	struct pass		*p = arena_zalloc(&arena, sizeof(*p));
	struct http1_head	*head = arena_zalloc(&arena, sizeof(*head));
	size_t			 scanned = 0, len;
	int			 status = 0;
	char			*out;

	assert_int_equal(http1_request(text, strlen(text), head, &scanned, &status), HTTP1_DONE);
	p->head = head;
	p->arena = &arena;
	p->client = (struct span){ "203.0.113.7", 11 };
	memcpy(p->request_id, ID, sizeof(ID));
	door_hear(head, &p->heard);
	memcpy(p->traceparent, TRACE, sizeof(TRACE));
	out = request_head(p, &len);
	return (arena_strndup(&arena, out, len));
}

#define OURS	"X-Request-Id: " ID "\r\nTraceparent: " TRACE "\r\n"	\
		"X-Forwarded-For: 203.0.113.7\r\n\r\n"

static void
a_request_gets_our_headers(void **state UNUSED)
{
	assert_string_equal(through("GET /v1/jobs/vacancies?limit=2 HTTP/1.1\r\nHost:a\r\n"
	    "Accept: */*\r\nAuthorization: Bearer x.y.z\r\n\r\n"),
	    "GET /v1/jobs/vacancies?limit=2 HTTP/1.1\r\nHost: a\r\n"
	    "Accept: */*\r\nAuthorization: Bearer x.y.z\r\n" OURS);
}

static void
copies_of_internal_headers_stop_here(void **state UNUSED)
{
	static const char *const	names[] = {
		"X-Request-Id", "x-request-id", "TRACEPARENT", "tracestate", "X-YJY-Person",
		"x-yjy-", "X-Internal-Caller", "X-Forwarded-For", "X-Forwarded-Host", "Forwarded",
		"X-Real-IP", "Via", "Expect", "Proxy-Authorization", "Proxy-Connection", "TE",
		"Trailer", "Upgrade", "Keep-Alive", "Connection"
	};
	char				text[256];
	size_t				i;

	for (i = 0; i < NITEMS(names); i++) {
		/* 100-continue is the only expectation that parses; as a value it fits all */
		(void)snprintf(text, sizeof(text), "GET / HTTP/1.1\r\nHost: a\r\n%s: %s\r\n"
		    "X-Other: kept\r\n\r\n", names[i],
		    strcmp(names[i], "Expect") == 0 ? "100-continue" : "keep-alive");
		assert_string_equal(through(text),
		    "GET / HTTP/1.1\r\nHost: a\r\nX-Other: kept\r\n" OURS);
	}
}

/* Names that only begin like ours are the client's own business. */
static void
other_headers_pass(void **state UNUSED)
{
	assert_string_equal(through("GET / HTTP/1.1\r\nHost: a\r\nX-Request-Ids: 1\r\n"
	    "Telephone: 2\r\nX-Yjy: 3\r\nExpected: 4\r\nViable: 5\r\nEmpty:\r\n\r\n"),
	    "GET / HTTP/1.1\r\nHost: a\r\nX-Request-Ids: 1\r\n"
	    "Telephone: 2\r\nX-Yjy: 3\r\nExpected: 4\r\nViable: 5\r\nEmpty: \r\n" OURS);
}

static void
what_connection_names_stops_here(void **state UNUSED)
{
	assert_string_equal(through("GET / HTTP/1.1\r\nHost: a\r\nConnection: close, X-Hop ,x-two\r\n"
	    "X-Hop: 1\r\nX-Two: 2\r\nX-Hopper: 3\r\n\r\n"),
	    "GET / HTTP/1.1\r\nHost: a\r\nX-Hopper: 3\r\n" OURS);
}

static void
framing_is_made_anew(void **state UNUSED)
{
	assert_string_equal(through("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\n\r\n"),
	    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\n" OURS);
	assert_string_equal(through("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"),
	    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n" OURS);
	assert_string_equal(through("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"),
	    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n" OURS);
}

static void
replies_lose_framing_and_inner_headers(void **state UNUSED)
{
	static const char	text[] = "HTTP/1.1 200 OK\r\nDate: now\r\nServer: s\r\n"
	    "Content-Length: 5\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\n"
	    "X-Yjy-Shard: 2\r\nContent-Type: application/json\r\nX-Request-Id: " ID "\r\n"
	    "Set-Cookie: a=b\r\n\r\n";
	struct pass		*p = arena_zalloc(&arena, sizeof(*p));
	struct http1_head	head;
	size_t			scanned = 0, len;
	char			*lines;

	assert_int_equal(http1_response(text, sizeof(text) - 1, &head, &scanned), HTTP1_DONE);
	p->arena = &arena;
	lines = reply_lines(p, &head, &len);
	assert_string_equal(arena_strndup(&arena, lines, len),
	    "Content-Type: application/json\r\nX-Request-Id: " ID "\r\nSet-Cookie: a=b\r\n");
}

static void
traces_go_on_or_begin(void **state UNUSED)
{
	static const char *const	unsound[] = {
		"", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
		"00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
		"00-00000000000000000000000000000000-b7ad6b7169203331-01",
		"00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
		"01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
		"00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
		TRACE "-more",
	};
	char				out[56], id[33];
	size_t				i;

	trace_continue((struct span){ TRACE, sizeof(TRACE) - 1 }, out, id);
	assert_string_equal(id, "0af7651916cd43dd8448eb211c80319c");
	assert_memory_equal(out, TRACE, 36);
	assert_memory_not_equal(&out[36], &TRACE[36], 16);
	assert_string_equal(out + 52, "-01");
	for (i = 0; i < NITEMS(unsound); i++) {
		trace_continue((struct span){ unsound[i], strlen(unsound[i]) }, out, id);
		assert_string_not_equal(id, "0af7651916cd43dd8448eb211c80319c");
		assert_int_equal(strlen(out), 55);
		assert_int_equal(strspn(id, "0123456789abcdef"), 32);
		assert_string_equal(out + 52, "-00");
	}
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(a_request_gets_our_headers),
		cmocka_unit_test(copies_of_internal_headers_stop_here),
		cmocka_unit_test(other_headers_pass),
		cmocka_unit_test(what_connection_names_stops_here),
		cmocka_unit_test(framing_is_made_anew),
		cmocka_unit_test(replies_lose_framing_and_inner_headers),
		cmocka_unit_test(traces_go_on_or_begin),
	};

	return (cmocka_run_group_tests(tests, set_up, tear_down));
}
