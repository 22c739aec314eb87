/*
 * files.c -- the folder sql/ as yjyctl sees it: schemas, migrations, checks,
 * statements, code tables.
 */
#include <dirent.h>
#include <errno.h>

#include "conf/conf.h"
#include "crypt/crypt.h"
#include "ctl/ctl.h"

static int	list(const char *, const char *, bool, struct ctl_names *);
static int	add(struct ctl_names *, const char *);
static int	by_name(const void *, const void *);
static int	platform_first(const void *, const void *);

int
ctl_schemas(struct ctl_names *out)
{
	struct ctl_names	all, files;
	size_t			i;
	int			rc = 0;

	memset(out, 0, sizeof(*out));
	if (list(conf_text(CONF_SQL), "", true, &all) == -1)
		return (-1);
	for (i = 0; i < all.count && rc == 0; i++) {
		rc = ctl_list(all.name[i], NULL, ".sql", &files);
		if (rc == 0 && files.count > 0)
			rc = add(out, all.name[i]);
		ctl_names_free(&files);
	}
	ctl_names_free(&all);
	if (out->count > 0)
		qsort(out->name, out->count, sizeof(*out->name), platform_first);
	return (rc);
}

int
ctl_list(const char *schema, const char *sub, const char *ending, struct ctl_names *out)
{
	char	path[CTL_PATH];

	return (list(ctl_path(path, schema, sub, NULL), ending, false, out));
}

void
ctl_names_free(struct ctl_names *names)
{
	size_t	i;

	for (i = 0; i < names->count; i++)
		free(names->name[i]);
	free(names->name);
	memset(names, 0, sizeof(*names));
}

char *
ctl_path(char out[CTL_PATH], const char *schema, const char *sub, const char *name)
{
	snprintf(out, CTL_PATH, "%s/%s%s%s%s%s", conf_text(CONF_SQL), schema,
	    sub == NULL ? "" : "/", sub == NULL ? "" : sub,
	    name == NULL ? "" : "/", name == NULL ? "" : name);
	return (out);
}

int
ctl_read(const char *path, struct buf *out)
{
	FILE	*f = fopen(path, "r");
	char	 part[4096];
	size_t	 n;
	bool	 bad;

	if (f == NULL) {
		fprintf(stderr, "yjyctl: %s: %s\n", path, strerror(errno));
		return (-1);
	}
	buf_clear(out);
	while ((n = fread(part, 1, sizeof(part), f)) > 0)
		buf_add(out, part, n);
	bad = ferror(f) != 0 || !buf_ok(out);
	fclose(f);
	if (bad)
		fprintf(stderr, "yjyctl: %s: cannot be read or is too long\n", path);
	return (bad ? -1 : 0);
}

void
ctl_sha256(const struct buf *b, char hex[65])
{
	uint8_t	sum[CHAIN_BYTES];
	size_t	i;

	sha256(b->data == NULL ? "" : b->data, b->len, sum);
	for (i = 0; i < sizeof(sum); i++)
		snprintf(hex + 2 * i, 3, "%02x", sum[i]);
}

static int
list(const char *path, const char *ending, bool folders, struct ctl_names *out)
{
	struct dirent	*e;
	DIR		*d;
	size_t		 n, end = strlen(ending);
	int		 rc = 0;

	memset(out, 0, sizeof(*out));
	if ((d = opendir(path)) == NULL) {
		if (errno == ENOENT && !folders)
			return (0);
		fprintf(stderr, "yjyctl: %s: %s\n", path, strerror(errno));
		return (-1);
	}
	while (rc == 0 && (e = readdir(d)) != NULL) {
		n = strlen(e->d_name);
		if (e->d_name[0] == '.' || n < end || strcmp(e->d_name + n - end, ending) != 0 ||
		    (folders && strchr(e->d_name, '.') != NULL))
			continue;
		rc = add(out, e->d_name);
	}
	closedir(d);
	if (out->count > 0)
		qsort(out->name, out->count, sizeof(*out->name), by_name);
	return (rc);
}

static int
add(struct ctl_names *names, const char *name)
{
	char	**more = realloc(names->name, (names->count + 1) * sizeof(*more));

	if (more == NULL || (more[names->count] = strdup(name)) == NULL)
		return (-1);
	names->name = more;
	names->count++;
	return (0);
}

static int
by_name(const void *a, const void *b)
{
	return (strcmp(*(char *const *)a, *(char *const *)b));
}

static int
platform_first(const void *a, const void *b)
{
	int	pa = strcmp(*(char *const *)a, "platform") == 0;
	int	pb = strcmp(*(char *const *)b, "platform") == 0;

	return (pa != pb ? pb - pa : by_name(a, b));
}
