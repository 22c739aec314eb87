/*
 * health.c -- what every program answers about itself: /healthz (the loop
 * turns), /readyz (it can serve: database, keys, events, revocations, the
 * program's own word), /metrics and its part of the OpenAPI document.
 */
#include "svc/svc_priv.h"
#include "base/metric.h"
#include "http/dispatch.h"

#define DOCUMENT_MAX	((size_t)8 << 20)

static int	healthz(struct call *);
static int	readyz(struct call *);
static int	metrics(struct call *);
static int	openapi(struct call *);
static int	reply_document(struct call *, const char *, void (*)(struct buf *));

const struct route svc_routes[] = {
	{ .name = "healthz", .method = METHOD_GET, .path = "/healthz",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "svc.health",
	  .handler = healthz, .zh = "存活检查", .en = "Liveness" },
	{ .name = "readyz", .method = METHOD_GET, .path = "/readyz",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "svc.ready",
	  .handler = readyz, .zh = "就绪检查", .en = "Readiness" },
	{ .name = "metrics", .method = METHOD_GET, .path = "/metrics",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "svc.metrics",
	  .handler = metrics, .zh = "运行指标", .en = "Prometheus metrics" },
	{ .name = "openapi", .method = METHOD_GET, .path = "/openapi.json",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "svc.openapi",
	  .handler = openapi, .zh = "接口文档", .en = "OpenAPI document" },
	ROUTE_END
};

static int
healthz(struct call *c)
{
	return (call_reply(c, 200, "{\"status\":\"ok\"}"));
}

bool
svc_ready(void)
{
	return ((svc_self->statements == NULL || db_ready()) && auth_has_keys() &&
	    (svc_self->ready == NULL || svc_self->ready()) && !svc_feed_lost() && !svc_draining());
}

static int
readyz(struct call *c)
{
	bool		 db, events, keys, own, ok;
	struct json_out	 out;
	struct buf	 b;
	char		*json;

	db = svc_self->statements == NULL || db_ready();
	events = svc_self->statements == NULL || events_ready();
	keys = auth_has_keys();
	own = svc_self->ready == NULL || svc_self->ready();
	ok = svc_ready();

	buf_init(&b, 4096);
	json_out_init(&out, &b);
	json_open(&out, NULL);
	json_put_text(&out, "status", ok ? "ready" : "not_ready");
	json_put_bool(&out, "database", db);
	json_put_bool(&out, "keys", keys);
	json_put_bool(&out, "events", events);
	json_put_int(&out, "event_lag", svc_self->statements == NULL ? 0 : events_lag());
	json_put_text(&out, "revocations", feed_name(svc_feed()));
	if (svc_self->limits_shared != NULL)
		json_put_text(&out, "limits", svc_self->limits_shared() ? "shared" : "local");
	json_put_bool(&out, "service", own);
	json_put_bool(&out, "draining", svc_draining());
	json_close(&out);
	json = arena_strdup(c->arena, buf_cstr(&b));
	buf_release(&b);
	return (call_reply(c, ok ? 200 : 503, json));
}

static int
metrics(struct call *c)
{
	return (reply_document(c, "text/plain; version=0.0.4", metric_write));
}

static int
openapi(struct call *c)
{
	return (reply_document(c, "application/json", openapi_write));
}

static int
reply_document(struct call *c, const char *type, void (*write)(struct buf *))
{
	struct buf	 b;
	char		*copy;
	size_t		 len;

	buf_init(&b, DOCUMENT_MAX);
	write(&b);
	len = b.len;
	copy = arena_strndup(c->arena, buf_cstr(&b), len);
	buf_release(&b);
	return (call_reply_bytes(c, 200, type, copy, len));
}
