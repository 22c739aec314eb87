/*
 * test_auth.c -- what we mint is accepted and read back, for as long as it
 * should be: principals, roles and their areas, the cache, revocation.
 */
#include "auth_forge.h"
#include "base/buf.h"
#include "base/metric.h"

/* ---- what we mint ---- */

static void
minted_and_read_back(const char *pem, const char *kid, const char *alg)
{
	struct principal	 who = officer(), p;
	struct mint		 m = { .who = &who, .ttl_s = 300 };
	const struct json	*head;
	char			*token, *text;
	size_t			 len;
	int64_t			 before = now_s();

	assert_int_equal(mint_init(pem, strlen(pem)), 0);
	assert_non_null(token = mint_access(&arena, &m));
	text = base64url_decode(&arena, token, strcspn(token, "."), &len);
	assert_non_null(head = json_parse(&arena, text, len));
	assert_int_equal(json_count(head), 3);
	assert_string_equal(json_string(json_get(head, "typ")), "at+jwt");
	assert_string_equal(json_string(json_get(head, "alg")), alg);
	assert_string_equal(json_string(json_get(head, "kid")), kid);

	assert_int_equal(auth_check(token, strlen(token), &p), AUTH_OK);
	assert_memory_equal(&p.subject, &who.subject, sizeof(p.subject));
	assert_memory_equal(&p.org, &who.org, sizeof(p.org));
	assert_true(p.has_org);
	assert_false(p.has_person);
	assert_string_equal(p.client, "app");
	assert_int_equal(p.roles, who.roles);
	assert_int_equal(p.ngrants, 3);
	assert_int_equal(p.grants[0].role, ROLE_FIRST_REVIEW);
	assert_string_equal(p.grants[0].area, "431129");
	assert_int_equal(p.grants[2].role, ROLE_PERSON);
	assert_string_equal(p.grants[2].area, "");
	assert_int_equal(strlen(p.token_id), UUID_TEXT - 1);
	assert_in_range(p.expires_us / 1000000, before + 300, now_s() + 300);
	assert_string_not_equal(token, mint_access(&arena, &m));
}

static void
minted_tokens_are_accepted(void **state)
{
	(void)state;
	minted_and_read_back(rsa_pem, rsa_kid, "RS256");
	minted_and_read_back(ec_pem, ec_kid, "ES256");
}

static void
person_and_chosen_id_are_minted(void **state)
{
	struct principal	 who = officer(), p;
	struct mint		 m = { .who = &who, .ttl_s = 60 };
	char			*token;

	(void)state;
	who.has_org = false;
	who.has_person = true;
	who.person = who.subject;
	memcpy(who.token_id, JTI, sizeof(JTI));
	assert_non_null(token = mint_access(&arena, &m));
	assert_int_equal(auth_check(token, strlen(token), &p), AUTH_OK);
	assert_true(p.has_person);
	assert_false(p.has_org);
	assert_memory_equal(&p.person, &who.subject, sizeof(p.person));
	assert_string_equal(p.token_id, JTI);
}

/* Numbers with leading zeros are where conversions of ECDSA signatures fail. */
static void
every_es256_signature_converts(void **state)
{
	struct principal	 who = officer();
	struct mint		 m = { .who = &who, .ttl_s = 60 };
	int			 i;

	(void)state;
	assert_int_equal(mint_init(ec_pem, strlen(ec_pem)), 0);
	for (i = 0; i < 600; i++)
		assert_int_equal(check(mint_access(&arena, &m)), AUTH_OK);
}

static void
key_name_is_the_thumbprint(void **state)
{
	const struct json	*key;
	char			*set, *text;
	uint8_t			 digest[32];

	(void)state;
	set = mint_jwks(&arena);
	key = json_at(json_get(json_parse(&arena, set, strlen(set)), "keys"), 0);
	assert_string_equal(json_string(json_get(key, "use")), "sig");
	assert_string_equal(json_string(json_get(key, "alg")), "RS256");
	assert_null(json_get(key, "d"));
	text = arena_printf(&arena, "{\"e\":\"%s\",\"kty\":\"RSA\",\"n\":\"%s\"}",
	    json_string(json_get(key, "e")), json_string(json_get(key, "n")));
	sha256(text, strlen(text), digest);
	assert_string_equal(json_string(json_get(key, "kid")),
	    base64url_encode(&arena, digest, sizeof(digest)));
}

