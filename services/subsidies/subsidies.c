/*
 * subsidies.c -- the subsidies service: policies, facts, decisions, claims
 * and the money that follows them.
 */
#include "subsidies.h"

#include "subsidies_sql.h"
#include "svc/svc.h"

#define JUDGE_MS	1000

static int	start(void);

static const struct svc svc_subsidies = {
	.name = "subsidies",
	.routes = subsidies_routes,
	.consumers = subsidies_consumers,
	.statements = subsidies_statements,
	.start = start,
};

int
main(int argc, char **argv)
{
	return (svc_main(&svc_subsidies, argc, argv));
}

static int
start(void)
{
	svc_every("judge", JUDGE_MS, evaluate_due);
	/* subsidies: policies */
	/* subsidies: facts */
	/* subsidies: engine */
	/* subsidies: claims */
	/* subsidies: money */
	/* subsidies: payments */
	/* subsidies: recovery */
	/* subsidies: rounds */
	rounds_start();
	return (0);
}
