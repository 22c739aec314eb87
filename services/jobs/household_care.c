/*
 * household_care.c -- a household's visits, its way out, and the figures.
 *
 * Invariant: a household is placed only by 就业登记 of a member (a trigger) and
 * cleared only while somebody works; without work it leaves after three
 * refusals, three months out of reach, or for a stated reason.
 */
#include "household.h"
#include "jobs_sql.h"

struct visit_in {
	const char	*kind;
	int32_t		 visited_on;
	bool		 is_met;
	const char	*note;
};

struct note_in {
	const char	*note;
};

struct exit_in {
	const char	*reason;
	const char	*note;
};

struct figures_query {
	int32_t	 from_on;
	int32_t	 to_on;
};

static int	household_visit(struct call *);
static int	household_figures(struct call *);

static const char *const visit_kinds[] = { "check", "help", "refusal", NULL };
static const char *const exit_reasons[] = { "refused", "out_of_reach", "moved_away", "false_proof",
	"other", NULL };

static const struct field visit_fields[] = {
	FIELD_ENUM(visit_in, kind, REQUIRED, visit_kinds, "入户核查、帮扶，或拒绝岗位"),
	FIELD_DAY(visit_in, visited_on, REQUIRED, "日期"),
	FIELD_BOOL(visit_in, is_met, REQUIRED, "是否见到或联系上家庭成员"),
	FIELD_TEXT(visit_in, note, REQUIRED, 2, 500, "情况"),
	FIELD_END
};

static const struct field note_fields[] = {
	FIELD_TEXT(note_in, note, REQUIRED, 2, 500, "说明"),
	FIELD_END
};

static const struct field exit_fields[] = {
	FIELD_ENUM(exit_in, reason, REQUIRED, exit_reasons, "退出原因"),
	FIELD_TEXT(exit_in, note, REQUIRED, 2, 500, "说明"),
	FIELD_END
};

static const struct field figures_fields[] = {
	FIELD_DAY(figures_query, from_on, OPTIONAL, "认定日期自，默认本年"),
	FIELD_DAY(figures_query, to_on, OPTIONAL, "认定日期至，默认今天"),
	FIELD_END
};

static const struct shape visit_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "记录" },
	{ .name = "household_id", .type = SHAPE_T_UUID, .help = "零就业家庭" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .codes = "household_visits", .help = "类型" },
	{ .name = "visited_on", .type = SHAPE_T_DAY, .help = "日期" },
	{ .name = "is_met", .type = SHAPE_T_BOOL, .help = "是否联系上" },
	{ .name = "note", .type = SHAPE_T_TEXT, .help = "情况" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "所属县区" },
	{ .name = "at", .type = SHAPE_T_INSTANT, .help = "记录时间" },
	SHAPE_END
};

static const struct shape figures_shape[] = {
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "recognised", .type = SHAPE_T_INT, .nullable = true, .help = "认定户数" },
	{ .name = "helped", .type = SHAPE_T_INT, .nullable = true, .help = "至少一人就业的户数" },
	{ .name = "cleared", .type = SHAPE_T_INT, .nullable = true, .help = "销号户数" },
	{ .name = "waiting", .type = SHAPE_T_INT, .nullable = true, .help = "待帮扶户数" },
	{ .name = "overdue", .type = SHAPE_T_INT, .nullable = true, .help = "超时限户数" },
	{ .name = "help_rate_bp", .type = SHAPE_T_INT, .nullable = true, .help = "帮扶率（万分比）" },
	SHAPE_END
};

