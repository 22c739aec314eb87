/*
 * resume.c -- 简历: a person's own, whole at a time; read by officers of the
 * area and by an employer to whom it was sent.
 *
 * Invariant: a résumé is saved only when every member of it is sound, and the
 * years of experience follow from the spells. Who may read one is row-level
 * security's affair. The SQL is in sql/jobs/queries/resume.sql.
 */
#include "jobs.h"
#include "codes/codes.h"
#include "jobs_sql.h"
#include "resume_check.h"
#include "words.h"

#define PAY_MOST_CENTS	INT64_C(1000000000)
#define LIST_MAX	4096
#define SPELLS_MAX	20
#define DAY_1950	(-7305)
#define DAY_2100	47482

struct resume_in {
	const char	*state, *education_code, *school, *major;
	int32_t		 graduated_on;
	int64_t		 skill_level;
	const char	*skills, *occupations, *areas, *forms, *benefits;	/* JSON lists */
	struct list_of	 experience;
	int64_t		 pay_least_cents;
	const char	*pay_unit;
	int64_t		 lat_e6, lng_e6;
	const char	*intro;
	bool		 is_findable;
};

struct show_in {
	bool	is_findable;
};

struct arrays {
	const char	*skills, *occupations, *areas, *forms, *benefits;
};

static int	resume_put(struct call *);
static void	lists_check(struct call *, const struct resume_in *, struct arrays *,
		    struct json_errors *);
static void	pairs_check(const struct resume_in *, struct json_errors *);
static int	check_wish(const char *);

static const char *const states[] = { "seeking", "open_to_offers", "not_seeking", NULL };

#define FIELD_DAY_SINCE_1950(s, m, req, h)					\
	FIELD_ROW_(s, m, FIELD_T_DAY, req, .min = DAY_1950, .max = DAY_2100, .help = h)

static const struct field spell_fields[] = {
	FIELD_DAY_SINCE_1950(spell, from_on, REQUIRED, "开始日期"),
	FIELD_DAY_SINCE_1950(spell, to_on, OPTIONAL, "结束日期，不填为至今"),
	FIELD_TEXT(spell, employer, REQUIRED, 1, 100, "工作单位"),
	FIELD_TEXT(spell, title, REQUIRED, 1, 60, "岗位"),
	FIELD_CHECK(spell, occupation_code, OPTIONAL, check_occupation, "职业代码"),
	FIELD_TEXT(spell, text, OPTIONAL, 0, 1000, "工作内容"),
	FIELD_END
};

static const struct field resume_in_fields[] = {
	FIELD_ENUM(resume_in, state, REQUIRED, states, "求职状态"),
	FIELD_CHECK(resume_in, education_code, OPTIONAL, check_education, "学历代码"),
	FIELD_TEXT(resume_in, school, OPTIONAL, 1, 100, "毕业院校"),
	FIELD_TEXT(resume_in, major, OPTIONAL, 1, 60, "专业"),
	FIELD_DAY_SINCE_1950(resume_in, graduated_on, OPTIONAL, "毕业日期"),
	FIELD_INT(resume_in, skill_level, OPTIONAL, 1, 5, "技能等级（5 初级工至 1 高级技师）"),
	FIELD_JSON(resume_in, skills, OPTIONAL, LIST_MAX, "技能列表"),
	FIELD_LIST(resume_in, experience, OPTIONAL, 0, SPELLS_MAX, spell, spell_fields, "工作经历"),
	FIELD_JSON(resume_in, occupations, OPTIONAL, LIST_MAX, "期望职业代码列表，任一层级"),
	FIELD_JSON(resume_in, areas, OPTIONAL, LIST_MAX, "期望工作地代码列表，任一层级"),
	FIELD_JSON(resume_in, forms, OPTIONAL, LIST_MAX, "期望用工形式列表"),
	FIELD_JSON(resume_in, benefits, OPTIONAL, LIST_MAX, "看重的福利列表"),
	FIELD_INT(resume_in, pay_least_cents, OPTIONAL, 1, PAY_MOST_CENTS, "最低期望薪酬（分）"),
	FIELD_ENUM(resume_in, pay_unit, OPTIONAL, pay_units, "计薪单位"),
	FIELD_INT(resume_in, lat_e6, OPTIONAL, -90000000, 90000000, "住处纬度（百万分之一度）"),
	FIELD_INT(resume_in, lng_e6, OPTIONAL, -180000000, 180000000, "住处经度（百万分之一度）"),
	FIELD_TEXT(resume_in, intro, OPTIONAL, 0, 2000, "自我介绍"),
	FIELD_BOOL(resume_in, is_findable, OPTIONAL, "允许岗位合适的单位找到"),
	FIELD_END
};

