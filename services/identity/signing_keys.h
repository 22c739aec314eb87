/*
 * signing_keys.h -- the life of a signing key, for the routes that steer it.
 */
#ifndef YJY_SIGNING_KEYS_H
#define YJY_SIGNING_KEYS_H

#include "http/call.h"

int		 signing_keys_start(void) MUST_CHECK;
int		 signing_keys_load(void);		/* also struct svc's .keys */
const char	*signing_keys_published(void);		/* NULL: not read yet */
/* Draws a key and commits it as `next` (or, the very first, `active`). */
int		 signing_key_draw(struct db *, const char *alg, const char *state) MUST_CHECK;

#endif
