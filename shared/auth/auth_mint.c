/*
 * auth_mint.c -- makes tokens: access tokens with identity's private key,
 * service tokens with the shared one. The only user of libjwt.
 *
 * libjwt holds header and claims and writes them as JSON. It does not sign:
 * version 1.10 puts "JWT" over any `typ` when it encodes (RFC 9068 wants
 * at+jwt) and parses the private key anew for every token. The signature is
 * made with the key that auth_signer.c keeps parsed. A service's own token is
 * kept for half its life.
 */
#include <stdlib.h>
#include <string.h>

#include <jwt.h>

#include "auth/auth_priv.h"
#include "base/clock.h"

#define ROLES_MAX	2048
#define KEPT		8			/* services one process speaks for */
#define KEEP_S		(SERVICE_TTL_S / 2)

struct kept_token {
	char		 service[sizeof(((struct principal *)0)->client)];
	char		*token;
	int64_t		 until_us;
};

static int	 claims_access(jwt_t *, const struct mint *);
static int	 claims_common(jwt_t *, const char *, int64_t, const char *);
static int	 claim_uuid(jwt_t *, const char *, const struct uuid *);
static int	 claims_session(jwt_t *, const struct principal *);
static int	 claim_rights(jwt_t *, const struct principal *);
static int	 claim_roles(jwt_t *, const struct principal *);
static void	 put_role(struct json_out *, enum role, const char *);
static char	*service_mint(struct arena *, const char *);
static int	 header_set(jwt_t *, const char *, const char *, const char *);
static char	*signed_part(struct arena *, jwt_t *);
static struct kept_token *kept_for(const char *);

static struct kept_token kept[KEPT];

/* The token's id is who->token_id when that is set, else a fresh one. */
char *
mint_access(struct arena *a, const struct mint *m)
{
	jwt_t	*jwt = NULL;
	char	*text = NULL, *sig = NULL;

	if (auth_signer_kid() == NULL || auth_issuer() == NULL || m->ttl_s < 1 ||
	    m->ttl_s > LIFETIME_MAX_S || m->who->ngrants > PRINCIPAL_ROLES ||
	    m->who->client[0] == '\0' || (m->who->roles & ROLE_SERVICE) != 0)
		return (NULL);
	if (jwt_new(&jwt) == 0 &&
	    header_set(jwt, "at+jwt", auth_signer_alg(), auth_signer_kid()) == 0 &&
	    claims_access(jwt, m) == 0)
		text = signed_part(a, jwt);
	jwt_free(jwt);
	if (text != NULL)
		sig = auth_signer_sign(a, text, strlen(text));
	return (sig == NULL ? NULL : arena_printf(a, "%s.%s", text, sig));
}

char *
mint_service(struct arena *a, const char *service)
{
	int64_t			 now_us = clock_real_us();
	struct kept_token	*k;
	char			*token;
	size_t			 len = strlen(service);

	if (len == 0 || len >= sizeof(k->service))
		return (NULL);
	k = kept_for(service);
	if (k->token != NULL && now_us < k->until_us && strcmp(k->service, service) == 0)
		return (arena_strdup(a, k->token));
	if ((token = service_mint(a, service)) == NULL)
		return (NULL);
	free(k->token);
	k->token = strdup(token);
	k->until_us = now_us + KEEP_S * US;
	memcpy(k->service, service, len + 1);
	return (token);
}

void
auth_mint_forget(void)
{
	size_t	 i;

	for (i = 0; i < KEPT; i++)
		free(kept[i].token);
	memset(kept, 0, sizeof(kept));
}

static int
claims_access(jwt_t *jwt, const struct mint *m)
{
	const struct principal	*p = m->who;

	if (claims_common(jwt, auth_audience(), m->ttl_s, p->token_id) != 0 ||
	    claim_uuid(jwt, "sub", &p->subject) != 0 ||
	    jwt_add_grant(jwt, "client_id", p->client) != 0 || claim_roles(jwt, p) != 0)
		return (-1);
	if (p->has_person && claim_uuid(jwt, "person", &p->person) != 0)
		return (-1);
	if (p->has_org && (claim_uuid(jwt, "org", &p->org) != 0 || claim_rights(jwt, p) != 0))
		return (-1);
	return (claims_session(jwt, p));
}

/* Which session, and how it was opened. */
static int
claims_session(jwt_t *jwt, const struct principal *p)
{
	char	act[sizeof("{\"act\":{\"sub\":\"\"}}") + UUID_TEXT], id[UUID_TEXT];

	if (!uuid_is_nil(&p->session) && claim_uuid(jwt, "sid", &p->session) != 0)
		return (-1);
	if (p->has_outlet && claim_uuid(jwt, "outlet", &p->outlet) != 0)
		return (-1);
	if (p->strong && jwt_add_grants_json(jwt, "{\"amr\":[\"pwd\",\"otp\",\"mfa\"]}") != 0)
		return (-1);
	if (!p->has_actor)
		return (0);
	snprintf(act, sizeof(act), "{\"act\":{\"sub\":\"%s\"}}", uuid_format(&p->actor, id));
	return (jwt_add_grants_json(jwt, act) == 0 ? 0 : -1);
}

