/*
 * objection.c -- anybody may object to a line of an open notice.
 *
 * Invariant: an open objection holds every claim of its line, because no
 * batch takes them; upheld, it ends them and frees their money in the same
 * transaction. Who objected is sealed.
 */
#include "subsidies.h"

#include "crypt/crypt.h"
#include "subsidies_sql.h"

struct objection_in {
	struct uuid	 line_id;
	const char	*content;
	const char	*contact;
};

struct resolve_in {
	const char	*decision;
	const char	*answer;
};

struct objection_query {
	const char	*state;
};

static int	objection_file(struct call *);
static int	objection_resolve(struct call *);

static const char *const decisions[] = { "dismissed", "upheld", NULL };
static const char *const states[] = { "open", "dismissed", "upheld", NULL };

static const struct field objection_in_fields[] = {
	FIELD_UUID(objection_in, line_id, REQUIRED, "公示条目"),
	FIELD_TEXT(objection_in, content, REQUIRED, 5, 1000, "异议内容"),
	FIELD_TEXT(objection_in, contact, OPTIONAL, 2, 100, "联系方式，加密保存"),
	FIELD_END
};

static const struct field resolve_in_fields[] = {
	FIELD_ENUM(resolve_in, decision, REQUIRED, decisions, "不成立、成立"),
	FIELD_TEXT(resolve_in, answer, REQUIRED, 2, 1000, "核查结论"),
	FIELD_END
};

static const struct field objection_query_fields[] = {
	FIELD_ENUM(objection_query, state, OPTIONAL, states, "状态"),
	FIELD_END
};

static const struct shape objection_filed_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "异议" },
	{ .name = "notice_line_id", .type = SHAPE_T_UUID, .help = "公示条目" },
	{ .name = "state", .type = SHAPE_T_TEXT, .help = "状态" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	SHAPE_END
};

static const struct shape objection_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "异议" },
	{ .name = "notice_line_id", .type = SHAPE_T_UUID, .help = "公示条目" },
	{ .name = "payee_name", .type = SHAPE_T_TEXT, .help = "收款人（个人脱敏）" },
	{ .name = "content", .type = SHAPE_T_TEXT, .help = "异议内容" },
	{ .name = "state", .type = SHAPE_T_TEXT, .help = "状态" },
	{ .name = "answer", .type = SHAPE_T_TEXT, .nullable = true, .help = "核查结论" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "filed_at", .type = SHAPE_T_INSTANT, .help = "提出时间" },
	{ .name = "resolved_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "办结时间" },
	SHAPE_END
};

static const struct shape objection_resolved_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "异议" },
	{ .name = "state", .type = SHAPE_T_TEXT, .help = "状态" },
	{ .name = "answer", .type = SHAPE_T_TEXT, .help = "核查结论" },
	SHAPE_END
};

const struct route objection_routes[] = {
	{ .name = "objection_file", .method = METHOD_POST,
	  .path = "/v1/subsidies/notices/{id}/objections",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "subsidies.objection.file",
	  .body = INPUT(objection_in, objection_in_fields), .reply = objection_filed_shape,
	  .handler = objection_file, .limit = LIMIT_WRITE,
	  .matter = "SU-02", .zh = "对公示提出异议", .en = "Object to a line of a notice" },
	{ .name = "objection_list", .method = METHOD_GET, .path = "/v1/subsidies/objections",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "subsidies.objection.list",
	  .query = INPUT(objection_query, objection_query_fields), .list = true,
	  .reply = objection_shape, .stmt = &stmt_objection_list, .limit = LIMIT_READ,
	  .zh = "辖区内的异议", .en = "List objections of the area" },
	{ .name = "objection_resolve", .method = METHOD_POST,
	  .path = "/v1/subsidies/objections/{id}/resolve",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "subsidies.objection.resolve",
	  .body = INPUT(resolve_in, resolve_in_fields), .reply = objection_resolved_shape,
	  .success = 200, .handler = objection_resolve, .emits = "subsidies.claim.moved.v1",
	  .limit = LIMIT_WRITE, .key = KEY_REQUIRED,
	  .zh = "答复异议", .en = "Resolve an objection" },
	ROUTE_END
};

static int
objection_file(struct call *c)
{
	const struct objection_in	*in = c->body;
	struct uuid			 id = uuid_new();
	struct db_rows			 rows;
	const char			*contact = NULL;

	if (in->contact != NULL)
		contact = field_seal(c->arena, "objection.contact", in->contact);
	if (sql_objection_file(c->db, &rows, &id, &c->id, &in->line_id, in->content,
	    contact) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

/* Upheld: the claims of the line are rejected, wherever they stand now. */
static int
objection_resolve(struct call *c)
{
	const struct resolve_in	*in = c->body;
	struct claim_move	 m = { .from = "{public,suspended}", .to = "rejected",
	    .step = "objection_upheld", .funds = "available", .note = in->answer };
	struct db_rows		 rows;
	int			 said;

	if (sql_objection_resolve(c->db, &rows, &c->id, in->decision, in->answer) == -1)
		return (objection_refused(c, &c->id));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	m.ids = db_text(&rows, 0, "ids");
	m.count = db_int(&rows, 0, "claims");
	if (m.count > 0 && !claims_move(c, &m, &said))
		return (said);
	return (call_reply_row(c, 200, &rows));
}
