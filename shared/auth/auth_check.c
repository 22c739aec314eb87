/*
 * auth_check.c -- from a bearer token to a principal, or a reason.
 *
 * The token decides nothing about how it is checked: the header only names a
 * key, the key fixes the algorithm, and `alg` must agree with it. No key, URL
 * or certificate is ever taken from a token. Order: size, cache, form, header,
 * claims, key, signature, principal, revocation.
 *
 * Used from the loop's thread only; the arena is cleared by every call.
 */
#include <stdlib.h>
#include <string.h>

#include "auth/auth_priv.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"

#define SERVICE_KEY_LEAST	32
#define SIGNATURE_MAX		1024

struct token {
	const char		*text;
	size_t			 len;
	size_t			 head_len;	/* up to the first dot */
	size_t			 signed_len;	/* up to the second */
	const struct json	*head, *claims;
	uint8_t			*sig;
	size_t			 sig_len;
	bool			 service;	/* one service speaks to another */
	enum token_alg		 alg;
	const char		*kid;
	int64_t			 exp_s;
};

enum counted { COUNTED_HIT = AUTH_FORGED + 1, COUNTED };

static enum auth_result	 token_check(struct token *, int64_t, struct principal *);
static enum auth_result	 token_split(struct token *);
static const struct json *token_part(const char *, size_t);
static enum auth_result	 token_header(struct token *);
static bool		 token_kind(struct token *, const char *, const char *);
static enum auth_result	 token_verify(const struct token *);
static void		 counters_register(void);

static char		*issuer, *audience;
static struct arena	 arena;

#define COUNTER(result) { .name = "yjy_auth_checks_total", .kind = METRIC_COUNTER, \
	.help = "Bearer tokens checked, by result", .labels = "result=\"" result "\"" }
static struct metric	 counters[COUNTED] = {
	[AUTH_OK] = COUNTER("verified"),
	[AUTH_MALFORMED] = COUNTER("malformed"),
	[AUTH_UNKNOWN_KEY] = COUNTER("unknown_key"),
	[AUTH_EXPIRED] = COUNTER("expired"),
	[AUTH_FORGED] = COUNTER("forged"),
	[COUNTED_HIT] = COUNTER("remembered"),
};

/* No service key: service tokens are neither made nor accepted. */
int
auth_init(const char *iss, const char *aud, const void *key, size_t key_len)
{
	if (iss == NULL || iss[0] == '\0' || aud == NULL || aud[0] == '\0' ||
	    strcmp(aud, SERVICE_AUDIENCE) == 0)
		return (-1);
	if (key != NULL && key_len < SERVICE_KEY_LEAST)
		return (-1);
	counters_register();
	auth_cache_clear();
	free(issuer);
	free(audience);
	issuer = strdup(iss);
	audience = strdup(aud);
	if (issuer == NULL || audience == NULL)
		log_die("auth: out of memory");
	auth_service_key_set(key, key_len);
	auth_mint_forget();
	/* Seeds jansson's hash from our random bytes before libjwt makes objects. */
	return (json_parse(&arena, "{}", 2) == NULL ? -1 : 0);
}

bool
auth_remembered(const char *text, size_t len, struct principal *p)
{
	if (issuer == NULL || len < TOKEN_LEAST || len > TOKEN_MAX ||
	    !auth_cache_find(text, len, clock_real_us(), p))
		return (false);
	metric_add(&counters[COUNTED_HIT], 1);
	return (true);
}

enum auth_result
auth_check(const char *text, size_t len, struct principal *p)
{
	struct token		 t = { .text = text, .len = len };
	int64_t			 now_us = clock_real_us();
	enum auth_result	 r;

	if (issuer == NULL || len < TOKEN_LEAST || len > TOKEN_MAX) {
		metric_add(&counters[AUTH_MALFORMED], 1);
		return (AUTH_MALFORMED);
	}
	if (auth_remembered(text, len, p))
		return (AUTH_OK);
	r = token_check(&t, now_us, p);
	if (r == AUTH_OK)
		auth_cache_store(text, len, p);
	else
		memset(p, 0, sizeof(*p));
	arena_clear(&arena);
	metric_add(&counters[r], 1);
	return (r);
}

const char *
auth_issuer(void)
{
	return (issuer);
}

