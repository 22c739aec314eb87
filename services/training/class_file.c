/*
 * class_file.c -- 开班备案: a class is filed by its institution, and filed anew
 * after it was returned.
 *
 * Invariant: what a class must meet is judged by the table (training/022); here
 * the form is checked, and a filing beyond the demand is told how much is left.
 * A startup class (创业培训) teaches a module, belongs to no occupation and asks
 * for no demand; the other kinds are filed for one. The SQL is in
 * sql/training/queries/class.sql.
 */
#include "training.h"
#include "class.h"
#include "codes/codes.h"
#include "conf/conf.h"
#include "training_sql.h"

#define LENGTH_DAYS_MOST	731
#define FILED_DAYS_LATE		31
#define TRAINERS_MOST		20
#define TRAINERS_TEXT		2048

struct trainer_in {
	struct uuid	trainer_id;
};

struct class_in {
	const char	*title;
	const char	*kind;
	const char	*module;
	const char	*occupation_code;
	int64_t		 level;
	struct uuid	 course_id;
	struct uuid	 agreement_id;
	struct list_of	 trainers;
	const char	*area_code;
	int32_t		 starts_on;
	int32_t		 ends_on;
	int64_t		 hours;
	int64_t		 capacity;
	int64_t		 pass_score;
	bool		 is_subsidised;
};

static int	class_open(struct call *);
static int	class_refile(struct call *);
static int	form_refused(struct call *, const struct class_in *);
static int	subject_refused(struct call *, const struct class_in *);
static int	demand_refused(struct call *, const struct class_in *);
static bool	is_startup(const struct class_in *);
static bool	by_agreement(const struct class_in *);
static const char *trainers_text(struct call *, const struct list_of *);
static int32_t	due_on(void);

static const struct field trainer_in_fields[] = {
	FIELD_UUID(trainer_in, trainer_id, REQUIRED, "教师"),
	FIELD_END
};

static const struct field class_in_fields[] = {
	FIELD_TEXT(class_in, title, REQUIRED, 2, 60, "班级名称"),
	FIELD_ENUM(class_in, kind, OPTIONAL, class_kinds, "班级种类，默认职业技能培训"),
	FIELD_ENUM(class_in, module, OPTIONAL, class_modules, "创业培训模块，仅创业培训填写"),
	FIELD_CHECK(class_in, occupation_code, OPTIONAL, check_occupation, "培训职业代码，创业培训不填"),
	FIELD_INT(class_in, level, OPTIONAL, 1, 5, "技能等级，5 为五级/初级工；创业培训不填"),
	FIELD_UUID(class_in, course_id, REQUIRED, "课程"),
	FIELD_UUID(class_in, agreement_id, OPTIONAL, "订单、学徒制、项目制协议；这三种必填"),
	FIELD_LIST(class_in, trainers, REQUIRED, 1, TRAINERS_MOST, trainer_in, trainer_in_fields, "教师"),
	FIELD_CHECK(class_in, area_code, REQUIRED, check_area, "办班地行政区划代码，到县级或更细"),
	FIELD_DAY(class_in, starts_on, REQUIRED, "开班日期"),
	FIELD_DAY(class_in, ends_on, REQUIRED, "结业日期"),
	FIELD_INT(class_in, hours, OPTIONAL, 1, 5000, "学时"),
	FIELD_INT(class_in, capacity, REQUIRED, 1, 500, "名额"),
	FIELD_INT(class_in, pass_score, REQUIRED, 1, 100, "合格分数"),
	FIELD_BOOL(class_in, is_subsidised, OPTIONAL, "补贴性培训"),
	FIELD_END
};

const struct route class_file_routes[] = {
	{ .name = "class_open", .method = METHOD_POST, .path = "/v1/training/classes",
	  .callers = ROLE_INSTITUTION, .scope = SCOPE_ORG, .action = "training.class.open",
	  .body = INPUT(class_in, class_in_fields), .reply = filing_shape,
	  .handler = class_open, .emits = "training.class.moved.v1", .limit = LIMIT_WRITE,
	  .matter = "TR-02", .zh = "开班备案", .en = "File a class" },
	{ .name = "class_refile", .method = METHOD_POST, .path = "/v1/training/classes/{id}/refile",
	  .callers = ROLE_INSTITUTION, .scope = SCOPE_ORG, .action = "training.class.refile",
	  .body = INPUT(class_in, class_in_fields), .reply = filing_shape, .success = 200,
	  .handler = class_refile, .emits = "training.class.moved.v1", .limit = LIMIT_WRITE,
	  .zh = "修改退回的开班备案后重新提交", .en = "File a returned class anew" },
	ROUTE_END
};

