/*
 * auth_forge.h -- tokens made by hand, with real keys, for the tests of auth:
 * sound ones, and ones with a single thing wrong.
 */
#ifndef TEST_AUTH_FORGE_H
#define TEST_AUTH_FORGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "auth/auth.h"
#include "base/clock.h"
#include "codes/codes.h"
#include "crypt/crypt.h"
#include "json/json.h"

#define ISSUER		"https://issuer.test"
#define AUDIENCE	"yjy365"
#define SERVICE_KEY	"0123456789abcdef0123456789abcdef"
#define SUBJECT		"0190a000-0000-7000-8000-000000000001"
#define ORG		"0190a000-0000-7000-8000-000000000002"
#define JTI		"0190a000-0000-7000-8000-000000000003"

static struct arena	 arena;
static EVP_PKEY		*rsa, *ec, *stranger;
static char		*rsa_pem, *ec_pem, *rsa_public;
static char		 rsa_kid[64], ec_kid[64];
static char		*both_keys, *ec_only;

/* ---- making tokens by hand ---- */

static inline char *
pem_of(EVP_PKEY *pkey, bool private)
{
	BIO	*bio = BIO_new(BIO_s_mem());
	char	*data, *out;
	long	 n;

	if (private)
		assert_int_equal(PEM_write_bio_PrivateKey(bio, pkey, NULL, NULL, 0, NULL, NULL), 1);
	else
		assert_int_equal(PEM_write_bio_PUBKEY(bio, pkey), 1);
	n = BIO_get_mem_data(bio, &data);
	assert_non_null(out = strndup(data, (size_t)n));
	BIO_free(bio);
	return (out);
}

static inline char *
b64(const char *text)
{
	return (base64url_encode(&arena, text, strlen(text)));
}

static inline char *
sign_with(EVP_PKEY *pkey, const char *text)
{
	EVP_MD_CTX	*ctx = EVP_MD_CTX_new();
	uint8_t		 sig[1024], raw[64];
	const uint8_t	*p = sig;
	ECDSA_SIG	*es;
	size_t		 n = sizeof(sig);

	assert_int_equal(EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, pkey), 1);
	assert_int_equal(EVP_DigestSign(ctx, sig, &n, (const uint8_t *)text, strlen(text)), 1);
	EVP_MD_CTX_free(ctx);
	if (!EVP_PKEY_is_a(pkey, "EC"))
		return (base64url_encode(&arena, sig, n));
	assert_non_null(es = d2i_ECDSA_SIG(NULL, &p, (long)n));
	BN_bn2binpad(ECDSA_SIG_get0_r(es), raw, 32);
	BN_bn2binpad(ECDSA_SIG_get0_s(es), raw + 32, 32);
	ECDSA_SIG_free(es);
	return (base64url_encode(&arena, raw, sizeof(raw)));
}

static inline char *
token_signed(EVP_PKEY *pkey, const char *head, const char *claims)
{
	char	*text = arena_printf(&arena, "%s.%s", b64(head), b64(claims));

	return (arena_printf(&arena, "%s.%s", text, sign_with(pkey, text)));
}

static inline char *
token_hmac(const void *key, size_t len, const char *head, const char *claims)
{
	char		*text = arena_printf(&arena, "%s.%s", b64(head), b64(claims));
	uint8_t		 mac[32];
	unsigned int	 n;

	assert_non_null(HMAC(EVP_sha256(), key, (int)len, (const uint8_t *)text,
	    strlen(text), mac, &n));
	return (arena_printf(&arena, "%s.%s", text, base64url_encode(&arena, mac, n)));
}

static inline char *
head_of(const char *typ, const char *alg, const char *kid)
{
	return (arena_printf(&arena, "{\"typ\":\"%s\",\"alg\":\"%s\",\"kid\":\"%s\"}",
	    typ, alg, kid));
}

static inline char *
rs_head(void)
{
	return (head_of("at+jwt", "RS256", rsa_kid));
}

static inline int64_t
now_s(void)
{
	return (clock_real_us() / 1000000);
}

/* Sound claims with one of them replaced ("" drops it) and something added. */
static inline char *
claims_with(const char *name, const char *value, const char *extra)
{
	static const char *const	 names[] = {
		"iss", "aud", "sub", "client_id", "jti", "iat", "exp", "roles"
	};
	char				*values[NITEMS(names)], *text = arena_strdup(&arena, "");
	size_t				 i;

	values[0] = arena_strdup(&arena, "\"" ISSUER "\"");
	values[1] = arena_strdup(&arena, "\"" AUDIENCE "\"");
	values[2] = arena_strdup(&arena, "\"" SUBJECT "\"");
	values[3] = arena_strdup(&arena, "\"app\"");
	values[4] = arena_strdup(&arena, "\"" JTI "\"");
	values[5] = arena_printf(&arena, "%ld", (long)now_s());
	values[6] = arena_printf(&arena, "%ld", (long)now_s() + 600);
	values[7] = arena_strdup(&arena, "[\"person\"]");
	for (i = 0; i < NITEMS(names); i++) {
		const char	*v = name != NULL && strcmp(name, names[i]) == 0 ? value : values[i];

		if (v[0] != '\0')
			text = arena_printf(&arena, "%s%s\"%s\":%s", text,
			    text[0] == '\0' ? "" : ",", names[i], v);
	}
	return (arena_printf(&arena, "{%s%s}", text, extra));
}

