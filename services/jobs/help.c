/*
 * help.c -- help cases: opened, given to an officer, sent to another county,
 * paused for lawful reasons, closed, reopened; the next visits and the board.
 *
 * Invariant: a person has one open case. Every step is written by the triggers
 * of sql/jobs/076, and the clock (help_sweep) is one statement over the
 * business day. The SQL is in sql/jobs/queries/help.sql.
 */
#include "help.h"

#include "base/log.h"
#include "codes/codes.h"
#include "jobs_sql.h"
#include "svc/svc.h"

#define SWEEP_MS	5000
#define SWEEP_MOST	500
#define SCAN_MS		60000
#define SCAN_MOST	500
#define PAUSE_BACK_DAYS	30	/* a pause may be written down so much later */
#define PAUSE_MOST_DAYS	366

struct help_in {
	struct uuid	 person_id;
	const char	*group;
};

struct help_assign_in {
	struct uuid	 officer_id;
};

struct help_transfer_in {
	const char	*area_code;
	const char	*reason;
};

struct help_pause_in {
	const char	*reason;
	int32_t		 from_on, to_on;
	const char	*note;
};

struct help_close_in {
	const char	*reason;
};

struct help_query {
	const char	*county_code;
	const char	*group;
	const char	*state;
	struct uuid	 officer_id;
	bool		 is_escalated, is_overdue;
};

struct help_visit_query {
	struct uuid	 officer_id;
	const char	*county_code;
	int32_t		 due_to;
	bool		 is_overdue;
};

static int	help_open(struct call *);
static int	help_assign(struct call *);
static int	help_transfer(struct call *);
static int	help_pause(struct call *);
static int	help_resume(struct call *);
static int	help_close(struct call *);
static int	help_board(struct call *);
static void	help_sweep(void);
static void	help_scan(void);

const char *const help_groups[] = { "unemployed", "difficult", "graduate", "poverty", "household",
	"other", NULL };
const char *const help_kinds[] = { "policy", "guidance", "referral", "training", "internship",
	"startup", "social_security", "visit", "other", NULL };
static const char *const states[] = { "open", "paused", "closed", NULL };
static const char *const pause_reasons[] = { "illness", "pregnancy", "military", "study", NULL };
static const char *const close_reasons[] = { "employed", "self_employed", "refused", "moved",
	"retired", "deceased", "not_available", "no_contact", "other", NULL };

static const struct field help_in_fields[] = {
	FIELD_UUID(help_in, person_id, REQUIRED, "人员"),
	FIELD_ENUM(help_in, group, REQUIRED, help_groups, "帮扶对象类别"),
	FIELD_END
};

static const struct field help_assign_in_fields[] = {
	FIELD_UUID(help_assign_in, officer_id, OPTIONAL, "责任人；不填为本人"),
	FIELD_END
};

static const struct field help_transfer_in_fields[] = {
	FIELD_CHECK(help_transfer_in, area_code, REQUIRED, check_area, "转往的县区、乡镇或村"),
	FIELD_TEXT(help_transfer_in, reason, REQUIRED, 2, 200, "转出原因"),
	FIELD_END
};

static const struct field help_pause_in_fields[] = {
	FIELD_ENUM(help_pause_in, reason, REQUIRED, pause_reasons, "暂停事由；联系不上不是暂停事由"),
	FIELD_DAY(help_pause_in, from_on, REQUIRED, "自"),
	FIELD_DAY(help_pause_in, to_on, REQUIRED, "至，次日自动恢复"),
	FIELD_TEXT(help_pause_in, note, OPTIONAL, 0, 200, "说明"),
	FIELD_END
};

static const struct field help_close_in_fields[] = {
	FIELD_ENUM(help_close_in, reason, REQUIRED, close_reasons, "结案原因"),
	FIELD_END
};

static const struct field help_query_fields[] = {
	FIELD_CHECK(help_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_ENUM(help_query, group, OPTIONAL, help_groups, "帮扶对象类别"),
	FIELD_ENUM(help_query, state, OPTIONAL, states, "状态"),
	FIELD_UUID(help_query, officer_id, OPTIONAL, "责任人"),
	FIELD_BOOL(help_query, is_escalated, OPTIONAL, "已升级到市级"),
	FIELD_BOOL(help_query, is_overdue, OPTIONAL, "有逾期"),
	FIELD_END
};

static const struct field help_visit_query_fields[] = {
	FIELD_UUID(help_visit_query, officer_id, OPTIONAL, "责任人"),
	FIELD_CHECK(help_visit_query, county_code, OPTIONAL, check_county, "县区"),
	FIELD_DAY(help_visit_query, due_to, OPTIONAL, "到期日不晚于"),
	FIELD_BOOL(help_visit_query, is_overdue, OPTIONAL, "已逾期"),
	FIELD_END
};

static const struct shape board_item_shape[] = {
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "open", .type = SHAPE_T_INT, .nullable = true, .help = "在办" },
	{ .name = "paused", .type = SHAPE_T_INT, .nullable = true, .help = "暂停" },
	{ .name = "unassigned", .type = SHAPE_T_INT, .nullable = true, .help = "未指定责任人" },
	{ .name = "due_today", .type = SHAPE_T_INT, .nullable = true, .help = "今日到期" },
	{ .name = "overdue", .type = SHAPE_T_INT, .nullable = true, .help = "逾期" },
	{ .name = "escalated", .type = SHAPE_T_INT, .nullable = true, .help = "已升级到市级" },
	SHAPE_END
};

