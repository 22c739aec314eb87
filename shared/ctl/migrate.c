/*
 * migrate.c -- brings a database to the state of the folder sql/.
 *
 * Each migration is one transaction together with its checks and its row in
 * platform.migration. Forward only: a file that changed after it was applied,
 * or one that would slip in below the last, is refused.
 */
#include "base/clock.h"
#include "conf/conf.h"
#include "ctl/ctl.h"
#include "ctl/pg.h"
#include "platform_sql.h"

struct applied {
	struct pg_rows	rows;		/* schema, number, name, sha256 */
};

static int	migrate_schema(struct pg *, const struct applied *, const char *, int *);
static int	migrate_file(struct pg *, const char *, const char *, const char *, struct buf *);
static int	check_known(const struct applied *, const char *, const char *, const char *);
static int	run_checks(struct pg *, const char *, const char *);
static int	load_applied(struct pg *, struct applied *);
static int	set_passwords(struct pg *);
static int	load_tables(struct pg *, int *);
static int	load_table(struct pg *, const char *, int *);
static int	copy_table(struct pg *, const char *, const char *, const char *,
		    const struct buf *);
static struct pg *open_locked(void);

static bool	aloud = true;		/* names what it applies */

int
ctl_migrate(int argc, char **argv)
{
	struct applied		 applied = { { NULL, 0, 0 } };
	struct ctl_names	 schemas = { NULL, 0 };
	struct pg		*pg;
	size_t			 i;
	int			 rc = -1, done = 0, loaded = 0;

	(void)argc, (void)argv;
	if ((pg = open_locked()) == NULL)
		return (1);
	if (ctl_schemas(&schemas) == -1 || load_applied(pg, &applied) == -1)
		goto out;
	for (i = 0; i < schemas.count; i++)
		if (migrate_schema(pg, &applied, schemas.name[i], &done) == -1)
			goto out;
	if (set_passwords(pg) == -1 || load_tables(pg, &loaded) == -1)
		goto out;
	printf("migrate: %d applied, %d before, %d code tables loaded\n",
	    done, applied.rows.count, loaded);
	rc = 0;
out:
	pg_clear(&applied.rows);
	ctl_names_free(&schemas);
	pg_close(pg);
	return (rc == 0 ? 0 : 1);
}

int
ctl_migrate_one(struct pg *pg, const char *schema)
{
	struct applied	none = { { NULL, 0, 0 } };
	int		done = 0;

	aloud = false;
	return (migrate_schema(pg, &none, schema, &done));
}

int
ctl_load_reference(int argc, char **argv)
{
	struct pg	*pg = open_locked();
	int		 rc, loaded = 0;

	(void)argc, (void)argv;
	if (pg == NULL)
		return (1);
	rc = load_tables(pg, &loaded);
	if (rc == 0)
		printf("load-reference: %d tables loaded\n", loaded);
	pg_close(pg);
	return (rc == 0 ? 0 : 1);
}

static int
migrate_schema(struct pg *pg, const struct applied *applied, const char *schema, int *done)
{
	struct ctl_names	 files;
	struct buf		 text;
	char			 path[CTL_PATH], sum[65];
	size_t			 i;
	int			 known, rc = 0;

	if (ctl_list(schema, NULL, ".sql", &files) == -1)
		return (-1);
	buf_init(&text, CTL_FILE_MAX);
	for (i = 0; i < files.count && rc == 0; i++) {
		rc = ctl_read(ctl_path(path, schema, NULL, files.name[i]), &text);
		if (rc == -1)
			break;
		ctl_sha256(&text, sum);
		known = check_known(applied, schema, files.name[i], sum);
		if (known == 0) {
			rc = migrate_file(pg, schema, files.name[i], sum, &text);
			*done += rc == 0;
		} else if (known == -1)
			rc = -1;
	}
	buf_release(&text);
	ctl_names_free(&files);
	return (rc);
}

/* 1: applied before; 0: to be applied; -1: refused. */
static int
check_known(const struct applied *applied, const char *schema, const char *file, const char *sum)
{
	const struct pg_rows	*r = &applied->rows;
	char			*end;
	long			 number = strtol(file, &end, 10), last = 0;
	int			 i;

	if (end != file + 3 || *end != '_') {
		fprintf(stderr, "yjyctl: %s/%s: not NNN_verb_object.sql\n", schema, file);
		return (-1);
	}
	for (i = 0; i < r->count; i++) {
		if (strcmp(pg_cell(r, i, 0), schema) != 0)
			continue;
		last = strtol(pg_cell(r, i, 1), NULL, 10);
		if (last != number)
			continue;
		if (strcmp(pg_cell(r, i, 2), file) == 0 && strcmp(pg_cell(r, i, 3), sum) == 0)
			return (1);
		fprintf(stderr, "yjyctl: %s/%s was applied and has changed since: "
		    "write a new migration, or begin with an empty database\n", schema, file);
		return (-1);
	}
	if (number > last)
		return (0);
	fprintf(stderr, "yjyctl: %s/%s: %03ld is already applied, and we only go forward\n",
	    schema, file, last);
	return (-1);
}

