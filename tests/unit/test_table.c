/*
 * test_table.c -- tables as CSV, byte for byte, and as workbooks, taken apart:
 * what a cell holds, in which format, and that nothing is left open.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>

#include <cmocka.h>

#include "base/clock.h"
#include "table/table.h"

#define MEMBER_MAX	((size_t)1 << 20)

static const struct table_column columns[] = {
	{ "单位", TABLE_T_TEXT, 30 }, { "人数", TABLE_T_INT, 0 }, { "金额（元）", TABLE_T_CENTS, 0 },
	{ "日期", TABLE_T_DAY, 0 }, { "比例", TABLE_T_MILLI, 0 },
};

static void
rows(struct table *t)
{
	table_sheet(t, "一季度[江华]", columns, NITEMS(columns));
	table_text(t, "甲, \"乙\"\n公司");
	table_int(t, 12);
	table_int(t, 150005);
	table_day(t, day_make(2025, 3, 31));
	table_int(t, 45);
	table_row(t);
	table_text(t, "=HYPERLINK(1)");
	table_null(t);
	table_int(t, -7);
	table_row(t);
	table_text(t, NULL);
	table_int(t, INT64_MAX);
	table_int(t, INT64_MIN);
	table_day(t, DAY_NONE);
	table_int(t, -1);
	table_row(t);
	assert_int_equal(table_rows(t), 3);
}

static void
test_csv(void **state UNUSED)
{
	static const char	want[] = "\xef\xbb\xbf单位,人数,金额（元）,日期,比例\r\n"
	    "\"甲, \"\"乙\"\"\n公司\",12,1500.05,2025-03-31,4.5%\r\n"
	    "'=HYPERLINK(1),,-0.07,,\r\n"
	    ",9223372036854775807,-92233720368547758.08,,-0.1%\r\n"
	    "\r\n第二表\r\n单位\r\n+86\r\n";
	struct table		*t = table_open(TABLE_CSV);
	struct buf		 out;

	assert_non_null(t);
	rows(t);
	table_sheet(t, "第二表", columns, 1);
	table_text(t, "+86");
	table_row(t);
	buf_init(&out, TABLE_BYTES_MAX);
	assert_int_equal(table_close(t, &out), 0);
	/* the last text is defused too */
	assert_non_null(strstr(buf_cstr(&out), "'+86\r\n"));
	assert_int_equal(out.len, sizeof(want));
	assert_memory_equal(out.data, want, sizeof(want) - 1 - 5);
	buf_release(&out);
}

static void
test_csv_taken_while_it_grows(void **state UNUSED)
{
	struct table	*t = table_open(TABLE_CSV);
	struct buf	 out, *ready;

	assert_non_null(t);
	table_sheet(t, "", columns, 2);
	ready = table_ready(t);
	assert_int_equal(ready->len, 3 + strlen("单位,人数\r\n"));
	buf_consume(ready, ready->len);
	table_text(t, "a");
	table_row(t);
	buf_init(&out, TABLE_BYTES_MAX);
	assert_int_equal(table_close(t, &out), 0);
	assert_string_equal(buf_cstr(&out), "a,\r\n");
	buf_release(&out);
}

static uint32_t
little(const struct buf *zip, size_t at, size_t bytes)
{
	uint32_t	v = 0;

	while (bytes-- > 0)
		v = v << 8 | (unsigned char)zip->data[at + bytes];
	return (v);
}

/* The member's text, by the directory at the end of the archive. */
static char *
member(const struct buf *zip, const char *name)
{
	size_t		 at = zip->len - 22, entry, n, local, packed;
	z_stream	 z = { .next_in = NULL };
	char		*text;

	assert_memory_equal(zip->data + at, "PK\5\6", 4);
	n = little(zip, at + 10, 2);
	for (entry = little(zip, at + 16, 4); n > 0; n--) {
		if (little(zip, entry + 28, 2) == strlen(name) &&
		    memcmp(zip->data + entry + 46, name, strlen(name)) == 0)
			break;
		entry += 46 + little(zip, entry + 28, 2) + little(zip, entry + 30, 2) +
		    little(zip, entry + 32, 2);
	}
	assert_true(n > 0);
	packed = little(zip, entry + 20, 4);
	local = little(zip, entry + 42, 4);
	text = calloc(1, MEMBER_MAX);
	assert_non_null(text);
	assert_int_equal(inflateInit2(&z, -15), Z_OK);
	z.next_in = (unsigned char *)zip->data + local + 30 + little(zip, local + 26, 2) +
	    little(zip, local + 28, 2);
	z.avail_in = (unsigned int)packed;
	z.next_out = (unsigned char *)text;
	z.avail_out = MEMBER_MAX - 1;
	assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
	(void)inflateEnd(&z);
	return (text);
}

