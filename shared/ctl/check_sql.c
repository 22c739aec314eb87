/*
 * check_sql.c -- prepares and plans every named statement on the migrated
 * database as the role that will run it: names, types, columns, grants.
 *
 * A statement must work for <schema>_app or for <schema>_system. One marked
 * `read` may neither change nor lock rows. Statements of sql/platform are
 * tried in every service's schema.
 */
#include "base/clock.h"
#include "conf/conf.h"
#include "ctl/ctl.h"
#include "ctl/pg.h"
#include "ctl/sqlfile.h"
#include "platform_sql.h"

struct check {
	struct pg	*pg;
	int		 statements, faults;
};

static int	check_schema(struct check *, const char *, const struct sqlfile *);
static int	read_schema(const char *, struct sqlfile *);
static void	check_stmt(struct check *, const char *, const struct sqlfile_stmt *);
static int	check_as(struct check *, const char *, const struct sqlfile_stmt *,
		    const char *, struct buf *);
static bool	columns_good(const struct sqlfile_stmt *, const struct pg_rows *, struct buf *);
static bool	plan_good(const struct sqlfile_stmt *, const struct pg_rows *, struct buf *);
static bool	has_rounds(struct check *, const char *);
static void	check_tables(struct check *);
static bool	is_service(const char *);

int
ctl_check_sql(int argc, char **argv)
{
	struct check		 c = { .pg = pg_open() };
	struct ctl_names	 schemas = { NULL, 0 };
	struct sqlfile		 platform = { .count = 0 };
	char			 text[INSTANT_TEXT];
	const char		*instant[1] = { instant_format(clock_now_us(), text) };
	size_t			 i;
	int			 rc = 1;

	(void)argc, (void)argv;
	if (c.pg == NULL)
		return (1);
	if (ctl_schemas(&schemas) == -1 || read_schema("platform", &platform) == -1 ||
	    pg_run(c.pg, &stmt_ctl_scope, NULL, instant) == -1)
		goto out;
	for (i = 0; i < schemas.count; i++)
		if (is_service(schemas.name[i]) &&
		    check_schema(&c, schemas.name[i], &platform) == -1)
			goto out;
	check_tables(&c);
	printf("check-sql: %d statements, %d faults\n", c.statements, c.faults);
	rc = c.faults == 0 ? 0 : 1;
out:
	sqlfile_free(&platform);
	ctl_names_free(&schemas);
	pg_close(c.pg);
	return (rc);
}

static int
check_schema(struct check *c, const char *schema, const struct sqlfile *platform)
{
	bool		selects = has_rounds(c, schema);
	struct sqlfile	own = { .count = 0 };
	size_t		i;

	if (read_schema(schema, &own) == -1)
		return (-1);
	for (i = 0; i < own.count; i++)
		check_stmt(c, schema, &own.stmts[i]);
	/* yjyctl's own run as the owner; those of selection where a service selects. */
	for (i = 0; i < platform->count; i++)
		if (strncmp(platform->stmts[i].name, "ctl_", 4) != 0 &&
		    (selects || strstr(platform->stmts[i].file, "/selection_") == NULL))
			check_stmt(c, schema, &platform->stmts[i]);
	sqlfile_free(&own);
	return (0);
}

static bool
has_rounds(struct check *c, const char *schema)
{
	char		 table[128];
	const char	*args[1] = { table };
	struct pg_rows	 rows;
	bool		 found;

	snprintf(table, sizeof(table), "%s.round", schema);
	if (pg_run(c->pg, &stmt_ctl_table_exists, &rows, args) == -1)
		return (false);
	found = strcmp(pg_cell(&rows, 0, 0), "t") == 0;
	pg_clear(&rows);
	return (found);
}

static int
read_schema(const char *schema, struct sqlfile *out)
{
	struct ctl_names	 files;
	char			 path[CTL_PATH];
	size_t			 i;
	int			 rc = 0;

	if (ctl_list(schema, "queries", ".sql", &files) == -1)
		return (-1);
	for (i = 0; i < files.count && rc == 0; i++)
		rc = sqlfile_read(out, ctl_path(path, schema, "queries", files.name[i]));
	if (rc == -1)
		fprintf(stderr, "yjyctl: %s\n", out->error);
	ctl_names_free(&files);
	return (rc);
}

