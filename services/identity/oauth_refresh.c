/*
 * oauth_refresh.c -- a refresh token gives the next one.
 *
 * Invariant: a refresh token opens one successor. For a few seconds it gives
 * that same successor again, in case the reply was lost; after that, or once
 * the successor was used, presenting it ends the session: one of the two
 * holders is a thief (RFC 9700 §4.14).
 */
#include "oauth.h"
#include "conf/conf.h"
#include "crypt/crypt.h"
#include "identity_sql.h"

#define SEALED_AS	"refresh.successor"

static int	refresh_end(struct call *, const struct uuid *, const char *);
static int	refresh_principal(struct call *, const struct db_rows *, struct principal *);
static int	refresh_next(struct call *, const struct db_rows *, const uint8_t *,
		    struct session_tokens *);

int
oauth_refresh(struct call *c, const char *token, const struct oauth_client *client,
    const char *scope)
{
	struct session_tokens	t;
	struct principal	who;
	struct db_rows		rows;
	struct uuid		id;
	uint8_t			hash[HASH_BYTES];
	int			known;

	sha256(token, strlen(token), hash);
	if (sql_refresh_find(c->db, &rows, hash, sizeof(hash), conf_int(CONF_REFRESH_GRACE_S),
	    conf_int(CONF_PERSON_IDLE_S), conf_int(CONF_OFFICER_IDLE_S)) == -1)
		return (call_failed(c));
	if (rows.count == 0 || db_bool(&rows, 0, "over") ||
	    (client != NULL && strcmp(client->client_id, db_text(&rows, 0, "client_id")) != 0))
		return (oauth_error(c, 400, "invalid_grant"));
	if (client == NULL && !db_bool(&rows, 0, "public"))
		return (oauth_error(c, 401, "invalid_client"));
	id = db_uuid(&rows, 0, "id");
	if (db_bool(&rows, 0, "used") && !db_bool(&rows, 0, "graced"))
		return (refresh_end(c, &id, "refresh token used twice"));
	if ((known = refresh_principal(c, &rows, &who)) == -1)
		return (call_failed(c));
	if (known == 0)
		return (refresh_end(c, &id, "no right left"));
	if (scope_narrow(&who, db_text(&rows, 0, "scope"), false) == -1 ||
	    scope_narrow(&who, scope, true) == -1)
		return (oauth_error(c, 400, "invalid_scope"));
	if (refresh_next(c, &rows, hash, &t) == -1)
		return (c->db->error != DB_OK ? call_failed(c) : oauth_error(c, 400, "invalid_grant"));
	return (tokens_write(c, &who, &t));
}

/* The end must last although the request is refused. */
static int
refresh_end(struct call *c, const struct uuid *id, const char *why)
{
	if (sql_session_end_by(c->db, NULL, id, why) == -1 || db_commit(c->db) == -1)
		return (call_failed(c));
	return (oauth_error(c, 400, "invalid_grant"));
}

/* 1: who, as of now; 0: the account or the membership is gone; -1 database. */
static int
refresh_principal(struct call *c, const struct db_rows *row, struct principal *who)
{
	struct uuid	subject = db_uuid(row, 0, "subject"), org = db_uuid(row, 0, "org_id");
	bool		person = strcmp(db_text(row, 0, "kind"), "person") == 0;

	if ((person ? principal_of_person(c, &subject, uuid_is_nil(&org) ? NULL : &org, who) :
	    principal_of_officer(c, &subject, who)) == -1)
		return (-1);
	(void)snprintf(who->client, sizeof(who->client), "%s", db_text(row, 0, "client_id"));
	who->session = db_uuid(row, 0, "id");
	who->strong = db_bool(row, 0, "strong");
	who->actor = db_uuid(row, 0, "actor");
	who->has_actor = !uuid_is_nil(&who->actor);
	if (!db_null(row, 0, "outlet")) {
		who->outlet = db_uuid(row, 0, "outlet");
		who->has_outlet = true;
	}
	return (who->ngrants > 0 && (uuid_is_nil(&org) || who->has_org));
}

/* The same successor within the grace, otherwise a new one. */
static int
refresh_next(struct call *c, const struct db_rows *row, const uint8_t *spent,
    struct session_tokens *t)
{
	struct uuid	 id = db_uuid(row, 0, "id");
	uint8_t		 hash[HASH_BYTES];

	t->left_s = db_int(row, 0, "left_s");
	if (db_bool(row, 0, "graced")) {
		t->refresh = field_open(c->arena, SEALED_AS, db_text(row, 0, "successor_sealed"));
		return (t->refresh == NULL ? -1 : 0);
	}
	t->refresh = refresh_make(c->arena, hash);
	return (sql_refresh_rotate(c->db, NULL, spent, HASH_BYTES, &id, hash, sizeof(hash),
	    field_seal(c->arena, SEALED_AS, t->refresh)));
}
