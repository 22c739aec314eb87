/*
 * fuzz_token.c -- any bytes as a bearer token, and any bytes as the header and
 * claims of a token that is truly signed, so that what lies behind the
 * signature is reached too. Nothing unsigned is ever accepted; what is
 * accepted is a principal within its bounds and never a service.
 *
 * In claims, @0 is now and @1 ten minutes later, in seconds.
 */
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>

#include "fuzz.h"
#include "auth/auth.h"
#include "base/buf.h"
#include "base/clock.h"
#include "crypt/crypt.h"
#include "json/json.h"

#define SERVICE_KEY	"0123456789abcdef0123456789abcdef"

static void	start(struct arena *);
static char	*signed_token(struct arena *, const char *, size_t);
static char	*part_of(struct arena *, const char *, size_t);
static char	*signature(struct arena *, const char *);
static void	principal_is_bounded(const struct principal *);

static EVP_PKEY	*pkey;

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const char		*data = (const char *)bytes;
	struct principal	 p;
	struct arena		 arena;
	char			*token;
	enum auth_result	 r;

	if (len < 1)
		return (0);
	arena_init(&arena);
	start(&arena);
	if (data[0] != 's') {
		token = copy_of(data, len);
		MUST(auth_check(token, len, &p) != AUTH_OK);
		free(token);
	} else {
		token = signed_token(&arena, data + 1, len - 1);
		r = auth_check(token, strlen(token), &p);
		if (r == AUTH_OK)
			principal_is_bounded(&p);
		else
			MUST(p.roles == 0 && p.ngrants == 0);
	}
	arena_release(&arena);
	return (0);
}

/* Also proves that a sound token is accepted: else nothing here could be broken. */
static void
start(struct arena *a)
{
	static const char	 whole[] = "{\"typ\":\"at+jwt\",\"alg\":\"ES256\",\"kid\":\"k\"}\n"
	    "{\"iss\":\"https://issuer.test\",\"aud\":\"yjy365\",\"iat\":@0,\"exp\":@1,"
	    "\"sub\":\"0190a000-0000-7000-8000-000000000001\",\"client_id\":\"app\","
	    "\"jti\":\"0190a000-0000-7000-8000-000000000003\",\"roles\":[\"person\"]}";
	struct principal	 p;
	uint8_t			 point[65];
	size_t			 n;
	char			*set, *good;

	if (pkey != NULL)
		return;
	pkey = EVP_EC_gen("P-256");
	MUST(pkey != NULL);
	MUST(EVP_PKEY_get_octet_string_param(pkey, OSSL_PKEY_PARAM_PUB_KEY, point,
	    sizeof(point), &n) == 1 && n == sizeof(point));
	set = arena_printf(a, "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"use\":\"sig\","
	    "\"alg\":\"ES256\",\"kid\":\"k\",\"x\":\"%s\",\"y\":\"%s\"}]}",
	    base64url_encode(a, point + 1, 32), base64url_encode(a, point + 33, 32));
	MUST(auth_init("https://issuer.test", "yjy365", SERVICE_KEY, strlen(SERVICE_KEY)) == 0);
	MUST(auth_set_jwks(set, strlen(set)) == 0);
	good = signed_token(a, whole, strlen(whole));
	MUST(auth_check(good, strlen(good), &p) == AUTH_OK);
}

/* Header and claims, a line feed between them, under a good signature. */
static char *
signed_token(struct arena *a, const char *text, size_t len)
{
	const char	*cut = memchr(text, '\n', len);
	size_t		 head = cut == NULL ? len : (size_t)(cut - text);
	char		*both;

	both = arena_printf(a, "%s.%s", part_of(a, text, head),
	    part_of(a, text + head, cut == NULL ? 0 : len - head));
	return (arena_printf(a, "%s.%s", both, signature(a, both)));
}

static char *
part_of(struct arena *a, const char *text, size_t len)
{
	struct buf	 b;
	char		*out;
	size_t		 i;

	buf_init(&b, 1 << 20);
	for (i = 0; i < len; i++)
		if (text[i] == '@' && i + 1 < len && (text[i + 1] | 1) == '1') {
			buf_addf(&b, "%lld", (long long)(clock_real_us() / 1000000 +
			    (text[++i] == '1' ? 600 : 0)));
		} else
			buf_add(&b, &text[i], 1);
	out = base64url_encode(a, b.data, b.len);
	buf_release(&b);
	return (out);
}

static char *
signature(struct arena *a, const char *text)
{
	EVP_MD_CTX	*ctx = EVP_MD_CTX_new();
	uint8_t		 der[80], raw[64];
	const uint8_t	*p = der;
	size_t		 n = sizeof(der);
	ECDSA_SIG	*sig;

	MUST(EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, pkey) == 1);
	MUST(EVP_DigestSign(ctx, der, &n, (const uint8_t *)text, strlen(text)) == 1);
	EVP_MD_CTX_free(ctx);
	MUST((sig = d2i_ECDSA_SIG(NULL, &p, (long)n)) != NULL);
	MUST(BN_bn2binpad(ECDSA_SIG_get0_r(sig), raw, 32) == 32);
	MUST(BN_bn2binpad(ECDSA_SIG_get0_s(sig), raw + 32, 32) == 32);
	ECDSA_SIG_free(sig);
	return (base64url_encode(a, raw, sizeof(raw)));
}

static void
principal_is_bounded(const struct principal *p)
{
	size_t	i;

	MUST((p->roles & ROLE_SERVICE) == 0);
	MUST(p->ngrants <= PRINCIPAL_ROLES);
	MUST(p->client[0] != '\0' && memchr(p->client, '\0', sizeof(p->client)) != NULL);
	MUST(!uuid_is_nil(&p->subject));
	MUST(!p->has_person || !uuid_is_nil(&p->person));
	MUST(!p->has_org || !uuid_is_nil(&p->org));
	MUST(!p->has_actor || !uuid_is_nil(&p->actor));
	MUST(p->expires_us > clock_real_us() - 5000000);
	MUST(strlen(p->token_id) == UUID_TEXT - 1);
	for (i = 0; i < p->ngrants; i++) {
		MUST((p->grants[i].role & p->roles) != 0);
		MUST(strlen(p->grants[i].area) < sizeof(p->grants[i].area));
	}
}
