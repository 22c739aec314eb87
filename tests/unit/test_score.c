/*
 * test_score.c -- ranking: exact means, ties, dropped extremes, too few reviews,
 * what does not fit 64 bits, and the same bytes again.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "json/json.h"
#include "shared/workflow/score.c"

#define REVIEW(id, a)	"{\"review_id\":\"" id "\",\"scores\":[{\"code\":\"A\",\"milli\":" a "}]}"
#define TWO(id, a, b)	"{\"review_id\":\"" id "\",\"scores\":[{\"code\":\"A\",\"milli\":" a "}," \
	"{\"code\":\"B\",\"milli\":" b "}]}"
#define ENTRY(id, lot, data, reviews) "{\"entry_id\":\"" id "\",\"lot\":\"" lot "\",\"data\":[" data \
	"],\"reviews\":[" reviews "]}"
#define DATA(a)		"{\"code\":\"D\",\"milli\":" a "}"
#define ROUND(n, trim, min, tie, last, entries) "{\"reviewers\":" n ",\"trim\":" trim ",\"min_milli\":" min \
	",\"tie\":[" tie "],\"tie_last\":\"" last "\",\"entries\":[" entries "]}"

static struct arena	arena;

static int
setup(void **state)
{
	(void)state;
	arena_init(&arena);
	return (0);
}

static int
teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return (0);
}

static const struct json *
ranked(const char *input)
{
	const char	*out = NULL;

	assert_int_equal(score_rank(&arena, input, &out), SCORE_OK);
	return (json_get(json_parse(&arena, out, strlen(out)), "entries"));
}

static void
expect(const struct json *list, size_t i, const char *id, int64_t rank, int64_t score, const char *by)
{
	const struct json	*e = json_at(list, i);
	int64_t			 n;

	assert_string_equal(json_string(json_get(e, "entry_id")), id);
	assert_true(json_integer(json_get(e, "rank"), &n));
	assert_int_equal(n, rank);
	assert_true(json_integer(json_get(e, "score_milli"), &n));
	assert_int_equal(n, score);
	assert_string_equal(json_string(json_get(e, "by")), by);
}

static void
fails(const char *input, enum score_fault fault)
{
	const char	*out = NULL;

	assert_int_equal(score_rank(&arena, input, &out), fault);
	assert_null(out);
}

/* 1/3 of a thousandth decides, though both round down to the same. */
static void
test_exact_means(void **state)
{
	const struct json	*list;

	(void)state;
	list = ranked(ROUND("3", "false", "0", "", "lot",
	    ENTRY("e1", "1", DATA("5"), REVIEW("a", "10") "," REVIEW("b", "10") "," REVIEW("c", "10")) ","
	    ENTRY("e2", "2", DATA("5"), REVIEW("d", "10") "," REVIEW("e", "10") "," REVIEW("f", "11"))));
	expect(list, 0, "e2", 1, 15, "score");
	expect(list, 1, "e1", 2, 15, "score");
}

static void
test_data_alone(void **state)
{
	const struct json	*list;

	(void)state;
	list = ranked(ROUND("0", "false", "6", "", "lot",
	    ENTRY("e1", "1", DATA("5"), "") "," ENTRY("e2", "2", DATA("7"), "")));
	expect(list, 0, "e2", 1, 7, "score");
	assert_true(json_is_true(json_get(json_at(list, 0), "passed")));
	assert_false(json_is_true(json_get(json_at(list, 1), "passed")));
	assert_int_equal(json_count(ranked(ROUND("0", "false", "0", "", "lot", ""))), 0);
}

/* Equals: first the criteria named, in their order, then the lot. */
static void
test_ties_by_rule_then_lot(void **state)
{
	const struct json	*list;

	(void)state;
	list = ranked(ROUND("1", "false", "0", "{\"code\":\"B\"},{\"code\":\"A\"}", "lot",
	    ENTRY("e1", "9", "", TWO("a", "6", "4")) "," ENTRY("e2", "8", "", TWO("b", "5", "5")) ","
	    ENTRY("e3", "1", "", TWO("c", "6", "4"))));
	expect(list, 0, "e2", 1, 10, "score");
	expect(list, 1, "e3", 2, 10, "B");
	expect(list, 2, "e1", 3, 10, "lot");
}

static void
test_joint_ties_share_a_rank(void **state)
{
	const struct json	*list;
	size_t			 i;

	(void)state;
	list = ranked(ROUND("0", "false", "0", "", "joint", ENTRY("e3", "1", DATA("5"), "") ","
	    ENTRY("e1", "9", DATA("5"), "") "," ENTRY("e2", "3", DATA("5"), "") "," ENTRY("e4", "0", DATA("4"), "")));
	expect(list, 0, "e1", 1, 5, "score");
	expect(list, 1, "e2", 1, 5, "joint");
	expect(list, 2, "e3", 1, 5, "joint");
	expect(list, 3, "e4", 4, 4, "score");
	for (i = 0; i < 4; i++)
		assert_int_equal(json_is_true(json_get(json_at(list, i), "tied")), i < 3);
}

