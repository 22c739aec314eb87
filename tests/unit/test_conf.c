/*
 * test_conf.c -- settings from the environment and secrets from files.
 */
#include <sys/stat.h>

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "conf/conf.h"

extern char	**environ;

static struct buf	errors;
static char		folder[] = "/tmp/test_conf.XXXXXX";
static char		path[64];

static int
folder_make(void **state)
{
	(void)state;
	buf_init(&errors, 65536);
	return (mkdtemp(folder) == NULL ? -1 : 0);
}

static int
folder_remove(void **state)
{
	(void)state;
	buf_release(&errors);
	return (rmdir(folder));
}

/* Every test starts without any setting of ours. */
static int
environment_clear(void **state)
{
	char	name[128];
	size_t	i = 0;

	(void)state;
	while (environ[i] != NULL) {
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(environ[i], "="), environ[i]);
		if (strncmp(name, "YJY_", 4) == 0)
			unsetenv(name);
		else
			i++;
	}
	buf_clear(&errors);
	snprintf(path, sizeof(path), "%s/secret", folder);
	return (0);
}

static int
secret_remove(void **state)
{
	(void)state;
	unlink(path);
	return (0);
}

static void
secret_write(const void *data, size_t len)
{
	int	fd = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0600);

	assert_int_not_equal(fd, -1);
	assert_int_equal(write(fd, data, len), len);
	close(fd);
}

static void
defaults_hold_without_environment(void **state)
{
	size_t	len = 1;

	(void)state;
	assert_int_equal(conf_load("jobs", &errors), 0);
	assert_string_equal(buf_cstr(&errors), "");
	assert_string_equal(conf_text(CONF_AUDIENCE), "yjy365");
	assert_string_equal(conf_text(CONF_PG), "");
	assert_in_range(conf_int(CONF_WRITE_CONNS), 1, 64);
	assert_false(conf_bool(CONF_SANDBOX));
	assert_null(conf_secret(CONF_SERVICE_KEY, &len));
	assert_int_equal(len, 0);
}

static void
environment_is_copied(void **state)
{
	static char	setting[] = "YJY_PG=host=/run/pg dbname=yjy";

	(void)state;
	assert_int_equal(putenv(setting), 0);
	setenv("YJY_BODY_MAX", "2048", 1);
	setenv("YJY_SANDBOX", "on", 1);
	setenv("YJY_AUDIENCE", "", 1);
	assert_int_equal(conf_load("jobs", &errors), 0);
	memset(setting + 7, 'x', sizeof(setting) - 8);
	assert_string_equal(conf_text(CONF_PG), "host=/run/pg dbname=yjy");
	assert_int_equal(conf_int(CONF_BODY_MAX), 2048);
	assert_true(conf_bool(CONF_SANDBOX));
	assert_string_equal(conf_text(CONF_AUDIENCE), "yjy365");
	unsetenv("YJY_PG");
}

static void
bounds_are_included(void **state)
{
	(void)state;
	setenv("YJY_BODY_MAX", "1024", 1);
	setenv("YJY_IMPORT_MAX", "268435456", 1);
	setenv("YJY_DRAIN_MS", "0", 1);
	assert_int_equal(conf_load("jobs", &errors), 0);
	assert_int_equal(conf_int(CONF_BODY_MAX), 1024);
	assert_int_equal(conf_int(CONF_IMPORT_MAX), 268435456);
	assert_int_equal(conf_int(CONF_DRAIN_MS), 0);
}

static void
every_mistake_is_listed(void **state)
{
	(void)state;
	setenv("YJY_BODY_MAX", "1023", 1);
	setenv("YJY_IMPORT_MAX", "268435457", 1);
	setenv("YJY_IDLE_MS", "12x", 1);
	setenv("YJY_HEADER_MS", "99999999999999999999", 1);
	setenv("YJY_BODY_MS", "-", 1);
	setenv("YJY_CALL_MS", "-5", 1);
	setenv("YJY_SANDBOX", "yes", 1);
	setenv("YJY_ISSUER", "two\nlines", 1);
	setenv("YJY_SERVICE_KEY_FILE", "/nonexistent/key", 1);
	assert_int_equal(conf_load("jobs", &errors), -1);
	assert_string_equal(buf_cstr(&errors),
	    "YJY_BODY_MAX: 1023 is not within 1024 and 67108864\n"
	    "YJY_IMPORT_MAX: 268435457 is not within 1024 and 268435456\n"
	    "YJY_IDLE_MS: \"12x\" is not a whole number\n"
	    "YJY_HEADER_MS: 99999999999999999999 is not within 100 and 120000\n"
	    "YJY_BODY_MS: \"-\" is not a whole number\n"
	    "YJY_CALL_MS: -5 is not within 100 and 600000\n"
	    "YJY_SANDBOX: \"yes\" is neither on nor off\n"
	    "YJY_ISSUER: control characters are not allowed\n"
	    "YJY_SERVICE_KEY_FILE: /nonexistent/key: No such file or directory\n");
}

/* A buffer too small for the list still says there were mistakes. */
static void
mistakes_beyond_the_buffer_count(void **state)
{
	struct buf	small;

	(void)state;
	setenv("YJY_BODY_MAX", "x", 1);
	buf_init(&small, 4);
	assert_int_equal(conf_load("jobs", &small), -1);
	buf_release(&small);
}

