/*
 * test_auth_keys.c -- tokens between services, sets of keys, signing keys, set-up.
 */
#include <pthread.h>

#include "auth_forge.h"

/* ---- services among themselves ---- */

static void
service_tokens(void **state)
{
	struct principal	 p;
	char			*token, *again;

	(void)state;
	assert_non_null(token = mint_service(&arena, "jobs"));
	assert_int_equal(auth_check(token, strlen(token), &p), AUTH_OK);
	assert_int_equal(p.roles, ROLE_SERVICE);
	assert_string_equal(p.client, "jobs");
	assert_false(p.has_person || p.has_org);
	assert_true(uuid_is_nil(&p.subject));
	assert_in_range(p.expires_us, clock_real_us() + 50000000, clock_real_us() + 60000000);
	assert_non_null(again = mint_service(&arena, "jobs"));
	assert_string_equal(token, again);
	assert_non_null(again = mint_service(&arena, "training"));
	assert_int_equal(auth_check(again, strlen(again), &p), AUTH_OK);
	assert_string_equal(p.client, "training");
	assert_null(mint_service(&arena, ""));
	assert_null(mint_service(&arena, "01234567890123456789012345678901"));
}

static void
false_service_tokens_are_refused(void **state)
{
	static const char	 other[] = "another key of thirty-two bytes!";
	size_t			 len = strlen(SERVICE_KEY);
	char			*claims;

	(void)state;
	assert_int_equal(check(service_token(SERVICE_KEY, len, "jobs", "internal", now_s() + 50)), AUTH_OK);
	assert_int_equal(check(service_token(other, 32, "jobs", "internal", now_s() + 50)), AUTH_FORGED);
	assert_int_equal(check(service_token(SERVICE_KEY, len, "jobs", AUDIENCE, now_s() + 50)), AUTH_FORGED);
	assert_int_equal(check(service_token(SERVICE_KEY, len, "jobs", "internal", now_s() - 1)), AUTH_EXPIRED);
	assert_int_equal(check(service_token(SERVICE_KEY, len, "", "internal", now_s() + 50)), AUTH_MALFORMED);
	claims = claims_with("aud", "[\"" AUDIENCE "\",\"internal\"]", "");
	/* The shared key neither signs access tokens nor under another name. */
	assert_int_equal(check(token_hmac(SERVICE_KEY, len, head_of("at+jwt", "HS256", "svc"), claims)),
	    AUTH_FORGED);
	assert_int_equal(check(token_hmac(SERVICE_KEY, len, head_of("svc+jwt", "HS256", rsa_kid), claims)),
	    AUTH_FORGED);
	assert_int_equal(check(token_hmac(rsa_public, strlen(rsa_public),
	    head_of("svc+jwt", "HS256", "svc"), claims)), AUTH_FORGED);
	assert_int_equal(check(token_signed(rsa, head_of("svc+jwt", "RS256", "svc"), claims)), AUTH_FORGED);
	assert_int_equal(check(arena_printf(&arena, "%s.%s.",
	    b64(head_of("svc+jwt", "none", "svc")), b64(claims))), AUTH_FORGED);
	/* A program without the shared key takes none and makes none. */
	assert_int_equal(auth_init(ISSUER, AUDIENCE, NULL, 0), 0);
	assert_int_equal(check(service_token(SERVICE_KEY, len, "jobs", "internal", now_s() + 50)), AUTH_FORGED);
	assert_int_equal(check(service_token("", 0, "jobs", "internal", now_s() + 50)), AUTH_FORGED);
	assert_null(mint_service(&arena, "jobs"));
}

/* ---- keys ---- */

