/*
 * test_openapi.c -- the document made of the rows: well-formed, complete, and
 * with no reference that leads nowhere.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "conf/conf.h"
#include "http/dispatch_priv.h"

struct thing_in {
	const char	*title;
	const char	*kind;
	int64_t		 n;
	int32_t		 on;
	struct uuid	 org;
	bool		 urgent;
	struct list_of	 parts;
	const char	*extra;
};

struct part_in {
	const char	*name;
};

struct thing_query {
	const char	*kind;
};

static const char *const kinds[] = { "big", "small", NULL };

static const struct field part_fields[] = {
	FIELD_TEXT(part_in, name, REQUIRED, 1, 10, "名"),
	FIELD_END
};
static const struct field thing_fields[] = {
	FIELD_TEXT(thing_in, title, REQUIRED, 1, 50, "名称"),
	FIELD_ENUM(thing_in, kind, REQUIRED, kinds, "种类"),
	FIELD_INT(thing_in, n, OPTIONAL, -1, INT64_MAX, "数"),
	FIELD_DAY(thing_in, on, OPTIONAL, "日"),
	FIELD_UUID(thing_in, org, OPTIONAL, "单位"),
	FIELD_BOOL(thing_in, urgent, OPTIONAL, "急"),
	FIELD_LIST(thing_in, parts, OPTIONAL, 1, 5, part_in, part_fields, "部分"),
	FIELD_JSON(thing_in, extra, OPTIONAL, 100, "\"其他\""),
	FIELD_END
};
static const struct field query_fields[] = {
	FIELD_ENUM(thing_query, kind, OPTIONAL, kinds, "种类"),
	FIELD_END
};
static const struct shape tree_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID },
	{ .name = "child", .type = SHAPE_T_OBJECT, .nullable = true, .of = tree_shape },
	{ .name = "tags", .type = SHAPE_T_LIST },
	{ .name = "at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "时间" },
	SHAPE_END
};
static const struct db_param get_params[] = { { "id", DB_T_UUID } };
static const struct db_stmt get_stmt = { .name = "thing_get", .params = get_params, .nparams = 1,
	.read = true };
static const struct db_param list_params[] = { { "kind", DB_T_TEXT }, { "lim", DB_T_INT8 },
	{ "after", DB_T_TEXT } };
static const struct db_stmt list_stmt = { .name = "thing_list", .params = list_params,
	.nparams = 3, .card = DB_MANY, .read = true };

static int
handler(struct call *c)
{
	return (call_reply(c, 200, "{}"));
}

static const struct route things[] = {
	{ .name = "thing_add", .method = METHOD_POST, .path = "/v1/things",
	  .callers = ROLE_EMPLOYER | ROLE_CLERK, .scope = SCOPE_ORG, .action = "things.add",
	  .body = INPUT(thing_in, thing_fields), .reply = tree_shape, .handler = handler,
	  .key = KEY_REQUIRED, .emits = "jobs.vacancy.opened.v1", .zh = "新增", .en = "Add" },
	{ .name = "thing_list", .method = METHOD_GET, .path = "/v1/things",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "things.list",
	  .query = INPUT(thing_query, query_fields), .list = true, .reply = tree_shape,
	  .stmt = &list_stmt, .zh = "列表", .en = "List" },
	{ .name = "thing_get", .method = METHOD_GET, .path = "/v1/things/{id}/in/{area_code}",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "things.get",
	  .stmt = &get_stmt, .reply = tree_shape, .zh = "查看", .en = "Get" },
	{ .name = "thing_file", .method = METHOD_PUT, .path = "/v1/things/{id}/file",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "things.file",
	  .raw_body = true, .handler = handler, .success = 204, .zh = "文件", .en = "File" },
	{ .name = "healthz", .method = METHOD_GET, .path = "/healthz",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "svc.health",
	  .handler = handler, .zh = "检查", .en = "Health" },
	ROUTE_END
};
static const struct route *const tables[] = { things, NULL };
static struct arena	 arena;
static struct json	*doc;

static int
set_up(void **state)
{
	struct buf	out;

	(void)state;
	buf_init(&out, 1 << 20);
	if (conf_load("test", &out) == -1)
		return (-1);
	buf_clear(&out);
	arena_init(&arena);
	dispatch_init("things", tables);
	openapi_write(&out);
	if (!buf_ok(&out) || (doc = json_parse(&arena, out.data, out.len)) == NULL)
		return (-1);
	buf_release(&out);
	return (0);
}

static int
tear_down(void **state)
{
	(void)state;
	arena_release(&arena);
	return (0);
}

static const struct json *
member(const struct json *j, const char *name)
{
	const struct json	*value = json_get(j, name);

	if (value == NULL)
		fail_msg("no member %s", name);
	return (value);
}

static const struct json *
operation(const char *path, const char *method)
{
	return (member(member(member(doc, "paths"), path), method));
}

static const struct json *
parameter(const struct json *op, const char *name)
{
	const struct json	*list = member(op, "parameters");
	size_t			 i;

	for (i = 0; i < json_count(list); i++)
		if (strcmp(json_string(member(json_at(list, i), "name")), name) == 0)
			return (json_at(list, i));
	return (NULL);
}

static void
has_text(const struct json *j, const char *name, const char *text)
{
	assert_string_equal(json_string(member(j, name)), text);
}

static void
has_only_public_paths(void **state)
{
	const struct json	*paths = member(doc, "paths");

	(void)state;
	has_text(doc, "openapi", "3.1.0");
	assert_int_equal(json_count(paths), 3);
	assert_null(json_get(paths, "/healthz"));
	assert_int_equal(json_count(member(paths, "/v1/things")), 2);
}

static void
describes_rights(void **state)
{
	const struct json	*op = operation("/v1/things", "post");

	(void)state;
	has_text(op, "operationId", "thing_add");
	has_text(op, "summary", "新增");
	has_text(op, "x-summary-en", "Add");
	has_text(op, "x-scope", "org");
	has_text(op, "x-action", "things.add");
	has_text(op, "x-emits", "jobs.vacancy.opened.v1");
	assert_int_equal(json_count(member(op, "x-callers")), 2);
	assert_string_equal(json_string(json_at(member(op, "x-callers"), 0)), "employer");
	assert_null(json_get(op, "security"));
	op = operation("/v1/things", "get");
	assert_int_equal(json_count(member(op, "security")), 0);
	assert_string_equal(json_string(json_at(member(op, "x-callers"), 0)), "anyone");
}

static void
describes_parameters(void **state)
{
	const struct json	*op = operation("/v1/things", "get"), *p;
	int64_t			 most;

	(void)state;
	assert_int_equal(json_count(member(op, "parameters")), 3);
	assert_int_equal(json_count(member(member(parameter(op, "kind"), "schema"), "enum")), 2);
	assert_true(json_integer(member(member(parameter(op, "limit"), "schema"), "maximum"), &most));
	assert_int_equal(most, 200);
	assert_non_null(parameter(op, "cursor"));
	op = operation("/v1/things/{id}/in/{area_code}", "get");
	has_text(parameter(op, "id"), "in", "path");
	assert_true(json_is_true(member(parameter(op, "id"), "required")));
	has_text(member(parameter(op, "id"), "schema"), "format", "uuid");
	assert_null(json_get(member(parameter(op, "area_code"), "schema"), "format"));
	assert_null(parameter(op, "Idempotency-Key"));
	p = parameter(operation("/v1/things", "post"), "Idempotency-Key");
	assert_true(json_is_true(member(p, "required")));
	p = parameter(operation("/v1/things/{id}/file", "put"), "Idempotency-Key");
	assert_false(json_is_true(member(p, "required")));
}

static void
describes_bodies_and_replies(void **state)
{
	const struct json	*schemas = member(member(doc, "components"), "schemas"), *s;
	const struct json	*ok;

	(void)state;
	s = member(schemas, "things.thing_add.body");
	assert_int_equal(json_count(member(s, "properties")), 8);
	assert_int_equal(json_count(member(s, "required")), 2);
	assert_true(json_is_bool(member(s, "additionalProperties")));
	has_text(member(member(s, "properties"), "extra"), "description", "\"其他\"");
	has_text(member(member(member(s, "properties"), "parts"), "items"), "type", "object");
	/* One shape, one schema, under the first row that has it. */
	assert_non_null(json_get(schemas, "things.thing_add.reply"));
	assert_null(json_get(schemas, "things.thing_get.reply"));
	ok = member(member(operation("/v1/things", "get"), "responses"), "200");
	assert_non_null(json_get(member(ok, "headers"), "Link"));
	assert_non_null(json_get(member(operation("/v1/things", "post"), "responses"), "201"));
	ok = member(member(operation("/v1/things/{id}/file", "put"), "responses"), "204");
	assert_null(json_get(ok, "content"));
	has_text(member(member(operation("/v1/things/{id}/file", "put"), "responses"), "4XX"),
	    "$ref", "#/components/responses/Problem");
}

