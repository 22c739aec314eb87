/*
 * reply_out.c -- replies that no statement builds, written by hand.
 */
#include "http/reply_out.h"

#define REPLY_MAX	(4 << 20)

void
reply_open(struct reply_out *r)
{
	buf_init(&r->buf, REPLY_MAX);
	json_out_init(&r->json, &r->buf);
	json_open(&r->json, NULL);
}

int
reply_close(struct call *c, int status, struct reply_out *r)
{
	bool	 ok;
	char	*text = NULL;

	json_close(&r->json);
	if ((ok = buf_ok(&r->buf)))
		text = arena_strdup(c->arena, buf_cstr(&r->buf));
	buf_release(&r->buf);
	return (ok ? call_reply(c, status, text) : call_reject(c, ERR_INTERNAL, NULL));
}
