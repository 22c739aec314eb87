/*
 * test_match.c -- matching: each criterion by hand, and the best by rings
 * against the best by looking at everything, in a made-up city that changes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "match_city.h"

#define TEST(f)		cmocka_unit_test(f)
#define POSTINGS	6000
#define PEOPLE		1500

static const struct match_weights weights = { .version = 1,
	.of = { 300, 200, 150, 50, 70, 50, 100, 30, 50 } };
static struct city	 city;
static struct match_hit	 fast[MATCH_MOST], slow[MATCH_MOST];

static int32_t
part(const struct match_person *p, const struct match_posting *v, enum match_criterion c,
    enum match_why expected)
{
	uint16_t	parts[MATCH_CRITERIA];
	uint8_t		why[MATCH_CRITERIA];

	(void)match_score(p, v, &weights, CITY_TODAY, parts, why);
	assert_string_equal(match_why_name(why[c]), match_why_name(expected));
	return (parts[c]);
}

static struct match_posting
plain_posting(void)
{
	return ((struct match_posting){ .occupation = match_occupation("6-31-01-03"),
	    .place = match_area("431129100", 8).place, .county = 8, .lat_e6 = MATCH_NOWHERE,
	    .pay_low_yuan = 4000, .pay_high_yuan = 6000, .posted_on = CITY_TODAY,
	    .expires_on = CITY_TODAY, .headcount_left = 1 });
}

static struct match_person
plain_person(void)
{
	return ((struct match_person){ .county = 8, .lat_e6 = MATCH_NOWHERE });
}

static void
codes_become_numbers(void **s)
{
	struct match_area	a;

	(void)s;
	assert_int_equal(match_occupation("6-31-01-03"), 0x07200204);
	assert_int_equal(match_occupation("6-31"), 0x07200000);
	assert_int_equal(match_occupation("6-24-01-00"), 0x07190201);
	assert_int_equal(match_occupation(""), 0);
	a = match_area("431129103205", 8);
	assert_true(a.place == 29103205 && a.span == 1 && a.county == 8);
	assert_int_equal(match_area("431129103", 8).place, 29103000);
	assert_int_equal(match_area("431100", 0).span, 0);
	assert_int_equal(match_area("440305", 3).county, MATCH_ELSEWHERE);
	assert_int_equal(match_word("Java EE"), match_word("javaee"));
	assert_int_equal(match_pay_month(450000, "month"), 4500);
	assert_int_equal(match_pay_month(20000, "day"), 4350);
	assert_int_equal(match_pay_month(2500, "hour"), 4350);
	assert_int_equal(match_pay_month(2500, "piece"), MATCH_PAY_UNKNOWN);
}

static void
occupation_is_near_by_its_classes(void **s)
{
	struct match_person	p = plain_person();
	struct match_posting	v = plain_posting();
	static const struct {
		const char	*wish;
		int32_t		 score;
		enum match_why	 why;
	} rows[] = {
		{ "6-31-01-03", 1000, MATCH_WHY_OCC_WISH }, { "6-31", 1000, MATCH_WHY_OCC_WISH },
		{ "6-31-01-04", 800, MATCH_WHY_OCC_CLASS }, { "6-31-02-03", 500, MATCH_WHY_OCC_GROUP },
		{ "6-32-01-03", 200, MATCH_WHY_OCC_FIELD }, { "4-31-01-03", 0, MATCH_WHY_OCC_OTHER },
	};
	size_t			i;

	(void)s;
	assert_int_equal(part(&p, &v, MATCH_OCCUPATION, MATCH_WHY_OCC_UNKNOWN), 400);
	p.nwishes = 1;
	for (i = 0; i < NITEMS(rows); i++) {
		p.wishes[0] = match_occupation(rows[i].wish);
		assert_int_equal(part(&p, &v, MATCH_OCCUPATION, rows[i].why), rows[i].score);
	}
	p.npast = 1;
	p.past[0] = v.occupation;
	assert_int_equal(part(&p, &v, MATCH_OCCUPATION, MATCH_WHY_OCC_PAST), 800);
	p.past[0] = match_occupation("6-31-01-99");
	assert_int_equal(part(&p, &v, MATCH_OCCUPATION, MATCH_WHY_OCC_PAST_NEAR), 640);
}

static void
place_is_wished_near_or_home(void **s)
{
	struct match_person	p = plain_person();
	struct match_posting	v = plain_posting();

	(void)s;
	assert_int_equal(part(&p, &v, MATCH_PLACE, MATCH_WHY_PLACE_HOME), 850);
	p.home = 29100001;
	assert_int_equal(part(&p, &v, MATCH_PLACE, MATCH_WHY_PLACE_TOWN), 1000);
	p.county = 1;
	assert_int_equal(part(&p, &v, MATCH_PLACE, MATCH_WHY_PLACE_CITY), 200);
	p.nareas = 1;
	p.areas[0] = match_area("431129", 8);
	assert_int_equal(part(&p, &v, MATCH_PLACE, MATCH_WHY_PLACE_WISH), 1000);
	p.areas[0] = match_area("431129101", 8);
	assert_int_equal(part(&p, &v, MATCH_PLACE, MATCH_WHY_PLACE_COUNTY), 700);
	p.areas[0] = match_area("431103", 1);
	assert_int_equal(part(&p, &v, MATCH_PLACE, MATCH_WHY_PLACE_FAR), 0);
	p.lat_e6 = v.lat_e6 = 25200000;
	p.lng_e6 = 111600000;
	v.lng_e6 = p.lng_e6 + 49000;
	assert_int_equal(part(&p, &v, MATCH_PLACE, MATCH_WHY_PLACE_5KM), 600);
	v.lng_e6 = p.lng_e6 + 99000;
	assert_int_equal(part(&p, &v, MATCH_PLACE, MATCH_WHY_PLACE_10KM), 450);
	v.lat_e6 = p.lat_e6 + 190000;
	v.lng_e6 = p.lng_e6;
	assert_int_equal(part(&p, &v, MATCH_PLACE, MATCH_WHY_PLACE_FAR), 0);
	p.areas[0] = match_area("431100", 0);
	assert_int_equal(part(&p, &v, MATCH_PLACE, MATCH_WHY_PLACE_WISH), 1000);
}

static void
the_rest_is_compared_or_neutral(void **s)
{
	struct match_person	p = plain_person();
	struct match_posting	v = plain_posting();
	uint32_t		skills[2] = { 5, 9 };

	(void)s;
	assert_int_equal(part(&p, &v, MATCH_PAY, MATCH_WHY_PAY_NO_WISH), 500);
	p.pay_least_yuan = 4000;
	assert_int_equal(part(&p, &v, MATCH_PAY, MATCH_WHY_PAY_OVER), 1000);
	p.pay_least_yuan = 6000;
	assert_int_equal(part(&p, &v, MATCH_PAY, MATCH_WHY_PAY_MEETS), 800);
	p.pay_least_yuan = 7500;
	assert_int_equal(part(&p, &v, MATCH_PAY, MATCH_WHY_PAY_UNDER), 350);
	v.pay_high_yuan = v.pay_low_yuan = MATCH_PAY_UNKNOWN;
	assert_int_equal(part(&p, &v, MATCH_PAY, MATCH_WHY_PAY_PIECE), 500);
	assert_int_equal(part(&p, &v, MATCH_EDUCATION, MATCH_WHY_EDU_NONE), 1000);
	v.education = 5;
	assert_int_equal(part(&p, &v, MATCH_EDUCATION, MATCH_WHY_EDU_UNKNOWN), 300);
	p.education = 4;
	assert_int_equal(part(&p, &v, MATCH_EDUCATION, MATCH_WHY_EDU_SHORT), 300);
	p.education = 5;
	assert_int_equal(part(&p, &v, MATCH_EDUCATION, MATCH_WHY_EDU_MEETS), 1000);
	assert_int_equal(part(&p, &v, MATCH_SKILLS, MATCH_WHY_SKILLS_NONE), 500);
	v.skills = skills;
	v.nskills = 2;
	assert_int_equal(part(&p, &v, MATCH_SKILLS, MATCH_WHY_SKILLS_UNKNOWN), 300);
	p.nskills = 1;
	p.skills[0] = 9;
	assert_int_equal(part(&p, &v, MATCH_SKILLS, MATCH_WHY_SKILLS_SOME), 500);
	p.benefits = 3;
	v.benefits = 2;
	assert_int_equal(part(&p, &v, MATCH_BENEFITS, MATCH_WHY_BENEFITS_SOME), 500);
	v.posted_on = CITY_TODAY - 30;
	assert_int_equal(part(&p, &v, MATCH_FRESH, MATCH_WHY_FRESH_MONTH), 500);
}

static void
what_cannot_be_is_not_shown(void **s)
{
	struct match_person	p = plain_person();
	struct match_posting	v = plain_posting();

	(void)s;
	assert_true(match_fits(&p, &v, CITY_TODAY));
	assert_false(match_fits(&p, &v, CITY_TODAY + 1));
	p.forms = 2;
	assert_false(match_fits(&p, &v, CITY_TODAY));
	p.forms = 1;
	v.education = 6;
	assert_true(match_fits(&p, &v, CITY_TODAY));
	p.education = 4;
	assert_false(match_fits(&p, &v, CITY_TODAY));
	p.education = 5;
	v.skill_level = 3;
	p.skill_level = 1;
	assert_false(match_fits(&p, &v, CITY_TODAY));
	v.skill_level = 2;
	assert_true(match_fits(&p, &v, CITY_TODAY));
	v.headcount_left = 0;
	assert_false(match_fits(&p, &v, CITY_TODAY));
}

/* What the law forbids to weigh is not among the criteria, and no reason speaks of it. */
static void
nobody_is_judged_by_what_they_are(void **s)
{
	static const char	*const names[] = { "occupation", "place", "pay", "form", "education",
		"skill_level", "skills", "benefits", "freshness" };
	static const char	*const never[] = { "性别", "男", "女", "年龄", "岁", "民族", "户籍", "户口",
		"婚", "育龄", "健康", "残疾" };
	size_t			i, j;

	(void)s;
	assert_int_equal(NITEMS(names), MATCH_CRITERIA);
	for (i = 0; i < MATCH_CRITERIA; i++)
		assert_string_equal(match_criterion_name(i), names[i]);
	for (i = 0; i < MATCH_WHYS; i++)
		for (j = 0; j < NITEMS(never); j++)
			assert_null(strstr(match_why_text(i, false), never[j]));
}

