/*
 * outside.h -- asking an interface that is not ours: a carrier's gateway, the
 * real-name service, the register of organisations. What is sent is signed:
 *
 *	X-Signature: t=<unix seconds>,v1=<hex HMAC of "<t>.<body>">
 */
#ifndef YJY_OUTSIDE_H
#define YJY_OUTSIDE_H

#include "conf/conf.h"
#include "http/http.h"

struct outside {
	const char	*name;		/* in the log */
	enum conf_id	 url, key;
	struct upstream	*peer;		/* made by outside_init() */
	const char	*path;
};

/* -1: the address is no http://host:port/path, or there is no key. */
int	outside_init(struct outside *) MUST_CHECK;
/* Coroutine only. The status, 0: no answer. `r` lives in the arena; nothing of it is logged. */
int	outside_post(struct arena *, const struct outside *, const char *json,
	    struct http_result *r) MUST_CHECK;

#endif
