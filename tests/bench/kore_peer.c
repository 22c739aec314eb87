/*
 * kore_peer.c -- the same endpoint on Kore's own HTTP and pgsql API: GET one
 * row by key. What our runtime is measured against; not part of any program.
 * Built as Kore wants it, a module for Debian's kore.
 *
 * The environment names the database (PEER_PG) and the statement with $1 for
 * the last segment of the path (PEER_SQL).
 */
#include <stdlib.h>
#include <string.h>

#include <kore/kore.h>
#include <kore/hooks.h>
#include <kore/http.h>
#include <kore/pgsql.h>
#include <kore/seccomp.h>

#define TICK_MS	10

struct peer {
	struct kore_pgsql	 sql;
	char			*text;
};

enum { PEER_INIT, PEER_QUERY, PEER_WAIT, PEER_READ, PEER_REPLY };

int	peer_load(int);
int	peer_get(struct http_request *);

static int	peer_init(struct http_request *);
static int	peer_query(struct http_request *);
static int	peer_wait(struct http_request *);
static int	peer_read(struct http_request *);
static int	peer_reply(struct http_request *);
static void	peer_end(struct http_request *);
static void	tick(void *, u_int64_t);

/* What libpq needs on this glibc; Kore's own list kills the worker without it. */
KORE_SECCOMP_FILTER("peer",
	KORE_SYSCALL_ALLOW(newfstatat),
	KORE_SYSCALL_ALLOW(mremap),
	KORE_SYSCALL_ALLOW(uname),
	KORE_SYSCALL_ALLOW(getpeername),
	KORE_SYSCALL_ALLOW(rseq),
	KORE_SYSCALL_ALLOW(getppid),
	KORE_SYSCALL_ALLOW(recvmsg),
	KORE_SYSCALL_ALLOW(sendmsg),
	KORE_SYSCALL_ALLOW(prlimit64),
	KORE_SYSCALL_ALLOW(pread64),
	KORE_SYSCALL_ALLOW(readv),
	KORE_SYSCALL_ALLOW(gettid),
	KORE_SYSCALL_ALLOW(tgkill)
)

static struct http_state	states[] = {
	[PEER_INIT] = KORE_HTTP_STATE(peer_init),
	[PEER_QUERY] = KORE_HTTP_STATE(peer_query),
	[PEER_WAIT] = KORE_HTTP_STATE(peer_wait),
	[PEER_READ] = KORE_HTTP_STATE(peer_read),
	[PEER_REPLY] = KORE_HTTP_STATE(peer_reply),
};

static char	*statement;

/* In the parent, before Kore writes its title over the environment. */
int
peer_load(int action)
{
	const char	*database = getenv("PEER_PG"), *sql = getenv("PEER_SQL");

	if (action == KORE_MODULE_UNLOAD)
		return (KORE_RESULT_OK);
	if (database == NULL || sql == NULL)
		return (KORE_RESULT_ERROR);
	statement = kore_strdup(sql);
	return (kore_pgsql_register("db", database));
}

/* Without a timer Kore sleeps through requests that become ready; with one it is bounded. */
void
kore_worker_configure(void)
{
	kore_timer_add(tick, TICK_MS, NULL, 0);
}

static void
tick(void *arg, u_int64_t now)
{
	(void)arg;
	(void)now;
}

int
peer_get(struct http_request *req)
{
	if (!http_state_exists(req))
		http_state_create(req, sizeof(struct peer), peer_end);
	return (http_state_run(states, sizeof(states) / sizeof(states[0]), req));
}

static void
peer_end(struct http_request *req)
{
	struct peer	*p = http_state_get(req);

	kore_pgsql_cleanup(&p->sql);
	kore_free(p->text);
}

static int
peer_init(struct http_request *req)
{
	struct peer	*p = http_state_get(req);

	p->text = NULL;
	kore_pgsql_init(&p->sql);
	kore_pgsql_bind_request(&p->sql, req);
	req->fsm_state = PEER_QUERY;
	return (HTTP_STATE_CONTINUE);
}

/* Comes back here as long as no connection is free. */
static int
peer_query(struct http_request *req)
{
	struct peer	*p = http_state_get(req);
	const char	*id = strrchr(req->path, '/') + 1;

	if (!kore_pgsql_setup(&p->sql, "db", KORE_PGSQL_ASYNC)) {
		if (p->sql.state == KORE_PGSQL_STATE_INIT)
			return (HTTP_STATE_RETRY);
	} else if (kore_pgsql_query_params(&p->sql, statement, 0, 1, KORE_PGSQL_PARAM_TEXT(id))) {
		req->fsm_state = PEER_WAIT;
		return (HTTP_STATE_CONTINUE);
	}
	kore_pgsql_logerror(&p->sql);
	http_response(req, HTTP_STATUS_INTERNAL_ERROR, NULL, 0);
	return (HTTP_STATE_COMPLETE);
}

static int
peer_wait(struct http_request *req)
{
	struct peer	*p = http_state_get(req);

	switch (p->sql.state) {
	case KORE_PGSQL_STATE_WAIT:
		return (HTTP_STATE_RETRY);
	case KORE_PGSQL_STATE_COMPLETE:
		req->fsm_state = PEER_REPLY;
		break;
	case KORE_PGSQL_STATE_RESULT:
		req->fsm_state = PEER_READ;
		break;
	case KORE_PGSQL_STATE_ERROR:
		kore_pgsql_logerror(&p->sql);
		http_response(req, HTTP_STATUS_INTERNAL_ERROR, NULL, 0);
		return (HTTP_STATE_COMPLETE);
	default:
		kore_pgsql_continue(&p->sql);
		break;
	}
	return (HTTP_STATE_CONTINUE);
}

/* The result is the connection's; the rest of the answer is still to come. */
static int
peer_read(struct http_request *req)
{
	struct peer	*p = http_state_get(req);

	if (kore_pgsql_ntuples(&p->sql) > 0)
		p->text = kore_strdup(kore_pgsql_getvalue(&p->sql, 0, 0));
	req->fsm_state = PEER_WAIT;
	kore_pgsql_continue(&p->sql);
	return (HTTP_STATE_CONTINUE);
}

static int
peer_reply(struct http_request *req)
{
	struct peer	*p = http_state_get(req);

	if (p->text == NULL) {
		http_response(req, HTTP_STATUS_NOT_FOUND, NULL, 0);
		return (HTTP_STATE_COMPLETE);
	}
	http_response_header(req, "content-type", "application/json");
	http_response(req, HTTP_STATUS_OK, p->text, strlen(p->text));
	return (HTTP_STATE_COMPLETE);
}
