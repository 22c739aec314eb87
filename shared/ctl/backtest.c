/*
 * backtest.c -- yjyctl backtest: a rule's numbers tried on the past by the very
 * models of the monitoring service; hits, misses and false alarms, printed.
 */
#include "base/arena.h"
#include "ctl/ctl.h"
#include "ctl/pg.h"
#include "monitoring_sql.h"
#include "services/monitoring/warn_backtest.h"

#define LEAD_DAYS	"90"	/* unless it is said */

/* As asked for on the command line. */
struct ask {
	const char	*rule, *from, *to, *lead_days;
	char		 setting[UUID_TEXT];
};

static int	setting_find(struct pg *, struct ask *, const char *version);
static int	try_all(struct pg *, struct arena *, const struct ask *, struct warn_trial *);
static int	try_area(struct pg *, struct arena *, const struct ask *, const char *area, struct warn_trial *);
static void	print_area(const char *area, const struct warn_trial *);

/* <rule> <from> <to> [lead days] [version] */
int
ctl_backtest(int argc, char **argv)
{
	struct ask		 ask = { .rule = argv[0], .from = argv[1], .to = argv[2],
	    .lead_days = argc > 3 ? argv[3] : LEAD_DAYS };
	struct warn_trial	 sum = { .hits = 0 };
	struct arena		 a;
	struct pg		*pg;
	int			 rc;

	if (day_parse(ask.from) == DAY_NONE || day_parse(ask.to) == DAY_NONE || day_parse(ask.to) < day_parse(ask.from) ||
	    ask.lead_days[strspn(ask.lead_days, "0123456789")] != '\0') {
		fprintf(stderr, "yjyctl: backtest wants two days, YYYY-MM-DD, in their order, and a number of days\n");
		return (2);
	}
	if ((pg = pg_open()) == NULL)
		return (1);
	arena_init(&a);
	if ((rc = setting_find(pg, &ask, argc > 4 ? argv[4] : NULL)) == 0)
		rc = try_all(pg, &a, &ask, &sum);
	if (rc == 0) {
		printf("hits %lld misses %lld false_alarms %lld", (long long)sum.hits, (long long)sum.misses,
		    (long long)sum.false_alarms);
		if (sum.hits > 0)
			printf(" mean_lead_days %lld", (long long)(sum.leads / sum.hits));
		printf("\n");
	}
	arena_release(&a);
	pg_close(pg);
	return (rc);
}

static int
setting_find(struct pg *pg, struct ask *ask, const char *version)
{
	const char	*args[] = { ask->rule, version };
	struct pg_rows	 rows = { NULL, 0, 0 };
	int		 rc = 1;

	if (pg_run(pg, &stmt_backtest_version, &rows, args) == -1)
		return (1);
	if (rows.count == 0)
		fprintf(stderr, "yjyctl: %s: no numbers were ever set (未设定), or no such rule or version\n", ask->rule);
	else {
		(void)snprintf(ask->setting, sizeof(ask->setting), "%s", pg_cell(&rows, 0, 0));
		printf("%s version %s, %s to %s\n", ask->rule, pg_cell(&rows, 0, 1), ask->from, ask->to);
		rc = 0;
	}
	pg_clear(&rows);
	return (rc);
}

static int
try_all(struct pg *pg, struct arena *a, const struct ask *ask, struct warn_trial *sum)
{
	const char		*args[] = { ask->setting, ask->from }, *document, *area;
	struct pg_rows		 rows = { NULL, 0, 0 };
	struct warn_model	 m;
	int			 rc = 1;

	if (pg_run(pg, &stmt_backtest_setting, &rows, args) == -1)
		return (1);
	document = pg_cell(&rows, 0, 2);
	if (rows.count == 0 || !warn_model_read(json_parse(a, document, strlen(document)), &m)) {
		fprintf(stderr, "yjyctl: %s: reports have no past to be tried on\n", ask->rule);
		goto out;
	}
	sum->model = &m;
	sum->from = warn_period(m.grain, day_parse(ask->from));
	sum->to = day_parse(ask->to);
	sum->lead_days = strtoll(ask->lead_days, NULL, 10);
	for (area = pg_cell(&rows, 0, 3) + 1; *area >= '0' && *area <= '9'; area += 7) {
		if (try_area(pg, a, ask, arena_printf(a, "%.6s", area), sum) == -1)
			goto out;
		if (area[6] != ',')
			break;
	}
	rc = 0;
out:
	pg_clear(&rows);
	return (rc);
}

static int
try_area(struct pg *pg, struct arena *a, const struct ask *ask, const char *area, struct warn_trial *sum)
{
	char			 since[DAY_TEXT];
	const char		*args[] = { ask->rule, area, day_format(warn_reach(sum->model, sum->from), since),
	    ask->from, ask->to };
	struct warn_trial	 t = *sum;
	struct warn_point	*points;
	struct pg_rows		 rows = { NULL, 0, 0 };
	const char		*series, *episodes;

	if (pg_run(pg, &stmt_backtest_area, &rows, args) == -1)
		return (-1);
	series = pg_cell(&rows, 0, 0);
	episodes = pg_cell(&rows, 0, 1);
	if (!warn_points_read(a, json_parse(a, series, strlen(series)), &points, &t.npoints) ||
	    !warn_episodes_read(a, json_parse(a, episodes, strlen(episodes)), &t.episodes, &t.nepisodes)) {
		pg_clear(&rows);
		return (-1);
	}
	pg_clear(&rows);
	t.points = points;
	t.alarms = arena_alloc(a, (t.npoints + 1) * sizeof(*t.alarms));
	warn_try(&t);
	print_area(area, &t);
	sum->hits += t.hits;
	sum->misses += t.misses;
	sum->false_alarms += t.false_alarms;
	sum->leads += t.leads;
	return (0);
}

static void
print_area(const char *area, const struct warn_trial *t)
{
	char	from[DAY_TEXT], until[DAY_TEXT];
	size_t	i;

	for (i = 0; i < t->nepisodes; i++) {
		printf("%s %s %s to %s %s", area, t->episodes[i].hit ? "hit " : "miss", day_format(t->episodes[i].from, from),
		    day_format(t->episodes[i].to, until), t->episodes[i].title);
		if (t->episodes[i].hit)
			printf(", %d days ahead", t->episodes[i].lead);
		printf("\n");
	}
	for (i = 0; i < t->nalarms; i++)
		if (!t->alarms[i].hit)
			printf("%s false alarm %s to %s %s\n", area, day_format(t->alarms[i].from, from),
			    t->alarms[i].until == DAY_NONE ? "the end" : day_format(t->alarms[i].until, until),
			    warn_colours[t->alarms[i].peak]);
}
