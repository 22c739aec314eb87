/*
 * class.c -- classes: filed, started and completed by their institution, read
 * by everybody.
 *
 * Invariant: a class only goes open, running, completed; with the last step
 * every enrolment in it is completed and told. The SQL is in
 * sql/training/queries/class.sql.
 */
#include "training.h"
#include "codes/codes.h"
#include "training_sql.h"

#define LENGTH_DAYS_MOST	731
#define FILED_DAYS_LATE		31

struct class_in {
	const char	*title;
	const char	*occupation_code;
	int64_t		 level;
	const char	*area_code;
	int32_t		 starts_on;
	int32_t		 ends_on;
	int64_t		 capacity;
	int64_t		 pass_score;
};

struct class_query {
	const char	*area_code;
	const char	*occupation_code;
	int64_t		 level;
	const char	*state;
};

struct class_org_query {
	const char	*state;
};

static int	class_open(struct call *);

static const char *const states[] = { "open", "running", "completed", NULL };

static const struct field class_in_fields[] = {
	FIELD_TEXT(class_in, title, REQUIRED, 2, 60, "班级名称"),
	FIELD_CHECK(class_in, occupation_code, REQUIRED, check_occupation, "培训职业代码"),
	FIELD_INT(class_in, level, REQUIRED, 1, 5, "技能等级，5 为五级/初级"),
	FIELD_CHECK(class_in, area_code, REQUIRED, check_area, "办班地行政区划代码，到县级或更细"),
	FIELD_DAY(class_in, starts_on, REQUIRED, "开班日期"),
	FIELD_DAY(class_in, ends_on, REQUIRED, "结业日期"),
	FIELD_INT(class_in, capacity, REQUIRED, 1, 500, "名额"),
	FIELD_INT(class_in, pass_score, REQUIRED, 1, 100, "合格分数"),
	FIELD_END
};

static const struct field class_query_fields[] = {
	FIELD_CHECK(class_query, area_code, OPTIONAL, check_area, "办班地，含其下级"),
	FIELD_TEXT(class_query, occupation_code, OPTIONAL, 1, 10, "职业代码或其前几级"),
	FIELD_INT(class_query, level, OPTIONAL, 1, 5, "技能等级"),
	FIELD_ENUM(class_query, state, OPTIONAL, states, "班级状态，默认报名中"),
	FIELD_END
};

static const struct field class_org_query_fields[] = {
	FIELD_ENUM(class_org_query, state, OPTIONAL, states, "班级状态"),
	FIELD_END
};

static const struct shape class_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "班级" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "培训机构" },
	{ .name = "org_name", .type = SHAPE_T_TEXT, .help = "机构名称" },
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "班级名称" },
	{ .name = "occupation_code", .type = SHAPE_T_TEXT, .help = "职业代码" },
	{ .name = "level", .type = SHAPE_T_INT, .help = "技能等级" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "办班地" },
	{ .name = "starts_on", .type = SHAPE_T_DAY, .help = "开班日期" },
	{ .name = "ends_on", .type = SHAPE_T_DAY, .help = "结业日期" },
	{ .name = "capacity", .type = SHAPE_T_INT, .help = "名额" },
	{ .name = "enrolled", .type = SHAPE_T_INT, .help = "已报名" },
	{ .name = "pass_score", .type = SHAPE_T_INT, .help = "合格分数" },
	{ .name = "state", .type = SHAPE_T_TEXT, .help = "班级状态" },
	{ .name = "completed_on", .type = SHAPE_T_DAY, .nullable = true, .help = "实际结业日期" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "备案时间" },
	SHAPE_END
};

const struct route class_routes[] = {
	{ .name = "class_open", .method = METHOD_POST, .path = "/v1/training/classes",
	  .callers = ROLE_INSTITUTION, .scope = SCOPE_ORG, .action = "training.class.open",
	  .body = INPUT(class_in, class_in_fields), .reply = class_shape,
	  .handler = class_open, .limit = LIMIT_WRITE,
	  .matter = "TR-02", .zh = "开班备案", .en = "File a class" },
	{ .name = "class_list", .method = METHOD_GET, .path = "/v1/training/classes",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "training.class.list",
	  .query = INPUT(class_query, class_query_fields), .list = true,
	  .reply = class_shape, .stmt = &stmt_class_list, .limit = LIMIT_READ,
	  .zh = "查找班级", .en = "Search classes" },
	{ .name = "class_get", .method = METHOD_GET, .path = "/v1/training/classes/{id}",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "training.class.get",
	  .reply = class_shape, .stmt = &stmt_class_get, .limit = LIMIT_READ,
	  .zh = "查看班级", .en = "Read a class" },
	{ .name = "class_list_org", .method = METHOD_GET, .path = "/v1/training/org/classes",
	  .callers = ROLE_INSTITUTION, .scope = SCOPE_ORG, .action = "training.class.list_org",
	  .query = INPUT(class_org_query, class_org_query_fields), .list = true,
	  .reply = class_shape, .stmt = &stmt_class_list_org, .limit = LIMIT_READ,
	  .zh = "本机构的班级", .en = "List the institution's classes" },
	{ .name = "class_start", .method = METHOD_POST, .path = "/v1/training/classes/{id}/start",
	  .callers = ROLE_INSTITUTION, .scope = SCOPE_ORG, .action = "training.class.start",
	  .reply = class_shape, .success = 200, .stmt = &stmt_class_start, .limit = LIMIT_WRITE,
	  .zh = "开班，停止报名", .en = "Start a class and end enrolment" },
	{ .name = "class_complete", .method = METHOD_POST,
	  .path = "/v1/training/classes/{id}/complete",
	  .callers = ROLE_INSTITUTION, .scope = SCOPE_ORG, .action = "training.class.complete",
	  .reply = class_shape, .success = 200, .stmt = &stmt_class_complete,
	  .emits = "training.enrolment.completed.v1", .limit = LIMIT_WRITE,
	  .zh = "结业", .en = "Complete a class" },
	ROUTE_END
};

/* At most two years long, and filed at most a month after it began. */
static int
class_open(struct call *c)
{
	const struct class_in	*in = c->body;
	const char		*county = area_county(in->area_code);
	struct db_rows		 rows;

	if (county == NULL)
		return (call_reject(c, ERR_F_AREA, "/area_code"));
	if (in->ends_on < in->starts_on || in->ends_on - in->starts_on > LENGTH_DAYS_MOST)
		return (call_reject(c, ERR_F_DATE_ORDER, "/ends_on"));
	if (in->starts_on < clock_today() - FILED_DAYS_LATE)
		return (call_reject(c, ERR_TRAINING_LATE, "/starts_on"));
	if (sql_class_open(c->db, &rows, &c->principal->org, in->title, in->occupation_code,
	    in->level, county, in->area_code, in->starts_on, in->ends_on, in->capacity,
	    in->pass_score) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}
