/*
 * svc.c -- start and stop of every program, in one order.
 *
 * Start: settings, clock, codes, keys, pool, events, routes, listener. The
 * listener opens last, so a connection is never accepted before it can be
 * served. Stop: SIGTERM makes the program not ready, closes the listener and
 * idle connections, waits up to CONF_DRAIN_MS for the requests in flight and
 * for what is still to be sent.
 */
#include <signal.h>
#include <unistd.h>

#include "svc/svc_priv.h"
#include "base/clock.h"
#include "base/log.h"
#include "co/co.h"
#include "codes/codes.h"
#include "conf/conf.h"
#include "crypt/crypt.h"
#include "http/audit.h"
#include "http/dispatch.h"
#include "loop/loop.h"
#include "workflow/case.h"
#include "workflow/message.h"
#include "workflow/selection.h"
#include "workflow/matter.h"

#define TABLES_MAX	96
#define FAULTS_MAX	65536
#define TRIM_MS		1500
#define RETIRE_MS	40000	/* longer than a gateway keeps an idle connection */
#define SWEEP_MS	3600000
#define SEAL_MS		1000
#define PRINT_MAX	((size_t)8 << 20)

static size_t	tables_add(size_t, const struct route *const *);
static int	print_and_leave(void (*)(struct buf *));
static void	routes_join(void);
static void	signals(void);
static void	signal_caught(int);
static void	serve(void *);
static void	reload_check(void);
static void	drain_check(void);
static void	drain_expired(void *);
static void	start_matters(void);
static void	start_crypt(void);
static void	start_auth(void);
static void	start_db(void);
static enum log_level level_named(const char *);

const struct svc		*svc_self;
static const struct route	*tables[TABLES_MAX];
static volatile sig_atomic_t	 stop_asked, reload_asked, retire_asked;
static bool			 draining;
static struct timer		 drain_timer, trim_timer, serve_timer;
static int64_t			 serve_by_us;

int
svc_main(const struct svc *svc, int argc, char **argv)
{
	struct buf	errors;

	svc_self = svc;
	buf_init(&errors, 65536);
	if (conf_load(svc->name, &errors) == -1) {
		fprintf(stderr, "%s: settings:\n%s", svc->name, buf_cstr(&errors));
		return (1);
	}
	buf_release(&errors);
	log_init(svc->name, level_named(conf_text(CONF_LOG_LEVEL)), STDOUT_FILENO);
	routes_join();
	if (argc > 1 && strcmp(argv[1], "--routes") == 0)
		return (print_and_leave(routes_print));
	if (argc > 1 && strcmp(argv[1], "--openapi") == 0)
		return (print_and_leave(openapi_write));
	if (argc > 1 && strcmp(argv[1], "--check") == 0)
		return (print_and_leave(conf_print));
	/* Before the sandbox: making the clock file takes locks. */
	if (clock_open(conf_text(CONF_CLOCK_FILE)[0] ? conf_text(CONF_CLOCK_FILE) : NULL) == -1)
		log_die("svc: cannot map the clock file");
	return (kore_host_run(argc, argv));
}

const char *
svc_name(void)
{
	return (svc_self->name);
}

bool
svc_draining(void)
{
	return (draining);
}

