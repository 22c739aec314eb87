/*
 * test_policies.c -- every policy as it is shipped: the documents of the
 * migrations, each judged on the facts of somebody who may have it and of those
 * next to them who may not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "codes/codes.h"
#include "http/errors.h"
#include "services/subsidies/policy.h"

#define POLICIES_MAX	64
#define FILE_MAX	262144
#define QUOTE		"$policy$"

static const char *const files[] = { "sql/subsidies/007_publish_first_policy.sql",
	"sql/subsidies/047_publish_city_policies.sql",
	"sql/subsidies/048_publish_programmes.sql" };

static struct arena	 arena;
static struct policy	*policies[POLICIES_MAX];
static size_t		 npolicies;

static char *
file_text(const char *name)
{
	char	*text = arena_zalloc(&arena, FILE_MAX);
	FILE	*f = fopen(name, "r");
	size_t	 n;

	assert_non_null(f);
	n = fread(text, 1, FILE_MAX - 1, f);
	assert_true(n > 0 && n < FILE_MAX - 1);
	fclose(f);
	return (text);
}

static void
load(const char *name)
{
	struct json_errors	 errors;
	char			*at = file_text(name), *end;

	while ((at = strstr(at, QUOTE)) != NULL) {
		at += strlen(QUOTE);
		assert_non_null(end = strstr(at, QUOTE));
		errors.count = 0;
		assert_true(npolicies < POLICIES_MAX);
		policies[npolicies] = policy_check(&arena, at, (size_t)(end - at), &errors);
		if (policies[npolicies++] == NULL)
			fail_msg("%.60s … %s: %s", at, errors.list[0].pointer,
			    error_row((enum error_code)errors.list[0].code)->code);
		at = end + strlen(QUOTE);
	}
}

static int
setup(void **state)
{
	size_t	i;

	(void)state;
	arena_init(&arena);
	assert_int_equal(codes_load("sql/reference"), 0);
	for (i = 0; i < NITEMS(files); i++)
		load(files[i]);
	return (0);
}

static int
teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return (0);
}

static const struct policy *
policy_of(const char *code, int64_t version)
{
	size_t	i;

	for (i = 0; i < npolicies; i++) {
		if (strcmp(policies[i]->code, code) == 0 && policies[i]->version == version)
			return (policies[i]);
	}
	fail_msg("no %s of version %lld", code, (long long)version);
	return (NULL);
}

/* `base` with the members of `but` in place of its own; null: unknown. */
static const char *
merged(const char *base, const char *but)
{
	const char		*text = arena_printf(&arena, "{%s}", base);
	const struct json	*a = json_parse(&arena, text, strlen(text)), *b;
	struct json_out		 out;
	struct buf		 buf;
	size_t			 i;

	text = arena_printf(&arena, "{%s}", but);
	b = json_parse(&arena, text, strlen(text));
	if (a == NULL || b == NULL)
		fail_msg("no JSON: %s | %s", base, but);
	buf_init(&buf, 65536);
	json_out_init(&out, &buf);
	json_open(&out, NULL);
	for (i = 0; i < json_count(a); i++) {
		if (json_get(b, json_key(a, i)) == NULL)
			json_put_raw(&out, json_key(a, i), json_text(&arena, json_value(a, i)));
	}
	for (i = 0; i < json_count(b); i++)
		json_put_raw(&out, json_key(b, i), json_text(&arena, json_value(b, i)));
	json_close(&out);
	text = arena_strdup(&arena, buf_cstr(&buf));
	buf_release(&buf);
	return (text);
}

/* One row: these facts, this answer. `amount`: cents; 0: none. */
struct row {
	const char	*but;
	const char	*verdict;
	const char	*reason;
	int64_t		 amount;
};

/* Once through judging, once more through its own facts: the same bytes. */
static void
check_row(const struct policy *p, const char *base, const struct row *row)
{
	struct judgement	 a, b;
	const char		*facts = merged(base, row->but);

	assert_true(policy_judge(&arena, p, facts, &a));
	assert_true(policy_judge(&arena, p, facts, &b));
	assert_string_equal(a.results, b.results);
	if (strcmp(a.verdict, row->verdict) != 0 ||
	    strcmp(a.reason == NULL ? "" : a.reason, row->reason) != 0 ||
	    a.amount_cents != row->amount || a.has_amount != (row->amount > 0))
		fail_msg("%s %s: %s %s %lld, not %s %s %lld\n%s", p->code, row->but, a.verdict,
		    a.reason, (long long)a.amount_cents, row->verdict, row->reason,
		    (long long)row->amount, a.results);
}

