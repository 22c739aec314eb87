/*
 * gateway.c -- the gateway: the only public listener. No schema, no events;
 * its own way in (enter.c).
 */
#include "gateway.h"
#include "matters.h"
#include "svc/svc.h"

static int	start(void);
static bool	ready(void);

static const struct route *const gateway_routes[] = {
	matter_routes,
	door_case_routes,
	NULL
};

static const struct svc svc_gateway = {
	.name = "gateway", .routes = gateway_routes, .start = start, .enter = gateway_enter,
	.ready = ready, .confirms = true,
};

int
main(int argc, char **argv)
{
	return (svc_main(&svc_gateway, argc, argv));
}

static int
start(void)
{
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
