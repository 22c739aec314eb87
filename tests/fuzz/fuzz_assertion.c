/*
 * fuzz_assertion.c -- any bytes as a client's assertion against its key set,
 * or as the key set itself. Nothing is accepted that its key did not sign, and
 * no set with a private part.
 */
#include "fuzz.h"
#include "auth/assertion.h"

static const char	*key_set(void);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const struct json	*claims;
	struct arena		 arena;
	const char		*set = key_set();
	char			*text = copy_of((const char *)bytes, len);

	arena_init(&arena);
	MUST(auth_assertion_check(&arena, set, strlen(set), text, len, &claims) != AUTH_OK);
	MUST(claims == NULL);
	(void)auth_assertion_claims(&arena, text, len);
	if (auth_jwks_sound(&arena, text, len))
		MUST(memmem(text, len, "\"keys\"", 6) != NULL || memchr(text, '\\', len) != NULL);
	/* A set that nobody can sign with accepts nothing either. */
	MUST(auth_assertion_check(&arena, text, len, "e30.e30.AAAA", 12, &claims) != AUTH_OK);
	arena_release(&arena);
	free(text);
	return (0);
}

/* Of a key drawn once and thrown away. */
static const char *
key_set(void)
{
	static char	 set[1024];
	struct mint_key	 k;
	struct arena	 a;
	char		 pem[MINT_PEM_MAX];

	if (set[0] != '\0')
		return (set);
	arena_init(&a);
	MUST(mint_generate("ES256", pem));
	MUST(mint_describe(&a, pem, strlen(pem), &k) == 0);
	MUST((size_t)snprintf(set, sizeof(set), "{\"keys\":[%s]}", k.jwk) < sizeof(set));
	MUST(auth_jwks_sound(&a, set, strlen(set)));
	arena_release(&a);
	return (set);
}
