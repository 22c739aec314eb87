/*
 * labour.c -- 劳动力信息: one record a person, entered by the clerks of villages
 * and towns or by a contractor where its collection items are open; corrected
 * by entering it again, with what it said before kept.
 *
 * Invariant: the registers' word on who works is written by their own triggers
 * and marked with its source. The SQL is in sql/jobs/queries/labour.sql.
 */
#include "labour.h"
#include "codes/codes.h"
#include "conf/conf.h"
#include "crypt/crypt.h"
#include "jobs_sql.h"

#define PHONE_COLUMN	"jobs.labour_record.phone"
#define VILLAGE_DIGITS	12

struct labour_query {
	const char	*area_code;
	const char	*employment_state;
	bool		 willing, stale;
	struct uuid	 task_id;
};

static int	labour_enter(struct call *);
static int	labour_get(struct call *);
static int	labour_own(struct call *);
static int	labour_list(struct call *);

const char *const labour_states[] = { "employed_local", "employed_away", "self_employed", "flexible",
	"farming", "unemployed", "student", "retired", "unable", NULL };
const char *const labour_wishes[] = { "none", "local", "away", "startup", NULL };

static const struct field labour_in_fields[] = {
	FIELD_CHECK(labour_in, id_number, REQUIRED, check_id_number, "公民身份号码，不留存"),
	FIELD_TEXT(labour_in, name, REQUIRED, 2, 50, "姓名，留存隐去后的"),
	FIELD_CHECK(labour_in, phone, OPTIONAL, check_mobile, "手机号码，加密留存"),
	FIELD_CHECK(labour_in, village_code, REQUIRED, check_village, "常住的村（社区）代码，12 位"),
	FIELD_CHECK(labour_in, hukou_code, OPTIONAL, check_area, "户籍地代码"),
	FIELD_CHECK(labour_in, education_code, OPTIONAL, check_education, "学历代码"),
	FIELD_INT(labour_in, skill_level, OPTIONAL, 1, 5, "技能等级（5 初级工至 1 高级技师）"),
	FIELD_ENUM(labour_in, employment_state, REQUIRED, labour_states, "就业状态"),
	FIELD_TEXT(labour_in, work_place, OPTIONAL, 2, 120, "务工地或单位"),
	FIELD_ENUM(labour_in, wish, OPTIONAL, labour_wishes, "求职意愿"),
	FIELD_TEXT(labour_in, training_wish, OPTIONAL, 2, 60, "培训意愿"),
	FIELD_BOOL(labour_in, willing, REQUIRED, "有劳动能力和就业意愿"),
	FIELD_END
};

static const struct field labour_query_fields[] = {
	FIELD_CHECK(labour_query, area_code, OPTIONAL, check_area, "县区、乡镇或村"),
	FIELD_ENUM(labour_query, employment_state, OPTIONAL, labour_states, "就业状态"),
	FIELD_BOOL(labour_query, willing, OPTIONAL, "有就业意愿"),
	FIELD_BOOL(labour_query, stale, OPTIONAL, "超过更新期限"),
	FIELD_UUID(labour_query, task_id, OPTIONAL, "采集任务"),
	FIELD_END
};

#define LABOUR_SHAPE								\
	{ .name = "id", .type = SHAPE_T_UUID, .help = "劳动力信息" },		\
	{ .name = "person_id", .type = SHAPE_T_UUID, .nullable = true, .help = "已登记的人员" }, \
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },	\
	{ .name = "sex", .type = SHAPE_T_INT, .help = "性别" },			\
	{ .name = "birth_on", .type = SHAPE_T_DAY, .help = "出生日期" },		\
	{ .name = "has_phone", .type = SHAPE_T_BOOL, .help = "留有手机号码" },	\
	{ .name = "village_code", .type = SHAPE_T_TEXT, .help = "常住村（社区）" },	\
	{ .name = "hukou_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "户籍地" }, \
	{ .name = "education_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "学历" }, \
	{ .name = "skill_level", .type = SHAPE_T_INT, .nullable = true, .help = "技能等级" }, \
	{ .name = "employment_state", .type = SHAPE_T_TEXT, .help = "就业状态" },	\
	{ .name = "state_source", .type = SHAPE_T_TEXT, .help = "就业状态来源" },	\
	{ .name = "state_on", .type = SHAPE_T_DAY, .help = "就业状态日期" },	\
	{ .name = "work_place", .type = SHAPE_T_TEXT, .nullable = true, .help = "务工地或单位" }, \
	{ .name = "wish", .type = SHAPE_T_TEXT, .nullable = true, .help = "求职意愿" }, \
	{ .name = "training_wish", .type = SHAPE_T_TEXT, .nullable = true, .help = "培训意愿" }, \
	{ .name = "willing", .type = SHAPE_T_BOOL, .help = "有劳动能力和就业意愿" },	\
	{ .name = "task_id", .type = SHAPE_T_UUID, .nullable = true, .help = "采集任务" }, \
	{ .name = "collected_by", .type = SHAPE_T_UUID, .help = "采集人" },		\
	{ .name = "collector_org_id", .type = SHAPE_T_UUID, .nullable = true, .help = "采集单位" }, \
	{ .name = "collected_on", .type = SHAPE_T_DAY, .help = "最近采集日期" },	\
	{ .name = "stale", .type = SHAPE_T_BOOL, .nullable = true, .help = "超过更新期限；期限未设定：空" }, \
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" }

static const struct shape labour_shape[] = { LABOUR_SHAPE, SHAPE_END };

