/*
 * figures.c -- yjyctl figures check | rebuild: what monitoring shows, counted
 * again from the event logs of all services.
 *
 * check counts into an empty database beside the city's, as far as monitoring
 * has read each log, and compares every cell and every tally; the city is only
 * read. rebuild does it in place, in one transaction during which no event is
 * counted; earlier revisions of figures are gone afterwards.
 */
#include "base/clock.h"
#include "ctl/ctl.h"
#include "ctl/pg.h"
#include "platform_sql.h"

#define PAGE	"10000"		/* events of one call */
#define SCRATCH	"yjy_figures"
#define SHOWN	20		/* cells that differ */

struct replay {
	struct pg	*from, *to;
	long long	 events;
	int		 sources;
	int64_t		 began_us, took_us;
};

static int	check(struct replay *);
static int	rebuild(struct replay *);
static struct pg *scratch_open(struct pg *);
static int	replay_all(struct replay *, struct pg *positions);
static int	replay_source(struct replay *, const char *source, const char *upto);
static int	compare(struct replay *);
static int	compare_cells(struct replay *, const char *measure);
static void	report(const struct replay *, const char *);

int
ctl_figures(int argc UNUSED, char **argv)
{
	struct replay	r = { .from = NULL };
	int		rc = -1;

	if (strcmp(argv[0], "check") != 0 && strcmp(argv[0], "rebuild") != 0) {
		fprintf(stderr, "yjyctl: figures check | rebuild\n");
		return (2);
	}
	if ((r.from = pg_open()) != NULL)
		rc = strcmp(argv[0], "check") == 0 ? check(&r) : rebuild(&r);
	pg_close(r.to);
	pg_close(r.from);
	return (rc == 0 ? 0 : 1);
}

