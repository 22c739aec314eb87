/*
 * field.c -- seals and opens personal fields, and makes their blind index.
 *
 * aes: AES-256-GCM, 12-byte nonce, 16-byte tag, the column as associated data.
 * sm4: SM4-CTR with a 16-byte counter start, then HMAC-SM3 (32 bytes) over the
 * column, the nonce and the ciphertext; both keys are derived from the file's.
 *
 * Invariant: nothing is opened before its tag agrees, and plain text never
 * leaves through a failure. Used from the loop's thread only: the contexts are
 * shared by all calls.
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "crypt/crypt_priv.h"
#include "base/id.h"
#include "base/log.h"

#define GCM_NONCE	12
#define GCM_TAG		16
#define CTR_NONCE	16
#define FIELD_MAX	(1024 * 1024)
#define INDEX_KEY_LEAST	16
#define INDEX_TEXT_MAX	128

static size_t	 nonce_len(const struct field_key *);
static size_t	 tag_len(const struct field_key *);
static void	 gcm_seal(const struct field_key *, const char *, uint8_t *, const char *, size_t);
static bool	 gcm_open(const struct field_key *, const char *, uint8_t *, size_t, uint8_t *);
static void	 ctr_seal(const struct field_key *, const char *, uint8_t *, const char *, size_t);
static bool	 ctr_open(const struct field_key *, const char *, uint8_t *, size_t, uint8_t *);
static void	 ctr_tag(const struct field_key *, const char *, const uint8_t *, size_t, uint8_t *);
static bool	 cipher_run(EVP_CIPHER_CTX *, const uint8_t *, const void *, size_t, uint8_t *);
static size_t	 index_normalise(const char *, const char *, char *);

static uint8_t	*index_key;
static size_t	 index_key_len;

void
crypt_init(const void *field_keys, size_t field_len, const void *key, size_t key_len)
{
	const char	*wrong;
	size_t		 line;

	if ((wrong = field_keys_read(field_keys, field_len, &line)) != NULL)
		log_die("crypt: field keys, line %zu: %s", line, wrong);
	if (field_len > 0 && field_key_newest() == NULL)
		log_die("crypt: the file of field keys has no key");
	if (index_key != NULL)
		OPENSSL_clear_free(index_key, index_key_len);
	index_key = NULL;
	index_key_len = key_len;
	if (key_len == 0)
		return;
	if (key_len < INDEX_KEY_LEAST)
		log_die("crypt: the index key is shorter than %d bytes", INDEX_KEY_LEAST);
	if ((index_key = OPENSSL_memdup(key, key_len)) == NULL)
		log_die("crypt: out of memory");
}

int
crypt_reload(const void *field_keys, size_t field_len)
{
	size_t	 line;

	return (field_len == 0 || field_keys_read(field_keys, field_len, &line) != NULL ? -1 : 0);
}

char *
field_seal(struct arena *a, const char *column, const char *plain)
{
	const struct field_key	*key = field_key_newest();
	size_t			 len = strlen(plain), total;
	uint8_t			*sealed;

	if (key == NULL)
		log_die("crypt: no field key to seal %s with", column);
	if (len > FIELD_MAX)
		log_die("crypt: %s: a field of %zu bytes", column, len);
	total = len + field_key_extra(key);
	sealed = arena_alloc(a, total);
	field_key_seal(key, column, plain, len, sealed);
	return (arena_printf(a, "k%s.%s", key->id, base64url_encode(a, sealed, total)));
}

char *
field_open(struct arena *a, const char *column, const char *sealed)
{
	const struct field_key	*key;
	const char		*dot;
	uint8_t			*bytes;
	char			*plain;
	size_t			 len;

	if (sealed == NULL || sealed[0] != 'k' || (dot = strchr(sealed, '.')) == NULL)
		return (NULL);
	key = field_key_find(sealed + 1, (size_t)(dot - sealed - 1));
	if (key == NULL)
		return (NULL);
	bytes = base64url_decode(a, dot + 1, strlen(dot + 1), &len);
	if (bytes == NULL || len < field_key_extra(key) || len > 2 * FIELD_MAX)
		return (NULL);
	plain = arena_alloc(a, len - field_key_extra(key) + 1);
	plain[len - field_key_extra(key)] = '\0';
	return (field_key_open(key, column, bytes, len, (uint8_t *)plain) ? plain : NULL);
}

size_t
field_key_extra(const struct field_key *key)
{
	return (nonce_len(key) + tag_len(key));
}

void
field_key_seal(const struct field_key *key, const char *column, const void *plain, size_t len,
    uint8_t *out)
{
	random_bytes(out, nonce_len(key));
	if (key->alg == FIELD_AES)
		gcm_seal(key, column, out, plain, len);
	else
		ctr_seal(key, column, out, plain, len);
}

bool
field_key_open(const struct field_key *key, const char *column, uint8_t *sealed, size_t len,
    uint8_t *plain)
{
	len -= field_key_extra(key);
	if ((key->alg == FIELD_AES ? gcm_open : ctr_open)(key, column, sealed, len, plain))
		return (true);
	OPENSSL_cleanse(plain, len);
	return (false);
}

char *
blind_index(struct arena *a, const char *kind, const char *plain)
{
	char	 text[INDEX_TEXT_MAX];
	uint8_t	 mac[CHAIN_BYTES];
	size_t	 len;

	if (index_key == NULL)
		log_die("crypt: no key for the blind index");
	if ((len = index_normalise(kind, plain, text)) == 0)
		return (NULL);
	hmac_sm3(index_key, index_key_len, text, len, mac);
	OPENSSL_cleanse(text, sizeof(text));
	return (hex_encode(a, mac, sizeof(mac)));
}

static size_t
nonce_len(const struct field_key *key)
{
	return (key->alg == FIELD_AES ? GCM_NONCE : CTR_NONCE);
}

static size_t
tag_len(const struct field_key *key)
{
	return (key->alg == FIELD_AES ? GCM_TAG : CHAIN_BYTES);
}

/* `out` holds the nonce and takes ciphertext and tag behind it. */
static void
gcm_seal(const struct field_key *key, const char *column, uint8_t *out,
    const char *plain, size_t len)
{
	uint8_t	*text = out + GCM_NONCE;
	int	 n;

	if (EVP_EncryptInit_ex2(key->seal, NULL, NULL, out, NULL) != 1 ||
	    EVP_EncryptUpdate(key->seal, NULL, &n, (const uint8_t *)column,
	    (int)strlen(column)) != 1 ||
	    EVP_EncryptUpdate(key->seal, text, &n, (const uint8_t *)plain, (int)len) != 1 ||
	    EVP_EncryptFinal_ex(key->seal, text + len, &n) != 1 ||
	    EVP_CIPHER_CTX_ctrl(key->seal, EVP_CTRL_AEAD_GET_TAG, GCM_TAG, text + len) != 1)
		log_die("crypt: AES-256-GCM failed");
}

