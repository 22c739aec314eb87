/*
 * test_rule.c -- the rule engine of the subsidies service: three-valued logic,
 * days, counts that may still grow, and every way a rule can be wrong.
 *
 * The engine is not part of the runtime library: shared/build/programs.mk links it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/clock.h"
#include "http/errors.h"
#include "services/subsidies/rule.h"

enum { HIRED, ENDED, BORN, MONTHS, KIND, ROSTER, PAID_MONTHS, OTHER_MONTHS, THROUGH, FACTS };

static const struct rule_fact catalogue[] = {
	[HIRED] = { "hired_on", RULE_DAY, "招用日期", NULL, false, NULL, NULL },
	[ENDED] = { "ended_on", RULE_DAY, "离职日期", NULL, false, NULL, NULL },
	[BORN] = { "birth_on", RULE_DAY, "出生日期", NULL, true, NULL, NULL },
	[MONTHS] = { "contract_months", RULE_INT, "合同期限", NULL, false, NULL, NULL },
	[KIND] = { "org_kind", RULE_TEXT, "单位类型", NULL, false, NULL, NULL },
	[ROSTER] = { "on_roster", RULE_BOOL, "在册", NULL, true, NULL, NULL },
	[PAID_MONTHS] = { "paid_months", RULE_DAYS, "缴费月", "through", false, NULL, NULL },
	[OTHER_MONTHS] = { "other_months", RULE_DAYS, "他处缴费月", "through", true, NULL, NULL },
	[THROUGH] = { "through", RULE_DAY, "数据截至", NULL, false, NULL, NULL },
};

struct fixture {
	struct arena		arena;
	struct json_errors	errors;
	struct rule_value	facts[RULE_FACTS_MAX];
};

static int
setup(void **state)
{
	struct fixture	*f = calloc(1, sizeof(*f));

	arena_init(&f->arena);
	*state = f;
	return (0);
}

static int
teardown(void **state)
{
	struct fixture	*f = *state;

	arena_release(&f->arena);
	free(f);
	return (0);
}

static struct rule_set *
compile_document(struct fixture *f, const char *document)
{
	const struct json	*doc = json_parse(&f->arena, document, strlen(document));

	assert_non_null(doc);
	f->errors.count = 0;
	return (rule_compile(&f->arena, doc, NULL, true, catalogue, FACTS, &f->errors));
}

/* A document with one condition that is `rule`. */
static struct rule_set *
compile(struct fixture *f, const char *rule)
{
	return (compile_document(f, arena_printf(&f->arena,
	    "{\"conditions\":[{\"code\":\"c\",\"title\":\"t\",\"refusal\":\"r\",\"rule\":%s}],"
	    "\"exclusions\":[]}", rule)));
}

static struct rule_answer
answer_of(struct fixture *f, const char *rule)
{
	struct rule_set		*set = compile(f, rule);
	struct rule_result	 r;

	if (set == NULL)
		fail_msg("%s: %s at %s", rule,
		    error_row((enum error_code)f->errors.list[0].code)->code,
		    f->errors.list[0].pointer);
	rule_judge(set, f->facts, &r);
	return (r.answers[0]);
}

static void
holds(struct fixture *f, const char *rule, enum tri expected)
{
	enum tri	got = answer_of(f, rule).holds;

	if (got != expected)
		fail_msg("%s is %d, not %d", rule, got, expected);
}

static void
know_day(struct fixture *f, int slot, const char *day)
{
	f->facts[slot] = (struct rule_value){ .known = true, .i = day_parse(day) };
}

static void
know_int(struct fixture *f, int slot, int64_t n)
{
	f->facts[slot] = (struct rule_value){ .known = true, .i = n };
}

static void
know_text(struct fixture *f, int slot, const char *text)
{
	f->facts[slot] = (struct rule_value){ .known = true, .text = text };
}

static void
know_months(struct fixture *f, int slot, size_t n, ...)
{
	int32_t	*days = arena_alloc(&f->arena, (n + 1) * sizeof(*days));
	va_list	 ap;
	size_t	 i;

	va_start(ap, n);
	for (i = 0; i < n; i++)
		days[i] = day_parse(va_arg(ap, const char *));
	va_end(ap);
	f->facts[slot] = (struct rule_value){ .known = true, .days = days, .count = n };
}