/* ---- against looking at everything ---- */

static struct match *
made_city(void)
{
	struct match		*m = match_new();
	struct match_posting	 v;
	struct match_person	 p;
	uint32_t		 skills[MATCH_SKILLS_MAX], i;
	struct uuid		 id;

	city_start(&city, 42);
	for (i = 0; i < POSTINGS; i++) {
		city_posting(&city, &v, skills);
		id = city_id(1, i);
		match_put_posting(m, &id, &v);
	}
	for (i = 0; i < PEOPLE; i++) {
		city_person(&city, &p);
		p.id = city_id(2, i);
		match_put_person(m, &p);
	}
	return (m);
}

static void
change_city(struct match *m, int times)
{
	struct match_posting	 v;
	struct match_person	 p;
	uint32_t		 skills[MATCH_SKILLS_MAX], n;
	struct uuid		 id;

	while (times-- > 0) {
		n = city_rnd(&city, POSTINGS);
		id = city_id(1, n);
		if (n % 3 == 0)
			match_drop_posting(m, &id);
		else {
			city_posting(&city, &v, skills);
			match_put_posting(m, &id, &v);
		}
		id = city_id(2, n % PEOPLE);
		if (n % 5 == 0)
			match_drop_person(m, &id);
		else {
			city_person(&city, &p);
			p.id = id;
			match_put_person(m, &p);
		}
	}
}

