/*
 * test_rule_value.c -- values of rules: integer arithmetic that neither
 * overflows nor rounds up, differences of days, rows of months, codes below
 * codes, choices; what is not known stays open.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/clock.h"
#include "codes/codes.h"
#include "http/errors.h"
#include "services/subsidies/rule.h"
#include "services/subsidies/rule_priv.h"

enum { A, B, FROM, TO, MONTHS, OTHERS, THROUGH, JOB, TRADE, PLACE, LEVEL, SURE, FACTS };

static const struct rule_fact catalogue[] = {
	[A] = { "a", RULE_INT, "甲", NULL, false, NULL, NULL },
	[B] = { "b", RULE_INT, "乙", NULL, false, "hire award", NULL },
	[FROM] = { "from_on", RULE_DAY, "起", NULL, false, NULL, NULL },
	[TO] = { "to_on", RULE_DAY, "止", NULL, false, NULL, NULL },
	[MONTHS] = { "months", RULE_DAYS, "月份", "through", false, NULL, NULL },
	[OTHERS] = { "others", RULE_DAYS, "其他", NULL, false, NULL, NULL },
	[THROUGH] = { "through", RULE_DAY, "截至", NULL, false, NULL, NULL },
	[JOB] = { "job", RULE_TEXT, "职业", NULL, false, NULL, "occupations" },
	[TRADE] = { "trade", RULE_TEXT, "行业", NULL, false, NULL, "industries" },
	[PLACE] = { "place", RULE_TEXT, "地区", NULL, false, NULL, "areas" },
	[LEVEL] = { "level", RULE_TEXT, "学历", NULL, false, NULL, "education_levels" },
	[SURE] = { "sure", RULE_BOOL, "确定", NULL, false, NULL, NULL },
};

static struct arena		 arena;
static struct rule_value	 facts[RULE_FACTS_MAX];

static int
setup(void **state)
{
	(void)state;
	arena_init(&arena);
	return (codes_load("sql/reference"));
}

static int
teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return (0);
}

static const char	document[] = "{\"conditions\":[{\"code\":\"c\",\"title\":\"t\",\"refusal\":\"r\","
	"\"rule\":%s}],\"exclusions\":[]}";

static struct rule_set *
compiled(const char *rule, const char *subject, struct json_errors *errors)
{
	const char	*text = arena_printf(&arena, document, rule);

	errors->count = 0;
	return (rule_compile(&arena, json_parse(&arena, text, strlen(text)), subject, true, catalogue,
	    FACTS, errors));
}

static struct rule_number
number(const char *value)
{
	struct json_errors	 errors;
	struct rule_set		*set = compiled("{\"is\":\"sure\"}", NULL, &errors);
	const struct rule_node	*n;
	struct rule_number	 out;
	rule_mask		 named;

	n = rule_compile_number(&arena, set, json_parse(&arena, value, strlen(value)), "/amount/rule",
	    true, &named, &errors);
	if (n == NULL)
		fail_msg("%s: %s %s", value, errors.list[0].pointer,
		    error_row((enum error_code)errors.list[0].code)->code);
	rule_number(set, n, facts, &out);
	return (out);
}

static void
is(const char *value, int64_t lo, int64_t hi)
{
	struct rule_number	got = number(value);

	if (got.lo != lo || got.hi != hi || (got.lo == got.hi && got.missing != 0))
		fail_msg("%s is %lld..%lld", value, (long long)got.lo, (long long)got.hi);
}

static void
holds(const char *rule, enum tri want)
{
	struct json_errors	 errors;
	struct rule_set		*set = compiled(rule, NULL, &errors);
	struct rule_result	 r;

	if (set == NULL)
		fail_msg("%s: %s %s", rule, errors.list[0].pointer,
		    error_row((enum error_code)errors.list[0].code)->code);
	rule_judge(set, facts, &r);
	if (r.answers[0].holds != want)
		fail_msg("%s is %d", rule, r.answers[0].holds);
}

static void
know(int slot, int64_t n)
{
	facts[slot] = (struct rule_value){ .known = true, .i = n };
}

static void
know_text(int slot, const char *text)
{
	facts[slot] = (struct rule_value){ .known = true, .text = text };
}

static void
know_months(int slot, size_t n, const char *const *months)
{
	int32_t	*days = arena_alloc(&arena, (n + 1) * sizeof(*days));
	size_t	 i;

	for (i = 0; i < n; i++)
		days[i] = day_parse(months[i]);
	facts[slot] = (struct rule_value){ .known = true, .days = days, .count = n };
}

#define OPEN	INT64_MIN, INT64_MAX

static void
test_arithmetic(void **state)
{
	(void)state;
	memset(facts, 0, sizeof(facts));
	know(A, 7);
	is("{\"add\":[{\"fact\":\"a\"},1,2]}", 10, 10);
	is("{\"sub\":[{\"fact\":\"a\"},10]}", -3, -3);
	is("{\"mul\":[{\"fact\":\"a\"},-3,2]}", -42, -42);
	is("{\"min\":[{\"fact\":\"a\"},3,9]}", 3, 3);
	is("{\"max\":[{\"fact\":\"a\"},3,9]}", 9, 9);
	/* What is not known may still be bounded by what is. */
	is("{\"add\":[{\"fact\":\"b\"},1]}", OPEN);
	is("{\"min\":[{\"fact\":\"b\"},9]}", INT64_MIN, 9);
	is("{\"max\":[{\"min\":[{\"fact\":\"b\"},9]},0]}", 0, 9);
	is("{\"mul\":[{\"max\":[{\"min\":[{\"fact\":\"b\"},9]},0]},100]}", 0, 900);
	is("{\"mul\":[{\"fact\":\"b\"},0]}", OPEN);
	is("{\"or_else\":[{\"fact\":\"b\"},5]}", 5, 5);
	is("{\"or_else\":[{\"fact\":\"a\"},5]}", 7, 7);
	/* Beyond 64 bits is open, not wrapped. */
	know(A, INT64_MAX - 1);
	is("{\"add\":[{\"fact\":\"a\"},2]}", OPEN);
	is("{\"mul\":[{\"fact\":\"a\"},2]}", OPEN);
}

