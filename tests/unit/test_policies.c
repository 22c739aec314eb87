/*
 * test_policies.c -- every policy of the city as it is shipped: who may have it, and
 * those next to them who may not.
 */
#include "policy_rows.h"

static void
test_all_are_there(void **state)
{
	static const char *const codes[] = { "KGBZ", "WGTG", "BGJG", "BGCZ", "BGJJR", "BGYG", "BGYX",
		"QYRY", "XNZD", "LDRY", "FXCY", "FXCYX", "CYXM", "QNJY", "GJNZ", "DSGZ", "XXCJ",
		"SYWG", "JNTS", "ZYPX", "ZYPJ", "LHSB", "DWSB", "GYGW", "BFCJ", "YCCY", "DKTX",
		"DKTXQ", "JYJX" };
	const struct policy	*p;
	size_t			 i;

	(void)state;
	for (i = 0; i < NITEMS(codes); i++) {
		p = policy_of(codes[i], 1);
		assert_int_equal(p->notice_working_days, 5);
		assert_string_not_equal(p->legal_basis, "");
	}
	assert_int_equal(npolicies, NITEMS(codes) + 2);	/* the second years of SYWG and JNTS */
}

/* What is named is paid once, in parts that add up; what has no sum is not paid. */
static void
test_awards(void **state)
{
	static const struct {
		const char	*code;
		int64_t		 sum;
	}	sums[] = { { "FXCY", 100000000 }, { "FXCYX", 50000000 }, { "CYXM", 10000000 },
		{ "QNJY", 20000000 }, { "GJNZ", 100000000 }, { "DSGZ", 10000000 } };
	struct judgement	 j;
	const char		*base, *facts;
	int64_t			 total;
	size_t			 i, part;

	(void)state;
	for (i = 0; i < NITEMS(sums); i++) {
		base = arena_printf(&arena, "\"award_policy\":\"%s\",\"award_on\":\"2025-06-03\","
		    "\"award_rank\":1,\"award_instalment\":1,\"award_instalments\":1," SOUND, sums[i].code);
		const struct row rows[] = {
			{ "", "eligible", "", sums[i].sum },
			{ "\"award_policy\":\"WGTG\"", "refused", "named", 0 },
			{ "\"award_on\":\"2026-01-01\"", "refused", "window", 0 },
			{ "\"award_on\":\"2024-11-05\"", "eligible", "", sums[i].sum },
			{ "\"award_on\":\"2024-11-04\"", "refused", "window", 0 },
			{ "\"award_instalments\":null", "waiting", "amount", 0 },
		};
		ROWS(sums[i].code, 1, base, rows);
		for (total = 0, part = 1; part <= 3; part++) {
			facts = merged(base, arena_printf(&arena,
			    "\"award_instalment\":%zu,\"award_instalments\":3", part));
			assert_true(policy_judge(&arena, policy_of(sums[i].code, 1), facts, &j));
			total += j.amount_cents;
		}
		assert_int_equal(total, sums[i].sum);
	}
}

static void
test_rounds(void **state)
{
	static const char	project[] = "\"award_policy\":\"CYXM\",\"award_on\":\"2025-06-03\","
	    "\"award_rank\":30,\"award_instalment\":1,\"award_instalments\":1";
	static const char	firm[] = "\"award_policy\":\"WGTG\",\"award_on\":\"2025-06-03\"," SOUND;
	static const char	records[] = "\"award_policy\":\"XXCJ\",\"award_on\":\"2025-06-03\","
	    "\"award_quantity\":1200";
	static const struct row	projects[] = { { "", "eligible", "", 10000000 },
		{ "\"award_rank\":31", "refused", "rank", 0 }, { "\"award_rank\":0", "refused", "rank", 0 } };
	static const struct row	firms[] = { { "", "eligible", "", 0 },
		{ "\"org_kind\":\"institution\"", "refused", "employer_kind", 0 },
		{ "\"org_dishonest\":true", "refused", "org_dishonest", 0 },
		{ "\"org_owes_wages\":true", "refused", "org_owes_wages", 0 },
		{ "\"org_owes_wages\":null", "waiting", "org_owes_wages", 0 } };
	static const struct row	collected[] = { { "", "eligible", "", 0 },
		{ "\"award_quantity\":0", "refused", "quantity", 0 } };

	(void)state;
	ROWS("CYXM", 1, project, projects);
	ROWS("WGTG", 1, firm, firms);
	ROWS("XXCJ", 1, records, collected);
}

