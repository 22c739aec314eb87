/*
 * dryrun_work.c -- works off dry runs, one at a time: everybody is judged twice
 * over the period, by the rules that hold and by the draft, and compared.
 *
 * Invariant: nothing but the dry run itself is written, and what breaks off is
 * begun anew. Rows that changed are kept up to ROWS_KEPT; all are counted.
 */
#include <stdlib.h>

#include "base/log.h"
#include "codes/codes.h"
#include "dryrun_sum.h"
#include "scan_stream.h"
#include "subsidies.h"
#include "subsidies_sql.h"

#define ROWS_KEPT	10000
#define ROWS_BYTES	(4 << 20)	/* of one part */
#define REPORT_MAX	65536

/* What the rules that hold would pay. */
struct known {
	struct uuid	 subject, person, org;	/* nil: none */
	int64_t		 cents;			/* -1: 未设定 */
	int32_t		 day;
	char		 county[7];
	bool		 seen;			/* by the draft, too */
};

struct dry {
	struct arena		 arena;
	struct db		 db;
	struct uuid		 id;
	const char		*code, *county;
	struct active_set	 set;
	struct dry_sum		 sum;
	struct known		*known;
	size_t			 nknown, room;
	struct buf		 rows;
	struct json_out		 out;
	int64_t			 kept, left_off;
	bool			 failed, stopped;
};

static int	dry_one(void);
static int	dry_take(struct dry *, const char **document);
static int	dry_run(struct dry *, const char *document);
static void	note_now(void *, const struct judged *);
static void	note_then(void *, const struct judged *);
static bool	dry_part(void *, const struct scan_part *);
static int	dry_rest(struct dry *);
static int	dry_report(struct dry *);
static void	put_county(struct json_out *, const struct dry *, const struct dry_county *);
static void	keep_row(struct dry *, const struct known *, enum dry_change, int64_t, const char *);
static void	rows_open(struct dry *);
static void	known_of(const struct judged *, struct known *);
static struct uuid uuid_or_nil(const char *);
static bool	within(const struct dry *, const struct judged *);
static int	by_subject(const void *, const void *);

/* The periodic job. */
void
dry_run_work(void)
{
	while (dry_one() == 1)
		continue;
}

/* 1: one was worked; 0: none waits; -1: later. */
static int
dry_one(void)
{
	struct dry	*d = calloc(1, sizeof(*d));
	const char	*document, *state = "done";
	int		 rc;

	if (d == NULL)
		return (-1);
	arena_init(&d->arena);
	db_init(&d->db, &d->arena, DB_SYSTEM);
	buf_init(&d->rows, ROWS_BYTES);
	rc = dry_take(d, &document);
	if (rc == 1) {
		if (dry_run(d, document) == -1 || d->failed)
			state = "failed";
		db_rollback(&d->db);
		if (strcmp(state, "failed") == 0 && !d->stopped &&
		    (sql_dry_run_end(&d->db, NULL, &d->id, state, d->sum.judged, "null") == -1 ||
		    db_commit(&d->db) == -1))
			rc = -1;
	}
	db_rollback(&d->db);
	buf_release(&d->rows);
	arena_release(&d->arena);
	free(d->known);
	free(d);
	return (rc);
}

static int
dry_take(struct dry *d, const char **document)
{
	struct db_rows	rows;

	if (sql_dry_run_take(&d->db, &rows) == -1)
		return (-1);
	if (rows.count == 0)
		return (0);
	d->id = db_uuid(&rows, 0, "id");
	d->code = db_text(&rows, 0, "policy_code");
	d->county = db_text(&rows, 0, "county_code");
	d->sum.from = db_day(&rows, 0, "from_on");
	d->sum.to = db_day(&rows, 0, "to_on");
	*document = db_text(&rows, 0, "document");
	return (db_commit(&d->db) == -1 ? -1 : 1);
}

