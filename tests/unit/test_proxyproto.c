/*
 * test_proxyproto.c -- who a front speaks for: both versions taken byte by
 * byte, everything odd refused, TLS believed only from its record.
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

#define SIG	"\r\n\r\n\0\r\nQUIT\n"
#define TCP4	"\xc0\x00\x02\x01" "\xc0\x00\x02\x02" "\x9c\x40" "\x01\xbb"
#define SSL_ON	"\x20\x00\x05\x01\x00\x00\x00\x00"
#define SSL_OFF	"\x20\x00\x05\x00\x00\x00\x00\x00"

struct text {
	const char	*bytes;
	size_t		 len;
};
#define TEXT(s)	{ s, sizeof(s) - 1 }

static struct proxy_head	head;

/* As it trickles in: more is wanted until the last byte, behind it nothing is touched. */
static void
taken(struct text t)
{
	char	more[2048];
	size_t	i;

	memcpy(more, t.bytes, t.len);
	memcpy(more + t.len, "GET /", 5);
	for (i = 1; i < t.len; i++)
		if (http1_proxy(more, i, &head) != HTTP1_MORE)
			fail_msg("%zu of %zu bytes: not MORE", i, t.len);
	assert_int_equal(http1_proxy(more, t.len + 5, &head), HTTP1_DONE);
	assert_int_equal(head.len, t.len);
}

static void
version_1_names_the_client(void **state UNUSED)
{
	taken((struct text)TEXT("PROXY TCP4 192.0.2.1 192.0.2.2 40000 443\r\n"));
	assert_string_equal(head.source, "192.0.2.1");
	assert_false(head.tls);
	taken((struct text)TEXT("PROXY TCP6 2001:DB8:0::1 2001:db8::2 1 65535\r\n"));
	assert_string_equal(head.source, "2001:db8::1");
	taken((struct text)TEXT("PROXY UNKNOWN\r\n"));
	assert_true(head.local);
	taken((struct text)TEXT("PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n"));
	assert_true(head.local);
}

static void
version_2_names_the_client_and_tls(void **state UNUSED)
{
	taken((struct text)TEXT(SIG "\x21\x11\x00\x0c" TCP4));
	assert_string_equal(head.source, "192.0.2.1");
	assert_false(head.tls);
	taken((struct text)TEXT(SIG "\x21\x11\x00\x14" TCP4 SSL_ON));
	assert_true(head.tls);
	taken((struct text)TEXT(SIG "\x21\x11\x00\x14" TCP4 SSL_OFF));
	assert_false(head.tls);
	taken((struct text)TEXT(SIG "\x21\x11\x00\x18" TCP4 "\x04\x00\x01x" SSL_ON));
	assert_true(head.tls);
	taken((struct text)TEXT(SIG "\x21\x21\x00\x24"
	    "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01" "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x02"
	    "\x9c\x40" "\x01\xbb"));
	assert_string_equal(head.source, "2001:db8::1");
	taken((struct text)TEXT(SIG "\x20\x00\x00\x00"));
	assert_true(head.local);
	taken((struct text)TEXT(SIG "\x21\x00\x00\x02xx"));
	assert_true(head.local);
}

static void
what_is_odd_is_refused(void **state UNUSED)
{
	static const struct text	bad[] = {
		TEXT("GET / HTTP/1.1\r\n"), TEXT("PROXX"), TEXT("proxy TCP4 1.2.3.4 1.2.3.4 1 2\r\n"),
		TEXT("PROXY TCP4 192.0.2.1 192.0.2.2 40000 443\n"),
		TEXT("PROXY  TCP4 192.0.2.1 192.0.2.2 40000 443\r\n"),
		TEXT("PROXY TCP4 192.0.2.1 192.0.2.2 40000\r\n"),
		TEXT("PROXY TCP4 192.0.2.1 192.0.2.2 40000 443 \r\n"),
		TEXT("PROXY TCP4 192.0.2.1 192.0.2.2 40000 443 x\r\n"),
		TEXT("PROXY TCP4 192.0.2.256 192.0.2.2 40000 443\r\n"),
		TEXT("PROXY TCP4 192.0.2.1 192.0.2 40000 443\r\n"),
		TEXT("PROXY TCP4 2001:db8::1 2001:db8::2 1 2\r\n"),
		TEXT("PROXY TCP6 192.0.2.1 192.0.2.2 1 2\r\n"),
		TEXT("PROXY TCP4 192.0.2.1 192.0.2.2 65536 443\r\n"),
		TEXT("PROXY TCP4 192.0.2.1 192.0.2.2 01 443\r\n"),
		TEXT("PROXY TCP4 192.0.2.1 192.0.2.2 -1 443\r\n"),
		TEXT("PROXY UDP4 192.0.2.1 192.0.2.2 1 2\r\n"), TEXT("PROXY UNKNOWNX\r\n"),
		TEXT("PROXY TCP4 192.0.2.1\0 192.0.2.2 1 2\r\n"), TEXT("\r\n\r\n\0\r\nQUIX"),
		TEXT(SIG "\x11\x11\x00\x0c" TCP4),	/* version 1 in binary */
		TEXT(SIG "\x22\x11\x00\x0c" TCP4),	/* no such command */
		TEXT(SIG "\x21\x12\x00\x0c" TCP4),	/* UDP */
		TEXT(SIG "\x21\x31\x00\x0c" TCP4),	/* a socket's path */
		TEXT(SIG "\x21\x11\x00\x08\x01\x02\x03\x04\x01\x02\x03\x04"),
		TEXT(SIG "\x21\x11\x00\x0e" TCP4 "\x04\x00"),
		TEXT(SIG "\x21\x11\x00\x10" TCP4 "\x04\x00\x09x"),
		TEXT(SIG "\x21\x11\x00\x10" TCP4 "\x20\x00\x01\x01"),
		TEXT(SIG "\x21\x11\xff\xff"),
	};
	char				line[200];
	size_t				i;

	for (i = 0; i < NITEMS(bad); i++)
		if (http1_proxy(bad[i].bytes, bad[i].len, &head) != HTTP1_BAD)
			fail_msg("taken: %zu %s", i, bad[i].bytes);
	memset(line, 'a', sizeof(line));
	memcpy(line, "PROXY TCP4 ", 11);
	assert_int_equal(http1_proxy(line, sizeof(line), &head), HTTP1_BAD);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(version_1_names_the_client),
		cmocka_unit_test(version_2_names_the_client_and_tls),
		cmocka_unit_test(what_is_odd_is_refused),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
