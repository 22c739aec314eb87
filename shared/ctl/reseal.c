/*
 * reseal.c -- brings every sealed value under the newest field key, in small
 * batches beside the running services.
 *
 * Invariant: a value is replaced only while it is the one that was opened, so
 * a service's change is never lost; whatever is cut off goes on where it was,
 * for the key's id stands in each value. A sealed column that nobody listed
 * stops it all before the first row.
 */
#include "conf/conf.h"
#include "crypt/crypt.h"
#include "ctl/ctl.h"
#include "ctl/pg.h"
#include "json/json.h"
#include "platform_sql.h"

#define BATCH		500
#define BATCH_MOST	5000
#define PASSES		20	/* over a column that services write to meanwhile */
#define ROWS_MAX	((size_t)64 << 20)

struct column {
	const char	*tbl, *col, *name;
	int64_t		 done, broken;
};

static int	columns_walk(struct pg *, const struct pg_rows *, const char *, const char *);
static int	column_reseal(struct pg *, struct column *, const char *, const char *);
static int	batch_reseal(struct pg *, struct column *, const struct pg_rows *);
static int	batch_put(struct pg *, struct column *, const char *);
static bool	is_known(struct pg *);

int
ctl_reseal(int argc, char **argv)
{
	const char	*fresh, *batch = "500";
	struct pg_rows	 columns;
	struct pg	*pg;
	char		*end;
	long		 n = BATCH;
	int		 rc = 1;

	if (argc == 2 && strcmp(argv[0], "--batch") == 0) {
		n = strtol(argv[1], &end, 10);
		if (*end != '\0' || n < 1 || n > BATCH_MOST)
			n = 0;
		batch = argv[1];
	}
	if (argc == 1 || n == 0 || (argc == 2 && strcmp(argv[0], "--batch") != 0)) {
		fprintf(stderr, "yjyctl: reseal [--batch 1..%d]\n", BATCH_MOST);
		return (2);
	}
	if ((fresh = ctl_field_keys_open()) == NULL || (pg = pg_open()) == NULL)
		return (1);
	if (is_known(pg) && pg_run(pg, &stmt_ctl_sealed_columns, &columns, NULL) == 0) {
		rc = columns_walk(pg, &columns, fresh, batch);
		pg_clear(&columns);
	}
	pg_close(pg);
	return (rc);
}

/* True when every sealed column is listed. */
static bool
is_known(struct pg *pg)
{
	struct pg_rows	rows;
	bool		known;
	int		i;

	if (pg_run(pg, &stmt_ctl_sealed_forgotten, &rows, NULL) == -1)
		return (false);
	for (i = 0; i < rows.count; i++)
		fprintf(stderr, "yjyctl: %s is not in platform.sealed_column\n", pg_cell(&rows, i, 0));
	known = rows.count == 0;
	pg_clear(&rows);
	return (known);
}

static int
columns_walk(struct pg *pg, const struct pg_rows *columns, const char *fresh, const char *batch)
{
	struct column	 c;
	int64_t		 left = 0;
	const char	*values[4];
	struct pg_rows	 rows;
	int		 i;

	for (i = 0; i < columns->count; i++) {
		c = (struct column){ pg_cell(columns, i, 0), pg_cell(columns, i, 1),
		    pg_cell(columns, i, 2), 0, 0 };
		if (column_reseal(pg, &c, fresh, batch) == -1)
			return (1);
		values[0] = c.tbl;
		values[1] = c.col;
		values[2] = fresh;
		values[3] = "true";
		if (pg_run(pg, &stmt_ctl_reseal_count, &rows, values) == -1)
			return (1);
		printf("%s.%s: %lld resealed, %s left, %lld do not open\n", c.tbl, c.col,
		    (long long)c.done, pg_cell(&rows, 0, 0), (long long)c.broken);
		left += strtoll(pg_cell(&rows, 0, 0), NULL, 10);
		pg_clear(&rows);
	}
	printf("reseal: %lld rows under another key than %s\n", (long long)left, fresh);
	return (left == 0 ? 0 : 1);
}

/* Passes over the table until one finds nothing to do. */
static int
column_reseal(struct pg *pg, struct column *c, const char *fresh, const char *batch)
{
	const char	*values[] = { c->tbl, c->col, c->name, fresh, NULL, batch };
	struct pg_rows	 rows;
	char		 after[32];
	int64_t		 before;
	int		 pass, n;

	for (pass = 0; pass < PASSES; pass++) {
		before = c->done;
		c->broken = 0;
		(void)snprintf(after, sizeof(after), "(0,0)");
		do {
			values[4] = after;
			if (pg_run(pg, &stmt_ctl_reseal_take, &rows, values) == -1)
				return (-1);
			if ((n = rows.count) > 0) {
				(void)snprintf(after, sizeof(after), "%s", pg_cell(&rows, n - 1, 0));
				if (batch_reseal(pg, c, &rows) == -1)
					n = -1;
			}
			pg_clear(&rows);
		} while (n > 0);
		if (n == -1)
			return (-1);
		if (c->done == before)
			break;
	}
	return (0);
}

static int
batch_reseal(struct pg *pg, struct column *c, const struct pg_rows *rows)
{
	struct json_out	 out;
	struct arena	 a;
	struct buf	 b;
	const char	*plain;
	int		 i, rc;

	arena_init(&a);
	buf_init(&b, ROWS_MAX);
	json_out_init(&out, &b);
	json_open_list(&out, NULL);
	for (i = 0; i < rows->count; i++) {
		plain = field_open(&a, pg_cell(rows, i, 2), pg_cell(rows, i, 1));
		if (plain == NULL) {
			c->broken++;
			continue;
		}
		json_open(&out, NULL);
		json_put_text(&out, "place", pg_cell(rows, i, 0));
		json_put_text(&out, "old", pg_cell(rows, i, 1));
		json_put_text(&out, "new", field_seal(&a, pg_cell(rows, i, 2), plain));
		json_close(&out);
	}
	json_close_list(&out);
	rc = buf_ok(&b) ? batch_put(pg, c, buf_cstr(&b)) : -1;
	buf_release(&b);
	arena_release(&a);
	return (rc);
}

static int
batch_put(struct pg *pg, struct column *c, const char *json)
{
	const char	*values[] = { c->tbl, c->col, json };
	struct pg_rows	 rows;

	if (pg_run(pg, &stmt_ctl_reseal_put, &rows, values) == -1)
		return (-1);
	c->done += strtoll(pg_cell(&rows, 0, 0), NULL, 10);
	pg_clear(&rows);
	return (0);
}
