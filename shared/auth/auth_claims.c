/*
 * auth_claims.c -- from the claims of a token to a principal.
 *
 * auth_claims_judge() runs before the signature is looked at, because it is cheap
 * and refuses most of what is not meant for us; auth_claims_principal() runs after.
 *
 * Invariant: only a service token yields ROLE_SERVICE, and it yields nothing
 * else. A role this program does not know gives no right and is skipped, so
 * that a new role can be introduced while old programs still run.
 */
#include <string.h>

#include "auth/auth_priv.h"

#define SECONDS_MAX	INT64_C(253402300799)	/* the end of the year 9999 */

static enum auth_result	 claims_window(const struct json *, int64_t, int64_t *);
static bool		 audience_has(const struct json *, const char *);
static bool		 seconds_of(const struct json *, const char *, int64_t *);
static enum auth_result	 service_principal(const struct json *, struct principal *);
static bool		 uuid_claim(const struct json *, const char *, struct uuid *);
static bool		 person_claim(const struct json *, struct principal *);
static uint32_t	 rights_claim(const struct json *);
static bool		 actor_claim(const struct json *, struct principal *);
static bool		 session_claims(const struct json *, struct principal *);
static int64_t		 issued_us(const struct json *, const struct uuid *);
static bool		 roles_claim(const struct json *, struct principal *);
static bool		 grant_add(struct principal *, const char *);
static bool		 client_set(struct principal *, const char *);

enum auth_result
auth_claims_judge(const struct json *claims, bool service, int64_t now_s, int64_t *exp_s)
{
	const char	*issuer = json_string(json_get(claims, "iss"));

	if (issuer == NULL || json_get(claims, "aud") == NULL)
		return (AUTH_MALFORMED);
	if (strcmp(issuer, auth_issuer()) != 0 || !audience_has(json_get(claims, "aud"),
	    service ? SERVICE_AUDIENCE : auth_audience()))
		return (AUTH_FORGED);
	return (claims_window(claims, now_s, exp_s));
}

enum auth_result
auth_claims_principal(const struct json *claims, bool service, struct principal *p)
{
	const char	*client = json_string(json_get(claims, "client_id"));
	struct uuid	 jti;

	memset(p, 0, sizeof(*p));
	if (!uuid_claim(claims, "jti", &jti))
		return (AUTH_MALFORMED);
	uuid_format(&jti, p->token_id);
	if (service)
		return (service_principal(claims, p));
	if (!uuid_claim(claims, "sub", &p->subject) || client == NULL ||
	    !client_set(p, client))
		return (AUTH_MALFORMED);
	if (json_get(claims, "org") != NULL) {
		if (!uuid_claim(claims, "org", &p->org))
			return (AUTH_MALFORMED);
		p->has_org = true;
		p->org_rights = rights_claim(json_get(claims, "org_rights"));
	}
	p->issued_us = issued_us(claims, &jti);
	if (!person_claim(claims, p) || !actor_claim(json_get(claims, "act"), p) ||
	    !session_claims(claims, p) || !roles_claim(json_get(claims, "roles"), p))
		return (AUTH_MALFORMED);
	return ((p->roles & ROLE_SERVICE) != 0 ? AUTH_FORGED : AUTH_OK);
}

/* exp must lie ahead, nbf and iat may not, and nothing is valid for long. */
static enum auth_result
claims_window(const struct json *claims, int64_t now_s, int64_t *exp_s)
{
	int64_t	 iat, nbf = 0;

	if (!seconds_of(claims, "exp", exp_s) || !seconds_of(claims, "iat", &iat) ||
	    (json_get(claims, "nbf") != NULL && !seconds_of(claims, "nbf", &nbf)))
		return (AUTH_MALFORMED);
	if (*exp_s <= now_s)
		return (AUTH_EXPIRED);
	if (iat > now_s + SKEW_S || nbf > now_s + SKEW_S || *exp_s - iat > LIFETIME_MAX_S)
		return (AUTH_FORGED);
	return (AUTH_OK);
}

/* A text or a list of texts (RFC 7519 §4.1.3). */
static bool
audience_has(const struct json *aud, const char *wanted)
{
	const char	*one = json_string(aud);
	size_t		 i;

	if (one != NULL)
		return (strcmp(one, wanted) == 0);
	if (!json_is_array(aud))
		return (false);
	for (i = 0; i < json_count(aud); i++) {
		one = json_string(json_at(aud, i));
		if (one != NULL && strcmp(one, wanted) == 0)
			return (true);
	}
	return (false);
}

static bool
seconds_of(const struct json *claims, const char *name, int64_t *out)
{
	return (json_integer(json_get(claims, name), out) && *out >= 0 &&
	    *out <= SECONDS_MAX);
}

