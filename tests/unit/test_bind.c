/*
 * test_bind.c -- arguments of plain rows: where each comes from, and what the
 * statement is given for what was sent, left out or null.
 */
#include <endian.h>
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
#define EPOCH_DAYS	10957	/* PostgreSQL's 2000-01-01 */

struct thing_in {
	const char	*title;
	int64_t		 pay_min, pay_max;
	bool		 urgent;
	struct uuid	 org;
	int32_t		 starts_on;
	int64_t		 at;
	const char	*extra;
	struct list_of	 parts;
};

struct part_in {
	const char	*name;
	int64_t		 n;
};

struct thing_query {
	const char	*q;
	int64_t		 least;
};

static const struct field part_fields[] = {
	FIELD_TEXT(part_in, name, REQUIRED, 1, 10, "名"),
	FIELD_INT(part_in, n, OPTIONAL, 0, 10, "数"),
	FIELD_END
};

static const struct field thing_fields[] = {
	FIELD_TEXT(thing_in, title, OPTIONAL, 1, 50, "名称"),
	FIELD_INT(thing_in, pay_min, REQUIRED, 0, 100, "最低"),
	FIELD_INT(thing_in, pay_max, OPTIONAL, 0, 100, "最高"),
	FIELD_BOOL(thing_in, urgent, OPTIONAL, "急"),
	FIELD_UUID(thing_in, org, OPTIONAL, "单位"),
	FIELD_DAY(thing_in, starts_on, OPTIONAL, "起"),
	FIELD_INSTANT(thing_in, at, OPTIONAL, "时"),
	FIELD_JSON(thing_in, extra, OPTIONAL, 100, "其他"),
	FIELD_LIST(thing_in, parts, OPTIONAL, 0, 5, part_in, part_fields, "部分"),
	FIELD_END
};

static const struct field query_fields[] = {
	FIELD_TEXT(thing_query, q, OPTIONAL, 1, 50, "查"),
	FIELD_INT(thing_query, least, OPTIONAL, 0, 100, "至少"),
	FIELD_END
};

static const struct db_param body_params[] = {
	{ "id", DB_T_UUID }, { "part_no", DB_T_TEXT }, { "new_id", DB_T_UUID },
	{ "caller_person", DB_T_UUID }, { "caller_org", DB_T_UUID }, { "caller", DB_T_UUID },
	{ "title", DB_T_TEXT }, { "pay_min", DB_T_INT8 }, { "pay_max", DB_T_INT4 },
	{ "urgent", DB_T_BOOL }, { "org", DB_T_UUID }, { "starts_on", DB_T_DATE },
	{ "at", DB_T_TIMESTAMPTZ }, { "extra", DB_T_JSONB }, { "parts", DB_T_JSONB }
};
enum {
	A_ID, A_PART_NO, A_NEW_ID, A_PERSON, A_ORG_OF, A_CALLER, A_TITLE, A_MIN, A_MAX,
	A_URGENT, A_ORG, A_STARTS, A_AT, A_EXTRA, A_PARTS, ARGS
};
static const struct db_stmt body_stmt = {
	.name = "thing_put", .params = body_params, .nparams = NITEMS(body_params)
};
static const struct route body_route = {
	.name = "thing_put", .method = METHOD_PUT, .path = "/v1/things/{id}/parts/{part_no}",
	.callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "t.put", .zh = "改", .en = "Put",
	.body = INPUT(thing_in, thing_fields), .stmt = &body_stmt
};

static const struct db_param list_params[] = {
	{ "q", DB_T_TEXT }, { "least", DB_T_INT8 }, { "lim", DB_T_INT8 }, { "after", DB_T_TEXT }
};
static const struct db_stmt list_stmt = {
	.name = "thing_list", .params = list_params, .nparams = NITEMS(list_params),
	.card = DB_MANY, .read = true
};
static const struct route list_route = {
	.name = "thing_list", .method = METHOD_GET, .path = "/v1/things",
	.callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "t.list", .zh = "列", .en = "List",
	.query = INPUT(thing_query, query_fields), .list = true, .stmt = &list_stmt
};

struct request {
	struct arena		 arena;
	struct endpoint		 endpoint;
	struct http1_head	 head;
	struct http_reply_	*o;
	struct call		*c;
};

