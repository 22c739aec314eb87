/*
 * test_auth_forged.c -- nothing but a sound token is accepted: hostile headers,
 * form and claims, signed with the real key where the trick lies elsewhere.
 */
#include "auth_forge.h"

/* ---- hostile headers ---- */

static void
crafted_tokens_are_judged_like_minted_ones(void **state)
{
	(void)state;
	assert_int_equal(check(token_signed(rsa, rs_head(), good_claims())), AUTH_OK);
	assert_int_equal(check(token_signed(ec, head_of("at+jwt", "ES256", ec_kid),
	    good_claims())), AUTH_OK);
	assert_int_equal(check(token_signed(rsa, head_of("application/at+jwt", "RS256", rsa_kid),
	    good_claims())), AUTH_OK);
}

static void
the_header_does_not_choose_the_algorithm(void **state)
{
	static const char *const	 algs[] = {
		"none", "None", "NONE", "", "HS256", "HS384", "RS384", "PS256", "rs256", "ES384"
	};
	char				*claims = good_claims(), *unsigned_;
	size_t				 i;

	(void)state;
	for (i = 0; i < NITEMS(algs); i++) {
		const char	*head = head_of("at+jwt", algs[i], rsa_kid);

		assert_int_equal(check(token_signed(rsa, head, claims)), AUTH_FORGED);
		unsigned_ = arena_printf(&arena, "%s.%s.", b64(head), b64(claims));
		assert_int_equal(check(unsigned_), AUTH_FORGED);
		/* The public key as an HMAC secret. */
		assert_int_equal(check(token_hmac(rsa_public, strlen(rsa_public), head, claims)),
		    AUTH_FORGED);
	}
	/* Algorithms we know, on the key of the other. */
	assert_int_equal(check(token_signed(ec, head_of("at+jwt", "ES256", rsa_kid), claims)),
	    AUTH_FORGED);
	assert_int_equal(check(token_signed(ec, head_of("at+jwt", "RS256", rsa_kid), claims)),
	    AUTH_FORGED);
	assert_int_equal(check(token_signed(rsa, head_of("at+jwt", "RS256", ec_kid), claims)),
	    AUTH_FORGED);
	assert_int_equal(check(token_signed(rsa, head_of("at+jwt", "ES256", ec_kid), claims)),
	    AUTH_FORGED);
	assert_int_equal(check(token_signed(rsa, "{\"typ\":\"at+jwt\",\"alg\":[\"RS256\"],"
	    "\"kid\":\"x\"}", claims)), AUTH_FORGED);
}

static void
keys_are_found_by_name_only(void **state)
{
	char	*claims = good_claims(), *jwk = inner(both_keys);

	(void)state;
	assert_int_equal(check(token_signed(stranger, rs_head(), claims)), AUTH_FORGED);
	assert_int_equal(check(token_signed(stranger, head_of("at+jwt", "RS256", "other"), claims)),
	    AUTH_UNKNOWN_KEY);
	assert_int_equal(check(token_signed(stranger, arena_printf(&arena, "{\"typ\":\"at+jwt\","
	    "\"alg\":\"RS256\",\"kid\":\"%s\",\"jwk\":{\"kty\":\"RSA\"},\"jku\":\"http://x/\"}",
	    rsa_kid), claims)), AUTH_FORGED);
	assert_int_equal(check(token_signed(rsa, "{\"typ\":\"at+jwt\",\"alg\":\"RS256\"}", claims)),
	    AUTH_MALFORMED);
	assert_int_equal(check(token_signed(rsa, head_of("at+jwt", "RS256", ""), claims)),
	    AUTH_MALFORMED);
	assert_int_equal(check(token_signed(rsa, arena_printf(&arena,
	    "{\"typ\":\"at+jwt\",\"alg\":\"RS256\",\"kid\":%s}", jwk), claims)), AUTH_MALFORMED);
	assert_int_equal(check(token_signed(rsa, head_of("at+jwt", "RS256",
	    "0123456789012345678901234567890123456789012345678901234567890123"), claims)),
	    AUTH_MALFORMED);
	/* A key nobody has published does not excuse other mistakes. */
	assert_int_equal(check(token_signed(stranger, head_of("at+jwt", "RS256", "other"),
	    claims_with("iss", "\"https://other.test\"", ""))), AUTH_FORGED);
}

