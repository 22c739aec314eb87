/*
 * test_codes.c -- areas and jurisdiction, classifications, working days, the
 * checks of official numbers and the masks, against the shipped tables.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "codes/codes.h"
#include "http/errors.h"

#define TABLES	"sql/reference"

static struct arena	 arena;

static int
set_up(void **state)
{
	(void)state;
	arena_init(&arena);
	return (codes_load(TABLES));
}

static int
tear_down(void **state)
{
	(void)state;
	arena_release(&arena);
	return (0);
}

/* How many of a file's codes of `digits` digits the module knows; counts rows by itself. */
static size_t
known_codes(const char *file, size_t digits, size_t *rows)
{
	FILE	*f = fopen(file, "r");
	char	 line[512], code[16];
	size_t	 known = 0;

	assert_non_null(f);
	*rows = 0;
	while (fgets(line, sizeof(line), f) != NULL) {
		if (strspn(line, "0123456789") != digits || line[digits] != ',')
			continue;
		memcpy(code, line, digits);
		code[digits] = '\0';
		(*rows)++;
		known += check_area(code) == 0 && area_county(code) != NULL;
	}
	fclose(f);
	return (known);
}

static void
every_area_of_the_tables_is_known(void **state)
{
	size_t	 rows;

	(void)state;
	assert_int_equal(known_codes(TABLES "/admin_divisions.csv", 9, &rows), 195);
	assert_int_equal(rows, 195);
	assert_int_equal(known_codes(TABLES "/villages.csv", 12, &rows), 3331);
	assert_int_equal(rows, 3331);
}

static void
fourteen_counties_in_official_order(void **state)
{
	static const char *const	 expect[] = {
		"431102", "431103", "431122", "431123", "431124", "431125", "431126",
		"431127", "431128", "431129", "431181", "431171", "431172", "431173"
	};
	const char *const		*codes;
	size_t				 i;

	(void)state;
	assert_int_equal(area_counties(&codes), NITEMS(expect));
	for (i = 0; i < NITEMS(expect); i++) {
		assert_string_equal(codes[i], expect[i]);
		assert_int_equal(check_county(expect[i]), 0);
		assert_string_equal(area_county(expect[i]), expect[i]);
	}
}

static void
zone_towns_answer_to_their_zone(void **state)
{
	(void)state;
	assert_string_equal(area_county("431181120"), "431172");
	assert_string_equal(area_county("431181201"), "431172");
	assert_string_equal(area_county("431181202"), "431172");
	assert_string_equal(area_county("431181203"), "431172");
	assert_string_equal(area_county("431181119"), "431181");
	assert_string_equal(area_county("431171001"), "431171");
	assert_string_equal(area_county("431173100"), "431173");
	assert_string_equal(area_name("431172"), "永州市金洞管理区");
	assert_string_equal(area_name("431181120"), "金洞镇");
	assert_string_equal(area_county("431102001001"), "431102");
	assert_string_equal(area_name("431102001001"), "东岳宫社区居委会");
}

/* 祁阳 must not read what belongs to 金洞, whose codes look like its own. */
static void
within_follows_jurisdiction(void **state)
{
	(void)state;
	assert_true(area_within("431181120", "431172"));
	assert_false(area_within("431181120", "431181"));
	assert_true(area_within("431181119", "431181"));
	assert_true(area_within("431102001001", "431102001"));
	assert_true(area_within("431102001001", "431102001001"));
	assert_true(area_within("431102001001", "431102"));
	assert_true(area_within("431102001001", AREA_CITY));
	assert_true(area_within(AREA_CITY, AREA_CITY));
	assert_false(area_within(AREA_CITY, "431102"));
	assert_false(area_within("431102", "431102001"));
	assert_false(area_within("431102001001", "431102002"));
	assert_false(area_within("431102001001", "4311020010"));
	assert_false(area_within("431102001001", ""));
	assert_false(area_within("431102001001", NULL));
	assert_false(area_within("110101", AREA_CITY));
	assert_false(area_within("431102001999", "431102"));
}

