/*
 * budget_statement.c -- an allotment's entries: the statement of a period, the
 * entries themselves down to their claims, as CSV, and what puts one right.
 *
 * Invariant: an entry is never changed. It is reversed by another that names
 * it, asked for by one of 财政 and agreed to by another.
 */
#include "subsidies.h"

#include "subsidies_sql.h"

#define CSV_ROWS	100000
#define CSV_MAX		(32 << 20)

struct period_query {
	int32_t		 from_on;
	int32_t		 to_on;
};

struct entry_query {
	int32_t		 from_on;
	int32_t		 to_on;
	const char	*reason;
	struct uuid	 claim_id;
};

struct propose_in {
	const char	*reason;
};

struct decide_in {
	const char	*decision;
};

struct correction_query {
	const char	*state;
};

static int	entry_export(struct call *);
static int	entry_correct(struct call *);
static int	correction_decide(struct call *);

static const char *const reasons[] = { "allot", "take_back", "transfer", "year_close", "reserve",
	"commit", "pay", "release", "bank_return", "refund", "refund_reversal", "correction", NULL };
static const char *const decisions[] = { "agree", "decline", NULL };
static const char *const states[] = { "proposed", "done", "declined", NULL };

static const struct field period_query_fields[] = {
	FIELD_DAY(period_query, from_on, OPTIONAL, "起始日期"),
	FIELD_DAY(period_query, to_on, OPTIONAL, "截止日期"),
	FIELD_END
};

static const struct field entry_query_fields[] = {
	FIELD_DAY(entry_query, from_on, OPTIONAL, "起始日期"),
	FIELD_DAY(entry_query, to_on, OPTIONAL, "截止日期"),
	FIELD_ENUM(entry_query, reason, OPTIONAL, reasons, "分录事由"),
	FIELD_UUID(entry_query, claim_id, OPTIONAL, "申领"),
	FIELD_END
};

static const struct field propose_in_fields[] = {
	FIELD_TEXT(propose_in, reason, REQUIRED, 2, 200, "更正原因"),
	FIELD_END
};

static const struct field decide_in_fields[] = {
	FIELD_ENUM(decide_in, decision, REQUIRED, decisions, "同意、不同意"),
	FIELD_END
};

static const struct field correction_query_fields[] = {
	FIELD_ENUM(correction_query, state, OPTIONAL, states, "更正状态"),
	FIELD_END
};

static const struct shape stand_shape[] = {
	{ .name = "appropriated_cents", .type = SHAPE_T_INT, .help = "已下达（分）" },
	{ .name = "available_cents", .type = SHAPE_T_INT, .help = "可用（分）" },
	{ .name = "reserved_cents", .type = SHAPE_T_INT, .help = "已预留（分）" },
	{ .name = "committed_cents", .type = SHAPE_T_INT, .help = "已审批（分）" },
	{ .name = "paid_cents", .type = SHAPE_T_INT, .help = "已支付（分）" },
	SHAPE_END
};

static const struct shape moved_shape[] = {
	{ .name = "reason", .type = SHAPE_T_TEXT, .codes = "ledger_reasons", .help = "分录事由" },
	{ .name = "debit", .type = SHAPE_T_TEXT, .codes = "ledger_accounts", .help = "转出科目" },
	{ .name = "credit", .type = SHAPE_T_TEXT, .codes = "ledger_accounts", .help = "转入科目" },
	{ .name = "entries", .type = SHAPE_T_INT, .help = "笔数" },
	{ .name = "amount_cents", .type = SHAPE_T_INT, .help = "金额（分）" },
	SHAPE_END
};

static const struct shape statement_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "下达" },
	{ .name = "line_code", .type = SHAPE_T_TEXT, .help = "预算项目" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "year", .type = SHAPE_T_INT, .help = "预算年度" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .nullable = true, .help = "起始日期" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .nullable = true, .help = "截止日期" },
	{ .name = "opening", .type = SHAPE_T_OBJECT, .of = stand_shape, .help = "期初" },
	{ .name = "moved", .type = SHAPE_T_LIST, .of = moved_shape, .help = "本期发生" },
	{ .name = "closing", .type = SHAPE_T_OBJECT, .of = stand_shape, .help = "期末" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" },
	SHAPE_END
};

