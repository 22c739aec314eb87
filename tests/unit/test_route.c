/*
 * test_route.c -- from method and path to a row, and which rows are refused
 * at start.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "http/dispatch_priv.h"

#define ID	"0190a6c8-5d3e-7c41-8a52-000000000001"

static int
handler(struct call *c)
{
	return (call_reply(c, 200, "{}"));
}

#define ROW(n, m, p)	{ .name = n, .method = m, .path = p, .callers = ROLE_PERSON, \
	.scope = SCOPE_PERSON, .action = "t." n, .handler = handler, .zh = "试", .en = "Try" }

static const struct route rows[] = {
	ROW("root", METHOD_GET, "/"),
	ROW("things", METHOD_GET, "/v1/things"),
	ROW("thing_add", METHOD_POST, "/v1/things"),
	ROW("thing", METHOD_GET, "/v1/things/{id}"),
	ROW("thing_drop", METHOD_DELETE, "/v1/things/{id}"),
	ROW("thing_new", METHOD_GET, "/v1/things/new"),
	ROW("thing_import", METHOD_POST, "/v1/things/import"),
	ROW("thing_part", METHOD_GET, "/v1/things/{id}/parts/{part_no}"),
	ROW("thing_new_x", METHOD_GET, "/v1/things/new/x"),
	ROW("area", METHOD_GET, "/v1/areas/{area_code}"),
	ROW("area_all", METHOD_PUT, "/v1/areas/all"),
	ROW("four", METHOD_GET, "/v1/{a_no}/{b_no}/{c_no}/{d_no}"),
	ROUTE_END
};
static struct endpoint		 all[NITEMS(rows)];
static struct route_node	*tree;

static int
set_up(void **state)
{
	struct buf	report;
	size_t		i;

	(void)state;
	buf_init(&report, 4096);
	for (i = 0; rows[i].name != NULL; i++) {
		endpoint_init(&all[i], &rows[i], &report);
		if (route_add(&tree, &all[i]) == -1)
			return (-1);
	}
	assert_string_equal(buf_cstr(&report), "");
	buf_release(&report);
	return (0);
}

static int
tear_down(void **state)
{
	size_t	i;

	(void)state;
	route_free(&tree);
	for (i = 0; i < NITEMS(all); i++)
		endpoint_release(&all[i]);
	return (tree == NULL ? 0 : -1);
}

static const char *
find(enum method m, const char *path, struct route_match *out)
{
	struct span	s = { path, strlen(path) };

	return (route_find(tree, m, s, out) ? out->endpoint->route->name : NULL);
}

static void
expect(enum method m, const char *path, const char *name)
{
	struct route_match	 out;
	const char		*found = find(m, path, &out);

	if (name == NULL)
		assert_null(found);
	else {
		assert_non_null(found);
		assert_string_equal(found, name);
	}
}

static void
finds_rows(void **state)
{
	(void)state;
	expect(METHOD_GET, "/", "root");
	expect(METHOD_GET, "/v1/things", "things");
	expect(METHOD_HEAD, "/v1/things", "things");
	expect(METHOD_POST, "/v1/things", "thing_add");
	expect(METHOD_GET, "/v1/things/" ID, "thing");
	expect(METHOD_DELETE, "/v1/things/" ID, "thing_drop");
	expect(METHOD_GET, "/v1/a/b/c/d", "four");
}

static void
prefers_literals_and_turns_back(void **state)
{
	(void)state;
	expect(METHOD_GET, "/v1/things/new", "thing_new");
	expect(METHOD_GET, "/v1/things/new/x", "thing_new_x");
	expect(METHOD_GET, "/v1/areas/all", "area");
	expect(METHOD_PUT, "/v1/areas/all", "area_all");
	/* "things" is literal, but only the parameters lead to the end. */
	expect(METHOD_GET, "/v1/things/new/x/y", "four");
	expect(METHOD_GET, "/v1/things/" ID "/parts/7", "thing_part");
}

