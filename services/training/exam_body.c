/*
 * exam_body.c -- who may assess, and who examines for them: the right of an
 * institution to assess an occupation up to a level, and its examiners.
 *
 * Invariant: a right is checked by one officer and decided by another. The SQL
 * is in sql/training/queries/exam.sql.
 */
#include "codes/codes.h"
#include "training.h"
#include "training_sql.h"

struct right_in {
	const char	*occupation_code;
	int64_t		 highest_level;
	int32_t		 from_on, to_on;
};

struct right_query {
	const char	*occupation_code, *county_code, *state;
};

struct decision_in {
	const char	*decision, *note, *reason;
};

struct examiner_in {
	struct uuid	 person_id;
	const char	*occupation_code, *card_no;
	int32_t		 until_on;
};

static int	assessing_apply(struct call *);

static const char *const decisions[] = { "pass", "refuse", NULL };
static const char *const states[] = { "filed", "checked", "granted", "refused", "ended", NULL };

static const struct field right_in_fields[] = {
	FIELD_TEXT(right_in, occupation_code, REQUIRED, 1, 10, "职业代码或其前几级"),
	FIELD_INT(right_in, highest_level, REQUIRED, -1, 6,
	    "可评价的最高等级：6 学徒工，5 至 1，0 特级技师，-1 首席技师"),
	FIELD_DAY(right_in, from_on, REQUIRED, "有效期起"),
	FIELD_DAY(right_in, to_on, REQUIRED, "有效期止"),
	FIELD_END
};

static const struct field right_query_fields[] = {
	FIELD_CHECK(right_query, occupation_code, OPTIONAL, check_occupation, "可评价此职业的"),
	FIELD_CHECK(right_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_END
};

static const struct field work_query_fields[] = {
	FIELD_ENUM(right_query, state, OPTIONAL, states, "状态"),
	FIELD_END
};

static const struct field decision_in_fields[] = {
	FIELD_ENUM(decision_in, decision, REQUIRED, decisions, "通过或不通过"),
	FIELD_TEXT(decision_in, note, OPTIONAL, 2, 200, "意见"),
	FIELD_END
};

static const struct field reason_in_fields[] = {
	FIELD_TEXT(decision_in, reason, REQUIRED, 2, 200, "原因"),
	FIELD_END
};

static const struct field examiner_in_fields[] = {
	FIELD_UUID(examiner_in, person_id, REQUIRED, "考评员本人"),
	FIELD_TEXT(examiner_in, occupation_code, REQUIRED, 1, 10, "考评职业代码或其前几级"),
	FIELD_TEXT(examiner_in, card_no, REQUIRED, 4, 40, "考评员证编号"),
	FIELD_DAY(examiner_in, until_on, REQUIRED, "证件有效期止"),
	FIELD_END
};

static const struct shape right_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "备案" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "评价机构" },
	{ .name = "org_name", .type = SHAPE_T_TEXT, .help = "机构名称" },
	{ .name = "occupation_code", .type = SHAPE_T_TEXT, .help = "职业代码或其前几级" },
	{ .name = "highest_level", .type = SHAPE_T_INT, .help = "可评价的最高等级" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "有效期起" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .help = "有效期止" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "assessing_states", .help = "状态" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "意见" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "申报时间" },
	SHAPE_END
};

static const struct shape examiner_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "考评员登记" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "评价机构" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "考评员" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },
	{ .name = "occupation_code", .type = SHAPE_T_TEXT, .help = "职业代码或其前几级" },
	{ .name = "card_no", .type = SHAPE_T_TEXT, .help = "考评员证编号" },
	{ .name = "until_on", .type = SHAPE_T_DAY, .help = "证件有效期止" },
	{ .name = "ended_on", .type = SHAPE_T_DAY, .nullable = true, .help = "停止日期" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .nullable = true, .help = "停止原因" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "登记时间" },
	SHAPE_END
};

