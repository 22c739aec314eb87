/*
 * gap.c -- where people are missing: open postings against those who are free
 * and trained, by occupation and county; in full for the county's officers,
 * without small cells for everybody.
 *
 * The SQL is in sql/training/queries/gap.sql, what it counts in
 * sql/training/011_follow_jobs.sql.
 */
#include "demand.h"
#include "training_sql.h"

struct gap_query {
	const char	*county_code, *occupation_code, *sort;
};

static const char *const sorts[] = { "gap", "openings", "available", NULL };

static const struct field gap_query_fields[] = {
	FIELD_CHECK(gap_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_TEXT(gap_query, occupation_code, OPTIONAL, 1, 10, "职业代码或其前几级"),
	FIELD_ENUM(gap_query, sort, OPTIONAL, sorts, "按什么从大到小排列，默认缺口"),
	FIELD_END
};

static const struct shape gap_shape[] = {
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "occupation_code", .type = SHAPE_T_TEXT, .help = "职业代码" },
	{ .name = "openings", .type = SHAPE_T_INT, .help = "在招岗位的剩余人数" },
	{ .name = "available", .type = SHAPE_T_INT, .nullable = true,
	  .help = "登记失业且持有该职业证书或有该意愿的人数；null：不足 5 人，不公布" },
	{ .name = "gap", .type = SHAPE_T_INT, .nullable = true, .help = "缺口：在招人数减可用人数" },
	{ .name = "certified", .type = SHAPE_T_INT, .nullable = true, .help = "持证人数" },
	{ .name = "wishes", .type = SHAPE_T_INT, .nullable = true, .help = "想学的人数" },
	{ .name = "needs", .type = SHAPE_T_INT, .help = "单位和园区的培训需求中尚未覆盖的人数" },
	SHAPE_END
};

const struct route gap_routes[] = {
	{ .name = "gap_list", .method = METHOD_GET, .path = "/v1/training/gaps",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "training.gap.list",
	  .query = INPUT(gap_query, gap_query_fields), .list = true, .reply = gap_shape,
	  .stmt = &stmt_gap_list, .limit = LIMIT_READ,
	  .zh = "辖区技能人才缺口", .en = "List the gaps of the area" },
	{ .name = "gap_figures", .method = METHOD_GET, .path = "/v1/training/gap-figures",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "training.gap.figures",
	  .query = INPUT(gap_query, gap_query_fields), .list = true, .reply = gap_shape,
	  .stmt = &stmt_gap_figures, .limit = LIMIT_READ,
	  .zh = "公开的技能人才缺口", .en = "Published gaps; fewer than five people are not shown" },
	ROUTE_END
};