static void
keeps_parameters(void **state)
{
	struct route_match	m;

	(void)state;
	assert_non_null(find(METHOD_GET, "/v1/things/" ID "/parts/A-7", &m));
	assert_int_equal(m.nparams, 2);
	assert_int_equal(m.params[0].len, 36);
	assert_memory_equal(m.params[0].p, ID, 36);
	assert_int_equal(m.params[1].len, 3);
	assert_memory_equal(m.params[1].p, "A-7", 3);
	assert_string_equal(m.endpoint->params[0].name, "id");
	assert_true(m.endpoint->params[0].uuid);
	assert_string_equal(m.endpoint->params[1].name, "part_no");
	assert_false(m.endpoint->params[1].uuid);
	/* The path tried first left nothing behind. */
	assert_non_null(find(METHOD_GET, "/v1/things/new/x/y", &m));
	assert_int_equal(m.nparams, 4);
	assert_memory_equal(m.params[0].p, "things", 6);
}

static void
types_parameters_by_name(void **state)
{
	(void)state;
	assert_true(param_is_uuid("id"));
	assert_true(param_is_uuid("code"));
	assert_true(param_is_uuid("vacancy_id"));
	assert_false(param_is_uuid("area_code"));
	assert_false(param_is_uuid("case_no"));
	assert_false(param_is_uuid("set_name"));
	assert_true(param_is_uuid("_no"));
	expect(METHOD_GET, "/v1/things/17", NULL);
	expect(METHOD_GET, "/v1/things/" ID "0", NULL);
	expect(METHOD_GET, "/v1/things/0190a6c8-5d3e-7c41-8a52-00000000000g", NULL);
	expect(METHOD_GET, "/v1/areas/431129", "area");
}

static void
refuses_other_paths(void **state)
{
	(void)state;
	expect(METHOD_GET, "", NULL);
	expect(METHOD_GET, "v1/things", NULL);
	expect(METHOD_GET, "/v1/things/", NULL);
	expect(METHOD_GET, "/v1", NULL);
	expect(METHOD_GET, "/v1/thing", NULL);
	expect(METHOD_GET, "/v1/thingss", NULL);
	expect(METHOD_GET, "/v1/areas/", NULL);
	expect(METHOD_GET, "/v1/a/b/c/d/e", NULL);
	expect(METHOD_GET, "//v1/things", NULL);
}

static void
names_the_methods_there_are(void **state)
{
	struct route_match	m;

	(void)state;
	assert_null(find(METHOD_PUT, "/v1/things", &m));
	assert_int_equal(m.methods, 1u << METHOD_GET | 1u << METHOD_POST);
	assert_null(find(METHOD_NONE, "/v1/things/" ID, &m));
	assert_int_equal(m.methods, 1u << METHOD_GET | 1u << METHOD_DELETE);
	/* Not a UUID: only the literal's methods count. */
	assert_null(find(METHOD_GET, "/v1/things/import", &m));
	assert_int_equal(m.methods, 1u << METHOD_POST);
	assert_null(find(METHOD_DELETE, "/v1/areas/all", &m));
	assert_int_equal(m.methods, 1u << METHOD_GET | 1u << METHOD_PUT);
	assert_null(find(METHOD_GET, "/v2", &m));
	assert_int_equal(m.methods, 0);
}

static void
refuses_a_second_row_for_one_place(void **state)
{
	static const struct route	again = ROW("again", METHOD_GET, "/v1/things/{other_no}");
	struct endpoint			e;
	struct buf			report;

	(void)state;
	buf_init(&report, 4096);
	endpoint_init(&e, &again, &report);
	assert_int_equal(route_add(&tree, &e), -1);
	endpoint_release(&e);
	buf_release(&report);
}

/* Every fault of a row is named; a sound one is passed in silence. */
static void
check(const struct route *r, const char *complaint)
{
	struct endpoint	e;
	struct buf	report;

	buf_init(&report, 65536);
	endpoint_init(&e, r, &report);
	if (complaint == NULL)
		assert_string_equal(buf_cstr(&report), "");
	else if (strstr(buf_cstr(&report), complaint) == NULL)
		fail_msg("expected \"%s\" in \"%s\"", complaint, buf_cstr(&report));
	endpoint_release(&e);
	buf_release(&report);
}

