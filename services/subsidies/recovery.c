/*
 * recovery.c -- 追缴 until its notice: proposed from a finding, checked by a
 * second officer, issued with its number, arithmetic and deadline; and the
 * lists and figures of all that is owed back.
 *
 * Invariant: the amount is what was paid, less what is due, less what came
 * back: nobody types it. Without the city's days nothing is issued.
 */
#include "recovery.h"

#include "base/log.h"
#include "codes/codes.h"
#include "subsidies_sql.h"

struct propose_in {
	struct uuid	 claim_id, source_id;
	const char	*source;
	int64_t		 owed_cents;
	const char	*reason, *legal_basis;
};

struct check_in {
	const char	*decision, *note;
};

struct recovery_query {
	const char	*county_code, *policy_code, *state;
	struct uuid	 payee_id, claim_id;
	const char	*figure;
};

struct rule_in {
	int32_t		 from_on;
	int64_t		 pay_days, appeal_days, answer_days;
	const char	*basis;
};

static int	recovery_propose(struct call *);
static int	recovery_issue(struct call *);
static int	recovery_figures(struct call *);
static int	recovery_rule_set(struct call *);

static const char *const sources[] = { "reconsideration", "objection", "audit", NULL };
static const char *const decisions[] = { "pass", "return", NULL };
static const char *const figures[] = { "left", "received", "late", "lost", "referred", NULL };
static const char *const states[] = { "proposed", "checked", "noticed", "acknowledged", "appealed",
    "planned", "settled", "cancelled", "written_off", "reversed", NULL };

static const struct field propose_in_fields[] = {
	FIELD_UUID(propose_in, claim_id, REQUIRED, "已发放的申领"),
	FIELD_ENUM(propose_in, source, REQUIRED, sources, "来源：复核差额、异议成立、审计发现"),
	FIELD_UUID(propose_in, source_id, OPTIONAL, "复核差额或异议；审计发现不填"),
	FIELD_INT(propose_in, owed_cents, OPTIONAL, 0, RECOVERY_MOST_CENTS, "依规应享受（分），默认 0；复核差额按其差额计"),
	FIELD_TEXT(propose_in, reason, REQUIRED, 2, 500, "原因，写入通知书"),
	FIELD_TEXT(propose_in, legal_basis, REQUIRED, 2, 500, "依据，写入通知书"),
	FIELD_END
};

static const struct field check_in_fields[] = {
	FIELD_ENUM(check_in, decision, REQUIRED, decisions, "通过、退回"),
	FIELD_TEXT(check_in, note, OPTIONAL, 1, 500, "意见"),
	FIELD_END
};

static const struct field recovery_query_fields[] = {
	FIELD_CHECK(recovery_query, county_code, OPTIONAL, check_county, "县区代码"),
	FIELD_TEXT(recovery_query, policy_code, OPTIONAL, 2, 16, "政策代码"),
	FIELD_ENUM(recovery_query, state, OPTIONAL, states, "状态"),
	FIELD_UUID(recovery_query, payee_id, OPTIONAL, "缴款人"),
	FIELD_UUID(recovery_query, claim_id, OPTIONAL, "申领"),
	FIELD_ENUM(recovery_query, figure, OPTIONAL, figures, "统计数字的明细：尚欠、已收、逾期、核销、已移送"),
	FIELD_END
};

static const struct field rule_in_fields[] = {
	FIELD_DAY(rule_in, from_on, REQUIRED, "起用日期"),
	FIELD_INT(rule_in, pay_days, REQUIRED, 1, 365, "缴款期限（工作日）"),
	FIELD_INT(rule_in, appeal_days, REQUIRED, 1, 365, "申诉期限（工作日）"),
	FIELD_INT(rule_in, answer_days, REQUIRED, 1, 365, "答复申诉期限（工作日）"),
	FIELD_TEXT(rule_in, basis, REQUIRED, 2, 200, "依据"),
	FIELD_END
};

static const struct shape rule_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "期限设定" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "起用日期" },
	{ .name = "pay_days", .type = SHAPE_T_INT, .help = "缴款期限（工作日）" },
	{ .name = "appeal_days", .type = SHAPE_T_INT, .help = "申诉期限（工作日）" },
	{ .name = "answer_days", .type = SHAPE_T_INT, .help = "答复申诉期限（工作日）" },
	{ .name = "basis", .type = SHAPE_T_TEXT, .help = "依据" },
	SHAPE_END
};

static const struct shape line_shape[] = {
	{ .name = "title", .type = SHAPE_T_TEXT, .help = "项目" },
	{ .name = "amount_cents", .type = SHAPE_T_INT, .help = "金额（分）" },
	SHAPE_END
};

