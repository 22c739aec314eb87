/*
 * outside.c -- signed requests to interfaces that are not ours.
 *
 * Invariant: neither what is sent nor what is answered reaches a log; both
 * may hold a code, a name or an identity number.
 */
#include "outside.h"
#include "base/clock.h"
#include "base/log.h"
#include "crypt/crypt.h"

#define OUTSIDE_CONNS	8
#define OUTSIDE_MS	5000

static const char	scheme[] = "http://";

static const char *signature(struct arena *, const struct outside *, const char *);

int
outside_init(struct outside *o)
{
	const char	*url = conf_text(o->url), *slash;
	char		 address[256];
	size_t		 len;

	if (strncmp(url, scheme, sizeof(scheme) - 1) != 0 ||
	    conf_secret(o->key, &len) == NULL || len == 0) {
		log_error("%s: an address of the form http://host:port/path and a key are needed",
		    o->name);
		return (-1);
	}
	url += sizeof(scheme) - 1;
	slash = strchr(url, '/');
	len = slash != NULL ? (size_t)(slash - url) : strlen(url);
	if (len == 0 || len >= sizeof(address))
		return (-1);
	(void)snprintf(address, sizeof(address), "%.*s", (int)len, url);
	o->path = slash != NULL ? slash : "/";
	o->peer = upstream_new(o->name, address, OUTSIDE_CONNS);
	return (o->peer == NULL ? -1 : 0);
}

int
outside_post(struct arena *a, const struct outside *o, const char *json, struct http_result *r)
{
	const char	*headers = arena_printf(a,
	    "Content-Type: application/json\r\nX-Signature: %s\r\n", signature(a, o, json));

	memset(r, 0, sizeof(*r));
	if (http_call(a, o->peer, METHOD_POST, o->path, headers, json, strlen(json),
	    OUTSIDE_MS, r) == -1)
		return (0);
	return (r->status);
}

static const char *
signature(struct arena *a, const struct outside *o, const char *json)
{
	long long	 now = (long long)(clock_real_us() / 1000000);
	const char	*text = arena_printf(a, "%lld.%s", now, json);
	uint8_t		 mac[CHAIN_BYTES];
	const void	*key;
	size_t		 len;

	key = conf_secret(o->key, &len);
	if (strcmp(conf_text(CONF_OUTSIDE_MAC), "sha256") == 0)
		hmac_sha256(key, len, text, strlen(text), mac);
	else
		hmac_sm3(key, len, text, strlen(text), mac);
	return (arena_printf(a, "t=%lld,v1=%s", now, hex_encode(a, mac, sizeof(mac))));
}
