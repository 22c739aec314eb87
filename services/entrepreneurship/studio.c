/*
 * studio.c -- 创业指导工作室: proposed by an organisation, recognised by two
 * officers, read by everybody; what classes they ask for; the year's figures.
 *
 * Invariant: the hands that propose, check and recognise are three. The SQL is
 * in sql/entrepreneurship/queries/studio.sql.
 */
#include "codes/codes.h"
#include "entrepreneurship_sql.h"
#include "mentors.h"

struct hour_in {
	int64_t		 weekday;
	const char	*opens, *closes;
};

struct studio_in {
	const char	*name, *fields, *address;
	struct list_of	 hours;
};

struct judge_in {
	bool		 pass;
	const char	*note;
};

struct revoke_in {
	const char	*note;
};

struct want_in {
	const char	*module, *note;
	int64_t		 headcount;
	int32_t		 from_on;
};

struct field_query {
	const char	*county_code, *field;
};

struct year_query {
	int64_t	year;
};

static int	studio_check(struct call *);
static int	studio_recognise(struct call *);
static int	studio_judge(struct call *, const char *step);
static int	check_clock(const char *);

static const char *const states[] = { "proposed", "checked", "recognised", "refused", "revoked", NULL };
static const char *const modules[] = { "gyb", "syb", "iyb", "eyb", "online", NULL };
const char *const mentor_fields[] = { "plan", "finance", "market", "law", "tax", "staff", "technology",
	"ecommerce", "farming", "other", NULL };

static const struct field hour_fields[] = {
	FIELD_INT(hour_in, weekday, REQUIRED, 1, 7, "星期几，1 为星期一"),
	FIELD_CHECK(hour_in, opens, REQUIRED, check_clock, "开门时间，如 09:00"),
	FIELD_CHECK(hour_in, closes, REQUIRED, check_clock, "关门时间"),
	FIELD_END
};
static const struct field studio_fields[] = {
	FIELD_TEXT(studio_in, name, REQUIRED, 2, 60, "工作室名称"),
	FIELD_JSON(studio_in, fields, REQUIRED, WORDS_BYTES, "指导领域，一种或几种，见 mentor_fields"),
	FIELD_TEXT(studio_in, address, REQUIRED, 2, 200, "地址"),
	FIELD_LIST(studio_in, hours, REQUIRED, 1, 14, hour_in, hour_fields, "开放时间"),
	FIELD_END
};
static const struct field judge_fields[] = {
	FIELD_BOOL(judge_in, pass, REQUIRED, "是否同意"),
	FIELD_TEXT(judge_in, note, OPTIONAL, 0, 300, "意见，不同意时必填"),
	FIELD_END
};
static const struct field revoke_fields[] = {
	FIELD_TEXT(revoke_in, note, REQUIRED, 2, 300, "原因"),
	FIELD_END
};
static const struct field want_fields[] = {
	FIELD_ENUM(want_in, module, REQUIRED, modules, "创业培训模块"),
	FIELD_INT(want_in, headcount, REQUIRED, 1, 1000, "人数"),
	FIELD_DAY(want_in, from_on, REQUIRED, "希望不早于何日开班"),
	FIELD_TEXT(want_in, note, OPTIONAL, 0, 300, "说明"),
	FIELD_END
};
static const struct field field_query_fields[] = {
	FIELD_CHECK(field_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_ENUM(field_query, field, OPTIONAL, mentor_fields, "指导领域"),
	FIELD_END
};
static const struct field state_query_fields[] = {
	FIELD_ENUM(state_query, state, OPTIONAL, states, "状态"),
	FIELD_CHECK(state_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_END
};
static const struct field year_query_fields[] = {
	FIELD_INT(year_query, year, OPTIONAL, 2020, 2100, "年度，默认今年"),
	FIELD_END
};
const struct field county_query_fields[] = {
	FIELD_CHECK(county_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_END
};

static const struct shape hour_shape[] = {
	{ .name = "weekday", .type = SHAPE_T_INT, .help = "星期几" },
	{ .name = "opens", .type = SHAPE_T_TEXT, .help = "开门时间" },
	{ .name = "closes", .type = SHAPE_T_TEXT, .help = "关门时间" },
	SHAPE_END
};
static const struct shape studio_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "工作室" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "所在单位" },
	{ .name = "org_name", .type = SHAPE_T_TEXT, .help = "单位名称" },
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "工作室名称" },
	{ .name = "fields", .type = SHAPE_T_LIST, .codes = "mentor_fields", .help = "指导领域" },
	{ .name = "address", .type = SHAPE_T_TEXT, .help = "地址" },
	{ .name = "hours", .type = SHAPE_T_LIST, .of = hour_shape, .help = "开放时间" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "studio_states", .help = "状态" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "意见" },
	{ .name = "recognised_on", .type = SHAPE_T_DAY, .nullable = true, .help = "认定日期" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "申报时间" },
	SHAPE_END
};
static const struct shape want_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "培训需求" },
	{ .name = "studio_id", .type = SHAPE_T_UUID, .help = "工作室" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "所在单位" },
	{ .name = "module", .type = SHAPE_T_TEXT, .codes = "class_modules", .help = "创业培训模块" },
	{ .name = "headcount", .type = SHAPE_T_INT, .help = "人数" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "希望不早于" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "说明" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "提出时间" },
	SHAPE_END
};
static const struct shape figure_shape[] = {
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "year", .type = SHAPE_T_INT, .help = "年度" },
	{ .name = "studios", .type = SHAPE_T_INT, .help = "已认定工作室" },
	{ .name = "mentors", .type = SHAPE_T_INT, .help = "在聘导师" },
	{ .name = "guided", .type = SHAPE_T_INT, .nullable = true, .help = "指导人次（已确认），少于 5 不显示" },
	{ .name = "trained", .type = SHAPE_T_INT, .nullable = true, .help = "创业培训人次，少于 5 不显示" },
	{ .name = "passed", .type = SHAPE_T_INT, .nullable = true, .help = "其中合格，少于 5 不显示" },
	{ .name = "classes", .type = SHAPE_T_INT, .help = "创业培训班" },
	{ .name = "studio_target", .type = SHAPE_T_INT, .nullable = true, .help = "全市工作室目标" },
	{ .name = "training_target", .type = SHAPE_T_INT, .nullable = true, .help = "全市年度培训人次目标" },
	SHAPE_END
};

