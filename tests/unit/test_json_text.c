/*
 * test_json_text.c -- name=value pairs, the view of free JSON, the writer.
 */
#include <sys/wait.h>

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "http/errors.h"
#include "json/json.h"

struct item {
	const char	*name;
};

struct query {
	const char	*q;
	int64_t		 limit;
	bool		 open;
	struct uuid	 id;
	int32_t		 from, to;
	int64_t		 since;
	const char	*kind;
	const char	*filter;
	struct list_of	 items;
};

static const char *const	kinds[] = { "full", "part", NULL };
static const struct field	item_fields[] = {
	FIELD_TEXT(item, name, REQUIRED, 1, 9, ""),
	FIELD_END
};
static const struct field	query_fields[] = {
	FIELD_TEXT(query, q, OPTIONAL, 1, 4, ""),
	FIELD_INT(query, limit, REQUIRED, -5, 200, ""),
	FIELD_BOOL(query, open, OPTIONAL, ""),
	FIELD_UUID(query, id, OPTIONAL, ""),
	FIELD_DAY(query, from, OPTIONAL, ""),
	FIELD_DAY(query, to, OPTIONAL, ""),
	FIELD_INSTANT(query, since, OPTIONAL, ""),
	FIELD_ENUM(query, kind, OPTIONAL, kinds, ""),
	FIELD_JSON(query, filter, OPTIONAL, 20, ""),
	FIELD_LIST(query, items, OPTIONAL, 0, 9, item, item_fields, ""),
	FIELD_END
};

static struct arena		arena;
static struct query		query;
static struct json_errors	errors;
static struct buf		out;
static struct json_out		w;

static int
setup(void **state)
{
	(void)state;
	arena_init(&arena);
	memset(&query, 0, sizeof(query));
	errors.count = 0;
	buf_init(&out, 100000);
	json_out_init(&w, &out);
	return (0);
}

static int
teardown(void **state)
{
	(void)state;
	buf_release(&out);
	arena_release(&arena);
	return (0);
}

static void
accept_pair(const char *name, const char *value)
{
	if (json_decode_pair(&arena, name, value, query_fields, &query, &errors) != 0)
		fail_msg("%s=%s refused with %d", name, value, errors.list[errors.count - 1].code);
}

static void
refuse_pair(const char *name, const char *value, int code)
{
	size_t	before = errors.count;

	if (json_decode_pair(&arena, name, value, query_fields, &query, &errors) != -1)
		fail_msg("%s=%s accepted", name, value);
	assert_int_equal(errors.count, before + 1);
	assert_string_equal(errors.list[before].pointer, name);
	assert_int_equal(errors.list[before].code, code);
	errors.count = before;
}

static void
pairs_are_decoded_by_the_same_rows(void **state)
{
	(void)state;
	accept_pair("q", "永州市区");
	assert_string_equal(query.q, "永州市区");
	accept_pair("limit", "200");
	assert_int_equal(query.limit, 200);
	accept_pair("limit", "-5");
	assert_int_equal(query.limit, -5);
	accept_pair("open", "true");
	assert_true(query.open);
	accept_pair("open", "false");
	assert_false(query.open);
	accept_pair("id", "0191e4c8-3b5e-7abc-8def-0123456789ab");
	assert_false(uuid_is_nil(&query.id));
	accept_pair("from", "2025-03-10");
	assert_int_equal(query.from, 20157);
	accept_pair("since", "1970-01-01T00:00:01Z");
	assert_int_equal(query.since, 1000000);
	accept_pair("kind", "full");
	assert_ptr_equal(query.kind, kinds[0]);
	accept_pair("filter", " { \"b\" : 1, \"a\" : 2 } ");
	assert_string_equal(query.filter, "{\"a\":2,\"b\":1}");
}

