/*
 * test_gate.c -- who a row admits and what the database is told about them:
 * the scope is never wider than the row and the token together.
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
#include "http/dispatch_priv.h"

static struct arena		 arena;
static struct http_reply_	*o;
static struct call		*c;
static struct route		 route;
static struct http1_head	 head;

static int
load(void **state)
{
	(void)state;
	return (codes_load("sql/reference"));
}

static int
set_up(void **state)
{
	(void)state;
	arena_init(&arena);
	memset(&route, 0, sizeof(route));
	route.name = "thing";
	route.action = "t.thing";
	o = arena_zalloc(&arena, sizeof(*o));
	c = &o->call;
	c->out = o;
	c->arena = &arena;
	c->route = &route;
	c->db = &o->db;
	c->principal = &o->principal;
	c->head = &head;
	head.path = (struct span){ "/", 1 };
	return (0);
}

static int
tear_down(void **state)
{
	(void)state;
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
	snprintf(p->grants[p->ngrants].area, sizeof(p->grants[0].area), "%s", area);
	p->ngrants++;
}

static void
admits_by_role_alone(void **state)
{
	(void)state;
	route.callers = ROLE_CLERK | ROLE_AUDIT;
	route.scope = SCOPE_PUBLIC;
	assert_int_equal(gate_authorise(c), 403);
	grant(ROLE_RECHECK, "431129");
	assert_int_equal(gate_authorise(c), 403);
	grant(ROLE_AUDIT, "431129");
	assert_int_equal(gate_authorise(c), 0);
	assert_string_equal(o->db.scope.action, "t.thing");
	assert_ptr_equal(o->db.scope.actor, &o->principal.subject);
}

static void
anyone_needs_nothing_and_tells_nothing(void **state)
{
	(void)state;
	route.callers = ROLE_ANYONE;
	route.scope = SCOPE_PUBLIC;
	assert_int_equal(gate_authorise(c), 0);
	assert_null(o->db.scope.actor);
	grant(ROLE_CLERK, "431129");
	o->principal.has_person = o->principal.has_org = true;
	assert_int_equal(gate_authorise(c), 0);
	assert_null(o->db.scope.person);
	assert_null(o->db.scope.org);
	assert_null(o->db.scope.areas);
}

static void
takes_areas_of_admitted_roles_only(void **state)
{
	(void)state;
	route.callers = ROLE_FIRST_REVIEW | ROLE_RECHECK;
	route.scope = SCOPE_AREA;
	grant(ROLE_FIRST_REVIEW, "431129");
	grant(ROLE_CLERK, "431103");
	grant(ROLE_AUDIT, "431100");
	assert_int_equal(gate_authorise(c), 0);
	assert_string_equal(o->db.scope.areas, "431129");
	assert_string_equal(call_areas(c), "431129");
	assert_string_equal(c->area, "431129");
	grant(ROLE_RECHECK, "431103105");
	assert_int_equal(gate_authorise(c), 0);
	assert_string_equal(o->db.scope.areas, "431129,431103105");
	assert_null(o->db.scope.person);
	assert_true(call_in_area(c, "431129"));
	assert_true(call_in_area(c, "431103105"));
	assert_false(call_in_area(c, "431103"));
	assert_false(call_in_area(c, "431102"));
}

/* A person's token names where they live; that opens nobody else's data. */
static void
takes_no_area_from_people_and_organisations(void **state)
{
	(void)state;
	route.callers = ROLE_PERSON | ROLE_EMPLOYER | ROLE_CARRIER | ROLE_CLERK;
	route.scope = SCOPE_CALLER;
	grant(ROLE_PERSON, "431129");
	grant(ROLE_EMPLOYER, "431100");
	grant(ROLE_CARRIER, "431103");
	o->principal.has_person = true;
	assert_int_equal(gate_authorise(c), 0);
	assert_null(o->db.scope.areas);
	assert_string_equal(call_areas(c), "");
	assert_ptr_equal(o->db.scope.person, &o->principal.person);
	assert_null(o->db.scope.org);
	assert_false(call_in_area(c, "431129"));
	route.scope = SCOPE_AREA;
	assert_int_equal(gate_authorise(c), 403);
}