static void
unknown_areas_are_refused(void **state)
{
	static const char *const	 bad[] = {
		"", "4", "43110", "431199", "431102099", "431102001999", "4311020010010",
		"431102 ", " 431102", "43110２", "431102\n", "431102-01", "430000"
	};
	size_t				 i;

	(void)state;
	for (i = 0; i < NITEMS(bad); i++) {
		assert_int_equal(check_area(bad[i]), ERR_F_AREA);
		assert_int_equal(check_county(bad[i]), ERR_F_AREA);
		assert_null(area_county(bad[i]));
		assert_null(area_name(bad[i]));
	}
	assert_int_equal(check_area(NULL), ERR_F_AREA);
	assert_int_equal(check_area(AREA_CITY), 0);
	assert_null(area_county(AREA_CITY));
	assert_int_equal(check_county(AREA_CITY), ERR_F_AREA);
	assert_int_equal(check_county("431102001"), ERR_F_AREA);
}

static void
classifications(void **state)
{
	(void)state;
	assert_int_equal(check_occupation("2-02-07-01"), 0);
	assert_string_equal(occupation_name("2-02-07-01"), "机械设计工程技术人员");
	assert_int_equal(check_occupation("2-02-07"), ERR_F_OCCUPATION);
	assert_non_null(occupation_name("2-02-07"));
	assert_int_equal(check_occupation("2-02-07-99"), ERR_F_OCCUPATION);
	assert_int_equal(check_occupation("2020701"), ERR_F_OCCUPATION);
	assert_int_equal(check_industry("A"), 0);
	assert_int_equal(check_industry("01"), 0);
	assert_int_equal(check_industry("0111"), 0);
	assert_string_equal(industry_name("0111"), "稻谷种植");
	assert_int_equal(check_industry("a"), ERR_F_INDUSTRY);
	assert_int_equal(check_industry("1"), ERR_F_INDUSTRY);
	assert_int_equal(check_industry("0110"), ERR_F_INDUSTRY);
	assert_int_equal(check_education("21"), 0);
	assert_string_equal(education_name("21"), "大学本科毕业");
	assert_int_equal(check_education("99"), ERR_F_EDUCATION);
	assert_int_equal(check_education(""), ERR_F_EDUCATION);
}

static int
working_days_of(int year)
{
	return (days_working_between(day_make(year, 1, 1), day_make(year, 12, 31)));
}

static void
working_days_with_shifted_ones(void **state)
{
	(void)state;
	assert_int_equal(working_days_of(2024), 251);
	assert_int_equal(working_days_of(2025), 248);
	assert_int_equal(working_days_of(2026), 248);
	assert_true(day_is_working(day_make(2025, 1, 26)));	/* a Sunday worked */
	assert_false(day_is_working(day_make(2025, 1, 28)));	/* New Year's eve */
	assert_false(day_is_working(day_make(2025, 10, 1)));
	assert_true(day_is_working(day_make(2025, 10, 11)));	/* a Saturday worked */
	assert_false(day_is_working(day_make(2025, 3, 8)));
	assert_true(day_is_working(day_make(2025, 3, 10)));
	assert_false(day_is_predicted(day_make(2026, 12, 31)));
	assert_true(day_is_predicted(day_make(2027, 1, 4)));
}

static void
a_public_notice_counts_working_days(void **state)
{
	int32_t	 day;

	(void)state;
	assert_int_equal(day_add_working(day_make(2025, 2, 12), 5), day_make(2025, 2, 19));
	assert_int_equal(days_working_between(day_make(2025, 2, 13), day_make(2025, 2, 19)), 5);
	/* Across the long holiday of 2025: 1 to 8 October are free. */
	assert_int_equal(day_add_working(day_make(2025, 9, 30), 1), day_make(2025, 10, 9));
	for (day = day_make(2024, 1, 1); day < day_make(2026, 1, 1); day++) {
		int32_t	 to = day_add_working(day, 7);

		assert_true(day_is_working(to));
		assert_int_equal(days_working_between(day + 1, to), 7);
	}
}

