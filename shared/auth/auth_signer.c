/*
 * auth_signer.c -- the private key that signs access tokens, its name and its
 * public half.
 *
 * The key is RSA of 2048 bits or more (RS256) or P-256 (ES256). Its name is
 * the thumbprint of RFC 7638, so that two machines with one key agree on it.
 * An encrypted key file is refused: nobody is there to type a password.
 */
#include <string.h>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "auth/auth_priv.h"
#include "base/log.h"

#define RSA_LEAST_BITS	2048
#define RSA_MOST_BITS	8192
#define P256_BYTES	32
#define JWK_MAX		4096

struct signer {
	struct arena	 arena;		/* owns the texts */
	EVP_PKEY	*pkey;		/* NULL: no key yet */
	enum token_alg	 alg;
	const char	*kid;
	const char	*n, *e;		/* RSA, base64url */
	const char	*x, *y;		/* P-256, base64url */
};

static EVP_PKEY	*pem_read(const void *, size_t);
static int	 pem_no_password(char *, int, int, void *);
static bool	 signer_describe(struct signer *);
static bool	 describe_rsa(struct signer *);
static bool	 describe_ec(struct signer *);
static char	*number_text(struct arena *, EVP_PKEY *, const char *, int);
static const char *thumbprint(struct signer *);
static const char *alg_name(enum token_alg);
static void	 jwk_put(struct json_out *, const struct signer *);
static void	 signer_release(struct signer *);
static bool	 ecdsa_raw(const uint8_t *, size_t, uint8_t *);

static struct signer	 signer;

int
mint_init(const void *pem, size_t len)
{
	struct signer	 fresh;

	memset(&fresh, 0, sizeof(fresh));
	arena_init(&fresh.arena);
	fresh.pkey = pem_read(pem, len);
	if (fresh.pkey == NULL || !signer_describe(&fresh)) {
		signer_release(&fresh);
		return (-1);
	}
	signer_release(&signer);
	signer = fresh;
	return (0);
}

const char *
auth_signer_kid(void)
{
	return (signer.kid);
}

const char *
auth_signer_alg(void)
{
	return (alg_name(signer.alg));
}

char *
auth_signer_sign(struct arena *a, const char *text, size_t len)
{
	EVP_MD_CTX	*ctx = EVP_MD_CTX_new();
	uint8_t		 sig[RSA_MOST_BITS / 8], raw[2 * P256_BYTES];
	size_t		 n = sizeof(sig);
	bool		 good;

	if (ctx == NULL)
		log_die("auth: out of memory");
	good = EVP_DigestSignInit_ex(ctx, NULL, "SHA256", NULL, NULL, signer.pkey, NULL) == 1 &&
	    EVP_DigestSign(ctx, sig, &n, (const uint8_t *)text, len) == 1;
	EVP_MD_CTX_free(ctx);
	if (!good)
		return (NULL);
	if (signer.alg == TOKEN_RS256)
		return (base64url_encode(a, sig, n));
	return (ecdsa_raw(sig, n, raw) ? base64url_encode(a, raw, sizeof(raw)) : NULL);
}

char *
mint_jwks(struct arena *a)
{
	struct json_out	 out;
	struct buf	 b;
	char		*text = NULL;

	if (signer.pkey == NULL)
		return (NULL);
	buf_init(&b, JWK_MAX);
	json_out_init(&out, &b);
	json_open(&out, NULL);
	json_open_list(&out, "keys");
	jwk_put(&out, &signer);
	json_close_list(&out);
	json_close(&out);
	if (buf_ok(&b))
		text = arena_strdup(a, buf_cstr(&b));
	buf_release(&b);
	return (text);
}

int
mint_describe(struct arena *a, const void *pem, size_t len, struct mint_key *k)
{
	struct signer	 s;
	struct json_out	 out;
	struct buf	 b;
	int		 r = -1;

	memset(&s, 0, sizeof(s));
	arena_init(&s.arena);
	buf_init(&b, JWK_MAX);
	s.pkey = pem_read(pem, len);
	if (s.pkey != NULL && signer_describe(&s)) {
		json_out_init(&out, &b);
		jwk_put(&out, &s);
		k->kid = arena_strdup(a, s.kid);
		k->alg = alg_name(s.alg);
		k->jwk = arena_strdup(a, buf_cstr(&b));
		r = buf_ok(&b) ? 0 : -1;
	}
	buf_release(&b);
	signer_release(&s);
	return (r);
}

static const char *
alg_name(enum token_alg alg)
{
	return (alg == TOKEN_RS256 ? "RS256" : "ES256");
}

static void
jwk_put(struct json_out *out, const struct signer *s)
{
	json_open(out, NULL);
	json_put_text(out, "kty", s->alg == TOKEN_RS256 ? "RSA" : "EC");
	json_put_text(out, "use", "sig");
	json_put_text(out, "alg", alg_name(s->alg));
	json_put_text(out, "kid", s->kid);
	if (s->alg == TOKEN_RS256) {
		json_put_text(out, "n", s->n);
		json_put_text(out, "e", s->e);
	} else {
		json_put_text(out, "crv", "P-256");
		json_put_text(out, "x", s->x);
		json_put_text(out, "y", s->y);
	}
	json_close(out);
}

