/*
 * officer.c -- officers sign in with a password (Argon2id) and a one-time code
 * (TOTP), or a recovery code in its place.
 *
 * Invariant: status, reply and cost are the same for an unknown account, a
 * disabled one and a wrong secret; the lock too is kept by what was typed, so
 * it tells its owner to wait and others nothing. An attempt is counted before
 * it is judged.
 */
#include "officer.h"
#include "totp.h"
#include "base/clock.h"
#include "conf/conf.h"
#include "crypt/crypt.h"
#include "identity_sql.h"

#define DAY_US	INT64_C(86400000000)

struct new_password_in {
	struct proof	 proof;
	const char	*new_password;
};

struct account {		/* what was found under a login */
	bool		 known, locked;
	struct uuid	 id;
	const char	*hash, *totp, *index;
	int64_t		 password_us;
};

static int	officer_session_open(struct call *);
static int	officer_password_renew(struct call *);
static int	password_replace(struct call *, const struct proof *, const char *, struct account *);
static int	account_find(struct call *, const char *, struct account *);
/* These give 0, -1 after a database error, or the error_code to refuse with. */
static int	account_open(struct call *, const struct proof *, struct account *);
static int	account_check(struct call *, const struct proof *, struct account *);
static int	account_pass(struct call *, const struct proof *, const struct account *);
static bool	password_expired(const struct account *);
static int	rehash(struct call *, const struct account *, const char *);
static int	one_second_factor(struct call *, const struct proof *);

#define PROOF_FIELD(m, req, lo, hi, h) \
	{ .name = #m, .type = FIELD_T_TEXT, .required = req, .offset = offsetof(struct proof, m), \
	  .min = lo, .max = hi, .help = h }

/* `proof` is the first member of new_password_in: offsets are the same. */
#define PROOF_FIELDS							\
	PROOF_FIELD(login, REQUIRED, 3, 40, "账号"),			\
	PROOF_FIELD(password, REQUIRED, 8, 128, "口令"),		\
	PROOF_FIELD(totp, OPTIONAL, 6, 6, "动态码，与恢复码二选一"),	\
	PROOF_FIELD(recovery_code, OPTIONAL, 16, 19, "恢复码，每个只能用一次")

static const struct field proof_fields[] = {
	PROOF_FIELDS,
	FIELD_END
};

static const struct field new_password_fields[] = {
	PROOF_FIELDS,
	FIELD_TEXT(new_password_in, new_password, REQUIRED, 1, 128, "新口令"),
	FIELD_END
};

static const struct shape done_shape[] = {
	{ .name = "changed", .type = SHAPE_T_BOOL, .help = "已修改" },
	SHAPE_END
};

const struct route officer_routes[] = {
	{ .name = "officer_session_open", .method = METHOD_POST,
	  .path = "/v1/identity/officer-sessions",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "identity.officer.sign_in",
	  .body = INPUT(proof, proof_fields), .reply = tokens_shape,
	  .handler = officer_session_open, .lane = DB_SYSTEM, .limit = LIMIT_LOGIN, .key = KEY_NONE,
	  .zh = "工作人员登录", .en = "Sign in as an officer" },
	{ .name = "officer_password_renew", .method = METHOD_POST,
	  .path = "/v1/identity/officer-sessions/new-password",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "identity.officer.renew",
	  .body = INPUT(new_password_in, new_password_fields), .reply = done_shape, .success = 200,
	  .handler = officer_password_renew, .lane = DB_SYSTEM, .limit = LIMIT_LOGIN,
	  .key = KEY_NONE, .emits = "identity.access.revoked.v1",
	  .zh = "口令到期修改", .en = "Change a password, also an expired one" },
	ROUTE_END
};

static int
officer_session_open(struct call *c)
{
	const struct proof	*in = c->body;
	struct principal	 who;
	struct account		 a;
	int			 error;

	if ((error = one_second_factor(c, in)) != 0)
		return (error);
	if ((error = account_open(c, in, &a)) != 0)
		return (officer_refuse(c, error));
	if (principal_of_officer(c, &a.id, &who) == -1 || rehash(c, &a, in->password) == -1)
		return (call_failed(c));
	if (who.ngrants == 0)
		return (call_reject(c, ERR_FORBIDDEN, NULL));
	return (tokens_reply(c, SESSION_OFFICER, &who,
	    in->totp == NULL ? "recovery_code" : "password_totp"));
}

static int
officer_password_renew(struct call *c)
{
	const struct new_password_in	*in = c->body;
	struct account			 a;
	int				 error;

	if ((error = one_second_factor(c, &in->proof)) != 0)
		return (error);
	return (password_replace(c, &in->proof, in->new_password, &a));
}

/* The old secrets are right, the new password may be taken; only then is the code spent. */
int
officer_password(struct call *c, const struct proof *proof, const char *new_password)
{
	struct account	a;

	return (password_replace(c, proof, new_password, &a));
}

static int
password_replace(struct call *c, const struct proof *proof, const char *new_password,
    struct account *a)
{
	struct db_rows	 rows;
	const char	*hash;
	int		 error;

