/*
 * remind.c -- who does not answer is asked: three texts, a call, a public call,
 * then the claim is waived; and the clocks that say how many working days lie
 * between, set by the city.
 *
 * Invariant: each step is one statement over the business date that repeats
 * harmlessly; nothing happens on a day off, or while its clock is not set.
 */
#include "remind.h"

#include "base/log.h"
#include "codes/codes.h"
#include "subsidies_sql.h"

#define BATCH		500
#define AGAIN_US	INT64_C(5000000)	/* with nothing to do, on the same day */
#define DAYS_MAX	(256 * 1024)

struct call_query {
	const char	*county_code;
	const char	*policy_code;
};

struct call_in {
	const char	*outcome;
	const char	*note;
};

struct clock_in {
	const char	*step;
	int64_t		 working_days;
	const char	*basis;
};

struct overdue_query {
	const char	*kind;
	const char	*role;
	const char	*county_code;
	const char	*policy_code;
};

static int	clock_set(struct call *);
static int	calendar_load(struct arena *);
static int	remind_some(struct arena *);
static int	waive_some(struct db *);

static const char *const outcomes[] = { "reached", "no_answer", "wrong_number", NULL };
static const char *const steps[] = { "accept", "first_review", "recheck", "approve", "publish", "pay",
	"objection", "remind", "public_call", NULL };

static const char *const kinds[] = { "claim", "application", "objection", NULL };
static const char *const roles[] = { "clerk", "first_review", "recheck", "approve", "finance", NULL };

static const struct field overdue_query_fields[] = {
	FIELD_ENUM(overdue_query, kind, OPTIONAL, kinds, "事项"),
	FIELD_ENUM(overdue_query, role, OPTIONAL, roles, "应由谁办理"),
	FIELD_CHECK(overdue_query, county_code, OPTIONAL, check_county, "县区代码"),
	FIELD_TEXT(overdue_query, policy_code, OPTIONAL, 2, 16, "政策代码"),
	FIELD_END
};

static const struct field call_query_fields[] = {
	FIELD_CHECK(call_query, county_code, OPTIONAL, check_county, "县区代码"),
	FIELD_TEXT(call_query, policy_code, OPTIONAL, 2, 16, "政策代码"),
	FIELD_END
};

static const struct field call_in_fields[] = {
	FIELD_ENUM(call_in, outcome, REQUIRED, outcomes, "已联系上、无人接听、号码有误"),
	FIELD_TEXT(call_in, note, OPTIONAL, 1, 200, "说明"),
	FIELD_END
};

static const struct field clock_in_fields[] = {
	FIELD_ENUM(clock_in, step, REQUIRED, steps, "环节"),
	FIELD_INT(clock_in, working_days, OPTIONAL, 1, 250, "工作日；不给则不设时限"),
	FIELD_TEXT(clock_in, basis, REQUIRED, 2, 200, "依据"),
	FIELD_END
};