static void
test_shares(void **state)
{
	(void)state;
	memset(facts, 0, sizeof(facts));
	know(A, 100000);
	is("{\"share\":[{\"fact\":\"a\"},2,3]}", 66666, 66666);
	is("{\"share\":[{\"fact\":\"a\"},3,3]}", 100000, 100000);
	is("{\"share\":[{\"fact\":\"a\"},0,3]}", 0, 0);
	is("{\"share\":[-1,1,2]}", -1, -1);		/* down, not towards nothing */
	is("{\"share\":[5,1,0]}", 0, 0);		/* among nobody */
	is("{\"share\":[5,-1,2]}", 0, 0);
	is("{\"share\":[{\"min\":[{\"fact\":\"b\"},90]},1,3]}", INT64_MIN, 30);
	is("{\"share\":[{\"fact\":\"a\"},{\"fact\":\"b\"},3]}", OPEN);
	is("{\"share\":[{\"fact\":\"a\"},1,{\"fact\":\"b\"}]}", OPEN);
	/* Large times large fits on the way. */
	know(A, INT64_C(900000000000000));
	is("{\"share\":[{\"fact\":\"a\"},1000000000000000,1000000000000000]}", INT64_C(900000000000000),
	    INT64_C(900000000000000));
}

static void
test_choices(void **state)
{
	(void)state;
	memset(facts, 0, sizeof(facts));
	is("{\"if\":[{\"is\":\"sure\"},10,20]}", 10, 20);
	know(SURE, 1);
	is("{\"if\":[{\"is\":\"sure\"},10,20]}", 10, 10);
	know(SURE, 0);
	is("{\"if\":[{\"is\":\"sure\"},{\"fact\":\"b\"},20]}", 20, 20);
	is("{\"tiers\":[{\"fact\":\"a\"},[[1,120],[20,150],[51,300]]]}", 0, 300);
	know(A, 0);
	is("{\"tiers\":[{\"fact\":\"a\"},[[1,120],[20,150],[51,300]]]}", 0, 0);
	know(A, 19);
	is("{\"tiers\":[{\"fact\":\"a\"},[[1,120],[20,150],[51,300]]]}", 120, 120);
	know(A, 51);
	is("{\"tiers\":[{\"fact\":\"a\"},[[1,120],[20,150],[51,300]]]}", 300, 300);
	is("{\"tiers\":[{\"max\":[{\"min\":[{\"fact\":\"b\"},50]},20]},[[1,120],[20,150],[51,300]]]}", 150, 150);
}

