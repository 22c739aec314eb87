/*
 * test_rights.c -- what is withdrawn is taken from the caller's grants, in that
 * area and below it, and a bad list leaves the last one standing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "codes/codes.h"
#include "conf/conf.h"
#include "http/dispatch_priv.h"
#include "http/rights.h"

static int
nothing(struct call *c)
{
	return (call_reply(c, 200, "{}"));
}

static const struct route	 rows[] = {
	{ .name = "thing_list", .method = METHOD_GET, .path = "/v1/t/things",
	  .callers = ROLE_CLERK | ROLE_RECHECK | ROLE_PERSON, .scope = SCOPE_CALLER,
	  .action = "t.thing.list", .handler = nothing, .zh = "物", .en = "Things" },
	{ .name = "other_list", .method = METHOD_GET, .path = "/v1/t/others",
	  .callers = ROLE_CLERK, .scope = SCOPE_AREA, .action = "t.other.list",
	  .handler = nothing, .zh = "他物", .en = "Others" },
	{ .name = "inner", .method = METHOD_GET, .path = "/internal/t", .callers = ROLE_SERVICE,
	  .scope = SCOPE_INTERNAL, .action = "t.inner", .handler = nothing, .zh = "内", .en = "Inner" },
	ROUTE_END
};
static const struct route *const tables[] = { rows, NULL };

static struct arena		 arena;
static struct http_reply_	*o;
static struct call		*c;
static struct http1_head	 head;

static int
load(void **state)
{
	struct buf	errors;

	(void)state;
	buf_init(&errors, 4096);
	if (conf_load("jobs", &errors) == -1 || codes_load("sql/reference") == -1)
		return (-1);
	buf_release(&errors);
	dispatch_init("t", tables);
	return (0);
}

static void
withdraw(const char *list)
{
	char	text[512];

	snprintf(text, sizeof(text), "{\"withdrawn\":[%s]}", list);
	assert_int_equal(rights_set(text, strlen(text)), 0);
}

static int
set_up(void **state)
{
	size_t	n;

	(void)state;
	arena_init(&arena);
	o = arena_zalloc(&arena, sizeof(*o));
	c = &o->call;
	c->out = o;
	c->arena = &arena;
	o->endpoint = dispatch_endpoints(&n);
	assert_int_equal(n, 3);
	c->route = o->endpoint->route;
	c->db = &o->db;
	c->principal = &o->principal;
	c->head = &head;
	head.path = (struct span){ "/", 1 };
	withdraw("");
	return (0);
}

static int
tear_down(void **state)
{
	(void)state;
	withdraw("");
	arena_release(&arena);
	return (0);
}

static void
grant(enum role role, const char *area)
{
	struct principal	*p = &o->principal;

	p->subject.b[0] = 9;
	p->roles |= role;
	p->grants[p->ngrants].role = role;
	snprintf(p->grants[p->ngrants++].area, sizeof(p->grants[0].area), "%s", area);
}

/* The areas a caller has left; "403": none is admitted. */
static const char *
areas(void)
{
	memset(&o->db.scope, 0, sizeof(o->db.scope));
	c->principal = &o->principal;
	if (gate_authorise(c) != 0)
		return ("403");
	return (call_areas(c));
}

static void
takes_the_county_and_what_lies_below(void **state)
{
	(void)state;
	grant(ROLE_CLERK, "431129");
	assert_string_equal(areas(), "431129");
	withdraw("{\"role\":\"clerk\",\"action\":\"t.thing.list\",\"area_code\":\"431129\"}");
	assert_string_equal(areas(), "403");
	grant(ROLE_CLERK, "431129103");
	grant(ROLE_CLERK, "431103");
	assert_string_equal(areas(), "431103");
	assert_false(call_in_area(c, "431129"));
	assert_int_equal(o->principal.ngrants, 3);
	withdraw("{\"role\":\"clerk\",\"action\":\"t.thing.list\",\"area_code\":\"431129103\"}");
	assert_string_equal(areas(), "431129,431103");
	withdraw("");
	assert_string_equal(areas(), "431129,431129103,431103");
}

