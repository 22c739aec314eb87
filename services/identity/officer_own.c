/*
 * officer_own.c -- what an officer does with the own account: reading it, a
 * new password, a new authenticator, new recovery codes. Each change shows
 * password and one-time code again, and counts as a sign-in attempt.
 */
#include "officer.h"
#include "identity_sql.h"

struct password_in {
	const char	*password;
	const char	*totp;
	const char	*new_password;
};

struct totp_in {
	const char	*totp;
};

static int	own_password(struct call *);
static int	own_totp(struct call *);
static int	own_totp_confirm(struct call *);
static int	own_recovery(struct call *);
static int	own_login(struct call *, const char **);
static int	own_prove(struct call *, const struct password_in *, const char **);

#define OWN_FIELDS							\
	FIELD_TEXT(password_in, password, REQUIRED, 8, 128, "现口令"),	\
	FIELD_TEXT(password_in, totp, REQUIRED, 6, 6, "动态码")

static const struct field password_in_fields[] = {
	OWN_FIELDS,
	FIELD_TEXT(password_in, new_password, REQUIRED, 1, 128, "新口令"),
	FIELD_END
};

static const struct field own_fields[] = {
	OWN_FIELDS,
	FIELD_END
};

static const struct field totp_in_fields[] = {
	FIELD_TEXT(totp_in, totp, REQUIRED, 6, 6, "新密钥的动态码"),
	FIELD_END
};

static const struct shape own_shape[] = {
	{ .name = "officer_id", .type = SHAPE_T_UUID, .help = "账号标识" },
	{ .name = "login", .type = SHAPE_T_TEXT, .help = "账号" },
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "姓名或岗位" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县级单位" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "所在行政区划" },
	{ .name = "unit", .type = SHAPE_T_TEXT, .nullable = true, .help = "工作单位" },
	{ .name = "phone_masked", .type = SHAPE_T_TEXT, .nullable = true, .help = "手机（隐去）" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "officer_states", .help = "账号状态" },
	{ .name = "disabled_why", .type = SHAPE_T_TEXT, .nullable = true, .help = "停用原因" },
	{ .name = "password_set_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "口令设置时间" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "建立时间" },
	{ .name = "recovery_codes_left", .type = SHAPE_T_INT, .help = "未使用的恢复码" },
	SHAPE_END
};

static const struct shape changed_shape[] = {
	{ .name = "changed", .type = SHAPE_T_BOOL, .help = "已修改" },
	SHAPE_END
};

const struct route officer_own_routes[] = {
	{ .name = "officer_me", .method = METHOD_GET, .path = "/v1/identity/officers/me",
	  .callers = ROLE_DESKS, .scope = SCOPE_CALLER, .action = "identity.officer.me",
	  .reply = own_shape, .opens = OPENS_UNNAMED, .stmt = &stmt_officer_me, .lane = DB_SYSTEM, .limit = LIMIT_READ,
	  .zh = "本人账号", .en = "One's own account" },
	{ .name = "officer_own_password", .method = METHOD_POST,
	  .path = "/v1/identity/officers/me/password",
	  .callers = ROLE_DESKS, .scope = SCOPE_CALLER, .action = "identity.officer.own_password",
	  .body = INPUT(password_in, password_in_fields), .reply = changed_shape, .success = 200,
	  .handler = own_password, .lane = DB_SYSTEM, .limit = LIMIT_LOGIN, .key = KEY_NONE,
	  .emits = "identity.access.revoked.v1",
	  .zh = "修改口令", .en = "Change one's password" },
	{ .name = "officer_own_totp", .method = METHOD_POST, .path = "/v1/identity/officers/me/totp",
	  .callers = ROLE_DESKS, .scope = SCOPE_CALLER, .action = "identity.officer.own_totp",
	  .body = INPUT(password_in, own_fields), .reply = secret_shape,
	  .handler = own_totp, .lane = DB_SYSTEM, .limit = LIMIT_LOGIN, .key = KEY_NONE,
	  .zh = "更换身份验证器", .en = "Begin a new authenticator" },
	{ .name = "officer_own_totp_confirm", .method = METHOD_POST,
	  .path = "/v1/identity/officers/me/totp/confirm",
	  .callers = ROLE_DESKS, .scope = SCOPE_CALLER, .action = "identity.officer.own_totp",
	  .body = INPUT(totp_in, totp_in_fields), .reply = recovery_shape,
	  .handler = own_totp_confirm, .lane = DB_SYSTEM, .limit = LIMIT_LOGIN, .key = KEY_NONE,
	  .emits = "identity.access.revoked.v1",
	  .zh = "确认新身份验证器", .en = "Finish a new authenticator" },
	{ .name = "officer_own_recovery", .method = METHOD_POST,
	  .path = "/v1/identity/officers/me/recovery-codes",
	  .callers = ROLE_DESKS, .scope = SCOPE_CALLER, .action = "identity.officer.own_recovery",
	  .body = INPUT(password_in, own_fields), .reply = recovery_shape,
	  .handler = own_recovery, .lane = DB_SYSTEM, .limit = LIMIT_LOGIN, .key = KEY_NONE,
	  .zh = "重新生成恢复码", .en = "New recovery codes in place of the old" },
	ROUTE_END
};

static int
own_password(struct call *c)
{
	const struct password_in	*in = c->body;
	struct proof			 proof = { .password = in->password, .totp = in->totp };
	int				 error;

	if ((error = own_login(c, &proof.login)) != 0)
		return (officer_refuse(c, error));
	return (officer_password(c, &proof, in->new_password));
}

/* 0 with the login of the caller; -1 database; else the error to refuse with. */
static int
own_login(struct call *c, const char **login)
{
	struct db_rows	rows;

	if (sql_officer_name(c->db, &rows, &c->principal->subject) == -1)
		return (-1);
	if (rows.count == 0)
		return (ERR_AUTH_PASSWORD);
	*login = db_text(&rows, 0, "login");
	return (0);
}

/* Shows the present secrets again, and spends the code. */
static int
own_prove(struct call *c, const struct password_in *in, const char **login)
{
	struct uuid	id;
	int		error;

	if ((error = own_login(c, login)) != 0)
		return (error);
	return (officer_prove(c, *login, in->password, in->totp, &id));
}

static int
own_totp(struct call *c)
{
	const struct password_in	*in = c->body;
	struct uuid			 id = uuid_new();
	const char			*login, *sealed, *reply;
	int				 error;

	if ((error = own_prove(c, in, &login)) != 0)
		return (officer_refuse(c, error));
	sealed = totp_secret_make(c, login, &reply);
	if (sql_totp_begin(c->db, NULL, &id, &c->principal->subject, sealed, TOTP_OWN_S) == -1)
		return (call_failed(c));
	call_header(c, "Cache-Control", "no-store");
	return (call_reply(c, 201, reply));
}

static int
own_totp_confirm(struct call *c)
{
	const struct totp_in	*in = c->body;
	const struct uuid	*me = &c->principal->subject;
	struct db_rows		 rows;
	struct uuid		 id;

	if (sql_totp_try(c->db, &rows, me, ENROL_TRIES) == -1 || db_commit(c->db) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_LINK, NULL));
	id = db_uuid(&rows, 0, "id");
	return (enrolment_finish(c, &id, me, db_text(&rows, 0, "pending_totp"), in->totp));
}

static int
own_recovery(struct call *c)
{
	const struct password_in	*in = c->body;
	const char			*login;
	int				 error;

	if ((error = own_prove(c, in, &login)) != 0)
		return (officer_refuse(c, error));
	return (recovery_reply(c, &c->principal->subject, 201));
}