static void
request_open(struct request *r, const struct route *route, const char *query)
{
	struct buf	report;

	memset(r, 0, sizeof(*r));
	arena_init(&r->arena);
	buf_init(&report, 4096);
	endpoint_init(&r->endpoint, route, &report);
	assert_string_equal(buf_cstr(&report), "");
	buf_release(&report);
	r->o = arena_zalloc(&r->arena, sizeof(*r->o));
	r->c = &r->o->call;
	r->c->out = r->o;
	r->c->arena = &r->arena;
	r->c->route = route;
	r->c->principal = &r->o->principal;
	r->c->db = &r->o->db;
	r->c->head = &r->head;
	r->o->endpoint = &r->endpoint;
	r->head.method = route->method;
	r->head.path = (struct span){ "/v1/things", 10 };
	r->head.query = (struct span){ query, strlen(query) };
}

static void
request_body(struct request *r, const char *json)
{
	r->c->raw = (struct span){ json, strlen(json) };
	r->o->have_body = true;
	r->o->heard.content_type = (struct span){ "application/json", 16 };
	r->c->nparams = 2;
	r->c->params[0].name = "id";
	r->c->params[0].text = ID;
	r->c->params[1].name = "part_no";
	r->c->params[1].text = "A/7";
	assert_true(uuid_parse(ID, &r->c->id));
}

static void
request_close(struct request *r)
{
	endpoint_release(&r->endpoint);
	arena_release(&r->arena);
}

static void
is_int(const struct db_args *a, size_t i, int64_t n)
{
	uint64_t	be;

	assert_non_null(a->value[i]);
	assert_int_equal(a->length[i], 8);
	memcpy(&be, a->value[i], 8);
	assert_int_equal((int64_t)be64toh(be), n);
}

static void
binds_what_was_sent(void **state)
{
	struct request	r;
	struct db_args	a;
	uint32_t	day;

	(void)state;
	request_open(&r, &body_route, "");
	request_body(&r, "{\"title\":\"普工\",\"pay_min\":0,\"pay_max\":0,\"urgent\":false,"
	    "\"org\":\"" ID "\",\"starts_on\":\"2000-01-02\",\"at\":\"2000-01-01T00:00:01Z\","
	    "\"extra\":{\"b\":1,\"a\":[null]},\"parts\":[{\"name\":\"x\"},{\"name\":\"y\",\"n\":2}]}");
	r.o->principal.has_person = true;
	r.o->principal.person.b[0] = 1;
	r.o->principal.subject.b[0] = 2;
	assert_int_equal(gate_decode(r.c), 0);
	bind_args(r.c, &a);
	assert_int_equal(a.count, ARGS);
	assert_memory_equal(a.value[A_ID], r.c->id.b, 16);
	assert_string_equal(a.value[A_PART_NO], "A/7");
	assert_int_equal(((const uint8_t *)a.value[A_NEW_ID])[6] >> 4, 7);
	assert_memory_equal(a.value[A_PERSON], r.o->principal.person.b, 16);
	assert_null(a.value[A_ORG_OF]);
	assert_memory_equal(a.value[A_CALLER], r.o->principal.subject.b, 16);
	assert_string_equal(a.value[A_TITLE], "普工");
	is_int(&a, A_MIN, 0);
	is_int(&a, A_MAX, 0);
	assert_non_null(a.value[A_URGENT]);
	assert_int_equal(a.value[A_URGENT][0], 0);
	assert_memory_equal(a.value[A_ORG], r.c->id.b, 16);
	memcpy(&day, a.value[A_STARTS], 4);
	assert_int_equal(be32toh(day), 1);
	is_int(&a, A_AT, 1000000);
	assert_string_equal(a.value[A_EXTRA], "{\"a\":[null],\"b\":1}");
	assert_string_equal(a.value[A_PARTS], "[{\"name\":\"x\"},{\"n\":2,\"name\":\"y\"}]");
	request_close(&r);
}

/* What is left out, or null, is NULL in the database and not zero. */
static void
binds_absence_as_null(void **state)
{
	static const char *const	bodies[] = {
		"{\"pay_min\":3}",
		"{\"pay_min\":3,\"title\":null,\"pay_max\":null,\"urgent\":null,\"org\":null,"
		"\"starts_on\":null,\"at\":null,\"extra\":null,\"parts\":null}"
	};
	struct request			r;
	struct db_args			a;
	size_t				i, k;

	(void)state;
	for (k = 0; k < NITEMS(bodies); k++) {
		request_open(&r, &body_route, "");
		request_body(&r, bodies[k]);
		assert_int_equal(gate_decode(r.c), 0);
		bind_args(r.c, &a);
		is_int(&a, A_MIN, 3);
		assert_null(a.value[A_CALLER]);
		for (i = A_TITLE; i < ARGS; i++)
			if (i != A_MIN)
				assert_null(a.value[i]);
		request_close(&r);
	}
}