void
svc_worker_start(void)
{
	struct listener *const	*h;

	signals();
	if (loop_init() == -1 || co_init((size_t)conf_int(CONF_MAX_CALLS)) == -1 ||
	    task_init((int)conf_int(CONF_TASK_THREADS), 256) == -1)
		log_die("svc: the loop does not start");
	if (codes_load(conf_text(CONF_REFERENCE)) == -1)
		log_die("svc: no code tables under %s", conf_text(CONF_REFERENCE));
	start_matters();
	start_crypt();
	start_auth();
	revocations_listen();
	for (h = svc_self->hears; h != NULL && *h != NULL; h++)
		events_listen(*h);
	if (svc_self->statements != NULL) {
		rights_listen();
		start_db();
	} else if (events_start_bus() == -1)
		log_die("svc: events do not start");
	keys_start();
	revocations_start();
	dispatch_on_unknown_key(svc_refetch_keys);
	dispatch_on_doubt(svc_feed_lost);
	if (svc_self->statements != NULL) {
		rights_start();
		svc_every("idempotency.sweep", SWEEP_MS, dispatch_sweep);
		svc_every("audit.seal", SEAL_MS, audit_seal);
		svc_every("messages.sweep", SWEEP_MS, message_sweep);
	}
	if (svc_self->start != NULL && svc_self->start() == -1)
		log_die("svc: %s does not start", svc_self->name);
	jobs_start();
	field_keys_watch();
	timer_init(&drain_timer, drain_expired, NULL);
	timer_init(&trim_timer, trim_worker, NULL);
	timer_arm(&trim_timer, TRIM_MS);
	timer_init(&serve_timer, serve, NULL);
	serve_by_us = loop_now_us() + conf_int(CONF_WAIT_READY) * 1000;
	serve(NULL);
	loop_at_end(reload_check);
	loop_at_end(drain_check);
	loop_at_end(log_flush);
	log_flush();
}

/* Who takes over from another first gets ready: only then is it heard. */
static void
serve(void *arg UNUSED)
{
	static struct http_server	server;

	if (!svc_ready() && loop_now_us() < serve_by_us) {
		timer_arm(&serve_timer, 10);
		return;
	}
	server.enter = svc_self->enter != NULL ? svc_self->enter : http_dispatch;
	if (http_serve(&server) == -1)
		log_die("svc: cannot serve on %s", conf_text(CONF_LISTEN));
	log_info("serving on port %d", server.port);
}

void
svc_worker_stop(void)
{
	if (svc_self->statements != NULL)
		db_stop();
	log_info("stopped");
	log_flush();
}

/* The program's own tables, then what the runtime serves by itself. */
static void
routes_join(void)
{
	size_t	n;

	n = tables_add(0, svc_self->routes);
	if (svc_self->selects)
		n = tables_add(n, selection_routes(svc_self->name));
	tables[n++] = svc_routes;
	if (svc_self->statements != NULL) {
		tables[n++] = events_routes;
		tables[n++] = case_routes;
		tables[n++] = message_routes;
		tables[n++] = audit_routes(svc_self->name);
	} else
		dispatch_without_database();
	dispatch_init(svc_self->name, tables);
}

static size_t
tables_add(size_t n, const struct route *const *more)
{
	for (; more != NULL && *more != NULL; more++) {
		if (n >= TABLES_MAX - 6)
			log_die("svc: more than %d route tables", TABLES_MAX - 6);
		tables[n++] = *more;
	}
	return (n);
}

static int
print_and_leave(void (*print)(struct buf *))
{
	struct buf	 out;
	size_t		 done = 0;
	ssize_t		 n = 1;
	bool		 whole;

	buf_init(&out, PRINT_MAX);
	print(&out);
	while (done < out.len && n > 0) {
		n = write(STDOUT_FILENO, out.data + done, out.len - done);
		done += n > 0 ? (size_t)n : 0;
	}
	whole = buf_ok(&out) && done == out.len;
	buf_release(&out);
	return (whole ? 0 : 1);
}

/* What can be asked for; a service's rows must be the ones that serve it. */
static void
start_matters(void)
{
	struct buf	faults;

	buf_init(&faults, FAULTS_MAX);
	if (matters_load(conf_text(CONF_MATTERS), &faults) == -1)
		log_die("matters:\n%s", buf_cstr(&faults));
	buf_release(&faults);
	if (svc_self->statements == NULL)
		return;
	case_check_rows(svc_self->name, tables);
	dispatch_on_matter(case_open_reply);
}

