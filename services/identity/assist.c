/*
 * assist.c -- a clerk acts for a person who is present at the outlet. The
 * token is the person's (`sub`, `person`) and names the clerk (`act.sub`), so
 * every service keeps the one as whose and the other as by whom.
 *
 * Invariant: there is no such session without an outlet, without the person
 * having proved to be there (a code sent to their phone, or their card and a
 * reason), outside the clerk's area and the outlet's town, longer than a
 * quarter of an hour, or unknown to the person.
 */
#include "codes/codes.h"
#include "crypt/crypt.h"
#include "identity_sql.h"
#include "person.h"
#include "text.h"

#define ASSIST_S	900
#define TOWN_DIGITS	9

struct assist_in {
	const char	*id_number;
	const char	*code;
	const char	*card_name;
	int32_t		 card_valid_on;
	const char	*reason;
	struct uuid	 org_id;
};

static int	assist_open(struct call *);
static bool	within_reach(struct call *, const char *, const char *);
static int	proof_check(struct call *, const struct assist_in *, const struct db_rows *);
static int	assist_reply(struct call *, const struct principal *, const char *);
static int	assist_end(struct call *);

static const struct field assist_in_fields[] = {
	FIELD_CHECK(assist_in, id_number, REQUIRED, check_id_number, "办事人公民身份号码"),
	FIELD_TEXT(assist_in, code, OPTIONAL, 6, 6, "发到办事人手机的验证码"),
	FIELD_TEXT(assist_in, card_name, OPTIONAL, 2, 50, "证件上的姓名（无验证码时）"),
	FIELD_DAY(assist_in, card_valid_on, OPTIONAL, "证件有效期至（无验证码时）"),
	FIELD_TEXT(assist_in, reason, OPTIONAL, 2, 200, "不用验证码的理由"),
	FIELD_UUID(assist_in, org_id, OPTIONAL, "办事人代表的单位"),
	FIELD_END
};

static const struct shape assist_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "帮办会话" },
	{ .name = "access_token", .type = SHAPE_T_TEXT, .help = "访问令牌（JWT）" },
	{ .name = "token_type", .type = SHAPE_T_TEXT, .help = "Bearer" },
	{ .name = "expires_in", .type = SHAPE_T_INT, .help = "有效秒数" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "办事人" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .nullable = true, .help = "代表的单位" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（脱敏）" },
	SHAPE_END
};

static const struct shape kept_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "帮办会话" },
	{ .name = "outlet_id", .type = SHAPE_T_UUID, .help = "网点" },
	{ .name = "outlet_name", .type = SHAPE_T_TEXT, .help = "网点名称" },
	{ .name = "clerk_id", .type = SHAPE_T_UUID, .help = "受理人员" },
	{ .name = "clerk_name", .type = SHAPE_T_TEXT, .help = "受理人员姓名" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "办事人" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .nullable = true, .help = "代表的单位" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（脱敏）" },
	{ .name = "method", .type = SHAPE_T_TEXT, .help = "核验方式" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .nullable = true, .help = "理由" },
	{ .name = "from_at", .type = SHAPE_T_INSTANT, .help = "起" },
	{ .name = "until_at", .type = SHAPE_T_INSTANT, .help = "有效期至" },
	{ .name = "ended_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "结束于" },
	SHAPE_END
};

static const struct shape assist_ended_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "帮办会话" },
	{ .name = "ended_at", .type = SHAPE_T_INSTANT, .help = "结束于" },
	SHAPE_END
};

const struct route assist_routes[] = {
	{ .name = "assist_open", .method = METHOD_POST, .path = "/v1/identity/assist-sessions",
	  .callers = ROLE_CLERK, .scope = SCOPE_AREA, .action = "identity.assist.open",
	  .body = INPUT(assist_in, assist_in_fields), .reply = assist_shape,
	  .handler = assist_open, .lane = DB_SYSTEM, .limit = LIMIT_WRITE, .key = KEY_NONE,
	  .zh = "窗口帮办：为在场人员办理", .en = "Act for a person who is present" },
	{ .name = "assist_end", .method = METHOD_POST, .path = "/v1/identity/assist-sessions/{id}/end",
	  .callers = ROLE_CLERK | ROLE_PERSON, .scope = SCOPE_CALLER,
	  .action = "identity.assist.end", .reply = assist_ended_shape, .success = 200,
	  .handler = assist_end, .emits = "identity.access.revoked.v1", .lane = DB_SYSTEM,
	  .limit = LIMIT_WRITE,
	  .zh = "结束帮办", .en = "End an assisted session" },
	{ .name = "assist_list", .method = METHOD_GET, .path = "/v1/identity/assist-sessions",
	  .callers = ROLE_CLERK, .scope = SCOPE_OUTLET, .action = "identity.assist.list",
	  .query = INPUT(page_query, page_query_fields), .list = true, .reply = kept_shape,
	  .stmt = &stmt_assist_list, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON, .zh = "本网点帮办记录", .en = "Assisted sessions of one's outlet" },
	{ .name = "assist_own", .method = METHOD_GET, .path = "/v1/identity/me/assist-sessions",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "identity.assist.own",
	  .query = INPUT(page_query, page_query_fields), .list = true, .reply = kept_shape,
	  .stmt = &stmt_assist_own, .limit = LIMIT_READ,
	  .zh = "谁为我办理过", .en = "Who acted for me" },
	ROUTE_END
};