static void
test_comparisons(void **state)
{
	static const struct { const char *op; enum tri less, same, more; } rows[] = {
		{ "eq", TRI_FALSE, TRI_TRUE, TRI_FALSE }, { "ne", TRI_TRUE, TRI_FALSE, TRI_TRUE },
		{ "lt", TRI_TRUE, TRI_FALSE, TRI_FALSE }, { "le", TRI_TRUE, TRI_TRUE, TRI_FALSE },
		{ "gt", TRI_FALSE, TRI_FALSE, TRI_TRUE }, { "ge", TRI_FALSE, TRI_TRUE, TRI_TRUE },
	};
	struct fixture	*f = *state;
	const char	*rule;
	size_t		 i;

	for (i = 0; i < NITEMS(rows); i++) {
		rule = arena_printf(&f->arena, "{\"%s\":[{\"fact\":\"contract_months\"},12]}", rows[i].op);
		know_int(f, MONTHS, 11);
		holds(f, rule, rows[i].less);
		know_int(f, MONTHS, 12);
		holds(f, rule, rows[i].same);
		know_int(f, MONTHS, 13);
		holds(f, rule, rows[i].more);
		f->facts[MONTHS].known = false;
		holds(f, rule, TRI_UNKNOWN);
	}
}

static void
test_three_valued_logic(void **state)
{
	static const char *const	say[] = { "{\"eq\":[1,2]}", "{\"eq\":[1,1]}",
	    "{\"is\":\"on_roster\"}" };	/* false, true, unknown */
	static const enum tri	all[3][3] = {
		{ TRI_FALSE, TRI_FALSE, TRI_FALSE },
		{ TRI_FALSE, TRI_TRUE, TRI_UNKNOWN },
		{ TRI_FALSE, TRI_UNKNOWN, TRI_UNKNOWN } };
	static const enum tri	any[3][3] = {
		{ TRI_FALSE, TRI_TRUE, TRI_UNKNOWN },
		{ TRI_TRUE, TRI_TRUE, TRI_TRUE },
		{ TRI_UNKNOWN, TRI_TRUE, TRI_UNKNOWN } };
	static const enum tri	not[3] = { TRI_TRUE, TRI_FALSE, TRI_UNKNOWN };
	struct fixture	*f = *state;
	int		 a, b;

	for (a = 0; a < 3; a++) {
		holds(f, arena_printf(&f->arena, "{\"not\":%s}", say[a]), not[a]);
		for (b = 0; b < 3; b++) {
			holds(f, arena_printf(&f->arena, "{\"all\":[%s,%s]}", say[a], say[b]), all[a][b]);
			holds(f, arena_printf(&f->arena, "{\"any\":[%s,%s]}", say[a], say[b]), any[a][b]);
		}
	}
}

static void
test_missing_facts_are_named(void **state)
{
	static const char *const	open = "{\"any\":[{\"is\":\"on_roster\"},"
	    "{\"lt\":[{\"fact\":\"birth_on\"},{\"fact\":\"hired_on\"}]}]}";
	struct fixture		*f = *state;
	struct rule_answer	 a;

	know_day(f, HIRED, "2025-07-07");
	a = answer_of(f, open);
	assert_int_equal(a.holds, TRI_UNKNOWN);
	assert_int_equal(a.missing, 1u << ROSTER | 1u << BORN);
	know_day(f, BORN, "2002-01-01");
	a = answer_of(f, open);
	assert_int_equal(a.holds, TRI_TRUE);
	assert_int_equal(a.missing, 0);
}