const struct route exam_body_routes[] = {
	{ .name = "assessing_apply", .method = METHOD_POST, .path = "/v1/training/assessing-rights",
	  .callers = ROLE_INSTITUTION, .scope = SCOPE_ORG, .action = "training.assessing.apply",
	  .body = INPUT(right_in, right_in_fields), .reply = right_shape, .handler = assessing_apply,
	  .limit = LIMIT_WRITE, .matter = "TR-26",
	  .zh = "申报职业技能评价备案", .en = "Apply for the right to assess" },
	{ .name = "assessing_check", .method = METHOD_POST, .path = "/v1/training/assessing-rights/{id}/check",
	  .callers = ROLE_FIRST_REVIEW, .scope = SCOPE_AREA, .action = "training.assessing.check",
	  .body = INPUT(decision_in, decision_in_fields), .reply = right_shape, .success = 200,
	  .stmt = &stmt_assessing_check, .limit = LIMIT_WRITE,
	  .zh = "初审评价备案", .en = "Check an application to assess" },
	{ .name = "assessing_decide", .method = METHOD_POST, .path = "/v1/training/assessing-rights/{id}/decide",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "training.assessing.decide",
	  .body = INPUT(decision_in, decision_in_fields), .reply = right_shape, .success = 200,
	  .stmt = &stmt_assessing_decide, .limit = LIMIT_WRITE,
	  .zh = "审批评价备案", .en = "Grant or refuse the right to assess" },
	{ .name = "assessing_end", .method = METHOD_POST, .path = "/v1/training/assessing-rights/{id}/end",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "training.assessing.end",
	  .body = INPUT(decision_in, reason_in_fields), .reply = right_shape, .success = 200,
	  .stmt = &stmt_assessing_end, .limit = LIMIT_WRITE,
	  .zh = "终止评价资格", .en = "End the right to assess" },
	{ .name = "assessing_list", .method = METHOD_GET, .path = "/v1/training/assessing-rights",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "training.assessing.list",
	  .query = INPUT(right_query, right_query_fields), .list = true, .reply = right_shape,
	  .stmt = &stmt_assessing_list, .limit = LIMIT_READ,
	  .zh = "查找评价机构", .en = "List who may assess" },
	{ .name = "assessing_work", .method = METHOD_GET, .path = "/v1/training/assessing-applications",
	  .callers = ROLE_INSTITUTION | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "training.assessing.work", .query = INPUT(right_query, work_query_fields),
	  .list = true, .reply = right_shape, .stmt = &stmt_assessing_work, .limit = LIMIT_READ,
	  .zh = "评价备案的申报", .en = "List applications to assess" },
	{ .name = "examiner_add", .method = METHOD_POST, .path = "/v1/training/examiners",
	  .callers = ROLE_INSTITUTION, .scope = SCOPE_ORG, .action = "training.examiner.add",
	  .body = INPUT(examiner_in, examiner_in_fields), .reply = examiner_shape,
	  .stmt = &stmt_examiner_add, .limit = LIMIT_WRITE,
	  .zh = "登记考评员", .en = "Register an examiner" },
	{ .name = "examiner_end", .method = METHOD_POST, .path = "/v1/training/examiners/{id}/end",
	  .callers = ROLE_INSTITUTION, .scope = SCOPE_ORG, .action = "training.examiner.end",
	  .body = INPUT(decision_in, reason_in_fields), .reply = examiner_shape, .success = 200,
	  .stmt = &stmt_examiner_end, .limit = LIMIT_WRITE,
	  .zh = "停止考评员登记", .en = "End an examiner's registration" },
	{ .name = "examiner_list", .method = METHOD_GET, .path = "/v1/training/examiners",
	  .callers = ROLE_INSTITUTION | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "training.examiner.list", .list = true, .reply = examiner_shape,
	  .stmt = &stmt_examiner_list, .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "考评员名册", .en = "List examiners" },
	ROUTE_END
};

static int
assessing_apply(struct call *c)
{
	const struct right_in	*in = c->body;
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;

	if (in->to_on < in->from_on)
		return (call_reject(c, ERR_F_DATE_ORDER, "/to_on"));
	if (sql_assessing_apply(c->db, &rows, &id, &c->principal->org, in->occupation_code,
	    in->highest_level, in->from_on, in->to_on) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}