/* The example of RFC 7638 §3.1. */
static void
published_keys_are_read(void **state)
{
	static const char	 set[] = "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"0vx7agoebGcQSuuPiLJXZptN9"
	    "nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiF"
	    "V4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2Qvzq"
	    "Y368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhA"
	    "I4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKg"
	    "w\",\"e\":\"AQAB\",\"alg\":\"RS256\",\"kid\":\"2011-04-29\"}]}";

	(void)state;
	assert_int_equal(auth_set_jwks(set, sizeof(set) - 1), 0);
	assert_int_equal(check(token_signed(rsa, head_of("at+jwt", "RS256", "2011-04-29"),
	    good_claims())), AUTH_FORGED);
}

/* ---- principals and roles ---- */

static struct principal
principal_of(const char *name, const char *value, const char *extra)
{
	struct principal	 p;
	char			*token = token_signed(rsa, rs_head(), claims_with(name, value, extra));

	assert_int_equal(auth_check(token, strlen(token), &p), AUTH_OK);
	return (p);
}

static void
person_is_the_subject_or_named(void **state)
{
	struct principal	 p;
	struct uuid		 org;

	(void)state;
	p = principal_of(NULL, NULL, ",\"person\":true");
	assert_true(p.has_person);
	assert_true(uuid_equal(&p.person, &p.subject));
	p = principal_of(NULL, NULL, ",\"person\":false");
	assert_false(p.has_person);
	p = principal_of(NULL, NULL, ",\"person\":\"" ORG "\"");
	assert_true(uuid_parse(ORG, &org));
	assert_true(p.has_person && uuid_equal(&p.person, &org));
}

static void
roles_are_read_strictly(void **state)
{
	static const char *const	 bad[] = {
		"\"person\"", "[1]", "[\"\"]", "[\"@431129\"]", "[\"recheck@\"]",
		"[\"recheck@4311\"]", "[\"recheck@4311290\"]", "[\"recheck@43112x\"]",
		"[\"recheck@431129@431181\"]", "[\"recheck@*\"]",
		"[\"an_unreasonably_long_name_of_some_role\"]",
		"[\"person\",\"person\",\"person\",\"person\",\"person\",\"person\",\"person\","
		"\"person\",\"person\",\"person\",\"person\",\"person\",\"person\",\"person\","
		"\"person\",\"person\",\"person\"]"
	};
	struct principal		 p;
	size_t				 i;

	(void)state;
	for (i = 0; i < NITEMS(bad); i++)
		assert_int_equal(check_claim("roles", bad[i]), AUTH_MALFORMED);
	/* Nobody becomes a service by an access token. */
	assert_int_equal(check_claim("roles", "[\"service\"]"), AUTH_FORGED);
	assert_int_equal(check_claim("roles", "[\"person\",\"service@431100\"]"), AUTH_FORGED);
	/* A role of a later release gives nothing. */
	p = principal_of("roles", "[\"weather@431129\",\"recheck@431129001\"]", "");
	assert_int_equal(p.roles, ROLE_RECHECK);
	assert_int_equal(p.ngrants, 1);
	assert_string_equal(p.grants[0].area, "431129001");
	p = principal_of("roles", "[]", "");
	assert_int_equal(p.roles, 0);
}

