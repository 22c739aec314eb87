/*
 * oauth.h -- what the files of the OAuth server share.
 */
#ifndef YJY_OAUTH_H
#define YJY_OAUTH_H

#include "identity.h"

/* oauth_token.c: RFC 6749 §5.2 has its own error format. Rolls back. */
int	oauth_error(struct call *, int status, const char *error);

/* oauth_refresh.c: `client_id` NULL when the request named none, `scope` likewise. */
int	oauth_refresh(struct call *, const char *token, const char *client_id, const char *scope);

/*
 * oauth_scope.c: keeps the grants that one of the words names ("recheck",
 * "recheck@431129"). -1: malformed, nothing is left, or (`strict`) a word
 * names nothing that `who` has.
 */
int	scope_narrow(struct principal *who, const char *scope, bool strict) MUST_CHECK;

#endif
