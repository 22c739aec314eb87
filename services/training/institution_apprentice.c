/*
 * institution_apprentice.c -- 企业新型学徒制: the apprentices of an agreement,
 * their 师傅 and plan, and their months, which they confirm themselves.
 *
 * Invariant: one apprenticeship a person at a time, no more apprentices than
 * agreed on. The SQL is in sql/training/queries/agreement.sql.
 */
#include "institution.h"
#include "training_sql.h"

#define MONTH_HOURS_MAX	400

struct apprentice_in {
	struct uuid	 person_id, master_id;
	const char	*occupation_code;
	int64_t		 level;
	int32_t		 from_on, to_on;
};

struct end_in {
	const char	*state, *note;
};

struct month_in {
	int32_t		 month;
	int64_t		 work_hours, school_hours;
	const char	*content;
};

static int	apprentice_add(struct call *);
static int	apprentice_record(struct call *);

static const char *const ends[] = { "completed", "left", NULL };

static const struct field apprentice_fields[] = {
	FIELD_UUID(apprentice_in, person_id, REQUIRED, "学徒"),
	FIELD_UUID(apprentice_in, master_id, REQUIRED, "师傅"),
	FIELD_CHECK(apprentice_in, occupation_code, REQUIRED, check_occupation, "职业代码"),
	FIELD_INT(apprentice_in, level, REQUIRED, 1, 5, "培养等级"),
	FIELD_DAY(apprentice_in, from_on, REQUIRED, "培养期自"),
	FIELD_DAY(apprentice_in, to_on, REQUIRED, "培养期至"),
	FIELD_END
};
static const struct field end_fields[] = {
	FIELD_ENUM(end_in, state, REQUIRED, ends, "期满结业或中途离开"),
	FIELD_TEXT(end_in, note, REQUIRED, 2, 300, "说明"),
	FIELD_END
};
static const struct field month_fields[] = {
	FIELD_DAY(month_in, month, REQUIRED, "月份（当月一日）"),
	FIELD_INT(month_in, work_hours, REQUIRED, 0, MONTH_HOURS_MAX, "企业培养课时"),
	FIELD_INT(month_in, school_hours, REQUIRED, 0, MONTH_HOURS_MAX, "院校培训课时"),
	FIELD_TEXT(month_in, content, REQUIRED, 2, 1000, "培养内容"),
	FIELD_END
};

static const struct shape month_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "月度记录" },
	{ .name = "apprentice_id", .type = SHAPE_T_UUID, .nullable = true, .help = "学徒登记" },
	{ .name = "month", .type = SHAPE_T_DAY, .help = "月份" },
	{ .name = "work_hours", .type = SHAPE_T_INT, .help = "企业培养课时" },
	{ .name = "school_hours", .type = SHAPE_T_INT, .help = "院校培训课时" },
	{ .name = "content", .type = SHAPE_T_TEXT, .help = "培养内容" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "apprentice_month_states", .help = "状态" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "学徒的说明" },
	SHAPE_END
};
static const struct shape apprentice_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "学徒登记" },
	{ .name = "agreement_id", .type = SHAPE_T_UUID, .help = "协议" },
	{ .name = "school_id", .type = SHAPE_T_UUID, .help = "院校" },
	{ .name = "firm_id", .type = SHAPE_T_UUID, .help = "企业" },
	{ .name = "firm_name", .type = SHAPE_T_TEXT, .help = "企业名称" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "学徒" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },
	{ .name = "master_masked", .type = SHAPE_T_TEXT, .help = "师傅姓名（隐去）" },
	{ .name = "occupation_code", .type = SHAPE_T_TEXT, .help = "职业代码" },
	{ .name = "level", .type = SHAPE_T_INT, .help = "培养等级" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "培养期自" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .help = "培养期至" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "apprentice_states", .help = "状态" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "说明" },
	{ .name = "confirmed_on", .type = SHAPE_T_DAY, .nullable = true, .help = "本人确认日期" },
	{ .name = "ended_on", .type = SHAPE_T_DAY, .nullable = true, .help = "结束日期" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "主管县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "登记时间" },
	{ .name = "months", .type = SHAPE_T_LIST, .of = month_shape, .help = "月度记录" },
	SHAPE_END
};

