/*
 * fuzz_proxyproto.c -- any bytes as the first of a connection from a front:
 * whole and in two pieces the same; what passes names an address in its one
 * spelling and nothing that was not there.
 */
#include <arpa/inet.h>

#include "fuzz.h"
#include "http1/http1.h"

static void	address_is_canonical(const char *);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct proxy_head	whole, part;
	enum http1_result	r, cut;
	char			*text;
	size_t			 at;

	if (len < 1)
		return (0);
	at = bytes[0] % len;
	text = copy_of((const char *)bytes + 1, len - 1);
	r = http1_proxy(text, len - 1, &whole);
	free(text);
	if (r == HTTP1_DONE) {
		MUST(whole.len > 0 && whole.len <= len - 1);
		MUST(whole.local || whole.source[0] != '\0');
		if (!whole.local)
			address_is_canonical(whole.source);
	}
	text = copy_of((const char *)bytes + 1, at);
	cut = http1_proxy(text, at, &part);
	free(text);
	MUST(cut != HTTP1_BAD || r == HTTP1_BAD);
	MUST(cut != HTTP1_DONE || (r == HTTP1_DONE && part.len == whole.len &&
	    strcmp(part.source, whole.source) == 0 && part.tls == whole.tls));
	return (0);
}

static void
address_is_canonical(const char *text)
{
	unsigned char	raw[16];
	char		again[INET6_ADDRSTRLEN];
	int		family = strchr(text, ':') != NULL ? AF_INET6 : AF_INET;

	MUST(inet_pton(family, text, raw) == 1);
	MUST(inet_ntop(family, raw, again, sizeof(again)) != NULL);
	MUST(strcmp(text, again) == 0);
}
