/*
 * policy_draft.c -- how a policy comes to be: an approver of the city writes
 * it, sees what is wrong with it, changes or drops it; another publishes it.
 *
 * Invariant: what is published compiles, with codes of today's tables; two
 * people have seen it (policy_draft_four_eyes_check); a line of the budget may
 * pay it; it follows the version before.
 */
#include "subsidies.h"

#include "codes/codes.h"
#include "policy.h"
#include "subsidies_sql.h"

#define DOCUMENT_MAX	262144
#define PROBLEMS_MAX	16384

struct draft_in {
	const char	*document;
};

struct draft_publish_in {
	struct uuid	supersedes;
};

struct draft_query {
	const char	*state;
	const char	*code;
};

static int	 policy_draft_add(struct call *);
static int	 policy_draft_change(struct call *);
static int	 policy_draft_publish(struct call *);
static bool	 read_document(struct call *, const char **, int *);
static const char *problems_text(struct call *, const struct json_errors *);
static int	 draft_failed(struct call *);

static const char *const states[] = { "open", "published", "dropped", NULL };

static const struct field draft_fields[] = {
	FIELD_JSON(draft_in, document, REQUIRED, DOCUMENT_MAX, "政策全文"),
	FIELD_END
};
static const struct field publish_fields[] = {
	FIELD_UUID(draft_publish_in, supersedes, OPTIONAL, "取代的版本；执行期与上一版重叠时必填"),
	FIELD_END
};
static const struct field query_fields[] = {
	FIELD_ENUM(draft_query, state, OPTIONAL, states, "状态"),
	FIELD_TEXT(draft_query, code, OPTIONAL, 2, 16, "政策代码"),
	FIELD_END
};

static const struct shape problem_shape[] = {
	{ .name = "pointer", .type = SHAPE_T_TEXT, .help = "在政策全文中的位置（JSON Pointer）" },
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "错误代码" },
	{ .name = "message", .type = SHAPE_T_TEXT, .help = "说明" },
	SHAPE_END
};

#define DRAFT_ROWS \
	{ .name = "id", .type = SHAPE_T_UUID, .help = "草案" }, \
	{ .name = "code", .type = SHAPE_T_TEXT, .nullable = true, .help = "政策代码" }, \
	{ .name = "version", .type = SHAPE_T_JSON, .nullable = true, .help = "版本" }, \
	{ .name = "title", .type = SHAPE_T_TEXT, .nullable = true, .help = "名称" }, \
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "policy_draft_states", .help = "状态" }, \
	{ .name = "problems", .type = SHAPE_T_LIST, .of = problem_shape, .help = "尚存的问题，空为可以发布" }, \
	{ .name = "writers", .type = SHAPE_T_LIST, .help = "起草、修改人" }, \
	{ .name = "published_by", .type = SHAPE_T_UUID, .nullable = true, .help = "发布人" }, \
	{ .name = "version_id", .type = SHAPE_T_UUID, .nullable = true, .help = "发布后的版本标识" }, \
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "起草时间" }, \
	{ .name = "changed_at", .type = SHAPE_T_INSTANT, .help = "最近修改时间" }

static const struct shape draft_shape[] = { DRAFT_ROWS, SHAPE_END };

static const struct shape draft_full_shape[] = {
	DRAFT_ROWS,
	{ .name = "document", .type = SHAPE_T_JSON, .help = "政策全文" },
	SHAPE_END
};

static const struct shape published_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "版本标识" },
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "政策代码" },
	{ .name = "version", .type = SHAPE_T_INT, .help = "版本" },
	{ .name = "hash", .type = SHAPE_T_TEXT, .help = "文本的 SHA-256" },
	{ .name = "supersedes", .type = SHAPE_T_UUID, .nullable = true, .help = "取代的版本" },
	SHAPE_END
};

#define OF_CITY	.callers = ROLE_APPROVE, .scope = SCOPE_AREA

const struct route policy_draft_routes[] = {
	{ .name = "policy_draft_add", .method = METHOD_POST, .path = "/v1/subsidies/policy-drafts",
	  OF_CITY, .action = "subsidies.policy_draft.add", .body = INPUT(draft_in, draft_fields),
	  .reply = draft_shape, .handler = policy_draft_add, .limit = LIMIT_WRITE,
	  .zh = "起草政策版本（市级）", .en = "Draft a policy version (city)" },
	{ .name = "policy_draft_change", .method = METHOD_PUT,
	  .path = "/v1/subsidies/policy-drafts/{id}",
	  OF_CITY, .action = "subsidies.policy_draft.change", .body = INPUT(draft_in, draft_fields),
	  .reply = draft_shape, .handler = policy_draft_change, .limit = LIMIT_WRITE,
	  .zh = "修改政策草案", .en = "Change a draft" },
	{ .name = "policy_draft_drop", .method = METHOD_POST,
	  .path = "/v1/subsidies/policy-drafts/{id}/drop",
	  OF_CITY, .action = "subsidies.policy_draft.drop", .reply = draft_shape, .success = 200,
	  .stmt = &stmt_policy_draft_drop, .limit = LIMIT_WRITE,
	  .zh = "放弃政策草案", .en = "Drop a draft" },
	{ .name = "policy_draft_publish", .method = METHOD_POST,
	  .path = "/v1/subsidies/policy-drafts/{id}/publish",
	  OF_CITY, .action = "subsidies.policy_draft.publish",
	  .body = INPUT(draft_publish_in, publish_fields), .reply = published_shape,
	  .handler = policy_draft_publish, .limit = LIMIT_WRITE, .key = KEY_REQUIRED,
	  .zh = "发布政策版本（由起草人以外的审批人）", .en = "Publish a draft (another approver)" },
	{ .name = "policy_draft_list", .method = METHOD_GET, .path = "/v1/subsidies/policy-drafts",
	  OF_CITY, .action = "subsidies.policy_draft.list", .query = INPUT(draft_query, query_fields),
	  .list = true, .reply = draft_shape, .stmt = &stmt_policy_draft_list, .limit = LIMIT_READ,
	  .zh = "政策草案列表", .en = "List policy drafts" },
	{ .name = "policy_draft_get", .method = METHOD_GET,
	  .path = "/v1/subsidies/policy-drafts/{id}",
	  OF_CITY, .action = "subsidies.policy_draft.get", .reply = draft_full_shape,
	  .stmt = &stmt_policy_draft_get, .limit = LIMIT_READ,
	  .zh = "查看政策草案", .en = "Read a draft" },
	ROUTE_END
};