static void
test_days(void **state)
{
	static const struct {
		const char	*from, *to;
		int64_t		 months, days;
	}	rows[] = {
		{ "2025-01-31", "2025-02-27", 0, 27 }, { "2025-01-31", "2025-02-28", 1, 28 },
		{ "2024-02-29", "2025-02-28", 12, 365 }, { "2025-03-10", "2025-03-10", 0, 0 },
		{ "2025-03-10", "2025-03-09", -1, -1 }, { "2025-03-10", "2025-02-10", -1, -28 },
		{ "2020-05-01", "2025-04-30", 59, 1825 }, { "2020-05-01", "2025-05-01", 60, 1826 },
	};
	size_t	i;

	(void)state;
	memset(facts, 0, sizeof(facts));
	is("{\"months_between\":[{\"fact\":\"from_on\"},{\"fact\":\"to_on\"}]}", OPEN);
	for (i = 0; i < NITEMS(rows); i++) {
		know(FROM, day_parse(rows[i].from));
		know(TO, day_parse(rows[i].to));
		is("{\"months_between\":[{\"fact\":\"from_on\"},{\"fact\":\"to_on\"}]}", rows[i].months,
		    rows[i].months);
		is("{\"days_between\":[{\"fact\":\"from_on\"},{\"fact\":\"to_on\"}]}", rows[i].days, rows[i].days);
	}
}

#define ROW(to)	"{\"months_in_row\":{\"of\":\"months\",\"from\":{\"day\":\"2024-01-01\"},\"to\":{\"day\":\"" to "\"}}}"
#define FIRST_YEAR "{\"year\":{\"first\":{\"of\":\"months\",\"from\":{\"day\":\"2020-01-01\"}," \
	"\"to\":{\"fact\":\"to_on\"},\"else\":{\"day\":\"2099-01-01\"}}}}"

static void
test_lists(void **state)
{
	static const char *const	paid[] = { "2024-01-01", "2024-02-01", "2024-04-01", "2024-05-01",
					    "2024-06-01", "2024-06-15", "2024-12-01", "2025-01-01" };

	(void)state;
	memset(facts, 0, sizeof(facts));
	is(ROW("2025-12-31"), 0, INT64_MAX);
	know_months(MONTHS, NITEMS(paid), paid);
	is(ROW("2025-12-31"), 3, INT64_MAX);		/* may still grow */
	know(THROUGH, day_parse("2025-12-31"));
	is(ROW("2025-12-31"), 3, 3);
	is(ROW("2024-03-31"), 2, 2);
	is(ROW("2023-12-31"), 0, 0);
	is(FIRST_YEAR, INT64_MIN, 2024);		/* no end is known: it may be earlier, not later */
	know(TO, day_parse("2025-12-31"));
	is(FIRST_YEAR, 2024, 2024);
	know(TO, day_parse("2023-12-31"));
	is(FIRST_YEAR, 2099, 2099);
	know_months(OTHERS, 2, (const char *const[]){ "2024-05-01", "2024-06-01" });
	know(TO, day_parse("2025-12-31"));
	is("{\"months_in_row\":{\"of\":\"months\",\"also_in\":\"others\",\"from\":{\"day\":\"2024-01-01\"},"
	    "\"to\":{\"fact\":\"to_on\"}}}", 2, 2);
}