static void
test_days(void **state)
{
	struct fixture	*f = *state;

	know_day(f, HIRED, "2024-02-29");
	holds(f, "{\"eq\":[{\"year\":{\"fact\":\"hired_on\"}},2024]}", TRI_TRUE);
	holds(f, "{\"eq\":[{\"month_start\":{\"fact\":\"hired_on\"}},{\"day\":\"2024-02-01\"}]}", TRI_TRUE);
	holds(f, "{\"eq\":[{\"add_months\":[{\"fact\":\"hired_on\"},12]},{\"day\":\"2025-02-28\"}]}", TRI_TRUE);
	holds(f, "{\"eq\":[{\"add_days\":[{\"fact\":\"hired_on\"},1]},{\"day\":\"2024-03-01\"}]}", TRI_TRUE);
	holds(f, "{\"between\":[{\"fact\":\"hired_on\"},{\"day\":\"2024-01-01\"},{\"day\":\"2024-02-29\"}]}", TRI_TRUE);
	holds(f, "{\"between\":[{\"fact\":\"hired_on\"},{\"day\":\"2024-03-01\"},{\"day\":\"2024-12-31\"}]}", TRI_FALSE);
	holds(f, "{\"eq\":[{\"year\":{\"fact\":\"ended_on\"}},2024]}", TRI_UNKNOWN);
}

static void
test_texts_and_lists(void **state)
{
	static const char *const	in = "{\"in\":[{\"fact\":\"org_kind\"},[\"enterprise\",\"agency\"]]}";
	struct fixture	*f = *state;

	holds(f, in, TRI_UNKNOWN);
	know_text(f, KIND, "agency");
	holds(f, in, TRI_TRUE);
	know_text(f, KIND, "institution");
	holds(f, in, TRI_FALSE);
	holds(f, "{\"ne\":[{\"fact\":\"org_kind\"},\"agency\"]}", TRI_TRUE);
	know_int(f, MONTHS, 6);
	holds(f, "{\"in\":[{\"fact\":\"contract_months\"},[3,6]]}", TRI_TRUE);
}

#define COUNTED(n)	"{\"ge\":[{\"count\":{\"of\":\"paid_months\"," \
	"\"from\":{\"month_start\":{\"fact\":\"hired_on\"}},\"to\":{\"fact\":\"ended_on\"}}}," n "]}"

static void
test_count_that_may_grow(void **state)
{
	struct fixture		*f = *state;
	struct rule_answer	 a;

	know_day(f, HIRED, "2024-07-15");
	know_day(f, THROUGH, "2024-08-31");
	know_months(f, PAID_MONTHS, 3, "2024-06-01", "2024-07-01", "2024-08-01");
	a = answer_of(f, COUNTED("3"));
	assert_int_equal(a.holds, TRI_UNKNOWN);		/* two so far, still employed */
	assert_int_equal(a.missing, 1u << PAID_MONTHS | 1u << ENDED);
	holds(f, COUNTED("2"), TRI_TRUE);
	know_day(f, ENDED, "2024-09-30");
	holds(f, COUNTED("3"), TRI_UNKNOWN);		/* September has not come in */
	know_day(f, THROUGH, "2024-09-30");
	holds(f, COUNTED("3"), TRI_FALSE);
	know_months(f, PAID_MONTHS, 4, "2024-06-01", "2024-07-01", "2024-08-01", "2024-09-01");
	holds(f, COUNTED("3"), TRI_TRUE);
	know_day(f, ENDED, "2024-08-31");
	holds(f, COUNTED("3"), TRI_FALSE);		/* the third came after leaving */
	f->facts[PAID_MONTHS].known = false;
	holds(f, COUNTED("1"), TRI_UNKNOWN);
}

static void
test_count_in_two_lists(void **state)
{
	static const char *const	both = "{\"ge\":[{\"count\":{\"of\":\"paid_months\","
	    "\"also_in\":\"other_months\",\"from\":{\"fact\":\"hired_on\"},"
	    "\"to\":{\"fact\":\"through\"}}},2]}";
	struct fixture	*f = *state;

	know_day(f, HIRED, "2024-07-01");
	know_day(f, THROUGH, "2024-09-30");
	know_months(f, PAID_MONTHS, 3, "2024-07-01", "2024-08-01", "2024-09-01");
	holds(f, both, TRI_UNKNOWN);
	know_months(f, OTHER_MONTHS, 2, "2024-05-01", "2024-07-01");
	holds(f, both, TRI_FALSE);
	know_months(f, OTHER_MONTHS, 3, "2024-05-01", "2024-07-01", "2024-09-01");
	holds(f, both, TRI_TRUE);
}

