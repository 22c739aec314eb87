/*
 * policy.c -- policies read by everybody, published by the city's approvers.
 *
 * Invariant: a document is published only if its rules compile; once
 * published it never changes, a correction is a new version.
 */
#include "subsidies.h"

#include "codes/codes.h"
#include "policy.h"
#include "policy_fields.h"
#include "subsidies_sql.h"

static int	policy_publish_handler(struct call *);

static const struct shape policy_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "版本标识" },
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "政策代码" },
	{ .name = "version", .type = SHAPE_T_INT, .help = "版本" },
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "名称" },
	{ .name = "legal_basis", .type = SHAPE_T_LIST, .help = "依据" },
	{ .name = "beneficiary", .type = SHAPE_T_TEXT, .help = "受益人" },
	{ .name = "effective_from", .type = SHAPE_T_DAY, .help = "执行期起" },
	{ .name = "effective_to", .type = SHAPE_T_DAY, .help = "执行期止" },
	{ .name = "amount", .type = SHAPE_T_JSON, .help = "标准" },
	{ .name = "hash", .type = SHAPE_T_TEXT, .help = "文本的 SHA-256" },
	SHAPE_END
};

static const struct shape policy_document_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "版本标识" },
	{ .name = "hash", .type = SHAPE_T_TEXT, .help = "文本的 SHA-256" },
	{ .name = "published_by", .type = SHAPE_T_UUID, .nullable = true, .help = "发布人" },
	{ .name = "published_at", .type = SHAPE_T_INSTANT, .help = "发布时间" },
	{ .name = "document", .type = SHAPE_T_JSON, .help = "政策全文" },
	SHAPE_END
};

static const struct shape policy_published_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "版本标识" },
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "政策代码" },
	{ .name = "version", .type = SHAPE_T_INT, .help = "版本" },
	{ .name = "hash", .type = SHAPE_T_TEXT, .help = "文本的 SHA-256" },
	SHAPE_END
};

const struct route policy_routes[] = {
	{ .name = "policy_list", .method = METHOD_GET, .path = "/v1/subsidies/policies",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "subsidies.policy.list",
	  .list = true, .reply = policy_shape, .stmt = &stmt_policy_list, .limit = LIMIT_READ,
	  .zh = "补贴政策及其版本", .en = "List subsidy policies and their versions" },
	{ .name = "policy_get", .method = METHOD_GET, .path = "/v1/subsidies/policies/{id}",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "subsidies.policy.get",
	  .reply = policy_document_shape, .stmt = &stmt_policy_get, .limit = LIMIT_READ,
	  .zh = "查看政策全文和规则", .en = "Read a policy version with its rules" },
	{ .name = "policy_publish", .method = METHOD_POST, .path = "/v1/subsidies/policies",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "subsidies.policy.publish",
	  .body = { .fields = policy_fields, .size = sizeof(struct policy_in) },
	  .reply = policy_published_shape, .handler = policy_publish_handler,
	  .limit = LIMIT_WRITE, .key = KEY_REQUIRED,
	  .zh = "发布政策版本（市级）", .en = "Publish a policy version (city)" },
	ROUTE_END
};

static int
policy_publish_handler(struct call *c)
{
	struct json_errors	errors = { .count = 0 };
	struct db_rows		rows;

	if (!principal_has(c->principal, ROLE_APPROVE, AREA_CITY))
		return (call_reject(c, ERR_AREA, NULL));
	if (policy_compile(c->arena, c->raw.p, c->raw.len, &errors) == NULL)
		return (call_reject_fields(c, &errors));
	if (sql_policy_publish(c->db, &rows, arena_strndup(c->arena, c->raw.p, c->raw.len)) == -1) {
		if (c->db->error == DB_UNIQUE)
			return (call_reject(c, ERR_EXISTS, "/version"));
		if (c->db->error == DB_FOREIGN)
			return (call_reject(c, ERR_F_CHOICE, "/fund_source"));
		return (call_failed(c));
	}
	return (call_reply_row(c, 201, &rows));
}
