/*
 * oauth.c -- the token endpoint (RFC 6749: client_credentials for partners,
 * refresh_token for everybody), metadata (RFC 8414) and the key set.
 */
#include "oauth.h"
#include "codes/codes.h"
#include "conf/conf.h"
#include "crypt/crypt.h"
#include "identity_sql.h"

struct token_in {
	const char	*grant_type;
	const char	*refresh_token;
	const char	*client_id;
	const char	*client_secret;
	const char	*scope;
};

static int	oauth_token(struct call *);
static int	grant_refresh(struct call *, const struct token_in *);
static int	grant_client(struct call *, const struct token_in *);
static int	form_decode(struct call *, struct token_in *, struct json_errors *);
static int	oauth_metadata(struct call *);
static int	oauth_jwks(struct call *);

static const char *const grant_types[] = { "client_credentials", "refresh_token", NULL };

static const struct field token_in_fields[] = {
	FIELD_ENUM(token_in, grant_type, REQUIRED, grant_types, "授权类型"),
	FIELD_TEXT(token_in, refresh_token, OPTIONAL, 1, 200, "刷新凭证"),
	FIELD_TEXT(token_in, client_id, OPTIONAL, 1, 31, "客户端标识"),
	FIELD_TEXT(token_in, client_secret, OPTIONAL, 1, 200, "客户端密钥"),
	FIELD_TEXT(token_in, scope, OPTIONAL, 1, 500, "范围"),
	FIELD_END
};

static const struct shape metadata_shape[] = {
	{ .name = "issuer", .type = SHAPE_T_TEXT, .help = "签发者" },
	{ .name = "token_endpoint", .type = SHAPE_T_TEXT, .help = "令牌端点" },
	{ .name = "jwks_uri", .type = SHAPE_T_TEXT, .help = "公钥集" },
	{ .name = "grant_types_supported", .type = SHAPE_T_LIST, .help = "授权类型" },
	{ .name = "response_types_supported", .type = SHAPE_T_LIST, .help = "响应类型" },
	{ .name = "token_endpoint_auth_methods_supported", .type = SHAPE_T_LIST, .help = "客户端认证" },
	SHAPE_END
};

static const struct shape jwks_shape[] = {
	{ .name = "keys", .type = SHAPE_T_JSON, .help = "公钥（RFC 7517）" },
	SHAPE_END
};

const struct route oauth_routes[] = {
	{ .name = "oauth_token", .method = METHOD_POST, .path = "/oauth/token",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "identity.token",
	  .raw_body = true, .reply = tokens_shape, .success = 200, .handler = oauth_token,
	  .lane = DB_SYSTEM, .limit = LIMIT_LOGIN, .key = KEY_NONE,
	  .zh = "获取或刷新令牌", .en = "Token endpoint" },
	{ .name = "oauth_metadata", .method = METHOD_GET,
	  .path = "/.well-known/oauth-authorization-server",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "identity.metadata",
	  .reply = metadata_shape, .handler = oauth_metadata,
	  .zh = "授权服务元数据", .en = "Authorization server metadata" },
	{ .name = "oauth_jwks", .method = METHOD_GET, .path = "/.well-known/jwks.json",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "identity.jwks",
	  .reply = jwks_shape, .handler = oauth_jwks,
	  .zh = "令牌公钥集", .en = "Key set" },
	ROUTE_END
};

static int
oauth_token(struct call *c)
{
	struct json_errors	 errors = { .count = 0 };
	struct token_in		*in = arena_zalloc(c->arena, sizeof(*in));

	if (form_decode(c, in, &errors) == -1)
		return (oauth_error(c, 400, in->grant_type == NULL ?
		    "unsupported_grant_type" : "invalid_request"));
	if (strcmp(in->grant_type, "refresh_token") == 0)
		return (grant_refresh(c, in));
	return (grant_client(c, in));
}

static int
grant_refresh(struct call *c, const struct token_in *in)
{
	if (in->refresh_token == NULL)
		return (oauth_error(c, 400, "invalid_request"));
	return (oauth_refresh(c, in->refresh_token, in->client_id, in->scope));
}

