/*
 * oauth_code.c -- a code becomes tokens (RFC 6749 §4.1.3, RFC 7636 §4.6).
 *
 * Invariant: a code opens one session. Shown again it ends that session
 * (RFC 6749 §4.1.2): whoever showed it second should not have had it.
 */
#include "oauth.h"
#include "crypt/crypt.h"
#include "identity_sql.h"

#define VERIFIER_LEAST	43
#define VERIFIER_MOST	128

static int	code_burn(struct call *, const uint8_t *, const struct db_rows *);
static bool	verifier_fits(struct arena *, const char *, const char *);
static int	code_principal(struct call *, const struct db_rows *, struct principal *);
static int	code_open(struct call *, const struct db_rows *, const uint8_t *,
		    const struct oauth_client *);

int
oauth_code(struct call *c, const struct oauth_form *f, const struct oauth_client *k)
{
	const char	*code = oauth_form_get(f, "code");
	const char	*uri = oauth_form_get(f, "redirect_uri");
	const char	*verifier = oauth_form_get(f, "code_verifier");
	struct db_rows	 rows;
	uint8_t		 hash[HASH_BYTES];

	if (code == NULL || uri == NULL || verifier == NULL)
		return (oauth_error(c, 400, "invalid_request"));
	sha256(code, strlen(code), hash);
	if (sql_code_find(c->db, &rows, hash, sizeof(hash)) == -1)
		return (call_failed(c));
	if (rows.count == 0 || strcmp(db_text(&rows, 0, "client_id"), k->client_id) != 0)
		return (oauth_error(c, 400, "invalid_grant"));
	if (db_bool(&rows, 0, "used") || db_bool(&rows, 0, "late") ||
	    strcmp(db_text(&rows, 0, "redirect_uri"), uri) != 0 ||
	    !verifier_fits(c->arena, verifier, db_text(&rows, 0, "challenge")))
		return (code_burn(c, hash, &rows));
	return (code_open(c, &rows, hash, k));
}

/* Shown twice, late, or by somebody who did not ask for it: worth nothing from now on. */
static int
code_burn(struct call *c, const uint8_t *hash, const struct db_rows *row)
{
	struct uuid	session = db_uuid(row, 0, "session");

	if (!uuid_is_nil(&session) &&
	    sql_session_end_by(c->db, NULL, &session, "code used twice") == -1)
		return (call_failed(c));
	if (sql_code_spend(c->db, NULL, hash, HASH_BYTES, NULL) == -1 || db_commit(c->db) == -1)
		return (call_failed(c));
	return (oauth_error(c, 400, "invalid_grant"));
}

static bool
verifier_fits(struct arena *a, const char *verifier, const char *challenge)
{
	size_t		 len = strlen(verifier);
	uint8_t		 hash[HASH_BYTES];
	const char	*made;

	if (len < VERIFIER_LEAST || len > VERIFIER_MOST || strspn(verifier,
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~") != len)
		return (false);
	sha256(verifier, len, hash);
	made = base64url_encode(a, hash, sizeof(hash));
	return (strlen(made) == strlen(challenge) &&
	    equal_in_constant_time(made, challenge, strlen(made)));
}

static int
code_principal(struct call *c, const struct db_rows *row, struct principal *who)
{
	struct uuid	subject = db_uuid(row, 0, "subject");

	if (strcmp(db_text(row, 0, "kind"), "person") == 0)
		return (principal_of_person(c, &subject, NULL, who));
	return (principal_of_officer(c, &subject, who));
}

static int
code_open(struct call *c, const struct db_rows *row, const uint8_t *hash,
    const struct oauth_client *k)
{
	bool			 person = strcmp(db_text(row, 0, "kind"), "person") == 0;
	const char		*scope = db_text(row, 0, "scope");
	struct session_tokens	 t;
	struct principal	 who;

	if (code_principal(c, row, &who) == -1)
		return (call_failed(c));
	(void)snprintf(who.client, sizeof(who.client), "%s", k->client_id);
	if (scope_narrow(&who, scope, false) == -1)
		return (oauth_error(c, 400, "invalid_scope"));
	if (session_start(c, person ? SESSION_PERSON : SESSION_OFFICER,
	    db_text(row, 0, "method"), scope, &who, &t) == -1 ||
	    sql_code_spend(c->db, NULL, hash, HASH_BYTES, &who.session) == -1)
		return (call_failed(c));
	if (!oauth_word_in(k->grants, "refresh_token"))
		t.refresh = NULL;
	return (tokens_write(c, &who, &t));
}
