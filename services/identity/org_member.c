/*
 * org_member.c -- who may act for an organisation, and what: invitations,
 * rights, leaving and removal.
 *
 * Invariant: only a member with the right `manage` lets somebody in, and never
 * with rights beyond their own; who is out has no session for the
 * organisation left, and renews none.
 */
#include "codes/codes.h"
#include "crypt/crypt.h"
#include "identity_sql.h"
#include "org.h"
#include "text.h"

#define INVITE_S	(7 * 86400)
#define ORG_PEOPLE	(ROLE_EMPLOYER | ROLE_INSTITUTION | ROLE_CARRIER)

struct rights_in {
	bool		 post, hire, claim, account, manage;
};

struct invite_in {
	const char	*phone;
	struct uuid	 person_id;
	struct rights_in rights;
};

struct accept_in {
	const char	*code;
};

static int	rights_set(struct call *);
static int	member_remove(struct call *);
static int	member_leave(struct call *);
static int	invite(struct call *);
static int	invite_by_phone(struct call *, const struct invite_in *, const struct uuid *,
		    struct db_rows *);
static int	invitation_withdraw(struct call *);
static int	invitation_accept(struct call *);
static int	invitation_decline(struct call *);
static const char *rights_text(struct arena *, const struct rights_in *);

#define RIGHTS_FIELDS(s, at)						\
	{ .name = "post", .type = FIELD_T_BOOL, .offset = offsetof(struct s, at post), .help = "发布岗位" }, \
	{ .name = "hire", .type = FIELD_T_BOOL, .offset = offsetof(struct s, at hire), .help = "录用登记" }, \
	{ .name = "claim", .type = FIELD_T_BOOL, .offset = offsetof(struct s, at claim), .help = "补贴申领" }, \
	{ .name = "account", .type = FIELD_T_BOOL, .offset = offsetof(struct s, at account), .help = "收款账户" }, \
	{ .name = "manage", .type = FIELD_T_BOOL, .offset = offsetof(struct s, at manage), .help = "管理经办人" }

static const struct field rights_in_fields[] = {
	RIGHTS_FIELDS(rights_in, ),
	FIELD_END
};

static const struct field invite_in_fields[] = {
	FIELD_CHECK(invite_in, phone, OPTIONAL, check_mobile, "被邀请人手机号码，或"),
	FIELD_UUID(invite_in, person_id, OPTIONAL, "被邀请人"),
	RIGHTS_FIELDS(invite_in, rights.),
	FIELD_END
};

static const struct field accept_in_fields[] = {
	FIELD_TEXT(accept_in, code, OPTIONAL, 6, 6, "短信中的邀请码（按手机号码邀请时）"),
	FIELD_END
};

static const struct shape member_shape[] = {
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "经办人" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（脱敏）" },
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "身份" },
	{ .name = "rights", .type = SHAPE_T_LIST, .help = "权限" },
	{ .name = "from_at", .type = SHAPE_T_INSTANT, .help = "起" },
	SHAPE_END
};

static const struct shape rights_shape[] = {
	{ .name = "org_id", .type = SHAPE_T_UUID, .nullable = true, .help = "单位" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "经办人" },
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "身份" },
	{ .name = "rights", .type = SHAPE_T_LIST, .help = "权限" },
	SHAPE_END
};

static const struct shape gone_shape[] = {
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "单位" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "经办人" },
	{ .name = "to_at", .type = SHAPE_T_INSTANT, .help = "止" },
	SHAPE_END
};

static const struct shape invitation_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "邀请" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "单位" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .nullable = true, .help = "被邀请人" },
	{ .name = "phone_masked", .type = SHAPE_T_TEXT, .nullable = true, .help = "手机号码（脱敏）" },
	{ .name = "rights", .type = SHAPE_T_LIST, .help = "权限" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "org_invitation_states", .help = "状态" },
	{ .name = "expires_at", .type = SHAPE_T_INSTANT, .help = "有效期至" },
	SHAPE_END
};

static const struct shape invited_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "邀请" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "单位" },
	{ .name = "org_name", .type = SHAPE_T_TEXT, .help = "单位名称" },
	{ .name = "rights", .type = SHAPE_T_LIST, .help = "权限" },
	{ .name = "by_code", .type = SHAPE_T_BOOL, .help = "接受时须填邀请码" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "org_invitation_states", .help = "状态" },
	{ .name = "expires_at", .type = SHAPE_T_INSTANT, .help = "有效期至" },
	SHAPE_END
};

static const struct shape closed_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "邀请" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "org_invitation_states", .help = "状态" },
	SHAPE_END
};