static const struct field show_in_fields[] = {
	FIELD_BOOL(show_in, is_findable, REQUIRED, "允许岗位合适的单位找到"),
	FIELD_END
};

static const struct shape spell_shape[] = {
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "开始日期" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .nullable = true, .help = "结束日期" },
	{ .name = "employer", .type = SHAPE_T_TEXT, .help = "工作单位" },
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "岗位" },
	{ .name = "occupation_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "职业代码" },
	{ .name = "text", .type = SHAPE_T_TEXT, .nullable = true, .help = "工作内容" },
	SHAPE_END
};

#define SENT_SHAPE								\
	{ .name = "state", .type = SHAPE_T_TEXT, .help = "求职状态" },		\
	{ .name = "education_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "学历" },	\
	{ .name = "school", .type = SHAPE_T_TEXT, .nullable = true, .help = "毕业院校" },	\
	{ .name = "major", .type = SHAPE_T_TEXT, .nullable = true, .help = "专业" },	\
	{ .name = "graduated_on", .type = SHAPE_T_DAY, .nullable = true, .help = "毕业日期" },	\
	{ .name = "skill_level", .type = SHAPE_T_INT, .nullable = true, .help = "技能等级" },	\
	{ .name = "skills", .type = SHAPE_T_LIST, .help = "技能" },		\
	{ .name = "experience", .type = SHAPE_T_LIST, .of = spell_shape, .help = "工作经历" },	\
	{ .name = "experience_years", .type = SHAPE_T_INT, .help = "工作年限" },	\
	{ .name = "occupations", .type = SHAPE_T_LIST, .help = "期望职业" },	\
	{ .name = "areas", .type = SHAPE_T_LIST, .help = "期望工作地" },		\
	{ .name = "forms", .type = SHAPE_T_LIST, .help = "期望用工形式" },		\
	{ .name = "benefits", .type = SHAPE_T_LIST, .help = "看重的福利" },		\
	{ .name = "pay_least_cents", .type = SHAPE_T_INT, .nullable = true, .help = "最低期望薪酬（分）" }, \
	{ .name = "pay_unit", .type = SHAPE_T_TEXT, .codes = "pay_units", .nullable = true, \
	  .help = "计薪单位" }, \
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" },		\
	{ .name = "intro", .type = SHAPE_T_TEXT, .help = "自我介绍" },		\
	{ .name = "updated_at", .type = SHAPE_T_INSTANT, .help = "更新时间" }

const struct shape resume_sent_shape[] = { SENT_SHAPE, SHAPE_END };

static const struct shape resume_shape[] = {
	SENT_SHAPE,
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "人员" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },
	{ .name = "lat_e6", .type = SHAPE_T_INT, .nullable = true, .help = "住处纬度（百万分之一度）" },
	{ .name = "lng_e6", .type = SHAPE_T_INT, .nullable = true, .help = "住处经度（百万分之一度）" },
	{ .name = "is_findable", .type = SHAPE_T_BOOL, .nullable = true, .help = "允许被找到" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "所属县区" },
	{ .name = "completeness", .type = SHAPE_T_INT, .nullable = true, .help = "完整度（%）" },
	{ .name = "missing", .type = SHAPE_T_LIST, .nullable = true, .help = "尚未填写的项目" },
	SHAPE_END
};

static const struct shape gone_shape[] = {
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "人员" },
	{ .name = "deleted", .type = SHAPE_T_BOOL, .help = "已删除" },
	SHAPE_END
};