static int
dry_run(struct dry *d, const char *document)
{
	struct scan_stream	 ask = { .set = &d->set, .sink = note_now,
	    .part_done = dry_part, .arg = d };
	struct json_errors	 errors = { .count = 0 };
	const struct policy	*draft;

	if ((draft = policy_compile(&d->arena, document, strlen(document), &errors)) == NULL)
		return (-1);	/* compiled when it was asked for: the rules have moved on */
	rows_open(d);
	if (active_load(&d->db, d->code, &d->set) == -1)
		return (-1);
	db_rollback(&d->db);
	if (d->set.count > 0 && scan_stream(&ask) == -1)
		return (-1);
	if (d->nknown > 0)
		qsort(d->known, d->nknown, sizeof(*d->known), by_subject);
	d->sum.judged = 0;
	active_draft(&d->arena, draft, d->sum.from, d->sum.to, &d->set);
	ask.sink = note_then;
	if (d->stopped || scan_stream(&ask) == -1 || d->stopped)
		return (d->stopped ? 0 : -1);
	return (dry_rest(d) == -1 || d->stopped ? -1 : dry_report(d));
}

/* On a thread, as note_then(). */
static void
note_now(void *arg, const struct judged *j)
{
	struct dry	*d = arg;
	struct known	*more;

	if (j->verdict != RULE_ELIGIBLE || !within(d, j))
		return;
	if (d->nknown == d->room) {
		d->room = d->room == 0 ? 1024 : d->room * 2;
		if ((more = realloc(d->known, d->room * sizeof(*more))) == NULL) {
			d->room = d->nknown;
			d->failed = true;
			return;
		}
		d->known = more;
	}
	known_of(j, &d->known[d->nknown++]);
}

static void
note_then(void *arg, const struct judged *j)
{
	struct dry	*d = arg;
	struct known	 k, *was = NULL;
	struct dry_case	 c = { .then_cents = -1 };
	enum dry_change	 change;

	if (!within(d, j))
		return;
	known_of(j, &k);
	if (d->nknown > 0)
		was = bsearch(&k, d->known, d->nknown, sizeof(k), by_subject);
	if (was != NULL)
		was->seen = true;
	c.county = k.county;
	c.day = k.day;
	c.now = was != NULL;
	c.now_cents = was != NULL ? was->cents : -1;
	c.then = j->verdict == RULE_ELIGIBLE;
	c.then_cents = c.then ? k.cents : -1;
	change = dry_add(&d->sum, &c);
	if (change != DRY_SAME)
		keep_row(d, was != NULL ? was : &k, change, c.then_cents,
		    change == DRY_LOSER && j->weighed.result.decided_by != -1 ?
		    j->active->policy->rules->conditions[j->weighed.result.decided_by].code : NULL);
}

/* A part was judged: its rows are kept, and a cancelled run ends. */
static bool
dry_part(void *arg, const struct scan_part *part)
{
	struct dry	*d = arg;
	struct db_rows	 rows;

	(void)part;
	json_close_list(&d->out);
	if (!buf_ok(&d->rows) || sql_dry_run_note(&d->db, &rows, &d->id, d->sum.judged,
	    buf_cstr(&d->rows)) == -1)
		d->failed = true;
	else if (rows.count == 0)
		d->stopped = true;
	if (!d->failed && !d->stopped && db_commit(&d->db) == -1)
		d->failed = true;
	db_rollback(&d->db);
	rows_open(d);
	return (!d->failed && !d->stopped);
}

/* What holds now and the draft does not even speak of. */
static int
dry_rest(struct dry *d)
{
	const struct known	*k;
	struct dry_case		 c;

	for (k = d->known; k < d->known + d->nknown; k++) {
		if (k->seen)
			continue;
		c = (struct dry_case){ .county = k->county, .day = k->day, .now = true,
		    .now_cents = k->cents, .then_cents = -1 };
		keep_row(d, k, dry_add(&d->sum, &c), -1, NULL);
	}
	return (dry_part(d, NULL) ? 0 : -1);
}

