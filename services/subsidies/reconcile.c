/*
 * reconcile.c -- the bank's statements (对账单) against the ledger, for each
 * county, policy and day: taken in, looked at, explained, signed by two.
 *
 * Invariant: a statement is taken whole, once, and only where its balances
 * follow from its movements and from the statement before; nobody signs while
 * a difference is unexplained, and what two have signed does not change.
 */
#include "subsidies.h"

#include "codes/codes.h"
#include "crypt/crypt.h"
#include "payment.h"
#include "subsidies_sql.h"

#define ROWS_MAX	(16 << 20)

struct statement_query {
	const char	*county_code;
	const char	*state;
};

struct item_query {
	const char	*result;
	int32_t		 day;
	const char	*policy_code;
	const char	*is;
};

struct correction_in {
	const char	*item;
	const char	*kind;
	const char	*note;
};

static int	statement_import(struct call *);
static int	statement_take(struct call *, struct bank_reader *, const char *, size_t);
static const char *read_movements(struct call *, struct bank_reader *, int64_t *);
static int	statement_save(struct call *, const struct bank_reader *, const char *, int64_t,
		    const char *, const char *);
static int	statement_file(struct call *);
static void	write_rows(struct buf *, const struct db_rows *);

static const char *const states[] = { "open", "finance_signed", "signed", NULL };
static const char *const results[] = { "matched", "missing_at_bank", "unknown_here",
    "amount_differs", NULL };
static const char *const opens[] = { "open", "explained", NULL };
static const char *const kinds[] = { "later_day", "bank_error", "own_error", "fee_or_interest",
    "transfer", NULL };

static const struct field statement_query_fields[] = {
	FIELD_CHECK(statement_query, county_code, OPTIONAL, check_county, "县区代码"),
	FIELD_ENUM(statement_query, state, OPTIONAL, states, "状态"),
	FIELD_END
};

static const struct field item_query_fields[] = {
	FIELD_ENUM(item_query, result, OPTIONAL, results, "比对结果"),
	FIELD_DAY(item_query, day, OPTIONAL, "日期"),
	FIELD_TEXT(item_query, policy_code, OPTIONAL, 2, 16, "政策代码"),
	FIELD_ENUM(item_query, is, OPTIONAL, opens, "未说明或者已说明的差异"),
	FIELD_END
};

static const struct field correction_in_fields[] = {
	FIELD_TEXT(correction_in, item, REQUIRED, 4, 80, "差异条目"),
	FIELD_ENUM(correction_in, kind, REQUIRED, kinds, "差异原因"),
	FIELD_TEXT(correction_in, note, REQUIRED, 2, 300, "说明"),
	FIELD_END
};

#define STATEMENT_ROWS \
	{ .name = "id", .type = SHAPE_T_UUID, .help = "对账单" }, \
	{ .name = "county_code", .type = SHAPE_T_TEXT, .help = "县区" }, \
	{ .name = "bank", .type = SHAPE_T_TEXT, .nullable = true, .help = "签名银行；空为未签名" }, \
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "起" }, \
	{ .name = "to_on", .type = SHAPE_T_DAY, .help = "止" }, \
	{ .name = "opening_cents", .type = SHAPE_T_INT, .help = "期初余额（分）" }, \
	{ .name = "closing_cents", .type = SHAPE_T_INT, .help = "期末余额（分）" }, \
	{ .name = "currency", .type = SHAPE_T_TEXT, .help = "币种" }, \
	{ .name = "movements", .type = SHAPE_T_INT, .help = "流水笔数" }, \
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "bank_statement_states", .help = "状态" }, \
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "导入时间" }, \
	{ .name = "finance_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "财务签认时间" }, \
	{ .name = "audit_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "审计签认时间" }, \
	{ .name = "open_differences", .type = SHAPE_T_INT, .help = "未说明的差异" }

static const struct shape statement_shape[] = { STATEMENT_ROWS, SHAPE_END };

static const struct shape statement_taken_shape[] = {
	STATEMENT_ROWS,
	{ .name = "repeated", .type = SHAPE_T_BOOL, .nullable = true, .help = "此文件先前已导入" },
	SHAPE_END
};

