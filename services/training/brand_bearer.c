/*
 * brand_bearer.c -- 承载单位、领军企业、带头人: who bears a brand, each by its own
 * word.
 *
 * Invariant: only whom it is about confirms; of a person nothing is public but
 * the name they gave for it, and that goes when they stop. The SQL is in
 * sql/training/queries/brand_bearer.sql.
 */
#include "brand.h"
#include "training_sql.h"

struct bearer_in {
	const char	*kind;
	struct uuid	 org_id, person_id;
};

struct answer_in {
	bool		 accept;
	const char	*shown_name;
};

struct end_in {
	const char	*note;
};

struct bearer_query {
	struct uuid	 brand_id;
	const char	*state;
};

static const char *const kinds[] = { "association", "leading_firm", "institution", "leader", NULL };
static const char *const states[] = { "named", "confirmed", "declined", "ended", NULL };

static const struct field bearer_fields[] = {
	FIELD_ENUM(bearer_in, kind, REQUIRED, kinds, "种类"),
	FIELD_UUID(bearer_in, org_id, OPTIONAL, "单位；带头人以外必填"),
	FIELD_UUID(bearer_in, person_id, OPTIONAL, "带头人本人"),
	FIELD_END
};
static const struct field answer_fields[] = {
	FIELD_BOOL(answer_in, accept, REQUIRED, "同意承载"),
	FIELD_TEXT(answer_in, shown_name, OPTIONAL, 1, 30, "带头人同意公开的称呼；不填则不公开"),
	FIELD_END
};
static const struct field end_fields[] = {
	FIELD_TEXT(end_in, note, REQUIRED, 2, 300, "原因"),
	FIELD_END
};
static const struct field bearer_query_fields[] = {
	FIELD_UUID(bearer_query, brand_id, OPTIONAL, "劳务品牌"),
	FIELD_ENUM(bearer_query, state, OPTIONAL, states, "状态"),
	FIELD_END
};

static const struct shape bearer_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "承载关系" },
	{ .name = "brand_id", .type = SHAPE_T_UUID, .help = "劳务品牌" },
	{ .name = "brand_name", .type = SHAPE_T_TEXT, .nullable = true, .help = "品牌名称" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .codes = "brand_bearer_kinds", .help = "种类" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .nullable = true, .help = "单位" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .nullable = true, .help = "带头人" },
	{ .name = "shown_name", .type = SHAPE_T_TEXT, .nullable = true, .help = "公开的名称或称呼" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "brand_bearer_states", .help = "状态" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "原因" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "提名时间" },
	SHAPE_END
};

const struct route brand_bearer_routes[] = {
	{ .name = "brand_bearer_name", .method = METHOD_POST, .path = "/v1/training/brands/{id}/bearers",
	  .callers = ROLE_BEARERS | ROLE_KEEPERS, .scope = SCOPE_CALLER, .right = RIGHT_POST,
	  .action = "training.brand.bearer_name", .body = INPUT(bearer_in, bearer_fields),
	  .reply = bearer_shape, .stmt = &stmt_brand_bearer_name, .limit = LIMIT_WRITE,
	  .zh = "提名承载单位或带头人", .en = "Name a bearer, who is asked" },
	{ .name = "brand_bearer_answer", .method = METHOD_POST, .path = "/v1/training/brand-bearers/{id}/answer",
	  .callers = ROLE_PERSON | ROLE_BEARERS, .scope = SCOPE_CALLER, .right = RIGHT_POST,
	  .action = "training.brand.bearer_answer", .body = INPUT(answer_in, answer_fields),
	  .reply = bearer_shape, .success = 200, .stmt = &stmt_brand_bearer_answer, .limit = LIMIT_WRITE,
	  .zh = "确认或谢绝承载", .en = "Confirm or decline to bear a brand" },
	{ .name = "brand_bearer_end", .method = METHOD_POST, .path = "/v1/training/brand-bearers/{id}/end",
	  .callers = ROLE_PERSON | ROLE_BEARERS | ROLE_KEEPERS, .scope = SCOPE_CALLER, .right = RIGHT_POST,
	  .action = "training.brand.bearer_end", .body = INPUT(end_in, end_fields), .reply = bearer_shape,
	  .success = 200, .stmt = &stmt_brand_bearer_end, .limit = LIMIT_WRITE,
	  .zh = "结束承载", .en = "End a bearing" },
	{ .name = "brand_bearer_list", .method = METHOD_GET, .path = "/v1/training/brand-bearers",
	  .callers = ROLE_PERSON | ROLE_BEARERS | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "training.brand.bearer_list", .query = INPUT(bearer_query, bearer_query_fields),
	  .list = true, .reply = bearer_shape, .stmt = &stmt_brand_bearer_list, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON, .zh = "承载单位和带头人", .en = "List the caller's bearings, or the area's" },
	ROUTE_END
};
