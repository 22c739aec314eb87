/*
 * stream.c -- replies that a handler gives piece by piece.
 *
 * Invariant: a handler that has begun one cannot refuse any more; a reply that
 * cannot be completed is cut, never ended.
 */
#include "http/dispatch_priv.h"
#include "http/http.h"

int
call_stream(struct call *c, const char *type)
{
	struct http_reply_	*o = c->out;
	char			*lines;
	size_t			 len;

	if (exchange_gone(o->x)) {
		o->gone = true;
		(void)reply_bytes_set(c, 200, type, NULL, 0);
		return (-1);
	}
	o->streamed = true;
	(void)reply_bytes_set(c, 200, type, NULL, 0);
	lines = reply_lines_text(o, &len);
	exchange_begin(o->x, 200, lines, len, -1);
	return (0);
}

int
call_stream_send(struct call *c, const void *data, size_t len)
{
	c->out->len += len;
	return (exchange_send(c->out->x, data, len));
}

bool
call_stream_gone(const struct call *c)
{
	return (exchange_hung_up(c->out->x));
}

void
call_stream_cut(struct call *c)
{
	exchange_abort(c->out->x);
}