static int
assist_open(struct call *c)
{
	const struct assist_in	*in = c->body;
	struct principal	 who;
	struct db_rows		 outlet, person;
	struct uuid		 id;
	int			 rc;

	if (sql_outlet_of_officer(c->db, &outlet, &c->principal->subject) == -1 ||
	    sql_person_by_number(c->db, &person, id_index_of(c->arena, in->id_number)) == -1)
		return (call_failed(c));
	if (!c->principal->has_outlet || outlet.count == 0)
		return (call_reject(c, ERR_NO_OUTLET, NULL));
	if (person.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, "/id_number"));
	if (!within_reach(c, db_text(&person, 0, "area_code"), db_text(&outlet, 0, "area_code")))
		return (call_reject(c, ERR_AREA, "/id_number"));
	if ((rc = proof_check(c, in, &person)) != 0)
		return (rc);
	id = db_uuid(&person, 0, "id");
	if (principal_of_person(c, &id, uuid_is_nil(&in->org_id) ? NULL : &in->org_id, &who) == -1)
		return (call_failed(c));
	if (!uuid_is_nil(&in->org_id) && !who.has_org)
		return (call_reject(c, ERR_NOT_MEMBER, "/org_id"));
	who.session = uuid_new();
	who.has_actor = who.has_outlet = true;
	who.actor = c->principal->subject;
	who.outlet = db_uuid(&outlet, 0, "id");
	if (sql_assist_open(c->db, NULL, &who.session, &who.outlet, &who.actor, &id,
	    who.has_org ? &who.org : NULL, in->code != NULL ? "code" : "card",
	    in->code != NULL ? DAY_NONE : in->card_valid_on, in->reason,
	    db_text(&person, 0, "name_masked"), db_text(&outlet, 0, "name"),
	    db_text(&outlet, 0, "clerk_name"), db_text(&person, 0, "county_code"),
	    db_text(&person, 0, "area_code"), ASSIST_S) == -1)
		return (call_failed(c));
	return (assist_reply(c, &who, db_text(&person, 0, "name_masked")));
}

/* The clerk's own area, or the town the outlet stands in. */
static bool
within_reach(struct call *c, const char *home, const char *outlet)
{
	char	town[TOWN_DIGITS + 1];

	if (call_in_area(c, home))
		return (true);
	if (strlen(outlet) < TOWN_DIGITS)
		return (false);
	(void)snprintf(town, sizeof(town), "%s", outlet);
	return (area_within(home, town));
}

/* 0: the person is there; otherwise the reply. */
static int
proof_check(struct call *c, const struct assist_in *in, const struct db_rows *person)
{
	struct card	card = { in->card_name, in->card_valid_on, in->reason };
	int		good;

	if (in->code != NULL) {
		if (db_null(person, 0, "phone_index"))
			return (call_reject(c, ERR_NO_PHONE, "/code"));
		if ((good = code_check_index(c, db_text(person, 0, "phone_index"), in->code,
		    CODE_ASSIST)) == -1)
			return (call_failed(c));
		return (good ? 0 : call_reject(c, ERR_AUTH_CODE, "/code"));
	}
	if (in->card_name == NULL || in->card_valid_on == DAY_NONE || in->reason == NULL)
		return (call_reject(c, ERR_PROOF, "/code"));
	if (!db_bool(person, 0, "assist_by_card"))
		return (call_reject(c, ERR_ASSIST_CODE_ONLY, "/code"));
	return (card_check(c, &card, db_text(person, 0, "name_sealed")));
}

static int
assist_reply(struct call *c, const struct principal *who, const char *name)
{
	struct mint	 mint = { .who = who, .ttl_s = ASSIST_S };
	const char	*access = mint_access(c->arena, &mint);
	struct json_out	 out;
	struct buf	 b;
	char		*json;

	if (access == NULL)
		return (call_reject(c, ERR_INTERNAL, NULL));
	buf_init(&b, 16384);
	json_out_init(&out, &b);
	json_open(&out, NULL);
	json_put_uuid(&out, "id", &who->session);
	json_put_text(&out, "access_token", access);
	json_put_text(&out, "token_type", "Bearer");
	json_put_int(&out, "expires_in", ASSIST_S);
	json_put_uuid(&out, "person_id", &who->person);
	if (who->has_org)
		json_put_uuid(&out, "org_id", &who->org);
	json_put_text(&out, "name_masked", name);
	json_close(&out);
	json = arena_strdup(c->arena, buf_cstr(&b));
	buf_release(&b);
	call_header(c, "Cache-Control", "no-store");
	return (call_reply(c, 201, json));
}

static int
assist_end(struct call *c)
{
	const struct principal	*p = c->principal;
	struct db_rows		 rows;

	if (sql_assist_end(c->db, &rows, &c->id, &p->subject,
	    p->has_person ? &p->person : NULL) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}
