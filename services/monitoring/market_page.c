/*
 * market_page.c -- a quarter's report as a page for paper and as a workbook:
 * any version for officers, what is published for everybody.
 *
 * Invariant: the page runs nothing, loads nothing and is framed by nobody; who
 * has no token sees published versions only, small numbers hidden.
 */
#include "market.h"
#include "co/co.h"
#include "http/page.h"
#include "market_book.h"
#include "market_html.h"
#include "monitoring_sql.h"

#define PAGE_MAX	(512 * 1024)
#define BOOK_MAX	(2 * 1024 * 1024)

struct closing {
	struct table	*table;
	struct buf	 out;
	int		 rc;
};

static int	market_report_page(struct call *);
static int	market_report_book(struct call *);
static int	market_published_page(struct call *);
static int	market_published_book(struct call *);
static const struct json *report_of(struct call *, bool hides, int *rc);
static int	page(struct call *, bool hides);
static int	book(struct call *, bool hides);
static void	book_close(void *);

static const struct shape published_shape[] = {
	{ .name = "id", .type = SHAPE_T_UUID, .help = "季度分析" },
	{ .name = "quarter", .type = SHAPE_T_TEXT, .help = "季度" },
	{ .name = "area_code", .type = SHAPE_T_TEXT, .help = "地区" },
	{ .name = "version", .type = SHAPE_T_INT, .help = "第几版" },
	{ .name = "published_at", .type = SHAPE_T_INSTANT, .help = "发布时间" },
	SHAPE_END
};

const struct route market_page_routes[] = {
	{ .name = "market_report_page", .method = METHOD_GET, .path = "/v1/monitoring/market/reports/{id}/page",
	  .callers = ROLE_FIGURES, .scope = SCOPE_AREA, .action = "monitoring.market_report.get",
	  .media = "text/html", .handler = market_report_page, .limit = LIMIT_READ,
	  .zh = "季度分析（打印页）", .en = "A quarter's report for paper" },
	{ .name = "market_report_book", .method = METHOD_GET,
	  .path = "/v1/monitoring/market/reports/{id}/workbook",
	  .callers = ROLE_FIGURES, .scope = SCOPE_AREA, .action = "monitoring.market_report.get",
	  .media = TABLE_XLSX_TYPE, .handler = market_report_book, .limit = LIMIT_READ,
	  .zh = "季度分析（电子表格）", .en = "A quarter's report as a workbook" },
	{ .name = "market_published_list", .method = METHOD_GET, .path = "/v1/monitoring/market/published",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "monitoring.market_report.public",
	  .list = true, .reply = published_shape, .stmt = &stmt_market_published_list, .limit = LIMIT_READ,
	  .zh = "已发布的季度分析", .en = "Published reports" },
	{ .name = "market_published_page", .method = METHOD_GET,
	  .path = "/v1/monitoring/market/published/{id}/page",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "monitoring.market_report.public",
	  .media = "text/html", .handler = market_published_page, .limit = LIMIT_READ,
	  .zh = "已发布的季度分析（打印页）", .en = "A published report for paper" },
	{ .name = "market_published_book", .method = METHOD_GET,
	  .path = "/v1/monitoring/market/published/{id}/workbook",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "monitoring.market_report.public",
	  .media = TABLE_XLSX_TYPE, .handler = market_published_book, .limit = LIMIT_READ,
	  .zh = "已发布的季度分析（电子表格）", .en = "A published report as a workbook" },
	ROUTE_END
};

static int
market_report_page(struct call *c)
{
	return (page(c, figures_hide(c)));
}

static int
market_published_page(struct call *c)
{
	return (page(c, true));
}

static int
market_report_book(struct call *c)
{
	return (book(c, figures_hide(c)));
}

static int
market_published_book(struct call *c)
{
	return (book(c, true));
}

/* NULL: refused, the reply in *rc. */
static const struct json *
report_of(struct call *c, bool hides, int *rc)
{
	struct db_rows	 rows;
	const char	*text;

	if (sql_market_report_get(c->db, &rows, &c->id, hides) == -1) {
		*rc = call_failed(c);
		return (NULL);
	}
	if (rows.count == 0) {
		*rc = call_reject(c, ERR_NOT_FOUND, NULL);
		return (NULL);
	}
	text = db_text(&rows, 0, "reply");
	return (json_parse(c->arena, text, strlen(text)));
}

static int
page(struct call *c, bool hides)
{
	const struct json	*report;
	struct buf		 b;
	int			 rc;

	if ((report = report_of(c, hides, &rc)) == NULL)
		return (rc);
	buf_init(&b, PAGE_MAX);
	market_html(&b, report);
	return (page_reply(c, &b, market_html_style, false));
}

static int
book(struct call *c, bool hides)
{
	const struct json	*report;
	struct closing		 end;
	char			*bytes;
	int			 rc;

	if ((report = report_of(c, hides, &rc)) == NULL)
		return (rc);
	if ((end.table = table_open(TABLE_XLSX)) == NULL)
		return (call_reject(c, ERR_BUSY, NULL));
	market_book(end.table, report);
	buf_init(&end.out, BOOK_MAX);
	if (task_run(book_close, &end) == -1) {
		table_drop(end.table);
		return (call_reject(c, ERR_BUSY, NULL));
	}
	if (end.rc == -1) {
		buf_release(&end.out);
		return (call_reject(c, ERR_INTERNAL, NULL));
	}
	bytes = arena_alloc(c->arena, end.out.len);
	memcpy(bytes, end.out.data, end.out.len);
	rc = call_reply_bytes(c, 200, TABLE_XLSX_TYPE, bytes, end.out.len);
	buf_release(&end.out);
	call_header(c, "Content-Disposition", "attachment; filename=\"market.xlsx\"");
	return (rc);
}

/* Takes CPU time, off the loop. */
static void
book_close(void *arg)
{
	struct closing	*end = arg;

	end->rc = table_close(end->table, &end->out);
}
