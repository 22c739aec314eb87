/*
 * test_market_html.c -- the page of a quarter's report: nothing in it but what
 * was escaped, a dash for what is not known, no rate of nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "services/monitoring/market_html.h"
#include "services/monitoring/market_words.h"

static const char *page(struct arena *, struct buf *, const char *);

#define LINE(code, d, s, r)	"{\"code\":\"" code "\",\"demand_carried\":1,\"demand_new\":" d		\
	",\"demand\":" d ",\"seekers_carried\":null,\"seekers_new\":" s ",\"seekers\":" s ",\"ratio_milli\":" r "}"

static void
test_escapes(void **state)
{
	struct arena	 a;
	struct buf	 b;
	const char	*text;

	(void)state;
	arena_init(&a);
	text = page(&a, &b, "{\"state\":\"draft\",\"remark\":\"<script>\\n'x'\",\"version\":2,\"figures\":{"
	    "\"quarter\":\"<i>\",\"area_code\":\"<u>\",\"from_on\":\"<b>\",\"to_on\":\"&\",\"is_empty\":false,"
	    "\"total\":" LINE("", "5", "4", "1250") ",\"by\":{\"sex\":[" LINE("<q>", "null", "3", "null") "]},"
	    "\"short\":[{\"code\":\"<s>\",\"demand\":9,\"seekers\":null,\"gap\":null}],\"excess\":[]}}");
	assert_null(strstr(text, "<script"));
	assert_null(strstr(text, "<i>"));
	assert_null(strstr(text, "<u>"));
	assert_null(strstr(text, "<b>"));
	assert_null(strstr(text, "<q>"));
	assert_null(strstr(text, "<s>"));
	assert_non_null(strstr(text, "&lt;script&gt;\n&#39;x&#39;"));
	assert_non_null(strstr(text, "第2版　（未发布）"));
	assert_non_null(strstr(text, "<td>求人倍率</td><td></td><td></td><td>1.25</td>"));
	assert_non_null(strstr(text, "<td>&lt;q&gt;</td><td>—</td><td>3</td><td>3</td></tr>"));
	assert_non_null(strstr(text, "<td>&lt;s&gt;</td><td>9</td><td>—</td><td>—</td>"));
	assert_null(strstr(text, "富余职业"));
	buf_release(&b);
	arena_release(&a);
}

static void
test_empty(void **state)
{
	struct arena	 a;
	struct buf	 b;
	const char	*text;

	(void)state;
	arena_init(&a);
	text = page(&a, &b, "{\"state\":\"published\",\"version\":1,\"figures\":{\"is_empty\":true,\"quarter\":\"2025Q1\"}}");
	assert_non_null(strstr(text, "本季度没有供求数据"));
	assert_null(strstr(text, "<table"));
	assert_null(strstr(text, "未发布"));
	buf_release(&b);
	arena_release(&a);
}

static void
test_changes(void **state)
{
	struct arena	 a;
	struct buf	 b;
	const char	*text;

	(void)state;
	arena_init(&a);
	text = page(&a, &b, "{\"version\":1,\"figures\":{\"is_empty\":false,\"ratio_reason\":\"no_seekers\",\"total\":{},"
	    "\"previous\":{\"quarter\":\"2025Q2\",\"demand\":100,\"seekers\":0,\"ratio_milli\":null,"
	    "\"demand_change_milli\":-55,\"seekers_change_milli\":1000},\"year_ago\":{}}}");
	assert_non_null(strstr(text, "<td>环比</td><td>2025Q2</td><td>100</td><td>0</td><td>—</td><td>-5.5</td><td>100.0</td>"));
	assert_non_null(strstr(text, "没有求职人员，不计算求人倍率"));
	buf_release(&b);
	arena_release(&a);
}

static void
test_words(void **state)
{
	const struct market_part	*p;

	(void)state;
	for (p = market_parts; p->name != NULL && strcmp(p->name, "age") != 0; p++)
		continue;
	assert_non_null(p->name);
	assert_string_equal(market_word(p, "55-"), "55岁及以上");
	assert_string_equal(market_word(p, "-"), "未填或不限");
	assert_string_equal(market_word(p, "x"), "x");
}

static const char *
page(struct arena *a, struct buf *b, const char *json)
{
	const struct json	*report = json_parse(a, json, strlen(json));

	assert_non_null(report);
	buf_init(b, 65536);
	market_html(b, report);
	assert_true(buf_ok(b));
	return (buf_cstr(b));
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(test_escapes),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_words),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
