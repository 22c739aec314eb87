/*
 * oauth_page.c -- the sign-in page, carried in the binary (oauth_page.html).
 *
 * `{{name}}` in it gives place to a value, escaped; what stands between
 * `<!--if name-->` and `<!--end-->` is left out when there is no such value.
 * Invariant: the page loads nothing, runs nothing, is framed by nobody, and
 * its form leads only to us and to the client that was proven.
 */
#include "oauth.h"
#include "http/page.h"

#define PAGE_MAX	65536

struct word {
	const char	*name, *value;
};

static const char *value_of(const struct word *, const char *, size_t);
static void	page_write(struct buf *, const struct word *);
static const char *block_end(const char *);
static int	reply(struct call *, int, const struct word *, const char *);
static char	*origin_of(struct arena *, const char *);

/* The path is the one from the top of the source tree, where make runs. */
__asm__(
    ".pushsection .rodata\n"
    ".global oauth_page_html\n"
    "oauth_page_html:\n"
    ".incbin \"services/identity/oauth_page.html\"\n"
    ".byte 0\n"
    ".popsection\n");

extern const char	oauth_page_html[];

static char	style_hash[64];

/* The policy admits exactly the style the page came with. */
int
oauth_page_start(void)
{
	const char	*hash;
	struct arena	 a;

	arena_init(&a);
	if ((hash = page_hash(&a, oauth_page_html, "style")) != NULL)
		(void)snprintf(style_hash, sizeof(style_hash), "%s", hash);
	arena_release(&a);
	return (hash != NULL ? 0 : -1);
}

int
oauth_page(struct call *c, int status, const struct oauth_page *p)
{
	const char		*yes = "";
	const struct word	 words[] = {
		{ "form", yes }, { "client", p->client }, { "request", p->request },
		{ "person", p->officer ? NULL : yes }, { "officer", p->officer ? yes : NULL },
		{ "phone", p->phone != NULL ? p->phone : "" },
		{ "login", p->login != NULL ? p->login : "" },
		{ "error", p->error }, { "notice", p->notice }, { NULL, NULL }
	};

	return (reply(c, status, words, origin_of(c->arena, p->target)));
}

int
oauth_page_error(struct call *c, const char *message)
{
	const struct word	words[] = { { "error", message }, { NULL, NULL } };

	return (reply(c, 400, words, ""));
}

static int
reply(struct call *c, int status, const struct word *words, const char *target)
{
	struct buf	b;

	buf_init(&b, PAGE_MAX);
	page_write(&b, words);
	call_header(c, "X-Frame-Options", "DENY");
	call_header(c, "Cache-Control", "no-store");
	return (page_send(c, status, &b, arena_printf(c->arena,
	    "style-src 'sha256-%s'; form-action 'self'%s", style_hash, target)));
}

static void
page_write(struct buf *b, const struct word *words)
{
	const char	*p = oauth_page_html, *next, *end;

	while ((next = strpbrk(p, "{<")) != NULL) {
		buf_add(b, p, (size_t)(next - p));
		p = next;
		if (strncmp(p, "{{", 2) == 0 && (end = strstr(p, "}}")) != NULL) {
			buf_add_html(b, value_of(words, p + 2, (size_t)(end - p - 2)));
			p = end + 2;
		} else if (strncmp(p, "<!--if ", 7) == 0 && (end = strstr(p, "-->")) != NULL)
			p = value_of(words, p + 7, (size_t)(end - p - 7)) != NULL ? end + 3 :
			    block_end(end + 3);
		else if (strncmp(p, "<!--end-->", 10) == 0)
			p += 10;
		else
			buf_addc(b, *p++);
	}
	buf_adds(b, p);
}

/* Behind the end of a block that may hold others. */
static const char *
block_end(const char *p)
{
	while (*p != '\0') {
		if (strncmp(p, "<!--end-->", 10) == 0)
			return (p + 10);
		if (strncmp(p, "<!--if ", 7) == 0)
			p = block_end(p + 7);
		else
			p++;
	}
	return (p);
}

static const char *
value_of(const struct word *words, const char *name, size_t len)
{
	for (; words->name != NULL; words++)
		if (strlen(words->name) == len && memcmp(words->name, name, len) == 0)
			return (words->value);
	return (NULL);
}

/* Browsers hold the redirect after a form to form-action: " https://host:port", " scheme:". */
static char *
origin_of(struct arena *a, const char *uri)
{
	size_t	n = strcspn(uri, ":");

	if (strncmp(uri + n, "://", 3) == 0)
		n += 3 + strcspn(uri + n + 3, "/?");
	else
		n++;
	if (strcspn(uri, ";, '\"") < n)	/* would be another directive */
		return (arena_strdup(a, ""));
	return (arena_printf(a, " %.*s", (int)n, uri));
}
