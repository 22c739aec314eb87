/*
 * path.c -- what a path may look like, and the decoding of query values.
 *
 * Invariant: a path that passes names one resource however often it is
 * decoded, so the policy that matched it and the program behind agree.
 */
#include "http1/http1_priv.h"
#include "base/utf8.h"

static bool	segment_is_dots(const char *, const char *);
static int	escape_at(const char *, const char *);
static bool	escape_ok(int);

/* Escapes are looked at byte by byte: what they spell is never decoded here. */
bool
http1_path_ok(struct span path)
{
	const char	*p, *end = path.p + path.len, *segment;

	if (path.len == 0 || path.p[0] != '/')
		return (false);
	for (p = segment = path.p + 1;; p++) {
		if (p == end || *p == '/') {
			if (segment_is_dots(segment, p) ||
			    (p == segment && p != end))
				return (false);
			if (p == end)
				return (true);
			segment = p + 1;
		} else if (*p == '%') {
			if (!escape_ok(escape_at(p, end)))
				return (false);
			p += 2;
		} else if (*p == '\\' || *p == ';')
			return (false);
	}
}

/* "." or ".."; an escaped dot is refused wherever it stands. */
static bool
segment_is_dots(const char *p, const char *end)
{
	return ((end - p == 1 && p[0] == '.') ||
	    (end - p == 2 && p[0] == '.' && p[1] == '.'));
}

/* Needed to write this byte, and harmless to whoever decodes it once more. */
static bool
escape_ok(int c)
{
	if (c < 0x20 || c == 0x7f || c == '/' || c == '\\' || c == ';' || c == '%')
		return (false);
	return (!(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z') &&
	    c != '-' && c != '.' && c != '_' && c != '~');
}

/* The byte that %XX at p stands for; -1 when it is none. */
static int
escape_at(const char *p, const char *end)
{
	int	hi, lo;

	if (end - p < 3 || (hi = http1_hex(p[1])) == -1 ||
	    (lo = http1_hex(p[2])) == -1)
		return (-1);
	return (hi << 4 | lo);
}

/* A pair without '=' is a name with an empty value. */
bool
http1_pair(struct span *rest, struct span *name, struct span *value)
{
	const char	*end, *eq;

	if (rest->len == 0)
		return (false);
	end = memchr(rest->p, '&', rest->len);
	*name = (struct span){ rest->p, end != NULL ? (size_t)(end - rest->p) : rest->len };
	*value = (struct span){ name->p + name->len, 0 };
	rest->p += name->len + (end != NULL);
	rest->len -= name->len + (end != NULL);
	if ((eq = memchr(name->p, '=', name->len)) != NULL) {
		*value = (struct span){ eq + 1, name->len - (size_t)(eq - name->p) - 1 };
		name->len = (size_t)(eq - name->p);
	}
	return (true);
}

/* Writes a NUL behind the text; -1 also when text and NUL exceed cap. */
long
http1_unescape(struct span s, char *out, size_t cap)
{
	const char	*p = s.p, *end = s.p + s.len;
	size_t		 n = 0;
	int		 c;

	while (p < end) {
		c = *p == '+' ? ' ' : (unsigned char)*p;
		if (c == '%') {
			c = escape_at(p, end);
			p += 2;
		}
		if (c <= 0 || n + 1 >= cap)
			return (-1);
		out[n++] = c;
		p++;
	}
	if (cap == 0 || utf8_count(out, n) == -1)
		return (-1);
	out[n] = '\0';
	return (n);
}