static void
broken_key_sets_keep_the_old_one(void **state)
{
	char		*token, *key = inner(ec_only), *off_curve;
	EVP_PKEY	*small = EVP_RSA_gen(1024);
	BIGNUM		*n = NULL;
	uint8_t		 bytes[128];
	const char	*bad[12];
	size_t		 i = 0, k;

	(void)state;
	assert_int_equal(EVP_PKEY_get_bn_param(small, "n", &n), 1);
	BN_bn2binpad(n, bytes, sizeof(bytes));
	off_curve = arena_strdup(&arena, ec_only);
	*(strstr(off_curve, "\"y\":\"") + 7) ^= 1;
	bad[i++] = "";
	bad[i++] = "{";
	bad[i++] = "[]";
	bad[i++] = "{\"keys\":[]}";
	bad[i++] = "{\"keys\":{}}";
	bad[i++] = "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"a\",\"k\":\"AAAA\"}]}";
	bad[i++] = arena_printf(&arena, "{\"keys\":[%s,%s]}", key, key);
	bad[i++] = arena_printf(&arena, "{\"keys\":[%s,{\"kty\":\"RSA\",\"kid\":\"s\",\"n\":\"%s\","
	    "\"e\":\"AQAB\"}]}", key, base64url_encode(&arena, bytes, sizeof(bytes)));
	bad[i++] = arena_printf(&arena, "{\"keys\":[%s,{\"kty\":\"RSA\",\"kid\":\"s\",\"n\":\"AQAB\"}]}", key);
	bad[i++] = arena_printf(&arena, "{\"keys\":[%s,{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"s\","
	    "\"x\":\"AAAA\",\"y\":\"AAAA\"}]}", key);
	bad[i++] = off_curve;
	bad[i++] = "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"use\":\"enc\",\"kid\":\"s\"}]}";
	for (k = 0; k < i; k++) {
		assert_int_equal(auth_set_jwks(bad[k], strlen(bad[k])), -1);
		token = token_signed(rsa, rs_head(), claims_with("jti", "\"" ORG "\"",
		    arena_printf(&arena, ",\"n\":%zu", k)));
		assert_int_equal(check(token), AUTH_OK);
		assert_true(auth_has_keys());
	}
	/* Kinds we do not use stand beside ours without harm. */
	off_curve = arena_printf(&arena, "{\"keys\":[{\"kty\":\"OKP\",\"kid\":\"o\"},{\"kty\":\"RSA\","
	    "\"alg\":\"PS256\",\"kid\":\"p\"},%s]}", key);
	assert_int_equal(auth_set_jwks(off_curve, strlen(off_curve)), 0);
	BN_free(n);
	EVP_PKEY_free(small);
}

static void
unfit_signing_keys_are_refused(void **state)
{
	EVP_PKEY	*unfit[] = { EVP_RSA_gen(1024), EVP_EC_gen("P-384"), EVP_PKEY_Q_keygen(NULL, NULL, "ED25519") };
	BIO		*bio = BIO_new(BIO_s_mem());
	char		*pem, *data;
	long		 n;
	size_t		 i;

	(void)state;
	for (i = 0; i < NITEMS(unfit); i++) {
		pem = pem_of(unfit[i], true);
		assert_int_equal(mint_init(pem, strlen(pem)), -1);
		free(pem);
		EVP_PKEY_free(unfit[i]);
	}
	/* Encrypted: must fail at once, not ask at a terminal. */
	assert_int_equal(PEM_write_bio_PrivateKey(bio, rsa, EVP_aes_128_cbc(),
	    (const uint8_t *)"secret", 6, NULL, NULL), 1);
	n = BIO_get_mem_data(bio, &data);
	assert_int_equal(mint_init(data, (size_t)n), -1);
	BIO_free(bio);
	assert_int_equal(mint_init(rsa_public, strlen(rsa_public)), -1);
	assert_int_equal(mint_init("", 0), -1);
	assert_int_equal(mint_init(NULL, 0), -1);
	assert_int_equal(mint_init("-----BEGIN PRIVATE KEY-----\n", 28), -1);
	/* The key set up before still signs. */
	assert_non_null(strstr(mint_jwks(&arena), rsa_kid));
}