static const struct shape call_shape[] = {
	{ .name = "claim_id", .type = SHAPE_T_UUID, .help = "申领" },
	{ .name = "policy_code", .type = SHAPE_T_TEXT, .help = "政策代码" },
	{ .name = "policy_title", .type = SHAPE_T_TEXT, .help = "政策名称" },
	{ .name = "payee_kind", .type = SHAPE_T_TEXT, .codes = "payee_kinds",
	  .help = "收款人是个人还是单位" },
	{ .name = "payee_name", .type = SHAPE_T_TEXT, .help = "收款人（个人脱敏）" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .nullable = true, .help = "人员" },
	{ .name = "org_id", .type = SHAPE_T_UUID, .nullable = true, .help = "单位" },
	{ .name = "texts", .type = SHAPE_T_INT, .help = "已提醒次数" },
	{ .name = "last_on", .type = SHAPE_T_DAY, .help = "最近提醒" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	SHAPE_END
};

static const struct shape called_shape[] = {
	{ .name = "claim_id", .type = SHAPE_T_UUID, .help = "申领" },
	{ .name = "outcome", .type = SHAPE_T_TEXT, .help = "结果" },
	{ .name = "called_on", .type = SHAPE_T_DAY, .help = "联系日期" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	SHAPE_END
};

static const struct shape public_call_shape[] = {
	{ .name = "policy_code", .type = SHAPE_T_TEXT, .help = "政策代码" },
	{ .name = "policy_title", .type = SHAPE_T_TEXT, .help = "政策名称" },
	{ .name = "payee_name", .type = SHAPE_T_TEXT, .help = "收款人（个人脱敏）" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "listed_on", .type = SHAPE_T_DAY, .help = "公开告知日" },
	{ .name = "answer_by", .type = SHAPE_T_DAY, .nullable = true, .help = "答复期限" },
	SHAPE_END
};

static const struct shape clock_shape[] = {
	{ .name = "step", .type = SHAPE_T_TEXT, .codes = "clock_steps", .help = "环节" },
	{ .name = "working_days", .type = SHAPE_T_INT, .nullable = true, .help = "工作日；空为未设定" },
	{ .name = "role", .type = SHAPE_T_TEXT, .codes = "roles", .help = "由谁办理" },
	{ .name = "basis", .type = SHAPE_T_TEXT, .nullable = true, .help = "依据" },
	{ .name = "set_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "设定时间" },
	SHAPE_END
};

static const struct shape overdue_shape[] = {
	{ .name = "kind", .type = SHAPE_T_TEXT, .codes = "overdue_kinds", .help = "事项" },
	{ .name = "id", .type = SHAPE_T_UUID, .help = "申领、申请或异议" },
	{ .name = "policy_code", .type = SHAPE_T_TEXT, .help = "政策代码" },
	{ .name = "step", .type = SHAPE_T_TEXT, .codes = "clock_steps", .help = "环节" },
	{ .name = "role", .type = SHAPE_T_TEXT, .codes = "roles", .help = "应由谁办理" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "due_on", .type = SHAPE_T_DAY, .help = "应办结日" },
	{ .name = "days", .type = SHAPE_T_INT, .help = "已超过的工作日" },
	SHAPE_END
};

const struct route remind_routes[] = {
	{ .name = "overdue_list", .method = METHOD_GET, .path = "/v1/subsidies/overdue",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "subsidies.overdue.list",
	  .query = INPUT(overdue_query, overdue_query_fields), .list = true, .reply = overdue_shape,
	  .stmt = &stmt_overdue_list, .limit = LIMIT_READ,
	  .zh = "超过时限的申领、申请和异议", .en = "List what is past its day" },
	{ .name = "call_list", .method = METHOD_GET, .path = "/v1/subsidies/calls",
	  .callers = ROLE_CLERK | ROLE_FIRST_REVIEW, .scope = SCOPE_AREA, .action = "subsidies.call.list",
	  .query = INPUT(call_query, call_query_fields), .list = true, .reply = call_shape,
	  .stmt = &stmt_call_list, .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "待电话联系的收款人", .en = "List payees who are to be called" },
	{ .name = "call_note", .method = METHOD_POST, .path = "/v1/subsidies/claims/{id}/call",
	  .callers = ROLE_CLERK | ROLE_FIRST_REVIEW, .scope = SCOPE_AREA, .action = "subsidies.call.note",
	  .body = INPUT(call_in, call_in_fields), .reply = called_shape, .success = 200,
	  .stmt = &stmt_call_note, .limit = LIMIT_WRITE,
	  .zh = "登记电话联系结果", .en = "Note the outcome of a call" },
	{ .name = "public_call_list", .method = METHOD_GET, .path = "/v1/subsidies/public-calls",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "subsidies.call.public",
	  .query = INPUT(call_query, call_query_fields), .list = true, .reply = public_call_shape,
	  .stmt = &stmt_public_call_list, .limit = LIMIT_READ,
	  .zh = "公开告知：尚未答复的补贴", .en = "List who is called publicly to answer" },
	{ .name = "clock_list", .method = METHOD_GET, .path = "/v1/subsidies/clocks",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "subsidies.clock.list", .list = true,
	  .reply = clock_shape, .stmt = &stmt_clock_list, .limit = LIMIT_READ,
	  .zh = "各环节时限", .en = "List how long each step may take" },
	{ .name = "clock_set", .method = METHOD_POST, .path = "/v1/subsidies/clocks",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "subsidies.clock.set",
	  .body = INPUT(clock_in, clock_in_fields), .reply = clock_shape, .success = 200,
	  .handler = clock_set, .limit = LIMIT_WRITE,
	  .zh = "设定环节时限（市级）", .en = "Set how long a step may take (city)" },
	ROUTE_END
};

static int
clock_set(struct call *c)
{
	const struct clock_in	*in = c->body;
	struct db_rows		 rows;

	if (!principal_has(c->principal, ROLE_APPROVE, AREA_CITY))
		return (call_reject(c, ERR_AREA, NULL));
	if (sql_clock_set(c->db, &rows, in->step, in->working_days == 0 ? NULL : &in->working_days,
	    in->basis) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

/* A new business day, or work left over, at once; otherwise now and then. */
void
remind_run(void)
{
	static bool	loaded, more;
	static int32_t	done_on = DAY_NONE;
	static int64_t	again_us;
	struct arena	a;
	int		n;

	if (clock_today() == done_on && !more && clock_mono_us() < again_us)
		return;
	arena_init(&a);
	if (!loaded)
		loaded = calendar_load(&a) == 0;
	if ((n = loaded ? remind_some(&a) : -1) == -1)
		log_warn("reminders were not sent; they will be next time");
	more = n > 0;
	done_on = n == -1 ? DAY_NONE : clock_today();
	again_us = clock_mono_us() + AGAIN_US;
	arena_release(&a);
}

/* The calendar as this program has it, once after its start. */
static int
calendar_load(struct arena *a)
{
	struct buf	days;
	struct db	db;
	int		rc = -1;

	buf_init(&days, DAYS_MAX);
	days_working_list(&days);
	db_init(&db, a, DB_SYSTEM);
	if (buf_ok(&days) && sql_calendar_drop(&db, NULL, buf_cstr(&days)) == 0 &&
	    sql_calendar_put(&db, NULL, buf_cstr(&days)) == 0)
		rc = db_commit(&db);
	db_rollback(&db);
	buf_release(&days);
	return (rc);
}

/* How many claims went a step further; -1: database. */
static int
remind_some(struct arena *a)
{
	struct db_rows	texts, listed, marked;
	struct db	db;
	int		n, waived;

	db_init(&db, a, DB_SYSTEM);
	if (sql_remind_text(&db, &texts, BATCH) == -1 || sql_remind_list(&db, &listed, BATCH) == -1 ||
	    sql_overdue_mark(&db, &marked, BATCH) == -1 ||
	    (waived = waive_some(&db)) == -1 || db_commit(&db) == -1) {
		db_rollback(&db);
		return (-1);
	}
	n = (int)(db_int(&texts, 0, "due") + db_int(&listed, 0, "listed") +
	    db_int(&marked, 0, "marked")) + waived;
	db_rollback(&db);
	return (n);
}

static int
waive_some(struct db *db)
{
	struct db_rows	rows, moved;
	const char	*ids;

	if (sql_remind_lapsed(db, &rows, BATCH) == -1)
		return (-1);
	if (db_int(&rows, 0, "picked") == 0)
		return (0);
	ids = db_text(&rows, 0, "ids");
	if (sql_claims_move(db, &moved, ids, "{notified}", "waived", "waive", NULL, "available",
	    "多次提醒和公开告知后仍未答复", true) == -1 || sql_remind_waived(db, NULL, ids) == -1)
		return (-1);
	return ((int)db_int(&rows, 0, "picked"));
}
