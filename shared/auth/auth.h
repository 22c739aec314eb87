/*
 * auth.h -- who is calling: access tokens (RFC 9068) and service tokens.
 *
 * auth_check() takes the bearer token and yields a principal or a reason. It
 * splits and decodes strictly, the key found by `kid` fixes the algorithm
 * (RS256 or ES256 for access tokens, HS256 only for our own service key),
 * `typ`, `iss`, `aud`, `exp`, `nbf` are judged before the signature, and a
 * bounded cache (the token itself, compared in full) remembers verified ones
 * until `exp` or revocation. libjwt is used only to mint (auth_mint.c).
 * No token may live longer than a day. All of it is for the loop's thread.
 *
 * Roles travel as `roles: ["first_review@431129", …]`; `person` is the bearer
 * being a natural person (`sub` is the person), `org` the organisation acted for,
 * `outlet` the clerk's outlet, `act.sub` the clerk who does it for the person
 * present, `sid` the session, `amr` has "mfa" after two factors.
 */
#ifndef YJY_AUTH_H
#define YJY_AUTH_H

#include "base/arena.h"
#include "base/id.h"
#include "codes/roles.h"

enum role_index {
#define ROLE_ROW(id, name, zh)	ROLE_INDEX_##id,
	ROLE_TABLE(ROLE_ROW)
#undef ROLE_ROW
	ROLES
};

enum role {
#define ROLE_ROW(id, name, zh)	ROLE_##id = 1 << ROLE_INDEX_##id,
	ROLE_TABLE(ROLE_ROW)
#undef ROLE_ROW
	ROLE_ANYONE = 1 << ROLES	/* no token needed */
};

#define ROLE_OFFICERS	(ROLE_CLERK | ROLE_FIRST_REVIEW | ROLE_RECHECK | ROLE_APPROVE | \
			 ROLE_FINANCE | ROLE_FISCAL | ROLE_AUDIT | ROLE_STATS)

/* Whom the platform serves: people, and those who act for an organisation. */
#define ROLE_SERVED	(ROLE_PERSON | ROLE_EMPLOYER | ROLE_PARTNER | ROLE_INSTITUTION | \
			 ROLE_CARRIER)

#define PRINCIPAL_ROLES	16

/* What a member may do for the organisation (claim org_rights). */
enum org_right {
	RIGHT_POST = 1, RIGHT_HIRE = 2, RIGHT_CLAIM = 4, RIGHT_ACCOUNT = 8, RIGHT_MANAGE = 16
};
#define RIGHTS_ALL	(RIGHT_POST | RIGHT_HIRE | RIGHT_CLAIM | RIGHT_ACCOUNT | RIGHT_MANAGE)

struct principal {
	struct uuid	 subject;	/* account (officer, agent) or person id */
	bool		 has_person, has_org;
	struct uuid	 person;
	struct uuid	 org;
	uint32_t	 org_rights;	/* enum org_right bits */
	char		 client[32];	/* client_id: "app", or a partner's */
	uint32_t	 roles;		/* enum role bits held anywhere */
	bool		 has_outlet, has_actor;
	struct uuid	 outlet;	/* the outlet this clerk works at */
	struct uuid	 actor;		/* the clerk at the keyboard, for `person` (RFC 8693 act) */
	bool		 strong;	/* signed in with two factors (amr "mfa", RFC 8176) */
	struct uuid	 session;	/* sid: the family of refresh tokens; nil: none */
	int64_t		 issued_us;	/* real time, to the millisecond for tokens of ours */
	int64_t		 expires_us;	/* real time */
	int64_t		 confirmed_us;	/* real time of the last auth_confirm(); 0: none */
	char		 token_id[UUID_TEXT];	/* jti */
	size_t		 ngrants;
	struct {
		enum role	role;
		char		area[13];	/* "431100" = the city */
	}		 grants[PRINCIPAL_ROLES];	/* last: only those used are copied */
};

enum auth_result {
	AUTH_OK,
	AUTH_MALFORMED,		/* not a token of ours at all */
	AUTH_UNKNOWN_KEY,	/* kid not in the set: caller may refetch once */
	AUTH_EXPIRED,
	AUTH_FORGED		/* signature, iss, aud, typ or alg wrong */
};

/* Without a service key (NULL) service tokens are neither made nor accepted. -1: an
 * empty issuer or audience, a key under 32 bytes. */
int		 auth_init(const char *issuer, const char *audience,
		    const void *service_key, size_t service_key_len) MUST_CHECK;
/* Replaces the verification keys by a JWKS document; -1 keeps the old set. */
int		 auth_set_jwks(const char *json, size_t len) MUST_CHECK;
bool		 auth_has_keys(void);
/* How many verified tokens are remembered, 0: none. Before the first check. */
void		 auth_remember(size_t most);
enum auth_result auth_check(const char *token, size_t len, struct principal *) MUST_CHECK;
/* Verified before and still good: auth_check() would say AUTH_OK at no cost. */
bool		 auth_remembered(const char *token, size_t len, struct principal *) MUST_CHECK;
/*
 * From now on every token is refused that has this id as its own, its session,
 * its subject or its actor, and was issued up to `until_us` (real time).
 */
void		 auth_revoke(const struct uuid *id, int64_t until_us);
/* Notes with a remembered token when it was last known to be alive. */
void		 auth_confirm(const char *token, size_t len, int64_t at_us);

/* Roles as text; 0 when unknown. */
enum role	 role_of(const char *name);
const char	*role_name(enum role);
const char	*role_label(enum role);		/* official Chinese */
enum org_right	 org_right_of(const char *name);	/* 0 when unknown */
const char	*org_right_name(enum org_right);
bool		 principal_has(const struct principal *, enum role, const char *area);

/* ---- minting (identity, and every service for itself) ---- */
struct mint {
	const struct principal	*who;
	int64_t			 ttl_s;
};

/* PEM private key, RSA (RS256) or P-256 (ES256); kid is its JWK thumbprint (RFC 7638). */
int		 mint_init(const void *pem, size_t len) MUST_CHECK;
/* NULL: no key, or nothing to mint: ttl_s beyond 1 s to a day, no client, ROLE_SERVICE.
 * The token's id is who->token_id when that is set, else a fresh one. */
char		*mint_access(struct arena *, const struct mint *);
char		*mint_jwks(struct arena *);				/* public set */
#define MINT_PEM_MAX	4096
/* A fresh private key, "RS256" or "ES256", as PEM. May run on a thread. */
bool		 mint_generate(const char *alg, char pem[MINT_PEM_MAX]) MUST_CHECK;

/* What the public may know of a private key. */
struct mint_key {
	const char	*kid;		/* thumbprint (RFC 7638) */
	const char	*alg;
	const char	*jwk;		/* with use, alg and kid */
};
int		 mint_describe(struct arena *, const void *pem, size_t len,
		    struct mint_key *) MUST_CHECK;
char		*mint_service(struct arena *, const char *service);	/* 60 s, HS256, aud "internal" */

#endif
