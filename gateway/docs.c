/*
 * docs.c -- /openapi.json and /docs: the services' documents as one, and a
 * page that shows it. The page is docs.html, carried in the binary.
 *
 * Invariant: the page runs exactly the script it came with: the policy sent
 * with it names the script's hash and allows nothing from elsewhere.
 */
#include "gateway.h"
#include "crypt/crypt.h"

static struct span page_script(void);
static void	hash_text(struct span, char *, size_t);
static void	reply(struct pass *, int, const char *, const char *, const char *, size_t);
static bool	path_is(const struct pass *, const char *);

/* The path is the one from the top of the source tree, where make runs. */
__asm__(
    ".pushsection .rodata\n"
    ".global docs_page\n"
    "docs_page:\n"
    ".incbin \"gateway/docs.html\"\n"
    ".global docs_page_end\n"
    "docs_page_end:\n"
    ".byte 0\n"
    ".popsection\n");

extern const char	docs_page[], docs_page_end[];

static char	policy[320];

int
docs_start(void)
{
	struct span	script = page_script();
	char		hash[64];

	if (script.p == NULL)
		return (-1);
	hash_text(script, hash, sizeof(hash));
	(void)snprintf(policy, sizeof(policy), "Content-Security-Policy: default-src 'none'; "
	    "script-src 'sha256-%s'; style-src 'unsafe-inline'; connect-src 'self'; "
	    "base-uri 'none'; frame-ancestors 'none'\r\n", hash);
	return (0);
}

static struct span
page_script(void)
{
	static const char	open[] = "<script>", close[] = "</script>";
	struct span		s = { NULL, 0 };
	const char		*from, *to;

	from = memmem(docs_page, (size_t)(docs_page_end - docs_page), open, sizeof(open) - 1);
	if (from == NULL)
		return (s);
	from += sizeof(open) - 1;
	to = memmem(from, (size_t)(docs_page_end - from), close, sizeof(close) - 1);
	if (to != NULL)
		s = (struct span){ from, (size_t)(to - from) };
	return (s);
}

/* Plain base64, as the policy wants it. */
static void
hash_text(struct span script, char *out, size_t cap)
{
	uint8_t		hash[CHAIN_BYTES];
	struct arena	a;
	char		*p;

	arena_init(&a);
	sha256(script.p, script.len, hash);
	(void)snprintf(out, cap, "%s=", base64url_encode(&a, hash, sizeof(hash)));
	for (p = out; *p != '\0'; p++)
		*p = *p == '-' ? '+' : *p == '_' ? '/' : *p;
	arena_release(&a);
}

bool
docs_reply(struct pass *p)
{
	const char	*text;
	size_t		 len;

	if (!path_is(p, "/docs") && !path_is(p, "/openapi.json"))
		return (false);
	if (p->head->method != METHOD_GET && p->head->method != METHOD_HEAD) {
		problem(p, ERR_METHOD, "Allow: GET, HEAD\r\n");
		return (true);
	}
	if (path_is(p, "/docs"))
		reply(p, 200, "text/html; charset=utf-8", policy, docs_page,
		    (size_t)(docs_page_end - docs_page));
	else if ((text = openapi_text(&len)) != NULL)
		reply(p, 200, "application/json", "", text, len);
	else
		problem(p, ERR_DOWN, "Retry-After: 2\r\n");
	return (true);
}

static void
reply(struct pass *p, int status, const char *type, const char *lines, const char *text,
    size_t len)
{
	const char	*head;

	head = arena_printf(p->arena, "Content-Type: %s\r\nCache-Control: no-cache\r\n"
	    "X-Content-Type-Options: nosniff\r\nX-Request-Id: %s\r\n%s%.*s",
	    type, p->request_id, lines, (int)p->more.len, p->more.len > 0 ? p->more.p : "");
	p->status = status;
	p->bytes_out = len;
	exchange_reply(p->x, status, head, strlen(head), text, len);
}

static bool
path_is(const struct pass *p, const char *path)
{
	return (p->head->path.len == strlen(path) &&
	    memcmp(p->head->path.p, path, p->head->path.len) == 0);
}
