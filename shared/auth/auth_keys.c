/*
 * auth_keys.c -- the keys that verify: a JWK set (RFC 7517) for access tokens,
 * one shared secret for tokens between services.
 *
 * Keys are parsed once and kept ready to verify. Invariant: a set is replaced as a
 * whole and only by one in which every signing key of a kind we use is sound;
 * a key has exactly one algorithm. Keys of other kinds are skipped.
 */
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/params.h>
#include <openssl/rsa.h>

#include "auth/auth_priv.h"
#include "base/log.h"

#define KEYS_MAX	16
#define RSA_LEAST_BITS	2048
#define RSA_MOST_BITS	8192
#define P256_BYTES	32
#define DER_MAX		80	/* two 33-byte integers and their heads */

struct auth_key {
	char		 kid[KID_MAX];
	enum token_alg	 alg;
	EVP_PKEY_CTX	*verifier;	/* ready: setting one up costs microseconds */
};

struct key_set {
	struct auth_key	 keys[KEYS_MAX];
	size_t		 count;
};

static bool	 service_mac_of(const void *, size_t, uint8_t[CHAIN_BYTES]);
static int	 set_read(struct arena *, const char *, size_t, struct key_set *);
static int	 set_add(struct arena *, const struct json *, struct key_set *);
static void	 set_free(struct key_set *);
static void	 set_forget(void *);
static EVP_PKEY	*rsa_key(struct arena *, const struct json *);
static EVP_PKEY	*ec_key(struct arena *, const struct json *);
static EVP_PKEY	*key_build(const char *, OSSL_PARAM_BLD *);
static uint8_t	*member_bytes(struct arena *, const struct json *, const char *, size_t *);
static bool	 text_is(const struct json *, const char *, const char *, bool);
static EVP_PKEY_CTX *verifier_new(EVP_PKEY *, enum token_alg);
static size_t	 ecdsa_der(const uint8_t *, uint8_t *);
static uint8_t	*der_integer(uint8_t *, const uint8_t *);

static struct key_set	 current;
static uint8_t		 current_digest[CHAIN_BYTES];
static EVP_MAC_CTX	*service_mac;

int
auth_set_jwks(const char *text, size_t len)
{
	struct key_set	 fresh;
	struct arena	 arena;
	uint8_t		 digest[CHAIN_BYTES];
	int		 r;

	sha256(text, len, digest);
	if (current.count > 0 && memcmp(digest, current_digest, sizeof(digest)) == 0)
		return (0);
	arena_init(&arena);
	memset(&fresh, 0, sizeof(fresh));
	r = set_read(&arena, text, len, &fresh);
	arena_release(&arena);
	if (r == -1) {
		set_free(&fresh);
		return (-1);
	}
	set_free(&current);
	current = fresh;
	memcpy(current_digest, digest, sizeof(digest));
	auth_cache_clear();
	return (0);
}

bool
auth_has_keys(void)
{
	return (current.count > 0);
}

const struct auth_key *
auth_key_find(const char *kid)
{
	return (auth_key_in(&current, kid));
}

const struct key_set *
auth_key_set_read(struct arena *a, const char *text, size_t len)
{
	struct key_set	*set = arena_zalloc(a, sizeof(*set));

	arena_defer(a, set_forget, set);
	return (set_read(a, text, len, set) == -1 ? NULL : set);
}

const struct auth_key *
auth_key_in(const struct key_set *set, const char *kid)
{
	size_t	 i;

	if (kid == NULL)
		return (set->count == 1 ? &set->keys[0] : NULL);
	for (i = 0; i < set->count; i++)
		if (strcmp(set->keys[i].kid, kid) == 0)
			return (&set->keys[i]);
	return (NULL);
}

bool
auth_key_is(const struct auth_key *key, enum token_alg alg)
{
	return (key->alg == alg);
}

bool
auth_key_verify(const struct auth_key *key, const void *data, size_t len,
    const uint8_t *sig, size_t sig_len)
{
	uint8_t	 der[DER_MAX], digest[CHAIN_BYTES];

	if (key->alg == TOKEN_ES256) {
		if (sig_len != 2 * P256_BYTES)
			return (false);
		sig_len = ecdsa_der(sig, der);
		sig = der;
	}
	sha256(data, len, digest);
	return (EVP_PKEY_verify(key->verifier, sig, sig_len, digest, sizeof(digest)) == 1);
}