static void
takes_from_that_role_and_action_alone(void **state)
{
	(void)state;
	grant(ROLE_CLERK, "431129");
	grant(ROLE_RECHECK, "431129");
	withdraw("{\"role\":\"clerk\",\"action\":\"t.thing.list\",\"area_code\":\"431129\"},"
	    "{\"role\":\"clerk\",\"action\":\"t.unknown\",\"area_code\":\"431100\"}");
	assert_string_equal(areas(), "431129");
	o->endpoint++;
	c->route = o->endpoint->route;
	assert_null(o->endpoint->withdrawn);
	assert_string_equal(areas(), "431129");
}

/* 金洞's towns have 祁阳's digits and are another's. */
static void
goes_by_jurisdiction(void **state)
{
	(void)state;
	grant(ROLE_CLERK, "431181120");
	withdraw("{\"role\":\"clerk\",\"action\":\"t.thing.list\",\"area_code\":\"431181\"}");
	assert_string_equal(areas(), "431181120");
	withdraw("{\"role\":\"clerk\",\"action\":\"t.thing.list\",\"area_code\":\"431172\"}");
	assert_string_equal(areas(), "403");
}

static void
cuts_a_county_out_of_the_city(void **state)
{
	const char	*left;

	(void)state;
	grant(ROLE_CLERK, AREA_CITY);
	withdraw("{\"role\":\"clerk\",\"action\":\"t.thing.list\",\"area_code\":\"431129\"}");
	left = areas();
	assert_null(strstr(left, "431129"));
	assert_non_null(strstr(left, "431103"));
	assert_int_equal(strlen(left), 13 * 7 - 1);
	assert_false(principal_has(c->principal, ROLE_CLERK, AREA_CITY));
	withdraw("{\"role\":\"clerk\",\"action\":\"t.thing.list\",\"area_code\":\"431100\"}");
	assert_string_equal(areas(), "403");
	/* Sixteen grants are the most: what does not fit is lost, not kept. */
	withdraw("{\"role\":\"clerk\",\"action\":\"t.thing.list\",\"area_code\":\"431129\"},"
	    "{\"role\":\"recheck\",\"action\":\"t.thing.list\",\"area_code\":\"431129\"}");
	grant(ROLE_RECHECK, AREA_CITY);
	assert_null(strstr(areas(), "431129"));
	assert_int_equal(c->principal->ngrants, PRINCIPAL_ROLES);
}

static void
takes_from_roles_without_an_area_in_the_whole_city_alone(void **state)
{
	(void)state;
	o->principal.roles = ROLE_CLERK;	/* of one outlet */
	o->principal.subject.b[0] = 9;
	withdraw("{\"role\":\"clerk\",\"action\":\"t.thing.list\",\"area_code\":\"431129\"}");
	assert_string_equal(areas(), "");
	withdraw("{\"role\":\"clerk\",\"action\":\"t.thing.list\",\"area_code\":\"431100\"}");
	assert_string_equal(areas(), "403");
}

static void
keeps_the_last_good_list(void **state)
{
	static const char *const	bad[] = {
		"", "[]", "{}", "{\"withdrawn\":{}}", "{\"withdrawn\":[1]}",
		"{\"withdrawn\":[{\"role\":\"clerk\",\"action\":\"t.thing.list\"}]}",
		"{\"withdrawn\":[{\"role\":\"king\",\"action\":\"a\",\"area_code\":\"431129\"}]}",
		"{\"withdrawn\":[{\"role\":\"clerk\",\"action\":\"a\",\"area_code\":\"43112910000000\"}]}"
	};
	size_t				i;

	(void)state;
	grant(ROLE_CLERK, "431129");
	withdraw("{\"role\":\"clerk\",\"action\":\"t.thing.list\",\"area_code\":\"431129\"}");
	for (i = 0; i < NITEMS(bad); i++) {
		assert_int_equal(rights_set(bad[i], strlen(bad[i])), -1);
		assert_string_equal(areas(), "403");
	}
}

