/*
 * db.h -- PostgreSQL for coroutines: named statements, pipelined reads,
 * transactions that cannot be forgotten. libpq is used only here.
 *
 * A `struct db` is one caller's use of the pool: who is asking (scope, sent
 * with the first statement of every transaction and judged by row-level
 * security), where results live (arena), how long it may take. Statements
 * come from sql/<schema>/queries through a generator, one typed C
 * function each:
 *
 *     struct db_rows rows;
 *     if (sql_vacancy_get(db, &rows, &id) == -1)
 *             return (call_failed(c));
 *
 * Lanes. DB_READ: shared pipelines, many callers' reads grouped under one
 * sync; only `:read` statements. DB_WRITE: a connection of one's own from the
 * first statement to db_commit() or db_rollback(); BEGIN and the scope ride
 * along with the first statement. DB_SLOW: the same with a long time limit,
 * on a connection that is not of the write lane. DB_SYSTEM: DB_SLOW under
 * the service's own role (<schema>_system), for consumers and jobs.
 *
 * Errors: functions return 0 or -1; after -1 `db->error` says which and the
 * transaction is already rolled back. A write whose connection died before
 * its COMMIT was answered is DB_UNKNOWN: the client must ask again with its
 * Idempotency-Key. Reads are replayed once on another connection.
 */
#ifndef YJY_DB_H
#define YJY_DB_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/id.h"

enum db_type {
	DB_T_TEXT, DB_T_INT8, DB_T_INT4, DB_T_BOOL, DB_T_UUID, DB_T_DATE,
	DB_T_TIMESTAMPTZ, DB_T_JSONB, DB_T_BYTEA, DB_T_TEXT_ARRAY
};

enum db_card { DB_ONE, DB_MANY, DB_EXEC };

struct db_param {
	const char	*name;		/* as in `-- args:` */
	enum db_type	 type;
};

/* Generated from a query file; `sql` may hold @schema@ for shared statements. */
struct db_stmt {
	const char		*name;
	const char		*sql;
	enum db_card		 card;
	bool			 read;		/* `:read`: no effect, may be replayed */
	bool			 emits;		/* writes to the outbox */
	const struct db_param	*params;
	uint8_t			 nparams;
	uint16_t		*slot;		/* place among the prepared; set by db */
};

enum db_lane { DB_READ, DB_WRITE, DB_SLOW, DB_SYSTEM };

enum db_error {
	DB_OK,
	DB_BUSY,	/* queue full or waited too long: 503 + Retry-After */
	DB_DOWN,	/* no connection: 503 */
	DB_TIMEOUT,	/* statement time limit: 504 */
	DB_UNKNOWN,	/* lost after COMMIT was sent: 503, outcome unknown */
	DB_UNIQUE,	/* 23505 */
	DB_FOREIGN,	/* 23503 */
	DB_CHECK,	/* 23514, 23P01 */
	DB_CONFLICT,	/* 40001, 40P01, 55P03: safe to try again */
	DB_DENIED,	/* 42501: row-level security or grant */
	DB_RAISED,	/* P0001 and our own class YJ: `detail` is an error code name */
	DB_BUG		/* anything else; logged with SQLSTATE */
};

/* Who asks: becomes platform.person() … for row-level security. All NULL: sees nothing. */
struct db_scope {
	const struct uuid	*person;	/* platform.person() */
	const struct uuid	*org;		/* platform.org() */
	const char		*areas;		/* platform.areas(): "431129,431103105" */
	const char		*action;	/* platform.action() */
	const struct uuid	*actor;		/* platform.actor(): who is at the keyboard */
	const struct uuid	*outlet;	/* platform.outlet() */
	const char		*desks;		/* platform.desks(): "recheck@431129,approve@431100" */
	const char		*trace;		/* platform.trace(): kept with the events written */
};

struct db_conn;
struct db_args;

struct db {
	struct arena		*arena;
	struct db_scope		 scope;
	enum db_lane		 lane;
	int64_t			 deadline_us;	/* of waiting for a connection, monotonic */
	enum db_error		 error;
	char			 sqlstate[6];
	const char		*constraint;	/* of UNIQUE, FOREIGN, CHECK; or NULL */
	const char		*detail;	/* message of DB_RAISED */
	struct db_conn		*conn;		/* held while a transaction is open */
	bool			 last;		/* the next statement commits */
	const struct db_stmt	*also;		/* goes between that statement and its commit */
	const struct db_args	*also_args;
	bool			 emitted;	/* the open transaction wrote events */
	bool			 committed;	/* something of this db is for good */
	uint32_t		 lease;		/* which transaction of conn's is ours */
};

