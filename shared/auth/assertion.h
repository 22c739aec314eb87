/*
 * assertion.h -- tokens that others sign with keys of their own (RFC 7523):
 * a client's proof of who it is.
 *
 * The same strictness as for our own tokens: three parts of strict base64url,
 * the key named by `kid` (which may be left out when there is one key) fixes
 * the algorithm, RS256 or ES256, and nothing may be critical. What the claims
 * must say is for the caller. Everything lives in the arena.
 */
#ifndef YJY_ASSERTION_H
#define YJY_ASSERTION_H

#include "auth/auth.h"
#include "json/json.h"

enum auth_result auth_assertion_check(struct arena *, const char *jwks, size_t jwks_len,
		    const char *token, size_t len, const struct json **claims) MUST_CHECK;
/* Unproven: to learn whose key to take. NULL: no token at all. */
const struct json *auth_assertion_claims(struct arena *, const char *token, size_t len);
/* Public keys only, at least one of a kind we verify with. */
bool		 auth_jwks_sound(struct arena *, const char *jwks, size_t len);

#endif
