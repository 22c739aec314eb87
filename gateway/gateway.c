/*
 * gateway.c -- the gateway: the only public listener. No schema, no events;
 * its own way in (enter.c).
 */
#include "bundle.h"
#include "base/log.h"
#include "conf/conf.h"
#include "svc/svc.h"

static int	start(void);
static bool	ready(void);

static const struct route *const gateway_routes[] = {
	matter_routes,
	door_case_routes,
	bundle_routes,
	access_routes,
	door_message_routes,
	NULL
};

static const struct svc svc_gateway = {
	.name = "gateway", .routes = gateway_routes, .start = start, .enter = gateway_enter,
	.ready = ready, .confirms = true,
	.reload = routes_reload, .limits_shared = limits_shared,
};

int
main(int argc, char **argv)
{
	return (svc_main(&svc_gateway, argc, argv));
}

static int
start(void)
{
	struct buf	faults;

	buf_init(&faults, 65536);
	if (bundles_load(conf_text(CONF_BUNDLES), &faults) == -1)
		log_die("bundles:\n%s", buf_cstr(&faults));
	buf_release(&faults);
	enter_start();
	if (routes_start() == -1 || docs_start() == -1 || openapi_start() == -1)
		return (-1);
	return (0);
}

/*
 * Keys decide whether it can serve, and whether the document of all services
 * has been read once; a service that is down later is its own affair.
 */
static bool
ready(void)
{
	return (openapi_whole());
}