static void
test_referrals(void **state)
{
	static const struct {
		const char	*code, *kind;
	}	kinds[] = { { "BGJG", "agency" }, { "BGCZ", "village" }, { "BGJJR", "broker" },
		{ "BGYG", "employee" }, { "BGYX", "school" } };
	static const char	base[] = "\"hired_on\":\"2025-03-03\",\"contract_type\":\"fixed\","
	    "\"insured_months\":[\"2025-03-01\"],\"insured_through\":\"2025-06-30\","
	    "\"earlier_hires_here\":[],\"referrer_insured\":true,\"on_graduate_roster\":true,"
	    ALIVE "," SOUND;
	static const struct row	agency[] = {
		{ "\"referrer_kind\":\"agency\",\"earlier_hires_here\":[\"2023-01-05\"]", "refused", "no_link", 0 } };
	static const struct row	employee[] = {
		{ "\"referrer_kind\":\"employee\",\"referrer_insured\":false", "refused", "referrer_insured", 0 },
		{ "\"referrer_kind\":\"employee\",\"referrer_insured\":null", "waiting", "referrer_insured", 0 } };
	static const struct row	school[] = {
		{ "\"referrer_kind\":\"school\",\"on_graduate_roster\":false", "refused", "student", 0 },
		{ "\"referrer_kind\":\"school\",\"on_graduate_roster\":false,\"enrolled\":true", "eligible", "", 0 } };
	size_t			i;

	(void)state;
	for (i = 0; i < NITEMS(kinds); i++) {
		const char	*mine = arena_printf(&arena, "%s,\"referrer_kind\":\"%s\"", base, kinds[i].kind);
		const struct row rows[] = {
			{ "", "eligible", "", 0 },
			{ "\"referrer_kind\":\"nobody\"", "refused", "referrer", 0 },
			{ "\"hired_on\":\"2024-11-04\"", "refused", "window", 0 },
			{ "\"hired_on\":null", "waiting", "window", 0 },
			{ "\"contract_type\":\"part_time\",\"contract_months\":0", "refused", "contract", 0 },
			{ "\"insured_months\":[]", "waiting", "insured", 0 },
			{ "\"insured_months\":[],\"employment_ended_on\":\"2025-05-31\"", "refused", "insured", 0 },
			{ "\"deceased\":true", "refused", "deceased", 0 },
		};
		ROWS(kinds[i].code, 1, mine, rows);
	}
	ROWS("BGJG", 1, base, agency);
	ROWS("BGYG", 1, base, employee);
	ROWS("BGYX", 1, base, school);
}

static void
test_parks_and_groups(void **state)
{
	static const char	park[] = "\"park_on\":\"2025-01-06\",\"org_staff\":31,\"staff_at_entry\":30," SOUND;
	static const char	hire[] = "\"hired_on\":\"2025-03-03\",\"contract_months\":12,"
	    "\"insured_months\":[\"2025-03-01\"],\"insured_through\":\"2025-06-30\",\"org_in_park\":true,"
	    "\"difficult_at_hire\":false,\"disabled\":false,\"minimum_living\":false," NOBODY_SPECIAL ","
	    ALIVE "," SOUND;
	static const struct row	parks[] = { { "", "eligible", "", 0 },
		{ "\"org_staff\":30", "refused", "more_staff", 0 },
		{ "\"staff_at_entry\":null", "waiting", "more_staff", 0 },
		{ "\"park_on\":\"2024-11-04\"", "refused", "window", 0 } };
	static const struct row	groups[] = { { "", "refused", "group", 0 },
		{ "\"disabled\":true", "eligible", "", 0 },
		{ "\"difficult_at_hire\":true", "eligible", "", 0 },
		{ "\"poverty_lifted\":true,\"holds_licence\":true", "refused", "holds_licence", 0 },
		{ "\"veteran\":null", "waiting", "group", 0 } };
	static const struct row	workers[] = { { "", "eligible", "", 0 },
		{ "\"org_in_park\":false", "refused", "in_park", 0 },
		{ "\"on_payroll\":true", "refused", "on_payroll", 0 } };

	(void)state;
	ROWS("QYRY", 1, park, parks);
	ROWS("XNZD", 1, hire, groups);
	ROWS("LDRY", 1, hire, workers);
}

/* Who is not concerned is found out without judging the rest. */
static void
test_silence(void **state)
{
	static struct rule_value	facts[RULE_FACTS_MAX];
	const struct policy		*p = policy_of("JNTS", 2);
	struct judgement		 j;

	(void)state;
	assert_true(facts_load(&arena, "{\"certificate_level\":2}", facts));
	policy_weigh(p, facts, &j);
	assert_true(j.silent);
	assert_string_equal(j.reason, "level");
	assert_false(policy_concerns(p, facts));
	assert_true(facts_load(&arena, "{\"certificate_level\":3}", facts));
	policy_weigh(p, facts, &j);
	assert_false(j.silent);
	assert_true(policy_concerns(p, facts));
	/* Nor is anybody told who may not be concerned. */
	assert_true(facts_load(&arena, "{}", facts));
	policy_weigh(p, facts, &j);
	assert_true(j.silent);
	assert_string_equal(j.verdict, "waiting");
	assert_false(policy_concerns(p, facts));
}

static void
test_is_quick(void **state)
{
	static struct rule_value	facts[RULE_FACTS_MAX];
	struct judgement		 j;
	int64_t				 start = clock_mono_us(), n;
	size_t				 i;

	(void)state;
	assert_true(facts_load(&arena, "{}", facts));
	for (n = 0; n < 10000; n++) {
		for (i = 0; i < npolicies; i++)
			policy_weigh(policies[i], facts, &j);
	}
	print_message("%lld judgements a second\n",
	    (long long)(n * (int64_t)npolicies * 1000000 / (clock_mono_us() - start + 1)));
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(test_all_are_there),
		cmocka_unit_test(test_awards),
		cmocka_unit_test(test_rounds),
		cmocka_unit_test(test_referrals),
		cmocka_unit_test(test_parks_and_groups),
		cmocka_unit_test(test_silence),
		cmocka_unit_test(test_is_quick),
	};

	return (cmocka_run_group_tests(tests, setup, teardown));
}
