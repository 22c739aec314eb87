/*
 * oauth_revoke.c -- taking a token back (RFC 7009) and asking about one
 * (RFC 7662), for clients. Our own services ask at introspect.c.
 *
 * Invariant: a client learns nothing of a token that is not its own, and
 * cannot end it: the answer is that of a token that does not exist.
 */
#include "oauth.h"
#include "conf/conf.h"
#include "crypt/crypt.h"
#include "identity_sql.h"

static int	oauth_revoke(struct call *);
static int	oauth_introspect(struct call *);
static int	revoke_refresh(struct call *, const char *, const struct oauth_client *);
static int	revoke_access(struct call *, const char *, const struct oauth_client *);
static int	tell(struct call *, const char *, const struct oauth_client *);
static int	tell_access(struct call *, const struct principal *);
static int	tell_refresh(struct call *, const struct db_rows *);
static int	tell_inactive(struct call *);
static int	refresh_of(struct call *, const char *, struct db_rows *);

static const struct shape introspect_shape[] = {
	{ .name = "active", .type = SHAPE_T_BOOL, .help = "是否有效" },
	{ .name = "token_type", .type = SHAPE_T_TEXT, .nullable = true, .help = "Bearer 或 refresh_token" },
	{ .name = "client_id", .type = SHAPE_T_TEXT, .nullable = true, .help = "客户端" },
	{ .name = "sub", .type = SHAPE_T_TEXT, .nullable = true, .help = "登录主体" },
	{ .name = "scope", .type = SHAPE_T_TEXT, .nullable = true, .help = "角色" },
	{ .name = "iss", .type = SHAPE_T_TEXT, .nullable = true, .help = "签发者" },
	{ .name = "aud", .type = SHAPE_T_TEXT, .nullable = true, .help = "用于" },
	{ .name = "iat", .type = SHAPE_T_INT, .nullable = true, .help = "签发时间（秒）" },
	{ .name = "exp", .type = SHAPE_T_INT, .nullable = true, .help = "到期时间（秒）" },
	{ .name = "jti", .type = SHAPE_T_TEXT, .nullable = true, .help = "令牌标识" },
	{ .name = "sid", .type = SHAPE_T_TEXT, .nullable = true, .help = "会话" },
	SHAPE_END
};

const struct route oauth_revoke_routes[] = {
	{ .name = "oauth_revoke", .method = METHOD_POST, .path = "/oauth/revoke",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "identity.token.revoke",
	  .raw_body = true, .success = 200, .handler = oauth_revoke, .lane = DB_SYSTEM,
	  .limit = LIMIT_LOGIN, .key = KEY_NONE, .emits = "identity.access.revoked.v1",
	  .zh = "撤销令牌", .en = "Take a token back" },
	{ .name = "oauth_introspect", .method = METHOD_POST, .path = "/oauth/introspect",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "identity.token.introspect",
	  .raw_body = true, .reply = introspect_shape, .success = 200,
	  .handler = oauth_introspect, .lane = DB_SYSTEM, .limit = LIMIT_LOGIN, .key = KEY_NONE,
	  .zh = "查询令牌", .en = "Ask about a token" },
	ROUTE_END
};

/* Unknown tokens are as good as taken back (RFC 7009 §2.2). */
static int
oauth_revoke(struct call *c)
{
	struct oauth_client	 k;
	struct oauth_form	 f;
	const char		*token;
	int			 said, done;

	if ((said = oauth_client_enter(c, &f, &k)) != 0)
		return (said);
	if (k.client_id[0] == '\0')
		return (oauth_error(c, 401, "invalid_client"));
	if ((token = oauth_form_get(&f, "token")) == NULL)
		return (oauth_error(c, 400, "invalid_request"));
	if ((done = revoke_refresh(c, token, &k)) == 0)
		done = revoke_access(c, token, &k);
	if (done == -1)
		return (call_failed(c));
	call_header(c, "Cache-Control", "no-store");
	return (call_reply_bytes(c, 200, NULL, "", 0));
}

/* 1: it was one, -1 database. */
static int
revoke_refresh(struct call *c, const char *token, const struct oauth_client *k)
{
	struct db_rows	rows;
	struct uuid	id;

	if (refresh_of(c, token, &rows) == -1)
		return (-1);
	if (rows.count == 0)
		return (0);
	id = db_uuid(&rows, 0, "id");
	if (strcmp(db_text(&rows, 0, "client_id"), k->client_id) == 0 &&
	    sql_session_end_by(c->db, NULL, &id, "taken back by the client") == -1)
		return (-1);
	return (1);
}

