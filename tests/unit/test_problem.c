/*
 * test_problem.c -- refusals as problem+json in both languages, what database
 * errors become, and what is read from a request's head.
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

#define REQUEST_ID	"0190a6c8-5d3e-7c41-8a52-0123456789ab"

struct thing_in {
	int64_t	pay_min;
};

static const struct field thing_fields[] = {
	FIELD_INT(thing_in, pay_min, REQUIRED, 0, 9, "最低"),
	FIELD_END
};
static struct route route = {
	.name = "thing_add", .method = METHOD_POST, .path = "/v1/things",
	.scope = SCOPE_AREA, .body = INPUT(thing_in, thing_fields)
};
static struct arena		 arena;
static struct http1_head	 head;
static struct http_reply_	*o;
static struct call		*c;

static int
set_up(void **state)
{
	(void)state;
	arena_init(&arena);
	o = arena_zalloc(&arena, sizeof(*o));
	c = &o->call;
	c->out = o;
	c->arena = &arena;
	c->route = &route;
	c->db = &o->db;
	c->principal = &o->principal;
	c->head = &head;
	head.path = (struct span){ "/v1/things", 10 };
	memcpy(c->request_id, REQUEST_ID, sizeof(REQUEST_ID));
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
problem(void)
{
	const struct json	*j = json_parse(&arena, o->bytes, o->len);

	assert_string_equal(o->type, "application/problem+json");
	assert_non_null(j);
	return (j);
}

static void
has_text(const struct json *j, const char *name, const char *text)
{
	const struct json	*value = json_get(j, name);

	assert_non_null(value);
	assert_string_equal(json_string(value), text);
}

static const char *
line(const char *name)
{
	size_t	i;

	for (i = 0; i < o->nlines; i++)
		if (strcmp(o->lines[i].name, name) == 0)
			return (o->lines[i].value);
	return (NULL);
}

static void
speaks_chinese_and_english(void **state)
{
	const struct json	*j;
	int64_t			 status;

	(void)state;
	assert_int_equal(call_reject(c, ERR_NOT_FOUND, NULL), 404);
	j = problem();
	has_text(j, "type", "urn:yjy365:problem:request.not_found");
	has_text(j, "title", "未找到");
	has_text(j, "instance", "/v1/things");
	has_text(j, "code", "request.not_found");
	has_text(j, "request_id", REQUEST_ID);
	assert_true(json_integer(json_get(j, "status"), &status));
	assert_int_equal(status, 404);
	assert_null(json_get(j, "errors"));
	assert_null(json_get(j, "detail"));
	assert_string_equal(line("Content-Language"), "zh-CN");
	c->english = true;
	(void)call_reject_detail(c, ERR_STATE, NULL, "still \"open\"\n");
	j = problem();
	has_text(j, "title", "Not possible in the present state");
	has_text(j, "detail", "still \"open\"\n");
	assert_string_equal(line("Content-Language"), "en");
}

static void
every_error_has_both_texts(void **state)
{
	int	i, k;

	(void)state;
	for (i = ERR_NONE + 1; i < ERRORS; i++) {
		const struct error_row	*row = error_row((enum error_code)i);

		assert_true(row->zh[0] != '\0' && row->en[0] != '\0');
		assert_in_range(row->status, 400, 504);
		assert_int_equal(error_by_code(row->code), i);
		for (k = ERR_NONE + 1; k < i; k++)
			assert_string_not_equal(row->code, error_row((enum error_code)k)->code);
	}
	assert_int_equal(error_by_code("no.such"), ERR_NONE);
	assert_int_equal(error_by_code(""), ERR_NONE);
	assert_int_equal(error_row(ERR_NONE)->status, 500);
}

static void
points_at_fields(void **state)
{
	const struct json	*e;

	(void)state;
	assert_int_equal(call_reject(c, ERR_JOBS_PAY_RANGE, "pay_min"), 422);
	has_text(problem(), "code", "jobs.pay_range");
	e = json_at(json_get(problem(), "errors"), 0);
	has_text(e, "pointer", "/pay_min");
	has_text(e, "code", "jobs.pay_range");
	(void)call_reject(c, ERR_JOBS_PAY_RANGE, "/pay_min");
	has_text(json_at(json_get(problem(), "errors"), 0), "pointer", "/pay_min");
	(void)call_reject(c, ERR_JOBS_PAY_RANGE, "area");
	has_text(json_at(json_get(problem(), "errors"), 0), "pointer", "area");
	/* The code of a field never stands for the whole request. */
	assert_int_equal(call_reject(c, ERR_F_DATE_FUTURE, "pay_min"), 422);
	has_text(problem(), "code", "request.invalid");
	has_text(json_at(json_get(problem(), "errors"), 0), "code", "field.date_future");
	has_text(json_at(json_get(problem(), "errors"), 0), "detail", "日期不能晚于今天");
}

