/*
 * audit.c -- yjyctl audit-verify and audit-archive: the chain over a service's
 * audit trail, recomputed; and old rows moved to a file.
 *
 * Invariant: a row leaves the table only after its file is on disk and by the
 * transaction that appends the file's hash to the chain. Seals stay, so the
 * chain is checked from its beginning whatever was archived.
 */
#include "base/clock.h"
#include "conf/conf.h"
#include "crypt/seal.h"
#include "ctl/audit.h"
#include "ctl/ctl.h"
#include "platform_sql.h"

#define SEALS_PAGE	"500"
#define DAY_US		((int64_t)86400 * 1000000)
#define LEAST_DAYS	183			/* 网络安全法 21: six months */

static int	archived_so_far(struct trail *);
static int	seal_follows(struct trail *, const struct seal *);
static bool	old_enough(const struct trail *, const struct seal *);
static int	rows_match(struct trail *, const struct seal *);
static int	report(const struct trail *, const struct seal *, const struct seal_check *);
static int	each_schema(int, char **, int (*)(struct trail *, const char *), const char *);
static int	verify_one(struct trail *, const char *);
static int	archive_one(struct trail *, const char *);

const struct log	trail_log = { &stmt_ctl_audit_seals, &stmt_ctl_audit_notes, &stmt_audit_rows, "row" };
const struct log	row_log = { &stmt_ctl_row_seals, &stmt_ctl_row_notes, &stmt_row_rows, "entry of the row log" };

int
ctl_audit_verify(int argc, char **argv)
{
	return (each_schema(argc, argv, verify_one, NULL));
}

/* <directory> [schema] */
int
ctl_audit_archive(int argc, char **argv)
{
	return (each_schema(argc - 1, argv + 1, archive_one, argv[0]));
}

/* One service, or all that have a trail. 0 only when every one of them was well. */
static int
each_schema(int argc, char **argv, int (*one)(struct trail *, const char *), const char *with)
{
	struct pg_rows	rows = { NULL, 0, 0 };
	struct trail	t;
	int		i, rc = 0, done = 0;
	struct pg      *pg;

	if ((pg = pg_open()) == NULL)
		return (1);
	if (pg_run(pg, &stmt_ctl_audit_schemas, &rows, NULL) == -1)
		rc = 1;
	for (i = 0; rc == 0 && i < rows.count; i++) {
		if (argc > 0 && strcmp(argv[0], pg_cell(&rows, i, 0)) != 0)
			continue;
		memset(&t, 0, sizeof(t));
		t.pg = pg;
		t.schema = pg_cell(&rows, i, 0);
		t.log = &trail_log;
		done++;
		if (one(&t, with) == -1)
			rc = 1;
	}
	if (rc == 0 && done == 0) {
		fprintf(stderr, "yjyctl: no audit trail%s%s\n", argc > 0 ? " in " : "",
		    argc > 0 ? argv[0] : "");
		rc = 1;
	}
	pg_clear(&rows);
	pg_close(pg);
	return (rc);
}

static int
verify_one(struct trail *t, const char *with UNUSED)
{
	char	hex[2 * CHAIN_BYTES + 1];
	size_t	i;

	if (trail_verify(t) == -1)
		return (-1);
	for (i = 0; i < CHAIN_BYTES; i++)
		snprintf(hex + 2 * i, 3, "%02x", t->hash[i]);
	printf("%s: %lld seals, %lld rows here, %lld archived, not altered; head %lld %s\n",
	    t->schema, (long long)t->n, (long long)t->rows, (long long)t->gone, (long long)t->n, hex);
	return (rows_verify(t->pg, t->schema));
}

int
trail_verify(struct trail *t)
{
	struct pg_rows	rows = { NULL, 0, 0 };
	char		after[24];
	const char     *args[] = { after, SEALS_PAGE };
	struct seal	s;
	int		i, rc;

	if (archived_so_far(t) == -1)
		return (-1);
	do {
		snprintf(after, sizeof(after), "%lld", (long long)t->n);
		if (pg_run_in(t->pg, t->schema, t->log->seals, &rows, args) == -1)
			return (-1);
		for (i = rc = 0; rc == 0 && i < rows.count; i++) {
			if ((rc = trail_seal(t, &rows, i, &s)) == 0 &&
			    (rc = seal_follows(t, &s)) == 0)
				rc = rows_match(t, &s);
			free((void *)(uintptr_t)s.rows);
		}
		i = rows.count;
		pg_clear(&rows);
	} while (rc == 0 && i > 0);
	return (rc);
}

