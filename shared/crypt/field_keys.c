/*
 * field_keys.c -- reads the key file: one `id aes|sm4 hex` a line.
 *
 * AES keys have 32 bytes, SM4 keys 16. Blank lines and lines that start with
 * '#' are skipped. The newest key, the last line, seals; all of them open.
 * A malformed line is named, never its content, and leaves the set as it was.
 */
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "crypt/crypt_priv.h"
#include "base/log.h"

#define AES_KEY		32
#define SM4_KEY		16

struct key_set {
	struct field_key	key[FIELD_KEYS_MAX];
	size_t			n;
};

static const char *key_line(struct key_set *, const char *, size_t);
static size_t	 word_len(const char *, size_t);
static bool	 hex_decode(const char *, size_t, uint8_t *);
static int	 hex_value(char);
static EVP_CIPHER_CTX *cipher_ready(const char *, const uint8_t *, int);
static const struct field_key *set_find(const struct key_set *, const char *, size_t);
static void	 keys_forget(struct key_set *);

static struct key_set	 set;

const char *
field_keys_read(const char *text, size_t len, size_t *line)
{
	struct key_set	 next = { .n = 0 };
	const char	*end, *stop, *wrong = NULL;

	*line = 0;
	end = len == 0 ? text : text + len;
	for (; text < end && wrong == NULL; text = stop + 1) {
		stop = memchr(text, '\n', (size_t)(end - text));
		if (stop == NULL)
			stop = end;
		(*line)++;
		if (stop != text && *text != '#' && *text != '\r')
			wrong = key_line(&next, text, (size_t)(stop - text));
	}
	if (wrong == NULL && len > 0 && next.n == 0)
		wrong = "there is no key";
	keys_forget(wrong == NULL ? &set : &next);
	if (wrong == NULL)
		set = next;
	OPENSSL_cleanse(&next, sizeof(next));
	return (wrong);
}

const struct field_key *
field_key_newest(void)
{
	return (set.n == 0 ? NULL : &set.key[set.n - 1]);
}

const struct field_key *
field_key_find(const char *id, size_t len)
{
	return (set_find(&set, id, len));
}

static const struct field_key *
set_find(const struct key_set *s, const char *id, size_t len)
{
	size_t	 i;

	for (i = 0; i < s->n; i++)
		if (strlen(s->key[i].id) == len && memcmp(s->key[i].id, id, len) == 0)
			return (&s->key[i]);
	return (NULL);
}

/* What is wrong with the line; NULL: one key more. */
static const char *
key_line(struct key_set *s, const char *text, size_t len)
{
	struct field_key	*key = &s->key[s->n];
	uint8_t			 bytes[AES_KEY];
	size_t			 n, want;

	if (s->n == FIELD_KEYS_MAX)
		return ("too many field keys");
	memset(key, 0, sizeof(*key));
	n = word_len(text, len);
	if (n == 0 || n > FIELD_KEY_ID || n == len || set_find(s, text, n) != NULL)
		return ("no key id, or one used before");
	memcpy(key->id, text, n);
	text += n + 1;
	len -= n + 1;
	if (len < 4 || text[3] != ' ' ||
	    (memcmp(text, "aes", 3) != 0 && memcmp(text, "sm4", 3) != 0))
		return ("neither aes nor sm4");
	key->alg = text[0] == 'a' ? FIELD_AES : FIELD_SM4;
	want = key->alg == FIELD_AES ? AES_KEY : SM4_KEY;
	text += 4;
	len -= 4;
	while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\r'))
		len--;
	if (len != want * 2 || !hex_decode(text, want, bytes))
		return ("not a key of 32 bytes (aes) or 16 (sm4)");
	field_key_arm(key, bytes);
	OPENSSL_cleanse(bytes, sizeof(bytes));
	s->n++;
	return (NULL);
}

/* Letters and digits up to a blank; 0 when anything else comes first. */
static size_t
word_len(const char *text, size_t len)
{
	size_t	 n;

	for (n = 0; n < len && text[n] != ' '; n++)
		if (!((text[n] >= '0' && text[n] <= '9') ||
		    (text[n] >= 'a' && text[n] <= 'z') ||
		    (text[n] >= 'A' && text[n] <= 'Z')))
			return (0);
	return (n);
}

static bool
hex_decode(const char *text, size_t bytes, uint8_t *out)
{
	int	 high, low;

	for (; bytes > 0; bytes--, text += 2) {
		high = hex_value(text[0]);
		low = hex_value(text[1]);
		if (high == -1 || low == -1)
			return (false);
		*out++ = (uint8_t)(high << 4 | low);
	}
	return (true);
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return (c - '0');
	if (c >= 'a' && c <= 'f')
		return (c - 'a' + 10);
	return (c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1);
}

size_t
field_key_bytes(enum field_alg alg)
{
	return (alg == FIELD_AES ? AES_KEY : SM4_KEY);
}

void
field_key_arm(struct field_key *key, const uint8_t *bytes)
{
	static const char	 for_cipher[] = "field sm4 encrypt";
	static const char	 for_tag[] = "field sm4 authenticate";
	uint8_t			 derived[CHAIN_BYTES];

	if (key->alg == FIELD_AES) {
		key->seal = cipher_ready("AES-256-GCM", bytes, 1);
		key->open = cipher_ready("AES-256-GCM", bytes, 0);
		return;
	}
	hmac_sm3(bytes, SM4_KEY, for_cipher, sizeof(for_cipher) - 1, derived);
	hmac_sm3(bytes, SM4_KEY, for_tag, sizeof(for_tag) - 1, key->mac);
	key->seal = cipher_ready("SM4-CTR", derived, 1);
	key->open = cipher_ready("SM4-CTR", derived, 0);
	OPENSSL_cleanse(derived, sizeof(derived));
}

static EVP_CIPHER_CTX *
cipher_ready(const char *name, const uint8_t *bytes, int enc)
{
	EVP_CIPHER	*cipher = EVP_CIPHER_fetch(NULL, name, NULL);
	EVP_CIPHER_CTX	*ctx = EVP_CIPHER_CTX_new();

	if (cipher == NULL || ctx == NULL ||
	    EVP_CipherInit_ex2(ctx, cipher, bytes, NULL, enc, NULL) != 1)
		log_die("crypt: this OpenSSL has no %s", name);
	EVP_CIPHER_free(cipher);
	return (ctx);
}

static void
keys_forget(struct key_set *s)
{
	while (s->n > 0)
		field_key_disarm(&s->key[--s->n]);
}

void
field_key_disarm(struct field_key *key)
{
	EVP_CIPHER_CTX_free(key->seal);
	EVP_CIPHER_CTX_free(key->open);
	OPENSSL_cleanse(key, sizeof(*key));
}
