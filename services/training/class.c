/*
 * class.c -- classes that are open or were: searched and read by everybody,
 * started, completed and called off by their institution.
 *
 * Invariant: which state follows which is the table's to judge (training/022);
 * with completion every enrolment in it is completed and told. Filing is in
 * class_file.c, the officers' side in class_check.c. The SQL is in
 * sql/training/queries/class.sql.
 */
#include "training.h"
#include "class.h"
#include "codes/codes.h"
#include "training_sql.h"

struct class_query {
	const char	*area_code;
	const char	*occupation_code;
	int64_t		 level;
	const char	*state;
	const char	*kind;
	const char	*module;
	int32_t		 starts_by;
	bool		 has_places;
};

struct class_org_query {
	const char	*state;
};

struct cancel_in {
	const char	*note;
};

const char *const class_kinds[] = { "skill", "order", "apprentice", "project", "startup", NULL };
const char *const class_modules[] = { "gyb", "syb", "iyb", "eyb", "online", NULL };
static const char *const states[] = { "open", "running", "completed", "cancelled", NULL };
static const char *const own_states[] = { "filed", "returned", "refused", "open", "running",
	"completed", "cancelled", NULL };

static const struct field class_query_fields[] = {
	FIELD_CHECK(class_query, area_code, OPTIONAL, check_area, "办班地，含其下级"),
	FIELD_TEXT(class_query, occupation_code, OPTIONAL, 1, 10, "职业代码或其前几级"),
	FIELD_INT(class_query, level, OPTIONAL, 1, 5, "技能等级"),
	FIELD_ENUM(class_query, state, OPTIONAL, states, "班级状态，默认报名中"),
	FIELD_ENUM(class_query, kind, OPTIONAL, class_kinds, "班级种类"),
	FIELD_ENUM(class_query, module, OPTIONAL, class_modules, "创业培训模块"),
	FIELD_DAY(class_query, starts_by, OPTIONAL, "今天起至此日开班的"),
	FIELD_BOOL(class_query, has_places, OPTIONAL, "还有名额"),
	FIELD_END
};

static const struct field class_org_query_fields[] = {
	FIELD_ENUM(class_org_query, state, OPTIONAL, own_states, "班级状态"),
	FIELD_END
};

static const struct field cancel_in_fields[] = {
	FIELD_TEXT(cancel_in, note, REQUIRED, 2, 200, "取消原因，告知已报名的人"),
	FIELD_END
};

#define CLASS_ROWS							\
	{ .name = "id", .type = SHAPE_T_UUID, .help = "班级" },		\
	{ .name = "org_id", .type = SHAPE_T_UUID, .help = "培训机构" },	\
	{ .name = "org_name", .type = SHAPE_T_TEXT, .help = "机构名称" },	\
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "班级名称" },	\
	{ .name = "kind", .type = SHAPE_T_TEXT, .codes = "class_kinds", .help = "班级种类" },	\
	{ .name = "module", .type = SHAPE_T_TEXT, .codes = "class_modules", .nullable = true, \
	  .help = "创业培训模块" }, \
	{ .name = "occupation_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "职业代码；创业培训无" }, \
	{ .name = "level", .type = SHAPE_T_INT, .codes = "skill_levels", .nullable = true, \
	  .help = "技能等级；创业培训无" }, \
	{ .name = "course_id", .type = SHAPE_T_UUID, .nullable = true, .help = "课程" }, \
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },	\
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "办班地" },	\
	{ .name = "starts_on", .type = SHAPE_T_DAY, .help = "开班日期" },	\
	{ .name = "ends_on", .type = SHAPE_T_DAY, .help = "结业日期" },	\
	{ .name = "hours", .type = SHAPE_T_INT, .help = "学时" },		\
	{ .name = "capacity", .type = SHAPE_T_INT, .help = "名额" },	\
	{ .name = "enrolled", .type = SHAPE_T_INT, .help = "已报名" },	\
	{ .name = "waiting", .type = SHAPE_T_INT, .help = "候补人数" },	\
	{ .name = "pass_score", .type = SHAPE_T_INT, .help = "合格分数" },	\
	{ .name = "is_subsidised", .type = SHAPE_T_BOOL, .help = "补贴性培训" }, \
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "class_states", .help = "班级状态" },	\
	{ .name = "completed_on", .type = SHAPE_T_DAY, .nullable = true, .help = "实际结业日期" }, \
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "备案时间" }

const struct shape class_shape[] = {
	CLASS_ROWS,
	SHAPE_END
};

const struct shape filing_shape[] = {
	CLASS_ROWS,
	{ .name = "agreement_id", .type = SHAPE_T_UUID, .nullable = true, .help = "订单、学徒制或项目协议" },
	{ .name = "trainers", .type = SHAPE_T_LIST, .help = "教师" },
	{ .name = "filed_at", .type = SHAPE_T_INSTANT, .help = "最近一次提交时间" },
	{ .name = "due_on", .type = SHAPE_T_DAY, .nullable = true, .help = "应审核完的日期，空为未设定" },
	{ .name = "is_overdue", .type = SHAPE_T_BOOL, .help = "审核超期" },
	{ .name = "checked_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "审核时间" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "退回、不予备案或取消的原因" },
	SHAPE_END
};

const struct route class_routes[] = {
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
	  .reply = filing_shape, .stmt = &stmt_class_list_org, .limit = LIMIT_READ,
	  .zh = "本机构的班级", .en = "List the institution's classes" },
	{ .name = "class_start", .method = METHOD_POST, .path = "/v1/training/classes/{id}/start",
	  .callers = ROLE_INSTITUTION, .scope = SCOPE_ORG, .action = "training.class.start",
	  .reply = class_shape, .success = 200, .stmt = &stmt_class_start,
	  .emits = "training.class.moved.v1 training.enrolment.moved.v1", .limit = LIMIT_WRITE,
	  .zh = "开班，停止报名", .en = "Start a class and end enrolment" },
	{ .name = "class_complete", .method = METHOD_POST,
	  .path = "/v1/training/classes/{id}/complete",
	  .callers = ROLE_INSTITUTION, .scope = SCOPE_ORG, .action = "training.class.complete",
	  .reply = class_shape, .success = 200, .stmt = &stmt_class_complete,
	  .emits = "training.enrolment.completed.v1 training.class.moved.v1", .limit = LIMIT_WRITE,
	  .zh = "结业", .en = "Complete a class" },
	{ .name = "class_cancel", .method = METHOD_POST, .path = "/v1/training/classes/{id}/cancel",
	  .callers = ROLE_INSTITUTION, .scope = SCOPE_ORG, .action = "training.class.cancel",
	  .body = INPUT(cancel_in, cancel_in_fields), .reply = filing_shape, .success = 200,
	  .stmt = &stmt_class_cancel, .emits = "training.class.cancelled.v1 training.enrolment.moved.v1",
	  .limit = LIMIT_WRITE, .zh = "开班前取消班级", .en = "Cancel a class before it begins" },
	ROUTE_END
};
