/*
 * client.c -- OAuth clients as data, in the hands of the city's system
 * administrator: registered, their secrets changed over, disabled.
 *
 * Invariant: a secret is drawn here, shown once and kept by hash. A disabled
 * client's tokens, and those of every session through it, are dead at once.
 */
#include "oauth.h"
#include "auth/assertion.h"
#include "codes/codes.h"
#include "crypt/crypt.h"
#include "identity_sql.h"

#define SECRET_BYTES	32
#define OVERLAP_MOST_S	(30 * 86400)
#define JWKS_MAX	8192

struct client_in {
	const char	*client_id, *name, *type, *auth;
	struct uuid	 org_id;
	const char	*redirect_uris, *scopes, *jwks;	/* JSON */
	int64_t		 expires_at;
};

struct overlap_in {
	int64_t		 overlap_s;
};

struct change_in {
	const char	*redirect_uris, *jwks;
};

struct client_new {
	const char	*grants, *scopes, *redirects;	/* PostgreSQL arrays */
	const char	*county;
	const char	*secret, *hash;			/* or NULL */
};

static int	client_create(struct call *);
static int	client_check(struct call *, const struct client_in *, struct client_new *);
static int	client_secret_rotate(struct call *);
static int	client_change(struct call *);
static int	client_list(struct call *);
static int	client_get(struct call *);
static int	client_disable(struct call *);
static int	city_only(struct call *);
static char	*secret_make(struct arena *, char **);
static bool	id_ok(const char *);

static const char *const client_types[] = { "app", "web", "partner", NULL };
static const char *const client_auths[] = { "none", "client_secret", "private_key_jwt", NULL };

static const struct field client_in_fields[] = {
	FIELD_TEXT(client_in, client_id, REQUIRED, 3, 31, "客户端标识：小写字母、数字、连字符"),
	FIELD_TEXT(client_in, name, REQUIRED, 2, 60, "名称，登录页上显示"),
	FIELD_ENUM(client_in, type, REQUIRED, client_types, "类型"),
	FIELD_ENUM(client_in, auth, REQUIRED, client_auths, "认证方式"),
	FIELD_UUID(client_in, org_id, OPTIONAL, "合作机构（partner 必填）"),
	FIELD_JSON(client_in, redirect_uris, OPTIONAL, 4096, "回跳地址列表，逐字比较"),
	FIELD_JSON(client_in, scopes, OPTIONAL, 1024, "允许的范围（角色）列表；不给则按类型"),
	FIELD_JSON(client_in, jwks, OPTIONAL, JWKS_MAX, "公钥集（private_key_jwt 必填）"),
	FIELD_INSTANT(client_in, expires_at, OPTIONAL, "有效期至"),
	FIELD_END
};

static const struct field overlap_in_fields[] = {
	FIELD_INT(overlap_in, overlap_s, OPTIONAL, 0, OVERLAP_MOST_S, "旧密钥继续有效秒数"),
	FIELD_END
};

static const struct field change_in_fields[] = {
	FIELD_JSON(change_in, redirect_uris, OPTIONAL, 4096, "回跳地址列表"),
	FIELD_JSON(change_in, jwks, OPTIONAL, JWKS_MAX, "公钥集"),
	FIELD_END
};

static const struct field client_page_fields[] = {
	FIELD_INT(page_in, limit, OPTIONAL, 1, 200, "每页条数"),
	FIELD_TEXT(page_in, cursor, OPTIONAL, 1, 500, "分页游标"),
	FIELD_END
};

static const struct shape client_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "客户端" },
	{ .name = "client_id", .type = SHAPE_T_TEXT, .help = "客户端标识" },
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "名称" },
	{ .name = "type", .type = SHAPE_T_TEXT, .codes = "client_types", .help = "类型" },
	{ .name = "auth", .type = SHAPE_T_TEXT, .codes = "client_auths", .help = "认证方式" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .nullable = true, .help = "合作机构" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属地区" },
	{ .name = "grants", .type = SHAPE_T_LIST, .codes = "oauth_grants", .help = "授权类型" },
	{ .name = "scopes", .type = SHAPE_T_LIST, .codes = "roles", .help = "允许的范围" },
	{ .name = "redirect_uris", .type = SHAPE_T_LIST, .help = "回跳地址" },
	{ .name = "jwks", .type = SHAPE_T_JSON, .nullable = true, .help = "公钥集" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "登记时间" },
	{ .name = "expires_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "有效期至" },
	{ .name = "disabled_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "停用时间" },
	{ .name = "secrets", .type = SHAPE_T_INT, .help = "有效密钥数" },
	SHAPE_END
};

static const struct shape secret_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "客户端" },
	{ .name = "client_secret", .type = SHAPE_T_TEXT, .nullable = true, .help = "密钥，只显示这一次" },
	SHAPE_END
};

