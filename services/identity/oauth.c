/*
 * oauth.c -- what a client may learn before it asks: the server's metadata
 * (RFC 8414) and the key set that verifies access tokens.
 */
#include "oauth.h"
#include "conf/conf.h"
#include "signing_keys.h"

static int	oauth_metadata(struct call *);
static int	oauth_jwks(struct call *);

static const struct shape metadata_shape[] = {
	{ .name = "issuer", .type = SHAPE_T_TEXT, .help = "签发者" },
	{ .name = "authorization_endpoint", .type = SHAPE_T_TEXT, .help = "授权端点" },
	{ .name = "token_endpoint", .type = SHAPE_T_TEXT, .help = "令牌端点" },
	{ .name = "revocation_endpoint", .type = SHAPE_T_TEXT, .help = "撤销端点" },
	{ .name = "introspection_endpoint", .type = SHAPE_T_TEXT, .help = "查询端点" },
	{ .name = "jwks_uri", .type = SHAPE_T_TEXT, .help = "公钥集" },
	{ .name = "service_documentation", .type = SHAPE_T_TEXT, .help = "接口文档" },
	{ .name = "scopes_supported", .type = SHAPE_T_LIST, .help = "范围" },
	{ .name = "response_types_supported", .type = SHAPE_T_LIST, .help = "响应类型" },
	{ .name = "response_modes_supported", .type = SHAPE_T_LIST, .help = "响应方式" },
	{ .name = "grant_types_supported", .type = SHAPE_T_LIST, .help = "授权类型" },
	{ .name = "code_challenge_methods_supported", .type = SHAPE_T_LIST, .help = "PKCE 方法" },
	{ .name = "token_endpoint_auth_methods_supported", .type = SHAPE_T_LIST, .help = "客户端认证" },
	{ .name = "token_endpoint_auth_signing_alg_values_supported", .type = SHAPE_T_LIST,
	  .help = "客户端断言算法" },
	{ .name = "revocation_endpoint_auth_methods_supported", .type = SHAPE_T_LIST,
	  .help = "撤销端点客户端认证" },
	{ .name = "introspection_endpoint_auth_methods_supported", .type = SHAPE_T_LIST,
	  .help = "查询端点客户端认证" },
	{ .name = "authorization_response_iss_parameter_supported", .type = SHAPE_T_BOOL,
	  .help = "回跳带 iss（RFC 9207）" },
	{ .name = "ui_locales_supported", .type = SHAPE_T_LIST, .help = "登录页语言" },
	SHAPE_END
};

static const struct shape jwks_shape[] = {
	{ .name = "keys", .type = SHAPE_T_JSON, .help = "公钥（RFC 7517）" },
	SHAPE_END
};

const struct route oauth_routes[] = {
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

#define PROOFS	"\"client_secret_basic\",\"client_secret_post\",\"private_key_jwt\""

static int
oauth_metadata(struct call *c)
{
	const char	*iss = conf_text(CONF_ISSUER);
	struct buf	 b;
	const char	*text;
	int		 i;

	buf_init(&b, 8192);
	buf_addf(&b, "{\"issuer\":\"%s\",\"authorization_endpoint\":\"%s/oauth/authorize\","
	    "\"token_endpoint\":\"%s/oauth/token\",\"revocation_endpoint\":\"%s/oauth/revoke\","
	    "\"introspection_endpoint\":\"%s/oauth/introspect\","
	    "\"jwks_uri\":\"%s/.well-known/jwks.json\",\"service_documentation\":\"%s/docs\","
	    "\"scopes_supported\":[", iss, iss, iss, iss, iss, iss, iss);
	for (i = 0; i < ROLE_INDEX_SERVICE; i++)
		buf_addf(&b, "%s\"%s\"", i > 0 ? "," : "", role_name((enum role)(1u << i)));
	buf_adds(&b, "],\"response_types_supported\":[\"code\"],"
	    "\"response_modes_supported\":[\"query\"],\"grant_types_supported\":"
	    "[\"authorization_code\",\"refresh_token\",\"client_credentials\"],"
	    "\"code_challenge_methods_supported\":[\"S256\"],"
	    "\"token_endpoint_auth_methods_supported\":[\"none\"," PROOFS "],"
	    "\"token_endpoint_auth_signing_alg_values_supported\":[\"RS256\",\"ES256\"],"
	    "\"revocation_endpoint_auth_methods_supported\":[\"none\"," PROOFS "],"
	    "\"introspection_endpoint_auth_methods_supported\":[" PROOFS "],"
	    "\"authorization_response_iss_parameter_supported\":true,"
	    "\"ui_locales_supported\":[\"zh-CN\"]}");
	text = arena_strdup(c->arena, buf_cstr(&b));
	buf_release(&b);
	call_header(c, "Cache-Control", "max-age=300");
	return (call_reply(c, 200, text));
}

static int
oauth_jwks(struct call *c)
{
	const char	*set;

	if ((set = signing_keys_published()) == NULL)
		return (call_reject(c, ERR_DOWN, NULL));
	call_header(c, "Cache-Control", "max-age=300");
	return (call_reply(c, 200, arena_strdup(c->arena, set)));
}