static enum auth_result
service_principal(const struct json *claims, struct principal *p)
{
	const char	*service = json_string(json_get(claims, "sub"));

	if (service == NULL || !client_set(p, service))
		return (AUTH_MALFORMED);
	p->roles = ROLE_SERVICE;
	return (AUTH_OK);
}

static bool
uuid_claim(const struct json *claims, const char *name, struct uuid *out)
{
	const char	*text = json_string(json_get(claims, name));

	return (text != NULL && uuid_parse(text, out) && !uuid_is_nil(out));
}

/* `person`: true (the subject is the person), or the person's id. */
static bool
person_claim(const struct json *claims, struct principal *p)
{
	const struct json	*person = json_get(claims, "person");

	if (person == NULL)
		return (true);
	if (json_is_bool(person)) {
		p->has_person = json_is_true(person);
		if (p->has_person)
			p->person = p->subject;
		return (true);
	}
	p->has_person = uuid_claim(claims, "person", &p->person);
	return (p->has_person);
}

/* None named, no right: the token does not say what its bearer may do for the firm. */
static uint32_t
rights_claim(const struct json *rights)
{
	uint32_t	 bits = 0;
	const char	*name;
	size_t		 i;

	for (i = 0; json_is_array(rights) && i < json_count(rights); i++)
		if ((name = json_string(json_at(rights, i))) != NULL)
			bits |= org_right_of(name);
	return (bits);
}

/* {"sub": id}: who is at the keyboard; a chain of actors is not understood. */
static bool
actor_claim(const struct json *act, struct principal *p)
{
	if (act == NULL)
		return (true);
	p->has_actor = json_get(act, "act") == NULL && uuid_claim(act, "sub", &p->actor);
	return (p->has_actor);
}

static bool
session_claims(const struct json *claims, struct principal *p)
{
	const struct json	*amr = json_get(claims, "amr");
	const char		*how;
	size_t			 i;

	if (json_get(claims, "sid") != NULL && !uuid_claim(claims, "sid", &p->session))
		return (false);
	if (json_get(claims, "outlet") != NULL &&
	    !(p->has_outlet = uuid_claim(claims, "outlet", &p->outlet)))
		return (false);
	for (i = 0; i < json_count(amr); i++) {
		how = json_string(json_at(amr, i));
		p->strong = p->strong || (how != NULL && strcmp(how, "mfa") == 0);
	}
	return (amr == NULL || json_is_array(amr));
}

/*
 * `iat` counts whole seconds, and a revocation falls within one. The id of our
 * own tokens is a UUIDv7, which knows the millisecond: believed where it agrees.
 */
static int64_t
issued_us(const struct json *claims, const struct uuid *jti)
{
	int64_t	 iat_us = 0, ms = 0;
	int	 i;

	if (!json_integer(json_get(claims, "iat"), &iat_us))
		return (0);
	iat_us *= US;
	for (i = 0; i < 6; i++)
		ms = ms << 8 | jti->b[i];
	if (jti->b[6] >> 4 != 7 || ms * 1000 < iat_us - US || ms * 1000 > iat_us + 2 * US)
		return (iat_us);
	return (ms * 1000);
}

static bool
roles_claim(const struct json *roles, struct principal *p)
{
	const char	*text;
	size_t		 i, n = json_count(roles);

	if (!json_is_array(roles) || n > PRINCIPAL_ROLES)
		return (false);
	for (i = 0; i < n; i++) {
		text = json_string(json_at(roles, i));
		if (text == NULL || !grant_add(p, text))
			return (false);
	}
	return (true);
}

/* "recheck@431129", or "person" alone. */
static bool
grant_add(struct principal *p, const char *text)
{
	const char	*at = strchr(text, '@');
	size_t		 name_len = at == NULL ? strlen(text) : (size_t)(at - text), area_len;
	char		 name[32];
	enum role	 role;

	if (name_len == 0 || name_len >= sizeof(name))
		return (false);
	memcpy(name, text, name_len);
	name[name_len] = '\0';
	if (at != NULL) {
		area_len = strlen(++at);
		if ((area_len != 6 && area_len != 9 && area_len != 12) ||
		    strspn(at, "0123456789") != area_len)
			return (false);
	}
	if ((role = role_of(name)) == 0)
		return (true);
	p->roles |= role;
	p->grants[p->ngrants].role = role;
	if (at != NULL)
		memcpy(p->grants[p->ngrants].area, at, area_len + 1);
	p->ngrants++;
	return (true);
}

static bool
client_set(struct principal *p, const char *client)
{
	size_t	 len = strlen(client);

	if (len == 0 || len >= sizeof(p->client))
		return (false);
	memcpy(p->client, client, len + 1);
	return (true);
}
