/*
 * entrepreneurship.c -- the entrepreneurship service: carriers, tenants and
 * the jobs they create.
 */
#include "entrepreneurship.h"
#include "entrepreneurship_sql.h"
#include "svc/svc.h"

static const struct svc svc_entrepreneurship = {
	.name = "entrepreneurship",
	.routes = entrepreneurship_routes,
	.consumers = entrepreneurship_consumers,
	.statements = entrepreneurship_statements,
};

int
main(int argc, char **argv)
{
	return (svc_main(&svc_entrepreneurship, argc, argv));
}
