/*
 * pg.c -- the only user of libpq in yjyctl. Waiting is allowed here.
 */
#include <libpq-fe.h>

#include "conf/conf.h"
#include "ctl/pg.h"

struct pg {
	PGconn	*c;
};

static int	check(struct pg *, PGresult *, const char *, struct buf *);
static char    *quoted(struct pg *, const char *);

#define SQL_MAX	((size_t)1 << 20)

/* By enum db_type. */
static const Oid	type_oids[] = { 25, 20, 23, 16, 2950, 1082, 1184, 3802, 17, 1009 };

struct pg *
pg_open(void)
{
	return (pg_open_named(NULL));
}

struct pg *
pg_open_named(const char *name)
{
	const char	*keys[] = { "dbname", "user", "application_name", "options",
			    "client_encoding", "password", name != NULL ? "dbname" : NULL, NULL };
	const char	*values[] = { conf_text(CONF_PG), "yjy", "yjyctl",
			    "-c client_min_messages=warning -c jit=off", "UTF8", NULL, name, NULL };
	struct pg	*pg;
	size_t		 len;

	values[5] = conf_secret(CONF_PG_PASSWORD, &len);
	if ((pg = calloc(1, sizeof(*pg))) == NULL)
		return (NULL);
	pg->c = PQconnectdbParams(keys, values, 1);
	if (PQstatus(pg->c) == CONNECTION_OK)
		return (pg);
	fprintf(stderr, "yjyctl: %s", PQerrorMessage(pg->c));
	pg_close(pg);
	return (NULL);
}

void
pg_close(struct pg *pg)
{
	if (pg == NULL)
		return;
	PQfinish(pg->c);
	free(pg);
}

int
pg_exec(struct pg *pg, const char *place, const char *sql)
{
	PGresult	*r = PQexec(pg->c, sql);
	int		 rc = check(pg, r, place, NULL);

	PQclear(r);
	return (rc);
}

void
pg_rollback(struct pg *pg)
{
	PQclear(PQexec(pg->c, "ROLLBACK"));
}

int
pg_run(struct pg *pg, const struct db_stmt *stmt, struct pg_rows *rows, const char *const *values)
{
	Oid		 types[DB_ARGS_MAX];
	PGresult	*r;
	size_t		 i;

	for (i = 0; i < stmt->nparams; i++)
		types[i] = type_oids[stmt->params[i].type];
	r = PQexecParams(pg->c, stmt->sql, stmt->nparams, types, values, NULL, NULL, 0);
	if (check(pg, r, stmt->name, NULL) == -1) {
		PQclear(r);
		return (-1);
	}
	if (rows == NULL)
		PQclear(r);
	else
		*rows = (struct pg_rows){ r, PQntuples(r), PQnfields(r) };
	return (0);
}

int
pg_run_in(struct pg *pg, const char *schema, const struct db_stmt *stmt, struct pg_rows *rows,
    const char *const *values)
{
	struct db_stmt	 own = *stmt;
	char		*sql = pg_expand(stmt->sql, schema);
	int		 rc;

	own.sql = sql;
	rc = pg_run(pg, &own, rows, values);
	free(sql);
	return (rc);
}

char *
pg_expand(const char *sql, const char *schema)
{
	struct buf	 out;
	const char	*at;
	char		*text;

	buf_init(&out, SQL_MAX);
	while ((at = strstr(sql, "@schema@")) != NULL) {
		buf_add(&out, sql, (size_t)(at - sql));
		buf_adds(&out, schema);
		sql = at + strlen("@schema@");
	}
	buf_adds(&out, sql);
	text = strdup(buf_cstr(&out));
	buf_release(&out);
	return (text);
}

int
pg_copy_in(struct pg *pg, const char *place, const char *sql, const char *data, size_t len)
{
	PGresult	*r = PQexec(pg->c, sql);
	int		 rc = -1;

	if (PQresultStatus(r) == PGRES_COPY_IN &&
	    PQputCopyData(pg->c, data, (int)len) == 1 && PQputCopyEnd(pg->c, NULL) == 1) {
		PQclear(r);
		r = PQgetResult(pg->c);
		rc = 0;
	}
	if (check(pg, r, place, NULL) == -1)
		rc = -1;
	while (r != NULL) {
		PQclear(r);
		r = PQgetResult(pg->c);
	}
	return (rc);
}