const struct route studio_routes[] = {
	{ .name = "studio_propose", .method = METHOD_POST, .path = "/v1/entrepreneurship/studios",
	  .callers = ROLE_ORGS, .scope = SCOPE_ORG, .right = RIGHT_MANAGE,
	  .action = "entrepreneurship.studio.propose", .body = INPUT(studio_in, studio_fields),
	  .reply = studio_shape, .stmt = &stmt_studio_propose, .emits = "entrepreneurship.studio.moved.v1",
	  .limit = LIMIT_WRITE, .matter = "EN-10",
	  .zh = "申报创业指导工作室", .en = "Propose a studio for recognition" },
	{ .name = "studio_list", .method = METHOD_GET, .path = "/v1/entrepreneurship/studios",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "entrepreneurship.studio.list",
	  .query = INPUT(field_query, field_query_fields), .list = true, .reply = studio_shape,
	  .stmt = &stmt_studio_list, .limit = LIMIT_READ,
	  .zh = "创业指导工作室", .en = "List recognised studios" },
	{ .name = "studio_list_own", .method = METHOD_GET, .path = "/v1/entrepreneurship/own-studios",
	  .callers = ROLE_ORGS | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "entrepreneurship.studio.list_own", .query = INPUT(state_query, state_query_fields),
	  .list = true, .reply = studio_shape, .stmt = &stmt_studio_list_own, .limit = LIMIT_READ,
	  .zh = "本单位或辖区的工作室", .en = "List own studios, or those of the area" },
	{ .name = "studio_check", .method = METHOD_POST, .path = "/v1/entrepreneurship/studios/{id}/check",
	  .callers = ROLE_FIRST_REVIEW, .scope = SCOPE_AREA, .action = "entrepreneurship.studio.check",
	  .body = INPUT(judge_in, judge_fields), .reply = studio_shape, .success = 200,
	  .handler = studio_check, .emits = "entrepreneurship.studio.moved.v1", .limit = LIMIT_WRITE,
	  .zh = "工作室初审", .en = "First check of a studio" },
	{ .name = "studio_recognise", .method = METHOD_POST,
	  .path = "/v1/entrepreneurship/studios/{id}/recognise",
	  .callers = ROLE_RECHECK | ROLE_APPROVE, .scope = SCOPE_AREA,
	  .action = "entrepreneurship.studio.recognise", .body = INPUT(judge_in, judge_fields),
	  .reply = studio_shape, .success = 200, .handler = studio_recognise,
	  .emits = "entrepreneurship.studio.moved.v1", .limit = LIMIT_WRITE,
	  .zh = "工作室认定", .en = "Recognise a studio" },
	{ .name = "studio_revoke", .method = METHOD_POST, .path = "/v1/entrepreneurship/studios/{id}/revoke",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "entrepreneurship.studio.revoke",
	  .body = INPUT(revoke_in, revoke_fields), .reply = studio_shape, .success = 200,
	  .stmt = &stmt_studio_revoke,
	  .emits = "entrepreneurship.studio.moved.v1 entrepreneurship.mentor.moved.v1",
	  .limit = LIMIT_WRITE, .zh = "取消工作室认定", .en = "Revoke a recognition" },
	{ .name = "training_want", .method = METHOD_POST,
	  .path = "/v1/entrepreneurship/studios/{id}/training-wants",
	  .callers = ROLE_ORGS, .scope = SCOPE_ORG, .right = RIGHT_MANAGE,
	  .action = "entrepreneurship.training.want", .body = INPUT(want_in, want_fields),
	  .reply = want_shape, .stmt = &stmt_training_want, .emits = "entrepreneurship.training.wanted.v1",
	  .limit = LIMIT_WRITE, .zh = "提出创业培训需求", .en = "Ask for a class for founders" },
	{ .name = "training_want_list", .method = METHOD_GET, .path = "/v1/entrepreneurship/training-wants",
	  .callers = ROLE_ORGS | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "entrepreneurship.training.want_list", .query = INPUT(county_query, county_query_fields),
	  .list = true, .reply = want_shape, .stmt = &stmt_training_want_list, .limit = LIMIT_READ,
	  .zh = "创业培训需求", .en = "List the classes asked for" },
	{ .name = "guidance_figures", .method = METHOD_GET, .path = "/v1/entrepreneurship/guidance-figures",
	  .callers = ROLE_CASE_OFFICERS | ROLE_STATS, .scope = SCOPE_AREA,
	  .action = "entrepreneurship.guidance.figures", .query = INPUT(year_query, year_query_fields),
	  .list = true, .reply = figure_shape, .stmt = &stmt_guidance_figures, .limit = LIMIT_READ,
	  .zh = "创业指导和培训（分县、分年）", .en = "Guidance and training by county and year" },
	ROUTE_END
};

static int
studio_check(struct call *c)
{
	return (studio_judge(c, "check"));
}

static int
studio_recognise(struct call *c)
{
	return (studio_judge(c, "recognise"));
}

/* Whoever says no says why. */
static int
studio_judge(struct call *c, const char *step)
{
	const struct judge_in	*in = c->body;
	struct db_rows		 rows;

	if (!in->pass && (in->note == NULL || *in->note == '\0'))
		return (call_reject(c, ERR_F_MISSING, "/note"));
	if (sql_studio_judge(c->db, &rows, &c->id, step, in->pass, in->note) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

/* HH:MM */
static int
check_clock(const char *t)
{
	if (strlen(t) != 5 || t[2] != ':' || strspn(t, "0123456789:") != 5)
		return (ERR_F_FORMAT);
	if (t[0] > '2' || (t[0] == '2' && t[1] > '3') || t[3] > '5' || t[1] == ':' || t[4] == ':')
		return (ERR_F_FORMAT);
	return (0);
}