static const struct shape ended_shape[] = {
	{ .name = "ended", .type = SHAPE_T_INT, .help = "结束的会话数" },
	SHAPE_END
};

#define ADMIN(n, m, p)	\
	.name = n, .method = m, .path = p, .callers = ROLE_SYSTEM_ADMIN, .scope = SCOPE_AREA, \
	.lane = DB_SYSTEM

const struct route client_routes[] = {
	{ ADMIN("client_create", METHOD_POST, "/v1/identity/clients"),
	  .action = "identity.client.create", .body = INPUT(client_in, client_in_fields),
	  .reply = secret_shape, .handler = client_create, .limit = LIMIT_WRITE,
	  .secret_reply = true, .zh = "登记客户端", .en = "Register a client" },
	{ ADMIN("client_list", METHOD_GET, "/v1/identity/clients"),
	  .action = "identity.client.list", .query = INPUT(page_in, client_page_fields),
	  .list = true, .reply = client_shape, .handler = client_list, .limit = LIMIT_READ,
	  .zh = "客户端列表", .en = "Clients" },
	{ ADMIN("client_get", METHOD_GET, "/v1/identity/clients/{id}"),
	  .action = "identity.client.list", .reply = client_shape, .handler = client_get,
	  .limit = LIMIT_READ, .zh = "客户端", .en = "Read a client" },
	{ ADMIN("client_change", METHOD_PATCH, "/v1/identity/clients/{id}"),
	  .action = "identity.client.change", .body = INPUT(change_in, change_in_fields),
	  .reply = client_shape, .handler = client_change, .limit = LIMIT_WRITE,
	  .zh = "修改客户端回跳地址或公钥", .en = "Change where a client is called back, or its keys" },
	{ ADMIN("client_secret_rotate", METHOD_POST, "/v1/identity/clients/{id}/secrets"),
	  .action = "identity.client.secret", .body = INPUT(overlap_in, overlap_in_fields),
	  .reply = secret_shape, .handler = client_secret_rotate, .limit = LIMIT_WRITE,
	  .secret_reply = true, .zh = "更换客户端密钥", .en = "Give a client a new secret" },
	{ ADMIN("client_disable", METHOD_POST, "/v1/identity/clients/{id}/disable"),
	  .action = "identity.client.disable", .reply = ended_shape, .success = 200,
	  .handler = client_disable, .limit = LIMIT_WRITE, .emits = "identity.access.revoked.v1",
	  .zh = "停用客户端", .en = "Disable a client" },
	ROUTE_END
};

static int
client_create(struct call *c)
{
	const struct client_in	*in = c->body;
	struct client_new	 n = { .secret = NULL };
	struct uuid		 id = uuid_new();
	char			 text[UUID_TEXT];
	int			 said;

	if ((said = city_only(c)) != 0 || (said = client_check(c, in, &n)) != 0)
		return (said);
	if (sql_client_create(c->db, NULL, &id, in->client_id, in->name, in->type, in->auth,
	    uuid_is_nil(&in->org_id) ? NULL : &in->org_id, n.county, n.grants, n.scopes,
	    n.redirects, in->jwks, in->expires_at > 0 ? in->expires_at : INT64_MIN, n.hash) == -1) {
		if (c->db->error == DB_UNIQUE)
			return (call_reject(c, ERR_EXISTS, "/client_id"));
		return (call_failed(c));
	}
	(void)uuid_format(&id, text);
	if (n.secret == NULL)
		return (call_reply(c, 201, arena_printf(c->arena, "{\"id\":\"%s\"}", text)));
	return (call_reply(c, 201, arena_printf(c->arena,
	    "{\"id\":\"%s\",\"client_secret\":\"%s\"}", text, n.secret)));
}