static void
other_kinds_of_token_are_refused(void **state)
{
	static const char *const	 types[] = {
		"JWT", "", "at+JWT", "jwt", "id+jwt", "svc+jwt", "application/jwt", "at+jwt "
	};
	size_t				 i;

	(void)state;
	for (i = 0; i < NITEMS(types); i++)
		assert_int_equal(check(token_signed(rsa, head_of(types[i], "RS256", rsa_kid),
		    good_claims())), AUTH_FORGED);
	assert_int_equal(check(token_signed(rsa, arena_printf(&arena,
	    "{\"alg\":\"RS256\",\"kid\":\"%s\"}", rsa_kid), good_claims())), AUTH_FORGED);
	assert_int_equal(check(token_signed(rsa, arena_printf(&arena, "{\"typ\":\"at+jwt\","
	    "\"alg\":\"RS256\",\"kid\":\"%s\",\"crit\":[\"b64\"],\"b64\":false}", rsa_kid),
	    good_claims())), AUTH_FORGED);
}

static void
duplicate_names_are_refused(void **state)
{
	(void)state;
	assert_int_equal(check(token_signed(rsa, arena_printf(&arena, "{\"typ\":\"at+jwt\","
	    "\"alg\":\"none\",\"alg\":\"RS256\",\"kid\":\"%s\"}", rsa_kid), good_claims())),
	    AUTH_MALFORMED);
	assert_int_equal(check_extra(",\"sub\":\"" ORG "\""), AUTH_MALFORMED);
	assert_int_equal(check_extra(",\"roles\":[\"audit@431100\"]"), AUTH_MALFORMED);
	assert_int_equal(check_extra(",\"\\u0073ub\":\"" ORG "\""), AUTH_MALFORMED);
}

/* ---- hostile form ---- */

static void
the_form_is_strict(void **state)
{
	const char	*good = token_signed(rsa, rs_head(), good_claims());
	size_t		 len = strlen(good), head = strcspn(good, ".");
	char		*copy;

	(void)state;
	assert_int_equal(check(good), AUTH_OK);
	assert_int_equal(check(arena_printf(&arena, "%s=", good)), AUTH_MALFORMED);
	assert_int_equal(check(arena_printf(&arena, "%s==", good)), AUTH_MALFORMED);
	assert_int_equal(check(arena_printf(&arena, "%s.", good)), AUTH_MALFORMED);
	assert_int_equal(check(arena_printf(&arena, "%s.x", good)), AUTH_MALFORMED);
	assert_int_equal(check(arena_printf(&arena, "%s\n", good)), AUTH_MALFORMED);
	assert_int_equal(check(arena_printf(&arena, " %s", good)), AUTH_MALFORMED);
	assert_int_equal(check(arena_printf(&arena, ".%s", good)), AUTH_MALFORMED);
	assert_int_equal(check(good + head), AUTH_MALFORMED);
	assert_int_equal(check(good + head + 1), AUTH_MALFORMED);
	assert_int_equal(check(""), AUTH_MALFORMED);
	assert_int_equal(check(".."), AUTH_MALFORMED);
	assert_int_equal(check("a.b.c"), AUTH_MALFORMED);
	assert_int_equal(check("null"), AUTH_MALFORMED);
	/* Without its signature, with and without the dot. */
	copy = arena_strdup(&arena, good);
	*(strrchr(copy, '.') + 1) = '\0';
	assert_int_equal(check(copy), AUTH_FORGED);
	*strrchr(copy, '.') = '\0';
	assert_int_equal(check(copy), AUTH_MALFORMED);
	/* A signature of 256 bytes ends in a character with four unused bits. */
	copy = arena_strdup(&arena, good);
	copy[len - 1] = copy[len - 1] == 'A' ? 'B' : (char)(copy[len - 1] + 1);
	assert_int_equal(check(copy), AUTH_MALFORMED);
	/* A NUL in the middle. */
	copy = arena_strdup(&arena, good);
	copy[10] = '\0';
	assert_int_equal(auth_check(copy, len, &(struct principal){ 0 }), AUTH_MALFORMED);
	assert_int_equal(check(token_signed(rsa, "[]", good_claims())), AUTH_MALFORMED);
	assert_int_equal(check(token_signed(rsa, rs_head(), "\"text\"")), AUTH_MALFORMED);
	assert_int_equal(check(token_signed(rsa, rs_head(), "{} {}")), AUTH_MALFORMED);
	assert_int_equal(check(token_signed(rsa, rs_head(), "")), AUTH_MALFORMED);
}

