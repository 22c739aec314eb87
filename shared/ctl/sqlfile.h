/*
 * sqlfile.h -- reads sql/<schema>/queries/<resource>.sql: named statements.
 *
 *	-- name: vacancy_open :one
 *	-- args: org uuid, title text, pay_min int8?
 *	INSERT INTO jobs.vacancy ... VALUES ($1, $title, $pay_min);
 *
 * A parameter is written $1 or by its name. Comments are removed and names
 * replaced by numbers; every argument must be used. `:read` is written as the
 * word `read` behind the cardinality; `tells` there says that triggers of the
 * table it changes write events. A list of arguments goes on behind a
 * comma on the next comment line. The generator (build/sqlgen.c) and yjyctl
 * check-sql read statements through this one parser.
 */
#ifndef YJY_SQLFILE_H
#define YJY_SQLFILE_H

#include "db/db.h"

struct sqlfile_arg {
	char		*name;
	enum db_type	 type;
	bool		 optional;	/* `?`: the C parameter is a pointer */
};

struct sqlfile_stmt {
	char			*name;
	enum db_card		 card;
	bool			 read;
	bool			 emits;		/* inserts into an outbox, or a trigger does */
	struct sqlfile_arg	 args[DB_ARGS_MAX];
	size_t			 nargs;
	char			*sql;		/* no comments, numbered parameters */
	char			*file;		/* as given to sqlfile_read */
	int			 line;
};

struct sqlfile {
	struct sqlfile_stmt	*stmts;
	size_t			 count;
	char			 error[512];	/* "file:line: what", after -1 */
};

/* Adds the statements of one file. -1: `error` says where and why. */
int		 sqlfile_read(struct sqlfile *, const char *path) MUST_CHECK;
void		 sqlfile_free(struct sqlfile *);
const char	*sqlfile_type(enum db_type);	/* "int8" */

#endif
