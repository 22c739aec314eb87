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
	{ "figures", ctl_figures, 1, 1, "check | rebuild | catch-up  monitoring's figures from the event logs" },
	{ "backtest", ctl_backtest, 3, 5, "<rule> <from> <to> [lead days] [version]  try a rule of early warning on the past" },
	{ "clock", ctl_clock, 0, 2, "[set <instant> | advance <days>]  a sandbox's time" },
};

int
main(int argc, char **argv)
{
	struct buf	errors;
	size_t		i;

	setvbuf(stdout, NULL, _IOLBF, 0);
	buf_init(&errors, 65536);
	if (conf_load("yjyctl", &errors) == -1) {
		fprintf(stderr, "yjyctl: settings:\n%s", buf_cstr(&errors));
		return (1);
	}
	buf_release(&errors);
	log_init("yjyctl", LOG_LEVEL_WARN, STDERR_FILENO);
	if (clock_open(conf_text(CONF_CLOCK_FILE)[0] == '\0' ? NULL :
	    conf_text(CONF_CLOCK_FILE)) == -1) {
		fprintf(stderr, "yjyctl: cannot map %s\n", conf_text(CONF_CLOCK_FILE));
		return (1);
	}
	for (i = 0; argc > 1 && i < NITEMS(commands); i++)
		if (strcmp(argv[1], commands[i].name) == 0 &&
		    argc - 2 >= commands[i].least && argc - 2 <= commands[i].most)
			return (commands[i].run(argc - 2, argv + 2));
	return (usage());
}

static int
ctl_config(int argc UNUSED, char **argv UNUSED)
{
	struct buf	out;

	buf_init(&out, 1 << 20);
	conf_print(&out);
	fputs(buf_cstr(&out), stdout);
	buf_release(&out);
	return (0);
}

static int
ctl_clock(int argc, char **argv)
{
	char	 text[INSTANT_TEXT], *end = NULL;
	int64_t	 to = INT64_MIN;

	if (argc == 2 && strcmp(argv[0], "set") == 0)
		to = instant_parse(argv[1]);
	else if (argc == 2 && strcmp(argv[0], "advance") == 0) {
		to = strtoll(argv[1], &end, 10);
		to = end == argv[1] || *end != '\0' || to < -36500 || to > 36500 ? INT64_MIN :
		    clock_now_us() + to * 86400 * 1000000;
	}
	if (argc > 0 && to == INT64_MIN)
		return (usage());
	if (argc > 0 && clock_move(to) == -1) {
		fprintf(stderr, "yjyctl: only a sandbox moves time (YJY_CLOCK_FILE)\n");
		return (1);
	}
	printf("%s\n", instant_format(clock_now_us(), text));
	return (0);
}

static int
usage(void)
{
	size_t	i;

	fprintf(stderr, "usage:\n");
	for (i = 0; i < NITEMS(commands); i++)
		fprintf(stderr, "  yjyctl %-15s %s\n", commands[i].name, commands[i].help);
	return (2);
}
