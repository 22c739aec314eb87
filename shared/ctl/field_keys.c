/*
 * field_keys.c -- the file of field keys, changed under running services: a new key
 * is written where it opens but does not seal, and only when every program has
 * read it is it moved to the end, where it seals.
 *
 * Invariant: the file is replaced whole (rename), keeps its owner and is 0600;
 * no key is dropped while a row needs it.
 */
#include <sys/stat.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/id.h"
#include "conf/conf.h"
#include "crypt/crypt.h"
#include "ctl/ctl.h"
#include "ctl/pg.h"
#include "platform_sql.h"

#define SETTLE_S	5	/* programs look at the file every two seconds */
#define KEYS_MAX	(64 * 1024)
#define LINE_MAX_	256

static int	 add_field(const char *);
static int	 drop_field(const char *);
static int64_t	 rows_under(const char *);
static int	 file_write(const char *);
static void	 next_id(const char *, char *, size_t);
static const char *last_line(const char *);

static const char	*path;

/* The prefix of values under the newest key; NULL: printed why not. */
const char *
ctl_field_keys_open(void)
{
	static char	 fresh[LINE_MAX_];
	const char	*text, *index, *last;
	size_t		 len, index_len;

	text = conf_secret(CONF_FIELD_KEYS, &len);
	index = conf_secret(CONF_INDEX_KEY, &index_len);
	if (text == NULL) {
		fprintf(stderr, "yjyctl: YJY_FIELD_KEYS_FILE is not set\n");
		return (NULL);
	}
	crypt_init(text, len, index, index_len);
	path = conf_secret_file(CONF_FIELD_KEYS);
	last = last_line(text);
	(void)snprintf(fresh, sizeof(fresh), "k%.*s.", (int)strcspn(last, " "), last);
	return (fresh);
}

int
ctl_field_keys(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[0], "add") == 0 &&
	    (strcmp(argv[1], "aes") == 0 || strcmp(argv[1], "sm4") == 0))
		return (ctl_field_keys_open() == NULL ? 1 : add_field(argv[1]));
	if (argc == 2 && strcmp(argv[0], "drop") == 0)
		return (ctl_field_keys_open() == NULL ? 1 : drop_field(argv[1]));
	fprintf(stderr, "yjyctl: field-keys add aes|sm4, field-keys drop <id>\n");
	return (2);
}

static int
add_field(const char *alg)
{
	const char	*text, *last;
	struct arena	 a;
	uint8_t		 key[32];
	size_t		 len, bytes = alg[0] == 'a' ? 32 : 16;
	char		 id[20], *line;
	int		 rc = 1;

	arena_init(&a);
	text = conf_secret(CONF_FIELD_KEYS, &len);
	next_id(text, id, sizeof(id));
	random_bytes(key, bytes);
	line = arena_printf(&a, "%s %s %s\n", id, alg, hex_encode(&a, key, bytes));
	last = last_line(text);
	if (file_write(arena_printf(&a, "%.*s%s%s\n", (int)(last - text), text, line, last)) == -1)
		goto out;
	printf("key %s (%s) is known; it seals in %d seconds\n", id, alg, SETTLE_S);
	sleep(SETTLE_S);
	if (file_write(arena_printf(&a, "%s\n%s", text, line)) == -1)
		goto out;
	printf("key %s seals from now on; yjyctl reseal brings old values under it\n", id);
	rc = 0;
out:
	explicit_bzero(key, sizeof(key));
	arena_release(&a);
	return (rc);
}

static int
drop_field(const char *id)
{
	const char	*text, *line, *stop, *last;
	struct arena	 a;
	char		*kept;
	size_t		 len, n = strlen(id);
	int64_t		 rows;
	bool		 found = false;

	text = conf_secret(CONF_FIELD_KEYS, &len);
	last = last_line(text);
	arena_init(&a);
	kept = arena_strdup(&a, "");
	for (line = text; *line != '\0'; line = *stop == '\0' ? stop : stop + 1) {
		stop = line + strcspn(line, "\n");
		if (strncmp(line, id, n) == 0 && line[n] == ' ' && line != last)
			found = true;
		else
			kept = arena_printf(&a, "%s%.*s\n", kept, (int)(stop - line), line);
	}
	if (!found)
		fprintf(stderr, "yjyctl: no key %s, or it is the one that seals\n", id);
	else if ((rows = rows_under(id)) != 0) {
		if (rows > 0)
			fprintf(stderr, "yjyctl: %lld rows are under key %s: reseal first\n",
			    (long long)rows, id);
		found = false;
	} else if (file_write(kept) == -1)
		found = false;
	else
		printf("key %s is gone\n", id);
	arena_release(&a);
	return (found ? 0 : 1);
}

/* -1: printed why it is not known. */
static int64_t
rows_under(const char *id)
{
	char		 prefix[LINE_MAX_];
	const char	*values[4] = { NULL, NULL, prefix, "false" };
	struct pg_rows	 columns, rows;
	struct pg	*pg;
	int64_t		 n = 0;
	int		 i;

	(void)snprintf(prefix, sizeof(prefix), "k%s.", id);
	if ((pg = pg_open()) == NULL)
		return (-1);
	if (pg_run(pg, &stmt_ctl_sealed_columns, &columns, NULL) == -1) {
		pg_close(pg);
		return (-1);
	}
	for (i = 0; i < columns.count && n >= 0; i++) {
		values[0] = pg_cell(&columns, i, 0);
		values[1] = pg_cell(&columns, i, 1);
		if (pg_run(pg, &stmt_ctl_reseal_count, &rows, values) == -1) {
			n = -1;
			break;
		}
		n += strtoll(pg_cell(&rows, 0, 0), NULL, 10);
		pg_clear(&rows);
	}
	pg_clear(&columns);
	pg_close(pg);
	return (n);
}

static int
file_write(const char *text)
{
	struct stat	 st;
	char		 next[CTL_PATH];
	size_t		 len = strlen(text);
	int		 fd;

	(void)snprintf(next, sizeof(next), "%s.new", path);
	if (stat(path, &st) == -1 || (fd = open(next, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)) == -1) {
		perror(next);
		return (-1);
	}
	if (fchmod(fd, 0600) == -1 || (geteuid() == 0 && fchown(fd, st.st_uid, st.st_gid) == -1) ||
	    write(fd, text, len) != (ssize_t)len || fsync(fd) == -1) {
		perror(next);
		close(fd);
		(void)unlink(next);
		return (-1);
	}
	close(fd);
	if (rename(next, path) == -1) {
		perror(path);
		return (-1);
	}
	return (0);
}

/* One more than the largest number among the ids. */
static void
next_id(const char *text, char *id, size_t size)
{
	long	 most = 0, n;
	char	*end;

	for (; *text != '\0'; text += strcspn(text, "\n"), text += *text != '\0') {
		n = strtol(text, &end, 10);
		if (*end == ' ' && n > most)
			most = n;
	}
	(void)snprintf(id, size, "%ld", most + 1);
}

static const char *
last_line(const char *text)
{
	const char	*last = text, *p;

	for (p = text; *p != '\0'; p++)
		if ((p == text || p[-1] == '\n') && *p != '\n' && *p != '#')
			last = p;
	return (last);
}