static const struct shape entry_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "分录" },
	{ .name = "at", .type = SHAPE_T_INSTANT, .help = "时间" },
	{ .name = "debit", .type = SHAPE_T_TEXT, .codes = "ledger_accounts", .help = "转出科目" },
	{ .name = "credit", .type = SHAPE_T_TEXT, .codes = "ledger_accounts", .help = "转入科目" },
	{ .name = "amount_cents", .type = SHAPE_T_INT, .help = "金额（分）" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .codes = "ledger_reasons", .help = "分录事由" },
	{ .name = "claim_id", .type = SHAPE_T_UUID, .nullable = true, .help = "申领" },
	{ .name = "corrects", .type = SHAPE_T_UUID, .nullable = true, .help = "所更正的分录" },
	{ .name = "transfer_id", .type = SHAPE_T_UUID, .nullable = true, .help = "调剂" },
	{ .name = "document_no", .type = SHAPE_T_TEXT, .nullable = true, .help = "文号" },
	{ .name = "note", .type = SHAPE_T_TEXT, .nullable = true, .help = "说明" },
	{ .name = "actor", .type = SHAPE_T_UUID, .nullable = true, .help = "办理人；空为系统" },
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" },
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" },
	SHAPE_END
};

#define CORRECTION_ROWS \
	{ .name = "id", .type = SHAPE_T_UUID, .help = "更正" }, \
	{ .name = "entry_id", .type = SHAPE_T_UUID, .help = "分录" }, \
	{ .name = "reason", .type = SHAPE_T_TEXT, .codes = "ledger_reasons", .help = "更正原因" }, \
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "ledger_correction_states", \
	  .help = "更正状态" }, \
	{ .name = "proposed_by", .type = SHAPE_T_UUID, .help = "提出人" }, \
	{ .name = "proposed_at", .type = SHAPE_T_INSTANT, .help = "提出时间" }, \
	{ .name = "decided_by", .type = SHAPE_T_UUID, .nullable = true, .help = "第二人" }, \
	{ .name = "decided_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "决定时间" }, \
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" }

static const struct shape correction_shape[] = { CORRECTION_ROWS, SHAPE_END };
static const struct shape correction_listed_shape[] = {
	CORRECTION_ROWS,
	{ .name = "amount_cents", .type = SHAPE_T_INT, .help = "金额（分）" },
	{ .name = "debit", .type = SHAPE_T_TEXT, .codes = "ledger_accounts", .help = "转出科目" },
	{ .name = "credit", .type = SHAPE_T_TEXT, .codes = "ledger_accounts", .help = "转入科目" },
	SHAPE_END
};

#define ROLE_BOOKS	(ROLE_FISCAL | ROLE_FINANCE | ROLE_AUDIT)

