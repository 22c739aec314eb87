/*
 * crypt.h -- personal fields at rest, look-up without plain text, and proof
 * that a log was not altered.
 *
 * field_seal() makes `k<key id>.<base64url(nonce|ciphertext|tag)>` by the key's
 * algorithm: AES-256-GCM, or, since OpenSSL 3.0 has no SM4-GCM, SM4-CTR with
 * HMAC-SM3 over the ciphertext under two derived keys. The column's name is
 * authenticated too, so a value cannot be moved to another column. field_open()
 * accepts every key still in the file. blind_index() is HMAC-SM3 of the
 * normalised value (hex), equal for equal values under one key.
 *
 * FIELD_KEYS file: one `id aes|sm4 hex` a line (32 or 16 bytes). The last line
 * seals, every line opens: a new key is put before the last one until every
 * program knows it, then moved to the end (yjyctl field-keys add).
 * crypt_init() is given both keys and dies on a malformed one; an absent one
 * (length 0) is fine for a program that never seals or looks up: doing so dies.
 * Fields and index are for the loop's thread; digests and encodings for any.
 */
#ifndef YJY_CRYPT_H
#define YJY_CRYPT_H

#include "base/arena.h"

#define BLIND_INDEX_TEXT	65	/* 64 hex digits and NUL */
#define CHAIN_BYTES		32

void	 crypt_init(const void *field_keys, size_t field_len,
	    const void *index_key, size_t index_len);
/* Other field keys from now on; -1: malformed, the old ones stay. */
int	 crypt_reload(const void *field_keys, size_t field_len) MUST_CHECK;
char	*field_seal(struct arena *, const char *column, const char *plain);
char	*field_open(struct arena *, const char *column, const char *sealed);	/* NULL: forged or no key */

/*
 * Bytes of any length in pieces, under a key of their own that is kept sealed
 * as a field: a change of the field key need not touch them. `name` is
 * authenticated with each piece, so that pieces cannot change places.
 */
struct bytes_key;
struct bytes_key *bytes_key_new(struct arena *, const char *column, const char **sealed);
struct bytes_key *bytes_key_open(struct arena *, const char *column, const char *sealed);	/* NULL: forged or no key */
void	*bytes_seal(struct arena *, const struct bytes_key *, const char *name, const void *, size_t, size_t *out_len);
void	*bytes_open(struct arena *, const struct bytes_key *, const char *name, void *, size_t, size_t *out_len);	/* NULL: forged */

/* kind is "id", "phone", "account": equal text of two kinds differs. NULL: empty or over 100 characters. */
char	*blind_index(struct arena *, const char *kind, const char *plain);

void	 sm3(const void *, size_t, uint8_t out[CHAIN_BYTES]);
void	 sha256(const void *, size_t, uint8_t out[CHAIN_BYTES]);
void	 hmac_sm3(const void *key, size_t key_len, const void *, size_t, uint8_t out[CHAIN_BYTES]);
void	 hmac_sha256(const void *key, size_t key_len, const void *, size_t, uint8_t out[CHAIN_BYTES]);
/* Six digits of an authentication code, 0 to 999999 (RFC 4226 5.3). */
uint32_t hmac_digits(const uint8_t *mac, size_t len);
/* next = SM3(previous || record) */
void	 chain_next(const uint8_t prev[CHAIN_BYTES], const void *rec, size_t, uint8_t next[CHAIN_BYTES]);
char	*hex_encode(struct arena *, const void *, size_t);
char	*base64url_encode(struct arena *, const void *, size_t);
/* Strict: no padding, no stray bits, no other alphabet. NULL: malformed. */
void	*base64url_decode(struct arena *, const char *, size_t, size_t *out_len);
bool	 equal_in_constant_time(const void *, const void *, size_t);

#endif
