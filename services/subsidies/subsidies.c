/*
 * subsidies.c -- the subsidies service: policies, facts, decisions, claims
 * and the money that follows them.
 */
#include "subsidies.h"

#include "apply.h"
#include "remind.h"
#include "subsidies_sql.h"
#include "svc/svc.h"
#include "workflow/file.h"

#define JUDGE_MS	1000
#define APPLY_MS	1000

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
	svc_every("subsidies.reminders", APPLY_MS, remind_run);
	svc_every("subsidies.applications", APPLY_MS, apply_judged);
	svc_every("subsidies.files", FILE_SWEEP_MS, file_sweep);
	/* subsidies: money */
	/* subsidies: payments */
	/* subsidies: recovery */
	/* subsidies: rounds */
	return (0);
}