/* No single character can change and the token still pass. */
static void
every_change_is_noticed(void **state)
{
	const char		*good[2];
	struct principal	 p, zero;
	char			*copy;
	size_t			 i, k;

	(void)state;
	memset(&zero, 0, sizeof(zero));
	good[0] = token_signed(rsa, rs_head(), good_claims());
	good[1] = token_signed(ec, head_of("at+jwt", "ES256", ec_kid), good_claims());
	for (k = 0; k < 2; k++) {
		for (i = 0; i < strlen(good[k]); i++) {
			copy = arena_strdup(&arena, good[k]);
			copy[i] = copy[i] == 'Q' ? 'R' : 'Q';
			memset(&p, 0xa5, sizeof(p));
			assert_int_not_equal(auth_check(copy, strlen(copy), &p), AUTH_OK);
			assert_memory_equal(&p, &zero, sizeof(p));
		}
		assert_int_equal(check(good[k]), AUTH_OK);
	}
}

static void
oversized_tokens_are_refused(void **state)
{
	char	*pad, *token;
	size_t	 n, len;
	bool	 both[2] = { false, false };

	(void)state;
	for (n = 5000; n < 6200; n += 8) {
		pad = arena_alloc(&arena, n + 1);
		memset(pad, 'x', n);
		pad[n] = '\0';
		token = token_signed(rsa, rs_head(),
		    claims_with(NULL, NULL, arena_printf(&arena, ",\"pad\":\"%s\"", pad)));
		len = strlen(token);
		assert_int_equal(check(token), len <= 8192 ? AUTH_OK : AUTH_MALFORMED);
		both[len <= 8192] = true;
		if (both[0] && both[1])
			break;
	}
	assert_true(both[0] && both[1]);
	pad = arena_alloc(&arena, 1 << 20);
	memset(pad, 'A', 1 << 20);
	assert_int_equal(auth_check(pad, 1 << 20, &(struct principal){ 0 }), AUTH_MALFORMED);
}

/* ---- hostile claims ---- */

static void
issuer_and_audience_must_be_ours(void **state)
{
	(void)state;
	assert_int_equal(check_claim("iss", "\"https://issuer.test/\""), AUTH_FORGED);
	assert_int_equal(check_claim("iss", "[\"" ISSUER "\"]"), AUTH_MALFORMED);
	assert_int_equal(check_claim("aud", "\"internal\""), AUTH_FORGED);
	assert_int_equal(check_claim("aud", "\"YJY365\""), AUTH_FORGED);
	assert_int_equal(check_claim("aud", "[]"), AUTH_FORGED);
	assert_int_equal(check_claim("aud", "[\"a\",5,\"b\"]"), AUTH_FORGED);
	assert_int_equal(check_claim("aud", "5"), AUTH_FORGED);
	assert_int_equal(check_claim("aud", "[\"other\",\"" AUDIENCE "\"]"), AUTH_OK);
}

static enum auth_result
check_time(const char *name, int64_t s)
{
	return (check_claim(name, arena_printf(&arena, "%ld", (long)s)));
}