static int
dry_report(struct dry *d)
{
	struct dry_county	*total = arena_zalloc(&d->arena, sizeof(*total)), *c;
	struct db_rows		 budget;
	struct json_out		 out;
	struct buf		 buf;
	size_t			 i;
	int			 rc = -1;

	if (sql_dry_run_budget(&d->db, &budget, d->code) == -1)
		return (-1);
	for (i = 0; i < budget.count; i++) {
		if ((strcmp(d->county, AREA_CITY) == 0 ||
		    strcmp(d->county, db_text(&budget, i, "county_code")) == 0) &&
		    (c = dry_county(&d->sum, db_text(&budget, i, "county_code"))) != NULL)
			c->available_cents = db_int(&budget, i, "available_cents");
	}
	dry_total(&d->sum, total);
	snprintf(total->code, sizeof(total->code), "%s", d->county);
	buf_init(&buf, REPORT_MAX);
	json_out_init(&out, &buf);
	json_open(&out, NULL);
	json_open_list(&out, "counties");
	for (i = 0; i < d->sum.ncounties; i++)
		put_county(&out, d, &d->sum.counties[i]);
	json_close_list(&out);
	json_open_list(&out, "total");
	put_county(&out, d, total);
	json_close_list(&out);
	json_put_int(&out, "rows_kept", d->kept);
	json_put_int(&out, "rows_left_off", d->left_off);
	json_close(&out);
	if (buf_ok(&buf) && sql_dry_run_end(&d->db, NULL, &d->id, "done", d->sum.judged,
	    buf_cstr(&buf)) == 0)
		rc = db_commit(&d->db);
	buf_release(&buf);
	return (rc);
}

static void
put_county(struct json_out *out, const struct dry *d, const struct dry_county *c)
{
	json_open(out, NULL);
	json_put_text(out, "county_code", c->code);
	json_put_int(out, "now", c->now);
	json_put_int(out, "now_cents", c->now_cents);
	json_put_int(out, "then", c->then);
	json_put_int(out, "then_cents", c->then_cents);
	json_put_int(out, "winners", c->winners);
	json_put_int(out, "losers", c->losers);
	json_put_int(out, "more", c->more);
	json_put_int(out, "less", c->less);
	json_put_int(out, "unpriced", c->unpriced);
	json_put_int(out, "available_cents", c->available_cents);
	json_put_day(out, "money_ends_on", dry_money_ends(&d->sum, c, clock_today()));
	json_close(out);
}

static void
keep_row(struct dry *d, const struct known *k, enum dry_change change, int64_t after,
    const char *reason)
{
	static const char *const names[] = { "same", "winner", "loser", "more", "less" };

	if (d->kept == ROWS_KEPT) {
		d->left_off++;
		return;
	}
	d->kept++;
	json_open(&d->out, NULL);
	json_put_uuid(&d->out, "s", &k->subject);
	json_put_text(&d->out, "c", names[change]);
	if (!uuid_is_nil(&k->person))
		json_put_uuid(&d->out, "p", &k->person);
	if (!uuid_is_nil(&k->org))
		json_put_uuid(&d->out, "o", &k->org);
	json_put_day(&d->out, "d", k->day);
	if (change != DRY_WINNER && k->cents >= 0)
		json_put_int(&d->out, "b", k->cents);
	if (after >= 0)
		json_put_int(&d->out, "a", after);
	json_put_text(&d->out, "r", reason);
	json_put_text(&d->out, "k", k->county);
	json_close(&d->out);
}

static void
rows_open(struct dry *d)
{
	buf_clear(&d->rows);
	json_out_init(&d->out, &d->rows);
	json_open_list(&d->out, NULL);
}

static void
known_of(const struct judged *j, struct known *k)
{
	const struct subject	*s = j->subject;

	memset(k, 0, sizeof(*k));
	k->subject = uuid_or_nil(s->id);
	k->person = uuid_or_nil(s->person_id);
	k->org = uuid_or_nil(s->org_id);
	k->cents = j->has_amount ? j->amount_cents : -1;
	k->day = s->day;
	snprintf(k->county, sizeof(k->county), "%s", s->county);
}

static struct uuid
uuid_or_nil(const char *text)
{
	struct uuid	u;

	if (text == NULL || !uuid_parse(text, &u))
		memset(&u, 0, sizeof(u));
	return (u);
}

static bool
within(const struct dry *d, const struct judged *j)
{
	const struct subject	*s = j->subject;

	return (s->day >= d->sum.from && s->day <= d->sum.to &&
	    (strcmp(d->county, AREA_CITY) == 0 || strcmp(d->county, s->county) == 0));
}

static int
by_subject(const void *a, const void *b)
{
	const struct known	*x = a, *y = b;

	return (memcmp(&x->subject, &y->subject, sizeof(x->subject)));
}
