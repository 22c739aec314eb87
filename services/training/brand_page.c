/*
 * brand_page.c -- the public page of one brand.
 *
 * Invariant: the page runs nothing, loads nothing but its own pictures, and is
 * framed by nobody.
 */
#include "brand.h"
#include "brand_html.h"
#include "crypt/crypt.h"
#include "training_sql.h"

#define PAGE_MAX	(256 * 1024)

static int	brand_page(struct call *);
static const char *style_hash(struct arena *);

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
	size_t			 len;

	if (sql_brand_get(c->db, &rows, &c->id) == -1)
		return (call_failed(c));
	if (rows.count == 0)
		return (call_reject(c, ERR_NOT_FOUND, NULL));
	text = db_text(&rows, 0, "reply");
	brand = json_parse(c->arena, text, strlen(text));
	buf_init(&b, PAGE_MAX);
	brand_html(&b, brand);
	if (!buf_ok(&b)) {
		buf_release(&b);
		return (call_reject(c, ERR_INTERNAL, NULL));
	}
	len = b.len;
	text = arena_strndup(c->arena, b.data, b.len);
	buf_release(&b);
	call_header(c, "Content-Security-Policy", arena_printf(c->arena,
	    "default-src 'none'; img-src 'self'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'; "
	    "frame-ancestors 'none'", style_hash(c->arena)));
	call_header(c, "Referrer-Policy", "no-referrer");
	return (call_reply_bytes(c, 200, "text/html; charset=utf-8", text, len));
}

/* Plain base64, as the policy wants it. */
static const char *
style_hash(struct arena *a)
{
	uint8_t	 hash[CHAIN_BYTES];
	char	*text, *p;

	sha256(brand_html_style, strlen(brand_html_style), hash);
	text = arena_printf(a, "%s=", base64url_encode(a, hash, sizeof(hash)));
	for (p = text; *p != '\0'; p++)
		*p = *p == '-' ? '+' : *p == '_' ? '/' : *p;
	return (text);
}