const struct route household_care_routes[] = {
	{ .name = "household_visit", .method = METHOD_POST, .path = "/v1/jobs/households/{id}/visits",
	  .callers = ROLE_CLERK | ROLE_FIRST_REVIEW, .scope = SCOPE_AREA,
	  .action = "jobs.household.visit", .body = INPUT(visit_in, visit_fields),
	  .reply = household_shape, .handler = household_visit, .limit = LIMIT_WRITE,
	  .zh = "记录入户核查、帮扶或拒绝岗位", .en = "Record a visit" },
	{ .name = "household_visit_list", .method = METHOD_GET,
	  .path = "/v1/jobs/households/{id}/visits", .callers = ROLE_CASE_OFFICERS,
	  .scope = SCOPE_AREA, .action = "jobs.household.visit_list", .list = true,
	  .reply = visit_shape, .stmt = &stmt_household_visit_list, .limit = LIMIT_READ,
	  .opens = OPENS_UNNAMED, .zh = "零就业家庭的走访记录", .en = "List a household's visits" },
	{ .name = "household_clear", .method = METHOD_POST, .path = "/v1/jobs/households/{id}/clear",
	  .callers = ROLE_FIRST_REVIEW | ROLE_RECHECK, .scope = SCOPE_AREA,
	  .action = "jobs.household.clear", .body = INPUT(note_in, note_fields),
	  .reply = household_shape, .success = 200, .stmt = &stmt_household_clear,
	  .emits = "jobs.household.cleared.v1", .limit = LIMIT_WRITE,
	  .zh = "零就业家庭销号", .en = "Clear a household in which somebody works" },
	{ .name = "household_exit", .method = METHOD_POST, .path = "/v1/jobs/households/{id}/exit",
	  .callers = ROLE_FIRST_REVIEW | ROLE_RECHECK, .scope = SCOPE_AREA,
	  .action = "jobs.household.exit", .body = INPUT(exit_in, exit_fields),
	  .reply = household_shape, .success = 200, .stmt = &stmt_household_exit,
	  .emits = "jobs.household.exited.v1", .limit = LIMIT_WRITE,
	  .zh = "零就业家庭退出", .en = "Let a household go without work found" },
	{ .name = "household_withdraw", .method = METHOD_POST,
	  .path = "/v1/jobs/households/{id}/withdraw", .callers = ROLE_PERSON, .scope = SCOPE_PERSON,
	  .action = "jobs.household.withdraw", .body = INPUT(note_in, note_fields),
	  .reply = household_shape, .success = 200, .stmt = &stmt_household_withdraw,
	  .limit = LIMIT_WRITE, .zh = "撤回零就业家庭申请", .en = "Withdraw an application" },
	{ .name = "household_figures", .method = METHOD_GET, .path = "/v1/jobs/household-figures",
	  .callers = ROLE_CASE_OFFICERS | ROLE_STATS, .scope = SCOPE_AREA,
	  .action = "jobs.household.figures", .query = INPUT(figures_query, figures_fields),
	  .list = true, .reply = figures_shape, .handler = household_figures, .limit = LIMIT_READ,
	  .zh = "零就业家庭动态清零情况（分县）", .en = "Households recognised, helped, cleared, by county" },
	ROUTE_END
};

static int
household_visit(struct call *c)
{
	const struct visit_in	*in = c->body;
	struct db_rows		 rows;

	if (in->visited_on > clock_today())
		return (call_reject(c, ERR_F_DATE_FUTURE, "/visited_on"));
	if (sql_household_visit(c->db, &rows, &c->id, in->kind, in->visited_on, in->is_met,
	    in->note) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

/* Whoever has only the statistician's role sees no small cells. */
static int
household_figures(struct call *c)
{
	const struct figures_query	*q = c->query;
	const bool			 hide = (c->principal->roles & ROLE_CASE_OFFICERS) == 0;
	struct db_rows			 rows;

	if (q->from_on != DAY_NONE && q->to_on != DAY_NONE && q->from_on > q->to_on)
		return (call_reject(c, ERR_F_DATE_ORDER, "to_on"));
	if (sql_household_figures(c->db, &rows, call_after(c), call_limit(c) + 1, q->from_on,
	    q->to_on, hide) == -1)
		return (call_failed(c));
	return (call_reply_list(c, &rows, call_limit(c)));
}
