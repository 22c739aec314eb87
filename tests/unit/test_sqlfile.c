/*
 * test_sqlfile.c -- the parser of named statements, on files written here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>
#include <cmocka.h>

#include "ctl/sqlfile.h"
/* yjyctl and the generator compile it in; it is not in the library. */
#include "ctl/sqlfile.c"

/* Parses `text` as a file. */
static int
parse(struct sqlfile *out, const char *text)
{
	char	path[] = "/tmp/test_sqlfile.XXXXXX";
	int	fd = mkstemp(path), rc;

	assert_int_not_equal(fd, -1);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	memset(out, 0, sizeof(*out));
	rc = sqlfile_read(out, path);
	unlink(path);
	return (rc);
}

static void
statement_is_read_whole(void **state UNUSED)
{
	struct sqlfile	f;

	assert_int_equal(parse(&f,
	    "-- About vacancies.\n"
	    "-- name: vacancy_open :one\n"
	    "-- args: org uuid, pay int8?,\n"
	    "--       tags text[]\n"
	    "INSERT INTO jobs.vacancy /* not\n"
	    "  this */ VALUES ($1, $pay, $tags); -- nor this\n"
	    "\n"
	    "-- name: vacancy_get :many read\n"
	    "SELECT 1;\n"), 0);
	assert_int_equal(f.count, 2);
	assert_string_equal(f.stmts[0].name, "vacancy_open");
	assert_string_equal(f.stmts[0].sql, "INSERT INTO jobs.vacancy  VALUES ($1, $2, $3)");
	assert_int_equal(f.stmts[0].card, DB_ONE);
	assert_false(f.stmts[0].read);
	assert_int_equal(f.stmts[0].line, 2);
	assert_int_equal(f.stmts[0].nargs, 3);
	assert_string_equal(f.stmts[0].args[1].name, "pay");
	assert_int_equal(f.stmts[0].args[1].type, DB_T_INT8);
	assert_true(f.stmts[0].args[1].optional);
	assert_false(f.stmts[0].args[0].optional);
	assert_int_equal(f.stmts[0].args[2].type, DB_T_TEXT_ARRAY);
	assert_int_equal(f.stmts[1].card, DB_MANY);
	assert_true(f.stmts[1].read);
	assert_int_equal(f.stmts[1].line, 8);
	sqlfile_free(&f);
}

static void
quotations_are_left_alone(void **state UNUSED)
{
	struct sqlfile	f;

	assert_int_equal(parse(&f,
	    "-- name: a :one\n-- args: x text\n"
	    "SELECT 'it''s -- $x; /* */', E'a\\'$x', \"b -- c\", $$ $1 ; $$, $q$ $x $q$, $x"), 0);
	assert_string_equal(f.stmts[0].sql,
	    "SELECT 'it''s -- $x; /* */', E'a\\'$x', \"b -- c\", $$ $1 ; $$, $q$ $x $q$, $1");
	sqlfile_free(&f);
}

static void
events_are_noticed(void **state UNUSED)
{
	struct sqlfile	f;

	assert_int_equal(parse(&f,
	    "-- name: a :exec\ninsert\n  into jobs.outbox (type) SELECT 'x';\n"
	    "-- name: b :exec\nDELETE FROM jobs.outbox;\n"
	    "-- name: c :exec\nINSERT INTO jobs.outbox_old SELECT 1;\n"
	    "-- name: d :exec\nINSERT INTO @schema@.outbox(type) SELECT 'x';\n"), 0);
	assert_true(f.stmts[0].emits);
	assert_false(f.stmts[1].emits);
	assert_false(f.stmts[2].emits);
	assert_true(f.stmts[3].emits);
	sqlfile_free(&f);
}

static void
mistakes_are_named_with_their_line(void **state UNUSED)
{
	static const struct {
		const char	*text, *complaint;
	} cases[] = {
		{ "SELECT 1;", ":1: SQL before" },
		{ "-- name: a :two\nSELECT 1", ":1: expected :one" },
		{ "-- name: A :one\nSELECT 1", ":1: `A` is not" },
		{ "-- name: a :one now\nSELECT 1", ":1: expected :one" },
		{ "-- name: a :one\n\nSELECT 1; SELECT 2", ":3: text behind" },
		{ "-- name: a :one\nSELECT 'x", ":2: quotation" },
		{ "-- name: a :one\nSELECT $q$ x", ":2: dollar quotation" },
		{ "-- name: a :one\nSELECT /* x", ":2: comment" },
		{ "-- name: a :one\n-- args: x txt\nSELECT $x", ":2: `txt`" },
		{ "-- name: a :one\n-- args: x text, x text\nSELECT $x", ":2: argument `x`" },
		{ "-- name: a :one\n-- args: x text,\nSELECT $x", ":1: the argument list" },
		{ "-- name: a :one\n-- args: x text\nSELECT 1", ":1: a does not use" },
		{ "-- name: a :one\n-- args: x text\nSELECT $1, $2", ":3: `$2`" },
		{ "-- name: a :one\nSELECT\n  $nobody", ":3: `$nobody`" },
		{ "-- name: a :one\n-- name: b :one\nSELECT 1", ":1: a has no statement" },
		{ "-- name: a :one\nSELECT 1;\n-- name: a :one\nSELECT 1", ":3: `a` is already" },
		{ "-- name: a :exec read\nINSERT INTO x.outbox SELECT 1", ":1: a writes events" },
	};
	struct sqlfile	f;
	size_t		i;

	for (i = 0; i < NITEMS(cases); i++) {
		assert_int_equal(parse(&f, cases[i].text), -1);
		if (strstr(f.error, cases[i].complaint) == NULL)
			fail_msg("case %zu: \"%s\" does not say \"%s\"", i,
			    f.error, cases[i].complaint);
		sqlfile_free(&f);
	}
}

static void
missing_file_is_an_error(void **state UNUSED)
{
	struct sqlfile	f = { .count = 0 };

	assert_int_equal(sqlfile_read(&f, "/nonexistent/a.sql"), -1);
	assert_non_null(strstr(f.error, "/nonexistent/a.sql"));
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(statement_is_read_whole),
		cmocka_unit_test(quotations_are_left_alone),
		cmocka_unit_test(events_are_noticed),
		cmocka_unit_test(mistakes_are_named_with_their_line),
		cmocka_unit_test(missing_file_is_an_error),
	};

	return (cmocka_run_group_tests_name("sqlfile", tests, NULL, NULL));
}
