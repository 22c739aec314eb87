/*
 * enrolment.c -- a person in a class: the place, the examination.
 *
 * Invariant: no more enrolments than places, one of a person in a class. The SQL is in sql/training/queries/enrolment.sql.
 */
#include "training.h"
#include "codes/codes.h"
#include "training_sql.h"

struct score_in {
	int64_t	score;
};

struct enrolment_query {
	const char	*county_code;
	bool		 is_passed;
};

static const struct field score_in_fields[] = {
	FIELD_INT(score_in, score, REQUIRED, 0, 100, "考核成绩"),
	FIELD_END
};

static const struct field enrolment_query_fields[] = {
	FIELD_CHECK(enrolment_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_BOOL(enrolment_query, is_passed, OPTIONAL, "考核合格"),
	FIELD_END
};

static const struct shape enrolment_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "报名" },
	{ .name = "class_id", .type = SHAPE_T_UUID, .help = "班级" },
	{ .name = "class_title", .type = SHAPE_T_TEXT, .help = "班级名称" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "培训机构" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "学员" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },
	{ .name = "attended_days", .type = SHAPE_T_INT, .help = "出勤天数" },
	{ .name = "score", .type = SHAPE_T_INT, .nullable = true, .help = "考核成绩" },
	{ .name = "is_passed", .type = SHAPE_T_BOOL, .help = "考核合格" },
	{ .name = "completed_on", .type = SHAPE_T_DAY, .nullable = true, .help = "结业日期" },
	{ .name = "certificate_number", .type = SHAPE_T_TEXT, .nullable = true, .help = "证书编号" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "报名时间" },
	SHAPE_END
};

const struct route enrolment_routes[] = {
	{ .name = "enrolment_open", .method = METHOD_POST,
	  .path = "/v1/training/classes/{id}/enrolments",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "training.enrolment.open",
	  .reply = enrolment_shape, .stmt = &stmt_enrolment_open, .limit = LIMIT_WRITE,
	  .matter = "TR-01", .zh = "报名参加培训", .en = "Enrol in a class" },
	{ .name = "enrolment_list_class", .method = METHOD_GET,
	  .path = "/v1/training/classes/{id}/enrolments",
	  .callers = ROLE_INSTITUTION, .scope = SCOPE_ORG, .action = "training.enrolment.list_class",
	  .list = true, .reply = enrolment_shape, .stmt = &stmt_enrolment_list_class,
	  .limit = LIMIT_READ, .opens = OPENS_PERSON, .zh = "班级学员", .en = "List the trainees of an own class" },
	{ .name = "enrolment_score", .method = METHOD_POST,
	  .path = "/v1/training/enrolments/{id}/score",
	  .callers = ROLE_INSTITUTION, .scope = SCOPE_ORG, .action = "training.enrolment.score",
	  .body = INPUT(score_in, score_in_fields), .reply = enrolment_shape, .success = 200,
	  .stmt = &stmt_enrolment_score, .limit = LIMIT_WRITE,
	  .zh = "录入考核成绩", .en = "Record the examination" },
	{ .name = "enrolment_list_person", .method = METHOD_GET, .path = "/v1/training/my/enrolments",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "training.enrolment.list_person",
	  .list = true, .reply = enrolment_shape, .stmt = &stmt_enrolment_list_person,
	  .limit = LIMIT_READ, .zh = "我的培训", .en = "List the caller's enrolments" },
	{ .name = "enrolment_list", .method = METHOD_GET, .path = "/v1/training/enrolments",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "training.enrolment.list",
	  .query = INPUT(enrolment_query, enrolment_query_fields), .list = true,
	  .reply = enrolment_shape, .stmt = &stmt_enrolment_list, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON, .zh = "辖区内的培训", .en = "List the enrolments of the area" },
	ROUTE_END
};
