/*
 * unemployment_more.c -- 失业登记 kept alive, renewed, restored; the page of
 * 就业创业证; and what the registers do by the clock.
 *
 * Invariant: what ends by the clock ends on the day its rule says, however late
 * the clock comes round, and a second round changes nothing more.
 */
#include "base/log.h"
#include "employment.h"
#include "jobs_sql.h"
#include "svc/svc.h"

#define SWEEP_MS	5000

struct contact_in {
	const char	*note;
};

struct restore_in {
	const char	*reason;
};

static void	registers_sweep(void);

static const struct field contact_fields[] = {
	FIELD_TEXT(contact_in, note, OPTIONAL, 0, 200, "说明"),
	FIELD_END
};

static const struct field restore_fields[] = {
	FIELD_TEXT(restore_in, reason, REQUIRED, 2, 200, "恢复原因"),
	FIELD_END
};

static const struct shape certificate_shape[] = {
	{ .name = "person_id", .type = SHAPE_T_UUID, .help = "人员" },
	{ .name = "name_masked", .type = SHAPE_T_TEXT, .help = "姓名（隐去）" },
	{ .name = "sex", .type = SHAPE_T_INT, .help = "性别" },
	{ .name = "birth_on", .type = SHAPE_T_DAY, .help = "出生日期" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "常住地县区" },
	{ .name = "retire_class", .type = SHAPE_T_TEXT, .nullable = true, .help = "退休类别" },
	{ .name = "retires_on", .type = SHAPE_T_DAY, .help = "法定退休日期" },
	{ .name = "is_working", .type = SHAPE_T_BOOL, .help = "就业状态" },
	{ .name = "is_unemployed", .type = SHAPE_T_BOOL, .help = "登记失业" },
	{ .name = "is_difficult", .type = SHAPE_T_BOOL, .help = "就业困难人员" },
	{ .name = "employments", .type = SHAPE_T_LIST, .of = employment_shape, .help = "就业登记" },
	{ .name = "unemployments", .type = SHAPE_T_LIST, .of = unemployment_shape, .help = "失业登记" },
	{ .name = "difficulties", .type = SHAPE_T_LIST, .of = difficulty_shape, .help = "就业困难人员认定" },
	{ .name = "as_of", .type = SHAPE_T_INSTANT, .help = "时点" },
	SHAPE_END
};

const struct route unemployment_more_routes[] = {
	{ .name = "unemployment_get", .method = METHOD_GET,
	  .path = "/v1/jobs/unemployment-registrations/{id}",
	  .callers = ROLE_PERSON | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER,
	  .action = "jobs.unemployment.get", .reply = unemployment_shape,
	  .stmt = &stmt_unemployment_get, .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "查看失业登记", .en = "Read an unemployment registration" },
	{ .name = "unemployment_contact", .method = METHOD_POST,
	  .path = "/v1/jobs/unemployment-registrations/{id}/contact",
	  .callers = ROLE_PERSON | ROLE_CLERK, .scope = SCOPE_CALLER,
	  .action = "jobs.unemployment.contact", .body = INPUT(contact_in, contact_fields),
	  .reply = unemployment_shape, .success = 200, .stmt = &stmt_unemployment_contact,
	  .limit = LIMIT_WRITE, .zh = "确认仍在求职", .en = "Say that one still looks for work" },
	{ .name = "unemployment_renew", .method = METHOD_POST,
	  .path = "/v1/jobs/unemployment-registrations/{id}/renew",
	  .callers = ROLE_PERSON | ROLE_CLERK, .scope = SCOPE_CALLER,
	  .action = "jobs.unemployment.renew", .reply = unemployment_shape,
	  .stmt = &stmt_unemployment_renew, .emits = "jobs.unemployment.registered.v1",
	  .limit = LIMIT_WRITE, .zh = "因未联系注销后重新登记", .en = "Register anew after a lapse" },
	{ .name = "unemployment_restore", .method = METHOD_POST,
	  .path = "/v1/jobs/unemployment-registrations/{id}/restore",
	  .callers = ROLE_FIRST_REVIEW | ROLE_RECHECK, .scope = SCOPE_AREA,
	  .action = "jobs.unemployment.restore", .body = INPUT(restore_in, restore_fields),
	  .reply = unemployment_shape, .success = 200, .stmt = &stmt_unemployment_restore,
	  .emits = "jobs.unemployment.restored.v1", .limit = LIMIT_WRITE,
	  .zh = "撤销有误的注销，恢复失业登记", .en = "Take a wrong end back" },
	{ .name = "unemployment_certificate", .method = METHOD_GET,
	  .path = "/v1/jobs/my/employment-certificate", .callers = ROLE_PERSON, .scope = SCOPE_PERSON,
	  .action = "jobs.unemployment.certificate", .reply = certificate_shape,
	  .stmt = &stmt_unemployment_certificate, .limit = LIMIT_READ,
	  .zh = "我的就业创业证", .en = "The caller's registers on one page" },
	ROUTE_END
};

void
unemployment_start(void)
{
	svc_every("jobs.registers", SWEEP_MS, registers_sweep);
}

/* One after another, so that a person is warned of what the same round does not end. */
static void
registers_sweep(void)
{
	struct arena	a;
	struct db	db;

	arena_init(&a);
	db_init(&db, &a, DB_SYSTEM);
	if (sql_unemployment_lapse(&db, NULL) == -1 || sql_unemployment_warn(&db, NULL) == -1 ||
	    sql_difficulty_lapse(&db, NULL) == -1 || sql_difficulty_warn(&db, NULL) == -1 ||
	    sql_household_escalate(&db, NULL) == -1 || db_commit(&db) == -1)
		log_warn("the registers' clock did not go round");
	db_rollback(&db);
	arena_release(&a);
}