static const struct shape board_shape[] = {
	{ .name = "today", .type = SHAPE_T_DAY, .help = "日期" },
	{ .name = "items", .type = SHAPE_T_LIST, .of = board_item_shape, .help = "各县区；少于 5 的数对统计人员隐去" },
	SHAPE_END
};

static const struct shape transferred_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "个案" },
	{ .name = "state", .type = SHAPE_T_TEXT, .help = "状态" },
	SHAPE_END
};

#define CASE_WRITE(n, verb, h, zh_, en_) \
	.name = n, .method = METHOD_POST, .path = "/v1/jobs/help-cases/{id}/" verb, \
	.callers = ROLE_HELPERS, .scope = SCOPE_AREA, .action = "jobs.help." verb, .success = 200, \
	.handler = h, .limit = LIMIT_WRITE, .zh = zh_, .en = en_

const struct route help_routes[] = {
	{ .name = "help_open", .method = METHOD_POST, .path = "/v1/jobs/help-cases",
	  .callers = ROLE_HELPERS, .scope = SCOPE_AREA, .action = "jobs.help.open",
	  .body = INPUT(help_in, help_in_fields), .reply = help_shape, .handler = help_open,
	  .emits = "jobs.help.opened.v1", .limit = LIMIT_WRITE,
	  .zh = "建立帮扶个案", .en = "Open a help case for a person" },
	{ .name = "help_list", .method = METHOD_GET, .path = "/v1/jobs/help-cases",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "jobs.help.list",
	  .query = INPUT(help_query, help_query_fields), .list = true, .reply = help_shape,
	  .stmt = &stmt_help_list, .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "辖区内的帮扶个案", .en = "List the help cases of the area" },
	{ .name = "help_get", .method = METHOD_GET, .path = "/v1/jobs/help-cases/{id}",
	  .callers = ROLE_PERSON | ROLE_CASE_OFFICERS, .scope = SCOPE_CALLER, .action = "jobs.help.get",
	  .reply = help_shape, .stmt = &stmt_help_get, .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "查看帮扶个案", .en = "Read a help case with plan, contacts and timeline" },
	{ .name = "help_list_person", .method = METHOD_GET, .path = "/v1/jobs/my/help-cases",
	  .callers = ROLE_PERSON, .scope = SCOPE_PERSON, .action = "jobs.help.list_person",
	  .list = true, .reply = help_shape, .stmt = &stmt_help_list_person, .limit = LIMIT_READ,
	  .zh = "我的帮扶服务", .en = "List the caller's own help cases" },
	{ CASE_WRITE("help_assign", "assign", help_assign, "指定责任人", "Give a case to an officer"),
	  .body = INPUT(help_assign_in, help_assign_in_fields), .reply = help_shape },
	{ CASE_WRITE("help_transfer", "transfer", help_transfer, "转往其他县区", "Send a case to another county"),
	  .body = INPUT(help_transfer_in, help_transfer_in_fields), .reply = transferred_shape },
	{ CASE_WRITE("help_pause", "pause", help_pause, "暂停帮扶", "Pause a case for a lawful reason"),
	  .body = INPUT(help_pause_in, help_pause_in_fields), .reply = help_shape },
	{ CASE_WRITE("help_resume", "resume", help_resume, "恢复帮扶", "Resume a paused case"),
	  .reply = help_shape },
	{ CASE_WRITE("help_close", "close", help_close, "结案", "Close a case"),
	  .body = INPUT(help_close_in, help_close_in_fields), .reply = help_shape,
	  .emits = "jobs.help.closed.v1" },
	{ .name = "help_reopen", .method = METHOD_POST, .path = "/v1/jobs/help-cases/{id}/reopen",
	  .callers = ROLE_HELPERS, .scope = SCOPE_AREA, .action = "jobs.help.reopen", .success = 200,
	  .reply = help_shape, .stmt = &stmt_help_reopen, .limit = LIMIT_WRITE,
	  .zh = "重新启动已结个案", .en = "Reopen a case within the period that is set" },
	{ .name = "help_visit_list", .method = METHOD_GET, .path = "/v1/jobs/help-visits",
	  .callers = ROLE_CASE_OFFICERS, .scope = SCOPE_AREA, .action = "jobs.help.visits",
	  .query = INPUT(help_visit_query, help_visit_query_fields), .list = true, .reply = help_shape,
	  .stmt = &stmt_help_visit_list, .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "待回访清单", .en = "Whom to see next, by day" },
	{ .name = "help_board", .method = METHOD_GET, .path = "/v1/jobs/help-board",
	  .callers = ROLE_CASE_OFFICERS | ROLE_STATS, .scope = SCOPE_AREA, .action = "jobs.help.board",
	  .reply = board_shape, .handler = help_board, .limit = LIMIT_READ,
	  .zh = "帮扶进度看板", .en = "Cases by county: due, overdue, escalated" },
	ROUTE_END
};

