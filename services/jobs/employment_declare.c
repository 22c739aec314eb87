/*
 * employment_declare.c -- 灵活就业 and 个体: declared by the person, or entered
 * by a clerk for them, and ended by declaration.
 *
 * Invariant: one open declaration a person. It ends an open 失业登记 when the
 * income is stable: from the minimum wage on, or by an officer's word; while
 * the city has set no minimum wage nothing is compared with a guess.
 */
#include "codes/codes.h"
#include "employment.h"
#include "jobs_sql.h"

struct declare_in {
	struct uuid	 person_id;
	const char	*form;
	const char	*work_kind;
	const char	*work_place;
	const char	*occupation_code;
	int32_t		 started_on;
	int64_t		 income_month_cents;
	const char	*licence_uscc;
	const char	*stable_note;
};

struct undeclare_in {
	int32_t		 ended_on;
	const char	*reason;
};

struct stable_in {
	const char	*note;
};

static int	employment_declare(struct call *);
static int	employment_undeclare(struct call *);

static const char *const declared_forms[] = { "flexible", "self_employed", NULL };
static const char *const undeclare_reasons[] = { "stopped", "retired", "deceased", "other", NULL };

static const struct field declare_fields[] = {
	FIELD_UUID(declare_in, person_id, OPTIONAL, "窗口代办的人员；本人办理时不填"),
	FIELD_ENUM(declare_in, form, REQUIRED, declared_forms, "就业形式"),
	FIELD_TEXT(declare_in, work_kind, REQUIRED, 2, 60, "从事工作，如外卖配送、电商、摆摊"),
	FIELD_TEXT(declare_in, work_place, REQUIRED, 2, 120, "从业地点"),
	FIELD_CHECK(declare_in, occupation_code, REQUIRED, check_occupation, "职业代码"),
	FIELD_DAY_SINCE_1990(declare_in, started_on, "从业日期"),
	FIELD_INT(declare_in, income_month_cents, REQUIRED, 0, WAGE_MOST_CENTS, "月收入（分）"),
	FIELD_CHECK(declare_in, licence_uscc, OPTIONAL, check_uscc, "营业执照统一社会信用代码，个体填写"),
	FIELD_TEXT(declare_in, stable_note, OPTIONAL, 2, 200, "窗口核实收入稳定的依据"),
	FIELD_END
};

static const struct field undeclare_fields[] = {
	FIELD_DAY_SINCE_1990(undeclare_in, ended_on, "停止日期"),
	FIELD_ENUM(undeclare_in, reason, REQUIRED, undeclare_reasons, "原因"),
	FIELD_END
};

static const struct field stable_fields[] = {
	FIELD_TEXT(stable_in, note, REQUIRED, 2, 200, "认定收入稳定的依据"),
	FIELD_END
};

const struct route employment_declare_routes[] = {
	{ .name = "employment_declare", .method = METHOD_POST, .path = "/v1/jobs/employment-declarations",
	  .callers = ROLE_PERSON | ROLE_CLERK, .scope = SCOPE_CALLER,
	  .action = "jobs.employment.declare", .body = INPUT(declare_in, declare_fields),
	  .reply = employment_shape, .handler = employment_declare, .key = KEY_REQUIRED,
	  .emits = "jobs.employment.declared.v1 jobs.unemployment.ended.v1", .limit = LIMIT_WRITE,
	  .matter = "JB-22", .zh = "申报灵活就业或个体经营", .en = "Declare flexible work or self-employment" },
	{ .name = "employment_undeclare", .method = METHOD_POST,
	  .path = "/v1/jobs/employment-declarations/{id}/end",
	  .callers = ROLE_PERSON | ROLE_CLERK, .scope = SCOPE_CALLER,
	  .action = "jobs.employment.undeclare", .body = INPUT(undeclare_in, undeclare_fields),
	  .reply = employment_shape, .success = 200, .handler = employment_undeclare,
	  .emits = "jobs.employment.declaration_ended.v1", .limit = LIMIT_WRITE,
	  .zh = "停止灵活就业或个体经营", .en = "End declared work" },
	{ .name = "employment_state_stable", .method = METHOD_POST,
	  .path = "/v1/jobs/employment-declarations/{id}/stable",
	  .callers = ROLE_CLERK | ROLE_FIRST_REVIEW | ROLE_RECHECK, .scope = SCOPE_AREA,
	  .action = "jobs.employment.state_stable", .body = INPUT(stable_in, stable_fields),
	  .reply = employment_shape, .success = 200, .stmt = &stmt_employment_state_stable,
	  .emits = "jobs.employment.corrected.v1 jobs.unemployment.ended.v1", .limit = LIMIT_WRITE,
	  .zh = "认定申报的就业收入稳定", .en = "State that declared work pays enough to count" },
	ROUTE_END
};

/* A licence is of a business; that the income is stable is never the person's own word. */
static int
employment_declare(struct call *c)
{
	const struct declare_in		*in = c->body;
	const struct principal		*who = c->principal;
	const struct uuid		*person = who->has_person ? &who->person : &in->person_id;
	struct db_rows			 rows;

	if (who->has_person && !uuid_is_nil(&in->person_id) &&
	    !uuid_equal(&in->person_id, &who->person))
		return (call_reject(c, ERR_FORBIDDEN, "/person_id"));
	if (uuid_is_nil(person))
		return (call_reject(c, ERR_F_MISSING, "/person_id"));
	if (in->stable_note != NULL && who->has_person)
		return (call_reject(c, ERR_FORBIDDEN, "/stable_note"));
	if (in->started_on > clock_today())
		return (call_reject(c, ERR_F_DATE_FUTURE, "/started_on"));
	if (in->licence_uscc != NULL && strcmp(in->form, "self_employed") != 0)
		return (call_reject(c, ERR_JOBS_LICENCE, "/licence_uscc"));
	if (sql_employment_declare(c->db, &rows, person, in->form, in->work_kind, in->work_place,
	    in->occupation_code, in->started_on, in->income_month_cents, in->licence_uscc,
	    in->stable_note) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
employment_undeclare(struct call *c)
{
	const struct undeclare_in	*in = c->body;
	struct db_rows			 rows;

	if (in->ended_on > clock_today())
		return (call_reject(c, ERR_F_DATE_FUTURE, "/ended_on"));
	if (sql_employment_undeclare(c->db, &rows, &c->id, in->ended_on, in->reason) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}
