/*
 * db_connect.c -- how to reach PostgreSQL: the conninfo string of the
 * settings, its host names resolved once at start (libpq would resolve them
 * inside the loop), and what every connection of ours adds.
 */
#include <sys/socket.h>
#include <netdb.h>

#include "base/buf.h"
#include "base/log.h"
#include "db/db_priv.h"

#define OPTIONS_MAX	64

struct options {
	const char	*key[OPTIONS_MAX];
	const char	*value[OPTIONS_MAX];
	size_t		 n;
};

static int	resolve(const char *);
static int	resolve_one(const char *, struct buf *);
static const char *given(const char *);
static void	put(struct options *, const char *, const char *);
static void	on_notice(void *, const PGresult *);

static PQconninfoOption	*parsed;
static struct buf	 addresses;	/* for hostaddr; empty: sockets or given */

int
conninfo_init(void)
{
	char		*error = NULL;
	const char	*host;

	PQconninfoFree(parsed);
	parsed = PQconninfoParse(db_conf.conninfo, &error);
	if (parsed == NULL) {
		log_error("db: bad connection string: %s", error == NULL ? "?" : error);
		PQfreemem(error);
		return (-1);
	}
	buf_release(&addresses);
	buf_init(&addresses, 4096);
	host = given("host");
	if (host == NULL || *host == '/' || *host == '@' || given("hostaddr") != NULL)
		return (0);
	return (resolve(host));
}

/* Begins a connection; NULL or a bad status is the caller's to see. */
PGconn *
conninfo_connect(const struct db_lane_ *lane)
{
	struct options		 o = { .n = 0 };
	const PQconninfoOption	*p;
	char			 user[80], name[80], settings[256];
	PGconn			*pg;

	for (p = parsed; p->keyword != NULL; p++)
		if (p->val != NULL && strcmp(p->keyword, "options") != 0)
			put(&o, p->keyword, p->val);
	snprintf(user, sizeof(user), "%s_%s", db_conf.schema, lane->role);
	snprintf(name, sizeof(name), "yjy %s %s", db_conf.schema, lane->name);
	snprintf(settings, sizeof(settings), "%s -c statement_timeout=%d",
	    given("options") == NULL ? "" : given("options"), lane->limit_ms);
	put(&o, "user", user);
	put(&o, "application_name", name);
	put(&o, "options", settings);
	put(&o, "client_encoding", "UTF8");
	put(&o, "gssencmode", "disable");	/* opens files, asks the network */
	put(&o, "passfile", "/nonexistent");
	if (addresses.len > 0)
		put(&o, "hostaddr", buf_cstr(&addresses));
	if (db_conf.password != NULL && *db_conf.password != '\0')
		put(&o, "password", db_conf.password);
	o.key[o.n] = o.value[o.n] = NULL;
	pg = PQconnectStartParams(o.key, o.value, 0);
	if (pg != NULL)
		PQsetNoticeReceiver(pg, on_notice, NULL);
	return (pg);
}

/* "db1,db2" -> their first addresses in the same order. */
static int
resolve(const char *hosts)
{
	char	 one[256];
	size_t	 n;

	for (; *hosts != '\0'; hosts += n + (hosts[n] == ',')) {
		n = strcspn(hosts, ",");
		snprintf(one, sizeof(one), "%.*s", (int)n, hosts);
		if (addresses.len > 0)
			buf_addc(&addresses, ',');
		if (resolve_one(one, &addresses) == -1)
			return (-1);
	}
	return (buf_ok(&addresses) ? 0 : -1);
}

static int
resolve_one(const char *host, struct buf *out)
{
	struct addrinfo	 hints = { .ai_socktype = SOCK_STREAM }, *list;
	char		 text[128];
	int		 rc;

	rc = getaddrinfo(host, NULL, &hints, &list);
	if (rc == 0) {
		rc = getnameinfo(list->ai_addr, list->ai_addrlen, text, sizeof(text),
		    NULL, 0, NI_NUMERICHOST);
		freeaddrinfo(list);
	}
	if (rc != 0) {
		log_error("db: cannot resolve %s: %s", host, gai_strerror(rc));
		return (-1);
	}
	buf_adds(out, text);
	return (0);
}

static const char *
given(const char *key)
{
	const PQconninfoOption	*p;

	for (p = parsed; p->keyword != NULL; p++)
		if (strcmp(p->keyword, key) == 0)
			return (p->val);
	return (NULL);
}

/* A later value takes the place of an earlier one. */
static void
put(struct options *o, const char *key, const char *value)
{
	size_t	i;

	for (i = 0; i < o->n; i++)
		if (strcmp(o->key[i], key) == 0)
			break;
	if (i == OPTIONS_MAX - 1)
		log_die("db: more than %d connection options", OPTIONS_MAX - 1);
	o->key[i] = key;
	o->value[i] = value;
	if (i == o->n)
		o->n++;
}

static void
on_notice(void *arg UNUSED, const PGresult *r)
{
	const char	*state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
	const char	*text = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);

	log_info("db: notice %s: %s", state == NULL ? "-" : state, text == NULL ? "" : text);
}
