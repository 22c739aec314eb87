/*
 * import_route.c -- the rows of imports: sending a file, reading what became of
 * it, and taking back one that was sent by mistake.
 *
 * Invariant: a file is taken back only as a whole, by two officers, and not
 * once a later one has built on it (import_undo_do in sql/subsidies/051).
 */
#include "import.h"

#include "codes/codes.h"
#include "subsidies.h"
#include "subsidies_sql.h"

#define REPORT_MAX	(1 << 20)

struct import_list_query {
	const char	*kind;
	int32_t		 from_on, to_on;
};

struct undo_in {
	const char	*reason;
};

struct undo_query {
	const char	*state;
};

static int	check_import_kind(const char *);
static int	import_report(struct call *);
static int	import_undo_ask(struct call *);
static int	import_undo_agree(struct call *);
static int	import_undo_refuse(struct call *);
static bool	of_city(const struct call *);

static const char *const undo_states[] = { "asked", "done", "refused", NULL };

static const struct field import_query_fields[] = {
	FIELD_DAY(import_query, through, OPTIONAL, "名册截至该日完整：不在其中的即为没有"),
	FIELD_END
};
static const struct field import_list_query_fields[] = {
	FIELD_CHECK(import_list_query, kind, OPTIONAL, check_import_kind, "种类"),
	FIELD_DAY(import_list_query, from_on, OPTIONAL, "导入日期起"),
	FIELD_DAY(import_list_query, to_on, OPTIONAL, "导入日期止"),
	FIELD_END
};
static const struct field undo_in_fields[] = {
	FIELD_TEXT(undo_in, reason, REQUIRED, 2, 500, "撤回原因"),
	FIELD_END
};
static const struct field undo_query_fields[] = {
	FIELD_ENUM(undo_query, state, OPTIONAL, undo_states, "状态"),
	FIELD_END
};

static const struct shape import_error_shape[] = {
	{ .name = "line", .type = SHAPE_T_INT, .help = "行号" },
	{ .name = "column", .type = SHAPE_T_TEXT, .nullable = true, .help = "列" },
	{ .name = "code", .type = SHAPE_T_TEXT, .help = "原因" },
	SHAPE_END
};

#define IMPORT_ROWS \
	{ .name = "id", .type = SHAPE_T_UUID, .help = "导入批次" }, \
	{ .name = "kind", .type = SHAPE_T_TEXT, .codes = "import_kinds", .help = "种类" }, \
	{ .name = "rows_read", .type = SHAPE_T_INT, .help = "读取行数" }, \
	{ .name = "rows_applied", .type = SHAPE_T_INT, .help = "采用行数" }, \
	{ .name = "rows_changed", .type = SHAPE_T_INT, .help = "其中与已知不同" }, \
	{ .name = "rows_unmatched", .type = SHAPE_T_INT, .help = "其中人员或单位尚未登记" }, \
	{ .name = "rows_failed", .type = SHAPE_T_INT, .help = "有误或未采用行数" }, \
	{ .name = "covers_through", .type = SHAPE_T_DAY, .nullable = true, .help = "数据截至" }, \
	{ .name = "withdrawn_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "撤回时间" }, \
	{ .name = "created_by", .type = SHAPE_T_UUID, .help = "导入人" }, \
	{ .name = "created_at", .type = SHAPE_T_INSTANT, .help = "导入时间" }

#define IMPORT_REPORT \
	{ .name = "errors", .type = SHAPE_T_LIST, .of = import_error_shape, .help = "有误或未采用的行，至多 1000" }, \
	{ .name = "repeated", .type = SHAPE_T_BOOL, .help = "此文件先前已导入" }

static const struct shape import_shape[] = { IMPORT_ROWS, IMPORT_REPORT, SHAPE_END };
static const struct shape import_listed_shape[] = { IMPORT_ROWS, SHAPE_END };
static const struct shape import_one_shape[] = {
	IMPORT_ROWS, IMPORT_REPORT,
	{ .name = "strangers", .type = SHAPE_T_INT, .help = "至今人员或单位仍未登记的行" },
	SHAPE_END
};
static const struct shape import_stranger_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "事实" },
	{ .name = "kind", .type = SHAPE_T_TEXT, .codes = "fact_kinds", .help = "种类" },
	{ .name = "from_on", .type = SHAPE_T_DAY, .help = "起" },
	{ .name = "to_on", .type = SHAPE_T_DAY, .nullable = true, .help = "止" },
	{ .name = "code", .type = SHAPE_T_TEXT, .nullable = true, .help = "代码" },
	{ .name = "person_known", .type = SHAPE_T_BOOL, .help = "人员已登记" },
	{ .name = "uscc", .type = SHAPE_T_TEXT, .nullable = true, .help = "统一社会信用代码" },
	{ .name = "org_known", .type = SHAPE_T_BOOL, .help = "单位已登记" },
	SHAPE_END
};
static const struct shape undo_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "撤回申请" },
	{ .name = "batch_id", .type = SHAPE_T_UUID, .help = "导入批次" },
	{ .name = "reason", .type = SHAPE_T_TEXT, .help = "原因" },
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "import_undo_states", .help = "状态" },
	{ .name = "rows_closed", .type = SHAPE_T_INT, .nullable = true, .help = "撤下的行" },
	{ .name = "rows_restored", .type = SHAPE_T_INT, .nullable = true, .help = "恢复为此前所知的行" },
	{ .name = "asked_by", .type = SHAPE_T_UUID, .help = "提出人" },
	{ .name = "asked_at", .type = SHAPE_T_INSTANT, .help = "提出时间" },
	{ .name = "decided_by", .type = SHAPE_T_UUID, .nullable = true, .help = "决定人" },
	{ .name = "decided_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "决定时间" },
	SHAPE_END
};

