/*
 * bytes.c -- seals pieces of a file under a key made for that file alone.
 *
 * Invariant: the file's key leaves memory only sealed as a field; it is wiped
 * with the arena it was made in. Its algorithm is the one the newest field key
 * had when it was made, and is written before it.
 */
#include <string.h>

#include <openssl/crypto.h>

#include "crypt/crypt_priv.h"
#include "base/id.h"
#include "base/log.h"

#define KEY_MAX	32

struct bytes_key {
	struct field_key	key;
};

static struct bytes_key *arm(struct arena *, enum field_alg, const uint8_t *);
static void	 forget(void *);

struct bytes_key *
bytes_key_new(struct arena *a, const char *column, const char **sealed)
{
	const struct field_key	*newest = field_key_newest();
	uint8_t			 bytes[KEY_MAX];
	struct bytes_key	*key;
	char			*text;
	size_t			 len;

	if (newest == NULL)
		log_die("crypt: no field key to seal %s with", column);
	len = field_key_bytes(newest->alg);
	random_bytes(bytes, len);
	key = arm(a, newest->alg, bytes);
	text = arena_printf(a, "%c%s", newest->alg == FIELD_AES ? 'a' : 's',
	    base64url_encode(a, bytes, len));
	*sealed = field_seal(a, column, text);
	OPENSSL_cleanse(text, strlen(text));
	OPENSSL_cleanse(bytes, sizeof(bytes));
	return (key);
}

struct bytes_key *
bytes_key_open(struct arena *a, const char *column, const char *sealed)
{
	char			*text = field_open(a, column, sealed);
	enum field_alg		 alg;
	struct bytes_key	*key = NULL;
	uint8_t			*bytes;
	size_t			 len;

	if (text == NULL)
		return (NULL);
	alg = text[0] == 'a' ? FIELD_AES : FIELD_SM4;
	bytes = text[0] == '\0' ? NULL : base64url_decode(a, text + 1, strlen(text + 1), &len);
	if (bytes != NULL && len == field_key_bytes(alg)) {
		key = arm(a, alg, bytes);
		OPENSSL_cleanse(bytes, len);
	}
	OPENSSL_cleanse(text, strlen(text));
	return (key);
}

void *
bytes_seal(struct arena *a, const struct bytes_key *key, const char *name, const void *in,
    size_t len, size_t *out_len)
{
	uint8_t	*out;

	*out_len = len + field_key_extra(&key->key);
	out = arena_alloc(a, *out_len);
	field_key_seal(&key->key, name, in, len, out);
	return (out);
}

void *
bytes_open(struct arena *a, const struct bytes_key *key, const char *name, void *in,
    size_t len, size_t *out_len)
{
	uint8_t	*out;

	if (len < field_key_extra(&key->key))
		return (NULL);
	*out_len = len - field_key_extra(&key->key);
	out = arena_alloc(a, *out_len + 1);
	return (field_key_open(&key->key, name, in, len, out) ? out : NULL);
}

static struct bytes_key *
arm(struct arena *a, enum field_alg alg, const uint8_t *bytes)
{
	struct bytes_key	*key = arena_zalloc(a, sizeof(*key));

	key->key.alg = alg;
	field_key_arm(&key->key, bytes);
	arena_defer(a, forget, key);
	return (key);
}

static void
forget(void *arg)
{
	struct bytes_key	*key = arg;

	field_key_disarm(&key->key);
}