static void
refuses_unsound_rows(void **state)
{
	static const struct db_stmt	emitting = { .name = "s", .emits = true };
	struct route			r = ROW("r", METHOD_POST, "/v1/r/{id}");
	const struct route		sound = r;

	(void)state;
	check(&r, NULL);
	r.callers = 0;
	check(&r, "no callers");
	r = sound;
	r.scope = SCOPE_UNSET;
	check(&r, "no scope");
	r = sound;
	r.action = NULL;
	check(&r, "no action");
	r = sound;
	r.en = NULL;
	check(&r, "no summary");
	r = sound;
	r.handler = NULL;
	check(&r, "either a statement or a handler");
	r = sound;
	r.callers = ROLE_ANYONE;
	check(&r, "open to anyone");
	r = sound;
	r.scope = SCOPE_INTERNAL;
	check(&r, "internal");
	r = sound;
	r.emits = "jobs.vacancy.opened.v1 jobs.vacancy.lost.v1";
	check(&r, "jobs.vacancy.lost.v1 is not in the catalog");
	r.emits = "jobs.vacancy.opened.v1  jobs.application.moved.v1";
	check(&r, NULL);
	r = sound;
	r.handler = NULL;
	r.stmt = &emitting;
	check(&r, "writes events, the row says otherwise");
	r = sound;
	r.path = "v1/r";
	check(&r, "slash");
	r.path = "/v1/x{id}";
	check(&r, "bad parameter");
	r.path = "/v1/{}";
	check(&r, "bad parameter");
	r.path = "/{a}/{b}/{c}/{d}/{e}";
	check(&r, "bad parameter");
	r = sound;
	r.success = 404;
	check(&r, "no success");
	r = sound;
	r.method = METHOD_HEAD;
	check(&r, "no method");
}

static void
chooses_lane_and_status(void **state)
{
	static const struct db_stmt	reading = { .name = "a", .read = true, .card = DB_ONE };
	static const struct db_stmt	writing = { .name = "b", .card = DB_ONE };
	static const struct db_stmt	silent = { .name = "c", .card = DB_EXEC };
	struct route			r = ROW("r", METHOD_GET, "/v1/r");
	struct endpoint			e;
	struct buf			report;

	(void)state;
	buf_init(&report, 4096);
	r.handler = NULL;
	r.stmt = &reading;
	endpoint_init(&e, &r, &report);
	assert_int_equal(e.lane, DB_READ);
	assert_int_equal(e.success, 200);
	endpoint_release(&e);
	r.stmt = &writing;
	endpoint_init(&e, &r, &report);
	assert_int_equal(e.lane, DB_WRITE);
	endpoint_release(&e);
	r.method = METHOD_POST;
	endpoint_init(&e, &r, &report);
	assert_int_equal(e.success, 201);
	endpoint_release(&e);
	r.stmt = &silent;
	endpoint_init(&e, &r, &report);
	assert_int_equal(e.success, 204);
	endpoint_release(&e);
	r.scope = SCOPE_INTERNAL;
	r.callers = ROLE_SERVICE;
	r.success = 202;
	endpoint_init(&e, &r, &report);
	assert_int_equal(e.lane, DB_SYSTEM);
	assert_int_equal(e.success, 202);
	endpoint_release(&e);
	assert_string_equal(buf_cstr(&report), "");
	buf_release(&report);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_rows),
		cmocka_unit_test(prefers_literals_and_turns_back),
		cmocka_unit_test(keeps_parameters),
		cmocka_unit_test(types_parameters_by_name),
		cmocka_unit_test(refuses_other_paths),
		cmocka_unit_test(names_the_methods_there_are),
		cmocka_unit_test(refuses_a_second_row_for_one_place),
		cmocka_unit_test(refuses_unsound_rows),
		cmocka_unit_test(chooses_lane_and_status),
	};

	return (cmocka_run_group_tests(tests, set_up, tear_down));
}
