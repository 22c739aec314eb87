/*
 * signing_keys.c -- the keys that sign access tokens: read from the table by
 * every identity process, drawn when one is lacking, changed by the clock.
 *
 * Invariant: a key signs only after it was published for CONF_KEY_PUBLISH_S,
 * which is longer than the others take to read the set again, and stays
 * published until its last token expired. So no token fails by a change.
 */
#include "oauth.h"
#include "base/log.h"
#include "co/co.h"
#include "conf/conf.h"
#include "crypt/crypt.h"
#include "identity_sql.h"
#include "signing_keys.h"
#include "svc/svc.h"

#define SEALED_AS	"signing_key.sealed"
#define TICK_MS		15000
/* The last token of a retired key, and a process that did not hear of it at once. */
#define KEEP_S		(2 * ACCESS_S)

struct drawing {
	const char	*alg;
	char		 pem[MINT_PEM_MAX];
	bool		 good;
};

static int	keys_read(struct db *, struct db_rows *);
static int	keys_complete(struct db *, const struct db_rows *);
static int	keys_use(struct arena *, const struct db_rows *);
static bool	has_state(const struct db_rows *, const char *);
static int	key_put(struct db *, const char *, const void *, size_t);
static void	draw(void *);
static void	keys_tick(void);

static char	 signing_with[64];		/* kid */
static char	*published;			/* the key set, as it is served */

int
signing_keys_start(void)
{
	const char	*alg = conf_text(CONF_KEY_ALG);

	if (strcmp(alg, "RS256") != 0 && strcmp(alg, "ES256") != 0) {
		log_error("YJY_KEY_ALG is RS256 or ES256");
		return (-1);
	}
	svc_every("signing.tick", TICK_MS, keys_tick);
	return (0);
}

const char *
signing_keys_published(void)
{
	return (published);
}

/* Reads the table, draws what is lacking, signs with the active key. Coroutine. */
int
signing_keys_load(void)
{
	struct arena	a;
	struct db_rows	rows;
	struct db	db;
	int		r = -1;

	arena_init(&a);
	db_init(&db, &a, DB_SYSTEM);
	if (keys_read(&db, &rows) == 0 && keys_complete(&db, &rows) == 0 &&
	    keys_read(&db, &rows) == 0)
		r = keys_use(&a, &rows);
	db_rollback(&db);
	arena_release(&a);
	return (r);
}

static int
keys_read(struct db *db, struct db_rows *rows)
{
	return (sql_signing_keys(db, rows, KEEP_S) == -1 || db_commit(db) == -1 ? -1 : 0);
}

/* The file's key is the first to sign; without a file one is drawn. One waits always. */
static int
keys_complete(struct db *db, const struct db_rows *rows)
{
	const void	*pem;
	size_t		 len;

	if (!has_state(rows, "active")) {
		if ((pem = conf_secret(CONF_SIGNING_KEY, &len)) != NULL) {
			if (key_put(db, "active", pem, len) == -1)
				return (-1);
		} else if (signing_key_draw(db, conf_text(CONF_KEY_ALG), "active") == -1)
			return (-1);
	}
	if (has_state(rows, "next"))
		return (0);
	return (signing_key_draw(db, conf_text(CONF_KEY_ALG), "next"));
}

int
signing_key_draw(struct db *db, const char *alg, const char *state)
{
	struct drawing	*d = arena_zalloc(db->arena, sizeof(*d));
	int		 r = -1;

	d->alg = alg;
	if (task_run(draw, d) == 0 && d->good)
		r = key_put(db, state, d->pem, strlen(d->pem));
	explicit_bzero(d->pem, sizeof(d->pem));
	return (r);
}

static void
draw(void *arg)
{
	struct drawing	*d = arg;

	d->good = mint_generate(d->alg, d->pem);
}

static int
key_put(struct db *db, const char *state, const void *pem, size_t len)
{
	struct mint_key	k;
	char		*text = arena_strndup(db->arena, pem, len);

	if (mint_describe(db->arena, pem, len, &k) == -1) {
		log_error("the signing key cannot be used");
		return (-1);
	}
	if (sql_signing_key_put(db, NULL, k.kid, k.alg, state,
	    field_seal(db->arena, SEALED_AS, text), k.jwk) == -1 || db_commit(db) == -1)
		return (-1);
	log_info("signing key %s (%s) is %s", k.kid, k.alg, state);
	return (0);
}

static int
keys_use(struct arena *a, const struct db_rows *rows)
{
	const char	*pem, *kid;
	struct buf	 b;
	size_t		 i;
	int		 r = -1;

	buf_init(&b, 65536);
	buf_adds(&b, "{\"keys\":[");
	for (i = 0; i < rows->count; i++)
		buf_addf(&b, "%s%s", i > 0 ? "," : "", db_text(rows, i, "jwk"));
	buf_adds(&b, "]}");
	if (!buf_ok(&b) || auth_set_jwks(b.data, b.len) == -1)
		goto out;
	free(published);
	published = strdup(buf_cstr(&b));
	for (i = 0; i < rows->count; i++) {
		kid = db_text(rows, i, "kid");
		if (strcmp(db_text(rows, i, "state"), "active") != 0 ||
		    strcmp(kid, signing_with) == 0)
			continue;
		if ((pem = field_open(a, SEALED_AS, db_text(rows, i, "sealed"))) == NULL ||
		    mint_init(pem, strlen(pem)) == -1) {
			log_error("signing key %s cannot be opened", kid);
			goto out;
		}
		(void)snprintf(signing_with, sizeof(signing_with), "%s", kid);
		log_info("signing with %s", kid);
	}
	r = signing_with[0] != '\0' && published != NULL ? 0 : -1;
out:
	buf_release(&b);
	return (r);
}

static bool
has_state(const struct db_rows *rows, const char *state)
{
	size_t	i;

	for (i = 0; i < rows->count; i++)
		if (strcmp(db_text(rows, i, "state"), state) == 0)
			return (true);
	return (false);
}

/* By the clock, in one process; the others read it. */
static void
keys_tick(void)
{
	int64_t		days = conf_int(CONF_KEY_ROTATE_DAYS);
	struct arena	a;
	struct db_rows	rows;
	struct db	db;

	if (days == 0)
		return;
	arena_init(&a);
	db_init(&db, &a, DB_SYSTEM);
	if (sql_signing_due(&db, &rows, days) == -1 ||
	    (db_bool(&rows, 0, "due") &&
	    sql_signing_rotate(&db, &rows, conf_int(CONF_KEY_PUBLISH_S)) == -1) ||
	    db_commit(&db) == -1)
		log_warn("signing keys were not looked at");
	db_rollback(&db);
	arena_release(&a);
}
