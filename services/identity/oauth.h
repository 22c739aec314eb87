/*
 * oauth.h -- what the files of the OAuth server share.
 *
 * Endpoint by endpoint: oauth_authorize.c (with oauth_page.c), oauth_token.c
 * (grants in it and in oauth_code.c, oauth_refresh.c), oauth_revoke.c,
 * oauth_introspect.c, oauth.c (metadata and key set). Who asks is settled by
 * oauth_client.c and, for signed assertions, oauth_assertion.c.
 */
#ifndef YJY_OAUTH_H
#define YJY_OAUTH_H

#include "base/buf.h"
#include "identity.h"

/* ---- oauth_form.c ---- */
#define OAUTH_PARAMS	32

struct oauth_param {
	const char	*name, *value;
};

struct oauth_form {
	struct oauth_param	list[OAUTH_PARAMS];
	size_t			count;
};

/* -1: a bad escape, a name given twice, too many. */
int		 oauth_form_read(struct arena *, struct span, struct oauth_form *) MUST_CHECK;
bool		 oauth_form_has(const struct oauth_form *, const char *name);
/* NULL: absent, or without a value. */
const char	*oauth_form_get(const struct oauth_form *, const char *name);
void		 oauth_escape(struct buf *, const char *);
bool		 oauth_word_in(const char *list, const char *word);

/* ---- oauth_client.c: who asks ---- */
struct oauth_client {
	struct uuid	 id;
	struct uuid	 org;			/* nil: none */
	char		 client_id[32];
	const char	*name, *type, *auth;
	const char	*grants, *scopes, *redirect_uris;	/* words with blanks between */
	const char	*jwks;			/* or NULL */
};

/* 1 found and in force, 0 not, -1 database. */
int	oauth_client_find(struct call *, const char *client_id, struct oauth_client *) MUST_CHECK;
/*
 * The body as a form, and the client that proved itself with it, in the way it
 * is registered for. 0: both are there; otherwise the reply is made.
 */
int	oauth_client_enter(struct call *, struct oauth_form *, struct oauth_client *) MUST_CHECK;

/* client_lists.c: arrays as PostgreSQL writes them. NULL: not acceptable. */
char	*client_redirects(struct arena *, const char *json);
char	*client_scopes(struct arena *, const char *type, const char *json);

/* oauth_assertion.c: client_assertion of RFC 7523. 1 good, 0 refused, -1 database. */
int	oauth_assertion_check(struct call *, const struct oauth_client *, const char *) MUST_CHECK;
/* The client an assertion names, unproven. NULL: malformed. */
const char *oauth_assertion_names(struct arena *, const char *);

/* ---- oauth_token.c: the error format of RFC 6749 §5.2. Rolls back. ---- */
int	oauth_error(struct call *, int status, const char *error);

/* ---- grants ---- */
int	oauth_code(struct call *, const struct oauth_form *, const struct oauth_client *);
/* `client` NULL: the request named none, then a public client's token is enough. */
int	oauth_refresh(struct call *, const char *token, const struct oauth_client *,
	    const char *scope);

/*
 * oauth_scope.c: keeps the grants that one of the words names ("recheck",
 * "recheck@431129"). -1: malformed, nothing is left, or (`strict`) a word
 * names nothing that `who` has.
 */
int	scope_narrow(struct principal *who, const char *scope, bool strict) MUST_CHECK;
/* Whether each word names a role among `roles`. */
bool	scope_within(const char *scope, const char *roles);

/* oauth_page.c */
struct oauth_page {
	const char	*client;	/* name of what one signs in to */
	const char	*request;	/* sealed request, goes with the form */
	const char	*phone, *login;	/* as typed before */
	const char	*error, *notice;
	const char	*target;	/* where the form may lead: an origin or a scheme */
	bool		 officer;
};
int	oauth_page_start(void);
int	oauth_page(struct call *, int status, const struct oauth_page *);
/* Nobody to lead back to: only words. */
int	oauth_page_error(struct call *, const char *message);

#endif
