/*
 * dossier.c -- 一人一档 (永政办发〔2024〕15号 二（三）9): one view of a person
 * over every register, for officers of the area and for the person.
 *
 * Invariant: one statement under the reader's own scope; a part that the reader
 * may not see is empty. Further registers add theirs to jobs.dossier_parts().
 * The SQL is in sql/jobs/queries/dossier.sql.
 */
#include "help.h"

#include "jobs_sql.h"

static int	dossier_get(struct call *);
static int	dossier_get_person(struct call *);
static int	dossier_of(struct call *, const struct uuid *);

static const struct shape dossier_shape[] = {
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "人员" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },
	{ .name = "sex", .type = SHAPE_T_INT, .help = "性别" },
	{ .name = "born_in", .type = SHAPE_T_INT, .help = "出生年份" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "乡镇或村" },
	{ .name = "resume", .type = SHAPE_T_JSON, .nullable = true, .help = "简历概要" },
	{ .name = "employments", .type = SHAPE_T_JSON, .help = "就业登记" },
	{ .name = "unemployments", .type = SHAPE_T_JSON, .help = "失业登记" },
	{ .name = "applications", .type = SHAPE_T_JSON, .help = "投递" },
	{ .name = "help_cases", .type = SHAPE_T_LIST, .of = help_shape, .help = "帮扶个案" },
	{ .name = "graduate", .type = SHAPE_T_JSON, .nullable = true, .help = "毕业生台账" },
	{ .name = "poverty", .type = SHAPE_T_JSON, .nullable = true, .help = "脱贫人口台账及务工经历" },
	{ .name = "arrears_clues", .type = SHAPE_T_JSON, .help = "欠薪线索" },
	{ .name = "messages", .type = SHAPE_T_INT, .help = "消息数；只有本人看得到" },
	{ .name = "parts", .type = SHAPE_T_JSON, .help = "其他登记" },
	SHAPE_END
};

const struct route dossier_routes[] = {
	{ .name = "dossier_get", .method = METHOD_GET, .path = "/v1/jobs/persons/{id}/dossier",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "jobs.dossier.get",
	  .reply = dossier_shape, .handler = dossier_get, .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "一人一档", .en = "One view of a person over every register" },
	{ .name = "dossier_get_person", .method = METHOD_GET, .path = "/v1/jobs/my/dossier",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "jobs.dossier.get_person",
	  .reply = dossier_shape, .handler = dossier_get_person, .limit = LIMIT_READ,
	  .zh = "我的档案", .en = "The caller's own dossier" },
	ROUTE_END
};

static int
dossier_get(struct call *c)
{
	return (dossier_of(c, &c->id));
}

static int
dossier_get_person(struct call *c)
{
	return (dossier_of(c, &c->principal->person));
}

static int
dossier_of(struct call *c, const struct uuid *person)
{
	struct db_rows	rows;

	if (sql_dossier_get(c->db, &rows, person) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}
