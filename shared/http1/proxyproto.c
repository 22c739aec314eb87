/*
 * proxyproto.c -- the PROXY protocol, versions 1 and 2: whom a front of ours
 * speaks for, and whether the client came over TLS (version 2 says so in its
 * SSL record). Read strictly, and only where such a front is expected.
 *
 * Invariant: an address that passes was written by the rules and stands in
 * its one canonical spelling, so limits and logs know a client by one name.
 */
#include <sys/socket.h>
#include <arpa/inet.h>

#include "http1/http1_priv.h"

#define V1_MAX		107	/* with CRLF */
#define V2_HEAD		16
#define V2_MAX		1024	/* of addresses and records */
#define FAMILY_TCP4	0x11
#define FAMILY_TCP6	0x21
#define RECORD_SSL	0x20
#define SSL_CLIENT	0x01	/* the client's side is TLS */

static enum http1_result read_v1(const char *, size_t, struct proxy_head *);
static bool		 line_v1(const char *, const char *, struct proxy_head *);
static bool		 word(const char **, const char *, char *, size_t);
static bool		 port_ok(const char *);
static enum http1_result read_v2(const uint8_t *, size_t, struct proxy_head *);
static bool		 body_v2(const uint8_t *, size_t, uint8_t, struct proxy_head *);
static bool		 records_v2(const uint8_t *, size_t, struct proxy_head *);

static const uint8_t	magic[12] = "\r\n\r\n\0\r\nQUIT\n";

enum http1_result
http1_proxy(const char *data, size_t len, struct proxy_head *out)
{
	memset(out, 0, sizeof(*out));
	if (len > 0 && data[0] == 'P')
		return (read_v1(data, len, out));
	if (memcmp(data, magic, len < sizeof(magic) ? len : sizeof(magic)) != 0)
		return (HTTP1_BAD);
	return (len < V2_HEAD ? HTTP1_MORE : read_v2((const uint8_t *)data, len, out));
}

/* ---- version 1: "PROXY TCP4 192.0.2.1 192.0.2.2 40000 443\r\n" ---- */

static enum http1_result
read_v1(const char *data, size_t len, struct proxy_head *out)
{
	static const char	begin[] = "PROXY ";
	size_t			n = sizeof(begin) - 1;
	const char		*lf;

	if (memcmp(data, begin, len < n ? len : n) != 0)
		return (HTTP1_BAD);
	lf = memchr(data, '\n', len < V1_MAX ? len : V1_MAX);
	if (lf == NULL)
		return (len < V1_MAX ? HTTP1_MORE : HTTP1_BAD);
	if (lf[-1] != '\r' || !line_v1(data + n, lf - 1, out))
		return (HTTP1_BAD);
	out->len = (size_t)(lf + 1 - data);
	return (HTTP1_DONE);
}

static bool
line_v1(const char *p, const char *end, struct proxy_head *out)
{
	char	family[8], from[INET6_ADDRSTRLEN], to[INET6_ADDRSTRLEN], ports[2][6];
	uint8_t	address[16];
	int	af;

	if (end - p >= 7 && memcmp(p, "UNKNOWN", 7) == 0 && (end - p == 7 || p[7] == ' '))
		return (out->local = true);
	if (!word(&p, end, family, sizeof(family)) || !word(&p, end, from, sizeof(from)) ||
	    !word(&p, end, to, sizeof(to)) || !word(&p, end, ports[0], sizeof(ports[0])) ||
	    !word(&p, end, ports[1], sizeof(ports[1])) || p != end + 1)
		return (false);
	af = strcmp(family, "TCP4") == 0 ? AF_INET : AF_INET6;
	if (af == AF_INET6 && strcmp(family, "TCP6") != 0)
		return (false);
	if (inet_pton(af, to, address) != 1 || inet_pton(af, from, address) != 1 ||
	    !port_ok(ports[0]) || !port_ok(ports[1]))
		return (false);
	return (inet_ntop(af, address, out->source, sizeof(out->source)) != NULL);
}

/* Up to one blank or the end; *p stands behind it. */
static bool
word(const char **p, const char *end, char *out, size_t cap)
{
	const char	*stop;
	size_t		 n;

	if (*p >= end)
		return (false);
	if ((stop = memchr(*p, ' ', (size_t)(end - *p))) == NULL)
		stop = end;
	n = (size_t)(stop - *p);
	if (n == 0 || n >= cap || memchr(*p, '\0', n) != NULL)
		return (false);
	memcpy(out, *p, n);
	out[n] = '\0';
	*p = stop + 1;
	return (true);
}

static bool
port_ok(const char *text)
{
	size_t	n = strlen(text);

	return (strspn(text, "0123456789") == n && (n == 1 || text[0] != '0') &&
	    strtol(text, NULL, 10) <= 65535);
}

/* ---- version 2: binary ---- */

static enum http1_result
read_v2(const uint8_t *p, size_t len, struct proxy_head *out)
{
	size_t	n = (size_t)p[14] << 8 | p[15];

	if (p[12] >> 4 != 2 || (p[12] & 15) > 1 || n > V2_MAX)
		return (HTTP1_BAD);
	if (len < V2_HEAD + n)
		return (HTTP1_MORE);
	out->len = V2_HEAD + n;
	if ((p[12] & 15) == 0 || p[13] == 0)	/* for itself, or it cannot say for whom */
		out->local = true;
	else if (!body_v2(p + V2_HEAD, n, p[13], out))
		return (HTTP1_BAD);
	return (HTTP1_DONE);
}

static bool
body_v2(const uint8_t *p, size_t n, uint8_t family, struct proxy_head *out)
{
	size_t	addresses = family == FAMILY_TCP4 ? 12 : 36;
	int	af = family == FAMILY_TCP4 ? AF_INET : AF_INET6;

	if ((family != FAMILY_TCP4 && family != FAMILY_TCP6) || n < addresses)
		return (false);
	return (inet_ntop(af, p, out->source, sizeof(out->source)) != NULL &&
	    records_v2(p + addresses, n - addresses, out));
}

/* Type, length, value; what we do not know is skipped, what is cut short is refused. */
static bool
records_v2(const uint8_t *p, size_t n, struct proxy_head *out)
{
	size_t	len;

	for (; n > 0; p += len, n -= len) {
		if (n < 3 || n - 3 < (len = (size_t)p[1] << 8 | p[2]))
			return (false);
		if (p[0] == RECORD_SSL) {
			if (len < 5)
				return (false);
			out->tls = (p[3] & SSL_CLIENT) != 0;
		}
		len += 3;
	}
	return (true);
}
