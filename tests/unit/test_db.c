/*
 * test_db.c -- what of the pool needs no server: error codes, arguments in
 * PostgreSQL's binary form, the text that says who asks, reading results.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "db/db_priv.h"

static struct arena	arena;

static int
setup(void **state UNUSED)
{
	arena_init(&arena);
	return (clock_open(NULL));
}

static int
teardown(void **state UNUSED)
{
	arena_release(&arena);
	return (0);
}

static void
sqlstate_becomes_our_error(void **state UNUSED)
{
	static const struct {
		const char	*sqlstate;
		enum db_error	 error;
	} cases[] = {
		{ "23505", DB_UNIQUE }, { "23503", DB_FOREIGN }, { "23514", DB_CHECK },
		{ "23P01", DB_CHECK }, { "40001", DB_CONFLICT }, { "40P01", DB_CONFLICT },
		{ "55P03", DB_CONFLICT }, { "42501", DB_DENIED }, { "57014", DB_TIMEOUT },
		{ "P0001", DB_RAISED }, { "YJ002", DB_RAISED }, { "57P01", DB_DOWN },
		{ "08006", DB_DOWN }, { "53300", DB_DOWN }, { "25006", DB_DOWN },
		{ "42703", DB_BUG }, { "22012", DB_BUG }, { "23502", DB_BUG }, { "", DB_BUG },
	};
	size_t	i;

	for (i = 0; i < NITEMS(cases); i++)
		assert_int_equal(db_error_of(cases[i].sqlstate), cases[i].error);
}

static void
arguments_are_big_endian(void **state UNUSED)
{
	static const uint8_t	minus_two[8] = { 255, 255, 255, 255, 255, 255, 255, 254 };
	/* 2000-01-02 is day 1 of PostgreSQL, and a day has 86,400,000,000 us. */
	static const uint8_t	day_one[4] = { 0, 0, 0, 1 };
	static const uint8_t	instant_one[8] = { 0, 0, 0, 0x14, 0x1d, 0xd7, 0x60, 0x00 };
	struct db_args		a;

	db_args_init(&a, &arena);
	db_args_int8(&a, -2);
	db_args_day(&a, day_make(2000, 1, 2));
	db_args_instant(&a, instant_parse("2000-01-02T00:00:00Z"));
	db_args_bool(&a, true);
	assert_int_equal(a.count, 4);
	assert_int_equal(a.length[0], 8);
	assert_memory_equal(a.value[0], minus_two, 8);
	assert_int_equal(a.length[1], 4);
	assert_memory_equal(a.value[1], day_one, 4);
	assert_int_equal(a.length[2], 8);
	assert_memory_equal(a.value[2], instant_one, 8);
	assert_int_equal(a.length[3], 1);
	assert_int_equal(a.value[3][0], 1);
	assert_int_equal(a.format[0] & a.format[1] & a.format[2] & a.format[3], 1);
}

static void
arguments_may_be_null(void **state UNUSED)
{
	struct db_args	a;
	bool		no = false;
	size_t		i;

	db_args_init(&a, &arena);
	db_args_text(&a, NULL);
	db_args_int8p(&a, NULL);
	db_args_boolp(&a, NULL);
	db_args_uuid(&a, NULL);
	db_args_day(&a, DAY_NONE);
	db_args_instant(&a, INT64_MIN);
	db_args_bytes(&a, NULL, 0);
	assert_int_equal(a.count, 7);
	for (i = 0; i < a.count; i++)
		assert_null(a.value[i]);
	db_args_boolp(&a, &no);
	assert_int_equal(a.value[7][0], 0);
}

static void
text_is_sent_as_it_is(void **state UNUSED)
{
	struct uuid	id = uuid_new();
	struct db_args	a;

	db_args_init(&a, &arena);
	db_args_text(&a, "永州");
	db_args_uuid(&a, &id);
	assert_string_equal(a.value[0], "永州");
	assert_int_equal(a.format[0], 0);
	assert_ptr_equal(a.value[1], &id);
	assert_int_equal(a.length[1], 16);
	assert_int_equal(a.format[1], 1);
}

/* The parts of a scope, cut at the separators. */
static size_t
parts(const char *scope, char out[8][256])
{
	size_t	n = 0, len;

	for (;; scope++) {
		len = strcspn(scope, "|");
		assert_true(n < 8 && len < 256);
		memcpy(out[n], scope, len);
		out[n++][len] = '\0';
		scope += len;
		if (*scope == '\0')
			return (n);
	}
}

