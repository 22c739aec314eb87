/*
 * password.c -- Argon2id away from the loop. The hash string carries its own
 * parameters, so they can be raised without a migration.
 */
#include <sodium.h>

#include "identity.h"
#include "co/co.h"

struct check {
	const char	*hash, *password;
	int		 match;
};

static void	check_run(void *);

int
password_check(struct call *c, const char *hash, const char *password)
{
	struct check	*k = arena_zalloc(c->arena, sizeof(*k));

	k->hash = hash;
	k->password = password;
	if (task_run(check_run, k) == -1)
		return (-1);
	return (k->match);
}

/*
 * Checked when the account does not exist, so that both answers take the
 * same time. It is the hash of 32 random bytes that were thrown away.
 */
const char *
password_dummy(void)
{
	static char	hash[crypto_pwhash_STRBYTES];
	char		secret[32];

	if (hash[0] == '\0') {
		random_bytes(secret, sizeof(secret));
		if (crypto_pwhash_str(hash, secret, sizeof(secret),
		    crypto_pwhash_OPSLIMIT_MIN + 1, 19456 * 1024) != 0)
			hash[0] = '\0';
	}
	return (hash);
}

static void
check_run(void *arg)
{
	struct check	*k = arg;

	k->match = crypto_pwhash_str_verify(k->hash, k->password, strlen(k->password)) == 0;
}