static void
check_stmt(struct check *c, const char *schema, const struct sqlfile_stmt *s)
{
	static const char *const roles[] = { "app", "system" };
	struct buf	why[NITEMS(roles)];
	char		role[128];
	bool		good = false;
	size_t		i;

	c->statements++;
	for (i = 0; i < NITEMS(roles); i++) {
		buf_init(&why[i], 65536);
		snprintf(role, sizeof(role), "%s_%s", schema, roles[i]);
		if (!good)
			good = check_as(c, schema, s, role, &why[i]) == 0;
	}
	if (!good) {
		c->faults++;
		printf("%s:%d: %s as %s_app: %s", s->file, s->line, s->name, schema,
		    buf_cstr(&why[0]));
		if (strcmp(buf_cstr(&why[0]), buf_cstr(&why[1])) != 0)
			printf("    as %s_system: %s", schema, buf_cstr(&why[1]));
	}
	for (i = 0; i < NITEMS(roles); i++)
		buf_release(&why[i]);
}

static int
check_as(struct check *c, const char *schema, const struct sqlfile_stmt *s,
    const char *role, struct buf *why)
{
	enum db_type	 types[DB_ARGS_MAX];
	struct pg_rows	 columns = { NULL, 0, 0 }, plan = { NULL, 0, 0 };
	char		*sql = pg_expand(s->sql, schema);
	size_t		 i;
	int		 rc = -1;

	for (i = 0; i < s->nargs; i++)
		types[i] = s->args[i].type;
	if (pg_become(c->pg, role) == -1)
		buf_adds(why, "no such role\n");
	else if (pg_prepare(c->pg, sql, types, (int)s->nargs, &columns, why) == 0 &&
	    columns_good(s, &columns, why) &&
	    pg_explain(c->pg, (int)s->nargs, &plan, why) == 0 && plan_good(s, &plan, why))
		rc = 0;
	pg_clear(&columns);
	pg_clear(&plan);
	pg_forget(c->pg);
	free(sql);
	if (pg_become(c->pg, NULL) == -1)
		rc = -1;
	return (rc);
}

/* Columns are asked for by name: each must have one, and only one. */
static bool
columns_good(const struct sqlfile_stmt *s, const struct pg_rows *columns, struct buf *why)
{
	int	i, j;

	if (s->card != DB_EXEC && columns->ncols == 0) {
		buf_adds(why, "returns no column: should be :exec\n");
		return (false);
	}
	for (i = 0; i < columns->ncols; i++) {
		if (pg_column(columns, i)[0] == '?') {
			buf_addf(why, "column %d has no name\n", i + 1);
			return (false);
		}
		for (j = 0; j < i; j++)
			if (strcmp(pg_column(columns, i), pg_column(columns, j)) == 0) {
				buf_addf(why, "two columns are called %s\n", pg_column(columns, i));
				return (false);
			}
	}
	return (true);
}

static bool
plan_good(const struct sqlfile_stmt *s, const struct pg_rows *plan, struct buf *why)
{
	static const char *const effects[] = { "Insert on", "Update on", "Delete on", "LockRows" };
	const char	*line;
	size_t		 j;
	int		 i;

	for (i = 0; s->read && i < plan->count; i++) {
		line = pg_cell(plan, i, 0);
		line += strspn(line, " ->");
		for (j = 0; j < NITEMS(effects); j++)
			if (strncmp(line, effects[j], strlen(effects[j])) == 0) {
				buf_addf(why, "is marked read and has the effect: %s\n", line);
				return (false);
			}
	}
	return (true);
}

/* Personal or local data must not lie open to every caller. */
static void
check_tables(struct check *c)
{
	struct pg_rows	rows;
	int		i;

	if (pg_run(c->pg, &stmt_ctl_open_tables, &rows, NULL) == -1) {
		c->faults++;
		return;
	}
	for (i = 0; i < rows.count; i++)
		printf("%s has %s and no row-level security: CALL platform.protect\n",
		    pg_cell(&rows, i, 0), pg_cell(&rows, i, 1));
	c->faults += rows.count;
	pg_clear(&rows);
}

static bool
is_service(const char *schema)
{
	return (strcmp(schema, "platform") != 0 && strcmp(schema, "reference") != 0);
}
