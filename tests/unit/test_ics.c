/*
 * test_ics.c -- calendar entries, links to meetings, and spells of work.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"
#include "http/errors.h"
#include "services/jobs/ics.h"
#include "services/jobs/interview_link.h"
#include "services/jobs/resume_check.h"

static const struct ics_event event = {
	.uid = "1@yjy365", .stamp_us = INT64_C(1751850000000000),
	.start_us = INT64_C(1751936400000000), .end_us = INT64_C(1751938200000000),
	.sequence = 3, .summary = "面试"
};

static void
test_entry(void **state)
{
	struct buf	b;

	(void)state;
	buf_init(&b, 65536);
	ics_write(&b, &event);
	assert_true(buf_ok(&b));
	assert_string_equal(buf_cstr(&b),
	    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//yjy365//jobs//ZH\r\n"
	    "CALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\nBEGIN:VEVENT\r\nUID:1@yjy365\r\n"
	    "DTSTAMP:20250707T010000Z\r\nDTSTART:20250708T010000Z\r\nDTEND:20250708T013000Z\r\n"
	    "SEQUENCE:3\r\nSTATUS:CONFIRMED\r\nSUMMARY:面试\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
	buf_release(&b);
}

static void
test_cancelled(void **state)
{
	struct ics_event	e = event;
	struct buf		b;

	(void)state;
	e.cancelled = true;
	buf_init(&b, 65536);
	ics_write(&b, &e);
	assert_non_null(strstr(buf_cstr(&b), "METHOD:CANCEL\r\n"));
	assert_non_null(strstr(buf_cstr(&b), "STATUS:CANCELLED\r\n"));
	buf_release(&b);
}

static void
test_escaped(void **state)
{
	struct ics_event	e = event;
	struct buf		b;

	(void)state;
	e.description = "a,b;c\\d\r\nBEGIN:VEVENT";
	buf_init(&b, 65536);
	ics_write(&b, &e);
	assert_non_null(strstr(buf_cstr(&b), "DESCRIPTION:a\\,b\\;c\\\\d\\nBEGIN:VEVENT\r\n"));
	buf_release(&b);
}

/* No line beyond 75 octets, none broken inside a character; unfolded it is what it was. */
static void
test_folded(void **state)
{
	struct ics_event	e = event;
	char			text[601], whole[2048];
	const char		*p, *end;
	struct buf		b;
	size_t			n = 0, pad;

	(void)state;
	for (pad = 0; pad < 3; pad++) {
		memset(text, 'x', pad);
		for (n = pad; n + 3 < sizeof(text); n += 3)
			memcpy(text + n, "永", 3);
		text[n] = '\0';
		e.description = text;
		buf_init(&b, 65536);
		ics_write(&b, &e);
		n = 0;
		for (p = buf_cstr(&b); (end = strstr(p, "\r\n")) != NULL; p = end + 2) {
			assert_true(end - p <= 75);
			assert_int_not_equal((unsigned char)p[*p == ' '] & 0xc0, 0x80);
			if (*p == ' ') {
				memcpy(whole + n, p + 1, (size_t)(end - p) - 1);
				n += (size_t)(end - p) - 1;
			} else if (strncmp(p, "DESCRIPTION:", 12) == 0) {
				memcpy(whole, p + 12, (size_t)(end - p) - 12);
				n = (size_t)(end - p) - 12;
			}
		}
		whole[n] = '\0';
		assert_string_equal(whole, text);
		buf_release(&b);
	}
}

static void
test_links(void **state)
{
	static const char *const	good[] = { "https://meet.example", "https://a-b.example.cn/x?y=1#z",
	    "https://meet.example:8443/room/%E6%B0%B8" };
	static const char *const	bad[] = { "", "http://meet.example", "https://", "https://localhost",
	    "https://127.0.0.1/x", "https://a@b.example", "https://-a.example", "https://a..example",
	    "https://meet.example/a b", "https://meet.example/\r\nX:1", "https://meet.example:/",
	    "https://meet.example:123456/", "javascript:alert(1)", "https://meet.example/\"x" };
	struct arena			a;
	size_t				i;

	(void)state;
	for (i = 0; i < NITEMS(good); i++)
		assert_int_equal(check_https_link(good[i]), 0);
	for (i = 0; i < NITEMS(bad); i++)
		assert_int_equal(check_https_link(bad[i]), ERR_F_FORMAT);
	arena_init(&a);
	assert_null(meeting_link(&a, "", "7"));
	assert_null(meeting_link(&a, "https://meet.example/", "7"));
	assert_string_equal(meeting_link(&a, "https://meet.example/{id}", "7"), "https://meet.example/7");
	assert_string_equal(meeting_link(&a, "https://m.example/{id}?r={id}&x", "7"),
	    "https://m.example/7?r=7&x");
	arena_release(&a);
}

/* Months that overlap count once; a spell without an end lasts until today. */
static void
test_years(void **state)
{
	struct spell	s[3] = {
		{ .from_on = day_make(2020, 1, 15), .to_on = day_make(2021, 12, 1) },
		{ .from_on = day_make(2021, 6, 1), .to_on = day_make(2022, 12, 31) },
		{ .from_on = day_make(2024, 8, 1), .to_on = DAY_NONE } };
	struct list_of	list = { .items = s };
	int32_t		today = day_make(2025, 7, 7);

	(void)state;
	assert_int_equal(spells_years(&list, today), 0);
	list.count = 1;
	assert_int_equal(spells_years(&list, today), 2);
	list.count = 2;
	assert_int_equal(spells_years(&list, today), 3);
	list.count = 3;
	assert_int_equal(spells_years(&list, today), 4);
}

static void
test_words(void **state)
{
	const struct words	w = { .pointer = "/skills", .most = 3, .longest = 6 };
	struct json_errors	errors = { .count = 0 };
	struct arena		a;

	(void)state;
	arena_init(&a);
	assert_string_equal(words_array(&a, NULL, &w, &errors), "{}");
	assert_string_equal(words_array(&a, "[\"a\\\"b\",\"c\\\\\"]", &w, &errors), "{\"a\\\"b\",\"c\\\\\"}");
	assert_int_equal(errors.count, 0);
	(void)words_array(&a, "[\"a\",\"a\",7]", &w, &errors);
	assert_int_equal(errors.count, 2);
	assert_string_equal(errors.list[0].pointer, "/skills/1");
	assert_int_equal(errors.list[0].code, ERR_F_DUPLICATE);
	assert_string_equal(errors.list[1].pointer, "/skills/2");
	assert_int_equal(errors.list[1].code, ERR_F_TYPE);
	(void)words_array(&a, "{}", &w, &errors);
	assert_int_equal(errors.list[2].code, ERR_F_TYPE);
	(void)words_array(&a, "[\"1\",\"2\",\"3\",\"4\"]", &w, &errors);
	assert_int_equal(errors.list[3].code, ERR_F_COUNT);
	(void)words_array(&a, "[\"\",\"1234567\"]", &w, &errors);
	assert_int_equal(errors.list[4].code, ERR_F_SHORT);
	assert_int_equal(errors.list[5].code, ERR_F_LONG);
	arena_release(&a);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(test_entry),
		cmocka_unit_test(test_cancelled),
		cmocka_unit_test(test_escaped),
		cmocka_unit_test(test_folded),
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_years),
		cmocka_unit_test(test_words),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