static void
outside_the_calendar_there_is_no_answer(void **state)
{
	(void)state;
	assert_int_equal(day_add_working(day_make(2023, 6, 1), 1), DAY_NONE);
	assert_int_equal(day_add_working(day_make(2027, 12, 30), 5), DAY_NONE);
	assert_int_equal(day_add_working(DAY_NONE, 1), DAY_NONE);
	assert_int_equal(day_add_working(INT32_MAX, 1), DAY_NONE);
	assert_int_equal(day_add_working(day_make(2025, 1, 1), 0), DAY_NONE);
	assert_int_equal(day_add_working(day_make(2025, 1, 1), 5000), DAY_NONE);
	assert_int_equal(days_working_between(day_make(2023, 12, 31), day_make(2024, 1, 5)), -1);
	assert_int_equal(days_working_between(day_make(2025, 1, 5), day_make(2025, 1, 1)), 0);
	assert_false(day_is_working(day_make(2023, 12, 29)));
	assert_false(day_is_working(INT32_MAX));
	assert_true(day_is_predicted(day_make(2030, 1, 1)));
	assert_int_equal(day_add_working(day_make(2023, 12, 31), 1), day_make(2024, 1, 2));
}

static void
identity_numbers(void **state)
{
	static const char *const	 good[] = {
		"11010519491231002X", "11010519491231002x", "431102199001010009",
		"43292219700101000X"	/* a county that no longer exists */
	};
	static const char *const	 bad[] = {
		"", "431102199001010008", "43110219900101000X", "4311021990010100090",
		"43110219900101000", "431102199001010o09", "110105194912310021",
		"11010519491231002Y", "４31102199001010009", "431102900101000",
		" 31102199001010009"
	};
	size_t				 i;

	(void)state;
	for (i = 0; i < NITEMS(good); i++)
		assert_int_equal(check_id_number(good[i]), 0);
	for (i = 0; i < NITEMS(bad); i++) {
		assert_int_equal(check_id_number(bad[i]), ERR_F_ID_NUMBER);
		assert_int_equal(id_birth_day(bad[i]), DAY_NONE);
		assert_int_equal(id_sex(bad[i]), 0);
	}
	assert_int_equal(check_id_number(NULL), ERR_F_ID_NUMBER);
	assert_int_equal(id_birth_day(good[0]), day_make(1949, 12, 31));
	assert_int_equal(id_sex(good[0]), 2);
	assert_int_equal(id_sex(good[2]), 2);
}

/* How many last characters make `first17` a number: one, or none for a bad date. */
static int
endings_accepted(const char *first17)
{
	static const char	 endings[] = "0123456789X";
	char			 id[19];
	int			 n = 0;
	size_t			 i;

	memcpy(id, first17, 17);
	id[18] = '\0';
	for (i = 0; i < sizeof(endings) - 1; i++) {
		id[17] = endings[i];
		n += check_id_number(id) == 0;
	}
	return (n);
}

static void
impossible_and_future_births_are_refused(void **state)
{
	char	 id[32];
	int	 y, m, d;

	(void)state;
	assert_int_equal(endings_accepted("43110220000229123"), 1);
	assert_int_equal(endings_accepted("43110220010229123"), 0);
	assert_int_equal(endings_accepted("43110219901301123"), 0);
	assert_int_equal(endings_accepted("43110219900431123"), 0);
	assert_int_equal(endings_accepted("43110219900100123"), 0);
	assert_int_equal(endings_accepted("43110218991231123"), 0);
	day_split(clock_today(), &y, &m, &d);
	snprintf(id, sizeof(id), "431102%04d%02d%02d123", y, m, d);
	assert_int_equal(endings_accepted(id), 1);
	day_split(clock_today() + 1, &y, &m, &d);
	snprintf(id, sizeof(id), "431102%04d%02d%02d123", y, m, d);
	assert_int_equal(endings_accepted(id), 0);
}

static void
credit_codes(void **state)
{
	static const char *const	 good[] = {
		"91110000802100433B", "91431103MA4TXT00XW", "11431100006040011W",
		"52431181MJJ0000122"
	};
	size_t				 i, at;
	char				 bad[19];

	(void)state;
	for (i = 0; i < NITEMS(good); i++) {
		assert_int_equal(check_uscc(good[i]), 0);
		/* One wrong digit anywhere is noticed. */
		for (at = 0; at < 18; at++) {
			memcpy(bad, good[i], sizeof(bad));
			bad[at] = bad[at] == '7' ? '8' : '7';
			assert_int_equal(check_uscc(bad), ERR_F_USCC);
		}
	}
	assert_int_equal(check_uscc("91110000802100433b"), ERR_F_USCC);
	assert_int_equal(check_uscc("9111000080210O433B"), ERR_F_USCC);
	assert_int_equal(check_uscc("91110000802100433"), ERR_F_USCC);
	assert_int_equal(check_uscc("91110000802100433BB"), ERR_F_USCC);
	assert_int_equal(check_uscc(""), ERR_F_USCC);
	assert_int_equal(check_uscc(NULL), ERR_F_USCC);
}

