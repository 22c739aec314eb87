/*
 * exam.c -- examinations: set for a class, scored by their examiners part by
 * part, closed, and sat once more by those who failed.
 *
 * Invariant: an examiner is no trainer there and no trainee of the class, and
 * a mark is never changed, only followed by another with its reason; both are
 * refused by the database (sql/training/041, 042).
 */
#include "training.h"
#include "training_sql.h"

#define PARTS_MAX	4
#define EXAMINERS_MAX	9
#define MARKS_MAX	500

struct part_in {
	const char	*code;
	int64_t		 weight, pass_score;
};

struct who_in {
	struct uuid	 person_id;
};

struct exam_in {
	struct uuid	 body_id;
	int64_t		 starts_at;
	const char	*place, *reason;
	struct list_of	 parts, examiners;
};

struct mark_in {
	struct uuid	 enrolment_id;
	const char	*part, *reason;
	int64_t		 score;
	bool		 absent;
};

struct sheet_in {
	struct list_of	 marks;
};

struct score_in {
	struct uuid	 examiner_id;
	int64_t		 score;
	const char	*reason;
};

struct exam_query {
	struct uuid	 class_id;
	const char	*state;
};

static const char *const parts[] = { "theory", "practice", "review", NULL };
static const char *const states[] = { "scheduled", "closed", "cancelled", NULL };

static const struct field part_in_fields[] = {
	FIELD_ENUM(part_in, code, REQUIRED, parts, "理论、实操、综合评审"),
	FIELD_INT(part_in, weight, REQUIRED, 1, 100, "占总成绩的百分比，各部分合计 100"),
	FIELD_INT(part_in, pass_score, OPTIONAL, 0, 100, "本部分的合格分数；不填则只看总成绩"),
	FIELD_END
};

static const struct field who_in_fields[] = {
	FIELD_UUID(who_in, person_id, REQUIRED, "考评员"),
	FIELD_END
};

static const struct field exam_in_fields[] = {
	FIELD_UUID(exam_in, body_id, OPTIONAL, "评价机构；不填为本机构"),
	FIELD_INSTANT(exam_in, starts_at, REQUIRED, "考试时间"),
	FIELD_TEXT(exam_in, place, REQUIRED, 2, 100, "考试地点"),
	FIELD_LIST(exam_in, parts, OPTIONAL, 1, PARTS_MAX, part_in, part_in_fields,
	    "考试各部分；不填为理论、实操各半"),
	FIELD_LIST(exam_in, examiners, REQUIRED, 1, EXAMINERS_MAX, who_in, who_in_fields, "考评员"),
	FIELD_END
};

static const struct field resit_in_fields[] = {
	FIELD_INSTANT(exam_in, starts_at, REQUIRED, "补考时间"),
	FIELD_TEXT(exam_in, place, REQUIRED, 2, 100, "补考地点"),
	FIELD_LIST(exam_in, examiners, REQUIRED, 1, EXAMINERS_MAX, who_in, who_in_fields, "考评员"),
	FIELD_END
};

static const struct field cancel_in_fields[] = {
	FIELD_TEXT(exam_in, reason, REQUIRED, 2, 200, "取消原因"),
	FIELD_END
};

static const struct field mark_in_fields[] = {
	FIELD_UUID(mark_in, enrolment_id, REQUIRED, "考生的报名"),
	FIELD_TEXT(mark_in, part, OPTIONAL, 1, 20, "考试部分"),
	FIELD_INT(mark_in, score, OPTIONAL, 0, 100, "成绩"),
	FIELD_BOOL(mark_in, absent, OPTIONAL, "缺考"),
	FIELD_TEXT(mark_in, reason, OPTIONAL, 2, 200, "更正已录成绩的原因"),
	FIELD_END
};

static const struct field sheet_in_fields[] = {
	FIELD_LIST(sheet_in, marks, REQUIRED, 1, MARKS_MAX, mark_in, mark_in_fields, "成绩单"),
	FIELD_END
};

static const struct field score_in_fields[] = {
	FIELD_UUID(score_in, examiner_id, REQUIRED, "考评员，已在本机构登记"),
	FIELD_INT(score_in, score, REQUIRED, 0, 100, "考核成绩"),
	FIELD_TEXT(score_in, reason, OPTIONAL, 2, 200, "更正已录成绩的原因"),
	FIELD_END
};

