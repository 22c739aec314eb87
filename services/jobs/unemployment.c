/*
 * unemployment.c -- 失业登记: by the person, or by a clerk at the counter.
 *
 * Invariant: one open registration a person; it ends as hired only through
 * 就业登记 (employment.c), for want of contact only by the clock
 * (unemployment_more.c). Whether somebody counts as 就业困难人员 is a
 * certificate's word or a clerk's, never the person's own. The SQL is in
 * sql/jobs/queries/unemployment.sql.
 */
#include "jobs.h"
#include "codes/codes.h"
#include "employment.h"
#include "jobs_sql.h"
#include "codes/retire.h"

struct unemployment_in {
	struct uuid	 person_id;
	const char	*reason;
	int32_t		 lost_on;
	bool		 is_difficult;
	const char	*last_employer;
	const char	*education_code;
	int64_t		 skill_level;
	const char	*wish;
	const char	*wish_area_code;
	const char	*is_willing;
	const char	*retire_class;
};

struct unemployment_end_in {
	const char	*reason;
	int64_t		 income_month_cents;
	const char	*note;
};

struct unemployment_query {
	const char	*county_code;
	bool		 is_open;
	bool		 is_difficult;
	const char	*end_reason;
	int32_t		 lapses_to;
};

static int	unemployment_register(struct call *);
static int	unemployment_end(struct call *);

static const char *const reasons[] = { "contract_expired", "dismissed", "resigned", "layoff",
	"employer_closed", "business_closed", "graduated", "land_lost", "first_job", "other", NULL };
static const char *const end_reasons[] = { "business_licence", "stable_income", "pension",
	"lost_capacity", "school", "army", "abroad", "prison", "refused_service", "deceased", "other",
	NULL };
static const char *const ended_reasons[] = { "hired", "business_licence", "stable_income",
	"pension", "lost_capacity", "school", "army", "abroad", "prison", "refused_service",
	"no_contact", "deceased", "other", NULL };
static const char *const officers_word[] = { "prison", "refused_service", "deceased", NULL };
static const char *const declarations[] = { "yes", "no", NULL };

static const struct field unemployment_in_fields[] = {
	FIELD_UUID(unemployment_in, person_id, OPTIONAL, "窗口代办的人员；本人办理时不填"),
	FIELD_ENUM(unemployment_in, reason, REQUIRED, reasons, "失业原因"),
	FIELD_DAY(unemployment_in, lost_on, OPTIONAL, "失去工作的日期"),
	FIELD_BOOL(unemployment_in, is_difficult, OPTIONAL, "就业困难人员，由窗口认定"),
	FIELD_TEXT(unemployment_in, last_employer, OPTIONAL, 2, 100, "失业前工作单位"),
	FIELD_CHECK(unemployment_in, education_code, OPTIONAL, check_education, "学历"),
	FIELD_INT(unemployment_in, skill_level, OPTIONAL, 1, 5, "职业技能等级：5 初级工 … 1 高级技师"),
	FIELD_TEXT(unemployment_in, wish, OPTIONAL, 1, 200, "求职意向"),
	FIELD_CHECK(unemployment_in, wish_area_code, OPTIONAL, check_area, "意向工作地区"),
	FIELD_ENUM(unemployment_in, is_willing, OPTIONAL, declarations, "声明有劳动能力和就业要求"),
	FIELD_ENUM(unemployment_in, retire_class, OPTIONAL, retire_class_names, "退休类别"),
	FIELD_END
};

static const struct field unemployment_end_fields[] = {
	FIELD_ENUM(unemployment_end_in, reason, REQUIRED, end_reasons, "注销原因"),
	FIELD_INT(unemployment_end_in, income_month_cents, OPTIONAL, 1, WAGE_MOST_CENTS,
	    "月收入（分），因收入稳定注销时与最低工资比较"),
	FIELD_TEXT(unemployment_end_in, note, OPTIONAL, 2, 200, "说明"),
	FIELD_END
};

