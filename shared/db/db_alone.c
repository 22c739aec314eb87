/*
 * db_alone.c -- periodic work that is one statement over the business clock:
 * run by the service itself, in a transaction of its own.
 */
#include "db/db.h"
#include "base/log.h"

void
db_alone(const struct db_stmt *stmt)
{
	struct db_args	args;
	struct db_rows	rows;
	struct arena	a;
	struct db	db;

	arena_init(&a);
	db_init(&db, &a, DB_SYSTEM);
	db_args_init(&args, &a);
	if (db_run_args(&db, stmt, &rows, &args) == -1 || db_commit(&db) == -1)
		log_warn("%s did not run; it will next time", stmt->name);
	db_rollback(&db);
	arena_release(&a);
}
