/*
 * auth_priv.h -- what the files of auth share: the keys, the cache of verified
 * tokens, and the reading of claims.
 */
#ifndef YJY_AUTH_PRIV_H
#define YJY_AUTH_PRIV_H

#include "auth/auth.h"
#include "crypt/crypt.h"
#include "json/json.h"

#define TOKEN_MAX	8192			/* bytes of a token */
#define LIFETIME_MAX_S	(24 * 3600)		/* of any token we accept */
#define SKEW_S		30			/* clocks of two machines */
#define US		INT64_C(1000000)

#define SERVICE_TYPE	"svc+jwt"
#define SERVICE_KID	"svc"
#define SERVICE_AUDIENCE "internal"
#define SERVICE_TTL_S	60

enum token_alg { TOKEN_RS256, TOKEN_ES256, TOKEN_HS256 };

/* ---- auth_check.c: set by auth_init() ---- */
const char	*auth_issuer(void);		/* NULL before auth_init() */
const char	*auth_audience(void);

/* ---- auth_keys.c ---- */
#define KID_MAX		64

struct auth_key;
struct key_set;
/* A set beside the current one, in the arena; NULL: not sound. */
const struct key_set *auth_key_set_read(struct arena *, const char *jwks, size_t);
/* `kid` NULL: the only one. */
const struct auth_key *auth_key_in(const struct key_set *, const char *kid);
const struct auth_key *auth_key_find(const char *kid);
bool		 auth_key_is(const struct auth_key *, enum token_alg);
bool		 auth_key_verify(const struct auth_key *, const void *, size_t,
		    const uint8_t *sig, size_t sig_len);
void		 auth_service_key_set(const void *, size_t);
bool		 auth_service_verify(const void *, size_t, const uint8_t *sig, size_t sig_len);
/* The third part of a service token; NULL: no service key. */
char		*auth_service_sign(struct arena *, const char *text, size_t len);

/* ---- auth_claims.c ---- */
/* Judges what needs no signature; *exp_s is set when AUTH_OK. */
enum auth_result auth_claims_judge(const struct json *, bool service, int64_t now_s,
		    int64_t *exp_s) MUST_CHECK;
/* Who it is; AUTH_FORGED when the claims claim what no token of ours may. */
enum auth_result auth_claims_principal(const struct json *, bool service,
		    struct principal *) MUST_CHECK;

/* ---- auth_cache.c ---- */
#define TOKEN_LEAST	32		/* bytes; a shorter text is no token */

/* False: not held, or no longer. A forgotten token is not held either. */
bool		 auth_cache_find(const char *token, size_t len, int64_t now_us,
		    struct principal *) MUST_CHECK;
void		 auth_cache_store(const char *token, size_t len, const struct principal *);
void		 auth_cache_clear(void);

/* ---- auth_revoke.c ---- */
bool		 auth_revoked(const struct principal *, int64_t now_us);
uint32_t	 auth_revocations(void);	/* moves whenever one is added */

/* ---- auth_signer.c: the private key of mint_init() ---- */
const char	*auth_signer_kid(void);		/* NULL: no key */
const char	*auth_signer_alg(void);		/* as in a token's header */
/* The third part of a token; NULL: OpenSSL refused. */
char		*auth_signer_sign(struct arena *, const char *text, size_t len);

/* ---- auth_mint.c ---- */
void		 auth_mint_forget(void);		/* issuer or service key changed */

#endif
