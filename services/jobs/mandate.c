/*
 * mandate.c -- 授权: what an employer lets an agency do for it, given and
 * withdrawn by the employer, read by both and by the officers of the area.
 *
 * Invariant: one mandate at a time for an employer and an agency; every change
 * an agency makes for an employer asks for it in its own statement. The SQL is
 * in sql/jobs/queries/mandate.sql.
 */
#include "codes/codes.h"
#include "jobs.h"
#include "jobs_sql.h"

struct mandate_in {
	struct uuid	 partner_id;
	bool		 may_post, may_place;
	int32_t		 until_on;
};

struct mandate_own_query {
	bool		 is_valid;
};

struct mandate_query {
	const char	*county_code;
	struct uuid	 partner_id;
	bool		 is_valid;
};

static const struct field mandate_in_fields[] = {
	FIELD_UUID(mandate_in, partner_id, REQUIRED, "人力资源服务机构"),
	FIELD_BOOL(mandate_in, may_post, REQUIRED, "可代发岗位"),
	FIELD_BOOL(mandate_in, may_place, REQUIRED, "可报送推荐就业"),
	FIELD_DAY(mandate_in, until_on, OPTIONAL, "有效期至，不填为收回为止"),
	FIELD_END
};

static const struct field mandate_own_query_fields[] = {
	FIELD_BOOL(mandate_own_query, is_valid, OPTIONAL, "现在有效"),
	FIELD_END
};

static const struct field mandate_query_fields[] = {
	FIELD_CHECK(mandate_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_UUID(mandate_query, partner_id, OPTIONAL, "人力资源服务机构"),
	FIELD_BOOL(mandate_query, is_valid, OPTIONAL, "现在有效"),
	FIELD_END
};

static const struct shape mandate_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "授权" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "用人单位" },
	{ .name = "org_name", .type = SHAPE_T_TEXT, .help = "单位名称" },
	{ .name = "partner_id", .type = SHAPE_T_UUID, .help = "人力资源服务机构" },
	{ .name = "partner_name", .type = SHAPE_T_TEXT, .help = "机构名称" },
	{ .name = "may_post", .type = SHAPE_T_BOOL, .help = "可代发岗位" },
	{ .name = "may_place", .type = SHAPE_T_BOOL, .help = "可报送推荐就业" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "有效期自" },
	{ .name = "until_on", .type = SHAPE_T_DAY, .nullable = true, .help = "有效期至" },
	{ .name = "withdrawn_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "收回时间" },
	{ .name = "is_valid", .type = SHAPE_T_BOOL, .help = "现在有效" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "授权时间" },
	SHAPE_END
};

const struct route mandate_routes[] = {
	{ .name = "mandate_give", .method = METHOD_POST, .path = "/v1/jobs/org/mandates",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .right = RIGHT_MANAGE,
	  .action = "jobs.mandate.give",
	  .body = INPUT(mandate_in, mandate_in_fields), .reply = mandate_shape,
	  .stmt = &stmt_mandate_give, .limit = LIMIT_WRITE,
	  .zh = "授权人力资源服务机构", .en = "Let an agency post or place for the employer" },
	{ .name = "mandate_withdraw", .method = METHOD_POST, .path = "/v1/jobs/org/mandates/{id}/withdraw",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .right = RIGHT_MANAGE,
	  .action = "jobs.mandate.withdraw", .reply = mandate_shape, .success = 200,
	  .stmt = &stmt_mandate_withdraw, .limit = LIMIT_WRITE,
	  .zh = "收回授权", .en = "Withdraw a mandate" },
	{ .name = "mandate_list_org", .method = METHOD_GET, .path = "/v1/jobs/org/mandates",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .action = "jobs.mandate.list_org",
	  .query = INPUT(mandate_own_query, mandate_own_query_fields), .list = true,
	  .reply = mandate_shape, .stmt = &stmt_mandate_list_org, .limit = LIMIT_READ,
	  .zh = "本单位给出的授权", .en = "List the mandates the employer gave" },
	{ .name = "mandate_list_partner", .method = METHOD_GET, .path = "/v1/jobs/partner/mandates",
	  .callers = ROLE_PARTNER, .scope = SCOPE_ORG, .action = "jobs.mandate.list_partner",
	  .query = INPUT(mandate_own_query, mandate_own_query_fields), .list = true,
	  .reply = mandate_shape, .stmt = &stmt_mandate_list_partner, .limit = LIMIT_READ,
	  .zh = "本机构得到的授权", .en = "List the mandates the agency holds" },
	{ .name = "mandate_list", .method = METHOD_GET, .path = "/v1/jobs/mandates",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "jobs.mandate.list",
	  .query = INPUT(mandate_query, mandate_query_fields), .list = true,
	  .reply = mandate_shape, .stmt = &stmt_mandate_list, .limit = LIMIT_READ,
	  .zh = "辖区内单位给出的授权", .en = "List the mandates of the area's employers" },
	ROUTE_END
};
