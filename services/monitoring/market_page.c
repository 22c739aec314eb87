/*
 * market_page.c -- a quarter's report as a page for paper: any version for
 * officers, what is published for everybody.
 *
 * Invariant: the page runs nothing, loads nothing and is framed by nobody; who
 * has no token sees published versions only, small numbers hidden.
 */
#include "market.h"
#include "crypt/crypt.h"
#include "market_html.h"
#include "monitoring_sql.h"

#define PAGE_MAX	(512 * 1024)

static int	market_report_page(struct call *);
static int	market_published_page(struct call *);
static int	page(struct call *, bool hides);
static const char *style_hash(struct arena *);

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
	{ .name = "market_published_list", .method = METHOD_GET, .path = "/v1/monitoring/market/published",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "monitoring.market_report.public",
	  .list = true, .reply = published_shape, .stmt = &stmt_market_published_list, .limit = LIMIT_READ,
	  .zh = "已发布的季度分析", .en = "Published reports" },
	{ .name = "market_published_page", .method = METHOD_GET,
	  .path = "/v1/monitoring/market/published/{id}/page",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "monitoring.market_report.public",
	  .media = "text/html", .handler = market_published_page, .limit = LIMIT_READ,
	  .zh = "已发布的季度分析（打印页）", .en = "A published report for paper" },
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
page(struct call *c, bool hides)
{
	struct db_rows		 rows;
	const struct json	*report;
	const char		*text;
	struct buf		 b;
	size_t			 len;

	if (sql_market_report_get(c->db, &rows, &c->id, hides) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	text = db_text(&rows, 0, "reply");
	report = json_parse(c->arena, text, strlen(text));
	buf_init(&b, PAGE_MAX);
	market_html(&b, report);
	if (!buf_ok(&b)) {
		buf_release(&b);
		return (call_reject(c, ERR_INTERNAL, NULL));
	}
	len = b.len;
	text = arena_strndup(c->arena, b.data, b.len);
	buf_release(&b);
	call_header(c, "Content-Security-Policy", arena_printf(c->arena,
	    "default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	    style_hash(c->arena)));
	call_header(c, "Referrer-Policy", "no-referrer");
	return (call_reply_bytes(c, 200, "text/html; charset=utf-8", text, len));
}

/* Plain base64, as the policy wants it. */
static const char *
style_hash(struct arena *a)
{
	uint8_t	 hash[CHAIN_BYTES];
	char	*text, *p;

	sha256(market_html_style, strlen(market_html_style), hash);
	text = arena_printf(a, "%s=", base64url_encode(a, hash, sizeof(hash)));
	for (p = text; *p != '\0'; p++)
		*p = *p == '-' ? '+' : *p == '_' ? '/' : *p;
	return (text);
}
