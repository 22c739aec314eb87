/*
 * test_audit.c -- whom a reply is about is found without parsing it, and a row
 * that shows personal data without saying so is not sound.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "http/audit_priv.h"

#define A	"01a21c14-9167-7025-83bf-dd6c761d8e3a"
#define B	"01a21c14-9167-7025-83bf-dd6c761d8e3b"

static size_t
people(const char *json, struct uuid *ids, size_t room)
{
	return (find_uuids((struct span){ json, strlen(json) }, "person_id", ids, room));
}

static void
members_are_found_at_any_depth(void **state)
{
	struct uuid	ids[4];
	char		text[UUID_TEXT];

	(void)state;
	assert_int_equal(people("{\"items\":[{\"person_id\":\"" A "\"},{\"x\":{\"person_id\" : \"" B
	    "\"}},{\"person_id\": \"" A "\"}]}", ids, 4), 2);
	assert_string_equal(uuid_format(&ids[0], text), A);
	assert_string_equal(uuid_format(&ids[1], text), B);
	assert_int_equal(people("[{\"person_id\":\"" A "\"},{\"person_id\":\"" B "\"}]", ids, 1), 1);
}

static void
text_is_no_member(void **state)
{
	struct uuid	ids[4];

	(void)state;
	assert_int_equal(people("", ids, 4), 0);
	assert_int_equal(people("{\"person_id\":null}", ids, 4), 0);
	assert_int_equal(people("{\"person_id\":7,\"n\":\"" A "\"}", ids, 4), 0);
	assert_int_equal(people("{\"person_id\":\"x\"}", ids, 4), 0);
	assert_int_equal(people("{\"person_id\":\"" A, ids, 4), 0);
	assert_int_equal(people("{\"person_id\"", ids, 4), 0);
	assert_int_equal(people("{\"note\":\"\\\"person_id\\\":\\\"" A "\\\"\"}", ids, 4), 0);
	assert_int_equal(people("{\"other_person_id\":\"" A "\"}", ids, 4), 0);
}

static void
the_first_text_is_taken(void **state)
{
	const char	*json = "{\"id\":\"1\",\"county_code\": \"431129\",\"x\":{\"county_code\":\"431103\"}}";
	struct span	 s = { json, strlen(json) };
	char		 county[AUDIT_COUNTY];

	(void)state;
	assert_true(find_text(s, "county_code", county, sizeof(county)));
	assert_string_equal(county, "431129");
	assert_false(find_text(s, "area_code", county, sizeof(county)));
	assert_false(find_text(s, "county_code", county, 6));
}

static int
handler(struct call *c)
{
	return (call_reply(c, 200, "{}"));
}

static const struct shape inner[] = {
	{ .name = "name_masked", .type = SHAPE_T_TEXT }, SHAPE_END
};
static const struct shape outer[] = {
	{ .name = "list", .type = SHAPE_T_LIST, .of = inner }, SHAPE_END
};

static bool
sound(struct route r)
{
	struct endpoint	e;
	struct buf	report;
	bool		good;

	r.name = "thing_get";
	r.path = "/v1/thing";
	r.action = "thing.get";
	r.zh = r.en = "x";
	r.handler = handler;
	buf_init(&report, 4096);
	endpoint_init(&e, &r, &report);
	good = report.len == 0;
	endpoint_release(&e);
	buf_release(&report);
	return (good);
}

static void
a_read_of_people_says_so(void **state)
{
	struct route	r = { .method = METHOD_GET, .callers = ROLE_CLERK, .scope = SCOPE_AREA,
			    .reply = outer };

	(void)state;
	assert_false(sound(r));
	r.opens = OPENS_PERSON;		/* not in this reply */
	assert_false(sound(r));
	r.opens = "name_masked";
	assert_true(sound(r));
	r.opens = OPENS_UNNAMED;
	assert_true(sound(r));
	r.opens = NULL;
	r.callers = ROLE_PERSON;	/* one's own */
	r.scope = SCOPE_PERSON;
	assert_true(sound(r));
	r.callers = ROLE_PERSON | ROLE_EMPLOYER;
	r.scope = SCOPE_CALLER;
	assert_false(sound(r));
	r.method = METHOD_POST;		/* every change is written down anyway */
	assert_true(sound(r));
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		cmocka_unit_test(members_are_found_at_any_depth),
		cmocka_unit_test(text_is_no_member),
		cmocka_unit_test(the_first_text_is_taken),
		cmocka_unit_test(a_read_of_people_says_so),
	};

	return (cmocka_run_group_tests_name("audit", tests, NULL, NULL));
}
