/*
 * rows.c -- yjyctl audit-verify, second part: the rows of the watched tables
 * beside the row log (sql/platform/080).
 *
 * Invariant: the log's own chain is sound before a row is judged by it. What a
 * request is said to have changed must stand in the audit trail, too.
 */
#include "ctl/audit.h"
#include "ctl/ctl.h"
#include "platform_sql.h"

#define ODD_MOST	"20"		/* named of one table */

static int	tables_verify(struct pg *, const char *, int *);
static int	table_verify(struct pg *, const char *);
static int	unasked(struct pg *, const char *);
static int	reasons(struct pg *, const char *);

int
rows_verify(struct pg *pg, const char *schema)
{
	struct trail	t = { .pg = pg, .schema = schema, .log = &row_log };
	char		hex[2 * CHAIN_BYTES + 1];
	int		tables = 0, rc;
	size_t		i;

	if (trail_verify(&t) == -1 || (rc = tables_verify(pg, schema, &tables)) == -1)
		return (-1);
	if (tables == 0)
		return (0);
	for (i = 0; i < CHAIN_BYTES; i++)
		snprintf(hex + 2 * i, 3, "%02x", t.hash[i]);
	printf("%s: %d tables watched, every row as it was last written; %lld entries, head %lld %s\n",
	    schema, tables, (long long)t.rows, (long long)t.n, hex);
	return (reasons(pg, schema));
}

/* Every table is looked at, whatever the one before was like. */
static int
tables_verify(struct pg *pg, const char *schema, int *n)
{
	struct pg_rows	rows;
	const char     *args[] = { schema };
	int		i, rc = 0;

	if (pg_run_in(pg, schema, &stmt_ctl_row_tables, &rows, args) == -1)
		return (-1);
	for (i = 0; i < rows.count; i++) {
		if (strcmp(pg_cell(&rows, i, 1), "t") != 0) {
			printf("%s: is no longer watched\n", pg_cell(&rows, i, 0));
			rc = -1;
		} else if (table_verify(pg, pg_cell(&rows, i, 0)) == -1)
			rc = -1;
	}
	*n = rows.count;
	pg_clear(&rows);
	return (unasked(pg, schema) == -1 ? -1 : rc);
}

static int
table_verify(struct pg *pg, const char *table)
{
	struct pg_rows	rows;
	const char     *args[] = { table, ODD_MOST };
	int		i, rc;

	if (pg_run(pg, &stmt_ctl_rows_odd, &rows, args) == -1)
		return (-1);
	for (i = 0; i < rows.count; i++)
		printf("%s: row %s %s\n", table, pg_cell(&rows, i, 0), pg_cell(&rows, i, 1));
	rc = rows.count == 0 ? 0 : -1;
	pg_clear(&rows);
	return (rc);
}

static int
unasked(struct pg *pg, const char *schema)
{
	struct pg_rows	rows;
	const char     *args[] = { schema };
	int		i, rc;

	if (pg_run_in(pg, schema, &stmt_ctl_rows_unasked, &rows, args) == -1)
		return (-1);
	for (i = 0; i < rows.count; i++)
		printf("%s: row %s was changed without a request in the trail\n",
		    pg_cell(&rows, i, 0), pg_cell(&rows, i, 1));
	rc = rows.count == 0 ? 0 : -1;
	pg_clear(&rows);
	return (rc);
}

static int
reasons(struct pg *pg, const char *schema)
{
	struct pg_rows	rows;
	int		i;

	if (pg_run_in(pg, schema, &stmt_ctl_rows_why, &rows, NULL) == -1)
		return (-1);
	for (i = 0; i < rows.count; i++)
		printf("%s: %s changes by the owner: %s\n", schema, pg_cell(&rows, i, 1),
		    pg_cell(&rows, i, 0));
	pg_clear(&rows);
	return (0);
}
