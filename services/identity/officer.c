/*
 * officer.c -- officers sign in with a password (Argon2id) and a one-time
 * code (TOTP). An unknown account costs and answers the same as a wrong
 * password; five failures lock the account for fifteen minutes.
 */
#include "identity.h"
#include "totp.h"
#include "base/clock.h"
#include "crypt/crypt.h"
#include "identity_sql.h"

struct officer_in {
	const char	*login;
	const char	*password;
	const char	*totp;
};

static int	officer_session_open(struct call *);
static int64_t	officer_step(struct call *, const char *, const char *);
static int	officer_refuse(struct call *, const struct uuid *);

static const struct field officer_in_fields[] = {
	FIELD_TEXT(officer_in, login, REQUIRED, 3, 40, "账号"),
	FIELD_TEXT(officer_in, password, REQUIRED, 8, 128, "口令"),
	FIELD_TEXT(officer_in, totp, REQUIRED, 6, 6, "动态码"),
	FIELD_END
};

const struct route officer_routes[] = {
	{ .name = "officer_session_open", .method = METHOD_POST,
	  .path = "/v1/identity/officer-sessions",
	  .callers = ROLE_ANYONE, .scope = SCOPE_PUBLIC, .action = "identity.officer.sign_in",
	  .body = INPUT(officer_in, officer_in_fields), .reply = tokens_shape,
	  .handler = officer_session_open, .lane = DB_SYSTEM, .limit = LIMIT_LOGIN, .key = KEY_NONE,
	  .zh = "工作人员登录", .en = "Sign in as an officer" },
	ROUTE_END
};

static int
officer_session_open(struct call *c)
{
	const struct officer_in	*in = c->body;
	struct principal	 who;
	struct uuid		 id;
	int			 error;

	if ((error = officer_prove(c, in->login, in->password, in->totp, &id)) == -1)
		return (call_failed(c));
	if (error != 0)
		return (call_reject(c, (enum error_code)error, NULL));
	if (principal_of_officer(c, &id, &who) == -1)
		return (call_failed(c));
	if (who.ngrants == 0)
		return (call_reject(c, ERR_FORBIDDEN, NULL));
	return (tokens_reply(c, SESSION_OFFICER, &who, NULL));
}

/* No connection is held while hashing. */
int
officer_prove(struct call *c, const char *login, const char *password, const char *totp,
    struct uuid *id)
{
	struct db_rows	 rows;
	const char	*hash, *sealed = NULL;
	int64_t		 step;
	bool		 known, locked = false;
	int		 match;

	if (sql_officer_by_login(c->db, &rows, login) == -1)
		return (-1);
	known = rows.count == 1;
	hash = known ? db_text(&rows, 0, "password_hash") : password_dummy();
	if (known) {
		*id = db_uuid(&rows, 0, "id");
		sealed = db_text(&rows, 0, "totp_sealed");
		locked = db_bool(&rows, 0, "locked");
	}
	if (db_commit(c->db) == -1)
		return (-1);
	if ((match = password_check(c, hash, password)) == -1)
		return (ERR_BUSY);
	if (locked)
		return (ERR_AUTH_LOCKED);
	if (!known || !match || (step = officer_step(c, sealed, totp)) == 0)
		return (officer_refuse(c, known ? id : NULL));
	if (sql_officer_passed(c->db, &rows, id, step) == -1)
		return (-1);
	return (rows.count == 1 ? 0 : officer_refuse(c, id));
}

static int64_t
officer_step(struct call *c, const char *sealed, const char *code)
{
	const char	*text;
	void		*secret;
	size_t		 len;

	if ((text = field_open(c->arena, "officer.totp", sealed)) == NULL ||
	    (secret = base64url_decode(c->arena, text, strlen(text), &len)) == NULL)
		return (0);
	return (totp_match(secret, len, code, clock_real_us() / 1000000));
}

static int
officer_refuse(struct call *c, const struct uuid *id)
{
	if (id != NULL && (sql_officer_failed(c->db, NULL, id, OFFICER_TRIES,
	    OFFICER_LOCK_S) == -1 || db_commit(c->db) == -1))
		return (-1);
	return (ERR_AUTH_PASSWORD);
}
