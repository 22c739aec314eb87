/*
 * db_sqlstate.c -- the one place where PostgreSQL's error codes become ours.
 * A whole class is given by its two characters.
 */
#include "db/db_priv.h"

static const struct {
	const char	*state;
	enum db_error	 error;
} map[] = {
	{ "23505", DB_UNIQUE },		/* unique_violation */
	{ "23503", DB_FOREIGN },	/* foreign_key_violation */
	{ "23514", DB_CHECK },		/* check_violation */
	{ "23P01", DB_CHECK },		/* exclusion_violation */
	{ "40001", DB_CONFLICT },	/* serialization_failure */
	{ "40P01", DB_CONFLICT },	/* deadlock_detected */
	{ "55P03", DB_CONFLICT },	/* lock_not_available */
	{ "26000", DB_CONFLICT },	/* prepared statement is gone */
	{ "0A000", DB_CONFLICT },	/* its result type has changed */
	{ "42501", DB_DENIED },		/* insufficient_privilege */
	{ "57014", DB_TIMEOUT },	/* statement_timeout */
	{ "P0001", DB_RAISED },		/* RAISE EXCEPTION */
	{ "YJ", DB_RAISED },		/* RAISE with a code of ours */
	{ "25006", DB_DOWN },		/* a standby: failover under way */
	{ "25P03", DB_DOWN },		/* idle in transaction for too long */
	{ "57P", DB_DOWN },		/* shutting down, crashed, starting up */
	{ "08", DB_DOWN },		/* connection exceptions */
	{ "53", DB_DOWN },		/* disk, memory or connections used up */
};

enum db_error
db_error_of(const char *sqlstate)
{
	size_t	i;

	for (i = 0; i < NITEMS(map); i++)
		if (strncmp(sqlstate, map[i].state, strlen(map[i].state)) == 0)
			return (map[i].error);
	return (DB_BUG);
}