const struct route apprentice_routes[] = {
	{ .name = "apprentice_add", .method = METHOD_POST, .path = "/v1/training/agreements/{id}/apprentices",
	  .callers = ROLE_EMPLOYER | ROLE_INSTITUTION, .scope = SCOPE_ORG, .action = "training.apprentice.add",
	  .body = INPUT(apprentice_in, apprentice_fields), .reply = apprentice_shape,
	  .handler = apprentice_add, .emits = "training.apprentice.changed.v1", .limit = LIMIT_WRITE,
	  .zh = "登记学徒和师傅", .en = "Enter an apprentice, who has to confirm" },
	{ .name = "apprentice_answer", .method = METHOD_POST, .path = "/v1/training/my/apprenticeships/{id}/answer",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "training.apprentice.answer",
	  .body = INPUT(answer_in, answer_fields), .reply = apprentice_shape, .success = 200,
	  .stmt = &stmt_apprentice_answer, .emits = "training.apprentice.changed.v1", .limit = LIMIT_WRITE,
	  .zh = "本人确认学徒身份", .en = "Confirm that one is an apprentice, or deny it" },
	{ .name = "apprentice_end", .method = METHOD_POST, .path = "/v1/training/apprentices/{id}/end",
	  .callers = ROLE_EMPLOYER | ROLE_INSTITUTION, .scope = SCOPE_ORG, .action = "training.apprentice.end",
	  .body = INPUT(end_in, end_fields), .reply = apprentice_shape, .success = 200,
	  .stmt = &stmt_apprentice_end, .emits = "training.apprentice.changed.v1", .limit = LIMIT_WRITE,
	  .zh = "学徒期满或离开", .en = "End an apprenticeship" },
	{ .name = "apprentice_record", .method = METHOD_POST, .path = "/v1/training/apprentices/{id}/months",
	  .callers = ROLE_EMPLOYER | ROLE_INSTITUTION, .scope = SCOPE_ORG, .action = "training.apprentice.record",
	  .body = INPUT(month_in, month_fields), .reply = month_shape, .handler = apprentice_record,
	  .emits = "training.apprentice.month_changed.v1", .limit = LIMIT_WRITE,
	  .zh = "登记学徒一个月的培养", .en = "Record a month of an apprentice" },
	{ .name = "apprentice_month_answer", .method = METHOD_POST,
	  .path = "/v1/training/my/apprentice-months/{id}/answer",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "training.apprentice.month_answer",
	  .body = INPUT(answer_in, answer_fields), .reply = month_shape, .success = 200,
	  .stmt = &stmt_apprentice_month_answer, .emits = "training.apprentice.month_changed.v1",
	  .limit = LIMIT_WRITE, .zh = "学徒确认一个月的培养", .en = "Confirm a month, or dispute it" },
	{ .name = "apprentice_list", .method = METHOD_GET, .path = "/v1/training/agreements/{id}/apprentices",
	  .callers = ROLE_EMPLOYER | ROLE_INSTITUTION | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "training.apprentice.list", .list = true, .reply = apprentice_shape,
	  .stmt = &stmt_apprentice_list, .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "协议下的学徒", .en = "List the apprentices of an agreement" },
	{ .name = "apprentice_list_person", .method = METHOD_GET, .path = "/v1/training/my/apprenticeships",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "training.apprentice.list_person",
	  .list = true, .reply = apprentice_shape, .stmt = &stmt_apprentice_list_person, .limit = LIMIT_READ,
	  .zh = "我的学徒登记", .en = "List the caller's apprenticeships" },
	ROUTE_END
};

static int
apprentice_add(struct call *c)
{
	const struct apprentice_in	*in = c->body;
	struct uuid			 id = uuid_new();
	struct db_rows			 rows;

	if (in->to_on < in->from_on)
		return (call_reject(c, ERR_F_DATE_ORDER, "/to_on"));
	if (uuid_equal(&in->person_id, &in->master_id))
		return (call_reject(c, ERR_F_CHOICE, "/master_id"));
	call_object(c, &id);
	if (sql_apprentice_add(c->db, &rows, &id, &c->id, &c->principal->org, &in->person_id, &in->master_id,
	    in->occupation_code, in->level, in->from_on, in->to_on) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
apprentice_record(struct call *c)
{
	const struct month_in	*in = c->body;
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;
	int			 y, m, d;

	day_split(in->month, &y, &m, &d);
	if (d != 1)
		return (call_reject(c, ERR_F_FORMAT, "/month"));
	if (in->work_hours + in->school_hours == 0)
		return (call_reject(c, ERR_F_SMALL, "/work_hours"));
	call_object(c, &id);
	if (sql_apprentice_record(c->db, &rows, &id, &c->id, &c->principal->org, in->month, in->work_hours,
	    in->school_hours, in->content) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}