int
pg_prepare(struct pg *pg, const char *sql, const enum db_type *types, int ntypes,
    struct pg_rows *columns, struct buf *why)
{
	Oid		 oids[DB_ARGS_MAX];
	PGresult	*r;
	int		 i, rc;

	for (i = 0; i < ntypes; i++)
		oids[i] = type_oids[types[i]];
	r = PQprepare(pg->c, "checked", sql, ntypes, oids);
	rc = check(pg, r, NULL, why);
	PQclear(r);
	if (rc == -1)
		return (-1);
	r = PQdescribePrepared(pg->c, "checked");
	rc = check(pg, r, NULL, why);
	*columns = (struct pg_rows){ r, 0, PQnfields(r) };
	return (rc);
}

int
pg_explain(struct pg *pg, int nargs, struct pg_rows *plan, struct buf *why)
{
	struct buf	 sql;
	PGresult	*r;
	int		 i, rc;

	buf_init(&sql, 4096);
	buf_adds(&sql, "EXPLAIN EXECUTE checked");
	for (i = 0; i < nargs; i++)
		buf_adds(&sql, i == 0 ? "(NULL" : ", NULL");
	buf_adds(&sql, nargs > 0 ? ")" : "");
	r = PQexec(pg->c, buf_cstr(&sql));
	rc = check(pg, r, NULL, why);
	*plan = (struct pg_rows){ r, PQntuples(r), PQnfields(r) };
	buf_release(&sql);
	return (rc);
}

void
pg_forget(struct pg *pg)
{
	PQclear(PQexec(pg->c, "DEALLOCATE ALL"));
}

int
pg_become(struct pg *pg, const char *role)
{
	struct buf	 sql;
	char		*name = quoted(pg, role == NULL ? "yjy" : role);
	int		 rc;

	buf_init(&sql, 4096);
	buf_addf(&sql, "SET ROLE %s", role == NULL ? "NONE" : name);
	rc = pg_exec(pg, role, buf_cstr(&sql));
	buf_release(&sql);
	PQfreemem(name);
	return (rc);
}

/* The server gets the verifier, never the password. */
int
pg_set_password(struct pg *pg, const char *role, const char *password)
{
	struct buf	 sql;
	char		*name = quoted(pg, role);
	char		*verifier = PQencryptPasswordConn(pg->c, password, role, "scram-sha-256");
	char		*literal = NULL;
	int		 rc = -1;

	buf_init(&sql, 4096);
	if (verifier != NULL)
		literal = PQescapeLiteral(pg->c, verifier, strlen(verifier));
	if (name != NULL && literal != NULL) {
		buf_addf(&sql, "ALTER ROLE %s PASSWORD %s", name, literal);
		rc = pg_exec(pg, role, buf_cstr(&sql));
	}
	buf_release(&sql);
	PQfreemem(literal);
	PQfreemem(verifier);
	PQfreemem(name);
	return (rc);
}

const char *
pg_cell(const struct pg_rows *rows, int row, int col)
{
	if (PQgetisnull(rows->result, row, col))
		return (NULL);
	return (PQgetvalue(rows->result, row, col));
}

const char *
pg_column(const struct pg_rows *rows, int col)
{
	return (PQfname(rows->result, col));
}

void
pg_clear(struct pg_rows *rows)
{
	PQclear(rows->result);
	rows->result = NULL;
	rows->count = rows->ncols = 0;
}

/* The complaint goes to `why`, or is printed behind `place`. */
static int
check(struct pg *pg, PGresult *r, const char *place, struct buf *why)
{
	ExecStatusType	 s = PQresultStatus(r);
	const char	*text = PQresultErrorMessage(r);

	if (s == PGRES_COMMAND_OK || s == PGRES_TUPLES_OK || s == PGRES_EMPTY_QUERY)
		return (0);
	if (text == NULL || *text == '\0')
		text = PQerrorMessage(pg->c);
	if (why != NULL)
		buf_adds(why, text);
	else
		fprintf(stderr, "yjyctl: %s: %s", place == NULL ? "-" : place, text);
	return (-1);
}

static char *
quoted(struct pg *pg, const char *name)
{
	return (PQescapeIdentifier(pg->c, name, strlen(name)));
}
