/*
 * request.c -- the head of a request. The request line first, then the fields;
 * a client learns the first thing that is wrong and is not read further.
 */
#include "http1/http1_priv.h"

static int		take_line(struct http1_head *, const char **);
static int		take_target(struct http1_head *, const char **);
static enum method	method_of(struct span);

enum http1_result
http1_request(const char *data, size_t len, struct http1_head *h,
    size_t *scanned, int *status)
{
	enum http1_result	 found;
	const char		*p;
	size_t			 start;

	/* One empty line before a request is forgiven (RFC 9112 §2.2). */
	start = len >= 2 && data[0] == '\r' && data[1] == '\n' ? 2 : 0;
	if (len == 1 && data[0] == '\r')
		return (HTTP1_MORE);
	http1_head_clear(h);
	if ((found = http1_scan(data, len, start, scanned, status)) != HTTP1_DONE)
		return (found);

	p = data + start;
	if ((*status = take_line(h, &p)) != 0 ||
	    (*status = http1_fields(h, p, data + *scanned, true)) != 0)
		return (HTTP1_BAD);
	*status = 400;
	if (h->host.len == 0)
		return (HTTP1_BAD);
	h->head_len = *scanned;
	*status = 0;
	return (HTTP1_DONE);
}

/* "METHOD target HTTP/1.x": one space between, nothing around. */
static int
take_line(struct http1_head *h, const char **at)
{
	const char	*p = *at;
	int		 bad;

	h->method_text.p = p;
	while (http1_char(*p, CHAR_TOKEN))
		p++;
	h->method_text.len = p - h->method_text.p;
	if (h->method_text.len == 0 || *p++ != ' ')
		return (400);
	h->method = method_of(h->method_text);
	bad = take_target(h, &p);
	if (*p++ != ' ' || (h->minor = http1_version(p)) == -1 ||
	    p[8] != '\r' || p[9] != '\n')
		return (400);
	if (h->minor == -2)
		return (505);
	if (bad != 0)
		return (bad);
	*at = p + 10;
	return (h->method == METHOD_NONE ? 501 : 0);
}

static int
take_target(struct http1_head *h, const char **at)
{
	const char	*p = *at, *mark;

	while (http1_char(*p, CHAR_TARGET))
		p++;
	h->target.p = *at;
	h->target.len = p - *at;
	*at = p;
	h->path = h->target;
	if (h->target.len == 0)
		return (400);
	if (h->target.p[0] != '/')
		return (h->target.len == 1 && h->target.p[0] == '*' &&
		    h->method == METHOD_OPTIONS ? 0 : 400);
	if ((mark = memchr(h->target.p, '?', h->target.len)) != NULL) {
		h->path.len = mark - h->target.p;
		h->query.p = mark + 1;
		h->query.len = p - mark - 1;
	}
	return (0);
}

static enum method
method_of(struct span s)
{
	static const struct {
		const char	*text;
		size_t		 len;
	} names[METHODS] = {
		[METHOD_GET] = { "GET", 3 }, [METHOD_HEAD] = { "HEAD", 4 },
		[METHOD_POST] = { "POST", 4 }, [METHOD_PUT] = { "PUT", 3 },
		[METHOD_PATCH] = { "PATCH", 5 },
		[METHOD_DELETE] = { "DELETE", 6 },
		[METHOD_OPTIONS] = { "OPTIONS", 7 },
	};
	int	i;

	for (i = METHOD_GET; i < METHODS; i++) {
		if (names[i].len == s.len &&
		    memcmp(names[i].text, s.p, s.len) == 0)
			return (i);
	}
	return (METHOD_NONE);
}