static void
bad_pairs_are_refused(void **state)
{
	(void)state;
	refuse_pair("unknown", "1", ERR_F_UNKNOWN);
	refuse_pair("q", "", ERR_F_SHORT);
	refuse_pair("q", "永州市区的", ERR_F_LONG);
	refuse_pair("q", "\xff", ERR_F_FORMAT);
	refuse_pair("q", "a\r", ERR_F_FORMAT);
	refuse_pair("limit", "", ERR_F_TYPE);
	refuse_pair("limit", "-", ERR_F_TYPE);
	refuse_pair("limit", "+1", ERR_F_TYPE);
	refuse_pair("limit", " 1", ERR_F_TYPE);
	refuse_pair("limit", "1.0", ERR_F_TYPE);
	refuse_pair("limit", "007", ERR_F_TYPE);
	refuse_pair("limit", "0x10", ERR_F_TYPE);
	refuse_pair("limit", "201", ERR_F_LARGE);
	refuse_pair("limit", "-6", ERR_F_SMALL);
	refuse_pair("limit", "9223372036854775808", ERR_F_LARGE);
	refuse_pair("limit", "-9223372036854775808", ERR_F_SMALL);
	refuse_pair("limit", "-9223372036854775809", ERR_F_SMALL);
	refuse_pair("open", "1", ERR_F_TYPE);
	refuse_pair("id", "7", ERR_F_FORMAT);
	refuse_pair("from", "2025-02-29", ERR_F_FORMAT);
	refuse_pair("since", "yesterday", ERR_F_FORMAT);
	refuse_pair("kind", "FULL", ERR_F_CHOICE);
	refuse_pair("filter", "{", ERR_F_FORMAT);
	refuse_pair("filter", "\"0123456789012345678\"", ERR_F_LONG);
	refuse_pair("items", "a", ERR_F_TYPE);
}

static void
finish_reports_what_is_missing(void **state)
{
	uint64_t	seen = 0;

	(void)state;
	accept_pair("from", "1970-01-01");
	assert_int_equal(json_field_index(query_fields, "from"), 4);
	assert_int_equal(json_field_index(query_fields, "nothing"), -1);
	seen |= 1 << 4;
	assert_int_equal(json_decode_finish(query_fields, &query, &seen, &errors), -1);
	assert_int_equal(errors.count, 1);
	assert_string_equal(errors.list[0].pointer, "limit");
	assert_int_equal(errors.list[0].code, ERR_F_MISSING);
	assert_int_equal(query.from, 0);
	assert_int_equal(query.to, DAY_NONE);
	errors.count = 0;
	seen |= 1 << 1;
	assert_int_equal(json_decode_finish(query_fields, &query, &seen, &errors), 0);
}

static struct json *
parse(const char *text)
{
	return (json_parse(&arena, text, strlen(text)));
}

static void
free_json_is_read(void **state)
{
	struct json	*j = parse("{\"z\":[1,-2,9223372036854775807],"
			    "\"a\":{\"s\":\"永\",\"n\":null},"
			    "\"t\":true,\"f\":false,\"r\":1.5}");
	int64_t		n = 7;

	(void)state;
	assert_non_null(j);
	assert_true(json_is_object(j));
	assert_int_equal(json_count(j), 5);
	assert_string_equal(json_key(j, 0), "z");
	assert_string_equal(json_key(j, 4), "r");
	assert_null(json_key(j, 5));
	assert_null(json_value(j, 5));
	assert_true(json_is_array(json_value(j, 0)));
	assert_int_equal(json_count(json_get(j, "z")), 3);
	assert_true(json_integer(json_at(json_get(j, "z"), 2), &n));
	assert_true(n == INT64_MAX);
	assert_false(json_integer(json_get(j, "r"), &n));
	assert_string_equal(json_string(json_get(json_get(j, "a"), "s")), "永");
	assert_null(json_string(json_get(j, "z")));
	assert_true(json_is_null(json_get(json_get(j, "a"), "n")));
	assert_true(json_is_true(json_get(j, "t")));
	assert_false(json_is_true(json_get(j, "f")));
	assert_true(json_is_bool(json_get(j, "f")));
	assert_false(json_is_bool(json_get(j, "r")));
}