#define ROWS(code, version, base, rows)	check_rows(code, version, base, rows, NITEMS(rows))

static void
check_rows(const char *code, int64_t version, const char *base, const struct row *rows, size_t n)
{
	const struct policy	*p = policy_of(code, version);
	size_t			 i;

	for (i = 0; i < n; i++)
		check_row(p, base, &rows[i]);
}

#define ALIVE	"\"deceased\":false,\"in_custody\":false,\"draws_pension\":false,\"enrolled\":false," \
		"\"on_payroll\":false,\"holds_licence\":false"
#define SOUND	"\"org_kind\":\"enterprise\",\"org_dishonest\":false,\"org_owes_wages\":false"
#define NOBODY_SPECIAL	"\"difficult\":false,\"unemployed\":false,\"poverty_watch\":false," \
		"\"poverty_lifted\":false,\"returning\":false,\"veteran\":false,\"school_leaver\":false," \
		"\"rural_transfer\":false,\"on_graduate_roster\":false"
#define GRADUATE_2024	"\"on_graduate_roster\":true,\"graduated_on\":\"2024-06-30\""

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

static void
test_refund(void **state)
{
	static const char	firm[] = "\"org_kind\":\"enterprise\",\"org_size\":\"small\","
	    "\"months_paid\":12,\"owed_cents\":0,\"staff_start\":100,\"staff_end\":95,\"staff_average\":97,"
	    "\"natural_leavers\":0,\"year_paid_cents\":1234567,\"org_dishonest\":false";
	static const struct row	rows[] = {
		{ "", "eligible", "", 740740 },			/* 60 % of 12,345.67元, down */
		{ "\"org_size\":\"large\"", "eligible", "", 370370 },
		{ "\"org_kind\":\"association\"", "eligible", "", 370370 },
		{ "\"org_kind\":\"sole_trader\"", "eligible", "", 370370 },
		{ "\"org_size\":null", "waiting", "amount", 0 },
		{ "\"year_paid_cents\":null", "waiting", "amount", 0 },
		{ "\"year_paid_cents\":0", "refused", "amount", 0 },
		{ "\"org_kind\":\"institution\"", "refused", "employer_kind", 0 },
		{ "\"org_kind\":\"agency\"", "refused", "not_dispatch", 0 },
		{ "\"months_paid\":11", "refused", "months", 0 },
		{ "\"owed_cents\":1", "refused", "owes_nothing", 0 },
		/* 5.5 % of 1,000 is 55; of 200 it is 11 */
		{ "\"staff_start\":1000,\"staff_end\":945", "eligible", "", 740740 },
		{ "\"staff_start\":1000,\"staff_end\":944", "refused", "layoffs", 0 },
		{ "\"staff_start\":1000,\"staff_end\":944,\"natural_leavers\":1", "eligible", "", 740740 },
		{ "\"staff_start\":30,\"staff_end\":24,\"staff_average\":30", "eligible", "", 740740 },
		{ "\"staff_start\":30,\"staff_end\":23,\"staff_average\":30", "refused", "layoffs", 0 },
		{ "\"staff_start\":30,\"staff_end\":24,\"staff_average\":31", "refused", "layoffs", 0 },
		{ "\"org_dishonest\":true", "refused", "org_dishonest", 0 },
	};
	static const struct row	later[] = { { "", "eligible", "", 0 } };

	(void)state;
	ROWS("SYWG", 1, firm, rows);
	ROWS("SYWG", 2, firm, later);	/* its share is 未设定 */
}

