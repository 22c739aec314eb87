/*
 * market_report.c -- 人力资源市场季度分析: made when the quarter is over, by the
 * clock or on demand, handed in with a remark, published by a second officer;
 * what is published is everybody's to read, with small numbers hidden.
 *
 * Invariant: figures are frozen when a version is made, and nobody reviews what
 * they made or handed in. The SQL is in sql/monitoring/queries/market.sql.
 */
#include "market.h"
#include "ask.h"
#include "base/log.h"
#include "conf/conf.h"
#include "monitoring_sql.h"

struct make_in {
	const char	*quarter, *area_code;
};

struct submit_in {
	const char	*remark;
};

struct review_in {
	bool		 pass;
	const char	*note;
};

struct report_query {
	struct page_in	 page;
	const char	*quarter, *area_code, *state;
};

static int	market_report_make(struct call *);
static int	market_report_list(struct call *);
static int	market_report_get(struct call *);
static int	market_report_review(struct call *);

static const char *const states[] = { "draft", "submitted", "returned", "published", "superseded", NULL };

static const struct field make_fields[] = {
	FIELD_CHECK(make_in, quarter, REQUIRED, check_quarter, "季度，如 2025Q3"),
	FIELD_CHECK(make_in, area_code, REQUIRED, check_any_area, "全市或县级单位代码"),
	FIELD_END
};
static const struct field submit_fields[] = {
	FIELD_TEXT(submit_in, remark, OPTIONAL, 2, 2000, "分析说明"),
	FIELD_END
};
static const struct field review_fields[] = {
	FIELD_BOOL(review_in, pass, REQUIRED, "同意发布"),
	FIELD_TEXT(review_in, note, OPTIONAL, 2, 500, "意见，退回时必填"),
	FIELD_END
};
static const struct field report_query_fields[] = {
	{ .name = "limit", .type = FIELD_T_INT, .offset = offsetof(struct report_query, page.limit),
	  .min = 1, .max = 200, .help = "每页条数" },
	{ .name = "cursor", .type = FIELD_T_TEXT, .offset = offsetof(struct report_query, page.cursor),
	  .max = 500, .help = "分页游标" },
	FIELD_CHECK(report_query, quarter, OPTIONAL, check_quarter, "季度"),
	FIELD_CHECK(report_query, area_code, OPTIONAL, check_area, "全市或县级单位代码"),
	FIELD_ENUM(report_query, state, OPTIONAL, states, "状态"),
	FIELD_END
};

