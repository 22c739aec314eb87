/*
 * db.c -- the calls that handlers make. Each builds a job, hands it to a lane
 * or to the transaction's connection, and sleeps until it is done.
 *
 * Invariant: a transaction belongs to exactly one `struct db`; connection and
 * db name each other and agree on the lease, or the transaction is over.
 */
#include <endian.h>

#include "base/buf.h"
#include "base/log.h"
#include "db/db_priv.h"
#include "platform_sql.h"

#define EMIT_HOOKS	4

struct lease {
	struct db_conn	*conn;
	uint32_t	 number;
};

static int	execute(struct db *, struct db_job *, struct db_rows *);
static bool	admit(struct db *, const struct db_stmt *);
static bool	tx_alive(const struct db *);
static void	tx_opened(struct db *);
static void	tx_forgotten(void *);
static int	take(struct db *, PGresult *, const struct db_stmt *, struct db_rows *);
static void	result_free(void *);
static int	run_args(struct db *, const struct db_stmt *, struct db_rows *,
		    const struct db_args *, bool);
static bool	narrow(struct db *, const struct db_stmt *, const char **, int *);
static int	entries_add(const struct db_stmt *const *);
static int	entry_add(const struct db_stmt *);
static char    *expand(const char *);

struct db_lane_	 db_lanes[DB_LANES];
struct db_config db_conf;
struct db_entry	*db_entries;
size_t		 db_nentries;
static void	(*emit_hooks[EMIT_HOOKS])(void);
static size_t	 nemit_hooks;
void		(*db_lost_hook)(void);
void		(*db_commit_hook)(void);

/* By enum db_type. */
static const Oid	type_oids[] = { 25, 20, 23, 16, 2950, 1082, 1184, 3802, 17, 1009 };

int
db_start(const struct db_config *conf, const struct db_stmt *const *stmts)
{
	int	i, system = conf->write_conns / 2 > 4 ? conf->write_conns / 2 : 4;

	db_conf = *conf;
	if (entries_add(platform_statements) == -1 || entries_add(stmts) == -1 ||
	    conninfo_init() == -1)
		return (-1);
	db_lanes[DB_READ] = (struct db_lane_){ .name = "read", .role = "app", .shared = true,
	    .nconns = conf->read_conns, .limit_ms = conf->statement_ms };
	db_lanes[DB_WRITE] = (struct db_lane_){ .name = "write", .role = "app",
	    .nconns = conf->write_conns, .limit_ms = conf->statement_ms };
	db_lanes[DB_SLOW] = (struct db_lane_){ .name = "slow", .role = "app",
	    .nconns = 2, .limit_ms = conf->slow_ms };
	db_lanes[DB_SYSTEM] = (struct db_lane_){ .name = "system", .role = "system",
	    .nconns = system, .limit_ms = conf->slow_ms };
	for (i = 0; i < DB_LANES; i++)
		if (lane_start(&db_lanes[i]) == -1)
			return (-1);
	return (0);
}

bool
db_ready(void)
{
	return (db_lanes[DB_READ].up > 0 && db_lanes[DB_WRITE].up > 0 &&
	    db_lanes[DB_SYSTEM].up > 0);
}

void
db_stop(void)
{
	size_t	i;

	for (i = 0; i < DB_LANES; i++)
		lane_stop(&db_lanes[i]);
}

void
db_on_emit(void (*hook)(void))
{
	if (nemit_hooks == EMIT_HOOKS)
		log_die("db: more than %d hooks", EMIT_HOOKS);
	emit_hooks[nemit_hooks++] = hook;
}

void
db_emitted(void)
{
	size_t	i;

	for (i = 0; i < nemit_hooks; i++)
		emit_hooks[i]();
}

void
db_on_commit(void (*hook)(void))
{
	db_commit_hook = hook;
}

void
db_on_lost(void (*hook)(void))
{
	db_lost_hook = hook;
}

void
db_init(struct db *db, struct arena *arena, enum db_lane lane)
{
	memset(db, 0, sizeof(*db));
	db->arena = arena;
	db->lane = lane;
}