static void
test_codes(void **state)
{
	static const struct {
		int		 slot;
		const char	*code, *fact, *tops;
		enum tri	 want;
	}	rows[] = {
		{ JOB, "4-07-03-04", "job", "\"4-07-03-04\"", TRI_TRUE },
		{ JOB, "4-07-03-04", "job", "\"4-07\"", TRI_TRUE },
		{ JOB, "4-07-03-04", "job", "\"4\"", TRI_TRUE },
		{ JOB, "4-07-03-04", "job", "\"6\",\"5\"", TRI_FALSE },
		{ JOB, "4-07", "job", "\"4-07-03\"", TRI_FALSE },
		{ TRADE, "3812", "trade", "\"C\"", TRI_TRUE },
		{ TRADE, "3812", "trade", "\"38\"", TRI_TRUE },
		{ TRADE, "3812", "trade", "\"D\"", TRI_FALSE },
		{ TRADE, "C", "trade", "\"C\"", TRI_TRUE },
		{ TRADE, "7263", "trade", "\"L\"", TRI_TRUE },
		{ PLACE, "431129100", "place", "\"431129\"", TRI_TRUE },
		{ PLACE, "431129100", "place", "\"431100\"", TRI_TRUE },
		{ PLACE, "431129100", "place", "\"431103\"", TRI_FALSE },
		/* a town of 金洞 carries 祁阳's digits and is not its */
		{ PLACE, "431181120", "place", "\"431172\"", TRI_TRUE },
		{ PLACE, "431181120", "place", "\"431181\"", TRI_FALSE },
		{ LEVEL, "21", "level", "\"20\"", TRI_TRUE },
		{ LEVEL, "21", "level", "\"21\"", TRI_TRUE },
		{ LEVEL, "20", "level", "\"21\"", TRI_FALSE },
		{ LEVEL, "14", "level", "\"20\",\"10\"", TRI_TRUE },
	};
	size_t	i;

	(void)state;
	memset(facts, 0, sizeof(facts));
	holds("{\"under\":[{\"fact\":\"job\"},[\"4-07\"]]}", TRI_UNKNOWN);
	for (i = 0; i < NITEMS(rows); i++) {
		know_text(rows[i].slot, rows[i].code);
		holds(arena_printf(&arena, "{\"under\":[{\"fact\":\"%s\"},[%s]]}", rows[i].fact, rows[i].tops),
		    rows[i].want);
	}
}

