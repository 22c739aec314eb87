/*
 * officer_account.c -- the system administrator makes, disables, resets and
 * unlocks the accounts of the own area. Rights are another's to give (grant.c).
 *
 * Invariant: no account is made with a secret; a link is shown once to whoever
 * asked for it, and only its hash is kept.
 */
#include "officer.h"
#include "codes/codes.h"
#include "conf/conf.h"
#include "crypt/crypt.h"
#include "identity_sql.h"

struct officer_in {
	const char	*login;
	const char	*name;
	const char	*area_code;
	const char	*unit;
	const char	*phone;
};

struct why_in {
	const char	*why;
};

struct officer_query {
	const char	*county_code;
	const char	*state;
	const char	*role;
	const char	*q;
};

static int	officer_create(struct call *);
static int	officer_reset(struct call *);
static int	officer_unlock(struct call *);
static int	link_reply(struct call *, const char *, int, const char *);

static const char *const states[] = { "invited", "active", "disabled", NULL };

static const struct field officer_in_fields[] = {
	FIELD_CHECK(officer_in, login, REQUIRED, check_login, "账号，小写字母开头"),
	FIELD_TEXT(officer_in, name, REQUIRED, 2, 40, "姓名"),
	FIELD_CHECK(officer_in, area_code, REQUIRED, check_area, "所在行政区划"),
	FIELD_TEXT(officer_in, unit, REQUIRED, 2, 100, "工作单位"),
	FIELD_CHECK(officer_in, phone, OPTIONAL, check_mobile, "手机号码"),
	FIELD_END
};

static const struct field why_in_fields[] = {
	FIELD_TEXT(why_in, why, REQUIRED, 2, 200, "原因"),
	FIELD_END
};

static const struct field officer_query_fields[] = {
	FIELD_CHECK(officer_query, county_code, OPTIONAL, check_county, "县级单位代码"),
	FIELD_ENUM(officer_query, state, OPTIONAL, states, "账号状态"),
	FIELD_TEXT(officer_query, role, OPTIONAL, 1, 40, "现有角色"),
	FIELD_TEXT(officer_query, q, OPTIONAL, 1, 40, "账号或姓名的一部分"),
	FIELD_END
};

#define OFFICER_SHAPES							\
	{ .name = "officer_id", .type = SHAPE_T_UUID, .help = "账号标识" },	\
	{ .name = "login", .type = SHAPE_T_TEXT, .help = "账号" },		\
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "姓名或岗位" },	\
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县级单位" },	\
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "所在行政区划" },	\
	{ .name = "unit", .type = SHAPE_T_TEXT, .nullable = true, .help = "工作单位" },	\
	{ .name = "phone_masked", .type = SHAPE_T_TEXT, .nullable = true, .help = "手机（隐去）" },	\
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "officer_states", .help = "账号状态" }, \
	{ .name = "disabled_why", .type = SHAPE_T_TEXT, .nullable = true, .help = "停用原因" },	\
	{ .name = "password_set_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "口令设置时间" },	\
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "建立时间" }

const struct shape officer_shape[] = {
	OFFICER_SHAPES,
	SHAPE_END
};

static const struct shape link_shape[] = {
	{ .name = "officer_id", .type = SHAPE_T_UUID, .help = "账号标识" },
	{ .name = "enrolment_url", .type = SHAPE_T_TEXT, .help = "注册链接，只显示一次" },
	{ .name = "valid_hours", .type = SHAPE_T_INT, .help = "有效小时数" },
	SHAPE_END
};

static const struct shape unlocked_shape[] = {
	{ .name = "unlocked", .type = SHAPE_T_BOOL, .help = "已解锁" },
	SHAPE_END
};

