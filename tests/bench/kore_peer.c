/*
 * kore_peer.c -- the same endpoint on Kore's own HTTP and pgsql API: GET one
 * vacancy by key. What our runtime is measured against; not part of any
 * program. Built as Kore wants it, a module for Debian's kore.
 */
#include <stdlib.h>
#include <string.h>

#include <kore/kore.h>
#include <kore/http.h>
#include <kore/pgsql.h>
#include <kore/seccomp.h>

int	peer_init(int);
int	peer_get(struct http_request *);

static int	peer_query(struct http_request *);
static int	peer_wait(struct http_request *);
static int	peer_read(struct http_request *);

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
	KORE_HTTP_STATE(peer_query),
	KORE_HTTP_STATE(peer_wait),
	KORE_HTTP_STATE(peer_read),
};

static void
tick(void *arg, u_int64_t now)
{
	(void)arg;
	(void)now;
}

int
peer_init(int state)
{
	(void)state;
	/* Without a timer Kore loses wake-ups; with one it is bounded. */
	if (worker != NULL)
		kore_timer_add(tick, 10, NULL, 0);
	kore_pgsql_register("db", getenv("PEER_PG"));
	return (KORE_RESULT_OK);
}

int
peer_get(struct http_request *req)
{
	if (!http_state_exists(req))
		http_state_create(req, sizeof(struct kore_pgsql), NULL);
	return (http_state_run(states, 3, req));
}

static int
peer_query(struct http_request *req)
{
	struct kore_pgsql	*sql = http_state_get(req);
	const char		*id = strrchr(req->path, '/') + 1;

	kore_pgsql_init(sql);
	kore_pgsql_bind_request(sql, req);
	if (!kore_pgsql_setup(sql, "db", KORE_PGSQL_ASYNC)) {
		if (sql->state == KORE_PGSQL_STATE_INIT)
			return (HTTP_STATE_RETRY);
		http_response(req, 500, NULL, 0);
		return (HTTP_STATE_COMPLETE);
	}
	if (!kore_pgsql_query_params(sql, getenv("PEER_SQL"), 0, 1,
	    KORE_PGSQL_PARAM_TEXT(id))) {
		http_response(req, 500, NULL, 0);
		return (HTTP_STATE_COMPLETE);
	}
	req->fsm_state = 1;
	return (HTTP_STATE_CONTINUE);
}

static int
peer_wait(struct http_request *req)
{
	struct kore_pgsql	*sql = http_state_get(req);

	switch (sql->state) {
	case KORE_PGSQL_STATE_WAIT:
		return (HTTP_STATE_RETRY);
	case KORE_PGSQL_STATE_RESULT:
	case KORE_PGSQL_STATE_COMPLETE:
		req->fsm_state = 2;
		return (HTTP_STATE_CONTINUE);
	case KORE_PGSQL_STATE_ERROR:
		http_response(req, 500, NULL, 0);
		kore_pgsql_cleanup(sql);
		return (HTTP_STATE_COMPLETE);
	default:
		kore_pgsql_continue(sql);
		return (HTTP_STATE_CONTINUE);
	}
}

static int
peer_read(struct http_request *req)
{
	struct kore_pgsql	*sql = http_state_get(req);
	const char		*text;

	if (sql->state == KORE_PGSQL_STATE_RESULT) {
		text = kore_pgsql_ntuples(sql) > 0 ? kore_pgsql_getvalue(sql, 0, 0) : "{}";
		http_response_header(req, "content-type", "application/json");
		http_response(req, 200, text, strlen(text));
		kore_pgsql_continue(sql);
		req->fsm_state = 1;
	}
	kore_pgsql_cleanup(sql);
	return (HTTP_STATE_COMPLETE);
}