const struct route org_member_routes[] = {
	{ .name = "member_list", .method = METHOD_GET, .path = "/v1/identity/orgs/own/members",
	  .callers = ORG_PEOPLE, .scope = SCOPE_ORG, .action = "identity.member.list",
	  .query = INPUT(page_query, page_query_fields), .list = true, .reply = member_shape,
	  .stmt = &stmt_member_list, .lane = DB_SYSTEM, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON, .zh = "本单位经办人", .en = "Members of one's organisation" },
	{ .name = "member_rights_set", .method = METHOD_POST,
	  .path = "/v1/identity/orgs/own/members/{id}/rights",
	  .callers = ORG_PEOPLE, .scope = SCOPE_ORG, .action = "identity.member.rights",
	  .body = INPUT(rights_in, rights_in_fields), .reply = rights_shape, .success = 200,
	  .handler = rights_set, .emits = "identity.access.revoked.v1", .lane = DB_SYSTEM,
	  .limit = LIMIT_WRITE, .zh = "设定经办人权限", .en = "Set a member's rights" },
	{ .name = "member_remove", .method = METHOD_POST,
	  .path = "/v1/identity/orgs/own/members/{id}/remove",
	  .callers = ORG_PEOPLE, .scope = SCOPE_ORG, .action = "identity.member.remove",
	  .reply = gone_shape, .success = 200, .handler = member_remove,
	  .emits = "identity.access.revoked.v1", .lane = DB_SYSTEM, .limit = LIMIT_WRITE,
	  .zh = "撤销经办人", .en = "Remove a member" },
	{ .name = "member_leave", .method = METHOD_POST, .path = "/v1/identity/me/orgs/{id}/leave",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "identity.member.leave",
	  .reply = gone_shape, .success = 200, .handler = member_leave,
	  .emits = "identity.access.revoked.v1", .lane = DB_SYSTEM, .limit = LIMIT_WRITE,
	  .zh = "退出单位经办", .en = "Leave an organisation" },
	{ .name = "invitation_make", .method = METHOD_POST,
	  .path = "/v1/identity/orgs/own/invitations",
	  .callers = ORG_PEOPLE, .scope = SCOPE_ORG, .action = "identity.member.invite",
	  .body = INPUT(invite_in, invite_in_fields), .reply = invitation_shape,
	  .handler = invite, .lane = DB_SYSTEM, .limit = LIMIT_WRITE,
	  .zh = "邀请经办人", .en = "Invite a member" },
	{ .name = "invitation_list", .method = METHOD_GET,
	  .path = "/v1/identity/orgs/own/invitations",
	  .callers = ORG_PEOPLE, .scope = SCOPE_ORG, .action = "identity.invitation.list",
	  .query = INPUT(page_query, page_query_fields), .list = true, .reply = invitation_shape,
	  .stmt = &stmt_invitation_list, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON, .zh = "本单位发出的邀请", .en = "Invitations of one's organisation" },
	{ .name = "invitation_withdraw", .method = METHOD_POST,
	  .path = "/v1/identity/orgs/own/invitations/{id}/withdraw",
	  .callers = ORG_PEOPLE, .scope = SCOPE_ORG, .action = "identity.invitation.withdraw",
	  .reply = closed_shape, .success = 200, .handler = invitation_withdraw,
	  .lane = DB_SYSTEM, .limit = LIMIT_WRITE,
	  .zh = "撤回邀请", .en = "Withdraw an invitation" },
	{ .name = "invitation_own", .method = METHOD_GET, .path = "/v1/identity/me/invitations",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "identity.invitation.own",
	  .query = INPUT(page_query, page_query_fields), .list = true, .reply = invited_shape,
	  .stmt = &stmt_invitation_own, .lane = DB_SYSTEM, .limit = LIMIT_READ,
	  .zh = "我收到的经办邀请", .en = "Invitations to oneself" },
	{ .name = "invitation_accept", .method = METHOD_POST,
	  .path = "/v1/identity/me/invitations/{id}/accept",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "identity.invitation.accept",
	  .body = INPUT(accept_in, accept_in_fields), .reply = rights_shape,
	  .handler = invitation_accept, .lane = DB_SYSTEM, .limit = LIMIT_LOGIN,
	  .zh = "接受经办邀请", .en = "Accept an invitation" },
	{ .name = "invitation_decline", .method = METHOD_POST,
	  .path = "/v1/identity/me/invitations/{id}/decline",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "identity.invitation.decline",
	  .reply = closed_shape, .success = 200, .handler = invitation_decline,
	  .lane = DB_SYSTEM, .limit = LIMIT_WRITE,
	  .zh = "谢绝经办邀请", .en = "Decline an invitation" },
	ROUTE_END
};

int
member_manages(struct call *c, const char *rights)
{
	struct db_rows	rows;

	if (!c->principal->has_person)
		return (call_reject(c, ERR_NO_RIGHT, NULL));
	if (sql_member_may(c->db, &rows, &c->principal->org, &c->principal->person,
	    rights != NULL ? rights : "{}") == -1)
		return (call_failed(c));
	if (rows.count == 0 || !db_bool(&rows, 0, "manage") || !db_bool(&rows, 0, "covers"))
		return (call_reject(c, ERR_NO_RIGHT, NULL));
	return (0);
}

static const char *
rights_text(struct arena *a, const struct rights_in *r)
{
	const char	*text = arena_printf(a, "%s%s%s%s%s", r->post ? ",post" : "",
	    r->hire ? ",hire" : "", r->claim ? ",claim" : "", r->account ? ",account" : "",
	    r->manage ? ",manage" : "");

	return (arena_printf(a, "{%s}", *text != '\0' ? text + 1 : ""));
}

