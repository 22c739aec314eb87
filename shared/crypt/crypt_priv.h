/*
 * crypt_priv.h -- the keys of personal fields, between the file that reads
 * them (field_keys.c) and the one that uses them (field.c).
 */
#ifndef YJY_CRYPT_PRIV_H
#define YJY_CRYPT_PRIV_H

#include <openssl/evp.h>

#include "crypt/crypt.h"

#define FIELD_KEYS_MAX	16
#define FIELD_KEY_ID	16	/* characters at most */

enum field_alg { FIELD_AES, FIELD_SM4 };

struct field_key {
	char		 id[FIELD_KEY_ID + 1];
	enum field_alg	 alg;
	EVP_CIPHER_CTX	*seal, *open;		/* hold the cipher key */
	uint8_t		 mac[CHAIN_BYTES];	/* SM4 only: key of the tag */
};

/* Replaces the set. What is wrong with the file, and its line: the old set stays. */
const char		*field_keys_read(const char *text, size_t len, size_t *line);
const struct field_key	*field_key_newest(void);	/* NULL: no keys at all */
/* A key that is in no file; field_key_disarm() forgets it. */
void			 field_key_arm(struct field_key *, const uint8_t *bytes);
void			 field_key_disarm(struct field_key *);
size_t			 field_key_bytes(enum field_alg);	/* how long such a key is */
/* How much longer sealed text is; sealing and opening under a given key (field.c). */
size_t			 field_key_extra(const struct field_key *);
void			 field_key_seal(const struct field_key *, const char *column,
			    const void *plain, size_t len, uint8_t *out);
bool			 field_key_open(const struct field_key *, const char *column,
			    uint8_t *sealed, size_t len, uint8_t *plain) MUST_CHECK;
const struct field_key	*field_key_find(const char *id, size_t len);

#endif