#define OUTLETS(matters)								\
	"{\"withdrawn\":[],\"outlets\":["							\
	"{\"outlet_id\":\"00000000-0000-7000-8000-000000000001\",\"name\":\"here\","		\
	"\"lat_e6\":26000000,\"lng_e6\":111000000,\"is_open\":true,\"matters\":" matters "},"	\
	"{\"outlet_id\":\"00000000-0000-7000-8000-000000000002\",\"name\":\"shut\","		\
	"\"lat_e6\":26000100,\"lng_e6\":111000000,\"is_open\":false,\"matters\":null},"		\
	"{\"outlet_id\":\"00000000-0000-7000-8000-000000000003\",\"name\":\"far\","		\
	"\"lat_e6\":26018000,\"lng_e6\":111000000,\"is_open\":true,\"matters\":[\"TT-01\"]}]}"

static int
with_outlets(const char *text)
{
	o->status = 0;
	return (rights_set(text, strlen(text)));
}

static void
holds_a_clerk_to_the_outlets_list(void **state)
{
	struct route	row = *o->endpoint->route;

	(void)state;
	grant(ROLE_CLERK, "431129");
	o->principal.has_outlet = true;
	assert_true(uuid_parse("00000000-0000-7000-8000-000000000001", &o->principal.outlet));
	assert_int_equal(with_outlets(OUTLETS("[\"TT-02\"]")), 0);
	assert_string_equal(areas(), "431129");
	row.matter = "TT-01";
	c->route = &row;
	assert_string_equal(areas(), "403");
	assert_non_null(strstr(o->bytes, "far\xef\xbc\x8c\xe8\xb7\x9d\xe6\xad\xa4 2002"));
	assert_int_equal(with_outlets("{\"withdrawn\":[],\"outlets\":[{}]}"), -1);
	assert_int_equal(with_outlets("{\"withdrawn\":[],\"outlets\":{}}"), -1);
	assert_string_equal(areas(), "403");
	assert_int_equal(with_outlets(OUTLETS("[\"TT-02\",\"TT-01\"]")), 0);
	assert_string_equal(areas(), "431129");
	assert_int_equal(with_outlets(OUTLETS("[]")), 0);
	assert_string_equal(areas(), "403");
	assert_int_equal(with_outlets(OUTLETS("null")), 0);
	assert_string_equal(areas(), "431129");
	assert_int_equal(with_outlets(OUTLETS("[]")), 0);
	grant(ROLE_RECHECK, "431129");
	assert_string_equal(areas(), "431129,431129");
}

static void
tells_its_outer_rows(void **state)
{
	struct buf	b;

	(void)state;
	buf_init(&b, 10000);
	rights_actions(&b);
	assert_true(buf_ok(&b));
	assert_non_null(strstr(buf_cstr(&b), "\"callers\":[\"person\",\"clerk\",\"recheck\"],\"scope\":\"caller\""));
	assert_non_null(strstr(buf_cstr(&b), "other_list"));
	assert_null(strstr(buf_cstr(&b), "t.inner"));
	buf_release(&b);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test_setup_teardown(takes_the_county_and_what_lies_below, set_up, tear_down),
		cmocka_unit_test_setup_teardown(takes_from_that_role_and_action_alone, set_up, tear_down),
		cmocka_unit_test_setup_teardown(goes_by_jurisdiction, set_up, tear_down),
		cmocka_unit_test_setup_teardown(cuts_a_county_out_of_the_city, set_up, tear_down),
		cmocka_unit_test_setup_teardown(takes_from_roles_without_an_area_in_the_whole_city_alone,
		    set_up, tear_down),
		cmocka_unit_test_setup_teardown(keeps_the_last_good_list, set_up, tear_down),
		cmocka_unit_test_setup_teardown(holds_a_clerk_to_the_outlets_list, set_up, tear_down),
		cmocka_unit_test_setup_teardown(tells_its_outer_rows, set_up, tear_down),
	};

	return (cmocka_run_group_tests(tests, load, NULL));
}