/* Chains of look-ups end in NULL, not in a crash. */
static void
what_is_absent_is_null(void **state)
{
	struct json	*j = parse("[1]"), *none = json_get(json_at(json_get(j, "a"), 3), "b");
	int64_t		n;

	(void)state;
	assert_null(none);
	assert_null(json_at(j, 1));
	assert_null(json_key(j, 0));
	assert_null(json_string(none));
	assert_int_equal(json_count(none), 0);
	assert_int_equal(json_count(json_at(j, 0)), 0);
	assert_false(json_integer(none, &n));
	assert_false(json_is_null(none));
	assert_false(json_is_object(none));
	assert_false(json_is_array(none));
	assert_false(json_is_bool(none));
	assert_string_equal(json_text(&arena, none), "null");
}

static void
free_json_is_parsed_strictly(void **state)
{
	static const char *const	bad[] = { "", "{", "[1,]", "{\"a\":1,\"a\":2}", "1 2",
	    "\"\\u0000\"", "\"\xff\"", "9223372036854775808", "tru" };
	char				deep[2 * JSON_DEPTH_MAX + 3];

	(void)state;
	for (size_t i = 0; i < NITEMS(bad); i++)
		assert_null(parse(bad[i]));
	assert_non_null(parse("7"));
	memset(deep, '[', JSON_DEPTH_MAX);
	memset(deep + JSON_DEPTH_MAX, ']', JSON_DEPTH_MAX);
	assert_non_null(json_parse(&arena, deep, 2 * JSON_DEPTH_MAX));
	memset(deep, '[', JSON_DEPTH_MAX + 1);
	memset(deep + JSON_DEPTH_MAX + 1, ']', JSON_DEPTH_MAX + 1);
	assert_null(json_parse(&arena, deep, 2 * JSON_DEPTH_MAX + 2));
}

/* The same content gives the same bytes, and reading them gives it back. */
static void
text_is_canonical(void **state)
{
	static const char *const	cases[][2] = {
		{ " { \"b\" : [ ] , \"a\" : { } } ", "{\"a\":{},\"b\":[]}" },
		{ "{\"ab\":1,\"a\":2,\"B\":3,\"永\":4}", "{\"B\":3,\"a\":2,\"ab\":1,\"永\":4}" },
		{ "[0.1,1.0,-0.0,1e20,1e-7,123456789.125,0.30000000000000004]",
		  "[0.1,1.0,-0.0,1e+20,1e-07,123456789.125,0.30000000000000004]" },
		{ "\"\\u6c38\\/\\u0001\\\"\"", "\"永/\\u0001\\\"\"" },
		{ "-9223372036854775808", "-9223372036854775808" },
		{ "[true,false,null]", "[true,false,null]" },
	};

	(void)state;
	for (size_t i = 0; i < NITEMS(cases); i++) {
		char	*text = json_text(&arena, parse(cases[i][0]));

		assert_string_equal(text, cases[i][1]);
		assert_string_equal(json_text(&arena, parse(text)), text);
	}
}

