/*
 * employment.c -- 就业登记: registered by the employer, ended by the employer,
 * read by the person, the employer and the officers of the area.
 *
 * Invariant: a person has at most one open registration with an employer, and
 * a registration ends the person's open 失业登记 in the same statement. The SQL
 * is in sql/jobs/queries/employment.sql.
 */
#include "jobs.h"
#include "codes/codes.h"
#include "crypt/crypt.h"
#include "employment.h"
#include "jobs_sql.h"

struct employment_end_in {
	int32_t		 ended_on;
	const char	*reason;
};

struct employment_org_query {
	bool		 is_open;
	const char	*form;
	int32_t		 contract_ends_to;
};

struct employment_query {
	const char	*county_code;
	int32_t		 hired_from;
	int32_t		 hired_to;
	bool		 is_open;
	const char	*form;
	bool		 is_stable;
};

static int	employment_register(struct call *);
static int	employment_end(struct call *);

const char *const contract_types[] = { "fixed", "open_ended", "task", "part_time", "dispatch", NULL };
static const char *const forms[] = { "employer", "public_post", "flexible", "self_employed", NULL };
static const char *const hire_forms[] = { "employer", "public_post", NULL };
static const char *const end_reasons[] = { "contract_expired", "agreed", "resigned", "dismissed",
	"layoff", "employer_closed", "retired", "deceased", "other", NULL };

#define CONTRACT_FIELDS								\
	FIELD_DAY_SINCE_1990(hire_in, hired_on, "入职日期"),			\
	FIELD_ENUM(hire_in, contract_type, REQUIRED, contract_types, "合同类型"),	\
	FIELD_INT(hire_in, contract_months, OPTIONAL, 1, 120, "合同期限（月）"),	\
	FIELD_INT(hire_in, wage_cents, REQUIRED, 1, WAGE_MOST_CENTS, "月工资（分）")

const struct field hire_in_fields[] = {
	CONTRACT_FIELDS,
	FIELD_END
};

static const struct field employment_in_fields[] = {
	FIELD_UUID(hire_in, person_id, OPTIONAL, "人员，与 id_number 二选一"),
	FIELD_CHECK(hire_in, id_number, OPTIONAL, check_id_number, "公民身份号码，不留存"),
	FIELD_CHECK(hire_in, occupation_code, REQUIRED, check_occupation, "职业代码"),
	FIELD_ENUM(hire_in, form, OPTIONAL, hire_forms, "就业形式，不填为单位就业"),
	CONTRACT_FIELDS,
	FIELD_END
};

static const struct field employment_end_fields[] = {
	FIELD_DAY_SINCE_1990(employment_end_in, ended_on, "解除或终止日期"),
	FIELD_ENUM(employment_end_in, reason, REQUIRED, end_reasons, "原因"),
	FIELD_END
};

static const struct field employment_org_query_fields[] = {
	FIELD_BOOL(employment_org_query, is_open, OPTIONAL, "在职"),
	FIELD_ENUM(employment_org_query, form, OPTIONAL, forms, "就业形式"),
	FIELD_DAY(employment_org_query, contract_ends_to, OPTIONAL, "合同到期日期至"),
	FIELD_END
};

static const struct field employment_query_fields[] = {
	FIELD_CHECK(employment_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_DAY(employment_query, hired_from, OPTIONAL, "入职日期自"),
	FIELD_DAY(employment_query, hired_to, OPTIONAL, "入职日期至"),
	FIELD_BOOL(employment_query, is_open, OPTIONAL, "在职"),
	FIELD_ENUM(employment_query, form, OPTIONAL, forms, "就业形式"),
	FIELD_BOOL(employment_query, is_stable, OPTIONAL, "收入稳定"),
	FIELD_END
};

const struct shape employment_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "就业登记" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "人员" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .nullable = true, .help = "用人单位" },
	{ .name = "org_name", .type = SHAPE_T_TEXT, .nullable = true, .help = "单位名称" },
	{ .name = "vacancy_id", .type = SHAPE_T_UUID, .nullable = true, .help = "岗位" },
	{ .name = "application_id", .type = SHAPE_T_UUID, .nullable = true, .help = "投递" },
	{ .name = "form", .type = SHAPE_T_TEXT, .codes = "employment_forms", .help = "就业形式" },
	{ .name = "hired_on", .type = SHAPE_T_DAY, .help = "入职或从业日期" },
	{ .name = "contract_type", .type = SHAPE_T_TEXT, .codes = "contract_types", .nullable = true,
	  .help = "合同类型" },
	{ .name = "contract_months", .type = SHAPE_T_INT, .nullable = true, .help = "合同期限（月）" },
	{ .name = "contract_from", .type = SHAPE_T_DAY, .help = "现合同起始日期" },
	{ .name = "occupation_code", .type = SHAPE_T_TEXT, .help = "职业代码" },
	{ .name = "work_kind", .type = SHAPE_T_TEXT, .nullable = true, .help = "从事工作" },
	{ .name = "work_place", .type = SHAPE_T_TEXT, .nullable = true, .help = "从业地点" },
	{ .name = "licence_uscc", .type = SHAPE_T_TEXT, .nullable = true, .help = "营业执照代码" },
	{ .name = "is_stable", .type = SHAPE_T_BOOL, .help = "收入稳定，按就业计" },
	{ .name = "wage_cents", .type = SHAPE_T_INT, .help = "月工资或申报月收入（分）" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" },
	{ .name = "was_unemployed", .type = SHAPE_T_BOOL, .help = "失业人员再就业" },
	{ .name = "was_difficult", .type = SHAPE_T_BOOL, .help = "就业困难人员再就业" },
	{ .name = "ended_on", .type = SHAPE_T_DAY, .nullable = true, .help = "解除或终止日期" },
	{ .name = "end_reason", .type = SHAPE_T_TEXT, .codes = "employment_end_reasons", .nullable = true,
	  .help = "原因" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "登记时间" },
	SHAPE_END
};