static void
grants_reach_their_area_only(void **state)
{
	struct principal	 p;

	(void)state;
	p = principal_of("roles", "[\"recheck@431181\",\"audit@431100\",\"person\",\"clerk@431102001\"]", "");
	assert_true(principal_has(&p, ROLE_RECHECK, NULL));
	assert_true(principal_has(&p, ROLE_RECHECK, "431181"));
	assert_true(principal_has(&p, ROLE_RECHECK, "431181119"));
	assert_false(principal_has(&p, ROLE_RECHECK, "431181120"));	/* answers to 金洞 */
	assert_false(principal_has(&p, ROLE_RECHECK, "431129"));
	assert_false(principal_has(&p, ROLE_RECHECK, AREA_CITY));
	assert_true(principal_has(&p, ROLE_AUDIT, "431172"));
	assert_true(principal_has(&p, ROLE_AUDIT, AREA_CITY));
	assert_false(principal_has(&p, ROLE_AUDIT, "110101"));
	assert_true(principal_has(&p, ROLE_CLERK, "431102001001"));
	assert_false(principal_has(&p, ROLE_CLERK, "431102"));
	assert_true(principal_has(&p, ROLE_PERSON, NULL));
	assert_false(principal_has(&p, ROLE_PERSON, "431129"));
	assert_false(principal_has(&p, ROLE_APPROVE, NULL));
	assert_false(principal_has(&p, ROLE_APPROVE, "431181"));
	assert_true(principal_has(&p, ROLE_OFFICERS, "431181"));
}

static void
roles_have_names_and_labels(void **state)
{
	int	 i;

	(void)state;
	for (i = 0; i < ROLES; i++) {
		enum role	 role = (enum role)(1 << i);

		assert_int_equal(role_of(role_name(role)), role);
		assert_true(strlen(role_label(role)) >= 6);
	}
	assert_int_equal(role_of("root"), 0);
	assert_int_equal(role_of(""), 0);
	assert_null(role_name(ROLE_ANYONE));
	assert_null(role_name((enum role)(ROLE_CLERK | ROLE_AUDIT)));
	assert_null(role_label((enum role)0));
}

/* ---- the cache ---- */

static void
a_remembered_token_gives_the_same_principal(void **state)
{
	struct principal	 first, again, other;
	char			*token = token_signed(rsa, rs_head(), claims_with(NULL, NULL,
	    ",\"person\":true,\"org\":\"" ORG "\""));
	int64_t			 from, first_us, best_us = INT64_MAX;
	int			 i, k;

	(void)state;
	memset(&again, 0, sizeof(again));	/* unused grants are not copied */
	from = clock_mono_us();
	assert_int_equal(auth_check(token, strlen(token), &first), AUTH_OK);
	first_us = clock_mono_us() - from;
	for (i = 0; i < 20; i++) {
		from = clock_mono_us();
		for (k = 0; k < 1000; k++)
			if (auth_check(token, strlen(token), &again) != AUTH_OK)
				fail();
		if (clock_mono_us() - from < best_us)
			best_us = clock_mono_us() - from;
	}
	assert_memory_equal(&again, &first, sizeof(first));
	print_message("token of %zu bytes: verified in %ld us, remembered in %ld ns\n",
	    strlen(token), (long)first_us, (long)best_us);
#ifndef YJY_ASAN
	assert_true(best_us < 3000);
#endif
	token = token_signed(rsa, rs_head(), claims_with("sub", "\"" ORG "\"", ""));
	assert_int_equal(auth_check(token, strlen(token), &other), AUTH_OK);
	assert_memory_not_equal(&other.subject, &first.subject, sizeof(first.subject));
}

static void
a_remembered_token_still_expires(void **state)
{
	char	*token;
	int64_t	 exp = now_s() + 2;

	(void)state;
	token = token_signed(rsa, rs_head(), claims_with("exp",
	    arena_printf(&arena, "%ld", (long)exp), ""));
	assert_int_equal(check(token), AUTH_OK);
	while (clock_real_us() < exp * 1000000 - 5000) {
		assert_int_equal(check(token), AUTH_OK);
		usleep(2000);
	}
	usleep(10000);
	assert_int_equal(check(token), AUTH_EXPIRED);
}

