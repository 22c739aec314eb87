/*
 * test_file_type.c -- PDF, JPEG and PNG are known by their structure; what is
 * cut, has a tail, or hides a script is not taken.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "workflow/file_type.h"

static const char	pdf[] = "%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n";
static const uint8_t	jpeg[] = { 0xff, 0xd8, 0xff, 0xe0, 0x00, 0x04, 0x4a, 0x46, 0xff, 0xff, 0xda, 0x00,
	0x02, 0x11, 0x22, 0xff, 0xd9 };
static const uint8_t	png[] = "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0crc4\0\0\0\0IEND\xae\x42\x60\x82";
#define PNG_LEN	(sizeof(png) - 1)

static void
knows_its_kinds(void **state)
{
	(void)state;
	assert_int_equal(file_kind_of(pdf, sizeof(pdf) - 1), FILE_PDF);
	assert_int_equal(file_kind_of(jpeg, sizeof(jpeg)), FILE_JPEG);
	assert_int_equal(file_kind_of(png, PNG_LEN), FILE_PNG);
	assert_string_equal(file_kind_name(FILE_JPEG), "jpeg");
	assert_null(file_kind_name(FILE_SCRIPT));
	assert_int_equal(file_kind_of("", 0), FILE_OTHER);
	assert_int_equal(file_kind_of("MZ\x90\0\3", 5), FILE_OTHER);
	assert_int_equal(file_kind_of("PK\3\4", 4), FILE_OTHER);
	assert_int_equal(file_kind_of("\xff\xd8", 2), FILE_OTHER);
}

/* Every shorter part of a picture is damaged or nothing at all. */
static void
refuses_parts(void **state)
{
	size_t	n;

	(void)state;
	for (n = 0; n < sizeof(jpeg); n++)
		assert_true(file_kind_of(jpeg, n) <= FILE_DAMAGED);
	for (n = 0; n < PNG_LEN; n++)
		assert_true(file_kind_of(png, n) <= FILE_DAMAGED);
	for (n = 0; n < sizeof(pdf) - 2; n++)
		assert_true(file_kind_of(pdf, n) <= FILE_DAMAGED);
}

static enum file_kind
kind_of_text(const char *text)
{
	return (file_kind_of(text, strlen(text)));
}

static void
refuses_tails_and_scripts(void **state)
{
	uint8_t	tail[64];

	(void)state;
	memcpy(tail, png, PNG_LEN);
	tail[PNG_LEN] = 'x';
	assert_int_equal(file_kind_of(tail, PNG_LEN + 1), FILE_DAMAGED);
	memcpy(tail, jpeg, sizeof(jpeg));
	tail[sizeof(jpeg)] = 'x';
	assert_int_equal(file_kind_of(tail, sizeof(jpeg) + 1), FILE_DAMAGED);
	assert_int_equal(kind_of_text("%PDF-1.4\n<SCRIPT>alert(1)</script>\n%%EOF"), FILE_SCRIPT);
	assert_int_equal(kind_of_text("%PDF-1.4\n#!/bin/sh\n%%EOF"), FILE_SCRIPT);
	assert_int_equal(kind_of_text("#!/bin/sh\n%PDF-1.4\n%%EOF"), FILE_OTHER);
	assert_int_equal(kind_of_text("%PDF-1.4\n%%EOF\nPK\3\4"), FILE_DAMAGED);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(knows_its_kinds),
		cmocka_unit_test(refuses_parts),
		cmocka_unit_test(refuses_tails_and_scripts),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
