/*
 * origin.c -- from where a request came: whose address, and over TLS or not.
 * Both are believed only from a front of ours: on its own listener by the
 * PROXY protocol, or in headers of an address in YJY_PROXIES.
 *
 * Invariant: what a stranger writes about itself is never believed.
 */
#include "gateway.h"
#include "conf/conf.h"
#include "http/http.h"

#define STAFF	(ROLE_OFFICERS | ROLE_SYSTEM_ADMIN | ROLE_SECURITY_ADMIN | ROLE_AUDIT_ADMIN)

static void	from_headers(struct pass *);
static struct span last_of(struct span);
static struct span parameter(struct span, const char *);
static bool	refuse_plain(struct pass *);

void
origin_mark(struct pass *p)
{
	const char	*peer = exchange_peer(p->x);

	p->client = (struct span){ peer, strlen(peer) };
	p->tls = exchange_tls(p->x);
	if ((p->heard.forwarded.len > 0 || p->heard.forwarded_by.len > 0) &&
	    conf_lists(CONF_PROXIES, peer))
		from_headers(p);
	if (p->tls)
		reply_more(p, "Strict-Transport-Security: max-age=31536000\r\n");
}

/* What our own proxy wrote is the last of each list; RFC 7239 comes second. */
static void
from_headers(struct pass *p)
{
	struct span	last = last_of(p->heard.forwarded_by), address;

	if (p->heard.forwarded.len > 0) {
		p->client = last_of(p->heard.forwarded);
		p->tls = p->tls || http1_is(last_of(p->heard.forwarded_proto), "https");
		return;
	}
	address = parameter(last, "for=");
	if (address.len > 2 && address.p[0] == '[' && memchr(address.p, ']', address.len) != NULL)
		address = (struct span){ address.p + 1,
		    (size_t)((const char *)memchr(address.p, ']', address.len) - address.p - 1) };
	else if (memchr(address.p, ':', address.len) != NULL)
		address.len = (size_t)((const char *)memchr(address.p, ':', address.len) - address.p);
	if (address.len > 0)
		p->client = address;
	p->tls = p->tls || http1_is(parameter(last, "proto="), "https");
}

static struct span
last_of(struct span list)
{
	size_t	at = list.len;

	while (at > 0 && list.p[at - 1] != ',' && list.p[at - 1] != ' ')
		at--;
	return ((struct span){ list.p + at, list.len - at });
}

/* `for="[2001:db8::1]:4711";proto=https`: the value, without its quotes. */
static struct span
parameter(struct span s, const char *name)
{
	const char	*p = s.p, *end = s.p + s.len, *stop;
	size_t		 n = strlen(name);

	while (p < end) {
		stop = memchr(p, ';', (size_t)(end - p));
		stop = stop == NULL ? end : stop;
		if ((size_t)(stop - p) >= n && strncasecmp(p, name, n) == 0) {
			p += n;
			if (stop - p >= 2 && *p == '"' && stop[-1] == '"')
				return ((struct span){ p + 1, (size_t)(stop - p - 2) });
			return ((struct span){ p, (size_t)(stop - p) });
		}
		p = stop + 1;
	}
	return ((struct span){ "", 0 });
}

/* ---- officers and administrators only over TLS ---- */

/* Before anything is known of the caller: no password crosses the wire in the clear twice. */
bool
origin_admit(struct pass *p)
{
	static const char	officers[] = "/v1/identity/officer-";

	if (p->tls || !conf_bool(CONF_ADMIN_TLS) || p->head->path.len < sizeof(officers) - 1 ||
	    memcmp(p->head->path.p, officers, sizeof(officers) - 1) != 0)
		return (true);
	return (refuse_plain(p));
}

bool
origin_admit_who(struct pass *p)
{
	return (p->tls || !p->known || (p->who.roles & STAFF) == 0 ||
	    !conf_bool(CONF_ADMIN_TLS) || refuse_plain(p));
}

static bool
refuse_plain(struct pass *p)
{
	problem(p, ERR_TLS, NULL);
	return (false);
}