/* Every $ref names something that is there. */
static size_t
follow(const struct json *j)
{
	const struct json	*ref = json_is_object(j) ? json_get(j, "$ref") : NULL, *at = doc;
	char			 path[256], *part, *rest = path + 2;
	size_t			 i, n = 0;

	if (ref != NULL) {
		snprintf(path, sizeof(path), "%s", json_string(ref));
		assert_memory_equal(path, "#/", 2);
		while ((part = strsep(&rest, "/")) != NULL)
			at = member(at, part);
		return (1);
	}
	for (i = 0; json_is_object(j) && i < json_count(j); i++)
		n += follow(json_value(j, i));
	for (i = 0; json_is_array(j) && i < json_count(j); i++)
		n += follow(json_at(j, i));
	return (n);
}

static void
has_no_dangling_reference(void **state)
{
	(void)state;
	assert_true(follow(doc) > 10);
}

static void
prints_the_table(void **state)
{
	struct buf	out;

	(void)state;
	buf_init(&out, 65536);
	routes_print(&out);
	assert_non_null(strstr(buf_cstr(&out), "/v1/things/{id}/in/{area_code}"));
	assert_non_null(strstr(buf_cstr(&out), "employer,clerk"));
	assert_non_null(strstr(buf_cstr(&out), "healthz"));
	buf_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_only_public_paths),
		cmocka_unit_test(describes_rights),
		cmocka_unit_test(describes_parameters),
		cmocka_unit_test(describes_bodies_and_replies),
		cmocka_unit_test(has_no_dangling_reference),
		cmocka_unit_test(prints_the_table),
	};

	return (cmocka_run_group_tests(tests, set_up, tear_down));
}
