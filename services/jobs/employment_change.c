/*
 * employment_change.c -- 就业登记 put right and renewed, with what it said
 * before; and the values that a city or a county sets for the registers.
 *
 * Invariant: no term of a registration changes without a row in
 * jobs.register_change that says what it was, who changed it and why.
 */
#include "codes/codes.h"
#include "employment.h"
#include "jobs_sql.h"

struct correct_in {
	const char	*reason;
	int32_t		 hired_on;
	const char	*contract_type;
	int64_t		 contract_months;
	const char	*occupation_code;
	int64_t		 wage_cents;
};

struct renew_in {
	int32_t		 from_on;
	const char	*contract_type;
	int64_t		 contract_months;
	int64_t		 wage_cents;
};

struct value_in {
	const char	*name;
	const char	*county_code;
	int32_t		 from_on;
	int64_t		 value;
	const char	*basis;
};

struct value_query {
	const char	*name;
};

static int	employment_correct(struct call *);
static int	employment_renew(struct call *);
static int	register_value_set(struct call *);
static const int64_t *given(const int64_t *);

static const char *const value_names[] = { "min_wage_cents", "correction_days", "restore_days",
	"difficulty_hired_months", "household_due_days", NULL };

static const struct field correct_fields[] = {
	FIELD_TEXT(correct_in, reason, REQUIRED, 2, 200, "更正原因"),
	FIELD_DAY_SINCE_1990_(correct_in, hired_on, OPTIONAL, "入职日期"),
	FIELD_ENUM(correct_in, contract_type, OPTIONAL, contract_types, "合同类型，与合同期限一并更正"),
	FIELD_INT(correct_in, contract_months, OPTIONAL, 1, 120, "合同期限（月）"),
	FIELD_CHECK(correct_in, occupation_code, OPTIONAL, check_occupation, "职业代码"),
	FIELD_INT(correct_in, wage_cents, OPTIONAL, 1, WAGE_MOST_CENTS, "月工资（分）"),
	FIELD_END
};

static const struct field renew_fields[] = {
	FIELD_DAY_SINCE_1990(renew_in, from_on, "新合同起始日期"),
	FIELD_ENUM(renew_in, contract_type, REQUIRED, contract_types, "合同类型"),
	FIELD_INT(renew_in, contract_months, OPTIONAL, 1, 120, "合同期限（月）"),
	FIELD_INT(renew_in, wage_cents, OPTIONAL, 1, WAGE_MOST_CENTS, "月工资（分），不填为不变"),
	FIELD_END
};

static const struct field value_fields[] = {
	FIELD_ENUM(value_in, name, REQUIRED, value_names, "参数"),
	FIELD_CHECK(value_in, county_code, REQUIRED, check_city_or_county, "县区，全市为 431100"),
	FIELD_DAY_SINCE_1990(value_in, from_on, "起用日期"),
	FIELD_INT(value_in, value, REQUIRED, 0, 100000000, "值：分、天或月"),
	FIELD_TEXT(value_in, basis, REQUIRED, 2, 200, "依据文件"),
	FIELD_END
};

static const struct field value_query_fields[] = {
	FIELD_ENUM(value_query, name, OPTIONAL, value_names, "参数"),
	FIELD_END
};

static const struct shape change_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "变更" },
	{ .name = "record_id", .type = SHAPE_T_UUID, .help = "登记" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .help = "变更类型" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .help = "原因" },
	{ .name = "before", .type = SHAPE_T_JSON, .help = "变更前" },
	{ .name = "after", .type = SHAPE_T_JSON, .help = "变更后" },
	{ .name = "actor_kind", .type = SHAPE_T_TEXT, .help = "经手方" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "at", .type = SHAPE_T_INSTANT, .help = "时间" },
	SHAPE_END
};