static void
times_are_exact(void **state)
{
	(void)state;
	assert_int_equal(check_time("exp", now_s() - 1), AUTH_EXPIRED);
	assert_int_equal(check_time("exp", now_s()), AUTH_EXPIRED);
	assert_int_equal(check_time("exp", now_s() + 2), AUTH_OK);
	assert_int_equal(check_time("exp", 0), AUTH_EXPIRED);
	assert_int_equal(check_time("exp", -1), AUTH_MALFORMED);
	assert_int_equal(check_time("exp", INT64_MAX), AUTH_MALFORMED);
	assert_int_equal(check_time("exp", now_s() + 25 * 3600), AUTH_FORGED);
	assert_int_equal(check_claim("exp", arena_printf(&arena, "%ld.5", (long)now_s() + 60)),
	    AUTH_MALFORMED);
	assert_int_equal(check_claim("exp", "1e30"), AUTH_MALFORMED);
	assert_int_equal(check_claim("exp", "99999999999999999999"), AUTH_MALFORMED);
	assert_int_equal(check_claim("exp", arena_printf(&arena, "\"%ld\"", (long)now_s() + 60)),
	    AUTH_MALFORMED);
	assert_int_equal(check_claim("exp", "null"), AUTH_MALFORMED);
	assert_int_equal(check_claim("exp", "true"), AUTH_MALFORMED);
	assert_int_equal(check_time("iat", now_s() + 300), AUTH_FORGED);
	assert_int_equal(check_time("iat", now_s() - 24 * 3600), AUTH_FORGED);
	assert_int_equal(check_extra(arena_printf(&arena, ",\"nbf\":%ld", (long)now_s() + 300)),
	    AUTH_FORGED);
	assert_int_equal(check_extra(arena_printf(&arena, ",\"nbf\":%ld", (long)now_s())), AUTH_OK);
	assert_int_equal(check_extra(",\"nbf\":\"soon\""), AUTH_MALFORMED);
}

static void
required_claims_are_required(void **state)
{
	static const char *const	 names[] = {
		"iss", "aud", "sub", "client_id", "jti", "iat", "exp", "roles"
	};
	size_t				 i;

	(void)state;
	for (i = 0; i < NITEMS(names); i++) {
		assert_int_equal(check_claim(names[i], ""), AUTH_MALFORMED);
		assert_int_not_equal(check_claim(names[i], "{}"), AUTH_OK);
		assert_int_not_equal(check_claim(names[i], "null"), AUTH_OK);
	}
	assert_int_equal(check_claim("sub", "\"root\""), AUTH_MALFORMED);
	assert_int_equal(check_claim("sub", "\"00000000-0000-0000-0000-000000000000\""), AUTH_MALFORMED);
	assert_int_equal(check_claim("jti", "\"1\""), AUTH_MALFORMED);
	assert_int_equal(check_claim("client_id", "\"\""), AUTH_MALFORMED);
	assert_int_equal(check_claim("client_id", "\"01234567890123456789012345678901\""), AUTH_MALFORMED);
	assert_int_equal(check_claim("client_id", "\"a\\u0000b\""), AUTH_MALFORMED);
	assert_int_equal(check_extra(",\"org\":\"x\""), AUTH_MALFORMED);
	assert_int_equal(check_extra(",\"person\":\"x\""), AUTH_MALFORMED);
	assert_int_equal(check_extra(",\"person\":1"), AUTH_MALFORMED);
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		TEST(crafted_tokens_are_judged_like_minted_ones),
		TEST(the_header_does_not_choose_the_algorithm),
		TEST(keys_are_found_by_name_only),
		TEST(other_kinds_of_token_are_refused),
		TEST(duplicate_names_are_refused),
		TEST(the_form_is_strict),
		TEST(every_change_is_noticed),
		TEST(oversized_tokens_are_refused),
		TEST(issuer_and_audience_must_be_ours),
		TEST(times_are_exact),
		TEST(required_claims_are_required),
	};

	return (cmocka_run_group_tests_name("auth_forged", tests, group_set_up, group_tear_down));
}
