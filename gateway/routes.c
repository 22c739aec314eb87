/*
 * routes.c -- which path belongs to which service. The table below is the
 * default; a file (YJY_ROUTES) takes its place and is read again on SIGHUP:
 *
 *	# comment
 *	service jobs 10.0.0.5:8366,10.0.0.6:8366	(else from its setting)
 *	/v1/jobs jobs
 *	/oauth identity open		judges its callers itself
 *
 * Invariant: what is in no row does not exist for the outside; /internal can
 * be in none. A file with a mistake changes nothing at all.
 */
#include <errno.h>

#include "gateway.h"
#include "base/log.h"
#include "conf/conf.h"

#define PREFIXES_MAX	64
#define BACKENDS_MAX	16
#define WORDS_MAX	4
#define LINE_BYTES	1024

struct table {
	struct prefix	 rows[PREFIXES_MAX];
	size_t		 n;
	struct {
		struct backend	*backend;
		char		 addresses[LINE_BYTES];
	}		 moves[BACKENDS_MAX];	/* services with addresses of the file */
	size_t		 nmoves;
};

static int	table_read(const char *, struct table *);
static const char *line_take(struct table *, char *);
static const char *take_service(struct table *, char **, size_t);
static const char *take_prefix(struct table *, char **, size_t);
static size_t	words_of(char *, char **);
static int	table_use(struct table *);
static int	longer_first(const void *, const void *);
static struct backend *backend_named(const char *);

static const struct {
	const char	*name;
	enum conf_id	 address;
} services[] = {
	{ "identity", CONF_IDENTITY }, { "jobs", CONF_JOBS }, { "training", CONF_TRAINING },
	{ "entrepreneurship", CONF_ENTREPRENEURSHIP }, { "subsidies", CONF_SUBSIDIES },
	{ "monitoring", CONF_MONITORING },
};

static const char	by_default[] =
	"/v1/jobs jobs\n"
	"/v1/identity identity\n"
	"/v1/subsidies subsidies\n"
	"/v1/training training\n"
	"/v1/entrepreneurship entrepreneurship\n"
	"/v1/monitoring monitoring\n"
	"/v1/codes identity\n"
	"/oauth identity open\n"
	"/.well-known identity open\n";

static struct backend	backends[BACKENDS_MAX];
static size_t		nbackends;
static struct table	now;

int
routes_start(void)
{
	static struct table	first;
	const char		*file = conf_text(CONF_ROUTES), *address;
	size_t			 i;

	for (i = 0; i < NITEMS(services); i++) {
		address = conf_text(services[i].address);
		if (address[0] == '\0')
			log_warn("no address of %s: its paths answer 503", services[i].name);
		if (backend_set(backend_named(services[i].name), address) == -1)
			return (-1);
	}
	if (table_read(file[0] != '\0' ? file : NULL, &first) == -1)
		return (-1);
	return (table_use(&first));
}

void
routes_reload(void)
{
	static struct table	next;
	const char		*file = conf_text(CONF_ROUTES);

	if (file[0] == '\0')
		log_warn("routes: no file is set (YJY_ROUTES), nothing to read again");
	else if (table_read(file, &next) == -1 || table_use(&next) == -1)
		log_error("routes: %s is refused, the old routes stay", file);
	else
		log_info("routes: %zu read from %s", now.n, file);
}

/* NULL: the default. Every mistake is named with its line. */
static int
table_read(const char *file, struct table *t)
{
	FILE		*f;
	char		 line[LINE_BYTES];
	const char	*why;
	int		 number = 0, bad = 0;

	memset(t, 0, sizeof(*t));
	f = file != NULL ? fopen(file, "re") :
	    fmemopen((void *)(uintptr_t)by_default, sizeof(by_default) - 1, "r");
	if (f == NULL) {
		log_error("routes: %s: %s", file, strerror(errno));
		return (-1);
	}
	while (fgets(line, sizeof(line), f) != NULL) {
		number++;
		if ((why = line_take(t, line)) != NULL) {
			log_error("routes: line %d: %s", number, why);
			bad++;
		}
	}
	(void)fclose(f);
	if (t->n == 0)
		log_error("routes: none in %s", file);
	return (bad == 0 && t->n > 0 ? 0 : -1);
}

