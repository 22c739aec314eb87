/*
 * live_page.c -- the board's page, carried in the binary (live_page.html).
 *
 * Invariant: the page loads nothing from elsewhere and runs exactly the script
 * and style it came with: the policy names their hashes.
 */
#include "live.h"
#include "crypt/crypt.h"

#define TYPE		"text/html; charset=utf-8"
#define HASH_TEXT	64

static int	hash_of(const char *open, const char *close, char out[HASH_TEXT]);

/* The path is the one from the top of the source tree, where make runs. */
__asm__(
    ".pushsection .rodata\n"
    ".global live_page_html\n"
    "live_page_html:\n"
    ".incbin \"services/monitoring/live_page.html\"\n"
    ".byte 0\n"
    ".popsection\n");

extern const char	live_page_html[];

static char	policy[400];

int
live_page_start(void)
{
	char	script[HASH_TEXT], style[HASH_TEXT];

	if (hash_of("<script>", "</script>", script) == -1 || hash_of("<style>", "</style>", style) == -1)
		return (-1);
	(void)snprintf(policy, sizeof(policy), "default-src 'none'; script-src 'sha256-%s'; "
	    "style-src 'sha256-%s'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
	    "frame-ancestors 'none'", script, style);
	return (0);
}

int
live_page(struct call *c)
{
	call_header(c, "Content-Security-Policy", policy);
	call_header(c, "Referrer-Policy", "no-referrer");
	call_header(c, "Cache-Control", "no-cache");
	return (call_reply_bytes(c, 200, TYPE, live_page_html, strlen(live_page_html)));
}

/* Of what stands between the two, as plain base64. */
static int
hash_of(const char *open, const char *close, char out[HASH_TEXT])
{
	const char	*from = strstr(live_page_html, open), *to = strstr(live_page_html, close);
	uint8_t		 hash[CHAIN_BYTES];
	struct arena	 a;
	char		*p;

	if (from == NULL || to == NULL)
		return (-1);
	from += strlen(open);
	arena_init(&a);
	sha256(from, (size_t)(to - from), hash);
	(void)snprintf(out, HASH_TEXT, "%s=", base64url_encode(&a, hash, sizeof(hash)));
	arena_release(&a);
	for (p = out; *p != '\0'; p++)
		*p = *p == '-' ? '+' : *p == '_' ? '/' : *p;
	return (0);
}