static inline char *
good_claims(void)
{
	return (claims_with(NULL, NULL, ""));
}

static inline enum auth_result
check(const char *token)
{
	struct principal	 p;

	return (auth_check(token, strlen(token), &p));
}

static inline enum auth_result
check_claim(const char *name, const char *value)
{
	return (check(token_signed(rsa, rs_head(), claims_with(name, value, ""))));
}

static inline enum auth_result
check_extra(const char *extra)
{
	return (check(token_signed(rsa, rs_head(), claims_with(NULL, NULL, extra))));
}

static inline char *
service_token(const char *key, size_t len, const char *sub, const char *aud, int64_t exp)
{
	struct uuid	 id = uuid_new();
	char		 jti[UUID_TEXT];

	return (token_hmac(key, len, "{\"typ\":\"svc+jwt\",\"alg\":\"HS256\",\"kid\":\"svc\"}",
	    arena_printf(&arena, "{\"iss\":\"" ISSUER "\",\"aud\":\"%s\",\"sub\":\"%s\","
	    "\"iat\":%ld,\"exp\":%ld,\"jti\":\"%s\"}", aud, sub, (long)now_s(), (long)exp,
	    uuid_format(&id, jti))));
}

/* ---- set-up ---- */

static inline void
kid_of(const char *jwks, char *out)
{
	const char	*kid = json_string(json_get(json_at(json_get(json_parse(&arena, jwks,
	    strlen(jwks)), "keys"), 0), "kid"));

	assert_non_null(kid);
	snprintf(out, 64, "%s", kid);
}

static inline char *
inner(const char *jwks)
{
	const char	*from = strchr(jwks, '[') + 1, *to = strrchr(jwks, ']');

	return (arena_strndup(&arena, from, (size_t)(to - from)));
}

static inline int
group_set_up(void **state)
{
	char	*rsa_set, *ec_set;

	(void)state;
	arena_init(&arena);
	assert_int_equal(codes_load("sql/reference"), 0);
	rsa = EVP_RSA_gen(2048);
	stranger = EVP_RSA_gen(2048);
	ec = EVP_EC_gen("P-256");
	rsa_pem = pem_of(rsa, true);
	rsa_public = pem_of(rsa, false);
	ec_pem = pem_of(ec, true);
	assert_int_equal(mint_init(rsa_pem, strlen(rsa_pem)), 0);
	assert_non_null(rsa_set = mint_jwks(&arena));
	kid_of(rsa_set, rsa_kid);
	assert_int_equal(mint_init(ec_pem, strlen(ec_pem)), 0);
	assert_non_null(ec_set = mint_jwks(&arena));
	kid_of(ec_set, ec_kid);
	both_keys = strdup(arena_printf(&arena, "{\"keys\":[%s,%s]}", inner(rsa_set), inner(ec_set)));
	ec_only = strdup(ec_set);
	return (0);
}

static inline int
group_tear_down(void **state)
{
	(void)state;
	EVP_PKEY_free(rsa);
	EVP_PKEY_free(ec);
	EVP_PKEY_free(stranger);
	free(rsa_pem);
	free(rsa_public);
	free(ec_pem);
	free(both_keys);
	free(ec_only);
	arena_release(&arena);
	return (0);
}

static inline int
set_up(void **state)
{
	(void)state;
	if (auth_init(ISSUER, AUDIENCE, SERVICE_KEY, strlen(SERVICE_KEY)) == -1 ||
	    auth_set_jwks(both_keys, strlen(both_keys)) == -1 ||
	    mint_init(rsa_pem, strlen(rsa_pem)) == -1)
		return (-1);
	return (0);
}

static inline int
tear_down(void **state)
{
	(void)state;
	arena_clear(&arena);
	return (0);
}

static inline struct principal
officer(void)
{
	struct principal	 p;

	memset(&p, 0, sizeof(p));
	assert_true(uuid_parse(SUBJECT, &p.subject));
	assert_true(uuid_parse(ORG, &p.org));
	p.has_org = true;
	memcpy(p.client, "app", 4);
	p.roles = ROLE_FIRST_REVIEW | ROLE_STATS | ROLE_PERSON;
	p.ngrants = 2;
	p.grants[0].role = ROLE_FIRST_REVIEW;
	memcpy(p.grants[0].area, "431129", 7);
	p.grants[1].role = ROLE_STATS;
	memcpy(p.grants[1].area, AREA_CITY, 7);
	return (p);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
