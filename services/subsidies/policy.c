/*
 * policy.c -- policies as published, read by everybody: the list with its
 * filters, a version, what was in force on a day.
 *
 * Invariant: a published version never changes; a correction is a new one
 * (policy_draft.c).
 */
#include "subsidies.h"

#include "codes/codes.h"
#include "policy.h"
#include "policy_fields.h"
#include "subsidies_sql.h"

struct policy_query {
	const char	*code;
	int32_t		 on;
	const char	*beneficiary;
	const char	*mode;
	const char	*subject;
};

struct in_force_query {
	int32_t	on;
};

static const struct field policy_query_fields[] = {
	FIELD_TEXT(policy_query, code, OPTIONAL, 2, 16, "政策代码"),
	FIELD_DAY(policy_query, on, OPTIONAL, "这一天执行的版本，每项政策一个"),
	FIELD_ENUM(policy_query, beneficiary, OPTIONAL, policy_beneficiaries, "受益人"),
	FIELD_ENUM(policy_query, mode, OPTIONAL, policy_modes, "办理方式"),
	FIELD_ENUM(policy_query, subject, OPTIONAL, policy_subjects, "判断对象"),
	FIELD_END
};

static const struct field in_force_fields[] = {
	FIELD_DAY(in_force_query, on, OPTIONAL, "哪一天，默认今天"),
	FIELD_END
};

#define POLICY_ROWS \
	{ .name = "id", .type = SHAPE_T_UUID, .help = "版本标识" }, \
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "政策代码" }, \
	{ .name = "version", .type = SHAPE_T_INT, .help = "版本" }, \
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "名称" }, \
	{ .name = "legal_basis", .type = SHAPE_T_LIST, .help = "依据" }, \
	{ .name = "subject", .type = SHAPE_T_TEXT, .help = "判断对象" }, \
	{ .name = "beneficiary", .type = SHAPE_T_TEXT, .help = "受益人" }, \
	{ .name = "mode", .type = SHAPE_T_TEXT, .codes = "policy_modes", .help = "办理方式" }, \
	{ .name = "period", .type = SHAPE_T_TEXT, .help = "一次、按月、按季或按年" }, \
	{ .name = "effective_from", .type = SHAPE_T_DAY, .help = "执行期起" }, \
	{ .name = "effective_to", .type = SHAPE_T_DAY, .nullable = true, .help = "执行期止，空为长期" }, \
	{ .name = "fund_source", .type = SHAPE_T_TEXT, .codes = "fund_sources", .help = "资金来源" }, \
	{ .name = "amount", .type = SHAPE_T_JSON, .nullable = true, .help = "标准" }, \
	{ .name = "amount_set", .type = SHAPE_T_BOOL, .help = "标准已设定" }, \
	{ .name = "amount_text", .type = SHAPE_T_TEXT, .help = "标准：未设定、若干元或按规则计算" }, \
	{ .name = "supersedes", .type = SHAPE_T_UUID, .nullable = true, .help = "取代的版本" }, \
	{ .name = "hash", .type = SHAPE_T_TEXT, .help = "文本的 SHA-256" }

static const struct shape policy_shape[] = { POLICY_ROWS, SHAPE_END };

static const struct shape policy_document_shape[] = {
	POLICY_ROWS,
	{ .name = "published_by", .type = SHAPE_T_UUID, .nullable = true, .help = "发布人，空为随系统发布" },
	{ .name = "published_at", .type = SHAPE_T_INSTANT, .help = "发布时间" },
	{ .name = "document", .type = SHAPE_T_JSON, .help = "政策全文" },
	SHAPE_END
};

const struct route policy_routes[] = {
	{ .name = "policy_list", .method = METHOD_GET, .path = "/v1/subsidies/policies",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "subsidies.policy.list",
	  .query = INPUT(policy_query, policy_query_fields), .list = true, .reply = policy_shape,
	  .stmt = &stmt_policy_list, .limit = LIMIT_READ,
	  .zh = "补贴政策及其版本", .en = "List subsidy policies and their versions" },
	{ .name = "policy_get", .method = METHOD_GET, .path = "/v1/subsidies/policies/{id}",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "subsidies.policy.get",
	  .reply = policy_document_shape, .stmt = &stmt_policy_get, .limit = LIMIT_READ,
	  .zh = "查看政策全文和规则", .en = "Read a policy version with its rules" },
	{ .name = "policy_in_force", .method = METHOD_GET,
	  .path = "/v1/subsidies/policies/in-force/{policy_code}",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "subsidies.policy.in_force",
	  .query = INPUT(in_force_query, in_force_fields), .reply = policy_document_shape,
	  .stmt = &stmt_policy_in_force, .limit = LIMIT_READ,
	  .zh = "查看政策在某一天执行的版本", .en = "Read the version of a policy in force on a day" },
	ROUTE_END
};