static int
migrate_file(struct pg *pg, const char *schema, const char *file, const char *sum, struct buf *text)
{
	char		 number[12], place[CTL_PATH];
	const char	*row[4] = { schema, number, file, sum };

	snprintf(place, sizeof(place), "%s/%s", schema, file);
	snprintf(number, sizeof(number), "%ld", strtol(file, NULL, 10));
	if (pg_exec(pg, place, "BEGIN") == -1)
		return (-1);
	if (pg_exec(pg, place, buf_cstr(text)) == -1 ||
	    run_checks(pg, schema, file) == -1 ||
	    pg_run(pg, &stmt_ctl_migration_add, NULL, row) == -1) {
		pg_rollback(pg);
		return (-1);
	}
	if (pg_exec(pg, place, "COMMIT") == -1)
		return (-1);
	if (aloud)
		printf("%s\n", place);
	return (0);
}

/* sql/<schema>/checks/NNN_*.sql of the same number, in the same transaction. */
static int
run_checks(struct pg *pg, const char *schema, const char *file)
{
	struct ctl_names	 checks;
	struct buf		 text;
	char			 path[CTL_PATH];
	size_t			 i;
	int			 rc = 0;

	if (ctl_list(schema, "checks", ".sql", &checks) == -1)
		return (-1);
	buf_init(&text, CTL_FILE_MAX);
	for (i = 0; i < checks.count && rc == 0; i++) {
		if (strncmp(checks.name[i], file, 4) != 0)
			continue;
		rc = ctl_read(ctl_path(path, schema, "checks", checks.name[i]), &text);
		if (rc == 0)
			rc = pg_exec(pg, path, buf_cstr(&text));
	}
	buf_release(&text);
	ctl_names_free(&checks);
	return (rc);
}

static int
load_applied(struct pg *pg, struct applied *applied)
{
	const char	*name[1] = { "platform.migration" };
	struct pg_rows	 found;
	bool		 any;

	if (pg_run(pg, &stmt_ctl_table_exists, &found, name) == -1)
		return (-1);
	any = strcmp(pg_cell(&found, 0, 0), "t") == 0;
	pg_clear(&found);
	return (any ? pg_run(pg, &stmt_ctl_migrations, &applied->rows, NULL) : 0);
}

/* Where the database asks for passwords, the services' roles get theirs. */
static int
set_passwords(struct pg *pg)
{
	const char	*password;
	struct pg_rows	 roles;
	size_t		 len;
	int		 i, rc = 0;

	password = conf_secret(CONF_PG_PASSWORD, &len);
	if (password == NULL)
		return (0);
	if (pg_run(pg, &stmt_ctl_roles, &roles, NULL) == -1)
		return (-1);
	for (i = 0; i < roles.count && rc == 0; i++)
		rc = pg_set_password(pg, pg_cell(&roles, i, 0), password);
	pg_clear(&roles);
	return (rc);
}

static int
load_tables(struct pg *pg, int *loaded)
{
	struct ctl_names	files;
	size_t			i;
	int			rc = 0;

	if (ctl_list("reference", NULL, ".csv", &files) == -1)
		return (-1);
	for (i = 0; i < files.count && rc == 0; i++)
		rc = load_table(pg, files.name[i], loaded);
	ctl_names_free(&files);
	return (rc);
}

/* One code table, if its file is not the one that is loaded. */
static int
load_table(struct pg *pg, const char *file, int *loaded)
{
	struct pg_rows	 was;
	struct buf	 text;
	char		 path[CTL_PATH], sum[65], table[128];
	const char	*row[1] = { file };
	bool		 same;
	int		 rc = -1;

	buf_init(&text, CTL_FILE_MAX);
	snprintf(table, sizeof(table), "reference.%.*s", (int)(strlen(file) - 4), file);
	if (ctl_read(ctl_path(path, "reference", NULL, file), &text) == -1)
		goto out;
	ctl_sha256(&text, sum);
	if (pg_run(pg, &stmt_ctl_reference_find, &was, row) == -1)
		goto out;
	same = was.count == 1 && strcmp(pg_cell(&was, 0, 0), sum) == 0;
	pg_clear(&was);
	rc = same ? 0 : copy_table(pg, file, table, sum, &text);
	*loaded += rc == 0 && !same;
out:
	buf_release(&text);
	return (rc);
}

static int
copy_table(struct pg *pg, const char *file, const char *table, const char *sum,
    const struct buf *text)
{
	char		 sql[256];
	const char	*row[2] = { file, sum };

	snprintf(sql, sizeof(sql), "BEGIN; DELETE FROM %s", table);
	if (pg_exec(pg, table, sql) == -1)
		goto undo;
	snprintf(sql, sizeof(sql), "COPY %s FROM STDIN (FORMAT csv, HEADER match)", table);
	if (pg_copy_in(pg, table, sql, text->data, text->len) == -1 ||
	    pg_run(pg, &stmt_ctl_reference_add, NULL, row) == -1)
		goto undo;
	return (pg_exec(pg, table, "COMMIT"));
undo:
	pg_rollback(pg);
	return (-1);
}

/* One yjyctl at a time changes a database. */
static struct pg *
open_locked(void)
{
	char		 text[INSTANT_TEXT];
	const char	*instant[1] = { instant_format(clock_now_us(), text) };
	struct pg	*pg = pg_open();

	if (pg == NULL)
		return (NULL);
	if (pg_run(pg, &stmt_ctl_lock, NULL, NULL) == 0 &&
	    pg_run(pg, &stmt_ctl_scope, NULL, instant) == 0)
		return (pg);
	pg_close(pg);
	return (NULL);
}
