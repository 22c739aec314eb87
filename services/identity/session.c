/*
 * session.c -- signing in by phone and one-time code, and acting for an
 * organisation.
 */
#include "identity.h"
#include "base/log.h"
#include "codes/codes.h"
#include "conf/conf.h"
#include "crypt/crypt.h"
#include "identity_sql.h"

struct phone_in {
	const char	*phone;
};

struct sign_in {
	const char	*phone;
	const char	*code;
};

struct act_in {
	struct uuid	 org_id;
};

static int	sms_code_send(struct call *);
static int	session_open(struct call *);
static int	session_act_for(struct call *);
static void	code_hash(struct call *, const char *, const char *, uint8_t[HASH_BYTES]);

static const struct field phone_in_fields[] = {
	FIELD_CHECK(phone_in, phone, REQUIRED, check_mobile, "手机号码"),
	FIELD_END
};

static const struct field sign_in_fields[] = {
	FIELD_CHECK(sign_in, phone, REQUIRED, check_mobile, "手机号码"),
	FIELD_TEXT(sign_in, code, REQUIRED, 6, 6, "短信验证码"),
	FIELD_END
};

static const struct field act_in_fields[] = {
	FIELD_UUID(act_in, org_id, REQUIRED, "代表的单位"),
	FIELD_END
};

static const struct shape sent_shape[] = {
	{ .name = "expires_in", .type = SHAPE_T_INT, .help = "验证码有效秒数" },
	SHAPE_END
};

const struct route session_routes[] = {
	{ .name = "sms_code_send", .method = METHOD_POST, .path = "/v1/identity/sms-codes",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "identity.code.send",
	  .body = INPUT(phone_in, phone_in_fields), .reply = sent_shape, .success = 202,
	  .handler = sms_code_send, .lane = DB_SYSTEM, .limit = LIMIT_LOGIN, .key = KEY_NONE,
	  .zh = "发送短信验证码", .en = "Text a one-time code" },
	{ .name = "session_open", .method = METHOD_POST, .path = "/v1/identity/sessions",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "identity.session.open",
	  .body = INPUT(sign_in, sign_in_fields), .reply = tokens_shape,
	  .handler = session_open, .lane = DB_SYSTEM, .limit = LIMIT_LOGIN, .key = KEY_NONE,
	  .zh = "手机验证码登录", .en = "Sign in by phone and code" },
	{ .name = "session_act_for", .method = METHOD_POST, .path = "/v1/identity/sessions/act-for",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "identity.session.act_for",
	  .body = INPUT(act_in, act_in_fields), .reply = tokens_shape,
	  .handler = session_act_for, .lane = DB_SYSTEM, .limit = LIMIT_LOGIN, .key = KEY_NONE,
	  .zh = "代表单位办理", .en = "Act for an organisation" },
	ROUTE_END
};

/* The reply is the same whether or not the phone belongs to anybody. */
static int
sms_code_send(struct call *c)
{
	const struct phone_in	*in = c->body;
	int			 error;

	if ((error = code_send(c, in->phone)) == -1)
		return (call_failed(c));
	if (error != 0)
		return (call_reject(c, (enum error_code)error,
		    error == ERR_AUTH_CODE_SOON ? "/phone" : NULL));
	return (call_reply(c, 202, arena_printf(c->arena, "{\"expires_in\":%d}", CODE_S)));
}

int
code_send(struct call *c, const char *phone)
{
	struct db_rows	 rows;
	uint8_t		 hash[HASH_BYTES];
	uint32_t	 n;
	char		 code[7];
	const char	*index = blind_index(c->arena, "phone", phone);

	if (!conf_bool(CONF_SANDBOX)) {
		log_warn("no text message sender is configured");
		return (ERR_DOWN);
	}
	random_bytes(&n, sizeof(n));
	(void)snprintf(code, sizeof(code), "%06u", n % 1000000);
	code_hash(c, index, code, hash);
	if (sql_code_put(c->db, &rows, index, hash, sizeof(hash), CODE_S, CODE_PAUSE_S) == -1)
		return (-1);
	if (rows.count == 0)
		return (ERR_AUTH_CODE_SOON);
	return (sql_message_put(c->db, NULL, index, arena_printf(c->arena,
	    "【永就业365】验证码 %s，%d 分钟内有效。", code, CODE_S / 60)));
}

int
code_check(struct call *c, const char *phone, const char *code)
{
	struct db_rows	rows;
	uint8_t		hash[HASH_BYTES];
	const char     *index = blind_index(c->arena, "phone", phone);

	code_hash(c, index, code, hash);
	if (sql_code_try(c->db, &rows, index, hash, sizeof(hash), CODE_TRIES) == -1)
		return (-1);
	/* The try counts even when the request is refused. */
	if (!db_bool(&rows, 0, "good"))
		return (db_commit(c->db) == -1 ? -1 : 0);
	return (sql_code_drop(c->db, NULL, index) == -1 ? -1 : 1);
}

static int
session_open(struct call *c)
{
	const struct sign_in	*in = c->body;
	struct principal	 who;
	struct db_rows		 rows;
	struct uuid		 person;
	int			 good;

	if ((good = code_check(c, in->phone, in->code)) == -1)
		return (call_failed(c));
	if (!good)
		return (call_reject(c, ERR_AUTH_CODE, "/code"));
	if (sql_person_by_phone(c->db, &rows, blind_index(c->arena, "phone", in->phone)) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_AUTH_CODE, "/code"));
	person = db_uuid(&rows, 0, "id");
	if (principal_of_person(c, &person, NULL, &who) == -1)
		return (call_failed(c));
	return (tokens_reply(c, SESSION_PERSON, &who, NULL));
}

static int
session_act_for(struct call *c)
{
	const struct act_in	*in = c->body;
	struct principal	 who;

	if (principal_of_person(c, &c->principal->person, &in->org_id, &who) == -1)
		return (call_failed(c));
	if (!who.has_org)
		return (call_reject(c, ERR_NOT_MEMBER, "/org_id"));
	return (tokens_reply(c, SESSION_PERSON, &who, "acting"));
}

static void
code_hash(struct call *c, const char *index, const char *code, uint8_t hash[HASH_BYTES])
{
	const char	*text = arena_printf(c->arena, "%s:%s", index, code);

	sha256(text, strlen(text), hash);
}