const struct route import_routes[] = {
	{ .name = "import_file", .method = METHOD_POST, .path = "/v1/subsidies/imports/{kind_name}",
	  .callers = ROLE_CLERK, .scope = SCOPE_AREA, .action = "subsidies.import.file",
	  .raw_body = true, .query = INPUT(import_query, import_query_fields),
	  .reply = import_shape, .success = 200, .handler = import_file,
	  .emits = "subsidies.insured.counted.v1", .limit = LIMIT_IMPORT, .lane = DB_SLOW,
	  .zh = "导入回流数据（市级）", .en = "Import facts from a file (city)" },
	{ .name = "import_list", .method = METHOD_GET, .path = "/v1/subsidies/imports",
	  .callers = ROLE_CLERK | ROLE_AUDIT, .scope = SCOPE_AREA,
	  .action = "subsidies.import.list", .query = INPUT(import_list_query, import_list_query_fields),
	  .list = true, .reply = import_listed_shape,
	  .stmt = &stmt_import_list, .limit = LIMIT_READ,
	  .zh = "导入记录", .en = "List imports" },
	{ .name = "import_get", .method = METHOD_GET, .path = "/v1/subsidies/import-batches/{id}",
	  .callers = ROLE_CLERK | ROLE_AUDIT, .scope = SCOPE_AREA,
	  .action = "subsidies.import.get", .reply = import_one_shape,
	  .stmt = &stmt_import_get, .limit = LIMIT_READ,
	  .zh = "查看一次导入及其报告", .en = "Read an import with its report" },
	{ .name = "import_report", .method = METHOD_GET, .path = "/v1/subsidies/import-batches/{id}/report",
	  .callers = ROLE_CLERK | ROLE_AUDIT, .scope = SCOPE_AREA,
	  .action = "subsidies.import.report", .media = "text/csv",
	  .handler = import_report, .limit = LIMIT_READ,
	  .zh = "导入报告（CSV）", .en = "The report of an import as CSV" },
	{ .name = "import_strangers", .method = METHOD_GET, .path = "/v1/subsidies/import-batches/{id}/strangers",
	  .callers = ROLE_CLERK | ROLE_AUDIT, .scope = SCOPE_AREA,
	  .action = "subsidies.import.strangers", .list = true, .reply = import_stranger_shape,
	  .stmt = &stmt_import_strangers, .limit = LIMIT_READ,
	  .zh = "导入中人员或单位尚未登记的行", .en = "Rows of an import about somebody unregistered" },
	{ .name = "import_undo_ask", .method = METHOD_POST, .path = "/v1/subsidies/import-batches/{id}/undo",
	  .callers = ROLE_CLERK, .scope = SCOPE_AREA, .action = "subsidies.import.undo_ask",
	  .body = INPUT(undo_in, undo_in_fields), .reply = undo_shape,
	  .handler = import_undo_ask, .limit = LIMIT_WRITE,
	  .zh = "申请撤回误传的文件", .en = "Ask for a file to be taken back" },
	{ .name = "import_undo_agree", .method = METHOD_POST, .path = "/v1/subsidies/import-undos/{id}/agree",
	  .callers = ROLE_CLERK | ROLE_APPROVE, .scope = SCOPE_AREA, .action = "subsidies.import.undo_agree",
	  .reply = undo_shape, .success = 200, .handler = import_undo_agree,
	  .emits = "subsidies.insured.counted.v1", .limit = LIMIT_WRITE, .lane = DB_SLOW,
	  .zh = "同意撤回", .en = "Agree to taking a file back" },
	{ .name = "import_undo_refuse", .method = METHOD_POST, .path = "/v1/subsidies/import-undos/{id}/refuse",
	  .callers = ROLE_CLERK | ROLE_APPROVE, .scope = SCOPE_AREA, .action = "subsidies.import.undo_refuse",
	  .reply = undo_shape, .success = 200, .handler = import_undo_refuse, .limit = LIMIT_WRITE,
	  .zh = "不同意撤回", .en = "Refuse to take a file back" },
	{ .name = "import_undo_list", .method = METHOD_GET, .path = "/v1/subsidies/import-undos",
	  .callers = ROLE_CLERK | ROLE_APPROVE | ROLE_AUDIT, .scope = SCOPE_AREA,
	  .action = "subsidies.import.undo_list", .query = INPUT(undo_query, undo_query_fields),
	  .list = true, .reply = undo_shape, .stmt = &stmt_import_undo_list, .limit = LIMIT_READ,
	  .zh = "撤回申请", .en = "List what is to be taken back" },
	ROUTE_END
};

