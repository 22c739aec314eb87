/*
 * live_page.c -- the board's page, carried in the binary (live_page.html).
 *
 * Invariant: the page loads nothing from elsewhere and runs exactly the script
 * and style it came with: the policy names their hashes.
 */
#include "live.h"
#include "http/page.h"

#define TYPE		"text/html; charset=utf-8"

/* The path is the one from the top of the source tree, where make runs. */
__asm__(
    ".pushsection .rodata\n"
    ".global live_page_html\n"
    "live_page_html:\n"
    ".incbin \"services/monitoring/live_page.html\"\n"
    ".byte 0\n"
    ".popsection\n");

extern const char	live_page_html[];

static char	admits[300];

int
live_page_start(void)
{
	const char	*script, *style;
	struct arena	 a;

	arena_init(&a);
	script = page_hash(&a, live_page_html, "script");
	style = page_hash(&a, live_page_html, "style");
	if (script != NULL && style != NULL)
		(void)snprintf(admits, sizeof(admits), "script-src 'sha256-%s'; style-src 'sha256-%s'; "
		    "connect-src 'self'; form-action 'none'", script, style);
	arena_release(&a);
	return (admits[0] != '\0' ? 0 : -1);
}

int
live_page(struct call *c)
{
	page_policy(c, admits);
	call_header(c, "Cache-Control", "no-cache");
	return (call_reply_bytes(c, 200, TYPE, live_page_html, strlen(live_page_html)));
}
