/*
 * introspect.c -- what was taken back, for the other programs: the list, for
 * who missed a message, and single tokens, for who cannot hear any.
 *
 * Invariant: a list that says `head` leaves out nothing that was revoked
 * before identity's log ended there. Both routes are for services only.
 */
#include "identity.h"
#include "base/log.h"
#include "identity_sql.h"

#define PAGE		1000
#define TOKENS_MAX	200

struct revocation_list_in {
	int64_t	after;		/* seq of identity's log; 0: all that still matters */
	int64_t	row;		/* of the whole list: the last one read */
};

struct token_in {
	struct uuid	id, session, subject, actor;
	int64_t		issued_us;
};

struct introspect_in {
	struct list_of	tokens;
};

static int	revocation_list(struct call *);
static int	token_introspect(struct call *);

static const struct field revocation_list_fields[] = {
	FIELD_INT(revocation_list_in, after, OPTIONAL, 0, INT64_MAX, "已知到的事件序号"),
	FIELD_INT(revocation_list_in, row, OPTIONAL, 0, INT64_MAX, "全表续读位置"),
	FIELD_END
};

static const struct field token_in_fields[] = {
	FIELD_UUID(token_in, id, REQUIRED, "令牌编号（jti）"),
	FIELD_UUID(token_in, session, OPTIONAL, "会话（sid）"),
	FIELD_UUID(token_in, subject, REQUIRED, "主体（sub）"),
	FIELD_UUID(token_in, actor, OPTIONAL, "经办人（act.sub）"),
	{ .name = "issued_at", .type = FIELD_T_INSTANT, .required = REQUIRED,
	  .offset = offsetof(struct token_in, issued_us), .help = "签发时间" },
	FIELD_END
};

static const struct field introspect_in_fields[] = {
	FIELD_LIST(introspect_in, tokens, REQUIRED, 1, TOKENS_MAX, token_in, token_in_fields,
	    "要查的令牌"),
	FIELD_END
};

static const struct shape revoked_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "令牌、会话或主体" },
	{ .name = "until_at", .type = SHAPE_T_INSTANT, .help = "此前签发的令牌失效" },
	SHAPE_END
};

static const struct shape revocation_list_shape[] = {
	{ .name = "head", .type = SHAPE_T_INT, .help = "事件日志末尾序号" },
	{ .name = "row", .type = SHAPE_T_INT, .nullable = true, .help = "全表续读位置" },
	{ .name = "more", .type = SHAPE_T_BOOL, .help = "还有后续" },
	{ .name = "items", .type = SHAPE_T_LIST, .of = revoked_shape, .help = "撤销记录" },
	SHAPE_END
};

static const struct shape introspect_shape[] = {
	{ .name = "dead", .type = SHAPE_T_LIST, .help = "已失效的令牌编号" },
	SHAPE_END
};

const struct route introspect_routes[] = {
	{ .name = "revocation_list", .method = METHOD_GET, .path = "/internal/revocations",
	  .callers = ROLE_SERVICE, .scope = SCOPE_INTERNAL, .action = "identity.revocation.list",
	  .query = INPUT(revocation_list_in, revocation_list_fields),
	  .reply = revocation_list_shape, .handler = revocation_list,
	  .zh = "读取撤销清单", .en = "Read what was taken back" },
	{ .name = "token_introspect", .method = METHOD_POST, .path = "/internal/introspect",
	  .callers = ROLE_SERVICE, .scope = SCOPE_INTERNAL, .action = "identity.token.introspect",
	  .body = INPUT(introspect_in, introspect_in_fields), .success = 200,
	  .reply = introspect_shape, .handler = token_introspect, .key = KEY_NONE,
	  .zh = "查询令牌是否失效", .en = "Ask which tokens are dead" },
	ROUTE_END
};

static int
revocation_list(struct call *c)
{
	const struct revocation_list_in	*in = c->query;
	struct db_rows			 rows;
	int				 rc;

	rc = in->after == 0 ? sql_revocation_all(c->db, &rows, in->row, PAGE) :
	    sql_revocation_after(c->db, &rows, in->after, PAGE);
	return (rc == -1 ? call_failed(c) : call_reply_row(c, 200, &rows));
}

/* The body was decoded, so it is sound; the statement reads it as it came. */
static int
token_introspect(struct call *c)
{
	struct db_rows	rows;

	if (sql_token_introspect(c->db, &rows, arena_strndup(c->arena, c->raw.p, c->raw.len)) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

void
revocation_sweep(void)
{
	struct arena	a;
	struct db	db;

	arena_init(&a);
	db_init(&db, &a, DB_SYSTEM);
	if (sql_revocation_sweep(&db, NULL) == -1 || db_commit(&db) == -1)
		log_warn("old revocations were not removed");
	arena_release(&a);
}
