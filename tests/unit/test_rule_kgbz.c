/*
 * test_rule_kgbz.c -- 一次性扩岗补助 as it is shipped: the document of the
 * migration, judged on the facts of people who may and may not have it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "http/errors.h"
#include "services/subsidies/policy.h"

#define MIGRATION	"sql/subsidies/007_publish_first_policy.sql"

/* A graduate of the year, three months insured, still employed. */
#define GRADUATE \
	"\"hired_on\":\"2025-07-07\",\"org_kind\":\"enterprise\",\"contract_months\":24," \
	"\"birth_on\":\"2002-09-10\",\"on_graduate_roster\":true,\"graduate_full_time\":true," \
	"\"graduate_level\":\"21\",\"graduated_on\":\"2025-06-30\",\"unemployed_at_hire\":false," \
	"\"earlier_hires\":[],\"insured_elsewhere_months\":[],\"insured_through\":\"2025-09-30\"," \
	"\"insured_months\":[\"2025-07-01\",\"2025-08-01\",\"2025-09-01\"],\"benefit_taken\":false," \
	"\"employment_ended_on\":null"

static struct arena	 arena;
static struct policy	*kgbz;

static char *
document_text(void)
{
	char	*file = arena_zalloc(&arena, 65536), *from, *to;
	FILE	*f = fopen(MIGRATION, "r");

	assert_non_null(f);
	assert_true(fread(file, 1, 65535, f) > 0);
	fclose(f);
	assert_non_null(from = strstr(file, "$policy$"));
	from += strlen("$policy$");
	assert_non_null(to = strstr(from, "$policy$"));
	*to = '\0';
	return (from);
}

static int
setup(void **state)
{
	struct json_errors	 errors = { .count = 0 };
	char			*text;

	(void)state;
	arena_init(&arena);
	text = document_text();
	kgbz = policy_compile(&arena, text, strlen(text), &errors);
	if (kgbz == NULL)
		fail_msg("%s: %s", errors.list[0].pointer,
		    error_row((enum error_code)errors.list[0].code)->code);
	return (0);
}

static int
teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return (0);
}

/* The graduate, but for these members (a later member replaces an earlier one). */
static struct judgement *
judged(const char *but)
{
	struct judgement	*j = arena_alloc(&arena, sizeof(*j));
	struct json_out		 out;
	struct buf		 buf;
	const struct json	*base, *change;
	const char		*text;
	size_t			 i;

	text = "{" GRADUATE "}";
	base = json_parse(&arena, text, strlen(text));
	text = arena_printf(&arena, "{%s}", but);
	assert_non_null(change = json_parse(&arena, text, strlen(text)));
	buf_init(&buf, 65536);
	json_out_init(&out, &buf);
	json_open(&out, NULL);
	for (i = 0; i < json_count(base); i++) {
		if (json_get(change, json_key(base, i)) == NULL)
			json_put_raw(&out, json_key(base, i), json_text(&arena, json_value(base, i)));
	}
	for (i = 0; i < json_count(change); i++)
		json_put_raw(&out, json_key(change, i), json_text(&arena, json_value(change, i)));
	json_close(&out);
	assert_true(policy_judge(&arena, kgbz, buf_cstr(&buf), j));
	buf_release(&buf);
	return (j);
}

struct person {
	const char	*who;
	const char	*but;
	const char	*verdict;
	const char	*reason;	/* deciding condition, or the group of an eligible one */
};

