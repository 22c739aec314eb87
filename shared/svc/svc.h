/*
 * svc.h -- a whole program in one table: start, health, metrics, drain.
 *
 *	const struct svc svc_jobs = {
 *		.name = "jobs", .routes = jobs_routes, .consumers = jobs_consumers,
 *		.statements = jobs_statements,
 *	};
 *	int main(int argc, char **argv) { return (svc_main(&svc_jobs, argc, argv)); }
 *
 * svc_main() reads the settings, becomes Kore's parent and one worker with our
 * sandbox list, and in the worker: loop, coroutines, pools, keys, events,
 * routes, listener. It serves /healthz, /readyz, /metrics and the service's
 * part of /openapi.json by itself. SIGTERM drains: not ready, stop accepting,
 * finish what is in flight, stop. The exit code is 0 only when asked to stop.
 * `--routes` prints the route table, `--openapi` the document, `--check` the
 * settings; none of them needs a database.
 */
#ifndef YJY_SVC_H
#define YJY_SVC_H

#include "events/events.h"
#include "http/call.h"
#include "http/http.h"

struct svc {
	const char			*name;		/* also the schema */
	const struct route *const	*routes;	/* NULL-ended list of tables */
	const struct consumer		*consumers;	/* or NULL */
	const struct db_stmt *const	*statements;	/* NULL-ended; NULL: no database (gateway) */
	struct listener			*const *hears;	/* NULL-ended: heard from the start; or NULL */
	int				(*start)(void);	/* in the worker, after the runtime; -1 stops */
	void				(*enter)(struct exchange *);	/* NULL: http_dispatch */
	bool				(*ready)(void);	/* NULL: nothing more to ask */
	int				(*keys)(void);	/* sets the verification keys; NULL: identity is asked */
	bool				selects;	/* decides by 评选 and 验收 (workflow/selection.h) */
	bool				confirms;	/* asks identity about each token when it cannot hear */
	bool				(*limits_shared)(void);	/* for /readyz, or NULL */
	void				(*reload)(void);	/* after SIGHUP, on the main stack, or NULL */
};

int	svc_main(const struct svc *, int argc, char **argv);
const char *svc_name(void);
/* Runs fn on a coroutine every `ms` (CONF_EVERY percent of it), one at a time, in the process holding the schema's job lock. */
void	svc_every(const char *job, int64_t ms, void (*fn)(void));
/* The address pool of another service, made once ("identity", …). */
struct upstream	*svc_peer(const char *service);
/* Fetches the key set again now (at most once in 5 s); coroutine only. */
int	svc_refetch_keys(void);

/*
 * What was taken back (revocations.c). LIVE: identity is heard, nothing is
 * missing. DEGRADED: it is asked instead, every second. BLIND: it answers nothing.
 */
enum svc_feed { FEED_LIVE, FEED_DEGRADED, FEED_BLIND };
enum svc_feed svc_feed(void);
int64_t	svc_feed_known_us(void);	/* real time: all that was revoked before is known */
/* True: too long ago, or never (CONF_BLIND_S): no token can be believed now. */
bool	svc_feed_lost(void);
/* Identity was asked about a token at `at_us` and answered, or did not. */
void	svc_feed_asked(int64_t at_us, bool answered);

#endif
