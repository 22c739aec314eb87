/*
 * test_codes_walk.c -- lists of codes walked from the top down, page by page
 * and by name, against the shipped tables.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "codes/codes.h"

#define TABLES	"sql/reference"
#define ROOM	5000

static struct code_item	 items[ROOM];

static int
set_up(void **state)
{
	(void)state;
	return (codes_load(TABLES) == -1 || codes_load_lists(TABLES) == -1 ? -1 : 0);
}

static const struct code_list *
list(const char *name)
{
	const struct code_list	*l;
	size_t			 i, n;

	l = codes_lists(&n);
	for (i = 0; i < n; i++)
		if (strcmp(l[i].name, name) == 0)
			return (&l[i]);
	fail_msg("no list %s", name);
	return (NULL);
}

/* Everything below `parent`, counted by level; each item is where its parent says. */
static void
descend(const struct code_list *l, const char *parent, int level, size_t *counts)
{
	const struct code_filter	 f = { .parent = parent, .level = parent == NULL ? 1 : 0 };
	struct code_item		*below = calloc(600, sizeof(*below));
	size_t				 i, n = code_list_walk(l, &f, NULL, below, 600);

	assert_true(n < 600);
	counts[level] += n;
	for (i = 0; i < n; i++) {
		assert_string_equal(below[i].parent, parent == NULL ? "" : parent);
		assert_int_equal(below[i].level, level);
		assert_true(i == 0 || strcmp(below[i - 1].code, below[i].code) < 0);
		descend(l, below[i].code, level + 1, counts);
	}
	free(below);
}

static void
every_area_is_reached_from_the_city(void **state)
{
	size_t	 counts[9] = { 0 };

	(void)state;
	descend(list("areas"), NULL, 1, counts);
	assert_int_equal(counts[1], 1);
	assert_int_equal(counts[2], 14);
	assert_int_equal(counts[3], 195);
	assert_int_equal(counts[4], 3331);
	assert_int_equal(counts[5], 0);
	assert_int_equal(code_list_count(list("areas")), 1 + 14 + 195 + 3331);
}

static void
every_class_is_reached_from_the_top(void **state)
{
	size_t	 o[9] = { 0 }, i[9] = { 0 }, e[9] = { 0 };

	(void)state;
	descend(list("occupations"), NULL, 1, o);
	assert_int_equal(o[1], 8);
	assert_int_equal(o[2], 72);
	assert_int_equal(o[3], 436);
	assert_int_equal(o[4], 1631);
	descend(list("industries"), NULL, 1, i);
	assert_int_equal(i[1], 20);
	assert_int_equal(i[2], 97);
	assert_int_equal(i[3], 473);
	assert_int_equal(i[4], 1381);
	descend(list("education_levels"), NULL, 1, e);
	assert_int_equal(e[1], 8);
	assert_int_equal(e[2], 32);
}

static void
zones_show_their_own_towns(void **state)
{
	const struct code_list	*l = list("areas");
	struct code_filter	 f = { .parent = "431172" };
	size_t			 i;

	(void)state;
	assert_int_equal(code_list_walk(l, &f, NULL, items, ROOM), 4);
	assert_string_equal(items[0].code, "431181120");
	assert_string_equal(items[0].name, "金洞镇");
	f.parent = "431171";
	assert_int_equal(code_list_walk(l, &f, NULL, items, ROOM), 1);
	assert_string_equal(items[0].code, "431171001");
	f.parent = "431173";
	assert_int_equal(code_list_walk(l, &f, NULL, items, ROOM), 1);
	assert_string_equal(items[0].name, "回龙圩镇");
	f.parent = "431181";
	for (i = code_list_walk(l, &f, NULL, items, ROOM); i-- > 0;)
		assert_string_equal(area_county(items[i].code), "431181");
	assert_true(code_list_find(l, "431181120", &items[0]));
	assert_string_equal(items[0].parent, "431172");
	assert_int_equal(items[0].level, 3);
}

static void
pages_join_without_gap_or_repetition(void **state)
{
	const struct code_list		*l = list("areas");
	const struct code_filter	 f = { .level = 3 };
	struct code_item		 page[7];
	size_t				 all = code_list_walk(l, &f, NULL, items, ROOM), seen = 0, i, n;
	const char			*after = NULL;

	(void)state;
	assert_int_equal(all, 195);
	while ((n = code_list_walk(l, &f, after, page, NITEMS(page))) > 0) {
		for (i = 0; i < n; i++)
			assert_string_equal(page[i].code, items[seen++].code);
		after = items[seen - 1].code;
	}
	assert_int_equal(seen, all);
	/* A code that is there no longer keeps its place. */
	n = code_list_walk(l, &f, "431102001999", page, 1);
	assert_int_equal(n, 1);
	assert_string_equal(page[0].code, "431102002");
}

static void
found_by_name_or_start_of_code(void **state)
{
	const struct code_list	*o = list("occupations"), *a = list("areas");
	struct code_filter	 f = { .text = "瑶族", .level = 2 };
	size_t			 n, i;

	(void)state;
	assert_int_equal(code_list_walk(a, &f, NULL, items, ROOM), 1);
	assert_string_equal(items[0].code, "431129");
	f = (struct code_filter){ .text = "6-24" };
	assert_true((n = code_list_walk(o, &f, NULL, items, ROOM)) > 1);
	for (i = 0; i < n; i++)
		assert_int_equal(strncmp(items[i].code, "6-24", 4), 0);
	f = (struct code_filter){ .text = "朝阳", .parent = "431102" };
	assert_int_equal(code_list_walk(a, &f, NULL, items, ROOM), 1);
	assert_string_equal(items[0].name, "朝阳街道");
	f = (struct code_filter){ .text = "4311020010091" };
	assert_int_equal(code_list_walk(a, &f, NULL, items, ROOM), 0);
	f = (struct code_filter){ .text = "%" };
	assert_int_equal(code_list_walk(a, &f, NULL, items, ROOM), 0);
}