static void
a_withdrawn_key_ends_its_tokens(void **state)
{
	char	*token = token_signed(rsa, rs_head(), good_claims());

	(void)state;
	assert_int_equal(check(token), AUTH_OK);
	assert_int_equal(auth_set_jwks(both_keys, strlen(both_keys)), 0);
	assert_int_equal(check(token), AUTH_OK);
	assert_int_equal(auth_set_jwks(ec_only, strlen(ec_only)), 0);
	assert_int_equal(check(token), AUTH_UNKNOWN_KEY);
	assert_int_equal(auth_set_jwks(both_keys, strlen(both_keys)), 0);
	assert_int_equal(check(token), AUTH_OK);
}

static void
take_back(const char *text)
{
	struct uuid	 id;

	assert_true(uuid_parse(text, &id));
	auth_revoke(&id, INT64_MAX);
}

static void
forgotten_tokens_are_refused(void **state)
{
	struct principal	 p;
	char			 id[UUID_TEXT], *token, *other;
	struct uuid		 fresh;
	int			 i;

	(void)state;
	fresh = uuid_new();
	uuid_format(&fresh, id);
	token = token_signed(rsa, rs_head(), claims_with("jti", arena_printf(&arena, "\"%s\"", id), ""));
	other = token_signed(rsa, rs_head(), good_claims());
	assert_int_equal(auth_check(token, strlen(token), &p), AUTH_OK);
	take_back(p.token_id);
	assert_int_equal(check(token), AUTH_FORGED);
	assert_int_equal(check(other), AUTH_OK);
	/* One never seen before it was revoked; capitals are the same id. */
	fresh = uuid_new();
	uuid_format(&fresh, id);
	take_back(id);
	for (i = 0; id[i] != '\0'; i++)
		if (id[i] >= 'a' && id[i] <= 'f')
			id[i] = (char)(id[i] - 32);
	token = token_signed(rsa, rs_head(), claims_with("jti", arena_printf(&arena, "\"%s\"", id), ""));
	assert_int_not_equal(check(token), AUTH_OK);
	/* The memory of many does not lose the first. */
	for (i = 0; i < 20000; i++) {
		fresh = uuid_new();
		take_back(uuid_format(&fresh, id));
	}
	assert_int_not_equal(check(token), AUTH_OK);
	assert_int_equal(check(other), AUTH_OK);
	token = token_signed(rsa, rs_head(), claims_with("jti", arena_printf(&arena, "\"%s\"", id), ""));
	assert_int_equal(check(token), AUTH_FORGED);
}

/* A session, a subject or a clerk taken back ends what was issued up to then. */
static void
sessions_subjects_and_actors_are_taken_back(void **state)
{
	static const char *const	claims[] = { "sid", "sub", "act" };
	char				 id[UUID_TEXT], *value, *token;
	struct principal		 p;
	struct uuid			 fresh;
	size_t				 i;

	(void)state;
	for (i = 0; i < NITEMS(claims); i++) {
		fresh = uuid_new();
		value = arena_printf(&arena, i == 2 ? "{\"sub\":\"%s\"}" : "\"%s\"",
		    uuid_format(&fresh, id));
		token = token_signed(rsa, rs_head(), i == 1 ? claims_with("sub", value, "") :
		    claims_with(NULL, NULL, arena_printf(&arena, ",\"%s\":%s", claims[i], value)));
		assert_int_equal(auth_check(token, strlen(token), &p), AUTH_OK);
		assert_int_equal(p.has_actor, i == 2);
		auth_revoke(&fresh, p.issued_us - 1);
		assert_int_equal(check(token), AUTH_OK);
		auth_revoke(&fresh, p.issued_us);
		assert_int_equal(check(token), AUTH_FORGED);
	}
	token = token_signed(rsa, rs_head(), claims_with(NULL, NULL, ",\"act\":\"nobody\""));
	assert_int_equal(check(token), AUTH_MALFORMED);
	token = token_signed(rsa, rs_head(), claims_with(NULL, NULL, ",\"amr\":[\"pwd\",\"mfa\"]"));
	assert_int_equal(auth_check(token, strlen(token), &p), AUTH_OK);
	assert_true(p.strong);
}