static const struct shape labour_change_shape[] = {
	{ .name = "changes", .type = SHAPE_T_JSON, .help = "各项变更前后" },
	{ .name = "source", .type = SHAPE_T_TEXT, .help = "来源" },
	{ .name = "at", .type = SHAPE_T_INSTANT, .help = "时间" },
	{ .name = "actor", .type = SHAPE_T_UUID, .nullable = true, .help = "经手人" },
	SHAPE_END
};

static const struct shape labour_kept_shape[] = {
	LABOUR_SHAPE,
	{ .name = "changes", .type = SHAPE_T_LIST, .of = labour_change_shape, .help = "变更历史" },
	SHAPE_END
};

const struct route labour_routes[] = {
	{ .name = "labour_enter", .method = METHOD_POST, .path = "/v1/jobs/labour-records",
	  .callers = ROLE_CLERK | ROLE_PARTNER, .scope = SCOPE_CALLER, .action = "jobs.labour.enter",
	  .body = INPUT(labour_in, labour_in_fields), .reply = labour_kept_shape, .handler = labour_enter,
	  .limit = LIMIT_WRITE, .zh = "采集或更新劳动力信息", .en = "Enter or update a labour-force record" },
	{ .name = "labour_get", .method = METHOD_GET, .path = "/v1/jobs/labour-records/{id}",
	  .callers = ROLE_CASE_OFFICERS | ROLE_PARTNER, .scope = SCOPE_CALLER, .action = "jobs.labour.get",
	  .reply = labour_kept_shape, .handler = labour_get, .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "查看劳动力信息及其历史", .en = "Read a labour-force record and its history" },
	{ .name = "labour_list", .method = METHOD_GET, .path = "/v1/jobs/labour-records",
	  .callers = ROLE_CASE_OFFICERS | ROLE_PARTNER, .scope = SCOPE_CALLER, .action = "jobs.labour.list",
	  .query = INPUT(labour_query, labour_query_fields), .list = true, .reply = labour_shape,
	  .handler = labour_list, .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "辖区劳动力信息", .en = "Labour-force records of one's area" },
	{ .name = "labour_own", .method = METHOD_GET, .path = "/v1/jobs/my/labour-record",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "jobs.labour.own",
	  .reply = labour_shape, .handler = labour_own, .limit = LIMIT_READ,
	  .zh = "我的劳动力信息", .en = "The caller's own labour-force record" },
	ROUTE_END
};

int
check_village(const char *code)
{
	return (strlen(code) == VILLAGE_DIGITS ? check_area(code) : ERR_F_AREA);
}

void
labour_put_json(struct arena *a, struct json_out *out, const struct labour_in *in, int64_t line)
{
	json_open(out, NULL);
	if (line > 0)
		json_put_int(out, "line", line);
	json_put_text(out, "id_index", blind_index(a, "id", in->id_number));
	json_put_text(out, "name_masked", mask_name(a, in->name));
	json_put_int(out, "sex", id_sex(in->id_number));
	json_put_day(out, "birth_on", id_birth_day(in->id_number));
	json_put_text(out, "phone", in->phone == NULL ? NULL : field_seal(a, PHONE_COLUMN, in->phone));
	json_put_text(out, "village_code", in->village_code);
	json_put_text(out, "county_code", area_county(in->village_code));
	json_put_text(out, "hukou_code", in->hukou_code);
	json_put_text(out, "education_code", in->education_code);
	if (in->skill_level > 0)
		json_put_int(out, "skill_level", in->skill_level);
	json_put_text(out, "employment_state", in->employment_state);
	json_put_text(out, "work_place", in->work_place);
	json_put_text(out, "wish", in->wish);
	json_put_text(out, "training_wish", in->training_wish);
	json_put_bool(out, "willing", in->willing);
	json_close(out);
}

static int
labour_enter(struct call *c)
{
	struct json_out	 out;
	struct buf	 b;
	struct db_rows	 rows;
	struct uuid	 id;
	const char	*fault;
	int		 rc;

	buf_init(&b, 16384);
	json_out_init(&out, &b);
	labour_put_json(c->arena, &out, c->body, 0);
	rc = sql_labour_put(c->db, &rows, buf_cstr(&b));
	buf_release(&b);
	if (rc == -1)
		return (call_failed(c));
	if ((fault = db_text(&rows, 0, "fault")) != NULL)
		return (call_reject(c, strcmp(fault, "auth.area") == 0 ? ERR_AREA : ERR_LABOUR_ELSEWHERE,
		    "/village_code"));
	id = db_uuid(&rows, 0, "record");
	call_object(c, &id);
	if (sql_labour_get(c->db, &rows, &id, conf_int(CONF_LABOUR_STALE)) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
labour_get(struct call *c)
{
	struct db_rows	rows;

	if (sql_labour_get(c->db, &rows, &c->id, conf_int(CONF_LABOUR_STALE)) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
labour_own(struct call *c)
{
	struct db_rows	rows;

	if (sql_labour_own(c->db, &rows, &c->principal->person, conf_int(CONF_LABOUR_STALE)) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

/* Whether a record is stale nobody can say while the city has set no cadence. */
static int
labour_list(struct call *c)
{
	const struct labour_query	*q = c->query;
	bool				 stale = query_said(c, "stale");
	struct db_rows			 rows;

	if (stale && conf_int(CONF_LABOUR_STALE) == 0)
		return (call_reject(c, ERR_LABOUR_CADENCE, "stale"));
	if (sql_labour_list(c->db, &rows, call_after(c), call_limit(c) + 1, conf_int(CONF_LABOUR_STALE),
	    q->area_code, q->employment_state, query_said(c, "willing") ? &q->willing : NULL,
	    stale ? &q->stale : NULL, uuid_is_nil(&q->task_id) ? NULL : &q->task_id) == -1)
		return (call_failed(c));
	return (call_reply_list(c, &rows, call_limit(c)));
}
