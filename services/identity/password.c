/*
 * password.c -- Argon2id away from the loop, and what a new password must be.
 *
 * The hash string carries its own parameters: they are raised by a setting, and
 * each hash is made again when its owner signs in (password_outdated).
 */
#include <ctype.h>
#include <sodium.h>

#include "identity.h"
#include "officer.h"
#include "base/utf8.h"
#include "co/co.h"
#include "conf/conf.h"
#include "identity_sql.h"

#define AROUND_MAX	6	/* digits and signs around a common password */

struct check {
	const char	*hash, *password;
	int		 match;
};

struct making {
	const char	*password;
	char		 hash[crypto_pwhash_STRBYTES];
	unsigned long long ops;
	size_t		 mem;
	int		 made;
};

static void	check_run(void *);
static void	make_run(void *);
static int	classes_of(const char *);
static bool	has_login(const char *, const char *);
static bool	is_common(const char *);
static int	is_used(struct call *, const struct uuid *, const char *);

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

const char *
password_make(struct call *c, const char *password)
{
	struct making	*m = arena_zalloc(c->arena, sizeof(*m));

	m->password = password;
	m->ops = (unsigned long long)conf_int(CONF_PASSWORD_OPS);
	m->mem = (size_t)conf_int(CONF_PASSWORD_KIB) * 1024;
	return (task_run(make_run, m) == -1 || !m->made ? NULL : m->hash);
}

bool
password_outdated(const char *hash)
{
	return (crypto_pwhash_str_needs_rehash(hash,
	    (unsigned long long)conf_int(CONF_PASSWORD_OPS),
	    (size_t)conf_int(CONF_PASSWORD_KIB) * 1024) != 0);
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
		    (unsigned long long)conf_int(CONF_PASSWORD_OPS),
		    (size_t)conf_int(CONF_PASSWORD_KIB) * 1024) != 0)
			hash[0] = '\0';
	}
	return (hash);
}

/* 0 when it may be taken; otherwise the reply, naming every fault at `pointer`. */
int
password_judge(struct call *c, const struct uuid *officer, const char *login,
    const char *password, const char *pointer)
{
	struct json_errors	errors = { .count = 0 };
	int			used;

#define FAULT(code)	errors.list[errors.count++] = (struct json_error){ pointer, code }
	if (utf8_count(password, strlen(password)) < conf_int(CONF_PASSWORD_MIN))
		FAULT(ERR_F_PASSWORD_SHORT);
	if (classes_of(password) < conf_int(CONF_PASSWORD_CLASSES))
		FAULT(ERR_F_PASSWORD_CLASSES);
	if (has_login(password, login))
		FAULT(ERR_F_PASSWORD_LOGIN);
	if (is_common(password))
		FAULT(ERR_F_PASSWORD_COMMON);
	if (errors.count == 0) {
		if ((used = is_used(c, officer, password)) == -1)
			return (c->db->error != DB_OK ? call_failed(c) :
			    call_reject(c, ERR_BUSY, NULL));
		if (used)
			FAULT(ERR_F_PASSWORD_USED);
	}
#undef FAULT
	return (errors.count == 0 ? 0 : call_reject_fields(c, &errors));
}

static int
classes_of(const char *p)
{
	int	upper = 0, lower = 0, digit = 0, other = 0;

	for (; *p != '\0'; p++) {
		if (*p >= 'A' && *p <= 'Z')
			upper = 1;
		else if (*p >= 'a' && *p <= 'z')
			lower = 1;
		else if (*p >= '0' && *p <= '9')
			digit = 1;
		else
			other = 1;
	}
	return (upper + lower + digit + other);
}

static bool
has_login(const char *password, const char *login)
{
	return (strcasestr(password, login) != NULL);
}

/* Letters in front and behind make another word of it; digits and signs do not. */
static bool
is_common(const char *password)
{
	static const char *const	common[] = {
#define COMMON(text)	text,
#include "common_passwords.def"
#undef COMMON
	};
	size_t				i, k, len = strlen(password), n;
	const char			*at;

	for (i = 0; i < NITEMS(common); i++) {
		n = strlen(common[i]);
		if ((at = strcasestr(password, common[i])) == NULL || len > n + AROUND_MAX)
			continue;
		for (k = 0; k < len; k++)
			if ((password + k < at || password + k >= at + n) &&
			    isalpha((unsigned char)password[k]))
				break;
		if (k == len)
			return (true);
	}
	return (false);
}

/* 1: it is the present one or among the last; no connection is held while hashing. */
static int
is_used(struct call *c, const struct uuid *officer, const char *password)
{
	struct db_rows	rows;
	size_t		i;
	int		match = 0;

	if (sql_password_used(c->db, &rows, officer, conf_int(CONF_PASSWORD_HISTORY)) == -1 ||
	    db_commit(c->db) == -1)
		return (-1);
	for (i = 0; i < rows.count && match == 0; i++)
		match = password_check(c, db_text(&rows, i, "password_hash"), password);
	return (match);
}

static void
check_run(void *arg)
{
	struct check	*k = arg;

	k->match = crypto_pwhash_str_verify(k->hash, k->password, strlen(k->password)) == 0;
}

static void
make_run(void *arg)
{
	struct making	*m = arg;

	m->made = crypto_pwhash_str(m->hash, m->password, strlen(m->password), m->ops, m->mem) == 0;
}