/* From the figures: how many checks ended so. */
static long
counted(const char *result)
{
	const char	*at;
	char		 wanted[64];
	struct buf	 b;
	long		 n;

	(void)snprintf(wanted, sizeof(wanted), "checks_total{result=\"%s\"} ", result);
	buf_init(&b, 1 << 20);
	metric_write(&b);
	at = strstr(buf_cstr(&b), wanted);
	assert_non_null(at);
	n = strtol(at + strlen(wanted), NULL, 10);
	buf_release(&b);
	return (n);
}

static void
ten_thousand_tokens_are_all_remembered(void **state)
{
	enum { MANY = 10000 };
	static char		*tokens[MANY];
	struct principal	 p;
	char			 name[32];
	long			 hits;
	int			 i, round;

	(void)state;
	for (i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "m%d", i);
		tokens[i] = strdup(service_token(SERVICE_KEY, strlen(SERVICE_KEY), name, "internal",
		    now_s() + 50));
		arena_clear(&arena);
		if (auth_check(tokens[i], strlen(tokens[i]), &p) != AUTH_OK)
			fail();
	}
	hits = counted("remembered");
	for (round = 0; round < 2; round++)
		for (i = 0; i < MANY; i++) {
			snprintf(name, sizeof(name), "m%d", i);
			if (auth_check(tokens[i], strlen(tokens[i]), &p) != AUTH_OK ||
			    strcmp(p.client, name) != 0)
				fail();
		}
	assert_int_equal(counted("remembered"), hits + 2 * MANY);
	/* One letter more or another end is another token. */
	tokens[0][strlen(tokens[0]) / 2] ^= 1;
	assert_int_not_equal(auth_check(tokens[0], strlen(tokens[0]), &p), AUTH_OK);
	for (i = 0; i < MANY; i++)
		free(tokens[i]);
}

/* Many more tokens than places: all are judged right, the first ones again. */
static void
the_cache_is_bounded(void **state)
{
	char	*tokens[200], name[32];
	int	 i;

	(void)state;
	for (i = 0; i < 30000; i++) {
		char	*token = service_token(SERVICE_KEY, strlen(SERVICE_KEY),
		    (snprintf(name, sizeof(name), "s%d", i), name), "internal", now_s() + 50);
		struct principal	 p;

		if (auth_check(token, strlen(token), &p) != AUTH_OK || strcmp(p.client, name) != 0)
			fail();
		if (i < (int)NITEMS(tokens))
			tokens[i] = strdup(token);
		arena_clear(&arena);
	}
	for (i = 0; i < (int)NITEMS(tokens); i++) {
		struct principal	 p;

		assert_int_equal(auth_check(tokens[i], strlen(tokens[i]), &p), AUTH_OK);
		snprintf(name, sizeof(name), "s%d", i);
		assert_string_equal(p.client, name);
		free(tokens[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		TEST(minted_tokens_are_accepted),
		TEST(person_and_chosen_id_are_minted),
		TEST(every_es256_signature_converts),
		TEST(key_name_is_the_thumbprint),
		TEST(published_keys_are_read),
		TEST(person_is_the_subject_or_named),
		TEST(roles_are_read_strictly),
		TEST(grants_reach_their_area_only),
		TEST(roles_have_names_and_labels),
		TEST(a_remembered_token_gives_the_same_principal),
		TEST(a_remembered_token_still_expires),
		TEST(a_withdrawn_key_ends_its_tokens),
		TEST(forgotten_tokens_are_refused),
		TEST(sessions_subjects_and_actors_are_taken_back),
		TEST(ten_thousand_tokens_are_all_remembered),
		TEST(the_cache_is_bounded),
	};

	auth_remember(16384);
	return (cmocka_run_group_tests_name("auth", tests, group_set_up, group_tear_down));
}