static void
test_certificates(void **state)
{
	static const char	base[] = "\"certificate_on\":\"2025-05-20\",\"certificate_level\":4,"
	    "\"certificate_trained\":false,\"certificate_again\":false,\"draws_ui_benefit\":false,"
	    "\"applied_on\":\"2026-05-20\",\"insured_through\":\"2025-09-30\",\"ui_months\":["
	    "\"2024-05-01\",\"2024-06-01\",\"2024-07-01\",\"2024-08-01\",\"2024-09-01\",\"2024-10-01\","
	    "\"2024-11-01\",\"2024-12-01\",\"2025-01-01\",\"2025-02-01\",\"2025-03-01\",\"2025-04-01\"],"
	    NOBODY_SPECIAL "," ALIVE;
	static const struct row	skill[] = {
		{ "", "eligible", "", 150000 },
		{ "\"certificate_level\":5", "eligible", "", 100000 },
		{ "\"certificate_level\":3", "eligible", "", 200000 },
		{ "\"certificate_level\":2", "refused", "level", 0 },
		{ "\"applied_on\":\"2026-05-21\"", "refused", "in_time", 0 },
		{ "\"ui_months\":[\"2025-04-01\"]", "refused", "insured", 0 },
		{ "\"ui_months\":[\"2025-04-01\"],\"draws_ui_benefit\":true", "eligible", "", 150000 },
		{ "\"ui_months\":[\"2025-04-01\"],\"insured_through\":\"2025-04-30\"", "waiting", "insured", 0 },
		{ "\"certificate_again\":true", "refused", "again", 0 },
		{ "\"certificate_trained\":true", "refused", "trained", 0 },
		{ "\"on_payroll\":true", "refused", "on_payroll", 0 },
	};
	static const struct row	training[] = {
		{ "", "refused", "trained", 0 },
		{ "\"certificate_trained\":true", "refused", "group", 0 },
		{ "\"certificate_trained\":true,\"unemployed\":true", "eligible", "", 0 },
		{ "\"certificate_trained\":true,\"rural_transfer\":null", "waiting", "group", 0 },
		{ "\"certificate_trained\":true,\"on_graduate_roster\":true,\"graduated_on\":\"2025-06-30\"",
		  "eligible", "", 0 },
		{ "\"certificate_trained\":true,\"on_graduate_roster\":true,\"graduated_on\":\"2024-06-30\"",
		  "refused", "group", 0 },
		{ "\"certificate_trained\":true,\"unemployed\":true,\"enrolled\":true", "refused", "enrolled", 0 },
	};
	static const struct row	assessed[] = {
		{ "\"difficult\":true", "eligible", "", 0 },
		{ "\"difficult\":true,\"certificate_again\":true", "refused", "again", 0 },
		{ "\"difficult\":true,\"draws_pension\":true", "refused", "draws_pension", 0 },
	};

	(void)state;
	ROWS("JNTS", 1, base, skill);
	ROWS("JNTS", 2, base, skill);
	ROWS("ZYPX", 1, base, training);
	ROWS("ZYPJ", 1, base, assessed);
}

/* "2022-01-01" and the months after it, as a JSON list. */
static const char *
months_from(const char *first, size_t n)
{
	const char	*out = "";
	char		 day[DAY_TEXT];
	size_t		 i;

	for (i = 0; i < n; i++)
		out = arena_printf(&arena, "%s%s\"%s\"", out, i == 0 ? "" : ",",
		    day_format(day_add_months(day_parse(first), (int)i), day));
	return (arena_printf(&arena, "[%s]", out));
}

static void
test_social_insurance(void **state)
{
	static const char	person[] = "\"month_on\":\"2025-07-01\",\"self_paid_cents\":100000,"
	    "\"flexible_registered\":true,\"retires_on\":\"2040-01-01\",\"benefit_days\":[],"
	    "\"insured_any_months\":[],\"insured_through\":\"2025-08-31\"," NOBODY_SPECIAL "," ALIVE;
	const char		*m35 = months_from("2022-08-01", 35), *m36 = months_from("2022-07-01", 36);
	const struct row	rows[] = {
		{ "", "refused", "group", 0 },
		{ "\"difficult\":true", "eligible", "", 66666 },
		{ "\"difficult\":true,\"self_paid_cents\":null", "waiting", "amount", 0 },
		{ "\"difficult\":true,\"self_paid_cents\":1", "refused", "amount", 0 },
		{ "\"difficult\":true,\"flexible_registered\":false", "refused", "flexible", 0 },
		{ "\"difficult\":true,\"retires_on\":\"2025-07-01\"", "refused", "not_retired", 0 },
		{ GRADUATE_2024, "eligible", "", 66666 },
		{ "\"on_graduate_roster\":true,\"graduated_on\":\"2023-06-30\"", "refused", "group", 0 },
		{ "\"on_graduate_roster\":true,\"graduated_on\":\"2023-07-01\"", "eligible", "", 66666 },
		{ arena_printf(&arena, "\"difficult\":true,\"benefit_days\":%s", m35), "eligible", "", 66666 },
		{ arena_printf(&arena, "\"difficult\":true,\"benefit_days\":%s", m36), "refused", "term", 0 },
		/* 59 months from the first month to retirement: until then; 60: no */
		{ arena_printf(&arena, "\"difficult\":true,\"retires_on\":\"2027-06-30\",\"benefit_days\":%s", m36),
		  "eligible", "", 66666 },
		{ arena_printf(&arena, "\"difficult\":true,\"retires_on\":\"2027-07-01\",\"benefit_days\":%s", m36),
		  "refused", "term", 0 },
		{ arena_printf(&arena, GRADUATE_2024 ",\"benefit_days\":%s", months_from("2023-07-01", 23)),
		  "eligible", "", 66666 },
		{ arena_printf(&arena, GRADUATE_2024 ",\"benefit_days\":%s", months_from("2023-07-01", 24)),
		  "refused", "term", 0 },
		{ "\"difficult\":true,\"insured_any_months\":[\"2025-07-01\"]", "refused", "insured_elsewhere", 0 },
		{ "\"difficult\":true,\"insured_through\":\"2025-06-30\"", "waiting", "insured_elsewhere", 0 },
		{ "\"difficult\":true,\"holds_licence\":true", "refused", "holds_licence", 0 },
	};

	(void)state;
	ROWS("LHSB", 1, person, rows);
}

