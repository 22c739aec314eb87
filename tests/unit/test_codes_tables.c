/*
 * test_codes_tables.c -- reading the tables: quoting, damage of every kind, and
 * how long it takes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "codes/codes.h"
#include "http/errors.h"

#define TABLES	"sql/reference"

static void
write_file(const char *dir, const char *name, const char *text, size_t len)
{
	char	 path[256];
	FILE	*f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	assert_non_null(f = fopen(path, "w"));
	assert_int_equal(fwrite(text, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

/* A directory of the shipped tables with one of them replaced. */
static int
load_with(const char *name, const char *text, size_t len)
{
	static const char *const	 files[] = {
		"admin_divisions.csv", "villages.csv", "functional_zones.csv", "area_points.csv",
		"occupations.csv", "industries.csv", "education_levels.csv", "calendar.csv"
	};
	char				 dir[] = "/tmp/test_codes.XXXXXX", to[256], from[4096];
	size_t				 i;
	int				 r;

	assert_non_null(mkdtemp(dir));
	for (i = 0; i < NITEMS(files); i++) {
		snprintf(to, sizeof(to), "%s/%s", dir, files[i]);
		if (strcmp(files[i], name) == 0) {
			if (text != NULL)
				write_file(dir, name, text, len);
			continue;
		}
		assert_non_null(realpath(TABLES, from));
		snprintf(from + strlen(from), 64, "/%s", files[i]);
		assert_int_equal(symlink(from, to), 0);
	}
	r = codes_load(dir);
	for (i = 0; i < NITEMS(files); i++) {
		snprintf(to, sizeof(to), "%s/%s", dir, files[i]);
		unlink(to);
	}
	rmdir(dir);
	return (r);
}

#define LOAD(name, text)	load_with(name, text, sizeof(text) - 1)

static void
quoted_fields_and_line_ends(void **state)
{
	(void)state;
	assert_int_equal(LOAD("industries.csv",
	    "x,\"code\",name\r\n\"a,\"\"b\"\"\n\",A,\"say \"\"hi\"\", twice\"\r\n,01,\"\xe7\xa7\x8d\""), 0);
	assert_string_equal(industry_name("A"), "say \"hi\", twice");
	assert_string_equal(industry_name("01"), "种");
	assert_null(industry_name("0111"));
}

static void
damaged_tables_are_refused(void **state)
{
	static const char	 nul[] = "code,name\nA,x\0\n";

	(void)state;
	assert_int_equal(LOAD("industries.csv", "code,name\nA,x\nB,y,z\n"), -1);
	assert_int_equal(LOAD("industries.csv", "code,name\nA\n"), -1);
	assert_int_equal(LOAD("industries.csv", "code,name\nA,\"x\n"), -1);
	assert_int_equal(LOAD("industries.csv", "code,name\nA,\"x\"y\n"), -1);
	assert_int_equal(LOAD("industries.csv", "code,name\nA,x\"y\n"), -1);
	assert_int_equal(LOAD("industries.csv", "code,name\nA,x\nA,y\n"), -1);
	assert_int_equal(LOAD("industries.csv", "code,name\n,x\n"), -1);
	assert_int_equal(LOAD("industries.csv", "code,name\nA,\n"), -1);
	assert_int_equal(LOAD("industries.csv", "code,label\nA,x\n"), -1);
	assert_int_equal(LOAD("industries.csv", "a,b,c,d,e,f,g,h,i,j,k,l,m\n"), -1);
	assert_int_equal(LOAD("industries.csv", ""), -1);
	assert_int_equal(load_with("industries.csv", nul, sizeof(nul) - 1), -1);
	assert_int_equal(load_with("villages.csv", NULL, 0), -1);
	assert_int_equal(LOAD("villages.csv", "code,name\n440101001001,elsewhere\n"), -1);
	assert_int_equal(LOAD("functional_zones.csv", "zone_code,town_code_2023\n43117,431181120\n"), -1);
	assert_int_equal(LOAD("calendar.csv",
	    "date,is_workday,status\n2025-01-01,0,official\n2025-01-03,1,official\n"), -1);
	assert_int_equal(LOAD("calendar.csv", "date,is_workday,status\n2025-02-30,0,official\n"), -1);
	assert_int_equal(LOAD("calendar.csv", "date,is_workday,status\n2025-01-01,2,official\n"), -1);
	assert_int_equal(LOAD("calendar.csv", "date,is_workday,status\n2025-01-01,1,rumour\n"), -1);
	assert_int_equal(LOAD("area_points.csv", "code,lat_wgs84,lng_wgs84\n431199,26.1,111.5\n"), -1);
	assert_int_equal(LOAD("area_points.csv", "code,lat_wgs84,lng_wgs84\n431129,26.1,x\n"), -1);
	assert_int_equal(LOAD("area_points.csv", "code,lat_wgs84,lng_wgs84\n431129,91,111.5\n"), -1);
	assert_int_equal(codes_load(TABLES), 0);
	assert_string_equal(area_county("431181120"), "431172");
}

/* Its own, its county's, or none: never that of the county the code merely begins with. */
static void
points_follow_jurisdiction(void **state)
{
	int32_t	lat, lng;

	(void)state;
	assert_int_equal(codes_load(TABLES), 0);
	assert_true(area_point("431129100", &lat, &lng));
	assert_int_equal(lat, 25186670);
	assert_int_equal(lng, 111571670);
	assert_true(area_point("431129100008", &lat, &lng));
	assert_int_equal(lat, 25186670);
	assert_true(area_point("431129", &lat, &lng));
	assert_int_equal(lat, 25188830);
	assert_true(area_point("431103001", &lat, &lng));
	assert_int_equal(lat, 26464880);
	assert_false(area_point("431181120", &lat, &lng));
	assert_false(area_point("431171", &lat, &lng));
	assert_false(area_point("431100", &lat, &lng));
	assert_false(area_point("999999", &lat, &lng));
}

static void
loading_is_quick(void **state)
{
	int64_t	 best_us = INT64_MAX, from;
	int	 i;

	(void)state;
	for (i = 0; i < 10; i++) {
		from = clock_mono_us();
		assert_int_equal(codes_load(TABLES), 0);
		if (clock_mono_us() - from < best_us)
			best_us = clock_mono_us() - from;
	}
	print_message("codes_load: %ld us\n", (long)best_us);
#ifndef YJY_ASAN
	assert_true(best_us < 10000);
#endif
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		cmocka_unit_test(quoted_fields_and_line_ends),
		cmocka_unit_test(damaged_tables_are_refused),
		cmocka_unit_test(points_follow_jurisdiction),
		cmocka_unit_test(loading_is_quick),
	};

	return (cmocka_run_group_tests_name("codes_tables", tests, NULL, NULL));
}