static bool
gcm_open(const struct field_key *key, const char *column, uint8_t *in, size_t len,
    uint8_t *plain)
{
	uint8_t	*text = in + GCM_NONCE;
	int	 n;

	return (EVP_DecryptInit_ex2(key->open, NULL, NULL, in, NULL) == 1 &&
	    EVP_DecryptUpdate(key->open, NULL, &n, (const uint8_t *)column,
	    (int)strlen(column)) == 1 &&
	    EVP_DecryptUpdate(key->open, plain, &n, text, (int)len) == 1 &&
	    EVP_CIPHER_CTX_ctrl(key->open, EVP_CTRL_AEAD_SET_TAG, GCM_TAG, text + len) == 1 &&
	    EVP_DecryptFinal_ex(key->open, plain + len, &n) == 1);
}

static void
ctr_seal(const struct field_key *key, const char *column, uint8_t *out,
    const char *plain, size_t len)
{
	if (!cipher_run(key->seal, out, plain, len, out + CTR_NONCE))
		log_die("crypt: SM4-CTR failed");
	ctr_tag(key, column, out, CTR_NONCE + len, out + CTR_NONCE + len);
}

static bool
ctr_open(const struct field_key *key, const char *column, uint8_t *in, size_t len,
    uint8_t *plain)
{
	uint8_t	 tag[CHAIN_BYTES];

	ctr_tag(key, column, in, CTR_NONCE + len, tag);
	if (!equal_in_constant_time(tag, in + CTR_NONCE + len, sizeof(tag)))
		return (false);
	return (cipher_run(key->open, in, in + CTR_NONCE, len, plain));
}

/*
 * The column enters by its digest: a fixed length keeps it apart from what
 * follows, whatever its name.
 */
static void
ctr_tag(const struct field_key *key, const char *column, const uint8_t *data,
    size_t len, uint8_t *tag)
{
	uint8_t	 parts[2 * CHAIN_BYTES];

	sm3(column, strlen(column), parts);
	sm3(data, len, parts + CHAIN_BYTES);
	hmac_sm3(key->mac, sizeof(key->mac), parts, sizeof(parts), tag);
}

static bool
cipher_run(EVP_CIPHER_CTX *ctx, const uint8_t *nonce, const void *in, size_t len,
    uint8_t *out)
{
	int	 n;

	return (EVP_CipherInit_ex2(ctx, NULL, NULL, nonce, -1, NULL) == 1 &&
	    EVP_CipherUpdate(ctx, out, &n, in, (int)len) == 1 &&
	    (size_t)n == len);
}

/*
 * One spelling for one value: blanks and hyphens dropped, letters in capitals,
 * the country code of a phone left out. The kind comes first, ended by a NUL.
 * 0: nothing is left, or too long to be any of them.
 */
static size_t
index_normalise(const char *kind, const char *plain, char *out)
{
	size_t	 len = strlen(kind) + 1, start = len;

	if (len >= INDEX_TEXT_MAX)
		return (0);
	memcpy(out, kind, len);
	if (strcmp(kind, "phone") == 0 && strncmp(plain, "+86", 3) == 0)
		plain += 3;
	for (; *plain != '\0'; plain++) {
		if (*plain == ' ' || *plain == '-')
			continue;
		if (len == INDEX_TEXT_MAX)
			return (0);
		out[len++] = *plain >= 'a' && *plain <= 'z' ? (char)(*plain - 32) : *plain;
	}
	return (len == start ? 0 : len);
}
