/*
 * test_dossier.c -- facts from dossiers made by hand: every row of the catalogue
 * has a source, unknown stays unknown, shares are counted as the database does.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "services/subsidies/facts_fill.h"

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)
#define DAY(y, m, d)	day_make(y, m, d)

static struct arena		arena;
static struct dossier		d;
static struct dossier_person	who;
static struct dossier_org	firm;
static struct dossier_hire	hires[3];
static struct rule_value	values[RULE_FACTS_MAX];

static int
setup(void **state)
{
	int	i;

	(void)state;
	arena_init(&arena);
	who = (struct dossier_person){ .id = "p", .sex = 2, .birth = DAY(1999, 5, 1),
	    .county = "431129", .hires = hires, .nhires = 3 };
	firm = (struct dossier_org){ .id = "o", .uscc = "U", .kind = "enterprise",
	    .staff = DOSSIER_UNKNOWN };
	for (i = 0; i < 3; i++)
		hires[i] = (struct dossier_hire){ .id = i == 0 ? "h0" : i == 1 ? "h1" : "h2",
		    .org_id = i == 1 ? "x" : "o", .hired_on = DAY(2023 + i, 7, 7),
		    .ended_on = DAY_NONE, .contract_months = DOSSIER_UNKNOWN,
		    .wage_cents = 480000, .county = "431129" };
	d = (struct dossier){ .arena = &arena, .people = &who, .npeople = 1, .orgs = &firm,
	    .norgs = 1, .today = DAY(2025, 10, 20) };
	for (i = 0; i < SUBJECT_KINDS; i++)
		d.cover.through[i] = DAY_NONE;
	d.cover.insurance = DAY_NONE;
	return (0);
}

static int
teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return (0);
}

static const struct rule_value *
value(const struct subject *s, const struct policy_ask *rest, const char *name)
{
	struct policy_ask	ask = *rest;
	size_t			i;

	for (i = 0; i < facts_count && strcmp(facts_catalogue[i].name, name) != 0; i++)
		continue;
	assert_true(i < facts_count);
	ask.facts = RULE_SLOT(i);
	facts_fill(&d, s, &ask, values);
	return (&values[i]);
}

static const struct policy_ask	once = { .code = "X", .family = "f" };

static void
test_every_fact_has_a_source(void **state)
{
	size_t	i;

	(void)state;
	for (i = 0; i < facts_count; i++)
		if (!facts_have_source(i))
			fail_msg("nothing fills %s", facts_catalogue[i].name);
}

static void
test_subjects_in_order(void **state)
{
	struct dossier_fact	facts[] = {
		{ .id = "c", .kind = KIND_CERTIFICATE, .person_id = "p", .from = DAY(2024, 1, 1) },
		{ .id = "g", .kind = KIND_GROUP, .person_id = "p", .from = DAY(2020, 1, 1) } };
	struct subject		*s;
	size_t			 n;

	(void)state;
	who.facts = facts;
	who.nfacts = 2;
	s = dossier_subjects(&d, &who, &n);
	assert_int_equal(n, 4);		/* a group is not judged */
	assert_string_equal(s[0].id, "h0");
	assert_string_equal(s[1].id, "c");
	assert_ptr_equal(s[3].org, &firm);
	assert_null(s[2].org);		/* an employer nobody registered */
}

static void
test_registers(void **state)
{
	struct dossier_fact	death = { .id = "d", .kind = KIND_DEATH, .from = DAY(2024, 8, 1),
				    .to = DAY_NONE };
	struct subject		*s;
	size_t			 n;

	(void)state;
	s = dossier_subjects(&d, &who, &n);
	assert_false(value(&s[1], &once, "deceased")->known);
	assert_true(value(&s[1], &once, "difficult")->known);	/* our own register */
	assert_int_equal(value(&s[1], &once, "difficult")->i, 0);
	d.cover.through[KIND_DEATH] = DAY(2024, 12, 31);
	assert_true(value(&s[1], &once, "deceased")->known);
	assert_int_equal(value(&s[1], &once, "deceased")->i, 0);
	assert_false(value(&s[2], &once, "deceased")->known);	/* the file ends before */
	who.facts = &death;
	who.nfacts = 1;
	assert_int_equal(value(&s[1], &once, "deceased")->i, 0);	/* not on that day yet */
	assert_int_equal(value(&s[2], &once, "deceased")->i, 1);
	assert_int_equal(value(&s[0], &once, "retires_on")->i, retire_on(who.birth, RETIRE_FEMALE_55));
}

