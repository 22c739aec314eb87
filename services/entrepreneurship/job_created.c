/*
 * job_created.c -- jobs created in carriers, as the officers of the area see
 * them. They are counted from events (events.c) and changed by nobody.
 */
#include "entrepreneurship.h"
#include "codes/codes.h"
#include "entrepreneurship_sql.h"

struct job_created_query {
	const char	*county_code;
	int32_t		 hired_from;
	int32_t		 hired_to;
};

static const struct field job_created_query_fields[] = {
	FIELD_CHECK(job_created_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_DAY(job_created_query, hired_from, OPTIONAL, "入职日期自"),
	FIELD_DAY(job_created_query, hired_to, OPTIONAL, "入职日期至"),
	FIELD_END
};

static const struct shape job_created_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "带动就业" },
	{ .name = "employment_id", .type = SHAPE_T_UUID, .help = "就业登记" },
	{ .name = "tenant_id", .type = SHAPE_T_UUID, .help = "入驻" },
	{ .name = "carrier_id", .type = SHAPE_T_UUID, .help = "载体" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "企业" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "人员" },
	{ .name = "hired_on", .type = SHAPE_T_DAY, .help = "入职日期" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "计入时间" },
	SHAPE_END
};

const struct route job_created_routes[] = {
	{ .name = "job_created_list", .method = METHOD_GET, .path = "/v1/entrepreneurship/jobs",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA,
	  .action = "entrepreneurship.job.list",
	  .query = INPUT(job_created_query, job_created_query_fields), .list = true,
	  .reply = job_created_shape, .stmt = &stmt_job_created_list, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON, .zh = "辖区内载体带动的就业", .en = "List the jobs created in the area's carriers" },
	ROUTE_END
};