static void
lists_all_mistakes_and_survives_wild_names(void **state)
{
	static char		 name[20000];
	struct json_errors	 e = { .count = 0 };
	const struct json	*list;
	size_t			 i;

	(void)state;
	name[0] = '/';
	memset(name + 1, '\x01', sizeof(name) - 2);
	for (i = 0; i < JSON_ERRORS_MAX; i++)
		e.list[e.count++] = (struct json_error){ name, ERR_F_UNKNOWN };
	assert_int_equal(call_reject_fields(c, &e), 422);
	list = json_get(problem(), "errors");
	assert_int_equal(json_count(list), JSON_ERRORS_MAX);
	assert_in_range(strlen(json_string(json_get(json_at(list, 0), "pointer"))), 2, 256);
	/* One mistake about the whole document is the problem itself. */
	e.count = 1;
	e.list[0] = (struct json_error){ "", ERR_BAD_JSON };
	assert_int_equal(call_reject_fields(c, &e), 400);
	has_text(problem(), "code", "request.json");
	assert_null(json_get(problem(), "errors"));
}

static void
turns_database_errors_into_ours(void **state)
{
	static const struct {
		enum db_error	 error;
		int		 status;
		const char	*code;
	}	cases[] = {
		{ DB_BUSY, 503, "server.busy" }, { DB_DOWN, 503, "server.unavailable" },
		{ DB_TIMEOUT, 504, "server.timeout" }, { DB_UNKNOWN, 503, "server.outcome_unknown" },
		{ DB_UNIQUE, 409, "state.exists" }, { DB_FOREIGN, 409, "state.reference" },
		{ DB_CHECK, 409, "state.wrong" }, { DB_CONFLICT, 409, "state.conflict" },
		{ DB_DENIED, 403, "auth.area" }, { DB_BUG, 500, "server.internal" },
		{ DB_OK, 500, "server.internal" }
	};
	size_t	i;

	(void)state;
	for (i = 0; i < NITEMS(cases); i++) {
		o->db.error = cases[i].error;
		assert_int_equal(call_failed(c), cases[i].status);
		has_text(problem(), "code", cases[i].code);
	}
	o->db.error = DB_BUSY;
	(void)call_failed(c);
	assert_string_equal(line("Retry-After"), "1");
	o->db.error = DB_DENIED;
	route.scope = SCOPE_ORG;
	(void)call_failed(c);
	has_text(problem(), "code", "auth.forbidden");
	route.scope = SCOPE_AREA;
	o->db.error = DB_UNIQUE;
	o->db.constraint = "idempotency_pkey";
	(void)call_failed(c);
	has_text(problem(), "code", "idempotency.running");
	o->db.constraint = "vacancy_pkey";
	(void)call_failed(c);
	has_text(problem(), "code", "state.exists");
}

static void
understands_what_sql_raises(void **state)
{
	(void)state;
	o->db.error = DB_RAISED;
	o->db.detail = "subsidies.budget";
	assert_int_equal(call_failed(c), 409);
	has_text(problem(), "code", "subsidies.budget");
	o->db.detail = "jobs.pay_range pay_min";
	assert_int_equal(call_failed(c), 422);
	has_text(json_at(json_get(problem(), "errors"), 0), "pointer", "/pay_min");
	/* Other texts stay inside. */
	o->db.detail = "duplicate key 4311291980";
	assert_int_equal(call_failed(c), 500);
	assert_null(strstr(o->bytes, "4311291980"));
	o->db.detail = NULL;
	assert_int_equal(call_failed(c), 500);
}

static void
tells_how_to_sign_in(void **state)
{
	(void)state;
	(void)call_reject(c, ERR_TOKEN_MISSING, NULL);
	assert_string_equal(line("WWW-Authenticate"), "Bearer realm=\"yjy365\"");
	(void)call_reject(c, ERR_TOKEN_EXPIRED, NULL);
	assert_non_null(strstr(line("WWW-Authenticate"), "error=\"invalid_token\""));
	(void)call_reject(c, ERR_FORBIDDEN, NULL);
	assert_null(line("WWW-Authenticate"));
}