static int
check_import_kind(const char *name)
{
	return (import_kind(name) == NULL ? ERR_F_CHOICE : 0);
}

/* Files are the city's. */
static bool
of_city(const struct call *c)
{
	return (principal_has(c->principal, ROLE_CLERK, AREA_CITY) ||
	    ((c->route->callers & ROLE_APPROVE) != 0 && principal_has(c->principal, ROLE_APPROVE, AREA_CITY)));
}

static int
import_undo_ask(struct call *c)
{
	const struct undo_in	*in = c->body;
	struct uuid		 id = uuid_new();
	struct db_rows		 rows;

	if (!of_city(c))
		return (call_reject(c, ERR_AREA, NULL));
	if (sql_import_undo_ask(c->db, &rows, &c->id, in->reason, &id) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
import_undo_agree(struct call *c)
{
	struct db_rows	rows;

	if (!of_city(c))
		return (call_reject(c, ERR_AREA, NULL));
	if (sql_import_undo_agree(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
import_undo_refuse(struct call *c)
{
	struct db_rows	rows;

	if (!of_city(c))
		return (call_reject(c, ERR_AREA, NULL));
	if (sql_import_undo_refuse(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
import_report(struct call *c)
{
	const struct error_row	*e;
	enum error_code		 code;
	struct db_rows		 rows;
	struct buf		 buf;
	const char		*text;
	size_t			 i, len;

	if (sql_import_report(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	buf_init(&buf, REPORT_MAX);
	buf_adds(&buf, "line,column,code,reason\n");
	for (i = 0; i < rows.count && db_text(&rows, i, "code") != NULL; i++) {
		text = db_text(&rows, i, "column");
		code = error_by_code(db_text(&rows, i, "code"));
		e = error_row(code);
		buf_addf(&buf, "%lld,%s,%s,%s\n", (long long)db_int(&rows, i, "line"),
		    text == NULL ? "" : text, db_text(&rows, i, "code"),
		    code == ERR_NONE ? "" : c->english ? e->en : e->zh);
	}
	len = buf.len;
	text = buf_ok(&buf) ? arena_strndup(c->arena, buf.data, len) : NULL;
	buf_release(&buf);
	if (text == NULL)
		return (call_reject(c, ERR_INTERNAL, NULL));
	call_header(c, "Content-Disposition", arena_printf(c->arena,
	    "attachment; filename=\"%s.csv\"", db_text(&rows, 0, "kind")));
	return (call_reply_bytes(c, 200, "text/csv; charset=utf-8", text, len));
}