static void
unfit_mints_are_refused(void **state)
{
	struct principal	 who = officer();
	struct mint		 m = { .who = &who, .ttl_s = 0 };

	(void)state;
	assert_null(mint_access(&arena, &m));
	m.ttl_s = -5;
	assert_null(mint_access(&arena, &m));
	m.ttl_s = 24 * 3600 + 1;
	assert_null(mint_access(&arena, &m));
	m.ttl_s = 24 * 3600;
	assert_int_equal(check(mint_access(&arena, &m)), AUTH_OK);
	who.client[0] = '\0';
	assert_null(mint_access(&arena, &m));
	who = officer();
	who.roles |= ROLE_SERVICE;
	assert_null(mint_access(&arena, &m));
	/* More roles than a principal can hold would never be accepted. */
	who = officer();
	who.roles = ROLE_CLERK | ROLE_PERSON;
	for (who.ngrants = 0; who.ngrants < PRINCIPAL_ROLES; who.ngrants++) {
		who.grants[who.ngrants].role = ROLE_CLERK;
		memcpy(who.grants[who.ngrants].area, "431129", 7);
	}
	assert_null(mint_access(&arena, &m));
	who.roles = ROLE_CLERK;
	assert_int_equal(check(mint_access(&arena, &m)), AUTH_OK);
}

static void
unfit_set_ups_are_refused(void **state)
{
	(void)state;
	assert_int_equal(auth_init("", AUDIENCE, NULL, 0), -1);
	assert_int_equal(auth_init(ISSUER, "", NULL, 0), -1);
	assert_int_equal(auth_init(NULL, AUDIENCE, NULL, 0), -1);
	assert_int_equal(auth_init(ISSUER, "internal", NULL, 0), -1);
	assert_int_equal(auth_init(ISSUER, AUDIENCE, "short", 5), -1);
}

/* Handlers run on coroutines with 64 KB of stack. */
static void *
mint_and_check(void *arg)
{
	struct principal	 who = officer();
	struct mint		 m = { .who = &who, .ttl_s = 60 };
	char			*token;
	int			*failed = arg;

	*failed = mint_init(ec_pem, strlen(ec_pem)) != 0;
	token = mint_access(&arena, &m);
	*failed += token == NULL || check(token) != AUTH_OK;
	*failed += mint_init(rsa_pem, strlen(rsa_pem)) != 0;
	token = mint_access(&arena, &m);
	*failed += token == NULL || check(token) != AUTH_OK;
	*failed += auth_set_jwks(ec_only, strlen(ec_only)) != 0;
	*failed += auth_set_jwks(both_keys, strlen(both_keys)) != 0;
	token = mint_service(&arena, "stack");
	*failed += token == NULL || check(token) != AUTH_OK;
	return (NULL);
}

static void
a_small_stack_is_enough(void **state)
{
	pthread_attr_t	 attr;
	pthread_t	 thread;
	int		 failed = -1;
#ifdef YJY_ASAN
	size_t		 stack = 1024 * 1024;
#else
	size_t		 stack = 48 * 1024;
#endif

	(void)state;
	assert_int_equal(pthread_attr_init(&attr), 0);
	assert_int_equal(pthread_attr_setstacksize(&attr, stack), 0);
	assert_int_equal(pthread_create(&thread, &attr, mint_and_check, &failed), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	pthread_attr_destroy(&attr);
	assert_int_equal(failed, 0);
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		TEST(service_tokens),
		TEST(false_service_tokens_are_refused),
		TEST(broken_key_sets_keep_the_old_one),
		TEST(unfit_signing_keys_are_refused),
		TEST(unfit_mints_are_refused),
		TEST(unfit_set_ups_are_refused),
		TEST(a_small_stack_is_enough),
	};

	return (cmocka_run_group_tests_name("auth_keys", tests, group_set_up, group_tear_down));
}
