/*
 * brand_version.c -- what a recognised brand says of itself changes by a
 * version that a bearer or an officer proposes and another officer checks.
 *
 * Invariant: one version at a time waits; a judged one never changes. The SQL
 * is in sql/training/queries/brand_version.sql.
 */
#include "brand.h"
#include "training_sql.h"

struct version_query {
	struct uuid	 brand_id;
	const char	*state;
};

static int	brand_change(struct call *);

static const char *const states[] = { "proposed", "accepted", "returned", NULL };

static const struct field change_fields[] = { BRAND_FIELDS, FIELD_END };
static const struct field version_query_fields[] = {
	FIELD_UUID(version_query, brand_id, OPTIONAL, "劳务品牌"),
	FIELD_ENUM(version_query, state, OPTIONAL, states, "状态"),
	FIELD_END
};

static const struct shape version_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "版本" },
	{ .name = "brand_id", .type = SHAPE_T_UUID, .help = "劳务品牌" },
	{ .name = "version", .type = SHAPE_T_INT, .nullable = true, .help = "版本号；空为未生效" },
	{ .name = "category", .type = SHAPE_T_TEXT, .help = "类别" },
	{ .name = "occupations", .type = SHAPE_T_LIST, .help = "职业代码" },
	{ .name = "towns", .type = SHAPE_T_LIST, .help = "劳务输出乡镇街道" },
	{ .name = "counties", .type = SHAPE_T_LIST, .help = "劳务输出县区" },
	{ .name = "story", .type = SHAPE_T_TEXT, .help = "品牌故事" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "brand_version_states", .help = "状态" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "意见" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "提出时间" },
	{ .name = "checked_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "审核时间" },
	SHAPE_END
};

const struct route brand_version_routes[] = {
	{ .name = "brand_change", .method = METHOD_POST, .path = "/v1/training/brands/{id}/versions",
	  .callers = ROLE_BEARERS | ROLE_KEEPERS, .scope = SCOPE_CALLER, .right = RIGHT_POST,
	  .action = "training.brand.change", .body = INPUT(brand_in, change_fields), .reply = version_shape,
	  .handler = brand_change, .limit = LIMIT_WRITE, .matter = "TR-31",
	  .zh = "变更劳务品牌信息", .en = "Propose a change of a recognised brand" },
	{ .name = "brand_version_check", .method = METHOD_POST, .path = "/v1/training/brand-versions/{id}/check",
	  .callers = ROLE_FIRST_REVIEW | ROLE_RECHECK, .scope = SCOPE_AREA,
	  .action = "training.brand.version_check", .body = INPUT(brand_judge_in, brand_judge_fields),
	  .reply = version_shape, .success = 200, .stmt = &stmt_brand_version_check, .limit = LIMIT_WRITE,
	  .zh = "审核劳务品牌变更", .en = "Accept or return a change" },
	{ .name = "brand_version_list", .method = METHOD_GET, .path = "/v1/training/brand-versions",
	  .callers = ROLE_BEARERS | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "training.brand.version_list", .query = INPUT(version_query, version_query_fields),
	  .list = true, .reply = version_shape, .stmt = &stmt_brand_version_list, .limit = LIMIT_READ,
	  .zh = "劳务品牌的版本和变更", .en = "List versions and changes waiting" },
	ROUTE_END
};

static int
brand_change(struct call *c)
{
	const struct brand_in	*in = c->body;
	struct uuid		 id = uuid_new();
	struct brand_arrays	 a;
	struct db_rows		 rows;
	int			 refused;

	if ((refused = brand_arrays(c, in, &a)) != 0)
		return (refused);
	call_object(c, &id);
	if (sql_brand_change(c->db, &rows, &c->id, &id, in->category, a.occupations, a.towns, a.counties,
	    in->story) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}
