/*
 * graduate.c -- 离校未就业高校毕业生实名台账: who is on it, who looks after whom
 * one to one, what was heard (永政办发〔2024〕15号 二（三）7: followed up and
 * served 100 %, employed 95 %).
 *
 * Invariant: a number is on the roster once; what is done in the help case
 * counts here by trigger (sql/jobs/077). The SQL is in sql/jobs/queries/graduate.sql.
 */
#include "roster.h"

#include "codes/codes.h"
#include "help.h"
#include "jobs_sql.h"

#define SCHOOL_MOST	60
#define MAJOR_MOST	60

struct graduate_assign_in {
	struct uuid	 officer_id, station_id;
};

struct graduate_follow_in {
	int32_t		 contacted_on;
	const char	*contact_result;
	bool		 is_willing, is_served;
};

struct graduate_query {
	const char	*county_code;
	struct uuid	 officer_id;
	const char	*contact_result;
	bool		 is_employed, is_followed;
};

struct graduate_figure_query {
	int32_t		 graduated_from, graduated_to;
};

static int	take_graduate(struct roster_file *, const char **);
static int	graduate_assign(struct call *);
static int	graduate_figure_list(struct call *);

static const char *const results[] = { "unreached", "seeking", "employed", "self_employed",
	"further_study", "army", "not_willing", NULL };
static const char *const columns[] = { "id_number", "name", "school", "major", "education_code",
	"graduated_on", "area_code", NULL };

const struct roster_kind roster_graduates = {
	"graduates", "第一行应为 id_number,name,school,major,education_code,graduated_on,area_code",
	columns, NITEMS(columns) - 1, take_graduate, sql_graduate_add
};

static const struct field graduate_assign_in_fields[] = {
	FIELD_UUID(graduate_assign_in, officer_id, OPTIONAL, "责任人；不填为本人"),
	FIELD_UUID(graduate_assign_in, station_id, OPTIONAL, "青年求职加油站"),
	FIELD_END
};

static const struct field graduate_follow_in_fields[] = {
	FIELD_DAY(graduate_follow_in, contacted_on, REQUIRED, "日期"),
	FIELD_ENUM(graduate_follow_in, contact_result, REQUIRED, results, "回访结果"),
	FIELD_BOOL(graduate_follow_in, is_willing, OPTIONAL, "有就业意愿"),
	FIELD_BOOL(graduate_follow_in, is_served, OPTIONAL, "提供了就业服务"),
	FIELD_END
};

static const struct field graduate_query_fields[] = {
	FIELD_CHECK(graduate_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_UUID(graduate_query, officer_id, OPTIONAL, "责任人"),
	FIELD_ENUM(graduate_query, contact_result, OPTIONAL, results, "回访结果"),
	FIELD_BOOL(graduate_query, is_employed, OPTIONAL, "已就业"),
	FIELD_BOOL(graduate_query, is_followed, OPTIONAL, "已回访"),
	FIELD_END
};

static const struct field graduate_figure_query_fields[] = {
	FIELD_DAY(graduate_figure_query, graduated_from, OPTIONAL, "毕业日期自"),
	FIELD_DAY(graduate_figure_query, graduated_to, OPTIONAL, "毕业日期至"),
	FIELD_END
};

static const struct shape graduate_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "台账" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .nullable = true, .help = "人员；未登记的为空" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },
	{ .name = "school", .type = SHAPE_T_TEXT, .help = "毕业院校" },
	{ .name = "major", .type = SHAPE_T_TEXT, .help = "专业" },
	{ .name = "education_code", .type = SHAPE_T_TEXT, .help = "学历" },
	{ .name = "graduated_on", .type = SHAPE_T_DAY, .help = "毕业日期" },
	{ .name = "is_priority", .type = SHAPE_T_BOOL, .help = "雨露计划+：脱贫家庭，优先" },
	{ .name = "is_willing", .type = SHAPE_T_BOOL, .nullable = true, .help = "有就业意愿；未问为空" },
	{ .name = "contact_result", .type = SHAPE_T_TEXT, .codes = "graduate_contact_results", .nullable = true,
	  .help = "回访结果" },
	{ .name = "followed_on", .type = SHAPE_T_DAY, .nullable = true, .help = "最近回访" },
	{ .name = "served_on", .type = SHAPE_T_DAY, .nullable = true, .help = "最近服务" },
	{ .name = "employed_on", .type = SHAPE_T_DAY, .nullable = true, .help = "就业日期" },
	{ .name = "officer_id", .type = SHAPE_T_UUID, .nullable = true, .help = "责任人" },
	{ .name = "station_id", .type = SHAPE_T_UUID, .nullable = true, .help = "青年求职加油站" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "乡镇或村" },
	SHAPE_END
};

static const struct shape targets_shape[] = {
	{ .name = "graduate_follow_up_bp", .type = SHAPE_T_INT, .help = "回访率目标（万分之一）" },
	{ .name = "graduate_service_bp", .type = SHAPE_T_INT, .help = "服务率目标（万分之一）" },
	{ .name = "graduate_employment_bp", .type = SHAPE_T_INT, .help = "就业率目标（万分之一）" },
	SHAPE_END
};

