/*
 * test_search.c -- the text of a question: cut, understood; and what was meant
 * by a name or code that does not exist.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "services/jobs/search_priv.h"

#define TEST(f)		cmocka_unit_test(f)

static struct arena	 a;

static int
load(void **s)
{
	(void)s;
	arena_init(&a);
	return (codes_load("sql/reference") == -1 || codes_load_aliases("sql/reference") == -1 ||
	    words_load() == -1 ? -1 : 0);
}

static int
release(void **s)
{
	(void)s;
	arena_release(&a);
	return (0);
}

/* "text|text" of the words; their marks behind a colon. */
static const char *
cut(const char *text, struct concepts *c)
{
	struct index_query	 q = { .nwords = 0 };
	char			*out = arena_strdup(&a, "");
	size_t			 i;

	c->n = 0;
	words_cut(&a, text, &q, c);
	for (i = 0; i < q.nwords; i++) {
		out = arena_printf(&a, "%s%s%s", out, i > 0 ? "|" : "", q.words[i].ways[0]);
		if (q.words[i].nmarks > 0)
			out = arena_printf(&a, "%s:%s", out, q.words[i].marks[0].text);
	}
	return (out);
}

static void
a_question_is_cut_where_it_is_understood(void **s)
{
	struct concepts	c;

	(void)s;
	assert_string_equal(cut("质控  夜班", &c), "质控|夜班");
	assert_string_equal(cut("冷水滩保管包住", &c), "冷水滩:431103|保管|包住:lodging");
	assert_int_equal(c.n, 2);
	assert_string_equal(c.list[0].kind, "area");
	assert_string_equal(c.list[1].kind, "benefit");
	assert_string_equal(cut("C++，Node.js", &c), "c++:2-02-10-03|node.js:2-02-10-03");
	assert_string_equal(cut("江华的双休", &c), "江华:431129|双休:two_days_off");
	assert_string_equal(cut("永州 质控", &c), "质控");
	assert_int_equal(c.n, 1);
	assert_string_equal(cut("焊工", &c), "焊工:6-18-02-04");
	assert_string_equal(cut("", &c), "");
	assert_string_equal(cut("，。！", &c), "");
	assert_string_equal(cut("\xff\xfe", &c), "");
}

static void
names_of_areas_are_known_in_full_and_short(void **s)
{
	struct call_near	near[NEAR_MOST];
	size_t			n;

	(void)s;
	assert_string_equal(area_named("江华瑶族自治县", near, &n), "431129");
	assert_string_equal(area_named("江华", near, &n), "431129");
	assert_string_equal(area_named("金洞", near, &n), "431172");
	assert_string_equal(area_named("梅湾街道", near, &n), "431103001");
	assert_null(area_named("冷水难", near, &n));
	assert_true(n > 0);
	assert_string_equal(near[0].code, "431103");
	assert_null(area_named("长沙", near, &n));
}

static void
codes_are_guessed_by_beginning_and_by_edits(void **s)
{
	struct call_near	near[NEAR_MOST];
	size_t			n;

	(void)s;
	n = near_codes(&a, "occupations", "6-18-02-9", near);
	assert_true(n > 0 && strncmp(near[0].code, "6-18-02", 7) == 0);
	n = near_codes(&a, "areas", "431199", near);
	assert_true(n > 0 && strncmp(near[0].code, "4311", 4) == 0);
	n = near_codes(&a, "occupations", "焊工", near);
	assert_string_equal(near[0].code, "6-18-02-04");
	assert_int_equal(near_codes(&a, "no such list", "x", near), 0);
	n = near_labels(search_benefit_words, "包往", near);
	assert_true(n > 0);
	assert_string_equal(near[0].code, "lodging");
}

static void
pay_is_compared_by_the_month(void **s)
{
	(void)s;
	assert_int_equal(search_pay_rank(400000, "month"), 1600000);
	assert_int_equal(search_pay_rank(20000, "day"), 1740000);
	assert_int_equal(search_pay_rank(2500, "hour"), 1740000);
	assert_int_equal(search_pay_rank(50, "piece"), 50);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		TEST(a_question_is_cut_where_it_is_understood),
		TEST(names_of_areas_are_known_in_full_and_short),
		TEST(codes_are_guessed_by_beginning_and_by_edits),
		TEST(pay_is_compared_by_the_month),
	};

	return (cmocka_run_group_tests(tests, load, release));
}