static void
test_employers_insurance(void **state)
{
	static const char	base[] = "\"month_on\":\"2025-07-01\",\"employer_paid_cents\":98765,"
	    "\"hired_on\":\"2025-03-03\",\"contract_months\":12,\"contract_type\":\"fixed\","
	    "\"org_size\":\"small\",\"retires_on\":\"2040-01-01\",\"benefit_days\":[],"
	    "\"insured_elsewhere_months\":[],\"insured_through\":\"2025-08-31\",\"difficult_at_hire\":false,"
	    NOBODY_SPECIAL "," ALIVE;
	const struct row	rows[] = {
		{ "", "refused", "group", 0 },
		{ "\"difficult_at_hire\":true", "eligible", "", 98765 },
		{ "\"difficult_at_hire\":true,\"contract_months\":11", "refused", "contract", 0 },
		{ "\"difficult_at_hire\":true,\"contract_months\":0,\"contract_type\":\"open_ended\"",
		  "eligible", "", 98765 },
		{ GRADUATE_2024, "eligible", "", 98765 },
		{ GRADUATE_2024 ",\"org_size\":\"medium\"", "refused", "group", 0 },
		{ arena_printf(&arena, GRADUATE_2024 ",\"benefit_days\":%s", months_from("2024-08-01", 11)),
		  "eligible", "", 98765 },
		{ arena_printf(&arena, GRADUATE_2024 ",\"benefit_days\":%s", months_from("2024-07-01", 12)),
		  "refused", "term", 0 },
		{ "\"difficult_at_hire\":true,\"insured_elsewhere_months\":[\"2025-07-01\"]",
		  "refused", "insured_elsewhere", 0 },
	};

	(void)state;
	ROWS("DWSB", 1, base, rows);
}

static void
test_posts_and_workshops(void **state)
{
	static const char	post[] = "\"month_on\":\"2025-07-01\",\"welfare_days\":22,"
	    "\"welfare_cap_on\":\"2025-07-01\",\"difficult\":true,\"insured_elsewhere_months\":[],"
	    "\"insured_through\":\"2025-08-31\"," ALIVE;
	static const char	workshop[] = "\"year_on\":\"2024-01-01\",\"workshop_months\":6,"
	    "\"workshop_wage_cents\":600000,\"poverty_lifted\":true,\"poverty_watch\":false," ALIVE;
	static const struct row	posts[] = { { "", "eligible", "", 0 },
		{ "\"difficult\":false", "refused", "difficult", 0 },
		{ "\"welfare_days\":0", "refused", "served", 0 },
		{ "\"welfare_cap_on\":\"2025-06-30\"", "refused", "term", 0 },
		{ "\"on_payroll\":true", "refused", "on_payroll", 0 } };
	static const struct row	workers[] = { { "", "eligible", "", 0 },
		{ "\"workshop_months\":5", "refused", "months", 0 },
		{ "\"workshop_wage_cents\":599999", "refused", "wage", 0 },
		{ "\"poverty_lifted\":false", "refused", "group", 0 },
		{ "\"deceased\":true", "refused", "deceased", 0 } };

	(void)state;
	ROWS("GYGW", 1, post, posts);
	ROWS("BFCJ", 1, workshop, workers);
}