const struct route resume_routes[] = {
	{ .name = "resume_get", .method = METHOD_GET, .path = "/v1/jobs/my/resume",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "jobs.resume.get",
	  .reply = resume_shape, .stmt = &stmt_resume_get, .limit = LIMIT_READ,
	  .zh = "我的简历", .en = "Read the caller's résumé" },
	{ .name = "resume_put", .method = METHOD_PUT, .path = "/v1/jobs/my/resume",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "jobs.resume.put",
	  .body = INPUT(resume_in, resume_in_fields), .reply = resume_shape, .success = 200,
	  .handler = resume_put, .emits = "jobs.resume.changed.v1", .limit = LIMIT_WRITE,
	  .zh = "填写简历", .en = "Write the caller's résumé, whole" },
	{ .name = "resume_delete", .method = METHOD_DELETE, .path = "/v1/jobs/my/resume",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "jobs.resume.delete",
	  .reply = gone_shape, .stmt = &stmt_resume_delete, .emits = "jobs.resume.changed.v1",
	  .limit = LIMIT_WRITE, .zh = "删除简历", .en = "Delete the caller's résumé" },
	{ .name = "resume_show", .method = METHOD_POST, .path = "/v1/jobs/my/resume/visibility",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "jobs.resume.show",
	  .body = INPUT(show_in, show_in_fields), .reply = resume_shape, .success = 200,
	  .stmt = &stmt_resume_show, .emits = "jobs.resume.changed.v1", .limit = LIMIT_WRITE,
	  .zh = "设置简历是否可被找到", .en = "Say whether employers may find it" },
	{ .name = "resume_get_person", .method = METHOD_GET, .path = "/v1/jobs/persons/{id}/resume",
	  .callers = ROLE_EMPLOYER | ROLE_PARTNER | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "jobs.resume.get_person", .reply = resume_shape,
	  .stmt = &stmt_resume_get_person, .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "查看求职者简历", .en = "Read the résumé of an applicant, or of a person of the area" },
	ROUTE_END
};

static int
resume_put(struct call *c)
{
	const struct resume_in	*in = c->body;
	struct json_errors	 errors = { .count = 0 };
	int32_t			 today = clock_today();
	struct arrays		 a;
	struct db_rows		 rows;

	lists_check(c, in, &a, &errors);
	spells_check(c->arena, &in->experience, today, &errors);
	pairs_check(in, &errors);
	if (errors.count > 0)
		return (call_reject_fields(c, &errors));
	if (sql_resume_put(c->db, &rows, &c->principal->person, in->state, in->education_code,
	    in->school, in->major, in->graduated_on, in->skill_level == 0 ? NULL : &in->skill_level,
	    a.skills, spells_json(c->arena, &in->experience), spells_years(&in->experience, today),
	    a.occupations, a.areas, a.forms, a.benefits,
	    in->pay_least_cents == 0 ? NULL : &in->pay_least_cents, in->pay_unit,
	    in->lat_e6 == 0 ? NULL : &in->lat_e6, in->lng_e6 == 0 ? NULL : &in->lng_e6,
	    in->intro, in->is_findable) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static void
lists_check(struct call *c, const struct resume_in *in, struct arrays *a, struct json_errors *errors)
{
	static const struct words	skills = { .pointer = "/skills", .most = 30, .longest = 90 };
	static const struct words	occupations = { .pointer = "/occupations", .most = 10,
	    .longest = 10, .check = check_wish };
	static const struct words	areas = { .pointer = "/areas", .most = 10, .longest = 12,
	    .check = check_area };
	static const struct words	form = { .pointer = "/forms", .most = 5, .longest = 20,
	    .set = work_forms };
	static const struct words	benefit = { .pointer = "/benefits", .most = 13, .longest = 30,
	    .set = work_benefits };

	a->skills = words_array(c->arena, in->skills, &skills, errors);
	a->occupations = words_array(c->arena, in->occupations, &occupations, errors);
	a->areas = words_array(c->arena, in->areas, &areas, errors);
	a->forms = words_array(c->arena, in->forms, &form, errors);
	a->benefits = words_array(c->arena, in->benefits, &benefit, errors);
}

/* A wage has a unit; a point has both its coordinates (nobody here lives at zero). */
static void
pairs_check(const struct resume_in *in, struct json_errors *errors)
{
	if ((in->pay_least_cents == 0) != (in->pay_unit == NULL))
		json_wrong(errors, in->pay_unit == NULL ? "/pay_unit" : "/pay_least_cents",
		    ERR_F_MISSING);
	if ((in->lat_e6 == 0) != (in->lng_e6 == 0))
		json_wrong(errors, in->lat_e6 == 0 ? "/lat_e6" : "/lng_e6", ERR_F_MISSING);
	if (in->graduated_on != DAY_NONE && in->graduated_on > day_add_months(clock_today(), 60))
		json_wrong(errors, "/graduated_on", ERR_F_LARGE);
}

/* A class of any level. */
static int
check_wish(const char *code)
{
	return (occupation_name(code) == NULL ? ERR_F_OCCUPATION : 0);
}
