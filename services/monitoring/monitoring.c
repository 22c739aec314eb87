/*
 * monitoring.c -- the city sees its labour market: indicators with their
 * definitions, by county, opened to the rows behind them.
 */
#include "monitoring.h"
#include "monitoring_sql.h"
#include "svc/svc.h"

static const struct svc monitoring = {
	.name = "monitoring",
	.routes = monitoring_routes,
	.consumers = monitoring_consumers,
	.statements = monitoring_statements,
};

const struct route *const monitoring_routes[] = {
	board_routes,		/* /v1/monitoring/board, …/indicators/{code}/rows, …/live */
	NULL
};

int
main(int argc, char **argv)
{
	return (svc_main(&monitoring, argc, argv));
}
