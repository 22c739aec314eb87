/*
 * test_oauth.c -- the parts of the OAuth server that only read text: forms,
 * scopes, and the lists of a client's registration.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Text in, text out: the files themselves are under test. */
#include "../../services/identity/oauth_form.c"
#include "../../services/identity/oauth_scope.c"
#include "../../services/identity/client_lists.c"

static struct arena	 arena;

static int
set_up(void **state)
{
	(void)state;
	arena_init(&arena);
	return (0);
}

static int
tear_down(void **state)
{
	(void)state;
	arena_release(&arena);
	return (0);
}

static int
form(const char *text, struct oauth_form *f)
{
	return (oauth_form_read(&arena, (struct span){ text, strlen(text) }, f));
}

static void
a_form_gives_each_name_once(void **state)
{
	struct oauth_form	f;

	(void)state;
	assert_int_equal(form("a=1&b=x%20y+z&c=&d&%63odes=%E6%B0%B8", &f), 0);
	assert_string_equal(oauth_form_get(&f, "a"), "1");
	assert_string_equal(oauth_form_get(&f, "b"), "x y z");
	assert_null(oauth_form_get(&f, "c"));
	assert_null(oauth_form_get(&f, "d"));
	assert_true(oauth_form_has(&f, "d"));
	assert_string_equal(oauth_form_get(&f, "codes"), "永");
	assert_null(oauth_form_get(&f, "nothing"));
	assert_int_equal(form("", &f), 0);
	assert_int_equal(f.count, 0);
	assert_int_equal(form("&&a=1&", &f), 0);
	assert_int_equal(f.count, 1);
}

static void
a_form_that_is_not_sound_is_none(void **state)
{
	static const char *const	bad[] = {
		"a=1&a=1", "a=1&%61=2", "a&a", "a=%", "a=%0", "a=%ZZ", "a=%00", "%00=a", "a=%FF", "=1"
	};
	struct oauth_form		f;
	struct buf			b;
	size_t				i;

	(void)state;
	for (i = 0; i < NITEMS(bad); i++)
		assert_int_equal(form(bad[i], &f), -1);
	buf_init(&b, 4096);
	for (i = 0; i <= OAUTH_PARAMS; i++)
		buf_addf(&b, "n%zu=1&", i);
	assert_int_equal(form(buf_cstr(&b), &f), -1);
	buf_release(&b);
}

static void
what_is_escaped_comes_back(void **state)
{
	static const char	text[] = "a b&c=d/?#\"<>%+~._-永\n";
	struct oauth_form	f;
	struct buf		b;

	(void)state;
	buf_init(&b, 4096);
	buf_adds(&b, "v=");
	oauth_escape(&b, text);
	assert_null(strpbrk(buf_cstr(&b) + 2, " &=/?#\"<>+\n"));
	assert_int_equal(form(buf_cstr(&b), &f), 0);
	assert_string_equal(oauth_form_get(&f, "v"), text);
	buf_release(&b);
}

static void
words_are_whole(void **state)
{
	(void)state;
	assert_true(oauth_word_in("one two three", "two"));
	assert_true(oauth_word_in("one two three", "one"));
	assert_true(oauth_word_in("one two three", "three"));
	assert_false(oauth_word_in("one two three", "tw"));
	assert_false(oauth_word_in("one two three", "wo"));
	assert_false(oauth_word_in("one", "one two"));
	assert_false(oauth_word_in("", "one"));
	assert_false(oauth_word_in("one", ""));
}

static struct principal
officer(void)
{
	struct principal	p;

	memset(&p, 0, sizeof(p));
	p.roles = ROLE_FIRST_REVIEW | ROLE_RECHECK;
	p.ngrants = 3;
	p.grants[0].role = ROLE_FIRST_REVIEW;
	memcpy(p.grants[0].area, "431129", 7);
	p.grants[1].role = ROLE_FIRST_REVIEW;
	memcpy(p.grants[1].area, "431103", 7);
	p.grants[2].role = ROLE_RECHECK;
	memcpy(p.grants[2].area, "431129", 7);
	return (p);
}

static void
a_scope_takes_away(void **state)
{
	struct principal	p = officer();

	(void)state;
	assert_int_equal(scope_narrow(&p, NULL, true), 0);
	assert_int_equal(p.ngrants, 3);
	assert_int_equal(scope_narrow(&p, "first_review", true), 0);
	assert_int_equal(p.ngrants, 2);
	assert_int_equal(p.roles, ROLE_FIRST_REVIEW);
	assert_int_equal(scope_narrow(&p, "first_review@431103", true), 0);
	assert_int_equal(p.ngrants, 1);
	assert_string_equal(p.grants[0].area, "431103");
	assert_int_equal(scope_narrow(&p, "recheck", true), -1);
	p = officer();
	assert_int_equal(scope_narrow(&p, "recheck clerk", false), 0);
	assert_int_equal(p.roles, ROLE_RECHECK);
	p = officer();
	assert_int_equal(scope_narrow(&p, "clerk", false), -1);
}