const char *
auth_audience(void)
{
	return (audience);
}

static enum auth_result
token_check(struct token *t, int64_t now_us, struct principal *p)
{
	enum auth_result	 r;

	if ((r = token_split(t)) != AUTH_OK ||
	    (r = token_header(t)) != AUTH_OK ||
	    (r = auth_claims_judge(t->claims, t->service, now_us / US, &t->exp_s)) != AUTH_OK ||
	    (r = token_verify(t)) != AUTH_OK ||
	    (r = auth_claims_principal(t->claims, t->service, p)) != AUTH_OK)
		return (r);
	p->expires_us = t->exp_s * US;
	return (auth_revoked(p, now_us) ? AUTH_FORGED : AUTH_OK);
}

/* Three parts, each strict base64url; the first two are JSON objects. */
static enum auth_result
token_split(struct token *t)
{
	const char	*end = t->text + t->len, *one, *two;

	one = memchr(t->text, '.', t->len);
	two = one == NULL ? NULL : memchr(one + 1, '.', (size_t)(end - one - 1));
	if (two == NULL)
		return (AUTH_MALFORMED);
	t->head_len = (size_t)(one - t->text);
	t->signed_len = (size_t)(two - t->text);
	t->head = token_part(t->text, t->head_len);
	t->claims = token_part(one + 1, (size_t)(two - one - 1));
	/* A third dot is not in the alphabet. */
	t->sig = base64url_decode(&arena, two + 1, (size_t)(end - two - 1), &t->sig_len);
	if (t->head == NULL || t->claims == NULL || t->sig == NULL ||
	    t->sig_len > SIGNATURE_MAX)
		return (AUTH_MALFORMED);
	return (AUTH_OK);
}

static const struct json *
token_part(const char *text, size_t len)
{
	size_t			 n;
	const char		*bytes = base64url_decode(&arena, text, len, &n);
	const struct json	*j;

	if (bytes == NULL || (j = json_parse(&arena, bytes, n)) == NULL ||
	    !json_is_object(j))
		return (NULL);
	return (j);
}

static enum auth_result
token_header(struct token *t)
{
	const char	*typ = json_string(json_get(t->head, "typ"));
	const char	*alg = json_string(json_get(t->head, "alg"));

	t->kid = json_string(json_get(t->head, "kid"));
	/* We understand no extension, so none may be critical (RFC 7515). */
	if (typ == NULL || alg == NULL || json_get(t->head, "crit") != NULL)
		return (AUTH_FORGED);
	if (t->kid == NULL || t->kid[0] == '\0' || strlen(t->kid) >= KID_MAX)
		return (AUTH_MALFORMED);
	return (token_kind(t, typ, alg) ? AUTH_OK : AUTH_FORGED);
}

/* Only these pairs of type and algorithm exist; anything else is refused. */
static bool
token_kind(struct token *t, const char *typ, const char *alg)
{
	if (strcmp(typ, SERVICE_TYPE) == 0) {
		t->service = true;
		t->alg = TOKEN_HS256;
		return (strcmp(alg, "HS256") == 0 && strcmp(t->kid, SERVICE_KID) == 0);
	}
	if (strcmp(typ, "at+jwt") != 0 && strcmp(typ, "application/at+jwt") != 0)
		return (false);
	t->alg = strcmp(alg, "ES256") == 0 ? TOKEN_ES256 : TOKEN_RS256;
	return (t->alg == TOKEN_ES256 || strcmp(alg, "RS256") == 0);
}

static enum auth_result
token_verify(const struct token *t)
{
	const struct auth_key	*key;
	bool			 good;

	if (t->service)
		good = auth_service_verify(t->text, t->signed_len, t->sig, t->sig_len);
	else {
		if ((key = auth_key_find(t->kid)) == NULL)
			return (AUTH_UNKNOWN_KEY);
		good = auth_key_is(key, t->alg) &&
		    auth_key_verify(key, t->text, t->signed_len, t->sig, t->sig_len);
	}
	return (good ? AUTH_OK : AUTH_FORGED);
}

static void
counters_register(void)
{
	static bool	 done;
	size_t		 i;

	for (i = 0; i < COUNTED && !done; i++)
		metric_register(&counters[i]);
	done = true;
}
