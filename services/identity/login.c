/*
 * login.c -- sessions: what is open in one's own name and ending it, and an
 * administrator's hand on the sessions of officers of the area.
 *
 * Invariant: a session ends together with every access token made from it
 * (identity.revoke), and with the sessions opened from it.
 */
#include "identity.h"
#include "base/log.h"
#include "codes/codes.h"
#include "conf/conf.h"
#include "identity_sql.h"
#include "svc/svc.h"

#define SWEEP_MS	60000
#define CODES_KEEP_S	86400	/* a code shown again is still known, and ends its session */
#define KEEP_DAYS	30	/* an ended session stays for the trail */

struct session_query {
	struct page_in	 page;
};

struct officer_session_query {
	struct page_in	 page;
	struct uuid	 officer_id;
};

static int	session_list(struct call *);
static int	officer_session_list(struct call *);
static int	officer_session_end(struct call *);
static const char *areas_in_full(struct call *);
static void	login_sweep(void);

static const struct field session_query_fields[] = {
	{ .name = "limit", .type = FIELD_T_INT, .offset = offsetof(struct session_query, page.limit),
	  .min = 1, .max = 200, .help = "每页条数" },
	{ .name = "cursor", .type = FIELD_T_TEXT, .offset = offsetof(struct session_query, page.cursor),
	  .max = 500, .help = "分页游标" },
	FIELD_END
};

static const struct field officer_session_query_fields[] = {
	{ .name = "limit", .type = FIELD_T_INT,
	  .offset = offsetof(struct officer_session_query, page.limit),
	  .min = 1, .max = 200, .help = "每页条数" },
	{ .name = "cursor", .type = FIELD_T_TEXT,
	  .offset = offsetof(struct officer_session_query, page.cursor),
	  .max = 500, .help = "分页游标" },
	FIELD_UUID(officer_session_query, officer_id, OPTIONAL, "只看这名工作人员"),
	FIELD_END
};

static const struct shape session_shape[] = {
	{ .name = "session_id", .type = SHAPE_T_UUID, .help = "会话" },
	{ .name = "client_id", .type = SHAPE_T_TEXT, .help = "登录的客户端" },
	{ .name = "method", .type = SHAPE_T_TEXT, .codes = "session_methods", .help = "登录方式" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .nullable = true, .help = "代表的单位" },
	{ .name = "opened_at", .type = SHAPE_T_INSTANT, .help = "登录时间" },
	{ .name = "last_used_at", .type = SHAPE_T_INSTANT, .help = "最近使用时间" },
	{ .name = "ends_at", .type = SHAPE_T_INSTANT, .help = "最迟结束时间" },
	{ .name = "current", .type = SHAPE_T_BOOL, .help = "本次会话" },
	SHAPE_END
};

