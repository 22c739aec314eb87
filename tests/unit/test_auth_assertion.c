/*
 * test_auth_assertion.c -- tokens signed with keys that are not ours, keys
 * drawn and described.
 */
#include "auth/assertion.h"
#include "auth_forge.h"

static enum auth_result
assertion(const char *token)
{
	const struct json	*claims = NULL;
	enum auth_result	 r;

	r = auth_assertion_check(&arena, both_keys, strlen(both_keys), token, strlen(token), &claims);
	assert_int_equal(r == AUTH_OK, claims != NULL);
	return (r);
}

static char *
head(const char *alg, const char *kid)
{
	return (head_of("JWT", alg, kid));
}

static void
sound_assertions_are_read(void **state)
{
	const struct json	*claims;
	char			*token = token_signed(rsa, head("RS256", rsa_kid), "{\"sub\":\"a\"}");

	(void)state;
	assert_int_equal(assertion(token), AUTH_OK);
	assert_int_equal(assertion(token_signed(ec, head("ES256", ec_kid), "{}")), AUTH_OK);
	assert_int_equal(assertion(token_signed(ec,
	    head_of("client-authentication+jwt", "ES256", ec_kid), "{}")), AUTH_OK);
	assert_non_null(claims = auth_assertion_claims(&arena, token, strlen(token)));
	assert_string_equal(json_string(json_get(claims, "sub")), "a");
	/* Without a name the only key of a set is meant, and no key of two. */
	token = token_signed(ec, "{\"alg\":\"ES256\"}", "{}");
	assert_int_equal(auth_assertion_check(&arena, ec_only, strlen(ec_only), token, strlen(token),
	    &claims), AUTH_OK);
	assert_int_equal(assertion(token), AUTH_UNKNOWN_KEY);
}

static void
others_are_refused(void **state)
{
	char	*good = token_signed(rsa, head("RS256", rsa_kid), "{}"), *dot;

	(void)state;
	assert_int_equal(assertion(token_signed(stranger, head("RS256", rsa_kid), "{}")), AUTH_FORGED);
	assert_int_equal(assertion(token_signed(rsa, head("RS256", "x"), "{}")), AUTH_UNKNOWN_KEY);
	assert_int_equal(assertion(token_signed(rsa, head("ES256", rsa_kid), "{}")), AUTH_UNKNOWN_KEY);
	assert_int_equal(assertion(token_signed(rsa, head("RS256", ec_kid), "{}")), AUTH_UNKNOWN_KEY);
	assert_int_equal(assertion(token_signed(rsa, head("none", rsa_kid), "{}")), AUTH_UNKNOWN_KEY);
	assert_int_equal(assertion(token_signed(rsa, head("RS512", rsa_kid), "{}")), AUTH_UNKNOWN_KEY);
	assert_int_equal(assertion(token_signed(rsa, head_of("at+jwt", "RS256", rsa_kid), "{}")),
	    AUTH_UNKNOWN_KEY);
	assert_int_equal(assertion(token_signed(rsa, arena_printf(&arena,
	    "{\"alg\":\"RS256\",\"kid\":\"%s\",\"crit\":[\"x\"]}", rsa_kid), "{}")), AUTH_UNKNOWN_KEY);
	assert_int_equal(assertion(token_signed(rsa, "{\"alg\":\"RS256\",\"kid\":1}", "{}")),
	    AUTH_UNKNOWN_KEY);
	assert_int_equal(assertion(token_hmac(rsa_public, strlen(rsa_public),
	    head("HS256", rsa_kid), "{}")), AUTH_UNKNOWN_KEY);
	assert_int_equal(assertion(token_signed(rsa, head("RS256", rsa_kid), "[]")), AUTH_MALFORMED);
	assert_int_equal(assertion(""), AUTH_MALFORMED);
	assert_int_equal(assertion("a.b"), AUTH_MALFORMED);
	assert_int_equal(assertion("e30.e30."), AUTH_MALFORMED);
	assert_int_equal(assertion(arena_printf(&arena, "%s.x", good)), AUTH_MALFORMED);
	assert_int_equal(assertion(arena_printf(&arena, "%s=", good)), AUTH_MALFORMED);
	dot = strrchr(good, '.');
	dot[0] = '\0';
	assert_int_equal(assertion(good), AUTH_MALFORMED);
	assert_null(auth_assertion_claims(&arena, "x", 1));
}

static void
sets_are_public_and_of_use(void **state)
{
	static const char *const	bad[] = {
		"", "{}", "[]", "{\"keys\":[]}", "{\"keys\":{}}",
		"{\"keys\":[{\"kty\":\"oct\",\"kid\":\"a\",\"k\":\"AAAA\"}]}",
		"{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-384\",\"kid\":\"a\"}]}"
	};
	size_t				i;
	char				*set;

	(void)state;
	assert_true(auth_jwks_sound(&arena, both_keys, strlen(both_keys)));
	for (i = 0; i < NITEMS(bad); i++)
		assert_false(auth_jwks_sound(&arena, bad[i], strlen(bad[i])));
	set = arena_printf(&arena, "{\"keys\":[{\"d\":\"AAAA\",%s]}", inner(ec_only) + 1);
	assert_false(auth_jwks_sound(&arena, set, strlen(set)));
	/* Reading another's set leaves our own as it was. */
	assert_int_equal(check(token_signed(rsa, rs_head(), good_claims())), AUTH_OK);
}

static void
drawn_keys_sign(void **state)
{
	static const char *const	algs[] = { "RS256", "ES256" };
	struct principal		p = officer();
	struct mint			m = { .who = &p, .ttl_s = 60 };
	struct mint_key			k, again;
	char				pem[MINT_PEM_MAX], *set;
	size_t				i;

	(void)state;
	for (i = 0; i < NITEMS(algs); i++) {
		assert_true(mint_generate(algs[i], pem));
		assert_int_equal(mint_describe(&arena, pem, strlen(pem), &k), 0);
		assert_int_equal(mint_describe(&arena, pem, strlen(pem), &again), 0);
		assert_string_equal(k.alg, algs[i]);
		assert_string_equal(k.kid, again.kid);
		assert_null(strstr(k.jwk, "\"d\""));
		assert_int_equal(mint_init(pem, strlen(pem)), 0);
		set = arena_printf(&arena, "{\"keys\":[%s]}", k.jwk);
		assert_int_equal(auth_set_jwks(set, strlen(set)), 0);
		assert_int_equal(check(mint_access(&arena, &m)), AUTH_OK);
	}
	assert_int_equal(mint_describe(&arena, "x", 1, &k), -1);
	assert_int_equal(mint_describe(&arena, NULL, 0, &k), -1);
	assert_int_equal(mint_describe(&arena, rsa_public, strlen(rsa_public), &k), -1);
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		TEST(sound_assertions_are_read),
		TEST(others_are_refused),
		TEST(sets_are_public_and_of_use),
		TEST(drawn_keys_sign),
	};

	return (cmocka_run_group_tests(tests, group_set_up, group_tear_down));
}
