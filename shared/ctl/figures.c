/*
 * figures.c -- yjyctl figures check | rebuild | catch-up: what monitoring shows,
 * counted from the event logs of all services.
 *
 * check counts into an empty database beside the city's, as far as monitoring
 * has read each log, and compares every cell and every tally; the city is only
 * read. rebuild does it in place, in one transaction during which no event is
 * counted; earlier revisions of figures are gone afterwards. catch-up takes what
 * monitoring has not read yet, in large batches: for a long log and a new city.
 */
#include "base/clock.h"
#include "ctl/ctl.h"
#include "ctl/pg.h"
#include "platform_sql.h"

#define PAGE	"10000"		/* events of one call */
#define SCRATCH	"yjy_figures"
#define LOG_END	"9223372036854775807"
#define SHOWN	20		/* cells that differ */

struct replay {
	struct pg	*from, *to;
	long long	 events;
	int		 sources;
	bool		 moves;		/* the positions, too */
	bool		 at_end;	/* sums and readers' indexes are made then */
	int64_t		 began_us, took_us;
};

static int	check(struct replay *);
static int	rebuild(struct replay *);
static int	catch_up(struct replay *);
static struct pg *scratch_open(struct pg *);
static int	replay_all(struct replay *, struct pg *positions);
static int	replay_source(struct replay *, const char *source, const char *from, const char *upto);
static int	take(struct replay *, const char *source, const struct pg_rows *page, const char *after);
static int	compare(struct replay *);
static int	compare_cells(struct replay *, const char *measure);
static void	report(const struct replay *, const char *);

int
ctl_figures(int argc UNUSED, char **argv)
{
	static const struct {
		const char	*name;
		int		(*run)(struct replay *);
	}		ways[] = { { "check", check }, { "rebuild", rebuild }, { "catch-up", catch_up } };
	struct replay	r = { .from = NULL };
	size_t		i;
	int		rc = -1;

	for (i = 0; i < NITEMS(ways) && strcmp(argv[0], ways[i].name) != 0; i++)
		continue;
	if (i == NITEMS(ways)) {
		fprintf(stderr, "yjyctl: figures check | rebuild | catch-up\n");
		return (2);
	}
	if ((r.from = pg_open()) != NULL)
		rc = ways[i].run(&r);
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
	r->at_end = true;
	if ((r->to = pg_open()) == NULL ||
	    pg_exec(r->to, "figures", "BEGIN") == -1 ||
	    pg_run(r->to, &stmt_ctl_figures_turn, NULL, NULL) == -1 ||
	    pg_run(r->to, &stmt_ctl_figures_forget, NULL, NULL) == -1 ||
	    pg_run(r->to, &stmt_ctl_figures_bare, NULL, NULL) == -1 ||
	    replay_all(r, r->to) == -1 || pg_exec(r->to, "figures", "COMMIT") == -1)
		return (-1);
	report(r, "the figures are made anew");
	return (0);
}

/* Each batch and its position are one transaction, as when the service takes it. */
static int
catch_up(struct replay *r)
{
	r->moves = true;
	if ((r->to = pg_open()) == NULL || pg_exec(r->to, "figures", "SET synchronous_commit = off") == -1 ||
	    replay_all(r, r->to) == -1)
		return (-1);
	report(r, "monitoring has read them");
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
		rc = r->moves ? replay_source(r, pg_cell(&rows, i, 0), pg_cell(&rows, i, 1), LOG_END) :
		    replay_source(r, pg_cell(&rows, i, 0), "0", pg_cell(&rows, i, 1));
	r->sources = rows.count;
	pg_clear(&rows);
	if (rc == 0 && r->at_end && (pg_run(r->to, &stmt_ctl_figures_sum_up, NULL, NULL) == -1 ||
	    pg_run(r->to, &stmt_ctl_figures_dress, NULL, NULL) == -1))
		rc = -1;
	r->took_us = clock_real_us() - r->began_us;
	return (rc);
}

static int
replay_source(struct replay *r, const char *source, const char *from, const char *upto)
{
	struct pg_rows	parked = { NULL, 0, 0 }, page = { NULL, 0, 0 };
	char		after[24];
	const char     *name[] = { source };
	const char     *asked[4] = { after, upto, PAGE, NULL };
	int		rc = -1;

	if (pg_run(r->from, &stmt_ctl_figures_parked, &parked, name) == -1)
		return (-1);
	asked[3] = pg_cell(&parked, 0, 0);
	(void)snprintf(after, sizeof(after), "%s", from);
	for (;;) {
		if (pg_run_in(r->from, source, &stmt_ctl_figures_page, &page, asked) == -1)
			goto out;
		if (pg_cell(&page, 0, 1) == NULL)
			break;
		if (take(r, source, &page, after) == -1)
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
take(struct replay *r, const char *source, const struct pg_rows *page, const char *after)
{
	struct pg_rows	moved = { NULL, 0, 0 };
	const char     *given[] = { source, pg_cell(page, 0, 0), r->at_end ? "f" : "t" };
	const char     *move[] = { source, after, pg_cell(page, 0, 1) };
	int		rc;

	if (r->moves) {
		if (pg_exec(r->to, "figures", "BEGIN") == -1 ||
		    pg_run_in(r->to, "monitoring", &stmt_cursor_move, &moved, move) == -1)
			return (-1);
		rc = moved.count;
		pg_clear(&moved);
		if (rc != 1) {
			fprintf(stderr, "yjyctl: monitoring itself is reading; stop it first\n");
			return (-1);
		}
	}
	if (strcmp(given[1], "[]") != 0 && pg_run(r->to, &stmt_ctl_figures_take, NULL, given) == -1)
		return (-1);
	return (r->moves ? pg_exec(r->to, "figures", "COMMIT") : 0);
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
