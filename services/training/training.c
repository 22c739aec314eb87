/*
 * training.c -- the training service: classes, enrolments, certificates.
 */
#include "training.h"
#include "svc/svc.h"
#include "training_sql.h"

static const struct svc svc_training = {
	.name = "training",
	.routes = training_routes,
	.consumers = training_consumers,
	.statements = training_statements,
};

int
main(int argc, char **argv)
{
	return (svc_main(&svc_training, argc, argv));
}