static void
start_crypt(void)
{
	const void	*fields, *blind;
	size_t		 fields_len, blind_len;

	fields = conf_secret(CONF_FIELD_KEYS, &fields_len);
	blind = conf_secret(CONF_INDEX_KEY, &blind_len);
	if (fields != NULL && blind != NULL)
		crypt_init(fields, fields_len, blind, blind_len);
}

static void
start_auth(void)
{
	const void	*key;
	size_t		 len;

	auth_remember((size_t)conf_int(CONF_TOKEN_CACHE));
	key = conf_secret(CONF_SERVICE_KEY, &len);
	if (auth_init(conf_text(CONF_ISSUER), conf_text(CONF_AUDIENCE), key, len) == -1)
		log_die("svc: tokens cannot be checked");
}

static void
start_db(void)
{
	struct db_config	 c = {
		.conninfo = conf_text(CONF_PG), .schema = svc_self->name,
		.read_conns = (int)conf_int(CONF_READ_CONNS),
		.write_conns = (int)conf_int(CONF_WRITE_CONNS),
		.queue = (int)conf_int(CONF_DB_QUEUE),
		.wait_ms = (int)conf_int(CONF_DB_WAIT_MS),
		.statement_ms = (int)conf_int(CONF_STATEMENT_MS),
		.slow_ms = (int)conf_int(CONF_SLOW_MS)
	};
	size_t			 len;

	c.password = conf_secret(CONF_PG_PASSWORD, &len);
	if (db_start(&c, svc_self->statements) == -1)
		log_die("svc: the database pool does not start");
	audit_start();
	if (events_start(svc_self->name, svc_self->consumers) == -1)
		log_die("svc: events do not start");
}

/* Kore's own handlers would leave the loop with requests in flight. */
static void
signals(void)
{
	struct sigaction	sa;

	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = signal_caught;
	(void)sigfillset(&sa.sa_mask);
	(void)sigaction(SIGTERM, &sa, NULL);
	(void)sigaction(SIGINT, &sa, NULL);
	(void)sigaction(SIGQUIT, &sa, NULL);
	(void)sigaction(SIGHUP, &sa, NULL);
	sa.sa_handler = SIG_IGN;
	(void)sigaction(SIGPIPE, &sa, NULL);
}

/* A flag for each: Kore has one slot for all, and forgets. */
static void
signal_caught(int sig)
{
	if (sig == SIGHUP)
		reload_asked = 1;
	else if (sig == SIGQUIT)
		retire_asked = 1;
	else
		stop_asked = 1;
}

static void
reload_check(void)
{
	if (!reload_asked)
		return;
	reload_asked = 0;
	if (svc_self->reload != NULL && !draining)
		svc_self->reload();
}

/*
 * SIGTERM: leave now. SIGQUIT: another process has taken over the port; serve
 * those who still come here on kept connections until they have gone over.
 */
static void
drain_check(void)
{
	if (!stop_asked && !retire_asked)
		return;
	if (!draining) {
		draining = true;
		log_info("draining, %zu requests in flight", http_open_exchanges());
		http_drain(!stop_asked);
		timer_arm(&drain_timer, stop_asked ? conf_int(CONF_DRAIN_MS) : RETIRE_MS);
	} else if (stop_asked && retire_asked) {
		retire_asked = 0;
		http_drain(false);
		timer_arm(&drain_timer, conf_int(CONF_DRAIN_MS));
	}
	if (!http_busy())
		loop_stop();
}

static void
drain_expired(void *arg UNUSED)
{
	if (retire_asked && !stop_asked) {
		stop_asked = 1;		/* who is still here is idle; the next turn ends it */
		return;
	}
	log_warn("drain: %zu requests cut off", http_open_exchanges());
	loop_stop();
}

static enum log_level
level_named(const char *name)
{
	static const char *const	names[] = { "debug", "info", "warn", "error" };
	size_t				i;

	for (i = 0; i < NITEMS(names); i++)
		if (strcmp(names[i], name) == 0)
			return ((enum log_level)i);
	log_die("svc: YJY_LOG_LEVEL is one of debug, info, warn, error");
}