static void
test_founders(void **state)
{
	static const char	firm[] = "\"licence_kind\":\"sole_trader\",\"licence_on\":\"2024-07-01\","
	    "\"licence_staff\":1,\"licence_taxed\":false,\"applied_on\":\"2025-07-01\","
	    GRADUATE_2024 ",\"difficult\":false,\"returning\":false," ALIVE;
	static const char	loan[] = "\"loan_kind\":\"personal\",\"loan_principal_cents\":30000000,"
	    "\"loan_interest_cents\":120000," NOBODY_SPECIAL "," ALIVE "," SOUND ",\"org_size\":\"micro\"";
	static const struct row	founders[] = { { "", "eligible", "", 0 },
		{ "\"applied_on\":\"2025-06-30\"", "refused", "running", 0 },
		{ "\"licence_to\":\"2025-06-30\"", "refused", "running", 0 },
		{ "\"licence_to\":\"2025-07-01\"", "eligible", "", 0 },
		{ "\"licence_staff\":0", "refused", "real", 0 },
		{ "\"licence_staff\":0,\"licence_taxed\":null", "waiting", "real", 0 },
		{ "\"licence_kind\":\"legal_representative\"", "refused", "kind", 0 },
		{ "\"licence_on\":\"2024-06-29\"", "refused", "group", 0 },
		{ "\"licence_on\":\"2024-06-29\",\"returning\":true", "eligible", "", 0 } };
	static const struct row	loans[] = { { "", "refused", "group", 0 },
		{ "\"veteran\":true", "eligible", "", 0 },
		{ "\"veteran\":true,\"loan_principal_cents\":30000001", "refused", "principal", 0 },
		{ "\"veteran\":true,\"loan_interest_cents\":0", "refused", "paid", 0 },
		{ "\"veteran\":true,\"loan_kind\":\"small_firm\"", "refused", "kind", 0 } };
	static const struct row	small[] = { { "", "refused", "kind", 0 },
		{ "\"loan_kind\":\"small_firm\",\"loan_principal_cents\":400000000", "eligible", "", 0 },
		{ "\"loan_kind\":\"small_firm\",\"loan_principal_cents\":400000001", "refused", "principal", 0 },
		{ "\"loan_kind\":\"small_firm\",\"org_size\":\"medium\"", "refused", "size", 0 } };

	(void)state;
	ROWS("YCCY", 1, firm, founders);
	ROWS("DKTX", 1, loan, loans);
	ROWS("DKTXQ", 1, loan, small);
}

static void
test_interns(void **state)
{
	static const char	base[] = "\"month_on\":\"2025-07-01\",\"internship_days\":20,"
	    "\"internship_started_on\":\"2025-03-10\",\"internship_base_cents\":150000,\"earlier_hires\":[],"
	    "\"benefit_days\":[],\"birth_on\":\"2000-03-11\",\"unemployed\":false," GRADUATE_2024 "," ALIVE;
	const struct row	rows[] = {
		{ "", "eligible", "", 0 },
		{ "\"earlier_hires\":[\"2024-09-01\"]", "refused", "group", 0 },
		{ "\"on_graduate_roster\":false", "refused", "group", 0 },
		{ "\"on_graduate_roster\":false,\"unemployed\":true", "eligible", "", 0 },
		{ "\"on_graduate_roster\":false,\"unemployed\":true,\"birth_on\":\"2000-03-10\"", "refused", "group", 0 },
		{ "\"on_graduate_roster\":false,\"unemployed\":true,\"birth_on\":\"2009-03-10\"", "eligible", "", 0 },
		{ "\"on_graduate_roster\":false,\"unemployed\":true,\"birth_on\":\"2009-03-11\"", "refused", "group", 0 },
		{ "\"internship_days\":0", "refused", "served", 0 },
		{ "\"internship_base_cents\":0", "refused", "base", 0 },
		{ "\"internship_started_on\":\"2024-08-01\"", "eligible", "", 0 },
		{ "\"internship_started_on\":\"2024-07-31\"", "refused", "term", 0 },
		{ arena_printf(&arena, "\"benefit_days\":%s", months_from("2024-07-01", 12)), "refused", "term", 0 },
		{ "\"enrolled\":true", "refused", "enrolled", 0 },
	};

	(void)state;
	ROWS("JYJX", 1, base, rows);
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
	assert_true(facts_load(&arena, "{}", facts));
	assert_true(policy_concerns(p, facts));
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
		cmocka_unit_test(test_refund),
		cmocka_unit_test(test_certificates),
		cmocka_unit_test(test_social_insurance),
		cmocka_unit_test(test_employers_insurance),
		cmocka_unit_test(test_posts_and_workshops),
		cmocka_unit_test(test_founders),
		cmocka_unit_test(test_interns),
		cmocka_unit_test(test_silence),
		cmocka_unit_test(test_is_quick),
	};

	return (cmocka_run_group_tests(tests, setup, teardown));
}
