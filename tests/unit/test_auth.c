/*
 * test_auth.c -- tokens: what we mint is accepted, and nothing else is. The
 * hostile tokens are made here, signed with the real key where the trick lies
 * elsewhere.
 */
#include <pthread.h>
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

static char *
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

static char *
b64(const char *text)
{
	return (base64url_encode(&arena, text, strlen(text)));
}

static char *
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

static char *
token_signed(EVP_PKEY *pkey, const char *head, const char *claims)
{
	char	*text = arena_printf(&arena, "%s.%s", b64(head), b64(claims));

	return (arena_printf(&arena, "%s.%s", text, sign_with(pkey, text)));
}

static char *
token_hmac(const void *key, size_t len, const char *head, const char *claims)
{
	char		*text = arena_printf(&arena, "%s.%s", b64(head), b64(claims));
	uint8_t		 mac[32];
	unsigned int	 n;

	assert_non_null(HMAC(EVP_sha256(), key, (int)len, (const uint8_t *)text,
	    strlen(text), mac, &n));
	return (arena_printf(&arena, "%s.%s", text, base64url_encode(&arena, mac, n)));
}

static char *
head_of(const char *typ, const char *alg, const char *kid)
{
	return (arena_printf(&arena, "{\"typ\":\"%s\",\"alg\":\"%s\",\"kid\":\"%s\"}",
	    typ, alg, kid));
}

static char *
rs_head(void)
{
	return (head_of("at+jwt", "RS256", rsa_kid));
}

static int64_t
now_s(void)
{
	return (clock_real_us() / 1000000);
}

/* Sound claims with one of them replaced ("" drops it) and something added. */
static char *
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

static char *
good_claims(void)
{
	return (claims_with(NULL, NULL, ""));
}

static enum auth_result
check(const char *token)
{
	struct principal	 p;

	return (auth_check(token, strlen(token), &p));
}

static enum auth_result
check_claim(const char *name, const char *value)
{
	return (check(token_signed(rsa, rs_head(), claims_with(name, value, ""))));
}

static enum auth_result
check_extra(const char *extra)
{
	return (check(token_signed(rsa, rs_head(), claims_with(NULL, NULL, extra))));
}

/* ---- set-up ---- */

static void
kid_of(const char *jwks, char *out)
{
	const char	*kid = json_string(json_get(json_at(json_get(json_parse(&arena, jwks,
	    strlen(jwks)), "keys"), 0), "kid"));

	assert_non_null(kid);
	snprintf(out, 64, "%s", kid);
}

static char *
inner(const char *jwks)
{
	const char	*from = strchr(jwks, '[') + 1, *to = strrchr(jwks, ']');

	return (arena_strndup(&arena, from, (size_t)(to - from)));
}

static int
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

static int
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

static int
set_up(void **state)
{
	(void)state;
	if (auth_init(ISSUER, AUDIENCE, SERVICE_KEY, strlen(SERVICE_KEY)) == -1 ||
	    auth_set_jwks(both_keys, strlen(both_keys)) == -1 ||
	    mint_init(rsa_pem, strlen(rsa_pem)) == -1)
		return (-1);
	return (0);
}

static int
tear_down(void **state)
{
	(void)state;
	arena_clear(&arena);
	return (0);
}

static struct principal
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
	auth_forget(p.token_id);
	assert_int_equal(check(token), AUTH_FORGED);
	assert_int_equal(check(other), AUTH_OK);
	/* One never seen before it was revoked; capitals are the same id. */
	fresh = uuid_new();
	uuid_format(&fresh, id);
	auth_forget(id);
	for (i = 0; id[i] != '\0'; i++)
		if (id[i] >= 'a' && id[i] <= 'f')
			id[i] = (char)(id[i] - 32);
	token = token_signed(rsa, rs_head(), claims_with("jti", arena_printf(&arena, "\"%s\"", id), ""));
	assert_int_not_equal(check(token), AUTH_OK);
	/* The memory of many does not lose the first. */
	for (i = 0; i < 20000; i++) {
		fresh = uuid_new();
		auth_forget(uuid_format(&fresh, id));
	}
	auth_forget("not an id");
	auth_forget("");
	assert_int_not_equal(check(token), AUTH_OK);
	assert_int_equal(check(other), AUTH_OK);
	token = token_signed(rsa, rs_head(), claims_with("jti", arena_printf(&arena, "\"%s\"", id), ""));
	assert_int_equal(check(token), AUTH_FORGED);
}

static char *
service_token(const char *key, size_t len, const char *sub, const char *aud, int64_t exp)
{
	struct uuid	 id = uuid_new();
	char		 jti[UUID_TEXT];

	return (token_hmac(key, len, "{\"typ\":\"svc+jwt\",\"alg\":\"HS256\",\"kid\":\"svc\"}",
	    arena_printf(&arena, "{\"iss\":\"" ISSUER "\",\"aud\":\"%s\",\"sub\":\"%s\","
	    "\"iat\":%ld,\"exp\":%ld,\"jti\":\"%s\"}", aud, sub, (long)now_s(), (long)exp,
	    uuid_format(&id, jti))));
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

#define TEST(name)	cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		TEST(minted_tokens_are_accepted),
		TEST(person_and_chosen_id_are_minted),
		TEST(every_es256_signature_converts),
		TEST(key_name_is_the_thumbprint),
		TEST(published_keys_are_read),
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
		TEST(person_is_the_subject_or_named),
		TEST(roles_are_read_strictly),
		TEST(grants_reach_their_area_only),
		TEST(roles_have_names_and_labels),
		TEST(a_remembered_token_gives_the_same_principal),
		TEST(a_remembered_token_still_expires),
		TEST(a_withdrawn_key_ends_its_tokens),
		TEST(forgotten_tokens_are_refused),
		TEST(the_cache_is_bounded),
		TEST(service_tokens),
		TEST(false_service_tokens_are_refused),
		TEST(broken_key_sets_keep_the_old_one),
		TEST(unfit_signing_keys_are_refused),
		TEST(unfit_mints_are_refused),
		TEST(unfit_set_ups_are_refused),
		TEST(a_small_stack_is_enough),
	};

	return (cmocka_run_group_tests_name("auth", tests, group_set_up, group_tear_down));
}