static const char *
line_take(struct table *t, char *line)
{
	char	*words[WORDS_MAX];
	size_t	 n;

	if (strchr(line, '\n') == NULL && strlen(line) + 1 == LINE_BYTES)
		return ("too long");
	line[strcspn(line, "#\n")] = '\0';
	if ((n = words_of(line, words)) == 0)
		return (NULL);
	if (strcmp(words[0], "service") == 0)
		return (take_service(t, words, n));
	return (take_prefix(t, words, n));
}

static const char *
take_service(struct table *t, char **words, size_t n)
{
	struct backend	*b;

	if (n != 3)
		return ("service NAME ADDRESS[,ADDRESS]");
	if (!addresses_ok(words[2]))
		return ("bad address");
	if ((b = backend_named(words[1])) == NULL || t->nmoves == BACKENDS_MAX)
		return ("a name too long, or too many services");
	t->moves[t->nmoves].backend = b;
	(void)snprintf(t->moves[t->nmoves++].addresses, LINE_BYTES, "%s", words[2]);
	return (NULL);
}

static const char *
take_prefix(struct table *t, char **words, size_t n)
{
	struct span	path = { words[0], strlen(words[0]) };
	struct prefix	*p = &t->rows[t->n];
	size_t		 i;

	if (n < 2 || n > 3 || (n == 3 && strcmp(words[2], "open") != 0))
		return ("/PREFIX SERVICE [open]");
	if (t->n == PREFIXES_MAX)
		return ("too many prefixes");
	if (!http1_path_ok(path) || path.len < 2 || path.len >= sizeof(p->path) ||
	    path.p[path.len - 1] == '/' || strncmp(path.p, "/internal", 9) == 0)
		return ("not a prefix that may be open to the outside");
	for (i = 0; i < t->n; i++)
		if (strcmp(t->rows[i].path, path.p) == 0)
			return ("twice the same prefix");
	for (i = 0; i < nbackends && strcmp(backends[i].name, words[1]) != 0; i++)
		continue;
	if (i == nbackends)
		return ("unknown service: its `service` line comes first");
	memcpy(p->path, path.p, path.len + 1);
	p->len = path.len;
	p->backend = i;
	p->open = n == 3;
	t->n++;
	return (NULL);
}

/* More words than anybody takes are reported as one too many. */
static size_t
words_of(char *line, char **words)
{
	size_t	n = 0;

	for (line += strspn(line, " \t\r"); *line != '\0'; line += strspn(line, " \t\r")) {
		if (n < WORDS_MAX)
			words[n] = line;
		n++;
		line += strcspn(line, " \t\r");
		if (*line != '\0')
			*line++ = '\0';
	}
	return (n < WORDS_MAX ? n : WORDS_MAX);
}

static int
table_use(struct table *t)
{
	size_t	i;

	for (i = 0; i < t->nmoves; i++)
		if (backend_set(t->moves[i].backend, t->moves[i].addresses) == -1)
			return (-1);
	qsort(t->rows, t->n, sizeof(t->rows[0]), longer_first);
	now = *t;
	return (0);
}

static int
longer_first(const void *a, const void *b)
{
	const struct prefix	*x = a, *y = b;

	return (x->len < y->len ? 1 : x->len > y->len ? -1 : 0);
}

const struct prefix *
route_of(struct span path)
{
	const struct prefix	*p;

	for (p = now.rows; p < now.rows + now.n; p++)
		if (path.len >= p->len && memcmp(path.p, p->path, p->len) == 0 &&
		    (path.len == p->len || path.p[p->len] == '/'))
			return (p);
	return (NULL);
}

struct backend *
backend_at(size_t i)
{
	return (i < nbackends ? &backends[i] : NULL);
}

/* Made when first named; it stays, whatever a later file says. */
static struct backend *
backend_named(const char *name)
{
	size_t	i;

	for (i = 0; i < nbackends; i++)
		if (strcmp(backends[i].name, name) == 0)
			return (&backends[i]);
	if (nbackends == BACKENDS_MAX || strlen(name) >= sizeof(backends[0].name))
		return (NULL);
	(void)snprintf(backends[i].name, sizeof(backends[i].name), "%s", name);
	backend_start(&backends[i]);
	nbackends++;
	return (&backends[i]);
}
