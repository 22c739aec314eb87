/*
 * difficulty.c -- 就业困难人员认定: the kinds as data, who applies, what is read.
 *
 * Invariant: nobody is recognised of a kind that the city has not turned on, nor
 * of a sensitive one without the person's separate consent; what our own
 * registers can check, they check (jobs.difficulty_refusal()).
 */
#include "codes/codes.h"
#include "jobs.h"
#include "jobs_sql.h"

#define KINDS_MAX	7
#define KINDS_TEXT	200

struct kind_in {
	int32_t		 from_on;
	const char	*name, *basis, *evidence;
	int64_t		 age_men, age_women, months_least, valid_months;
	const char	*switched;
	const char	*source;
};

struct apply_in {
	struct uuid	 person_id;
	const char	*kinds;
	const char	*proof_note;
};

struct difficulty_query {
	const char	*county_code;
	const char	*state;
	const char	*kind;
	int32_t		 valid_to;
};

static int	difficulty_kind_set(struct call *);
static int	difficulty_apply(struct call *);
static bool	kinds_sound(struct call *, const char *);
static const int64_t *given(const int64_t *);

static const char *const kinds[] = { "older", "disabled", "low_income", "long_unemployed",
	"land_lost", "zero_household", "hard_graduate", NULL };
static const char *const sources[] = { "typical", "province", "city", NULL };
static const char *const switches[] = { "on", "off", NULL };
static const char *const states[] = { "applied", "first_reviewed", "recognised", "rejected",
	"withdrawn", "expired", NULL };

static const struct field kind_fields[] = {
	FIELD_DAY(kind_in, from_on, REQUIRED, "起用日期"),
	FIELD_TEXT(kind_in, name, OPTIONAL, 2, 40, "类别名称"),
	FIELD_TEXT(kind_in, basis, OPTIONAL, 2, 200, "依据文件"),
	FIELD_TEXT(kind_in, evidence, OPTIONAL, 2, 200, "证明材料"),
	FIELD_INT(kind_in, age_men, OPTIONAL, 16, 65, "男满多少周岁"),
	FIELD_INT(kind_in, age_women, OPTIONAL, 16, 65, "女满多少周岁"),
	FIELD_INT(kind_in, months_least, OPTIONAL, 1, 60, "连续失业满多少个月"),
	FIELD_INT(kind_in, valid_months, OPTIONAL, 1, 120, "认定有效期（月）"),
	FIELD_ENUM(kind_in, switched, OPTIONAL, switches, "启用或停用"),
	FIELD_ENUM(kind_in, source, OPTIONAL, sources, "来源"),
	FIELD_END
};

static const struct field apply_fields[] = {
	FIELD_UUID(apply_in, person_id, OPTIONAL, "窗口代办的人员；本人办理时不填"),
	FIELD_JSON(apply_in, kinds, REQUIRED, KINDS_TEXT, "困难类别，一种或几种"),
	FIELD_TEXT(apply_in, proof_note, REQUIRED, 2, 500, "证明材料及说明"),
	FIELD_END
};

static const struct field difficulty_query_fields[] = {
	FIELD_CHECK(difficulty_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_ENUM(difficulty_query, state, OPTIONAL, states, "认定状态"),
	FIELD_ENUM(difficulty_query, kind, OPTIONAL, kinds, "困难类别"),
	FIELD_DAY(difficulty_query, valid_to, OPTIONAL, "有效期至不晚于"),
	FIELD_END
};

static const struct shape kind_shape[] = {
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "困难类别" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "起用日期" },
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "类别名称" },
	{ .name = "basis", .type = SHAPE_T_TEXT, .help = "依据" },
	{ .name = "evidence", .type = SHAPE_T_TEXT, .help = "证明材料" },
	{ .name = "rule", .type = SHAPE_T_TEXT, .nullable = true, .help = "数据核验规则" },
	{ .name = "age_men", .type = SHAPE_T_INT, .nullable = true, .help = "男满周岁" },
	{ .name = "age_women", .type = SHAPE_T_INT, .nullable = true, .help = "女满周岁" },
	{ .name = "months_least", .type = SHAPE_T_INT, .nullable = true, .help = "连续失业满月数" },
	{ .name = "is_sensitive", .type = SHAPE_T_BOOL, .help = "敏感个人信息，须单独同意" },
	{ .name = "source", .type = SHAPE_T_TEXT, .codes = "difficulty_sources", .help = "来源" },
	{ .name = "is_enabled", .type = SHAPE_T_BOOL, .help = "是否启用" },
	{ .name = "valid_months", .type = SHAPE_T_INT, .nullable = true, .help = "有效期（月），空为未设定" },
	SHAPE_END
};