static const struct field unemployment_query_fields[] = {
	FIELD_CHECK(unemployment_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_BOOL(unemployment_query, is_open, OPTIONAL, "仍在登记"),
	FIELD_BOOL(unemployment_query, is_difficult, OPTIONAL, "就业困难人员"),
	FIELD_ENUM(unemployment_query, end_reason, OPTIONAL, ended_reasons, "注销原因"),
	FIELD_DAY(unemployment_query, lapses_to, OPTIONAL, "无联系期满日期至"),
	FIELD_END
};

const struct shape unemployment_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "失业登记" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "人员" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },
	{ .name = "registered_on", .type = SHAPE_T_DAY, .help = "登记日期" },
	{ .name = "since_on", .type = SHAPE_T_DAY, .help = "连续失业起始日期" },
	{ .name = "lost_on", .type = SHAPE_T_DAY, .nullable = true, .help = "失去工作的日期" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .codes = "unemployment_reasons", .help = "失业原因" },
	{ .name = "last_employer", .type = SHAPE_T_TEXT, .nullable = true, .help = "失业前工作单位" },
	{ .name = "education_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "学历" },
	{ .name = "skill_level", .type = SHAPE_T_INT, .codes = "skill_levels", .nullable = true,
	  .help = "职业技能等级" },
	{ .name = "wish", .type = SHAPE_T_TEXT, .nullable = true, .help = "求职意向" },
	{ .name = "wish_area_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "意向工作地区" },
	{ .name = "is_willing", .type = SHAPE_T_BOOL, .nullable = true, .help = "有劳动能力和就业要求" },
	{ .name = "is_difficult", .type = SHAPE_T_BOOL, .help = "就业困难人员" },
	{ .name = "renews_id", .type = SHAPE_T_UUID, .nullable = true, .help = "续接的失业登记" },
	{ .name = "retires_on", .type = SHAPE_T_DAY, .nullable = true, .help = "法定退休日期" },
	{ .name = "last_contact_on", .type = SHAPE_T_DAY, .help = "最近联系日期" },
	{ .name = "lapses_on", .type = SHAPE_T_DAY, .help = "满6个月未联系的日期" },
	{ .name = "ended_on", .type = SHAPE_T_DAY, .nullable = true, .help = "注销日期" },
	{ .name = "end_reason", .type = SHAPE_T_TEXT, .codes = "unemployment_end_reasons", .nullable = true,
	  .help = "注销原因" },
	{ .name = "end_note", .type = SHAPE_T_TEXT, .nullable = true, .help = "注销说明" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "登记时间" },
	SHAPE_END
};

const struct route unemployment_routes[] = {
	{ .name = "unemployment_register", .method = METHOD_POST,
	  .path = "/v1/jobs/unemployment-registrations",
	  .callers = ROLE_PERSON | ROLE_CLERK, .scope = SCOPE_CALLER,
	  .action = "jobs.unemployment.register",
	  .body = INPUT(unemployment_in, unemployment_in_fields), .reply = unemployment_shape,
	  .handler = unemployment_register, .emits = "jobs.unemployment.registered.v1",
	  .key = KEY_REQUIRED, .limit = LIMIT_WRITE,
	  .matter = "JB-01", .zh = "办理失业登记", .en = "Register as unemployed, or a person at the counter" },
	{ .name = "unemployment_end", .method = METHOD_POST,
	  .path = "/v1/jobs/unemployment-registrations/{id}/end",
	  .callers = ROLE_PERSON | ROLE_CLERK, .scope = SCOPE_CALLER,
	  .action = "jobs.unemployment.end",
	  .body = INPUT(unemployment_end_in, unemployment_end_fields), .reply = unemployment_shape,
	  .success = 200, .handler = unemployment_end, .emits = "jobs.unemployment.ended.v1",
	  .limit = LIMIT_WRITE, .matter = "JB-02", .zh = "注销失业登记", .en = "End an unemployment registration" },
	{ .name = "unemployment_list_person", .method = METHOD_GET,
	  .path = "/v1/jobs/my/unemployment-registrations",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "jobs.unemployment.list_person",
	  .list = true, .reply = unemployment_shape, .stmt = &stmt_unemployment_list_person,
	  .limit = LIMIT_READ, .zh = "我的失业登记", .en = "List the caller's registrations" },
	{ .name = "unemployment_list", .method = METHOD_GET,
	  .path = "/v1/jobs/unemployment-registrations",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "jobs.unemployment.list",
	  .query = INPUT(unemployment_query, unemployment_query_fields), .list = true,
	  .reply = unemployment_shape, .stmt = &stmt_unemployment_list, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON, .zh = "辖区内的失业登记", .en = "List the registrations of the area" },
	ROUTE_END
};

/* A person registers only itself; a clerk names the person, who must live in the area. */
static int
unemployment_register(struct call *c)
{
	const struct unemployment_in	*in = c->body;
	const struct principal		*who = c->principal;
	const struct uuid		*person = who->has_person ? &who->person : &in->person_id;
	const bool			 yes = in->is_willing != NULL && strcmp(in->is_willing, "yes") == 0;
	struct db_rows			 rows;

	if (who->has_person && !uuid_is_nil(&in->person_id) &&
	    !uuid_equal(&in->person_id, &who->person))
		return (call_reject(c, ERR_FORBIDDEN, "/person_id"));
	if (uuid_is_nil(person))
		return (call_reject(c, ERR_F_MISSING, "/person_id"));
	if (in->lost_on != DAY_NONE && in->lost_on > clock_today())
		return (call_reject(c, ERR_F_DATE_FUTURE, "/lost_on"));
	if (in->is_difficult && who->has_person)
		return (call_reject(c, ERR_FORBIDDEN, "/is_difficult"));
	if (in->is_willing != NULL && !yes)
		return (call_reject(c, ERR_JOBS_UNWILLING, "/is_willing"));
	if (in->retire_class != NULL &&
	    sql_retire_class_state(c->db, NULL, person, in->retire_class) == -1)
		return (call_failed(c));
	if (sql_unemployment_register(c->db, &rows, person, in->reason, in->lost_on,
	    in->is_difficult, in->last_employer, in->education_code,
	    in->skill_level == 0 ? NULL : &in->skill_level, in->wish, in->wish_area_code,
	    in->is_willing != NULL ? &yes : NULL) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

/* What happened to somebody else is an officer's to say; of a refusal, with what happened. */
static int
unemployment_end(struct call *c)
{
	const struct unemployment_end_in	*in = c->body;
	const int64_t	*income = in->income_month_cents == 0 ? NULL : &in->income_month_cents;
	struct db_rows	 rows;
	size_t		 i;

	for (i = 0; officers_word[i] != NULL; i++)
		if (strcmp(officers_word[i], in->reason) == 0 && c->principal->has_person)
			return (call_reject(c, ERR_FORBIDDEN, "/reason"));
	if (strcmp(in->reason, "refused_service") == 0 && in->note == NULL)
		return (call_reject(c, ERR_F_MISSING, "/note"));
	if (sql_unemployment_end(c->db, &rows, &c->id, in->reason, income, in->note) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}