static const struct shape notice_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "追缴" },
	{ .name = "recovery_no", .type = SHAPE_T_TEXT, .help = "编号" },
	{ .name = "person_id", .type = SHAPE_T_UUID, .nullable = true, .help = "人员" },
	{ .name = "payee_name", .type = SHAPE_T_TEXT, .help = "缴款人（个人脱敏）" },
	{ .name = "text", .type = SHAPE_T_TEXT, .help = "通知书全文" },
	{ .name = "lines", .type = SHAPE_T_LIST, .of = line_shape, .help = "逐项计算" },
	{ .name = "amount_cents", .type = SHAPE_T_INT, .help = "应退回（分）" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" },
	{ .name = "noticed_on", .type = SHAPE_T_DAY, .help = "通知日期" },
	{ .name = "due_on", .type = SHAPE_T_DAY, .help = "缴款期限" },
	{ .name = "appeal_until", .type = SHAPE_T_DAY, .help = "申诉期限" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	SHAPE_END
};

static const struct shape figure_shape[] = {
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "hidden", .type = SHAPE_T_BOOL, .help = "少于 5 笔，对统计人员隐去" },
	{ .name = "recoveries", .type = SHAPE_T_INT, .nullable = true, .help = "已通知笔数" },
	{ .name = "left_cents", .type = SHAPE_T_INT, .nullable = true, .help = "尚欠（分）" },
	{ .name = "received_cents", .type = SHAPE_T_INT, .nullable = true, .help = "已收（分）" },
	{ .name = "late_cents", .type = SHAPE_T_INT, .nullable = true, .help = "逾期（分）" },
	{ .name = "lost_cents", .type = SHAPE_T_INT, .nullable = true, .help = "已核销（分）" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .nullable = true, .help = "币种" },
	SHAPE_END
};

static const struct shape figures_shape[] = {
	{ .name = "items", .type = SHAPE_T_LIST, .of = figure_shape, .help = "各县区" },
	SHAPE_END
};

const struct route recovery_routes[] = {
	{ .name = "recovery_propose", .method = METHOD_POST, .path = "/v1/subsidies/recoveries",
	  .callers = ROLE_FIRST_REVIEW | ROLE_RECHECK | ROLE_AUDIT, .scope = SCOPE_AREA,
	  .action = "subsidies.recovery.propose", .body = INPUT(propose_in, propose_in_fields),
	  .reply = recovery_shape, .handler = recovery_propose, .emits = RECOVERY_MOVED,
	  .limit = LIMIT_WRITE, .key = KEY_REQUIRED,
	  .zh = "提出追缴", .en = "Propose to recover a payment" },
	{ .name = "recovery_list", .method = METHOD_GET, .path = "/v1/subsidies/recoveries",
	  .callers = ROLE_RECOVERY | ROLE_FISCAL | ROLE_PAYEES, .scope = SCOPE_CALLER,
	  .action = "subsidies.recovery.list", .query = INPUT(recovery_query, recovery_query_fields),
	  .list = true, .reply = recovery_shape, .stmt = &stmt_recovery_list, .limit = LIMIT_READ,
	  .opens = OPENS_PERSON,
	  .zh = "追缴列表（本人、本单位或辖区）", .en = "List recoveries of the caller or its area" },
	{ .name = "recovery_get", .method = METHOD_GET, .path = "/v1/subsidies/recoveries/{id}",
	  .callers = ROLE_RECOVERY | ROLE_PAYEES, .scope = SCOPE_CALLER,
	  .action = "subsidies.recovery.get", .reply = recovery_shape, .stmt = &stmt_recovery_get,
	  .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "查看追缴及经过", .en = "Read a recovery with its steps" },
	{ .name = "recovery_notice", .method = METHOD_GET,
	  .path = "/v1/subsidies/recoveries/{id}/notice",
	  .callers = ROLE_RECOVERY | ROLE_PAYEES, .scope = SCOPE_CALLER,
	  .action = "subsidies.recovery.notice", .reply = notice_shape,
	  .stmt = &stmt_recovery_notice, .limit = LIMIT_READ, .opens = OPENS_PERSON,
	  .zh = "追缴通知书", .en = "Read the notice of a recovery" },
	{ .name = "recovery_check", .method = METHOD_POST,
	  .path = "/v1/subsidies/recoveries/{id}/check",
	  .callers = ROLE_RECHECK | ROLE_APPROVE, .scope = SCOPE_AREA,
	  .action = "subsidies.recovery.check", .body = INPUT(check_in, check_in_fields),
	  .reply = recovery_shape, .success = 200, .stmt = &stmt_recovery_check,
	  .emits = RECOVERY_MOVED, .limit = LIMIT_WRITE, .key = KEY_REQUIRED,
	  .zh = "核对追缴", .en = "Check a proposed recovery" },
	{ .name = "recovery_issue", .method = METHOD_POST,
	  .path = "/v1/subsidies/recoveries/{id}/issue",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "subsidies.recovery.issue",
	  .reply = recovery_shape, .success = 200, .handler = recovery_issue,
	  .emits = RECOVERY_MOVED, .limit = LIMIT_WRITE, .key = KEY_REQUIRED,
	  .zh = "发出追缴通知书", .en = "Issue the notice of a recovery" },
	{ .name = "recovery_figures", .method = METHOD_GET, .path = "/v1/subsidies/recovery-figures",
	  .callers = ROLE_RECOVERY | ROLE_FISCAL | ROLE_STATS, .scope = SCOPE_AREA,
	  .action = "subsidies.recovery.figures", .reply = figures_shape,
	  .handler = recovery_figures, .limit = LIMIT_READ,
	  .zh = "追缴统计", .en = "What is owed back, by county" },
	{ .name = "recovery_rule_list", .method = METHOD_GET, .path = "/v1/subsidies/recovery-rules",
	  .callers = ROLE_OFFICERS, .scope = SCOPE_AREA, .action = "subsidies.recovery.rules",
	  .list = true, .reply = rule_shape, .stmt = &stmt_recovery_rule_list, .limit = LIMIT_READ,
	  .zh = "追缴期限设定", .en = "The working days set for recoveries" },
	{ .name = "recovery_rule_set", .method = METHOD_POST, .path = "/v1/subsidies/recovery-rules",
	  .callers = ROLE_APPROVE, .scope = SCOPE_AREA, .action = "subsidies.recovery.rule",
	  .body = INPUT(rule_in, rule_in_fields), .reply = rule_shape, .handler = recovery_rule_set,
	  .limit = LIMIT_WRITE, .zh = "设定追缴期限（市级）", .en = "Set the working days (city)" },
	ROUTE_END
};