/* Rows live in the db's arena. NULL is NULL. Column names are those of the SQL. */
struct db_rows {
	size_t			 count;
	size_t			 ncols;
	int64_t			 affected;
	void			*result;	/* PGresult, freed with the arena */
};

void		 db_init(struct db *, struct arena *, enum db_lane);
int		 db_run(struct db *, const struct db_stmt *, struct db_rows *,
		    const char *const *values, const int *lengths, const int *formats) MUST_CHECK;
/* Begins nothing by itself on DB_READ; on the others the first statement began. */
int		 db_commit(struct db *) MUST_CHECK;
void		 db_rollback(struct db *);	/* harmless when nothing is open */
bool		 db_in_tx(const struct db *);

const char	*db_text(const struct db_rows *, size_t row, const char *col);
int64_t		 db_int(const struct db_rows *, size_t row, const char *col);	/* 0 for NULL */
bool		 db_bool(const struct db_rows *, size_t row, const char *col);
bool		 db_null(const struct db_rows *, size_t row, const char *col);
int32_t		 db_day(const struct db_rows *, size_t row, const char *col);
struct uuid	 db_uuid(const struct db_rows *, size_t row, const char *col);
const char	*db_cell(const struct db_rows *, size_t row, size_t col);

/* Arguments, in the statement's order; db_run_args() gives int4 its width. */
#define DB_ARGS_MAX	32

struct db_args {
	const char	*value[DB_ARGS_MAX];
	int		 length[DB_ARGS_MAX];
	int		 format[DB_ARGS_MAX];
	uint8_t		 count;
	struct arena	*arena;
};

void	db_args_init(struct db_args *, struct arena *);
void	db_args_text(struct db_args *, const char *);	/* text, jsonb, text[]; NULL ok */
void	db_args_int8(struct db_args *, int64_t);		/* int8 and int4 */
void	db_args_int8p(struct db_args *, const int64_t *);	/* NULL ok */
void	db_args_bool(struct db_args *, bool);
void	db_args_boolp(struct db_args *, const bool *);		/* NULL ok */
void	db_args_uuid(struct db_args *, const struct uuid *);	/* NULL ok */
void	db_args_day(struct db_args *, int32_t);			/* DAY_NONE: NULL */
void	db_args_instant(struct db_args *, int64_t);		/* INT64_MIN: NULL */
void	db_args_bytes(struct db_args *, const void *, size_t);
int	db_run_args(struct db *, const struct db_stmt *, struct db_rows *,
	    const struct db_args *) MUST_CHECK;
/*
 * The last statement of a transaction: runs and commits in one round trip.
 * With nothing open it is the only one, without BEGIN and COMMIT. Not DB_READ.
 */
int	db_run_once(struct db *, const struct db_stmt *, struct db_rows *,
	    const struct db_args *) MUST_CHECK;

/*
 * A job of one statement without arguments, as the service itself: what changes
 * nothing more when it runs twice, or late. A failure is logged. Coroutine only.
 */
void		 db_alone(const struct db_stmt *);

/*
 * The next db_run_once(), or statement that commits, takes this one along: it
 * runs behind it in the same transaction and the same trip, and its rows are
 * nobody's. The arguments stay where they are; int4 is bound as int8.
 */
void	db_also(struct db *, const struct db_stmt *, const struct db_args *);

/* ---- one per process ---- */
struct db_config {
	const char	*conninfo;	/* without user */
	const char	*schema;	/* roles <schema>_app and <schema>_system */
	const char	*password;
	int		 read_conns, write_conns, queue;
	int		 wait_ms, statement_ms, slow_ms;
};

int		 db_start(const struct db_config *, const struct db_stmt *const *stmts) MUST_CHECK;
bool		 db_ready(void);		/* some connection of each lane is up */
void		 db_stop(void);
/* Called on the main stack after a commit that wrote events. */
void		 db_on_emit(void (*)(void));
/*
 * Called on the main stack after each commit of a transaction, whatever it did;
 * not for :read statements on the shared lane. It must be quick.
 */
void		 db_on_commit(void (*)(void));
/*
 * Called on the main stack when a connection ended unasked. If the server
 * crashed, commits that did not wait for the disk may be taken back.
 */
void		 db_on_lost(void (*)(void));

#endif
