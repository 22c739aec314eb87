/*
 * test_programmes.c -- the national and provincial programmes as they are shipped:
 * who may have them, and those next to them who may not.
 */
#include "policy_rows.h"

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
	    "\"benefit_days\":[],\"insured_any_months\":[\"2025-02-01\",\"2025-03-01\",\"2025-04-01\"],"
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
		{ "\"certificate_trained\":true,\"unemployed\":true,\"class_from\":\"2025-04-07\","
		  "\"class_to\":\"2025-05-09\"", "eligible", "", 0 },
		{ "\"certificate_trained\":true,\"unemployed\":true,\"class_from\":\"2025-03-07\","
		  "\"class_to\":\"2025-04-09\"", "refused", "at_work", 0 },
		{ "\"certificate_trained\":true,\"unemployed\":true,\"insured_through\":\"2025-04-30\"",
		  "waiting", "at_work", 0 },
		{ "\"certificate_trained\":true,\"unemployed\":true,\"benefit_days\":[\"2024-02-01\","
		  "\"2024-09-01\",\"2025-01-01\"]", "refused", "three", 0 },
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

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(test_refund),
		cmocka_unit_test(test_certificates),
		cmocka_unit_test(test_social_insurance),
		cmocka_unit_test(test_employers_insurance),
		cmocka_unit_test(test_posts_and_workshops),
		cmocka_unit_test(test_founders),
		cmocka_unit_test(test_interns),
	};

	return (cmocka_run_group_tests(tests, setup, teardown));
}