/* Notes say which seals' rows were moved to files; always the oldest. */
static int
archived_so_far(struct trail *t)
{
	struct pg_rows	rows;
	long long	first, last;
	int		i;

	if (pg_run_in(t->pg, t->schema, t->log->notes, &rows, NULL) == -1)
		return (-1);
	for (i = 0; i < rows.count; i++) {
		if (sscanf(pg_cell(&rows, i, 0), "archive %lld-%lld ", &first, &last) != 2 ||
		    first != t->archived + 1 || last < first)
			break;
		t->archived = last;
	}
	if (i < rows.count)
		printf("%s: the notes on archives do not follow each other\n", t->schema);
	i = i < rows.count ? -1 : 0;
	pg_clear(&rows);
	return (i);
}

static int
seal_follows(struct trail *t, const struct seal *s)
{
	uint8_t	want[CHAIN_BYTES];

	seal_hash(s, t->hash, want);
	if (s->n != t->n + 1)
		printf("%s: seal %lld is missing\n", t->schema, (long long)t->n + 1);
	else if (s->from_xid != t->to_xid || memcmp(want, s->hash, sizeof(want)) != 0)
		printf("%s: seal %lld was altered\n", t->schema, (long long)s->n);
	else {
		t->n = s->n;
		t->to_xid = s->to_xid;
		memcpy(t->hash, s->hash, sizeof(t->hash));
		if (s->note[0] == '\0' || old_enough(t, s))
			return (0);
		printf("%s: seal %lld archived rows younger than %d days\n", t->schema,
		    (long long)s->n, LEAST_DAYS);
	}
	return (-1);
}

/* The youngest of what a note says was archived: its seal has been walked over. */
static bool
old_enough(const struct trail *t, const struct seal *s)
{
	long long	first, last;
	char		before[24];
	const char     *args[] = { before, "1" };
	struct pg_rows	rows;
	struct seal	young;
	bool		old = false;

	if (sscanf(s->note, "archive %lld-%lld ", &first, &last) != 2 || last >= s->n)
		return (false);
	snprintf(before, sizeof(before), "%lld", last - 1);
	if (pg_run_in(t->pg, t->schema, t->log->seals, &rows, args) == -1)
		return (false);
	if (rows.count == 1 && trail_seal(t, &rows, 0, &young) == 0) {
		old = s->sealed_us - young.sealed_us >= LEAST_DAYS * DAY_US;
		free((void *)(uintptr_t)young.rows);
	}
	pg_clear(&rows);
	return (old);
}

static int
rows_match(struct trail *t, const struct seal *s)
{
	struct seal_check	check = { .seal = s };
	char			from[24], to[24], lim[24];
	const char	       *args[] = { from, to, lim }, *text;
	struct seal		none = *s;
	struct pg_rows		rows;
	int			i;

	none.count = 0;
	if (s->n <= t->archived) {
		check.seal = &none;	/* its rows are elsewhere: none may be here */
		t->gone += (int64_t)s->count;
	}
	snprintf(from, sizeof(from), "%lld", (long long)s->from_xid);
	snprintf(to, sizeof(to), "%lld", (long long)s->to_xid);
	snprintf(lim, sizeof(lim), "%zu", s->count + 1);
	if (pg_run_in(t->pg, t->schema, t->log->rows, &rows, args) == -1)
		return (-1);
	for (i = 0; i < rows.count; i++) {
		text = pg_cell(&rows, i, 2);
		seal_check_row(&check, strtoll(pg_cell(&rows, i, 0), NULL, 10), text, strlen(text));
	}
	seal_check_end(&check);
	t->rows += rows.count;
	pg_clear(&rows);
	return (check.fault == SEAL_SOUND ? 0 : report(t, s, &check));
}

static int
report(const struct trail *t, const struct seal *s, const struct seal_check *check)
{
	static const char *const	words[] = {
		[SEAL_SOUND] = "is sound", [SEAL_ALTERED] = "was altered",
		[SEAL_MISSING] = "is missing", [SEAL_ADDED] = "was added"
	};

	printf("%s: %s %lld %s (seal %lld)\n", t->schema, t->log->word, (long long)check->ord,
	    words[check->fault], (long long)s->n);
	return (-1);
}

/* What is older than the setting, in files of some megabytes. */
static int
archive_one(struct trail *t, const char *directory)
{
	int64_t	before = clock_real_us() - conf_int(CONF_AUDIT_KEEP) * DAY_US;
	int	rc;

	do {
		struct trail	fresh = { .pg = t->pg, .schema = t->schema, .log = t->log };

		*t = fresh;
		if (trail_verify(t) == -1)
			return (-1);
		rc = trail_archive(t, directory, before);
	} while (rc == 1);
	return (rc);
}