static void
binds_pages(void **state)
{
	struct request	r;
	struct db_args	a;
	char		query[256];

	(void)state;
	cursor_init("key", 3);
	request_open(&r, &list_route, "");
	assert_int_equal(gate_decode(r.c), 0);
	bind_args(r.c, &a);
	assert_null(a.value[0]);
	assert_null(a.value[1]);
	is_int(&a, 2, PAGE_DEFAULT + 1);
	assert_null(a.value[3]);
	request_close(&r);

	request_open(&r, &list_route, "");
	snprintf(query, sizeof(query), "q=%%E6%%B1%%9F+%%E5%%8D%%8E&least=0&limit=5&cursor=%s",
	    cursor_seal(&r.arena, "thing_list", "2025 7"));
	r.head.query = (struct span){ query, strlen(query) };
	assert_int_equal(gate_decode(r.c), 0);
	bind_args(r.c, &a);
	assert_string_equal(a.value[0], "江 华");
	is_int(&a, 1, 0);
	is_int(&a, 2, 6);
	assert_string_equal(a.value[3], "2025 7");
	request_close(&r);
}

static void
refuses_bad_queries(void **state)
{
	static const struct {
		const char	*query, *wanted;
	}	cases[] = {
		{ "colour=red", "field.unknown" }, { "q=a&q=b", "field.duplicate" },
		{ "limit=0", "field.too_small" }, { "limit=201", "field.too_large" },
		{ "limit=ten", "field.type" }, { "least=-1", "field.too_small" },
		{ "cursor=AAAA", "field.cursor" }, { "q=", "field.too_short" },
		{ "q=%zz", "request.malformed" }, { "q=%00", "request.malformed" },
		{ "q=%ff", "request.malformed" }, { "Q=a", "field.unknown" },
		{ "q", "field.too_short" }, { "=x", "field.unknown" }
	};
	struct request	r;
	size_t		i;

	(void)state;
	for (i = 0; i < NITEMS(cases); i++) {
		request_open(&r, &list_route, cases[i].query);
		assert_int_not_equal(gate_decode(r.c), 0);
		if (strstr(r.o->bytes, cases[i].wanted) == NULL)
			fail_msg("%s: %s", cases[i].query, (const char *)r.o->bytes);
		request_close(&r);
	}
}

static void
refuses_bad_bodies(void **state)
{
	struct request	r;

	(void)state;
	request_open(&r, &body_route, "");
	request_body(&r, "{\"pay_min\":1}");
	r.o->heard.content_type = (struct span){ "text/plain", 10 };
	assert_int_equal(gate_decode(r.c), 415);
	request_close(&r);
	request_open(&r, &body_route, "");
	request_body(&r, "{\"pay_min\":1,}");
	assert_int_equal(gate_decode(r.c), 400);
	assert_non_null(strstr(r.o->bytes, "request.json"));
	request_close(&r);
	request_open(&r, &body_route, "");
	request_body(&r, "");
	assert_int_equal(gate_decode(r.c), 422);
	assert_non_null(strstr(r.o->bytes, "\"pointer\":\"/pay_min\",\"code\":\"field.missing\""));
	request_close(&r);
	request_open(&r, &body_route, "x=1");
	request_body(&r, "{\"pay_min\":1}");
	assert_int_equal(gate_decode(r.c), 422);
	request_close(&r);
}

static void
refuses_arguments_from_nowhere(void **state)
{
	static const struct db_param	stray[] = { { "colour", DB_T_TEXT }, { "pay_min", DB_T_TEXT },
					    { "lim", DB_T_INT8 }, { "part_no", DB_T_UUID },
					    { "new_id", DB_T_TEXT } };
	static const struct db_stmt	stmt = { .name = "s", .params = stray, .nparams = 5 };
	struct route			r = body_route;
	struct endpoint			e;
	struct buf			report;

	(void)state;
	r.stmt = &stmt;
	buf_init(&report, 4096);
	endpoint_init(&e, &r, &report);
	assert_non_null(strstr(buf_cstr(&report), "argument colour of s comes from nowhere"));
	assert_non_null(strstr(buf_cstr(&report), "argument pay_min of s has another type"));
	assert_non_null(strstr(buf_cstr(&report), "argument lim of s comes from nowhere"));
	assert_non_null(strstr(buf_cstr(&report), "argument part_no of s has another type"));
	assert_non_null(strstr(buf_cstr(&report), "argument new_id of s has another type"));
	endpoint_release(&e);
	buf_release(&report);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(binds_what_was_sent),
		cmocka_unit_test(binds_absence_as_null),
		cmocka_unit_test(binds_pages),
		cmocka_unit_test(refuses_bad_queries),
		cmocka_unit_test(refuses_bad_bodies),
		cmocka_unit_test(refuses_arguments_from_nowhere),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