static void
rows_of_other_programs_are_left_alone(void **state)
{
	size_t	len;

	(void)state;
	setenv("YJY_SIGNING_KEY_FILE", path, 1);
	assert_int_equal(conf_load("jobs", &errors), 0);
	assert_null(conf_secret(CONF_SIGNING_KEY, &len));
	assert_int_equal(conf_load("identity", &errors), -1);
	buf_clear(&errors);
	secret_write("key", 3);
	assert_int_equal(conf_load("identity", &errors), 0);
	assert_memory_equal(conf_secret(CONF_SIGNING_KEY, &len), "key", 4);
	assert_int_equal(conf_load("yjyctl", &errors), 0);
	assert_non_null(conf_secret(CONF_SIGNING_KEY, &len));
	/* Loading again as a program that may not have it forgets it. */
	assert_int_equal(conf_load("jobs", &errors), 0);
	assert_null(conf_secret(CONF_SIGNING_KEY, &len));
}

static void
secrets_lose_one_newline(void **state)
{
	size_t	len;

	(void)state;
	setenv("YJY_INDEX_KEY_FILE", path, 1);
	secret_write("a\0b\n\n", 5);
	assert_int_equal(conf_load("jobs", &errors), 0);
	assert_memory_equal(conf_secret(CONF_INDEX_KEY, &len), "a\0b\n", 5);
	assert_int_equal(len, 4);
	secret_write("key\r\n", 5);
	assert_int_equal(conf_load("jobs", &errors), 0);
	assert_string_equal(conf_secret(CONF_INDEX_KEY, &len), "key");
	secret_write("key", 3);
	assert_int_equal(conf_load("jobs", &errors), 0);
	assert_string_equal(conf_secret(CONF_INDEX_KEY, &len), "key");
	assert_int_equal(len, 3);
}

static void
secrets_have_a_largest_size(void **state)
{
	static char	data[65537];
	size_t		len;

	(void)state;
	memset(data, 'k', sizeof(data));
	setenv("YJY_INDEX_KEY_FILE", path, 1);
	secret_write(data, 65536);
	assert_int_equal(conf_load("jobs", &errors), 0);
	assert_non_null(conf_secret(CONF_INDEX_KEY, &len));
	assert_int_equal(len, 65536);
	secret_write(data, 65537);
	assert_int_equal(conf_load("jobs", &errors), -1);
	assert_non_null(strstr(buf_cstr(&errors), "larger than 64 KB\n"));
	assert_null(strstr(buf_cstr(&errors), "kkk"));
	assert_null(conf_secret(CONF_INDEX_KEY, &len));
}

static void
secrets_are_regular_files_with_content(void **state)
{
	(void)state;
	setenv("YJY_INDEX_KEY_FILE", path, 1);
	secret_write("\n", 1);
	assert_int_equal(conf_load("jobs", &errors), -1);
	assert_non_null(strstr(buf_cstr(&errors), ": empty\n"));
	unlink(path);
	buf_clear(&errors);
	/* A pipe nobody writes to must not stop the start. */
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(conf_load("jobs", &errors), -1);
	assert_non_null(strstr(buf_cstr(&errors), ": not a regular file\n"));
	buf_clear(&errors);
	setenv("YJY_INDEX_KEY_FILE", folder, 1);
	assert_int_equal(conf_load("jobs", &errors), -1);
	assert_non_null(strstr(buf_cstr(&errors), ": not a regular file\n"));
}

static void
the_table_shows_no_secret(void **state)
{
	struct buf	b;
	const char	*text;

	(void)state;
	secret_write("s3cr3t-key", 10);
	setenv("YJY_SERVICE_KEY_FILE", path, 1);
	setenv("YJY_PG", "host=db password='it\\'s hidden' dbname=yjy password=again", 1);
	setenv("YJY_WRITE_CONNECTIONS", "7", 1);
	setenv("YJY_WRITE_CONECTIONS", "8-misspelt", 1);
	assert_int_equal(conf_load("jobs", &errors), 0);
	buf_init(&b, 100000);
	conf_print(&b);
	text = buf_cstr(&b);
	assert_null(strstr(text, "s3cr3t"));
	assert_null(strstr(text, "hidden"));
	assert_null(strstr(text, "again"));
	assert_null(strstr(text, "8-misspelt"));
	assert_non_null(strstr(text, "host=db password=**** dbname=yjy password=****"));
	assert_non_null(strstr(text, "**** (10 bytes in /tmp/test_conf."));
	assert_non_null(strstr(text, "YJY_WRITE_CONECTIONS is set but is no setting\n"));
	assert_non_null(strstr(text, "YJY_WRITE_CONNECTIONS    7 "));
	/* One line a row, a title, and the unknown one. */
	for (size_t rows = 0; ; rows++, text++)
		if ((text = strchr(text, '\n')) == NULL) {
			assert_int_equal(rows, CONF_ROWS + 2);
			break;
		}
	buf_release(&b);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, environment_clear, secret_remove)

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		TEST(defaults_hold_without_environment),
		TEST(environment_is_copied),
		TEST(bounds_are_included),
		TEST(every_mistake_is_listed),
		TEST(mistakes_beyond_the_buffer_count),
		TEST(rows_of_other_programs_are_left_alone),
		TEST(secrets_lose_one_newline),
		TEST(secrets_have_a_largest_size),
		TEST(secrets_are_regular_files_with_content),
		TEST(the_table_shows_no_secret),
	};

	return (cmocka_run_group_tests(tests, folder_make, folder_remove));
}
