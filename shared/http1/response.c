/*
 * response.c -- the head of a response. Interim ones (1xx) are heads like any
 * other; the caller reads on.
 */
#include "http1/http1_priv.h"

static int	take_line(struct http1_head *, const char **);

enum http1_result
http1_response(const char *data, size_t len, struct http1_head *h,
    size_t *scanned)
{
	enum http1_result	 found;
	const char		*p = data;
	int			 status;

	http1_head_clear(h);
	if ((found = http1_scan(data, len, 0, scanned, &status)) != HTTP1_DONE)
		return (found);
	if (take_line(h, &p) == -1 ||
	    http1_fields(h, p, data + *scanned, false) != 0)
		return (HTTP1_BAD);
	h->head_len = *scanned;
	return (HTTP1_DONE);
}

/* "HTTP/1.x 200 reason"; the reason, and then its space, may be missing. */
static int
take_line(struct http1_head *h, const char **at)
{
	const char	*p = *at;
	int		 i;

	if (http1_version(p) < 0)
		return (-1);
	h->minor = p[7] - '0';
	p += 8;
	if (*p++ != ' ')
		return (-1);
	for (i = 0; i < 3; i++, p++) {
		if (*p < '0' || *p > '9')
			return (-1);
		h->status = h->status * 10 + (*p - '0');
	}
	if (h->status < 100 || h->status > 599)
		return (-1);
	if (*p == ' ')
		p++;
	else if (*p != '\r')
		return (-1);
	h->reason.p = p;
	while (http1_char(*p, CHAR_VALUE))
		p++;
	h->reason.len = p - h->reason.p;
	if (p[0] != '\r' || p[1] != '\n')
		return (-1);
	*at = p + 2;
	return (0);
}