static const struct field exam_query_fields[] = {
	FIELD_UUID(exam_query, class_id, OPTIONAL, "班级"),
	FIELD_ENUM(exam_query, state, OPTIONAL, states, "考试状态"),
	FIELD_END
};

static const struct shape part_shape[] = {
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "考试部分" },
	{ .name = "weight", .type = SHAPE_T_INT, .help = "占总成绩的百分比" },
	{ .name = "pass_score", .type = SHAPE_T_INT, .help = "本部分的合格分数" },
	SHAPE_END
};

static const struct shape exam_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "考试" },
	{ .name = "class_id", .type = SHAPE_T_UUID, .help = "班级" },
	{ .name = "class_title", .type = SHAPE_T_TEXT, .help = "班级名称" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "培训机构" },
	{ .name = "body_id", .type = SHAPE_T_UUID, .help = "评价机构" },
	{ .name = "body_name", .type = SHAPE_T_TEXT, .help = "评价机构名称" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .help = "正考、补考或直接考核" },
	{ .name = "resit_of", .type = SHAPE_T_UUID, .nullable = true, .help = "所补的考试" },
	{ .name = "starts_at", .type = SHAPE_T_INSTANT, .help = "考试时间" },
	{ .name = "place", .type = SHAPE_T_TEXT, .help = "考试地点" },
	{ .name = "pass_score", .type = SHAPE_T_INT, .help = "总成绩合格分数" },
	{ .name = "occupation_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "职业代码" },
	{ .name = "level", .type = SHAPE_T_INT, .nullable = true, .help = "技能等级" },
	{ .name = "state", .type = SHAPE_T_TEXT, .help = "考试状态" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .nullable = true, .help = "取消原因" },
	{ .name = "parts", .type = SHAPE_T_LIST, .of = part_shape, .help = "考试各部分" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "申报时间" },
	SHAPE_END
};

static const struct shape mark_shape[] = {
	{ .name = "part", .type = SHAPE_T_TEXT, .help = "考试部分" },
	{ .name = "version", .type = SHAPE_T_INT, .help = "第几次录入" },
	{ .name = "score", .type = SHAPE_T_INT, .help = "成绩" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .nullable = true, .help = "更正原因" },
	{ .name = "at", .type = SHAPE_T_INSTANT, .help = "录入时间" },
	SHAPE_END
};

static const struct shape sitting_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "应考" },
	{ .name = "exam_id", .type = SHAPE_T_UUID, .help = "考试" },
	{ .name = "enrolment_id", .type = SHAPE_T_UUID, .help = "报名" },
	{ .name = "round", .type = SHAPE_T_INT, .help = "1 正考，2 补考" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "考生" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },
	{ .name = "state", .type = SHAPE_T_TEXT, .help = "待考、缺考或已考" },
	{ .name = "score", .type = SHAPE_T_INT, .nullable = true, .help = "总成绩" },
	{ .name = "is_passed", .type = SHAPE_T_BOOL, .help = "合格" },
	{ .name = "marks", .type = SHAPE_T_LIST, .of = mark_shape, .help = "各部分成绩及其更正" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "编排时间" },
	SHAPE_END
};

static const struct shape row_shape[] = {
	{ .name = "enrolment_id", .type = SHAPE_T_UUID, .help = "考生的报名" },
	{ .name = "part", .type = SHAPE_T_TEXT, .nullable = true, .help = "考试部分" },
	{ .name = "ok", .type = SHAPE_T_BOOL, .help = "已录入" },
	{ .name = "code", .type = SHAPE_T_TEXT, .nullable = true, .help = "未录入的原因" },
	SHAPE_END
};

static const struct shape sheet_shape[] = {
	{ .name = "exam_id", .type = SHAPE_T_UUID, .help = "考试" },
	{ .name = "rows", .type = SHAPE_T_LIST, .of = row_shape, .help = "逐行结果" },
	SHAPE_END
};

#define EXAM_READERS	(ROLE_INSTITUTION | ROLE_PERSON | ROLE_CASE_OFFICERS)

