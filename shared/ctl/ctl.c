/*
 * ctl.c -- yjyctl: what an administrator does to the platform from a shell.
 * One row a command; settings come from the environment as everywhere.
 */
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "conf/conf.h"
#include "ctl/ctl.h"

static int	ctl_config(int, char **);
static int	ctl_clock(int, char **);
static int	usage(void);

static const struct {
	const char	*name;
	int		(*run)(int, char **);
	int		 least, most;		/* arguments */
	const char	*help;
} commands[] = {
	{ "migrate", ctl_migrate, 0, 0, "bring the database to the state of sql/" },
	{ "load-reference", ctl_load_reference, 0, 0, "copy changed code tables to the database" },
	{ "check-sql", ctl_check_sql, 0, 0, "prepare every statement on the migrated database" },
	{ "audit-verify", ctl_audit_verify, 0, 1, "[service]  recompute the chain over the audit trail" },
	{ "audit-archive", ctl_audit_archive, 1, 2, "<folder> [service]  move rows past YJY_AUDIT_KEEP_DAYS to files" },
	{ "keys", ctl_keys, 1, 2, "list | add [RS256|ES256] | rotate | retire <kid>  signing keys" },
	{ "enrol", ctl_enrol, 0, 0, "print the first administrators' links, while there is no officer" },
	{ "config", ctl_config, 0, 0, "print every setting with its source" },
	{ "field-keys", ctl_field_keys, 2, 2, "add aes|sm4 | drop <id>  the keys of personal fields" },
	{ "reseal", ctl_reseal, 0, 2, "[--batch n]  bring every sealed value under the newest key" },
	{ "figures", ctl_figures, 1, 1, "check | rebuild  count monitoring's figures again from the event logs" },
