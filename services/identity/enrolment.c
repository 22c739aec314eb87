/*
 * enrolment.c -- how an account gets its secrets: a link that works once sets
 * the password and shows the TOTP secret, the first one-time code proves that
 * it arrived, and ten recovery codes are handed out.
 *
 * Invariant: nobody but the holder of the link ever knew password, secret or
 * codes; the tables hold hashes, a sealed secret and keyed hashes.
 */
#include <ctype.h>

#include "officer.h"
#include "totp.h"
#include "conf/conf.h"
#include "crypt/crypt.h"
#include "identity_sql.h"

#define TOKEN_BYTES	32
#define RECOVERY_BYTES	10	/* 16 letters of base32 */

struct open_in {
	const char	*password;
};

struct confirm_in {
	const char	*totp;
};

static int	officer_enrolment_open(struct call *);
static int	officer_enrolment_confirm(struct call *);
static void	token_hash(const char *, uint8_t[HASH_BYTES]);
static char	*recovery_make(struct call *);

static const struct field open_in_fields[] = {
	FIELD_TEXT(open_in, password, REQUIRED, 1, 128, "口令"),
	FIELD_END
};

static const struct field confirm_in_fields[] = {
	FIELD_TEXT(confirm_in, totp, REQUIRED, 6, 6, "动态码"),
	FIELD_END
};

const struct shape secret_shape[] = {
	{ .name = "secret", .type = SHAPE_T_TEXT, .help = "动态码密钥（Base32），只显示一次" },
	{ .name = "otpauth_uri", .type = SHAPE_T_TEXT, .help = "供身份验证器扫描" },
	SHAPE_END
};

const struct shape recovery_shape[] = {
	{ .name = "recovery_codes", .type = SHAPE_T_LIST, .help = "恢复码，只显示一次，每个只能用一次" },
	SHAPE_END
};

const struct route enrolment_routes[] = {
	{ .name = "officer_enrolment_open", .method = METHOD_POST,
	  .path = "/v1/identity/enrolments/{token_name}",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "identity.enrolment.open",
	  .body = INPUT(open_in, open_in_fields), .reply = secret_shape,
	  .handler = officer_enrolment_open, .lane = DB_SYSTEM, .limit = LIMIT_LOGIN, .key = KEY_NONE,
	  .zh = "启用账号：设置口令，取得动态码密钥",
	  .en = "Open an enrolment link: set the password, get the TOTP secret" },
	{ .name = "officer_enrolment_confirm", .method = METHOD_POST,
	  .path = "/v1/identity/enrolments/{token_name}/confirm",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "identity.enrolment.confirm",
	  .body = INPUT(confirm_in, confirm_in_fields), .reply = recovery_shape,
	  .handler = officer_enrolment_confirm, .lane = DB_SYSTEM, .limit = LIMIT_LOGIN, .key = KEY_NONE,
	  .emits = "identity.access.revoked.v1",
	  .zh = "启用账号：以首个动态码确认，取得恢复码",
	  .en = "Finish an enrolment with the first one-time code, get recovery codes" },
	ROUTE_END
};

char *
enrolment_link(struct call *c, const struct uuid *officer)
{
	struct uuid	 id = uuid_new();
	uint8_t		 secret[TOKEN_BYTES], hash[HASH_BYTES];
	char		*token;

	random_bytes(secret, sizeof(secret));
	token = base64url_encode(c->arena, secret, sizeof(secret));
	token_hash(token, hash);
	if (sql_enrolment_put(c->db, NULL, &id, officer, hash, sizeof(hash),
	    conf_int(CONF_ENROL_HOURS) * 3600, &c->principal->subject) == -1)
		return (NULL);
	return (token);
}

static int
officer_enrolment_open(struct call *c)
{
	const struct open_in	*in = c->body;
	struct db_rows		 rows;
	struct uuid		 id, officer;
	const char		*login, *hash, *sealed, *reply;
	uint8_t			 token[HASH_BYTES];
	int			 result;

	token_hash(call_param(c, "token_name"), token);
	if (sql_enrolment_find(c->db, &rows, token, sizeof(token)) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_LINK, NULL));
	id = db_uuid(&rows, 0, "id");
	officer = db_uuid(&rows, 0, "officer_id");
	login = db_text(&rows, 0, "login");
	if ((result = password_judge(c, &officer, login, in->password, "/password")) != 0)
		return (result);
	if ((hash = password_make(c, in->password)) == NULL)
		return (call_reject(c, ERR_BUSY, NULL));
	sealed = totp_secret_make(c, login, &reply);
	if (sql_enrolment_open(c->db, &rows, &id, hash, sealed) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_LINK, NULL));
	call_header(c, "Cache-Control", "no-store");
	return (call_reply(c, 201, reply));
}