static EVP_PKEY *
pem_read(const void *pem, size_t len)
{
	BIO		*bio;
	EVP_PKEY	*pkey;

	if (pem == NULL || len == 0 || len > 64 * 1024 ||
	    (bio = BIO_new_mem_buf(pem, (int)len)) == NULL)
		return (NULL);
	pkey = PEM_read_bio_PrivateKey(bio, NULL, pem_no_password, NULL);
	BIO_free(bio);
	return (pkey);
}

static int
pem_no_password(char *out, int size, int rw, void *arg)
{
	(void)out;
	(void)size;
	(void)rw;
	(void)arg;
	return (-1);
}

static bool
signer_describe(struct signer *s)
{
	if (EVP_PKEY_is_a(s->pkey, "RSA") ? !describe_rsa(s) : !describe_ec(s))
		return (false);
	s->kid = thumbprint(s);
	return (s->kid != NULL);
}

static bool
describe_rsa(struct signer *s)
{
	int	 bits = EVP_PKEY_get_bits(s->pkey);

	if (bits < RSA_LEAST_BITS || bits > RSA_MOST_BITS)
		return (false);
	s->alg = TOKEN_RS256;
	s->n = number_text(&s->arena, s->pkey, OSSL_PKEY_PARAM_RSA_N, 0);
	s->e = number_text(&s->arena, s->pkey, OSSL_PKEY_PARAM_RSA_E, 0);
	return (s->n != NULL && s->e != NULL);
}

static bool
describe_ec(struct signer *s)
{
	char	 group[32];

	if (!EVP_PKEY_is_a(s->pkey, "EC") || EVP_PKEY_get_utf8_string_param(s->pkey,
	    OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof(group), NULL) != 1 ||
	    strcmp(group, "prime256v1") != 0)
		return (false);
	s->alg = TOKEN_ES256;
	s->x = number_text(&s->arena, s->pkey, OSSL_PKEY_PARAM_EC_PUB_X, P256_BYTES);
	s->y = number_text(&s->arena, s->pkey, OSSL_PKEY_PARAM_EC_PUB_Y, P256_BYTES);
	return (s->x != NULL && s->y != NULL);
}

/* Big-endian base64url; `width` 0: as many bytes as it has. */
static char *
number_text(struct arena *a, EVP_PKEY *pkey, const char *param, int width)
{
	uint8_t	 bytes[RSA_MOST_BITS / 8];
	BIGNUM	*bn = NULL;
	char	*text = NULL;
	int	 n;

	if (EVP_PKEY_get_bn_param(pkey, param, &bn) != 1)
		return (NULL);
	n = width == 0 ? BN_num_bytes(bn) : width;
	if (BN_num_bytes(bn) <= n && (size_t)n <= sizeof(bytes) &&
	    BN_bn2binpad(bn, bytes, n) == n)
		text = base64url_encode(a, bytes, (size_t)n);
	BN_free(bn);
	return (text);
}

/* SHA-256 of the required members in the order of their names (RFC 7638). */
static const char *
thumbprint(struct signer *s)
{
	struct json_out	 out;
	struct buf	 b;
	uint8_t		 digest[CHAIN_BYTES];
	const char	*kid = NULL;

	buf_init(&b, JWK_MAX);
	json_out_init(&out, &b);
	json_open(&out, NULL);
	if (s->alg == TOKEN_RS256) {
		json_put_text(&out, "e", s->e);
		json_put_text(&out, "kty", "RSA");
		json_put_text(&out, "n", s->n);
	} else {
		json_put_text(&out, "crv", "P-256");
		json_put_text(&out, "kty", "EC");
		json_put_text(&out, "x", s->x);
		json_put_text(&out, "y", s->y);
	}
	json_close(&out);
	if (buf_ok(&b)) {
		sha256(b.data, b.len, digest);
		kid = base64url_encode(&s->arena, digest, sizeof(digest));
	}
	buf_release(&b);
	return (kid);
}

static void
signer_release(struct signer *s)
{
	EVP_PKEY_free(s->pkey);
	arena_release(&s->arena);
}

/* OpenSSL signs in DER; JOSE wants r and s as they are. */
static bool
ecdsa_raw(const uint8_t *der, size_t len, uint8_t *raw)
{
	ECDSA_SIG	*sig = d2i_ECDSA_SIG(NULL, &der, (long)len);
	bool		 good;

	good = sig != NULL &&
	    BN_bn2binpad(ECDSA_SIG_get0_r(sig), raw, P256_BYTES) == P256_BYTES &&
	    BN_bn2binpad(ECDSA_SIG_get0_s(sig), raw + P256_BYTES, P256_BYTES) == P256_BYTES;
	ECDSA_SIG_free(sig);
	return (good);
}
