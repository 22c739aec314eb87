/*
 * ctl_keys.c -- signing keys from a shell: list, add, rotate, retire. What is
 * written here, every identity process reads within seconds.
 */
#include <string.h>

#include "auth/auth.h"
#include "conf/conf.h"
#include "crypt/crypt.h"
#include "ctl/ctl.h"
#include "ctl/pg.h"

#define SEALED_AS	"signing_key.sealed"

static int	keys_list(struct pg *, const char *);
static int	keys_add(struct pg *, const char *);
static int	keys_rotate(struct pg *, const char *);
static int	keys_retire(struct pg *, const char *);
static int	print_one(struct pg *, const struct db_stmt *, const char *, const char *);

static const struct db_param	one_text[] = { { "kid", DB_T_TEXT } };
static const struct db_param	one_number[] = { { "publish_s", DB_T_INT8 } };
static const struct db_param	a_key[] = {
	{ "kid", DB_T_TEXT }, { "alg", DB_T_TEXT }, { "sealed", DB_T_TEXT }, { "jwk", DB_T_JSONB }
};

static const struct db_stmt	list_stmt = { .name = "keys_list",
	.sql = "SELECT kid, alg, state, to_char(published_at AT TIME ZONE 'Asia/Shanghai', "
	    "'YYYY-MM-DD HH24:MI') FROM identity.signing_key ORDER BY published_at" };
static const struct db_stmt	add_stmt = { .name = "keys_add",
	.sql = "INSERT INTO identity.signing_key (kid, alg, state, sealed, jwk) "
	    "VALUES ($1, $2, 'next', $3, $4) RETURNING kid", .params = a_key, .nparams = 4 };
static const struct db_stmt	rotate_stmt = { .name = "keys_rotate",
	.sql = "SELECT identity.signing_rotate($1)", .params = one_number, .nparams = 1 };
static const struct db_stmt	retire_stmt = { .name = "keys_retire",
	.sql = "SELECT identity.signing_withdraw($1)", .params = one_text, .nparams = 1 };

static const struct {
	const char	*name;
	int		(*run)(struct pg *, const char *);
	int		 least, most;
} verbs[] = {
	{ "list", keys_list, 0, 0 },
	{ "add", keys_add, 0, 1 },
	{ "rotate", keys_rotate, 0, 0 },
	{ "retire", keys_retire, 1, 1 },
};

int
ctl_keys(int argc, char **argv)
{
	struct pg	*pg;
	size_t		 i;
	int		 rc;

	for (i = 0; i < NITEMS(verbs); i++)
		if (strcmp(argv[0], verbs[i].name) == 0 && argc - 1 >= verbs[i].least &&
		    argc - 1 <= verbs[i].most)
			break;
	if (i == NITEMS(verbs)) {
		fprintf(stderr, "usage: yjyctl keys list | add [RS256|ES256] | rotate | retire <kid>\n");
		return (2);
	}
	if ((pg = pg_open()) == NULL)
		return (1);
	rc = verbs[i].run(pg, argc > 1 ? argv[1] : NULL);
	pg_close(pg);
	return (rc == 0 ? 0 : 1);
}

static int
keys_list(struct pg *pg, const char *arg UNUSED)
{
	struct pg_rows	rows;
	int		i;

	if (pg_run(pg, &list_stmt, &rows, NULL) == -1)
		return (-1);
	for (i = 0; i < rows.count; i++)
		printf("%s  %s  %-9s  %s\n", pg_cell(&rows, i, 0), pg_cell(&rows, i, 1),
		    pg_cell(&rows, i, 2), pg_cell(&rows, i, 3));
	pg_clear(&rows);
	return (0);
}

static int
keys_add(struct pg *pg, const char *alg)
{
	char		 pem[MINT_PEM_MAX];
	const char	*values[4];
	const void	*fields;
	struct mint_key	 k;
	struct arena	 a;
	size_t		 len;
	int		 r = -1;

	alg = alg != NULL ? alg : conf_text(CONF_KEY_ALG);
	fields = conf_secret(CONF_FIELD_KEYS, &len);
	if ((strcmp(alg, "RS256") != 0 && strcmp(alg, "ES256") != 0) || fields == NULL) {
		fprintf(stderr, "yjyctl: %s\n", fields == NULL ?
		    "YJY_FIELD_KEYS_FILE is not set" : "RS256 or ES256");
		return (-1);
	}
	crypt_init(fields, len, NULL, 0);
	arena_init(&a);
	if (mint_generate(alg, pem) && mint_describe(&a, pem, strlen(pem), &k) == 0) {
		values[0] = k.kid;
		values[1] = k.alg;
		values[2] = field_seal(&a, SEALED_AS, pem);
		values[3] = k.jwk;
		if ((r = pg_run(pg, &add_stmt, NULL, values)) == 0)
			printf("%s  %s  next\n", k.kid, k.alg);
	}
	explicit_bzero(pem, sizeof(pem));
	arena_release(&a);
	return (r);
}

static int
keys_rotate(struct pg *pg, const char *arg UNUSED)
{
	char	publish_s[24];

	(void)snprintf(publish_s, sizeof(publish_s), "%lld",
	    (long long)conf_int(CONF_KEY_PUBLISH_S));
	return (print_one(pg, &rotate_stmt, publish_s, "no key has been published long enough"));
}

static int
keys_retire(struct pg *pg, const char *kid)
{
	return (print_one(pg, &retire_stmt, kid, "no such key, or it is the one that signs"));
}

static int
print_one(struct pg *pg, const struct db_stmt *stmt, const char *value, const char *otherwise)
{
	struct pg_rows	rows;
	const char	*kid;

	if (pg_run(pg, stmt, &rows, &value) == -1)
		return (-1);
	kid = rows.count > 0 ? pg_cell(&rows, 0, 0) : NULL;
	if (kid != NULL)
		printf("%s\n", kid);
	else
		fprintf(stderr, "yjyctl: %s\n", otherwise);
	pg_clear(&rows);
	return (kid != NULL ? 0 : -1);
}