static void
has(const struct buf *zip, const char *name, const char *const *parts)
{
	char	*text = member(zip, name);

	for (; *parts != NULL; parts++)
		if (strstr(text, *parts) == NULL)
			fail_msg("%s lacks %s:\n%s", name, *parts, text);
	free(text);
}

static void
test_workbook(void **state UNUSED)
{
	static const char *const	sheet[] = {
		"state=\"frozen\"", "<t>单位</t>", "甲, \"乙\"", "<v>12</v>", "<v>1500.05</v>",
		"<v>45747</v>", "<v>0.045</v>", "<t>=HYPERLINK(1)</t>", "<v>-0.07",
		"<t>9223372036854775807</t>", "<t>-92233720368547758.08</t>", "<v>-0.001</v>",
		"width=\"30.7109375\"", NULL
	};
	static const char *const	styles[] = { "#,##0.00", "yyyy-mm-dd", "0.0%", "<b/>", NULL };
	static const char *const	book[] = { "name=\"一季度 江华 \"", "name=\"Sheet2\"", NULL };
	struct table	*t = table_open(TABLE_XLSX);
	struct buf	 out;

	assert_non_null(t);
	rows(t);
	table_sheet(t, "一季度[江华]", columns, 1);	/* taken: it gets a name of its own */
	buf_init(&out, TABLE_BYTES_MAX);
	assert_int_equal(table_close(t, &out), 0);
	has(&out, "xl/worksheets/sheet1.xml", sheet);
	has(&out, "xl/styles.xml", styles);
	has(&out, "xl/workbook.xml", book);
	buf_release(&out);
}

static size_t
open_files(void)
{
	DIR	*d = opendir("/proc/self/fd");
	size_t	 n = 0;

	assert_non_null(d);
	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return (n);
}

static void
test_what_does_not_fit(void **state UNUSED)
{
	enum table_format	 f;
	struct table		*t;
	struct buf		 out;
	size_t			 files = open_files();

	for (f = TABLE_CSV; f <= TABLE_XLSX; f++) {
		t = table_open(f);
		assert_non_null(t);
		rows(t);
		table_drop(t);
		assert_non_null(t = table_open(f));
		table_drop(t);
		assert_non_null(t = table_open(f));
		rows(t);
		buf_init(&out, 100);
		assert_int_equal(table_close(t, &out), -1);
		buf_release(&out);
		/* more values than columns */
		assert_non_null(t = table_open(f));
		table_sheet(t, "x", columns, 1);
		table_text(t, "1");
		table_text(t, "2");
		buf_init(&out, TABLE_BYTES_MAX);
		assert_int_equal(table_close(t, &out), -1);
		buf_release(&out);
	}
	table_drop(NULL);
	assert_int_equal(open_files(), files);
}

static void
test_long_text(void **state UNUSED)
{
	struct table	*t = table_open(TABLE_XLSX);
	struct buf	 out;
	char		*text = calloc(1, 60001), *sheet;
	size_t		 i;

	assert_non_null(t);
	assert_non_null(text);
	for (i = 0; i < 60000; i += 3)
		memcpy(text + i, "永", 3);
	table_sheet(t, "x", columns, 1);
	table_text(t, text);
	table_row(t);
	buf_init(&out, TABLE_BYTES_MAX);
	assert_int_equal(table_close(t, &out), 0);
	sheet = member(&out, "xl/worksheets/sheet1.xml");
	assert_non_null(strstr(sheet, "永…</t>"));
	free(sheet);
	free(text);
	buf_release(&out);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(test_csv),
		cmocka_unit_test(test_csv_taken_while_it_grows),
		cmocka_unit_test(test_workbook),
		cmocka_unit_test(test_what_does_not_fit),
		cmocka_unit_test(test_long_text),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
