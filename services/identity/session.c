/*
 * session.c -- signing in by phone and one-time code, and acting for an
 * organisation.
 */
#include "identity.h"
#include "codes/codes.h"
#include "crypt/crypt.h"
#include "identity_sql.h"
#include "text.h"

struct sign_in {
	const char	*phone;
	const char	*code;
};

struct act_in {
	struct uuid	 org_id;
};

static int	session_open(struct call *);
static int	session_act_for(struct call *);

static const struct field sign_in_fields[] = {
	FIELD_CHECK(sign_in, phone, REQUIRED, check_mobile, "手机号码"),
	FIELD_TEXT(sign_in, code, REQUIRED, 6, 6, "短信验证码"),
	FIELD_END
};

static const struct field act_in_fields[] = {
	FIELD_UUID(act_in, org_id, REQUIRED, "代表的单位"),
	FIELD_END
};

const struct route session_routes[] = {
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

static int
session_open(struct call *c)
{
	const struct sign_in	*in = c->body;
	struct principal	 who;
	struct db_rows		 rows;
	struct uuid		 person;
	int			 good;

	if ((good = code_check(c, in->phone, in->code, CODE_SIGN_IN)) == -1)
		return (call_failed(c));
	if (!good)
		return (call_reject(c, ERR_AUTH_CODE, "/code"));
	if (sql_person_by_phone(c->db, &rows, blind_index(c->arena, "phone", in->phone)) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_AUTH_CODE, "/code"));
	if (db_bool(&rows, 0, "mismatched"))
		return (call_reject(c, ERR_REAL_NAME, NULL));
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
	struct db_rows		 rows;

	/* A session of one's own would outlive the clerk's, and not name the clerk. */
	if (c->principal->has_actor)
		return (call_reject(c, ERR_ASSISTED, NULL));
	if (principal_of_person(c, &c->principal->person, &in->org_id, &who) == -1)
		return (call_failed(c));
	if (!who.has_org) {
		if (sql_org_pending_of(c->db, &rows, &in->org_id, &c->principal->person) == -1)
			return (call_failed(c));
		return (call_reject(c, rows.count == 1 ? ERR_ORG_PENDING : ERR_NOT_MEMBER,
		    "/org_id"));
	}
	return (tokens_reply(c, SESSION_PERSON, &who, "acting"));
}
