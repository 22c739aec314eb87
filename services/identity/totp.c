/*
 * totp.c -- RFC 6238 with HMAC-SHA-1, 30-second steps and six digits, one
 * step of grace to each side. Real time: a sandbox does not move it.
 */
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "totp.h"
#include "crypt/crypt.h"

#define STEP_S	30

static uint32_t	totp_at(const void *, size_t, int64_t);

int64_t
totp_match(const void *secret, size_t len, const char *code, int64_t now_s)
{
	char	want[12];
	int64_t	step;

	if (strlen(code) != 6)
		return (0);
	for (step = now_s / STEP_S - 1; step <= now_s / STEP_S + 1; step++) {
		(void)snprintf(want, sizeof(want), "%06u", totp_at(secret, len, step));
		if (equal_in_constant_time(want, code, 6))
			return (step);
	}
	return (0);
}

/* The issuer 永就业365, percent-encoded; a login needs no escapes. */
char *
totp_uri(struct arena *a, const char *login, const void *secret, size_t len)
{
	static const char	issuer[] = "%E6%B0%B8%E5%B0%B1%E4%B8%9A365";

	return (arena_printf(a, "otpauth://totp/%s:%s?secret=%s&issuer=%s&algorithm=SHA1"
	    "&digits=6&period=%d", issuer, login, base32_encode(a, secret, len), issuer, STEP_S));
}

char *
base32_encode(struct arena *a, const void *data, size_t len)
{
	static const char	 alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	const uint8_t		*p = data;
	char			*text = arena_alloc(a, len * 8 / 5 + 2), *to = text;
	uint32_t		 bits = 0, held = 0;
	size_t			 i;

	for (i = 0; i < len; i++) {
		bits = (bits << 8 | p[i]) & 0xfff;
		for (held += 8; held >= 5; held -= 5)
			*to++ = alphabet[bits >> (held - 5) & 31];
	}
	if (held > 0)
		*to++ = alphabet[bits << (5 - held) & 31];
	*to = '\0';
	return (text);
}

static uint32_t
totp_at(const void *secret, size_t len, int64_t step)
{
	uint8_t		msg[8], mac[EVP_MAX_MD_SIZE];
	unsigned int	mac_len = 0;
	int		i;

	for (i = 7; i >= 0; i--, step >>= 8)
		msg[i] = (uint8_t)step;
	if (HMAC(EVP_sha1(), secret, (int)len, msg, sizeof(msg), mac, &mac_len) == NULL)
		return (1000000);	/* seven digits match nothing */
	return (hmac_digits(mac, mac_len));
}