static const struct shape officer_session_shape[] = {
	{ .name = "session_id", .type = SHAPE_T_UUID, .help = "会话" },
	{ .name = "officer_id", .type = SHAPE_T_UUID, .help = "工作人员" },
	{ .name = "login", .type = SHAPE_T_TEXT, .help = "账号" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县级单位" },
	{ .name = "client_id", .type = SHAPE_T_TEXT, .help = "登录的客户端" },
	{ .name = "method", .type = SHAPE_T_TEXT, .codes = "session_methods", .help = "登录方式" },
	{ .name = "opened_at", .type = SHAPE_T_INSTANT, .help = "登录时间" },
	{ .name = "last_used_at", .type = SHAPE_T_INSTANT, .help = "最近使用时间" },
	{ .name = "ends_at", .type = SHAPE_T_INSTANT, .help = "最迟结束时间" },
	SHAPE_END
};

static const struct shape ended_shape[] = {
	{ .name = "ended", .type = SHAPE_T_INT, .help = "结束的会话数" },
	SHAPE_END
};

#define ADMINS		(ROLE_SYSTEM_ADMIN | ROLE_SECURITY_ADMIN | ROLE_AUDIT_ADMIN)
#define REVOKED		"identity.access.revoked.v1"

const struct route login_routes[] = {
	{ .name = "session_list", .method = METHOD_GET, .path = "/v1/identity/sessions",
	  .callers = ROLE_PERSON | ROLE_OFFICERS | ADMINS, .scope = SCOPE_CALLER,
	  .action = "identity.session.list",
	  .query = INPUT(session_query, session_query_fields), .list = true,
	  .reply = session_shape, .handler = session_list, .limit = LIMIT_READ,
	  .zh = "本人的会话", .en = "One's own sessions" },
	{ .name = "session_end", .method = METHOD_POST, .path = "/v1/identity/sessions/end",
	  .callers = ROLE_PERSON | ROLE_OFFICERS | ADMINS, .scope = SCOPE_CALLER,
	  .action = "identity.session.end", .reply = ended_shape, .success = 200,
	  .stmt = &stmt_session_end_own, .limit = LIMIT_WRITE, .key = KEY_NONE, .emits = REVOKED,
	  .zh = "退出全部会话", .en = "End all of one's sessions" },
	{ .name = "session_end_one", .method = METHOD_POST,
	  .path = "/v1/identity/sessions/{id}/end",
	  .callers = ROLE_PERSON | ROLE_OFFICERS | ADMINS, .scope = SCOPE_CALLER,
	  .action = "identity.session.end", .reply = ended_shape, .success = 200,
	  .stmt = &stmt_session_end_one, .limit = LIMIT_WRITE, .key = KEY_NONE, .emits = REVOKED,
	  .zh = "退出一个会话", .en = "End one of one's sessions" },
	{ .name = "officer_session_list", .method = METHOD_GET,
	  .path = "/v1/identity/officer-sessions",
	  .callers = ROLE_SYSTEM_ADMIN | ROLE_SECURITY_ADMIN, .scope = SCOPE_AREA,
	  .action = "identity.officer_session.list",
	  .query = INPUT(officer_session_query, officer_session_query_fields), .list = true,
	  .reply = officer_session_shape, .handler = officer_session_list,
	  .lane = DB_SYSTEM, .limit = LIMIT_READ,
	  .zh = "辖区工作人员在线会话", .en = "Open sessions of officers of one's area" },
	{ .name = "officer_session_end", .method = METHOD_POST,
	  .path = "/v1/identity/officer-sessions/{id}/end",
	  .callers = ROLE_SYSTEM_ADMIN | ROLE_SECURITY_ADMIN, .scope = SCOPE_AREA,
	  .action = "identity.officer_session.end", .reply = ended_shape, .success = 200,
	  .handler = officer_session_end, .lane = DB_SYSTEM, .limit = LIMIT_WRITE,
	  .key = KEY_NONE, .emits = REVOKED,
	  .zh = "强制工作人员下线", .en = "End an officer's session" },
	ROUTE_END
};

void
login_start(void)
{
	svc_every("login.sweep", SWEEP_MS, login_sweep);
}

static int
session_list(struct call *c)
{
	const struct session_query	*q = c->query;
	struct db_rows			 rows;

	if (sql_session_list(c->db, &rows, &c->principal->subject, &c->principal->session,
	    q->page.cursor, q->page.limit + 1) == -1)
		return (call_failed(c));
	return (call_reply_list(c, &rows, q->page.limit));
}

static int
officer_session_list(struct call *c)
{
	const struct officer_session_query	*q = c->query;
	struct db_rows				 rows;

	if (sql_officer_session_list(c->db, &rows, areas_in_full(c),
	    uuid_is_nil(&q->officer_id) ? NULL : &q->officer_id, q->page.cursor,
	    q->page.limit + 1) == -1)
		return (call_failed(c));
	return (call_reply_list(c, &rows, q->page.limit));
}

static int
officer_session_end(struct call *c)
{
	struct db_rows	rows;

	if (sql_officer_session_end(c->db, &rows, &c->id, areas_in_full(c)) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

/* The city's own officers belong to no county; only the city's administrators reach them. */
static const char *
areas_in_full(struct call *c)
{
	if (!call_in_area(c, AREA_CITY))
		return (call_areas(c));
	return (arena_printf(c->arena, "%s,%s", AREA_CITY, call_areas(c)));
}

static void
login_sweep(void)
{
	struct arena	a;
	struct db	db;

	arena_init(&a);
	db_init(&db, &a, DB_SYSTEM);
	if (sql_session_sweep(&db, NULL, conf_int(CONF_REFRESH_GRACE_S), KEEP_DAYS,
	    conf_int(CONF_PERSON_IDLE_S), conf_int(CONF_OFFICER_IDLE_S)) == -1 ||
	    sql_oauth_sweep(&db, NULL, CODES_KEEP_S) == -1 || db_commit(&db) == -1)
		log_warn("old sessions were not removed");
	arena_release(&a);
}