#define HEAD									\
	{ .name = "id", .type = SHAPE_T_UUID, .help = "季度分析" },			\
	{ .name = "quarter", .type = SHAPE_T_TEXT, .help = "季度" },			\
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "地区" },			\
	{ .name = "version", .type = SHAPE_T_INT, .help = "第几版" },			\
	{ .name = "state", .type = SHAPE_T_TEXT, .codes = "market_report_states", .help = "状态" }, \
	{ .name = "revision", .type = SHAPE_T_INT, .help = "数据版本" },			\
	{ .name = "is_empty", .type = SHAPE_T_BOOL, .help = "该季度没有数据" },		\
	{ .name = "made_at", .type = SHAPE_T_INSTANT, .help = "生成时间" },		\
	{ .name = "made_by_clock", .type = SHAPE_T_BOOL, .help = "按期自动生成" },		\
	{ .name = "remark", .type = SHAPE_T_TEXT, .nullable = true, .help = "分析说明" },	\
	{ .name = "submitted_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "提交时间" }, \
	{ .name = "reviewed_at", .type = SHAPE_T_INSTANT, .nullable = true, .help = "审核时间" },	\
	{ .name = "review_note", .type = SHAPE_T_TEXT, .nullable = true, .help = "审核意见" }

static const struct shape head_shape[] = { HEAD, SHAPE_END };

static const struct shape report_shape[] = {
	HEAD,
	{ .name = "figures", .type = SHAPE_T_OBJECT, .of = market_figures_shape, .help = "各项数据" },
	SHAPE_END
};

const struct route market_report_routes[] = {
	{ .name = "market_report_make", .method = METHOD_POST, .path = "/v1/monitoring/market/reports",
	  .callers = ROLE_FIRST_REVIEW, .scope = SCOPE_AREA, .action = "monitoring.market_report.make",
	  .body = INPUT(make_in, make_fields), .reply = head_shape, .handler = market_report_make,
	  .emits = "monitoring.market_report.moved.v1", .limit = LIMIT_WRITE,
	  .zh = "生成人力资源市场季度分析", .en = "Make a quarter's report" },
	{ .name = "market_report_list", .method = METHOD_GET, .path = "/v1/monitoring/market/reports",
	  .callers = ROLE_FIGURES, .scope = SCOPE_AREA, .action = "monitoring.market_report.list",
	  .query = INPUT(report_query, report_query_fields), .list = true, .exports = true, .reply = head_shape,
	  .handler = market_report_list, .limit = LIMIT_READ,
	  .zh = "季度分析列表", .en = "List the quarters' reports" },
	{ .name = "market_report_get", .method = METHOD_GET, .path = "/v1/monitoring/market/reports/{id}",
	  .callers = ROLE_FIGURES, .scope = SCOPE_AREA, .action = "monitoring.market_report.get",
	  .reply = report_shape, .handler = market_report_get, .limit = LIMIT_READ,
	  .zh = "季度分析", .en = "A quarter's report" },
	{ .name = "market_report_submit", .method = METHOD_POST,
	  .path = "/v1/monitoring/market/reports/{id}/submit",
	  .callers = ROLE_FIRST_REVIEW, .scope = SCOPE_AREA, .action = "monitoring.market_report.submit",
	  .body = INPUT(submit_in, submit_fields), .success = 200, .reply = head_shape,
	  .stmt = &stmt_market_report_submit, .emits = "monitoring.market_report.moved.v1", .limit = LIMIT_WRITE,
	  .zh = "提交季度分析", .en = "Hand in a quarter's report" },
	{ .name = "market_report_review", .method = METHOD_POST,
	  .path = "/v1/monitoring/market/reports/{id}/review",
	  .callers = ROLE_RECHECK, .scope = SCOPE_AREA, .action = "monitoring.market_report.review",
	  .body = INPUT(review_in, review_fields), .success = 200, .reply = head_shape,
	  .handler = market_report_review, .emits = "monitoring.market_report.moved.v1", .limit = LIMIT_WRITE,
	  .zh = "审核并发布季度分析", .en = "Publish a quarter's report, or return it" },
	ROUTE_END
};

static int
market_report_make(struct call *c)
{
	const struct make_in	*in = c->body;
	struct asked		 a;
	struct db_rows		 rows;
	int			 said;

	if (!ask_area(c, in->area_code, ASK_COUNTY, &a, &said))
		return (said);
	if (sql_market_report_make(c->db, &rows, a.area, quarter_first(in->quarter)) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 201, &rows));
}

static int
market_report_list(struct call *c)
{
	const struct report_query	*q = c->query;
	struct db_rows			 rows;

	if (sql_market_report_list(c->db, &rows, q->page.cursor, q->page.limit + 1, q->area_code,
	    q->quarter != NULL ? quarter_first(q->quarter) : DAY_NONE, q->state) == -1)
		return (call_failed(c));
	return (call_reply_list(c, &rows, q->page.limit));
}

static int
market_report_get(struct call *c)
{
	struct db_rows	rows;

	if (sql_market_report_get(c->db, &rows, &c->id, figures_hide(c)) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

static int
market_report_review(struct call *c)
{
	const struct review_in	*in = c->body;
	struct db_rows		 rows;

	if (!in->pass && in->note == NULL)
		return (call_reject(c, ERR_F_MISSING, "/note"));
	if (sql_market_report_review(c->db, &rows, &c->id, in->pass, in->note) == -1)
		return (call_failed(c));
	return (call_reply_row(c, 200, &rows));
}

/* Late events do not wait for the clock: they show in a version made later. */
void
market_tick(void)
{
	const char *const	*codes;
	struct db_rows		 rows;
	struct arena		 a;
	struct db		 db;
	struct buf		 b;
	size_t			 n, i;

	arena_init(&a);
	db_init(&db, &a, DB_SYSTEM);
	buf_init(&b, 1024);
	n = area_counties(&codes);
	buf_adds(&b, "{" AREA_CITY);
	for (i = 0; i < n; i++)
		buf_addf(&b, ",%s", codes[i]);
	buf_addc(&b, '}');
	if (!buf_ok(&b) || sql_market_report_sweep(&db, &rows, buf_cstr(&b), conf_int(CONF_MARKET_REPORT_DAYS)) == -1 ||
	    db_commit(&db) == -1)
		log_warn("market: the quarter's reports were not made");
	buf_release(&b);
	arena_release(&a);
}