const struct route budget_statement_routes[] = {
	{ .name = "budget_statement", .method = METHOD_GET, .path = "/v1/subsidies/budgets/{id}/statement",
	  .callers = ROLE_BOOKS, .scope = SCOPE_AREA, .action = "subsidies.budget.statement",
	  .query = INPUT(period_query, period_query_fields), .reply = statement_shape,
	  .stmt = &stmt_budget_statement, .limit = LIMIT_READ,
	  .zh = "对账单：期初、本期、期末", .en = "Statement: opening, movements, closing" },
	{ .name = "entry_list", .method = METHOD_GET, .path = "/v1/subsidies/budgets/{id}/entries",
	  .callers = ROLE_BOOKS, .scope = SCOPE_AREA, .action = "subsidies.budget.entries",
	  .query = INPUT(entry_query, entry_query_fields), .list = true, .reply = entry_shape,
	  .stmt = &stmt_entry_list, .limit = LIMIT_READ,
	  .zh = "分录，可查到申领", .en = "Entries, down to their claims" },
	{ .name = "entry_export", .method = METHOD_GET, .path = "/v1/subsidies/budgets/{id}/entries.csv",
	  .callers = ROLE_BOOKS, .scope = SCOPE_AREA, .action = "subsidies.budget.export",
	  .query = INPUT(period_query, period_query_fields), .media = "text/csv",
	  .handler = entry_export, .limit = LIMIT_READ,
	  .zh = "导出分录", .en = "Export the entries" },
	{ .name = "entry_correct", .method = METHOD_POST, .path = "/v1/subsidies/ledger-entries/{id}/corrections",
	  .callers = ROLE_FISCAL, .scope = SCOPE_AREA, .action = "subsidies.ledger.correct",
	  .body = INPUT(propose_in, propose_in_fields), .reply = correction_shape,
	  .handler = entry_correct, .limit = LIMIT_WRITE, .key = KEY_REQUIRED,
	  .zh = "提出冲正分录", .en = "Ask for the reversal of an entry" },
	{ .name = "ledger_correction_decide", .method = METHOD_POST, .path = "/v1/subsidies/ledger-corrections/{id}/decide",
	  .callers = ROLE_FISCAL, .scope = SCOPE_AREA, .action = "subsidies.ledger.decide",
	  .body = INPUT(decide_in, decide_in_fields), .reply = correction_shape, .success = 200,
	  .handler = correction_decide, .limit = LIMIT_WRITE, .key = KEY_REQUIRED,
	  .zh = "第二人同意或不同意冲正", .en = "Agree to a reversal as the second person, or decline" },
	{ .name = "ledger_correction_list", .method = METHOD_GET, .path = "/v1/subsidies/ledger-corrections",
	  .callers = ROLE_BOOKS, .scope = SCOPE_AREA, .action = "subsidies.ledger.corrections",
	  .query = INPUT(correction_query, correction_query_fields), .list = true,
	  .reply = correction_listed_shape, .stmt = &stmt_ledger_correction_list, .limit = LIMIT_READ,
	  .zh = "冲正记录", .en = "Reversals" },
	ROUTE_END
};

static int
entry_export(struct call *c)
{
	const struct period_query	*q = c->query;
	struct db_rows			 rows;
	struct buf			 buf;
	char				*text = NULL;
	size_t				 i, len;

	if (sql_entry_lines(c->db, &rows, &c->id, q->from_on, q->to_on, CSV_ROWS) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	buf_init(&buf, CSV_MAX);
	buf_adds(&buf, "no,at,debit,credit,amount_cents,reason,claim_id,corrects,transfer_id,document_no,note\n");
	for (i = 0; i < rows.count; i++)
		buf_addf(&buf, "%s\n", db_text(&rows, i, "line"));
	len = buf.len;
	if (buf_ok(&buf))
		text = arena_strndup(c->arena, buf.data, len);
	buf_release(&buf);
	if (text == NULL)
		return (call_reject(c, ERR_INTERNAL, NULL));
	call_header(c, "Content-Disposition", "attachment; filename=\"entries.csv\"");
	return (call_reply_bytes(c, 200, "text/csv; charset=utf-8", text, len));
}

static int
entry_correct(struct call *c)
{
	const struct propose_in	*in = c->body;
	struct db_rows		 rows;

	if (sql_ledger_correction_propose(c->db, &rows, &c->id, in->reason) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

/* What was given on since cannot be taken back: the columns refuse. */
static int
correction_decide(struct call *c)
{
	const struct decide_in	*in = c->body;
	const char		*constraint;
	struct db_rows		 rows;

	if (sql_ledger_correction_decide(c->db, &rows, &c->id, strcmp(in->decision, "agree") == 0) == 0)
		return (call_reply_row(c, 200, &rows));
	constraint = c->db->constraint != NULL ? c->db->constraint : "";
	if (c->db->error != DB_CHECK)
		return (call_failed(c));
	if (strcmp(constraint, "ledger_correction_second_check") == 0)
		return (call_reject(c, ERR_SUBSIDIES_SECOND, NULL));
	return (call_reject(c, strcmp(constraint, "allotment_closed_check") == 0 ?
	    ERR_SUBSIDIES_CLOSED : ERR_SUBSIDIES_BUDGET, NULL));
}
