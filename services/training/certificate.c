/*
 * certificate.c -- certificates: issued by the institution on a passed
 * examination, held by the person.
 *
 * Invariant: one an enrolment, and its number never changes. The SQL is in
 * sql/training/queries/certificate.sql.
 */
#include "training.h"
#include "training_sql.h"

static const struct shape certificate_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "证书" },
	{ .name = "number", .type = SHAPE_T_TEXT, .help = "证书编号" },
	{ .name = "enrolment_id", .type = SHAPE_T_UUID, .help = "报名" },
	{ .name = "class_id", .type = SHAPE_T_UUID, .help = "班级" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "培训机构" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "持证人" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },
	{ .name = "occupation_code", .type = SHAPE_T_TEXT, .help = "职业代码" },
	{ .name = "level", .type = SHAPE_T_INT, .help = "技能等级" },
	{ .name = "score", .type = SHAPE_T_INT, .help = "考核成绩" },
	{ .name = "issued_on", .type = SHAPE_T_DAY, .help = "发证日期" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "登记时间" },
	SHAPE_END
};

const struct route certificate_routes[] = {
	{ .name = "certificate_issue", .method = METHOD_POST,
	  .path = "/v1/training/enrolments/{id}/certificate",
	  .callers = ROLE_INSTITUTION, .scope = SCOPE_ORG, .action = "training.certificate.issue",
	  .reply = certificate_shape, .stmt = &stmt_certificate_issue, .key = KEY_REQUIRED,
	  .emits = "training.certificate.issued.v1", .limit = LIMIT_WRITE,
	  .zh = "颁发证书", .en = "Issue a certificate" },
	{ .name = "certificate_list_person", .method = METHOD_GET,
	  .path = "/v1/training/my/certificates",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "training.certificate.list_person",
	  .list = true, .reply = certificate_shape, .stmt = &stmt_certificate_list_person,
	  .limit = LIMIT_READ, .zh = "我的证书", .en = "List the caller's certificates" },
	ROUTE_END
};