static void
test_sums_do_not_wrap(void **state)
{
	struct fixture	*f = *state;

	know_int(f, MONTHS, INT64_MAX - 1);
	holds(f, "{\"gt\":[{\"add\":[{\"fact\":\"contract_months\"},5]},5]}", TRI_UNKNOWN);
	know_int(f, MONTHS, 7);
	holds(f, "{\"eq\":[{\"add\":[{\"fact\":\"contract_months\"},-7]},0]}", TRI_TRUE);
}

static const char *const document =
    "{\"conditions\":["
    "{\"code\":\"kind\",\"title\":\"t\",\"refusal\":\"r\",\"rule\":{\"in\":[{\"fact\":\"org_kind\"},[\"enterprise\"]]}},"
    "{\"code\":\"group\",\"title\":\"t\",\"refusal\":\"r\",\"groups\":["
    "{\"code\":\"a\",\"title\":\"t\",\"rule\":{\"is\":\"on_roster\"}},"
    "{\"code\":\"b\",\"title\":\"t\",\"rule\":{\"ge\":[{\"fact\":\"contract_months\"},12]}}]}],"
    "\"exclusions\":["
    "{\"code\":\"left\",\"title\":\"t\",\"refusal\":\"r\",\"rule\":{\"lt\":[{\"fact\":\"ended_on\"},{\"day\":\"2024-01-01\"}]}}]}";

static void
verdict(struct fixture *f, enum rule_verdict expected, int by)
{
	struct rule_set		*set = compile_document(f, document);
	struct rule_result	 r;

	assert_non_null(set);
	rule_judge(set, f->facts, &r);
	assert_int_equal(r.verdict, expected);
	assert_int_equal(r.decided_by, by);
}

static void
test_verdicts(void **state)
{
	struct fixture		*f = *state;
	struct rule_result	 r;

	verdict(f, RULE_WAITING, 0);
	know_text(f, KIND, "enterprise");
	verdict(f, RULE_WAITING, 1);
	know_int(f, MONTHS, 12);		/* group b, whatever the roster says */
	verdict(f, RULE_WAITING, 2);
	know_day(f, ENDED, "2024-05-01");
	verdict(f, RULE_ELIGIBLE, -1);
	rule_judge(compile_document(f, document), f->facts, &r);
	assert_int_equal(r.answers[1].group, 1);
	know_day(f, ENDED, "2023-05-01");
	verdict(f, RULE_REFUSED, 2);
	know_text(f, KIND, "agency");
	verdict(f, RULE_REFUSED, 0);
	f->facts[MONTHS].known = false;		/* what is false outweighs what is open */
	verdict(f, RULE_REFUSED, 0);
}

static void
refused(struct fixture *f, const char *rule, const char *pointer, enum error_code code)
{
	assert_null(compile(f, rule));
	assert_string_equal(f->errors.list[0].pointer,
	    arena_printf(&f->arena, "/conditions/0/rule%s", pointer));
	assert_string_equal(error_row((enum error_code)f->errors.list[0].code)->code,
	    error_row(code)->code);
}

