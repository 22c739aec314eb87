/*
 * course.c -- the courses of an institution, version by version.
 *
 * Invariant: a version is never changed, only retired; a class goes on
 * teaching the one it named. The SQL is in sql/training/queries/course.sql.
 */
#include "institution.h"
#include "training_sql.h"

#define HOURS_MAX	5000
#define FEE_MAX_CENTS	10000000

struct material_row {
	const char	*title, *publisher;
};

struct course_in {
	struct uuid	 series_id;
	const char	*title, *occupation_code, *module, *outline;
	int64_t		 level, theory_hours, practice_hours, fee_cents;
	struct list_of	 materials;
};

struct course_query {
	struct uuid	 org_id;
	const char	*occupation_code;
	int64_t		 level;
};

static int	course_add(struct call *);

static const char *const modules[] = { "gyb", "syb", "iyb", "eyb", "online", NULL };

static const struct field material_fields[] = {
	FIELD_TEXT(material_row, title, REQUIRED, 1, 120, "教材名称"),
	FIELD_TEXT(material_row, publisher, OPTIONAL, 1, 120, "出版单位或自编说明"),
	FIELD_END
};
static const struct field course_fields[] = {
	FIELD_UUID(course_in, series_id, OPTIONAL, "已有课程，新增其下一版本"),
	FIELD_TEXT(course_in, title, REQUIRED, 2, 60, "课程名称"),
	FIELD_CHECK(course_in, occupation_code, OPTIONAL, check_occupation, "职业代码，与等级同填"),
	FIELD_INT(course_in, level, OPTIONAL, 1, 5, "技能等级"),
	FIELD_ENUM(course_in, module, OPTIONAL, modules, "创业培训模块，代替职业和等级"),
	FIELD_INT(course_in, theory_hours, REQUIRED, 0, HOURS_MAX, "理论课时"),
	FIELD_INT(course_in, practice_hours, REQUIRED, 0, HOURS_MAX, "实训课时"),
	FIELD_TEXT(course_in, outline, REQUIRED, 2, 5000, "培训大纲"),
	FIELD_LIST(course_in, materials, OPTIONAL, 0, 50, material_row, material_fields, "教材"),
	FIELD_INT(course_in, fee_cents, REQUIRED, 0, FEE_MAX_CENTS, "向学员收费（分）"),
	FIELD_END
};
static const struct field course_query_fields[] = {
	FIELD_UUID(course_query, org_id, OPTIONAL, "机构"),
	FIELD_TEXT(course_query, occupation_code, OPTIONAL, 1, 10, "职业代码或其前几级"),
	FIELD_INT(course_query, level, OPTIONAL, 1, 5, "技能等级"),
	FIELD_END
};

static const struct shape material_shape[] = {
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "教材名称" },
	{ .name = "publisher", .type = SHAPE_T_TEXT, .nullable = true, .help = "出版单位或自编说明" },
	SHAPE_END
};
static const struct shape course_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "课程版本" },
	{ .name = "series_id", .type = SHAPE_T_UUID, .help = "课程" },
	{ .name = "version", .type = SHAPE_T_INT, .help = "第几版" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "机构" },
	{ .name = "org_name", .type = SHAPE_T_TEXT, .help = "机构名称" },
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "课程名称" },
	{ .name = "occupation_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "职业代码" },
	{ .name = "level", .type = SHAPE_T_INT, .nullable = true, .help = "技能等级" },
	{ .name = "module", .type = SHAPE_T_TEXT, .codes = "class_modules", .nullable = true,
	  .help = "创业培训模块" },
	{ .name = "theory_hours", .type = SHAPE_T_INT, .help = "理论课时" },
	{ .name = "practice_hours", .type = SHAPE_T_INT, .help = "实训课时" },
	{ .name = "outline", .type = SHAPE_T_TEXT, .help = "培训大纲" },
	{ .name = "materials", .type = SHAPE_T_LIST, .of = material_shape, .help = "教材" },
	{ .name = "fee_cents", .type = SHAPE_T_INT, .help = "收费（分）" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" },
	{ .name = "retired_on", .type = SHAPE_T_DAY, .nullable = true, .help = "停用日期" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "机构所属县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "登记时间" },
	SHAPE_END
};

const struct route course_routes[] = {
	{ .name = "course_add", .method = METHOD_POST, .path = "/v1/training/courses",
	  .callers = ROLE_INSTITUTION, .scope = SCOPE_ORG, .action = "training.course.add",
	  .body = INPUT(course_in, course_fields), .reply = course_shape, .handler = course_add,
	  .emits = "training.course.changed.v1", .limit = LIMIT_WRITE,
	  .zh = "登记课程或其新版本", .en = "Enter a course, or its next version" },
	{ .name = "course_retire", .method = METHOD_POST, .path = "/v1/training/courses/{id}/retire",
	  .callers = ROLE_INSTITUTION, .scope = SCOPE_ORG, .action = "training.course.retire",
	  .reply = course_shape, .success = 200, .stmt = &stmt_course_retire,
	  .emits = "training.course.changed.v1", .limit = LIMIT_WRITE,
	  .zh = "停用课程版本", .en = "Retire a version of a course" },
	{ .name = "course_list", .method = METHOD_GET, .path = "/v1/training/courses",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "training.course.list",
	  .query = INPUT(course_query, course_query_fields), .list = true, .reply = course_shape,
	  .stmt = &stmt_course_list, .limit = LIMIT_READ, .zh = "查找课程", .en = "Search courses" },
	{ .name = "course_get", .method = METHOD_GET, .path = "/v1/training/courses/{id}",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "training.course.get",
	  .reply = course_shape, .stmt = &stmt_course_get, .limit = LIMIT_READ,
	  .zh = "查看课程版本", .en = "Read a version of a course" },
	ROUTE_END
};

/* Of an occupation at a level, or a module of 创业培训: one of the two. */
static int
course_add(struct call *c)
{
	const struct course_in	*in = c->body;
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;

	if ((in->occupation_code == NULL) == (in->module == NULL))
		return (call_reject(c, in->module == NULL ? ERR_F_MISSING : ERR_F_UNKNOWN,
		    in->module == NULL ? "/occupation_code" : "/module"));
	if ((in->occupation_code == NULL) != (in->level == 0))
		return (call_reject(c, in->level == 0 ? ERR_F_MISSING : ERR_F_UNKNOWN, "/level"));
	if (in->theory_hours + in->practice_hours == 0)
		return (call_reject(c, ERR_F_SMALL, "/practice_hours"));
	call_object(c, &id);
	if (sql_course_add(c->db, &rows, &id, &c->principal->org,
	    uuid_is_nil(&in->series_id) ? NULL : &in->series_id, in->title, in->occupation_code,
	    in->level == 0 ? NULL : &in->level, in->module, in->theory_hours, in->practice_hours,
	    in->outline, body_list_text(c, "materials"), in->fee_cents) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}