/* One highest and one lowest go, the tie criteria count what is left; equals too. */
static void
test_extremes_are_dropped(void **state)
{
	const struct json	*list, *dropped;

	(void)state;
	list = ranked(ROUND("4", "true", "0", "", "lot",
	    ENTRY("e1", "1", DATA("1"), REVIEW("a", "100") "," REVIEW("b", "0") "," REVIEW("c", "10") "," REVIEW("d", "11"))
	    "," ENTRY("e2", "2", "", REVIEW("e", "10") "," REVIEW("f", "10") "," REVIEW("g", "10") "," REVIEW("h", "10"))));
	expect(list, 0, "e1", 1, 11, "score");	/* 1 + 21 / 2 */
	dropped = json_get(json_at(list, 0), "dropped");
	assert_string_equal(json_string(json_at(dropped, 0)), "b");
	assert_string_equal(json_string(json_at(dropped, 1)), "a");
	dropped = json_get(json_at(list, 1), "dropped");
	assert_string_equal(json_string(json_at(dropped, 0)), "e");
	assert_string_equal(json_string(json_at(dropped, 1)), "h");
}

/* A withdrawn reviewer's scores are not in the input: then one is missing. */
static void
test_too_few_reviews(void **state)
{
	(void)state;
	fails(ROUND("3", "false", "0", "", "lot",
	    ENTRY("e1", "1", "", REVIEW("a", "1") "," REVIEW("b", "1"))), SCORE_FEW);
	fails(ROUND("1", "false", "0", "", "lot",
	    ENTRY("e1", "1", "", REVIEW("a", "1") "," REVIEW("b", "1"))), SCORE_FEW);
}

static void
test_what_does_not_fit(void **state)
{
	(void)state;
	fails(ROUND("2", "false", "0", "", "lot", ENTRY("e1", "1", DATA("9223372036854775807"),
	    REVIEW("a", "1") "," REVIEW("b", "1"))), SCORE_OVERFLOW);
	fails(ROUND("2", "false", "0", "", "lot", ENTRY("e1", "1", "", REVIEW("a", "9223372036854775807")
	    "," REVIEW("b", "1"))), SCORE_OVERFLOW);
	fails(ROUND("0", "false", "0", "", "lot", ENTRY("e1", "1", DATA("9223372036854775807") "," DATA("1"), "")),
	    SCORE_OVERFLOW);
}

static void
test_what_is_no_round(void **state)
{
	(void)state;
	fails("[]", SCORE_INPUT);
	fails("{", SCORE_INPUT);
	fails(ROUND("2", "true", "0", "", "lot", ""), SCORE_INPUT);	/* nothing would be left */
	fails(ROUND("51", "false", "0", "", "lot", ""), SCORE_INPUT);
	fails(ROUND("0", "false", "-1", "", "lot", ""), SCORE_INPUT);
	fails(ROUND("0", "false", "0", "1", "lot", ENTRY("e1", "1", "", "")), SCORE_INPUT);
	fails(ROUND("0", "false", "0", "", "lot", ENTRY("e1", "1", DATA("-1"), "")), SCORE_INPUT);
	fails(ROUND("0", "false", "0", "", "lot", ENTRY("e1", "1", DATA("1.5"), "")), SCORE_INPUT);
	fails(ROUND("0", "false", "0", "", "lot", "{\"entry_id\":\"e1\"}"), SCORE_INPUT);
}

/* The order of the entries in the input changes nothing. */
static void
test_replay(void **state)
{
	const char	*one = NULL, *two = NULL;

	(void)state;
#define FIRST	ENTRY("e1", "5", DATA("3"), REVIEW("a", "7"))
#define SECOND	ENTRY("e2", "4", DATA("3"), REVIEW("b", "7"))
	assert_int_equal(score_rank(&arena, ROUND("1", "false", "2", "{\"code\":\"A\"}", "lot", FIRST "," SECOND), &one), SCORE_OK);
	assert_int_equal(score_rank(&arena, ROUND("1", "false", "2", "{\"code\":\"A\"}", "lot", SECOND "," FIRST), &two), SCORE_OK);
	assert_string_equal(one, two);
	assert_string_equal(one, "{\"entries\":[{\"entry_id\":\"e2\",\"rank\":1,\"score_milli\":10,\"data_milli\":3,"
	    "\"reviews_milli\":7,\"counted\":1,\"dropped\":[],\"passed\":true,\"tied\":false,\"by\":\"score\"},"
	    "{\"entry_id\":\"e1\",\"rank\":2,\"score_milli\":10,\"data_milli\":3,\"reviews_milli\":7,\"counted\":1,"
	    "\"dropped\":[],\"passed\":true,\"tied\":false,\"by\":\"lot\"}]}");
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test_setup_teardown(test_exact_means, setup, teardown),
		cmocka_unit_test_setup_teardown(test_data_alone, setup, teardown),
		cmocka_unit_test_setup_teardown(test_ties_by_rule_then_lot, setup, teardown),
		cmocka_unit_test_setup_teardown(test_joint_ties_share_a_rank, setup, teardown),
		cmocka_unit_test_setup_teardown(test_extremes_are_dropped, setup, teardown),
		cmocka_unit_test_setup_teardown(test_too_few_reviews, setup, teardown),
		cmocka_unit_test_setup_teardown(test_what_does_not_fit, setup, teardown),
		cmocka_unit_test_setup_teardown(test_what_is_no_round, setup, teardown),
		cmocka_unit_test_setup_teardown(test_replay, setup, teardown),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