static int
check(struct replay *r)
{
	struct pg	*aside = pg_open();
	int		 rc = -1;

	if (aside == NULL)
		return (-1);
	if ((r->to = scratch_open(aside)) != NULL &&
	    pg_exec(r->from, "figures", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY") == 0 &&
	    replay_all(r, r->from) == 0)
		rc = compare(r);
	pg_close(r->to);
	r->to = NULL;
	if (pg_exec(aside, "figures", "DROP DATABASE IF EXISTS " SCRATCH) == -1)
		rc = -1;
	pg_close(aside);
	return (rc);
}

/* Empty but for what monitoring is made of. */
static struct pg *
scratch_open(struct pg *aside)
{
	struct pg	*pg;

	if (pg_exec(aside, "figures", "DROP DATABASE IF EXISTS " SCRATCH) == -1 ||
	    pg_exec(aside, "figures", "CREATE DATABASE " SCRATCH) == -1 ||
	    (pg = pg_open_named(SCRATCH)) == NULL)
		return (NULL);
	if (pg_exec(pg, "figures", "SET synchronous_commit = off") == 0 && ctl_migrate_one(pg, "platform") == 0 &&
	    ctl_migrate_one(pg, "monitoring") == 0)
		return (pg);
	pg_close(pg);
	return (NULL);
}

static int
rebuild(struct replay *r)
{
	if ((r->to = pg_open()) == NULL ||
	    pg_exec(r->to, "figures", "BEGIN") == -1 ||
	    pg_run(r->to, &stmt_ctl_figures_turn, NULL, NULL) == -1 ||
	    pg_run(r->to, &stmt_ctl_figures_forget, NULL, NULL) == -1 ||
	    replay_all(r, r->to) == -1 || pg_exec(r->to, "figures", "COMMIT") == -1)
		return (-1);
	report(r, "the figures are made anew");
	return (0);
}

/* `positions`: whose idea of how far monitoring has read. */
static int
replay_all(struct replay *r, struct pg *positions)
{
	struct pg_rows	rows = { NULL, 0, 0 };
	int		i, rc;

	r->began_us = clock_real_us();
	if (pg_run(positions, &stmt_ctl_figures_positions, &rows, NULL) == -1)
		return (-1);
	for (i = rc = 0; rc == 0 && i < rows.count; i++)
		rc = replay_source(r, pg_cell(&rows, i, 0), pg_cell(&rows, i, 1));
	r->sources = rows.count;
	pg_clear(&rows);
	r->took_us = clock_real_us() - r->began_us;
	return (rc);
}

static int
replay_source(struct replay *r, const char *source, const char *upto)
{
	struct pg_rows	parked = { NULL, 0, 0 }, page = { NULL, 0, 0 };
	char		after[24] = "0";
	const char     *name[] = { source };
	const char     *asked[4] = { after, upto, PAGE, NULL }, *given[2] = { source, NULL };
	int		rc = -1;

	if (pg_run(r->from, &stmt_ctl_figures_parked, &parked, name) == -1)
		return (-1);
	asked[3] = pg_cell(&parked, 0, 0);
	for (;;) {
		if (pg_run_in(r->from, source, &stmt_ctl_figures_page, &page, asked) == -1)
			goto out;
		if (pg_cell(&page, 0, 1) == NULL)
			break;
		given[1] = pg_cell(&page, 0, 0);
		if (strcmp(given[1], "[]") != 0 &&
		    pg_run(r->to, &stmt_ctl_figures_take, NULL, given) == -1)
			goto out;
		r->events += strtoll(pg_cell(&page, 0, 2), NULL, 10);
		(void)snprintf(after, sizeof(after), "%s", pg_cell(&page, 0, 1));
		pg_clear(&page);
	}
	rc = 0;
out:
	pg_clear(&page);
	pg_clear(&parked);
	return (rc);
}

static int
compare(struct replay *r)
{
	struct pg_rows	was = { NULL, 0, 0 }, now = { NULL, 0, 0 };
	long long	cells = 0, tallies = 0;
	char		text[200];
	int		i, odd = 0, rc = -1;

	if (pg_run(r->from, &stmt_ctl_figures_digest, &was, NULL) == -1 ||
	    pg_run(r->to, &stmt_ctl_figures_digest, &now, NULL) == -1 || was.count != now.count)
		goto out;
	for (i = 0; i < was.count; i++) {
		cells += strtoll(pg_cell(&was, i, 1), NULL, 10);
		tallies += strtoll(pg_cell(&was, i, 2), NULL, 10);
		if (strcmp(pg_cell(&was, i, 4), pg_cell(&now, i, 4)) == 0)
			continue;
		odd++;
		printf("%s: shown %s from %s rows, counted again %s from %s\n", pg_cell(&was, i, 0),
		    pg_cell(&was, i, 3), pg_cell(&was, i, 2), pg_cell(&now, i, 3), pg_cell(&now, i, 2));
		if (compare_cells(r, pg_cell(&was, i, 0)) == -1)
			goto out;
	}
	(void)snprintf(text, sizeof(text), "%d measures, %lld cells, %lld rows behind them: %s",
	    was.count, cells, tallies, odd == 0 ? "identical" : "NOT identical");
	report(r, text);
	rc = odd == 0 ? 0 : -1;
out:
	pg_clear(&was);
	pg_clear(&now);
	return (rc);
}

/* Both lists are in the order of their names. */
static int
compare_cells(struct replay *r, const char *measure)
{
	struct pg_rows	was = { NULL, 0, 0 }, now = { NULL, 0, 0 };
	const char     *args[] = { measure };
	int		i = 0, j = 0, order, shown = 0, rc = -1;

	if (pg_run(r->from, &stmt_ctl_figures_cells, &was, args) == -1 ||
	    pg_run(r->to, &stmt_ctl_figures_cells, &now, args) == -1)
		goto out;
	while ((i < was.count || j < now.count) && shown < SHOWN) {
		order = i == was.count ? 1 : j == now.count ? -1 : strcmp(pg_cell(&was, i, 0), pg_cell(&now, j, 0));
		if (order != 0 || strcmp(pg_cell(&was, i, 1), pg_cell(&now, j, 1)) != 0) {
			printf("  %s: shown %s, counted %s\n", order <= 0 ? pg_cell(&was, i, 0) : pg_cell(&now, j, 0),
			    order <= 0 ? pg_cell(&was, i, 1) : "0", order >= 0 ? pg_cell(&now, j, 1) : "0");
			shown++;
		}
		i += order <= 0;
		j += order >= 0;
	}
	rc = 0;
out:
	pg_clear(&was);
	pg_clear(&now);
	return (rc);
}

static void
report(const struct replay *r, const char *what)
{
	long long	us = r->took_us > 0 ? r->took_us : 1;

	printf("figures: %lld events of %d services in %lld.%lld s (%lld/s); %s\n", r->events, r->sources,
	    us / 1000000, us / 100000 % 10, r->events * 1000000 / us, what);
}
