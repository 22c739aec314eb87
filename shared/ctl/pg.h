/*
 * pg.h -- PostgreSQL for yjyctl: one connection as the owner, synchronous.
 * Whatever fails is printed with its place; the caller only stops.
 */
#ifndef YJY_CTL_PG_H
#define YJY_CTL_PG_H

#include "base/buf.h"
#include "db/db.h"

struct pg;

struct pg_rows {
	void	*result;
	int	 count, ncols;
};

struct pg	*pg_open(void);		/* NULL: printed why */
struct pg	*pg_open_named(const char *database);	/* another one of the same server */
void		 pg_close(struct pg *);
/* Several statements; `place` (file or statement) goes before an error. */
int		 pg_exec(struct pg *, const char *place, const char *sql) MUST_CHECK;
void		 pg_rollback(struct pg *);
int		 pg_run(struct pg *, const struct db_stmt *, struct pg_rows *,
		    const char *const *values) MUST_CHECK;
/* A statement of all services, for one: @schema@ is that. */
int		 pg_run_in(struct pg *, const char *schema, const struct db_stmt *, struct pg_rows *,
		    const char *const *values) MUST_CHECK;
char		*pg_expand(const char *sql, const char *schema);	/* owned by the caller */
int		 pg_copy_in(struct pg *, const char *place, const char *sql,
		    const char *data, size_t len) MUST_CHECK;
/* Prepares; columns into *rows. -1: `why` says what PostgreSQL said. */
int		 pg_prepare(struct pg *, const char *sql, const enum db_type *types, int ntypes,
		    struct pg_rows *columns, struct buf *why) MUST_CHECK;
/* Plans what was prepared, without running it: permissions are judged. */
int		 pg_explain(struct pg *, int nargs, struct pg_rows *plan,
		    struct buf *why) MUST_CHECK;
void		 pg_forget(struct pg *);	/* what was prepared */
int		 pg_become(struct pg *, const char *role) MUST_CHECK;	/* NULL: the owner again */
int		 pg_set_password(struct pg *, const char *role, const char *password) MUST_CHECK;

const char	*pg_cell(const struct pg_rows *, int row, int col);	/* NULL: NULL */
const char	*pg_column(const struct pg_rows *, int col);
void		 pg_clear(struct pg_rows *);

#endif