static int
class_open(struct call *c)
{
	const struct class_in	*in = c->body;
	struct db_rows		 rows;

	if (form_refused(c, in) != 0)
		return (call_status(c));
	if (sql_class_open(c->db, &rows, &c->principal->org, in->title,
	    in->kind != NULL ? in->kind : "skill", in->module, in->occupation_code,
	    in->level != 0 ? &in->level : NULL, &in->course_id,
	    uuid_is_nil(&in->agreement_id) ? NULL : &in->agreement_id, trainers_text(c, &in->trainers),
	    area_county(in->area_code), in->area_code, in->starts_on, in->ends_on, in->hours,
	    in->capacity, in->pass_score, in->is_subsidised, due_on()) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
class_refile(struct call *c)
{
	const struct class_in	*in = c->body;
	struct db_rows		 rows;

	if (form_refused(c, in) != 0)
		return (call_status(c));
	if (sql_class_refile(c->db, &rows, &c->id, &c->principal->org, in->title,
	    in->kind != NULL ? in->kind : "skill", in->module, in->occupation_code,
	    in->level != 0 ? &in->level : NULL, &in->course_id,
	    uuid_is_nil(&in->agreement_id) ? NULL : &in->agreement_id, trainers_text(c, &in->trainers),
	    area_county(in->area_code), in->area_code, in->starts_on, in->ends_on, in->hours,
	    in->capacity, in->pass_score, in->is_subsidised, due_on()) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

/* 0, or the refusal made: at most two years long, filed at most a month after it began. */
static int
form_refused(struct call *c, const struct class_in *in)
{
	if (area_county(in->area_code) == NULL)
		return (call_reject(c, ERR_F_AREA, "/area_code"));
	if (in->ends_on < in->starts_on || in->ends_on - in->starts_on > LENGTH_DAYS_MOST)
		return (call_reject(c, ERR_F_DATE_ORDER, "/ends_on"));
	if (in->starts_on < clock_today() - FILED_DAYS_LATE)
		return (call_reject(c, ERR_TRAINING_LATE, "/starts_on"));
	if (subject_refused(c, in) != 0)
		return (call_status(c));
	return (is_startup(in) ? 0 : demand_refused(c, in));
}

/* A module, or an occupation with its level; an agreement where the kind rests on one. */
static int
subject_refused(struct call *c, const struct class_in *in)
{
	if (is_startup(in)) {
		if (in->module == NULL)
			return (call_reject(c, ERR_F_MISSING, "/module"));
		if (in->occupation_code != NULL)
			return (call_reject(c, ERR_TRAINING_STARTUP, "/occupation_code"));
		if (in->level != 0)
			return (call_reject(c, ERR_TRAINING_STARTUP, "/level"));
	} else {
		if (in->occupation_code == NULL)
			return (call_reject(c, ERR_F_MISSING, "/occupation_code"));
		if (in->level == 0)
			return (call_reject(c, ERR_F_MISSING, "/level"));
		if (in->module != NULL)
			return (call_reject(c, ERR_TRAINING_STARTUP, "/module"));
	}
	if (by_agreement(in) && uuid_is_nil(&in->agreement_id))
		return (call_reject(c, ERR_F_MISSING, "/agreement_id"));
	if (!by_agreement(in) && !uuid_is_nil(&in->agreement_id))
		return (call_reject(c, ERR_TRAINING_AGREEMENT, "/agreement_id"));
	return (0);
}

/* The table refuses it too, where two file at once; this one says how much is left. */
static int
demand_refused(struct call *c, const struct class_in *in)
{
	struct db_rows	rows;
	int64_t		left;

	if (sql_class_demand(c->db, &rows, in->occupation_code, in->level,
	    area_county(in->area_code)) == -1)
		return (call_failed(c));
	if ((left = db_int(&rows, 0, "people")) >= in->capacity)
		return (0);
	return (call_reject_detail(c, ERR_NO_DEMAND, "/capacity",
	    arena_printf(c->arena, c->english ? "%lld people are wanted and not yet covered by a class" :
	    "该职业、等级在本县尚未安排培训的需求为 %lld 人", (long long)(left > 0 ? left : 0))));
}

static bool
is_startup(const struct class_in *in)
{
	return (in->kind != NULL && strcmp(in->kind, "startup") == 0);
}

static bool
by_agreement(const struct class_in *in)
{
	return (in->kind != NULL && strcmp(in->kind, "skill") != 0 && !is_startup(in));
}

/* A JSON list of their ids. */
static const char *
trainers_text(struct call *c, const struct list_of *list)
{
	const struct trainer_in	*t = list->items;
	struct json_out		 out;
	struct buf		 buf;
	const char		*text;
	size_t			 i;

	buf_init(&buf, TRAINERS_TEXT);
	json_out_init(&out, &buf);
	json_open_list(&out, NULL);
	for (i = 0; i < list->count; i++)
		json_put_uuid(&out, NULL, &t[i].trainer_id);
	json_close_list(&out);
	text = arena_printf(c->arena, "%s", buf_cstr(&buf));
	buf_release(&buf);
	return (text);
}

/* By when it is to be checked; DAY_NONE: the city has promised no time. */
static int32_t
due_on(void)
{
	int64_t	days = conf_int(CONF_CLASS_CHECK_DAYS);

	return (days > 0 ? day_add_working(clock_today(), (int)days) : DAY_NONE);
}
