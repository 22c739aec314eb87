/*
 * subsidies.c -- the subsidies service: policies, facts, decisions, claims
 * and the money that follows them.
 */
#include "subsidies.h"

#include "apply.h"
#include "remind.h"
#include "payment.h"
#include "subsidies_sql.h"
#include "svc/svc.h"
#include "workflow/file.h"
#include "workflow/selection.h"

#define JUDGE_MS	1000
#define REFERRALS_MS	60000
#define APPLY_MS	1000
#define DRY_RUN_MS	1000
#define SCAN_MS		2000	/* what a process that ended left undone */
#define RESERVATIONS_MS	2000	/* by the business date: a run with nothing to do costs one look */
#define BANK_MS		2000

static int	start(void);

static const struct svc svc_subsidies = {
	.name = "subsidies",
	.routes = subsidies_routes,
	.consumers = subsidies_consumers,
	.statements = subsidies_statements,
	.start = start,
	.selects = true,
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
	db_on_commit(evaluate_wake);
	/* subsidies: policies */
	/* subsidies: facts */
	svc_every("referrals", REFERRALS_MS, referrals_refresh);
	/* subsidies: engine */
	svc_every("subsidies.dry_run", DRY_RUN_MS, dry_run_work);
	svc_every("scan", SCAN_MS, scan_work);
	/* subsidies: claims */
	svc_every("subsidies.reminders", APPLY_MS, remind_run);
	svc_every("subsidies.applications", APPLY_MS, apply_judged);
	svc_every("subsidies.files", FILE_SWEEP_MS, file_sweep);
	/* subsidies: money */
	svc_every("subsidies.reservations", RESERVATIONS_MS, reservations_expire);
	/* subsidies: payments */
	svc_every("bank", BANK_MS, bank_transport_run);
	/* subsidies: recovery */
	svc_every("recovery", JUDGE_MS, recovery_clock);
	/* subsidies: rounds */
	svc_every("subsidies.rounds", ROUNDS_TURN_MS, rounds_turn);
	return (0);
}