static void
the_writer_nests_and_escapes(void **state)
{
	struct uuid	id, nil;

	(void)state;
	memset(&nil, 0, sizeof(nil));
	assert_true(uuid_parse("0191e4c8-3b5e-7abc-8def-0123456789ab", &id));
	json_open(&w, NULL);
	json_put_text(&w, "te\"xt", "a\"b\\c\n永");
	json_put_text(&w, "none", NULL);
	json_put_int(&w, "int", INT64_MIN);
	json_put_bool(&w, "yes", true);
	json_put_bool(&w, "no", false);
	json_open_list(&w, "list");
	json_put_int(&w, NULL, 1);
	json_open(&w, NULL);
	json_close(&w);
	json_open_list(&w, NULL);
	json_close_list(&w);
	json_open(&w, NULL);
	json_put_int(&w, "x", 0);
	json_close(&w);
	json_put_text(&w, NULL, "");
	json_close_list(&w);
	json_put_uuid(&w, "id", &id);
	json_put_uuid(&w, "nil", &nil);
	json_put_uuid(&w, "noid", NULL);
	json_put_day(&w, "day", 20157);
	json_put_day(&w, "noday", DAY_NONE);
	json_put_instant(&w, "at", 1);
	json_put_instant(&w, "never", INT64_MIN);
	json_put_raw(&w, "raw", "{\"x\":1}");
	json_put_raw(&w, "noraw", NULL);
	json_close(&w);
	assert_string_equal(buf_cstr(&out),
	    "{\"te\\\"xt\":\"a\\\"b\\\\c\\n永\",\"none\":null,\"int\":-9223372036854775808,"
	    "\"yes\":true,\"no\":false,\"list\":[1,{},[],{\"x\":0},\"\"],"
	    "\"id\":\"0191e4c8-3b5e-7abc-8def-0123456789ab\",\"nil\":null,\"noid\":null,"
	    "\"day\":\"2025-03-10\",\"noday\":null,\"at\":\"1970-01-01T00:00:00.000001Z\","
	    "\"never\":null,\"raw\":{\"x\":1},\"noraw\":null}");
	assert_non_null(json_parse(&arena, out.data, out.len));
}

/* A value alone is a document as well. */
static void
the_writer_writes_scalars_and_lists(void **state)
{
	(void)state;
	json_put_text(&w, NULL, "x");
	assert_string_equal(buf_cstr(&out), "\"x\"");
	buf_clear(&out);
	json_out_init(&w, &out);
	json_open_list(&w, NULL);
	for (int i = 0; i < 3; i++)
		json_put_int(&w, NULL, i);
	json_close_list(&w);
	assert_string_equal(buf_cstr(&out), "[0,1,2]");
}

static void
name_missing_in_object(void)
{
	json_open(&w, NULL);
	json_put_int(&w, NULL, 1);
}

static void
name_in_list(void)
{
	json_open_list(&w, NULL);
	json_put_int(&w, "a", 1);
}

static void
list_closed_as_object(void)
{
	json_open_list(&w, NULL);
	json_close(&w);
}

static void
closed_too_often(void)
{
	json_open(&w, NULL);
	json_close(&w);
	json_close(&w);
}

static void
second_document(void)
{
	json_put_int(&w, NULL, 1);
	json_put_int(&w, NULL, 2);
}

static void
nested_too_deep(void)
{
	for (int i = 0; i <= JSON_DEPTH_MAX; i++)
		json_open_list(&w, NULL);
}

static void
the_writer_asserts_its_nesting(void **state)
{
	static void	(*const wrong[])(void) = { name_missing_in_object, name_in_list,
			    list_closed_as_object, closed_too_often, second_document,
			    nested_too_deep };
	int		status, null;
	pid_t		pid;

	(void)state;
	for (size_t i = 0; i < NITEMS(wrong); i++) {
		if ((pid = fork()) == 0) {
			if ((null = open("/dev/null", O_WRONLY)) != -1)
				dup2(null, STDERR_FILENO);
			signal(SIGABRT, SIG_DFL);
			wrong[i]();
			_exit(0);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), SIGABRT);
	}
}

static void
a_full_buffer_is_noticed_at_the_end(void **state)
{
	struct buf	small;

	(void)state;
	buf_init(&small, 16);
	json_out_init(&w, &small);
	json_open_list(&w, NULL);
	for (int i = 0; i < 100; i++)
		json_put_int(&w, NULL, i);
	json_close_list(&w);
	assert_false(buf_ok(&small));
	assert_true(small.len <= 16);
	buf_release(&small);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		TEST(pairs_are_decoded_by_the_same_rows),
		TEST(bad_pairs_are_refused),
		TEST(finish_reports_what_is_missing),
		TEST(free_json_is_read),
		TEST(what_is_absent_is_null),
		TEST(free_json_is_parsed_strictly),
		TEST(text_is_canonical),
		TEST(the_writer_nests_and_escapes),
		TEST(the_writer_writes_scalars_and_lists),
		TEST(the_writer_asserts_its_nesting),
		TEST(a_full_buffer_is_noticed_at_the_end),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
