/*
 * reply_out.h -- replies that no statement builds: one JSON object, written
 * with the writer and handed to the call.
 */
#ifndef YJY_REPLY_OUT_H
#define YJY_REPLY_OUT_H

#include "base/buf.h"
#include "http/call.h"

struct reply_out {
	struct buf	buf;
	struct json_out	json;
};

void	reply_open(struct reply_out *);		/* an object is open */
int	reply_close(struct call *, int status, struct reply_out *);	/* what the handler returns */

#endif