static int
claims_common(jwt_t *jwt, const char *audience, int64_t ttl_s, const char *token_id)
{
	int64_t		 now_s = clock_real_us() / US;
	struct uuid	 id;

	if (!uuid_parse(token_id, &id))
		id = uuid_new();
	if (jwt_add_grant(jwt, "iss", auth_issuer()) != 0 ||
	    jwt_add_grant(jwt, "aud", audience) != 0 ||
	    jwt_add_grant_int(jwt, "iat", now_s) != 0 ||
	    jwt_add_grant_int(jwt, "exp", now_s + ttl_s) != 0)
		return (-1);
	return (claim_uuid(jwt, "jti", &id));
}

static int
claim_uuid(jwt_t *jwt, const char *name, const struct uuid *id)
{
	char	 text[UUID_TEXT];

	return (jwt_add_grant(jwt, name, uuid_format(id, text)));
}

static int
claim_rights(jwt_t *jwt, const struct principal *p)
{
	struct json_out	 out;
	struct buf	 b;
	uint32_t	 bit;
	int		 r;

	buf_init(&b, ROLES_MAX);
	json_out_init(&out, &b);
	json_open(&out, NULL);
	json_open_list(&out, "org_rights");
	for (bit = RIGHT_POST; bit <= RIGHT_MANAGE; bit <<= 1)
		if ((p->org_rights & bit) != 0)
			json_put_text(&out, NULL, org_right_name((enum org_right)bit));
	json_close_list(&out);
	json_close(&out);
	r = buf_ok(&b) ? jwt_add_grants_json(jwt, buf_cstr(&b)) : -1;
	buf_release(&b);
	return (r);
}

/* Grants, and roles held without one: those of persons have no area. */
static int
claim_roles(jwt_t *jwt, const struct principal *p)
{
	struct json_out	 out;
	struct buf	 b;
	uint32_t	 bare = p->roles;
	size_t		 i, n = p->ngrants;
	int		 r;

	buf_init(&b, ROLES_MAX);
	json_out_init(&out, &b);
	json_open(&out, NULL);
	json_open_list(&out, "roles");
	for (i = 0; i < p->ngrants; i++) {
		put_role(&out, p->grants[i].role, p->grants[i].area);
		bare &= ~(uint32_t)p->grants[i].role;
	}
	for (i = 0; i < ROLES; i++)
		if ((bare & 1u << i) != 0 && n++ < PRINCIPAL_ROLES)
			put_role(&out, (enum role)(1 << i), "");
	json_close_list(&out);
	json_close(&out);
	r = n <= PRINCIPAL_ROLES && buf_ok(&b) ?
	    jwt_add_grants_json(jwt, buf_cstr(&b)) : -1;
	buf_release(&b);
	return (r);
}

static void
put_role(struct json_out *out, enum role role, const char *area)
{
	const char	*name = role_name(role);
	char		 text[64];

	if (name == NULL)
		return;
	snprintf(text, sizeof(text), "%s%s%s", name, area[0] == '\0' ? "" : "@", area);
	json_put_text(out, NULL, text);
}

static char *
service_mint(struct arena *a, const char *service)
{
	jwt_t	*jwt = NULL;
	char	*text = NULL, *sig = NULL;

	if (auth_issuer() != NULL && jwt_new(&jwt) == 0 &&
	    header_set(jwt, SERVICE_TYPE, "HS256", SERVICE_KID) == 0 &&
	    claims_common(jwt, SERVICE_AUDIENCE, SERVICE_TTL_S, "") == 0 &&
	    jwt_add_grant(jwt, "sub", service) == 0)
		text = signed_part(a, jwt);
	jwt_free(jwt);
	if (text != NULL)
		sig = auth_service_sign(a, text, strlen(text));
	return (sig == NULL ? NULL : arena_printf(a, "%s.%s", text, sig));
}

static int
header_set(jwt_t *jwt, const char *typ, const char *alg, const char *kid)
{
	if (jwt_add_header(jwt, "typ", typ) != 0 || jwt_add_header(jwt, "alg", alg) != 0 ||
	    jwt_add_header(jwt, "kid", kid) != 0)
		return (-1);
	return (0);
}

/* Header and claims in base64url, a dot between them. */
static char *
signed_part(struct arena *a, jwt_t *jwt)
{
	char	*head = jwt_get_headers_json(jwt, NULL);
	char	*claims = jwt_get_grants_json(jwt, NULL);
	char	*text = NULL;

	if (head != NULL && claims != NULL)
		text = arena_printf(a, "%s.%s", base64url_encode(a, head, strlen(head)),
		    base64url_encode(a, claims, strlen(claims)));
	free(head);
	free(claims);
	return (text);
}

/* The service's place, or the one whose token is oldest. */
static struct kept_token *
kept_for(const char *service)
{
	struct kept_token	*oldest = &kept[0];
	size_t			 i;

	for (i = 0; i < KEPT; i++) {
		if (strcmp(kept[i].service, service) == 0)
			return (&kept[i]);
		if (kept[i].until_us < oldest->until_us)
			oldest = &kept[i];
	}
	return (oldest);
}
