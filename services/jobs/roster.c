/*
 * roster.c -- 脱贫人口、返贫监测对象 and their 务工 spells (永政办发〔2024〕15号
 * 二（三）8: 29.7万人 at work).
 *
 * Invariant: nobody is at work in two places away on one day (a trigger under
 * the member's row, sql/jobs/077). The SQL is in sql/jobs/queries/roster.sql.
 */
#include "roster.h"

#include "codes/codes.h"
#include "help.h"
#include "jobs_sql.h"

#define INCOME_MOST_CENTS	INT64_C(100000000)	/* 100 万元 a month */

struct roster_spell_in {
	const char	*place_kind, *place, *employer;
	int32_t		 from_on, to_on;
	int64_t		 income_cents;
	const char	*source;
};

struct roster_end_in {
	int32_t		 to_on;
};

struct roster_query {
	const char	*county_code, *area_code, *kind, *household_no;
	bool		 is_working;
};

struct roster_figure_query {
	int32_t		 on;
	const char	*county_code;
};

static int	take_poverty(struct roster_file *, const char **);
static int	roster_spell_add(struct call *);
static int	roster_spell_end(struct call *);
static int	roster_migration_figures(struct call *);

static const char *const kinds[] = { "lifted", "monitored", NULL };
static const char *const place_kinds[] = { "outside_province", "within_province", "within_county",
	"village_workshop", NULL };
static const char *const sources[] = { "self", "village", "survey", "employer", "data", NULL };
static const char *const columns[] = { "id_number", "name", "household_no", "kind", "area_code", NULL };

const struct roster_kind roster_poverty = {
	"poverty", "第一行应为 id_number,name,household_no,kind,area_code",
	columns, NITEMS(columns) - 1, take_poverty, sql_roster_poverty_add
};

static const struct field roster_spell_in_fields[] = {
	FIELD_ENUM(roster_spell_in, place_kind, REQUIRED, place_kinds, "务工地类别"),
	FIELD_TEXT(roster_spell_in, place, REQUIRED, 2, 60, "务工地"),
	FIELD_TEXT(roster_spell_in, employer, REQUIRED, 2, 60, "用工单位"),
	FIELD_DAY(roster_spell_in, from_on, REQUIRED, "自"),
	FIELD_DAY(roster_spell_in, to_on, OPTIONAL, "至；仍在务工不填"),
	FIELD_INT(roster_spell_in, income_cents, REQUIRED, 0, INCOME_MOST_CENTS, "月收入（分）"),
	FIELD_ENUM(roster_spell_in, source, REQUIRED, sources, "信息来源"),
	FIELD_END
};

static const struct field roster_end_in_fields[] = {
	FIELD_DAY(roster_end_in, to_on, REQUIRED, "结束日期"),
	FIELD_END
};

static const struct field roster_query_fields[] = {
	FIELD_CHECK(roster_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_CHECK(roster_query, area_code, OPTIONAL, check_area, "乡镇或村，含其下级"),
	FIELD_ENUM(roster_query, kind, OPTIONAL, kinds, "对象类别"),
	FIELD_TEXT(roster_query, household_no, OPTIONAL, 1, 30, "户编号"),
	FIELD_BOOL(roster_query, is_working, OPTIONAL, "正在务工"),
	FIELD_END
};

static const struct field roster_figure_query_fields[] = {
	FIELD_DAY(roster_figure_query, on, OPTIONAL, "截至日期，默认今天"),
	FIELD_CHECK(roster_figure_query, county_code, OPTIONAL, check_county, "县区；给出时按乡镇"),
	FIELD_END
};

static const struct shape spell_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "务工经历" },
	{ .name = "member_id", .type = SHAPE_T_UUID, .help = "台账人员" },
	{ .name = "place_kind", .type = SHAPE_T_TEXT, .help = "务工地类别" },
	{ .name = "place", .type = SHAPE_T_TEXT, .help = "务工地" },
	{ .name = "employer", .type = SHAPE_T_TEXT, .help = "用工单位" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "自" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .nullable = true, .help = "至" },
	{ .name = "income_cents", .type = SHAPE_T_INT, .help = "月收入（分）" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" },
	{ .name = "source", .type = SHAPE_T_TEXT, .help = "信息来源" },
	SHAPE_END
};

static const struct shape member_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "台账人员" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .nullable = true, .help = "人员；未登记的为空" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },
	{ .name = "household_no", .type = SHAPE_T_TEXT, .help = "户编号" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .codes = "poverty_kinds", .help = "对象类别" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "村（社区）" },
	{ .name = "is_working", .type = SHAPE_T_BOOL, .help = "正在务工" },
	{ .name = "spells", .type = SHAPE_T_LIST, .nullable = true, .of = spell_shape, .help = "务工经历" },
	SHAPE_END
};

static const struct shape figure_shape[] = {
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "town_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "乡镇" },
	{ .name = "hidden", .type = SHAPE_T_BOOL, .help = "有少于 5 的数，对统计人员隐去" },
	{ .name = "persons", .type = SHAPE_T_INT, .nullable = true, .help = "台账人数" },
	{ .name = "working", .type = SHAPE_T_INT, .nullable = true, .help = "务工人数" },
	{ .name = "outside_province", .type = SHAPE_T_INT, .nullable = true, .help = "省外" },
	{ .name = "within_province", .type = SHAPE_T_INT, .nullable = true, .help = "省内县外" },
	{ .name = "within_county", .type = SHAPE_T_INT, .nullable = true, .help = "县内" },
	{ .name = "village_workshop", .type = SHAPE_T_INT, .nullable = true, .help = "帮扶车间" },
	SHAPE_END
};