void
help_start(void)
{
	svc_every("jobs.help", SWEEP_MS, help_sweep);
	svc_every("jobs.help_scan", SCAN_MS, help_scan);
}

/* By an officer for somebody of the area whom no register has brought in. */
static int
help_open(struct call *c)
{
	const struct help_in	*in = c->body;
	struct db_rows		 rows;
	struct uuid		 id;

	if (sql_help_open(c->db, &rows, &in->person_id) == -1)
		return (call_failed(c));
	id = db_uuid(&rows, 0, "id");
	call_object(c, &id);
	if (sql_help_regroup(c->db, &rows, &id, in->group) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
help_assign(struct call *c)
{
	const struct help_assign_in	*in = c->body;
	const struct uuid		*officer;
	struct db_rows			 rows;

	officer = uuid_is_nil(&in->officer_id) ? &c->principal->subject : &in->officer_id;
	if (sql_help_assign(c->db, &rows, &c->id, officer) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
help_transfer(struct call *c)
{
	const struct help_transfer_in	*in = c->body;
	const char			*county = area_county(in->area_code);
	struct db_rows			 rows;

	if (county == NULL)
		return (call_reject(c, ERR_F_AREA, "/area_code"));
	if (sql_help_transfer(c->db, &rows, &c->id, county, in->area_code, in->reason) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
help_pause(struct call *c)
{
	const struct help_pause_in	*in = c->body;
	int32_t				 today = clock_today();
	struct db_rows			 rows;

	if (in->from_on > today || in->from_on < today - PAUSE_BACK_DAYS)
		return (call_reject(c, ERR_JOBS_HELP_PAUSE, "/from_on"));
	if (in->to_on < today || in->to_on > in->from_on + PAUSE_MOST_DAYS)
		return (call_reject(c, ERR_JOBS_HELP_PAUSE, "/to_on"));
	if (sql_help_pause(c->db, &rows, &c->id, in->reason, in->from_on, in->to_on, in->note) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
help_resume(struct call *c)
{
	struct db_rows	rows;

	if (sql_help_resume(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	return (help_reply_whole(c, 200));
}

static int
help_close(struct call *c)
{
	const struct help_close_in	*in = c->body;
	struct db_rows			 rows;

	if (sql_help_close(c->db, &rows, &c->id, in->reason) == -1)
		return (call_failed(c));
	return (help_reply_whole(c, 200));
}

static int
help_board(struct call *c)
{
	struct db_rows	rows;

	if (sql_help_board(c->db, &rows, help_hides(c)) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

int
help_reply_whole(struct call *c, int status)
{
	struct db_rows	rows;

	if (sql_help_get(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	return (call_reply_row(c, status, &rows));
}

bool
help_hides(const struct call *c)
{
	return ((c->principal->roles & ROLE_CASE_OFFICERS) == 0);
}

/* Ends pauses that ran out and takes what is late to the city. */
static void
help_sweep(void)
{
	struct db_rows	rows;
	struct arena	a;
	struct db	db;

	arena_init(&a);
	db_init(&db, &a, DB_SYSTEM);
	if (sql_help_sweep(&db, &rows, SWEEP_MOST) == -1 || db_commit(&db) == -1)
		log_warn("help cases: the clock did not run");
	arena_release(&a);
}

/* Opens the cases that no register's trigger has opened. */
static void
help_scan(void)
{
	struct db_rows	rows;
	struct arena	a;
	struct db	db;

	arena_init(&a);
	db_init(&db, &a, DB_SYSTEM);
	if (sql_help_scan(&db, &rows, SCAN_MOST) == -1 || db_commit(&db) == -1)
		log_warn("help cases: who is owed one was not looked for");
	arena_release(&a);
}