const struct route exam_routes[] = {
	{ .name = "exam_schedule", .method = METHOD_POST, .path = "/v1/training/classes/{id}/exams",
	  .callers = ROLE_INSTITUTION, .scope = SCOPE_ORG, .action = "training.exam.schedule",
	  .body = INPUT(exam_in, exam_in_fields), .reply = exam_shape, .stmt = &stmt_exam_schedule,
	  .limit = LIMIT_WRITE, .matter = "TR-25",
	  .zh = "申报职业技能考试", .en = "Set an examination for a class" },
	{ .name = "exam_resit", .method = METHOD_POST, .path = "/v1/training/exams/{id}/resit",
	  .callers = ROLE_INSTITUTION, .scope = SCOPE_ORG, .action = "training.exam.resit",
	  .body = INPUT(exam_in, resit_in_fields), .reply = exam_shape, .stmt = &stmt_exam_resit,
	  .limit = LIMIT_WRITE, .zh = "安排补考", .en = "Set the resit of an examination" },
	{ .name = "exam_cancel", .method = METHOD_POST, .path = "/v1/training/exams/{id}/cancel",
	  .callers = ROLE_INSTITUTION, .scope = SCOPE_ORG, .action = "training.exam.cancel",
	  .body = INPUT(exam_in, cancel_in_fields), .reply = exam_shape, .success = 200,
	  .stmt = &stmt_exam_cancel, .limit = LIMIT_WRITE,
	  .zh = "取消考试", .en = "Cancel an examination" },
	{ .name = "exam_score", .method = METHOD_POST, .path = "/v1/training/exams/{id}/scores",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "training.exam.score",
	  .body = INPUT(sheet_in, sheet_in_fields), .reply = sheet_shape, .success = 200,
	  .stmt = &stmt_exam_score, .limit = LIMIT_WRITE,
	  .zh = "考评员录入成绩单，逐行答复", .en = "Hand in marks as an examiner" },
	{ .name = "exam_close", .method = METHOD_POST, .path = "/v1/training/exams/{id}/close",
	  .callers = ROLE_INSTITUTION, .scope = SCOPE_ORG, .action = "training.exam.close",
	  .reply = exam_shape, .success = 200, .stmt = &stmt_exam_close, .limit = LIMIT_WRITE,
	  .zh = "评价机构确认考试结束", .en = "Close an examination" },
	{ .name = "exam_list", .method = METHOD_GET, .path = "/v1/training/exams",
	  .callers = EXAM_READERS, .scope = SCOPE_CALLER, .action = "training.exam.list",
	  .query = INPUT(exam_query, exam_query_fields), .list = true, .reply = exam_shape,
	  .stmt = &stmt_exam_list, .limit = LIMIT_READ,
	  .zh = "考试：本机构的、本人考评的或辖区内的", .en = "List examinations" },
	{ .name = "exam_get", .method = METHOD_GET, .path = "/v1/training/exams/{id}",
	  .callers = EXAM_READERS, .scope = SCOPE_CALLER, .action = "training.exam.get",
	  .reply = exam_shape, .stmt = &stmt_exam_get, .limit = LIMIT_READ,
	  .zh = "查看考试", .en = "Read an examination" },
	{ .name = "exam_sittings", .method = METHOD_GET, .path = "/v1/training/exams/{id}/sittings",
	  .callers = EXAM_READERS, .scope = SCOPE_CALLER, .action = "training.exam.sittings",
	  .list = true, .reply = sitting_shape, .stmt = &stmt_exam_sittings, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON, .zh = "考生名单和成绩", .en = "List who sits an examination" },
	{ .name = "exam_sittings_person", .method = METHOD_GET, .path = "/v1/training/my/exams",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "training.exam.sittings_person",
	  .list = true, .reply = sitting_shape, .stmt = &stmt_exam_sittings_person,
	  .limit = LIMIT_READ, .zh = "我的考试和成绩", .en = "List the caller's examinations" },
	{ .name = "enrolment_score", .method = METHOD_POST, .path = "/v1/training/enrolments/{id}/score",
	  .callers = ROLE_INSTITUTION, .scope = SCOPE_ORG, .action = "training.enrolment.score",
	  .body = INPUT(score_in, score_in_fields), .reply = enrolment_shape, .success = 200,
	  .stmt = &stmt_enrolment_score, .limit = LIMIT_WRITE,
	  .zh = "录入考核成绩（不另排考试的班级）", .en = "Record a mark, where no examination is set" },
	ROUTE_END
};