static const struct shape step_shape[] = {
	{ .name = "step", .type = SHAPE_T_TEXT, .codes = "difficulty_steps", .help = "环节" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "意见" },
	{ .name = "actor_kind", .type = SHAPE_T_TEXT, .help = "经手方" },
	{ .name = "at", .type = SHAPE_T_INSTANT, .help = "时间" },
	SHAPE_END
};

const struct shape difficulty_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "认定" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "人员" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },
	{ .name = "kinds", .type = SHAPE_T_LIST, .codes = "difficulty_kinds", .help = "困难类别" },
	{ .name = "proof_note", .type = SHAPE_T_TEXT, .help = "证明材料及说明" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "difficulty_states", .help = "认定状态" },
	{ .name = "applied_on", .type = SHAPE_T_DAY, .help = "申请日期" },
	{ .name = "first_note", .type = SHAPE_T_TEXT, .nullable = true, .help = "初审意见" },
	{ .name = "recheck_note", .type = SHAPE_T_TEXT, .nullable = true, .help = "终审意见" },
	{ .name = "cert_no", .type = SHAPE_T_TEXT, .nullable = true, .help = "证书编号" },
	{ .name = "valid_from", .type = SHAPE_T_DAY, .nullable = true, .help = "有效期起" },
	{ .name = "valid_to", .type = SHAPE_T_DAY, .nullable = true, .help = "有效期止" },
	{ .name = "checked_on", .type = SHAPE_T_DAY, .nullable = true, .help = "最近年审日期" },
	{ .name = "withdrawn_on", .type = SHAPE_T_DAY, .nullable = true, .help = "退出日期" },
	{ .name = "withdraw_reason", .type = SHAPE_T_TEXT, .codes = "difficulty_withdraw_reasons", .nullable = true,
	  .help = "退出原因" },
	{ .name = "withdraw_mode", .type = SHAPE_T_TEXT, .codes = "withdraw_modes", .nullable = true,
	  .help = "退出方式" },
	{ .name = "withdraw_note", .type = SHAPE_T_TEXT, .nullable = true, .help = "退出说明" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "申请时间" },
	{ .name = "steps", .type = SHAPE_T_LIST, .nullable = true, .of = step_shape, .help = "经过" },
	SHAPE_END
};

