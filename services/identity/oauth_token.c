/*
 * oauth_token.c -- the token endpoint (RFC 6749 §3.2): which grant is asked
 * for, whether the client may have it, and the answer or the error.
 */
#include "oauth.h"
#include "codes/codes.h"

static int	oauth_token(struct call *);
static int	grant_client(struct call *, const struct oauth_form *, const struct oauth_client *);

const struct route oauth_token_routes[] = {
	{ .name = "oauth_token", .method = METHOD_POST, .path = "/oauth/token",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "identity.token",
	  .raw_body = true, .reply = tokens_shape, .success = 200, .handler = oauth_token,
	  .emits = "identity.access.revoked.v1",
	  .lane = DB_SYSTEM, .limit = LIMIT_LOGIN, .key = KEY_NONE,
	  .zh = "获取或刷新令牌", .en = "Token endpoint" },
	ROUTE_END
};

static int
oauth_token(struct call *c)
{
	struct oauth_client	 k;
	struct oauth_form	 f;
	const char		*grant, *token;
	int			 said;

	if ((said = oauth_client_enter(c, &f, &k)) != 0)
		return (said);
	if ((grant = oauth_form_get(&f, "grant_type")) == NULL)
		return (oauth_error(c, 400, "invalid_request"));
	if (strcmp(grant, "authorization_code") != 0 && strcmp(grant, "refresh_token") != 0 &&
	    strcmp(grant, "client_credentials") != 0)
		return (oauth_error(c, 400, "unsupported_grant_type"));
	if (k.client_id[0] == '\0' && strcmp(grant, "refresh_token") != 0)
		return (oauth_error(c, 401, "invalid_client"));
	if (k.client_id[0] != '\0' && !oauth_word_in(k.grants, grant))
		return (oauth_error(c, 400, "unauthorized_client"));
	if (strcmp(grant, "authorization_code") == 0)
		return (oauth_code(c, &f, &k));
	if (strcmp(grant, "client_credentials") == 0)
		return (grant_client(c, &f, &k));
	if ((token = oauth_form_get(&f, "refresh_token")) == NULL)
		return (oauth_error(c, 400, "invalid_request"));
	return (oauth_refresh(c, token, k.client_id[0] != '\0' ? &k : NULL,
	    oauth_form_get(&f, "scope")));
}

/* Partners: no session and no refresh token (RFC 6749 §4.4.3). */
static int
grant_client(struct call *c, const struct oauth_form *f, const struct oauth_client *k)
{
	struct session_tokens	t = { .refresh = NULL };
	struct principal	who;

	if (strcmp(k->auth, "none") == 0)
		return (oauth_error(c, 400, "unauthorized_client"));
	memset(&who, 0, sizeof(who));
	who.subject = k->id;
	who.org = k->org;
	who.has_org = true;
	who.org_rights = RIGHTS_ALL;
	(void)snprintf(who.client, sizeof(who.client), "%s", k->client_id);
	principal_add(&who, ROLE_PARTNER, AREA_CITY);
	if (scope_narrow(&who, oauth_form_get(f, "scope"), true) == -1)
		return (oauth_error(c, 400, "invalid_scope"));
	return (tokens_write(c, &who, &t));
}

int
oauth_error(struct call *c, int status, const char *error)
{
	db_rollback(c->db);
	call_header(c, "Cache-Control", "no-store");
	return (call_reply(c, status, arena_printf(c->arena, "{\"error\":\"%s\"}", error)));
}
