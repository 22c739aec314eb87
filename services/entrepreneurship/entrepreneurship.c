/*
 * entrepreneurship.c -- the entrepreneurship service: carriers, tenants and
 * the jobs they create.
 */
#include "entrepreneurship.h"
#include "entrepreneurship_sql.h"
#include "svc/svc.h"
#include "workflow/file.h"
#include "workflow/selection.h"

static int	start(void);

static const struct svc svc_entrepreneurship = {
	.name = "entrepreneurship",
	.routes = entrepreneurship_routes,
	.consumers = entrepreneurship_consumers,
	.statements = entrepreneurship_statements,
	.start = start,
	.selects = true,
};

int
main(int argc, char **argv)
{
	return (svc_main(&svc_entrepreneurship, argc, argv));
}

static int
start(void)
{
	svc_every("entrepreneurship.files", FILE_SWEEP_MS, file_sweep);
	/* entrepreneurship: carriers */
	/* entrepreneurship: mentors */
	svc_every("entrepreneurship.remind", BOOKING_REMIND_MS, booking_remind);
	/* entrepreneurship: founders */
	svc_every("entrepreneurship.founders", FOUNDER_DAY_MS, founder_day);
	/* entrepreneurship: projects */
	svc_every("entrepreneurship.rounds", ROUNDS_TURN_MS, rounds_turn);
	milestones_start();
	return (0);
}