const struct route difficulty_routes[] = {
	{ .name = "difficulty_kind_list", .method = METHOD_GET, .path = "/v1/jobs/difficulty-kinds",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "jobs.difficulty_kind.list",
	  .list = true, .reply = kind_shape, .stmt = &stmt_difficulty_kind_list, .limit = LIMIT_READ,
	  .zh = "就业困难人员类别", .en = "List who may be recognised" },
	{ .name = "difficulty_kind_set", .method = METHOD_POST,
	  .path = "/v1/jobs/difficulty-kinds/{hardship_code}",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "jobs.difficulty_kind.set",
	  .body = INPUT(kind_in, kind_fields), .reply = kind_shape, .success = 200,
	  .handler = difficulty_kind_set, .limit = LIMIT_WRITE,
	  .zh = "设定就业困难人员类别", .en = "Set a kind, from a day on" },
	{ .name = "difficulty_apply", .method = METHOD_POST, .path = "/v1/jobs/difficulty-applications",
	  .callers = ROLE_PERSON | ROLE_CLERK, .scope = SCOPE_CALLER, .action = "jobs.difficulty.apply",
	  .body = INPUT(apply_in, apply_fields), .reply = difficulty_shape,
	  .handler = difficulty_apply, .key = KEY_REQUIRED, .limit = LIMIT_WRITE, .matter = "JB-20",
	  .zh = "申请就业困难人员认定", .en = "Apply to be recognised as hard to place" },
	{ .name = "difficulty_list_person", .method = METHOD_GET,
	  .path = "/v1/jobs/my/difficulty-applications", .callers = ROLE_PERSON, .scope = SCOPE_PERSON,
	  .action = "jobs.difficulty.list_person", .list = true, .reply = difficulty_shape,
	  .stmt = &stmt_difficulty_list_person, .limit = LIMIT_READ,
	  .zh = "我的就业困难人员认定", .en = "List the caller's recognitions" },
	{ .name = "difficulty_get", .method = METHOD_GET,
	  .path = "/v1/jobs/difficulty-applications/{id}",
	  .callers = ROLE_PERSON | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "jobs.difficulty.get", .reply = difficulty_shape, .stmt = &stmt_difficulty_get,
	  .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "查看就业困难人员认定", .en = "Read a recognition with its steps" },
	{ .name = "difficulty_list", .method = METHOD_GET, .path = "/v1/jobs/difficulty-applications",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "jobs.difficulty.list",
	  .query = INPUT(difficulty_query, difficulty_query_fields), .list = true,
	  .reply = difficulty_shape, .stmt = &stmt_difficulty_list, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON,
	  .zh = "辖区内的就业困难人员认定", .en = "List the recognitions of the area" },
	ROUTE_END
};

/* The list is the city's: an officer of one county does not change it. */
static int
difficulty_kind_set(struct call *c)
{
	const struct kind_in	*in = c->body;
	const char		*code = call_param(c, "hardship_code");
	const bool		 on = in->switched != NULL && strcmp(in->switched, "on") == 0;
	struct db_rows		 rows;

	if (!call_in_area(c, AREA_CITY))
		return (call_reject(c, ERR_FORBIDDEN, NULL));
	if (sql_difficulty_kind_set(c->db, &rows, code, in->from_on, in->name, in->basis,
	    in->evidence, given(&in->age_men), given(&in->age_women), given(&in->months_least),
	    given(&in->valid_months), in->switched != NULL ? &on : NULL, in->source) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
difficulty_apply(struct call *c)
{
	const struct apply_in	*in = c->body;
	const struct principal	*who = c->principal;
	const struct uuid	*person = who->has_person ? &who->person : &in->person_id;
	struct db_rows		 rows;

	if (who->has_person && !uuid_is_nil(&in->person_id) &&
	    !uuid_equal(&in->person_id, &who->person))
		return (call_reject(c, ERR_FORBIDDEN, "/person_id"));
	if (uuid_is_nil(person))
		return (call_reject(c, ERR_F_MISSING, "/person_id"));
	if (!kinds_sound(c, in->kinds))
		return (call_reject(c, ERR_F_CHOICE, "/kinds"));
	if (sql_difficulty_apply(c->db, &rows, person, in->kinds, in->proof_note) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

/* A list of known kinds, at least one. */
static bool
kinds_sound(struct call *c, const char *text)
{
	const struct json	*list = json_parse(c->arena, text, strlen(text));
	const char		*code;
	size_t			 i, k;

	if (!json_is_array(list) || json_count(list) == 0 || json_count(list) > KINDS_MAX)
		return (false);
	for (i = 0; i < json_count(list); i++) {
		if ((code = json_string(json_at(list, i))) == NULL)
			return (false);
		for (k = 0; kinds[k] != NULL && strcmp(kinds[k], code) != 0; k++)
			continue;
		if (kinds[k] == NULL)
			return (false);
	}
	return (true);
}

static const int64_t *
given(const int64_t *n)
{
	return (*n == 0 ? NULL : n);
}
