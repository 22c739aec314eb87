/*
 * test_gzip.c -- who gets a compressed reply, and which replies can be one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "../../gateway/gzip.c"

static void
weights_decide(void **state UNUSED)
{
	static const struct {
		const char	*accept;
		bool		 wanted;
	} rows[] = {
		{ "", false }, { "gzip", true }, { "GZip", true }, { "x-gzip", true }, { "*", true },
		{ "gzip;q=0", false }, { "gzip;q=0.000", false }, { "gzip;q=0.001", true },
		{ "gzip; q=0.5", true }, { "br, deflate", false }, { "br;q=1, gzip;q=0.2", true },
		{ "identity, gzip;q=0.9", false }, { "identity;q=0.5, gzip;q=0.5", true },
		{ "*;q=0", false }, { "gzip;q=0, *", false }, { "gzip;q=2", false },
		{ "gzip;q=-1", false }, { "gzip;x=1", false }, { "gzipped", false }, { ",,gzip,,", true },
	};
	struct span	s;
	size_t		i;

	for (i = 0; i < NITEMS(rows); i++) {
		s = (struct span){ rows[i].accept, strlen(rows[i].accept) };
		if (gzip_wanted(s) != rows[i].wanted)
			fail_msg("%s", rows[i].accept);
	}
}

static bool
fits(const char *lines)
{
	static struct http1_head	head;
	char				text[512];
	size_t				scanned = 0;

	(void)snprintf(text, sizeof(text), "HTTP/1.1 200 OK\r\n%s\r\n", lines);
	assert_int_equal(http1_response(text, strlen(text), &head, &scanned), HTTP1_DONE);
	return (gzip_fits(&head));
}

static void
only_long_plain_text_fits(void **state UNUSED)
{
#define LONG	"Content-Length: 2000\r\n"
	assert_true(fits(LONG "Content-Type: application/json\r\n"));
	assert_true(fits("Transfer-Encoding: chunked\r\nContent-Type: application/json\r\n"));
	assert_true(fits(LONG "Content-Type: Text/CSV; charset=utf-8\r\n"));
	assert_true(fits(LONG "Content-Type: application/problem+json\r\n"));
	assert_true(fits(LONG "Content-Type: application/json\r\nETag: W/\"1\"\r\n"));
	assert_false(fits("Content-Length: 1023\r\nContent-Type: application/json\r\n"));
	assert_false(fits(LONG));
	assert_false(fits(LONG "Content-Type: image/png\r\n"));
	assert_false(fits(LONG "Content-Type: application/octet-stream\r\n"));
	assert_false(fits("Transfer-Encoding: chunked\r\nContent-Type: text/event-stream\r\n"));
	assert_false(fits(LONG "Content-Type: application/json\r\nContent-Encoding: br\r\n"));
	assert_false(fits(LONG "Content-Type: application/json\r\nETag: \"1\"\r\n"));
	assert_false(fits(LONG "Content-Type: application/json\r\nCache-Control: no-transform\r\n"));
}

static void
pieces_come_out_as_they_went_in(void **state UNUSED)
{
	static const char	text[] = "江华瑶族自治县 江华瑶族自治县 江华瑶族自治县";
	static unsigned char	packed[4096];
	char			back[1024];
	z_stream		z = { 0 };
	struct span		out, in = { text, sizeof(text) };
	struct gzip		*g = gzip_open();
	size_t			len = 0;
	int			i;

	for (i = 0; i < 4; i++) {
		gzip_put(g, i < 3 ? in : (struct span){ "", 0 });
		while ((out = gzip_take(g, i < 3 ? GZIP_PIECE : GZIP_END)).len > 0) {
			memcpy(packed + len, out.p, out.len);
			len += out.len;
		}
	}
	gzip_close(g);
	assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
	z.next_in = packed;
	z.avail_in = (unsigned int)len;
	z.next_out = (unsigned char *)back;
	z.avail_out = sizeof(back);
	assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
	assert_int_equal(z.total_out, 3 * sizeof(text));
	assert_memory_equal(back + 2 * sizeof(text), text, sizeof(text));
	(void)inflateEnd(&z);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(weights_decide),
		cmocka_unit_test(only_long_plain_text_fits),
		cmocka_unit_test(pieces_come_out_as_they_went_in),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