static int
revoke_access(struct call *c, const char *token, const struct oauth_client *k)
{
	struct principal	who;
	struct uuid		id;

	if (auth_check(token, strlen(token), &who) != AUTH_OK ||
	    strcmp(who.client, k->client_id) != 0 || (who.roles & ROLE_SERVICE) != 0 ||
	    !uuid_parse(who.token_id, &id))
		return (0);
	return (sql_token_revoke(c->db, NULL, &id, "taken back by the client"));
}

static int
oauth_introspect(struct call *c)
{
	struct oauth_client	 k;
	struct oauth_form	 f;
	const char		*token;
	int			 said;

	if ((said = oauth_client_enter(c, &f, &k)) != 0)
		return (said);
	if (k.client_id[0] == '\0' || strcmp(k.auth, "none") == 0)
		return (oauth_error(c, 401, "invalid_client"));
	if ((token = oauth_form_get(&f, "token")) == NULL)
		return (oauth_error(c, 400, "invalid_request"));
	return (tell(c, token, &k));
}

static int
tell(struct call *c, const char *token, const struct oauth_client *k)
{
	struct principal	who;
	struct db_rows		rows;

	call_header(c, "Cache-Control", "no-store");
	if (auth_check(token, strlen(token), &who) == AUTH_OK && (who.roles & ROLE_SERVICE) == 0) {
		if (strcmp(who.client, k->client_id) != 0)
			return (tell_inactive(c));
		return (tell_access(c, &who));
	}
	if (refresh_of(c, token, &rows) == -1)
		return (call_failed(c));
	if (rows.count == 0 || !db_bool(&rows, 0, "alive") ||
	    strcmp(db_text(&rows, 0, "client_id"), k->client_id) != 0)
		return (tell_inactive(c));
	return (tell_refresh(c, &rows));
}

static int
tell_access(struct call *c, const struct principal *who)
{
	struct db_rows	 rows;
	struct json_out	 out;
	struct uuid	 id;
	struct buf	 b;
	char		*json;

	if (!uuid_parse(who->token_id, &id) ||
	    sql_token_alive(c->db, &rows, &id, &who->session, &who->subject,
	    who->has_actor ? &who->actor : NULL, who->issued_us) == -1)
		return (call_failed(c));
	if (!db_bool(&rows, 0, "alive"))
		return (tell_inactive(c));
	buf_init(&b, 8192);
	json_out_init(&out, &b);
	json_open(&out, NULL);
	json_put_bool(&out, "active", true);
	json_put_text(&out, "token_type", "Bearer");
	json_put_text(&out, "client_id", who->client);
	json_put_uuid(&out, "sub", &who->subject);
	json_put_text(&out, "scope", scope_of(c->arena, who));
	json_put_text(&out, "iss", conf_text(CONF_ISSUER));
	json_put_text(&out, "aud", conf_text(CONF_AUDIENCE));
	json_put_int(&out, "iat", who->issued_us / 1000000);
	json_put_int(&out, "exp", who->expires_us / 1000000);
	json_put_text(&out, "jti", who->token_id);
	if (!uuid_is_nil(&who->session))
		json_put_uuid(&out, "sid", &who->session);
	json_close(&out);
	json = arena_strdup(c->arena, buf_cstr(&b));
	buf_release(&b);
	return (call_reply(c, 200, json));
}

static int
tell_refresh(struct call *c, const struct db_rows *row)
{
	struct uuid	 id = db_uuid(row, 0, "id"), subject = db_uuid(row, 0, "subject");
	char		 sid[UUID_TEXT], sub[UUID_TEXT];

	return (call_reply(c, 200, arena_printf(c->arena,
	    "{\"active\":true,\"token_type\":\"refresh_token\",\"client_id\":\"%s\","
	    "\"sub\":\"%s\",\"sid\":\"%s\",\"iat\":%lld,\"exp\":%lld}",
	    db_text(row, 0, "client_id"), uuid_format(&subject, sub), uuid_format(&id, sid),
	    (long long)db_int(row, 0, "opened_s"), (long long)db_int(row, 0, "ends_s"))));
}

/* Nothing else is said about a token that is not good for this client (RFC 7662 §2.2). */
static int
tell_inactive(struct call *c)
{
	return (call_reply(c, 200, "{\"active\":false}"));
}

static int
refresh_of(struct call *c, const char *token, struct db_rows *rows)
{
	uint8_t	hash[HASH_BYTES];

	sha256(token, strlen(token), hash);
	return (sql_refresh_session(c->db, rows, hash, sizeof(hash),
	    conf_int(CONF_PERSON_IDLE_S), conf_int(CONF_OFFICER_IDLE_S)));
}
