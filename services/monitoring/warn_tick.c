/*
 * warn_tick.c -- the clock of early warning: judges every period that is over,
 * once, and passes on what nobody dealt with in time.
 *
 * Invariant: a rule's area is judged period by period in their order, each with
 * the colour that the one before had; judging twice changes nothing.
 */
#include "base/log.h"
#include "monitoring_sql.h"
#include "svc/svc.h"
#include "warning.h"

#define TICK_MS		5000

static void	warn_tick(void);
static int	judge_area(struct db *, const struct db_rows *, size_t row);
static int	judge_periods(struct db *, const struct warn_model *, const struct warn_point *, size_t n,
		    const struct db_rows *, size_t row);
static enum warn_colour	colour_of(const char *);

void
warning_start(void)
{
	svc_every("monitoring.warning", TICK_MS, warn_tick);
}

static void
warn_tick(void)
{
	struct arena	a;
	struct db	db;
	struct db_rows	due;
	size_t		i;

	arena_init(&a);
	db_init(&db, &a, DB_SYSTEM);
	if (sql_warning_due_list(&db, &due) == -1)
		goto out;
	for (i = 0; i < due.count; i++)
		if (judge_area(&db, &due, i) == -1 || db_commit(&db) == -1) {
			log_warn("%s was not judged in %s; it will be next time", db_text(&due, i, "code"),
			    db_text(&due, i, "area"));
			break;
		}
out:
	db_rollback(&db);
	arena_release(&a);
	db_alone(&stmt_alert_escalate);
}

static int
judge_area(struct db *db, const struct db_rows *due, size_t row)
{
	const char		*document = db_text(due, row, "document"), *series;
	struct warn_model	 m;
	struct warn_point	*points;
	struct db_rows		 rows;
	size_t			 n;

	if (!warn_model_read(json_parse(db->arena, document, strlen(document)), &m))
		return (-1);
	if (sql_warning_series_get(db, &rows, db_text(due, row, "code"), db_text(due, row, "area"),
	    warn_reach(&m, db_day(due, row, "first_on")), db_day(due, row, "last_on")) == -1)
		return (-1);
	series = db_text(&rows, 0, "series");
	if (!warn_points_read(db->arena, json_parse(db->arena, series, strlen(series)), &points, &n))
		return (-1);
	return (judge_periods(db, &m, points, n, due, row));
}

static int
judge_periods(struct db *db, const struct warn_model *m, const struct warn_point *p, size_t n,
    const struct db_rows *due, size_t row)
{
	enum warn_colour	now = colour_of(db_text(due, row, "was")), was;
	int32_t			first = db_day(due, row, "first_on");
	struct uuid		setting = db_uuid(due, row, "setting_id");
	struct db_rows		rows;
	int64_t			score;
	bool			known;
	size_t			i;

	for (i = 0; i < n; i++) {
		if (p[i].on < first)
			continue;
		was = now;
		if ((known = warn_score(m, p, n, i, &score)))
			now = warn_colour_after(m, was, score);
		if (sql_warning_record(db, &rows, &setting, db_text(due, row, "area"), p[i].on, warn_colours[was],
		    p[i].known ? &p[i].value : NULL, known ? &score : NULL, warn_colours[now]) == -1)
			return (-1);
	}
	return (0);
}

static enum warn_colour
colour_of(const char *word)
{
	int	c;

	for (c = WARN_RED; c > WARN_CLEAR && strcmp(warn_colours[c], word) != 0; c--)
		;
	return ((enum warn_colour)c);
}