static void
same(size_t n, size_t other)
{
	size_t	i;

	assert_int_equal(n, other);
	for (i = 0; i < n; i++) {
		assert_int_equal(fast[i].score, slow[i].score);
		assert_memory_equal(&fast[i].id, &slow[i].id, sizeof(fast[i].id));
		assert_memory_equal(fast[i].parts, slow[i].parts, sizeof(fast[i].parts));
	}
}

static void
rings_find_what_looking_at_all_finds(void **s)
{
	struct match		*m = made_city();
	struct match_person	 p;
	struct match_area	 area;
	struct match_ask	 ask = { .weights = &weights, .today = CITY_TODAY, .limit = 20 };
	int			 i;

	(void)s;
	for (i = 0; i < 400; i++) {
		if (i % 40 == 39)
			change_city(m, 500);
		city_person(&city, &p);
		area = match_area(i % 2 ? "431129" : "431100", i % 2 ? 8 : 0);
		ask.area = i % 4 == 1 ? &area : NULL;
		ask.least = i % 7 == 0 ? 700000 : 0;
		ask.forms = i % 9 == 0 ? 6 : 0;
		ask.limit = i % 5 == 0 ? 200 : 20;
		same(match_best_postings(m, &p, &ask, fast), match_every_posting(m, &p, &ask, slow));
	}
	match_free(&m);
	assert_null(m);
}

