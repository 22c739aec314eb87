/*
 * training.c -- the training service: classes, enrolments, certificates.
 */
#include "training.h"
#include "svc/svc.h"
#include "training_sql.h"
#include "workflow/file.h"
#include "workflow/selection.h"

static int	start(void);

static const struct svc svc_training = {
	.name = "training",
	.routes = training_routes,
	.consumers = training_consumers,
	.statements = training_statements,
	.selects = true,
	.start = start,
};

int
main(int argc, char **argv)
{
	return (svc_main(&svc_training, argc, argv));
}

static int
start(void)
{
	svc_every("training.files", FILE_SWEEP_MS, file_sweep);
	/* training: demand */
	svc_every("training.demand", DEMAND_MS, demand_tick);
	/* training: institutions */
	svc_every("training.licences", LICENCE_MS, institution_tick);
	/* training: classes */
	/* training: attendance */
	attend_start();
	/* training: examinations */
	svc_every("training.follow", FOLLOW_SCAN_MS, follow_scan);
	/* training: carriers */
	svc_every("training.rounds", ROUNDS_TURN_MS, rounds_turn);
	/* training: brands */
	svc_every("training.brands", BRAND_REMIND_MS, brand_remind);
	return (0);
}
