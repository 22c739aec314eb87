/*
 * enrolment.c -- a person in a class: the place or the wait for one, leaving
 * it.
 *
 * Invariant: no more enrolments than places, one of a person in a class, no two
 * classes of a kind at one time, three subsidised courses in a life. The SQL is
 * in sql/training/queries/enrolment.sql.
 */
#include "training.h"
#include "class.h"
#include "codes/codes.h"
#include "training_sql.h"

struct enrol_in {
	const char	*target_group;
	bool		 self_paid;
	bool		 wait;
};

struct withdraw_in {
	const char	*reason;
	const char	*note;
};

struct remove_in {
	const char	*note;
};

struct enrolment_query {
	const char	*county_code;
	bool		 is_passed;
	const char	*state;
	struct uuid	 class_id;
};

static int	enrolment_open(struct call *);

const char *const target_groups[] = { "poverty_watch", "graduate", "school_leaver",
	"rural_transfer", "unemployed", "difficult", NULL };
static const char *const states[] = { "proposed", "waiting", "enrolled", "withdrawn", "removed",
	"lapsed", "cancelled", NULL };
static const char *const reasons[] = { "work", "health", "family", "unsuited", "elsewhere", "other",
	NULL };

static const struct field enrol_in_fields[] = {
	FIELD_ENUM(enrol_in, target_group, OPTIONAL, target_groups, "本人申报的人员类别（六类人员）"),
	FIELD_BOOL(enrol_in, self_paid, OPTIONAL, "自费参加补贴性培训，不计入三次"),
	FIELD_BOOL(enrol_in, wait, OPTIONAL, "已满时列入候补"),
	FIELD_END
};

static const struct field withdraw_in_fields[] = {
	FIELD_ENUM(withdraw_in, reason, REQUIRED, reasons, "退出原因"),
	FIELD_TEXT(withdraw_in, note, OPTIONAL, 2, 200, "说明"),
	FIELD_END
};

static const struct field remove_in_fields[] = {
	FIELD_TEXT(remove_in, note, REQUIRED, 2, 200, "移出原因，告知本人"),
	FIELD_END
};

static const struct field enrolment_query_fields[] = {
	FIELD_CHECK(enrolment_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_BOOL(enrolment_query, is_passed, OPTIONAL, "考核合格"),
	FIELD_ENUM(enrolment_query, state, OPTIONAL, states, "报名状态"),
	FIELD_UUID(enrolment_query, class_id, OPTIONAL, "班级"),
	FIELD_END
};

const struct shape enrolment_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "报名" },
	{ .name = "class_id", .type = SHAPE_T_UUID, .help = "班级" },
	{ .name = "class_title", .type = SHAPE_T_TEXT, .help = "班级名称" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .codes = "class_kinds", .help = "班级种类" },
	{ .name = "module", .type = SHAPE_T_TEXT, .codes = "class_modules", .nullable = true,
	  .help = "创业培训模块" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "培训机构" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "学员" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "enrolment_states", .help = "报名状态" },
	{ .name = "channel", .type = SHAPE_T_TEXT, .codes = "enrolment_channels", .help = "报名渠道" },
	{ .name = "target_group", .type = SHAPE_T_TEXT, .codes = "training_groups", .nullable = true,
	  .help = "人员类别（六类人员）" },
	{ .name = "is_subsidised", .type = SHAPE_T_BOOL, .help = "计入三次补贴性培训" },
	{ .name = "starts_on", .type = SHAPE_T_DAY, .help = "开班日期" },
	{ .name = "ends_on", .type = SHAPE_T_DAY, .help = "结业日期" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .codes = "enrolment_reasons", .nullable = true,
	  .help = "离开原因" },
	{ .name = "attended_days", .type = SHAPE_T_INT, .help = "出勤天数" },
	{ .name = "score", .type = SHAPE_T_INT, .nullable = true, .help = "考核成绩" },
	{ .name = "is_passed", .type = SHAPE_T_BOOL, .help = "考核合格" },
	{ .name = "completed_on", .type = SHAPE_T_DAY, .nullable = true, .help = "本人结业日期" },
	{ .name = "certificate_number", .type = SHAPE_T_TEXT, .nullable = true, .help = "证书编号" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "报名时间" },
	SHAPE_END
};

const struct route enrolment_routes[] = {
	{ .name = "enrolment_open", .method = METHOD_POST,
	  .path = "/v1/training/classes/{id}/enrolments",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "training.enrolment.open",
	  .body = INPUT(enrol_in, enrol_in_fields), .reply = enrolment_shape,
	  .handler = enrolment_open, .emits = "training.enrolment.made.v1 training.enrolment.moved.v1",
	  .limit = LIMIT_WRITE, .matter = "TR-01", .zh = "报名参加培训", .en = "Enrol in a class" },
	{ .name = "enrolment_withdraw", .method = METHOD_POST,
	  .path = "/v1/training/enrolments/{id}/withdraw",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "training.enrolment.withdraw",
	  .body = INPUT(withdraw_in, withdraw_in_fields), .reply = enrolment_shape, .success = 200,
	  .stmt = &stmt_enrolment_withdraw,
	  .emits = "training.enrolment.withdrawn.v1 training.enrolment.moved.v1 training.enrolment.made.v1",
	  .limit = LIMIT_WRITE, .zh = "退出培训、候补或谢绝推荐", .en = "Leave a class, its list, or decline" },
	{ .name = "enrolment_remove", .method = METHOD_POST,
	  .path = "/v1/training/enrolments/{id}/remove",
	  .callers = ROLE_INSTITUTION, .scope = SCOPE_ORG, .action = "training.enrolment.remove",
	  .body = INPUT(remove_in, remove_in_fields), .reply = enrolment_shape, .success = 200,
	  .stmt = &stmt_enrolment_remove,
	  .emits = "training.enrolment.withdrawn.v1 training.enrolment.moved.v1 training.enrolment.made.v1",
	  .limit = LIMIT_WRITE, .zh = "移出学员", .en = "Remove a trainee from a class" },
	{ .name = "enrolment_list_class", .method = METHOD_GET,
	  .path = "/v1/training/classes/{id}/enrolments",
	  .callers = ROLE_INSTITUTION, .scope = SCOPE_ORG, .action = "training.enrolment.list_class",
	  .list = true, .reply = enrolment_shape, .stmt = &stmt_enrolment_list_class,
	  .limit = LIMIT_READ, .opens = OPENS_PERSON, .zh = "班级学员", .en = "List the trainees of an own class" },
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

/* Who would rather wait waits where all places are taken, and enrols where not. */
static int
enrolment_open(struct call *c)
{
	const struct enrol_in	*in = c->body;
	const struct uuid	*person = &c->principal->person;
	struct db_rows		 rows;

	if (in->wait) {
		if (sql_enrolment_wait(c->db, &rows, &c->id, person, in->target_group) == -1)
			return (call_failed(c));
		if (rows.count > 0)
			return (call_reply_row(c, 201, &rows));
	}
	if (sql_enrolment_open(c->db, &rows, &c->id, person, in->target_group, in->self_paid) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}