static void
pages_follow_one_another(void **s)
{
	struct match		*m = made_city();
	struct match_person	 p;
	struct match_hit	 last;
	struct match_ask	 ask = { .weights = &weights, .today = CITY_TODAY, .limit = 100 };
	struct uuid		 without;
	size_t			 n, i;

	(void)s;
	city_person(&city, &p);
	n = match_every_posting(m, &p, &ask, slow);
	assert_int_equal(n, 100);
	ask.limit = 7;
	for (i = 0; i < 98; i += 7) {
		assert_int_equal(match_best_postings(m, &p, &ask, fast), 7);
		assert_memory_equal(&fast[0].id, &slow[i].id, sizeof(fast[0].id));
		assert_memory_equal(&fast[6].id, &slow[i + 6].id, sizeof(fast[0].id));
		last = fast[6];
		ask.after = &last;
	}
	ask.after = NULL;
	without = slow[0].id;
	ask.without = &without;
	ask.nwithout = 1;
	assert_int_equal(match_best_postings(m, &p, &ask, fast), 7);
	assert_memory_equal(&fast[0].id, &slow[1].id, sizeof(fast[0].id));
	match_free(&m);
}

static void
people_are_found_the_same_way(void **s)
{
	struct match		*m = made_city();
	struct match_posting	 v;
	uint32_t		 skills[MATCH_SKILLS_MAX];
	struct match_ask	 ask = { .weights = &weights, .today = CITY_TODAY, .limit = 20 };
	int			 i;

	(void)s;
	for (i = 0; i < 300; i++) {
		if (i % 40 == 39)
			change_city(m, 500);
		city_posting(&city, &v, skills);
		ask.flags = i % 3 == 0 ? MATCH_FINDABLE : 0;
		ask.least = i % 4 == 0 ? 750000 : 0;
		same(match_best_people(m, &v, &ask, fast), match_every_person(m, &v, &ask, slow));
	}
	match_free(&m);
}

static void
what_was_dropped_is_gone(void **s)
{
	struct match		*m = match_new();
	struct match_posting	 v = plain_posting();
	struct match_person	 p = plain_person();
	struct match_ask	 ask = { .weights = &weights, .today = CITY_TODAY, .limit = 5 };
	struct uuid		 id = city_id(1, 1);

	(void)s;
	p.id = city_id(2, 1);
	match_put_posting(m, &id, &v);
	match_put_posting(m, &id, &v);
	match_put_person(m, &p);
	assert_int_equal(match_postings(m), 1);
	assert_int_equal(match_best_postings(m, &p, &ask, fast), 1);
	assert_int_equal(match_best_people(m, &v, &ask, fast), 1);
	assert_non_null(match_person(m, &p.id));
	match_drop_posting(m, &id);
	match_drop_posting(m, &id);
	match_drop_person(m, &p.id);
	assert_int_equal(match_postings(m) + match_people(m), 0);
	assert_int_equal(match_best_postings(m, &p, &ask, fast), 0);
	assert_int_equal(match_best_people(m, &v, &ask, fast), 0);
	assert_null(match_person(m, &p.id));
	match_free(&m);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		TEST(codes_become_numbers),
		TEST(occupation_is_near_by_its_classes),
		TEST(place_is_wished_near_or_home),
		TEST(the_rest_is_compared_or_neutral),
		TEST(what_cannot_be_is_not_shown),
		TEST(nobody_is_judged_by_what_they_are),
		TEST(rings_find_what_looking_at_all_finds),
		TEST(pages_follow_one_another),
		TEST(people_are_found_the_same_way),
		TEST(what_was_dropped_is_gone),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
