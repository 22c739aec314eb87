/*
 * digest.c -- SM3, SHA-256 and their HMACs through OpenSSL's EVP.
 *
 * Fetching an algorithm costs more than hashing a token, so every thread keeps
 * ready contexts, made at its first use and freed when it ends; any thread
 * may call these functions.
 */
#include <pthread.h>
#include <stdlib.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "crypt/crypt.h"
#include "base/log.h"

struct digests {
	EVP_MD_CTX	*sm3, *sha256;
	EVP_MAC_CTX	*hmac, *hmac_sha256;
};

static struct digests	*digests_mine(void);
static struct digests	*digests_new(void);
static void		 digests_free(void *);
static void		 digests_key(void);
static EVP_MD_CTX	*digest_make(const char *);
static EVP_MAC_CTX	*mac_make(const char *);
static void		 mac_run(EVP_MAC_CTX *, const void *, size_t, const void *, size_t, uint8_t *);
static void		 digest_run(EVP_MD_CTX *, const void *, size_t, uint8_t *);

static _Thread_local struct digests	*mine;
static pthread_key_t			 at_thread_end;
static pthread_once_t			 key_once = PTHREAD_ONCE_INIT;

void
sm3(const void *data, size_t len, uint8_t out[CHAIN_BYTES])
{
	digest_run(digests_mine()->sm3, data, len, out);
}

void
sha256(const void *data, size_t len, uint8_t out[CHAIN_BYTES])
{
	digest_run(digests_mine()->sha256, data, len, out);
}

void
chain_next(const uint8_t prev[CHAIN_BYTES], const void *rec, size_t len,
    uint8_t next[CHAIN_BYTES])
{
	EVP_MD_CTX	*ctx = digests_mine()->sm3;

	if (EVP_DigestInit_ex2(ctx, NULL, NULL) != 1 ||
	    EVP_DigestUpdate(ctx, prev, CHAIN_BYTES) != 1 ||
	    EVP_DigestUpdate(ctx, rec, len) != 1 ||
	    EVP_DigestFinal_ex(ctx, next, NULL) != 1)
		log_die("crypt: SM3 failed");
}

void
hmac_sm3(const void *key, size_t key_len, const void *data, size_t len,
    uint8_t out[CHAIN_BYTES])
{
	mac_run(digests_mine()->hmac, key, key_len, data, len, out);
}

void
hmac_sha256(const void *key, size_t key_len, const void *data, size_t len,
    uint8_t out[CHAIN_BYTES])
{
	mac_run(digests_mine()->hmac_sha256, key, key_len, data, len, out);
}

uint32_t
hmac_digits(const uint8_t *mac, size_t len)
{
	size_t	at = mac[len - 1] & 0x0f;

	return (((uint32_t)(mac[at] & 0x7f) << 24 | (uint32_t)mac[at + 1] << 16 |
	    (uint32_t)mac[at + 2] << 8 | mac[at + 3]) % 1000000);
}

static struct digests *
digests_mine(void)
{
	if (mine == NULL)
		mine = digests_new();
	return (mine);
}

static struct digests *
digests_new(void)
{
	struct digests	*d = malloc(sizeof(*d));

	if (d == NULL || pthread_once(&key_once, digests_key) != 0 ||
	    pthread_setspecific(at_thread_end, d) != 0)
		log_die("crypt: out of memory");
	d->sm3 = digest_make("SM3");
	d->sha256 = digest_make("SHA256");
	d->hmac = mac_make("SM3");
	d->hmac_sha256 = mac_make("SHA256");
	return (d);
}

static void
digests_free(void *arg)
{
	struct digests	*d = arg;

	EVP_MD_CTX_free(d->sm3);
	EVP_MD_CTX_free(d->sha256);
	EVP_MAC_CTX_free(d->hmac);
	EVP_MAC_CTX_free(d->hmac_sha256);
	free(d);
	mine = NULL;
}

static void
digests_key(void)
{
	if (pthread_key_create(&at_thread_end, digests_free) != 0)
		log_die("crypt: no thread keys left");
}

static EVP_MD_CTX *
digest_make(const char *name)
{
	EVP_MD		*md = EVP_MD_fetch(NULL, name, NULL);
	EVP_MD_CTX	*ctx = EVP_MD_CTX_new();

	if (md == NULL || ctx == NULL || EVP_DigestInit_ex2(ctx, md, NULL) != 1)
		log_die("crypt: this OpenSSL has no %s", name);
	EVP_MD_free(md);	/* the context holds it */
	return (ctx);
}

static EVP_MAC_CTX *
mac_make(const char *digest)
{
	char		 name[16];
	OSSL_PARAM	 params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
		OSSL_PARAM_construct_end()
	};
	EVP_MAC		*mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX	*ctx = mac == NULL ? NULL : EVP_MAC_CTX_new(mac);

	(void)snprintf(name, sizeof(name), "%s", digest);
	if (ctx == NULL || EVP_MAC_CTX_set_params(ctx, params) != 1)
		log_die("crypt: this OpenSSL has no HMAC-%s", digest);
	EVP_MAC_free(mac);
	return (ctx);
}

static void
digest_run(EVP_MD_CTX *ctx, const void *data, size_t len, uint8_t *out)
{
	if (EVP_DigestInit_ex2(ctx, NULL, NULL) != 1 ||
	    EVP_DigestUpdate(ctx, data, len) != 1 ||
	    EVP_DigestFinal_ex(ctx, out, NULL) != 1)
		log_die("crypt: digest failed");
}

static void
mac_run(EVP_MAC_CTX *ctx, const void *key, size_t key_len, const void *data, size_t len,
    uint8_t *out)
{
	size_t	n;

	/* OpenSSL takes a NULL key for "the one before". */
	if (EVP_MAC_init(ctx, key_len == 0 ? (const void *)"" : key, key_len, NULL) != 1 ||
	    EVP_MAC_update(ctx, data, len) != 1 ||
	    EVP_MAC_final(ctx, out, &n, CHAIN_BYTES) != 1 || n != CHAIN_BYTES)
		log_die("crypt: HMAC failed");
}