const struct route officer_account_routes[] = {
	{ .name = "officer_create", .method = METHOD_POST, .path = "/v1/identity/officers",
	  .callers = ROLE_SYSTEM_ADMIN, .scope = SCOPE_AREA, .action = "identity.officer.create",
	  .body = INPUT(officer_in, officer_in_fields), .reply = link_shape,
	  .handler = officer_create, .lane = DB_SYSTEM, .limit = LIMIT_WRITE, .key = KEY_NONE,
	  .zh = "建立工作人员账号", .en = "Make an officer's account" },
	{ .name = "officer_list", .method = METHOD_GET, .path = "/v1/identity/officers",
	  .callers = ROLE_ADMINS, .scope = SCOPE_AREA, .action = "identity.officer.list",
	  .query = INPUT(officer_query, officer_query_fields), .list = true, .reply = officer_shape,
	  .opens = "officer_id", .stmt = &stmt_officer_list, .limit = LIMIT_READ,
	  .zh = "辖区工作人员", .en = "Officers of one's area" },
	{ .name = "officer_get", .method = METHOD_GET, .path = "/v1/identity/officers/{id}",
	  .callers = ROLE_ADMINS, .scope = SCOPE_AREA, .action = "identity.officer.get",
	  .reply = officer_shape, .opens = "officer_id", .stmt = &stmt_officer_get, .limit = LIMIT_READ,
	  .zh = "查看工作人员账号", .en = "Read an officer's account" },
	{ .name = "officer_disable", .method = METHOD_POST,
	  .path = "/v1/identity/officers/{id}/disable",
	  .callers = ROLE_SYSTEM_ADMIN, .scope = SCOPE_AREA, .action = "identity.officer.disable",
	  .body = INPUT(why_in, why_in_fields), .reply = officer_shape, .success = 200,
	  .stmt = &stmt_officer_disable, .lane = DB_SYSTEM, .limit = LIMIT_WRITE,
	  .zh = "停用账号", .en = "Disable an account" },
	{ .name = "officer_enable", .method = METHOD_POST,
	  .path = "/v1/identity/officers/{id}/enable",
	  .callers = ROLE_SYSTEM_ADMIN, .scope = SCOPE_AREA, .action = "identity.officer.enable",
	  .reply = officer_shape, .success = 200, .stmt = &stmt_officer_enable, .lane = DB_SYSTEM,
	  .limit = LIMIT_WRITE,
	  .zh = "恢复账号", .en = "Enable an account again" },
	{ .name = "officer_reset", .method = METHOD_POST, .path = "/v1/identity/officers/{id}/reset",
	  .callers = ROLE_SYSTEM_ADMIN, .scope = SCOPE_AREA, .action = "identity.officer.reset",
	  .reply = link_shape, .handler = officer_reset, .lane = DB_SYSTEM, .limit = LIMIT_WRITE,
	  .key = KEY_NONE, .emits = "identity.access.revoked.v1",
	  .zh = "重置账号：口令、动态码作废，发新注册链接",
	  .en = "Reset an account: its secrets end, a new link is made" },
	{ .name = "officer_unlock", .method = METHOD_POST,
	  .path = "/v1/identity/officers/{id}/unlock",
	  .callers = ROLE_SYSTEM_ADMIN, .scope = SCOPE_AREA, .action = "identity.officer.unlock",
	  .reply = unlocked_shape, .success = 200, .handler = officer_unlock, .lane = DB_SYSTEM,
	  .limit = LIMIT_WRITE,
	  .zh = "解除登录锁定", .en = "End a lock after failed sign-ins" },
	ROUTE_END
};

/* A small letter first, then also digits, dots, dashes, underscores; 3 to 40 in all. */
int
check_login(const char *text)
{
	size_t	n = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789._-");

	return (text[n] == '\0' && n >= 3 && n <= 40 && text[0] >= 'a' && text[0] <= 'z' ?
	    0 : ERR_F_LOGIN);
}

static int
officer_create(struct call *c)
{
	const struct officer_in	*in = c->body;
	const char		*county = strcmp(in->area_code, AREA_CITY) == 0 ? AREA_CITY :
				    area_county(in->area_code);
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;

	if (!call_in_area(c, in->area_code))
		return (call_reject(c, ERR_AREA, "/area_code"));
	if (sql_officer_create(c->db, &rows, &id, in->login, in->name, county, in->area_code,
	    in->unit, in->phone == NULL ? NULL : blind_index(c->arena, "phone", in->phone),
	    in->phone == NULL ? NULL : field_seal(c->arena, "officer.phone", in->phone),
	    mask_phone(c->arena, in->phone), &c->principal->subject) == -1) {
		if (c->db->error != DB_UNIQUE)
			return (call_failed(c));
		return (call_reject(c, ERR_EXISTS, c->db->constraint != NULL &&
		    strcmp(c->db->constraint, "officer_phone_key") == 0 ? "/phone" : "/login"));
	}
	if (rows.count == 0)
		return (call_reject(c, ERR_AREA, "/area_code"));
	return (link_reply(c, enrolment_link(c, &id), 201, uuid_format(&id,
	    arena_alloc(c->arena, UUID_TEXT))));
}

static int
officer_reset(struct call *c)
{
	struct db_rows	rows;

	if (sql_officer_reset(c->db, &rows, &c->id, &c->principal->subject) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	return (link_reply(c, enrolment_link(c, &c->id), 201, uuid_format(&c->id,
	    arena_alloc(c->arena, UUID_TEXT))));
}

static int
link_reply(struct call *c, const char *token, int status, const char *officer)
{
	if (token == NULL)
		return (call_failed(c));
	call_header(c, "Cache-Control", "no-store");
	return (call_reply(c, status, arena_printf(c->arena, "{\"officer_id\":\"%s\","
	    "\"enrolment_url\":\"%s/v1/identity/enrolments/%s\",\"valid_hours\":%lld}", officer,
	    conf_text(CONF_ISSUER), token, (long long)conf_int(CONF_ENROL_HOURS))));
}

static int
officer_unlock(struct call *c)
{
	struct db_rows	rows;

	if (sql_officer_login(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (sql_sign_in_forget(c->db, NULL,
	    blind_index(c->arena, "login", db_text(&rows, 0, "login"))) == -1)
		return (call_failed(c));
	return (call_reply(c, 200, "{\"unlocked\":true}"));
}