/* Everything that is not understood is refused where it stands. */
static void
test_mistakes(void **state)
{
	static const struct {
		const char		*rule, *pointer;
		enum error_code		 code;
	}	rows[] = {
		{ "{\"under\":[{\"fact\":\"job\"},[\"9-99\"]]}", "/under/1/0", ERR_F_CHOICE },
		{ "{\"under\":[{\"fact\":\"job\"},[]]}", "/under/1", ERR_F_COUNT },
		{ "{\"under\":[{\"fact\":\"a\"},[\"4\"]]}", "/under/0", ERR_F_TYPE },
		{ "{\"under\":[\"4-07\",[\"4\"]]}", "/under/0", ERR_F_TYPE },
		{ "{\"ge\":[{\"sub\":[1,2,3]},1]}", "/ge/0/sub", ERR_F_COUNT },
		{ "{\"ge\":[{\"add\":[1]},1]}", "/ge/0/add", ERR_F_COUNT },
		{ "{\"ge\":[{\"mul\":[1,\"2\"]},1]}", "/ge/0/mul/1", ERR_F_TYPE },
		{ "{\"ge\":[{\"share\":[1,2]},1]}", "/ge/0/share", ERR_F_COUNT },
		{ "{\"ge\":[{\"share\":[1.5,2,3]},1]}", "/ge/0/share/0", ERR_F_TYPE },
		{ "{\"ge\":[{\"if\":[{\"fact\":\"a\"},2,3]},1]}", "/ge/0/if/0", ERR_F_CHOICE },
		{ "{\"ge\":[{\"if\":[{\"is\":\"sure\"},2,{\"day\":\"2025-01-01\"}]},1]}", "/ge/0/if", ERR_F_TYPE },
		{ "{\"eq\":[{\"if\":[{\"is\":\"sure\"},\"x\",\"y\"]},\"x\"]}", "/eq/0/if", ERR_F_TYPE },
		{ "{\"ge\":[{\"tiers\":[{\"fact\":\"a\"},[[2,1],[2,2]]]},1]}", "/ge/0/tiers/1/1", ERR_F_SMALL },
		{ "{\"ge\":[{\"tiers\":[{\"fact\":\"a\"},[]]},1]}", "/ge/0/tiers/1", ERR_F_COUNT },
		{ "{\"ge\":[{\"tiers\":[{\"fact\":\"a\"},[[1]]]},1]}", "/ge/0/tiers/1/0", ERR_F_COUNT },
		{ "{\"ge\":[{\"months_between\":[{\"fact\":\"a\"},{\"fact\":\"to_on\"}]},1]}",
		  "/ge/0/months_between/0", ERR_F_TYPE },
		{ "{\"ge\":[{\"first\":{\"of\":\"months\",\"from\":{\"fact\":\"from_on\"},\"to\":{\"fact\":\"to_on\"}}},1]}",
		  "/ge/0/first", ERR_F_COUNT },
		{ "{\"ge\":[{\"count\":{\"of\":\"a\",\"from\":{\"fact\":\"from_on\"},\"to\":{\"fact\":\"to_on\"}}},1]}",
		  "/ge/0/count/of", ERR_F_TYPE },
		{ "{\"ge\":[{\"or_else\":[{\"fact\":\"a\"},\"x\"]},1]}", "/ge/0/or_else", ERR_F_TYPE },
		{ "{\"ge\":[{\"let\":1},1]}", "/ge/0", ERR_F_CHOICE },
		{ "{\"ge\":[{\"fact\":\"c\"},1]}", "/ge/0/fact", ERR_F_FACT },
		{ "{\"ge\":[{\"fact\":\"b\"},1]}", "/ge/0/fact", ERR_F_FACT },	/* not of a certificate */
	};
	struct json_errors	errors;
	const char		*at;
	size_t			i;

	(void)state;
	for (i = 0; i < NITEMS(rows); i++) {
		if (compiled(rows[i].rule, "certificate", &errors) != NULL)
			fail_msg("%s compiles", rows[i].rule);
		at = arena_printf(&arena, "/conditions/0/rule%s", rows[i].pointer);
		if (strcmp(errors.list[0].pointer, at) != 0 || errors.list[0].code != (int)rows[i].code)
			fail_msg("%s: %s %s", rows[i].rule, errors.list[0].pointer,
			    error_row((enum error_code)errors.list[0].code)->code);
	}
	assert_non_null(compiled("{\"ge\":[{\"fact\":\"b\"},1]}", "award", &errors));
	assert_non_null(compiled("{\"ge\":[{\"fact\":\"b\"},1]}", "hire", &errors));
	assert_null(compiled("{\"ge\":[{\"fact\":\"b\"},1]}", "hir", &errors));
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(test_arithmetic),
		cmocka_unit_test(test_shares),
		cmocka_unit_test(test_choices),
		cmocka_unit_test(test_days),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_codes),
		cmocka_unit_test(test_mistakes),
	};

	return (cmocka_run_group_tests(tests, setup, teardown));
}
