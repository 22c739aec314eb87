/*
 * main.c -- writes a sample city: SQL for psql on standard output, sign-in
 * data and the province's files beside it.
 *
 *   sample --people N --employers N --seed N --sign-in FILE --files DIR
 */
#include <getopt.h>
#include <sodium.h>
#include <stdio.h>
#include <unistd.h>

#include "city.h"
#include "base/log.h"
#include "codes/codes.h"
#include "conf/conf.h"
#include "crypt/crypt.h"

struct options {
	size_t		 people, employers;
	uint64_t	 seed;
	const char	*sign_in, *files;
};

static void	options_read(struct options *, int, char **);
static void	keys_load(void);

int
main(int argc, char **argv)
{
	static struct city	city;
	struct options		o = { .people = 50000, .employers = 3000, .seed = 365 };
	struct buf		errors;

	log_init("sample", LOG_LEVEL_INFO, STDERR_FILENO);
	buf_init(&errors, 65536);
	if (conf_load("sample", &errors) == -1)
		log_die("%s", buf_cstr(&errors));
	options_read(&o, argc, argv);
	if (sodium_init() == -1 || codes_load(conf_text(CONF_REFERENCE)) == -1)
		log_die("sample: cannot start");
	keys_load();
	arena_init(&city.arena);
	city_found(&city, o.seed, o.people, o.employers);
	printf("BEGIN;\n");
	emit_identity(&city);
	emit_desks(&city, o.sign_in);
	emit_jobs(&city);
	emit_subsidies(&city);
	printf("COMMIT;\nANALYZE;\n");
	emit_returned_data(&city, o.files);
	log_flush();
	arena_release(&city.arena);
	return (fflush(stdout) == 0 ? 0 : 1);
}

static void
options_read(struct options *o, int argc, char **argv)
{
	static const struct option	names[] = {
		{ "people", required_argument, NULL, 'p' },
		{ "employers", required_argument, NULL, 'e' },
		{ "seed", required_argument, NULL, 's' },
		{ "sign-in", required_argument, NULL, 'i' },
		{ "files", required_argument, NULL, 'f' },
		{ NULL, 0, NULL, 0 }
	};
	int				ch;

	while ((ch = getopt_long(argc, argv, "", names, NULL)) != -1) {
		switch (ch) {
		case 'p': o->people = strtoul(optarg, NULL, 10); break;
		case 'e': o->employers = strtoul(optarg, NULL, 10); break;
		case 's': o->seed = strtoull(optarg, NULL, 10); break;
		case 'i': o->sign_in = optarg; break;
		case 'f': o->files = optarg; break;
		default: log_die("sample: unknown option");
		}
	}
	if (o->people == 0 || o->employers == 0 || o->sign_in == NULL || o->files == NULL)
		log_die("sample: --people, --employers, --sign-in and --files are needed");
}

static void
keys_load(void)
{
	const void	*fields, *blind;
	size_t		 fields_len, blind_len;

	fields = conf_secret(CONF_FIELD_KEYS, &fields_len);
	blind = conf_secret(CONF_INDEX_KEY, &blind_len);
	if (fields == NULL || blind == NULL)
		log_die("sample: YJY_FIELD_KEYS_FILE and YJY_INDEX_KEY_FILE are needed");
	crypt_init(fields, fields_len, blind, blind_len);
}
