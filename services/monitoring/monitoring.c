/*
 * monitoring.c -- the city sees its labour market: indicators with their
 * definitions, by area, opened to the rows behind them; surveys, warnings,
 * funds, ratings, work items.
 */
#include "monitoring.h"
#include "live.h"
#include "monitoring_sql.h"
#include "svc/svc.h"
#include "workflow/file.h"

#define CALENDAR_MS	1000
#define DESKS_MS	10000

static int	start(void);
static void	desk_turn(void);

static const struct svc svc_monitoring = {
	.name = "monitoring",
	.routes = monitoring_routes,
	.consumers = monitoring_consumers,
	.statements = monitoring_statements,
	.hears = monitoring_hears,
	.start = start,
};

int
main(int argc, char **argv)
{
	return (svc_main(&svc_monitoring, argc, argv));
}

static int
start(void)
{
	svc_every("monitoring.files", FILE_SWEEP_MS, file_sweep);
	/* monitoring: figures */
	/* monitoring: surveys */
	survey_start();
	shortage_start();
	/* monitoring: market */
	svc_every("monitoring.market", MARKET_MS, market_tick);
	/* monitoring: warning */
	warning_start();
	/* monitoring: funds */
	svc_every("monitoring.calendar", CALENDAR_MS, working_days_load);
	/* monitoring: sharing */
	/* monitoring: live */
	if (live_start() == -1)
		return (-1);
	/* monitoring: organisation */
	svc_every("monitoring.desks", DESKS_MS, desk_turn);
	return (0);
}

/* What waits at each desk or is late there, told once a day. */
static void
desk_turn(void)
{
	db_alone(&stmt_desk_turn);
}
