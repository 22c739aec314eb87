/*
 * trainer.c -- trainers of institutions: entered by the institution, confirmed
 * or declined by the person, ended by either.
 *
 * Invariant: nobody is anybody's trainer without having said so. The SQL is in
 * sql/training/queries/trainer.sql.
 */
#include "institution.h"
#include "training_sql.h"

struct trainer_in {
	struct uuid	 person_id;
	const char	*qualification;
	struct list_of	 occupations;
};

struct trainer_query {
	const char	*state;
};

static int	trainer_invite(struct call *);

static const char *const states[] = { "invited", "confirmed", "declined", "left", NULL };

static const struct field trainer_fields[] = {
	FIELD_UUID(trainer_in, person_id, REQUIRED, "人员"),
	FIELD_TEXT(trainer_in, qualification, REQUIRED, 2, 200, "资格、职称或证书编号"),
	FIELD_LIST(trainer_in, occupations, REQUIRED, 1, 50, occupation_row, licensed_fields, "任教职业和最高等级"),
	FIELD_END
};
static const struct field trainer_query_fields[] = {
	FIELD_ENUM(trainer_query, state, OPTIONAL, states, "状态"),
	FIELD_END
};

static const struct shape trainer_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "任教登记" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "机构" },
	{ .name = "org_name", .type = SHAPE_T_TEXT, .help = "机构名称" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "教师" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },
	{ .name = "qualification", .type = SHAPE_T_TEXT, .help = "资格" },
	{ .name = "occupations", .type = SHAPE_T_LIST, .of = licensed_shape, .help = "任教职业和最高等级" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "trainer_states", .help = "状态" },
	{ .name = "confirmed_on", .type = SHAPE_T_DAY, .nullable = true, .help = "确认日期" },
	{ .name = "left_on", .type = SHAPE_T_DAY, .nullable = true, .help = "离任日期" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "机构所属县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "登记时间" },
	SHAPE_END
};

const struct route trainer_routes[] = {
	{ .name = "trainer_invite", .method = METHOD_POST, .path = "/v1/training/trainers",
	  .callers = ROLE_INSTITUTION, .scope = SCOPE_ORG, .action = "training.trainer.invite",
	  .body = INPUT(trainer_in, trainer_fields), .reply = trainer_shape, .handler = trainer_invite,
	  .emits = "training.trainer.changed.v1", .limit = LIMIT_WRITE,
	  .zh = "登记培训教师", .en = "Enter a trainer, who has to confirm" },
	{ .name = "trainer_answer", .method = METHOD_POST, .path = "/v1/training/my/trainer-posts/{id}/answer",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "training.trainer.answer",
	  .body = INPUT(answer_in, answer_fields), .reply = trainer_shape, .success = 200,
	  .stmt = &stmt_trainer_answer, .emits = "training.trainer.changed.v1", .limit = LIMIT_WRITE,
	  .zh = "本人确认任教", .en = "Confirm that one is a trainer, or deny it" },
	{ .name = "trainer_leave", .method = METHOD_POST, .path = "/v1/training/trainers/{id}/leave",
	  .callers = ROLE_INSTITUTION | ROLE_PERSON, .scope = SCOPE_CALLER, .action = "training.trainer.leave",
	  .reply = trainer_shape, .success = 200, .stmt = &stmt_trainer_leave,
	  .emits = "training.trainer.changed.v1", .limit = LIMIT_WRITE,
	  .zh = "终止任教", .en = "End being a trainer, by either side" },
	{ .name = "trainer_list_org", .method = METHOD_GET, .path = "/v1/training/org/trainers",
	  .callers = ROLE_INSTITUTION, .scope = SCOPE_ORG, .action = "training.trainer.list_org",
	  .query = INPUT(trainer_query, trainer_query_fields), .list = true, .reply = trainer_shape,
	  .stmt = &stmt_trainer_list, .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "本机构的教师", .en = "List one's own trainers" },
	{ .name = "trainer_list", .method = METHOD_GET, .path = "/v1/training/trainers",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "training.trainer.list",
	  .query = INPUT(trainer_query, trainer_query_fields), .list = true, .reply = trainer_shape,
	  .stmt = &stmt_trainer_list, .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "辖区内的教师", .en = "List the trainers of the area" },
	{ .name = "trainer_list_person", .method = METHOD_GET, .path = "/v1/training/my/trainer-posts",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "training.trainer.list_person",
	  .list = true, .reply = trainer_shape, .stmt = &stmt_trainer_list_person, .limit = LIMIT_READ,
	  .zh = "我的任教登记", .en = "List where the caller is a trainer" },
	ROUTE_END
};

static int
trainer_invite(struct call *c)
{
	const struct trainer_in	*in = c->body;
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;

	call_object(c, &id);
	if (sql_trainer_invite(c->db, &rows, &id, &c->principal->org, &in->person_id, in->qualification,
	    body_list_text(c, "occupations")) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}