/* Takes the key over. NULL: OpenSSL refused. */
static EVP_PKEY_CTX *
verifier_new(EVP_PKEY *pkey, enum token_alg alg)
{
	EVP_PKEY_CTX	*ctx = pkey == NULL ? NULL : EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);

	EVP_PKEY_free(pkey);
	if (ctx != NULL && EVP_PKEY_verify_init(ctx) == 1 &&
	    (alg != TOKEN_RS256 || EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1) &&
	    EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()) == 1)
		return (ctx);
	EVP_PKEY_CTX_free(ctx);
	return (NULL);
}

void
auth_service_key_set(const void *key, size_t len)
{
	char		 name[] = "SHA256";
	OSSL_PARAM	 params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
		OSSL_PARAM_construct_end()
	};
	EVP_MAC		*mac;

	EVP_MAC_CTX_free(service_mac);
	service_mac = NULL;
	if (key == NULL)
		return;
	mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	service_mac = mac == NULL ? NULL : EVP_MAC_CTX_new(mac);
	if (service_mac == NULL || EVP_MAC_init(service_mac, key, len, params) != 1)
		log_die("auth: this OpenSSL has no HMAC-SHA256");
	EVP_MAC_free(mac);
}

bool
auth_service_verify(const void *data, size_t len, const uint8_t *sig, size_t sig_len)
{
	uint8_t	 mac[CHAIN_BYTES];

	return (sig_len == sizeof(mac) && service_mac_of(data, len, mac) &&
	    equal_in_constant_time(mac, sig, sizeof(mac)));
}

char *
auth_service_sign(struct arena *a, const char *text, size_t len)
{
	uint8_t	 mac[CHAIN_BYTES];

	if (!service_mac_of(text, len, mac))
		return (NULL);
	return (base64url_encode(a, mac, sizeof(mac)));
}

/* HMAC-SHA256 under the service key; false when there is none. */
static bool
service_mac_of(const void *data, size_t len, uint8_t mac[CHAIN_BYTES])
{
	size_t	 n;

	if (service_mac == NULL)
		return (false);
	if (EVP_MAC_init(service_mac, NULL, 0, NULL) != 1 ||
	    EVP_MAC_update(service_mac, data, len) != 1 ||
	    EVP_MAC_final(service_mac, mac, &n, CHAIN_BYTES) != 1 || n != CHAIN_BYTES)
		log_die("auth: HMAC-SHA256 failed");
	return (true);
}

static int
set_read(struct arena *a, const char *text, size_t len, struct key_set *set)
{
	const struct json	*keys;
	size_t			 i;

	keys = json_get(json_parse(a, text, len), "keys");
	if (!json_is_array(keys))
		return (-1);
	for (i = 0; i < json_count(keys); i++)
		if (set_add(a, json_at(keys, i), set) == -1)
			return (-1);
	return (set->count == 0 ? -1 : 0);
}

static int
set_add(struct arena *a, const struct json *jwk, struct key_set *set)
{
	struct auth_key	*key = &set->keys[set->count];
	const char	*kid = json_string(json_get(jwk, "kid"));
	size_t		 i;

	if (!text_is(jwk, "use", "sig", true))
		return (0);
	if (text_is(jwk, "kty", "RSA", false) && text_is(jwk, "alg", "RS256", true))
		key->alg = TOKEN_RS256;
	else if (text_is(jwk, "kty", "EC", false) && text_is(jwk, "crv", "P-256", false) &&
	    text_is(jwk, "alg", "ES256", true))
		key->alg = TOKEN_ES256;
	else
		return (0);
	if (set->count == KEYS_MAX || kid == NULL || kid[0] == '\0' || strlen(kid) >= KID_MAX)
		return (-1);
	for (i = 0; i < set->count; i++)
		if (strcmp(set->keys[i].kid, kid) == 0)
			return (-1);
	key->verifier = verifier_new(key->alg == TOKEN_RS256 ? rsa_key(a, jwk) :
	    ec_key(a, jwk), key->alg);
	if (key->verifier == NULL)
		return (-1);
	memcpy(key->kid, kid, strlen(kid) + 1);
	set->count++;
	return (0);
}

static void
set_free(struct key_set *set)
{
	while (set->count > 0)
		EVP_PKEY_CTX_free(set->keys[--set->count].verifier);
}

static void
set_forget(void *set)
{
	set_free(set);
}

