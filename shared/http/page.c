/*
 * page.c -- a page of text as a reply, with the policy that holds it.
 */
#include "http/page.h"
#include "crypt/crypt.h"

static const char *hash_of(struct arena *, const char *);

int
page_reply(struct call *c, struct buf *b, const char *style, bool images)
{
	const char	*text;
	size_t		 len = b->len;

	if (!buf_ok(b)) {
		buf_release(b);
		return (call_reject(c, ERR_INTERNAL, NULL));
	}
	text = arena_strndup(c->arena, b->data, len);
	buf_release(b);
	call_header(c, "Content-Security-Policy", arena_printf(c->arena,
	    "default-src 'none'; %sstyle-src 'sha256-%s'; base-uri 'none'; form-action 'none'; "
	    "frame-ancestors 'none'", images ? "img-src 'self'; " : "", hash_of(c->arena, style)));
	call_header(c, "Referrer-Policy", "no-referrer");
	return (call_reply_bytes(c, 200, "text/html; charset=utf-8", text, len));
}

/* Plain base64, as the policy wants it. */
static const char *
hash_of(struct arena *a, const char *style)
{
	uint8_t	 hash[CHAIN_BYTES];
	char	*text, *p;

	sha256(style, strlen(style), hash);
	text = arena_printf(a, "%s=", base64url_encode(a, hash, sizeof(hash)));
	for (p = text; *p != '\0'; p++)
		*p = *p == '-' ? '+' : *p == '_' ? '/' : *p;
	return (text);
}