int
db_run(struct db *db, const struct db_stmt *stmt, struct db_rows *rows,
    const char *const *values, const int *lengths, const int *formats)
{
	struct db_job	job = { .db = db, .stmt = stmt, .values = values,
			    .lengths = lengths, .formats = formats };

	if (!admit(db, stmt))
		return (-1);
	job.implicit = db->lane == DB_READ;
	job.begin = !job.implicit && db->conn == NULL;
	return (execute(db, &job, rows));
}

int
db_run_args(struct db *db, const struct db_stmt *stmt, struct db_rows *rows,
    const struct db_args *args)
{
	bool	last = db->last && db->lane != DB_READ;

	db->last = false;
	return (run_args(db, stmt, rows, args, last));
}

int
db_run_once(struct db *db, const struct db_stmt *stmt, struct db_rows *rows,
    const struct db_args *args)
{
	return (run_args(db, stmt, rows, args, db->lane != DB_READ));
}

void
db_also(struct db *db, const struct db_stmt *stmt, const struct db_args *args)
{
	if (*stmt->slot == 0 || args->count != stmt->nparams)
		log_die("db: %s cannot go along", stmt->name);
	db->also = stmt;
	db->also_args = args;
}

int
db_commit(struct db *db)
{
	struct db_job	job = { .db = db, .commit = true };

	if (db->conn == NULL)
		return (0);
	if (!admit(db, NULL))
		return (-1);
	return (execute(db, &job, NULL));
}

void
db_rollback(struct db *db)
{
	if (tx_alive(db))
		conn_rollback(db->conn);
	db->conn = NULL;
	db->emitted = false;
}

bool
db_in_tx(const struct db *db)
{
	return (db->conn != NULL);
}

/* Sends the job where it belongs and sleeps until it is done. */
static int
execute(struct db *db, struct db_job *job, struct db_rows *rows)
{
	if ((job->begin || job->implicit) &&
	    (job->scope = scope_text(db, db->lane != DB_READ)) == NULL) {
		log_error("db: a scope holds a separator");
		db->error = DB_BUG;
		return (-1);
	}
	job->co = co_self();
	if (db->conn != NULL) {
		job->queued_us = loop_now_us();
		db_conn_send(db->conn, job);
		conn_sync(db->conn);
	} else if (!lane_submit(&db_lanes[db->lane], job))
		return (-1);
	while (!job->done)
		(void)co_wait(-1);
	if (db->error != DB_OK)
		return (-1);
	if (job->begin)
		tx_opened(db);
	return (take(db, job->result, job->stmt, rows));
}

/* Refuses what cannot be sent; forgets the error before. */
static bool
admit(struct db *db, const struct db_stmt *stmt)
{
	db->error = DB_OK;
	db->sqlstate[0] = '\0';
	db->constraint = db->detail = NULL;
	if (db->conn != NULL && !tx_alive(db)) {
		db->conn = NULL;
		db->emitted = false;
		db->error = DB_DOWN;
	} else if (stmt != NULL && *stmt->slot == 0) {
		log_error("db: statement %s is not of this program", stmt->name);
		db->error = DB_BUG;
	} else if (stmt != NULL && db->lane == DB_READ && !stmt->read) {
		log_error("db: statement %s writes and was sent to be read", stmt->name);
		db->error = DB_BUG;
	}
	return (db->error == DB_OK);
}

static bool
tx_alive(const struct db *db)
{
	return (db->conn != NULL && db->conn->owner == db && db->conn->lease == db->lease);
}

/* Whoever forgets the transaction gives it back with the arena. */
static void
tx_opened(struct db *db)
{
	struct lease	*l = arena_alloc(db->arena, sizeof(*l));

	l->conn = db->conn;
	l->number = db->lease;
	arena_defer(db->arena, tx_forgotten, l);
}

static void
tx_forgotten(void *arg)
{
	struct lease	*l = arg;

	if (l->conn->owner != NULL && l->conn->lease == l->number)
		conn_rollback(l->conn);
}

