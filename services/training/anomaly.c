/*
 * anomaly.c -- the list of anomalies of attendance, for the officer and the
 * institution.
 *
 * Invariant: rules find, people judge. What is confirmed is not counted; the
 * institution may appeal once, and another officer decides. The SQL is in
 * sql/training/queries/anomaly.sql.
 */
#include "attend.h"

#include "codes/codes.h"
#include "training.h"
#include "training_sql.h"

struct text_in {
	const char	*explanation, *reason;
};

struct judge_in {
	const char	*outcome, *note;
};

struct anomaly_query {
	const char	*county_code, *state, *rule_code;
	struct uuid	 class_id;
};

static const char *const judgements[] = { "explained", "confirmed", NULL };
static const char *const decisions[] = { "upheld", "revoked", NULL };
static const char *const states[] = { "open", "explained", "confirmed", "appealed", "upheld",
	"revoked", NULL };
static const char *const rules[] = { "hand_mark", "hand_late", "hand_share", "far", "device", "travel",
	"burst", "no_sign_out", "holiday", "check_missed", "count_short", "employed", NULL };

static const struct field explain_fields[] = {
	FIELD_TEXT(text_in, explanation, REQUIRED, 2, 500, "情况说明"),
	FIELD_END
};
static const struct field appeal_fields[] = {
	FIELD_TEXT(text_in, reason, REQUIRED, 2, 500, "申诉理由"),
	FIELD_END
};
static const struct field judge_fields[] = {
	FIELD_ENUM(judge_in, outcome, REQUIRED, judgements, "结论"),
	FIELD_TEXT(judge_in, note, REQUIRED, 2, 500, "理由，会告知机构"),
	FIELD_END
};
static const struct field decide_fields[] = {
	FIELD_ENUM(judge_in, outcome, REQUIRED, decisions, "结论"),
	FIELD_TEXT(judge_in, note, REQUIRED, 2, 500, "理由，会告知机构"),
	FIELD_END
};
static const struct field anomaly_query_fields[] = {
	FIELD_CHECK(anomaly_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_UUID(anomaly_query, class_id, OPTIONAL, "班级"),
	FIELD_ENUM(anomaly_query, state, OPTIONAL, states, "状态"),
	FIELD_ENUM(anomaly_query, rule_code, OPTIONAL, rules, "规则"),
	FIELD_END
};

static const struct shape anomaly_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "异常" },
	{ .name = "rule_code", .type = SHAPE_T_TEXT, .codes = "anomaly_rules", .help = "规则" },
	{ .name = "session_id", .type = SHAPE_T_UUID, .help = "课程" },
	{ .name = "class_id", .type = SHAPE_T_UUID, .help = "班级" },
	{ .name = "class_title", .type = SHAPE_T_TEXT, .help = "班级名称" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "培训机构" },
	{ .name = "enrolment_id", .type = SHAPE_T_UUID, .nullable = true, .help = "报名；空：整节课" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .nullable = true, .help = "学员" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .nullable = true, .help = "姓名（隐去）" },
	{ .name = "facts", .type = SHAPE_T_JSON, .help = "依据的数据" },
	{ .name = "attendances", .type = SHAPE_T_INT, .help = "认定后不予计入的考勤数" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "anomaly_states", .help = "状态" },
	{ .name = "explanation", .type = SHAPE_T_TEXT, .nullable = true, .help = "机构说明" },
	{ .name = "judged_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "结论时间" },
	{ .name = "judged_note", .type = SHAPE_T_TEXT, .nullable = true, .help = "结论理由" },
	{ .name = "appeal_reason", .type = SHAPE_T_TEXT, .nullable = true, .help = "申诉理由" },
	{ .name = "appealed_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "申诉时间" },
	{ .name = "decided_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "申诉处理时间" },
	{ .name = "decided_note", .type = SHAPE_T_TEXT, .nullable = true, .help = "申诉处理理由" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "发现时间" },
	SHAPE_END
};
static const struct shape rule_shape[] = {
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "规则" },
	{ .name = "threshold", .type = SHAPE_T_TEXT, .nullable = true, .help = "所用的考勤参数" },
	{ .name = "value", .type = SHAPE_T_INT, .nullable = true, .help = "现行数值；空：未设定" },
	{ .name = "is_on", .type = SHAPE_T_BOOL, .help = "启用；参数未设定的不启用" },
	SHAPE_END
};

#define BOTH_SIDES	.callers = ROLE_INSTITUTION | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER, \
			.limit = LIMIT_READ, .opens = OPENS_PERSON
#define OF_SCHOOL	.callers = ROLE_INSTITUTION, .scope = SCOPE_ORG, .limit = LIMIT_WRITE, \
			.success = 200

const struct route anomaly_routes[] = {
	{ .name = "anomaly_rule_list", .method = METHOD_GET, .path = "/v1/training/anomaly-rules",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "training.anomaly.rules", .list = true,
	  .reply = rule_shape, .stmt = &stmt_anomaly_rule_list, .limit = LIMIT_READ,
	  .zh = "考勤异常规则", .en = "List what is looked for in attendance" },
	{ .name = "anomaly_list", .method = METHOD_GET, .path = "/v1/training/anomalies", BOTH_SIDES,
	  .action = "training.anomaly.list", .query = INPUT(anomaly_query, anomaly_query_fields),
	  .list = true, .reply = anomaly_shape, .stmt = &stmt_anomaly_list,
	  .zh = "考勤异常清单", .en = "List anomalies of the institution or of the area" },
	{ .name = "anomaly_get", .method = METHOD_GET, .path = "/v1/training/anomalies/{id}", BOTH_SIDES,
	  .action = "training.anomaly.get", .reply = anomaly_shape, .stmt = &stmt_anomaly_get,
	  .zh = "查看考勤异常", .en = "Read an anomaly" },
	{ .name = "anomaly_explain", .method = METHOD_POST, .path = "/v1/training/anomalies/{id}/explanation",
	  OF_SCHOOL, .action = "training.anomaly.explain", .body = INPUT(text_in, explain_fields),
	  .reply = anomaly_shape, .stmt = &stmt_anomaly_explain,
	  .zh = "机构说明异常", .en = "Give the institution's word on an anomaly" },
	{ .name = "anomaly_judge", .method = METHOD_POST, .path = "/v1/training/anomalies/{id}/judge",
	  .callers = ROLE_CLERK | ROLE_FIRST_REVIEW, .scope = SCOPE_AREA,
	  .action = "training.anomaly.judge", .body = INPUT(judge_in, judge_fields),
	  .reply = anomaly_shape, .success = 200, .stmt = &stmt_anomaly_judge, .limit = LIMIT_WRITE,
	  .emits = "training.anomaly.confirmed.v1 training.attendance.recorded.v1",
	  .zh = "认定考勤异常", .en = "Call an anomaly explained, or confirm it" },
	{ .name = "anomaly_appeal", .method = METHOD_POST, .path = "/v1/training/anomalies/{id}/appeal",
	  OF_SCHOOL, .action = "training.anomaly.appeal", .body = INPUT(text_in, appeal_fields),
	  .reply = anomaly_shape, .stmt = &stmt_anomaly_appeal, .matter = "TR-20",
	  .zh = "考勤异常申诉", .en = "Appeal against a confirmed anomaly, once" },
	{ .name = "anomaly_decide", .method = METHOD_POST, .path = "/v1/training/anomalies/{id}/decide",
	  .callers = ROLE_RECHECK | ROLE_APPROVE, .scope = SCOPE_AREA,
	  .action = "training.anomaly.decide", .body = INPUT(judge_in, decide_fields),
	  .reply = anomaly_shape, .success = 200, .stmt = &stmt_anomaly_decide, .limit = LIMIT_WRITE,
	  .emits = "training.anomaly.revoked.v1 training.attendance.recorded.v1",
	  .zh = "处理考勤异常申诉", .en = "Decide an appeal" },
	ROUTE_END
};