static void
a_scope_never_gives(void **state)
{
	static const char *const	bad[] = {
		"recheck clerk", "clerk", "recheck@431103", "recheck@4311", "recheck@", "recheck@4311290",
		"first", "first_reviews", "", " ", " recheck", "recheck ", "recheck  first_review",
		"RECHECK", "recheck\tfirst_review", "recheck,first_review", "service"
	};
	struct principal		p;
	size_t				i;

	(void)state;
	for (i = 0; i < NITEMS(bad); i++) {
		p = officer();
		assert_int_equal(scope_narrow(&p, bad[i], true), -1);
	}
}

static void
a_scope_is_within_what_a_client_may_ask(void **state)
{
	(void)state;
	assert_true(scope_within("person", "person employer"));
	assert_true(scope_within("employer person", "person employer"));
	assert_true(scope_within("clerk@431129", "clerk"));
	assert_false(scope_within("clerk", "person employer"));
	assert_false(scope_within("person clerk", "person employer"));
	assert_false(scope_within("", "person"));
	assert_false(scope_within("person ", "person"));
	assert_false(scope_within("a_word_that_is_far_longer_than_any_role_name", "person"));
}

static void
addresses_to_be_called_back(void **state)
{
	static const char *const	good[] = {
		"https://a.example/cb", "https://a.example:8443/cb?x=1,2", "http://127.0.0.1/cb",
		"http://127.0.0.1:8000/", "cn.yongzhou.jiuye365:/oauth/callback"
	};
	static const char *const	bad[] = {
		"http://a.example/cb", "http://127.0.0.10/", "http://localhost/", "https://", "https:///x",
		"https://u@a.example/", "https://a.example/#f", "https://a.example/*", "https://a.example/ b",
		"javascript:alert(1)", "app:/cb", "cn.example://x", "cn.example:x", "/cb", "", "data:text/html,x",
		"1.a:/x", "https://a.example/\xe6\xb0\xb8", "https://a.example/\\\\x", "https://a.example/\\\"x"
	};
	size_t				i;

	(void)state;
	for (i = 0; i < NITEMS(good); i++)
		assert_string_equal(client_redirects(&arena, arena_printf(&arena, "[\"%s\"]", good[i])),
		    arena_printf(&arena, "{\"%s\"}", good[i]));
	for (i = 0; i < NITEMS(bad); i++)
		assert_null(client_redirects(&arena, arena_printf(&arena, "[\"%s\"]", bad[i])));
	assert_string_equal(client_redirects(&arena, NULL), "{}");
	assert_string_equal(client_redirects(&arena, "[]"), "{}");
	assert_null(client_redirects(&arena, "{}"));
	assert_null(client_redirects(&arena, "[1]"));
	assert_null(client_redirects(&arena, "[[]]"));
	assert_null(client_redirects(&arena, "[\"a.b:/1\",\"a.b:/2\",\"a.b:/3\",\"a.b:/4\",\"a.b:/5\","
	    "\"a.b:/6\",\"a.b:/7\",\"a.b:/8\",\"a.b:/9\",\"a.b:/10\",\"a.b:/11\"]"));
}

static void
what_a_type_of_client_may_ask(void **state)
{
	(void)state;
	assert_string_equal(client_scopes(&arena, "partner", NULL), "{partner}");
	assert_string_equal(client_scopes(&arena, "app", NULL), "{person,employer,institution,carrier}");
	assert_string_equal(client_scopes(&arena, "app", "[\"person\"]"), "{\"person\"}");
	assert_non_null(strstr(client_scopes(&arena, "web", NULL), "first_review"));
	assert_null(client_scopes(&arena, "app", "[\"clerk\"]"));
	assert_null(client_scopes(&arena, "web", "[\"person\"]"));
	assert_null(client_scopes(&arena, "app", "[\"person employer\"]"));
	assert_null(client_scopes(&arena, "app", "\"person\""));
	assert_null(client_scopes(&arena, "app", "[\"service\"]"));
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test_setup_teardown(a_form_gives_each_name_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_form_that_is_not_sound_is_none, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_escaped_comes_back, set_up, tear_down),
		cmocka_unit_test(words_are_whole),
		cmocka_unit_test(a_scope_takes_away),
		cmocka_unit_test(a_scope_never_gives),
		cmocka_unit_test(a_scope_is_within_what_a_client_may_ask),
		cmocka_unit_test_setup_teardown(addresses_to_be_called_back, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_a_type_of_client_may_ask, set_up, tear_down),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
