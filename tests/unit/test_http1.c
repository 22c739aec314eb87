/*
 * test_http1.c -- what the HTTP/1.1 parser takes, what it refuses and with
 * which status; and that no cut of the bytes changes the answer.
 *
 * Every input is handed over in memory of exactly its size, so a byte read
 * behind it is an error under ASan.
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

#define TEXT(s)		(s), sizeof(s) - 1
#define GET(fields)	TEXT("GET /v1/jobs HTTP/1.1\r\nHost: a\r\n" fields "\r\n")
#define OK(fields)	TEXT("HTTP/1.1 200 OK\r\n" fields "\r\n")

struct message {
	const char	*what;
	const char	*text;
	size_t		 len;
	int		 status;	/* 0: accepted; responses: any other refuses */
};

static const struct message requests[] = {
	{ "plain", GET(""), 0 },
	{ "one empty line before", TEXT("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"), 0 },
	{ "two empty lines before", TEXT("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"), 400 },
	{ "version 1.0", TEXT("GET / HTTP/1.0\r\nHost: a\r\n\r\n"), 0 },
	{ "every method we serve", TEXT("PATCH /a HTTP/1.1\r\nHost: a\r\n\r\n"), 0 },
	{ "asterisk of OPTIONS", TEXT("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"), 0 },
	{ "empty value", GET("X-Empty:\r\n"), 0 },
	{ "bytes over 0x7f in a value", GET("X: \xe6\xb0\xb8\r\n"), 0 },
	{ "TAB inside a value", GET("X: a\tb\r\n"), 0 },
	{ "chunked", GET("Transfer-Encoding: Chunked\r\n"), 0 },
	{ "counted", GET("Content-Length: 12\r\n"), 0 },
	{ "next request behind it", TEXT("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /b"), 0 },
	{ "host with port", TEXT("GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n"), 0 },

	{ "length with transfer-encoding", GET("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"), 400 },
	{ "transfer-encoding with length", GET("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n"), 400 },
	{ "length twice, equal", GET("Content-Length: 3\r\nContent-Length: 3\r\n"), 400 },
	{ "length twice, different", GET("Content-Length: 3\r\ncontent-length: 4\r\n"), 400 },
	{ "length as a list", GET("Content-Length: 3, 3\r\n"), 400 },
	{ "length with sign", GET("Content-Length: +3\r\n"), 400 },
	{ "negative length", GET("Content-Length: -1\r\n"), 400 },
	{ "hexadecimal length", GET("Content-Length: 0x10\r\n"), 400 },
	{ "empty length", GET("Content-Length: \r\n"), 400 },
	{ "length with a leading zero", GET("Content-Length: 03\r\n"), 400 },
	{ "length with a space", GET("Content-Length: 1 2\r\n"), 400 },
	{ "length beyond 64 bits", GET("Content-Length: 18446744073709551617\r\n"), 400 },
	{ "identity", GET("Transfer-Encoding: identity\r\n"), 400 },
	{ "gzip, chunked", GET("Transfer-Encoding: gzip, chunked\r\n"), 400 },
	{ "chunked, chunked", GET("Transfer-Encoding: chunked, chunked\r\n"), 400 },
	{ "chunked twice", GET("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400 },
	{ "chunked with a parameter", GET("Transfer-Encoding: chunked;q=1\r\n"), 400 },
	{ "xchunked", GET("Transfer-Encoding: xchunked\r\n"), 400 },
	{ "empty transfer-encoding", GET("Transfer-Encoding:\r\n"), 400 },
	{ "vertical tab before chunked", GET("Transfer-Encoding: \vchunked\r\n"), 400 },
	{ "chunked in version 1.0", TEXT("POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"), 400 },
	{ "folded line", GET("X: a\r\n b\r\n"), 400 },
	{ "folded line with TAB", GET("X: a\r\n\tb\r\n"), 400 },
	{ "space before the first field", TEXT("GET / HTTP/1.1\r\n Host: a\r\n\r\n"), 400 },
	{ "bare LF ends the request line", TEXT("GET / HTTP/1.1\nHost: a\r\n\r\n"), 400 },
	{ "bare LF ends a field", GET("X: a\nY: b\r\n"), 400 },
	{ "bare LF ends the head", TEXT("GET / HTTP/1.1\r\nHost: a\r\n\n"), 400 },
	{ "bare CR in a value", GET("X: a\rY: b\r\n"), 400 },
	{ "bare CR before the end", TEXT("GET / HTTP/1.1\r\nHost: a\r\n\rX\r\n\r\n"), 400 },
	{ "bare CR in the request line", TEXT("GET /\r HTTP/1.1\r\nHost: a\r\n\r\n"), 400 },
	{ "NUL in a value", GET("X: a\0b\r\n"), 400 },
	{ "NUL in a name", GET("X\0Y: b\r\n"), 400 },
	{ "NUL in the target", TEXT("GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n"), 400 },
	{ "control byte in a value", GET("X: a\x01z\r\n"), 400 },
	{ "control byte deep in a value", GET("X: abcdefghijklmnopqrstuvwxyz\x1f\r\n"), 400 },
	{ "DEL in a value", GET("X: abcdefghijklmnop\x7f\r\n"), 400 },
	{ "space before the colon", GET("X : a\r\n"), 400 },
	{ "TAB before the colon", GET("X\t: a\r\n"), 400 },
	{ "no colon", GET("X\r\n"), 400 },
	{ "no name", GET(": a\r\n"), 400 },
	{ "bracket in a name", GET("X[1]: a\r\n"), 400 },
	{ "name beyond ASCII", GET("\xc3\xa9: a\r\n"), 400 },
	{ "no Host", TEXT("GET / HTTP/1.1\r\nX: a\r\n\r\n"), 400 },
	{ "a field that only begins like Host", TEXT("GET / HTTP/1.1\r\nHostile: a\r\n\r\n"), 400 },
	{ "two Hosts", GET("Host: a\r\n"), 400 },
	{ "empty Host", TEXT("GET / HTTP/1.1\r\nHost:\r\n\r\n"), 400 },
	{ "Host with a path", TEXT("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"), 400 },
	{ "Host with a user", TEXT("GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"), 400 },
	{ "Hosts in one line", TEXT("GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"), 400 },
	{ "absolute target", TEXT("GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n"), 400 },
	{ "authority target", TEXT("GET a:80 HTTP/1.1\r\nHost: a\r\n\r\n"), 400 },
	{ "asterisk of GET", TEXT("GET * HTTP/1.1\r\nHost: a\r\n\r\n"), 400 },
	{ "asterisk and more", TEXT("OPTIONS ** HTTP/1.1\r\nHost: a\r\n\r\n"), 400 },
	{ "target beyond ASCII", TEXT("GET /\xe6 HTTP/1.1\r\nHost: a\r\n\r\n"), 400 },
	{ "target with a fragment", TEXT("GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n"), 400 },
	{ "target with a space", TEXT("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"), 400 },
	{ "no target", TEXT("GET HTTP/1.1\r\nHost: a\r\n\r\n"), 400 },
	{ "two spaces", TEXT("GET  / HTTP/1.1\r\nHost: a\r\n\r\n"), 400 },
	{ "TAB for a space", TEXT("GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"), 400 },
	{ "space behind the version", TEXT("GET / HTTP/1.1 \r\nHost: a\r\n\r\n"), 400 },
	{ "no version", TEXT("GET /\r\nHost: a\r\n\r\n"), 400 },
	{ "version in small letters", TEXT("GET / http/1.1\r\nHost: a\r\n\r\n"), 400 },
	{ "version with a leading zero", TEXT("GET / HTTP/01.1\r\nHost: a\r\n\r\n"), 400 },
	{ "head ends inside the version", TEXT("GET / \r\n\r\n"), 400 },
	{ "method with a slash", TEXT("GE/T / HTTP/1.1\r\nHost: a\r\n\r\n"), 400 },
	{ "version 1.2", TEXT("GET / HTTP/1.2\r\nHost: a\r\n\r\n"), 505 },
	{ "version 2.0", TEXT("PRI * HTTP/2.0\r\n\r\n"), 505 },
	{ "version 0.9", TEXT("GET / HTTP/0.9\r\nHost: a\r\n\r\n"), 505 },
	{ "unknown method", TEXT("BREW / HTTP/1.1\r\nHost: a\r\n\r\n"), 501 },
	{ "method in small letters", TEXT("get / HTTP/1.1\r\nHost: a\r\n\r\n"), 501 },
	{ "TRACE", TEXT("TRACE / HTTP/1.1\r\nHost: a\r\n\r\n"), 501 },
};

static const struct message responses[] = {
	{ "plain", OK(""), 0 },
	{ "no reason", TEXT("HTTP/1.1 204 \r\n\r\n"), 0 },
	{ "no reason, no space", TEXT("HTTP/1.1 204\r\n\r\n"), 0 },
	{ "interim", TEXT("HTTP/1.1 100 Continue\r\n\r\n"), 0 },
	{ "version 1.0", TEXT("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n"), 0 },
	{ "length with transfer-encoding", OK("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"), 1 },
	{ "length twice", OK("Content-Length: 3\r\nContent-Length: 3\r\n"), 1 },
	{ "length with sign", OK("Content-Length: +3\r\n"), 1 },
	{ "gzip, chunked", OK("Transfer-Encoding: gzip, chunked\r\n"), 1 },
	{ "folded line", OK("X: a\r\n b\r\n"), 1 },
	{ "bare LF", TEXT("HTTP/1.1 200 OK\n\n"), 1 },
	{ "bare CR in the reason", TEXT("HTTP/1.1 200 O\rK\r\n\r\n"), 1 },
	{ "NUL in a value", OK("X: a\0\r\n"), 1 },
	{ "space before the colon", OK("X : a\r\n"), 1 },
	{ "two digits", TEXT("HTTP/1.1 20 OK\r\n\r\n"), 1 },
	{ "four digits", TEXT("HTTP/1.1 2000 OK\r\n\r\n"), 1 },
	{ "status 099", TEXT("HTTP/1.1 099 OK\r\n\r\n"), 1 },
	{ "status 600", TEXT("HTTP/1.1 600 OK\r\n\r\n"), 1 },
	{ "version 2.0", TEXT("HTTP/2.0 200 OK\r\n\r\n"), 1 },
	{ "empty line before", TEXT("\r\nHTTP/1.1 200 OK\r\n\r\n"), 1 },
	{ "almost nothing", TEXT("X\r\n\r\n"), 1 },
};

static struct http1_head	head;

static enum http1_result
parse(bool response, const char *text, size_t len, size_t *scanned, int *status)
{
	char			*copy = malloc(len == 0 ? 1 : len);
	enum http1_result	 got;

	assert_non_null(copy);
	memset(&head, 0, sizeof(head));
	memcpy(copy, text, len);
	*status = 1;
	if (response)
		got = http1_response(copy, len, &head, scanned);
	else
		got = http1_request(copy, len, &head, scanned, status);
	if (got == HTTP1_MORE)
		*status = -1;
	if (got == HTTP1_DONE) {
		*status = 0;
		assert_true(head.head_len <= len);
	}
	free(copy);
	return (got);
}

/* Whole, then in two pieces at every place, then byte by byte. */
static void
check_cuts(bool response, const struct message *m)
{
	size_t	cut, len, scanned = 0, total;
	int	first, second;

	parse(response, m->text, m->len, &scanned, &first);
	if (first != m->status)
		fail_msg("%s: %d instead of %d", m->what, first, m->status);
	total = m->status == 0 ? head.head_len : 0;
	for (cut = 0; cut < m->len; cut++) {
		scanned = 0;
		if (parse(response, m->text, cut, &scanned, &first) == HTTP1_MORE)
			parse(response, m->text, m->len, &scanned, &second);
		else
			second = first;
		if (second != m->status ||
		    (second == 0 && head.head_len != total))
			fail_msg("%s: %d when cut at %zu", m->what, second, cut);
	}
	scanned = 0;
	for (len = 0, second = -1; len <= m->len && second == -1; len++)
		parse(response, m->text, len, &scanned, &second);
	if (second != m->status)
		fail_msg("%s: %d byte by byte", m->what, second);
}

static void
heads_are_taken_or_refused(void **state)
{
	size_t	i;

	(void)state;
	for (i = 0; i < NITEMS(requests); i++)
		check_cuts(false, &requests[i]);
	for (i = 0; i < NITEMS(responses); i++)
		check_cuts(true, &responses[i]);
}

static void
assert_span(struct span got, const char *want)
{
	assert_int_equal(got.len, strlen(want));
	assert_memory_equal(got.p, want, got.len);
}

static void
request_is_taken_apart(void **state)
{
	static const char	 text[] =
	    "POST /v1/jobs/vacancies?limit=20&q=%E6%B0%B8 HTTP/1.1\r\n"
	    "HOST: api.example:8443\r\ncontent-length:  42 \t\r\n"
	    "Expect: 100-Continue\r\nConnection: Upgrade, Close\r\n"
	    "X-Under_score:\t v \r\n\r\nbody";
	size_t			 scanned = 0;
	int			 status;

	(void)state;
	assert_int_equal(http1_request(TEXT(text), &head, &scanned, &status), HTTP1_DONE);
	assert_int_equal(head.method, METHOD_POST);
	assert_span(head.method_text, "POST");
	assert_span(head.target, "/v1/jobs/vacancies?limit=20&q=%E6%B0%B8");
	assert_span(head.path, "/v1/jobs/vacancies");
	assert_span(head.query, "limit=20&q=%E6%B0%B8");
	assert_span(head.host, "api.example:8443");
	assert_int_equal(head.nheaders, 5);
	assert_int_equal(head.minor, 1);
	assert_true(head.has_length && !head.chunked && head.expect_continue);
	assert_int_equal(head.length, 42);
	assert_false(head.keep_alive);
	assert_int_equal(head.head_len, sizeof(text) - 1 - 4);
	assert_span(*http1_header(&head, "x-under_score"), "v");
	assert_null(http1_header(&head, "x-under"));
	assert_null(http1_header(&head, "accept"));
}

static bool
keeps_alive(const char *version, const char *fields)
{
	char	text[256];
	size_t	scanned = 0;
	int	status;

	snprintf(text, sizeof(text), "GET / HTTP/%s\r\nHost: a\r\n%s\r\n", version, fields);
	assert_int_equal(http1_request(text, strlen(text), &head, &scanned, &status), HTTP1_DONE);
	return (head.keep_alive);
}

static void
connection_field_decides_keep_alive(void **state)
{
	(void)state;
	assert_true(keeps_alive("1.1", ""));
	assert_true(keeps_alive("1.1", "Connection: keep-alive\r\n"));
	assert_true(keeps_alive("1.1", "Connection: closed\r\n"));
	assert_false(keeps_alive("1.1", "Connection: foo, close\r\n"));
	assert_false(keeps_alive("1.1", "Connection: foo,CLOSE,bar\r\n"));
	assert_false(keeps_alive("1.1", "Connection: close\r\nConnection: keep-alive\r\n"));
	assert_false(keeps_alive("1.0", ""));
	assert_true(keeps_alive("1.0", "Connection: Keep-Alive\r\n"));
	assert_false(keeps_alive("1.0", "Connection: keep-alive, close\r\n"));
}

/* Writes a request with a line of `line` bytes, `fields` fields, `total` bytes in all (0: as it comes). */
static size_t
write_request(char *out, size_t line, size_t fields, size_t total)
{
	size_t	i, n;

	n = snprintf(out, 64, "GET /");
	while (n < line - strlen(" HTTP/1.1"))
		out[n++] = 'a';
	n += snprintf(out + n, 64, " HTTP/1.1\r\nHost: a\r\n");
	for (i = 1; i < fields; i++)
		n += snprintf(out + n, 64, "x: y\r\n");
	if (total > 0) {
		n += snprintf(out + n, 64, "f: ");
		while (n < total - strlen("\r\n\r\n"))
			out[n++] = 'v';
		n += snprintf(out + n, 64, "\r\n");
	}
	n += snprintf(out + n, 64, "\r\n");
	return (n);
}

/* Trickling and whole must agree. */
static int
status_of(size_t line, size_t fields, size_t total)
{
	char	*text = malloc(2 * HTTP1_HEAD_MAX);
	size_t	 i, n, scanned = 0;
	int	 trickled = -1, whole;

	assert_non_null(text);
	n = write_request(text, line, fields, total);
	for (i = 1; i <= n && trickled == -1; i++)
		parse(false, text, i, &scanned, &trickled);
	scanned = 0;
	parse(false, text, n, &scanned, &whole);
	free(text);
	assert_int_equal(trickled, whole);
	return (whole);
}

static void
sizes_are_bounded(void **state)
{
	(void)state;
	assert_int_equal(status_of(HTTP1_LINE_MAX, 1, 0), 0);
	assert_int_equal(status_of(HTTP1_LINE_MAX + 1, 1, 0), 414);
	assert_int_equal(status_of(20, HTTP1_HEADERS_MAX, 0), 0);
	assert_int_equal(status_of(20, HTTP1_HEADERS_MAX + 1, 0), 431);
	assert_int_equal(status_of(20, 1, HTTP1_HEAD_MAX), 0);
	assert_int_equal(status_of(20, 1, HTTP1_HEAD_MAX + 1), 431);
}

static bool
path_ok(const char *text)
{
	struct span	s = { text, strlen(text) };

	return (http1_path_ok(s));
}

static void
paths_have_one_form(void **state)
{
	static const char *const	 good[] = {
		"/", "/v1", "/v1/", "/v1/a.b", "/v1/...", "/v1/.hidden",
		"/v1/%E6%B0%B8", "/v1/a%20b", "/v1/a..", "/v1/a%2Cb:c",
	};
	static const char *const	 bad[] = {
		"", "v1", "*", "//", "/v1//a", "//a", "/.", "/..", "/./a",
		"/../a", "/v1/..", "/v1/./", "/v1/%2e%2E/a", "/v1/.%2e",
		"/v1/%2f", "/v1/%2Fa", "/v1/%00", "/v1/%0a", "/v1/%7f",
		"/v1/%", "/v1/%2", "/v1/%g0", "/v1/%5c", "/v1/a\\b",
		"/v1/%2ehidden", "/%76%31/jobs", "/v1/jobs;x", "/v1/..;/internal",
		"/v1/jobs%3bx", "/v1/%252f", "/v1/%7euser",
	};
	size_t				 i;

	(void)state;
	for (i = 0; i < NITEMS(good); i++) {
		if (!path_ok(good[i]))
			fail_msg("refused: %s", good[i]);
	}
	for (i = 0; i < NITEMS(bad); i++) {
		if (path_ok(bad[i]))
			fail_msg("taken: %s", bad[i]);
	}
}

static long
unescape(const char *text, size_t cap, char *out)
{
	struct span	s = { text, strlen(text) };

	return (http1_unescape(s, out, cap));
}

static void
query_values_are_decoded(void **state)
{
	char	out[16];

	(void)state;
	assert_int_equal(unescape("", 16, out), 0);
	assert_string_equal(out, "");
	assert_int_equal(unescape("a+b%20c%2B", 16, out), 6);
	assert_string_equal(out, "a b c+");
	assert_int_equal(unescape("%e6%B0%b8", 4, out), 3);
	assert_string_equal(out, "\xe6\xb0\xb8");
	assert_int_equal(unescape("abcd", 5, out), 4);
	assert_int_equal(unescape("abcd", 4, out), -1);
	assert_int_equal(unescape("", 0, out), -1);
	assert_int_equal(unescape("%", 16, out), -1);
	assert_int_equal(unescape("%2", 16, out), -1);
	assert_int_equal(unescape("%zz", 16, out), -1);
	assert_int_equal(unescape("a%00", 16, out), -1);
	assert_int_equal(unescape("%ff", 16, out), -1);
	assert_int_equal(unescape("%c0%80", 16, out), -1);
	assert_int_equal(unescape("%ed%a0%80", 16, out), -1);
	assert_int_equal(unescape("%e6%b0", 16, out), -1);
}

static void
header_values_cannot_end_their_line(void **state)
{
	struct buf	b;

	(void)state;
	buf_init(&b, 4096);
	http1_write_status(&b, 201);
	http1_write_header(&b, "location", "/v1/a\r\nset-cookie: x\x7f");
	http1_write_header(&b, "x", "");
	http1_write_status(&b, 599);
	assert_string_equal(buf_cstr(&b), "HTTP/1.1 201 Created\r\n"
	    "location: /v1/a  set-cookie: x \r\nx: \r\nHTTP/1.1 599 \r\n");
	buf_release(&b);
	assert_string_equal(http1_reason(404), "Not Found");
	assert_string_equal(http1_reason(599), "");
	assert_string_equal(http1_reason(-1), "");
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(heads_are_taken_or_refused),
		cmocka_unit_test(request_is_taken_apart),
		cmocka_unit_test(connection_field_decides_keep_alive),
		cmocka_unit_test(sizes_are_bounded),
		cmocka_unit_test(paths_have_one_form),
		cmocka_unit_test(query_values_are_decoded),
		cmocka_unit_test(header_values_cannot_end_their_line),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