static int
take(struct db *db, PGresult *r, const struct db_stmt *stmt, struct db_rows *rows)
{
	if (rows == NULL || r == NULL) {
		PQclear(r);
		return (0);
	}
	arena_defer(db->arena, result_free, r);
	rows->result = r;
	rows->count = (size_t)PQntuples(r);
	rows->ncols = (size_t)PQnfields(r);
	rows->affected = strtoll(PQcmdTuples(r), NULL, 10);
	if (stmt->card == DB_ONE && rows->count > 1)
		log_error("db: %s is :one and gave %zu rows", stmt->name, rows->count);
	return (0);
}

static void
result_free(void *r)
{
	PQclear(r);
}

static int
run_args(struct db *db, const struct db_stmt *stmt, struct db_rows *rows,
    const struct db_args *args, bool once)
{
	const char	*values[DB_ARGS_MAX];
	int		 lengths[DB_ARGS_MAX];
	struct db_job	 job = { .db = db, .stmt = stmt, .values = values,
			    .lengths = lengths, .formats = args->format };

	if (!admit(db, stmt))
		return (-1);
	if (args->count != stmt->nparams) {
		log_error("db: %s wants %d arguments, not %d", stmt->name,
		    stmt->nparams, args->count);
		db->error = DB_BUG;
		return (-1);
	}
	memcpy(values, args->value, args->count * sizeof(values[0]));
	memcpy(lengths, args->length, args->count * sizeof(lengths[0]));
	if (!narrow(db, stmt, values, lengths))
		return (-1);
	if (once) {
		job.also = db->also;
		job.also_args = db->also_args;
		db->also = NULL;
	}
	job.commit = once && db->conn != NULL;
	job.implicit = db->lane == DB_READ || (once && db->conn == NULL);
	job.begin = !job.implicit && db->conn == NULL;
	return (execute(db, &job, rows));
}

/* An int4 is the lower half of the int8 that was bound, if it fits. */
static bool
narrow(struct db *db, const struct db_stmt *stmt, const char **values, int *lengths)
{
	int64_t	n;
	size_t	i;

	for (i = 0; i < stmt->nparams; i++) {
		if (stmt->params[i].type != DB_T_INT4 || values[i] == NULL || lengths[i] != 8)
			continue;
		memcpy(&n, values[i], sizeof(n));
		n = (int64_t)be64toh((uint64_t)n);
		if (n < INT32_MIN || n > INT32_MAX) {
			log_error("db: %s: %s does not fit int4", stmt->name, stmt->params[i].name);
			db->error = DB_BUG;
			return (false);
		}
		values[i] += 4;
		lengths[i] = 4;
	}
	return (true);
}

static int
entries_add(const struct db_stmt *const *stmts)
{
	for (; stmts != NULL && *stmts != NULL; stmts++)
		if (*(*stmts)->slot == 0 && entry_add(*stmts) == -1)
			return (-1);
	return (0);
}

static int
entry_add(const struct db_stmt *stmt)
{
	struct db_entry	*e;
	Oid		*types;
	size_t		 i;

	/* Slot 0 is nobody's: it means not registered. */
	e = realloc(db_entries, (db_nentries + 2) * sizeof(*e));
	types = calloc(stmt->nparams + 1U, sizeof(*types));
	if (e == NULL || types == NULL) {
		free(types);
		return (-1);
	}
	for (i = 0; i < stmt->nparams; i++)
		types[i] = type_oids[stmt->params[i].type];
	db_entries = e;
	*stmt->slot = (uint16_t)++db_nentries;
	db_entries[db_nentries] = (struct db_entry){
		.stmt = stmt, .sql = expand(stmt->sql), .types = types
	};
	return (0);
}

/* Statements of all services say @schema@ for the service's own. */
static char *
expand(const char *sql)
{
	struct buf	 out;
	const char	*at;
	char		*text;

	buf_init(&out, 1 << 20);
	while ((at = strstr(sql, "@schema@")) != NULL) {
		buf_add(&out, sql, (size_t)(at - sql));
		buf_adds(&out, db_conf.schema);
		sql = at + strlen("@schema@");
	}
	buf_adds(&out, sql);
	text = strdup(buf_cstr(&out));
	buf_release(&out);
	return (text);
}
