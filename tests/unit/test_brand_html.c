/*
 * test_brand_html.c -- a brand's page: nothing in it but what was escaped.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "services/training/brand_html.h"

static const char *page(struct arena *, struct buf *, const char *);

static void
test_escapes(void **state)
{
	struct arena	 a;
	struct buf	 b;
	const char	*text;

	(void)state;
	arena_init(&a);
	text = page(&a, &b, "{\"name\":\"<script>alert('1')</script>\",\"category\":\"\\\"x\","
	    "\"occupations\":[\"<i>\"],\"towns\":[],\"story\":\"a<b>\\n&amp;\","
	    "\"photos\":[{\"id\":\"\\\" onerror=\\\"x\",\"caption\":\"'c'\"}],"
	    "\"bearers\":[{\"kind\":\"leader\",\"name\":\"<u>\"}]}");
	assert_null(strstr(text, "<script"));
	assert_null(strstr(text, "<b>"));
	assert_null(strstr(text, "<i>"));
	assert_null(strstr(text, "<u>"));
	assert_null(strstr(text, "\" onerror"));
	assert_non_null(strstr(text, "&lt;script&gt;alert(&#39;1&#39;)"));
	assert_non_null(strstr(text, "<p>a&lt;b&gt;</p>\n<p>&amp;amp;</p>"));
	assert_non_null(strstr(text, "带头人：&lt;u&gt;"));
	buf_release(&b);
	arena_release(&a);
}

static void
test_years(void **state)
{
	struct arena	 a;
	struct buf	 b;
	const char	*text;

	(void)state;
	arena_init(&a);
	text = page(&a, &b, "{\"years\":[{\"year\":2024,\"workers\":52,\"towns\":2,\"trained\":null,"
	    "\"avg_wage_cents\":512305}]}");
	assert_non_null(strstr(text, "<td>2024</td><td>52</td><td>2</td><td>—</td><td>5123.05</td>"));
	assert_null(strstr(text, "承载单位"));
	buf_release(&b);
	arena_release(&a);
}

static const char *
page(struct arena *a, struct buf *b, const char *json)
{
	const struct json	*brand = json_parse(a, json, strlen(json));

	assert_non_null(brand);
	buf_init(b, 65536);
	brand_html(b, brand);
	assert_true(buf_ok(b));
	return (buf_cstr(b));
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(test_escapes),
		cmocka_unit_test(test_years),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