static const struct person people[] = {
	{ "graduate of the year", "", "eligible", "graduate_year" },
	{ "hired before graduating that year", "\"hired_on\":\"2025-05-06\",\"graduated_on\":\"2025-06-30\"",
	  "eligible", "graduate_year" },
	{ "graduate of last year, never employed", "\"graduated_on\":\"2024-06-30\"",
	  "eligible", "graduate_two_years" },
	{ "graduate of the year before", "\"graduated_on\":\"2023-06-30\"",
	  "eligible", "graduate_two_years" },
	{ "graduate three years ago", "\"graduated_on\":\"2022-06-30\"", "refused", "group" },
	{ "last year's graduate who had a job",
	  "\"graduated_on\":\"2024-06-30\",\"earlier_hires\":[\"2024-09-01\"]", "refused", "group" },
	{ "last year's graduate who was insured elsewhere",
	  "\"graduated_on\":\"2024-06-30\",\"insured_elsewhere_months\":[\"2025-01-01\"]",
	  "refused", "group" },
	{ "a job before graduating does not count",
	  "\"graduated_on\":\"2024-06-30\",\"earlier_hires\":[\"2023-07-01\"]",
	  "eligible", "graduate_two_years" },
	{ "correspondence course", "\"graduate_full_time\":false", "refused", "group" },
	{ "secondary school", "\"graduate_level\":\"41\"", "refused", "group" },
	{ "not on the roster, unemployed youth",
	  "\"on_graduate_roster\":false,\"graduated_on\":null,\"unemployed_at_hire\":true",
	  "eligible", "unemployed_youth" },
	{ "unemployed, born a day too early for 2025",
	  "\"on_graduate_roster\":false,\"unemployed_at_hire\":true,\"birth_on\":\"1999-12-31\"",
	  "refused", "group" },
	{ "the same person, hired in 2024",
	  "\"on_graduate_roster\":false,\"unemployed_at_hire\":true,\"birth_on\":\"1999-12-31\","
	  "\"hired_on\":\"2024-07-07\"", "eligible", "unemployed_youth" },
	{ "unemployed, not yet sixteen",
	  "\"on_graduate_roster\":false,\"unemployed_at_hire\":true,\"birth_on\":\"2009-07-08\"",
	  "refused", "group" },
	{ "sixteen today",
	  "\"on_graduate_roster\":false,\"unemployed_at_hire\":true,\"birth_on\":\"2009-07-07\"",
	  "eligible", "unemployed_youth" },
	{ "nobody's group", "\"on_graduate_roster\":false", "refused", "group" },
	{ "sole trader", "\"org_kind\":\"sole_trader\"", "refused", "employer_kind" },
	{ "employer unknown yet", "\"org_kind\":null", "waiting", "employer_kind" },
	{ "open-ended contract", "\"contract_months\":null,\"contract_type\":\"open_ended\"",
	  "eligible", "graduate_year" },
	{ "no contract", "\"contract_months\":0,\"contract_type\":\"part_time\"", "refused", "contract" },
	{ "two months so far", "\"insured_months\":[\"2025-07-01\",\"2025-08-01\"]",
	  "waiting", "insured_months" },
	{ "left after two months",
	  "\"insured_months\":[\"2025-07-01\",\"2025-08-01\"],\"employment_ended_on\":\"2025-08-31\"",
	  "refused", "insured_months" },
	{ "left, September not in yet",
	  "\"insured_months\":[\"2025-07-01\",\"2025-08-01\"],\"employment_ended_on\":\"2025-09-30\","
	  "\"insured_through\":\"2025-08-31\"", "waiting", "insured_months" },
	{ "had it before", "\"benefit_taken\":true", "refused", "benefit_taken" },
	{ "insured elsewhere at the same time",
	  "\"insured_elsewhere_months\":[\"2025-08-01\",\"2025-09-01\"]", "refused", "insured_elsewhere" },
	{ "changed jobs within a month", "\"insured_elsewhere_months\":[\"2025-07-01\"]",
	  "eligible", "graduate_year" },
};

static void
test_people(void **state)
{
	const struct person	*p;
	const struct judgement	*j;
	const char		*got;
	size_t			 g;

	(void)state;
	for (p = people; p < people + NITEMS(people); p++) {
		j = judged(p->but);
		got = j->reason;
		for (g = 0; g < kgbz->rules->count && got == NULL; g++) {
			if (j->result.answers[g].group != -1)
				got = kgbz->rules->conditions[g].groups[j->result.answers[g].group].code;
		}
		if (strcmp(j->verdict, p->verdict) != 0 || strcmp(got, p->reason) != 0)
			fail_msg("%s: %s by %s", p->who, j->verdict, got);
		assert_int_equal(j->has_amount, strcmp(p->verdict, "eligible") == 0);
		assert_int_equal(j->amount_cents, j->has_amount ? 150000 : 0);
	}
}

static void
test_results_are_the_same_bytes(void **state)
{
	const struct judgement	*a = judged("\"org_kind\":null"), *b = judged("\"org_kind\":null");

	(void)state;
	assert_string_equal(a->results, b->results);
	assert_string_equal(a->results, "{\"verdict\":\"waiting\",\"reason\":\"employer_kind\","
	    "\"conditions\":[{\"code\":\"window\",\"holds\":true},"
	    "{\"code\":\"employer_kind\",\"holds\":null,\"missing\":[\"org_kind\"]},"
	    "{\"code\":\"contract\",\"holds\":true},"
	    "{\"code\":\"group\",\"holds\":true,\"group\":\"graduate_year\"},"
	    "{\"code\":\"insured_months\",\"holds\":true},"
	    "{\"code\":\"benefit_taken\",\"holds\":true},"
	    "{\"code\":\"insured_elsewhere\",\"holds\":true}],\"amount\":null}");
}

static void
test_malformed_facts_are_refused(void **state)
{
	static const char *const	facts[] = { "", "[]", "{\"hired_on\":7}",
	    "{\"hired_on\":\"2025-02-30\"}", "{\"contract_months\":\"12\"}",
	    "{\"benefit_taken\":1}", "{\"insured_months\":\"2025-01-01\"}",
	    "{\"insured_months\":[\"2025-02-01\",\"2025-01-01\"]}" };
	struct judgement	*j = arena_alloc(&arena, sizeof(*j));
	size_t			 i;

	(void)state;
	for (i = 0; i < NITEMS(facts); i++)
		assert_false(policy_judge(&arena, kgbz, facts[i], j));
	assert_true(policy_judge(&arena, kgbz, "{}", j));
	assert_string_equal(j->verdict, "waiting");
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(test_people),
		cmocka_unit_test(test_results_are_the_same_bytes),
		cmocka_unit_test(test_malformed_facts_are_refused),
	};

	return (cmocka_run_group_tests(tests, setup, teardown));
}
