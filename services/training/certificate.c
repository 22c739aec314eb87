/*
 * certificate.c -- certificates: issued by the body that assessed, held by the
 * person, taken back by two officers.
 *
 * Invariant: one an enrolment, and its number never changes. The SQL is in
 * sql/training/queries/certificate.sql, the rules in sql/training/043.
 */
#include "training.h"
#include "training_sql.h"

struct revoke_in {
	const char	*cause, *reason, *decision, *note;
};

struct certificate_query {
	struct uuid	 class_id;
	const char	*number, *state;
	bool		 revoked;
};

static const char *const causes[] = { "fraud", "exam_void", "identity", "error", NULL };
static const char *const decisions[] = { "pass", "refuse", NULL };
static const char *const states[] = { "proposed", "revoked", "dismissed", NULL };

static const struct field revoke_in_fields[] = {
	FIELD_ENUM(revoke_in, cause, REQUIRED, causes, "撤销原因"),
	FIELD_TEXT(revoke_in, reason, REQUIRED, 2, 500, "事实和依据，将告知持证人"),
	FIELD_END
};

static const struct field decide_in_fields[] = {
	FIELD_ENUM(revoke_in, decision, REQUIRED, decisions, "同意撤销或不同意"),
	FIELD_TEXT(revoke_in, note, OPTIONAL, 2, 500, "意见"),
	FIELD_END
};

static const struct field certificate_query_fields[] = {
	FIELD_UUID(certificate_query, class_id, OPTIONAL, "班级"),
	FIELD_TEXT(certificate_query, number, OPTIONAL, 1, 30, "证书编号"),
	FIELD_BOOL(certificate_query, revoked, OPTIONAL, "已撤销"),
	FIELD_END
};

static const struct field revocation_query_fields[] = {
	FIELD_ENUM(certificate_query, state, OPTIONAL, states, "撤销状态"),
	FIELD_END
};

static const struct shape certificate_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "证书" },
	{ .name = "number", .type = SHAPE_T_TEXT, .help = "证书编号" },
	{ .name = "enrolment_id", .type = SHAPE_T_UUID, .help = "报名" },
	{ .name = "class_id", .type = SHAPE_T_UUID, .help = "班级" },
	{ .name = "exam_id", .type = SHAPE_T_UUID, .nullable = true, .help = "考试" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "发证的评价机构" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "持证人" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },
	{ .name = "occupation_code", .type = SHAPE_T_TEXT, .help = "职业代码" },
	{ .name = "level", .type = SHAPE_T_INT, .help = "技能等级" },
	{ .name = "score", .type = SHAPE_T_INT, .help = "考核成绩" },
	{ .name = "issued_on", .type = SHAPE_T_DAY, .help = "发证日期" },
	{ .name = "revoked_on", .type = SHAPE_T_DAY, .nullable = true, .help = "撤销日期" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "登记时间" },
	SHAPE_END
};

static const struct shape issued_shape[] = {
	{ .name = "exam_id", .type = SHAPE_T_UUID, .help = "考试" },
	{ .name = "issued", .type = SHAPE_T_INT, .help = "本次发证数" },
	{ .name = "held_back", .type = SHAPE_T_BOOL, .help = "督考异常，暂不发证" },
	SHAPE_END
};

static const struct shape revocation_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "撤销事项" },
	{ .name = "certificate_id", .type = SHAPE_T_UUID, .help = "证书" },
	{ .name = "number", .type = SHAPE_T_TEXT, .help = "证书编号" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "持证人" },
	{ .name = "cause", .type = SHAPE_T_TEXT, .codes = "revocation_causes", .help = "撤销原因" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .help = "事实和依据" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "revocation_states", .help = "撤销状态" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "决定意见" },
	{ .name = "decided_on", .type = SHAPE_T_DAY, .nullable = true, .help = "决定日期" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "提出时间" },
	SHAPE_END
};

const struct route certificate_routes[] = {
	{ .name = "certificate_issue", .method = METHOD_POST,
	  .path = "/v1/training/enrolments/{id}/certificate",
	  .callers = ROLE_INSTITUTION, .scope = SCOPE_ORG, .action = "training.certificate.issue",
	  .reply = certificate_shape, .stmt = &stmt_certificate_issue, .key = KEY_REQUIRED,
	  .emits = "training.certificate.issued.v1", .limit = LIMIT_WRITE,
	  .zh = "颁发证书", .en = "Issue a certificate" },
	{ .name = "certificate_issue_exam", .method = METHOD_POST,
	  .path = "/v1/training/exams/{id}/certificates",
	  .callers = ROLE_INSTITUTION, .scope = SCOPE_ORG, .action = "training.certificate.issue",
	  .reply = issued_shape, .stmt = &stmt_certificate_issue_exam, .key = KEY_REQUIRED,
	  .emits = "training.certificate.issued.v1", .limit = LIMIT_WRITE,
	  .zh = "为一场考试的合格人员发证", .en = "Issue the certificates of an examination" },
	{ .name = "certificate_list_person", .method = METHOD_GET,
	  .path = "/v1/training/my/certificates",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "training.certificate.list_person",
	  .list = true, .reply = certificate_shape, .stmt = &stmt_certificate_list_person,
	  .limit = LIMIT_READ, .zh = "我的证书", .en = "List the caller's certificates" },
	{ .name = "certificate_list", .method = METHOD_GET, .path = "/v1/training/certificates",
	  .callers = ROLE_INSTITUTION | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "training.certificate.list",
	  .query = INPUT(certificate_query, certificate_query_fields), .list = true,
	  .reply = certificate_shape, .stmt = &stmt_certificate_list, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON, .zh = "证书：本机构发的或辖区内的", .en = "List certificates" },
	{ .name = "certificate_revoke", .method = METHOD_POST,
	  .path = "/v1/training/certificates/{id}/revocations",
	  .callers = ROLE_FIRST_REVIEW | ROLE_RECHECK, .scope = SCOPE_AREA,
	  .action = "training.certificate.revoke", .body = INPUT(revoke_in, revoke_in_fields),
	  .reply = revocation_shape, .stmt = &stmt_certificate_revoke, .limit = LIMIT_WRITE,
	  .zh = "提出撤销证书", .en = "Propose to revoke a certificate" },
	{ .name = "certificate_revoke_decide", .method = METHOD_POST,
	  .path = "/v1/training/certificate-revocations/{id}/decide",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "training.certificate.revoke_decide",
	  .body = INPUT(revoke_in, decide_in_fields), .reply = revocation_shape, .success = 200,
	  .stmt = &stmt_certificate_revoke_decide, .emits = "training.certificate.revoked.v1",
	  .limit = LIMIT_WRITE, .zh = "决定撤销证书", .en = "Decide on revoking a certificate" },
	{ .name = "certificate_revocation_list", .method = METHOD_GET,
	  .path = "/v1/training/certificate-revocations",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA,
	  .action = "training.certificate.revocations",
	  .query = INPUT(certificate_query, revocation_query_fields), .list = true,
	  .reply = revocation_shape, .stmt = &stmt_certificate_revocation_list, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON, .zh = "证书撤销事项", .en = "List revocations" },
	ROUTE_END
};
