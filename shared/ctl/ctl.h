/* ctl.h -- the commands of yjyctl; each returns the exit code. */
#ifndef YJY_CTL_H
#define YJY_CTL_H

#include "base/buf.h"

struct pg;

#define CTL_PATH	1024
#define CTL_SCHEMAS	32
#define CTL_FILE_MAX	((size_t)64 << 20)

int	ctl_migrate(int argc, char **argv);
int	ctl_load_reference(int argc, char **argv);
int	ctl_check_sql(int argc, char **argv);
int	ctl_audit_verify(int argc, char **argv);	/* [schema] */
int	ctl_audit_archive(int argc, char **argv);	/* directory [schema] */
int	ctl_keys(int argc, char **argv);
int	ctl_enrol(int argc, char **argv);
int	ctl_field_keys(int argc, char **argv);
int	ctl_reseal(int argc, char **argv);
int	ctl_figures(int argc, char **argv);	/* check | rebuild | catch-up */
int	ctl_backtest(int argc, char **argv);

/* Opens the field keys; the prefix of values under the newest. NULL: printed why. */
const char *ctl_field_keys_open(void);

/* The migrations of one schema, into an empty database (migrate.c). */
int	ctl_migrate_one(struct pg *, const char *schema) MUST_CHECK;

/* ---- files.c ---- */
struct ctl_names {
	char	**name;		/* sorted */
	size_t	  count;
};

/* Schemas that have migrations: platform first, then by name. */
int	ctl_schemas(struct ctl_names *) MUST_CHECK;
/* Names in sql/<schema>[/<sub>] with that ending, sorted. A missing folder is empty. */
int	ctl_list(const char *schema, const char *sub, const char *ending,
	    struct ctl_names *) MUST_CHECK;
void	ctl_names_free(struct ctl_names *);
char   *ctl_path(char out[CTL_PATH], const char *schema, const char *sub, const char *name);
int	ctl_read(const char *path, struct buf *) MUST_CHECK;	/* whole file; buf is initialised */
void	ctl_sha256(const struct buf *, char hex[65]);

#endif
