/*
 * auth_assertion.c -- checks a token against a key set that is not ours.
 */
#include <string.h>

#include "auth/assertion.h"
#include "auth/auth_priv.h"

#define SIGNATURE_MAX	1024

struct parts {
	const struct json	*head, *claims;
	uint8_t			*sig;
	size_t			 sig_len, signed_len;
};

static bool	parts_cut(struct arena *, const char *, size_t, struct parts *);
static const struct json *part_read(struct arena *, const char *, size_t);
static const struct auth_key *key_of(const struct key_set *, const struct json *);

enum auth_result
auth_assertion_check(struct arena *a, const char *jwks, size_t jwks_len, const char *token,
    size_t len, const struct json **claims)
{
	const struct key_set	*set = auth_key_set_read(a, jwks, jwks_len);
	const struct auth_key	*key;
	struct parts		 t;

	*claims = NULL;
	if (!parts_cut(a, token, len, &t))
		return (AUTH_MALFORMED);
	if (set == NULL || (key = key_of(set, t.head)) == NULL)
		return (AUTH_UNKNOWN_KEY);
	if (!auth_key_verify(key, token, t.signed_len, t.sig, t.sig_len))
		return (AUTH_FORGED);
	*claims = t.claims;
	return (AUTH_OK);
}

const struct json *
auth_assertion_claims(struct arena *a, const char *token, size_t len)
{
	struct parts	t;

	return (parts_cut(a, token, len, &t) ? t.claims : NULL);
}

bool
auth_jwks_sound(struct arena *a, const char *jwks, size_t len)
{
	static const char *const	secret[] = { "d", "p", "q", "dp", "dq", "qi", "k", "oth" };
	const struct json		*keys = json_get(json_parse(a, jwks, len), "keys");
	size_t				 i, j;

	for (i = 0; json_is_array(keys) && i < json_count(keys); i++)
		for (j = 0; j < NITEMS(secret); j++)
			if (json_get(json_at(keys, i), secret[j]) != NULL)
				return (false);
	return (auth_key_set_read(a, jwks, len) != NULL);
}

static bool
parts_cut(struct arena *a, const char *text, size_t len, struct parts *t)
{
	const char	*end = text + len, *one, *two;

	if (len == 0 || len > TOKEN_MAX || (one = memchr(text, '.', len)) == NULL ||
	    (two = memchr(one + 1, '.', (size_t)(end - one - 1))) == NULL)
		return (false);
	t->signed_len = (size_t)(two - text);
	t->head = part_read(a, text, (size_t)(one - text));
	t->claims = part_read(a, one + 1, (size_t)(two - one - 1));
	t->sig = base64url_decode(a, two + 1, (size_t)(end - two - 1), &t->sig_len);
	return (t->head != NULL && t->claims != NULL && t->sig != NULL &&
	    t->sig_len > 0 && t->sig_len <= SIGNATURE_MAX);
}

static const struct json *
part_read(struct arena *a, const char *text, size_t len)
{
	size_t			 n;
	const char		*bytes = base64url_decode(a, text, len, &n);
	const struct json	*j = bytes == NULL ? NULL : json_parse(a, bytes, n);

	return (json_is_object(j) ? j : NULL);
}

/* NULL: none of that name, or it is for another algorithm than the header says. */
static const struct auth_key *
key_of(const struct key_set *set, const struct json *head)
{
	const char		*typ = json_string(json_get(head, "typ"));
	const char		*alg = json_string(json_get(head, "alg"));
	const char		*kid = json_string(json_get(head, "kid"));
	const struct auth_key	*key;

	if (alg == NULL || json_get(head, "crit") != NULL ||
	    (json_get(head, "kid") != NULL && kid == NULL))
		return (NULL);
	if (json_get(head, "typ") != NULL && (typ == NULL || (strcasecmp(typ, "JWT") != 0 &&
	    strcmp(typ, "client-authentication+jwt") != 0)))
		return (NULL);
	if ((key = auth_key_in(set, kid)) == NULL)
		return (NULL);
	if (strcmp(alg, "RS256") == 0)
		return (auth_key_is(key, TOKEN_RS256) ? key : NULL);
	if (strcmp(alg, "ES256") == 0)
		return (auth_key_is(key, TOKEN_ES256) ? key : NULL);
	return (NULL);
}