static const struct shape value_shape[] = {
	{ .name = "name", .type = SHAPE_T_TEXT, .help = "参数" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区，431100 为全市" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "起用日期" },
	{ .name = "value", .type = SHAPE_T_INT, .help = "值：分、天或月" },
	{ .name = "basis", .type = SHAPE_T_TEXT, .help = "依据文件" },
	{ .name = "set_at", .type = SHAPE_T_INSTANT, .help = "设定时间" },
	SHAPE_END
};

const struct route employment_change_routes[] = {
	{ .name = "employment_correct", .method = METHOD_POST, .path = "/v1/jobs/employments/{id}/correct",
	  .callers = ROLE_EMPLOYER | ROLE_FIRST_REVIEW | ROLE_RECHECK, .scope = SCOPE_CALLER,
	  .right = RIGHT_HIRE, .action = "jobs.employment.correct",
	  .body = INPUT(correct_in, correct_fields), .reply = employment_shape, .success = 200,
	  .handler = employment_correct, .emits = "jobs.employment.corrected.v1", .limit = LIMIT_WRITE,
	  .zh = "更正就业登记", .en = "Correct an employment" },
	{ .name = "employment_renew", .method = METHOD_POST, .path = "/v1/jobs/employments/{id}/renew",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .right = RIGHT_HIRE,
	  .action = "jobs.employment.renew", .body = INPUT(renew_in, renew_fields),
	  .reply = employment_shape, .success = 200, .handler = employment_renew,
	  .emits = "jobs.employment.corrected.v1", .limit = LIMIT_WRITE,
	  .zh = "续签劳动合同", .en = "Register a renewed contract" },
	{ .name = "register_change_list", .method = METHOD_GET,
	  .path = "/v1/jobs/register-records/{id}/changes",
	  .callers = ROLE_PERSON | ROLE_EMPLOYER | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "jobs.register_change.list", .list = true, .reply = change_shape,
	  .stmt = &stmt_register_change_list, .limit = LIMIT_READ, .opens = OPENS_UNNAMED,
	  .zh = "就业登记、失业登记的变更记录", .en = "List what a registration said before" },
	{ .name = "register_value_set", .method = METHOD_POST, .path = "/v1/jobs/register-values",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "jobs.register_value.set",
	  .body = INPUT(value_in, value_fields), .reply = value_shape, .handler = register_value_set,
	  .limit = LIMIT_WRITE, .zh = "设定登记管理参数", .en = "Set a value of the registers" },
	{ .name = "register_value_list", .method = METHOD_GET, .path = "/v1/jobs/register-values",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "jobs.register_value.list",
	  .query = INPUT(value_query, value_query_fields), .list = true, .reply = value_shape,
	  .stmt = &stmt_register_value_list, .limit = LIMIT_READ,
	  .zh = "登记管理参数", .en = "List the values set for the registers" },
	ROUTE_END
};

/* By the employer within the days the city allows; an officer needs no such leave. */
static int
employment_correct(struct call *c)
{
	const struct correct_in	*in = c->body;
	struct db_rows		 rows;

	if (in->hired_on == DAY_NONE && in->contract_type == NULL && in->occupation_code == NULL &&
	    in->wage_cents == 0 && in->contract_months == 0)
		return (call_reject(c, ERR_JOBS_NO_CHANGE, NULL));
	if (in->hired_on != DAY_NONE && in->hired_on > clock_today())
		return (call_reject(c, ERR_F_DATE_FUTURE, "/hired_on"));
	if (in->contract_type == NULL ? in->contract_months != 0 :
	    !contract_sound(in->contract_type, in->contract_months))
		return (call_reject(c, ERR_JOBS_CONTRACT, "/contract_months"));
	if (sql_employment_correct(c->db, &rows, &c->id, in->reason, in->hired_on, in->contract_type,
	    given(&in->contract_months), in->occupation_code, given(&in->wage_cents)) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
employment_renew(struct call *c)
{
	const struct renew_in	*in = c->body;
	struct db_rows		 rows;

	if (!contract_sound(in->contract_type, in->contract_months))
		return (call_reject(c, ERR_JOBS_CONTRACT, "/contract_months"));
	if (sql_employment_renew(c->db, &rows, &c->id, &c->principal->org, in->from_on,
	    in->contract_type, given(&in->contract_months), given(&in->wage_cents)) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

/* The city's by an officer of the city, a county's by one of that county. */
static int
register_value_set(struct call *c)
{
	const struct value_in	*in = c->body;
	struct db_rows		 rows;

	if (!call_in_area(c, in->county_code))
		return (call_reject(c, ERR_FORBIDDEN, "/county_code"));
	if (sql_register_value_set(c->db, &rows, in->name, in->county_code, in->from_on, in->value,
	    in->basis) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static const int64_t *
given(const int64_t *n)
{
	return (*n == 0 ? NULL : n);
}