/* What a field alone cannot say. 0 when all is sound, otherwise the reply. */
static int
client_check(struct call *c, const struct client_in *in, struct client_new *n)
{
	bool		partner = strcmp(in->type, "partner") == 0;
	struct db_rows	rows;

	n->county = AREA_CITY;
	n->grants = partner ? "{client_credentials}" : "{authorization_code,refresh_token}";
	if (!id_ok(in->client_id))
		return (call_reject(c, ERR_F_FORMAT, "/client_id"));
	if (partner == (strcmp(in->auth, "none") == 0))
		return (call_reject(c, ERR_F_CHOICE, "/auth"));
	if (partner == uuid_is_nil(&in->org_id))
		return (call_reject(c, partner ? ERR_F_MISSING : ERR_F_UNKNOWN, "/org_id"));
	if ((n->redirects = client_redirects(c->arena, in->redirect_uris)) == NULL ||
	    (partner && strcmp(n->redirects, "{}") != 0))
		return (call_reject(c, ERR_F_FORMAT, "/redirect_uris"));
	if ((n->scopes = client_scopes(c->arena, in->type, in->scopes)) == NULL)
		return (call_reject(c, ERR_F_CHOICE, "/scopes"));
	if ((strcmp(in->auth, "private_key_jwt") == 0) != (in->jwks != NULL) ||
	    (in->jwks != NULL && !auth_jwks_sound(c->arena, in->jwks, strlen(in->jwks))))
		return (call_reject(c, in->jwks == NULL ? ERR_F_MISSING : ERR_F_FORMAT, "/jwks"));
	if (strcmp(in->auth, "client_secret") == 0)
		n->secret = secret_make(c->arena, (char **)&n->hash);
	if (!partner)
		return (0);
	if (sql_client_org(c->db, &rows, &in->org_id) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_REFERENCE, "/org_id"));
	n->county = db_text(&rows, 0, "county_code");
	return (0);
}

static int
client_secret_rotate(struct call *c)
{
	const struct overlap_in	*in = c->body;
	struct db_rows		 rows;
	char			*secret, *hash, id[UUID_TEXT];
	int			 said;

	if ((said = city_only(c)) != 0)
		return (said);
	secret = secret_make(c->arena, &hash);
	if (sql_client_secret_add(c->db, &rows, &c->id, hash, in->overlap_s) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	return (call_reply(c, 201, arena_printf(c->arena,
	    "{\"id\":\"%s\",\"client_secret\":\"%s\"}", uuid_format(&c->id, id), secret)));
}

static int
client_change(struct call *c)
{
	const struct change_in	*in = c->body;
	const char		*redirects = NULL;
	struct db_rows		 rows;
	int			 said;

	if ((said = city_only(c)) != 0)
		return (said);
	if (in->redirect_uris != NULL &&
	    (redirects = client_redirects(c->arena, in->redirect_uris)) == NULL)
		return (call_reject(c, ERR_F_FORMAT, "/redirect_uris"));
	if (in->jwks != NULL && !auth_jwks_sound(c->arena, in->jwks, strlen(in->jwks)))
		return (call_reject(c, ERR_F_FORMAT, "/jwks"));
	if (sql_client_change(c->db, &rows, &c->id, redirects, in->jwks) == -1)
		return (c->db->error == DB_CHECK ? call_reject(c, ERR_F_UNKNOWN, "/jwks") :
		    call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
client_list(struct call *c)
{
	const struct page_in	*q = c->query;
	struct db_rows		 rows;
	int			 said;

	if ((said = city_only(c)) != 0)
		return (said);
	if (sql_client_list(c->db, &rows, q->cursor, q->limit + 1) == -1)
		return (call_failed(c));
	return (call_reply_list(c, &rows, q->limit));
}

static int
client_get(struct call *c)
{
	struct db_rows	rows;
	int		said;

	if ((said = city_only(c)) != 0)
		return (said);
	if (sql_client_get(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
client_disable(struct call *c)
{
	struct db_rows	rows;
	int		said;

	if ((said = city_only(c)) != 0)
		return (said);
	if (sql_client_disable(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

/* Clients are of the whole city. */
static int
city_only(struct call *c)
{
	return (call_in_area(c, AREA_CITY) ? 0 : call_reject(c, ERR_AREA, NULL));
}

static char *
secret_make(struct arena *a, char **hash)
{
	uint8_t	 bytes[SECRET_BYTES], digest[HASH_BYTES];
	char	*text;

	random_bytes(bytes, sizeof(bytes));
	text = base64url_encode(a, bytes, sizeof(bytes));
	sha256(text, strlen(text), digest);
	*hash = hex_encode(a, digest, sizeof(digest));
	return (text);
}

static bool
id_ok(const char *id)
{
	return (strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(id) && id[0] != '-');
}
