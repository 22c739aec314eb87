/*
 * id.h -- UUIDv7 (RFC 9562) and random bytes (getrandom(2)).
 */
#ifndef YJY_ID_H
#define YJY_ID_H

#include "base/base.h"

#define UUID_TEXT	37	/* 36 characters and NUL */

struct uuid {
	uint8_t	b[16];
};

void		random_bytes(void *, size_t);
struct uuid	uuid_new(void);					/* v7, real time */
bool		uuid_parse(const char *text, struct uuid *) MUST_CHECK;
char	       *uuid_format(const struct uuid *, char out[UUID_TEXT]);
bool		uuid_is_nil(const struct uuid *);
bool		uuid_equal(const struct uuid *, const struct uuid *);

#endif
