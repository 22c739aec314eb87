/*
 * route_print.c -- the words for what rows hold, and the table of all rows
 * that `make routes` prints.
 */
#include "http/dispatch_priv.h"

static const char *callers_text(uint32_t, struct buf *);

const char *
method_name(enum method m)
{
	static const char *const	names[METHODS] = {
		"?", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"
	};

	return (m >= METHOD_NONE && m < METHODS ? names[m] : "?");
}

const char *
scope_name(enum scope s)
{
	static const char *const	names[] = {
		[SCOPE_UNSET] = "unset", [SCOPE_PUBLIC] = "public", [SCOPE_PERSON] = "person",
		[SCOPE_ORG] = "org", [SCOPE_AREA] = "area", [SCOPE_OUTLET] = "outlet",
		[SCOPE_CALLER] = "caller", [SCOPE_INTERNAL] = "internal"
	};

	return ((size_t)s < NITEMS(names) ? names[s] : "?");
}

const char *
limit_name(enum limit l)
{
	static const char *const	names[] = {
		[LIMIT_NONE] = "none", [LIMIT_READ] = "read", [LIMIT_WRITE] = "write",
		[LIMIT_LOGIN] = "login", [LIMIT_IMPORT] = "import",
		[LIMIT_LOOKUP] = "lookup", [LIMIT_EXPORT] = "export"
	};

	return ((size_t)l < NITEMS(names) ? names[l] : "?");
}

void
routes_print(struct buf *out)
{
	const struct endpoint	*e;
	struct buf		 callers;
	size_t			 i, n;

	e = dispatch_endpoints(&n);
	buf_init(&callers, 4096);
	buf_addf(out, "%-7s %-58s %-30s %-9s %-7s %s\n",
	    "METHOD", "PATH", "NAME", "SCOPE", "LIMIT", "CALLERS");
	for (i = 0; i < n; i++) {
		const struct route	*r = e[i].route;

		buf_addf(out, "%-7s %-58s %-30s %-9s %-7s %s\n", method_name(r->method), r->path,
		    r->name, scope_name(r->scope), limit_name(r->limit),
		    callers_text(r->callers, &callers));
	}
	buf_release(&callers);
}

static const char *
callers_text(uint32_t callers, struct buf *b)
{
	int	i;

	buf_clear(b);
	if ((callers & ROLE_ANYONE) != 0)
		buf_adds(b, "anyone");
	for (i = 0; i < ROLES; i++)
		if ((callers & (1u << i)) != 0)
			buf_addf(b, "%s%s", b->len > 0 ? "," : "", role_name((enum role)(1u << i)));
	return (buf_cstr(b));
}