static void
the_short_lists(void **state)
{
	struct code_filter	 f = { .parent = "20" };
	size_t			 i, n;
	const struct code_list	*all = codes_lists(&n);

	(void)state;
	for (i = 0; i < n; i++)
		assert_true(code_list_count(&all[i]) > 0);
	assert_int_equal(code_list_count(list("gender")), 4);
	assert_int_equal(code_list_count(list("ethnic_groups")), 56);
	assert_int_equal(code_list_count(list("economic_type")), 34);
	assert_true(code_list_find(list("ethnic_groups"), "13", &items[0]));
	assert_string_equal(items[0].name, "瑶族");
	assert_string_equal(items[0].parent, "");
	assert_int_equal(code_list_walk(list("marital_status"), &f, NULL, items, ROOM), 3);
	assert_true(code_list_find(list("economic_type"), "151", &items[0]));
	assert_int_equal(items[0].level, 3);
	assert_false(code_list_find(list("gender"), "3", &items[0]));
	assert_false(code_list_find(list("gender"), "", &items[0]));
}

static void
labels_keep_the_order_they_were_written_in(void **state)
{
	static const struct code_label	 words[] = {
		{ "open", "招聘中" }, { "filled", "已招满" }, { "closed", "已关闭" }, { NULL, NULL }
	};
	const struct code_list		 l = { .name = "states", .title = "状态", .labels = words };
	struct code_filter		 f = { .text = NULL };

	(void)state;
	assert_int_equal(code_list_walk(&l, &f, NULL, items, 2), 2);
	assert_string_equal(items[1].code, "filled");
	assert_int_equal(items[1].level, 1);
	assert_int_equal(code_list_walk(&l, &f, "filled", items, 2), 1);
	assert_string_equal(items[0].name, "已关闭");
	assert_int_equal(code_list_walk(&l, &f, "closed", items, 2), 0);
	assert_int_equal(code_list_walk(&l, &f, "gone", items, 2), 0);
	f.text = "已";
	assert_int_equal(code_list_walk(&l, &f, NULL, items, 9), 2);
	f.text = "op";
	assert_int_equal(code_list_walk(&l, &f, NULL, items, 9), 1);
	f = (struct code_filter){ .parent = "open" };
	assert_int_equal(code_list_walk(&l, &f, NULL, items, 9), 0);
	f = (struct code_filter){ .level = 2 };
	assert_int_equal(code_list_walk(&l, &f, NULL, items, 9), 0);
}

/* ethnic_groups.csv with this text beside common_codes.csv with that one. */
static int
load_lists(const char *ethnic, const char *common)
{
	const char	*texts[] = { ethnic, common };
	const char	*names[] = { "ethnic_groups.csv", "common_codes.csv" };
	char		 dir[] = "/tmp/test_walk.XXXXXX", path[64];
	FILE		*f;
	size_t		 i;
	int		 r;

	assert_non_null(mkdtemp(dir));
	for (i = 0; i < NITEMS(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		assert_non_null(f = fopen(path, "w"));
		assert_true(fputs(texts[i], f) >= 0);
		assert_int_equal(fclose(f), 0);
	}
	r = codes_load_lists(dir);
	for (i = 0; i < NITEMS(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		unlink(path);
	}
	rmdir(dir);
	return (r);
}

static void
damaged_lists_are_refused(void **state)
{
	static const char	 head[] = "code_set,code,name,parent_code\n";
	static const char	 good[] = "code_set,code,name,parent_code\n"
	    "gender,1,a,\nmarital_status,1,a,\nhealth_status,1,a,\nemployment_identity,1,a,\n"
	    "political_status,1,a,\ndegree_level,1,a,\neconomic_type,1,a,\nschool_type,1,a,\n";
	char			 text[512];
	static const char *const bad[] = {
		"gender,2,b,7\n",			/* a parent that is not there */
		"gender,1,again,\n",
		"gender,2,b,3\ngender,3,c,2\n",		/* each above the other */
		"gender,2,b,2\n",
		"zodiac,1,a,\n",			/* a list nobody knows */
		"gender,2,,\n", "gender,2,b,?\n",
	};
	size_t			 i;

	(void)state;
	assert_int_equal(load_lists("code,name\n01,a\n", good), 0);
	for (i = 0; i < NITEMS(bad); i++) {
		snprintf(text, sizeof(text), "%s%s", good, bad[i]);
		assert_int_equal(load_lists("code,name\n01,a\n", text), -1);
	}
	assert_int_equal(load_lists("code,name\n01,a\n", head), -1);
	assert_int_equal(load_lists("code\n01\n", good), -1);
	assert_int_equal(codes_load_lists(TABLES), 0);
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		cmocka_unit_test(every_area_is_reached_from_the_city),
		cmocka_unit_test(every_class_is_reached_from_the_top),
		cmocka_unit_test(zones_show_their_own_towns),
		cmocka_unit_test(pages_join_without_gap_or_repetition),
		cmocka_unit_test(found_by_name_or_start_of_code),
		cmocka_unit_test(the_short_lists),
		cmocka_unit_test(labels_keep_the_order_they_were_written_in),
		cmocka_unit_test(damaged_lists_are_refused),
	};

	return (cmocka_run_group_tests_name("codes_walk", tests, set_up, NULL));
}