static int
policy_draft_add(struct call *c)
{
	const struct draft_in	*in = c->body;
	struct db_rows		 rows;
	const char		*problems;
	int			 said;

	if (!read_document(c, &problems, &said))
		return (said);
	if (sql_policy_draft_add(c->db, &rows, in->document, problems) == -1)
		return (draft_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
policy_draft_change(struct call *c)
{
	const struct draft_in	*in = c->body;
	struct db_rows		 rows;
	const char		*problems;
	int			 said;

	if (!read_document(c, &problems, &said))
		return (said);
	if (sql_policy_draft_change(c->db, &rows, &c->id, in->document, problems) == -1)
		return (draft_failed(c));
	return (call_reply_row(c, 200, &rows));
}

/* A draft may be unfinished; it is saved with what is wrong. */
static bool
read_document(struct call *c, const char **problems, int *said)
{
	const struct draft_in	*in = c->body;
	struct json_errors	 errors = { .count = 0 };
	const struct json	*doc;

	if (!principal_has(c->principal, ROLE_APPROVE, AREA_CITY)) {
		*said = call_reject(c, ERR_AREA, NULL);
		return (false);
	}
	doc = json_parse(c->arena, in->document, strlen(in->document));
	if (doc == NULL || !json_is_object(doc)) {
		*said = call_reject(c, ERR_F_TYPE, "/document");
		return (false);
	}
	(void)policy_check(c->arena, in->document, strlen(in->document), &errors);
	*problems = problems_text(c, &errors);
	return (true);
}

static const char *
problems_text(struct call *c, const struct json_errors *errors)
{
	const struct error_row	*row;
	struct json_out		 out;
	struct buf		 buf;
	const char		*text;
	size_t			 i;

	buf_init(&buf, PROBLEMS_MAX);
	json_out_init(&out, &buf);
	json_open_list(&out, NULL);
	for (i = 0; i < errors->count; i++) {
		row = error_row((enum error_code)errors->list[i].code);
		json_open(&out, NULL);
		json_put_text(&out, "pointer", errors->list[i].pointer);
		json_put_text(&out, "code", row->code);
		json_put_text(&out, "message", c->english ? row->en : row->zh);
		json_close(&out);
	}
	json_close_list(&out);
	text = arena_strdup(c->arena, buf_ok(&buf) ? buf_cstr(&buf) : "[]");
	buf_release(&buf);
	return (text);
}

static int
policy_draft_publish(struct call *c)
{
	const struct draft_publish_in	*in = c->body;
	struct json_errors		 errors = { .count = 0 };
	struct db_rows			 rows;
	const char			*text;

	if (!principal_has(c->principal, ROLE_APPROVE, AREA_CITY))
		return (call_reject(c, ERR_AREA, NULL));
	if (sql_policy_draft_take(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	if (strcmp(db_text(&rows, 0, "state"), "open") != 0)
		return (call_reject(c, ERR_STATE, NULL));
	if (db_bool(&rows, 0, "mine"))
		return (call_reject(c, ERR_POLICY_PERSON, NULL));
	text = db_text(&rows, 0, "document");
	if (policy_check(c->arena, text, strlen(text), &errors) == NULL)
		return (call_reject_fields(c, &errors));
	if (db_text(&rows, 0, "fund") != NULL && !db_bool(&rows, 0, "funded"))
		return (call_reject_detail(c, ERR_POLICY_UNFUNDED, "/fund_source",
		    arena_printf(c->arena, "%s（%s）", db_text(&rows, 0, "code"),
		    db_text(&rows, 0, "fund"))));
	if (sql_policy_draft_publish(c->db, &rows, &c->id,
	    uuid_is_nil(&in->supersedes) ? NULL : &in->supersedes) == -1)
		return (draft_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
draft_failed(struct call *c)
{
	if (c->db->error == DB_CHECK && c->db->constraint != NULL &&
	    strcmp(c->db->constraint, "policy_draft_four_eyes_check") == 0)
		return (call_reject(c, ERR_POLICY_PERSON, NULL));
	if (c->db->error == DB_UNIQUE)
		return (call_reject(c, ERR_POLICY_FOLLOWS, "/version"));
	return (call_failed(c));
}