/* A success that turns into a refusal leaves none of its headers behind. */
static void
drops_headers_of_an_abandoned_reply(void **state)
{
	(void)state;
	(void)call_reply(c, 201, "{}");
	call_header(c, "Location", "/v1/things/7");
	call_header(c, "X-Bad", "a\r\nSet-Cookie: x");
	assert_null(line("X-Bad"));
	assert_non_null(line("Location"));
	(void)call_reject(c, ERR_CONFLICT, NULL);
	assert_null(line("Location"));
}

static bool
english(const char *header)
{
	return (head_prefers_english((struct span){ header, strlen(header) }));
}

static void
chooses_the_language(void **state)
{
	(void)state;
	assert_false(english(""));
	assert_false(english("zh-CN,zh;q=0.9,en;q=0.8"));
	assert_true(english("en"));
	assert_true(english("en-GB"));
	assert_true(english("en-US,en;q=0.9,zh-CN;q=0.8"));
	assert_true(english("EN ; q=0.5"));
	assert_false(english("fr, de;q=0.7"));
	assert_false(english("en;q=0"));
	assert_false(english("en;q=0.000, *"));
	assert_true(english("*;q=0.1, en;q=0.2"));
	assert_false(english("en;q=0.2, *;q=0.3"));
	assert_false(english("en;q=0.5,zh;q=0.5"));
	assert_true(english("zh;q=0.5,en;q=0.501"));
	assert_false(english("en;q=1.5"));
	assert_false(english("en;q=x"));
	assert_false(english("english"));
	assert_false(english(",,;q=1,en;level=1"));
}

static void
continues_only_valid_traces(void **state)
{
	static const char	good[] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
	static const char *const bad[] = {
		"", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
		"ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
		"00-00000000000000000000000000000000-00f067aa0ba902b7-01",
		"00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
		"00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
		"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0g",
		"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
		"01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01x",
		"00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
	};
	char	out[33];
	size_t	i;

	(void)state;
	head_trace((struct span){ good, strlen(good) }, REQUEST_ID, out);
	assert_string_equal(out, "4bf92f3577b34da6a3ce929d0e0e4736");
	head_trace((struct span){ "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x", 57 },
	    REQUEST_ID, out);
	assert_string_equal(out, "4bf92f3577b34da6a3ce929d0e0e4736");
	for (i = 0; i < NITEMS(bad); i++) {
		head_trace((struct span){ bad[i], strlen(bad[i]) }, REQUEST_ID, out);
		assert_string_equal(out, "0190a6c85d3e7c418a520123456789ab");
	}
}

static bool
is_json(const char *type)
{
	return (head_is_json((struct span){ type, strlen(type) }));
}

static void
knows_json_by_its_type(void **state)
{
	(void)state;
	assert_true(is_json("application/json"));
	assert_true(is_json("Application/JSON; charset=UTF-8"));
	assert_true(is_json("application/json;charset=\"utf-8\"; x=1"));
	assert_true(is_json("application/merge-patch+json"));
	assert_false(is_json(""));
	assert_false(is_json("text/json"));
	assert_false(is_json("application/jsonp"));
	assert_false(is_json("application/+json"));
	assert_false(is_json("application/json; charset=gbk"));
	assert_false(is_json("application/x-www-form-urlencoded"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(speaks_chinese_and_english, set_up, tear_down),
		cmocka_unit_test(every_error_has_both_texts),
		cmocka_unit_test_setup_teardown(points_at_fields, set_up, tear_down),
		cmocka_unit_test_setup_teardown(lists_all_mistakes_and_survives_wild_names,
		    set_up, tear_down),
		cmocka_unit_test_setup_teardown(turns_database_errors_into_ours, set_up, tear_down),
		cmocka_unit_test_setup_teardown(understands_what_sql_raises, set_up, tear_down),
		cmocka_unit_test_setup_teardown(tells_how_to_sign_in, set_up, tear_down),
		cmocka_unit_test_setup_teardown(drops_headers_of_an_abandoned_reply, set_up, tear_down),
		cmocka_unit_test(chooses_the_language),
		cmocka_unit_test(continues_only_valid_traces),
		cmocka_unit_test(knows_json_by_its_type),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