static void
spells_out_the_city(void **state)
{
	const char *const	*counties;
	const char		*areas;
	size_t			 i, n = area_counties(&counties), commas = 0;

	(void)state;
	route.callers = ROLE_STATS;
	route.scope = SCOPE_AREA;
	grant(ROLE_STATS, "431129");
	grant(ROLE_STATS, AREA_CITY);
	assert_int_equal(gate_authorise(c), 0);
	areas = o->db.scope.areas;
	assert_int_equal(n, 14);
	for (i = 0; areas[i] != '\0'; i++)
		commas += areas[i] == ',';
	assert_int_equal(commas, 13);
	for (i = 0; i < n; i++)
		assert_non_null(strstr(areas, counties[i]));
	assert_null(strstr(areas, AREA_CITY));
	assert_string_equal(c->area, AREA_CITY);
	assert_true(call_in_area(c, "431172"));
}

static void
wants_the_person_or_the_organisation(void **state)
{
	(void)state;
	route.callers = ROLE_PERSON;
	route.scope = SCOPE_PERSON;
	grant(ROLE_PERSON, "");
	assert_int_equal(gate_authorise(c), 403);
	o->principal.has_person = true;
	assert_int_equal(gate_authorise(c), 0);
	assert_ptr_equal(o->db.scope.person, &o->principal.person);
	assert_null(o->db.scope.org);
	memset(&o->db.scope, 0, sizeof(o->db.scope));
	route.scope = SCOPE_ORG;
	assert_int_equal(gate_authorise(c), 403);
	o->principal.has_org = true;
	assert_int_equal(gate_authorise(c), 0);
	assert_ptr_equal(o->db.scope.org, &o->principal.org);
	assert_null(o->db.scope.person);
}

static void
keeps_internal_rows_for_services(void **state)
{
	(void)state;
	route.callers = ROLE_SERVICE;
	route.scope = SCOPE_INTERNAL;
	grant(ROLE_SYSTEM_ADMIN, AREA_CITY);
	assert_int_equal(gate_authorise(c), 403);
	o->principal.roles = ROLE_SERVICE;
	memset(&o->principal.subject, 0, sizeof(o->principal.subject));
	assert_int_equal(gate_authorise(c), 0);
	assert_null(o->db.scope.actor);
	assert_null(o->db.scope.areas);
}

static void
refuses_several_or_no_tokens(void **state)
{
	static const char *const	schemes[] = {
		"", "Basic dTpw", "Bearer", "Bearer ", "bearertoken", "Token x"
	};
	size_t				i;

	(void)state;
	route.callers = ROLE_CLERK;
	route.scope = SCOPE_AREA;
	for (i = 0; i < NITEMS(schemes); i++) {
		o->heard.authorization = (struct span){ schemes[i], strlen(schemes[i]) };
		o->heard.nauthorization = schemes[i][0] != '\0';
		assert_int_equal(gate_authenticate(c), 401);
		assert_non_null(strstr(o->bytes, "auth.token_missing"));
	}
	o->heard.authorization = (struct span){ "Bearer a.b.c", 12 };
	o->heard.nauthorization = 1;
	assert_int_equal(gate_authenticate(c), 401);
	assert_non_null(strstr(o->bytes, "auth.token_invalid"));
	assert_int_equal(o->principal.roles, 0);
	o->heard.nauthorization = 2;
	assert_int_equal(gate_authenticate(c), 400);
	/* A row open to anyone does not mind, except for two at once. */
	route.callers = ROLE_ANYONE;
	assert_int_equal(gate_authenticate(c), 400);
	o->heard.nauthorization = 1;
	assert_int_equal(gate_authenticate(c), 0);
	assert_int_equal(o->principal.roles, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(admits_by_role_alone, set_up, tear_down),
		cmocka_unit_test_setup_teardown(anyone_needs_nothing_and_tells_nothing,
		    set_up, tear_down),
		cmocka_unit_test_setup_teardown(takes_areas_of_admitted_roles_only,
		    set_up, tear_down),
		cmocka_unit_test_setup_teardown(takes_no_area_from_people_and_organisations,
		    set_up, tear_down),
		cmocka_unit_test_setup_teardown(spells_out_the_city, set_up, tear_down),
		cmocka_unit_test_setup_teardown(wants_the_person_or_the_organisation,
		    set_up, tear_down),
		cmocka_unit_test_setup_teardown(keeps_internal_rows_for_services,
		    set_up, tear_down),
		cmocka_unit_test_setup_teardown(refuses_several_or_no_tokens, set_up, tear_down),
	};

	return (cmocka_run_group_tests(tests, load, NULL));
}