static void
test_mistakes_have_pointers(void **state)
{
	static const struct { const char *rule, *pointer; enum error_code code; } rows[] = {
		{ "{\"is\":\"born_rich\"}", "/is", ERR_F_FACT },
		{ "{\"is\":\"hired_on\"}", "/is", ERR_F_TYPE },
		{ "{\"is\":7}", "/is", ERR_F_TYPE },
		{ "{\"maybe\":[]}", "", ERR_F_CHOICE },
		{ "[]", "", ERR_F_TYPE },
		{ "{\"all\":[],\"any\":[]}", "", ERR_F_TYPE },
		{ "{\"all\":[]}", "/all", ERR_F_COUNT },
		{ "{\"all\":{}}", "/all", ERR_F_TYPE },
		{ "{\"eq\":[1]}", "/eq", ERR_F_COUNT },
		{ "{\"eq\":[1,\"1\"]}", "/eq", ERR_F_TYPE },
		{ "{\"lt\":[\"a\",\"b\"]}", "/lt", ERR_F_TYPE },
		{ "{\"eq\":[{\"fact\":\"hired_on\"},20240101]}", "/eq", ERR_F_TYPE },
		{ "{\"eq\":[{\"fact\":\"paid_months\"},{\"fact\":\"paid_months\"}]}", "/eq", ERR_F_TYPE },
		{ "{\"eq\":[{\"day\":\"2024-02-30\"},{\"fact\":\"hired_on\"}]}", "/eq/0/day", ERR_F_FORMAT },
		{ "{\"eq\":[{\"year\":3},2024]}", "/eq/0/year", ERR_F_TYPE },
		{ "{\"eq\":[{\"add_months\":[{\"fact\":\"hired_on\"},{\"fact\":\"contract_months\"}]},{\"fact\":\"ended_on\"}]}",
		  "/eq/0/add_months/1", ERR_F_TYPE },
		{ "{\"eq\":[{\"add_days\":[{\"fact\":\"hired_on\"},99999]},{\"fact\":\"ended_on\"}]}",
		  "/eq/0/add_days/1", ERR_F_LARGE },
		{ "{\"eq\":[9000000000000000,1]}", "/eq/0", ERR_F_LARGE },
		{ "{\"in\":[{\"fact\":\"org_kind\"},[1]]}", "/in/1", ERR_F_TYPE },
		{ "{\"in\":[{\"fact\":\"org_kind\"},[]]}", "/in/1", ERR_F_COUNT },
		{ "{\"in\":[{\"fact\":\"org_kind\"},\"enterprise\"]}", "/in/1", ERR_F_TYPE },
		{ "{\"ge\":[{\"count\":{\"of\":\"hired_on\",\"from\":{\"fact\":\"hired_on\"},\"to\":{\"fact\":\"ended_on\"}}},1]}",
		  "/ge/0/count/of", ERR_F_TYPE },
		{ "{\"ge\":[{\"count\":{\"of\":\"paid_months\",\"from\":{\"fact\":\"hired_on\"}}},1]}",
		  "/ge/0/count", ERR_F_COUNT },
		{ "{\"eq\":[1.5,1]}", "/eq/0", ERR_F_TYPE },
		{ "{\"eq\":[null,1]}", "/eq/0", ERR_F_TYPE },
	};
	struct fixture	*f = *state;
	size_t		 i;

	for (i = 0; i < NITEMS(rows); i++)
		refused(f, rows[i].rule, rows[i].pointer, rows[i].code);
}

static void
test_several_mistakes_at_once(void **state)
{
	struct fixture	*f = *state;

	assert_null(compile(f, "{\"all\":[{\"is\":\"a\"},{\"is\":\"b\"},{\"eq\":[1,2]}]}"));
	assert_int_equal(f->errors.count, 2);
	assert_string_equal(f->errors.list[1].pointer, "/conditions/0/rule/all/1/is");
}

static void
test_depth_and_size_are_bounded(void **state)
{
	struct fixture	*f = *state;
	const char	*rule = "{\"eq\":[1,1]}";
	int		 i;

	for (i = 0; i < RULE_DEPTH_MAX - 1; i++)
		rule = arena_printf(&f->arena, "{\"not\":%s}", rule);
	assert_non_null(compile(f, rule));
	rule = arena_printf(&f->arena, "{\"not\":%s}", rule);
	assert_null(compile(f, rule));
	assert_int_equal(f->errors.list[0].code, ERR_F_DEPTH);
	rule = "{\"eq\":[1,1]}";
	for (i = 0; i < 63; i++)
		rule = arena_printf(&f->arena, "{\"eq\":[1,1]},%s", rule);
	rule = arena_printf(&f->arena, "{\"all\":[{\"all\":[%s]},{\"all\":[%s]},{\"all\":[%s]}]}",
	    rule, rule, rule);
	assert_null(compile(f, rule));
	assert_int_equal(f->errors.list[0].code, ERR_F_DEPTH);
}