static const struct shape proof_shape[] = {
	{ .name = "day", .type = SHAPE_T_DAY, .help = "日期" },
	{ .name = "policy_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "政策；空为无法归属的流水" },
	{ .name = "ledger_cents", .type = SHAPE_T_INT, .help = "账上付出净额（分）" },
	{ .name = "bank_cents", .type = SHAPE_T_INT, .help = "银行付出净额（分）" },
	{ .name = "correction_cents", .type = SHAPE_T_INT, .help = "调节额（分）" },
	{ .name = "matched", .type = SHAPE_T_INT, .help = "相符笔数" },
	{ .name = "missing_at_bank", .type = SHAPE_T_INT, .help = "账上有、银行无" },
	{ .name = "unknown_here", .type = SHAPE_T_INT, .help = "银行有、账上无" },
	{ .name = "amount_differs", .type = SHAPE_T_INT, .help = "金额不符" },
	{ .name = "open", .type = SHAPE_T_INT, .help = "未说明的差异" },
	{ .name = "proved", .type = SHAPE_T_BOOL, .help = "账与银行相符" },
	SHAPE_END
};

static const struct shape statement_full_shape[] = {
	STATEMENT_ROWS,
	{ .name = "days", .type = SHAPE_T_LIST, .nullable = true, .of = proof_shape, .help = "按日、按政策" },
	SHAPE_END
};

static const struct shape item_shape[] = {
	{ .name = "item", .type = SHAPE_T_TEXT, .help = "条目" },
	{ .name = "direction", .type = SHAPE_T_TEXT, .codes = "bank_movement_directions",
	  .help = "付出或者退回" },
	{ .name = "pay_no", .type = SHAPE_T_TEXT, .nullable = true, .help = "支付编号" },
	{ .name = "bank_no", .type = SHAPE_T_TEXT, .nullable = true, .help = "银行流水号" },
	{ .name = "policy_code", .type = SHAPE_T_TEXT, .nullable = true, .help = "政策代码" },
	{ .name = "day", .type = SHAPE_T_DAY, .help = "日期" },
	{ .name = "ledger_cents", .type = SHAPE_T_INT, .help = "账上金额（分）" },
	{ .name = "bank_cents", .type = SHAPE_T_INT, .help = "银行金额（分）" },
	{ .name = "result", .type = SHAPE_T_TEXT, .codes = "reconcile_results", .help = "比对结果" },
	{ .name = "is_open", .type = SHAPE_T_BOOL, .help = "差异未说明" },
	{ .name = "correction_cents", .type = SHAPE_T_INT, .help = "调节额（分）" },
	{ .name = "correction_kind", .type = SHAPE_T_TEXT, .codes = "reconcile_correction_kinds", .nullable = true,
	  .help = "差异原因" },
	{ .name = "correction_note", .type = SHAPE_T_TEXT, .nullable = true, .help = "说明" },
	SHAPE_END
};

static const struct shape correction_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "调节分录" },
	{ .name = "statement_id", .type = SHAPE_T_UUID, .help = "对账单" },
	{ .name = "item", .type = SHAPE_T_TEXT, .help = "条目" },
	{ .name = "difference_cents", .type = SHAPE_T_INT, .help = "调节额（分）" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .help = "差异原因" },
	{ .name = "note", .type = SHAPE_T_TEXT, .help = "说明" },
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "时间" },
	SHAPE_END
};

#define OVERSEERS	(ROLE_FINANCE | ROLE_AUDIT | ROLE_FISCAL)