const struct route employment_routes[] = {
	{ .name = "employment_register", .method = METHOD_POST, .path = "/v1/jobs/employments",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .right = RIGHT_HIRE,
	  .action = "jobs.employment.register",
	  .body = INPUT(hire_in, employment_in_fields), .reply = employment_shape,
	  .handler = employment_register, .key = KEY_REQUIRED, .limit = LIMIT_WRITE,
	  .emits = "jobs.employment.registered.v1 jobs.unemployment.ended.v1",
	  .matter = "JB-03", .zh = "办理就业登记", .en = "Register a hire made elsewhere" },
	{ .name = "employment_end", .method = METHOD_POST, .path = "/v1/jobs/employments/{id}/end",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .right = RIGHT_HIRE,
	  .action = "jobs.employment.end",
	  .body = INPUT(employment_end_in, employment_end_fields), .reply = employment_shape,
	  .success = 200, .handler = employment_end, .emits = "jobs.employment.ended.v1",
	  .limit = LIMIT_WRITE, .matter = "JB-04", .zh = "解除或终止就业登记", .en = "End an employment" },
	{ .name = "employment_get", .method = METHOD_GET, .path = "/v1/jobs/employments/{id}",
	  .callers = ROLE_PERSON | ROLE_EMPLOYER | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "jobs.employment.get", .reply = employment_shape, .stmt = &stmt_employment_get,
	  .limit = LIMIT_READ, .opens = OPENS_PERSON, .zh = "查看就业登记", .en = "Read an employment" },
	{ .name = "employment_list_person", .method = METHOD_GET, .path = "/v1/jobs/my/employments",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "jobs.employment.list_person",
	  .list = true, .reply = employment_shape, .stmt = &stmt_employment_list_person,
	  .limit = LIMIT_READ, .zh = "我的就业登记", .en = "List the caller's employments" },
	{ .name = "employment_list_org", .method = METHOD_GET, .path = "/v1/jobs/org/employments",
	  .callers = ROLE_EMPLOYER, .scope = SCOPE_ORG, .action = "jobs.employment.list_org",
	  .query = INPUT(employment_org_query, employment_org_query_fields), .list = true,
	  .reply = employment_shape, .stmt = &stmt_employment_list_org, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON, .zh = "本单位的就业登记", .en = "List the employer's registrations" },
	{ .name = "employment_list", .method = METHOD_GET, .path = "/v1/jobs/employments",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "jobs.employment.list",
	  .query = INPUT(employment_query, employment_query_fields), .list = true,
	  .reply = employment_shape, .stmt = &stmt_employment_list, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON, .zh = "辖区内的就业登记", .en = "List the registrations of the area" },
	ROUTE_END
};

/* The person by id or by identity number, of which only the blind index is used. */
static int
employment_register(struct call *c)
{
	const struct hire_in	*in = c->body;
	struct hire		 hire = { .occupation_code = in->occupation_code };

	if (uuid_is_nil(&in->person_id) == (in->id_number == NULL))
		return (call_reject(c, ERR_JOBS_WHO, "/person_id"));
	if (in->id_number != NULL)
		hire.id_index = blind_index(c->arena, "id", in->id_number);
	else
		hire.person = &in->person_id;
	return (employment_reply_hired(c, in, &hire));
}

int
employment_reply_hired(struct call *c, const struct hire_in *in, const struct hire *h)
{
	const int64_t	*months = in->contract_months == 0 ? NULL : &in->contract_months;
	struct db_rows	 rows;

	if (in->hired_on > clock_today())
		return (call_reject(c, ERR_F_DATE_FUTURE, "/hired_on"));
	if (!contract_sound(in->contract_type, in->contract_months))
		return (call_reject(c, ERR_JOBS_CONTRACT, "/contract_months"));
	if (sql_employment_register(c->db, &rows, h->person, h->id_index, &c->principal->org,
	    h->vacancy, h->application, in->form != NULL ? in->form : "employer", in->hired_on,
	    in->contract_type, months, h->occupation_code, in->wage_cents) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

/* A fixed term and a dispatch have a length, an open-ended contract has none. */
bool
contract_sound(const char *type, int64_t months)
{
	if (strcmp(type, "open_ended") == 0)
		return (months == 0);
	if (strcmp(type, "fixed") == 0 || strcmp(type, "dispatch") == 0)
		return (months != 0);
	return (true);
}

/* Not before the day of hire, which the statement knows, nor in the future. */
static int
employment_end(struct call *c)
{
	const struct employment_end_in	*in = c->body;
	struct db_rows			 rows;

	if (in->ended_on > clock_today())
		return (call_reject(c, ERR_F_DATE_FUTURE, "/ended_on"));
	if (sql_employment_end(c->db, &rows, &c->id, &c->principal->org, in->ended_on,
	    in->reason) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}