static void
test_hires_and_months(void **state)
{
	struct dossier_insured	  insured[] = {
		{ .org_id = "o", .uscc = "U", .all_three = "{[2024-12-01,2025-02-01),[2025-07-01,2025-08-01)}",
		  .any_kind = "{[2024-12-01,2025-08-01)}", .ui = "{}" },
		{ .org_id = NULL, .uscc = "V", .all_three = "{}", .any_kind = "{[2025-07-01,2025-09-01)}",
		  .ui = "{[2025-07-01,2025-09-01)}" } };
	const struct rule_value	 *v;
	struct subject		 *s;
	size_t			  n;

	(void)state;
	who.insured = insured;
	who.ninsured = 2;
	s = dossier_subjects(&d, &who, &n);
	v = value(&s[2], &once, "insured_months");
	assert_int_equal(v->count, 3);
	assert_int_equal(v->days[0], DAY(2024, 12, 1));
	assert_int_equal(v->days[2], DAY(2025, 7, 1));
	assert_int_equal(value(&s[2], &once, "insured_elsewhere_months")->count, 2);
	assert_int_equal(value(&s[2], &once, "insured_any_months")->count, 9);	/* each month once */
	assert_int_equal(value(&s[2], &once, "ui_months")->count, 2);
	assert_false(value(&s[1], &once, "insured_months")->known);	/* its employer is not */
	assert_int_equal(value(&s[2], &once, "earlier_hires")->count, 2);
	assert_int_equal(value(&s[2], &once, "earlier_hires_here")->count, 1);
	assert_false(value(&s[2], &once, "contract_months")->known);
	assert_false(value(&s[2], &once, "insured_through")->known);
}

/* Twice a year: the third of a year is one too many, of another it is not. */
static void
test_shares(void **state)
{
	static const struct ask_hold	twice = { "f", HOLD_PERSON, HOLD_YEAR, 2 };
	struct policy_ask		ask = { .code = "X", .family = "f", .period = PERIOD_MONTH,
					    .holds = &twice, .nholds = 1 };
	struct dossier_fact		months[4];
	struct dossier_fact		given = { .id = "b", .kind = KIND_BENEFIT, .code = "f",
					    .from = DAY(2026, 2, 1), .to = DAY(2026, 2, 28) };
	struct subject			*s;
	size_t				 i, n;

	(void)state;
	who.nhires = 0;
	for (i = 0; i < 4; i++)
		months[i] = (struct dossier_fact){ .id = i == 0 ? "m0" : i == 1 ? "m1" : i == 2 ? "m2" : "m3",
		    .kind = KIND_SELF_INSURANCE, .from = i < 3 ? DAY(2025, 1 + (int)i, 1) : DAY(2026, 1, 1) };
	who.facts = months;
	who.nfacts = 4;
	s = dossier_subjects(&d, &who, &n);
	for (i = 0; i < 2; i++) {
		assert_false(dossier_taken(&d, &s[i], &ask));
		dossier_take(&d, &s[i], &ask);
		assert_false(dossier_taken(&d, &s[i], &ask));	/* its own share is no obstacle */
	}
	assert_true(dossier_taken(&d, &s[2], &ask));
	assert_false(dossier_taken(&d, &s[3], &ask));
	assert_int_equal(value(&s[3], &ask, "benefit_days")->count, 2);
	who.facts = &given;		/* once more, by somebody else: one of two */
	who.nfacts = 1;
	assert_false(dossier_taken(&d, &s[3], &ask));
	ask.code = "Y";
	dossier_take(&d, &s[3], &ask);
	ask.code = "X";
	assert_true(dossier_taken(&d, &s[3], &ask));	/* and one of another policy of the family */
}

static void
test_periods(void **state)
{
	char	text[PERIOD_TEXT];

	(void)state;
	period_text(PERIOD_QUARTER, DAY(2025, 12, 31), text);
	assert_string_equal(text, "2025-Q4");
	period_text(PERIOD_MONTH, DAY(2025, 3, 9), text);
	assert_string_equal(text, "2025-03");
	period_text(PERIOD_ONCE, DAY(2025, 3, 9), text);
	assert_string_equal(text, "once");
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		TEST(test_every_fact_has_a_source), TEST(test_subjects_in_order),
		TEST(test_registers), TEST(test_hires_and_months), TEST(test_shares),
		TEST(test_periods),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