static const struct shape figure_shape[] = {
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "hidden", .type = SHAPE_T_BOOL, .help = "有少于 5 的数，对统计人员隐去" },
	{ .name = "persons", .type = SHAPE_T_INT, .nullable = true, .help = "台账人数" },
	{ .name = "followed", .type = SHAPE_T_INT, .nullable = true, .help = "已回访" },
	{ .name = "served", .type = SHAPE_T_INT, .nullable = true, .help = "已服务" },
	{ .name = "willing", .type = SHAPE_T_INT, .nullable = true, .help = "有就业意愿（就业率的分母）" },
	{ .name = "employed", .type = SHAPE_T_INT, .nullable = true, .help = "已就业" },
	{ .name = "follow_up_rate_bp", .type = SHAPE_T_INT, .nullable = true, .help = "回访率（万分之一）" },
	{ .name = "service_rate_bp", .type = SHAPE_T_INT, .nullable = true, .help = "服务率（万分之一）" },
	{ .name = "employment_rate_bp", .type = SHAPE_T_INT, .nullable = true, .help = "就业率（万分之一）" },
	SHAPE_END
};

static const struct shape figures_shape[] = {
	{ .name = "targets", .type = SHAPE_T_OBJECT, .of = targets_shape, .help = "目标" },
	{ .name = "target_source", .type = SHAPE_T_TEXT, .help = "依据" },
	{ .name = "items", .type = SHAPE_T_LIST, .of = figure_shape, .help = "各县区" },
	SHAPE_END
};

const struct route graduate_routes[] = {
	{ .name = "graduate_list", .method = METHOD_GET, .path = "/v1/jobs/graduates",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "jobs.graduate.list",
	  .query = INPUT(graduate_query, graduate_query_fields), .list = true, .reply = graduate_shape,
	  .stmt = &stmt_graduate_list, .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "离校未就业毕业生台账", .en = "List the roster of graduates without work, priority first" },
	{ .name = "graduate_get", .method = METHOD_GET, .path = "/v1/jobs/graduates/{id}",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "jobs.graduate.get",
	  .reply = graduate_shape, .stmt = &stmt_graduate_get, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON, .zh = "查看毕业生", .en = "Read a graduate of the roster" },
	{ .name = "graduate_assign", .method = METHOD_POST, .path = "/v1/jobs/graduates/{id}/assign",
	  .callers = ROLE_HELPERS, .scope = SCOPE_AREA, .action = "jobs.graduate.assign",
	  .body = INPUT(graduate_assign_in, graduate_assign_in_fields), .reply = graduate_shape,
	  .success = 200, .handler = graduate_assign, .limit = LIMIT_WRITE,
	  .zh = "指定一对一责任人", .en = "Give a graduate to an officer, one to one" },
	{ .name = "graduate_follow", .method = METHOD_POST, .path = "/v1/jobs/graduates/{id}/follow-ups",
	  .callers = ROLE_HELPERS, .scope = SCOPE_AREA, .action = "jobs.graduate.follow",
	  .body = INPUT(graduate_follow_in, graduate_follow_in_fields), .reply = graduate_shape,
	  .success = 200, .stmt = &stmt_graduate_follow, .emits = "jobs.graduate.changed.v1",
	  .limit = LIMIT_WRITE,
	  .zh = "登记回访", .en = "Write down what was heard of a graduate" },
	{ .name = "graduate_figure_list", .method = METHOD_GET, .path = "/v1/jobs/graduate-figures",
	  .callers = ROLE_CASE_OFFICERS | ROLE_STATS, .scope = SCOPE_AREA,
	  .action = "jobs.graduate.figures",
	  .query = INPUT(graduate_figure_query, graduate_figure_query_fields), .reply = figures_shape,
	  .handler = graduate_figure_list, .limit = LIMIT_READ,
	  .zh = "毕业生回访率、服务率、就业率", .en = "Follow-up, service and employment of graduates" },
	ROUTE_END
};

static int
take_graduate(struct roster_file *f, const char **column)
{
	const char *const	*v = f->csv.field;
	int32_t			 day;
	int			 code;

	*column = "school";
	if ((code = roster_check_text(v[2], SCHOOL_MOST)) != 0)
		return (code);
	*column = "major";
	if ((code = roster_check_text(v[3], MAJOR_MOST)) != 0)
		return (code);
	*column = "education_code";
	if ((code = check_education(v[4])) != 0)
		return (code);
	*column = "graduated_on";
	if ((day = day_parse(v[5])) == DAY_NONE)
		return (ERR_F_FORMAT);
	if (day > clock_today())
		return (ERR_F_DATE_FUTURE);
	if ((code = roster_take_who(f, v[0], v[1], v[6], column)) != 0)
		return (code);
	json_put_text(&f->out, "s", v[2]);
	json_put_text(&f->out, "m", v[3]);
	json_put_text(&f->out, "e", v[4]);
	json_put_day(&f->out, "d", day);
	json_close(&f->out);
	return (0);
}

static int
graduate_assign(struct call *c)
{
	const struct graduate_assign_in	*in = c->body;
	const struct uuid		*officer;
	struct db_rows			 rows;

	officer = uuid_is_nil(&in->officer_id) ? &c->principal->subject : &in->officer_id;
	if (sql_graduate_assign(c->db, &rows, &c->id, officer,
	    uuid_is_nil(&in->station_id) ? NULL : &in->station_id) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
graduate_figure_list(struct call *c)
{
	const struct graduate_figure_query	*q = c->query;
	struct db_rows				 rows;

	if (sql_graduate_figure_list(c->db, &rows, q->graduated_from, q->graduated_to,
	    help_hides(c)) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}
