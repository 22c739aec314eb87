/*
 * brand_page.c -- the public page of one brand.
 *
 * Invariant: the page runs nothing, loads nothing but its own pictures, and is
 * framed by nobody.
 */
#include "brand.h"
#include "brand_html.h"
#include "http/page.h"
#include "training_sql.h"

#define PAGE_MAX	(256 * 1024)

static int	brand_page(struct call *);

const struct route brand_page_routes[] = {
	{ .name = "brand_page", .method = METHOD_GET, .path = "/v1/training/brands/{id}/page",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "training.brand.get",
	  .media = "text/html", .handler = brand_page, .limit = LIMIT_READ,
	  .zh = "劳务品牌宣传页", .en = "A brand's page" },
	ROUTE_END
};

static int
brand_page(struct call *c)
{
	struct db_rows		 rows;
	const struct json	*brand;
	const char		*text;
	struct buf		 b;

	if (sql_brand_get(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	text = db_text(&rows, 0, "reply");
	brand = json_parse(c->arena, text, strlen(text));
	buf_init(&b, PAGE_MAX);
	brand_html(&b, brand);
	return (page_reply(c, &b, brand_html_style, true));
}