static void
scope_has_seven_parts(void **state UNUSED)
{
	struct uuid	person, actor;
	struct db	db;
	char		part[8][256];

	assert_true(uuid_parse("01890a5d-ac96-774b-bcce-b302099a8057", &person));
	assert_true(uuid_parse("01890a5d-ac96-774b-bcce-b302099a8058", &actor));
	db_init(&db, &arena, DB_WRITE);
	db.scope = (struct db_scope){ .person = &person, .actor = &actor,
	    .areas = "431129,431103105", .action = "jobs.vacancy.open", .trace = "00ff" };
	assert_int_equal(parts(scope_text(&db, true), part), 7);
	assert_string_equal(part[0], "01890a5dac96774bbcceb302099a8057");
	assert_string_equal(part[1], "");
	assert_string_equal(part[2], "01890a5dac96774bbcceb302099a8058");
	assert_string_equal(part[3], ",431129,431103105,");
	assert_string_equal(part[4], "jobs.vacancy.open");
	assert_int_not_equal(instant_parse(part[5]), INT64_MIN);
	assert_string_equal(part[6], "00ff");
	assert_int_equal(parts(scope_text(&db, false), part), 7);
	assert_string_equal(part[6], "");
}

static void
scope_of_nobody_is_empty(void **state UNUSED)
{
	struct db	db;
	char		part[8][256];

	db_init(&db, &arena, DB_READ);
	db.scope.areas = "";
	assert_int_equal(parts(scope_text(&db, true), part), 7);
	assert_string_equal(part[0], "");
	assert_string_equal(part[3], "");
	assert_int_not_equal(instant_parse(part[5]), INT64_MIN);
}

/* A separator inside would move somebody else's value into place. */
static void
scope_refuses_a_separator(void **state UNUSED)
{
	struct db	db;

	db_init(&db, &arena, DB_READ);
	db.scope.areas = "431129|";
	assert_null(scope_text(&db, false));
	db.scope.areas = NULL;
	db.scope.action = "a|b";
	assert_null(scope_text(&db, false));
	db.scope.action = NULL;
	db.scope.trace = "|";
	assert_null(scope_text(&db, true));
	assert_non_null(scope_text(&db, false));
}

static struct db_rows
made_rows(void)
{
	static const char *const	names[] = { "id", "n", "yes", "on", "none" };
	static const char *const	values[] = { "01890a5d-ac96-774b-bcce-b302099a8057",
					    "-9007199254740993", "t", "2025-03-10", NULL };
	PGresAttDesc			columns[5];
	PGresult			*r = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
	int				i;

	memset(columns, 0, sizeof(columns));
	for (i = 0; i < 5; i++)
		columns[i].name = (char *)(uintptr_t)names[i];
	assert_int_equal(PQsetResultAttrs(r, 5, columns), 1);
	for (i = 0; i < 5; i++)
		assert_int_equal(PQsetvalue(r, 0, i, (char *)(uintptr_t)values[i],
		    values[i] == NULL ? -1 : (int)strlen(values[i])), 1);
	return ((struct db_rows){ .count = 1, .ncols = 5, .result = r });
}

static void
rows_are_read_by_column_name(void **state UNUSED)
{
	struct db_rows	rows = made_rows();
	struct uuid	id = db_uuid(&rows, 0, "id"), want;

	assert_true(uuid_parse("01890a5d-ac96-774b-bcce-b302099a8057", &want));
	assert_true(uuid_equal(&id, &want));
	assert_true(db_int(&rows, 0, "n") == -INT64_C(9007199254740993));
	assert_true(db_bool(&rows, 0, "yes"));
	assert_int_equal(db_day(&rows, 0, "on"), day_make(2025, 3, 10));
	assert_string_equal(db_text(&rows, 0, "yes"), "t");
	assert_string_equal(db_cell(&rows, 0, 3), "2025-03-10");
	PQclear(rows.result);
}

static void
null_is_told_from_a_value(void **state UNUSED)
{
	struct db_rows	rows = made_rows();
	struct uuid	id = db_uuid(&rows, 0, "none");

	assert_true(db_null(&rows, 0, "none"));
	assert_false(db_null(&rows, 0, "n"));
	assert_null(db_text(&rows, 0, "none"));
	assert_int_equal(db_int(&rows, 0, "none"), 0);
	assert_false(db_bool(&rows, 0, "none"));
	assert_int_equal(db_day(&rows, 0, "none"), DAY_NONE);
	assert_true(uuid_is_nil(&id));
	PQclear(rows.result);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(sqlstate_becomes_our_error),
		cmocka_unit_test(arguments_are_big_endian),
		cmocka_unit_test(arguments_may_be_null),
		cmocka_unit_test(text_is_sent_as_it_is),
		cmocka_unit_test(scope_has_seven_parts),
		cmocka_unit_test(scope_of_nobody_is_empty),
		cmocka_unit_test(scope_refuses_a_separator),
		cmocka_unit_test(rows_are_read_by_column_name),
		cmocka_unit_test(null_is_told_from_a_value),
	};

	return (cmocka_run_group_tests_name("db", tests, setup, teardown));
}