const struct route reconcile_routes[] = {
	{ .name = "statement_import", .method = METHOD_POST, .path = "/v1/subsidies/bank-statements",
	  .callers = ROLE_FINANCE, .scope = SCOPE_AREA, .action = "subsidies.statement.import",
	  .raw_body = true, .reply = statement_taken_shape, .success = 200,
	  .handler = statement_import, .limit = LIMIT_IMPORT, .lane = DB_SLOW,
	  .zh = "导入银行对账单", .en = "Take in a bank statement" },
	{ .name = "statement_list", .method = METHOD_GET, .path = "/v1/subsidies/bank-statements",
	  .callers = OVERSEERS, .scope = SCOPE_AREA, .action = "subsidies.statement.list",
	  .query = INPUT(statement_query, statement_query_fields), .list = true,
	  .reply = statement_shape, .stmt = &stmt_statement_list, .limit = LIMIT_READ,
	  .zh = "对账单", .en = "List bank statements" },
	{ .name = "statement_get", .method = METHOD_GET, .path = "/v1/subsidies/bank-statements/{id}",
	  .callers = OVERSEERS, .scope = SCOPE_AREA, .action = "subsidies.statement.get",
	  .reply = statement_full_shape, .stmt = &stmt_statement_get, .limit = LIMIT_READ,
	  .zh = "对账：账与银行逐日相符的证明", .en = "Proof that ledger and bank agree, day by day" },
	{ .name = "statement_item_list", .method = METHOD_GET,
	  .path = "/v1/subsidies/bank-statements/{id}/items",
	  .callers = ROLE_FINANCE | ROLE_AUDIT, .scope = SCOPE_AREA,
	  .action = "subsidies.statement.items", .query = INPUT(item_query, item_query_fields),
	  .list = true, .reply = item_shape, .stmt = &stmt_statement_item_list, .limit = LIMIT_READ,
	  .zh = "对账明细", .en = "Items of a statement" },
	{ .name = "statement_file", .method = METHOD_GET,
	  .path = "/v1/subsidies/bank-statements/{id}/file",
	  .callers = ROLE_FINANCE | ROLE_AUDIT, .scope = SCOPE_AREA,
	  .action = "subsidies.statement.file", .media = "text/csv", .handler = statement_file,
	  .limit = LIMIT_READ, .zh = "下载对账明细", .en = "Download the items of a statement" },
	{ .name = "statement_correct", .method = METHOD_POST,
	  .path = "/v1/subsidies/bank-statements/{id}/corrections",
	  .callers = ROLE_FINANCE, .scope = SCOPE_AREA, .action = "subsidies.statement.correct",
	  .body = INPUT(correction_in, correction_in_fields), .reply = correction_shape,
	  .stmt = &stmt_statement_correct, .limit = LIMIT_WRITE, .key = KEY_REQUIRED,
	  .zh = "以调节分录说明一笔差异", .en = "Explain a difference by a correction" },
	{ .name = "statement_sign", .method = METHOD_POST,
	  .path = "/v1/subsidies/bank-statements/{id}/sign",
	  .callers = ROLE_FINANCE, .scope = SCOPE_AREA, .action = "subsidies.statement.sign",
	  .reply = statement_shape, .success = 200, .stmt = &stmt_statement_sign,
	  .limit = LIMIT_WRITE, .key = KEY_REQUIRED, .zh = "财务签认对账", .en = "Finance signs a statement" },
	{ .name = "statement_audit", .method = METHOD_POST,
	  .path = "/v1/subsidies/bank-statements/{id}/audit",
	  .callers = ROLE_AUDIT, .scope = SCOPE_AREA, .action = "subsidies.statement.audit",
	  .reply = statement_shape, .success = 200, .stmt = &stmt_statement_audit,
	  .limit = LIMIT_WRITE, .key = KEY_REQUIRED,
	  .zh = "审计签认对账，此后不再改动", .en = "Audit signs a statement, which is then fixed" },
	ROUTE_END
};

static int
statement_import(struct call *c)
{
	struct bank_reader	*r = arena_zalloc(c->arena, sizeof(*r));
	const char		*bank;
	size_t			 body;

	if (!payment_seal_good(c->arena, c->raw.p, c->raw.len, &body, &bank))
		return (call_reject(c, ERR_SUBSIDIES_SEAL, NULL));
	return (statement_take(c, r, bank, body));
}

static int
statement_take(struct call *c, struct bank_reader *r, const char *bank, size_t body)
{
	uint8_t		 digest[32];
	const char	*rows, *sha;
	struct db_rows	 seen;
	int64_t		 n = 0;

	sha256(c->raw.p, c->raw.len, digest);
	sha = hex_encode(c->arena, digest, sizeof(digest));
	if (!bank_read_statement(r, c->raw.p, body) || (rows = read_movements(c, r, &n)) == NULL)
		return (call_reject_detail(c, ERR_SUBSIDIES_FILE, NULL, arena_printf(c->arena,
		    "第 %lld 行：%s", (long long)r->csv.line, r->fault != NULL ? r->fault : "过长")));
	if (!call_in_area(c, r->batch_no) || check_county(r->batch_no) != 0)
		return (call_reject(c, ERR_AREA, NULL));
	if (r->to_on > clock_today())
		return (call_reject_detail(c, ERR_SUBSIDIES_FILE, NULL, "对账期尚未结束"));
	if (sql_statement_seen(c->db, &seen, r->batch_no, sha) == -1)
		return (call_failed(c));
	if (seen.count > 0)
		return (call_reply_row(c, 200, &seen));
	return (statement_save(c, r, rows, n, sha, bank));
}