static void
test_document_shape(void **state)
{
	static const struct { const char *document, *pointer; enum error_code code; } rows[] = {
		{ "{}", "/conditions", ERR_F_MISSING },
		{ "{\"conditions\":[],\"exclusions\":[]}", "/conditions", ERR_F_COUNT },
		{ "{\"conditions\":[{}],\"exclusions\":[]}", "/conditions/0/code", ERR_F_MISSING },
		{ "{\"conditions\":[7],\"exclusions\":[]}", "/conditions/0/code", ERR_F_MISSING },
		{ "{\"conditions\":[{\"code\":\"c\",\"title\":\"t\",\"refusal\":\"r\"}],\"exclusions\":[]}",
		  "/conditions/0", ERR_F_MISSING },
		{ "{\"conditions\":[{\"code\":\"c\",\"title\":\"t\",\"refusal\":\"r\",\"rule\":{\"eq\":[1,1]},"
		  "\"then\":1}],\"exclusions\":[]}", "/conditions/0", ERR_F_UNKNOWN },
		{ "{\"conditions\":[{\"code\":\"c\",\"title\":\"t\",\"refusal\":\"r\",\"groups\":[{\"code\":\"a\","
		  "\"title\":\"t\"}]}],\"exclusions\":[]}", "/conditions/0/groups/0/rule", ERR_F_MISSING },
		{ "{\"conditions\":[{\"code\":\"c\",\"title\":\"t\",\"refusal\":\"r\",\"rule\":{\"eq\":[1,1]}}],"
		  "\"exclusions\":[{\"code\":\"c\",\"title\":\"t\",\"refusal\":\"r\",\"rule\":{\"eq\":[1,1]}}]}",
		  "/exclusions/0", ERR_F_DUPLICATE },
	};
	struct fixture	*f = *state;
	size_t		 i;

	for (i = 0; i < NITEMS(rows); i++) {
		assert_null(compile_document(f, rows[i].document));
		assert_string_equal(f->errors.list[0].pointer, rows[i].pointer);
		assert_int_equal(f->errors.list[0].code, rows[i].code);
	}
}

/* Not a benchmark, a floor: a million employments must not take minutes. */
static void
test_is_fast(void **state)
{
	struct fixture		*f = *state;
	struct rule_set		*set = compile_document(f, document);
	struct rule_result	 r;
	int64_t			 began = clock_mono_us(), took, eligible = 0;
	int			 i, n = 200000;

	know_text(f, KIND, "enterprise");
	know_day(f, ENDED, "2024-05-01");
	for (i = 0; i < n; i++) {
		know_int(f, MONTHS, i % 24);
		rule_judge(set, f->facts, &r);
		eligible += r.verdict == RULE_ELIGIBLE;
	}
	took = clock_mono_us() - began;
	assert_int_equal(eligible, (n / 24) * 12);
	print_message("%lld judgements a second\n", (long long)n * 1000000 / (took + 1));
	assert_true(took < 10 * INT64_C(1000000));
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test_setup_teardown(test_comparisons, setup, teardown),
		cmocka_unit_test_setup_teardown(test_three_valued_logic, setup, teardown),
		cmocka_unit_test_setup_teardown(test_missing_facts_are_named, setup, teardown),
		cmocka_unit_test_setup_teardown(test_days, setup, teardown),
		cmocka_unit_test_setup_teardown(test_texts_and_lists, setup, teardown),
		cmocka_unit_test_setup_teardown(test_count_that_may_grow, setup, teardown),
		cmocka_unit_test_setup_teardown(test_count_in_two_lists, setup, teardown),
		cmocka_unit_test_setup_teardown(test_sums_do_not_wrap, setup, teardown),
		cmocka_unit_test_setup_teardown(test_verdicts, setup, teardown),
		cmocka_unit_test_setup_teardown(test_mistakes_have_pointers, setup, teardown),
		cmocka_unit_test_setup_teardown(test_several_mistakes_at_once, setup, teardown),
		cmocka_unit_test_setup_teardown(test_depth_and_size_are_bounded, setup, teardown),
		cmocka_unit_test_setup_teardown(test_document_shape, setup, teardown),
		cmocka_unit_test_setup_teardown(test_is_fast, setup, teardown),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