static const struct shape figures_shape[] = {
	{ .name = "on", .type = SHAPE_T_DAY, .help = "截至" },
	{ .name = "target", .type = SHAPE_T_INT, .help = "全市目标（人）" },
	{ .name = "target_source", .type = SHAPE_T_TEXT, .help = "依据" },
	{ .name = "items", .type = SHAPE_T_LIST, .of = figure_shape, .help = "各县区或乡镇" },
	SHAPE_END
};

const struct route roster_routes[] = {
	{ .name = "roster_poverty_list", .method = METHOD_GET, .path = "/v1/jobs/poverty-members",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "jobs.roster.list",
	  .query = INPUT(roster_query, roster_query_fields), .list = true, .reply = member_shape,
	  .stmt = &stmt_roster_poverty_list, .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "脱贫人口、监测对象台账", .en = "List the roster of people lifted from poverty" },
	{ .name = "roster_poverty_get", .method = METHOD_GET, .path = "/v1/jobs/poverty-members/{id}",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "jobs.roster.get",
	  .reply = member_shape, .stmt = &stmt_roster_poverty_get, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON, .zh = "查看台账人员及务工经历", .en = "Read one with the spells of work away" },
	{ .name = "roster_spell_add", .method = METHOD_POST, .path = "/v1/jobs/poverty-members/{id}/spells",
	  .callers = ROLE_HELPERS, .scope = SCOPE_AREA, .action = "jobs.roster.spell_add",
	  .body = INPUT(roster_spell_in, roster_spell_in_fields), .reply = spell_shape,
	  .handler = roster_spell_add, .emits = "jobs.migration.changed.v1", .limit = LIMIT_WRITE,
	  .zh = "登记务工", .en = "Write down a spell of work away" },
	{ .name = "roster_spell_end", .method = METHOD_POST, .path = "/v1/jobs/migration-spells/{id}/end",
	  .callers = ROLE_HELPERS, .scope = SCOPE_AREA, .action = "jobs.roster.spell_end",
	  .body = INPUT(roster_end_in, roster_end_in_fields), .reply = spell_shape, .success = 200,
	  .handler = roster_spell_end, .emits = "jobs.migration.changed.v1", .limit = LIMIT_WRITE,
	  .zh = "结束务工", .en = "End a spell of work away" },
	{ .name = "roster_migration_figures", .method = METHOD_GET, .path = "/v1/jobs/migration-figures",
	  .callers = ROLE_CASE_OFFICERS | ROLE_STATS, .scope = SCOPE_AREA,
	  .action = "jobs.roster.figures",
	  .query = INPUT(roster_figure_query, roster_figure_query_fields), .reply = figures_shape,
	  .handler = roster_migration_figures, .limit = LIMIT_READ,
	  .zh = "脱贫人口务工人数", .en = "People at work against the target" },
	ROUTE_END
};

static int
take_poverty(struct roster_file *f, const char **column)
{
	const char *const	*v = f->csv.field;
	int			 code;

	*column = "household_no";
	if ((code = roster_check_text(v[2], 30)) != 0)
		return (code);
	*column = "kind";
	if (strcmp(v[3], kinds[0]) != 0 && strcmp(v[3], kinds[1]) != 0)
		return (ERR_F_CHOICE);
	if ((code = roster_take_who(f, v[0], v[1], v[4], column)) != 0)
		return (code);
	json_put_text(&f->out, "h", v[2]);
	json_put_text(&f->out, "k", v[3]);
	json_close(&f->out);
	return (0);
}

static int
roster_spell_add(struct call *c)
{
	const struct roster_spell_in	*in = c->body;
	struct db_rows			 rows;

	if (in->from_on > clock_today())
		return (call_reject(c, ERR_F_DATE_FUTURE, "/from_on"));
	if (in->to_on != DAY_NONE && in->to_on < in->from_on)
		return (call_reject(c, ERR_F_DATE_ORDER, "/to_on"));
	if (in->to_on != DAY_NONE && in->to_on > clock_today())
		return (call_reject(c, ERR_F_DATE_FUTURE, "/to_on"));
	if (sql_roster_spell_add(c->db, &rows, &c->id, in->place_kind, in->place, in->employer,
	    in->from_on, in->to_on, in->income_cents, in->source) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
roster_spell_end(struct call *c)
{
	const struct roster_end_in	*in = c->body;
	struct db_rows			 rows;

	if (in->to_on > clock_today())
		return (call_reject(c, ERR_F_DATE_FUTURE, "/to_on"));
	if (sql_roster_spell_end(c->db, &rows, &c->id, in->to_on) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
roster_migration_figures(struct call *c)
{
	const struct roster_figure_query	*q = c->query;
	struct db_rows				 rows;

	if (sql_roster_migration_figures(c->db, &rows, q->on == DAY_NONE ? clock_today() : q->on,
	    q->county_code, help_hides(c)) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}