/* As JSON rows; NULL: one is not sound, or there are too many. */
static const char *
read_movements(struct call *c, struct bank_reader *r, int64_t *n)
{
	struct bank_movement	 m;
	struct json_out		 out;
	struct buf		 buf;
	const char		*text = NULL;
	int			 rc;

	buf_init(&buf, ROWS_MAX);
	json_out_init(&out, &buf);
	json_open_list(&out, NULL);
	while ((rc = bank_next_movement(r, &m)) == 1) {
		json_open(&out, NULL);
		json_put_int(&out, "n", ++*n);
		json_put_text(&out, "b", m.bank_no);
		json_put_day(&out, "d", m.day);
		json_put_text(&out, "p", m.pay_no);
		json_put_text(&out, "i", m.direction);
		json_put_int(&out, "a", m.amount_cents);
		json_put_int(&out, "s", m.balance_cents);
		json_put_text(&out, "t", m.text);
		json_close(&out);
	}
	json_close_list(&out);
	if (rc == 0 && buf_ok(&buf))
		text = arena_strdup(c->arena, buf_cstr(&buf));
	buf_release(&buf);
	return (text);
}

static int
statement_save(struct call *c, const struct bank_reader *r, const char *rows, int64_t n,
    const char *sha, const char *bank)
{
	struct uuid	id = uuid_new();
	struct db_rows	made;
	const char	*broken;

	if (sql_statement_add(c->db, &made, &id, r->batch_no, sha, bank, r->from_on, r->to_on,
	    r->opening_cents, r->closing_cents, n, rows) == -1) {
		broken = c->db->constraint != NULL ? c->db->constraint : "";
		if (strcmp(broken, "bank_statement_overlap_excl") == 0)
			return (call_reject_detail(c, ERR_EXISTS, NULL, "这些日期已有对账单"));
		if (strcmp(broken, "bank_movement_no_key") == 0)
			return (call_reject_detail(c, ERR_SUBSIDIES_FILE, NULL, "银行流水号重复"));
		return (call_failed(c));
	}
	if (made.count == 0)
		return (call_reject(c, ERR_SUBSIDIES_STATEMENT, NULL));
	call_object(c, &id);
	if (sql_statement_seen(c->db, &made, r->batch_no, sha) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &made));
}

static int
statement_file(struct call *c)
{
	struct db_rows	 rows;
	struct buf	 buf;
	const char	*text = NULL;
	size_t		 len;

	if (sql_statement_rows(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	buf_init(&buf, ROWS_MAX);
	write_rows(&buf, &rows);
	len = buf.len;
	if (buf_ok(&buf))
		text = arena_strndup(c->arena, buf.data, len);
	buf_release(&buf);
	if (text == NULL)
		return (call_reject(c, ERR_TOO_LARGE, NULL));
	call_header(c, "Content-Disposition", arena_printf(c->arena,
	    "attachment; filename=\"%s-%s-%s.csv\"", db_text(&rows, 0, "county_code"),
	    db_text(&rows, 0, "from_on"), db_text(&rows, 0, "to_on")));
	return (call_reply_bytes(c, 200, "text/csv; charset=utf-8", text, len));
}

static void
write_rows(struct buf *buf, const struct db_rows *rows)
{
	static const char *const	columns[] = { "day", "policy_code", "direction", "pay_no", "bank_no",
	    "ledger_cents", "bank_cents", "correction_cents", "result", "kind", "note" };
	const char			*cell;
	size_t				 i, k;

	for (k = 0; k < NITEMS(columns); k++)
		buf_addf(buf, "%s%s", k > 0 ? "," : "", columns[k]);
	buf_addc(buf, '\n');
	for (i = 0; i < rows->count && !db_null(rows, i, "item"); i++) {
		for (k = 0; k < NITEMS(columns); k++) {
			if (k > 0)
				buf_addc(buf, ',');
			if ((cell = db_text(rows, i, columns[k])) != NULL)
				bank_put_field(buf, cell);
		}
		buf_addc(buf, '\n');
	}
}
