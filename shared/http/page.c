/*
 * page.c -- a page of text as a reply, with the policy that holds it.
 */
#include <string.h>

#include "http/page.h"
#include "crypt/crypt.h"

static const char *hash_of(struct arena *, const char *, size_t);

int
page_reply(struct call *c, struct buf *b, const char *style, bool images)
{
	return (page_send(c, 200, b, arena_printf(c->arena, "%sstyle-src 'sha256-%s'; form-action 'none'",
	    images ? "img-src 'self'; " : "", hash_of(c->arena, style, strlen(style)))));
}

int
page_send(struct call *c, int status, struct buf *b, const char *admits)
{
	const char	*text;
	size_t		 len = b->len;

	if (!buf_ok(b)) {
		buf_release(b);
		return (call_reject(c, ERR_INTERNAL, NULL));
	}
	text = arena_strndup(c->arena, b->data, len);
	buf_release(b);
	page_policy(c, admits);
	return (call_reply_bytes(c, status, "text/html; charset=utf-8", text, len));
}

void
page_policy(struct call *c, const char *admits)
{
	call_header(c, "Content-Security-Policy", arena_printf(c->arena,
	    "default-src 'none'; %s; base-uri 'none'; frame-ancestors 'none'", admits));
	call_header(c, "Referrer-Policy", "no-referrer");
}

const char *
page_hash(struct arena *a, const char *page, const char *tag)
{
	const char	*open = arena_printf(a, "<%s>", tag);
	const char	*from = strstr(page, open), *to = strstr(page, arena_printf(a, "</%s>", tag));

	if (from == NULL || to == NULL)
		return (NULL);
	from += strlen(open);
	return (hash_of(a, from, (size_t)(to - from)));
}

/* Plain base64, as the policy wants it. */
static const char *
hash_of(struct arena *a, const char *text, size_t len)
{
	uint8_t	 hash[CHAIN_BYTES];
	char	*out, *p;

	sha256(text, len, hash);
	out = arena_printf(a, "%s=", base64url_encode(a, hash, sizeof(hash)));
	for (p = out; *p != '\0'; p++)
		*p = *p == '-' ? '+' : *p == '_' ? '/' : *p;
	return (out);
}
