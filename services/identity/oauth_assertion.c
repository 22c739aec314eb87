/*
 * oauth_assertion.c -- a client signs for itself (RFC 7523 §3): one JWT, of
 * its own key, for us, good for a minute and for one use.
 */
#include "oauth.h"
#include "auth/assertion.h"
#include "base/clock.h"
#include "conf/conf.h"
#include "crypt/crypt.h"
#include "identity_sql.h"

#define LIFE_S		60
#define SKEW_S		5	/* its clock may be ahead of ours */
#define JTI_MAX		128

static bool	claims_ok(struct call *, const struct json *, const char *, int64_t *);
static bool	audience_ok(struct call *, const struct json *);
static bool	is_us(const char *, const char *, const char *);

int
oauth_assertion_check(struct call *c, const struct oauth_client *k, const char *token)
{
	const struct json	*claims;
	struct db_rows		 rows;
	int64_t			 exp_s;

	if (auth_assertion_check(c->arena, k->jwks, strlen(k->jwks), token, strlen(token),
	    &claims) != AUTH_OK || !claims_ok(c, claims, k->client_id, &exp_s))
		return (0);
	/* Spent whatever becomes of the request. */
	if (sql_client_assertion_spend(c->db, &rows, &k->id, json_string(json_get(claims, "jti")),
	    LIFE_S + 2 * SKEW_S) == -1 || db_commit(c->db) == -1)
		return (-1);
	return (rows.count == 1);
}

const char *
oauth_assertion_names(struct arena *a, const char *token)
{
	return (json_string(json_get(auth_assertion_claims(a, token, strlen(token)), "sub")));
}

static bool
claims_ok(struct call *c, const struct json *claims, const char *client_id, int64_t *exp_s)
{
	const char	*iss = json_string(json_get(claims, "iss"));
	const char	*sub = json_string(json_get(claims, "sub"));
	const char	*jti = json_string(json_get(claims, "jti"));
	int64_t		 now_s = clock_real_us() / 1000000, nbf = 0;

	if (iss == NULL || sub == NULL || strcmp(iss, client_id) != 0 || strcmp(sub, client_id) != 0)
		return (false);
	if (jti == NULL || jti[0] == '\0' || strlen(jti) > JTI_MAX || !audience_ok(c, claims))
		return (false);
	if (!json_integer(json_get(claims, "exp"), exp_s) ||
	    (json_get(claims, "nbf") != NULL && !json_integer(json_get(claims, "nbf"), &nbf)))
		return (false);
	return (*exp_s > now_s && *exp_s <= now_s + LIFE_S + SKEW_S && nbf <= now_s + SKEW_S);
}

/* The issuer or the token endpoint; in a list, one of them. */
static bool
audience_ok(struct call *c, const struct json *claims)
{
	const struct json	*aud = json_get(claims, "aud");
	const char		*issuer = conf_text(CONF_ISSUER);
	const char		*endpoint = arena_printf(c->arena, "%s/oauth/token", issuer);
	size_t			 i;

	if (json_string(aud) != NULL)
		return (is_us(json_string(aud), issuer, endpoint));
	for (i = 0; json_is_array(aud) && i < json_count(aud); i++)
		if (is_us(json_string(json_at(aud, i)), issuer, endpoint))
			return (true);
	return (false);
}

static bool
is_us(const char *aud, const char *issuer, const char *endpoint)
{
	return (aud != NULL && (strcmp(aud, issuer) == 0 || strcmp(aud, endpoint) == 0));
}