/* ---- members ---- */

static int
rights_set(struct call *c)
{
	const char	*rights = rights_text(c->arena, c->body);
	struct db_rows	 rows;
	int		 rc;

	if ((rc = member_manages(c, rights)) != 0)
		return (rc);
	if (sql_member_rights_set(c->db, &rows, &c->principal->org, &c->id, rights,
	    &c->principal->subject) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
member_remove(struct call *c)
{
	struct db_rows	rows;
	int		rc;

	if ((rc = member_manages(c, NULL)) != 0)
		return (rc);
	if (sql_member_end(c->db, &rows, &c->principal->org, &c->id,
	    &c->principal->subject, "removed") == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
member_leave(struct call *c)
{
	struct db_rows	rows;

	if (sql_member_end(c->db, &rows, &c->id, &c->principal->person,
	    &c->principal->subject, "left") == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

/* ---- invitations ---- */

static int
invite(struct call *c)
{
	const struct invite_in	*in = c->body;
	const char		*rights = rights_text(c->arena, &in->rights);
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;
	int			 rc;

	if ((rc = member_manages(c, rights)) != 0)
		return (rc);
	if ((in->phone == NULL) == uuid_is_nil(&in->person_id))
		return (call_reject(c, ERR_INVITED, "/phone"));
	if (in->phone != NULL)
		rc = invite_by_phone(c, in, &id, &rows);
	else
		rc = sql_invitation_make(c->db, &rows, &id, &c->principal->org, &in->person_id,
		    NULL, NULL, NULL, 0, rights, &c->principal->person, INVITE_S);
	if (rc > 0)
		return (rc);
	if (rc == -1 && c->db->error == DB_UNIQUE)
		return (call_reject(c, ERR_EXISTS, in->phone != NULL ? "/phone" : "/person_id"));
	if (rc == -1 && c->db->error == DB_FOREIGN)
		return (call_reject(c, ERR_REFERENCE, "/person_id"));
	if (rc == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

/* The same whether or not anybody has that phone. 0, -1, or the reply made. */
static int
invite_by_phone(struct call *c, const struct invite_in *in, const struct uuid *id,
    struct db_rows *rows)
{
	const char	*index = blind_index(c->arena, "phone", in->phone);
	struct db_rows	 org;
	uint8_t		 hash[HASH_BYTES];
	char		 code[CODE_TEXT];

	if (!text_can_send())
		return (call_reject(c, ERR_DOWN, NULL));
	if (sql_org_uscc(c->db, &org, &c->principal->org) == -1)
		return (-1);
	if (org.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	code_make(code);
	code_hash(c->arena, index, code, hash);
	if (text_send(c, in->phone, arena_printf(c->arena,
	    "【永就业365】%s邀请您为经办人，邀请码 %s，7 天内有效。请登录后在“我的邀请”中接受。",
	    db_text(&org, 0, "name"), code), INVITE_S) == -1)
		return (-1);
	return (sql_invitation_make(c->db, rows, id, &c->principal->org, NULL, index,
	    mask_phone(c->arena, in->phone), hash, sizeof(hash),
	    rights_text(c->arena, &in->rights), &c->principal->person, INVITE_S));
}

static int
invitation_withdraw(struct call *c)
{
	struct db_rows	rows;
	int		rc;

	if ((rc = member_manages(c, NULL)) != 0)
		return (rc);
	if (sql_invitation_close(c->db, &rows, &c->id, &c->principal->org, NULL,
	    "withdrawn") == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
invitation_decline(struct call *c)
{
	struct db_rows	rows;

	if (sql_invitation_close(c->db, &rows, &c->id, NULL, &c->principal->person,
	    "declined") == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

/* One who was invited by phone gives the code that came with it; a try counts. */
static int
invitation_accept(struct call *c)
{
	const struct accept_in	*in = c->body;
	struct db_rows		 rows, held;
	uint8_t			 hash[HASH_BYTES];
	bool			 good = true;

	if (sql_invitation_try(c->db, &rows, &c->id, &c->principal->person, CODE_TRIES) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (!db_null(&rows, 0, "code_hash")) {
		if (sql_person_held(c->db, &held, &c->principal->person) == -1)
			return (call_failed(c));
		code_hash(c->arena, db_text(&held, 0, "phone_index"),
		    in->code != NULL ? in->code : "", hash);
		good = strcmp(db_text(&rows, 0, "code_hash"),
		    arena_printf(c->arena, "\\x%s", hex_encode(c->arena, hash, sizeof(hash)))) == 0;
	}
	if (!good)
		return (db_commit(c->db) == -1 ? call_failed(c) :
		    call_reject(c, ERR_AUTH_CODE, "/code"));
	if (sql_invitation_accept(c->db, &rows, &c->id, &c->principal->person) == -1)
		return (c->db->error == DB_UNIQUE ? call_reject(c, ERR_EXISTS, NULL) :
		    call_failed(c));
	return (call_reply_row(c, 201, &rows));
}
