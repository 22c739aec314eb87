/*
 * keys.c -- where verification keys come from. identity keeps them (svc->keys)
 * and looks every few seconds whether another of its processes changed them;
 * every other program fetches the JWKS from identity: at start until it
 * succeeds, then every five minutes, and at once (but not more often than
 * every five seconds) when a token names an unknown key. The last good set
 * is kept whatever happens.
 */
#include "svc/svc_priv.h"
#include "base/log.h"
#include "co/co.h"

#define FETCH_MS	2000
#define FIRST_RETRY_MS	50
#define LAST_RETRY_MS	2000
#define REFRESH_MS	300000
#define OWN_REFRESH_MS	3000
#define REFETCH_US	5000000

static int	keys_fetch(void);
static void	keys_follow(void *);

static int64_t	fetched_us = -REFETCH_US;

void
keys_start(void)
{
	if (co_start(keys_follow, NULL) == -1)
		log_die("svc: keys cannot be fetched");
}

int
svc_refetch_keys(void)
{
	if (loop_now_us() - fetched_us < REFETCH_US)
		return (-1);
	return (keys_fetch());
}

static void
keys_follow(void *arg UNUSED)
{
	int64_t	retry_ms = FIRST_RETRY_MS;

	for (;;) {
		if (keys_fetch() == 0) {
			retry_ms = FIRST_RETRY_MS;
			co_sleep(svc_self->keys != NULL ? OWN_REFRESH_MS : REFRESH_MS);
			continue;
		}
		co_sleep(retry_ms);
		retry_ms = retry_ms * 2 < LAST_RETRY_MS ? retry_ms * 2 : LAST_RETRY_MS;
	}
}

static int
keys_fetch(void)
{
	struct http_result	 r;
	struct upstream		*identity;
	struct arena		 a;
	int			 result = -1;

	fetched_us = loop_now_us();
	if (svc_self->keys != NULL)
		return (svc_self->keys());
	if ((identity = svc_peer("identity")) == NULL)
		return (-1);
	arena_init(&a);
	if (http_call(&a, identity, METHOD_GET, "/.well-known/jwks.json", "",
	    NULL, 0, FETCH_MS, &r) == 0 && r.status == 200)
		result = auth_set_jwks(r.body.p, r.body.len);
	arena_release(&a);
	return (result);
}