/* A finding of audit is the auditors' own; the others name what they rest on. */
static int
recovery_propose(struct call *c)
{
	const struct propose_in	*in = c->body;
	bool			 audit = strcmp(in->source, "audit") == 0;
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;

	if (audit != uuid_is_nil(&in->source_id))
		return (call_reject(c, audit ? ERR_F_UNKNOWN : ERR_F_MISSING, "/source_id"));
	if (audit && (c->principal->roles & ROLE_AUDIT) == 0)
		return (call_reject(c, ERR_FORBIDDEN, NULL));
	call_object(c, &id);
	if (sql_recovery_propose(c->db, &rows, &id, &in->claim_id, in->source,
	    audit ? NULL : &in->source_id, in->owed_cents, in->reason, in->legal_basis) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
recovery_issue(struct call *c)
{
	struct recovery_days	 days;
	struct db_rows		 rows;
	int			 said;

	if (!recovery_days(c, &days, &said))
		return (said);
	if (sql_recovery_issue(c->db, &rows, &c->id, days.pay_by, days.appeal_by) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

bool
recovery_days(struct call *c, struct recovery_days *d, int *said)
{
	int32_t		today = clock_today();
	struct db_rows	rows;

	if (sql_recovery_rule_now(c->db, &rows) == -1) {
		*said = call_failed(c);
		return (false);
	}
	if (rows.count == 0) {
		*said = call_reject(c, ERR_SUBSIDIES_RECOVERY_UNSET, NULL);
		return (false);
	}
	d->pay_by = day_add_working(today, (int)db_int(&rows, 0, "pay_days"));
	d->appeal_by = day_add_working(today, (int)db_int(&rows, 0, "appeal_days"));
	d->answer_by = day_add_working(today, (int)db_int(&rows, 0, "answer_days"));
	if (d->pay_by != DAY_NONE && d->appeal_by != DAY_NONE && d->answer_by != DAY_NONE)
		return (true);
	log_error("the calendar of working days ends before this recovery's deadlines");
	*said = call_reject(c, ERR_INTERNAL, NULL);
	return (false);
}

/* Small cells are hidden from whoever only counts. */
static int
recovery_figures(struct call *c)
{
	struct db_rows	rows;

	if (sql_recovery_figures(c->db, &rows,
	    (c->principal->roles & (ROLE_RECOVERY | ROLE_FISCAL)) == 0) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
recovery_rule_set(struct call *c)
{
	const struct rule_in	*in = c->body;
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;

	if (!principal_has(c->principal, ROLE_APPROVE, AREA_CITY))
		return (call_reject(c, ERR_AREA, NULL));
	call_object(c, &id);
	if (sql_recovery_rule_set(c->db, &rows, &id, in->from_on, in->pay_days, in->appeal_days,
	    in->answer_days, in->basis) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}