	if ((error = account_check(c, proof, a)) != 0)
		return (officer_refuse(c, error));
	if ((error = password_judge(c, &a->id, proof->login, new_password, "/new_password")) != 0)
		return (error);
	if ((hash = password_make(c, new_password)) == NULL)
		return (call_reject(c, ERR_BUSY, NULL));
	if ((error = account_pass(c, proof, a)) != 0)
		return (officer_refuse(c, error));
	if (sql_password_change(c->db, &rows, &a->id, hash) == -1)
		return (call_failed(c));
	return (call_reply(c, 200, "{\"changed\":true}"));
}

int
officer_prove(struct call *c, const char *login, const char *password, const char *totp,
    struct uuid *id)
{
	struct proof	proof = { .login = login, .password = password, .totp = totp };
	struct account	a;
	int		error;

	if ((error = account_open(c, &proof, &a)) == 0)
		*id = a.id;
	return (error);
}

int
officer_refuse(struct call *c, int error)
{
	return (error == -1 ? call_failed(c) : call_reject(c, (enum error_code)error, NULL));
}

int64_t
officer_step(struct call *c, const char *sealed, const char *code)
{
	const char	*text;
	void		*secret;
	size_t		 len;

	if (sealed == NULL || (text = field_open(c->arena, "officer.totp", sealed)) == NULL ||
	    (secret = base64url_decode(c->arena, text, strlen(text), &len)) == NULL)
		return (0);
	return (totp_match(secret, len, code, clock_real_us() / 1000000));
}

static int
one_second_factor(struct call *c, const struct proof *in)
{
	struct json_errors	errors = { .count = 1 };

	if ((in->totp != NULL) != (in->recovery_code != NULL))
		return (0);
	errors.list[0] = (struct json_error){ "/totp",
	    in->totp == NULL ? ERR_F_MISSING : ERR_F_CHOICE };
	return (call_reject_fields(c, &errors));
}

/* Counts the attempt and commits it: nothing that follows takes it back but success. */
static int
account_find(struct call *c, const char *login, struct account *a)
{
	struct db_rows	rows;

	memset(a, 0, sizeof(*a));
	a->index = blind_index(c->arena, "login", login);
	if (sql_sign_in_try(c->db, &rows, a->index, login, conf_int(CONF_SIGN_IN_TRIES),
	    conf_int(CONF_SIGN_IN_LOCK_S)) == -1)
		return (-1);
	a->known = !db_null(&rows, 0, "id");
	a->locked = db_bool(&rows, 0, "locked");
	a->hash = password_dummy();
	if (a->known) {
		a->id = db_uuid(&rows, 0, "id");
		a->hash = db_text(&rows, 0, "password_hash");
		a->totp = db_text(&rows, 0, "totp_sealed");
		a->password_us = db_int(&rows, 0, "password_us");
	}
	return (db_commit(c->db));
}

/* An expired password is right too, but opens only the way to a new one: its code is kept. */
static int
account_open(struct call *c, const struct proof *in, struct account *a)
{
	int	error;

	if ((error = account_check(c, in, a)) != 0)
		return (error);
	if (!password_expired(a))
		return (account_pass(c, in, a));
	if (sql_sign_in_forget(c->db, NULL, a->index) == -1 || db_commit(c->db) == -1)
		return (-1);
	return (ERR_AUTH_EXPIRED_PASSWORD);
}

/* Password and one-time code are right; no connection is held while hashing. */
static int
account_check(struct call *c, const struct proof *in, struct account *a)
{
	int	match;

	if (account_find(c, in->login, a) == -1)
		return (-1);
	if ((match = password_check(c, a->hash, in->password)) == -1)
		return (ERR_BUSY);
	if (a->locked)
		return (ERR_AUTH_LOCKED);
	if (!a->known || !match ||
	    (in->totp != NULL && officer_step(c, a->totp, in->totp) == 0))
		return (ERR_AUTH_PASSWORD);
	return (0);
}

/* Spends the code; of two requests with one code the second is refused. */
static int
account_pass(struct call *c, const struct proof *in, const struct account *a)
{
	struct db_rows	rows;
	int		rc;

	if (in->totp != NULL)
		rc = sql_officer_passed(c->db, &rows, &a->id,
		    officer_step(c, a->totp, in->totp), a->index);
	else
		rc = sql_recovery_use(c->db, &rows, &a->id,
		    recovery_index(c, &a->id, in->recovery_code), a->index);
	if (rc == -1)
		return (-1);
	return (rows.count == 1 ? 0 : ERR_AUTH_PASSWORD);
}

static bool
password_expired(const struct account *a)
{
	int64_t	days = conf_int(CONF_PASSWORD_DAYS);

	return (days > 0 && clock_real_us() - a->password_us > days * DAY_US);
}

/* The parameters were raised since: the password is at hand only now. */
static int
rehash(struct call *c, const struct account *a, const char *password)
{
	const char	*hash;

	if (!password_outdated(a->hash))
		return (0);
	if (db_commit(c->db) == -1)
		return (-1);
	if ((hash = password_make(c, password)) == NULL)
		return (0);
	return (sql_officer_rehash(c->db, NULL, &a->id, a->hash, hash));
}