/* Partners: no refresh token (RFC 6749 §4.4.3). */
static int
grant_client(struct call *c, const struct token_in *in)
{
	struct principal	 who;
	struct mint		 mint = { .who = &who, .ttl_s = ACCESS_S };
	struct db_rows		 rows;
	const char		*access;
	char			 subject[UUID_TEXT];
	int			 match;

	if (in->client_id == NULL || in->client_secret == NULL)
		return (oauth_error(c, 401, "invalid_client"));
	if (sql_client_get(c->db, &rows, in->client_id) == -1 || db_commit(c->db) == -1)
		return (call_failed(c));
	match = password_check(c, rows.count == 1 ? db_text(&rows, 0, "secret_hash") :
	    password_dummy(), in->client_secret);
	if (match == -1)
		return (call_reject(c, ERR_BUSY, NULL));
	if (rows.count == 0 || !match)
		return (oauth_error(c, 401, "invalid_client"));
	memset(&who, 0, sizeof(who));
	who.subject = db_uuid(&rows, 0, "id");
	who.org = db_uuid(&rows, 0, "org_id");
	who.has_org = true;
	(void)snprintf(who.client, sizeof(who.client), "%s", in->client_id);
	principal_add(&who, ROLE_PARTNER, AREA_CITY);
	if ((access = mint_access(c->arena, &mint)) == NULL)
		return (call_reject(c, ERR_INTERNAL, NULL));
	call_header(c, "Cache-Control", "no-store");
	return (call_reply(c, 200, arena_printf(c->arena,
	    "{\"access_token\":\"%s\",\"token_type\":\"Bearer\",\"expires_in\":%d,"
	    "\"scope\":\"partner@%s\",\"subject\":\"%s\"}", access, ACCESS_S, AREA_CITY,
	    uuid_format(&who.subject, subject))));
}

static int
form_decode(struct call *c, struct token_in *in, struct json_errors *errors)
{
	struct span	 rest = c->raw, name, value;
	const char	*end, *eq;
	char		*n, *v;
	uint64_t	 seen = 0;

	while (rest.len > 0) {
		end = memchr(rest.p, '&', rest.len);
		name = (struct span){ rest.p, end != NULL ? (size_t)(end - rest.p) : rest.len };
		rest.p += name.len + (end != NULL);
		rest.len -= name.len + (end != NULL);
		if ((eq = memchr(name.p, '=', name.len)) == NULL)
			return (-1);
		value = (struct span){ eq + 1, name.len - (size_t)(eq + 1 - name.p) };
		name.len = (size_t)(eq - name.p);
		n = arena_alloc(c->arena, name.len + 1);
		v = arena_alloc(c->arena, value.len + 1);
		if (http1_unescape(name, n, name.len + 1) == -1 ||
		    http1_unescape(value, v, value.len + 1) == -1 ||
		    json_decode_pair(c->arena, n, v, token_in_fields, in, errors) == -1)
			return (-1);
	}
	if (in->grant_type != NULL)
		seen |= 1;
	return (json_decode_finish(token_in_fields, in, &seen, errors));
}

int
oauth_error(struct call *c, int status, const char *error)
{
	db_rollback(c->db);
	call_header(c, "Cache-Control", "no-store");
	return (call_reply(c, status, arena_printf(c->arena, "{\"error\":\"%s\"}", error)));
}

static int
oauth_metadata(struct call *c)
{
	const char	*issuer = conf_text(CONF_ISSUER);

	return (call_reply(c, 200, arena_printf(c->arena,
	    "{\"issuer\":\"%s\",\"token_endpoint\":\"%s/oauth/token\","
	    "\"jwks_uri\":\"%s/.well-known/jwks.json\","
	    "\"grant_types_supported\":[\"client_credentials\",\"refresh_token\"],"
	    "\"response_types_supported\":[],"
	    "\"token_endpoint_auth_methods_supported\":[\"client_secret_post\"]}",
	    issuer, issuer, issuer)));
}

static int
oauth_jwks(struct call *c)
{
	const char	*set;

	if ((set = mint_jwks(c->arena)) == NULL)
		return (call_reject(c, ERR_DOWN, NULL));
	call_header(c, "Cache-Control", "max-age=300");
	return (call_reply(c, 200, set));
}