static void
phones_and_accounts(void **state)
{
	(void)state;
	assert_int_equal(check_mobile("13800138000"), 0);
	assert_int_equal(check_mobile("19900138000"), 0);
	assert_int_equal(check_mobile("12800138000"), ERR_F_PHONE);
	assert_int_equal(check_mobile("23800138000"), ERR_F_PHONE);
	assert_int_equal(check_mobile("1380013800"), ERR_F_PHONE);
	assert_int_equal(check_mobile("138001380000"), ERR_F_PHONE);
	assert_int_equal(check_mobile("1380013800a"), ERR_F_PHONE);
	assert_int_equal(check_mobile("+8613800138"), ERR_F_PHONE);
	assert_int_equal(check_account("12345678"), 0);
	assert_int_equal(check_account("12345678901234567890123456789012"), 0);
	assert_int_equal(check_account("123456789012345678901234567890123"), ERR_F_ACCOUNT);
	assert_int_equal(check_account("1234567"), ERR_F_ACCOUNT);
	assert_int_equal(check_account("1234 5678"), ERR_F_ACCOUNT);
	assert_int_equal(check_account(NULL), ERR_F_ACCOUNT);
}

static void
masks_hide_enough(void **state)
{
	(void)state;
	assert_string_equal(mask_id(&arena, "431102199001010009"), "431102********0009");
	assert_string_equal(mask_phone(&arena, "13800138000"), "138****8000");
	assert_string_equal(mask_account(&arena, "6222021234567890"), "****7890");
	assert_string_equal(mask_name(&arena, "张三"), "张*");
	assert_string_equal(mask_name(&arena, "欧阳修文"), "欧*");
	assert_string_equal(mask_name(&arena, "𠮷田"), "𠮷*");
	assert_string_equal(mask_name(&arena, "Anna"), "A*");
	/* Too short, not what it should be, or not UTF-8: nothing shows. */
	assert_string_equal(mask_name(&arena, "张"), "*");
	assert_string_equal(mask_name(&arena, "\xe5\xbc"), "*");
	assert_string_equal(mask_name(&arena, ""), "");
	assert_string_equal(mask_id(&arena, "4311021990"), "****");
	assert_string_equal(mask_id(&arena, "住在零陵区的张三先生的家"), "****");
	assert_string_equal(mask_phone(&arena, "8000"), "****");
	assert_string_equal(mask_account(&arena, "1234"), "****");
	assert_string_equal(mask_account(&arena, "张三的银行卡"), "****");
	assert_null(mask_id(&arena, NULL));
	assert_null(mask_phone(&arena, NULL));
	assert_null(mask_name(&arena, NULL));
	assert_null(mask_account(&arena, NULL));
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		cmocka_unit_test(every_area_of_the_tables_is_known),
		cmocka_unit_test(fourteen_counties_in_official_order),
		cmocka_unit_test(zone_towns_answer_to_their_zone),
		cmocka_unit_test(within_follows_jurisdiction),
		cmocka_unit_test(unknown_areas_are_refused),
		cmocka_unit_test(classifications),
		cmocka_unit_test(working_days_with_shifted_ones),
		cmocka_unit_test(a_public_notice_counts_working_days),
		cmocka_unit_test(outside_the_calendar_there_is_no_answer),
		cmocka_unit_test(identity_numbers),
		cmocka_unit_test(impossible_and_future_births_are_refused),
		cmocka_unit_test(credit_codes),
		cmocka_unit_test(phones_and_accounts),
		cmocka_unit_test(masks_hide_enough),
	};

	return (cmocka_run_group_tests_name("codes", tests, set_up, tear_down));
}