static int
officer_enrolment_confirm(struct call *c)
{
	const struct confirm_in	*in = c->body;
	struct db_rows		 rows;
	struct uuid		 id, officer;
	uint8_t			 token[HASH_BYTES];

	token_hash(call_param(c, "token_name"), token);
	/* The try counts even when the request is refused. */
	if (sql_enrolment_try(c->db, &rows, token, sizeof(token), ENROL_TRIES) == -1 ||
	    db_commit(c->db) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_LINK, NULL));
	id = db_uuid(&rows, 0, "id");
	officer = db_uuid(&rows, 0, "officer_id");
	return (enrolment_finish(c, &id, &officer, db_text(&rows, 0, "pending_totp"), in->totp));
}

int
enrolment_finish(struct call *c, const struct uuid *enrolment, const struct uuid *officer,
    const char *pending_totp, const char *totp)
{
	struct db_rows	rows;
	int64_t		step;

	if ((step = officer_step(c, pending_totp, totp)) == 0)
		return (call_reject(c, ERR_AUTH_CODE, "/totp"));
	if (sql_enrolment_finish(c->db, &rows, enrolment, step) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_LINK, NULL));
	return (recovery_reply(c, officer, c->route->success != 0 ? c->route->success : 201));
}

const char *
totp_secret_make(struct call *c, const char *login, const char **reply)
{
	uint8_t	secret[TOTP_SECRET_BYTES];

	random_bytes(secret, sizeof(secret));
	*reply = arena_printf(c->arena, "{\"secret\":\"%s\",\"otpauth_uri\":\"%s\"}",
	    base32_encode(c->arena, secret, sizeof(secret)),
	    totp_uri(c->arena, login, secret, sizeof(secret)));
	return (field_seal(c->arena, "officer.totp",
	    base64url_encode(c->arena, secret, sizeof(secret))));
}

int
recovery_reply(struct call *c, const struct uuid *officer, int status)
{
	const char	*code, *json = "{\"recovery_codes\":[";
	int		 i;

	if (sql_recovery_drop(c->db, NULL, officer) == -1)
		return (call_failed(c));
	for (i = 0; i < RECOVERY_CODES; i++) {
		code = recovery_make(c);
		if (sql_recovery_put(c->db, NULL, officer,
		    recovery_index(c, officer, code)) == -1)
			return (call_failed(c));
		json = arena_printf(c->arena, "%s%s\"%s\"", json, i > 0 ? "," : "", code);
	}
	call_header(c, "Cache-Control", "no-store");
	return (call_reply(c, status, arena_printf(c->arena, "%s]}", json)));
}

const char *
recovery_index(struct call *c, const struct uuid *officer, const char *code)
{
	char	id[UUID_TEXT], plain[20];
	size_t	n = 0;

	for (; *code != '\0' && n < sizeof(plain) - 1; code++)
		if (*code != '-')
			plain[n++] = (char)tolower((unsigned char)*code);
	plain[n] = '\0';
	return (blind_index(c->arena, "recovery",
	    arena_printf(c->arena, "%s:%s", uuid_format(officer, id), plain)));
}

/* Eighty random bits, in four groups for the eye. */
static char *
recovery_make(struct call *c)
{
	uint8_t	 bytes[RECOVERY_BYTES];
	char	*text, *p;

	random_bytes(bytes, sizeof(bytes));
	text = base32_encode(c->arena, bytes, sizeof(bytes));
	for (p = text; *p != '\0'; p++)
		*p = (char)tolower((unsigned char)*p);
	return (arena_printf(c->arena, "%.4s-%.4s-%.4s-%.4s", text, text + 4, text + 8, text + 12));
}

static void
token_hash(const char *token, uint8_t hash[HASH_BYTES])
{
	sha256(token, strlen(token), hash);
}