static EVP_PKEY *
rsa_key(struct arena *a, const struct json *jwk)
{
	size_t		 n_len, e_len;
	uint8_t		*n = member_bytes(a, jwk, "n", &n_len);
	uint8_t		*e = member_bytes(a, jwk, "e", &e_len);
	OSSL_PARAM_BLD	*bld = OSSL_PARAM_BLD_new();
	BIGNUM		*bn_n = NULL, *bn_e = NULL;
	EVP_PKEY	*pkey = NULL;

	if (bld == NULL || n == NULL || e == NULL || n_len > RSA_MOST_BITS / 8 || e_len > 8)
		goto out;
	bn_n = BN_bin2bn(n, (int)n_len, NULL);
	bn_e = BN_bin2bn(e, (int)e_len, NULL);
	if (bn_n == NULL || bn_e == NULL || BN_num_bits(bn_n) < RSA_LEAST_BITS ||
	    !BN_is_odd(bn_n) || !BN_is_odd(bn_e) || BN_is_one(bn_e))
		goto out;
	if (OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_N, bn_n) == 1 &&
	    OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_E, bn_e) == 1)
		pkey = key_build("RSA", bld);
out:
	BN_free(bn_n);
	BN_free(bn_e);
	OSSL_PARAM_BLD_free(bld);
	return (pkey);
}

static EVP_PKEY *
ec_key(struct arena *a, const struct json *jwk)
{
	size_t		 x_len, y_len;
	uint8_t		*x = member_bytes(a, jwk, "x", &x_len);
	uint8_t		*y = member_bytes(a, jwk, "y", &y_len);
	uint8_t		 point[1 + 2 * P256_BYTES];
	OSSL_PARAM_BLD	*bld;
	EVP_PKEY	*pkey = NULL;

	if (x == NULL || y == NULL || x_len != P256_BYTES || y_len != P256_BYTES)
		return (NULL);
	point[0] = POINT_CONVERSION_UNCOMPRESSED;
	memcpy(point + 1, x, P256_BYTES);
	memcpy(point + 1 + P256_BYTES, y, P256_BYTES);
	if ((bld = OSSL_PARAM_BLD_new()) == NULL)
		return (NULL);
	if (OSSL_PARAM_BLD_push_utf8_string(bld, OSSL_PKEY_PARAM_GROUP_NAME,
	    "prime256v1", 0) == 1 &&
	    OSSL_PARAM_BLD_push_octet_string(bld, OSSL_PKEY_PARAM_PUB_KEY, point,
	    sizeof(point)) == 1)
		pkey = key_build("EC", bld);
	OSSL_PARAM_BLD_free(bld);
	return (pkey);
}

static EVP_PKEY *
key_build(const char *kind, OSSL_PARAM_BLD *bld)
{
	OSSL_PARAM	*params = OSSL_PARAM_BLD_to_param(bld);
	EVP_PKEY_CTX	*ctx = EVP_PKEY_CTX_new_from_name(NULL, kind, NULL);
	EVP_PKEY	*pkey = NULL;

	if (params == NULL || ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params) != 1)
		pkey = NULL;
	EVP_PKEY_CTX_free(ctx);
	OSSL_PARAM_free(params);
	return (pkey);
}

static uint8_t *
member_bytes(struct arena *a, const struct json *jwk, const char *name, size_t *len)
{
	const char	*text = json_string(json_get(jwk, name));

	*len = 0;
	return (text == NULL ? NULL : base64url_decode(a, text, strlen(text), len));
}

static bool
text_is(const struct json *jwk, const char *name, const char *wanted, bool may_lack)
{
	const char	*text = json_string(json_get(jwk, name));

	if (text == NULL)
		return (may_lack && json_get(jwk, name) == NULL);
	return (strcmp(text, wanted) == 0);
}

/* JOSE carries r and s as they are; OpenSSL wants them as a DER sequence. */
static size_t
ecdsa_der(const uint8_t *raw, uint8_t *der)
{
	uint8_t	*end = der_integer(der_integer(der + 2, raw), raw + P256_BYTES);

	der[0] = 0x30;
	der[1] = (uint8_t)(end - der - 2);
	return ((size_t)(end - der));
}

/* As short as it can be, and not negative. */
static uint8_t *
der_integer(uint8_t *at, const uint8_t *n)
{
	size_t	skip = 0, len;

	while (skip < P256_BYTES - 1 && n[skip] == 0)
		skip++;
	len = P256_BYTES - skip;
	*at++ = 0x02;
	*at++ = (uint8_t)(len + (n[skip] >> 7));
	if (n[skip] >> 7)
		*at++ = 0;
	memcpy(at, n + skip, len);
	return (at + len);
}
